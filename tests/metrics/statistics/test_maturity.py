"""Hazards by hand, censoring, shrinkage, and what stretching delays does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.data.samples.flows import FlowSpec, simulate
from leadline.metrics.statistics.maturity import (
    STRETCHES,
    Baseline,
    Cohorts,
    at_risk,
    baseline_hazards,
    by_calendar_week,
    known_cells,
    shrunken_factors,
)
from tests.metrics.flows import table

# three cohorts of 100, 80 and 60 leads; events by age 0, 1, 2
BY_HAND = Cohorts(
    np.array([[100.0, 80.0, 60.0]]), np.array([[[10.0, 9.0, 4.0], [8.0, 6.0, 0.0], [3.0, 0.0, 0.0]]])
)


def test_hazards_are_events_over_units_still_at_risk_in_known_cells() -> None:
    found = baseline_hazards(BY_HAND, 0, 2)
    # age 0: (10+8+3)/(100+80+60); age 1: (9+6)/(90+72); age 2: 4/81
    assert found.hazard == pytest.approx([21 / 240, 15 / 162, 4 / 81])
    assert found.final_rate == pytest.approx(1 - (1 - 21 / 240) * (1 - 15 / 162) * (1 - 4 / 81))


def test_where_events_repeat_every_unit_stays_at_risk_and_the_rate_is_events_per_unit() -> None:
    """Amounts won, in multiples of a typical one: 21 of 240, 15 of 180 and 4 of 100 known by ages 0, 1 and 2."""
    found = baseline_hazards(Cohorts(BY_HAND.entered, BY_HAND.events, repeats=True), 0, 2)
    assert found.hazard == pytest.approx([21 / 240, 15 / 180, 4 / 100])
    assert found.final_rate == pytest.approx(21 / 240 + 15 / 180 + 4 / 100)


def test_a_young_cohort_is_censored_not_counted_as_a_no() -> None:
    later = Cohorts(
        np.append(BY_HAND.entered, [[500.0]], axis=1), np.append(BY_HAND.events, np.zeros((1, 1, 3)), axis=1)
    )
    with_newcomers = baseline_hazards(later, 0, 3)
    assert with_newcomers.hazard[1:] == pytest.approx([15 / (162 + 57), 4 / (81 + 66)])
    assert with_newcomers.hazard[0] == pytest.approx(21 / 740)


def test_what_happens_after_a_week_is_not_known_at_that_week() -> None:
    known = BY_HAND.known_at(1)
    assert known.weeks == 2
    assert known.events[0].tolist() == [[10.0, 9.0, 0.0], [8.0, 0.0, 0.0]]


def test_ages_that_hardly_anyone_reached_stay_unknown() -> None:
    small = Cohorts(np.array([[15.0, 15.0]]), np.array([[[2.0, 1.0], [1.0, 0.0]]]))
    assert np.isnan(baseline_hazards(small, 0, 1).hazard).tolist() == [False, True]


SIX_MP = ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
"""Freireich et al. 1963 (Blood 21:699), as tabulated in Kalbfleisch & Prentice 2002, table 1.1: weeks of remission
under 6-MP until relapse, and until the end of the watch without one"""
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [])
LAST = 35


def _trial(*arms: tuple[list[int], list[int]], copies: int = 1) -> Cohorts:
    """Each patient is a cohort of its own that is watched until its time: one censored at t entered so late that age t
    is the last that is known."""
    entered = np.zeros((len(arms), LAST + 1))
    events = np.zeros((len(arms), LAST + 1, LAST + 1))
    for s, (relapsed, censored) in enumerate(arms):
        for time in censored:
            entered[s, LAST - time] += copies
        for time in relapsed:
            entered[s, 0] += copies
            events[s, 0, time] += copies
    return Cohorts(entered, events)


def test_kaplan_meier_agrees_with_the_freireich_trial() -> None:
    """S(10) = 0.753, S(23) = 0.448 (R: survfit(Surv(time, status) ~ 1))."""
    survival = np.cumprod(1 - _with_everyone_counted(_trial(SIX_MP), LAST))
    assert survival[10] == pytest.approx(0.7529, abs=5e-4)
    assert survival[23] == pytest.approx(0.4482, abs=5e-4)


def test_expected_events_by_segment_are_those_of_the_log_rank_test_of_the_freireich_trial() -> None:
    """R: survdiff(Surv(time, status) ~ arm) prints observed 9 and 21, expected 19.3 and 10.7, (O-E)^2/E 5.46 and 9.77.
    Ten of each patient, since ages with few at risk are left out; by that the expectation is ten times as large."""
    found = baseline_hazards(_trial(SIX_MP, PLACEBO, copies=10), 0, LAST)
    observed, expected = found.events_seen / 10, found.exposure / 10
    assert observed.tolist() == [9.0, 21.0]
    assert expected == pytest.approx([19.25, 10.75], abs=5e-3)
    assert (observed - expected) ** 2 / expected == pytest.approx([5.46, 9.77], abs=0.02)


def _with_everyone_counted(cohorts: Cohorts, last: int) -> np.ndarray:
    risk = at_risk(cohorts) * known_cells(cohorts.weeks, cohorts.ages, last)
    hazard = baseline_hazards(cohorts, 0, last).hazard
    by_hand = cohorts.events.sum(axis=(0, 1)) / np.maximum(risk.sum(axis=(0, 1)), 1)
    known = np.isfinite(hazard)
    assert hazard[known] == pytest.approx(by_hand[known])
    return by_hand


def test_factors_of_small_segments_are_pulled_to_one_more_than_those_of_large_ones() -> None:
    factor, weight = shrunken_factors(np.array([20.0, 200.0]), np.array([10.0, 100.0]))
    assert 1.0 < factor[0] < factor[1] < 2.0
    assert factor[0] == pytest.approx((weight + 20) / (weight + 10))


def test_incidence_by_hand() -> None:
    """Hazards 0.5 and 0.4, in the second week doubled by the calendar and for a segment half as high."""
    baseline = Baseline(
        np.array([0.5, 0.4]), np.array([1.0, 0.5]), np.ones(2), np.ones(2), np.array([100.0, 50.0])
    )
    found = baseline.incidence(np.array([1.0, 2.0, 1.0]))
    assert found[0] == pytest.approx(np.array([[0.5, 0.5 * 0.8], [1.0, 0.0]]))
    assert found[1] == pytest.approx(np.array([[0.25, 0.75 * 0.4], [0.5, 0.5 * 0.2]]))
    assert baseline.incidence(np.ones(3), np.ones(1))[0, 0].sum() == pytest.approx(baseline.final_rate)


def test_the_doubt_of_what_is_expected_is_greenwoods() -> None:
    """All due at the ages of one old cohort: var ln F = (S / F)^2 sum h / (n (1 - h))."""
    baseline = Baseline(np.array([0.5, 0.4]), np.ones(1), np.ones(1), np.ones(1), np.array([100.0, 50.0]))
    left = 0.5 * 0.6
    greenwood = (left / (1 - left)) ** 2 * (0.5 / (100 * 0.5) + 0.4 / (50 * 0.6))
    assert baseline.doubt(1000.0 * np.array([0.5, 0.5 * 0.4])) == pytest.approx(greenwood)


def test_cells_are_summed_by_the_calendar_week_they_lie_in() -> None:
    assert by_calendar_week(BY_HAND.events, 0).tolist() == [[10.0, 9.0 + 8.0, 4.0 + 6.0 + 3.0]]
    assert by_calendar_week(BY_HAND.events, 1).tolist() == [[0.0, 8.0, 6.0 + 3.0]]


def test_stretching_delays_agrees_with_a_flow_that_really_is_slower() -> None:
    """Incidence by age after a stretch of 1.35, against a large simulated flow with 35 % longer delays."""
    usual = FlowSpec(leads_per_week=4000, weeks=80, deployed=79)
    slow = FlowSpec(leads_per_week=4000, weeks=80, deployed=79, slower=1.35, slower_onset=0)
    at = int(np.abs(STRETCHES - 1.35).argmin())
    for outcome, tolerance in (("close_rate", 0.001), ("qualified_appointment_rate", 0.004)):
        baseline = baseline_hazards(table(simulate(usual, np.random.default_rng(1)), outcome), 0, 79)
        slower = table(simulate(slow, np.random.default_rng(2)), outcome)
        seen = slower.events[:, :50].sum(axis=(0, 1)) / slower.entered[:, :50].sum()
        assert np.abs(baseline.stretched[at] - seen).max() < tolerance


def test_a_stretch_of_one_gives_the_baseline_back() -> None:
    baseline = baseline_hazards(
        table(simulate(FlowSpec(weeks=60), np.random.default_rng(3)), "close_rate"), 0, 51
    )
    unit = int(np.abs(STRETCHES - 1.0).argmin())
    assert baseline.stretched[unit] == pytest.approx(np.diff(baseline.reach, prepend=0.0), abs=2e-3)


cohort_tables = st.integers(0, 2**32 - 1).map(
    lambda seed: table(
        simulate(FlowSpec(leads_per_week=30, weeks=40, deployed=30), np.random.default_rng(seed)),
        "close_rate",
    )
)


@given(cohort_tables, st.permutations(range(4)))
@settings(max_examples=20)
def test_the_order_of_segments_changes_nothing(cohorts: Cohorts, order: list[int]) -> None:
    shuffled = Cohorts(cohorts.entered[order], cohorts.events[order])
    plain, other = baseline_hazards(cohorts, 0, 29), baseline_hazards(shuffled, 0, 29)
    assert other.hazard == pytest.approx(plain.hazard, nan_ok=True)
    assert other.factor == pytest.approx(plain.factor[order])


@given(cohort_tables)
@settings(max_examples=20)
def test_an_empty_segment_changes_nothing(cohorts: Cohorts) -> None:
    wider = Cohorts(
        np.append(cohorts.entered, np.zeros((1, cohorts.weeks)), axis=0),
        np.append(cohorts.events, np.zeros((1, cohorts.weeks, cohorts.ages)), axis=0),
    )
    plain, other = baseline_hazards(cohorts, 0, 29), baseline_hazards(wider, 0, 29)
    assert other.hazard == pytest.approx(plain.hazard, nan_ok=True)
    assert other.events_seen[-1] == other.exposure[-1] == 0


@given(cohort_tables, st.integers(5, 39))
@settings(max_examples=20)
def test_a_table_known_at_a_week_is_a_part_of_the_one_known_later(cohorts: Cohorts, week: int) -> None:
    early, late = cohorts.known_at(week), cohorts.known_at(39)
    assert (early.events <= late.events[:, : week + 1]).all()
    assert (early.known_at(week).events == early.events).all()
