"""Small exports for tests, and landing them in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leadline.data.database.session import Row
from leadline.data.landing.land import FileReport, IngestOptions, land
from leadline.data.warehouse import Warehouse

LEADS = (
    "lead_id,created_at,workflow,channel\nL1,2026-01-05 09:00,routing,email\nL2,2026-01-06,routing,search\n"
)


def write(folder: Path, text: str | bytes, name: str = "leads.csv") -> Path:
    """A file with exactly these characters (UTF-8, line ends as given) or bytes."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def land_text(warehouse: Warehouse, text: str | bytes, name: str = "leads.csv", **options: Any) -> FileReport:
    """Lands a file of this content from a folder beside the workspace."""
    file = write(warehouse.workspace.path.parent / "exports", text, name)
    return land(warehouse, file, IngestOptions(**options))


def lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def column(warehouse: Warehouse, sql: str) -> list[Any]:
    """First column of a query."""
    return [row[0] for row in warehouse.select(sql)]


STAYS_AFTER_UNDO = {"landed.imports": "undone_at is not null", "landed.digests": "true", "kept.state": "true"}
"""table → its rows that stay or change when an import is taken back, and the only ones: the line of the ledger that
says so, whose number is never given twice; what the rows of imports added up to; and the imports and undos that kept
counts have followed."""


def everything_landed(warehouse: Warehouse) -> dict[str, list[Row]]:
    """Every row of every table of the workspace, sorted, but those that STAYS_AFTER_UNDO names."""
    return {
        table: sorted(
            warehouse.select(f"select * from {table} where not ({STAYS_AFTER_UNDO.get(table, 'false')})"),
            key=repr,
        )
        for table in tables(warehouse)
    }


def tables(warehouse: Warehouse) -> list[str]:
    """Every table of the workspace."""
    found = column(
        warehouse,
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary order by all",
    )
    assert {"landed.imports", "landed.leads", "agreed.ledger"} <= set(found)
    return found


def clear(warehouse: Warehouse) -> None:
    """Empties every table but those that a new workspace has rows in."""
    with warehouse.transaction() as session:
        for table in set(tables(warehouse)) - {"landed.secrets", "landed.schema_stamp"}:
            session.execute(f"delete from {table}")
