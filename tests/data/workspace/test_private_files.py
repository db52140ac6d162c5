"""A workspace is its user's alone, whatever the umask, and was made so where an earlier version left it open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.data.workspace.private_files import private_by_default
from tests.dashboard.command_line import run
from tests.metrics.shown import TEXT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")


@pytest.fixture(autouse=True, params=[0o000, 0o022])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    assert os.umask(before) == request.param  # nobody else's files are made otherwise


def _open_to_others(folder: Path) -> dict[str, str]:
    paths = [folder, *folder.rglob("*")]
    modes = {
        str(path.relative_to(folder)): path.lstat().st_mode & 0o777 for path in paths if not path.is_symlink()
    }
    return {name: oct(mode) for name, mode in modes.items() if mode & 0o077}


def test_whatever_is_made_is_for_its_user_alone(tmp_path: Path) -> None:
    team, charter = tmp_path / "team", tmp_path / "charter.yaml"
    charter.write_text(TEXT)
    leads = tmp_path / "leads.csv"
    leads.write_text("lead_id,created_at,workflow\nL1,2024-01-01,lead-routing\n")
    for arguments in (
        ["init", team],
        ["charter", charter],
        ["ingest", leads],
        ["check"],
        ["gate", "lead-routing"],
    ):
        where = None if arguments[0] == "init" else team
        assert run(*arguments, workspace=where).status in (0, 4)
    assert run("token", "new", "agent", "--may", "gate", workspace=team).status == 0
    assert _open_to_others(team) == {}


def test_one_that_stood_open_is_closed_when_it_is_opened_and_what_is_not_ours_stays(
    tmp_path: Path, umask: int
) -> None:
    team = tmp_path / "team"
    run("init", team)
    elsewhere, notes = tmp_path / "elsewhere.yaml", team / "notes.txt"
    elsewhere.write_text(TEXT)
    notes.write_text("ours")
    (team / "charters" / "linked.yaml").symlink_to(elsewhere)
    before = {path: path.stat().st_mode for path in (elsewhere, notes)}
    for path in [team, *team.rglob("*")]:
        if not path.is_symlink() and path != notes:
            path.chmod(0o777 if path.is_dir() else 0o666)
    assert run("imports", workspace=team).status == 0
    assert set(_open_to_others(team)) - {"notes.txt"} == set()
    assert {path: path.stat().st_mode for path in before} == before


def test_one_within_another_leaves_the_mask_as_it_was(umask: int) -> None:
    with private_by_default():
        with private_by_default():
            assert os.umask(0o077) == 0o077
        assert os.umask(0o077) == 0o077
