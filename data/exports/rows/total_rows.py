"""Total rows by their shape: blank where the other rows say what they are about, and the sum of them where they count.

No word is needed, so that it holds in every language and on every path, first or last in the file.
"""

from __future__ import annotations

import math
import re
from typing import Any

from leadline.data.database.session import Session
from leadline.data.exports.files.received_file import Received
from leadline.data.exports.files.text_layout import Layout, TextTable, split_record
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import compose, quote

ADDED_UP = ("money", "count", "number")
NEIGHBOURS = 60
"""rows that are looked at to see what the others say"""
LEAST_OTHERS = 2
"""rows, fewer of which add up to a number by chance"""


def total_rows(
    session: Session, received: Received, layout: Layout, table: TextTable, recognised: Recognised
) -> list[tuple[int, int, str]]:
    """(record, line, reason) of the first and last rows that are the sum of all others and say nothing else."""
    added = added_up(recognised)
    if not added or table.records <= LEAST_OTHERS:
        return []
    first, last = _ends(received, layout)
    ends = ([0] if _is_blank_beside(first, recognised) else []) + (
        [table.records - 1] if _is_blank_beside(list(reversed(last)), recognised) else []
    )
    found = []
    for record in ends:
        sql = compose(
            "staging/total_row.sql",
            own=", ".join(f"any_value({quote(name)}) filter (record = $record)" for name in added),
            sums=", ".join(f"sum({quote(name)}) filter (record <> $record)" for name in added),
        )
        rows = session.select(sql, {"record": record})
        if rows[0][0] is not None and is_sum(rows[0][1:], len(added)):
            found.append((record, int(rows[0][0]), "totals_row"))
    return found


def added_up(recognised: Recognised) -> list[str]:
    """Our columns of which a total holds the sum."""
    return [
        column.name
        for column in recognised.template.columns
        if column.type in ADDED_UP and column.name in recognised.places and not column.helper
    ]


def is_sum(values: tuple[Any, ...], columns: int) -> bool:
    """Whether every number of the row is the sum of the others', and one of them is not nought."""
    own, others = values[:columns], values[columns:]
    pairs = [(float(a), float(b or 0)) for a, b in zip(own, others, strict=True) if a is not None]
    return any(a for a, _ in pairs) and all(
        abs(a - b) <= max(0.005 * math.sqrt(abs(b)), 0.02)
        for a, b in pairs  # each of them may be rounded
    )


def _ends(received: Received, layout: Layout) -> tuple[list[list[str]], list[list[str]]]:
    """Cells of the first rows and of the last."""
    head = re.split(r"\r\n|\n|\r", received.head.decode(layout.encoding, errors=layout.errors))
    tail = re.split(r"\r\n|\n|\r", received.tail.decode(layout.encoding, errors=layout.errors))
    above = layout.header_line + layout.lines_of_header - 1
    width = len(layout.header)
    first = _records(head[above : above + 2 * NEIGHBOURS], layout, width)
    last = _records(tail[-2 * NEIGHBOURS :], layout, width)
    return first[:NEIGHBOURS], last[-NEIGHBOURS:]


def _records(lines: list[str], layout: Layout, width: int) -> list[list[str]]:
    cut = (
        split_record(line, layout.delimiter, layout.space_after_delimiter) for line in lines if line.strip()
    )
    return [cells for cells in cut if cells is not None and len(cells) == width]


def _is_blank_beside(rows: list[list[str]], recognised: Recognised) -> bool:
    """Whether the first of these rows is blank where nearly all the others say what they are about. A row that is known
    as the others are may have no moment or number yet: an open deal that happens to be the sum of those above."""
    if len(rows) <= LEAST_OTHERS:
        return False
    candidate, others = rows[0], rows[1:]
    template = recognised.template
    later = (
        {
            recognised.places[column.name]
            for column in template.columns
            if column.type in (*ADDED_UP, "time", "percent")
            and column.name in recognised.places
            and column.name not in template.key
        }
        if _is_known_as(candidate, others, recognised)
        else set()
    )
    for place, cell in enumerate(candidate):
        if cell.strip() or place in later:
            continue
        held = [row[place].strip() for row in others if row[place].strip()]
        if len(held) >= 0.9 * len(others):
            return True
    return False


def _is_known_as(row: list[str], others: list[list[str]], recognised: Recognised) -> bool:
    """Whether the cells of a row's key are such as those of the others: no word beside identities with figures."""
    places = [recognised.places[name] for name in recognised.template.key if name in recognised.places]
    return all(
        row[place].strip()
        and (_has_figure(row[place]) or not all(_has_figure(other[place]) for other in others))
        for place in places
    )


def _has_figure(cell: str) -> bool:
    return any(letter.isdigit() for letter in cell)
