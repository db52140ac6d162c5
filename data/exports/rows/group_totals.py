"""Sub-totals of spend among the rows that they add up: a row a day, or a channel, that is the sum of the others there.

What it is called decides nothing where its numbers add up group by group; a name such as 'All campaigns' makes one
group enough. Three rows of fixed budgets may be such a sum every day, so that the numbers must be several.
"""

from __future__ import annotations

import re

from leadline.data.database.session import Row, Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.named_totals import ALL_OF_THEM, TOTAL_WORDS
from leadline.data.exports.rows.spend_levels import DIMENSIONS
from leadline.data.sql import compose, quote, read_sql

BETWEEN = " · "
ADDED = ("cost", "impressions", "clicks", "visits")
FEWEST = 3
"""different numbers that are sums, fewer of which may be so by chance"""
MOST = 0.5
NEARLY_ALL = 0.8
"""shares of the groups in which a row is their sum"""
_CALLED = re.compile(f"({TOTAL_WORDS}|{ALL_OF_THEM})([ :：].*)?", re.IGNORECASE)


def group_totals(session: Session, recognised: Recognised) -> tuple[list[tuple[int, int, str]], list[Warned]]:
    """(record, line, reason) of rows that are the sum of their group; a warning of those that may be one."""
    if recognised.template.name != "spend":
        return [], []
    counts = [f"count(distinct {quote(name)})" for name in DIMENSIONS]
    counts += [f"count(nullif({name}, 0))" for name in ADDED]
    (found,) = session.select(compose("landing/filled.sql", counts=", ".join(counts)))
    counted = dict(zip((*DIMENSIONS, *ADDED), found, strict=True))
    names = [name for name in DIMENSIONS if counted[name] > 1]
    if (main := next((name for name in ADDED if counted[name] > 2), None)) is None:
        return [], []
    session.execute(read_sql("staging/no_group_totals.sql"))
    told: list[Row] = []
    for shared in _groups(names):
        parts = {
            "main": main,
            "shared": "".join(f", {quote(name)}" for name in shared),
            "same": "".join(
                f" and grouped.{quote(name)} is not distinct from own.{quote(name)}" for name in shared
            ),
            "label": ", ".join(quote(name) for name in names if name not in shared),
            "first": quote(next(name for name in names if name not in shared)),
        }
        told += _look(session, parts)
    rows = session.select("select record, line from group_totals order by record")
    return [(record, line, "totals_row") for record, line in rows], _told(told)


def _groups(names: list[str]) -> list[list[str]]:
    """What the rows of a group have in common beside their days: the finest groups first."""
    upper = [names[:count] for count in range(len(names))]
    others = [[other for other in names if other != name] for name in names]
    return sorted(
        ([*one] for one in {tuple(group) for group in (*upper, *others)}), key=lambda one: (-len(one), one)
    )


def _look(session: Session, parts: dict[str, str]) -> list[Row]:
    """Adds the totals of such groups to `group_totals`; what may be some: (label, line, groups)."""
    if not session.select(
        compose("staging/may_be_group_totals.sql", shared=parts["shared"], main=parts["main"])
    ):
        return []
    session.execute(compose("staging/group_sums.sql", **parts), {"between": BETWEEN})
    sure, told = [], []
    for label, line, groups, sums, numbers in session.select(read_sql("staging/group_labels.sql")):
        is_called = any(_CALLED.fullmatch(part.strip()) for part in label.split(BETWEEN.strip()))
        if (is_called and sums > MOST * groups) or (numbers >= FEWEST and sums >= NEARLY_ALL * groups):
            sure.append(label)
        elif sums >= FEWEST and sums == groups:
            told.append((label, line, groups))
    if sure:
        session.execute(read_sql("staging/put_group_totals.sql"), {"labels": sure})
    return told


def _told(rows: list[Row]) -> list[Warned]:
    return [
        Warned(
            "named_like_totals",
            f"{label[:60]!r} (line {line}) is the sum of the other rows in each of {groups:,} groups, always of the "
            "same numbers. It is counted beside them; if it is their total, leave it out of the export.",
        )
        for label, line, groups in rows[:1]
    ]
