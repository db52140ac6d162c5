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
from leadline.data.sql import compose, own_tables, quote, read_sql
from leadline.data.templates import templates
from leadline.data.templates.tables import sql_type, tables_of

COPIES = "leadline-before-upgrade-*.duckdb"
"""the databases as they were, in the workspace's folder"""
_NOTE = "landed.schema_stamp"
"""where a database notes its format"""
_OF_EVERY_TEMPLATE = frozenset(("attributes", "modified_at", "known_at", "import_id", "line", "is_retired"))


@dataclass(frozen=True)
class Step:
    """What makes a workspace one of the next format; `file` is one of `data/sql`."""

    makes: int
    file: str


STEPS = (
    Step(2, "upgrades/002_format.sql"),
    Step(3, "upgrades/003_format.sql"),
    Step(4, "upgrades/004_format.sql"),
)
"""in order; a workspace that says no format is of format 1"""


def newest() -> int:
    """The format of the workspaces that this Leadline makes."""
    return STEPS[-1].makes


def is_due(connection: duckdb.DuckDBPyConnection, database: Path) -> bool:
    """Whether tables must change. Raises WorkspaceError where `refuse_unknown` does."""
    refuse_unknown(connection, database)
    tables = _tables(connection)
    return _format(connection, tables, database) < newest() or bool(_missing_columns(tables))


def refuse_unknown(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Raises WorkspaceError where another build made the database, or its note of its format is damaged.

    The database may be open for reading only.
    """
    tables = _tables(connection)
    number = _format(connection, tables, database)
    unknown = [f"format {number}"] if number > newest() else _unknown(tables) if number == newest() else []
    if not unknown:
        return
    own = version("leadline")
    made_by = str(connection.execute("select max(made_by) from landed.schema_stamp").fetchall()[0][0])
    way_back = "go back to a copy from before the upgrade, as docs/upgrading.md says"
    if _release(made_by) > _release(own):
        raise WorkspaceError(
            f"{database} was made by a newer Leadline ({made_by}); update this one ({own}), or {way_back}."
        )
    raise WorkspaceError(
        f"{database} has {', '.join(unknown)}, unknown to this Leadline ({own}): another build of {made_by} made it, "
        f"or somebody changed it by hand; install that build, or {way_back}."
    )


def refuse_damaged(connection: duckdb.DuckDBPyConnection, database: Path, *, is_made: bool) -> None:
    """Raises WorkspaceError where a table that was made here is gone: it would be made again, empty.

    Where this very schema `is_made`, that is any of its tables; else any but those that a step or a template of which
    nothing has landed may be about to bring.
    """
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    tables = {table for (table,) in rows}
    if not tables:
        return
    number = newest() if is_made else _format(connection, _tables(connection), database)
    brought = {
        table
        for step in STEPS
        if step.makes > number
        for table in re.findall(r"create table(?: if not exists)? (\S+)", read_sql(step.file))
    }
    gone = own_tables() - brought - tables
    if "landed.imports" in tables:
        landed = connection.execute("select distinct template from landed.imports").fetchall()
        made = {name for template in templates().values() for name in tables_of(template)}
        held = made if is_made else {name for (name,) in landed}
        gone |= {f"landed.{name}" for name in held} - tables
    if gone:
        raise WorkspaceError(
            f"{database} lacks the table{'s' if len(gone) > 1 else ''} {', '.join(sorted(gone))}: it was damaged or "
            "changed by hand, and what stood there is lost; restore a backup with 'leadline restore FILE --replace'."
        )


def keep_copy(database: Path) -> Path:
    """Copies a database that nobody has open to a file beside it, unless an upgrade that was cut off has done so.

    Raises WorkspaceError where there is no room, or where a log beside the database holds a part of it.
    """
    if (log := database.with_name(f"{database.name}.wal")).exists():
        raise WorkspaceError(
            f"{database} is not upgraded: {log.name} beside it couldn't be written into it first, and a copy without "
            f"that log would lack what was committed last. Make room in {database.parent} and try again."
        )
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
            f"not be written ({e.strerror or e}); it is as it was. Make room in {database.parent}, or see that you may "
            "write there, and try again."
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


def apply(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Runs the steps and adds the columns that are due, in the caller's transaction."""
    number = _format(connection, _tables(connection), database)
    _add_columns(connection)
    for step in STEPS:
        if step.makes > number:
            connection.execute(read_sql(step.file))
    _add_columns(connection)


def _add_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Before the steps, which may fill tables and then bar them from being altered, and of tables that they make."""
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
    try:
        noted = connection.execute("select stamp, format from landed.schema_stamp").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return False
    return noted == [(stamp, newest())]


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Names of columns by `schema.table`; none of a new database."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, list(column_name) "
        "from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = current_database() group by all"
    ).fetchall()
    return {table: frozenset(columns) for table, columns in rows}


def _format(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, frozenset[str]], database: Path
) -> int:
    """The format that a database notes, the newest of one without tables. Raises WorkspaceError where it is damaged."""
    if not tables:
        return newest()
    if tables.get(_NOTE) == frozenset(("stamp",)):
        return 1
    try:
        noted = connection.execute("select format, made_by from landed.schema_stamp").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        noted = []
    numbers = [number for number, _ in noted if isinstance(number, int) and number > 1]
    if not noted or len(numbers) < len(noted):
        raise WorkspaceError(
            f"{database} has tables, but its note of its format ({_NOTE}) is damaged or missing; it is left as it is: "
            "restore a backup with 'leadline restore FILE --replace'."
        )
    return max(numbers)


def _release(number: str) -> tuple[int, ...]:
    """A version without what follows its numbers, to be compared."""
    found = re.match(r"\d+(\.\d+)*", number)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _missing_columns(tables: Mapping[str, frozenset[str]]) -> list[tuple[str, str, str]]:
    """Table of a template, column and its type in SQL."""
    return [
        (table, name, kind)
        for template in templates().values()
        for table in tables_of(template)
        if (held := tables.get(f"landed.{table}"))
        for name, kind in (
            *((column.name, sql_type(column)) for column in template.columns if not column.helper),
            ("is_retired", "boolean"),
        )
        if name not in held
    ]


def _unknown(tables: Mapping[str, frozenset[str]]) -> list[str]:
    """Tables and columns of landed rows that this Leadline has no use for, in words."""
    known = own_tables() | {
        f"landed.{name}" for template in templates().values() for name in tables_of(template)
    }
    return [
        *(f"table {table}" for table in sorted(tables) if table.startswith("landed.") and table not in known),
        *(
            f"column landed.{name}.{column}"
            for template in templates().values()
            for name in tables_of(template)
            for column in sorted(
                tables.get(f"landed.{name}", frozenset()) - set(template.landed) - _OF_EVERY_TEMPLATE
            )
        ),
    ]
