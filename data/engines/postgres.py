"""PostgreSQL through psycopg 3. LEADLINE_POSTGRES holds a connection string; PGHOST, PGPASSWORD, … count too."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from leadline.data.engines.source import Source
from leadline.data.errors import ConnectionLostError, WorkspaceError, first_line

if TYPE_CHECKING:
    import psycopg

ADDRESS = "LEADLINE_POSTGRES"


class Postgres:
    """One connection, for reading only, on the workspace's clock."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def select(self, sql: str) -> list[tuple[Any, ...]]:
        import psycopg

        try:
            rows: list[tuple[Any, ...]] = self._connection.execute(sql.encode()).fetchall()
        except psycopg.Error as e:
            kind = ConnectionLostError if self._connection.closed else WorkspaceError
            raise kind(f"PostgreSQL could not answer: {first_line(e)}.") from e
        return rows

    def columns(self, source: Source) -> tuple[str, ...]:
        import psycopg
        from psycopg import sql

        table = sql.Identifier(*source.table.split("."))
        try:
            described = self._connection.execute(
                sql.SQL("select * from {} limit 0").format(table)
            ).description
        except psycopg.Error as e:
            raise WorkspaceError(
                f"leadline.toml: [engine] {source.table} can't be read on PostgreSQL: {first_line(e)}."
            ) from e
        return tuple(column.name for column in described or ())

    def close(self) -> None:
        self._connection.close()


def connect(timezone: str) -> Postgres:
    """Connects as the environment says. Raises WorkspaceError where that fails."""
    try:
        import psycopg
    except ImportError as e:
        raise WorkspaceError(
            "leadline.toml names PostgreSQL, whose driver is missing; install it with "
            "pip install 'leadline[postgres]'."
        ) from e
    try:
        connection = psycopg.connect(os.environ.get(ADDRESS, ""), autocommit=True, connect_timeout=10)
        connection.execute("select set_config('TimeZone', %s, false)", (timezone,))
        connection.execute("set default_transaction_read_only = on")
    except psycopg.Error as e:
        raise WorkspaceError(
            f"PostgreSQL can't be reached: {first_line(e)}. Set {ADDRESS} to its connection string."
        ) from e
    return Postgres(connection)
