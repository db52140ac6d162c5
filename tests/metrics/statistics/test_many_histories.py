"""Many histories at once show what each shows by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from leadline.data.samples.flows import FlowSpec, simulate
from leadline.metrics.statistics import evidence, promise
from leadline.metrics.statistics.many_histories import Counts, ManyHistories, any_alarming
from leadline.metrics.statistics.one_flow import Flow
from tests.metrics.flows import HORIZONS, model_of

LOOKS = range(5, 100, 6)
NEAR = 2.5
"""log odds from the limit within which it matters what the evidence is"""


@pytest.fixture(scope="module", params=[25, 80])
def flow(request: pytest.FixtureRequest) -> Flow:
    leads = simulate(FlowSpec(leads_per_week=request.param, linked=True), np.random.default_rng(11))
    return promise.drawn([model_of(leads, name) for name in HORIZONS], [None] * len(HORIZONS))


def by_itself(flow: Flow, outcome: int, events: np.ndarray) -> evidence.Stream:
    model = flow.models[outcome]
    whole = np.zeros_like(model.cohorts.events)
    whole[:, model.deployed :] = events
    return replace(model, cohorts=replace(model.cohorts, events=whole)).stream()


@pytest.mark.parametrize("outcome", range(len(HORIZONS)))
def test_the_evidence_is_that_of_each_history_by_itself(flow: Flow, outcome: int) -> None:
    events = np.concatenate([flow.events(outcome, size)[:6] for size in (0.0, 0.2)])
    many, counts = ManyHistories.of(flow.stream(outcome)), Counts.of(events)
    apart = []
    for number, own in enumerate(events):
        stream = by_itself(flow, outcome, own)
        price = evidence.COMMON_EVENTS * stream.rate
        table = evidence.Table.of(stream)
        for t in LOOKS:
            look = evidence._Look.of(table.look(t), table.price(t, 2) + price)
            found = many.log_odds(counts, np.array([number]), t, 2)[0]
            near = np.abs(look.log_odds - evidence.LIMIT) < NEAR
            apart += (found - look.log_odds)[near].tolist()
    assert len(apart) > 50
    assert np.abs(np.mean(apart)) < 0.05
    assert np.abs(apart).max() < 0.4


def test_alarms_are_those_of_each_history_by_itself(flow: Flow) -> None:
    sizes = (0.0, 0.2, 0.35)
    events = [np.concatenate([flow.events(o, size)[:3] for size in sizes]) for o in range(len(HORIZONS))]
    together = [(ManyHistories.of(flow.stream(o)), Counts.of(e), 0) for o, e in enumerate(events)]
    every = np.arange(len(events[0]))
    alarming = np.array([any_alarming(together, every, t, evidence.BUDGET) for t in range(promise.WEEKS)])
    first = [int(np.argmax(own)) if own.any() else None for own in alarming.T]
    alone = [
        evidence.first_alarm([by_itself(flow, o, e[n]) for o, e in enumerate(events)], evidence.BUDGET)
        for n in every
    ]
    assert sum(a == b for a, b in zip(first, alone, strict=True)) >= len(every) - 1
    assert all((a is None) == (b is None) for a, b in zip(first, alone, strict=True))
    assert all(abs(a - b) <= 3 for a, b in zip(first, alone, strict=True) if a is not None and b is not None)


def test_a_look_that_rests_on_what_is_entered_later_comes_later(flow: Flow) -> None:
    events = [flow.events(o, 0.35) for o in range(len(HORIZONS))]
    which = np.arange(flow.futures)
    at_once = [(ManyHistories.of(flow.stream(o)), Counts.of(e), 0) for o, e in enumerate(events)]
    late = [(many, counts, 3) for many, counts, _ in at_once]
    seen = any_alarming(at_once, which, 30, evidence.BUDGET)
    assert (any_alarming(late, which, 33, evidence.BUDGET) == seen).all()
    assert not any_alarming(late, which, 2, evidence.BUDGET).any()
