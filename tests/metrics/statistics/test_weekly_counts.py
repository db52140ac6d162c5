"""Counts a week: level, yardstick and interval by hand, laws, and coverage by simulation."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from leadline.metrics.statistics.cost import missed
from leadline.metrics.statistics.divergence import change_since
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.promise import drawn, promise, threshold
from leadline.metrics.statistics.season import calendar_terms
from leadline.metrics.statistics.weekly_counts import (
    DAYS,
    Floats,
    prepare_counts,
    steady_from,
    weekly_cohorts,
)

BASELINE, WEEKS = 52, 104
MONDAY = dt.date(2022, 1, 3)


def _model(counts: Floats, baseline: int = BASELINE, offset: int = 0) -> OutcomeModel:
    """Of counts [S, C] or [C] of which the first `baseline` weeks are the baseline."""
    table = np.atleast_2d(counts)
    terms = calendar_terms([MONDAY + dt.timedelta(weeks=offset + k) for k in range(table.shape[1])])
    return prepare_counts(weekly_cohorts(table), terms, 0, baseline - 1, baseline)


def _steady(level: float, later: float) -> Floats:
    return np.concatenate([np.full(BASELINE, level), np.full(WEEKS - BASELINE, later)])


def test_a_steady_count_is_its_own_yardstick() -> None:
    model = _model(_steady(10.0, 6.0))
    assert DAYS * model.rate() == pytest.approx(10.0)
    tally = model.tally(BASELINE, BASELINE + 9)
    assert (tally.observed, tally.expected) == (60.0, pytest.approx(100.0))
    assert tally.units == 60.0  # of a count, what is told it rests on is events, not days
    assert model.dispersion == 0.0
    assert tally.variance(0.6) == pytest.approx(60.0)  # Poisson: nothing of a binomial's shortness


def test_what_was_missed_is_the_weeks_at_the_old_level_less_what_came() -> None:
    lost = missed(_model(_steady(10.0, 6.0)).tally(BASELINE, BASELINE + 9), None)
    assert lost.units == pytest.approx(40.0)
    assert (
        lost.low < 40.0 - 1.96 * 60.0**0.5
    )  # wider than the count's own noise: the level is an estimate, too


def test_segments_add_up_to_the_total_and_a_part_has_its_own_level() -> None:
    parts = np.stack([_steady(8.0, 8.0), _steady(2.0, 1.0)])
    model, whole = _model(parts), _model(parts.sum(axis=0))
    apart, together = (m.tally(BASELINE, BASELINE + 9) for m in (model, whole))
    assert (apart.observed, apart.expected) == (together.observed, pytest.approx(together.expected))
    assert DAYS * model.rate(1) == pytest.approx(2.0, rel=0.02)
    fell = change_since(model, BASELINE, BASELINE + 19, segment=1)
    assert fell.relative == pytest.approx(-0.5, abs=0.02)


def test_nothing_after_the_baseline_shapes_the_yardstick() -> None:
    model, other = _model(_steady(10.0, 6.0)), _model(_steady(10.0, 60.0))
    assert model.rate() == other.rate()
    assert (model.dispersion, model.level_doubt) == (other.dispersion, other.level_doubt)


def test_a_baseline_that_grew_is_measured_where_it_ended() -> None:
    grew = np.round(30.0 * 3.0 ** ((np.arange(BASELINE) - BASELINE + 1) / 52.18))
    stayed = _model(np.concatenate([grew, np.full(52, 30.0)])).tally(BASELINE, BASELINE + 25)
    assert stayed.level == pytest.approx(1.0, abs=0.08)  # against the mean of the year it would be 1.68
    fell_back = change_since(_model(np.concatenate([grew, np.full(52, 18.0)])), BASELINE, BASELINE + 25)
    assert fell_back.high is not None
    assert fell_back.high < -0.1  # and this no change at all


def test_a_level_that_is_read_off_a_trend_is_less_sure_than_a_mean() -> None:
    model = _model(_steady(10.0, 10.0))
    assert model.level_doubt > 4.0 / (10.0 * BASELINE)


def test_weeks_that_are_good_or_bad_in_a_row_count_for_less() -> None:
    in_a_row, mixed = [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        months = np.round(40.0 * np.repeat(np.exp(0.2 * rng.standard_normal(13)), 4))
        in_a_row.append(_model(np.append(months, np.full(52, 40.0))).dispersion)
        mixed.append(_model(np.append(rng.permutation(months), np.full(52, 40.0))).dispersion)
    assert np.mean(in_a_row) > 1.2 * np.mean(mixed)


@pytest.mark.parametrize(
    ("before", "start"),
    [
        ([], 0),
        ([0] * 5, 5),
        ([0, 2, 4, 8, 12], 4),
        ([18] * 5, 0),  # a tenth less is not a recording that begins
        ([11] * 5, 0),  # nor is nearly a half, but after weeks without anything it is
        ([0] * 5 + [11] * 5, 10),
    ],
)
def test_weeks_in_which_a_recording_comes_up_to_its_level_are_no_baseline(
    before: list[int], start: int
) -> None:
    counts = np.array([*before, *[20] * 47], dtype=np.float64)
    assert steady_from(counts, 0, counts.size - 1, 8) == start


def test_a_baseline_keeps_the_weeks_it_needs() -> None:
    counts = np.array([0.0, 0.0, 0.0, *[20.0] * 6])
    assert steady_from(counts, 0, 8, 8) <= 1


@pytest.mark.parametrize("counts", [np.zeros(WEEKS), np.append(np.zeros(BASELINE), np.full(52, 9.0))])
def test_a_baseline_without_an_event_expects_nothing(counts: Floats) -> None:
    tally = _model(counts).tally(BASELINE, WEEKS - 1)
    assert (tally.expected, tally.observed) == (0.0, counts.sum())


def test_a_rule_on_a_count_is_promised_by_the_count_alone() -> None:
    model = _model(_steady(10.0, 10.0))
    noticed = threshold(0, lambda value: value < 6.0, 2, 0, 4)
    found = promise(drawn([model], [None]), noticed)
    assert found.false_alarms_a_year < 1.0
    assert found.delays[2].noticed_in_26_weeks > found.delays[0].noticed_in_26_weeks


def test_intervals_hold_the_truth_whatever_the_baseline_did() -> None:
    """Levels of 10 a week: noise, season and growth in the baseline, a third less after it."""
    rng = np.random.default_rng(11)
    held = []
    for n in range(120):
        t = np.arange(WEEKS)
        season = 1.0 + (0.2 if n % 3 == 1 else 0.0) * np.cos(2 * np.pi * t / 52.18 + rng.uniform(0, 6.28))
        growth = 2.0 ** (np.minimum(t - BASELINE + 1, 0) / 52.18) if n % 3 == 2 else 1.0
        noise = rng.gamma(20.0, 1.0 / 20.0, WEEKS)
        mean = 10.0 * np.where(t < BASELINE, 1.0, 0.67) * season * growth * noise
        told = change_since(_model(rng.poisson(mean).astype(float), offset=n), BASELINE + 13, BASELINE + 38)
        assert told.low is not None
        assert told.high is not None
        held.append(told.low <= -0.33 <= told.high)
    assert 0.90 <= np.mean(held) <= 1.0
