"""Pieces that several pages are built from; their text comes from `words`, their figures from `drawings`."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitDuplicateElementKey

from leadline.dashboard.drawings.divergence import divergence_chart
from leadline.dashboard.drawings.divergence_scene import describe
from leadline.dashboard.service.access import ACT_WORDS, Act, able
from leadline.dashboard.views import access, caches, table_style
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import glossary, review_card, tables
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.findings import source_note
from leadline.dashboard.words.formats import day, day_span, listed, one_line
from leadline.dashboard.words.glossary import Term
from leadline.dashboard.words.levels import Effect
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.review_card import Figure
from leadline.dashboard.words.sources import late_sentence
from leadline.dashboard.words.verdicts import display_name, freshness_sentence
from leadline.data.templates import kind_words
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.findings import SourceBehind
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.verdicts import Verdict

WEEKLY_REVIEW = "views/weekly/page.py"
UPLOAD = "views/upload/page.py"
WORKFLOW = "views/workflow/page.py"
ALERTS = "views/alerts/page.py"
CHARTERS = "views/charters/page.py"
DECISIONS = "views/decisions/page.py"
SOURCES = "views/sources/page.py"
MINE = "views/mine/page.py"
INTENT = "views/intent/page.py"
GLOSSARY = "views/glossary/page.py"
OUTPUTS = "views/reviewing/page.py"


def chart_config() -> dict[str, Any]:
    """Plotly's settings for every chart: no toolbar, and months and marks of the workspace's locale."""
    return {"displayModeBar": False, "responsive": True, "scrollZoom": False, **current().plotly()}


def heading(words: str, review: Review | None) -> None:
    """Where we are, which week this is and how fresh the data are, in small; None: the review is being made."""
    if review is None:
        quiet(f"**{words}** · The review is being made; a decision need not wait for it.")
        return
    if not has_data(review):
        quiet(f"**{words}** · as of {day(review.as_of)} · No data landed yet.")
        return
    last = review.complete_through
    week = f"week of {day_span(last - dt.timedelta(days=6), last)}, the last complete one as of {day(review.as_of)}"
    quiet(f"**{words}** · {week} · {escape_markdown(freshness_sentence(review.data))}")


_PILL = tuple[Literal["green", "red", "gray"], Literal["up", "down", "off"]]
_PILLS: dict[Effect, _PILL] = {
    "better": ("green", "up"),
    "worse": ("red", "down"),
}
_NO_PILL: _PILL = ("gray", "off")


def figures(found: Sequence[Figure]) -> None:
    """Beside each other as far as there is room for whole numbers, each with what it was."""
    row = st.container(horizontal=True, gap="medium")
    for figure in found:
        colour, arrow = _PILLS.get(figure.effect, _NO_PILL)
        with row.container(width="content", gap=None):
            st.metric(
                escape_markdown(figure.label),
                figure.value,
                escape_markdown(figure.told) or None,
                delta_color=colour,
                delta_arrow=arrow,
                width="content",
                height=86,
            )
            if figure.span:
                quiet(escape_markdown(figure.span))


def link(page: str, words: str, **query: str) -> None:
    """A link to a page at a place of it."""
    st.page_link(
        page,
        label=words,
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=query,
        width="content",
    )


def divergence(workflow: WorkflowReview, catalog: Mapping[str, Metric], mode: str) -> None:
    """The divergence chart of the deciding pair, small, with its description for those who can't see it."""
    pair = workflow.lead_pair
    if pair is None:
        quiet("No pair of a proxy and an outcome is agreed in the charter.")
        return
    figure = caches.figure_of(
        workflow,
        ("divergence", mode),
        lambda: divergence_chart(workflow, pair, mode, compact=True, catalog=catalog),
    )
    chart(figure, f"divergence {workflow.workflow}", describe(workflow, pair, catalog))


def chart(figure: go.Figure, key: str, alt: str) -> None:
    """A figure in our own colours; `alt` says what it shows."""
    st.plotly_chart(figure, theme=None, config=chart_config(), key=key, alt=alt)


def beside_the_review(review: Review) -> None:
    """What a reader must know beside the cards: workflows without a charter, sources that are not fresh."""
    if review.uncharted:
        names = listed([f"“{one_line(name)}”" for name in review.uncharted])
        have = "has" if len(review.uncharted) == 1 else "have"
        quiet(f"○ {escape_markdown(names)} {have} rows but no charter yet, so nothing is judged there.")
    if late := late_sentence(review):
        quiet(escape_markdown(f"◌ {late}"))
    for source in review.data:
        is_told = source.state in ("fresh", "empty") or isinstance(source.note, SourceBehind)
        if not is_told and (note := source_note(source)):
            quiet(escape_markdown(f"{kind_words(source.source)}: {note}"))
    if empty := [one_line(kind_words(source.source)) for source in review.data if source.state == "empty"]:
        quiet(escape_markdown(f"○ Nothing landed yet of {listed(empty, 9)}."))


def quiet(words: str) -> None:
    """Small print. Not `st.caption`, whose grey is too faint for WCAG AA."""
    st.markdown(f":small[:gray[{words}]]")


def has_data(review: Review) -> bool:
    """Whether a row of any source has landed."""
    return any(source.newest is not None for source in review.data)


def how_to_begin(workspace: Workspace, review: Review) -> None:
    """The honest empty state: what is missing, and the next steps."""
    st.header("Nothing to judge yet. Three steps to the first review:", anchor=False)
    landed = [source for source in review.data if source.newest]
    first, second, third = (column.container(border=True, height="stretch") for column in st.columns(3))
    with first:
        st.markdown("##### 1 · Land your exports", anchors=False)
        if landed:
            newest = max(source.newest for source in landed if source.newest)
            names = escape_markdown(listed([kind_words(source.source) for source in landed]))
            st.markdown(f":green[●] {names} landed, newest row {day(newest)}.")
        else:
            st.markdown(
                "Leads and deals are enough for a first answer. CSV and Excel files whose headings are those of the "
                "templates land as they are; nothing is written before you have seen a preview."
            )
        st.page_link(UPLOAD, label="Upload exports", icon=":material/upload_file:")
    with second:
        st.markdown("##### 2 · Agree what to watch", anchors=False)
        if review.workflows:
            names = escape_markdown(listed([display_name(workflow) for workflow in review.workflows]))
            st.markdown(f":green[●] {names} {'has' if len(review.workflows) == 1 else 'have'} a charter.")
        else:
            st.markdown(
                "Write one charter a workflow: its owner, the day it was deployed, the proxies and outcomes to watch, "
                "and the rules that stop it."
            )
        words = "Look at the charters" if review.workflows else "Write a charter"
        st.page_link(CHARTERS, label=words, icon=":material/contract:")
        if not review.workflows:
            quiet("Or keep the file in this folder, and register it:")
            st.code(f"{workspace.charters}", language=None, wrap_lines=True)
            st.code("leadline charter charters/*.yaml", language=None, wrap_lines=True)
    with third:
        st.markdown("##### 3 · Read the review", anchors=False)
        st.markdown(
            "This page then says of every workflow whether its outcome still follows its proxy, and if not, since "
            "when. To see that first with sample data:"
        )
        st.code("leadline demo", language=None)


def table(rows: tables.Table, name: str, height: int | None = None) -> None:
    """A table to read; `name`: what screen readers call it."""
    st.html(f"<style>{table_style.css_of(rows, height)}</style>")
    with _container(table_style.key_of(rows, height)):
        st.table(frame(rows), border="horizontal", hide_index=True, height=height or "content", alt=name)


def _container(key: str) -> DeltaGenerator:
    """A container of a class that begins with `key`, which another on this page may have."""
    for at in itertools.count():
        with contextlib.suppress(StreamlitDuplicateElementKey):
            return st.container(key=f"{key}-{at}")
    raise AssertionError


def frame(rows: tables.Table) -> pd.DataFrame:
    """The table in its formats, as text. Headings and cells are escaped: Streamlit reads Markdown in them."""
    headings = [escape_markdown(heading) for heading in rows.headings]
    cells = pd.DataFrame(list(rows.rows), columns=pd.Index(headings), dtype="object")
    return cells.map(lambda cell: escape_markdown(tables.cell_text(cell))).astype("str")


def badge(verdict: Verdict) -> None:
    """A verdict as a badge that says what it means where somebody points at it."""
    st.markdown(review_card.badge(verdict), help=glossary.verdict_meaning(verdict), width="content")


def subheading(
    words: str, rows: tables.Table | None = None, stem: str = "", term: Term | None = None
) -> None:
    """A section's heading; its table, where it has rows, as CSV at the right. `term`: explained beside it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(words, anchor=False, width="content", help=glossary.meaning_of(term) if term else None)
        if rows is not None and rows.rows:
            csv_button(rows, stem)


def csv_button(rows: tables.Table, stem: str) -> None:
    """The table as CSV that no spreadsheet takes for formulas."""
    st.download_button(
        "CSV",
        lambda: tables.csv_text(rows).encode("utf-8-sig"),
        file_name=f"{file_stem(stem)}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"csv {stem}",
        help="This table as a file for a spreadsheet",
    )


def section(words: str, rows: tables.Table, stem: str, empty: str, *, height: int | None = None) -> None:
    """A heading, its table and its CSV; where there is nothing, a sentence that says so."""
    subheading(words, rows, stem)
    if rows.rows:
        table(rows, words, height=height)
    else:
        quiet(empty)


def may(page: Page, act: Act) -> bool:
    """Whether the reader may do this; where not, why, in small."""
    who = access.person(page.workspace)
    if who.may(act):
        return True
    if who.signed_in is False:
        quiet(f":material/lock: Sign in to {ACT_WORDS[act]}.")
    else:
        quiet(
            f":material/lock: Your role here, “{who.role}”, may not {ACT_WORDS[act]}; "
            f"ask somebody with the role {able(act)}."
        )
    return False


def name_field(page: Page, key: str) -> str:
    """Who does this: what the login says, or what somebody types, remembered for the next time."""
    who = access.person(page.workspace)
    if who.name:
        quiet(f"As **{escape_markdown(who.name)}**")
        return who.name
    field = f"name {key}"
    if not st.session_state.get(field):
        st.session_state[field] = st.session_state.get("my name", "")
    said = st.text_input(
        "Your name",
        max_chars=80,
        key=field,
        autocomplete="name",
        help="It stands in the ledger beside what you do.",
    )
    return str(said or "")


def remember_name(name: str) -> None:
    """Fills the next form's name field."""
    if name.strip():
        st.session_state["my name"] = name.strip()


def told_once(key: str, *, again: bool = False) -> None:
    """What the last click has done, said once after the page was drawn anew; `again`: it is drawn anew once more."""
    if words := st.session_state.get(key):
        if not again:
            del st.session_state[key]
        st.success(words, icon=":material/check:")


def file_stem(name: str) -> str:
    """A name that any file system takes."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:60] or "workflow"
