"""The secret that addresses are hashed with lies beside the database; one that is missing or another one is told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from leadline.data.database.connection import SEAL, rows_of
from leadline.data.errors import WorkspaceError
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.backup import back_up, restore
from leadline.data.workspace.salt import SALT, seal_of
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import DATABASE, Workspace
from tests.data.example_exports import land_text

LEADS = "lead_id,created_at,owner\nann@example.com,2024-01-01,Eve\n"


@pytest.fixture
def team(tmp_path: Path) -> Workspace:
    team = Workspace(tmp_path / "team", Settings())
    with open_warehouse(team) as warehouse:
        land_text(warehouse, LEADS)
    return team


def _identities(warehouse: Warehouse) -> list[str]:
    return [str(name) for (name,) in warehouse.select("select lead_id from landed.leads order by import_id")]


def test_the_database_holds_a_seal_and_the_file_beside_it_the_secret(team: Workspace) -> None:
    file = team.path / SALT
    salt = file.read_text().strip()
    assert file.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch("[0-9a-f]{32}", salt)
    assert salt.encode() not in team.database.read_bytes()
    with open_warehouse(team) as warehouse:
        assert warehouse.select("select * from landed.secrets") == [(SEAL, seal_of(salt))]
        assert warehouse.salt() == salt


@pytest.mark.parametrize(
    ("instead", "said"), [(None, "is missing"), ("0" * 32, "is not the one"), ("", "is missing")]
)
def test_nothing_lands_under_another_secret_and_all_else_goes_on(
    team: Workspace, instead: str | None, said: str
) -> None:
    file = team.path / SALT
    right = file.read_bytes()
    file.unlink() if instead is None else file.write_text(instead)
    with open_warehouse(team) as warehouse:
        with pytest.raises(WorkspaceError, match=said):
            land_text(warehouse, LEADS.replace("Eve", "Ian"), "later.csv")
        (known,) = _identities(warehouse)
        file.write_bytes(right)
        land_text(warehouse, LEADS.replace("Eve", "Ian"), "later.csv")
        assert _identities(warehouse) == [known, known]


def test_a_backup_carries_it_and_says_so(team: Workspace, tmp_path: Path) -> None:
    with open_warehouse(team) as warehouse:
        assert back_up(warehouse, tmp_path / "a", rows_of).with_salt
    assert restore(tmp_path / "a", tmp_path / "again", rows_of).with_salt
    assert (tmp_path / "again" / SALT).read_bytes() == (team.path / SALT).read_bytes()
    assert (tmp_path / "again" / SALT).stat().st_mode & 0o777 == 0o600
    (team.path / SALT).unlink()
    with open_warehouse(team) as warehouse:
        assert not back_up(warehouse, tmp_path / "b", rows_of).with_salt


def test_a_database_that_holds_its_secret_gives_it_to_the_file_also_where_that_was_cut_off(
    team: Workspace, tmp_path: Path
) -> None:
    salt = (team.path / SALT).read_text().strip()
    with duckdb.connect(str(team.database)) as before:
        before.execute("delete from landed.secrets")
        before.execute("insert into landed.secrets values ('salt', $salt)", {"salt": salt})
    shutil.copytree(team.path, tmp_path / "cut-off")  # the file was written, and the database not yet told
    (team.path / SALT).unlink()
    for folder in (team.path, tmp_path / "cut-off"):
        with open_warehouse(Workspace(folder, Settings())) as warehouse:
            assert warehouse.salt() == salt
            assert warehouse.select("select name from landed.secrets") == [(SEAL,)]
    with duckdb.connect(str(team.path / DATABASE)) as before:
        before.execute("insert into landed.secrets values ('salt', 'another')")
    with pytest.raises(WorkspaceError, match="another secret"), open_warehouse(team):
        pass
