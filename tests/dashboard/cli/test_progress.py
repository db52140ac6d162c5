"""Progress is for a person at a terminal and for nobody else."""

from __future__ import annotations

import io
import time

import pytest

from leadline.dashboard.cli import progress
from leadline.dashboard.cli.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_said_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    monkeypatch.setattr(progress, "_QUIET_SECONDS", 0.0)
    with Progress("Landing") as shown:
        shown.step("deals.csv")
        time.sleep(0.05)
    assert pipe.getvalue() == ""


def test_long_work_says_what_it_does_and_wipes_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "_QUIET_SECONDS", 0.02)
    with Progress("Landing") as shown:
        shown.step("deals.csv (2 of 5)")
        time.sleep(0.2)
    assert "Landing deals.csv (2 of 5) … 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[2K")


def test_work_that_shows_its_own_progress_keeps_its_lines_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "_QUIET_SECONDS", 0.0)
    with Progress("Replaying", quiet=True):
        time.sleep(0.05)
    assert terminal.getvalue() == ""


def test_short_work_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with Progress("Landing"):
        pass
    assert terminal.getvalue() == ""
