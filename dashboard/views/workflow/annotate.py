"""People's own notes on the chart: a campaign, a price change, a holiday."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from leadline.dashboard.views import access, actions, kit
from leadline.dashboard.views.page import Page, tell_error
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.formats import day, one_line
from leadline.dashboard.words.markdown import escape_markdown
from leadline.data.errors import LeadlineError
from leadline.metrics.agreement.chart_notes import LONGEST_TEXT, annotations_of


def offer(page: Page, workflow: str) -> None:
    """A way to note something, and to take a note away, below the chart."""
    if not access.person(page.workspace).may("comment"):
        return
    with st.popover("Note on the chart", icon=":material/edit_note:", key="annotate"):
        _new(page, workflow)
        standing = annotations_of(page.warehouse, workflow)
        if standing:
            st.markdown("**Noted so far**")
        for one in standing:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f":small[{escape_markdown(f'{day(one.on)} · {one.text} · {one_line(one.by)}')}]",
                    width="stretch",
                )
                if st.button("Remove", type="tertiary", icon=":material/delete:", key=f"remove {one.id}"):
                    _remove(page, workflow, one.id)


def _new(page: Page, workflow: str) -> None:
    key = f"annotate {workflow} {st.session_state.get('annotations made', 0)}"
    today = page.workspace.today()
    on = st.date_input("Day", today, max_value=today, key=f"on {key}", format=current().date_input)
    text = st.text_input(
        "What happened", max_chars=LONGEST_TEXT, key=f"text {key}", placeholder="a campaign, a price change …"
    )
    name = kit.name_field(page, key)
    if not st.button("Note it", type="primary", key=f"note {key}"):
        return
    try:
        actions.annotate(page, workflow, on if isinstance(on, dt.date) else today, text or "", name)
    except LeadlineError as error:
        tell_error(str(error))
        return
    kit.remember_name(name)
    st.session_state["annotations made"] = st.session_state.get("annotations made", 0) + 1
    st.session_state["annotated"] = escape_markdown(f"“{text}” stands on the chart.")
    st.rerun()


def _remove(page: Page, workflow: str, annotation: str) -> None:
    try:
        actions.remove_annotation(
            page, workflow, annotation, st.session_state.get("my name", "") or "somebody"
        )
    except LeadlineError as error:
        tell_error(str(error))
        return
    st.session_state["annotated"] = "The note is off the chart; the ledger keeps that it was there."
    st.rerun()
