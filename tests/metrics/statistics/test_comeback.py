"""Since a decision: what entered is back, or as it had drifted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.metrics.statistics.comeback import FALSE_RECOVERIES, ComebackEvidence, comeback
from leadline.metrics.statistics.outcomes import OutcomeModel
from tests.metrics.flows import model_of

DRIFTED, DECIDED, LAST = 52, 68, 116


def _model(lasts: int | None, seed: int, leads: float = 25.0) -> OutcomeModel:
    """Forty per cent fewer deals from the deployment on, for good or until the decision."""
    spec = FlowSpec(leads_per_week=leads, drift=Drift(0.4, DRIFTED, weeks=lasts))
    return model_of(simulate(spec, np.random.default_rng(seed)), "qualified_appointment_rate")


def _since(model: OutcomeModel, through: int = LAST) -> ComebackEvidence:
    return comeback(model, DRIFTED, DECIDED, through, None, 0.10)


def test_of_decisions_that_changed_nothing_few_are_ever_told_as_recovering() -> None:
    told = [_since(_model(None, seed)) for seed in range(60)]
    assert np.mean([found.recovering.any() for found in told]) <= FALSE_RECOVERIES


def test_a_decision_that_brought_it_back_is_told_within_a_quarter_and_recovered_within_half_a_year() -> None:
    told = [_since(_model(DECIDED - DRIFTED, seed)) for seed in range(15)]
    assert np.mean([found.recovering[:14].any() for found in told]) >= 0.8
    assert np.mean([found.recovered[:27].any() for found in told]) >= 0.8


def test_what_is_said_of_a_week_never_depends_on_later_ones() -> None:
    model = _model(DECIDED - DRIFTED, 3)
    whole, early = _since(model), _since(model, DECIDED + 10)
    for name in ("log_odds", "level", "drifted_to", "recovering", "recovered"):
        np.testing.assert_allclose(getattr(early, name), getattr(whole, name)[:11])


def test_where_nothing_entered_since_nothing_speaks_for_either() -> None:
    model = _model(None, 1)
    entered, events = model.cohorts.entered.copy(), model.cohorts.events.copy()
    entered[:, DECIDED:], events[:, DECIDED:] = 0.0, 0.0
    found = _since(replace(model, cohorts=replace(model.cohorts, entered=entered, events=events)))
    np.testing.assert_allclose(found.log_odds, 0.0, atol=1e-9)
    assert np.isnan(found.level).all()


def test_half_of_the_way_back_is_recovering_and_never_recovered() -> None:
    """From 60 to 80 of 100 that came before; 250 leads a week leave no doubt."""
    model = _model(None, 4, 250.0)
    half = model.cohorts.events.copy()
    half[:, DECIDED:] *= 0.8 / 0.6
    found = _since(replace(model, cohorts=replace(model.cohorts, events=half)))
    assert found.recovering[-1]
    assert not found.recovered.any()
    assert found.level[-1] == pytest.approx(0.8, abs=0.04)
