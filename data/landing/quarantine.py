"""What was kept aside over all imports in use: by reason, and the rows as a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadline.data.exports.safe_csv import safe_csv
from leadline.data.sql import read_sql
from leadline.data.warehouse import Warehouse

COLUMNS = ("import", "file", "line", "column", "value", "reason", "what to do", "row")


@dataclass(frozen=True)
class Quarantined:
    """Every row that was kept aside for one reason."""

    reason: str
    rows: int
    imports: tuple[int, ...]
    newest_file: str
    newest_at: dt.datetime
    """UTC, without zone: when the newest of these rows came"""
    example: str
    """one sentence about one of the newest of them"""


def quarantined(warehouse: Warehouse) -> tuple[Quarantined, ...]:
    """One a reason, most rows first; imports that were taken back don't count. A row may have several reasons."""
    return tuple(
        Quarantined(reason, int(rows), tuple(imports), file, newest_at, example)
        for reason, rows, imports, file, newest_at, example in warehouse.select(
            read_sql("landing/quarantine_reasons.sql")
        )
    )


def quarantined_csv(warehouse: Warehouse, reason: str | None = None) -> str:
    """The quarantined rows of every import in use as CSV, safe to open in a spreadsheet."""
    return safe_csv(warehouse.select(read_sql("landing/rejected_all.sql"), {"reason": reason}), COLUMNS)
