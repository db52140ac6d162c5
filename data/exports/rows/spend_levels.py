"""Exports of spend in which campaigns, ad sets and ads stand one above the other: the upper ones are sums of the lower.

Summed as they stand, each level would count the same money again. A row is a level above others where it leaves blank
what they fill in, for the same days and the same of all that it says itself.
"""

from __future__ import annotations

import itertools

from leadline.data.database.session import Row, Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import compose, quote

DIMENSIONS = ("channel", "account", "campaign", "ad_group", "ad")
ROUNDED = 0.001
"""share by which a sum may differ from those of rounded parts"""


def level_totals(session: Session, recognised: Recognised) -> tuple[list[tuple[int, int, str]], list[Warned]]:
    """(record, line, reason) of rows that are the sum of finer ones; a warning of those that are not."""
    if recognised.template.name != "spend":
        return [], []
    sums: dict[int, int] = {}
    others: dict[int, Row] = {}
    patterns = [
        int(filled)
        for filled, _ in session.select(
            compose("staging/spend_patterns.sql", mask=mask(""), dimensions=", ".join(DIMENSIONS))
        )
    ]
    for rough, fine in itertools.permutations(patterns, 2):
        if rough & fine != rough:
            continue
        for record, line, *numbers in _beside_finer(session, rough, fine):
            if _is_sum(numbers):
                sums[record] = line
            else:
                others[record] = (line, *numbers)
    told = [row for record, row in others.items() if record not in sums and row[1]]
    return [(record, line, "totals_row") for record, line in sums.items()], _told(told)


def mask(table: str) -> str:
    """SQL of the dimensions that a row of spend fills in, as a bit mask."""
    return " + ".join(
        f"case when {table}{quote(name)} is null then 0 else {1 << bit} end"
        for bit, name in enumerate(DIMENSIONS)
    )


def _beside_finer(session: Session, rough: int, fine: int) -> list[Row]:
    shared = [quote(name) for bit, name in enumerate(DIMENSIONS) if rough & 1 << bit]
    return session.select(
        compose(
            "staging/spend_levels.sql",
            shared=", ".join(shared) or "true as whole",
            same=" and ".join(f"coarse.{name} = finer.{name}" for name in shared) or "finer.whole",
            mask=mask(""),
            coarse_mask=mask("coarse."),
            fine=str(fine),
            rough=str(rough),
        )
    )


def _is_sum(numbers: list[float | None]) -> bool:
    """Whether every number that both have is alike, and one of them is not nought."""
    pairs = [
        (a, b) for a, b in zip(numbers[::2], numbers[1::2], strict=True) if a is not None and b is not None
    ]
    return any(a for a, _ in pairs) and all(
        abs(a - b) <= max(0.02 if place == 0 else 1, ROUNDED * abs(b)) for place, (a, b) in enumerate(pairs)
    )


def _told(rows: list[Row]) -> list[Warned]:
    if not rows:
        return []
    line, cost, finer = rows[0][:3]
    are = "1 row of spend leaves" if len(rows) == 1 else f"{len(rows):,} rows of spend leave"
    sums = "is not their sum" if len(rows) == 1 else "are not their sums"
    return [
        Warned(
            "spend_levels",
            f"{are} blank what others of the same days fill in, and {sums}: line {line} says {cost:,.2f} "
            f"beside {finer or 0:,.2f} of finer rows. Both were counted; if the one holds the other, export one "
            "level alone.",
        )
    ]
