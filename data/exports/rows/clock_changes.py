"""Local times around a change of the clock: one hour of the year does not exist, another comes twice.

The rule is the engine's: a time that does not exist is moved on by the hour that was left out (02:30 becomes 03:30),
and of a double hour the second is meant (02:30 in winter time). It is told with the number of times it was needed.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.typed_columns import TIME_STYLES, Reading
from leadline.data.sql import compose, quote

HOUR = dt.timedelta(hours=1)


def changes(zone: str, first: dt.datetime, last: dt.datetime) -> list[dt.datetime]:
    """Moments (UTC) between two others at which a zone's clock is put forward or back, to the minute."""
    known = ZoneInfo(zone)

    def offset(moment: dt.datetime) -> dt.timedelta | None:
        return moment.replace(tzinfo=dt.UTC).astimezone(known).utcoffset()

    found = []
    day = first.replace(hour=0, minute=0, second=0, microsecond=0) - 2 * 24 * HOUR
    while day <= last + 2 * 24 * HOUR:
        following = day + 24 * HOUR
        if offset(day) != offset(following):
            low, high = day, following
            while high - low > dt.timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            found.append(high.replace(second=0, microsecond=0))
        day = following
    return found


def told(session: Session, recognised: Recognised, reading: Reading) -> list[Warned]:
    """Warns of local times that a change of the clock makes doubtful. Reads `stage` and `typed_rows`."""
    if reading.zone in ("UTC", "Etc/UTC", "GMT"):
        return []
    warnings = []
    for column in recognised.template.columns:
        place = recognised.places.get(column.name)
        if column.type != "time" or place is None:
            continue
        ((first, last),) = session.select(compose("staging/span_of_times.sql", column=quote(column.name)))
        moments = changes(reading.zone, first, last) if first is not None else []
        if not moments:
            continue
        sql = compose(
            "staging/clock_changes.sql",
            column=quote(column.name),
            cell=quote(f"c{place}"),
            style=TIME_STYLES[reading.style(column)],
        )
        for kind, count, line, example in session.select(sql, {"moments": moments, "zone": reading.zone}):
            times = "1 time" if count == 1 else f"{count:,} times"
            meaning = (
                "does not exist, because the clock was put forward; it was moved on by that hour"
                if kind == "gap"
                else "comes twice, because the clock was put back; the second was taken"
            )
            warnings.append(
                Warned(
                    "clock_change",
                    f"{column.name} holds {times} in {reading.zone} that a change of the clock makes doubtful: "
                    f"{example} (line {line}) {meaning}.",
                )
            )
    return warnings
