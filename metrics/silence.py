"""Silence of an export: where it can be no chance, and where a known drift or a fallen volume explains it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.measures.outcomes import RateMeasure
from leadline.metrics.statistics.fitness import IMPOSSIBLE, Freshness, last_week_end
from leadline.metrics.statistics.fitness import silences as stretches
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.study import Study

Floats = NDArray[np.float64]

LIKELY = 5.0
"""expected events whose absence is still believed: exp(-5) is 1 in 150"""
LATELY_WEEKS = 4
BEFORE_WEEKS = 13
"""weeks that show a source's usual pace; the four after them whether less is to be expected by now"""


def drifted_level(study: Study, outcome: str, week: int) -> float:
    """What is to be expected of an outcome after `week`, 1 = as in the baseline: less where an alarm stands then."""
    standing = study.standing(outcome, week)
    story = standing.story if standing else None
    if story is None or story.alarmed != week or story.recovering(week) is not None:
        return 1.0
    level = study.outcomes[outcome].model.tally(story.since, week).level
    return min(level, 1.0) if math.isfinite(level) else 1.0


def silences(study: Study, outcome: str, week: int) -> tuple[tuple[int, int], ...]:
    """Stretches of weeks, first and last of each, in which an outcome had no event at all although more than IMPOSSIBLE
    were to be expected, as known at the end of `week`: that is an export that broke off, not a decline."""
    return study.seen(("silences", outcome, week), lambda: tuple(_silences(study, outcome, week)))


def _silences(study: Study, outcome: str, week: int) -> Iterator[tuple[int, int]]:
    model, start = study.outcomes[outcome].model, study.span.deployed
    observed, expected = (
        table[:, start : week + 1].sum(axis=0) for table in (model.observed, model.expected)
    )
    for first, last in stretches(observed):
        level = drifted_level(study, outcome, start + first - 1) if first else 1.0
        if level * float(expected[first : last + 1].sum()) > IMPOSSIBLE:
            yield start + first, start + last


def broke_off(study: Study, outcome: str, reach: dt.date) -> int | None:
    """The first of the last weeks up to the day `reach` in which an outcome has no event at all, although other
    sources of the workflow reach that far and more than IMPOSSIBLE were to be expected by now. None where chance, a
    known drift or late entry may have left them empty.

    Where nothing tells how late events are entered, a single empty week is believed where the one before is thin too,
    as late entry leaves them.
    """
    counted, start = study.outcomes[outcome], study.span.deployed
    last = min(study.calendar.position(last_week_end(reach)), study.calendar.weeks - 1)
    if last < start:
        return None
    unknown = counted.reported is not None and counted.reported.told_by == "nothing"
    expected = (_expected(counted.model) if unknown else counted.model.expected).sum(axis=0)[start : last + 1]
    observed = _happened(counted, last)[start : last + 1]
    stretch = stretches(observed)
    if not stretch or stretch[-1][1] != last - start:
        return None
    first = stretch[-1][0]
    level = drifted_level(study, outcome, start + first - 1) if first else 1.0
    if level * float(expected[first:].sum()) <= IMPOSSIBLE:
        return None
    is_thin = first > 0 and observed[first - 1] < level * float(expected[first - 1]) / 2.0
    return None if unknown and first == last - start and is_thin else start + first


def _expected(model: OutcomeModel) -> Floats:
    """[S, C] as if all events were entered."""
    return model.expected if model.entered is None else replace(model, entered=None).expected


def _happened(counted: RateMeasure, last: int) -> Floats:
    """[last + 1] events by calendar week, of whatever entered, also in weeks that are held back."""
    events = counted.table.cohorts.events.sum(axis=0)
    happened = np.zeros(last + 1)
    for age in range(events.shape[1]):
        until = min(last + 1 - age, events.shape[0])
        if until > 0:
            happened[age : age + until] += events[:until, age]
    return happened


def explained(study: Study, source: str, state: Freshness, as_of: dt.date) -> Freshness:
    """A source of events that is silent for longer than it ever was, yet no longer than its outcomes let expect by now,
    covers all days; any other one stays as it is."""
    told_by = [name for name, outcome in study.outcomes.items() if source in outcome.metric.sources[1:]]
    judged = [name for name in told_by if name not in study.unusable]
    if not state.late or not judged or len(judged) < len(told_by):
        return state
    if all(_may_be_silent(study, name, state.newest, as_of) for name in judged):
        return replace(state, late=False, covers=as_of)
    return state


def _may_be_silent(study: Study, outcome: str, newest: dt.date, as_of: dt.date) -> bool:
    calendar = study.calendar
    week, last = calendar.position(newest), calendar.position(last_week_end(as_of))
    if not study.span.deployed <= week < calendar.weeks:
        return False
    expected = _expected(study.outcomes[outcome].model).sum(axis=0)
    rest = (calendar.end(week) - newest).days / 7.0
    level = drifted_level(study, outcome, week)
    lately = float(expected[max(week - LATELY_WEEKS + 1, study.span.deployed) : week + 1].mean())
    before = expected[
        max(week - LATELY_WEEKS - BEFORE_WEEKS + 1, study.span.deployed) : week - LATELY_WEEKS + 1
    ]
    is_less = level < 1.0 or (before.size > 0 and lately < float(before.mean()) / 2.0)
    silent = rest * float(expected[week]) + float(expected[week + 1 : last + 1].sum())
    return is_less and level * silent <= LIKELY
