"""What a rule on a number is held against can be counted again by whoever has the exports."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from leadline.dashboard.words.changes import counted_sentence
from leadline.dashboard.words.verdicts import rule_sentence
from leadline.metrics import drift_costs
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.conditions import parse_condition
from leadline.metrics.agreement.rules import WeekObservation, evaluate_rule
from leadline.metrics.charter_terms import StoppingRule
from leadline.metrics.cohorts import Calendar, RateTable
from leadline.metrics.measures.outcomes import RateMeasure
from leadline.metrics.measures.span import Span
from leadline.metrics.pairs import told_change
from leadline.metrics.results import Cost
from leadline.metrics.statistics.maturity import Cohorts

Floats = NDArray[np.float64]
WEEKS, DEPLOYED = 130, 104
SPAN = Span(Calendar(dt.date(2023, 1, 2), WEEKS), 0, DEPLOYED - 1, DEPLOYED)
SEASON = 1.0 + 0.25 * np.sin(2 * np.pi * np.arange(WEEKS) / 52)


def _measure(name: str, entered: Floats, events: Floats) -> RateMeasure:
    segments = tuple("abc"[: entered.shape[0]])
    return RateMeasure.of(load_catalog(None)[name], RateTable(segments, Cohorts(entered, events)), SPAN)


def test_a_share_of_the_week_is_events_over_units_whatever_season_and_mix() -> None:
    entered = np.full((2, WEEKS), 40.0)
    entered[:, DEPLOYED:] = [[60.0], [20.0]]  # more of the segment in which fewer pass
    events = np.round(entered * [[0.4], [0.8]] * SEASON)[:, :, None]
    found = _measure("review_pass_rate", entered, events).value(WEEKS - 1, 40)
    assert found.value == pytest.approx(events[:, -4:].sum() / entered[:, -4:].sum())
    assert found.units == 320
    assert found.like_baseline == pytest.approx(0.6, abs=0.04)
    assert found.value < found.like_baseline - 0.04


def test_a_change_that_season_and_mix_are_taken_out_of_is_told_as_counted_too() -> None:
    entered = np.full((2, WEEKS), 40.0)
    entered[:, DEPLOYED:] = [[60.0], [20.0]]
    events = np.round(entered * [[0.4], [0.8]] * SEASON)[:, :, None]
    measure = _measure("review_pass_rate", entered, events)
    told, counted = measure.change(WEEKS - 1), measure.counted(DEPLOYED, WEEKS - 1)
    assert counted is not None
    assert counted.before == pytest.approx(events[:, :DEPLOYED].sum() / entered[:, :DEPLOYED].sum())
    assert counted.now == pytest.approx(events[:, DEPLOYED:].sum() / entered[:, DEPLOYED:].sum())
    assert counted.taken_out == ("season", "mix")
    assert told.current_value is not None
    assert told.current_value > counted.now + 0.02
    assert counted_sentence(measure.metric, replace(told_change(told), counted=counted)) == (
        f"As counted, {round(100 * (1 - counted.now / counted.before))} % fewer reviews are passed "
        f"({100 * counted.now:.1f} %, was 60 %); what is told is in the baseline's season and mix."
    )
    of_first = measure.counted(DEPLOYED, WEEKS - 1, 0)
    assert of_first is not None
    assert of_first.now == pytest.approx(events[0, DEPLOYED:].sum() / entered[0, DEPLOYED:].sum())


def test_of_young_units_is_expected_what_usually_has_come_at_their_age() -> None:
    metric, arrival = "asset_usage_rate", np.array([0.1, 0.2, 0.1, *[0.01] * 10])
    entered = np.full((1, WEEKS), 50.0)
    events = 50.0 * SEASON[None, :, None] * arrival
    events[0][np.add.outer(np.arange(WEEKS), np.arange(13)) >= WEEKS] = 0.0
    found = _measure(metric, entered, events).value(WEEKS - 1, 30)
    happened = sum(events[0, week - age, age] for week in range(WEEKS - 4, WEEKS) for age in range(13))
    usual = 4 * 50.0 * sum(arrival) / sum(arrival)  # four weeks' worth of units, of all ages together
    assert found.value == pytest.approx(happened / usual, rel=0.02)
    assert found.like_baseline == pytest.approx(sum(arrival), rel=0.05)


@pytest.mark.parametrize(
    ("when", "state", "told"),
    [
        ("close_rate < 15%", "ok", "Close rate below 15 %: kept (16.1 %; threshold 15 %)"),
        (
            "close_rate < baseline - 20%",
            "breached",
            "(14 % in the baseline's season and mix, 16.1 % as counted; threshold 16 %)",
        ),
    ],
)
def test_a_number_is_held_against_what_is_counted_and_the_baseline_against_its_like(
    when: str, state: str, told: str
) -> None:
    rule = StoppingRule("floor", parse_condition(when, load_catalog(None), ["close_rate"]), "review")
    week = WeekObservation(dt.date(2024, 6, 30), True, frozenset(), 0.161, 200, like_baseline=0.14)
    found = evaluate_rule(rule, [week], 0.2)
    assert found.state == state
    assert told in rule_sentence(found, "share")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"close_rate": None, "won_value_per_lead": 40.0}, "won_value_per_lead"),
        ({"close_rate": 30.0, "won_value_per_lead": 40.0}, "close_rate"),
        ({"close_rate": None, "won_value_per_lead": None}, "close_rate"),
    ],
)
def test_a_cost_is_of_what_drifted_first_unless_only_another_knows_money(
    values: dict[str, float | None], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_one(_: object, name: str, *__: object) -> Cost:
        return Cost(5.0, 1.0, 9.0, values[name], None, None, None, outcome=name)

    monkeypatch.setattr(drift_costs, "_cost_of", of_one)
    stories = {name: SimpleNamespace(raised=raised) for raised, name in enumerate(values)}
    study = SimpleNamespace(catalog=load_catalog(None))
    found = drift_costs.cost_of_drift(study, stories, 9, None)  # type: ignore[arg-type]
    assert found is not None
    assert found.outcome == named
