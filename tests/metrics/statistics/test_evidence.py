"""The CUSUM by hand, over-dispersion, calendar effects, and the guarantee itself by simulation."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest

from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.evidence import cusum, overdispersion, weekly_chance
from leadline.metrics.statistics.season import calendar_terms, fit_season
from tests.metrics.flows import model_of, weeks_to_alarm


def test_the_cusum_by_hand() -> None:
    """theta 0.5: a week with O events and E expected adds O ln(1/2) + E/2, and never falls below 0."""
    path = cusum(np.array([2.0, 8.0, 1.0, 0.0]), np.array([4.0, 4.0, 4.0, 4.0]), 0.5, 0.0)
    first = 2 * math.log(0.5) + 2
    assert path == pytest.approx([first, 0.0, math.log(0.5) + 2, math.log(0.5) + 4])


def test_overdispersion_makes_each_week_count_for_less() -> None:
    O, E = np.array([2.0, 2.0]), np.array([10.0, 10.0])
    assert cusum(O, E, 0.5, 0.1) == pytest.approx(cusum(O, E, 0.5, 0.0) / 2)


def test_overdispersion_is_found_where_it_is_and_not_where_it_is_not() -> None:
    rng = np.random.default_rng(5)
    E = np.full(4000, 12.0)
    alpha, error = overdispersion(rng.poisson(E).astype(float), E, 0 * E, 0)
    assert alpha < 3 * error
    noisy = rng.poisson(E * rng.gamma(1 / 0.09, 0.09, E.size)).astype(float)
    alpha, error = overdispersion(noisy, E, 0 * E, 0)
    assert alpha == pytest.approx(0.09, abs=3 * error)
    assert error < 0.01


def test_noise_is_found_where_nearly_all_units_have_the_event() -> None:
    """13 of 15 a week: a Poisson variance would hide a spread between weeks that is as large as the binomial one."""
    rng = np.random.default_rng(6)
    units, E = 15, np.full(4000, 13.0)
    short = E**2 / units
    alpha, error = overdispersion(rng.binomial(units, E / units).astype(float), E, short, 0)
    assert alpha < 3 * error
    share = rng.beta(26.0, 4.0, E.size)
    alpha, error = overdispersion(rng.binomial(units, share).astype(float), E, short, 0)
    assert alpha == pytest.approx((1 - 1 / units) * 4 / 26 / 31, abs=3 * error)
    assert alpha > 5 * error


def test_the_odds_at_the_limit_are_one_in_the_weekly_chance() -> None:
    assert weekly_chance(0.05) == pytest.approx(1 - 0.95 ** (1 / 52.1775))
    monitor = evidence.Monitor(0, None, 0.8, 0.0)
    trace = evidence.Trace(monitor, np.array([0.0, 3.0, 6.0]), np.array([6.0, 6.0, 6.0]))
    assert trace.odds(1000.0) == pytest.approx([1.0, 1000**0.5, 1000.0])


def test_a_yearly_cycle_is_learned_from_one_year_and_carried_into_the_next() -> None:
    mondays = [dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(104)]
    terms = calendar_terms(mondays)
    cycle = 1 + 0.2 * np.cos(2 * np.pi * (np.arange(104) / 52.1775 - 0.1))
    E = np.full(104, 40.0)
    season = fit_season(
        np.random.default_rng(2).poisson(E[:52] * cycle[:52]).astype(float), E[:52], terms[:52], 0.0
    )
    learned = season.effect(terms[52:])
    assert season.learned
    assert np.corrcoef(learned, cycle[52:])[0, 1] > 0.85
    assert learned.max() - learned.min() == pytest.approx(0.4, abs=0.15)


def test_less_than_a_year_teaches_no_season() -> None:
    terms = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(40)])
    season = fit_season(np.full(40, 9.0), np.full(40, 10.0), terms, 0.0)
    assert not season.learned
    assert season.effect(terms) == pytest.approx(1.0)
    assert np.diag(season.covariance).min() > 0


def test_limits_of_a_week_do_not_depend_on_how_many_weeks_follow() -> None:
    leads = simulate(FlowSpec(), np.random.default_rng(8))
    stream = model_of(leads, "close_rate").stream()
    short = evidence.Stream(
        stream.observed[:, :20],
        stream.expected[:, :20],
        stream.dispersion,
        stream.dispersion_error,
        stream.level_weight,
        stream.calendar_error[:20],
        stream.shared_error,
    )
    long_run = evidence.run([stream], evidence.monitors([stream]), 0.05)
    short_run = evidence.run([short], evidence.monitors([short]), 0.05)
    for a, b in zip(long_run, short_run, strict=True):
        assert a.limit[:20] == pytest.approx(b.limit)
        assert a.log_odds[:20] == pytest.approx(b.log_odds)


def test_limits_begun_ahead_are_calibrated_once_and_a_failed_calibration_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = model_of(simulate(FlowSpec(), np.random.default_rng(9)), "close_rate").stream()
    watch, made, real = evidence.monitors([stream]), [], evidence._limits

    def failing_at_first(*about: Any) -> evidence.Floats:
        made.append(about)
        if len(made) == 1:
            raise MemoryError
        return real(*about)

    monkeypatch.setattr(evidence, "_limits", failing_at_first)
    with pytest.raises(MemoryError):
        evidence.run([stream], watch, 0.05, seed=11)
    evidence.calibrate_ahead([stream], watch, 0.05, seed=11)
    traces = evidence.run([stream], watch, 0.05, seed=11)
    assert len(made) == 2
    own = real([stream], watch, 0.05, 11)
    assert all((trace.limit == own + trace.monitor.handicap).all() for trace in traces)


def test_a_smaller_budget_asks_for_more_evidence() -> None:
    stream = model_of(simulate(FlowSpec(), np.random.default_rng(8)), "close_rate").stream()
    strict, loose = (evidence.run([stream], evidence.monitors([stream]), b)[0].limit for b in (0.01, 0.2))
    assert (strict >= loose).all()
    assert strict[-1] > loose[-1] + 1.0


@pytest.mark.slow
def test_false_alarms_stay_within_the_budget() -> None:
    """80 histories without drift at 40 leads a week, 68 weeks each, both outcomes and four channels watched: the
    budget of 5 % a year allows 6.5 % of them; more than 10 would be a chance of less than 1 in 40 at 6.5 %."""
    spec = FlowSpec(leads_per_week=40)
    alarmed = sum(weeks_to_alarm(spec, seed) is not None for seed in range(80))
    assert alarmed <= 10


@pytest.mark.slow
def test_a_third_fewer_is_found_in_weeks_not_in_quarters() -> None:
    """30 histories at 80 leads a week that lose 35 % from week 58 on: all found, the median within eight weeks."""
    spec = FlowSpec(leads_per_week=80, drift=Drift(0.35, 58))
    weeks = [weeks_to_alarm(spec, seed) for seed in range(30)]
    delays = [999 if week is None else week - 6 + 1 for week in weeks]
    assert max(delays) <= 26
    assert float(np.median(delays)) <= 8


def test_run_lengths_agree_with_the_published_ones_of_a_normal_cusum() -> None:
    """With 10,000 expected events a week a Poisson count is as good as normal, and theta = 0.99 is a shift of one sd,
    so a limit of 4 in log odds is the textbook CUSUM with k = 0.5, h = 4. Its one-sided average run lengths are 336
    without a shift and 8.38 with it (Montgomery, Introduction to Statistical Quality Control, table 9.3, two-sided 168
    and 8.38; R: spc::xcusum.arl(0.5, 4, c(0, 1)))."""
    rng = np.random.default_rng(12)
    E = np.full(4000, 1e4)

    def run_length(level: float) -> float:
        lengths = []
        for _ in range(300):
            path = cusum(rng.poisson(level * E).astype(float), E, 0.99, 0.0)
            above = np.flatnonzero(path > 4.0)
            lengths.append(int(above[0]) + 1 if above.size else E.size)
        return float(np.mean(lengths))

    assert run_length(1.0) == pytest.approx(336, rel=0.2)  # 300 run lengths: a standard error of 6 %
    assert run_length(0.99) == pytest.approx(8.38, rel=0.1)
