"""What outputs and conversations share for whoever judges them: who it is, what waits, take back, land, skip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from leadline.dashboard.service.written_rows import Kind, Row, Sheet, land_left
from leadline.dashboard.views import actions, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import reviewing as words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import LeadlineError

_SAID = "said on the desk"
_FAULT = "fault on the desk"
LANDED = "landed from the desk"
Task = TypeVar("Task")


def reviewer(page: Page, kind: Kind) -> str:
    """Who is at the desk, '' for nobody; what was left there lands first."""
    for report in land_left(page.warehouse, page.workspace, kind):
        if report.state == "landed":
            st.success(escape_markdown(words.left_landed(report.rows.new)), icon=":material/check:")
        else:
            tell_error(report.message)
    if not kit.may(page, "review"):
        return ""
    with st.container(width=320):
        me = " ".join(kit.name_field(page, "reviewing").split())
    kit.remember_name(me)
    return me


def next_of(page: Page, sheet: Sheet, tasks: Sequence[Task], identity: Callable[[Task], str]) -> Task | None:
    """The task that is shown, until it is done or skipped; where none is left, what was said lands."""
    skipped: list[str] = st.session_state.setdefault(_skipped(sheet), [])
    kept = {row[sheet.kind.columns[0]] for row in sheet.rows()}
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        kit.quiet(escape_markdown(words.left_words(len(tasks), len(kept))))
        _beside(page, sheet, bool(kept))
    if fault := st.session_state.pop(_FAULT, None):
        tell_error(fault)
    left = [task for task in tasks if identity(task) not in skipped]
    if left:
        # what somebody looks at stays before them, whatever others say meanwhile
        shown = st.session_state.get(f"shown {sheet.kind.template}")
        found = next((task for task in left if identity(task) == shown), left[0])
        st.session_state[f"shown {sheet.kind.template}"] = identity(found)
        return found
    if tasks:
        st.button("Show what was skipped", on_click=skipped.clear, type="primary", icon=":material/replay:")
        return None
    st.success(escape_markdown(words.nothing_left(sheet.who)), icon=":material/check:")
    if kept:
        _land(page, sheet)
        if _FAULT not in st.session_state:
            st.rerun()
    return None


def said_of(identity: str) -> dict[str, str]:
    """What was clicked for the one that is shown, by what it is about."""
    kept = st.session_state.get(_SAID)
    if kept is None or kept[0] != identity:
        kept = st.session_state[_SAID] = (identity, {})
    said: dict[str, str] = kept[1]
    return said


def save_or_skip(
    page: Page, sheet: Sheet, identity: str, rows: Callable[[], list[Row]], *, ready: bool
) -> None:
    """The two buttons under what was said."""

    def save() -> None:
        try:
            actions.write(page, sheet, rows())
        except LeadlineError as e:
            st.session_state[_FAULT] = str(e)

    with st.container(horizontal=True):
        st.button(
            "Save and next", on_click=save, type="primary", shortcut="S", icon=":material/check:", disabled=not ready
        )  # fmt: skip
        st.button(
            "Skip", on_click=st.session_state[_skipped(sheet)].append, args=(identity,), shortcut="N",
            icon=":material/skip_next:",
        )  # fmt: skip


def _skipped(sheet: Sheet) -> str:
    return f"skipped {sheet.kind.template}"


def _beside(page: Page, sheet: Sheet, is_waiting: bool) -> None:
    """What can be done with what was said already."""

    def take_back() -> None:
        try:
            gone = actions.take_back_written(page, sheet)
        except LeadlineError as e:
            st.session_state[_FAULT] = str(e)
            return
        skipped = st.session_state[_skipped(sheet)]
        if gone in skipped:
            skipped.remove(gone)
        st.session_state.pop(_SAID, None)

    with st.container(horizontal=True, width="content"):
        st.button(
            "Take back the last one", on_click=take_back, disabled=not is_waiting, shortcut="U",
            icon=":material/undo:", type="tertiary",
        )  # fmt: skip
        st.button(
            "Land what I said", on_click=lambda: _land(page, sheet), disabled=not is_waiting,
            icon=":material/upload_file:", type="tertiary",
            help="It becomes an import of its own, which can be taken back on the data page.",
        )  # fmt: skip


def _land(page: Page, sheet: Sheet) -> None:
    try:
        report = actions.land_written(page, sheet)
    except LeadlineError as e:
        st.session_state[_FAULT] = str(e)
        return
    if report is not None and report.state == "landed":
        st.session_state[LANDED] = f"{report.message} It can be taken back on the data page."
    elif report is not None:
        st.session_state[_FAULT] = report.message
