"""Fixtures that every part's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.warehouse import Warehouse, open_warehouse
from data.workspace import Settings, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace in its own folder, with default settings."""
    folder = tmp_path / "workspace"
    (folder / "charters").mkdir(parents=True)
    return Workspace(path=folder, settings=Settings())


@pytest.fixture
def warehouse(workspace: Workspace) -> Iterator[Warehouse]:
    """That workspace, open."""
    with open_warehouse(workspace) as opened:
        yield opened
