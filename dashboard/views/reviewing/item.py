"""The next output for one reviewer, judged with buttons or keys; each verdict is on disk before the page answers."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.service import written_reviews
from leadline.dashboard.views import actions, caches, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words import reviewing as words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import LeadlineError
from leadline.metrics.charter_terms import Charter
from leadline.metrics.reviewing.briefs import brief_of
from leadline.metrics.reviewing.queue import Task, last_monday, queue

_SAID = "said of the output"
_SKIPPED = "skipped outputs"
_TALL = 420
"""pixels, from which on an output's own words scroll"""


def next_output(page: Page, charter: Charter) -> None:
    """The sentence for the week, and what waits for whoever looks."""
    agreed = charter.reviewing
    if agreed is None:
        return
    today = page.workspace.today()
    for report in written_reviews.land_left(page.warehouse, page.workspace):
        if report.state == "landed":
            st.success(escape_markdown(words.left_landed(report.rows.new)), icon=":material/check:")
        else:
            tell_error(report.message)
    sentence = st.container()
    if not kit.may(page, "review"):
        me = ""
    else:
        with st.container(width=320):
            me = " ".join(kit.name_field(page, "reviewing").split())
    outputs = caches.outputs_of(page.workspace, page.warehouse, charter, agreed, today)
    written = written_reviews.judgements(page.workspace)
    waiting = queue(page.warehouse, charter, me, today, written, outputs)
    with sentence:
        st.header(escape_markdown(words.progress_sentence(waiting, last_monday(today))), anchor=False)
    if not me:
        return
    kit.remember_name(me)
    skipped = st.session_state.setdefault(_SKIPPED, [])
    open_ones = [task for task in waiting.tasks if task.output.item_id not in skipped]
    kept = {row.item_id for row in written_reviews.waiting(page.workspace, charter.workflow, me)}
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        kit.quiet(escape_markdown(words.left_words(len(waiting.tasks), len(kept))))
        _beside(page, charter, me, bool(kept))
    if open_ones:
        _judged(page, charter, me, open_ones[0])
    elif waiting.tasks:
        st.button("Show what was skipped", on_click=skipped.clear, type="primary", icon=":material/replay:")
    else:
        st.success(escape_markdown(words.nothing_left(me)), icon=":material/check:")
        if kept:
            _land(page, charter, me)
            st.rerun()


def _beside(page: Page, charter: Charter, me: str, is_waiting: bool) -> None:
    """What can be done with what was said already."""

    def take_back() -> None:
        try:
            item = actions.take_back_review(page, charter.workflow, me)
        except LeadlineError as e:
            st.session_state["review fault"] = str(e)
            return
        skipped = st.session_state[_SKIPPED]
        if item in skipped:
            skipped.remove(item)
        st.session_state.pop(_SAID, None)

    with st.container(horizontal=True, width="content"):
        st.button(
            "Take back the last one", on_click=take_back, disabled=not is_waiting, shortcut="U",
            icon=":material/undo:", type="tertiary",
        )  # fmt: skip
        st.button(
            "Land what I said", on_click=lambda: _land(page, charter, me), disabled=not is_waiting,
            icon=":material/upload_file:", type="tertiary",
            help="Your verdicts become an import of their own, which can be taken back on the data page.",
        )  # fmt: skip
    if fault := st.session_state.pop("review fault", None):
        tell_error(fault)


def _land(page: Page, charter: Charter, me: str) -> None:
    try:
        report = actions.land_reviews(page, charter.workflow, me)
    except LeadlineError as e:
        st.session_state["review fault"] = str(e)
        return
    if report is not None and report.state == "landed":
        st.session_state["reviews landed"] = f"{report.message} It can be taken back on the data page."
    elif report is not None:
        st.session_state["review fault"] = report.message


def _judged(page: Page, charter: Charter, me: str, task: Task) -> None:
    output = task.output
    said: dict[str, bool] = _said_of(output.item_id)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True):
        _shown(task)
    with right:
        _brief(page, output.brief_id)
    for place, dimension in enumerate(task.dimensions, 1):
        _dimension(output.item_id, place, dimension, said)
    with st.container(horizontal=True):
        st.button(
            "Save and next",
            on_click=lambda: _save(page, charter, me, task),
            type="primary",
            shortcut="S",
            icon=":material/check:",
            disabled=len(said) < len(task.dimensions),
        )
        st.button("Skip", on_click=lambda: _skip(output.item_id), shortcut="N", icon=":material/skip_next:")


def _shown(task: Task) -> None:
    """The output as it is; what is not text of ours is shown as such."""
    output = task.output
    st.subheader(escape_markdown(words.output_title(output)), anchor=False)
    kit.quiet(escape_markdown(words.output_line(output)))
    if output.text:
        with st.container(height=_TALL if len(output.text) > 1_500 else "content", border=False):
            st.text(output.text)
    if output.link:
        host = words.link_host(output.link)
        if host:
            st.link_button(escape_markdown(f"Open at {host}"), output.link, icon=":material/open_in_new:")
        st.code(output.link, language=None, wrap_lines=True)
    if not output.text and not output.link:
        kit.quiet("Neither text nor link of it has landed; look it up by its identity.")


def _brief(page: Page, brief_id: str) -> None:
    st.markdown("##### What it was asked to be", anchors=False)
    if not brief_id:
        kit.quiet("It names no brief.")
        return
    brief = brief_of(page.warehouse, brief_id)
    if brief is None:
        kit.quiet(escape_markdown(f"Its brief “{brief_id}” has not landed."))
        return
    for label, told in words.brief_facts(brief):
        st.markdown(f"**{label}** {escape_markdown(told)}")


def _dimension(item_id: str, place: int, dimension: str, said: dict[str, bool]) -> None:
    """Pass by its number, fail by Shift and its number; a reason where it fails."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(dimension)}**", width=180)
        for passed, label, key in ((True, "Pass", f"{place}"), (False, "Fail", f"Shift+{place}")):
            st.button(
                label,
                key=f"{label} {item_id} {dimension}",
                on_click=said.__setitem__,
                args=(dimension, passed),
                type="primary" if said.get(dimension) is passed else "secondary",
                shortcut=key,
            )
        if said.get(dimension) is False:
            st.text_input(
                "Why",
                key=_reason_key(item_id, dimension),
                max_chars=400,
                placeholder=f"Why it fails on {dimension}",
                label_visibility="collapsed",
            )


def _reason_key(item_id: str, dimension: str) -> str:
    return f"why {item_id} {dimension}"


def _said_of(item_id: str) -> dict[str, bool]:
    """What was clicked for this output so far."""
    kept = st.session_state.get(_SAID)
    if kept is None or kept[0] != item_id:
        kept = st.session_state[_SAID] = (item_id, {})
    said: dict[str, bool] = kept[1]
    return said


def _save(page: Page, charter: Charter, me: str, task: Task) -> None:
    item = task.output.item_id
    said = _said_of(item)
    rows = [
        (name, said[name], str(st.session_state.get(_reason_key(item, name)) or "") if not said[name] else "")
        for name in task.dimensions
    ]
    try:
        actions.keep_review(page, charter.workflow, me, item, rows)
    except LeadlineError as e:
        st.session_state["review fault"] = str(e)


def _skip(item_id: str) -> None:
    st.session_state[_SKIPPED].append(item_id)
