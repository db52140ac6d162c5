"""All workflows of a review: what asks for a decision large, the rest in rows, worst first."""

from __future__ import annotations

import streamlit as st

from leadline.dashboard.views.decisions.dues import dues
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.weekly import workflow_card
from leadline.metrics.results import Review

MOST_LARGE = 2
"""cards on the first screen; further ones are rows"""


def workflows(page: Page, review: Review) -> None:
    """Large cards for what is to be decided, or for the only workflow; rows for the rest."""
    found = dues(page, review)
    waiting = [each for each in review.workflows if found[each.workflow].can_decide][:MOST_LARGE]
    large = waiting or list(review.workflows[:1])
    for workflow in large:
        workflow_card.large(page, review, workflow, found[workflow.workflow])
    rest = [each for each in review.workflows if each not in large]
    if rest:
        with st.container(border=True):
            for workflow in rest:
                workflow_card.row(page, review, workflow, found[workflow.workflow])
