"""Which events are still to be sent to which channel: each once, a failed one again after a while, not for ever.

A delivery is begun in the ledger before it is sent, so that two runs at the same time don't send it twice; one that
was begun and never ended (the machine went down) counts as failed after a quarter of an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import ALERT_KINDS, Alert, fold
from leadline.metrics.agreement.entries import Entry, Kind, append, entries, now
from leadline.metrics.agreement.record_review import EVENT_KINDS, MACHINE

_TOLD: tuple[Kind, ...] = (*EVENT_KINDS, "gate_turned")
FIRST_TRY_WITHIN = dt.timedelta(days=31)
"""older events are news no more; a channel that is new does not get them"""
MOST_ATTEMPTS = 8
FIRST_PAUSE = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(hours=6)
GIVEN_UP_AFTER = dt.timedelta(minutes=15)
"""a delivery that was begun this long ago and never ended has failed"""


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one channel."""

    event: Entry
    channel: str
    attempt: int
    """counts from 1"""


@dataclass(frozen=True)
class Failure:
    """One event that did not reach one channel."""

    event: Entry
    channel: str
    attempts: int
    problem: str
    """of the newest attempt; '' where it was begun and never ended"""
    last_at: dt.datetime
    next_at: dt.datetime | None
    """not tried again before this moment (UTC, without zone); None: given up"""


@dataclass(frozen=True)
class _Track:
    attempts: int
    last: Entry
    is_sent: bool


def claim(
    warehouse: Warehouse,
    channels: Sequence[str],
    today: dt.date,
    at: dt.datetime | None = None,
    machines: Sequence[str] = (),
) -> tuple[Delivery, ...]:
    """What is due now, begun in the ledger; each must be ended with `delivered`. Oldest event first.

    `machines`: channels that hear of gates that turn, and of nothing else; people are told why one did.
    """
    moment = at or now()
    with warehouse.joined():
        events, tracks = _state(warehouse)
        alerts = {alert.id: alert for alert in fold(entries(warehouse, ALERT_KINDS))}
        due = [
            Delivery(event, channel, _attempts(tracks.get((event.sequence, channel))) + 1)
            for event in events
            for channel in (machines if event.kind == "gate_turned" else channels)
            if _is_due(event, channel, events, tracks, alerts, today, moment)
        ]
        for delivery in due:
            _note(warehouse, "notification_begun", delivery.event.sequence, delivery, "", moment)
    return tuple(due)


def delivered(
    warehouse: Warehouse, event: int, channel: str, *, problem: str = "", at: dt.datetime | None = None
) -> None:
    """Ends a delivery: sent, or failed with a problem (which must hold no secret)."""
    events, tracks = _state(warehouse)
    track = tracks.get((event, channel))
    known = next((each for each in events if each.sequence == event), None)
    if track is None or known is None or track.is_sent:
        return
    delivery = Delivery(known, channel, track.attempts)
    _note(warehouse, "notification_failed" if problem else "notification_sent", event, delivery, problem, at)


def failures(warehouse: Warehouse, at: dt.datetime | None = None) -> tuple[Failure, ...]:
    """Events that did not reach a channel so far, newest attempt first."""
    moment = at or now()
    events, tracks = _state(warehouse)
    by_number = {event.sequence: event for event in events}
    found = []
    for (number, channel), track in tracks.items():
        if track.is_sent or not _has_failed(track, moment) or number not in by_number:
            continue
        problem = str(track.last.payload.get("problem") or "")
        again = track.last.at + _pause(track.attempts) if track.attempts < MOST_ATTEMPTS else None
        found.append(Failure(by_number[number], channel, track.attempts, problem, track.last.at, again))
    return tuple(sorted(found, key=lambda failure: failure.last_at, reverse=True))


def _state(warehouse: Warehouse) -> tuple[tuple[Entry, ...], dict[tuple[int, str], _Track]]:
    rows = entries(warehouse, (*_TOLD, "notification_begun", "notification_sent", "notification_failed"))
    return tuple(row for row in rows if row.kind in _TOLD), _tracks(rows)


def _tracks(rows: Iterable[Entry]) -> dict[tuple[int, str], _Track]:
    tracks: dict[tuple[int, str], _Track] = {}
    for row in rows:
        if row.kind in _TOLD:
            continue
        key = (int(row.payload["event"]), str(row.payload["channel"]))
        before = tracks.get(key)
        begun = (before.attempts if before else 0) + (row.kind == "notification_begun")
        sent = row.kind == "notification_sent" or (before is not None and before.is_sent)
        tracks[key] = _Track(begun, row, sent)
    return tracks


def _attempts(track: _Track | None) -> int:
    return track.attempts if track else 0


def _is_due(
    event: Entry,
    channel: str,
    events: Sequence[Entry],
    tracks: dict[tuple[int, str], _Track],
    alerts: dict[str, Alert],
    today: dt.date,
    moment: dt.datetime,
) -> bool:
    track = tracks.get((event.sequence, channel))
    if track is not None:
        waited = track.last.at + _pause(track.attempts) <= moment
        return not track.is_sent and _has_failed(track, moment) and track.attempts < MOST_ATTEMPTS and waited
    if moment - event.at > FIRST_TRY_WITHIN:
        return False
    alert = alerts.get(event.subject or "")
    if alert is None:
        return True
    if event.kind == "alert_resolved":
        # who never heard of the alert need not hear of its end
        told = [e.sequence for e in events if e.subject == event.subject and e.kind != "alert_resolved"]
        return any(_is_sent(tracks.get((number, channel))) for number in told) and not _was_silent(
            alert, today
        )
    return alert.is_open and not alert.is_silent(today)


def _is_sent(track: _Track | None) -> bool:
    return track is not None and track.is_sent


def _was_silent(alert: Alert, today: dt.date) -> bool:
    return alert.silenced_until is not None and today <= alert.silenced_until


def _has_failed(track: _Track, moment: dt.datetime) -> bool:
    if track.last.kind == "notification_begun":
        return moment - track.last.at >= GIVEN_UP_AFTER
    return track.last.kind == "notification_failed"


def _pause(attempts: int) -> dt.timedelta:
    """Five minutes after the first failure, twice as long after each further one, six hours at most."""
    doublings = min(max(attempts - 1, 0), MOST_ATTEMPTS)
    return min(FIRST_PAUSE * float(2**doublings), LONGEST_PAUSE)


def _note(
    warehouse: Warehouse, kind: Kind, event: int, delivery: Delivery, problem: str, at: dt.datetime | None
) -> None:
    payload = {"event": event, "channel": delivery.channel, "attempt": delivery.attempt}
    append(
        warehouse,
        kind,
        {**payload, "problem": problem} if problem else payload,
        by=MACHINE,
        workflow=delivery.event.workflow,
        subject=delivery.event.subject,
        at=at,
    )
