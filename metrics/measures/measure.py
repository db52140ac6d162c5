"""One metric of one workflow, counted and compared with its baseline: its change, its weekly value, its line.

Six kinds, one contract. `change(week)` is the change since the deployment, `value(week)` the metric in its own unit
over the last weeks with the units it rests on, `series(week)` the line of the divergence chart; each with what
was known at the end of that week and nothing later.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.brand import coherence_table
from leadline.metrics.cohorts import (
    Currencies,
    amount_table,
    duration_table,
    rate_table,
    volume_table,
)
from leadline.metrics.measures.outcomes import CountMeasure, RateMeasure, RatioMeasure
from leadline.metrics.measures.proxies import AmountMeasure, DurationMeasure, VolumeMeasure
from leadline.metrics.measures.span import Measure, Span
from leadline.metrics.ratios import mean_table, ratio_table, sum_table
from leadline.metrics.reporting_delays import Reported
from leadline.metrics.statistics.weekly_counts import DAYS

Floats = NDArray[np.float64]


def measure(
    warehouse: Warehouse,
    metric: Metric,
    workflow: str,
    span: Span,
    segment: str = "",
    reported: Reported | None = None,
) -> Measure:
    """Count a metric from the facts. `segment`: the column a rate is stratified by; `reported`: how far its events are
    entered."""
    calendar = span.calendar
    if metric.kind == "ratio":
        ratio = ratio_table(warehouse, metric, workflow, calendar, (span.first, span.last))
        if metric.role == "outcome":
            return RatioMeasure.of(metric, ratio, span, reported=reported)
        return AmountMeasure(metric, ratio.amounts, span)
    if metric.kind == "sum":
        table = sum_table(warehouse, metric, workflow, calendar, (span.first, span.last))
        if metric.role == "outcome":
            return CountMeasure.of(metric, table, span, reported=reported)
        return VolumeMeasure(
            metric, table.scale / DAYS * table.cohorts.events.sum(axis=(0, 2)), span, table.currencies
        )
    if metric.kind in ("rate", "value") or (metric.kind == "volume" and metric.role == "outcome"):
        table = rate_table(warehouse, metric, workflow, calendar, segment, (span.first, span.last))
        kind = CountMeasure if metric.kind == "volume" else RateMeasure
        return kind.of(metric, table, span, reported=reported)
    if metric.kind == "pairs":
        pairs = coherence_table(warehouse, metric, workflow, calendar, (span.first, span.last))
        if metric.role == "outcome":
            return RatioMeasure.of(metric, pairs, span, reported=reported)
        return AmountMeasure(metric, pairs.amounts, span)
    if metric.kind == "duration":
        return DurationMeasure(metric, duration_table(warehouse, metric, workflow, calendar), span)
    if metric.kind == "volume":
        return VolumeMeasure(metric, volume_table(warehouse, metric, workflow, calendar), span)
    if metric.role == "outcome":
        means = mean_table(warehouse, metric, workflow, calendar, (span.first, span.last), segment)
        return RatioMeasure.of(metric, means, span, reported=reported)
    return AmountMeasure(metric, amount_table(warehouse, metric, workflow, calendar, span.last), span)


def currencies_of(measure: Measure) -> Currencies | None:
    """Of what a measure sums up; None where it counts."""
    if isinstance(measure, VolumeMeasure):
        return measure.currencies
    return measure.table.currencies if isinstance(measure, RateMeasure | AmountMeasure) else None


def currency_of(measure: Measure) -> str | None:
    """The currency of a measure's values, where they are amounts of money and it is known."""
    currencies = currencies_of(measure)
    return currencies.main if currencies else None
