"""Leadline on a history: the product's own code path from the cohort counts on, looked at week by week."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.answers import Found
from benchmarks.detection.families import OUTCOMES
from leadline.data.samples.flows import Leads, counts
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import OutcomeState, follow
from leadline.metrics.statistics.evidence import Trace
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import prepare
from leadline.metrics.statistics.season import calendar_terms

YEARLY_BUDGET = 0.05
"""chance of any false alarm in a year: the product's default"""
MATERIALITY = 0.10


@cache
def _terms(start: dt.date, weeks: int) -> NDArray[np.float64]:
    return calendar_terms([start + dt.timedelta(weeks=week) for week in range(weeks)])


def leadline(leads: Leads) -> Found:
    """First week in which an outcome's alarm stands, and who raised it: outcome/segment/theta."""
    spec = leads.spec
    models = []
    for outcome, within in OUTCOMES.items():
        entered, events = counts(leads, outcome, within)
        table = Cohorts(entered.astype(np.float64), events.astype(np.float64))
        terms = _terms(spec.start, spec.weeks + within + 1)
        models.append(prepare(table, terms, 0, spec.deployed - 1, spec.deployed))
    streams = [model.stream() for model in models]
    traces = evidence.run(streams, YEARLY_BUDGET)
    raised: list[tuple[int, str]] = []
    for i, (outcome, model) in enumerate(zip(OUTCOMES, models, strict=True)):
        own = [trace for trace in traces if trace.stream == i]
        if not any(trace.alarming.any() for trace in own):
            continue  # nothing to follow, and far quicker
        states = follow(model, own, spec.weeks - 1, MATERIALITY)
        raised += [(week, _who(outcome, own, state, leads)) for week, state in _rises(states, spec.deployed)]
    raised.sort()
    return Found.of([week for week, _ in raised], raised[0][1] if raised else "")


def _rises(states: list[OutcomeState], first: int) -> list[tuple[int, OutcomeState]]:
    """The looks at which an alarm begins to stand."""
    before = False
    rises = []
    for week, state in enumerate(states, start=first):
        if state.alarm and not before:
            rises.append((week, state))
        before = state.alarm
    return rises


def _who(outcome: str, traces: list[Trace], state: OutcomeState, leads: Leads) -> str:
    trace = traces[state.trace]
    segment = "all" if trace.segment is None else leads.spec.channels[trace.segment].name
    theta = trace.theta[(state.raised or 0) - leads.spec.deployed]
    return f"{outcome}/{segment}/θ {theta:g}"
