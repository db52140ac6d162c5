"""Futures of several outcomes have in common what their units have."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from leadline.data.samples.flows import FlowSpec, Leads, simulate
from leadline.metrics.statistics import one_flow
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.one_flow import Flow, Tie
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.season import calendar_terms
from leadline.metrics.statistics.weekly_counts import prepare_counts, weekly_cohorts
from tests.metrics.flows import HORIZONS, model_of

CLOSE, QUALIFIED = range(2)
FUTURES, WEEKS = 60, 80


@pytest.fixture(scope="module")
def leads() -> Leads:
    return simulate(FlowSpec(leads_per_week=60, linked=True), np.random.default_rng(11))


@pytest.fixture(scope="module")
def models(leads: Leads) -> list[OutcomeModel]:
    return [model_of(leads, name) for name in HORIZONS]


def beside(leads: Leads) -> np.ndarray:
    """Leads by their age at the appointment and at the deal."""
    ages = []
    for name in reversed(HORIZONS):
        when, last = leads.reached[name], HORIZONS[name] + 1
        age = np.floor(np.where(np.isfinite(when), when, np.inf) / 7) - leads.week
        ages.append(np.where(age < last, age, last).astype(np.int64))
    table = np.zeros((HORIZONS["qualified_appointment_rate"] + 2, HORIZONS["close_rate"] + 2))
    np.add.at(table, tuple(ages), 1.0)
    return table


def drawn(models: list[OutcomeModel], ties: list[Tie | None], seed: int = 1) -> Flow:
    return one_flow.drawn(models, ties, FUTURES, WEEKS, np.random.default_rng(seed))


def correlation(flow: Flow, one: int, other: int) -> float:
    """Of what cohorts reach, over futures and weeks, each against the mean of its week."""
    a, b = (flow.events(outcome, 0.0).sum(axis=(1, 3)).astype(np.float64) for outcome in (one, other))
    return float(np.corrcoef((a - a.mean(axis=0)).ravel(), (b - b.mean(axis=0)).ravel())[0, 1])


def test_deals_follow_from_appointments_as_in_the_baseline(models: list[OutcomeModel], leads: Leads) -> None:
    tied = drawn(models, [Tie(QUALIFIED, beside(leads)), None])
    # of the flow's deals 80 % have an appointment: the two of a lead correlate by 0.46
    assert correlation(tied, CLOSE, QUALIFIED) == pytest.approx(0.46, abs=0.07)
    assert abs(correlation(drawn(models, [None, None]), CLOSE, QUALIFIED)) < 0.1


def test_each_outcome_stays_what_its_own_model_says(models: list[OutcomeModel], leads: Leads) -> None:
    flow = drawn(models, [Tie(QUALIFIED, beside(leads)), None])
    for outcome, model in enumerate(flow.models):
        found = flow.events(outcome, 0.0).sum(axis=(1, 2)).mean(axis=0)
        due = (model.cohorts.entered[:, :, None] * model.incidence)[:, model.deployed :].sum(axis=(0, 1))
        assert found.sum() == pytest.approx(due.sum(), rel=0.05)
        assert np.abs(np.cumsum(found) / found.sum() - np.cumsum(due) / due.sum()).max() < 0.03


def test_where_nothing_is_known_every_deal_is_that_of_a_lead_with_an_appointment(
    models: list[OutcomeModel],
) -> None:
    ages = [model.cohorts.ages for model in models]
    flow = drawn(models, [Tie(QUALIFIED, np.zeros((ages[QUALIFIED] + 1, ages[CLOSE] + 1))), None])
    deals, appointments = (flow.events(outcome, 0.0).sum(axis=3) for outcome in (CLOSE, QUALIFIED))
    assert deals.sum() > 1000
    assert (deals <= appointments).mean() > 0.999


def test_a_decline_takes_units_with_all_of_their_outcomes(models: list[OutcomeModel], leads: Leads) -> None:
    flow = drawn(models, [Tie(QUALIFIED, beside(leads)), None])
    before = np.arange(WEEKS) < flow.onset[:, None]
    for outcome in (CLOSE, QUALIFIED):
        steady, fallen, deeper = (flow.events(outcome, size).sum(axis=(1, 3)) for size in (0.0, 0.2, 0.35))
        assert (steady[before] == fallen[before]).all()
        assert (deeper <= fallen).all()
        assert fallen[~before].sum() / steady[~before].sum() == pytest.approx(0.8, abs=0.02)
        assert deeper[~before].sum() / steady[~before].sum() == pytest.approx(0.65, abs=0.02)


def test_a_count_of_deals_is_made_of_the_same_deals(models: list[OutcomeModel], leads: Leads) -> None:
    spec, won = leads.spec, leads.reached["close_rate"]
    inside = won < 7 * spec.weeks
    counts = np.zeros((len(spec.channels), spec.weeks))
    np.add.at(counts, (leads.channel[inside], (won[inside] // 7).astype(np.int64)), 1.0)
    terms = calendar_terms([spec.start + dt.timedelta(weeks=week) for week in range(spec.weeks + 30)])
    counted = prepare_counts(weekly_cohorts(counts), terms, 8, spec.deployed - 1, spec.deployed)
    flow = drawn([models[CLOSE], counted], [None, Tie(0, None)])
    told = flow.events(1, 0.0).sum(axis=(1, 3))
    cells = flow.events(0, 0.0).sum(axis=1)
    by_week = np.zeros(told.shape)
    for age in range(cells.shape[2]):
        by_week[:, age:] += cells[:, : WEEKS - age, age]
    late = slice(30, None)
    assert np.corrcoef(told[:, late].ravel(), by_week[:, late].ravel())[0, 1] > 0.8
    assert told[:, late].mean() == pytest.approx(counts[:, 26:52].sum(axis=0).mean(), rel=0.15)
    # leads that entered before the decline still close
    fallen = flow.events(1, 0.35).sum(axis=(1, 3))
    first = fallen[np.arange(FUTURES), flow.onset].sum() / told[np.arange(FUTURES), flow.onset].sum()
    assert first > 0.95


def test_what_a_segments_baseline_leaves_open_is_drawn(models: list[OutcomeModel]) -> None:
    """A baseline of D events leaves a segment's level open by about 1 / sqrt(D), beside what chance does later."""
    flow = drawn(models, [None, None])
    totals = flow.events(CLOSE, 0.0).sum(axis=(2, 3), dtype=np.float64)
    spread = totals.var(axis=0) / totals.mean(axis=0) ** 2
    chance, left = 0.8 / totals.mean(axis=0), 0.8 / models[CLOSE].baseline.events_seen
    assert (spread > 1.3 * chance).all()
    assert spread.sum() == pytest.approx((chance + left).sum(), rel=0.35)


def test_whole_units_enter_as_many_as_lately(models: list[OutcomeModel]) -> None:
    model = drawn(models, [None, None]).models[CLOSE]
    units = model.cohorts.entered[:, model.deployed :]
    assert (units == np.floor(units)).all()
    assert units.mean(axis=1) == pytest.approx(one_flow.lately(models[CLOSE]), abs=1.0 / WEEKS)


def test_the_same_seed_draws_the_same_flow(models: list[OutcomeModel]) -> None:
    one, two, other = (drawn(models, [None, None], seed).events(CLOSE, 0.0) for seed in (1, 1, 2))
    assert (one == two).all()
    assert not (one == other).all()


def test_cohorts_of_other_units_are_no_shares_of_the_same(models: list[OutcomeModel]) -> None:
    assert one_flow.same_units(models[CLOSE], models[QUALIFIED])
    cohorts = models[QUALIFIED].cohorts
    other = replace(models[QUALIFIED], cohorts=Cohorts(cohorts.entered + 1.0, cohorts.events))
    assert not one_flow.same_units(models[CLOSE], other)
