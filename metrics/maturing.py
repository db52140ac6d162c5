"""How cohorts mature: of what entered in a week, the share that has come through by each age, as far as it is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import ONE_WEEK, Calendar, RateTable, monday, rate_table
from leadline.metrics.results import WorkflowReview

Floats = NDArray[np.float64]
COHORTS = 40


@dataclass(frozen=True)
class Maturing:
    """Cumulative values by week of entry and age in weeks, in the metric's own unit; None where not known yet."""

    metric: str
    weeks: tuple[dt.date, ...]
    """Mondays, oldest first"""
    ages: tuple[int, ...]
    """0 is the week of entry"""
    reached: tuple[tuple[float | None, ...], ...]
    """one row a week, one entry an age"""
    units: tuple[int, ...]
    """what entered, by week"""
    baseline: tuple[float | None, ...]
    """the same of all cohorts of the baseline together"""


def maturing(
    table: RateTable, metric: str, first: dt.date, week: int, baseline: tuple[int, int], most: int = COHORTS
) -> Maturing:
    """The newest `most` cohorts as known at the end of `week`. `first`: the Monday of the table's week 0.

    `baseline`: its first and last week, by position.
    """
    known = table.cohorts.known_at(week)
    entered: Floats = known.entered.sum(axis=0)[: week + 1]
    events: Floats = known.events.sum(axis=0)[: week + 1]
    ages = events.shape[1]
    cumulative = table.scale * np.cumsum(events, axis=1)
    # age a of cohort c is over at the end of week c + a
    is_known = np.arange(week + 1)[:, None] + np.arange(ages)[None, :] <= week
    shown = range(max(week + 1 - most, 0), week + 1)
    return Maturing(
        metric=metric,
        weeks=tuple(first + at * ONE_WEEK for at in shown),
        ages=tuple(range(ages)),
        reached=tuple(
            tuple(_share(cumulative[c, a], entered[c]) if is_known[c, a] else None for a in range(ages))
            for c in shown
        ),
        units=tuple(int(entered[c]) for c in shown),
        baseline=_pooled(cumulative, entered, is_known, baseline),
    )


def _pooled(
    cumulative: Floats, entered: Floats, is_known: NDArray[np.bool_], baseline: tuple[int, int]
) -> tuple[float | None, ...]:
    pick = slice(baseline[0], baseline[1] + 1)
    found = []
    for age in range(cumulative.shape[1]):
        known = is_known[pick, age]
        found.append(_share(cumulative[pick, age][known].sum(), entered[pick][known].sum()))
    return tuple(found)


def _share(events: np.float64 | float, entered: np.float64 | float) -> float | None:
    return float(events) / float(entered) if entered > 0 else None


def workflow_maturing(warehouse: Warehouse, metric: Metric, workflow: WorkflowReview) -> Maturing | None:
    """Of one outcome of a reviewed workflow, with what its review knew; None for a metric that doesn't mature."""
    if metric.kind not in ("rate", "value") or metric.within_weeks == 0:
        return None
    first, last = workflow.baseline
    calendar = Calendar.spanning(min(first, last), workflow.complete_through)
    span = (calendar.position(first), min(calendar.position(last), calendar.weeks - 1))
    table = rate_table(warehouse, metric, workflow.workflow, calendar, "", span)
    return maturing(table, metric.id, monday(calendar.first), calendar.weeks - 1, span)
