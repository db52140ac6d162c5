"""Long work shows how far it is, can be left, and holds up nobody else: by Streamlit's messages, on the real server."""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.dashboard.exports import LAST, furnish, write_exports
from benchmarks.ingest.exports import write_leads
from leadline.dashboard.service import open_warehouse
from leadline.dashboard.views import caches as session
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import alerts
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import HOME, opened, text
from tests.dashboard.serving import LEADLINE, Served, serving
from tests.dashboard.sessions import Session, session_at

LEADS = 40_000
"""about 3 MB, half a second of landing"""
SLOWEST = 12.0
"""how many times as long as on an idle server a page may take while somebody lands; two cores are shared by both"""


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two exports of leads that share no lead."""
    folder = tmp_path_factory.mktemp("exports")
    return [write_exports(folder, LEADS)[0], write_leads(folder / "more-leads.csv", LEADS)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("long") / "served"
    furnish(folder)
    with serving(folder) as running:
        yield running


@pytest.mark.timed
def test_a_page_that_waits_for_a_long_preview_can_be_left(served: Served, exports: list[Path]) -> None:
    with session_at(served.port, served.cookie) as ana:
        ana.open("decisions")  # works out the review
        ana.open("upload")
        previewed = ana.upload(exports[0]).seconds
        ana.open("upload")
        left = ana.upload(exports[0], leave_for="decisions")
    assert "Decisions" in left.text()
    assert left.seconds < previewed / 2


@pytest.mark.timed
def test_pages_of_others_answer_while_somebody_lands_a_long_file(served: Served, exports: list[Path]) -> None:
    with session_at(served.port, served.cookie) as ana, session_at(served.port, served.cookie) as ben:
        idle = [_seconds(ben) for _ in range(6)][1:]
        ana.open("upload")
        ana.upload(exports[0])
        over = threading.Event()
        landing = threading.Thread(target=lambda: (ana.press("Land 1 file"), over.set()))
        landing.start()
        busy = []
        while not over.is_set():
            busy.append(_seconds(ben))
        landing.join()
    assert f"{LEADS:,} rows, landed as import" in ana.last.text()
    assert any(said.startswith("leads.csv is being") for said in ana.last.progress)
    assert len(busy) >= 3, "several pages were opened while the file was landing"
    assert statistics.median(busy) <= SLOWEST * statistics.median(idle)


@pytest.mark.timed
def test_pages_answer_while_the_command_line_has_the_past_repeated(served: Served) -> None:
    with session_at(served.port, served.cookie) as ben:
        idle = [_seconds(ben) for _ in range(6)][1:]
        span = ["--from", str(LAST - dt.timedelta(weeks=4)), "--to", str(LAST)]
        replay = subprocess.Popen(
            [LEADLINE, "replay", *span, "--workspace", served.workspace], stdout=subprocess.PIPE, text=True
        )
        busy = []
        while replay.poll() is None:
            busy.append(_seconds(ben))
        said, _ = replay.communicate()
    assert replay.returncode == 0
    assert f"{LAST}  " in said
    assert len(busy) >= 3, "several pages were opened meanwhile"
    assert statistics.median(busy) <= SLOWEST * statistics.median(idle)


def test_landing_goes_on_when_its_page_is_left(served: Served, exports: list[Path]) -> None:
    with session_at(served.port, served.cookie) as ana:
        ana.open("upload")
        previewed = ana.upload(exports[1])
        assert "Looking at the file …" in previewed.spinners
        assert "Decisions" in ana.press("Land 1 file", leave_for="decisions").text()
        told = ana.open("upload")
        assert f"{LEADS:,} rows, landed as import" in told.text()
    with session_at(served.port, served.cookie) as ben:
        assert sum("more-leads.csv" in option for option in _imports(ben)) == 1, "nothing is landed twice"


@pytest.mark.parametrize("page", [HOME, "views/alerts/page.py"])
def test_a_reader_does_not_wait_for_who_writes(reviewing: Show, page: str) -> None:
    reviewing(examples.review())
    opened()  # raises the alert
    reviewing(examples.review(examples.drifting(name="Another name")))
    session.forget()
    warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
    with _somebody_writing(warehouse):
        app = opened(page)
        assert warehouse.is_being_written(), "the page was whole while somebody else still wrote"
    assert "Another name is drifting" in text(app) or "An import is being landed" in text(app)


def test_what_a_reader_saw_while_somebody_wrote_is_recorded_by_the_next_page(reviewing: Show) -> None:
    reviewing(examples.review())
    warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
    with _somebody_writing(warehouse):
        opened()
        assert alerts(warehouse) == ()
    opened()
    assert len(alerts(warehouse)) == 1


@contextmanager
def _somebody_writing(warehouse: Warehouse) -> Iterator[None]:
    """Another thread holds a transaction open, as a long import does."""
    writing, done = threading.Event(), threading.Event()

    def write() -> None:
        with warehouse.transaction():
            writing.set()
            done.wait(60)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert writing.wait(10)
        yield
    finally:
        done.set()
        writer.join()


def _seconds(session: Session) -> float:
    """How long a page takes that reads small prepared results."""
    return session.open("decisions").seconds


def _imports(session: Session) -> list[str]:
    """The imports of which one can be chosen, to be taken back."""
    session.open("upload")
    return [option for box in session.last.all("selectbox") for option in box.options]
