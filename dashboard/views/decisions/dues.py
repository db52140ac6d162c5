"""What is due about each workflow of a review, and the door to deciding it there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from leadline.dashboard.views import access
from leadline.dashboard.views.decisions import decision_form
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import week
from leadline.dashboard.words.due import action_due, decided_by
from leadline.dashboard.words.markdown import escape_markdown
from leadline.metrics.agreement.alerts import Alert, alerts
from leadline.metrics.due import due
from leadline.metrics.results import Review, WorkflowReview


@dataclass(frozen=True)
class Due:
    """What is to be done about one workflow."""

    words: str
    can_decide: bool
    """something waits for a decision, the review is the newest, and the reader may take it"""
    alert: Alert | None
    """the one that waits"""
    others: tuple[str, ...] = ()
    """ids of further open alerts of the workflow"""
    then: dt.date | None = None
    """the day of a review that is looked back at"""
    decided: str = ""
    """by whom and when, where that is what there is to say"""

    @property
    def markdown(self) -> str:
        """'**Due:** Pause the workflow …'; what was decided says so itself."""
        words = escape_markdown(self.words)
        return words if self.decided else f"**{'Due then' if self.then else 'Due'}:** {words}"


def tell(found: Due, width: Literal["stretch", "content"] = "stretch") -> None:
    """What is due, and under it who decided."""
    with st.container(width=width, gap=None):
        st.markdown(found.markdown, width=width)
        if found.decided:
            st.markdown(f":small[:gray[{escape_markdown(found.decided)}]]", width=width)


def dues(page: Page, review: Review) -> dict[str, Due]:
    """Workflow -> what is due; of a past review only what it was, because the past is decided."""
    if review.as_of != page.workspace.today():
        return {each.workflow: kept(page, each, review.as_of) for each in review.workflows}
    may = access.person(page.workspace).may("decide")
    raised = [alert for alert in alerts(page.warehouse) if alert.is_open]
    return {each.workflow: _due(page, each, raised, may) for each in review.workflows}


def kept(page: Page, workflow: WorkflowReview, as_of: dt.date) -> Due:
    """What is due by a review that only tells: of a day that is over, or kept as it was shown."""
    then = as_of if as_of != page.workspace.today() else None
    return Due(action_due(workflow, page.catalog), False, None, then=then, decided=decided_by(workflow))


def _due(page: Page, workflow: WorkflowReview, raised: list[Alert], may: bool) -> Due:
    own = [alert for alert in raised if alert.workflow == workflow.workflow]
    found = due(workflow)
    # by its rule: an alert that this very review raised is not named in it
    of_rule = (each for each in own if found.rule is not None and each.rule == found.rule.id)
    alert = next(of_rule, week.pressing(own))
    others = tuple(each.id for each in own if alert is not None and each.id != alert.id)
    waits = found.kind == "decide" or week.pressing(own) is not None
    words = week.due_words(workflow, own, page.catalog)
    decided = decided_by(workflow) if words.startswith("Decided") else ""
    return Due(words, may and waits, alert, others, decided=decided)


def decide_button(page: Page, review: Review, workflow: WorkflowReview, found: Due) -> None:
    """The one filled button, where somebody must decide; it opens the form over the page."""
    if found.can_decide and st.button(
        "Decide", type="primary", icon=":material/gavel:", key=f"decide {workflow.workflow}"
    ):
        alert = found.alert
        decision_form.decide_dialog(page, review, workflow.workflow, workflow.owner, alert, found.others)
