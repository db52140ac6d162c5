"""`leadline doctor` names what is wrong on the disk, and says what to do; the states are real ones."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from leadline.data.warehouse import open_warehouse
from leadline.data.workspace import soundness
from leadline.data.workspace.workspace import DATABASE, open_workspace
from tests.dashboard.command_line import Ran, run
from tests.torture.clients import read_only
from tests.torture.clients import run as run_apart
from tests.torture.rounds import CanNotBeTried, clock_library

BLOCK = 262_144
"""bytes of a block of a DuckDB file; three headers of 4096 come first"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    run("init", tmp_path / "here" / "team")
    leads = tmp_path / "leads.csv"
    leads.write_text(
        "lead_id,created_at,channel\n" + "".join(f"L{n},2024-01-05,{n:x}\n" for n in range(3000))
    )
    assert run("ingest", leads, workspace=tmp_path / "here" / "team").status == 0
    return tmp_path / "here" / "team"


def said(ran: Ran, what: str) -> str:
    """Its line on that, '' where it has none."""
    return next((line for line in (ran.out + ran.err).splitlines() if line[8:].startswith(f"{what}:")), "")


def test_a_sound_workspace_is_told_to_be_read_row_by_row_and_nothing_else_is_named(team: Path) -> None:
    ran = run("doctor", workspace=team)
    assert ran.status == 0, ran
    assert "rows was read" in said(ran, "workspace")
    assert [said(ran, what) for what in ("leftovers", "folder", "dashboard", "clock", "disk")] == [""] * 5


def test_a_source_that_is_late_is_called_late_as_everywhere(team: Path) -> None:
    line = said(run("doctor", workspace=team), "leads")
    assert "newest row 2024-01-05, late. " in line


def test_what_a_killed_landing_left_is_named_and_goes_by_itself(team: Path) -> None:
    left = team / ".leadline" / "intake" / "spill" / "block.tmp"
    left.parent.mkdir(parents=True)
    left.write_bytes(bytes(3_000_000))
    line = said(run("doctor", workspace=team), "leftovers")
    assert str(left) in line
    assert "3.0 MB" in line
    assert "removed now" in line
    assert not left.exists()
    assert said(run("doctor", workspace=team), "leftovers") == ""


def test_what_a_killed_run_spilled_into_a_folder_of_the_settings_is_named(team: Path, tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()
    (team / "leadline.toml").write_text(f'spill_folder = "{spill}"\n')
    with open_warehouse(open_workspace(team)):
        (own,) = spill.iterdir()
    own.mkdir()
    (own / "block.tmp").write_bytes(b"x")
    assert "block.tmp" in said(run("doctor", workspace=team), "leftovers")
    assert list(spill.iterdir()) == []


def test_what_a_killed_restore_or_backup_left_is_named_and_stays(team: Path) -> None:
    restoring = team.with_name(".team.0a1b.restoring")
    restoring.mkdir()
    (restoring / DATABASE).write_bytes(b"x")
    part = team.with_name(".team.backup.0a1b.part")
    part.write_bytes(b"x")
    ran = run("doctor", workspace=team)
    assert ran.status == 0
    line = said(ran, "leftovers")
    assert str(restoring) in line
    assert str(part) in line
    assert "Remove them" in line
    assert restoring.exists()


def test_a_dashboard_that_was_killed_is_named(team: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    told = f'{{"pid": {gone.pid}, "port": 1, "token": "t", "version": "0"}}'
    (team / ".leadline" / "server.json").write_text(told)
    line = said(run("doctor", workspace=team), "dashboard")
    assert f"process {gone.pid} ended without closing" in line
    assert said(run("doctor", workspace=team), "dashboard") == ""


def test_the_process_that_holds_the_workspace_is_named(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadline.data.workspace.lock.LOCK_PATIENCE_SECONDS", 0.0)
    with open_warehouse(open_workspace(team)):
        ran = run("doctor", workspace=team)
    assert ran.status == 2
    assert f"in use by another Leadline process (number {os.getpid()})" in said(ran, "workspace")


def test_a_damaged_block_is_found_though_the_database_opens_and_imports_are_listed(team: Path) -> None:
    file = team / DATABASE
    content = file.read_bytes()
    ran, listed, block = Ran(0, "", ""), Ran(2, "", ""), len(content)
    # from the end, past blocks that nothing uses and those that hold the list of imports itself
    while listed.status != 0 or "The file of the database is damaged" not in said(ran, "workspace"):
        block -= BLOCK
        damaged = bytearray(content)
        damaged[block + 100] ^= 0xFF
        file.write_bytes(damaged)
        ran, listed = run("doctor", workspace=team), run("imports", workspace=team)
    assert ran.status == 2
    assert "leadline restore FILE --replace" in said(ran, "workspace")


def test_a_folder_that_can_not_be_written_to_is_named(team: Path) -> None:
    with read_only(team):
        ended = run_apart("doctor", workspace=team)
    assert ended.status == 2
    assert f"{team}, " in ended.out + ended.err
    assert "Give your user the right to write there." in ended.out + ended.err


def test_a_disk_that_is_nearly_full_is_named(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "LEAST_ROOM", 10**18)
    ran = run("doctor", workspace=team)
    assert ran.status == 0
    assert "MB are free" in said(ran, "disk")
    monkeypatch.setattr(soundness, "TOO_LITTLE_ROOM", 10**18)
    assert run("doctor", workspace=team).status == 2


def test_a_clock_behind_the_last_import_is_named(team: Path, tmp_path: Path) -> None:
    try:
        library = clock_library(tmp_path)
    except CanNotBeTried as e:
        pytest.skip(str(e))
    ended = run_apart("doctor", workspace=team, LD_PRELOAD=str(library), CLOCK_BACK="864000")
    assert ended.status == 2
    assert "Set the clock right" in ended.out + ended.err
