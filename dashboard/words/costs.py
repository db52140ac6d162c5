"""What a drift has cost: in money where that is known, and in what is missing ('about 41 deals fewer')."""

from __future__ import annotations

from leadline.dashboard.words.changes import Catalog, built_in, metric_label, units_words
from leadline.dashboard.words.formats import (
    counted,
    money,
    money_interval,
    number,
    one_line,
)
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import (
    Cost,
)

_COUNTABLE = ("{change} fewer ", "{change} more ")
"""how a change is told that may as well be told in units"""


def cost_sentence(cost: Cost | None, catalog: Catalog | None = None) -> str:
    """'The drift has cost about €402k (€255k–540k), about 41 deals fewer (26–55), counted on close rate.'"""
    if cost is None:
        return ""
    metrics = built_in() if catalog is None else catalog
    counted_on = f", counted on {metric_label(cost.outcome, metrics)}" if cost.outcome in metrics else ""
    verb = "means" if cost.value is None else "has cost about"
    return f"The drift {verb} {cost_words(cost, metrics)}{counted_on}."


def cost_words(cost: Cost, catalog: Catalog | None = None) -> str:
    """'€402k (€255k–540k), about 41 deals fewer (26–55)'; of an outcome that is money, the money alone. Never a figure
    without its interval."""
    metrics = built_in() if catalog is None else catalog
    span = (
        f"{number(cost.low)} to {number(cost.high)}"
        if cost.low < 0
        else f"{number(cost.low)}–{number(cost.high)}"
    )
    count = round(cost.units)
    event, metric = events_metric(cost.outcome, metrics), metrics.get(cost.outcome)
    if metric is not None and metric.is_money and cost.value is not None:
        return f"{money(cost.value, cost.currency)} ({money_interval(cost.value_low, cost.value_high, cost.currency)})"
    if metric is not None and metric.missing is not None:
        units = f"about {number(count)} {cost_unit(cost, metrics)} fewer ({span})"
    elif event is not None:
        units = f"about {units_words(event, count)} fewer ({span})"
    else:
        units = f"{_missed(metric, count)} ({span})"
    if cost.value is None:
        return units
    value_span = money_interval(cost.value_low, cost.value_high, cost.currency)
    return f"{money(cost.value, cost.currency)} ({value_span}), {units}"


def _missed(metric: Metric | None, count: int) -> str:
    """'about 24 fewer reviews pass': of a rate the units are there, without what should come of them; of a ratio they
    are what happens: 'about 24 qualified leads fewer'."""
    if metric is None:
        return f"about {counted(count, 'outcome')} fewer"
    if metric.kind == "rate" and count != 1 and metric.worse.startswith(_COUNTABLE):
        return metric.worse.replace("{change}", f"about {number(count)}")
    before = (
        f" than at the earlier {metric_label(metric.id, {metric.id: metric})}"
        if metric.kind == "rate"
        else ""
    )
    return f"about {units_words(metric, count)} fewer{before}"


def cost_unit(cost: Cost, catalog: Catalog | None = None) -> str | None:
    """What the missed units are: 'deals'; of an outcome that is an amount, its currency or the column's name."""
    metrics = built_in() if catalog is None else catalog
    metric = events_metric(cost.outcome, metrics) or metrics.get(cost.outcome)
    if metric is not None and metric.missing is not None:
        return cost.currency if metric.is_money else metric.missing.amount.replace("_", " ")
    return one_line(metric.entity) if metric else None


def events_metric(outcome: str, catalog: Catalog) -> Metric | None:
    """The metric that counts an outcome's events in a week: itself or, of a rate, its total; None where none does."""
    metric = catalog.get(outcome)
    if metric is None or metric.kind == "volume":
        return metric
    return catalog.get(metric.total or "")
