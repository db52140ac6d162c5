"""Workflow: the divergence chart, and one click below it why we say so."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import kit, links
from leadline.dashboard.views.charters import retire
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.views.workflow import (
    above_chart,
    annotate,
    below_chart,
    past_review,
)

with errors_told():
    page = open_page()
    kit.told_once("decided")
    kit.told_once("registered")
    kit.told_once("annotated")
    if kept := past_review.asked(page):
        past_review.heading(page, kept)
        review, workflow, as_of = None, kept.shown.workflow, kept.shown.as_of
    else:
        above = st.container(horizontal=True, vertical_alignment="center")
        said, which = above.container(width="stretch"), above.container(width=300)
        with above:
            as_of = links.choose_week(page.workspace.today())
        review = page.review(as_of)
        if not review.workflows or not kit.has_data(review):
            kit.how_to_begin(page.workspace, review)
            st.stop()
        with which:
            workflow = links.choose_workflow(review)
        with said:
            kit.heading("Workflow", review)
        links.past_week(as_of, page.workspace.today())
    above_chart.verdict(page, review, workflow, as_of)
    place = above_chart.chart(workflow, page.catalog, page.mode, below_chart.marks_of(page, workflow, as_of))
    if not kept:
        annotate.offer(page, workflow.workflow)
    above_chart.why(workflow, place, page.catalog, page.mode)
    below_chart.under_the_chart(page, workflow, place)
    above_chart.pairs(workflow, page.catalog)
    above_chart.reviewed(workflow)
    above_chart.rules(workflow, page.catalog)
    if not kept:
        above_chart.gate(page, workflow, as_of)
    above_chart.findings(workflow)
    above_chart.numbers(workflow)
    if not kept and as_of == page.workspace.today():
        retire.offer(page, workflow.workflow)
