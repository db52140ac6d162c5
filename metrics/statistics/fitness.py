"""Is the data fit to judge? A broken export must not read as a collapse, nor a late start as an improvement."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.maturity import Cohorts, baseline_hazards, known_cells

Floats = NDArray[np.float64]

IMPOSSIBLE = 12.0
"""expected events at which having seen none is no chance: exp(-12) is 1 in 160,000"""
RECENT_DAYS = 120
SLACK_DAYS = 2


@dataclass(frozen=True)
class Freshness:
    """How far a source reaches. `covers`: last day that is complete; `late`: further behind than its own pace."""

    newest: dt.date
    covers: dt.date
    late: bool
    usual_gap_days: int


def freshness(days: list[dt.date], as_of: dt.date) -> Freshness:
    """Judge a source by the days on which it has events, sorted, none after `as_of`, at least one.

    A source keeps its own pace: the longest gap of the last four months (at least SLACK_DAYS) is no news, so a list
    that is silent for no longer than that covers everything up to `as_of`. One that is silent longer ends at its
    newest day.
    """
    newest = days[-1]
    recent = days[bisect_left(days, newest - dt.timedelta(days=RECENT_DAYS)) :]
    gaps = [(b - a).days for a, b in pairwise(recent)]
    usual = max([SLACK_DAYS, *gaps])
    behind = (as_of - newest).days
    late = behind > usual
    return Freshness(newest, newest if late else as_of, late, usual)


def last_week_end(day: dt.date) -> dt.date:
    """The last Sunday that is not after `day`."""
    return day - dt.timedelta(days=(day.weekday() + 1) % 7)


def recording_start(cohorts: Cohorts, through: int) -> int | None:
    """The week in which an outcome's recording seems to begin; None where it was recorded from the start.

    If the first event came in week w, the cohorts since w tell how fast events arrive; had the earlier cohorts been
    recorded too, E events were to be expected before w. Where E > IMPOSSIBLE, recording began at w.
    """
    table = cohorts.known_at(through)
    by_week = np.zeros(table.weeks)
    for age in range(table.ages):
        live = np.arange(0, table.weeks - age)
        by_week[live + age] += table.events[:, live, age].sum(axis=0)
    happened = np.flatnonzero(by_week > 0)
    if happened.size == 0 or happened[0] == 0:
        return None
    first = int(happened[0])
    later = baseline_hazards(table, first, through)
    expected = table.entered[:, :first, None] * later.incidence(np.ones(first + table.ages - 1))
    known = known_cells(first, table.ages, first - 1)
    return first if float((expected * known).sum()) > IMPOSSIBLE else None


def silences(observed: Floats) -> list[tuple[int, int]]:
    """The stretches of weeks without any event, first and last of each; observed: [T], all segments together.

    >>> silences(np.array([2.0, 0, 0, 1, 0]))
    [(1, 2), (4, 4)]
    """
    quiet = np.concatenate([[False], observed <= 0, [False]])
    turns = np.flatnonzero(quiet[1:] != quiet[:-1])
    return [(int(first), int(stop) - 1) for first, stop in zip(turns[::2], turns[1::2], strict=True)]
