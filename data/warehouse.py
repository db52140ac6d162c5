"""The only module that opens DuckDB: settings, schema, cursors.

One process owns a workspace's database at a time (`ownership`); inside it any number of threads read, each call on
its own cursor, and one writes at a time. After opening, the engine is locked down: it reads no file
outside the workspace's own intake folder, loads no extension, and its settings can't be changed any more.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from leadline.data import upgrades
from leadline.data.errors import EngineError, WorkspaceError, first_line
from leadline.data.sql import literal, names, quote, read_sql
from leadline.data.templates import tables, templates
from leadline.data.workspace import commit_witness
from leadline.data.workspace.limits import USUAL_MEMORY, Limits, bytes_of
from leadline.data.workspace.lock import PRIVATE_FOLDER, owning
from leadline.data.workspace.scratch import intake_folder, spill_folder
from leadline.data.workspace.workspace import Workspace

Row = tuple[Any, ...]
Parameters = Mapping[str, object]

REOPENING_SECONDS = 10.0
"""how long the calls that run are waited for when the database must be opened again"""
_NO_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
STATEMENT_FAILURES: tuple[type[Exception], ...] = (duckdb.Error, EngineError)
"""whatever a statement may end in"""
_ENGINE_FAILURES = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,
)
"""what no SQL of ours can cause: the disk, the memory or the file fail"""
_SIGNS_OF_DAMAGE = ("Corrupt", "checksum", "Could not read enough bytes", "not a valid DuckDB database")
MACRO_FILES = ("staging/macros.sql",)


class Session:
    """One cursor. Temporary tables made in a session are its own and go with it."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, on_failure: Callable[[duckdb.Error], None] | None = None
    ) -> None:
        self._cursor = cursor
        self._on_failure = on_failure

    def select(self, sql: str, parameters: Parameters | None = None) -> list[Row]:
        """Rows of a query; values bound as `$name`. Raises EngineError where disk, memory or the file fail."""
        with self._failures():
            return self._cursor_of(sql, parameters).fetchall()

    def columns(self, sql: str, parameters: Parameters | None = None) -> list[NDArray[Any]]:
        """Columns of a query, masked where a cell is empty; values bound as `$name`."""
        with self._failures():
            return [np.ma.asarray(c) for c in self._cursor_of(sql, parameters).fetchnumpy().values()]

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """Runs statements that return nothing; values bound as `$name` in a single statement."""
        with self._failures():
            self._cursor_of(sql, parameters)

    def insert(self, table: str, rows: list[Row]) -> None:
        """Appends a few rows to a table of ours, named as SQL names it."""
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            with self._failures():
                self._cursor.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608

    def _cursor_of(self, sql: str, parameters: Parameters | None) -> duckdb.DuckDBPyConnection:
        return self._cursor.execute(sql, dict(parameters)) if parameters else self._cursor.execute(sql)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except _ENGINE_FAILURES as e:
            if self._on_failure is not None:
                self._on_failure(e)
            raise _engine_failed(e) from e


class Warehouse:
    """An open workspace database. Made by `open_warehouse`; every method may be called from any thread.

    Where the engine gives a database up (a disk that was full at the wrong moment), it is opened again for the next
    call; what was committed is there.
    """

    def __init__(
        self, workspace: Workspace, connect: Callable[[], duckdb.DuckDBPyConnection], intake: Path
    ) -> None:
        self.workspace = workspace
        self.intake = intake
        """the one folder whose files the engine may read"""
        self.commits = 0
        """how often something was committed here"""
        self._connect = connect
        self._connection = connect()
        self._given_up = False
        self._open_cursors = 0
        self._writing = threading.RLock()
        self._cursors = threading.Condition()
        self._local = threading.local()

    def select(self, sql: str, parameters: Parameters | None = None) -> list[Row]:
        """Rows of a query on its own cursor; inside `transaction()` of the same thread, on that one's."""
        if (running := self._running()) is not None:
            return running.select(sql, parameters)
        with self.session() as session:
            return session.select(sql, parameters)

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """Runs a statement that writes; inside `transaction()` of the same thread it belongs to that transaction."""
        if (running := self._running()) is not None:
            running.execute(sql, parameters)
            return
        with self._writing, self.session() as session:
            session.execute(sql, parameters)
            self._note_committed(session)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A cursor of its own, for work that needs temporary tables."""
        with self._cursors:
            self._open_again()
            cursor = self._connection.cursor()
            self._open_cursors += 1
        try:
            yield Session(cursor, self._on_failure)
        finally:
            cursor.close()
            with self._cursors:
                self._open_cursors -= 1
                self._cursors.notify_all()

    def close(self) -> None:
        """Ends it for good."""
        self._connection.close()

    def _on_failure(self, error: duckdb.Error) -> None:
        self._given_up |= isinstance(error, duckdb.FatalException | duckdb.InternalException)

    def _open_again(self) -> None:
        """Where the engine has given the database up. Cursors must be gone first: they keep the broken one alive."""
        if not self._given_up:
            return
        self._cursors.wait_for(lambda: self._open_cursors == 0, REOPENING_SECONDS)
        if not self._given_up:
            return
        if self._open_cursors:
            raise EngineError(
                "The database is about to be opened again after a failure; try again in a moment."
            )
        self._connection.close()
        self._connection = self._connect()
        self._given_up = False

    @contextmanager
    def transaction(self, session: Session | None = None) -> Iterator[Session]:
        """All or nothing, one writer at a time. An exception inside rolls everything back.

        With `session`, the transaction runs on that session's cursor and sees its temporary tables.
        """
        if self._running() is not None:
            raise RuntimeError("transactions don't nest")
        with self._writing:
            if session is None:
                with self.session() as own, self._within(own):
                    yield own
            else:
                with self._within(session):
                    yield session

    @contextmanager
    def transaction_if_free(self) -> Iterator[Session | None]:
        """A transaction of its own; None where somebody writes just now, in this thread or in another."""
        if self._running() is not None or not self._writing.acquire(blocking=False):
            yield None
            return
        try:
            with self.session() as own, self._within(own):
                yield own
        finally:
            self._writing.release()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A cursor that sees one state of the database throughout; inside `transaction()` of the thread, that one's."""
        if (running := self._running()) is not None:
            yield running
            return
        with self.session() as session:
            session.execute("begin transaction read only")
            try:
                yield session
            finally:
                with suppress(duckdb.Error, EngineError):  # nothing was written
                    session.execute("rollback")

    @contextmanager
    def joined(self) -> Iterator[Session]:
        """The transaction that runs in this thread, which the work then belongs to; else one of its own."""
        if (running := self._running()) is not None:
            yield running
            return
        with self.transaction() as own:
            yield own

    @contextmanager
    def copied_to(self, file: Path) -> Iterator[dict[str, int]]:
        """Copies the database into a new file of the intake folder; yields the rows of every table.

        Nobody writes until the block ends, so that what is read there belongs to the copy.
        """
        alias = quote(file.stem)
        with self._writing, self.session() as session:
            own = quote(session.select("select current_database()")[0][0])
            try:
                session.execute(f"attach {literal(str(file))} as {alias}")
                try:
                    session.execute(f"copy from database {own} to {alias}")
                    session.execute(f"checkpoint {alias}")
                finally:
                    session.execute(f"detach {alias}")
                rows = _count_rows(session)
            except duckdb.Error as e:
                raise WorkspaceError(
                    f"The database can't be copied: {_reason(e)}. Make room on the disk of "
                    f"{self.workspace.path}, or see what 'leadline doctor' says."
                ) from e
            yield rows

    def data_version(self) -> str:
        """Changes with every landing, undo, charter registration and decision."""
        return ".".join(str(part) for part in self.select(read_sql("facts/version.sql"))[0])

    def read_everything(self) -> int:
        """Reads every value of every table and returns the number of rows. Raises EngineError where one can't be."""
        with self.session() as session:
            return sum(
                int(
                    session.select(
                        f"select count(*), bit_xor(hash(read)) from {quote(schema)}.{quote(table)} as read"  # noqa: S608
                    )[0][0]
                )
                for schema, table in _tables(session)
            )

    def is_being_written(self) -> bool:
        """True while another thread writes: what would be written now waits for its end, a long import perhaps."""
        if self._writing.acquire(blocking=False):
            self._writing.release()
            return False
        return True

    def is_in_transaction(self) -> bool:
        """True inside `transaction()` of this thread, where what is read may never be committed."""
        return self._running() is not None

    def held_to(self) -> Mapping[str, str]:
        """What the engine is held to here, as it says it: memory, threads, spill_folder, spill."""
        row = self.select(
            "select current_setting('memory_limit'), current_setting('threads'), "
            "current_setting('temp_directory'), current_setting('max_temp_directory_size')"
        )[0]
        return dict(zip(("memory", "threads", "spill_folder", "spill"), map(str, row), strict=True))

    @contextmanager
    def _within(self, session: Session) -> Iterator[None]:
        session.execute("begin transaction")
        self._local.session = session
        try:
            yield
        except BaseException:
            # the first error says more than a rollback that failed after it
            with suppress(duckdb.Error, EngineError):
                session.execute("rollback")
            raise
        else:
            session.execute("commit")
            self._note_committed(session)
        finally:
            self._local.session = None

    def _note_committed(self, session: Session) -> None:
        self.commits += 1
        with suppress(duckdb.Error, EngineError):  # it is committed, whatever becomes of the note
            commit_witness.note(self.workspace.path / PRIVATE_FOLDER, committed(session))

    def _running(self) -> Session | None:
        return getattr(self._local, "session", None)


def committed(session: Session) -> dict[str, int]:
    """How much of each append-only kind the database holds."""
    names = ("imports", "undone imports", "charter versions", "rows of the ledger")
    return dict(zip(names, session.select(read_sql("landing/committed.sql"))[0], strict=True))


@contextmanager
def open_warehouse(workspace: Workspace, patience: float | None = None) -> Iterator[Warehouse]:
    """Opens or creates the workspace's database and closes it on exit. Raises WorkspaceError in one sentence.

    `patience`: seconds to wait while another process holds the workspace (InUseError after that), 5 by default.
    """
    with owning(workspace.path, patience):
        intake = intake_folder(workspace)
        limits = workspace.settings.limits
        spill = spill_folder(workspace, limits)
        warehouse = Warehouse(workspace, lambda: _connect(workspace, intake, limits, spill), intake)
        try:
            yield warehouse
        finally:
            warehouse.close()
            shutil.rmtree(intake, ignore_errors=True)
            shutil.rmtree(spill, ignore_errors=True)


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
            return _count_rows(Session(connection))
    except duckdb.Error as e:
        raise WorkspaceError(f"{file.name} can't be opened as a Leadline database: {_reason(e)}.") from e


def _count_rows(session: Session) -> dict[str, int]:
    return {
        f"{schema}.{table}": session.select(f"select count(*) from {quote(schema)}.{quote(table)}")[0][0]  # noqa: S608
        for schema, table in _tables(session)
    }


def _tables(session: Session) -> list[Row]:
    """(schema, table) of every table that stays."""
    return session.select(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary order by all"
    )


def _connect(workspace: Workspace, intake: Path, limits: Limits, spill: Path) -> duckdb.DuckDBPyConnection:
    connection = _opened(workspace, intake, limits, spill)
    try:
        statements = _schema(workspace.settings.timezone)
        stamp = hashlib.sha256("\n".join((str(upgrades.newest()), *statements)).encode()).hexdigest()
        if not upgrades.is_made(connection, stamp):
            if upgrades.is_due(connection, workspace.database):
                connection.execute("checkpoint")
                connection.close()
                upgrades.keep_copy(workspace.database)
                connection = _opened(workspace, intake, limits, spill)
            _make(connection, workspace.database, statements, stamp)
        _keep_a_secret(connection)
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
        raise WorkspaceError(
            f"{workspace.database} can't be opened as a Leadline database: {_reason(e)}. "
            "If another program has it open, close that; else restore the file from a backup."
        ) from e
    try:
        connection.execute("set global TimeZone = 'UTC'")
        _hold_to(connection, limits, spill)
        connection.execute(f"set allowed_directories = [{literal(str(intake))}]")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    except duckdb.Error as e:
        connection.close()
        raise _unprepared(workspace, e) from e
    return connection


def _unprepared(workspace: Workspace, error: duckdb.Error) -> WorkspaceError:
    reason = _reason(error)
    if isinstance(error, _ENGINE_FAILURES):
        what, to_do = _failure(error)
        return WorkspaceError(f"{workspace.database} can't be prepared. {what} ({reason}); {to_do}.")
    return WorkspaceError(
        f"{workspace.database} can't be prepared: {reason}. The data are whole and as they were: what this Leadline "
        "makes of them (a template, a view, an upgrade) or the limits in leadline.toml are at fault. Undo what was "
        "changed there last, or install the version that opened it before."
    )


def _schema(timezone: str) -> list[str]:
    """What makes the tables, views and macros of this version of Leadline, where they are not there yet."""
    known = templates().values()
    on_the_clock = (
        "moment" if timezone == "UTC" else f"timezone({literal(timezone)}, timezone('UTC', moment))"
    )
    return [
        *(read_sql(name) for name in names("schema")),
        *(make(template) for template in known for make in (tables.table, tables.current_view)),
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


def _keep_a_secret(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives a new workspace the salt that addresses are hashed with; it stays as long as the workspace does."""
    if not connection.execute("select 1 from landed.secrets where name = 'salt'").fetchall():
        connection.execute(
            "insert into landed.secrets values ('salt', $salt)", {"salt": secrets.token_hex(16)}
        )


def _engine_failed(error: duckdb.Error) -> EngineError:
    what, to_do = _failure(error)
    return EngineError(f"{what} ({_reason(error)}); {to_do}.")


def _failure(error: duckdb.Error) -> tuple[str, str]:
    """What failed of disk, memory and file, and what to do about it."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return "The engine has no room for this", "raise memory_limit or spill_limit in leadline.toml"
    if isinstance(error, duckdb.SerializationException) or any(
        word in _reason(error) for word in _SIGNS_OF_DAMAGE
    ):
        return (
            "The file of the database is damaged",
            "bring back a backup with 'leadline restore FILE --replace'",
        )
    return (
        "The database can't be read or written",
        "make room on its disk, and see what 'leadline doctor' says",
    )


def _reason(error: Exception) -> str:
    """What the engine says, without the name of its kind of error and without its full stop."""
    return re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", first_line(error)).rstrip(".!")
