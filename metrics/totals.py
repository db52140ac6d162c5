"""Where a workflow's volume is its proxy, an outcome per unit falls by arithmetic: what its total did, what was missed.

The total is counted by the week of the event, whatever it comes from. What was missed is told against it: of a volume
that was enlarged only as much can be missed as the volume of the baseline would have brought.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import RateTable
from leadline.metrics.measures.outcomes import CountMeasure, RateMeasure
from leadline.metrics.measures.proxies import VolumeMeasure
from leadline.metrics.measures.span import Measure
from leadline.metrics.recorded_since import from_recording_start
from leadline.metrics.statistics.maturity import by_calendar_week
from leadline.metrics.statistics.outcomes import Tally
from leadline.metrics.statistics.weekly_counts import weekly_cohorts


def volume_of(outcome: Metric, proxies: Iterable[Measure]) -> VolumeMeasure | None:
    """The proxy that counts the units of an outcome per unit, where one is watched."""
    if outcome.kind not in ("rate", "value"):
        return None
    volumes = (
        proxy for proxy in proxies if isinstance(proxy, VolumeMeasure) and proxy.metric.kind == "volume"
    )
    return next((proxy for proxy in volumes if proxy.metric.entity == outcome.entity), None)


def totals(outcomes: Mapping[str, RateMeasure], proxies: Iterable[Measure]) -> dict[str, CountMeasure]:
    """Of each outcome whose volume is a proxy, its events a week."""
    watched = list(proxies)
    return {name: _total(o) for name, o in outcomes.items() if volume_of(o.metric, watched) is not None}


def _total(counted: RateMeasure) -> CountMeasure:
    events = by_calendar_week(counted.table.cohorts.events, 0).sum(axis=0, keepdims=True)
    cohorts = weekly_cohorts(events)
    table = RateTable(
        ("all",), cohorts, 0, counted.table.scale * float(cohorts.entered[0, 0]), counted.table.currencies
    )
    total = CountMeasure.of(counted.metric, table, counted.span, reported=counted.reported)
    return from_recording_start(total)[0]


def against_total(tally: Tally, volume: VolumeMeasure, first: int, week: int) -> Tally:
    """A tally of the cohorts first..week, as if no more had been entered than the baseline's volume."""
    own = volume.yardstick.tally(first, week)
    if own.observed <= own.expected:
        return tally
    share = own.expected / own.observed
    return replace(
        tally,
        expected=tally.expected * share,
        squares=tally.squares * share**2,
        clumped=tally.clumped * share**2,
        doubt=tally.doubt + own.doubt,
    )
