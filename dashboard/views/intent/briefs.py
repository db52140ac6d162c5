"""Briefs: what outputs were told, how complete it is, and whether those with a complete brief do better."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import caches, kit
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import briefs as words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.results import WorkflowReview


def show(page: Page, workflow: WorkflowReview) -> None:
    """The sentence, the comparisons, the briefs, the outputs without one."""
    charter = workflow.charter
    if charter is None:
        kit.quiet("This workflow has no charter.")
        return
    found = caches.compared_of(page.workspace, page.warehouse, charter)
    st.header(escape_markdown(words.headline(found, page.catalog)), anchor=False)
    kit.quiet(words.HOW_COMPARED)
    for one in found.comparisons:
        kit.section(
            words.comparison_title(one, page.catalog), words.comparison_table(one, found.briefs, page.catalog),
            f"{workflow.workflow}-{one.outcome}-{one.by}", "",
        )  # fmt: skip
        for sentence in words.comparison_sentences(one, found.briefs, page.catalog):
            st.markdown(escape_markdown(sentence))
    kit.section(
        "Briefs", words.briefs_table(found.briefs), f"{workflow.workflow}-briefs",
        "No brief has landed. Export them from where they are written, with the columns of the template briefs, "
        "or write one here.", height=420 if len(found.briefs) > 10 else None,
    )  # fmt: skip
    without = caches.unbriefed_of(page.workspace, page.warehouse, workflow.workflow)
    kit.section(
        "Outputs without a brief", words.unbriefed_table(without), f"{workflow.workflow}-unbriefed",
        "Every output of the last 12 weeks names a brief that is known.", height=320 if len(without) > 8 else None,
    )  # fmt: skip
