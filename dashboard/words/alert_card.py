"""Everything an alert card says, as plain text, before it is drawn: for the picture, its text layer and packs."""

from __future__ import annotations

from dataclasses import dataclass

from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    day,
    interval,
    is_unchanged,
    metric_value,
    number,
    one_line,
    shortened,
    signed_percent,
)
from leadline.dashboard.words.review_card import currency_of, rule_currency, rule_unit
from leadline.dashboard.words.rules import rule_in_words
from leadline.dashboard.words.verdicts import (
    Catalog,
    a_week,
    cost_words,
    display_name,
    freshness_sentence,
    headline,
    is_from_none,
    rule_sentence,
    statement,
    units_words,
    untold_words,
)
from leadline.metrics.agreement.changes import rule_line
from leadline.metrics.charter_terms import harshness
from leadline.metrics.due import checkpoint
from leadline.metrics.results import Change, Review, RuleState, WorkflowReview
from leadline.metrics.rule_states import rule_state_meaning
from leadline.metrics.verdicts import Verdict, meaning


@dataclass(frozen=True)
class Side:
    """The proxy or the outcome of the deciding pair."""

    role: str
    """'Proxy' or 'Outcome'"""
    label: str
    change: str
    """'−33 %'"""
    direction: str
    """'better', 'worse', 'no clear change', 'as it was' or ''"""
    details: tuple[str, ...]
    """interval; before and now; what it rests on"""


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
    data: str
    workspace: str
    code: str
    """'K7Q2-M4XT', '' where the review is not kept"""
    link: str
    """how the app shows this very review again"""

    def text(self) -> str:
        """All of it, a line each: what the picture carries as its text layer."""
        lines = [self.badge, self.statement]
        for side in self.sides:
            parts = [side.change, side.direction, *side.details]
            lines.append(f"{side.role}: {side.label}: {', '.join(part for part in parts if part)}")
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
        _side("Proxy", pair.proxy, pair.proxy_change, workflow, catalog),
        _side("Outcome", pair.outcome, pair.outcome_change, workflow, catalog),
    )


def _side(role: str, metric_id: str, change: Change, workflow: WorkflowReview, catalog: Catalog) -> Side:
    metric = catalog.get(metric_id)
    label = shortened(one_line(metric.label if metric else metric_id), NAME_LETTERS)
    if change.relative is None and not is_from_none(change):
        return Side(role, label, untold_words(change), "", ())
    details: list[str] = []
    if span := interval(change.low, change.high):
        details.append(f"likely range {span}")
    if metric and change.current_value is not None and change.baseline_value is not None:
        currency = currency_of(workflow, metric_id)
        before = metric_value(change.baseline_value, metric.unit, currency)
        details.append(
            f"{before} → {metric_value(change.current_value, metric.unit, currency)}{a_week(metric)}"
        )
    if metric:
        details.append(f"from {units_words(metric, change.units)}")
    figure = untold_words(change) if change.relative is None else signed_percent(change.relative)
    return Side(role, label, figure, _direction(metric_id, change, catalog), tuple(details))


def _direction(metric_id: str, change: Change, catalog: Catalog) -> str:
    metric = catalog.get(metric_id)
    if metric is None:
        return ""
    if change.relative is None:
        return "better" if metric.higher_is_better else "worse"
    if is_unchanged(change.relative):
        return "as it was"
    if change.low is None or change.high is None or change.low * change.high <= 0:
        return "no clear change"
    return "better" if (change.relative > 0) == metric.higher_is_better else "worse"


def _cells(workflow: WorkflowReview, catalog: Catalog) -> tuple[Cell, ...]:
    owner = shortened(one_line(workflow.owner), NAME_LETTERS) or "nobody is named"
    planned = checkpoint(workflow)
    looks_again = (f"next checkpoint {day(planned)}",) if planned else ()
    return (
        Cell("To do", action_due(workflow)),
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
    state = rule_sentence(rule, rule_unit(rule, catalog), rule_currency(rule, workflow))
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
            f"“{shortened(one_line(others[0].id), NAME_LETTERS)}”"
            if len(others) == 1
            else f"{number(len(others))} more"
        )
        details.append(f"also breached: {named}, since {day(first)}")
    return Cell(label, shortened(rule_in_words(words, catalog), 2 * NAME_LETTERS), tuple(details))


def _cost_cell(workflow: WorkflowReview, catalog: Catalog) -> Cell:
    if workflow.cost is None or not meaning(workflow.verdict).has_cost:
        return Cell("Cost so far", "None counted")
    amount, _, units = cost_words(workflow.cost, catalog).rpartition("), ")
    if not amount:
        return Cell("Cost so far", units)
    return Cell("Cost so far", f"{amount})", (units,))


def _data(review: Review, workflow: WorkflowReview) -> str:
    through = day(workflow.complete_through)
    return f"Data as of {day(review.as_of)}, complete through {through} · {freshness_sentence(review.data)}"


def _link(code: str, link: str) -> str:
    if not code:
        return ""
    return (
        f"{link.rstrip('/')}/workflow?code={code}"
        if link
        else f"leadline report --code {code} --out card.png"
    )
