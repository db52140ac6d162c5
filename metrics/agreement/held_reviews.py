"""Reviews that were held: when somebody closed one, and which day that was a look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from leadline.metrics.agreement.entries import Entry

LATE_AFTER = dt.timedelta(weeks=1)
"""a review of a day longer ago is closed late"""


@dataclass(frozen=True, order=True)
class Held:
    """One review that was closed."""

    of: dt.date
    """the day that was looked at: of one that was closed late the day of its week, else the day of closing"""
    on: dt.date
    """the day of closing: earlier reviews don't know of it"""


def is_late(as_of: dt.date, on: dt.date) -> bool:
    """Whether the review of a day is closed late on another."""
    return on - as_of > LATE_AFTER


def held_reviews(closed: Iterable[Entry]) -> tuple[Held, ...]:
    """Of rows `review_closed`, sorted by the day looked at."""
    found = []
    for entry in closed:
        on = dt.date.fromisoformat(entry.payload["on"])
        as_of = dt.date.fromisoformat(entry.payload.get("as_of", entry.payload["on"]))
        found.append(Held(as_of if is_late(as_of, on) else on, on))
    return tuple(sorted(found))
