"""All workflows of a review: what asks for a decision large, the rest in rows, worst first; of many, figures, filters
that stand in the link, and what holds folded to a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from leadline.dashboard.views import access, kit
from leadline.dashboard.views.decisions.dues import Due, dues
from leadline.dashboard.views.page import Page
from leadline.dashboard.views.weekly import workflow_card
from leadline.dashboard.words import portfolio
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.mine import people
from leadline.dashboard.words.verdicts import PORTFOLIO
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.verdicts import meaning

MOST_ROWS = 10
"""of a state that alarms, the costliest; what follows is a line that opens"""
MOST_LARGE = 2
"""cards on the first screen; further ones are rows"""
_SEARCH_LETTERS = 100


def workflows(page: Page, review: Review) -> None:
    """Large cards for what is to be decided, or for the only workflow; rows for the rest."""
    found = dues(page, review)
    if len(review.workflows) >= PORTFOLIO:
        _many(page, review, found)
        return
    waiting = [each for each in review.workflows if found[each.workflow].can_decide][:MOST_LARGE]
    large = waiting or list(review.workflows[:1])
    for workflow in large:
        workflow_card.large(page, review, workflow, found[workflow.workflow])
    _rows(page, review, [each for each in review.workflows if each not in large], found)


def _many(page: Page, review: Review, found: Mapping[str, Due]) -> None:
    """Costliest of what drifts first; what needs nobody is folded and drawn when it is opened."""
    shown = _chosen(page, review)
    kit.figures(portfolio.portfolio_figures(shown))
    if not shown:
        kit.quiet("No workflow fits what is chosen above.")
    for verdict, group in portfolio.by_state(shown):
        if meaning(verdict).is_alarmed:
            ranked = sorted(group, key=_cost, reverse=True)
            _rows(page, review, ranked[:MOST_ROWS], found)
            rest = ranked[MOST_ROWS:]
            _folded(page, review, rest, found, f"rest {verdict}", portfolio.more_line(verdict, rest))
            continue
        waits = [each for each in group if found[each.workflow].can_decide]
        _rows(page, review, waits, found)
        rest = [each for each in group if each not in waits]
        _folded(page, review, rest, found, f"folded {verdict}", portfolio.folded_line(verdict, rest))


def _folded(
    page: Page, review: Review, of: Sequence[WorkflowReview], found: Mapping[str, Due], key: str, line: str
) -> None:
    """Rows that are drawn when somebody opens them."""
    if not of:
        return
    with st.expander(escape_markdown(line), key=key, on_change="rerun") as folded:
        if folded.open:
            for workflow in of:
                workflow_card.row(page, review, workflow, found[workflow.workflow])


def _chosen(page: Page, review: Review) -> tuple[WorkflowReview, ...]:
    """What the filters leave; each stands in the link."""
    states = list(dict.fromkeys(portfolio.state_word(each) for each in review.workflows))
    one, two, three = st.columns([2.2, 1.2, 1], vertical_alignment="bottom")
    chosen = one.multiselect("State", states, key="state", bind="query-params", placeholder="Any")
    owner = two.selectbox(
        "Owner", list(portfolio.owners(review.workflows)), index=None, placeholder="Everybody", key="owner",
        bind="query-params",
    )  # fmt: skip
    search = three.text_input(
        "Search", max_chars=_SEARCH_LETTERS, key="search", bind="query-params", placeholder="Name or owner"
    )
    return portfolio.filtered(review, chosen, owner, search or "", _mine(page, review))


def _mine(page: Page, review: Review) -> str | None:
    """Whose workflows alone are shown: of whoever signed in, or was chosen on the page 'Mine'; None for all."""
    known = people(review.workflows)
    signed_in = access.person(page.workspace).name
    who = signed_in if signed_in in known else str(st.session_state.get("who mine") or "")
    if not st.toggle("Only mine", key="mine", bind="query-params"):
        return None
    if who not in known:
        kit.link(kit.MINE, "Say on the page “Mine” who you are; all are shown until then")
        return None
    kit.quiet(f"Only what {escape_markdown(who)} answers for.")
    return who


def _cost(workflow: WorkflowReview) -> float:
    return (workflow.cost.value if workflow.cost else None) or 0.0


def _rows(page: Page, review: Review, of: Sequence[WorkflowReview], found: Mapping[str, Due]) -> None:
    if of:
        with st.container(border=True):
            for workflow in of:
                workflow_card.row(page, review, workflow, found[workflow.workflow])
