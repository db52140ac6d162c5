"""Is the data fit to judge: freshness by a source's own pace, late recording, silence."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.flows import FlowSpec, simulate
from leadline.metrics.statistics.fitness import freshness, last_week_end, recording_start, silences
from leadline.metrics.statistics.maturity import Cohorts
from tests.metrics.flows import table

SUNDAY = dt.date(2024, 6, 30)


def _days(*ago: int) -> list[dt.date]:
    return sorted(SUNDAY - dt.timedelta(days=a) for a in ago)


def test_a_source_that_was_active_yesterday_covers_today() -> None:
    found = freshness(_days(1, 2, 3, 4), SUNDAY)
    assert (found.covers, found.late) == (SUNDAY, False)


def test_a_daily_source_that_is_silent_for_a_week_ends_at_its_newest_day() -> None:
    found = freshness(_days(7, 8, 9, 10, 11), SUNDAY)
    assert (found.covers, found.late) == (SUNDAY - dt.timedelta(days=7), True)


def test_a_weekly_source_may_be_silent_for_a_week() -> None:
    assert not freshness(_days(6, 13, 20, 27), SUNDAY).late


def test_the_last_whole_week_ends_on_a_sunday() -> None:
    assert last_week_end(SUNDAY) == SUNDAY
    assert last_week_end(dt.date(2024, 7, 6)) == SUNDAY
    assert last_week_end(dt.date(2024, 7, 7)) == dt.date(2024, 7, 7)


def _flow() -> Cohorts:
    return table(
        simulate(FlowSpec(leads_per_week=60, weeks=60, deployed=50), np.random.default_rng(6)), "close_rate"
    )


def test_an_outcome_recorded_from_the_start_has_no_recording_start() -> None:
    assert recording_start(_flow(), 59) is None


def test_an_outcome_whose_recording_begins_late_is_noticed_in_its_first_week() -> None:
    cohorts = _flow()
    calendar = np.add.outer(np.arange(60), np.arange(cohorts.ages))
    recorded = Cohorts(cohorts.entered, np.where(calendar >= 24, cohorts.events, 0.0))
    assert recording_start(recorded, 59) == 24


def test_stretches_without_an_event_are_told_with_their_first_and_last_week() -> None:
    assert silences(np.array([0.0, 0, 3, 0, 1, 0, 0])) == [(0, 1), (3, 3), (5, 6)]
    assert silences(np.array([2.0, 1])) == []
