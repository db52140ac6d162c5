"""The records of a file as the engine reads them, and cells of columns that feed none of ours from all over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from leadline.data.database.session import Session
from leadline.data.exports.files.text_layout import LONGEST_CELL, LONGEST_LINE, TextTable
from leadline.data.exports.recognition.suggestions import MISSING, ROWS_LOOKED_AT, Seen, seen_cells
from leadline.data.sql import compose, quote, read_sql

LOOKED_AT = 2_000
"""cells of a column"""
ENOUGH = 50
"""of a column that is blank in most rows; where fewer of them were found all its cells are gone through"""


def records_of(table: TextTable) -> tuple[str, dict[str, Any]]:
    """SQL that reads them, as c0, c1, …, and the values that it needs; of a rewritten file the line, too."""
    columns = {f"c{place}": "VARCHAR" for place in range(len(table.header))}
    return read_sql("staging/records.sql"), {
        "file": str(table.path),
        "skip": table.skip,
        "delimiter": table.layout.delimiter,
        # a plain line that may hold too long a cell is left to the rewriter, which measures cells
        "longest": LONGEST_CELL if table.is_plain else 4 * LONGEST_LINE,
        "columns": columns if table.is_plain else {"line": "BIGINT", **columns},
    }


def look_deeper(session: Session, table: TextTable, columns: Sequence[Seen]) -> tuple[Seen, ...]:
    """The same columns by cells from everywhere in a file that is longer than what was looked at."""
    if table.records <= ROWS_LOOKED_AT or not columns:
        return tuple(columns)
    places = {heading: place for place, heading in enumerate(table.header)}
    every = max(1, table.records // LOOKED_AT)
    found = _cells(session, table, [(places[one.heading], every) for one in columns])
    sparse = [n for n, (filled, cells) in enumerate(found) if len(cells) < min(ENOUGH, filled)]
    if sparse:
        again = [(places[columns[n].heading], max(1, found[n][0] // LOOKED_AT)) for n in sparse]
        for n, one in zip(sparse, _cells(session, table, again), strict=True):
            found[n] = one
    return tuple(
        replace(seen_cells(one.heading, cells), filled=filled / table.records)
        for one, (filled, cells) in zip(columns, found, strict=True)
    )


def _cells(
    session: Session, table: TextTable, wanted: Sequence[tuple[int, int]]
) -> list[tuple[int, list[str]]]:
    """For each place in a row: how many of its cells hold something, and about one in so many of these."""
    records, values = records_of(table)
    parts = []
    for place, every in wanted:
        cell = f"trim({quote(f'c{place}')})"
        holds = f"not list_contains($missing, lower(coalesce({cell}, '')))"
        parts.append(
            f"count(*) filter ({holds}), coalesce(list({cell} order by {cell}) "
            f"filter ({holds} and hash({cell}) % {int(every)} = 0), [])"
        )
    sql = compose("staging/cells_of_columns.sql", cells=", ".join(parts), records=records)
    (found,) = session.select(sql, {**values, "missing": sorted(MISSING)})
    return list(zip(found[::2], found[1::2], strict=True))
