"""A channel of which nothing comes any more is named, and one that comes in batches or is merely small is not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.cohorts import REST, Calendar, RateTable
from leadline.metrics.findings import GoneSegment
from leadline.metrics.measures.outcomes import RateMeasure
from leadline.metrics.measures.span import Span
from leadline.metrics.recorded_since import gone_segments
from leadline.metrics.statistics.maturity import Cohorts

CALENDAR, DEPLOYED, WEEKS = Calendar(dt.date(2024, 1, 1), 80), 40, 80
LAST = WEEKS - 1


def _told(referral: np.ndarray, web: np.ndarray | float = 30.0, week: int = LAST) -> list[GoneSegment]:
    """Of referrals as they come in a week, beside those of the web and small ones that stop too."""
    few = np.where(np.arange(WEEKS) < 60, 5.0, 0.0)
    entered = np.array([np.full(WEEKS, web), referral, few])
    events = np.zeros((*entered.shape, 27))
    events[:, :, 2] = 0.2 * entered
    table = RateTable(("web", "referral", REST), Cohorts(entered, events))
    span = Span(CALENDAR, 0, DEPLOYED - 1, DEPLOYED)
    counted = RateMeasure.of(load_catalog(None)["close_rate"], table, span)
    return gone_segments(counted, "channel", week)


def _until(week: int, then: float = 0.0, usual: float = 10.0) -> np.ndarray:
    return np.where(np.arange(WEEKS) < week, usual, then)


@pytest.mark.parametrize("ended", [30, 45, 60, 76])
def test_a_channel_that_dies_is_named_with_the_week_since_which_it_is_gone(ended: int) -> None:
    (told,) = _told(_until(ended))
    assert told == GoneSegment(
        "channel", "referral", CALENDAR.start(ended), 0, 10.0, pytest.approx(10 / 45, rel=0.1), "leads"
    )


def test_next_to_nothing_is_told_with_its_number_and_what_is_known_later_changes_nothing() -> None:
    rests = _until(50)
    rests[[55, 70]] = 1.0
    (told,) = _told(rests)
    assert (told.since, told.units) == (CALENDAR.start(50), 2)
    assert _told(rests, week=52) == _told(_until(50), week=52)
    assert _told(rests, week=49) == []


@pytest.mark.parametrize(
    "referral",
    [
        _until(WEEKS),  # it comes as ever
        _until(60, then=4.0),  # less of it
        _until(79),  # one week without
        _until(70, usual=0.5),  # so small that a few weeks without say nothing
        np.where(np.arange(WEEKS) % 8 == 3, 90.0, 0.0),  # in batches
        _until(5),  # long before the deployment
    ],
    ids=["as ever", "less", "a week", "small", "batches", "long ago"],
)
def test_nothing_is_said_of_a_channel_that_still_comes_or_hardly_ever_did(referral: np.ndarray) -> None:
    assert _told(referral) == []


def test_where_everything_stops_no_channel_is_named() -> None:
    assert _told(_until(60), web=_until(60, usual=30.0)) == []
