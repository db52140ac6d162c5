"""Silence that a known drift or a fallen volume explains."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from leadline.metrics import silence
from leadline.metrics.cohorts import Calendar
from leadline.metrics.statistics.fitness import Freshness

CALENDAR = Calendar.spanning(dt.date(2024, 1, 1), dt.date(2024, 12, 29))
NEWEST = dt.date(2024, 9, 1)
"""the Sunday of week 34"""
AS_OF = NEWEST + dt.timedelta(weeks=3)
LATE = Freshness(NEWEST, NEWEST, late=True, usual_gap_days=5)


def _study(expected: np.ndarray, observed: np.ndarray | None = None) -> Any:
    """What is asked of a study with one outcome that `asset_uses` tell of."""
    outcome = SimpleNamespace(
        metric=SimpleNamespace(sources=("assets", "asset_uses")),
        model=SimpleNamespace(
            entered=None, expected=expected[None], observed=(expected if observed is None else observed)[None]
        ),
    )
    return SimpleNamespace(
        outcomes={"usage": outcome},
        unusable={},
        calendar=CALENDAR,
        span=SimpleNamespace(deployed=2),
        seen=lambda _, reckon: reckon(),
    )


@pytest.mark.parametrize(
    ("lately", "level", "is_late"),
    [
        (6.0, 1.0, True),  # eighteen were to be expected
        (6.0, 0.5, True),  # nine still, though half as many come as did
        (6.0, 0.25, False),  # four or five: three weeks without one are no wonder
        (1.5, 1.0, False),  # a fourth of the volume is left
        (4.0, 1.0, True),  # a third less volume explains nothing
    ],
)
def test_an_export_is_late_unless_so_little_is_to_be_expected_by_now(
    monkeypatch: pytest.MonkeyPatch, lately: float, level: float, is_late: bool
) -> None:
    monkeypatch.setattr(silence, "drifted_level", lambda *_: level)
    expected = np.where(np.arange(CALENDAR.weeks) > 30, lately, 6.0)
    told = silence.explained(_study(expected), "asset_uses", LATE, AS_OF)
    assert told.late is is_late
    assert told.covers == (NEWEST if is_late else AS_OF)


@pytest.mark.parametrize("source", ["assets", "deals"])
def test_what_says_who_entered_or_is_of_no_outcome_stays_late(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(silence, "drifted_level", lambda *_: 0.1)
    assert silence.explained(_study(np.full(CALENDAR.weeks, 1.0)), source, LATE, AS_OF) == LATE


@pytest.mark.parametrize(
    ("quiet", "level", "found"),
    [
        (slice(20, 24), 1.0, ((20, 23),)),
        (slice(20, 22), 1.0, ()),  # a dozen expected is what chance may just leave out
        (slice(20, 24), 0.4, ()),  # of a known drift no more than nine were to be expected
        (slice(50, 60), 1.0, ((50, 51),)),
        (slice(0, 6), 0.1, ((2, 5),)),  # nothing was known before the deployment
    ],
)
def test_weeks_without_any_event_are_an_export_that_broke_off_where_chance_cannot_be(
    monkeypatch: pytest.MonkeyPatch, quiet: slice, level: float, found: tuple[tuple[int, int], ...]
) -> None:
    monkeypatch.setattr(silence, "drifted_level", lambda *_: level)
    observed = np.full(CALENDAR.weeks, 5.0)
    observed[quiet] = 0.0
    expected = np.full(CALENDAR.weeks, 6.0)
    expected[50:] = 9.0
    assert silence.silences(_study(expected, observed), "usage", CALENDAR.weeks - 1) == found


def test_a_silence_is_none_before_it_has_lasted() -> None:
    observed = np.full(CALENDAR.weeks, 5.0)
    observed[20:] = 0.0
    study = _study(np.full(CALENDAR.weeks, 6.0), observed)
    study.standing = lambda *_: None
    assert [silence.silences(study, "usage", week) for week in (21, 22)] == [(), ((20, 22),)]


@pytest.mark.parametrize(
    ("events", "told_by", "broke"),
    [
        ([20] * 9 + [0], "nothing", 49),  # as many as ever, then none
        ([20] * 8 + [8, 0], "nothing", None),  # thinning out, as events that are entered late do
        ([20] * 8 + [0, 0], "nothing", 48),
        ([20] * 8 + [8, 0], "exports", 49),  # how late they are entered is known
        ([20] * 10, "nothing", None),
    ],
)
def test_an_outcome_broke_off_where_its_last_weeks_are_empty_and_late_entry_does_not_leave_them_so(
    monkeypatch: pytest.MonkeyPatch, events: list[int], told_by: str, broke: int | None
) -> None:
    monkeypatch.setattr(silence, "drifted_level", lambda *_: 1.0)
    table = np.zeros((1, CALENDAR.weeks, 2))
    table[0, :, 0] = 20
    table[0, 40:50, 0] = events
    counted = SimpleNamespace(
        model=SimpleNamespace(entered=None, expected=np.full((1, CALENDAR.weeks), 20.0)),
        reported=SimpleNamespace(told_by=told_by),
        table=SimpleNamespace(cohorts=SimpleNamespace(events=table)),
    )
    study: Any = SimpleNamespace(
        outcomes={"close": counted}, calendar=CALENDAR, span=SimpleNamespace(deployed=30)
    )
    assert silence.broke_off(study, "close", CALENDAR.end(49)) == broke
    assert silence.broke_off(study, "close", CALENDAR.end(45)) is None
