"""Which weeks each landed source tells of: what a reader looks at before believing that nothing is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.cohorts import ONE_WEEK, monday, rows


@dataclass(frozen=True)
class SourceWeeks:
    """One source: events a week (a row counts once for each thing it says happened)."""

    source: str
    weeks: tuple[dt.date, ...]
    """Mondays, oldest first, the same for every source"""
    events: tuple[int, ...]


def source_weeks(warehouse: Warehouse, as_of: dt.date, most: int = 53) -> tuple[SourceWeeks, ...]:
    """The last `most` weeks up to that of `as_of` (fewer where nothing is older), by source name."""
    counted: dict[str, dict[dt.date, int]] = {}
    for source, _, day, events in rows(warehouse, "activity", {"through": as_of}):
        weeks = counted.setdefault(source, {})
        weeks[monday(day)] = weeks.get(monday(day), 0) + int(events)
    last = monday(as_of)
    oldest = min((week for weeks in counted.values() for week in weeks), default=last)
    first = max(oldest, last - (most - 1) * ONE_WEEK)
    calendar = tuple(first + place * ONE_WEEK for place in range((last - first).days // 7 + 1))
    return tuple(
        SourceWeeks(source, calendar, tuple(counted[source].get(week, 0) for week in calendar))
        for source in sorted(counted)
    )
