"""The engine is opened by one process, locked down, and writes all or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from leadline.data.database.connection import rows_of
from leadline.data.errors import WorkspaceError
from leadline.data.landing.land import IngestOptions, land, list_imports
from leadline.data.sql import names, quote, read_sql
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.backup import back_up, restore
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace, open_workspace
from tests.data.example_exports import LEADS, column, land_text


def test_an_empty_workspace_has_every_view_of_facts(warehouse: Warehouse) -> None:
    for template in (
        "leads",
        "appointments",
        "deals",
        "emails",
        "campaigns",
        "assets",
        "asset_uses",
        "reviews",
        "units",
        "events",
    ):
        assert warehouse.select(f"select * from facts.{template}") == []
    assert (
        warehouse.select("select * from facts.conversations union by name select * from facts.clicks") == []
    )


def test_every_sql_file_says_its_grain_in_the_first_line() -> None:
    for folder in ("schema", "facts", "staging", "landing", "checks", "upgrades"):
        for name in names(folder):
            assert read_sql(name).startswith("-- "), name


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{outside}', all_varchar = true)",
        "copy (select 1) to '{outside}.copy'",
        "attach '{outside}.duckdb'",
        "install httpfs",
        "load spatial",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "select * from read_text('{outside}')",
    ],
)
def test_the_open_engine_touches_nothing_outside_its_intake(
    warehouse: Warehouse, tmp_path: Path, statement: str
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a,b\n1,2\n")
    with pytest.raises(duckdb.Error):
        warehouse.select(statement.replace("{outside}", str(outside)))


def test_a_transaction_that_fails_leaves_nothing(warehouse: Warehouse) -> None:
    def write_and_fail() -> None:
        with warehouse.transaction():
            warehouse.execute("insert into landed.secrets values ('a', 'b')")
            assert warehouse.select("select count(*) from landed.secrets") == [(2,)]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert warehouse.select("select count(*) from landed.secrets") == [(1,)]


def test_readers_see_the_state_before_a_transaction_until_it_ends(warehouse: Warehouse) -> None:
    seen: list[object] = []
    with warehouse.transaction():
        warehouse.execute("insert into landed.secrets values ('a', 'b')")
        reader = threading.Thread(
            target=lambda: seen.append(column(warehouse, "select name from landed.secrets order by name"))
        )
        reader.start()
        reader.join()
    assert seen == [["salt seal"]]
    assert column(warehouse, "select name from landed.secrets order by name") == ["a", "salt seal"]


def test_many_threads_read_and_write_side_by_side(warehouse: Warehouse) -> None:
    def write(number: int) -> None:
        with warehouse.transaction():
            before = len(warehouse.select("select * from landed.secrets"))
            warehouse.execute("insert into landed.secrets values ($name, 'x')", {"name": f"{number}"})
            assert len(warehouse.select("select * from landed.secrets")) == before + 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warehouse.select("select count(*) from landed.secrets") == [(1 + 12,)]


def test_transactions_do_not_nest(warehouse: Warehouse) -> None:
    with warehouse.transaction(), pytest.raises(RuntimeError, match="nest"), warehouse.transaction():
        pass


def test_the_data_version_changes_with_landings_undos_and_charters(warehouse: Warehouse) -> None:
    from leadline.data.landing.land import undo

    versions = [warehouse.data_version()]
    land_text(warehouse, LEADS)
    versions.append(warehouse.data_version())
    undo(warehouse, 1)
    versions.append(warehouse.data_version())
    warehouse.execute(
        "insert into agreed.charters values ('w', 1, 'c', 'h', null, 'Ann', null, timestamp '2026-01-01')"
    )
    versions.append(warehouse.data_version())
    assert len(set(versions)) == 4
    assert warehouse.data_version() == versions[-1]


def test_a_second_process_is_told_that_the_workspace_is_in_use(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import sys; from pathlib import Path; from leadline.data import warehouse\n"
        "from leadline.data.workspace import lock; from leadline.data.workspace.workspace import *\n"
        "lock.LOCK_PATIENCE_SECONDS = 0.2\n"
        "try:\n"
        "    with warehouse.open_warehouse(Workspace(Path(sys.argv[1]), Settings())): pass\n"
        "except Exception as e: print(type(e).__name__, e)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(warehouse.workspace.path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith("InUseError The workspace")
    assert "in use by another Leadline process" in ran.stdout
    monkeypatch.setattr("leadline.data.workspace.lock.LOCK_PATIENCE_SECONDS", 0.1)
    with pytest.raises(WorkspaceError, match="in use"), open_warehouse(warehouse.workspace):
        pass


def test_what_landed_is_there_when_the_workspace_is_opened_again(workspace: Workspace) -> None:
    with open_warehouse(workspace) as first:
        land_text(first, LEADS)
        version = first.data_version()
    with open_warehouse(workspace) as second:
        assert column(second, "select lead_id from facts.leads order by lead_id") == ["L1", "L2"]
        assert second.data_version() == version


def test_a_file_that_is_no_database_is_one_sentence(workspace: Workspace) -> None:
    workspace.database.write_text("this is not a database, however long it may be " * 100)
    with (
        pytest.raises(WorkspaceError, match="can't be opened as a Leadline database"),
        open_warehouse(workspace),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(WorkspaceError, match="can't be written to"),
        open_warehouse(Workspace(tmp_path / "file" / "below", Settings())),
    ):
        pass


def test_the_intake_folder_is_emptied_on_opening_and_closing(workspace: Workspace) -> None:
    left_behind = workspace.path / ".leadline" / "intake" / "old.export"
    left_behind.parent.mkdir(parents=True)
    left_behind.write_text("x")
    with open_warehouse(workspace) as opened:
        assert not left_behind.exists()
        land_text(opened, LEADS)
        assert [entry.name for entry in opened.intake.iterdir()] == []
    assert not left_behind.parent.exists()


def test_facts_are_on_the_clock_of_the_workspace(tmp_path: Path) -> None:
    text = "lead_id,created_at\nL1,2026-07-01T22:30:00Z\nL2,2026-07-02 00:30\nL3,2026-01-01\n"
    for zone, first in (("UTC", "2026-07-01 22:30:00"), ("Europe/Berlin", "2026-07-02 00:30:00")):
        with open_warehouse(Workspace(tmp_path / zone.replace("/", "-"), Settings(timezone=zone))) as opened:
            land_text(opened, text)
            found = column(opened, "select created_at::varchar from facts.leads order by lead_id")
            assert found == [first, "2026-07-02 00:30:00", "2026-01-01 00:00:00"]


def test_a_changed_time_zone_moves_the_clock_of_what_has_landed(workspace: Workspace) -> None:
    with open_warehouse(workspace) as opened:
        land_text(opened, "lead_id,created_at\nL1,2026-07-01T22:30:00Z\n")
    moved = Workspace(workspace.path, Settings(timezone="America/New_York"))
    with open_warehouse(moved) as opened:
        assert column(opened, "select created_at::varchar from facts.leads") == ["2026-07-01 18:30:00"]


def test_identifiers_are_quoted_whatever_they_contain() -> None:
    assert quote('a"b; drop table x') == '"a""b; drop table x"'
    with pytest.raises(ValueError, match="NUL"):
        quote("a\x00b")


def test_a_folder_in_which_the_engine_can_keep_no_database_is_refused_before_it_is_made(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "what?" / "ours"
    with (
        pytest.raises(WorkspaceError, match="has a '\\?' in its name"),
        open_warehouse(Workspace(folder, Settings())),
    ):
        pass
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="an open file can't be removed there")
@pytest.mark.parametrize("replaced", [False, True])
def test_a_database_that_is_gone_or_replaced_while_it_is_open_takes_no_more_and_can_be_saved(
    workspace: Workspace, tmp_path: Path, replaced: bool
) -> None:
    saved = tmp_path / "saved.backup"
    with open_warehouse(workspace) as warehouse:
        land_text(warehouse, LEADS)
        workspace.database.unlink()
        if replaced:
            workspace.database.write_bytes(b"another")
        with pytest.raises(WorkspaceError, match="removed or replaced while it is open"):
            land_text(warehouse, LEADS.replace("L", "M"), "later.csv")
        with pytest.raises(WorkspaceError, match="leadline backup"):
            warehouse.execute("delete from landed.imports")
        assert len(list_imports(warehouse)) == 1
        back_up(warehouse, saved, rows_of)
    restore(saved, tmp_path / "again", rows_of)
    with open_warehouse(open_workspace(tmp_path / "again")) as again:
        assert len(list_imports(again)) == 1


def test_a_large_result_of_facts_comes_whole_with_one_thread(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "leadline.toml").write_text("threads = 1\n")
    deals = tmp_path / "deals.csv"
    rows = [f"D{number},2024-01-02,open,L{number % 5000}\n" for number in range(25_000)]
    deals.write_text("deal_id,created_at,stage,lead_id\n" + "".join(rows))
    with open_warehouse(open_workspace(tmp_path / "team")) as warehouse:
        assert land(warehouse, deals, IngestOptions(workflow="lr")).state == "landed"
        assert len(warehouse.select("select deal_id, lead_id, stage from facts.deals")) == len(rows)
