"""The one place that opens DuckDB: held to its limits, locked down, its schema made.

After opening, the engine reads no file outside the workspace's own intake folder, loads no extension, and its settings
can't be changed any more.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from leadline.data.database import upgrades
from leadline.data.database.contents import committed, count_rows
from leadline.data.database.failures import ENGINE_FAILURES, failure, reason
from leadline.data.database.session import Session
from leadline.data.errors import WorkspaceError
from leadline.data.sql import literal, names, read_sql
from leadline.data.templates import tables, templates
from leadline.data.workspace import commit_witness
from leadline.data.workspace.limits import USUAL_MEMORY, Limits, bytes_of
from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.salt import SALT, new_salt, read_salt, seal_of, write_salt
from leadline.data.workspace.workspace import Workspace

_NO_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
MACRO_FILES = ("staging/macros.sql",)
SEAL = "salt seal"
"""the name under which the database knows its salt again"""


def connect(workspace: Workspace, intake: Path, limits: Limits, spill: Path) -> duckdb.DuckDBPyConnection:
    connection = _opened(workspace, intake, limits, spill)
    try:
        statements = _schema(workspace.settings.timezone)
        stamp = hashlib.sha256("\n".join((str(upgrades.newest()), *statements)).encode()).hexdigest()
        is_made = upgrades.is_made(connection, stamp)
        is_due = not is_made and upgrades.is_due(connection, workspace.database)
        upgrades.refuse_damaged(connection, workspace.database, is_made=is_made)
        if is_due:
            connection.execute("checkpoint")
            connection.close()
            upgrades.keep_copy(workspace.database)
            connection = _opened(workspace, intake, limits, spill)
        if not is_made:
            _make(connection, workspace.database, statements, stamp)
        _keep_salt_outside(connection, workspace.path)
        private = workspace.path / PRIVATE_FOLDER
        held = committed(Session(connection))
        commit_witness.hold_to(private, held, workspace.database)
        commit_witness.note(private, held)
    except duckdb.Error as e:
        connection.close()
        raise _unprepared(workspace, e) from e
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(workspace: Workspace, intake: Path, limits: Limits, spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection that is held to the limits and locked down; what the database holds is not looked at."""
    try:
        connection = duckdb.connect(str(workspace.database), config=dict(_NO_EXTENSIONS))
    except duckdb.Error as e:
        to_do = (
            "Give your user the right to read and write it."
            if "Permission denied" in str(e)
            else "If another program has it open, close that; else restore the file from a backup."
        )
        raise WorkspaceError(
            f"{workspace.database} can't be opened as a Leadline database: {reason(e)}. {to_do}"
        ) from e
    try:
        connection.execute("set global TimeZone = 'UTC'")
        _hold_to(connection, limits, spill)
        connection.execute(f"set allowed_directories = [{literal(str(intake))}]")
        connection.execute("set enable_external_access = false")
        connection.execute("set allowed_configs = ['streaming_buffer_size']")  # which sessions widen
        connection.execute("set lock_configuration = true")
    except duckdb.Error as e:
        connection.close()
        raise _unprepared(workspace, e) from e
    return connection


def _unprepared(workspace: Workspace, error: duckdb.Error) -> WorkspaceError:
    if isinstance(error, ENGINE_FAILURES):
        what, to_do = failure(error)
        return WorkspaceError(f"{workspace.database} can't be prepared. {what} ({reason(error)}); {to_do}.")
    return WorkspaceError(
        f"{workspace.database} can't be prepared: {reason(error)}. The data are whole and as they were: what this "
        "Leadline makes of them (a template, a view, an upgrade) or the limits in leadline.toml are at fault. Undo "
        "what was changed there last, or install the version that opened it before."
    )


def _schema(timezone: str) -> list[str]:
    """What makes the tables, views and macros of this version of Leadline, where they are not there yet."""
    known = templates().values()
    on_the_clock = (
        "moment" if timezone == "UTC" else f"timezone({literal(timezone)}, timezone('UTC', moment))"
    )
    return [
        *(read_sql(name) for name in names("schema")),
        *(make(template) for template in known for make in tables.LANDED),
        *(read_sql(name) for name in MACRO_FILES),
        f"create or replace macro facts.local_time(moment) as {on_the_clock}",
        *(tables.facts_view(template) for template in known),
    ]


def _make(connection: duckdb.DuckDBPyConnection, database: Path, statements: list[str], stamp: str) -> None:
    """Brings an older workspace up, and makes what is not there yet: all of it or nothing."""
    connection.execute("begin transaction")
    upgrades.apply(connection, database)
    for statement in statements:
        connection.execute(statement)
    upgrades.say_made(connection, stamp)
    connection.execute("commit")


def _keep_salt_outside(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Gives a new workspace the salt that addresses are hashed with, and takes it out of a database that holds it.

    Its file is on disk before the database says that it is sealed, whatever ends the process meanwhile.
    """
    held = dict(connection.execute("select name, value from landed.secrets").fetchall())
    within = held.get("salt")
    if within is None and SEAL in held:
        return
    beside = read_salt(folder)
    if within is not None and beside not in (None, within):
        raise WorkspaceError(
            f"{folder / SALT} is another secret than the one in the database beside it, which addresses are hashed "
            "with; move that file away, and it is made anew from the database."
        )
    salt = within or beside or new_salt()
    if beside is None:
        write_salt(folder, salt)
    connection.execute("begin transaction")
    connection.execute("delete from landed.secrets where name in ('salt', $name)", {"name": SEAL})
    connection.execute(
        "insert into landed.secrets values ($name, $seal)", {"name": SEAL, "seal": seal_of(salt)}
    )
    connection.execute("commit")


def _hold_to(connection: duckdb.DuckDBPyConnection, limits: Limits, spill: Path) -> None:
    connection.execute(f"set temp_directory = {literal(str(spill))}")
    connection.execute(f"set memory_limit = {literal(f'{_memory(connection, limits)}B')}")
    if limits.threads is not None:
        connection.execute(f"set threads = {int(limits.threads)}")
    if limits.spill_limit is not None:
        connection.execute(f"set max_temp_directory_size = {literal(f'{limits.spill_limit}B')}")


def _memory(connection: duckdb.DuckDBPyConnection, limits: Limits) -> int:
    """Bytes that the engine may take."""
    if limits.memory_limit is not None:
        return limits.memory_limit
    (own,) = connection.execute("select current_setting('memory_limit')").fetchall()[0]
    return min(USUAL_MEMORY, bytes_of(own) or USUAL_MEMORY)


def rows_of(file: Path) -> dict[str, int]:
    """Rows of every table (`schema.table`) of a database that nobody has open.

    Raises WorkspaceError where it is none of Leadline's, or another build made it.
    """
    try:
        with duckdb.connect(str(file), read_only=True, config=dict(_NO_EXTENSIONS)) as connection:
            connection.execute("set enable_external_access = false")
            upgrades.refuse_unknown(connection, file)
            return count_rows(Session(connection))
    except duckdb.Error as e:
        raise WorkspaceError(f"{file.name} can't be opened as a Leadline database: {reason(e)}.") from e
