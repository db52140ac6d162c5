"""The next conversation for one coder: what the buyer said, and which agreed promise they named first."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.service import written_rows
from leadline.dashboard.service.written_rows import CODES, Row, Sheet
from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.reviewing import desk
from leadline.dashboard.views.reviewing.item import LONG, TALL
from leadline.dashboard.words import reviewing as words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.agreement.charter_versions import charter_history
from leadline.metrics.charter_terms import Charter
from leadline.metrics.reviewing.coding import Code, Note, coding, named_lately
from leadline.metrics.reviewing.draw import AGAIN, last_monday

_FIRST = "first"


def next_conversation(page: Page, charter: Charter) -> None:
    """The sentence for the week, what waits for whoever codes, and what buyers named lately."""
    today = page.workspace.today()
    sentence = st.container()
    me = desk.reviewer(page, CODES)
    notes = caches.notes_of(page.workspace, page.warehouse, charter, today)
    written = (
        Code(row["conversation_id"], row["coder"], row["first"])
        for row in written_rows.everybody(page.workspace, CODES)
    )
    waiting = coding(page.warehouse, charter, me, today, written, notes)
    with sentence:
        told = words.coding_sentence(waiting, last_monday(today))
        st.header(escape_markdown(told), anchor=False)
    if me:
        sheet = Sheet(page.workspace, CODES, charter.workflow, me)
        if note := desk.next_of(page, sheet, waiting.notes, lambda note: note.conversation_id):
            _coded(page, charter, sheet, note)
    named = named_lately(page.warehouse, charter, today)
    kit.section(
        "What buyers named first", words.named_table(named, charter), "leadline-named",
        "No conversation of this workflow has been coded in the last half year.",
    )  # fmt: skip
    if named.often:
        kit.quiet(escape_markdown(words.coders_sentence(named)))
    if named.corrected:
        kit.quiet(escape_markdown(words.corrected_sentence(named.corrected)))


def _coded(page: Page, charter: Charter, sheet: Sheet, note: Note) -> None:
    said = desk.said_of(note.conversation_id)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True, height=TALL if len(note.text) > LONG else "content"):
        st.text(note.text)
    with right:
        st.markdown("##### In their own words, what do they stand for?", anchors=False)
        for one in charter.positioning:
            st.markdown(f"**{escape_markdown(one.says)}**")
            for told in words.promise_examples(one):
                kit.quiet(escape_markdown(told))
    st.markdown("**Named first**")
    with st.container(horizontal=True):
        for marked, label, key in words.marks(charter):
            st.button(
                label,
                key=f"first {marked} {note.conversation_id}",
                on_click=said.__setitem__,
                args=(_FIRST, marked),
                type="primary" if said.get(_FIRST) == marked else "secondary",
                shortcut=key,
            )
    others = [one.id for one in charter.positioning if one.id != said.get(_FIRST)]
    names = {one.id: one.says for one in charter.positioning}
    also: list[str] = []
    if said.get(_FIRST) in names and others:
        also = st.pills(
            "Also named", others, selection_mode="multi", format_func=lambda one: escape_markdown(names[one]),
            key=f"also {note.conversation_id}",
        )  # fmt: skip
    desk.save_or_skip(
        page,
        sheet,
        note.conversation_id,
        lambda: _rows(page, sheet, note, said[_FIRST], also),
        ready=_FIRST in said,
    )


def _rows(page: Page, sheet: Sheet, note: Note, first: str, also: list[str]) -> list[Row]:
    versions = charter_history(page.warehouse, sheet.workflow)
    codebook = f"version {versions[-1].version}" if versions else ""
    return [
        {
            "conversation_id": note.conversation_id,
            "coded_at": written_rows.now(page.workspace),
            "coder": f"{sheet.who}{AGAIN if note.is_again else ''}",
            "asked": "no" if first == "not-asked" else "yes",
            "first": "" if first == "not-asked" else first,
            "others": "; ".join(one for one in also if one != first),
            "codebook": codebook,
            "workflow": sheet.workflow,
        }
    ]
