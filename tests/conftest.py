"""Fixtures that every part's tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.limits import Limits
from leadline.data.workspace.salt import SALT
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace

settings.register_profile("any_machine", deadline=None)
settings.load_profile("any_machine")
SMALL = Settings(limits=Limits(threads=1))
"""for workspaces of a few rows: an engine with two threads takes a third more of the processor for them"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Other work on the machine makes one measurement long; what has become slow is slow every time.

    Files with long tests come first: two workers that are handed whole files then end at about the same time.
    """
    for item in items:
        if item.get_closest_marker("timed"):
            item.add_marker(pytest.mark.flaky(reruns=2))
    long = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "browser")))}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace in its own folder, with default settings but for one thread."""
    folder = tmp_path / "workspace"
    (folder / "charters").mkdir(parents=True)
    return Workspace(path=folder, settings=SMALL)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a workspace into which nothing has landed: to copy one takes a third of making one."""
    made = Workspace(path=tmp_path_factory.mktemp("empty"), settings=SMALL)
    with open_warehouse(made):
        pass
    return made.database


@pytest.fixture
def warehouse(workspace: Workspace, empty_database: Path) -> Iterator[Warehouse]:
    """That workspace, open."""
    shutil.copyfile(empty_database, workspace.database)
    shutil.copyfile(empty_database.with_name(SALT), workspace.path / SALT)
    with open_warehouse(workspace) as opened:
        yield opened
