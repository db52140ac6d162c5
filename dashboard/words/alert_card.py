"""Everything an alert card says, as plain text, before it is drawn: for the picture, its text layer and packs."""

from __future__ import annotations

from dataclasses import dataclass

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.costs import cost_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    day,
    number,
    one_line,
    shortened,
    within_a_sentence,
)
from leadline.dashboard.words.levels import Levels, levels, side_name
from leadline.dashboard.words.review_card import cost_figure, currency_of, rule_currency, rule_unit
from leadline.dashboard.words.rules import rule_called, rule_in_words
from leadline.dashboard.words.verdicts import (
    display_name,
    freshness_sentence,
    headline,
    rule_sentence,
    statement,
)
from leadline.metrics.agreement.changes import rule_line
from leadline.metrics.charter_terms import harshness
from leadline.metrics.due import checkpoint, due
from leadline.metrics.results import Change, Review, RuleState, WorkflowReview
from leadline.metrics.rule_states import rule_state_meaning
from leadline.metrics.verdicts import Verdict, meaning

CODE_FIELD = "Code on a card"
"""the field that takes the code, for people without a terminal"""


@dataclass(frozen=True)
class Side:
    """The proxy or the outcome of the deciding pair."""

    name: str
    words: Levels

    @property
    def marked(self) -> str:
        """'▼ worse'; '' where nothing is known"""
        arrow = {"better": "▲ ", "worse": "▼ "}.get(self.words.effect, "")
        return f"{arrow}{self.words.effect}"

    @property
    def details(self) -> str:
        """'was 20 of 100 · likely 12–16 · 1,450 leads'"""
        return " · ".join(said for said in (self.words.before, self.words.span, self.words.rests_on) if said)

    def text(self) -> str:
        """'Close rate: 14 of 100, worse, was 20 of 100, likely 12–16, 1,450 leads'"""
        told = (self.words.now, self.words.effect, self.words.before, self.words.span, self.words.rests_on)
        return f"{self.name}: {', '.join(words for words in told if words)}"


@dataclass(frozen=True)
class Cell:
    """One agreement or consequence: a label, what matters, and small print."""

    label: str
    words: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardWords:
    verdict: Verdict
    badge: str
    """'◆ Drifting'"""
    name: str
    statement: str
    headline: str
    sides: tuple[Side, ...]
    cells: tuple[Cell, ...]
    """what is due, the rule, the cost, the owner"""
    must_decide: bool
    data: str
    workspace: str
    code: str
    """'K7Q2-M4XT', '' where the review is not kept"""
    link: str
    """how the app shows this very review again"""

    def text(self) -> str:
        """All of it, a line each: what the picture carries as its text layer."""
        lines = [self.badge, self.statement]
        lines += [side.text() for side in self.sides]
        lines += [f"{cell.label}: {'; '.join((cell.words, *cell.details))}" for cell in self.cells]
        lines += [self.data, f"Workspace: {self.workspace}"]
        if self.code:
            lines.append(f"Review {self.code}: {self.link}")
        return "\n".join(lines)


def card_words(
    review: Review,
    workflow: WorkflowReview,
    catalog: Catalog,
    *,
    workspace_name: str,
    code: str,
    link: str = "",
) -> CardWords:
    """What the card of one workflow says; `link` is the dashboard's address as others reach it, if it has one."""
    shown_code = spelled(code)
    return CardWords(
        verdict=workflow.verdict,
        badge=verdict_words(workflow.verdict).marked,
        name=display_name(workflow),
        statement=statement(workflow, catalog),
        headline=headline(workflow, catalog),
        sides=_sides(workflow, catalog),
        cells=_cells(workflow, catalog),
        must_decide=due(workflow).kind == "decide",
        data=_data(review, workflow),
        workspace=shortened(one_line(workspace_name), NAME_LETTERS),
        code=shown_code,
        link=_link(shown_code, link),
    )


def spelled(code: str) -> str:
    """'K7Q2M4XT' -> 'K7Q2-M4XT': easier to read aloud and to type."""
    plain = code.replace("-", "")
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def shown_rule(workflow: WorkflowReview) -> RuleState | None:
    """The rule that matters most now: breached before pending, undecided before decided, the harshest action first."""
    return min(
        workflow.rules,
        key=lambda rule: (
            rule_state_meaning(rule.state).rank,
            rule.id in workflow.answered,
            harshness(rule.action),
        ),
        default=None,
    )


def _sides(workflow: WorkflowReview, catalog: Catalog) -> tuple[Side, ...]:
    pair = workflow.lead_pair
    if pair is None:
        return ()
    return (
        _side(pair.proxy, pair.proxy_change, None, workflow, catalog),
        _side(pair.outcome, pair.outcome_change, pair.segment, workflow, catalog),
    )


def _side(
    metric_id: str, change: Change, segment: str | None, workflow: WorkflowReview, catalog: Catalog
) -> Side:
    metric = catalog.get(metric_id)
    words = levels(change, metric.unit if metric else "count", metric, currency_of(workflow, metric_id))
    return Side(side_name(workflow, metric_id, segment), words)


def _cells(workflow: WorkflowReview, catalog: Catalog) -> tuple[Cell, ...]:
    owner = shortened(one_line(workflow.owner), NAME_LETTERS) or "nobody is named"
    planned = checkpoint(workflow)
    looks_again = (f"next checkpoint {day(planned)}",) if planned else ()
    return (
        Cell("To be decided" if due(workflow).kind == "decide" else "Due", action_due(workflow, catalog)),
        _rule_cell(workflow, catalog),
        _cost_cell(workflow, catalog),
        Cell("Owner", owner, looks_again),
    )


def _rule_cell(workflow: WorkflowReview, catalog: Catalog) -> Cell:
    rule = shown_rule(workflow)
    if rule is None:
        return Cell("Rule", "No stopping rule is agreed")
    charter = workflow.charter
    agreed = next((each for each in charter.stopping_rules if each.id == rule.id), None) if charter else None
    words = rule_line(agreed) if agreed else f"{rule.when}, then {rule.action}" if rule.when else rule.action
    state = rule_sentence(rule, rule_unit(rule, catalog), rule_currency(rule, workflow), catalog)
    details = [shortened(one_line(state), 2 * NAME_LETTERS)]
    signed = charter.signed if charter else None
    label = "Rule as agreed"
    if signed:
        label = "Rule as signed"
        details.append(f"signed by {shortened(one_line(signed.by), NAME_LETTERS)}, {day(signed.on)}")
    if rule.marks:
        details.append("⚑ changed after a breach")
    if others := [each for each in workflow.rules if each.state == "breached" and each is not rule]:
        first = min((each.since for each in others if each.since), default=None)
        named = (
            f"“{shortened(rule_called(others[0].when, others[0].id, catalog), NAME_LETTERS)}”"
            if len(others) == 1
            else f"{number(len(others))} more"
        )
        details.append(f"also breached: {named}, since {day(first)}")
    return Cell(label, shortened(rule_in_words(words, catalog), 2 * NAME_LETTERS), tuple(details))


def _cost_cell(workflow: WorkflowReview, catalog: Catalog) -> Cell:
    if workflow.cost is None or not meaning(workflow.verdict).has_cost:
        return Cell("Cost so far", "None counted")
    figure = cost_figure(workflow.cost, catalog)
    units = cost_words(workflow.cost, catalog).rpartition("), ")[2]
    pair = workflow.lead_pair
    is_other = pair is not None and workflow.cost.outcome not in ("", pair.outcome)
    # the figures beside it are of another outcome, so that nobody can multiply them to this
    counted_on = (f"counted on {_label(workflow.cost.outcome, workflow)}",) if is_other else ()
    if workflow.cost.value is None:
        missing, _, span = units.removeprefix("about ").partition(" (")
        likely = (f"likely {span.rstrip(')')}",) if span else ()
        return Cell("Cost so far", missing, (*likely, *counted_on))
    brings_money = figure.value in units  # of an outcome that is money, the money is all there is to say
    return Cell("Cost so far", figure.value, (figure.told, *(() if brings_money else (units,)), *counted_on))


def _label(outcome: str, workflow: WorkflowReview) -> str:
    return shortened(within_a_sentence(side_name(workflow, outcome)), NAME_LETTERS)


def _data(review: Review, workflow: WorkflowReview) -> str:
    through = day(workflow.complete_through)
    return f"Data as of {day(review.as_of)}, complete through {through} · {freshness_sentence(review.data)}"


def _link(code: str, link: str) -> str:
    if not code:
        return ""
    return (
        f"{link.rstrip('/')}/workflow?code={code}" if link else f"in Leadline under Decisions, “{CODE_FIELD}”"
    )
