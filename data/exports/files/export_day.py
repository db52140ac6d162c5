"""The day of an export, as the name of its file says it."""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])([-_.])(0[1-9]|1[0-2])\2(20\d\d)(?!\d)")


def day_in_name(file: str, first: dt.date, last: dt.date) -> dt.date | None:
    """The last date in a file's name that can be the day of its export, between two others.

    >>> day_in_name("deals_2026-02-15 (2).csv", dt.date(2026, 1, 1), dt.date(2026, 3, 1))
    datetime.date(2026, 2, 15)
    """
    found = [(at.start(), at[1], at[3], at[4]) for at in _DATE.finditer(file)]
    found += [(at.start(), at[4], at[3], at[1]) for at in _DAY_FIRST.finditer(file)]
    days = []
    for _, year, month, day in sorted(found):
        try:
            days.append(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return next((day for day in reversed(days) if first <= day <= last), None)
