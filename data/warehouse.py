"""A workspace's database as everything else uses it: asked, written to, committed, copied.

One process owns a workspace's database at a time (`workspace.lock`); inside it any number of threads read, each call
on its own cursor, and one writes at a time.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from leadline.data.database.connection import SEAL, connect
from leadline.data.database.contents import committed, count_rows, tables
from leadline.data.database.failures import reason
from leadline.data.database.session import Parameters, Row, Session
from leadline.data.errors import EngineError, WorkspaceError
from leadline.data.sql import literal, quote, read_sql
from leadline.data.workspace import commit_witness
from leadline.data.workspace.lock import PRIVATE_FOLDER, owning
from leadline.data.workspace.salt import sealed_salt
from leadline.data.workspace.scratch import intake_folder, spill_folder
from leadline.data.workspace.workspace import Workspace, refuse_unfit

REOPENING_SECONDS = 10.0
"""how long the calls that run are waited for when the database must be opened again"""


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
        self._file = self._file_there()
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
            self.refuse_replaced()
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

    def refuse_replaced(self) -> None:
        """Raises WorkspaceError where the database's file is gone, or another one stands in its place.

        The engine goes on with the file that it opened, which nobody would find again. Only the directory is asked:
        opening the live file would drop the engine's lock on it.
        """
        if self._file_there() != self._file:
            raise WorkspaceError(
                f"{self.workspace.database} was removed or replaced while it is open, so nothing more is written; "
                "what it held is still here: write it to a file with 'leadline backup', then stop the dashboard "
                "and put it back with 'leadline restore FILE --replace'."
            )

    def _file_there(self) -> tuple[int, int] | None:
        try:
            found = self.workspace.database.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

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
        self._file = self._file_there()
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
                rows = count_rows(session)
            except duckdb.Error as e:
                raise WorkspaceError(
                    f"The database can't be copied: {reason(e)}. Make room on the disk of "
                    f"{self.workspace.path}, or see what 'leadline doctor' says."
                ) from e
            yield rows

    def data_version(self) -> str:
        """Changes with every landing, undo, charter registration and decision."""
        return ".".join(str(part) for part in self.select(read_sql("facts/version.sql"))[0])

    def salt(self) -> str:
        """The secret that addresses are hashed with. Raises WorkspaceError where its file is missing or another one."""
        sealed = self.select("select value from landed.secrets where name = $name", {"name": SEAL})
        return sealed_salt(self.workspace.path, str(sealed[0][0]) if sealed else "")

    def read_everything(self) -> int:
        """Reads every value of every table and returns the number of rows. Raises EngineError where one can't be."""
        with self.session() as session:
            return sum(
                int(
                    session.select(
                        f"select count(*), bit_xor(hash(read)) from {quote(schema)}.{quote(table)} as read"  # noqa: S608
                    )[0][0]
                )
                for schema, table in tables(session)
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
            self.refuse_replaced()
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


@contextmanager
def open_warehouse(workspace: Workspace, patience: float | None = None) -> Iterator[Warehouse]:
    """Opens or creates the workspace's database and closes it on exit. Raises WorkspaceError in one sentence.

    `patience`: seconds to wait while another process holds the workspace (InUseError after that), 5 by default.
    """
    refuse_unfit(workspace.path)
    with owning(workspace.path, patience):
        intake = intake_folder(workspace)
        limits = workspace.settings.limits
        spill = spill_folder(workspace, limits)
        warehouse = Warehouse(workspace, lambda: connect(workspace, intake, limits, spill), intake)
        try:
            yield warehouse
        finally:
            warehouse.close()
            shutil.rmtree(intake, ignore_errors=True)
            shutil.rmtree(spill, ignore_errors=True)
