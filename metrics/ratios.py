"""A sum for each of what happens: the amounts of a week beside what they can have led to in it.

What is spent this week brings its appointments weeks later: where the rows that are counted belong to units of another
template, an amount is set against the weeks in which those come, as late after it as they came after their units in the
baseline. A budget that doubles overnight is then no rise of the cost.

A ratio of which less is better is judged by its inverse, what happens for each amount: counts vary by chance, amounts
are decided. Amounts are told in multiples of what one event cost in the baseline, so that a rate is 1 there; a ratio of
which more is better is one of amounts that repeat, in multiples of sum(x^2) / sum(x) (`cohorts.rate_table`).

A mean is told in multiples of var(x) / mean(x): how many rows there are says nothing of it, so that only the amounts
themselves vary, and their sum then varies as a count of such multiples does (quasi-likelihood, Wedderburn 1974,
doi 10.1093/biomet/61.3.439).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import (
    UNKNOWN,
    AmountTable,
    Calendar,
    RateTable,
    amount_table,
    laid_by_segment,
    rate_table,
    segment_rows,
    volume_table,
)
from leadline.metrics.statistics.maturity import Cohorts, baseline_hazards
from leadline.metrics.statistics.weekly_counts import DAYS, weekly_cohorts

Floats = NDArray[np.float64]
ALL = ("all",)
COVERED = 0.9
"""share of the amounts behind a week's events that must be known for the week to be compared"""

LEAST_SPREAD = 0.01
"""variance of amounts, in squares of their mean, below which they are taken to be measured no better"""


@dataclass(frozen=True, eq=False)
class RatioTable(RateTable):
    """As a rate is counted; `amounts` are the sums and what they are for each of, [C]."""

    amounts: AmountTable = field(kw_only=True)
    delays: Floats = field(default_factory=lambda: np.ones(1), kw_only=True)
    """[A] share of what is counted that comes so many weeks after its amounts"""


def sum_table(
    warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar, baseline: tuple[int, int]
) -> RateTable:
    """A sum a week, in the currency that leads by the end of the baseline, as a count of typical amounts."""
    found = amount_table(warehouse, metric, workflow, calendar, baseline[1])
    typical = _typical(found, baseline)
    cohorts = weekly_cohorts(found.amounts[None] / typical)
    return RateTable(ALL, cohorts, 0, DAYS * typical, found.currencies)


def ratio_table(
    warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar, baseline: tuple[int, int]
) -> RatioTable:
    """The parts of a ratio, in the currency of its sum that leads by the end of the baseline."""
    total, per, *delay = metric.parts
    sums = amount_table(warehouse, total, workflow, calendar, baseline[1])
    if per.kind == "volume":
        counts = volume_table(warehouse, per, workflow, calendar)
    else:
        counts = amount_table(warehouse, per, workflow, calendar, baseline[1]).amounts
    delays = _delays(warehouse, delay[0], workflow, calendar, baseline) if delay else np.ones(1)
    return laid_out(sums, counts, delays, baseline, metric.higher_is_better)


def mean_table(
    warehouse: Warehouse,
    metric: Metric,
    workflow: str,
    calendar: Calendar,
    baseline: tuple[int, int],
    segment: str = "",
) -> RatioTable:
    """The rows of a mean and their amounts, in the currency that leads by the end of the baseline. `segment`: the
    column it is stratified by, where its rows have it."""
    whole = spread_out(amount_table(warehouse, metric, workflow, calendar, baseline[1]), baseline)
    if not segment:
        return whole
    found = split_by(warehouse, metric, whole, workflow, calendar, baseline, segment)
    return found if isinstance(found, RatioTable) else whole


def spread_out(found: AmountTable, baseline: tuple[int, int]) -> RatioTable:
    """Amounts [C] as a rate of the rows that they are the mean of."""
    scale = _spread(found, baseline)
    cohorts = Cohorts(found.units[None], found.amounts[None, :, None] / scale, repeats=True)
    return RatioTable(ALL, cohorts, 0, scale, found.currencies, amounts=found)


def laid_out(
    sums: AmountTable, counts: Floats, delays: Floats, baseline: tuple[int, int], higher_is_better: bool
) -> RatioTable:
    """Sums and counts [C] as a rate. delays [A]: share of the counts that come so many weeks after their amounts;
    weeks of which too little is known are left out."""
    amounts, covered = _when_due(sums.amounts, delays)
    is_known = covered >= COVERED
    amounts, counts = np.where(is_known, amounts, 0.0), np.where(is_known, counts, 0.0)
    told = replace(sums, units=counts, amounts=amounts)
    own = slice(baseline[0], baseline[1] + 1)
    if higher_is_better:
        scale = _typical(sums, baseline)
        entered, events = counts, amounts / scale
    else:
        happened = float(counts[own].sum())
        scale = float(amounts[own].sum()) / happened if happened > 0 else 1.0
        entered, events = amounts / (scale or 1.0), counts
    cohorts = Cohorts(entered[None], events[None, :, None], repeats=True)
    return RatioTable(ALL, cohorts, 0, scale, sums.currencies, amounts=told, delays=delays)


def split_by(
    warehouse: Warehouse,
    metric: Metric,
    table: RateTable,
    workflow: str,
    calendar: Calendar,
    baseline: tuple[int, int],
    dimension: str,
) -> RateTable | str:
    """A sum, a mean or a sum for each, counted as `table` is, by the segments of a dimension; or the template whose
    rows carry none. What is told of a sum for each is the sum of one, whichever way it is judged."""
    sides = [segment_rows(warehouse, part, workflow, calendar, dimension) for part in metric.parts[:2]]
    for part, rows in zip(metric.parts, sides, strict=False):
        if rows and all(row.segment == UNKNOWN for row in rows):
            return part.sources[-1]
    names, newcomers, laid = laid_by_segment(sides, calendar, baseline)
    units, amounts = laid[0]
    if metric.kind == "sum":
        # the table's scale is of a day's
        return replace(table, segments=names, cohorts=weekly_cohorts(amounts / (table.scale / DAYS)))
    if isinstance(table, RatioTable) and len(laid) > 1:
        units = laid[1][1] if laid[1][1].any() else laid[1][0]
        _, covered = _when_due(amounts.sum(axis=0), table.delays)
        due = np.array([np.convolve(each, table.delays)[: calendar.weeks] for each in amounts])
        known = covered >= COVERED
        amounts, units = due * known / np.where(known, covered, 1.0), units * known
    cohorts = Cohorts(units, amounts[:, :, None] / table.scale, repeats=True)
    return replace(table, segments=names, cohorts=cohorts, newcomers=newcomers)


def _typical(found: AmountTable, baseline: tuple[int, int]) -> float:
    """The amount in whose multiples the sum of the baseline varies as a count does."""
    own = slice(baseline[0], baseline[1] + 1)
    total = float(found.amounts[own].sum())
    return float(found.squares[own].sum()) / total if total > 0 else 1.0


def _spread(found: AmountTable, baseline: tuple[int, int]) -> float:
    """Variance of the baseline's amounts in multiples of their mean; that of amounts that hardly differ is bounded."""
    own = slice(baseline[0], baseline[1] + 1)
    units, amounts, squares = (float(side[own].sum()) for side in (found.units, found.amounts, found.squares))
    if units <= 0 or amounts <= 0:
        return 1.0
    mean = amounts / units
    return max(squares / units - mean**2, LEAST_SPREAD * mean**2) / mean


def _delays(
    warehouse: Warehouse, units: Metric, workflow: str, calendar: Calendar, baseline: tuple[int, int]
) -> Floats:
    """[A] share of the events that come so many weeks after their units, in the baseline."""
    table = rate_table(warehouse, units, workflow, calendar, "", baseline)
    curve = baseline_hazards(table.cohorts, *baseline).curve
    return np.diff(curve, prepend=0.0) if table.cohorts.events.any() else np.ones(1)


def _when_due(amounts: Floats, delays: Floats) -> tuple[Floats, Floats]:
    """[C] amounts in the weeks in which their events come, and how much of what is behind a week is known. Before its
    first week an amount is not recorded: what was recorded is then taken for the whole."""
    paid = np.flatnonzero(amounts)
    recorded = np.arange(amounts.size) >= (paid[0] if paid.size else 0)
    due, covered = (np.convolve(side, delays)[: amounts.size] for side in (amounts, recorded.astype(float)))
    return np.divide(due, covered, out=np.zeros_like(due), where=covered > 0), covered
