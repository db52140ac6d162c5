"""Counts by segment at a week end → where each outcome's change comes from, by every dimension of the charter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.cohorts import RateTable, rate_table
from leadline.metrics.findings import Reversal
from leadline.metrics.measures.outcomes import RateMeasure, RatioMeasure
from leadline.metrics.ratios import split_by
from leadline.metrics.results import Breakdown, SegmentPart
from leadline.metrics.statistics.breakdown import (
    Cells,
    Counts,
    Floats,
    decompose,
    reversal,
    segment_tests,
    survivors,
    two_sided,
)
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS
from leadline.metrics.statistics.mix import relative_error
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.season import without_season

TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Split:
    """One outcome counted by one dimension. entered [S, C]; the rest as in `statistics.breakdown`."""

    outcome: str
    dimension: str
    segments: tuple[str, ...]
    entered: Floats
    cells: Cells
    before: Counts


@dataclass(frozen=True)
class Unsplit:
    """Why an outcome can't be split by a dimension: rows of a template that it rests on carry none."""

    outcome: str
    dimension: str
    template: str


def splits(
    warehouse: Warehouse, charter: Charter, outcomes: Mapping[str, RateMeasure]
) -> tuple[Split | Unsplit, ...]:
    """Every outcome by every dimension of the charter, counted once for all weeks."""
    return tuple(
        _split(warehouse, charter, name, counted, dimension)
        for name, counted in outcomes.items()
        for dimension in charter.segments
    )


def _split(
    warehouse: Warehouse, charter: Charter, outcome: str, counted: RateMeasure, dimension: str
) -> Split | Unsplit:
    model, span, table = counted.model, counted.span, counted.table
    if counted.metric.kind == "pairs":  # two of a pair may be of different segments
        return Unsplit(outcome, dimension, "")
    if counted.metric.kind in ("mean", "sum", "ratio"):
        weeks = (span.first, span.last)
        found = split_by(warehouse, counted.metric, table, charter.workflow, span.calendar, weeks, dimension)
        if isinstance(found, str):
            return Unsplit(outcome, dimension, found)
        if isinstance(counted, RatioMeasure) and counted.is_inverse:
            model = replace(model, season=without_season())  # which is that of the inverse
        return _told(outcome, dimension, replace(found, cohorts=counted.laid_out(found.cohorts)), model)
    if dimension == charter.segments[0]:  # what evidence is stratified by has been counted already
        return _told(outcome, dimension, replace(table, cohorts=counted.laid_out(table.cohorts)), model)
    weeks = (span.first, span.last)
    table = rate_table(warehouse, counted.metric, charter.workflow, span.calendar, dimension, weeks)
    return _told(outcome, dimension, replace(table, cohorts=counted.laid_out(table.cohorts)), model)


def _told(outcome: str, dimension: str, table: RateTable, model: OutcomeModel) -> Split:
    """Newcomers included: what the baseline never saw is a change of the mix."""
    cells = model.cells_of(table.cohorts)
    before = cells.since(model.first, model.last)
    return Split(outcome, dimension, table.segments, table.cohorts.entered, cells, before)


def breakdowns(
    found: Sequence[Split | Unsplit],
    outcomes: Mapping[str, RateMeasure],
    drifting: Mapping[str, int],
    week: int,
) -> tuple[Breakdown, ...]:
    """What is told at the end of `week`. `drifting`: outcome → first week of a drift whose alarm stands; the cohorts
    since then are compared with the baseline, without an alarm those of the last half year."""
    told = []
    for split in found:
        if isinstance(split, Unsplit):
            continue
        counted = outcomes[split.outcome]
        first = max(counted.span.deployed, week - LOOK_BACK_WEEKS + 1)
        first = drifting.get(split.outcome, first)
        if week >= first:
            told.append(_breakdown(split, counted, first, week))
    return tuple(b for b in told if b is not None)


def _breakdown(split: Split, counted: RateMeasure, first: int, week: int) -> Breakdown | None:
    model, now = counted.model, split.cells.since(first, week)
    found = decompose(split.before, now)
    if found is None:
        return None
    weeks = (model.baseline_weeks, week - first + 1)
    clear = survivors(two_sided(segment_tests(split.before, now, model.dispersion, weeks)))
    unit = model.baseline.final_rate * counted.table.scale
    rates, shares = (found.rate_before, found.rate_now), (found.share_before, found.share_now)
    entered = split.entered[:, first : week + 1].sum(axis=1)
    if model.cohorts.of_time:  # of a count a segment has no rate: it has a part of the total
        rates = (rates[0] * shares[0], rates[1] * shares[1])
        shares = (rates[0] / max(found.before, TINY), rates[1] / max(found.now, TINY))
        entered = now.events
    parts = [
        SegmentPart(
            name=name,
            units=int(entered[s]),
            share_before=float(shares[0][s]),
            share_now=float(shares[1][s]),
            rate_before=_rate(rates[0][s], unit),
            rate_now=_rate(rates[1][s], unit),
            mix_effect=unit * float(found.mix[s]),
            rate_effect=unit * float(found.rate[s]),
            clear=bool(clear[s]),
        )
        for s, name in enumerate(split.segments)
        if shares[0][s] > 0 or shares[1][s] > 0
    ]
    parts.sort(key=lambda part: (-abs(part.mix_effect + part.rate_effect), part.name))
    return Breakdown(
        outcome=split.outcome,
        dimension=split.dimension,
        since=counted.span.calendar.start(first),
        before=unit * found.before,
        now=unit * found.now,
        total=unit * found.total,
        mix=unit * float(found.mix.sum()),
        rate=unit * float(found.rate.sum()),
        parts=tuple(parts),
        reversal=_reversal(counted, split.dimension, reversal(found, split.before, now)),
        mix_error=relative_error(split.before, now, found, model.dispersion, weeks),
    )


def _rate(value: np.float64, unit: float) -> float | None:
    return unit * float(value) if math.isfinite(value) else None


def _reversal(counted: RateMeasure, dimension: str, direction: int) -> Reversal | None:
    return Reversal(counted.metric.label, dimension, direction > 0) if direction else None
