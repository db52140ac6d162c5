"""A workspace served by the test's own process, for pages run without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from leadline.dashboard.service import open_warehouse
from leadline.dashboard.views import caches
from leadline.data.workspace.salt import SALT
from leadline.data.workspace.workspace import DATABASE
from leadline.metrics.results import Review

Show = Callable[[Review], None]


@pytest.fixture(scope="session", autouse=True)
def components() -> Iterator[None]:
    """Streamlit reads what every installed package says of itself for each app that a test runs: once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture
def home(tmp_path: Path, empty_database: Path) -> Iterator[Path]:
    """A workspace whose clock stands at 30 June 2024, and whose few rows need no more than a thread."""
    folder = tmp_path / "served"
    (folder / "charters").mkdir(parents=True)
    (folder / "leadline.toml").write_text("as_of = 2024-06-30\nthreads = 1\n", encoding="utf-8")
    shutil.copyfile(empty_database, folder / DATABASE)
    shutil.copyfile(empty_database.with_name(SALT), folder / SALT)
    open_warehouse.serve(folder)
    yield folder
    open_warehouse.close_shared(folder)
    open_warehouse.serve(None)
    caches.forget()


@pytest.fixture
def reviewing(home: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Makes every page show one review."""

    def reviewed(review: Review) -> None:
        monkeypatch.setattr(caches, "review", lambda warehouse, workspace, as_of: review)

    return reviewed
