"""A workspace is a folder: `leadline.duckdb`, `charters/*.yaml`, and optional `metrics.yaml`, `leadline.toml`."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from leadline.data.errors import WorkspaceError
from leadline.data.workspace.settings import SETTINGS, Settings, read_settings

DATABASE = "leadline.duckdb"
CHARTERS = "charters"
SAMPLE_MARK = ".leadline-demo"
"""a file that says that a workspace was made of samples"""


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

    @property
    def is_sample(self) -> bool:
        """Whether all of it is made up, by `leadline demo`."""
        return (self.path / SAMPLE_MARK).is_file()

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


def refuse_unfit(path: Path) -> None:
    """Raises WorkspaceError where the engine could not keep a database in that folder.

    It takes what follows a '?' for no part of a file's name, and looks for the database's log elsewhere.
    """
    if "?" in str(path):
        raise WorkspaceError(
            f"{path} has a '?' in its name, and no database can be kept there; rename that folder, or name another."
        )


def open_workspace(named: str | os.PathLike[str] | None = None) -> Workspace:
    """The workspace named or located. Raises WorkspaceError where there is none or its settings are wrong."""
    path = locate(named)
    if not is_workspace(path):
        raise WorkspaceError(
            f"There is no Leadline workspace at {path}; make one with 'leadline init {path}' "
            "or name another folder."
        )
    return Workspace(path=path, settings=read_settings(path / SETTINGS))
