"""A backup is whole or not there, and what is restored is row for row what was backed up."""

from __future__ import annotations

import os
import stat
import subprocess
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leadline.data.database.connection import rows_of
from leadline.data.database.session import Row
from leadline.data.errors import LeadlineError, WorkspaceError
from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.backup import MANIFEST, back_up, restore
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import DATABASE, Workspace, open_workspace
from tests.data.example_exports import LEADS, everything_landed, land_text, lines


@pytest.fixture
def team(tmp_path: Path) -> Workspace:
    folder = tmp_path / "team"
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "routing.yaml").write_text("workflow: routing\n")
    (folder / "leadline.toml").write_text('timezone = "Europe/Berlin"\n')
    with open_warehouse(open_workspace(folder)) as warehouse:
        land_text(warehouse, LEADS)
        land_text(warehouse, LEADS.replace("email", "phone"), "later.csv")
        undo(warehouse, 2)
    return open_workspace(folder)


@pytest.fixture
def backup(team: Workspace, tmp_path: Path) -> Path:
    file = tmp_path / "team.backup"
    with open_warehouse(team) as warehouse:
        back_up(warehouse, file, rows_of)
    return file


def _rows(folder: Path) -> dict[str, list[Row]]:
    with open_warehouse(open_workspace(folder)) as warehouse:
        return everything_landed(warehouse)


def test_what_is_restored_is_row_for_row_what_was_backed_up(
    team: Workspace, backup: Path, tmp_path: Path
) -> None:
    restore(backup, tmp_path / "again", rows_of)
    assert _rows(tmp_path / "again") == _rows(team.path)
    for name in ("charters/routing.yaml", "leadline.toml"):
        assert (tmp_path / "again" / name).read_bytes() == (team.path / name).read_bytes()


def test_a_restored_workspace_can_be_landed_into_and_undone(backup: Path, tmp_path: Path) -> None:
    restore(backup, tmp_path / "again", rows_of)
    with open_warehouse(open_workspace(tmp_path / "again")) as warehouse:
        report = land_text(warehouse, LEADS + "L3,2026-01-07,routing,email\n", "more.csv")
        assert (report.import_id, report.rows.new) == (3, 1)
        undo(warehouse, 3)
        assert warehouse.select("select count(*) from facts.leads") == [(2,)]


def test_only_its_user_can_read_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_backup_leaves_no_other_file_behind(team: Workspace, backup: Path, tmp_path: Path) -> None:
    assert sorted(file.name for file in tmp_path.iterdir()) == ["exports", "team", "team.backup"]
    assert sorted(file.name for file in (team.path / ".leadline").iterdir()) == ["committed.json", "lock"]


def test_a_backup_is_only_replaced_when_told(team: Workspace, backup: Path) -> None:
    before = backup.read_bytes()
    with open_warehouse(team) as warehouse:
        with pytest.raises(WorkspaceError, match="exists already"):
            back_up(warehouse, backup, rows_of)
        assert backup.read_bytes() == before
        back_up(warehouse, backup, rows_of, replace=True)


def test_what_is_no_backup_is_never_replaced(team: Workspace, tmp_path: Path) -> None:
    precious, linked = tmp_path / "precious.txt", tmp_path / "linked"
    precious.write_text("mine")
    linked.hardlink_to(team.database)
    with open_warehouse(team) as warehouse:
        for target in (precious, linked):
            with pytest.raises(WorkspaceError, match="is no backup"):
                back_up(warehouse, target, rows_of, replace=True)
        with pytest.raises(WorkspaceError, match="lies in the workspace itself"):
            back_up(warehouse, team.path / f"{DATABASE}.wal", rows_of, replace=True)
    assert precious.read_text() == "mine"


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    middle = len(content) // 3
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [_cut, _flip, lambda _: b"", lambda _: b"not a backup"])
def test_a_damaged_backup_is_refused_and_nothing_is_made(
    damage: Callable[[bytes], bytes], backup: Path, tmp_path: Path
) -> None:
    backup.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(WorkspaceError, match="can't be used as a backup"):
        restore(backup, tmp_path / "again", rows_of)
    assert not list(tmp_path.glob("*again*"))


def _rewritten(backup: Path, name: str, change: Callable[[bytes], bytes], as_name: str | None = None) -> None:
    with zipfile.ZipFile(backup) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    members[as_name or name] = change(members.pop(name))
    with zipfile.ZipFile(backup, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)


def test_a_text_changed_inside_a_sound_archive_is_refused(backup: Path, tmp_path: Path) -> None:
    _rewritten(backup, "leadline.toml", lambda _: b'timezone = "UTC"\n')
    with pytest.raises(WorkspaceError, match=r"leadline.toml is not what was backed up"):
        restore(backup, tmp_path / "again", rows_of)


def test_a_text_changed_to_one_of_the_same_length_is_refused(backup: Path, tmp_path: Path) -> None:
    _rewritten(backup, "leadline.toml", lambda text: text.replace(b"Berlin", b"Vienna"))
    with pytest.raises(WorkspaceError, match=r"leadline.toml is not what was backed up"):
        restore(backup, tmp_path / "again", rows_of)
    assert not (tmp_path / "again").exists()


def test_a_row_count_that_is_not_the_manifests_is_refused(backup: Path, tmp_path: Path) -> None:
    _rewritten(backup, MANIFEST, lambda text: text.replace(b'"landed.imports": 2', b'"landed.imports": 3'))
    with pytest.raises(WorkspaceError, match="other numbers of rows"):
        restore(backup, tmp_path / "again", rows_of)
    assert not (tmp_path / "again").exists()


def test_a_name_that_leads_out_of_the_folder_is_refused(backup: Path, tmp_path: Path) -> None:
    _rewritten(backup, MANIFEST, lambda text: text.replace(b"leadline.toml", b"../leadline.toml"))
    with pytest.raises(WorkspaceError, match="its manifest is not one"):
        restore(backup, tmp_path / "again", rows_of)
    assert not (tmp_path / "leadline.toml").exists()


def test_a_folder_that_holds_something_is_replaced_only_when_told_and_then_kept(
    team: Workspace, backup: Path
) -> None:
    with open_warehouse(team) as warehouse:
        land_text(warehouse, lines("lead_id,created_at,workflow", "L9,2026-02-01,routing"), "since.csv")
    since = _rows(team.path)
    with pytest.raises(WorkspaceError, match="holds something already"):
        restore(backup, team.path, rows_of)
    assert _rows(team.path) == since
    made = restore(backup, team.path, rows_of, replace=True)
    assert made.former is not None
    assert _rows(made.former) == since
    assert len(_rows(team.path)["landed.leads"]) == len(since["landed.leads"]) - 1


def test_what_a_killed_restore_left_is_cleared_by_the_next_one(backup: Path, tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = tmp_path / f".again.{gone.pid}-0123abcd.restoring"
    at_work = tmp_path / f".again.{os.getpid()}-0123abcd.restoring"
    of_another = tmp_path / f".again.x.{gone.pid}-0123abcd.restoring"
    for folder in (left, at_work, of_another):
        folder.mkdir()
        (folder / DATABASE).write_bytes(b"x")
    restore(backup, tmp_path / "again", rows_of)
    assert [folder.exists() for folder in (left, at_work, of_another)] == [False, True, True]


def test_a_backup_taken_while_files_land_holds_whole_imports_only(tmp_path: Path) -> None:
    with open_warehouse(Workspace(tmp_path / "team", Settings())) as warehouse:
        landing = threading.Thread(target=_land_many, args=(warehouse,))
        landing.start()
        backups = [tmp_path / f"{number}.backup" for number in range(4)]
        for file in backups:
            back_up(warehouse, file, rows_of)
        landing.join()
    for number, file in enumerate(backups):
        restore(file, tmp_path / f"again-{number}", rows_of)
        with open_warehouse(Workspace(tmp_path / f"again-{number}", Settings())) as restored:
            imports = restored.select("select count(*) from landed.imports")[0][0]
            assert restored.select("select count(*) from facts.leads") == [(50 * imports,)]


def _land_many(warehouse: Warehouse) -> None:
    for number in range(6):
        rows = [f"{number}-{row},2026-01-05,routing" for row in range(50)]
        land_text(warehouse, lines("lead_id,created_at,workflow", *rows), f"{number}.csv")


def test_a_workspace_in_use_is_not_replaced(
    team: Workspace, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.data.workspace.lock.LOCK_PATIENCE_SECONDS", 0.1)
    with open_warehouse(team), pytest.raises(LeadlineError, match="in use by another"):
        restore(backup, team.path, rows_of, replace=True)
