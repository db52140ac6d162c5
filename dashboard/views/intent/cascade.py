"""One line from the objective to the instruction, each step with its metric's live value, and what nobody holds."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import charters, intent
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.review_card import badge
from leadline.metrics.results import WorkflowReview


def show(page: Page, workflow: WorkflowReview) -> None:
    """The line, the constraints under it, and where to change them."""
    charter = workflow.charter
    if charter is None:
        kit.quiet("This workflow has no charter.")
        return
    gaps = caches.gaps_of(page.workspace, page.warehouse, workflow)
    st.header(escape_markdown(intent.gaps_sentence(gaps, page.catalog)), anchor=False)
    st.markdown(badge(workflow.verdict))
    for place, step in enumerate(intent.steps(workflow, gaps, page.catalog)):
        if place:
            st.markdown(":gray[:material/arrow_downward:]")
        _step(step)
    st.subheader("Constraints", anchor=False)
    if charter.intent.constraints:
        told = charters.constraint_words(charter, page.catalog)
        st.markdown("\n".join(f"- {escape_markdown(words)}" for words in told))
        for gap in gaps:
            if gap.code in ("check_unwatched", "never_reviewed"):
                st.markdown(f":orange[◆] {escape_markdown(intent.gap_sentence(gap, page.catalog))}")
    else:
        kit.quiet("The charter names no constraint.")
    kit.link(kit.CHARTERS, "Change it in the charter", workflow=workflow.workflow, tab="form")


def _step(step: intent.Step) -> None:
    with st.container(border=True):
        what, metric = st.columns([1.5, 1], vertical_alignment="center", gap="medium")
        with what:
            kit.quiet(step.label)
            st.markdown(f"**{escape_markdown(step.text)}**" if step.text else charters.NOT_SAID.capitalize())
            for sentence in step.gaps:
                st.markdown(f":orange[◆] {escape_markdown(sentence)}")
        with metric:
            if step.figure is not None:
                kit.figures([step.figure])
            elif not step.gaps:
                kit.quiet("No metric is named here.")
