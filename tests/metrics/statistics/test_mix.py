"""A mix that was told stays while it is there; its size has an interval that holds the truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from leadline.data.samples.flows import FlowSpec, simulate
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.breakdown import Counts, decompose
from leadline.metrics.statistics.divergence import OutcomeState, follow
from leadline.metrics.statistics.mix import relative_error, steadied
from leadline.metrics.statistics.outcomes import OutcomeModel, prepare
from leadline.metrics.statistics.season import calendar_terms
from tests.metrics.flows import table

SPEC = FlowSpec(leads_per_week=60, weeks=90, deployed=40)


@pytest.fixture(scope="module")
def model() -> OutcomeModel:
    """The first channel reaches twice as much as the others; from the deployment on only a quarter of it comes."""
    counted = table(simulate(SPEC, np.random.default_rng(2)), "qualified_appointment_rate")
    rng, entered, events = np.random.default_rng(3), counted.entered.copy(), counted.events.astype(np.int64)
    events[1:] = rng.binomial(events[1:], 0.5)
    later = slice(SPEC.deployed, None)
    events[0, later] = rng.binomial(events[0, later], 0.25)
    entered[0, later] = np.maximum(np.round(entered[0, later] / 4), events[0, later].sum(axis=1))
    terms = calendar_terms([SPEC.start + dt.timedelta(weeks=week) for week in range(120)])
    return prepare(replace(counted, entered=entered, events=events.astype(float)), terms, 0, 39, 40)


@pytest.fixture(scope="module")
def states(model: OutcomeModel) -> list[OutcomeState]:
    return follow(model, evidence.run([model.stream()], 0.05), SPEC.weeks - 1, 0.1)


def _blinking(states: list[OutcomeState]) -> list[OutcomeState]:
    """As they are, but for chance that takes every other week's mechanism."""
    return [replace(s, mechanism=None if n % 2 else "mix", alarm=False) for n, s in enumerate(states)]


def test_a_mix_that_was_told_does_not_come_and_go(model: OutcomeModel, states: list[OutcomeState]) -> None:
    late = _blinking(states)[12:]
    told = [state.mechanism for state in steadied(late, model, SPEC.deployed + 12, 0.1)]
    assert told == ["mix"] * len(late)


def test_a_mix_is_told_no_longer_than_it_is_there_and_never_over_an_alarm(
    model: OutcomeModel, states: list[OutcomeState]
) -> None:
    flat = replace(model, cohorts=replace(model.cohorts, events=model.cohorts.events * 3))
    late = _blinking(states)[12:]
    assert [s.mechanism for s in steadied(late, flat, 52, 0.1)] == [s.mechanism for s in late]
    alarmed = [replace(state, alarm=True, mechanism=None) for state in late]
    assert {state.mechanism for state in steadied(alarmed, model, 52, 0.1)} == {None}
    assert steadied(states[:7], model, 40, 0.1) == steadied(states, model, 40, 0.1)[:7]


def test_the_interval_of_a_mix_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    rates, before, now = np.array([0.12, 0.2, 0.36]), np.array([1200, 1000, 800]), np.array([900, 500, 0])
    share0, share1 = before / before.sum(), now / now.sum()
    true = float(((share1 - share0) * rates).sum() / (share0 * rates).sum())
    held = 0
    for _ in range(400):
        first, then = (
            Counts(rng.binomial(n, rates).astype(float), n.astype(float), n.astype(float))
            for n in (before, now)
        )
        parts = decompose(first, then)
        assert parts is not None
        error = relative_error(first, then, parts, 0.0, (40, 30))
        assert error is not None
        held += abs(float(parts.mix.sum()) / parts.before - true) < 1.96 * error
    assert 0.91 <= held / 400 <= 1.0
