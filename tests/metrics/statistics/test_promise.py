"""What a rule can promise, against what really happens in simulated flows."""

from __future__ import annotations

import numpy as np
import pytest

from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.metrics.statistics.promise import monitoring, promise, threshold
from tests.metrics.flows import HORIZONS, model_of, weeks_to_alarm


@pytest.fixture(scope="module")
def models() -> list:
    leads = simulate(FlowSpec(leads_per_week=60), np.random.default_rng(11))
    return [model_of(leads, name) for name in HORIZONS]


@pytest.mark.slow
def test_a_larger_decline_is_noticed_sooner_and_the_budget_is_kept(models: list) -> None:
    found = promise(models, monitoring(0.05))
    medians = [d.median_weeks or 999 for d in found.delays]
    assert medians[0] > medians[1] > medians[2]
    assert found.delays[2].noticed_in_26_weeks == 1.0
    assert found.false_alarms_a_year < 0.12


@pytest.mark.slow
def test_the_promised_delay_is_about_what_simulated_drifts_take(models: list) -> None:
    promised = promise(models, monitoring(0.05)).delays[2].median_weeks
    assert promised is not None
    spec = FlowSpec(leads_per_week=60, drift=Drift(0.35, 52))
    taken = [(weeks_to_alarm(spec, seed) or 0) + 1 for seed in range(15)]
    assert abs(float(np.median(taken)) - promised) <= 4


def test_a_threshold_close_to_the_baseline_cries_wolf(models: list) -> None:
    """20 % of leads close; 'below 19 %' is crossed by chance all the time, 'below 8 %' is not."""
    near, far = (promise(models, threshold(0, 1.0, lambda v, t=t: v < t, 1, 30, 4)) for t in (0.19, 0.08))
    assert near.false_alarms_a_year > 2.0
    assert far.false_alarms_a_year < 0.5
    assert (near.delays[2].median_weeks or 999) <= (far.delays[2].median_weeks or 999)


def test_more_weeks_in_a_row_cry_wolf_less(models: list) -> None:
    once, thrice = (
        promise(models, threshold(0, 1.0, lambda v: v < 0.16, weeks, 30, 4)).false_alarms_a_year
        for weeks in (1, 3)
    )
    assert thrice < once
