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

from leadline.data.documents.values import Value
from leadline.data.engines import postgres, spark
from leadline.data.engines.source import DIALECTS, AboutImportsError, Source, Translated
from leadline.data.errors import ConnectionLostError, WorkspaceError
from leadline.data.templates import templates
from leadline.data.workspace.settings import Settings, table_of

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

Row = tuple[Any, ...]

KEYS = ("kind", "tables", "refresh_minutes")
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
    """What `[engine]` says; None where facts are in the workspace. Raises WorkspaceError over every fault."""
    section = settings.table("engine", (), "write [engine] and under it kind and [engine.tables]")
    if section is None:
        return None
    faults, said = section.faults, settings.values["engine"]
    for key in sorted(set(section.values) - set(KEYS)):
        advice = faults.nearest(key, KEYS, "; connection details belong in environment variables.")
        section.values[key].fault(f"[engine] {key!r} is not a setting{advice}")
    if (kind := said.get("kind")) not in DIALECTS:
        faults.add(section.line_of("kind"), f"[engine] kind is {kind!r}; write one of {', '.join(DIALECTS)}.")
    refresh = said.get("refresh_minutes", REFRESH_MINUTES)
    if not isinstance(refresh, int | float) or isinstance(refresh, bool) or not 0 < refresh <= 10080:
        section.values["refresh_minutes"].fault(
            f"[engine] refresh_minutes is {refresh!r}; write minutes between 0 and 10080, such as 15."
        )
    tables: dict[str, Value] = {}
    if said.get("tables"):
        advice = 'write [engine.tables] with lines such as leads = "crm.leads"'
        tables = table_of(section.values["tables"], tuple(templates()), advice).values
    else:
        faults.add(
            section.line_of("tables"),
            '[engine] there are no tables; write [engine.tables] with lines such as leads = "crm.leads".',
        )
    sources = {name: _source(name, value) for name, value in tables.items()}
    faults.raise_if_any()
    return EngineSettings(str(kind), sources, float(refresh))


def _source(template: str, said: Value) -> Source:
    """The table named for a template, alone or with its columns; what is wrong there is a fault of `said`."""
    place = f"[engine] tables.{template}"
    told = said.section(("table", "columns", "attributes")) if said.is_group else None
    entry = {"table": said} if told is None else told.values
    table = entry["table"].text() if "table" in entry and entry["table"].is_quoted else ""
    parts = table.split(".")
    if not table:
        said.fault(f'{place} names no table; write one such as "crm.{template}".')
    elif len(parts) > 3 or not all(parts):
        entry["table"].fault(f"{place}: {table!r} is no table's name; write schema.table.")
    columns: dict[str, Value] = {}
    if "columns" in entry:
        from leadline.data.engines.translate_sql import columns_of

        advice = f'write such as columns = {{ our_name = "its name in {table}" }}'
        columns = table_of(entry["columns"], tuple(columns_of(template)), advice).values
    attributes = entry.get("attributes")
    for value in (*columns.values(), *([attributes] if attributes else [])):
        if not value.is_quoted:
            value.fault(f"{place}: columns and attributes name columns of {table}.")
    names = {ours: value.text() for ours, value in columns.items() if value.is_quoted}
    return Source(table, names, attributes.text() if attributes and attributes.is_quoted else None)


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
        # its parser takes a tenth of a second to load, and most workspaces have no other engine
        from leadline.data.engines.translate_sql import translate

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
