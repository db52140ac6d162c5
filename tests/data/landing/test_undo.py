"""An import that is taken back leaves every table of the workspace as if it had never been, in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from leadline.data.database.session import Row
from leadline.data.landing.land import correction_csv, list_imports, undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import clear, everything_landed, land_text, lines, tables

CRM = {
    "template": "deals",
    "columns": {
        "No": "deal_id",
        "When": "created_at",
        "Done": "closed_at",
        "State": "stage",
        "Sum": "amount",
    },
    "values": {"stage": {"Signed": "won", "Gone": "lost"}},
    "constants": {"workflow": "desk"},
    "attributes": ["Line"],
}
CLICKS = {"template": "clicks", "columns": {"At": "clicked_at", "Ref": "lead_id"}, "generate_id": True}


@dataclass(frozen=True)
class Export:
    name: str
    text: str
    day: int
    """of March 2026, on which it was exported"""
    said: dict[str, Any] = field(default_factory=dict)


EXPORTS = (
    Export("leads 1.csv", lines(
        "lead_id,created_at,workflow,channel,Mail", "L1,2026-01-05,desk,web,jo@x.example",
        "L2,2026-01-06,desk,,", "L3,2026-01-06,desk,web,", "L4,soon,desk,web,ann@x.example", "L1,,,,,,",
    ), 1),
    Export("leads 2.csv", lines(
        "Sales report,,,", "lead_id,created_at,workflow,channel", "L1,2026-01-05,desk,mail",
        "L3,2026-01-06,desk,web", "L5,2026-01-08,desk,web", "L5,2026-01-08,desk,web", "Total,,,4",
    ), 3),
    Export("leads late.csv", lines(
        "channel,lead_id,workflow,created_at", "phone,L1,desk,2026-01-05", "web,L2,desk,2026-01-06",
    ), 2),
    Export("crm 1.csv", lines(
        "No,When,Done,State,Sum,Line", "1,25.01.2026,01.02.2026,Signed,\"1.234,50\",a",
        "2,26.01.2026,,Signed,5,a", "3,26.01.2026,02.02.2026,Gone,7,b", "3,26.01.2026,02.02.2026,Signed,7,b",
    ), 4, {"mapping": CRM}),
    Export("crm 2.csv", lines(
        "No,When,Done,State,Sum,Line", "1,25.01.2026,03.02.2026,Gone,\"1.234,50\",a",
        "2,26.01.2026,,Signed,5,a", "4,27.01.2026,03.02.2026,Signed,9,b",
    ), 6, {"mapping": CRM}),
    Export("clicks.csv", lines("At,Ref", "2026-01-05 10:00,L1", "2026-01-05 10:00,L1", "2026-01-06 11:00,L2"), 5,
        {"mapping": CLICKS}),
    Export("spend 1.csv", lines(
        "spent_on,channel,campaign,cost,currency", "2026-01-05,search,,10,EUR", "2026-01-06,search,brand,11,EUR",
    ), 5),
    Export("spend 2.csv", lines(
        "spent_on,channel,campaign,cost,currency", "2026-01-05,search,,12,EUR", "2026-01-06,search,brand,11,EUR",
    ), 7),
)  # fmt: skip


def _land(warehouse: Warehouse, export: Export) -> int:
    day = dt.date(2026, 3, export.day)
    report = land_text(warehouse, export.text, name=export.name, exported_on=day, **export.said)
    assert report.state == "landed", report.message
    return report.import_id or 0


def test_the_exports_of_this_page_leave_rows_in_every_table_that_an_import_fills(emptied: Warehouse) -> None:
    for export in EXPORTS:
        _land(emptied, export)
    filled = {table for table, rows in everything_landed(emptied).items() if rows}
    assert filled >= {
        *(f"landed.{name}" for name in ("imports", "quarantine", "skipped", "superseded", "sightings")),
        *(f"landed.{name}" for name in ("answers", "leads", "deals", "clicks", "spend")),
    }
    outcomes = [record.rows for record in list_imports(emptied) if record.undone_at is None]
    assert all(
        sum(getattr(rows, name) for rows in outcomes) for name in ("new", "updated", "unchanged", "stale")
    )


def test_imports_taken_back_from_the_newest_to_the_oldest_leave_every_table_as_it_was_before_each(
    emptied: Warehouse,
) -> None:
    before, numbers = [], []
    for export in EXPORTS:
        before.append(everything_landed(emptied))
        numbers.append(_land(emptied, export))
    corrected = correction_csv(emptied, numbers[0]).replace("soon", "2026-01-09")
    before.append(everything_landed(emptied))
    report = land_text(emptied, corrected, name="corrected.csv")
    assert (report.rows.new, report.rows.quarantined) == (1, 1), report
    numbers.append(report.import_id or 0)
    ledger = {record.import_id: record for record in list_imports(emptied)}
    for number, snapshot in zip(reversed(numbers), reversed(before), strict=True):
        undo(emptied, number)
        assert everything_landed(emptied) == snapshot
    for record in list_imports(emptied):
        was = ledger[record.import_id]
        assert record.undone_at is not None
        assert (record.file, record.rows, record.landed_at) == (was.file, was.rows, was.landed_at)


@pytest.mark.parametrize("seed", range(3))
def test_imports_taken_back_in_any_order_leave_every_table_as_landing_only_the_others_would(
    emptied: Warehouse, seed: int
) -> None:
    clear(emptied)
    chance = Random(seed)
    empty = everything_landed(emptied)
    places = list(range(len(EXPORTS)))
    numbers = [_land(emptied, EXPORTS[place]) for place in places]
    taken = chance.sample(places, chance.randint(2, len(places) - 2))
    for place in taken:
        undo(emptied, numbers[place])
    left = [place for place in places if place not in taken]
    after = _as_told(emptied, {numbers[place]: place for place in left})
    for place in chance.sample(left, len(left)):
        undo(emptied, numbers[place])
    assert everything_landed(emptied) == empty
    clear(emptied)
    alone = {_land(emptied, EXPORTS[place]): place for place in left}
    assert after == _as_told(emptied, alone)


TOLD_AT_LANDING = {"landed_at", "undone_at", "warnings"}
"""columns of the list of imports that say when, and what of the workspace as it was then; so do all of rows_*"""


def _as_told(warehouse: Warehouse, place_of: dict[int, int]) -> dict[str, list[Row]]:
    """Every table, imports named by their place, without what was told of an import when it landed."""
    found = {}
    for table, rows in everything_landed(warehouse).items():
        names = [
            name
            for (name,) in warehouse.select(
                "select column_name from duckdb_columns() where schema_name || '.' || table_name = $table "
                "and database_name = current_database() order by column_index",
                {"table": table},
            )
        ]
        told = [
            at
            for at, name in enumerate(names)
            if table != "landed.imports" or not (name in TOLD_AT_LANDING or name.startswith("rows_"))
        ]
        found[table] = sorted((_renamed(row, names, told, place_of) for row in rows), key=repr)
    assert set(found) == set(tables(warehouse))
    return found


def _renamed(row: Row, names: Sequence[str], told: Sequence[int], place_of: dict[int, int]) -> Row:
    imports = ("import_id", "by_import", "of_import")
    return tuple(place_of[row[at]] if names[at] in imports else row[at] for at in told)
