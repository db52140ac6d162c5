"""After a decision: has the outcome come back? Measured on what entered since the decision, and on nothing else.

A drifted outcome is recovering when, of the cohorts that entered in whole weeks after a decision, the age-matched
index (observed over expected, 1 = baseline) has a 95 % interval whose lower end lies above the level of the drift
(the cohorts between its beginning and the decision) and whose upper end reaches 1 - materiality: clearly better than
before the decision, and not clearly short of the baseline. Without a decision nothing here changes a verdict.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS, OutcomeState, change_since
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.proxies import Estimate
from leadline.metrics.study import Study


@dataclass(frozen=True)
class Comeback:
    """The outcome since a decision, beside what it had drifted to."""

    decided_on: dt.date
    change: Estimate
    drifted_to: float | None
    """index of the cohorts between the drift's beginning and the decision, 1 = baseline"""
    is_back: bool


def comebacks(study: Study, outcome: str, week: int) -> tuple[Comeback, ...]:
    """What each decision since the drift began has brought, known at the end of `week`; oldest decision first."""
    drift = last_drift(study, outcome, week) if study.memory.decided_on else None
    if drift is None or drift.since is None:
        return ()
    model = study.outcomes[outcome].model
    found = []
    for day in study.memory.decided_on:
        first = study.calendar.position(day + dt.timedelta(days=6))  # the first whole week from that day on
        if drift.since < first <= week:
            found.append(_comeback(model, drift, day, first, week, study.charter.materiality_outcome))
    return tuple(found)


def come_back(study: Study, outcome: str, week: int) -> Comeback | None:
    """The first decision after which the outcome is back, None where none is."""
    return next((found for found in comebacks(study, outcome, week) if found.is_back), None)


def last_drift(study: Study, outcome: str, week: int) -> OutcomeState | None:
    """The newest state with a standing alarm, this week's or one that ended within the last half year."""
    states = study.states.get(outcome, [])[: max(week - study.span.deployed + 1, 0)]
    return next((state for state in reversed(states[-LOOK_BACK_WEEKS - 1 :]) if state.alarm), None)


def _comeback(
    model: OutcomeModel, drift: OutcomeState, day: dt.date, first: int, week: int, materiality: float
) -> Comeback:
    since = drift.since or 0
    change = change_since(model, first, week, drift.segment)
    drifted = model.tally(since, week, drift.segment, before=first)
    level = drifted.level if drifted.expected > 0 else None
    is_back = (
        change.low is not None
        and change.high is not None
        and level is not None
        and 1.0 + change.low > level
        and 1.0 + change.high >= 1.0 - materiality
    )
    return Comeback(day, change, level, is_back)
