"""What a database holds: its tables, their rows, and what was committed."""

from __future__ import annotations

from leadline.data.database.session import Row, Session
from leadline.data.sql import quote, read_sql


def committed(session: Session) -> dict[str, int]:
    """How much of each append-only kind the database holds."""
    kinds = ("imports", "undone imports", "charter versions", "rows of the ledger")
    return dict(zip(kinds, session.select(read_sql("landing/committed.sql"))[0], strict=True))


def count_rows(session: Session) -> dict[str, int]:
    """Rows by `schema.table`."""
    return {
        f"{schema}.{table}": session.select(f"select count(*) from {quote(schema)}.{quote(table)}")[0][0]  # noqa: S608
        for schema, table in tables(session)
    }


def tables(session: Session) -> list[Row]:
    """(schema, table) of every table that stays."""
    return session.select(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary order by all"
    )
