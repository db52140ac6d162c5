"""Weekly review: what a leader reads in ten minutes. One sentence for everything, one card a workflow, worst first."""

from __future__ import annotations

import streamlit as st

from dashboard import choices
from dashboard.page import errors_told, open_page
from dashboard.pictures.wording import escape_markdown, portfolio_sentence
from dashboard.views import parts, sections, week_parts

with errors_told():
    page = open_page()
    sections.told_once("closed")
    said, take, close, choice = st.columns([2.9, 0.75, 0.85, 1.05], vertical_alignment="center")
    with choice:
        as_of = choices.choose_week(page.workspace.today())
    review = page.review(as_of)
    with said:
        parts.heading("Weekly review", review)
    if not review.workflows or not parts.has_data(review):
        parts.how_to_begin(page.workspace, review)
        parts.beside_the_review(review)
        st.stop()
    with take:
        week_parts.take_along(page, review)
    with close:
        week_parts.close_week(page, review)
    st.header(escape_markdown(portfolio_sentence(review)), anchor=False)
    week_parts.since_last_week(page, review)
    dues = week_parts.dues(page, review)
    for workflow in review.workflows:
        parts.workflow_card(workflow, page.catalog, page.mode, as_of, dues.get(workflow.workflow))
    parts.beside_the_review(review)
