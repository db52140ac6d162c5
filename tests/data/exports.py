"""Small exports for tests, and landing them in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.landing import FileReport, IngestOptions, land
from data.warehouse import Row, Warehouse

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


def everything_landed(warehouse: Warehouse) -> dict[str, list[Row]]:
    """Content of every table that an import fills, sorted; the list of imports itself excepted."""
    tables = column(
        warehouse,
        "select table_name from information_schema.tables where table_schema = 'landed' and table_type = 'BASE TABLE' "
        "and table_name not in ('imports', 'schema_stamp', 'secrets')",
    )
    return {
        table: sorted(warehouse.select(f'select * from landed."{table}"'), key=repr)
        for table in sorted(tables)
    }
