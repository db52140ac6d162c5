"""A workspace of an earlier Leadline becomes one of this Leadline, whole or not at all; one of a newer is refused."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
import zipfile
from pathlib import Path

import duckdb
import pytest

from leadline.data import upgrades
from leadline.data.errors import WorkspaceError
from leadline.data.landing.land import land, undo
from leadline.data.sql import read_sql
from leadline.data.warehouse import open_warehouse, rows_of
from leadline.data.workspace.backup import back_up, restore
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import DATABASE, Workspace
from tests.killing import cut_off

STORED = Path(__file__).parent / "workspaces" / "demo-0.1.0.zip"
KILLS = int(os.environ.get("LEADLINE_UPGRADE_KILLS", "8"))
OPENER = """
import sys
from pathlib import Path
from leadline.data import sql, upgrades
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
step = Path(sys.argv[1]).with_name("step.sql").read_text()
known = sql.read_sql
upgrades.read_sql = lambda name: step if name == "planted" else known(name)
upgrades.STEPS = (*upgrades.STEPS, upgrades.Step(3, "planted"))
print("open", flush=True)
input()
with open_warehouse(Workspace(Path(sys.argv[1]), Settings())):
    print("upgraded", flush=True)
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
        later.setattr(upgrades, "STEPS", (*upgrades.STEPS, upgrades.Step(3, "upgrades/002_format.sql")))
        with open_warehouse(new) as opened:
            back_up(opened, tmp_path / "newer.backup", rows_of)
    with pytest.raises(WorkspaceError, match="newer Leadline"):
        restore(tmp_path / "newer.backup", tmp_path / "restored", rows_of)
    assert not (tmp_path / "restored").exists()


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


def test_a_step_that_fails_leaves_the_workspace_as_it_was(
    old: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(name: str) -> str:
        return (
            "update landed.leads set channel = 'lost'; select nothing"
            if name == "planted"
            else read_sql(name)
        )

    monkeypatch.setattr(upgrades, "STEPS", (*upgrades.STEPS, upgrades.Step(3, "planted")))
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
    for _ in range(KILLS):
        for file in (*upgrades.copies(old.path), *old.path.glob(f"{DATABASE}.wal")):
            file.unlink()
        old.database.write_bytes(stored)
        cut_off(OPENER, old.path, "", chance.uniform(0, usual))
        columns = {name for (name,) in _raw(old, "select column_name from (describe landed.leads)")}
        answers = _raw(old, "select count(*) from landed.answers")
        if "tier" in columns:
            seen.add("new")
            assert answers == [(700 * 700,)]
            assert _raw(old, "select distinct tier, owner from landed.leads") == [("old", "nobody")]
            assert _raw(old, "select format from landed.schema_stamp") == [(3,)]
        else:
            seen.add("old")
            assert answers == [(0,)]
            assert _raw(old, "select count(*) from landed.leads where owner = 'nobody'") == [(0,)]
            assert _raw(old, "select count(*) from (describe landed.schema_stamp)") == [(1,)]
    assert "old" in seen
