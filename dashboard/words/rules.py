"""Stopping rules in plain words: 'close_rate < 15% for 2 weeks' -> 'Close rate below 15 % for 2 weeks'."""

from __future__ import annotations

import re
from decimal import Decimal

from leadline.dashboard.words.changes import Catalog, built_in
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import (
    amount,
    counted,
    metric_value,
    number,
    one_line,
    percent,
    within_a_sentence,
)
from leadline.metrics.agreement.conditions import UnclearError, parse_condition
from leadline.metrics.charter_terms import CHECKPOINT_MISSED, Condition
from leadline.metrics.results import RuleState

_LINE = re.compile(
    r"(?P<when>.+?)(?P<rest>(?: for \d+ weeks?)?(?: on [\d,]+ units? or more)?(?:, then \w+)?)"
)
_SAMPLE = re.compile(r" on ([\d,]+) units?")
_LEVELS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
_BESIDE_BASELINE = {
    ("<", -1): "more than {change} below its baseline",
    ("<", 0): "below its baseline",
    ("<", 1): "less than {change} above its baseline",
    ("<=", -1): "{change} or more below its baseline",
    ("<=", 0): "at or below its baseline",
    ("<=", 1): "at most {change} above its baseline",
    (">", -1): "less than {change} below its baseline",
    (">", 0): "above its baseline",
    (">", 1): "more than {change} above its baseline",
    (">=", -1): "at most {change} below its baseline",
    (">=", 0): "at or above its baseline",
    (">=", 1): "{change} or more above its baseline",
}


def as_counted(rule: RuleState, unit: str = "count", currency: str | None = None) -> str:
    """' in the baseline's season and mix, 62.5 % as counted'; '' where that is the same figure."""
    if rule.value is None or rule.counted is None:
        return ""
    value, counted_ = (metric_value(amount, unit, currency) for amount in (rule.value, rule.counted))
    return "" if value == counted_ else f" in the baseline's season and mix, {counted_} as counted"


def rule_called(when: str, rule: str, catalog: Catalog | None = None) -> str:
    """'drifting', 'close rate below 15 %': what people call a rule with this condition; its id where today's metrics
    don't explain the condition."""
    metrics = built_in() if catalog is None else catalog
    found = _LINE.fullmatch(one_line(when))
    try:
        condition = parse_condition(found["when"], metrics, tuple(metrics)) if found else None
    except UnclearError:
        condition = None
    if condition is None:
        return one_line(rule)
    if condition.verdict is not None and condition.verdict != CHECKPOINT_MISSED:
        return verdict_words(condition.verdict).word.lower()
    return within_a_sentence(_condition(condition, metrics))


def rule_in_words(line: str, catalog: Catalog) -> str:
    """A rule as `rule_line` writes it, or only its condition; as it stands where today's metrics don't explain it."""
    found = _LINE.fullmatch(one_line(line))
    if found is None:
        return one_line(line)
    try:
        condition = parse_condition(found["when"], catalog, tuple(catalog))
    except UnclearError:
        return one_line(line)
    rest = _SAMPLE.sub(
        lambda sample: f" on {counted(int(sample[1].replace(',', '')), 'unit')}", found["rest"]
    )
    return f"{_condition(condition, catalog)}{rest}"


def _condition(condition: Condition, catalog: Catalog) -> str:
    if condition.verdict == CHECKPOINT_MISSED:
        return "A checkpoint is missed"
    if condition.verdict is not None:
        return f"Verdict “{verdict_words(condition.verdict).word.lower()}”"
    if condition.metric is None or condition.comparison is None:
        raise ValueError(f"a condition on nothing: {condition.text}")
    metric = catalog.get(condition.metric)
    label = one_line(metric.label) if metric else "Cost of the drift"
    if condition.relative is not None:
        side = (condition.relative > 0) - (condition.relative < 0)
        change = _exact_percent(abs(condition.relative))
        return f"{label} {_BESIDE_BASELINE[condition.comparison, side].replace('{change}', change)}"
    level = _exactly(condition.number or 0.0, metric.unit if metric else "money", condition.currency)
    return f"{label} {_LEVELS[condition.comparison]} {level}"


def _exactly(value: float, unit: str, currency: str | None) -> str:
    """A threshold with every digit that was agreed."""
    if unit == "share":
        return _exact_percent(value)
    if unit == "minutes":
        for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
            if value and value % size == 0:
                return f"{number(value / size)} {word}{'' if value == size else 's'}"
        return f"{number(value, _decimals(value))} minutes"
    if unit == "money":
        return amount(value, currency)
    return number(value, _decimals(value))


def _exact_percent(share: float) -> str:
    return percent(share, _decimals(share * 100))


def _decimals(value: float) -> int:
    """Places behind the decimal mark that say something, four at most."""
    exponent = Decimal(f"{value:.4f}").normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
