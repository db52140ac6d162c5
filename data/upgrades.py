"""A workspace that an earlier Leadline made becomes one of this Leadline, whole, or stays as it was.

Columns that a template has and its table lacks are added. Anything else that changes a table is a numbered step: one
more file in `data/sql/upgrades` and one more entry of STEPS. All of it runs in the transaction that also makes the
views, after a copy of the database file was kept beside it. A workspace of a newer Leadline is refused.

Within a step, DuckDB wants every ALTER of a table before its first UPDATE. Kept counts need nothing done about them:
they follow the stamp of the schema, which every step changes.
"""

from __future__ import annotations

import datetime as dt
import filecmp
import logging
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from leadline.data.errors import WorkspaceError
from leadline.data.sql import compose, names, quote, read_sql
from leadline.data.templates import templates
from leadline.data.templates.tables import sql_type

COPIES = "leadline-before-upgrade-*.duckdb"
"""the databases as they were, in the workspace's folder"""
_OF_EVERY_TEMPLATE = frozenset(("attributes", "modified_at", "known_at", "import_id", "line"))


@dataclass(frozen=True)
class Step:
    """What makes a workspace one of the next format; `file` is one of `data/sql`."""

    makes: int
    file: str


STEPS = (Step(2, "upgrades/002_format.sql"),)
"""in order; a workspace that says no format is of format 1"""


def newest() -> int:
    """The format of the workspaces that this Leadline makes."""
    return STEPS[-1].makes


def is_due(connection: duckdb.DuckDBPyConnection, database: Path) -> bool:
    """Whether tables must change. Raises WorkspaceError where a newer Leadline made the workspace."""
    refuse_newer(connection, database)
    tables = _tables(connection)
    if not tables:
        return False
    return _format(connection, tables) < newest() or bool(_missing_columns(tables))


def refuse_newer(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Raises WorkspaceError where a newer Leadline made the database, which may be open for reading only."""
    tables = _tables(connection)
    number = _format(connection, tables)
    if number > newest() or (number == newest() and _is_beyond(tables)):
        made_by = connection.execute("select max(made_by) from landed.schema_stamp").fetchall()[0][0]
        raise WorkspaceError(
            f"{database} was made by a newer Leadline ({made_by}); update this one ({version('leadline')}), or go back "
            "to a copy from before the upgrade, as docs/upgrading.md says."
        )


def keep_copy(database: Path) -> Path:
    """Copies a database that nobody has open to a file beside it, unless an upgrade that was cut off has done so.

    Raises WorkspaceError where there is no room.
    """
    if (earlier := copies(database.parent)) and filecmp.cmp(database, earlier[-1], shallow=False):
        return earlier[-1]
    stamp = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d-%H%M%S")
    copy = database.with_name(COPIES.replace("*", stamp))
    part = copy.with_name(f".{copy.name}.part")
    try:
        shutil.copy2(database, part)
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
        part.replace(copy)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise WorkspaceError(
            f"{database} was made by an earlier Leadline and is upgraded only after a copy of it is kept, which could "
            f"not be written ({e.strerror or e}); it is as it was. Make room in {database.parent} and try again."
        ) from e
    logging.getLogger(__name__).warning(
        "%s was made by an earlier Leadline and is being upgraded; as it was, it is kept in %s.",
        database,
        copy.name,
    )
    return copy


def copies(folder: Path) -> tuple[Path, ...]:
    """Databases of a workspace as they were before upgrades, oldest first."""
    return tuple(sorted(folder.glob(COPIES)))


def apply(connection: duckdb.DuckDBPyConnection) -> None:
    """Runs the steps and adds the columns that are due, in the caller's transaction."""
    tables = _tables(connection)
    number = _format(connection, tables) if tables else newest()
    for step in STEPS:
        if step.makes > number:
            connection.execute(read_sql(step.file))
    for template, column, kind in _missing_columns(_tables(connection)):
        parts = {"table": quote(template), "column": quote(column), "type": kind}
        connection.execute(compose("upgrades/add_column.sql", **parts))


def say_made(connection: duckdb.DuckDBPyConnection, stamp: str) -> None:
    """Writes down, in the caller's transaction, what the workspace is now."""
    connection.execute("delete from landed.schema_stamp")
    connection.execute(
        "insert into landed.schema_stamp (stamp, format, made_by) values ($stamp, $format, $made_by)",
        {"stamp": stamp, "format": newest(), "made_by": version("leadline")},
    )


def is_made(connection: duckdb.DuckDBPyConnection, stamp: str) -> bool:
    """Whether the schema of that stamp was the last that was made here, so that there is nothing to do."""
    if not connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'landed' and table_name = 'schema_stamp'"
    ).fetchall():
        return False
    return connection.execute("select stamp from landed.schema_stamp").fetchall() == [(stamp,)]


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Names of columns by `schema.table`; none of a new database."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, list(column_name) "
        "from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = current_database() group by all"
    ).fetchall()
    return {table: frozenset(columns) for table, columns in rows}


def _format(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, frozenset[str]]) -> int:
    if "format" not in tables.get("landed.schema_stamp", ()):
        return 1
    return int(
        connection.execute("select coalesce(max(format), 1) from landed.schema_stamp").fetchall()[0][0]
    )


def _missing_columns(tables: Mapping[str, frozenset[str]]) -> list[tuple[str, str, str]]:
    """Template, column and its type in SQL."""
    return [
        (template.name, column.name, sql_type(column))
        for template in templates().values()
        if (held := tables.get(f"landed.{template.name}"))
        for column in template.columns
        if not column.helper and column.name not in held
    ]


def _is_beyond(tables: Mapping[str, frozenset[str]]) -> bool:
    """Whether there are tables or columns of landed rows that this Leadline has no use for."""
    own = {
        name
        for file in names("schema")
        for name in re.findall(r"create table if not exists (\S+)", read_sql(file))
    }
    known = own | {f"landed.{name}" for name in templates()}
    return any(table.startswith("landed.") and table not in known for table in tables) or any(
        held - set(template.landed) - _OF_EVERY_TEMPLATE
        for template in templates().values()
        if (held := tables.get(f"landed.{template.name}"))
    )
