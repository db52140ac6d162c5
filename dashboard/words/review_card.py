"""What a card says, as Markdown ready to show: a result in, escaped text out. No Streamlit here.

Everything that came from a file or a charter goes through `escape_markdown`; the Markdown around it is ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import rule_state_words, verdict_words
from leadline.dashboard.words.costs import cost_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    day,
    money,
    money_interval,
    one_line,
    shortened,
)
from leadline.dashboard.words.levels import Effect, levels, side_name
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.verdicts import rule_sentence, statement
from leadline.metrics.agreement.conditions import COST
from leadline.metrics.due import checkpoint
from leadline.metrics.results import Cost, RuleState, WorkflowReview
from leadline.metrics.rule_states import rule_state_meaning
from leadline.metrics.verdicts import Verdict, meaning


@dataclass(frozen=True)
class Figure:
    """One number that a room reads, as plain text."""

    label: str
    value: str
    told: str
    """beside it: 'was 20 of 100', 'likely €687k–1.2m'"""
    span: str
    """its likely range, where `told` is not that already"""
    effect: Effect


@dataclass(frozen=True)
class Card:
    """One workflow on the weekly review. Texts are Markdown, but those of its figures."""

    badge: str
    statement: str
    due: str
    figures: tuple[Figure, ...]
    """outcome, proxy and cost of the deciding pair, as far as there are any"""
    facts: str
    """rules, owner and checkpoint, one a line"""


def card(workflow: WorkflowReview, catalog: Catalog, then: dt.date | None = None) -> Card:
    """The card of one workflow, told by its deciding pair; `then`: the day of a review that is looked back at."""
    facts = rule_lines(workflow, catalog) or [fact("Rules", "none agreed")]
    owner = fact("Owner", escape_markdown(shortened(one_line(workflow.owner), NAME_LETTERS)))
    planned = checkpoint(workflow)
    checked = f" · {fact('Next checkpoint', escape_markdown(day(planned)))}" if planned else ""
    return Card(
        badge=badge(workflow.verdict),
        statement=escape_markdown(statement(workflow, catalog, then)),
        due=escape_markdown(action_due(workflow, catalog)),
        figures=tuple(figures(workflow, catalog)),
        facts="  \n".join([*facts, f"{owner}{checked}"]),
    )


def figures(workflow: WorkflowReview, catalog: Catalog) -> Iterator[Figure]:
    """Outcome, proxy, cost: what got worse, what looks better, what it costs."""
    if pair := workflow.lead_pair:
        for metric_id, change in ((pair.outcome, pair.outcome_change), (pair.proxy, pair.proxy_change)):
            metric = catalog.get(metric_id)
            label = shortened(side_name(workflow, metric_id), NAME_LETTERS)
            unit = metric.unit if metric else "count"
            found = levels(change, unit, metric, currency_of(workflow, metric_id))
            yield Figure(label, found.now, found.before, found.span, found.effect)
    if workflow.cost is not None and meaning(workflow.verdict).has_cost:
        yield cost_figure(workflow.cost, catalog)


def cost_figure(cost: Cost, catalog: Catalog) -> Figure:
    """'€932k, likely €687k–1.2m'; where no money is known, the units that are missing."""
    words = cost_words(cost, catalog)
    if cost.value is None:
        return Figure("Cost so far", words.partition(" (")[0].removeprefix("about "), "", "", "")
    span = money_interval(cost.value_low, cost.value_high, cost.currency)
    return Figure("Cost so far", money(cost.value, cost.currency), f"likely {span}", "", "")


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
    return f"{rule_mark(rule)} {escape_markdown(rule_sentence(rule, unit, currency, catalog))}{marked}"


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
