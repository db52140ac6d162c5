"""What is told of a rate is a change of incidence with a binomial interval, whatever the rate."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from leadline.metrics.statistics.divergence import change_since
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import OutcomeModel, Tally, prepare, prepare_target
from leadline.metrics.statistics.season import calendar_terms

WEEKS, DEPLOYED, ONSET = 110, 52, 60
SHARES = np.array([0.1, 0.25, 0.25, 0.15, 0.1, 0.1, 0.05])
"""of all events, by weeks since the entry"""


def _model(rate: float, decline: float, units: int, seed: int) -> OutcomeModel:
    rng = np.random.default_rng(seed)
    entered = rng.poisson(units, (1, WEEKS)).astype(float)
    reached = np.where(np.arange(WEEKS) < ONSET, rate, rate * (1.0 - decline))
    events = np.array(
        [
            rng.multinomial(int(n), [*(r * SHARES), 1.0 - r])[:-1]
            for n, r in zip(entered[0], reached, strict=True)
        ]
    )
    terms = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=week) for week in range(WEEKS + 7)])
    return prepare(Cohorts(entered, events[None].astype(float)), terms, 0, DEPLOYED - 1, DEPLOYED)


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 0.8, 0.95])
def test_the_told_change_is_that_of_the_rate_and_its_interval_holds_the_truth(rate: float) -> None:
    """Hazards of units still at risk fall by far more: by 44 % where a rate of 92 % falls by a quarter."""
    told = [change_since(_model(rate, 0.25, 60, seed), ONSET, 95) for seed in range(40)]
    middle = float(np.median([estimate.relative or math.nan for estimate in told]))
    assert middle == pytest.approx(-0.25, abs=0.05)
    held = sum(e.low is not None and e.high is not None and e.low <= -0.25 <= e.high for e in told)
    assert held >= 35  # 34 or fewer of 40 by chance: once in 70 at 95 %


def test_a_tally_by_hand() -> None:
    """Two cohorts of 100 and 50 units of which the baseline's would have reached 60 and 20 by now; 40 came."""
    tally = Tally(40.0, 80.0, 150.0, 60**2 / 100 + 20**2 / 50, 60.0**2 + 20.0**2, 0.0, 0.01)
    assert tally.level == 0.5
    assert tally.variance(0.5) == pytest.approx(100 * 0.3 * 0.7 + 50 * 0.2 * 0.8 + 0.01 * (30**2 + 10**2))
    assert tally.reached == pytest.approx(44 / 80)


def test_the_interval_of_a_level_never_promises_more_than_everybody() -> None:
    certain = Tally(99.0, 96.0, 100.0, 96.0**2 / 100, 96.0**2, 0.0004, 0.0)
    low, high = certain.interval()
    assert low < certain.level < high <= 1 / 0.96
    rare = Tally(16.0, 20.0, 1e6, 0.0, 400.0, 0.0, 0.0)
    assert rare.interval() == pytest.approx((0.8 * math.exp(-0.49), 0.8 * math.exp(0.49)))


def test_a_small_share_that_becomes_nearly_everybodys_has_clearly_risen() -> None:
    """At 4 % before, with a doubt of a fifth and weekly noise: noise can't take it away from everybody."""
    nearly_all = Tally(460.0, 20.0, 469.0, 20.0**2 / 469.0, 20.0, 0.04, 0.3)
    low, high = nearly_all.interval()
    assert 12.0 < low < 23.0 < high <= 469.0 / 20.0


def test_where_nothing_happened_the_level_may_be_nothing() -> None:
    low, high = Tally(0.0, 4.0, 100.0, 0.16, 16.0, 0.01, 0.0).interval()
    assert low == 0.0
    assert 0.5 < high < 3.0


def test_a_season_that_was_never_seen_is_doubt() -> None:
    """The same events beside a baseline of half a year: the interval is the wider by what a season may do."""
    long = _model(0.2, 0.0, 400, 1)
    short = prepare(long.cohorts, long.terms, 26, DEPLOYED - 1, DEPLOYED)
    assert long.season.learned
    assert not short.season.learned
    assert short.tally(ONSET, 95).doubt > long.tally(ONSET, 95).doubt + 0.005


def _rates(rates: np.ndarray) -> Cohorts:
    """A hundred units a week of which these shares have their event, spread over seven weeks; no noise."""
    entered = np.full((1, WEEKS), 100.0)
    return Cohorts(entered, entered[:, :, None] * rates[None, :, None] * SHARES)


TERMS = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=week) for week in range(WEEKS + 7)])


def test_a_target_is_held_against_cohorts_older_than_the_horizon() -> None:
    """25 % agreed, 20 % reached; what is younger than seven weeks is neither for nor against."""
    model = prepare_target(_rates(np.full(WEEKS, 0.2)), TERMS, 0.25, DEPLOYED)
    tally = model.tally(DEPLOYED, 79)
    assert (tally.observed, tally.expected) == (pytest.approx(22 * 20.0), pytest.approx(22 * 25.0))
    assert tally.doubt == pytest.approx(0.0, abs=1e-9)
    assert change_since(model, DEPLOYED, 79).relative == pytest.approx(-0.2)


def test_an_outcome_that_began_after_the_deployment_has_a_baseline_of_its_own() -> None:
    """Recorded from week 55 on; learned from weeks 60 to 75; what enters later has fallen by half."""
    weeks = np.arange(WEEKS)
    cohorts = _rates(np.where(weeks < 55, 0.0, np.where(weeks <= 75, 0.3, 0.15)))
    model = prepare(cohorts, TERMS, 60, 75, DEPLOYED, compared_from=76)
    assert model.tally(DEPLOYED, 100).units == 100.0 * 25
    assert change_since(model, DEPLOYED, 100).relative == pytest.approx(-0.5, abs=0.02)
    assert model.level_doubt < 0.05
