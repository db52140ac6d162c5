"""Segments that the baseline never saw: left out of what is compared until their own first weeks are a yardstick.

A channel that is new can't have drifted. Compared at the level of all others it would read as a fall or a rise of the
whole, though it is a change of the mix.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.maturity import Baseline, Cohorts, at_risk, known_cells

Floats = NDArray[np.float64]

OWN_EVENTS = 20
"""events of its own from which a segment has a level to be compared with"""
OWN_WEEKS = 8


def with_newcomers(cohorts: Cohorts, baseline: Baseline, newcomers: int) -> tuple[Cohorts, Baseline]:
    """The table with the last `newcomers` segments emptied before they can be compared, and the baseline with theirs.

    A newcomer's factor is that of its first cohorts: from its first week to the first week's end at which it has been
    seen for OWN_WEEKS and had OWN_EVENTS at the ages that the baseline knows. Cohorts that enter later are compared
    with it; its delays are taken to be those of all. Nothing later than that week shapes the yardstick.
    """
    if not newcomers:
        return cohorts, baseline
    segments = cohorts.entered.shape[0]
    entered, events = cohorts.entered.copy(), cohorts.events.copy()
    factor, seen, exposure = (
        np.append(values, fill * np.ones(newcomers))
        for values, fill in ((baseline.factor, 1.0), (baseline.events_seen, 0.0), (baseline.exposure, 0.0))
    )
    for s in range(segments - newcomers, segments):
        own = Cohorts(cohorts.entered[s : s + 1], cohorts.events[s : s + 1], cohorts.repeats)
        learned = _learned(own, baseline)
        until = cohorts.weeks if learned is None else learned[0] + 1
        entered[s, :until], events[s, :until] = 0.0, 0.0
        if learned is not None:
            _, seen[s], exposure[s] = learned
            factor[s] = seen[s] / exposure[s]
    emptied = Cohorts(entered, events, cohorts.repeats)
    return emptied, replace(baseline, factor=factor, events_seen=seen, exposure=exposure)


def _learned(own: Cohorts, baseline: Baseline) -> tuple[int, float, float] | None:
    """The week at whose end there is enough, with the events and the expected ones until then; None if there isn't."""
    live = np.flatnonzero(own.entered[0] > 0)
    if not live.size:
        return None
    known = baseline.known_ages
    week = np.add.outer(np.arange(own.weeks), np.arange(own.ages))
    happened = np.bincount(week.ravel(), weights=np.where(known, own.events[0], 0.0).ravel())
    enough = np.flatnonzero(np.cumsum(happened[: own.weeks]) >= OWN_EVENTS)
    if not enough.size:
        return None
    last = max(int(enough[0]), int(live[0]) + OWN_WEEKS - 1)
    if last >= own.weeks:
        return None
    then = own.known_at(last)
    hazard = np.where(known, baseline.hazard, 0.0)
    due = float((at_risk(then) * hazard * known_cells(then.weeks, then.ages, last)).sum())
    return (last, float(np.where(known, then.events, 0.0).sum()), due) if due > 0 else None
