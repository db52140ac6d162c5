"""Silence of an export: where it can be no chance, and where a known drift or a fallen volume explains it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace

from leadline.metrics.statistics.fitness import IMPOSSIBLE, Freshness, last_week_end
from leadline.metrics.statistics.fitness import silences as stretches
from leadline.metrics.study import Study

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
    expected = study.outcomes[outcome].model.expected.sum(axis=0)
    rest = (calendar.end(week) - newest).days / 7.0
    level = drifted_level(study, outcome, week)
    lately = float(expected[max(week - LATELY_WEEKS + 1, study.span.deployed) : week + 1].mean())
    before = expected[
        max(week - LATELY_WEEKS - BEFORE_WEEKS + 1, study.span.deployed) : week - LATELY_WEEKS + 1
    ]
    is_less = level < 1.0 or (before.size > 0 and lately < float(before.mean()) / 2.0)
    silent = rest * float(expected[week]) + float(expected[week + 1 : last + 1].sum())
    return is_less and level * silent <= LIKELY
