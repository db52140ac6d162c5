"""The columns of a file beside what they become, and a form that corrects it. What it says is remembered by landing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.upload.taught_columns import (
    Lesson,
    WorkflowRule,
    asks_for_columns,
    mapping_of,
    missing,
    proposed,
    segments_before,
    taught_before,
)
from leadline.dashboard.words.formats import listed, one_line
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.previews import column_words, columns_sentence, columns_table
from leadline.data.exports.landing_report import ColumnMatch, FileReport
from leadline.data.templates import Column, Template, kind_words, templates

Look = Callable[[str], FileReport]
"""a template's name -> the file as it looks when its rows are of that kind"""
_WIDTH = 4
HELPERS = (
    "event", "event_at", "first_response_minutes", "first_response_hours", "first_response_seconds",
)  # fmt: skip
"""columns that are read to make others, and that people choose"""
_BY_COLUMN, _ONE, _BY_WORDS = "as a column says", "one for all rows", "by the words of a column"


def lesson_of(key: str) -> dict[str, Any] | None:
    """The mapping that somebody made for this file, if anybody did."""
    found: dict[str, Any] | None = st.session_state.get(f"lesson {key}")
    return found


def columns_of(page: Page, key: str, report: FileReport, look: Look) -> None:
    """What each column becomes; the form opens by itself where the file can't land without it."""
    if not report.columns:
        return
    asked = asks_for_columns([report.code, *(question.code for question in report.questions)])
    words = (
        "Say what its columns are"
        if asked
        else columns_sentence(report.columns) + (" · corrected by you" if lesson_of(key) else "")
    )
    with st.expander(words, icon=":material/view_column:", expanded=asked):
        if not asked:
            kit.table(columns_table(report.columns), "Columns of the file")
            if not st.toggle("Correct the columns", key=f"correct {key}"):
                return
        _form(page, key, report, look)


def _form(page: Page, key: str, report: FileReport, look: Look) -> None:
    begin = report.template or (report.suggestion or {}).get("template")
    kinds = tuple(templates())
    kind = st.selectbox(
        "A row of this file is one of",
        kinds,
        index=kinds.index(begin) if begin in kinds else None,
        format_func=kind_words,
        key=f"kind {key}",
    )
    if kind is None:
        kit.quiet("Choose what a row is; then its columns can be told apart.")
        return
    template = templates()[kind]
    columns = report.columns if kind == begin else look(kind).columns or report.columns
    lesson = _lesson(page, f"{kind} {key}", template, columns)
    lacking = missing(template, lesson)
    if lacking:
        kit.quiet(f"Still needed: {escape_markdown(listed(lacking, most=9))}.")
    with st.container(horizontal=True):
        if st.button("Use these columns", key=f"teach {key}", type="primary", disabled=bool(lacking)):
            st.session_state[f"lesson {key}"] = mapping_of(lesson)
            st.rerun()
        if lesson_of(key) and st.button("Back to what was found", key=f"forget {key}"):
            del st.session_state[f"lesson {key}"]
            st.rerun()


def _lesson(page: Page, key: str, template: Template, columns: Sequence[ColumnMatch]) -> Lesson:
    before = taught_before(columns)
    shown = {column.heading: column for column in columns}
    workflow: WorkflowRule | None = None
    constants: dict[str, str] = {}
    fields = [
        c
        for c in template.columns
        if c.name != "workflow" and (not c.helper or c.name in before or c.name in HELPERS)
    ]
    fields.sort(key=lambda column: (column.required == "no", column.name not in before))
    likely = proposed(columns)
    if likely:
        kit.quiet(
            f"Proposed, by names and cells alone: {escape_markdown(listed(tuple(likely), most=20))}. Nothing is "
            "decided before you use these columns."
        )
    grid = st.columns(_WIDTH)
    chosen: dict[str, str] = {}
    for place, column in enumerate(fields):
        heading = grid[place % _WIDTH].selectbox(
            _label(column), list(shown), key=f"column {column.name} {key}",
            index=list(shown).index(before[column.name]) if column.name in before else None,
            format_func=lambda heading: column_words(shown[heading]), placeholder="not in this file",
            help=f"Proposed: {likely[column.name]}." if column.name in likely else None,
        )  # fmt: skip
        if heading:
            chosen[column.name] = heading
        elif column.required != "no" and column.type == "choice":
            meanings = list(dict.fromkeys(column.words.values()))
            word = grid[place % _WIDTH].selectbox(
                f"{column.name} of every row", meanings, index=None, key=f"constant {column.name} {key}"
            )
            constants |= {column.name: word} if word else {}
    if template.column("workflow") is not None:
        heading, workflow, constant = _workflow(page, key, shown, before.get("workflow"))
        chosen |= {"workflow": heading} if heading else {}
        constants |= {"workflow": constant} if constant else {}
    identity: list[str] = []
    if template.key[0] not in chosen:
        identity = st.multiselect(
            f"No column for {template.key[0]}? Those that together identify a row", list(shown), key=f"identity {key}",
            format_func=one_line,
        )  # fmt: skip
    free = [heading for heading in shown if heading not in chosen.values()]
    segments = st.multiselect(
        "Also keep, to split by", free, [h for h in segments_before(columns) if h in free], key=f"segments {key}",
        format_func=one_line, help="Everything else of the file is not stored.",
    )  # fmt: skip
    return Lesson(
        template.name, chosen, tuple(segments), workflow, constants=constants, identity=tuple(identity)
    )


def _workflow(
    page: Page, key: str, shown: Mapping[str, ColumnMatch], before: str | None
) -> tuple[str | None, WorkflowRule | None, str | None]:
    """(the column that names it, the rule that finds it, the one of every row): at most one of them is given."""
    known = caches.workflows_of(page.workspace)
    way = st.radio("Workflow of a row", (_BY_COLUMN, _ONE, _BY_WORDS), key=f"way {key}", horizontal=True)
    if way == _ONE:
        name = st.selectbox(
            "Every row belongs to", known, index=None, key=f"all {key}", accept_new_options=True,
            placeholder="choose a workflow, or write its identity",
        )  # fmt: skip
        return None, None, name
    if way == _BY_COLUMN:
        heading = st.selectbox(
            "Column that names the workflow", list(shown), key=f"workflow column {key}",
            index=list(shown).index(before) if before else None, format_func=lambda h: column_words(shown[h]),
            placeholder="none: the rows belong to no workflow, or to that of their lead",
        )  # fmt: skip
        return heading, None, None
    listable = [heading for heading, column in shown.items() if column.words]
    heading = st.selectbox("Column whose words tell", listable, index=None, key=f"rule column {key}")
    if not heading:
        return None, None, None
    grid = st.columns(_WIDTH)
    values: dict[str, str] = {}
    for place, word in enumerate(shown[heading].words):
        name = grid[place % _WIDTH].selectbox(
            f"“{escape_markdown(one_line(word))}” is", known, index=None, key=f"rule {word} {key}",
            accept_new_options=True, placeholder="of none of them",
        )  # fmt: skip
        values |= {word: name} if name else {}
    otherwise = grid[len(shown[heading].words) % _WIDTH].selectbox(
        "Every other word is", known, index=None, key=f"rule otherwise {key}", accept_new_options=True,
        placeholder="of none of them",
    )  # fmt: skip
    return None, (WorkflowRule(heading, values, otherwise) if values else None), None


def _label(column: Column) -> str:
    return f"{column.name} (needed)" if column.required != "no" else column.name
