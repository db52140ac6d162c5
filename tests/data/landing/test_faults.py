"""Disks that fill up, logs that are cut short, clocks that jump: nothing is lost without a word."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from leadline.data.errors import WorkspaceError
from leadline.data.landing import identify
from leadline.data.landing.land import land, list_imports, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace import commit_witness
from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.workspace import DATABASE, Workspace
from tests.data.example_exports import LEADS, land_text

FULL_WHILE_CHECKPOINTING = """
import resource, sys
from pathlib import Path
import duckdb
from leadline.data.errors import EngineError
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import DATABASE, Workspace
folder = Path(sys.argv[1])
with open_warehouse(Workspace(folder, Settings())) as warehouse:
    warehouse.execute("create table landed.numbers as select range as n, hash(range) as h from range(200000)")
    warehouse.execute("checkpoint")
    for n in range(20):
        warehouse.execute(f"insert into landed.numbers select range, hash(range + {n}) from range(10000)")
    size = (folder / DATABASE).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    for sql in ("checkpoint", "select count(*) from landed.numbers"):
        try:
            print(warehouse.select(sql))
        except EngineError as e:
            print(e)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(warehouse.select("select count(*) from landed.numbers"))
    warehouse.execute("insert into landed.numbers values (1, 1)")
    print(warehouse.select("select count(*) from landed.numbers"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are set as on POSIX")
def test_a_database_that_the_engine_gave_up_is_opened_again_once_there_is_room(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_WHILE_CHECKPOINTING, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    first, *_, before_last, last = ran.stdout.splitlines()
    assert first.startswith("The database can't be read or written")
    assert (before_last, last) == ("[(400000,)]", "[(400001,)]")


def killed_after(workspace: Workspace, work: Callable[[Warehouse], Any]) -> Path:
    """The log that a process leaves which is killed after that work: a copy of the workspace taken while it is open."""
    copy = workspace.path.with_name("copy")
    with open_warehouse(workspace) as warehouse:
        land_text(warehouse, LEADS)
        warehouse.execute("checkpoint")
        work(warehouse)
        # in a process of its own: reading the live file here would drop the engine's lock on it
        subprocess.run(["cp", "-r", workspace.path, copy], check=True)
    shutil.rmtree(copy / PRIVATE_FOLDER / "intake")
    return copy


def test_an_import_that_the_log_has_lost_is_missed_aloud(workspace: Workspace) -> None:
    copy = killed_after(
        workspace, lambda warehouse: land_text(warehouse, LEADS.replace("L", "M"), "more.csv")
    )
    log = copy / f"{DATABASE}.wal"
    content = log.read_bytes()
    log.write_bytes(content[: len(content) // 2])
    with (
        pytest.raises(WorkspaceError, match="lacks 1 of 2 imports that were committed"),
        open_warehouse(Workspace(copy, workspace.settings)),
    ):
        pass


@pytest.mark.parametrize(
    ("work", "lost"),
    [
        (lambda warehouse: undo(warehouse, 1), "1 of 1 undone imports"),
        (lambda warehouse: land_text(warehouse, LEADS.replace("L", "M"), "more.csv"), "1 of 2 imports"),
    ],
    ids=["an undo", "an import"],
)
def test_a_log_that_is_gone_is_missed_aloud_until_somebody_accepts_it(
    workspace: Workspace, work: Callable[[Warehouse], Any], lost: str
) -> None:
    copy = Workspace(killed_after(workspace, work), workspace.settings)
    (copy.path / f"{DATABASE}.wal").unlink()
    for _ in range(2):
        with pytest.raises(WorkspaceError, match=lost), open_warehouse(copy):
            pass
    (copy.path / PRIVATE_FOLDER / commit_witness.FILE).unlink()
    with open_warehouse(copy) as warehouse:
        assert warehouse.select("select count(*) from facts.leads") == [(2,)]


def test_a_log_that_is_whole_brings_back_what_a_killed_process_had_committed(workspace: Workspace) -> None:
    copy = killed_after(
        workspace, lambda warehouse: land_text(warehouse, LEADS.replace("L", "M"), "more.csv")
    )
    with open_warehouse(Workspace(copy, workspace.settings)) as warehouse:
        assert warehouse.select("select count(*) from facts.leads") == [(4,)]


@pytest.mark.parametrize("noted", ["", "[]", '{"imports": "many"}', '{"imports": 7}'])
def test_a_note_that_makes_no_sense_keeps_nobody_out(workspace: Workspace, noted: str) -> None:
    with open_warehouse(workspace) as warehouse:
        land_text(warehouse, LEADS)
    (workspace.path / PRIVATE_FOLDER / commit_witness.FILE).write_text(noted)
    with open_warehouse(workspace) as warehouse:
        assert warehouse.select("select count(*) from facts.leads") == [(2,)]


def set_back(monkeypatch: pytest.MonkeyPatch, by: dt.timedelta) -> None:
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            return cls.fromtimestamp((dt.datetime.now(dt.UTC) - by).timestamp(), tz)

    class Module:
        datetime, timedelta, time, date, UTC = Clock, dt.timedelta, dt.time, dt.date, dt.UTC

    monkeypatch.setattr("leadline.data.landing.land.dt", Module)


def test_an_export_counts_as_the_newest_though_the_clock_was_set_back_a_little(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    land_text(warehouse, LEADS)
    set_back(monkeypatch, identify.CLOCK_CORRECTIONS / 2)
    report = land_text(warehouse, LEADS.replace("email", "phone"), "later.csv")
    assert (report.rows.updated, report.rows.stale) == (1, 0)


def test_an_export_is_refused_while_the_clock_is_far_behind_the_last_import(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    land_text(warehouse, LEADS)
    set_back(monkeypatch, dt.timedelta(days=3))
    changed = LEADS.replace("email", "phone")
    report = land_text(warehouse, changed, "later.csv")
    assert (report.state, report.code) == ("refused", "clock_behind")
    assert "set the clock right" in report.message
    assert land_text(warehouse, changed, "later.csv", exported_on=dt.date(2026, 1, 10)).state == "landed"
    undo(warehouse, 1)
    undo(warehouse, 2)
    assert land_text(warehouse, changed, "later.csv").state == "landed"


def test_a_full_intake_folder_is_not_taken_for_a_damaged_file(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "leads.csv"
    file.write_text(LEADS)
    monkeypatch.setattr("leadline.data.exports.files.received_file._copy", full)
    report = land(warehouse, file)
    assert (report.state, report.code) == ("refused", "no_room")
    assert list(warehouse.intake.iterdir()) == []


def test_the_same_file_brought_twice_at_once_is_read_by_each_from_a_copy_of_its_own(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    from leadline.data.exports.files.received_file import discard, receive

    file = tmp_path / "leads.csv"
    file.write_text(LEADS)
    first, second = (receive(file, warehouse.intake) for _ in range(2))
    discard(first)
    assert second.path.read_text() == LEADS
    discard(second)


def test_the_same_file_brought_by_many_at_once_lands_once(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(LEADS)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: land(warehouse, file), range(4)))
    assert [(report.state, report.import_id) for report in reports] == [("landed", 1)] * 4
    assert sorted(report.rows.new for report in reports) == [0, 0, 0, 2]
    assert len(list_imports(warehouse)) == 1
