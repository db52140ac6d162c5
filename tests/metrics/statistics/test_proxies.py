"""Changes of proxies by hand: volumes, costs, durations with members waiting, rates."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import prepare
from leadline.metrics.statistics.proxies import (
    BUCKETS_PER_E,
    Durations,
    Estimate,
    from_none,
    has_improved,
    log_mean_change,
    mean_change,
    median_minutes,
    rate_change,
    volume_change,
)
from leadline.metrics.statistics.season import calendar_terms


def _durations(minutes: list[float | None], day: int = 0) -> Durations:
    bucket = [-1 if m is None else math.floor(BUCKETS_PER_E * math.log1p(m)) for m in minutes]
    after = [-1 if m is None else int(m // 1440) for m in minutes]
    n = len(minutes)
    return Durations(np.full(n, day), np.array(after), np.array(bucket), np.ones(n), 28)


def test_a_median_counts_those_who_still_wait() -> None:
    """Five answered within the hour, six still waiting after days: the median is not known to be short."""
    answered: list[float | None] = [10, 20, 30, 40, 50]
    done, waiting = _durations([*answered, *[None] * 6]).known_at(6)
    assert median_minutes(done, waiting)[0] > 1440
    done, waiting = _durations(answered).known_at(6)
    assert median_minutes(done, waiting)[0] == pytest.approx(30, rel=0.05)


def test_a_median_of_buckets_is_right_to_a_few_percent() -> None:
    rng = np.random.default_rng(1)
    minutes = np.exp(rng.normal(5, 1, 4001))
    done, waiting = _durations(list(minutes)).known_at(6)
    assert median_minutes(done, waiting)[0] == pytest.approx(float(np.median(minutes)), rel=0.03)


def test_an_answer_that_comes_later_is_not_known_yet() -> None:
    table = _durations([3 * 1440.0] * 4, day=5)
    early, waiting = table.known_at(6)
    assert early.sum() == 0
    assert waiting.sum() == 4
    late, waiting = table.known_at(13)
    assert late.sum() == 4
    assert waiting.sum() == 0


def test_a_week_without_units_has_no_median() -> None:
    done, waiting = _durations([10.0], day=8).known_at(13)
    assert np.isnan(median_minutes(done, waiting)[0])


def test_the_change_of_a_duration_is_that_of_weekly_medians_on_the_log() -> None:
    found = log_mean_change(np.array([100.0, 110.0, 90.0, 100.0]), np.array([10.0, 11.0, 9.0]), 30)
    assert found.relative == pytest.approx(-0.9, abs=0.005)
    assert found.low is not None
    assert found.high is not None
    assert found.low < -0.9 < found.high < -0.8


def test_two_weeks_give_a_change_but_no_interval() -> None:
    found = log_mean_change(np.array([100.0, 110.0, 90.0]), np.array([50.0, 50.0]), 5)
    assert found.relative == pytest.approx(-0.5, abs=0.01)
    assert found.low is None
    assert found.high is None


def test_a_volume_change_by_hand() -> None:
    """Means 10 and 20, Poisson variances: se of the log ratio is sqrt(1/40 + 1/80)."""
    found = volume_change(np.array([10.0, 10, 10, 10]), np.array([20.0, 20, 20, 20]))
    half = 2.4469 * math.sqrt(1 / 40 + 1 / 80)  # t with 6 degrees of freedom
    assert found.relative == pytest.approx(1.0)
    assert found.low == pytest.approx(2 * math.exp(-half) - 1, rel=1e-3)
    assert found.units == 80


def test_a_mean_change_weighs_by_units() -> None:
    before = (np.array([1.0, 3.0, 2.0]), np.array([100.0, 300.0, 200.0]))
    after = (np.array([4.0, 4.0, 2.0]), np.array([200.0, 220.0, 80.0]))
    found = mean_change((before[0], after[0]), (before[1], after[1]))
    assert found.baseline_value == pytest.approx(100.0)
    assert found.current_value == pytest.approx(50.0)
    assert found.relative == pytest.approx(-0.5)


def test_what_never_happened_has_no_change() -> None:
    assert volume_change(np.zeros(5), np.ones(5)).relative is None
    assert mean_change((np.zeros(5), np.ones(5)), (np.zeros(5), np.ones(5))).relative is None


def test_of_a_rise_from_none_the_least_is_known_and_it_may_be_clear() -> None:
    """12 of 12 events among 400 of 5,800 units: the share is at least 0.025^(1/12) (Clopper & Pearson)."""
    share = 0.025 ** (1 / 12)
    found = from_none(5400.0, np.array([3.0, 3, 3, 3]), np.full(4, 100.0), 400, 0.03)
    assert found.relative is None
    assert found.low == pytest.approx(share / (1 - share) * 5400 / 400 - 1)
    assert (has_improved(found, True, 0.05), has_improved(found, False, 0.05)) == (True, False)
    few = from_none(100.0, np.array([0.0, 1, 0, 1]), np.full(4, 100.0), 400, 0.005)
    assert has_improved(few, True, 0.05) is False
    assert has_improved(from_none(100.0, np.array([9.0, 9]), np.full(2, 9.0), 18, 1.0), True, 0.05) is None


def test_a_fall_to_none_is_an_improvement_where_less_is_better() -> None:
    complaints = volume_change(np.array([4.0, 6, 5, 5]), np.zeros(4))
    assert has_improved(complaints, False, 0.05) is True
    assert has_improved(volume_change(np.array([1.0, 0, 0, 1]), np.zeros(4)), False, 0.05) is False
    cost = mean_change((np.full(4, 10.0), np.full(4, 10.0)), (np.array([90.0, 110, 100, 100]), np.zeros(4)))
    assert (cost.relative, has_improved(cost, False, 0.05)) == (-1.0, True)


def test_a_rate_that_was_none_is_told_by_what_the_weeks_since_show() -> None:
    """A fifth of 50 a week have the event a week after entry since week 10, nobody before."""
    entered, events = np.full((1, 20), 50.0), np.zeros((1, 20, 3))
    events[0, 10:, 1] = 10.0
    cohorts = Cohorts(entered, events)
    model = prepare(
        cohorts, calendar_terms([dt.date(2025, 1, 6) + dt.timedelta(weeks=w) for w in range(30)]), 0, 9, 10
    )
    found = rate_change(model, 10, 19)
    assert (found.relative, found.baseline_value, found.units) == (None, 0.0, 500)
    assert found.current_value == pytest.approx(0.2)
    assert has_improved(found, True, 0.05) is True
    assert rate_change(model, 18, 19).current_value == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("low", "high", "higher_is_better", "improved"),
    [
        (0.06, 0.2, True, True),
        (0.04, 0.2, True, False),
        (-0.2, -0.06, False, True),
        (-0.2, -0.04, False, False),
        (-0.2, -0.06, True, False),
    ],
)
def test_improved_means_the_whole_interval_is_beyond_materiality(
    low: float, high: float, higher_is_better: bool, improved: bool
) -> None:
    estimate = Estimate((low + high) / 2, low, high, 100, 1.0, 1.0)
    assert has_improved(estimate, higher_is_better, 0.05) is improved


@pytest.mark.parametrize(
    ("low", "high", "nothing"),
    [(-1.0, 2925.0, True), (-0.8, 3.0, True), (-0.4, 0.8, True), (-0.4, 0.7, False), (0.1, 4.0, False),
     (-0.9, -0.1, False), (None, None, False), (-1.0, None, False)],
)  # fmt: skip
def test_an_interval_around_no_change_that_holds_far_less_and_far_more_says_nothing(
    low: float | None, high: float | None, nothing: bool
) -> None:
    assert Estimate(0.1, low, high, 9, 1.0, 1.1).says_nothing is nothing


def test_without_an_interval_nothing_has_improved_or_not() -> None:
    assert has_improved(Estimate(0.5, None, None, 3, 1.0, 1.5), True, 0.05) is None
