"""One browser and one demo for all browser tests."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import MISSING, chromium, find_chromium
from tests.browser.visits import one_person
from tests.dashboard import command_line
from tests.dashboard.serving import Served, serving

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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A person with an open browser."""
    with one_person(browser) as opened:
        yield opened


@pytest.fixture(scope="session")
def port() -> int:
    """Where one server after the other is found, so that a browser knows its scripts already.

    Below the ports that are handed out to others.
    """
    for one in range(21_000 + os.getpid() % 5_000, 32_000):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", one))
            return one
    raise AssertionError("no port is free")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as a newcomer gets it, to be copied."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    run("demo", "--build-only", "--as-of", "2026-11-15", "--workspace", str(folder))
    return folder


@pytest.fixture(scope="session")
def demo(built: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Served]:
    """The demo, served by the installed command, for tests that write nothing."""
    with serving(shutil.copytree(built, tmp_path_factory.mktemp("served") / "workspace")) as served:
        yield served


@pytest.fixture
def own(built: Path, tmp_path: Path, browser: Browser, port: int) -> Iterator[Served]:
    """A copy of the demo that may be written to, served: each test, and each further try of one, has a new one."""
    with serving(shutil.copytree(built, tmp_path / "workspace"), port=port) as served:
        yield served


@pytest.fixture
def empty(tmp_path: Path, browser: Browser, port: int) -> Iterator[Served]:
    """An empty workspace, served."""
    folder = tmp_path / "workspace"
    run("init", str(folder))
    (folder / "leadline.toml").write_text("as_of = 2024-06-30\n", encoding="utf-8")
    with serving(folder, port=port) as served:
        yield served


def run(*words: str) -> None:
    """One command line, which must end well; where a server runs, it does the work."""
    ran = command_line.run(*words)
    assert ran.status == 0, ran
