"""An upload shows at once in every open session, and nothing is worked out again that it does not touch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.dashboard.exports import furnish, write_exports
from leadline.dashboard.service import open_warehouse
from leadline.dashboard.views import caches
from leadline.data.landing.land import land
from tests.dashboard.paging import HOME, opened, text
from tests.metrics.test_verdict_cache import LATE

DATA = "views/sources/page.py"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """A workspace of three workflows and 2,000 leads, served by this process."""
    folder = tmp_path / "served"
    furnish(folder)
    open_warehouse.serve(folder)
    warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
    for file in write_exports(tmp_path, 2_000):
        assert land(warehouse, file).state == "landed"
    yield folder
    open_warehouse.close_shared(folder)
    open_warehouse.serve(None)
    caches.forget()


def test_an_upload_shows_at_once_elsewhere_and_only_what_it_touches_is_worked_out(
    served: Path, tmp_path: Path
) -> None:
    ana, ben = opened(DATA), opened(HOME)
    before = caches.reckoned()
    file = tmp_path / "late.csv"
    file.write_text(LATE, encoding="utf-8")
    land(open_warehouse.shared_warehouse(open_warehouse.current_workspace()), file)
    assert "late.csv" not in text(ana)
    ana.run()
    assert "late.csv" in text(ana)
    ben.run()
    after = caches.reckoned()
    # this week's review and that of the week before, and of each the one workflow with other leads
    assert after["reviews"] - before["reviews"] == 2
    assert after["workflows"] - before["workflows"] == 2
    assert after["catalogs"] == before["catalogs"]
    assert after["cards"] == before["cards"]
    for page in (HOME, DATA):
        opened(page)
    assert caches.reckoned() == after, "a third session finds everything"
    assert all(len(kept) <= kept.most for kept in caches.kept().values())
    assert sum(kept.most for kept in caches.kept().values()) < 1_000
