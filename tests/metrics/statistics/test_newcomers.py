"""A segment that the baseline never saw is compared with nothing but its own first weeks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from leadline.metrics.statistics.divergence import change_since
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.newcomers import OWN_EVENTS, OWN_WEEKS
from leadline.metrics.statistics.outcomes import prepare
from leadline.metrics.statistics.season import calendar_terms

WEEKS, DEPLOYED, ARRIVES = 110, 52, 56
TERMS = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=week) for week in range(WEEKS + 3)])


def _flow(later_rate: float = 0.1) -> Cohorts:
    """One channel that reaches 30 % throughout; from week 56 on a second one as large that reaches a third of that,
    from week 85 on `later_rate`. Expectations, not draws."""
    entered = np.full((2, WEEKS), 100.0)
    entered[1, :ARRIVES] = 0.0
    rate = np.full((2, WEEKS), 0.3)
    rate[1] = np.where(np.arange(WEEKS) < 85, 0.1, later_rate)
    events = entered[:, :, None] * rate[:, :, None] * np.array([0.2, 0.5, 0.3])
    return Cohorts(entered, events)


def test_a_weaker_newcomer_is_no_decline() -> None:
    cohorts = _flow()
    model = prepare(cohorts, TERMS, 0, DEPLOYED - 1, DEPLOYED, newcomers=1)
    assert change_since(model, ARRIVES, 100).relative == pytest.approx(0.0, abs=0.01)
    blind = prepare(cohorts, TERMS, 0, DEPLOYED - 1, DEPLOYED)
    relative = change_since(blind, ARRIVES, 100).relative
    assert relative is not None
    assert relative < -0.2


def test_a_newcomer_that_falls_below_its_own_first_weeks_is_seen() -> None:
    model = prepare(_flow(later_rate=0.05), TERMS, 0, DEPLOYED - 1, DEPLOYED, newcomers=1)
    assert change_since(model, 85, 109, segment=1).relative == pytest.approx(-0.5, abs=0.05)


def test_its_own_yardstick_is_learned_from_its_first_weeks_alone() -> None:
    """Eight weeks hold more than the events that are asked for; whatever comes later changes nothing."""
    first = prepare(_flow(), TERMS, 0, DEPLOYED - 1, DEPLOYED, newcomers=1)
    other = prepare(_flow(later_rate=0.02), TERMS, 0, DEPLOYED - 1, DEPLOYED, newcomers=1)
    assert np.flatnonzero(first.cohorts.entered[1])[0] == ARRIVES + OWN_WEEKS
    assert first.baseline.events_seen[1] >= OWN_EVENTS
    assert first.baseline.factor.tolist() == other.baseline.factor.tolist()


def test_a_newcomer_with_too_few_events_is_never_compared() -> None:
    cohorts = _flow()
    rare = Cohorts(cohorts.entered, cohorts.events * np.array([1.0, 0.001])[:, None, None])
    model = prepare(rare, TERMS, 0, DEPLOYED - 1, DEPLOYED, newcomers=1)
    assert model.cohorts.entered[1].sum() == 0.0
    assert model.tally(ARRIVES, 100).units == cohorts.entered[0, ARRIVES:101].sum()
