"""Where facts are queried: DuckDB in the workspace, or the same .sql on another engine.

`[engine]` of `leadline.toml` names an engine and the tables or views that hold the templates' columns. Queries over
`facts.*` are then rewritten and run there, and only their counts come home. What was agreed, shown and decided stays
in the workspace. Connection details come from the environment, never from the workspace.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from leadline.data.engines import postgres, spark
from leadline.data.engines.translate_sql import (
    DIALECTS,
    AboutImportsError,
    Source,
    Translated,
    columns_of,
    translate,
)
from leadline.data.errors import ConnectionLostError, WorkspaceError
from leadline.data.templates import templates

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse
    from leadline.data.workspace.workspace import Settings

Row = tuple[Any, ...]

REFRESH_MINUTES = 15.0
MOST_TRANSLATED = 512
"""queries kept in the engine's words, each with its values"""


class Connection(Protocol):
    """An open engine."""

    def select(self, sql: str) -> list[Row]: ...

    def columns(self, source: Source) -> tuple[str, ...]: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class EngineSettings:
    """`[engine]` as checked."""

    kind: str
    sources: Mapping[str, Source]
    refresh_minutes: float = REFRESH_MINUTES


def engine_settings(settings: Settings) -> EngineSettings | None:
    """What `[engine]` says; None where facts are in the workspace. Raises WorkspaceError at the first fault."""
    told = settings.values.get("engine")
    if told is None:
        return None
    if not isinstance(told, dict) or told.get("kind") not in DIALECTS:
        kind = told.get("kind") if isinstance(told, dict) else told
        raise _wrong(f"kind is {kind!r}; write one of {', '.join(DIALECTS)}")
    if unknown := sorted(set(told) - {"kind", "tables", "refresh_minutes"}):
        raise _wrong(f"{unknown[0]!r} is not a setting; connection details belong in environment variables")
    refresh = told.get("refresh_minutes", REFRESH_MINUTES)
    if not isinstance(refresh, int | float) or isinstance(refresh, bool) or not 0 < refresh <= 10080:
        raise _wrong(f"refresh_minutes is {refresh!r}; write minutes between 0 and 10080, such as 15")
    tables = told.get("tables")
    if not isinstance(tables, dict) or not tables:
        raise _wrong('there are no tables; write [engine.tables] with lines such as leads = "crm.leads"')
    return EngineSettings(
        told["kind"], {name: _source(name, entry) for name, entry in tables.items()}, float(refresh)
    )


def _source(template: str, entry: object) -> Source:
    if template not in templates():
        raise _wrong(f"{template!r} is no template; write one of {', '.join(templates())}")
    if isinstance(entry, str):
        entry = {"table": entry}
    if not isinstance(entry, dict) or not isinstance(entry.get("table"), str):
        raise _wrong(f'tables.{template} is {entry!r}; write a table such as "crm.{template}"')
    parts = entry["table"].split(".")
    if len(parts) > 3 or not all(parts):
        raise _wrong(f"tables.{template}: {entry['table']!r} is no table's name; write schema.table")
    columns, attributes = entry.get("columns", {}), entry.get("attributes")
    texts = isinstance(columns, dict) and all(isinstance(name, str) for name in columns.values())
    if not texts or not (attributes is None or isinstance(attributes, str)):
        raise _wrong(f"tables.{template}: columns and attributes name columns of {entry['table']}")
    if unknown := sorted(set(columns) - set(columns_of(template))):
        raise _wrong(f"tables.{template}: {unknown[0]!r} is no column of the template")
    return Source(entry["table"], columns, attributes)


def _wrong(fault: str) -> WorkspaceError:
    return WorkspaceError(f"leadline.toml: [engine] {fault}.")


class Engine:
    """An engine that was connected to, its tables looked at. Any thread may ask; one question at a time."""

    def __init__(self, settings: EngineSettings, timezone: str) -> None:
        self.settings = settings
        self._timezone = timezone
        self._asking = threading.Lock()
        self._translated = lru_cache(MOST_TRANSLATED)(self._translate)
        self._connection = self._connect()
        try:
            self.sources = {name: self._looked_at(name, source) for name, source in settings.sources.items()}
        except Exception:
            self._connection.close()
            raise

    def _connect(self) -> Connection:
        connect = postgres.connect if self.settings.kind == "postgres" else spark.connect
        return connect(self._timezone)

    def _looked_at(self, template: str, source: Source) -> Source:
        known = replace(source, known=self._connection.columns(source))
        for ours in (*templates()[template].required, *source.columns):
            if known.column(ours) is None:
                raise WorkspaceError(
                    f"leadline.toml: [engine] {source.table} has no column {source.columns.get(ours, ours)!r} "
                    f"for {ours}; name it under columns of tables.{template}, or ask for a view that has it."
                )
        return known

    def select(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        """Rows of a query over `facts.*`, sorted as DuckDB sorts them."""
        frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        translated = self._translated(sql, tuple(sorted(frozen.items())))
        with self._asking:
            rows = self._rows(translated.sql)
        for position, descending in reversed(translated.order):
            rows.sort(key=lambda row, i=position: _first_or_last(row[i], descending), reverse=descending)  # type: ignore[misc]
        return rows

    def _translate(self, sql: str, values: tuple[tuple[str, Any], ...]) -> Translated:
        return translate(sql, dict(values), self.sources, self.settings.kind)

    def _rows(self, sql: str) -> list[Row]:
        """Its answer, over a new connection where the old one is gone: the engine may have been restarted."""
        try:
            return self._connection.select(sql)
        except ConnectionLostError:
            self._connection.close()
            self._connection = self._connect()
            return self._connection.select(sql)

    def close(self) -> None:
        self._connection.close()


def _first_or_last(value: Any, descending: bool) -> tuple[bool, Any]:
    """A sort key that puts empty values last, whichever the direction."""
    missing = value is None
    return (missing != descending, 0 if missing else value)


_engines: weakref.WeakKeyDictionary[Warehouse, Engine] = weakref.WeakKeyDictionary()
_connecting = threading.Lock()


def engine_of(warehouse: Warehouse) -> Engine | None:
    """The engine that holds this workspace's facts, connected at the first question; None: its own DuckDB."""
    settings = engine_settings(warehouse.workspace.settings)
    if settings is None:
        return None
    with _connecting:
        if warehouse not in _engines:
            engine = Engine(settings, warehouse.workspace.settings.timezone)
            _engines[warehouse] = engine
            weakref.finalize(warehouse, engine.close)
        return _engines[warehouse]


def ask(warehouse: Warehouse, sql: str, values: Mapping[str, object]) -> list[Row]:
    """Rows of a query over facts, from wherever they are. Questions about imports have no rows on another engine.

    Raises UntranslatedError, with the reason, where any other query can't be asked there.
    """
    engine = engine_of(warehouse)
    if engine is None:
        return warehouse.select(sql, values)
    try:
        return engine.select(sql, values)
    except AboutImportsError:
        return []


def refuse_landing(settings: Settings) -> None:
    """Raises WorkspaceError where facts are on another engine: an export has nowhere to land."""
    if (told := engine_settings(settings)) is not None:
        raise WorkspaceError(
            f"This workspace's facts are on another engine ({told.kind}), so exports can't land here; "
            "load them there, or remove [engine] from leadline.toml."
        )


def facts_version(warehouse: Warehouse) -> str:
    """Changes with the warehouse's data version; where facts are on another engine, every `refresh_minutes` too."""
    told = engine_settings(warehouse.workspace.settings)
    spans = 0 if told is None else int(time.time() // (60 * told.refresh_minutes))
    return f"{warehouse.data_version()}.{spans}"
