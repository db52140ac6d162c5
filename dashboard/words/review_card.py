"""What a card says, as Markdown ready to show: a result in, escaped text out. No Streamlit here.

Everything that came from a file or a charter goes through `escape_markdown`; the Markdown around it is ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from leadline.dashboard.words.codes import rule_state_words, verdict_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    day,
    interval,
    metric_value,
    one_line,
    shortened,
    signed_percent,
)
from leadline.dashboard.words.verdicts import (
    Catalog,
    a_week,
    cost_words,
    escape_markdown,
    is_from_none,
    rule_sentence,
    statement,
    untold_words,
)
from leadline.metrics.agreement.conditions import COST
from leadline.metrics.due import checkpoint
from leadline.metrics.results import Change, RuleState, WorkflowReview
from leadline.metrics.rule_states import rule_state_meaning
from leadline.metrics.verdicts import Verdict, meaning


@dataclass(frozen=True)
class Card:
    """One workflow on the weekly review, every text Markdown."""

    badge: str
    statement: str
    due: str
    facts: str
    """proxy, outcome, cost, rules, owner and checkpoint, one a line"""


def card(workflow: WorkflowReview, catalog: Catalog) -> Card:
    """The card of one workflow, told by its deciding pair."""
    facts: list[str] = []
    if pair := workflow.lead_pair:
        facts += [
            _change(pair.proxy, pair.proxy_change, workflow, catalog),
            _change(pair.outcome, pair.outcome_change, workflow, catalog),
        ]
    if workflow.cost is not None and meaning(workflow.verdict).has_cost:
        facts.append(fact("Cost so far", escape_markdown(cost_words(workflow.cost, catalog))))
    facts += rule_lines(workflow, catalog) or [fact("Rules", "none agreed")]
    facts.append(fact("Owner", escape_markdown(shortened(one_line(workflow.owner), NAME_LETTERS))))
    if planned := checkpoint(workflow):
        facts.append(fact("Next checkpoint", escape_markdown(day(planned))))
    return Card(
        badge=badge(workflow.verdict),
        statement=escape_markdown(statement(workflow, catalog)),
        due=f"**Due:** {escape_markdown(action_due(workflow))}",
        facts="  \n".join(facts),
    )


def badge(verdict: Verdict) -> str:
    """A verdict as a coloured badge with its shape and its word."""
    words = verdict_words(verdict)
    return f":{words.hue}-badge[{words.marked}]"


def option(verdict: Verdict, words: str) -> str:
    """An entry of a list to choose from, which shows text as it stands: '◆ Lead routing agent (drifting)'."""
    told = verdict_words(verdict)
    return f"{told.shape} {one_line(words)} ({told.word.lower()})"


def fact(label: str, words: str) -> str:
    """A label in grey and what it says; both are Markdown already."""
    return f":gray[{label}] {words}"


def rule_lines(workflow: WorkflowReview, catalog: Catalog) -> list[str]:
    """Every rule's state with its shape, one a line, the most pressing first."""
    rules = sorted(workflow.rules, key=lambda rule: rule_state_meaning(rule.state).rank)
    return [rule_line(rule, workflow, catalog) for rule in rules]


def rule_line(rule: RuleState, workflow: WorkflowReview, catalog: Catalog) -> str:
    """One rule's state: shape, words, value and threshold in its metric's own unit."""
    unit, currency = rule_unit(rule, catalog), rule_currency(rule, workflow)
    marked = " ⚑ changed after a breach" if rule.marks else ""
    return f"{rule_mark(rule)} {escape_markdown(rule_sentence(rule, unit, currency))}{marked}"


def rule_mark(rule: RuleState) -> str:
    """The coloured shape of a rule's state."""
    words = rule_state_words(rule.state)
    return f":{words.hue}[{words.shape}]"


def rule_unit(rule: RuleState, catalog: Catalog) -> str:
    """The unit of a rule's value and threshold: that of the metric its condition begins with."""
    metric = catalog.get(_metric_of(rule))
    return metric.unit if metric else "money" if _metric_of(rule) == COST else "count"


def _metric_of(rule: RuleState) -> str:
    return (rule.when.split() or [""])[0]


def currency_of(workflow: WorkflowReview, metric: str = COST) -> str | None:
    """The currency of a metric's amounts, where its review names one; else that of the cost."""
    changes = ((p.proxy, p.proxy_change, p.outcome, p.outcome_change) for p in workflow.pairs)
    for proxy, of_proxy, outcome, of_outcome in changes:
        for name, change in ((proxy, of_proxy), (outcome, of_outcome)):
            if name == metric and change.currency:
                return change.currency
    return workflow.cost.currency if workflow.cost else None


def rule_currency(rule: RuleState, workflow: WorkflowReview) -> str | None:
    """The currency of a rule's value and threshold."""
    return currency_of(workflow, _metric_of(rule))


def _change(metric_id: str, change: Change, workflow: WorkflowReview, catalog: Catalog) -> str:
    """'Close rate 20.1 % → 13.5 %, −33 % (22–42 %)'."""
    metric = catalog.get(metric_id)
    label = escape_markdown(metric.label if metric else metric_id)
    if metric is None or (change.relative is None and not is_from_none(change)):
        return fact(label, untold_words(change))
    currency = currency_of(workflow, metric_id)
    values = ""
    if change.current_value is not None and change.baseline_value is not None:
        before = metric_value(change.baseline_value, metric.unit, currency)
        values = f"{before} → {metric_value(change.current_value, metric.unit, currency)}{a_week(metric)}, "
    span = interval(change.low, change.high)
    figure = untold_words(change) if change.relative is None else signed_percent(change.relative)
    words = f"{values}{figure}" + (f" ({span})" if span else "")
    return fact(label, escape_markdown(words))
