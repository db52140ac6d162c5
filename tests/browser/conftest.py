"""One browser and one demo for all browser tests."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import MISSING, chromium, find_chromium
from tests.dashboard.serving import LEADLINE, Served, serving

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a busy machine a browser now and then misses a key or a deadline; what is broken fails twice."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests."""
    path = find_chromium()
    if path is None:
        pytest.fail(MISSING)
    with chromium(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Served]:
    """The demo as a newcomer gets it, served by the installed command."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    run("demo", "--build-only", "--workspace", str(folder))
    with serving(folder) as served:
        yield served


@pytest.fixture
def empty(tmp_path: Path, browser: Browser) -> Iterator[Served]:
    """An empty workspace, served."""
    folder = tmp_path / "workspace"
    run("init", str(folder))
    (folder / "leadline.toml").write_text("as_of = 2024-06-30\n", encoding="utf-8")
    with serving(folder) as served:
        yield served


def run(*words: str) -> None:
    """One command line, which must end well."""
    subprocess.run([LEADLINE, *words], check=True, capture_output=True, timeout=120)
