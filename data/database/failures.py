"""How the engine fails, told as what a person can do about it."""

from __future__ import annotations

import re

import duckdb

from leadline.data.errors import EngineError, first_line

STATEMENT_FAILURES: tuple[type[Exception], ...] = (duckdb.Error, EngineError)
"""whatever a statement may end in"""
ENGINE_FAILURES = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,
)
"""what no SQL of ours can cause: the disk, the memory or the file fail"""
_SIGNS_OF_DAMAGE = ("Corrupt", "checksum", "Could not read enough bytes", "not a valid DuckDB database")


def engine_failed(error: duckdb.Error) -> EngineError:
    """What failed, in the engine's words too, and what to do about it."""
    what, to_do = failure(error)
    return EngineError(f"{what} ({reason(error)}); {to_do}.")


def failure(error: duckdb.Error) -> tuple[str, str]:
    """What failed of disk, memory and file, and what to do about it."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return "The engine has no room for this", "raise memory_limit or spill_limit in leadline.toml"
    if isinstance(error, duckdb.SerializationException) or any(
        word in reason(error) for word in _SIGNS_OF_DAMAGE
    ):
        return (
            "The file of the database is damaged",
            "bring back a backup with 'leadline restore FILE --replace'",
        )
    return (
        "The database can't be read or written",
        "make room on its disk, and see what 'leadline doctor' says",
    )


def reason(error: Exception) -> str:
    """What the engine says, without the name of its kind of error and without its full stop."""
    return re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", first_line(error)).rstrip(".!")
