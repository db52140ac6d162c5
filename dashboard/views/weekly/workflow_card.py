"""One workflow on the weekly review: large where somebody has to decide, else a row."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.drawings.small_line import small_line
from leadline.dashboard.views import kit
from leadline.dashboard.views.decisions.dues import Due, decide_button, tell
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import review_card
from leadline.dashboard.words.formats import NAME_LETTERS, day_of_year, one_line, shortened
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.verdicts import display_name
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.verdicts import DATA_PROBLEM

_ROW = [2.8, 1.1, 2.2, 2.2, 1.4, 4.6]
"""name and state, cost, proxy, outcome, line, what is due"""


def large(page: Page, review: Review, workflow: WorkflowReview, due: Due) -> None:
    """What happened, the figures, what is due with its button, and the picture beside."""
    card = review_card.card(workflow, page.catalog, due.then)
    with st.container(border=True):
        said, picture = st.columns(2, gap="small")
        with said:
            kit.badge(workflow.verdict)
            st.markdown(f"#### {card.statement}", anchors=False)
            kit.figures(card.figures)
            tell(due)
            with st.container(horizontal=True, vertical_alignment="center"):
                decide_button(page, review, workflow, due)
                _why(workflow, review)
            st.markdown(f":small[{card.facts}]")
        with picture:
            kit.divergence(workflow, page.catalog, page.mode)


def row(page: Page, review: Review, workflow: WorkflowReview, due: Due) -> None:
    """One line of the portfolio: figures and a small line, or what stands in the way of them."""
    card = review_card.card(workflow, page.catalog, due.then)
    pair = workflow.lead_pair
    is_known = pair is not None and workflow.verdict != DATA_PROBLEM
    widths = _ROW if is_known else [_ROW[0], sum(_ROW[1:-1]), _ROW[-1]]
    name, *between, to_do = st.columns(widths, vertical_alignment="center")
    with name.container(gap=None):
        st.page_link(
            kit.WORKFLOW,
            label=f"**{escape_markdown(display_name(workflow))}**",
            query_params={"workflow": workflow.workflow, "week": review.as_of.isoformat()},
        )
        since = f" since {day_of_year(pair.since)}" if pair and pair.since else ""
        st.markdown(f":small[{card.badge}{since}]")
    if pair is None or not is_known:
        between[0].markdown(card.statement)
    else:
        outcome, proxy, *costs = card.figures
        for cost in costs:
            between[0].markdown(f"**{escape_markdown(cost.value)}**  \n:small[:gray[so far]]")
        for column, figure in ((between[1], proxy), (between[2], outcome)):
            told = escape_markdown(f"{figure.label}{f', {figure.told}' if figure.told else ''}")
            column.markdown(f"**{escape_markdown(figure.value)}**  \n:small[:gray[{told}]]")
        if drawn := small_line(workflow, pair, page.mode):
            between[3].image(drawn, width=118, alt="")
    owner = escape_markdown(shortened(one_line(workflow.owner), NAME_LETTERS))
    with to_do.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{escape_markdown(due.words)}  \n:small[:gray[{owner}]]", width="stretch")
        decide_button(page, review, workflow, due)


def _why(workflow: WorkflowReview, review: Review) -> None:
    kit.link(kit.WORKFLOW, "Why we say this", workflow=workflow.workflow, week=review.as_of.isoformat())
