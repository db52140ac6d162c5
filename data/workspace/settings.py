"""`leadline.toml`: parsed once, every fault told at once, each with the line of its key.

What `data` owns stands at the top of the file and is checked as it is read. Tables belong to the layers that act on
them; those check theirs where they need it, through `Settings.table`.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadline.data.documents.faults import Faults, charter_error
from leadline.data.documents.plain_files import TooLargeError, read_plain
from leadline.data.documents.values import Section, Value, document_of
from leadline.data.errors import WorkspaceError
from leadline.data.workspace.limits import LIMITS, Limits
from leadline.data.workspace.locales import DEFAULT, canonical

SIZE_LIMIT = 1_000_000
"""bytes of a `leadline.toml` that are read"""
SETTINGS = "leadline.toml"
TABLES = ("pull", "engine", "access", "notify", "inbox", "serve", "retention")


@dataclass(frozen=True)
class Settings:
    """What `leadline.toml` may say. Every field has a default that suits a small team."""

    name: str = ""
    """what people call the workspace; '' for the name of its folder"""
    timezone: str = "UTC"
    locale: str = DEFAULT
    """of numbers and dates, as `data.workspace.locales.canonical` names it"""
    false_alarm_budget: float = 0.05
    """chance of any false alarm in a year over everything that is watched"""
    as_of: dt.date | None = None
    """a fixed clock, for workspaces of samples; None means today"""
    limits: Limits = field(default_factory=Limits)
    values: dict[str, Any] = field(default_factory=dict)
    """the whole file as read, for settings of later layers"""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, repr=False)
    """path of a key in `values` -> the line its entry begins on"""

    def table(self, name: str, known: Sequence[str], advice: str) -> Section | None:
        """The keys of a table of the file, those not `known` already faults; None where the file has no such table.

        Raises WorkspaceError where something else stands there. The caller raises the faults when it has read on.
        """
        if name not in self.values:
            return None
        told = _document({name: self.values[name]}, self.lines).values[name]
        section = table_of(told, known, advice)
        if not told.is_group:
            raise section.faults.error()
        return section


def table_of(value: Value, known: Sequence[str], advice: str) -> Section:
    """The keys of a table; where it is none, that is a fault and there are no keys."""
    if value.is_group and (section := value.section(known)) is not None:
        return section
    value.fault(f"{value.name} is no table; {advice}.")
    return Section({}, value.line, value.name, value.faults)


def read_settings(file: Path) -> Settings:
    """Settings of a `leadline.toml`; defaults where the file or an entry is missing.

    Raises WorkspaceError over every fault of what stands at the top of the file, keys that are not known among them.
    """
    if not file.is_file():
        return Settings()
    try:
        text = read_plain(file, SIZE_LIMIT).decode("utf-8")
        values = tomllib.loads(text)
    except TooLargeError as e:
        raise WorkspaceError(
            f"{file.name} has over {SIZE_LIMIT:,} bytes, far more than settings need; shorten it or remove it."
        ) from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise WorkspaceError(
            f"{file.name} is not valid TOML: {e}. Correct that line or remove the file."
        ) from e
    lines = _lines(text)
    section = _document(values, lines, (*_READ, *LIMITS, *TABLES))
    read: dict[str, Any] = {}
    for key, reader in (*_READ.items(), *LIMITS.items()):
        if key in section.values:
            try:
                read[key] = reader(values[key])
            except ValueError as e:
                section.values[key].fault(f"{key} {e}.")
    section.faults.raise_if_any()
    limits = Limits(**{key: read.pop(key) for key in LIMITS if key in read})
    return Settings(**read, limits=limits, values=values, lines=lines)


def _name(said: object) -> str:
    if not isinstance(said, str):
        raise ValueError(f"is {said!r}; write a name in quotes, such as 'Northwind marketing'")
    return said


def _timezone(said: Any) -> str:
    try:
        return ZoneInfo(said).key
    except (ZoneInfoNotFoundError, OSError, ValueError, TypeError, AttributeError) as e:
        raise ValueError(f"{said!r} is not known; write one such as 'Europe/Berlin' or 'UTC'") from e


def _locale(said: object) -> str:
    if not isinstance(said, str):
        raise ValueError(f'is {said!r}; write a language such as "en" or "de"')
    try:
        return canonical(said)
    except ValueError as e:
        raise ValueError(f"{said!r} {e}") from e


def _budget(said: object) -> float:
    if not isinstance(said, int | float) or isinstance(said, bool) or not 0.001 <= said <= 0.5:
        raise ValueError(f"is {said!r}; write a yearly chance between 0.001 and 0.5, such as 0.05")
    return float(said)


def _as_of(said: object) -> dt.date:
    if not isinstance(said, dt.date) or isinstance(said, dt.datetime):
        raise ValueError(f"is {said!r}; write a bare date such as as_of = 2026-11-15")
    return said


_READ: dict[str, Callable[[Any], object]] = {
    "name": _name,
    "timezone": _timezone,
    "locale": _locale,
    "false_alarm_budget": _budget,
    "as_of": _as_of,
}
"""field of `Settings` -> its value as TOML has it to the value meant; ValueError with what follows the key's name"""


def _document(
    values: Mapping[str, object],
    lines: Mapping[tuple[str, ...], int],
    known: Sequence[str] = (),
) -> Section:
    root = document_of(values, SETTINGS, _settings_error, lines)
    return root.section(known) or Section({}, 0, "", root.faults)


def _settings_error(faults: Faults) -> WorkspaceError:
    """One sentence a fault: 'leadline.toml, line 3: …'."""
    return WorkspaceError(str(charter_error(faults)))


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Path of each key of a valid TOML text -> the line its entry begins on.

    An entry is the fewest lines that are TOML by themselves, so that brackets and strings of several lines hold no
    keys of their own. In a list of tables the lines are those of the first table that has the key.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    entry: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        entry.append(line)
        try:
            content = tomllib.loads("\n".join(entry))
        except tomllib.TOMLDecodeError:
            continue
        begun, entry = number - len(entry) + 1, []
        opens_table = line.lstrip().startswith("[") and begun == number
        paths = list(_paths(content, () if opens_table else table))
        table = paths[-1] if opens_table else table
        for path in paths:
            found.setdefault(path, begun)
    return found


def _paths(content: Mapping[str, object], within: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, value in content.items():
        yield (*within, key)
        if isinstance(value, Mapping):
            yield from _paths(value, (*within, key))
