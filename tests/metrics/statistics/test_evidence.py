"""The evidence by hand, over-dispersion, calendar effects, laws, and the guarantee itself by simulation."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.evidence import (
    BUDGET,
    LIMIT,
    SLOWER,
    Stream,
    Trace,
    overdispersion,
    run,
)
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import prepare
from leadline.metrics.statistics.season import MOST_FELT, calendar_terms, felt, fit_season, no_season
from tests.metrics.flows import model_of, table, weeks_to_alarm

THETAS = (0.8, 0.65, 0.5)


def _stream(
    entered: list[list[float]], events: list[list[float]], share: float, *, repeats: bool = False
) -> Stream:
    """Events in the week of entry only, so that no delay can stretch; the baseline's level as good as known."""
    n, d = np.array(entered), np.array(events)
    places, weeks = n.shape
    stretches = len(SLOWER)
    return Stream(
        entered=None if repeats else n,
        events=d[:, :, None],
        expected=np.tile((n * share)[:, :, None, None], (1, 1, 1, stretches)),
        shape=np.zeros((places, weeks, 1, stretches)),
        noise_by_entry=0.0,
        noise_by_week=0.0,
        level_sd=np.full(1 + places, 1e-6),
        seen=np.full(1 + places, 1e9),
        calendar=np.zeros((weeks, 1)),
        calendar_sd=0.0,
        felt=np.ones(1 + places),
        rate=0.0,
    )


def _trace(stream: Stream) -> Trace:
    return run([stream], BUDGET)[0]


def _bayes_factor(gains: list[float]) -> float:
    """ln of the mean over theta of exp(gain) / 52."""
    return math.log(sum(math.exp(gain) for gain in gains) / len(gains) / 52)


def test_the_evidence_of_one_cohort_by_hand() -> None:
    """10 units, 1 event, 30 % expected: theta adds ln theta + 9 ln((1 - 0.3 theta) / 0.7)."""
    gains = [math.log(theta) + 9 * math.log((1 - 0.3 * theta) / 0.7) for theta in THETAS]
    assert _trace(_stream([[10.0]], [[1.0]], 0.3)).log_odds[0] == pytest.approx(
        _bayes_factor(gains), abs=1e-5
    )


def test_the_evidence_sums_over_the_weeks_in_which_it_may_have_begun() -> None:
    def gain(n: float, d: float, theta: float) -> float:
        return d * math.log(theta) + (n - d) * math.log((1 - 0.3 * theta) / 0.7)

    first, second = ([gain(n, d, theta) for theta in THETAS] for n, d in ((10, 4), (12, 1)))
    both = [a + b for a, b in zip(first, second, strict=True)]
    total = math.log(math.exp(_bayes_factor(both)) + math.exp(_bayes_factor(second)))
    trace = _trace(_stream([[10.0, 12.0]], [[4.0, 1.0]], 0.3))
    assert trace.log_odds[1] == pytest.approx(total, abs=1e-5)
    weight = math.exp(_bayes_factor(second) - total)
    assert trace.onset[1] == pytest.approx([1 - weight, weight], abs=1e-4)
    assert trace.theta[1] == THETAS[int(np.argmax(second))]


def test_where_most_succeed_the_failures_are_multiplied() -> None:
    """4 % fail: 1.25, 1.54 or twice as many, not 20 to 50 % fewer successes."""
    n, d = 40.0, 36.0
    gains = [
        d * math.log((1 - 0.04 / theta) / 0.96) + (n - d) * math.log(1 / theta) for theta in THETAS
    ]  # ln(failures' share) rises by ln(1 / theta)
    assert _trace(_stream([[n]], [[d]], 0.96)).log_odds[0] == pytest.approx(_bayes_factor(gains), abs=1e-4)


def test_units_with_many_events_are_counted_as_poisson() -> None:
    gains = [2 * math.log(theta) + (1 - theta) * 6.0 for theta in THETAS]
    stream = _stream([[10.0]], [[2.0]], 0.6, repeats=True)
    assert _trace(stream).log_odds[0] == pytest.approx(_bayes_factor(gains), abs=1e-5)


def test_the_level_of_the_baseline_is_integrated_out() -> None:
    """Against numerical integration over the log level, normal with a standard deviation of 0.2."""
    n, d, share, sd = 60.0, 9.0, 0.3, 0.2
    stream = replace(_stream([[n]], [[d]], share), level_sd=np.full(2, sd))

    def marginal(theta: float) -> float:
        def density(x: float) -> float:
            reached = theta * math.exp(x) * share / (1 - share + math.exp(x) * share)
            return float(norm.pdf(x, scale=sd)) * reached**d * (1 - reached) ** (n - d) * 1e15

        return quad(density, -8 * sd, 8 * sd)[0]

    gains = [math.log(marginal(theta) / marginal(1.0)) for theta in THETAS]
    assert _trace(stream).log_odds[0] == pytest.approx(_bayes_factor(gains), abs=0.01)


@pytest.mark.parametrize("weeks", [9, 20, 40])
@pytest.mark.parametrize("percent", [2, 20, 65, 80, 92, 95])
def test_the_evidence_is_that_of_brute_force(percent: int, weeks: int) -> None:
    """Within 0.25 of a sum over a grid up to where evidence is held, within a quarter beyond: losses of nothing, of
    a tenth and of a third, which at high rates lie far from the baseline."""
    held = evidence.LIMIT + evidence.RESERVE
    for loss in (0.0, 0.1, 0.35):
        stream = _at_rate(percent, weeks, loss)
        table = evidence.Table.of(stream)
        found, summed = (
            evidence._Look.of(log, table.price(LAST, 1)[:1]).log_odds[0]
            for log in (table.look(LAST)[:1], _summed_over_a_grid(stream, LAST))
        )
        assert found == pytest.approx(summed, abs=0.25 if summed < held else summed / 4.0)


@pytest.mark.parametrize("loss", [0.0, 0.2, 0.35])
@pytest.mark.parametrize("rate", [0.95, 0.98, 0.99])
@pytest.mark.parametrize("pace", ["at once", "in weeks"])
def test_a_large_loss_from_a_high_rate_is_called_and_none_is_not(pace: str, rate: float, loss: float) -> None:
    """28 units a week beside half a year: far beyond 4 times the failures evidence must not fade away, nor may 'only
    later' explain it where hardly anybody is left to wait for."""
    shares = np.array([0.93, 0.06, 0.01] if pace == "at once" else [0.08, *[0.18] * 4, 0.16, 0.04, 0.0, 0.0])
    rng, weeks = np.random.default_rng(2), 26 + 20
    now = np.where(np.arange(weeks) < 26, rate, rate * (1.0 - loss))[:, None]
    events = rng.multinomial(28, np.concatenate([now * shares, 1.0 - now], axis=1))[None, :, :-1]
    terms = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(weeks + 9)])
    cohorts = Cohorts(np.full((1, weeks), 28.0), events.astype(float))
    trace = run([prepare(cohorts, terms, 0, 25, 26).stream()], BUDGET)[0]
    if loss:
        assert np.flatnonzero(trace.alarming)[0] <= 9
        assert trace.alarming[9:].all()
    else:
        assert not trace.alarming.any()


LAST = 15
"""the week since the deployment at whose end it is asked"""


def _at_rate(percent: int, weeks: int, loss: float) -> Stream:
    """What 80 units a week that settle within a month show beside so many weeks of baseline."""
    rng = np.random.default_rng([percent, weeks])
    entered = rng.poisson(80.0, (1, weeks + LAST + 1))
    rate = np.where(np.arange(weeks + LAST + 1) < weeks + 4, 1.0, 1.0 - loss)[None, :, None] * percent / 100.0
    share = rate * np.array([0.3, 0.4, 0.2, 0.1])
    events = rng.multinomial(entered, np.concatenate([share, 1.0 - rate], axis=2))[..., :-1]
    terms = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(weeks + LAST + 5)])
    cohorts = Cohorts(entered.astype(float), events.astype(float))
    return prepare(cohorts, terms, 0, weeks - 1, weeks).stream()


def _summed_over_a_grid(stream: Stream, t: int, steps: int = 40) -> np.ndarray:
    """[1, tau, theta, stretch] what `Table.look` says of all together, level and season summed over 8 sd each way."""
    table = evidence.Table.of(stream)
    level = float(stream.level_sd[0])
    season = table.season_sd(t)[0] * level / table.level_sd[0]
    far = 8.0 * math.hypot(level, season.max())
    grid = np.linspace(-2.0 * far, 2.0 * far, 4 * steps + 1)
    near = np.arange(steps, 3 * steps + 1)
    value = evidence._by_cohort(stream, None, grid)[0][:, *table.known(t)]
    same = value[..., :1]
    before, since = np.cumsum(same, axis=1) - same, evidence.from_on(value, 1)
    x = grid[near]
    found = []
    for tau, sd in enumerate(season):
        along, across = (-((x / max(each, x[1] - x[0])) ** 2) / 2.0 for each in (level, sd))
        weight = (along - evidence.log_sum(along))[:, None] + across - evidence.log_sum(across)
        both = before[near, tau][:, None] + since[near[:, None] + near - 2 * steps, tau] + weight[..., None]
        found.append(evidence.log_sum(both.reshape(-1, both.shape[-1]).T))
    return np.array(found).reshape(1, t + 1, -1, len(SLOWER))


def test_noise_leaves_less_of_the_evidence() -> None:
    """alpha E / (1 - R) = 1 halves a cohort's part."""
    noisy = replace(_stream([[10.0]], [[1.0]], 0.3), noise_by_entry=0.7 / 3.0)
    halved = [(math.log(theta) + 9 * math.log((1 - 0.3 * theta) / 0.7)) / 2 for theta in THETAS]
    assert _trace(noisy).log_odds[0] == pytest.approx(_bayes_factor(halved), abs=1e-5)


def test_an_unsure_season_is_an_unsure_level_of_what_entered_in_it() -> None:
    stream = _stream([[60.0]], [[9.0]], 0.3)
    level = replace(stream, level_sd=np.full(2, 0.2))
    season = replace(stream, calendar=np.array([[0.2]]), calendar_sd=0.2)
    assert _trace(season).log_odds[0] == pytest.approx(_trace(level).log_odds[0], abs=1e-3)
    assert _trace(season).log_odds[0] < _trace(stream).log_odds[0] - 0.5


def test_a_second_outcome_each_segment_and_common_events_have_their_price() -> None:
    one, two = _stream([[10.0]], [[1.0]], 0.3), _stream([[10.0], [10.0]], [[1.0], [3.0]], 0.3)
    alone = _trace(one).log_odds[0]
    whole, first, second = run([two], BUDGET)
    assert (whole.segment, first.segment, second.segment) == (None, 0, 1)
    assert first.log_odds[0] == pytest.approx(alone - math.log(2), abs=1e-5)
    assert [trace.stream for trace in run([one, one], BUDGET)] == [0, 1]
    assert run([one, one], BUDGET)[1].log_odds[0] == pytest.approx(alone - math.log(2) / 2, abs=1e-5)
    common = _trace(replace(one, rate=0.5)).log_odds[0]
    assert common == pytest.approx(alone - 0.5 * evidence.COMMON_EVENTS, abs=1e-5)


def test_the_shown_odds_are_the_budgets_at_the_limit_and_a_quarter_of_it_where_an_alarm_ends() -> None:
    trace = replace(_trace(_stream([[10.0]], [[1.0]], 0.3)), log_odds=np.array([LIMIT, LIMIT - math.log(4)]))
    assert trace.odds(20.0) == pytest.approx([20.0, 5.0])


def test_a_smaller_budget_asks_for_as_many_times_more_evidence() -> None:
    assert evidence.limit(BUDGET) == LIMIT
    assert evidence.limit(0.01) == pytest.approx(LIMIT + math.log(5))


def test_evidence_is_held_a_little_above_the_limit_and_never_below_none() -> None:
    held = evidence._held(np.array([-1.0, 3.0, 50.0, 49.0, 10.0, 11.0]), 4.0)
    none = -math.log(52)
    assert held == pytest.approx([-1.0, 3.0, 4.0, 3.0, none, none + 1.0])


def test_overdispersion_is_found_where_it_is_and_not_where_it_is_not() -> None:
    rng = np.random.default_rng(5)
    E = np.full(4000, 12.0)
    alpha, error = overdispersion(rng.poisson(E).astype(float), E, np.zeros(4000), 0)
    assert alpha < 3 * error
    noisy = rng.poisson(E * rng.gamma(1 / 0.09, 0.09, E.size)).astype(float)
    alpha, error = overdispersion(noisy, E, np.zeros(4000), 0)
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


def test_a_yearly_cycle_is_learned_from_one_year_and_carried_into_the_next() -> None:
    mondays = [dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(104)]
    terms = calendar_terms(mondays)
    cycle = 1 + 0.2 * np.cos(2 * np.pi * (np.arange(104) / 52.1775 - 0.1))
    E = np.full(104, 40.0)
    season = fit_season(
        np.random.default_rng(2).poisson(E[:52] * cycle[:52]).astype(float), E[:52], terms[:52], 0.0, 0.2
    )
    learned = season.effect(terms[52:])
    assert season.learned
    assert np.corrcoef(learned, cycle[52:])[0, 1] > 0.85
    assert learned.max() - learned.min() == pytest.approx(0.4, abs=0.15)


def test_less_than_a_year_teaches_no_season_and_leaves_it_open() -> None:
    terms = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(60)])
    season = fit_season(np.full(40, 9.0), np.full(40, 10.0), terms[:40], 0.0, 0.2)
    assert not season.learned
    assert season.effect(terms) == pytest.approx(no_season(0.2).effect(terms))
    assert season.error_in_a_year > 0.1


@given(st.floats(0.0, 0.999))
def test_a_season_that_was_not_learned_moves_the_odds_alike_at_every_rate(rate: float) -> None:
    """On the hazards alone the failures of 99 % would be halved and doubled by one that moves a fifth of 20 %."""
    in_odds = no_season(rate).error_in_a_year * float(felt(np.array([rate]))[0])
    least = no_season(0.0).error_in_a_year
    assert least * (1 - 1e-9) <= in_odds <= MOST_FELT * least * (1 + 1e-9)


def test_later_weeks_change_nothing_that_was_said_before() -> None:
    leads = simulate(FlowSpec(leads_per_week=40, linked=True), np.random.default_rng(8))
    full, terms = table(leads, "close_rate"), model_of(leads, "close_rate").terms
    long, short = (
        run([prepare(cohorts, terms, 0, 51, 52).stream()], BUDGET) for cohorts in (full, full.known_at(75))
    )
    for a, b in zip(long, short, strict=True):
        assert a.log_odds[:24] == pytest.approx(b.log_odds, abs=1e-9)
        assert a.clear[:24].tolist() == b.clear.tolist()


@given(st.integers(0, 10_000), st.permutations(range(4)))
@settings(max_examples=5)
def test_renaming_segments_renames_the_evidence_and_changes_none(seed: int, order: list[int]) -> None:
    leads = simulate(FlowSpec(leads_per_week=60, weeks=80), np.random.default_rng(seed))
    full, terms = table(leads, "close_rate"), model_of(leads, "close_rate").terms
    renamed = Cohorts(full.entered[order], full.events[order])
    whole, *apart = run([prepare(full, terms, 0, 51, 52).stream()], BUDGET)
    same, *moved = run([prepare(renamed, terms, 0, 51, 52).stream()], BUDGET)
    assert same.log_odds == pytest.approx(whole.log_odds, abs=1e-9)
    for place, trace in enumerate(moved):
        assert trace.log_odds == pytest.approx(apart[order[place]].log_odds, abs=1e-9)


def test_a_segment_that_nobody_is_in_changes_nothing() -> None:
    leads = simulate(FlowSpec(leads_per_week=60, weeks=80), np.random.default_rng(3))
    full, terms = table(leads, "close_rate"), model_of(leads, "close_rate").terms
    with_empty = Cohorts(
        np.concatenate([full.entered, np.zeros_like(full.entered[:1])]),
        np.concatenate([full.events, np.zeros_like(full.events[:1])]),
    )
    plain, more = (
        run([prepare(cohorts, terms, 0, 51, 52).stream()], BUDGET) for cohorts in (full, with_empty)
    )
    for a, b in zip(plain, more[:-1], strict=True):
        assert b.log_odds == pytest.approx(a.log_odds, abs=1e-9)
    assert not more[-1].alarming.any()


@pytest.mark.slow
def test_false_alarms_stay_within_the_budget() -> None:
    """20 histories without drift at 40 leads a week, 68 weeks each, both outcomes and four channels watched: the
    budget of 5 % a year allows 6.5 % of them; more than 4 would be a chance of less than 1 in 100 at 6.5 %."""
    spec = FlowSpec(leads_per_week=40, linked=True)
    alarmed = sum(weeks_to_alarm(spec, seed) is not None for seed in range(20))
    assert alarmed <= 4


@pytest.mark.slow
def test_a_third_fewer_is_found_in_weeks_not_in_quarters() -> None:
    """30 histories at 80 leads a week that lose 35 % from week 58 on: all found, the median within seven weeks."""
    spec = FlowSpec(leads_per_week=80, linked=True, drift=Drift(0.35, 58))
    weeks = [weeks_to_alarm(spec, seed) for seed in range(30)]
    delays = [999 if week is None else week - 6 + 1 for week in weeks]
    assert max(delays) <= 26
    assert float(np.median(delays)) <= 7


@pytest.mark.parametrize(("before", "now", "weeks"), [(0.96, 0.90, 8), (0.60, 0.45, 8)])
def test_a_change_of_what_is_rarer_is_found_in_weeks_at_forty_units_a_week(
    before: float, now: float, weeks: int
) -> None:
    """20 histories of what is settled within days: the median from the change to the alarm."""
    delays = []
    for seed in range(20):
        rng = np.random.default_rng([7, seed])
        rate = np.where(np.arange(92) < 58, before, now)
        entered = rng.poisson(40.0, 92)
        share = rate[:, None] * np.array([0.93, 0.06, 0.01])
        events = rng.multinomial(entered, np.concatenate([share, 1.0 - rate[:, None]], axis=1))[:, :-1]
        terms = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(96)])
        model = prepare(Cohorts(entered[None].astype(float), events[None].astype(float)), terms, 0, 51, 52)
        alarm = evidence.first_alarm([model.stream()], BUDGET)
        delays.append(999 if alarm is None or alarm < 6 else alarm - 6 + 1)
    assert float(np.median(delays)) <= weeks
