"""A workspace served by the test's own process, for pages run without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard import owner, session
from metrics.results import Review

Show = Callable[[Review], None]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A workspace whose clock stands at 30 June 2024."""
    folder = tmp_path / "served"
    (folder / "charters").mkdir(parents=True)
    (folder / "leadline.toml").write_text("as_of = 2024-06-30\n", encoding="utf-8")
    owner.serve(folder)
    yield folder
    owner.close_shared(folder)
    owner.serve(None)
    session.forget()


@pytest.fixture
def reviewing(home: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Makes every page show one review."""

    def reviewed(review: Review) -> None:
        monkeypatch.setattr(session, "review", lambda warehouse, workspace, as_of: review)

    return reviewed
