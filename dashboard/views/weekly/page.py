"""Weekly review: what a leader reads in ten minutes. One sentence for everything, one card a workflow, worst first."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views import caches, kit, links
from leadline.dashboard.views.page import errors_told, open_page
from leadline.dashboard.views.weekly import close_week, portfolio, present, week
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.verdicts import portfolio_sentence

with errors_told():
    page = open_page()
    kit.told_once("closed")
    kit.told_once("decided")
    if present.is_asked():
        present.shown(page, page.review(links.week_named(page.workspace.today())))
        st.stop()
    above = st.container(horizontal=True, vertical_alignment="center")
    said, take, close = (
        above.container(width="stretch"),
        above.container(width="content"),
        above.container(width="content"),
    )
    with above:
        as_of = links.choose_week(page.workspace.today())
    review = page.review(as_of)
    with said:
        kit.heading("Weekly review", review)
    caches.looked(page.workspace, page.warehouse, as_of)
    if not review.workflows or not kit.has_data(review):
        kit.how_to_begin(page.workspace, review)
        kit.beside_the_review(review)
        st.stop()
    with take:
        week.take_along(page, review)
    with close:
        close_week.close_week(page, review)
    links.past_week(as_of, page.workspace.today())
    st.header(
        escape_markdown(portfolio_sentence(review, is_past=as_of != page.workspace.today())), anchor=False
    )
    close_week.changed_since(page, review)
    week.since_last_week(page, review)
    portfolio.workflows(page, review)
    kit.beside_the_review(review)
    kit.link(kit.GLOSSARY, "What the words mean")
