"""Before a metric is there: its last half year in one workflow, what it would say, what a rule on it could promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.conditions import parse_condition
from leadline.metrics.charter_terms import Charter, StoppingRule
from leadline.metrics.findings import Fact
from leadline.metrics.landed_words import Mismatch, ShortHistory, mismatches, short_history
from leadline.metrics.measures.measure import currency_of, measure
from leadline.metrics.measures.outcomes import CountMeasure, RateMeasure, RatioMeasure
from leadline.metrics.measures.proxies import AmountMeasure, DurationMeasure, VolumeMeasure
from leadline.metrics.measures.span import Measure
from leadline.metrics.pairs import told_change
from leadline.metrics.promises import study_of_landed
from leadline.metrics.results import Change

WEEKS = 26
DRAFTED = "drafted"
FALL = 20
"""per cent below its baseline at which the rule on a value breaches that a promise is told of"""


@dataclass(frozen=True)
class MetricPreview:
    """A metric in one workflow, week by week; nothing where nothing that it counts has landed."""

    weeks: tuple[dt.date, ...] = ()
    """Mondays, at most WEEKS, oldest first"""
    values: tuple[float | None, ...] = ()
    """what is known of the units of that week alone, in the metric's own unit"""
    levels: tuple[float | None, ...] = ()
    """of the last four weeks, units that are not done yet as they can be expected to end"""
    is_open: tuple[bool, ...] = ()
    """whether units of that week can still have their event"""
    units: tuple[int, ...] = ()
    """of that week alone"""
    change: Change | None = None
    """since the deployment"""
    currency: str | None = None
    no_baseline: Fact | None = None
    """why nothing can be compared"""
    mismatches: tuple[Mismatch, ...] = ()
    too_short: ShortHistory | None = None

    @property
    def units_a_week(self) -> float:
        return sum(self.units) / len(self.units) if self.units else 0.0


def alone(charter: Charter, metric: Metric, catalog: Mapping[str, Metric]) -> Charter:
    """A charter with that metric as its only outcome, with its proxies and rules on drift and on its level; or as
    its only proxy."""
    watched = {metric.id: metric}
    is_outcome = metric.role == "outcome"
    side = f"< baseline - {FALL}%" if metric.higher_is_better else f"> baseline + {FALL}%"
    conditions = {"drift": "diverging"} if charter.proxies else {}
    conditions["level"] = f"{metric.id} {side}"
    parsed = {
        name: parse_condition(when, {**catalog, **watched}, watched) for name, when in conditions.items()
    }
    rules = tuple(
        StoppingRule(name, when, "review", min_sample=when.least_sample) for name, when in parsed.items()
    )
    return replace(
        charter,
        proxies=charter.proxies if is_outcome else (metric.id,),
        outcomes=(metric.id,) if is_outcome else (),
        yardsticks=(),
        segments=(),
        stopping_rules=rules if is_outcome else (),
        source=f"{charter.source}\n{metric}",
    )


def preview_metric(
    warehouse: Warehouse,
    workspace: Workspace,
    charter: Charter,
    metric: Metric,
    catalog: Mapping[str, Metric],
    as_of: dt.date,
) -> MetricPreview:
    """The metric in the workflow of a charter, until the last week that the facts landed by `as_of` tell of."""
    said = MetricPreview(
        mismatches=mismatches(warehouse, metric, charter.workflow),
        too_short=short_history(warehouse, metric, charter.workflow, as_of),
    )
    # counts are kept by a metric's name, which is being typed
    metric = replace(metric, id=DRAFTED, counted_as=DRAFTED)
    whole = {**catalog, metric.id: metric}
    study = study_of_landed(warehouse, workspace, alone(charter, metric, catalog), whole, as_of)
    if study is None:
        return said
    counted = study.outcomes.get(metric.id) or study.proxies.get(metric.id)
    # one that can't be judged is looked at all the same
    shown = counted or measure(warehouse, replace(metric, role="proxy"), charter.workflow, study.span)
    week = study.calendar.weeks - 1
    if not shown.has_data(week):
        return said
    series = shown.series(week)
    lately = slice(-WEEKS, None)
    of_week = _weekly_units(shown, study.calendar.weeks)
    change = shown.change(week) if week >= study.span.deployed and not study.unusable else None
    currency = currency_of(shown)
    return replace(
        said,
        weeks=series.weeks[lately],
        values=series.own_values[lately],
        levels=series.values[lately],
        is_open=tuple(share < 0.995 for share in series.maturity[lately]),
        units=tuple(int(of_week[study.calendar.position(monday)]) for monday in series.weeks[lately]),
        change=None if change is None else told_change(change, currency=currency),
        currency=currency,
        no_baseline=next(iter(study.unusable.values()), None),
    )


def _weekly_units(shown: Measure, weeks: int) -> NDArray[np.float64]:
    """[C] what entered, happened or was summed in each week."""
    if isinstance(shown, AmountMeasure):
        return shown.table.units
    if isinstance(shown, RatioMeasure):
        return shown.table.amounts.units
    if isinstance(shown, VolumeMeasure):
        return shown.counts
    if isinstance(shown, DurationMeasure):
        found = np.zeros(weeks)
        inside = shown.table.day < 7 * weeks
        np.add.at(found, shown.table.day[inside] // 7, shown.table.units[inside])
        return found
    if isinstance(shown, RateMeasure) and shown.metric.kind not in ("volume", "sum"):
        entered: NDArray[np.float64] = shown.table.cohorts.entered.sum(axis=0)
        return entered
    return shown.counts if isinstance(shown, CountMeasure) else np.zeros(weeks)
