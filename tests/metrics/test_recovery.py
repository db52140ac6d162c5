"""A drift to its end: raised, decided on, recovered for good, and the next one a story of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np

from leadline.data.samples.flows import FlowSpec, simulate
from leadline.metrics.agreement.workflow_history import Decided
from leadline.metrics.recovery import Followed, Standing, standings
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import follow
from leadline.metrics.statistics.outcomes import OutcomeModel
from tests.metrics.flows import model_of

DEPLOYED, DRIFTS, DECIDED, DRIFTS_ANEW, LAST = 52, 54, 70, 100, 119
DECISION = Decided("D1", dt.date(2024, 5, 5))


@cache
def _model() -> OutcomeModel:
    """Half as many appointments between the drift and the decision, and again from week 100 on; 120 leads a week."""
    spec = FlowSpec(leads_per_week=120)
    model = model_of(simulate(spec, np.random.default_rng(5)), "qualified_appointment_rate")
    rng = np.random.default_rng(6)
    events = model.cohorts.events.copy()
    for weeks in (slice(DRIFTS, DECIDED), slice(DRIFTS_ANEW, None)):
        events[:, weeks] = rng.binomial(events[:, weeks].astype(np.int64), 0.5)
    return replace(model, cohorts=replace(model.cohorts, events=events))


def _followed(first: int) -> Followed:
    model = replace(_model(), deployed=first)
    traces = evidence.run([model.stream()], 0.05)
    return Followed(first, traces, follow(model, traces, LAST, 0.10))


@cache
def _told(*decisions: tuple[int, Decided]) -> dict[int, Standing]:
    found = standings(_model(), _followed(DEPLOYED), decisions, _followed, 0.10)
    return dict(enumerate(found, DEPLOYED))


def test_a_decision_that_turned_a_drift_ends_its_story_and_evidence_begins_with_what_entered_since() -> None:
    told = _told((DECIDED, DECISION))
    recovered = [week for week, standing in told.items() if standing.story and standing.story.recovered]
    assert DECIDED < recovered[0] < DECIDED + 12
    story = told[recovered[0]].story
    assert story is not None
    assert story.recovered is not None
    assert (story.recovered.decision, story.recovered_in) == (DECISION, recovered[0])
    assert told[recovered[0]].followed.first == DECIDED
    assert not told[recovered[0]].state.alarm


def test_what_has_recovered_stays_so_until_it_drifts_anew_and_that_is_another_story() -> None:
    told = _told((DECIDED, DECISION))
    stories = [standing.story for standing in told.values() if standing.story is not None]
    first, last = stories[0], stories[-1]
    assert abs(first.since - DRIFTS) <= 2
    assert abs(last.since - DRIFTS_ANEW) <= 3
    assert last.recovered is None
    assert last.attempts == ()
    over = [bool(story.recovered) for story in stories if story.raised == first.raised]
    assert over == sorted(over)


def test_without_a_decision_nothing_is_called_recovered_however_well_it_does() -> None:
    told = _told()
    assert not any(s.story and (s.story.recovered or s.story.attempts) for s in told.values())
    assert {s.followed.first for s in told.values()} == {DEPLOYED}


def test_a_decision_from_before_the_drift_is_none_on_it() -> None:
    told = _told((DRIFTS - 1, DECISION))
    assert not any(standing.story and standing.story.attempts for standing in told.values())
