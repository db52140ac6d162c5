"""A portfolio of many workflows: its figures, what a reader filters by, and how what holds is folded to a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import NAME_LETTERS, listed, money, number, one_line, shortened
from leadline.dashboard.words.mine import role_of
from leadline.dashboard.words.review_card import Figure
from leadline.dashboard.words.verdicts import display_name
from leadline.metrics.due import due
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.verdicts import Verdict, meaning, rank

NOBODY = "Nobody is named"


def portfolio_figures(workflows: Sequence[WorkflowReview]) -> tuple[Figure, ...]:
    """Drifting, to be decided, cost so far, overdue: of the workflows shown."""
    alarmed = [each for each in workflows if meaning(each.verdict).is_alarmed]
    waiting = [each for each in workflows if due(each).kind == "decide"]
    overdue = [each for each in workflows if each.decision is not None and each.decision.is_overdue]
    costs = tuple(cost_by_currency(workflows).items())
    total = " + ".join(money(value, currency) for currency, value in costs) or "None counted"
    beside = f"of {number(len(workflows))}"
    return (
        Figure("Drifting", number(len(alarmed)), beside, "", ""),
        Figure("To be decided", number(len(waiting)), beside, "", ""),
        Figure("Cost so far", total, "", "", ""),
        Figure("Overdue", number(len(overdue)), "", "", ""),
    )


def cost_by_currency(workflows: Sequence[WorkflowReview]) -> dict[str | None, float]:
    """Currency -> what the drifts that go on have cost; never a sum over currencies."""
    found: dict[str | None, float] = {}
    for each in workflows:
        if each.cost is not None and each.cost.value is not None and meaning(each.verdict).has_cost:
            found[each.cost.currency] = found.get(each.cost.currency, 0.0) + each.cost.value
    return found


def owner_of(workflow: WorkflowReview) -> str:
    """Who answers for it, as a filter names them."""
    return shortened(one_line(workflow.owner), NAME_LETTERS) or NOBODY


def state_word(workflow: WorkflowReview) -> str:
    """'Drifting': the state as a filter names it."""
    return verdict_words(workflow.verdict).word


def filtered(
    review: Review, states: Sequence[str], owner: str | None, search: str, mine: str | None = None
) -> tuple[WorkflowReview, ...]:
    """The workflows of those states, of that owner, whose name or identity holds the words searched for; `mine`: only
    those that this person owns or is the deputy of."""
    words = search.casefold().split()

    def fits(workflow: WorkflowReview) -> bool:
        told = f"{workflow.name} {workflow.workflow} {workflow.owner}".casefold()
        return (
            (not states or state_word(workflow) in states)
            and owner in (None, owner_of(workflow))
            and (mine is None or bool(role_of(workflow, mine)))
            and all(word in told for word in words)
        )

    return tuple(filter(fits, review.workflows))


def by_state(workflows: Sequence[WorkflowReview]) -> Iterator[tuple[Verdict, list[WorkflowReview]]]:
    """The workflows of each state, the worst first."""
    groups: dict[Verdict, list[WorkflowReview]] = {}
    for workflow in workflows:
        groups.setdefault(workflow.verdict, []).append(workflow)
    yield from sorted(groups.items(), key=lambda group: rank(group[0]))


def folded_line(verdict: Verdict, workflows: Sequence[WorkflowReview]) -> str:
    """'● Holding (12): Content studio, Nurture, Chat and 9 more'"""
    names = listed([display_name(each) for each in workflows])
    return f"{verdict_words(verdict).marked} ({number(len(workflows))}): {names}"


def more_line(verdict: Verdict, workflows: Sequence[WorkflowReview]) -> str:
    """'◆ 23 more drifting: Nurture, Chat and 21 more'"""
    words, names = verdict_words(verdict), listed([display_name(each) for each in workflows])
    return f"{words.shape} {number(len(workflows))} more {words.word.lower()}: {names}"


def owners(workflows: Sequence[WorkflowReview]) -> Mapping[str, int]:
    """Owner -> how many workflows, by name."""
    names = sorted({owner_of(each) for each in workflows}, key=str.casefold)
    return {name: sum(owner_of(each) == name for each in workflows) for name in names}
