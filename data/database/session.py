"""Cursors: each call reads or writes on one of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from leadline.data.database.failures import ENGINE_FAILURES, engine_failed

Row = tuple[Any, ...]
Parameters = Mapping[str, object]


class Session:
    """One cursor. Temporary tables made in a session are its own and go with it."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, on_failure: Callable[[duckdb.Error], None] | None = None
    ) -> None:
        # the engine waits without end for a result of several branches that fills this buffer (duckdb/duckdb#22215)
        self._cursor = cursor.execute("set streaming_buffer_size = '1TB'")
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
        except ENGINE_FAILURES as e:
            if self._on_failure is not None:
                self._on_failure(e)
            raise engine_failed(e) from e
