"""A workspace is a folder: `leadline.duckdb`, `charters/*.yaml`, and optional `metrics.yaml`, `leadline.toml`."""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadline.data.errors import WorkspaceError
from leadline.data.workspace.limits import read_limits
from leadline.data.workspace.locales import DEFAULT, canonical

DATABASE = "leadline.duckdb"
SETTINGS = "leadline.toml"
CHARTERS = "charters"


@dataclass(frozen=True)
class Settings:
    """What `leadline.toml` may say. Every field has a default that suits a small team."""

    timezone: str = "UTC"
    locale: str = DEFAULT
    """of numbers and dates, as `data.workspace.locales.canonical` names it"""
    false_alarm_budget: float = 0.05
    """chance of any false alarm in a year over everything that is watched"""
    as_of: dt.date | None = None
    """a fixed clock, for workspaces of samples; None means today"""
    values: dict[str, Any] = field(default_factory=dict)
    """the whole file as read, for settings of later layers"""


@dataclass(frozen=True)
class Workspace:
    """A folder and its settings. Opening one touches nothing on disk."""

    path: Path
    settings: Settings

    @property
    def database(self) -> Path:
        return self.path / DATABASE

    @property
    def charters(self) -> Path:
        return self.path / CHARTERS

    def today(self) -> dt.date:
        """The date that 'now' means here: the fixed clock, else today in the workspace's time zone."""
        return self.settings.as_of or dt.datetime.now(ZoneInfo(self.settings.timezone)).date()


def is_workspace(path: Path) -> bool:
    """True where the folder holds a database, charters or settings of ours."""
    return (path / DATABASE).is_file() or (path / SETTINGS).is_file() or (path / CHARTERS).is_dir()


def locate(named: str | os.PathLike[str] | None = None) -> Path:
    """The folder meant: the one named, LEADLINE_WORKSPACE, the current one if it is a workspace, ~/leadline."""
    if named:
        return Path(named).expanduser().resolve()
    if from_environment := os.environ.get("LEADLINE_WORKSPACE"):
        return Path(from_environment).expanduser().resolve()
    here = Path.cwd()
    return here if is_workspace(here) else Path.home() / "leadline"


def open_workspace(named: str | os.PathLike[str] | None = None) -> Workspace:
    """The workspace named or located. Raises WorkspaceError where there is none or its settings are wrong."""
    path = locate(named)
    if not is_workspace(path):
        raise WorkspaceError(
            f"There is no Leadline workspace at {path}; make one with 'leadline init {path}' "
            "or name another with --workspace."
        )
    return Workspace(path=path, settings=read_settings(path / SETTINGS))


def read_settings(file: Path) -> Settings:
    """Settings of a `leadline.toml`; defaults where the file or an entry is missing."""
    if not file.is_file():
        return Settings()
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise WorkspaceError(
            f"{file.name} is not valid TOML: {e}. Correct that line or remove the file."
        ) from e
    timezone = values.get("timezone", "UTC")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as e:
        raise WorkspaceError(
            f"{file.name}: timezone {timezone!r} is not known; write one such as 'Europe/Berlin' or 'UTC'."
        ) from e
    budget = values.get("false_alarm_budget", 0.05)
    if not isinstance(budget, int | float) or isinstance(budget, bool) or not 0.001 <= budget <= 0.5:
        raise WorkspaceError(
            f"{file.name}: false_alarm_budget is {budget!r}; write a yearly chance between 0.001 and 0.5, such as 0.05."
        )
    as_of = values.get("as_of")
    if as_of is not None and (not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime)):
        raise WorkspaceError(
            f"{file.name}: as_of is {as_of!r}; write a bare date such as as_of = 2026-11-15."
        )
    locale = values.get("locale", DEFAULT)
    if not isinstance(locale, str):
        raise WorkspaceError(f'{file.name}: locale is {locale!r}; write a language such as "en" or "de".')
    try:
        locale = canonical(locale)
    except ValueError as e:
        raise WorkspaceError(f"{file.name}: locale {locale!r} {e}.") from e
    read_limits(values, file.name)
    return Settings(
        timezone=timezone, locale=locale, false_alarm_budget=float(budget), as_of=as_of, values=values
    )
