"""Versions of a prompt, a model, a brief template or an objective: did what entered since do better than under the
one before?

Answered as a decision is: at each week's end what entered since is compared at equal age with what entered under the
one before, by the Bayes factor of two levels against one. The chance that a version which changed nothing is ever told
as better or worse is at most FALSE_RECOVERIES, however often somebody looks; and nothing is told while the interval
holds 'no change'. A version that came about when a drift began is told as that, a coincidence in time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.causes import Coincidence, Helped, Version, VersionEffect
from leadline.metrics.charter_terms import Charter
from leadline.metrics.cohorts import Calendar, monday, units_by
from leadline.metrics.results import Pair
from leadline.metrics.sql import read_sql
from leadline.metrics.statistics.comeback import FALSE_RECOVERIES, FLATTERED
from leadline.metrics.statistics.comparison import Floats, Ratio, common_curve, compare, reached
from leadline.metrics.statistics.fitness import last_week_end

COINCIDES = dt.timedelta(weeks=2)
"""on either side of the week in which a drift seems to have begun, which is known no better"""


def versions_in_use(warehouse: Warehouse, through: dt.date) -> dict[str, tuple[Version, ...]]:
    """Of every workflow that has any, the versions that were in use by a day, oldest first."""
    found: dict[str, list[Version]] = {}
    for workflow, what, name, since, note in ask(
        warehouse, read_sql("outputs/versions.sql"), {"through": through}
    ):
        found.setdefault(str(workflow), []).append(Version(str(what), str(name), since, note))
    return {workflow: tuple(versions) for workflow, versions in found.items()}


def version_effects(
    warehouse: Warehouse,
    charter: Charter,
    catalog: Mapping[str, Metric],
    versions: Sequence[Version],
    as_of: dt.date,
) -> tuple[VersionEffect, ...]:
    """Each version since the deployment on each outcome that is a share, the newest version first."""
    through = last_week_end(as_of)
    found = [one for one in versions if one.since > charter.deployed_on]
    if not found or through <= charter.deployed_on:
        return ()
    calendar = Calendar.spanning(charter.deployed_on, through)
    told: list[VersionEffect] = []
    for name in charter.outcomes:
        metric = catalog[name]
        if metric.kind != "rate":
            continue
        counted = _counted(warehouse, charter, metric, calendar)
        entered, events = (each[: _last_news(counted[0], metric, calendar.weeks) + 1] for each in counted)
        for version, before, span in _spans(found, calendar):
            told.append(
                _effect(version, before, metric, charter.materiality_outcome, entered, events, span, calendar)
            )
    return tuple(sorted(told, key=lambda each: (-each.version.since.toordinal(), each.outcome)))


def _counted(
    warehouse: Warehouse, charter: Charter, metric: Metric, calendar: Calendar
) -> tuple[Floats, Floats]:
    entered = np.zeros(calendar.weeks)
    events = np.zeros((calendar.weeks, metric.within_weeks + 1))
    for _, week, age, units in units_by(
        warehouse, metric, charter.workflow, "", calendar.end(calendar.weeks - 1)
    ):
        place = calendar.position(week)
        if 0 <= place < calendar.weeks:
            entered[place] += units
            if age is not None and age < events.shape[1]:
                events[place, age] += units
    return entered, events


Span = tuple[int, int, int]
"""first week of the version before, first whole week of the version, first week after it"""


def _spans(found: Sequence[Version], calendar: Calendar) -> Iterator[tuple[Version, str, Span]]:
    """The week in which a version came belongs to neither; a next version of the same thing ends it."""
    for version in found:
        same = [one for one in found if one.what == version.what]
        earlier = [one for one in same if one.since < version.since]
        later = [one for one in same if one.since > version.since]
        start = _first_whole(earlier[-1].since, calendar) if earlier else 0
        stop = calendar.position(later[0].since) if later else calendar.weeks
        span = (start, _first_whole(version.since, calendar), min(stop, calendar.weeks))
        yield version, earlier[-1].name if earlier else "", span


def _first_whole(day: dt.date, calendar: Calendar) -> int:
    return calendar.position(day + dt.timedelta(days=6))


def _effect(
    version: Version,
    before: str,
    metric: Metric,
    materiality: float,
    entered: Floats,
    events: Floats,
    span: Span,
    calendar: Calendar,
) -> VersionEffect:
    start, first, stop = span
    groups = (start, calendar.position(version.since)), (first, stop)
    weeks = range(first, _last_news(entered, metric, stop) + 1)
    ratio = _ratio(entered, events, *groups, weeks[-1]) if weeks else None
    units = int(entered[first:stop].sum())
    if ratio is None:
        return VersionEffect(version, before, metric.id, "too_few", None, units)
    if ratio.low <= 1 <= ratio.high:
        is_near = ratio.low > 1 - materiality and ratio.high < 1 + materiality
        return VersionEffect(version, before, metric.id, "alike" if is_near else "open", ratio, units)
    looks = ((week, _ratio(entered, events, *groups, week)) for week in weeks)
    told_on = next((calendar.end(week) for week, looked in looks if looked and _is_certain(looked)), None)
    if told_on is None:
        return VersionEffect(version, before, metric.id, "open", ratio, units)
    helped: Helped = "better" if (ratio.value > 1) == metric.higher_is_better else "worse"
    return VersionEffect(version, before, metric.id, helped, ratio, units, told_on)


def _is_certain(ratio: Ratio) -> bool:
    return ratio.odds >= FLATTERED / FALSE_RECOVERIES


def _last_news(entered: Floats, metric: Metric, stop: int) -> int:
    """The last week of the calendar whose end can tell anything new of those who entered before `stop`."""
    weeks = np.flatnonzero(entered[:stop])
    return min(int(weeks[-1]) + metric.within_weeks, entered.size - 1) if weeks.size else -1


def _ratio(
    entered: Floats, events: Floats, before: tuple[int, int], after: tuple[int, int], week: int
) -> Ratio | None:
    """What entered in the weeks of `after` beside those of `before`, as known at the end of `week`."""

    def of(weeks: tuple[int, int]) -> tuple[Floats, Floats]:
        kept = np.zeros(entered.size, dtype=bool)
        kept[weeks[0] : weeks[1]] = True
        return np.where(kept, entered, 0.0), np.where(kept[:, None], events, 0.0)

    one, other = of(before), of(after)
    share = common_curve(np.array([one[0], other[0]]), np.array([one[1], other[1]]), week)
    return compare(reached(*one, share, week), reached(*other, share, week))


def coincidences(versions: Sequence[Version], pairs: Sequence[Pair]) -> tuple[Coincidence, ...]:
    """Versions that came about when a drift began."""
    since = {pair.outcome: pair.since for pair in pairs if pair.since is not None and _drifts(pair.verdict)}
    return tuple(
        Coincidence(version, outcome, began)
        for outcome, began in since.items()
        for version in versions
        if abs(began - monday(version.since)) <= COINCIDES
    )


def _drifts(verdict: str) -> bool:
    return verdict in ("diverging", "declining", "recovering")
