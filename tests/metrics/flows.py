"""Cohort tables for tests: simulated flows as the statistics see them."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.flows import FlowSpec, Leads, counts, simulate
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import OutcomeState, follow
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import OutcomeModel, prepare
from leadline.metrics.statistics.season import calendar_terms

HORIZONS = {"close_rate": 26, "qualified_appointment_rate": 12}


def table(leads: Leads, outcome: str) -> Cohorts:
    entered, events = counts(leads, outcome, HORIZONS[outcome])
    return Cohorts(entered.astype(np.float64), events.astype(np.float64))


def model_of(leads: Leads, outcome: str) -> OutcomeModel:
    spec = leads.spec
    terms = calendar_terms([spec.start + dt.timedelta(weeks=w) for w in range(spec.weeks + 30)])
    return prepare(table(leads, outcome), terms, 0, spec.deployed - 1, spec.deployed)


def watched(spec: FlowSpec, seed: int) -> dict[str, list[OutcomeState]]:
    """Both outcomes of one simulated history, followed week by week with the default budget."""
    leads = simulate(spec, np.random.default_rng(seed))
    models = {name: model_of(leads, name) for name in HORIZONS}
    streams = [model.stream() for model in models.values()]
    traces = evidence.run(streams, evidence.BUDGET)
    return {
        name: follow(model, [t for t in traces if t.stream == i], spec.weeks - 1, 0.10)
        for i, (name, model) in enumerate(models.items())
    }


def weeks_to_alarm(spec: FlowSpec, seed: int) -> int | None:
    """Weeks since the deployment at the first alarm of either outcome in one simulated history, default budget."""
    leads = simulate(spec, np.random.default_rng(seed))
    streams = [model_of(leads, name).stream() for name in HORIZONS]
    return evidence.first_alarm(streams, evidence.BUDGET)
