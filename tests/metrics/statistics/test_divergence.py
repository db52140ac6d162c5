"""From evidence to verdicts: the table of cases, followed flows, and laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import OutcomeState, _rose, change_since, follow, verdict
from leadline.metrics.statistics.evidence import Trace
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.mechanism import level_with_free_stretch
from leadline.metrics.statistics.outcomes import OutcomeModel, prepare
from leadline.metrics.statistics.proxies import Estimate
from tests.metrics.flows import model_of, table


def _state(**changed: object) -> OutcomeState:
    usual = {
        "alarm": False,
        "raised": None,
        "since": None,
        "segment": None,
        "mechanism": None,
        "log_odds": 0.0,
        "log_limit": 2.0,
        "trace": 0,
        "change": Estimate(0.0, -0.05, 0.05, 500, 0.2, 0.2),
        "enough": True,
        "weeks_until_enough": 0,
    }
    return OutcomeState(**{**usual, **changed})  # type: ignore[arg-type]


BEHIND = Estimate(-0.2, -0.3, -0.1, 500, 0.2, 0.16)


@pytest.mark.parametrize(
    ("state", "improved", "expected"),
    [
        (_state(alarm=True), True, "diverging"),
        (_state(alarm=True), False, "declining"),
        (_state(alarm=True), None, "declining"),
        (_state(log_odds=1.4), True, "watch"),
        (_state(log_odds=1.2), True, "aligned"),
        (_state(enough=False), True, "too_early"),
        (_state(enough=False, mechanism="slower"), True, "watch"),
        (_state(enough=False, rose=True), True, "aligned"),
        (_state(enough=False, rose=True, mechanism="mix"), True, "aligned"),
        (_state(mechanism="slower"), True, "aligned"),
        (_state(mechanism="mix", change=BEHIND), True, "watch"),
        (_state(change=BEHIND), True, "watch"),
        (_state(), False, "aligned"),
    ],
)
def test_a_verdict_follows_from_alarm_evidence_and_what_was_to_be_expected(
    state: OutcomeState, improved: bool | None, expected: str
) -> None:
    assert verdict(state, improved, 0.10) == expected


def _followed(spec: FlowSpec, seed: int) -> tuple[list[OutcomeState], OutcomeModel]:
    model = model_of(simulate(spec, np.random.default_rng(seed)), "close_rate")
    traces = evidence.run([model.stream()], evidence.BUDGET)
    return follow(model, traces, spec.weeks - 1, 0.10), model


def test_a_drift_is_followed_from_alarm_to_its_size() -> None:
    states, model = _followed(FlowSpec(leads_per_week=100, drift=Drift(0.4, 58)), 1)
    last = states[-1]
    assert last.alarm
    assert last.mechanism == "fewer"
    assert last.since is not None
    assert 52 <= last.since <= 64
    assert last.change.low is not None
    assert last.change.high is not None
    assert last.change.low < -0.36 < last.change.high  # 40 % of the cohorts since week 58, seen since `since`
    raised = next(s.raised for s in states if s.alarm)
    assert evidence.first_alarm([model.stream()], evidence.BUDGET) == raised - model.deployed


def test_one_failing_channel_is_named() -> None:
    spec = FlowSpec(leads_per_week=150, drift=Drift(0.6, 56, channel="paid_search"))
    states, _ = _followed(spec, 2)
    assert states[-1].alarm
    assert states[-1].mechanism == "segment"
    assert states[-1].segment == 1


def test_a_worse_mix_is_told_as_a_mix_and_raises_no_alarm() -> None:
    states, _ = _followed(FlowSpec(leads_per_week=150, mix_shift=0.5), 3)
    assert not any(s.alarm for s in states)
    assert any(s.mechanism == "mix" for s in states)


def test_an_alarm_ends_when_the_outcome_is_back() -> None:
    """Half as many in the first half year, as many as before in the second."""
    leads = simulate(FlowSpec(leads_per_week=120), np.random.default_rng(4))
    full = table(leads, "close_rate")
    lost = np.random.default_rng(5).random(full.events.shape) < 0.5
    during = np.zeros(full.events.shape, dtype=bool)
    during[:, 54:76] = True
    cohorts = Cohorts(full.entered, np.where(lost & during, np.floor(full.events / 2), full.events))
    model = prepare(cohorts, model_of(leads, "close_rate").terms, 0, 51, 52)
    traces = evidence.run([model.stream()], evidence.BUDGET)
    states = follow(model, traces, 119, 0.10)
    assert any(s.alarm for s in states)
    assert not states[-1].alarm


def _pictured(trace: Trace, log_odds: list[float]) -> Trace:
    """The same evidence with other odds, above the limit; 'fewer' is clear throughout."""
    return replace(trace, log_odds=trace.limit + np.array(log_odds), clear=np.ones(len(log_odds), dtype=bool))


@pytest.mark.parametrize(
    ("size", "other", "expected"),
    [
        (0.0, -5.0, [True, True, False, False]),
        (0.0, 1.0, [True, True, True, True]),
        (0.5, -5.0, [True, True, True, True]),
    ],
    ids=["faded", "carried on by other evidence", "what is told is a material loss"],
)
def test_an_alarm_stands_while_any_evidence_or_what_is_told_does(
    size: float, other: float, expected: list[bool]
) -> None:
    """Raised at the end, when all there is to be told is known; then its own evidence fades to a quarter and below."""
    spec = FlowSpec(leads_per_week=150, drift=Drift(size, 52))
    model = model_of(simulate(spec, np.random.default_rng(1)), "close_rate")
    trace = evidence.run([model.stream()], evidence.BUDGET)[0]
    before = [-5.0] * (spec.weeks - model.deployed - 4)
    own, second = (
        _pictured(trace, before + last) for last in ([1.0, 0.0, -1.5, -4.0], [-5.0, -5.0, other, other])
    )
    states = follow(model, [own, second], spec.weeks - 1, 0.10)[-4:]
    assert [state.alarm for state in states] == expected
    assert {state.raised for state in states if state.alarm} == {spec.weeks - 4}
    assert states[-1].trace == (1 if other > 0 else 0)


@pytest.mark.parametrize(("size", "weeks"), [(-0.6, 8), (-1.5, 4)])
def test_what_clearly_rose_is_judged_before_enough_was_expected(size: float, weeks: int) -> None:
    """At 25 leads a week a fall of three in ten needs more than a year; what rose by so much is told within weeks."""
    judged = []
    for seed in range(4):
        states, _ = _followed(FlowSpec(leads_per_week=25, weeks=72, drift=Drift(size, 52)), seed)
        assert not any(state.enough for state in states)
        judged.append(next(t for t, state in enumerate(states) if state.is_judged))
        assert all(verdict(state, True, 0.10) == "aligned" for state in states if state.rose)
    assert float(np.median(judged)) <= weeks


def test_what_fell_or_stayed_is_not_called_risen() -> None:
    for size in (0.2, 0.35):
        for seed in range(3):
            states, _ = _followed(FlowSpec(leads_per_week=25, weeks=72, drift=Drift(size, 52)), seed)
            assert not any(state.rose for state in states)


def test_a_rise_is_surer_when_it_is_said_first_than_while_it_lasts() -> None:
    """An interval of 95 % from -8 % excludes a fall of a tenth, one of 99 % does not; later it may reach a fifth."""
    unsure, sure = (Estimate(0.2, low, 0.5, 90, 0.2, 0.24) for low in (-0.08, 0.0))
    assert [_rose(each, 0.10, before) for before in (False, True) for each in (unsure, sure)] == [
        False,
        True,
        True,
        True,
    ]
    assert not _rose(replace(unsure, low=-0.21), 0.10, True)
    assert not _rose(Estimate(None, None, None, 0, 0.2, None), 0.10, True)


def test_states_of_a_week_do_not_depend_on_later_weeks() -> None:
    spec = FlowSpec(leads_per_week=60, drift=Drift(0.3, 60))
    leads = simulate(spec, np.random.default_rng(6))
    full = table(leads, "close_rate")
    terms = model_of(leads, "close_rate").terms
    for week in (70, 90):
        early = prepare(full.known_at(week), terms, 0, 51, 52)
        late = prepare(full, terms, 0, 51, 52)
        short, long = (
            follow(model, evidence.run([model.stream()], evidence.BUDGET), week, 0.10)
            for model in (early, late)
        )
        assert short[-1] == long[-1]


@given(st.integers(0, 10_000), st.floats(0.5, 1.9))
@settings(max_examples=15)
def test_intervals_nest(seed: int, z: float) -> None:
    model = model_of(simulate(FlowSpec(leads_per_week=40), np.random.default_rng(seed)), "close_rate")
    narrow, wide = change_since(model, 60, 100, z=z), change_since(model, 60, 100, z=1.96)
    assert wide.low <= narrow.low <= narrow.high <= wide.high  # type: ignore[operator]
    inner, outer = (level_with_free_stretch(model, 60, 100, z=q) for q in (z, 1.96))
    assert outer[1] <= inner[1] <= inner[2] <= outer[2]
