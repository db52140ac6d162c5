"""What a metric did since its baseline, in the catalog's own words: '33 % fewer leads close (22–42 %)'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from leadline.dashboard.words.formats import (
    base_of,
    counted,
    interval,
    is_unchanged,
    listed,
    magnitude,
    metric_value,
    one_line,
    one_of,
    sentence_case,
    so_many_of,
    within_a_sentence,
)
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.declared.made_words import is_plural
from leadline.metrics.results import (
    Change,
)

Catalog = Mapping[str, Metric]

MANY_TIMES = 9.0
"""a rise to ten times as much and more is told by its two values: hundreds of times a few in a thousand say nothing"""


@cache
def built_in() -> Catalog:
    return load_catalog(None)


def change_phrase(metric_id: str, change: Change, catalog: Catalog, with_interval: bool = True) -> str:
    """A change in the catalog's words, lower case: '33 % fewer leads close (22–42 %)'."""
    metric = catalog.get(metric_id)
    label = metric_label(metric_id, catalog)
    be = "are" if is_plural(label) else "is"
    if change.relative is None:
        if is_from_none(change):
            return f"{label} rose from none to {_level_now(metric, change)}"
        if change.current_value == 0 == change.baseline_value:
            return f"{label} {be} still none"
        return (
            f"it is too early to say how {label} changed" if change.units else f"{label} {be} not known yet"
        )
    span = interval(change.low, change.high) if with_interval else ""
    if metric is not None and not change.is_of_target and change.relative >= MANY_TIMES:
        return f"{label} rose {_rise_of_few(metric, change)}"
    if change.is_of_target and metric is not None:
        phrase = _beside_target(label, metric, change)
    elif is_unchanged(change.relative):
        phrase = f"{label} {be} as {'they were' if be == 'are' else 'it was'}"
    elif metric is None:
        phrase = f"{label} {be} {magnitude(change.relative)} {'higher' if change.relative > 0 else 'lower'}"
    else:
        improved = (change.relative > 0) == metric.higher_is_better
        phrase = (metric.better if improved else metric.worse).replace("{change}", magnitude(change.relative))
    return f"{phrase} ({span})" if span else phrase


def is_from_none(change: Change) -> bool:
    """There was none in the baseline, and for certain there is some now: no multiple of none can be told."""
    return change.relative is None and change.baseline_value == 0 and (change.low or 0.0) > 0.0


def _rise_of_few(metric: Metric, change: Change) -> str:
    """'from next to none to 12 of 100', 'from 2 % to 30 %'."""
    before, none, now = (
        metric_value(value, metric.unit, change.currency)
        for value in (change.baseline_value, 0.0, change.current_value)
    )
    if before == none:
        return f"from next to none to {_level_now(metric, change)}"
    return f"from {before} to {now}{a_week(metric)}"


def _level_now(metric: Metric | None, change: Change) -> str:
    """'12 of 100', '40 a week', '€300'."""
    value = change.current_value
    if metric is None or value is None:
        return "some"
    if metric.unit == "share":
        return so_many_of(value, base_of([value]))
    return f"{metric_value(value, metric.unit, change.currency)}{a_week(metric)}"


def untold_words(change: Change) -> str:
    """In place of a change that nothing tells, or too little yet."""
    if is_from_none(change):
        return "up from none"
    if change.current_value == 0 == change.baseline_value:
        return "still none"
    return "too early to say" if change.units else "not known yet"


def agreeing(label: str, of_one: str, of_many: str) -> str:
    """The words that go with a label as it stands: 'close rate is', 'meetings held are'."""
    return of_many if is_plural(label) else of_one


def _beside_target(label: str, metric: Metric, change: Change) -> str:
    """'close rate is 18.4 %, 32 % below the 27 % that was agreed'."""
    now, agreed = (
        metric_value(value, metric.unit) for value in (change.current_value, change.baseline_value)
    )
    be = agreeing(label, "is", "are")
    if change.relative is None or is_unchanged(change.relative):
        return f"{label} {be} {now}, as was agreed"
    side = "below" if change.relative < 0 else "above"
    return f"{label} {be} {now}, {magnitude(change.relative)} {side} the {agreed} that was agreed"


def change_sentence(metric: Metric, change: Change, currency: str | None = None) -> str:
    """The change with values and units: '33 % fewer leads close (22–42 %): 13 %, was 20 %; 1,450 leads.'"""
    phrase = sentence_case(change_phrase(metric.id, change, {metric.id: metric}))
    values = ""
    told = change.relative is not None and not change.is_of_target
    if told and change.current_value is not None and change.baseline_value is not None:
        now = metric_value(change.current_value, metric.unit, currency)
        before = metric_value(change.baseline_value, metric.unit, currency)
        values = f": {now}, was {before}"
        if a_week(metric):
            ended = " when the baseline ended" if (metric.kind, metric.role) == ("volume", "outcome") else ""
            values = f": {now}{a_week(metric)}, was {before}{ended}"
    return f"{phrase}{values}; {units_words(metric, change.units)}."


def counted_sentence(metric: Metric, change: Change) -> str:
    """A change with nothing taken out of it, and what is out of the one that is told; '' where both are the same.

    'As counted, 43 % fewer leads close (11.6 %, was 20.3 %); what is told is in the baseline's season and mix.'
    """
    found = change.counted
    if found is None or found.now is None or change.relative is None:
        return ""
    was = change.baseline_value if found.before is None else found.before
    if not was:
        return ""
    counted_ = replace(
        change,
        relative=found.now / was - 1.0,
        low=None,
        high=None,
        current_value=found.now,
        baseline_value=was,
    )
    told, plain = (
        (magnitude(each.relative or 0.0), *_both_values(metric, each)) for each in (change, counted_)
    )
    if told == plain:
        return ""
    values = "" if change.is_of_target else f" ({plain[2]}, was {plain[1]})"
    phrase = change_phrase(metric.id, counted_, {metric.id: metric})
    return f"As counted, {phrase}{values}; what is told is in the baseline's {listed(found.taken_out)}."


def _both_values(metric: Metric, change: Change) -> tuple[str, str]:
    before, now = (
        "" if value is None else f"{metric_value(value, metric.unit, change.currency)}{a_week(metric)}"
        for value in (change.baseline_value, change.current_value)
    )
    return before, now


def a_week(metric: Metric) -> str:
    """' a week' behind a value that is one."""
    return " a week" if metric.kind in ("volume", "sum") else ""


def units_words(metric: Metric, units: int) -> str:
    """'1,450 leads'; the singular of the usual plurals where there is one."""
    entity = one_line(metric.entity)
    return counted(units, one_of(entity), entity)


def segment_words(segment: str) -> str:
    """'channel=referral' -> 'channel “referral”'."""
    column, _, value = one_line(segment).partition("=")
    return f"{column} “{value}”" if value else column


def metric_label(metric_id: str, catalog: Catalog) -> str:
    metric = catalog.get(metric_id)
    text = one_line(metric.label if metric else metric_id.replace("_", " "))
    return within_a_sentence(text)
