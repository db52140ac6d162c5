"""A workspace of an earlier Leadline becomes one of this Leadline, whole or not at all; one of a newer is refused."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
import zipfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest

from leadline.data.database import connection, upgrades
from leadline.data.database.connection import rows_of
from leadline.data.errors import WorkspaceError
from leadline.data.landing.land import land, undo
from leadline.data.sql import read_sql
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.backup import back_up, restore
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import DATABASE, Workspace
from tests.killing import cut_off

STORED = Path(__file__).parent / "workspaces" / "demo-0.1.0.zip"
PAGE = Path(__file__).parents[2] / "docs" / "upgrading.md"
KILLS = int(os.environ.get("LEADLINE_UPGRADE_KILLS", "4"))
OPENER = """
import sys
from pathlib import Path
from leadline.data import sql
from leadline.data.database import upgrades
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
step = Path(sys.argv[1]).with_name("step.sql").read_text()
known = sql.read_sql
upgrades.read_sql = lambda name: step if name == "planted" else known(name)
upgrades.STEPS = (*upgrades.STEPS, upgrades.Step(upgrades.newest() + 1, "planted"))
print("open", flush=True)
input()
with open_warehouse(Workspace(Path(sys.argv[1]), Settings())):
    print("upgraded", flush=True)
"""
LANDER = """
import sys
from pathlib import Path
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
print("open", flush=True)
export = Path(input())
with open_warehouse(Workspace(Path(sys.argv[1]), Settings())) as opened:
    land(opened, export)
    print("landed", flush=True)
    input()
"""
SLOW_STEP = """
alter table landed.leads add column tier varchar;
update landed.leads set tier = 'old';
update landed.leads set owner = 'nobody';
insert into landed.answers select 'f', 'leads', a.range::varchar, b.range from range(700) as a, range(700) as b;
"""


@pytest.fixture
def old(tmp_path: Path) -> Workspace:
    """The stored workspace of 0.1.0, as its files lay there."""
    with zipfile.ZipFile(STORED) as archive:
        archive.extractall(tmp_path / "team")
    (tmp_path / "team" / "leadline-backup.json").unlink()
    return Workspace(tmp_path / "team", Settings())


@pytest.fixture
def new(tmp_path: Path) -> Workspace:
    """A workspace of this version with three leads."""
    made = Workspace(tmp_path / "new", Settings())
    with open_warehouse(made) as opened:
        land(opened, _leads(tmp_path, "L1", "L2", "L3"))
    return made


def _leads(folder: Path, *ids: str, channel: str = "web") -> Path:
    file = folder / f"leads-{'-'.join(ids)}-{channel}.csv"
    rows = "".join(f"{one},2024-01-05,{channel},Ann\n" for one in ids)
    file.write_text(f"lead_id,created_at,channel,owner\n{rows}")
    return file


def _alter(workspace: Workspace, statement: str) -> None:
    with duckdb.connect(str(workspace.database)) as connection:
        connection.execute(statement)


def _raw(workspace: Workspace, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_workspace_of_an_earlier_format_is_kept_as_it_was_beside_the_upgraded_one(old: Workspace) -> None:
    before = old.database.read_bytes()
    with open_warehouse(old) as opened:
        assert opened.select("select count(*) from facts.leads") == [(4065,)]
    (copy,) = upgrades.copies(old.path)
    assert copy.read_bytes() == before
    assert _raw(old, "select format from landed.schema_stamp") == [(upgrades.newest(),)]


def test_an_upgraded_workspace_is_upgraded_once(old: Workspace) -> None:
    for _ in range(2):
        with open_warehouse(old):
            pass
    assert len(upgrades.copies(old.path)) == 1


def test_an_upgraded_workspace_has_the_tables_and_views_of_a_new_one(old: Workspace, new: Workspace) -> None:
    with open_warehouse(old):
        pass
    for query in (
        "select schema_name, table_name, list(column_name || ' ' || data_type order by column_name) "
        "from duckdb_columns() where schema_name in ('landed', 'facts', 'agreed') group by all order by all",
        "select schema_name, view_name, sql from duckdb_views() where not internal order by all",
    ):
        assert _raw(old, query) == _raw(new, query)


def test_a_workspace_of_this_version_is_not_copied(new: Workspace) -> None:
    with open_warehouse(Workspace(new.path, Settings(timezone="Europe/Berlin"))) as opened:
        assert opened.select("select count(*) from facts.leads") == [(3,)]
    assert upgrades.copies(new.path) == ()


def test_a_column_that_a_template_has_and_its_table_lacks_is_added_and_landed_into(
    new: Workspace, tmp_path: Path
) -> None:
    _alter(
        new,
        "drop view facts.leads; alter table landed.leads drop column owner; update landed.schema_stamp set stamp = ''",
    )
    with open_warehouse(new) as opened:
        owners = "select lead_id, owner from facts.leads order by all"
        assert opened.select(owners) == [("L1", None), ("L2", None), ("L3", None)]
        landed = land(opened, _leads(tmp_path, "L3", "L4", channel="mail"))
        assert (landed.rows.new, landed.rows.updated) == (1, 1)
        assert opened.select(owners) == [("L1", None), ("L2", None), ("L3", "Ann"), ("L4", "Ann")]
        again = land(opened, _leads(tmp_path, "L3", channel="phone"))
        undo(opened, landed.import_id or 0)  # folds the versions of L3 again, the added column with them
        assert opened.select("select lead_id, owner, channel from facts.leads where lead_id = 'L3'") == [
            ("L3", "Ann", "phone")
        ]
        undo(opened, again.import_id or 0)
        assert opened.select(owners) == [("L1", None), ("L2", None), ("L3", None)]
    assert len(upgrades.copies(new.path)) == 1


@pytest.mark.parametrize(
    "newer",
    [
        "update landed.schema_stamp set stamp = '', format = 99, made_by = '7.0.0'",
        "alter table landed.leads add column tier varchar; "
        "update landed.schema_stamp set stamp = '', made_by = '7.0.0'",
        "create table landed.calls (call_id varchar); update landed.schema_stamp set stamp = '', made_by = '7.0.0'",
    ],
)
def test_a_workspace_of_a_newer_leadline_is_refused_in_a_sentence_and_left_alone(
    new: Workspace, newer: str
) -> None:
    _alter(new, newer)
    held = new.database.read_bytes()
    made_newer = r"was made by a newer Leadline \(7\.0\.0\); update this one"
    with pytest.raises(WorkspaceError, match=made_newer), open_warehouse(new):
        pass
    assert new.database.read_bytes() == held
    assert upgrades.copies(new.path) == ()


def test_a_backup_of_a_newer_leadline_is_refused_before_anything_is_replaced(
    new: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(
            upgrades,
            "STEPS",
            (*upgrades.STEPS, upgrades.Step(upgrades.newest() + 1, "upgrades/002_format.sql")),
        )
        with open_warehouse(new) as opened:
            back_up(opened, tmp_path / "newer.backup", rows_of)
    with pytest.raises(WorkspaceError, match=f"has format {upgrades.newest() + 1}, unknown to this Leadline"):
        restore(tmp_path / "newer.backup", tmp_path / "restored", rows_of)
    assert not (tmp_path / "restored").exists()


@pytest.mark.parametrize(
    ("change", "unknown"),
    [
        ("alter table landed.leads add column tier varchar", "column landed.leads.tier"),
        ("create table landed.calls (call_id varchar)", "table landed.calls"),
        ("update landed.schema_stamp set format = 99", "format 99"),
    ],
)
def test_a_workspace_of_another_build_of_this_version_is_refused_with_what_is_unknown(
    new: Workspace, change: str, unknown: str
) -> None:
    _alter(new, f"{change}; update landed.schema_stamp set stamp = ''")
    own = re.escape(version("leadline"))
    told = (
        rf"has {unknown}, unknown to this Leadline \({own}\): another build of {own} made it, or somebody changed it "
        r"by hand; install that build, or go back to a copy"
    )
    with pytest.raises(WorkspaceError, match=told), open_warehouse(new):
        pass
    assert upgrades.copies(new.path) == ()


@pytest.mark.parametrize(
    "damage",
    [
        "drop table landed.schema_stamp",
        "delete from landed.schema_stamp",
        "alter table landed.schema_stamp drop column format",
        "alter table landed.schema_stamp drop column made_by; update landed.schema_stamp set stamp = ''",
        "alter table landed.schema_stamp alter format type varchar; update landed.schema_stamp set format = 'abc'",
        "update landed.schema_stamp set format = null",
        "update landed.schema_stamp set format = -1",
    ],
)
def test_a_damaged_note_of_the_format_is_told_in_a_sentence_and_nothing_is_copied(
    new: Workspace, damage: str
) -> None:
    _alter(new, damage)
    held = new.database.read_bytes()
    told = r"its note of its format \(landed\.schema_stamp\) is damaged or missing; it is left as it is: restore a"
    with pytest.raises(WorkspaceError, match=told), open_warehouse(new):
        pass
    with pytest.raises(WorkspaceError, match=told):
        rows_of(new.database)
    assert new.database.read_bytes() == held
    assert upgrades.copies(new.path) == ()


def test_a_database_whose_log_is_not_written_into_it_is_not_copied(old: Workspace) -> None:
    old.path.joinpath(f"{DATABASE}.wal").write_bytes(b"committed")
    with pytest.raises(WorkspaceError, match=r"is not upgraded: leadline\.duckdb\.wal beside it"):
        upgrades.keep_copy(old.database)
    assert upgrades.copies(old.path) == ()


@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="needs a system whose processes can be killed outright"
)
def test_the_documented_way_back_keeps_the_log_of_a_killed_process_with_its_own_database(
    old: Workspace, tmp_path: Path
) -> None:
    before = old.database.read_bytes()
    cut_off(LANDER, old.path, str(_leads(tmp_path, "N1")), 0, until="landed")
    assert old.path.joinpath(f"{DATABASE}.wal").stat().st_size > 0
    (copy,) = upgrades.copies(old.path)
    (block,) = re.findall(r"```sh\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    steps = re.sub(r"leadline-before-upgrade-[\d-]+\.duckdb", copy.name, block)

    subprocess.run(["sh", "-c", steps], cwd=tmp_path, check=True)
    assert old.database.read_bytes() == copy.read_bytes() == before
    count = "select count(*) from landed.leads where lead_id = 'N1'"
    assert _raw(old, count) == [(0,)]
    with duckdb.connect(str(old.path / "leadline-newer.duckdb")) as newer:
        assert newer.execute(count).fetchall() == [(1,)]
    assert old.database.read_bytes() == before

    moved = (old.path / "leadline-newer.duckdb").read_bytes()
    assert subprocess.run(["sh", "-c", steps], cwd=tmp_path, check=False).returncode != 0
    assert (old.path / "leadline-newer.duckdb").read_bytes() == moved
    with open_warehouse(old) as again:  # nothing beside the database misses what was committed since
        assert again.select(count) == [(0,)]


def test_the_page_quotes_the_engine_where_0_1_0_opens_an_upgraded_workspace(new: Workspace) -> None:
    with duckdb.connect(str(new.database)) as connection, pytest.raises(duckdb.Error) as failed:
        connection.execute("insert into landed.schema_stamp values ($stamp)", {"stamp": "of 0.1.0"})
    said = str(failed.value).splitlines()[0].removeprefix("Binder Error: ")
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"can't be prepared: {said}. Restore it from a backup or make a new workspace." in page
    assert "the data are whole" in page


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Berlin"], ids=["as it was", "views made anew"])
@pytest.mark.parametrize("table", ["landed.leads", "landed.quarantine", "agreed.ledger"])
def test_a_table_that_is_gone_is_damage_and_not_made_again(new: Workspace, table: str, timezone: str) -> None:
    _alter(new, f"drop table {table}")
    with (
        pytest.raises(WorkspaceError) as refused,
        open_warehouse(replace(new, settings=Settings(timezone=timezone))),
    ):
        pass
    assert f"lacks the table {table}: it was damaged or changed by hand" in str(refused.value)
    assert "restore a backup with 'leadline restore FILE --replace'" in str(refused.value)
    with pytest.raises(duckdb.CatalogException):
        _raw(new, f"select * from {table}")


def test_a_table_that_an_earlier_workspace_has_lost_is_told_before_anything_is_upgraded(
    old: Workspace,
) -> None:
    _alter(old, "drop table landed.deals; drop table landed.leads")
    with (
        pytest.raises(WorkspaceError, match=r"lacks the tables landed\.deals, landed\.leads: "),
        open_warehouse(old),
    ):
        pass
    assert upgrades.copies(old.path) == ()


def test_a_view_that_is_at_fault_costs_nobody_a_workspace(
    new: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = connection._schema
    monkeypatch.setattr(connection, "_schema", lambda zone: [*made(zone), "create view facts.x as select no"])
    with pytest.raises(WorkspaceError) as failed, open_warehouse(new):
        pass
    assert "The data are whole and as they were" in str(failed.value)
    assert "install the version that opened it before" in str(failed.value)
    assert not re.search("new workspace|backup", str(failed.value))


@pytest.mark.parametrize(
    ("failure", "to_do"),
    [
        (duckdb.IOException("IO Error: Corrupt database file: wrong checksum"), "bring back a backup"),
        (duckdb.SerializationException("Serialization Error: Failed to deserialize"), "bring back a backup"),
        (duckdb.IOException("IO Error: No space left on device"), "make room on its disk"),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to pin block"), "raise memory_limit"),
    ],
)
def test_a_file_a_disk_or_a_memory_that_fails_in_an_upgrade_is_told_from_a_fault_of_the_code(
    old: Workspace, monkeypatch: pytest.MonkeyPatch, failure: duckdb.Error, to_do: str
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(upgrades, "apply", fail)
    with pytest.raises(WorkspaceError, match=to_do) as failed, open_warehouse(old):
        pass
    assert "The data are whole" not in str(failed.value)


def test_without_room_for_the_copy_nothing_is_upgraded(
    old: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = old.database.read_bytes()
    monkeypatch.setattr(shutil, "copy2", full)
    with (
        pytest.raises(
            WorkspaceError, match=r"not be written \(No space left on device\); it is as it was\. Make room"
        ),
        open_warehouse(old),
    ):
        pass
    assert old.database.read_bytes() == before


def test_a_database_that_its_user_may_not_write_is_not_taken_for_a_damaged_one(
    new: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise duckdb.IOException('IO Error: Cannot open file "leadline.duckdb": Permission denied')

    monkeypatch.setattr(duckdb, "connect", denied)
    told = "Give your user the right to read and write it"
    with pytest.raises(WorkspaceError, match=told) as failed, open_warehouse(new):
        pass
    assert "backup" not in str(failed.value)


def test_a_step_that_fails_leaves_the_workspace_as_it_was(
    old: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(name: str) -> str:
        return (
            "update landed.leads set channel = 'lost'; select nothing"
            if name == "planted"
            else read_sql(name)
        )

    monkeypatch.setattr(upgrades, "STEPS", (*upgrades.STEPS, upgrades.Step(upgrades.newest() + 1, "planted")))
    monkeypatch.setattr(upgrades, "read_sql", planted)
    for _ in range(2):
        with pytest.raises(WorkspaceError, match="can't be prepared"), open_warehouse(old):
            pass
    assert _raw(old, "select count(*) from landed.leads where channel = 'lost'") == [(0,)]
    assert len(upgrades.copies(old.path)) == 1  # one is enough, however often it is tried


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="needs a system whose processes can be killed outright"
)
def test_an_upgrade_that_is_killed_has_upgraded_all_or_nothing(old: Workspace, tmp_path: Path) -> None:
    (tmp_path / "step.sql").write_text(SLOW_STEP)
    chance = random.Random(20261128)
    stored = old.database.read_bytes()
    began = time.perf_counter()
    cut_off(OPENER, old.path, "", 0, until="upgraded")
    usual = time.perf_counter() - began
    seen = set()
    for number in range(KILLS):
        for file in (*upgrades.copies(old.path), *old.path.glob(f"{DATABASE}.wal")):
            file.unlink()
        old.database.write_bytes(stored)
        cut_off(OPENER, old.path, "", chance.uniform(0, usual) if number else 0)
        columns = {name for (name,) in _raw(old, "select column_name from (describe landed.leads)")}
        answers = _raw(old, "select count(*) from landed.answers")
        if "tier" in columns:
            seen.add("new")
            assert answers == [(700 * 700,)]
            assert _raw(old, "select distinct tier, owner from landed.leads") == [("old", "nobody")]
            assert _raw(old, "select format from landed.schema_stamp") == [(upgrades.newest() + 1,)]
        else:
            seen.add("old")
            assert answers == [(0,)]
            assert _raw(old, "select count(*) from landed.leads where owner = 'nobody'") == [(0,)]
            assert _raw(old, "select count(*) from (describe landed.schema_stamp)") == [(1,)]
    assert "old" in seen
