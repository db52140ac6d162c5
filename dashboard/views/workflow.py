"""Workflow: the divergence chart, and one click below it why we say so."""

from __future__ import annotations

import streamlit as st

from dashboard import choices
from dashboard.page import errors_told, open_page
from dashboard.views import kept_review, origins, parts, reasons

with errors_told():
    page = open_page()
    if kept := kept_review.asked(page):
        kept_review.heading(page, kept)
        workflow, as_of = kept.shown.workflow, kept.shown.as_of
    else:
        said, which, choice = st.columns([3, 1.3, 1], vertical_alignment="center")
        with choice:
            as_of = choices.choose_week(page.workspace.today())
        review = page.review(as_of)
        if not review.workflows or not parts.has_data(review):
            parts.how_to_begin(page.workspace, review)
            st.stop()
        with which:
            workflow = choices.choose_workflow(review)
        with said:
            parts.heading("Workflow", review)
    reasons.verdict(workflow, page.catalog)
    place = reasons.chart(workflow, page.catalog, page.mode, origins.marks_of(page, workflow, as_of))
    reasons.why(workflow, place, page.catalog, page.mode)
    origins.under_the_chart(page, workflow, place)
    reasons.pairs(workflow, page.catalog)
    reasons.rules(workflow, page.catalog)
    reasons.findings(workflow)
    reasons.numbers(workflow)
