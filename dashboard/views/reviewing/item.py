"""The next output for one reviewer, its brief beside it, pass or fail on what was agreed."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.service import written_rows
from leadline.dashboard.service.written_rows import REVIEWS, Row, Sheet
from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.reviewing import desk
from leadline.dashboard.words import reviewing as words
from leadline.dashboard.words.formats import sentence_case
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.charter_terms import Charter
from leadline.metrics.outputs.briefs import brief_named
from leadline.metrics.reviewing.draw import last_monday
from leadline.metrics.reviewing.queue import Judgement, Task

TALL = 420
"""pixels, from which on an output's own words scroll"""
LONG = 1_500
"""letters that need so much"""


def next_output(page: Page, charter: Charter) -> None:
    """The sentence for the week, and what waits for whoever looks."""
    agreed = charter.reviewing
    if agreed is None:
        return
    today = page.workspace.today()
    sentence = st.container()
    me = desk.reviewer(page, REVIEWS)
    drawn = caches.outputs_of(page.workspace, page.warehouse, charter, agreed, today)
    written = (
        Judgement(row["item_id"], row["reviewer"], row["dimension"], row["passed"] == "yes")
        for row in written_rows.everybody(page.workspace, REVIEWS)
    )
    waiting = drawn.queue(me, written)
    with sentence:
        told = words.progress_sentence(waiting, last_monday(today))
        st.header(escape_markdown(told), anchor=False)
    if not me:
        return
    sheet = Sheet(page.workspace, REVIEWS, charter.workflow, me)
    if task := desk.next_of(page, sheet, waiting.tasks, lambda task: task.output.item_id):
        _judged(page, sheet, task)


def _judged(page: Page, sheet: Sheet, task: Task) -> None:
    output = task.output
    said = desk.said_of(output.item_id)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True):
        _shown(task)
    with right:
        _brief(page, output.brief_id)
    for place, dimension in enumerate(task.dimensions, 1):
        _dimension(output.item_id, place, dimension, said)
    is_ready = len(said) == len(task.dimensions)
    desk.save_or_skip(page, sheet, output.item_id, lambda: _rows(page, sheet, task, said), ready=is_ready)


def _shown(task: Task) -> None:
    """The output as it is; what is not text of ours is shown as such."""
    output = task.output
    st.subheader(escape_markdown(words.output_title(output)), anchor=False)
    kit.quiet(escape_markdown(words.output_line(output)))
    if output.text:
        with st.container(height=TALL if len(output.text) > LONG else "content", border=False):
            st.text(output.text)
    if output.link:
        if host := words.link_host(output.link):
            st.link_button(escape_markdown(f"Open at {host}"), output.link, icon=":material/open_in_new:")
        st.code(output.link, language=None, wrap_lines=True)
    if not output.text and not output.link:
        kit.quiet("Neither text nor link of it has landed; look it up by its identity.")


def _brief(page: Page, brief_id: str) -> None:
    st.markdown("##### What it was asked to be", anchors=False)
    if not brief_id:
        kit.quiet("It names no brief.")
        return
    brief = brief_named(page.warehouse, brief_id)
    if brief is None:
        kit.quiet(escape_markdown(f"Its brief “{brief_id}” has not landed."))
        return
    for label, told in words.brief_facts(brief):
        st.markdown(f"**{label}** {escape_markdown(told)}")


def _dimension(item_id: str, place: int, dimension: str, said: dict[str, str]) -> None:
    """Pass by its number, fail by Shift and its number; a reason where it fails."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(sentence_case(dimension))}**", width=180)
        for answer, label, key in (("yes", "Pass", f"{place}"), ("no", "Fail", f"Shift+{place}")):
            st.button(
                label,
                key=f"{label} {item_id} {dimension}",
                on_click=said.__setitem__,
                args=(dimension, answer),
                type="primary" if said.get(dimension) == answer else "secondary",
                shortcut=key,
            )
        if said.get(dimension) == "no":
            st.text_input(
                "Why",
                key=_reason_key(item_id, dimension),
                max_chars=400,
                placeholder=f"Why it fails on {dimension}",
                label_visibility="collapsed",
            )


def _reason_key(item_id: str, dimension: str) -> str:
    return f"why {item_id} {dimension}"


def _rows(page: Page, sheet: Sheet, task: Task, said: dict[str, str]) -> list[Row]:
    item, at = task.output.item_id, written_rows.now(page.workspace)
    return [
        {
            "item_id": item,
            "reviewed_at": at,
            "reviewer": sheet.who,
            "dimension": name,
            "passed": said[name],
            "reason": str(st.session_state.get(_reason_key(item, name)) or "") if said[name] == "no" else "",
            "workflow": sheet.workflow,
        }
        for name in task.dimensions
    ]
