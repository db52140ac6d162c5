"""What a rule can promise, against what really happens in simulated flows."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import asdict, replace

import numpy as np
import pytest

from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.metrics.statistics.one_flow import Flow
from leadline.metrics.statistics.promise import (
    HISTORIES,
    Floats,
    Noticed,
    Promise,
    drawn,
    monitoring,
    promise,
    threshold,
)
from leadline.metrics.statistics.season import calendar_terms
from leadline.metrics.statistics.weekly_counts import prepare_counts, weekly_cohorts
from tests.metrics.flows import HORIZONS, model_of, weeks_to_alarm


@pytest.fixture(scope="module")
def flow() -> Flow:
    leads = simulate(FlowSpec(leads_per_week=60), np.random.default_rng(11))
    return drawn([model_of(leads, name) for name in HORIZONS], [None] * len(HORIZONS))


@pytest.fixture(scope="module")
def found(flow: Flow) -> Promise:
    return promise(flow, monitoring(0.05))


def test_a_larger_decline_is_noticed_sooner_and_the_budget_is_kept(found: Promise) -> None:
    medians = [d.median_weeks or 999 for d in found.delays]
    assert medians[0] > medians[1] > medians[2]
    assert found.delays[2].noticed_in_26_weeks == 1.0
    assert found.false_alarms_a_year < 0.08
    assert found.histories == HISTORIES


@pytest.mark.slow
def test_what_a_false_alarm_voids_hides_no_size_of_decline(flow: Flow) -> None:
    """Of a hundred histories a rule that is breached at once in sixty of them notices the larger declines in all of the
    rest; one that leaves hardly any tells nothing."""

    def noticed(voided: int) -> Noticed:
        def after(_: Flow) -> Floats:
            quiet = np.where(np.arange(flow.futures) < voided, 0.0, np.inf)
            weeks = [flow.onset + late for late in (40.0, 9.0, 1.0)]
            return np.array([quiet, *weeks])

        return after

    onset = replace(flow, onset=np.maximum(flow.onset, 1))
    found = promise(onset, noticed(60))
    assert [each.noticed_in_26_weeks for each in found.delays] == [0.0, 1.0, 1.0]
    assert found.delays[2].median_weeks == 2
    told = promise(onset, noticed(flow.futures - 3)).delays
    assert {(each.median_weeks, each.noticed_in_26_weeks) for each in told} == {(None, None)}


def test_the_promised_delay_is_about_what_simulated_drifts_take(found: Promise) -> None:
    promised = found.delays[2].median_weeks
    assert promised is not None
    spec = FlowSpec(leads_per_week=60, drift=Drift(0.35, 52))
    taken = [(weeks_to_alarm(spec, seed) or 0) + 1 for seed in range(15)]
    assert abs(float(np.median(taken)) - promised) <= 4


def test_it_takes_a_second_for_an_ordinary_workflow() -> None:
    """Two outcomes, four segments, 80 leads a week; the limit leaves room for a busy machine."""
    leads = simulate(FlowSpec(leads_per_week=80), np.random.default_rng(11))
    models = [model_of(leads, name) for name in HORIZONS]
    started = time.process_time()
    promise(drawn(models, [None] * len(models)), monitoring(0.05))
    assert time.process_time() - started < 5.0


def test_the_same_baseline_promises_the_same(found: Promise) -> None:
    leads = simulate(FlowSpec(leads_per_week=60), np.random.default_rng(11))
    again = drawn([model_of(leads, name) for name in HORIZONS], [None] * len(HORIZONS))
    assert promise(again, monitoring(0.05)) == found


def test_what_is_entered_late_is_promised_so_much_later(flow: Flow, found: Promise) -> None:
    assert flow.behind == (0, 0)
    late = promise(replace(flow, behind=(3, 3)), monitoring(0.05))
    weeks = [
        (a.median_weeks or 99, b.median_weeks or 99) for a, b in zip(found.delays, late.delays, strict=True)
    ]
    assert all(2 <= b - a <= 4 for a, b in weeks[1:])


def test_a_rule_that_waits_is_promised_so_much_later(flow: Flow, found: Promise) -> None:
    waits = promise(flow, monitoring(0.05), 2)
    assert waits.delays[2].median_weeks == (found.delays[2].median_weeks or 0) + 2


def test_more_leads_than_it_takes_are_not_drawn() -> None:
    leads = simulate(FlowSpec(leads_per_week=2000, weeks=60), np.random.default_rng(11))
    assert drawn([model_of(leads, "close_rate")], [None]).futures < HISTORIES


def test_a_promise_comes_back_as_it_was_kept(flow: Flow) -> None:
    found = promise(flow, monitoring(0.05))
    assert Promise.of_plain(json.loads(json.dumps(asdict(found)))) == found


def test_a_threshold_close_to_the_baseline_cries_wolf(flow: Flow) -> None:
    """20 % of leads close; 'below 19 %' is crossed by chance all the time, 'below 8 %' is not."""
    near, far = (promise(flow, threshold(0, lambda v, t=t: v < t, 1, 30, 4)) for t in (0.19, 0.08))
    assert near.false_alarms_a_year > 2.0
    assert far.false_alarms_a_year < 0.5
    assert (near.delays[2].median_weeks or 999) <= (far.delays[2].median_weeks or 999)


def test_a_rule_on_a_count_rests_on_its_events() -> None:
    """About 12 deals a week: four weeks hold 40 of them, so that a rule on 40 can judge as soon as those are over."""
    counts = np.random.default_rng(7).poisson(12.0, (1, 80)).astype(np.float64)
    terms = calendar_terms([dt.date(2023, 1, 2) + dt.timedelta(weeks=week) for week in range(90)])
    model = prepare_counts(weekly_cohorts(counts), terms, 0, 51, 52)
    few, many = (
        promise(drawn([model], [None]), threshold(0, lambda v: v < 9.0, 1, sample, 0)).delays[2].median_weeks
        for sample in (40, 600)
    )
    assert few is not None
    assert few <= 6
    assert many is None


def test_more_weeks_in_a_row_cry_wolf_less(flow: Flow) -> None:
    once, thrice = (
        promise(flow, threshold(0, lambda v: v < 0.16, weeks, 30, 4)).false_alarms_a_year for weeks in (1, 3)
    )
    assert thrice < once
