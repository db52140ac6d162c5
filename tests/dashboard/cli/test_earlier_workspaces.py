"""Workspaces that released versions made: they open, hold what they held, and are judged as this version judges."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dashboard.command_line import run

TESTS = Path(__file__).parents[2]
STORED = TESTS / "data" / "workspaces"
TOLD = TESTS / "golden" / "workspaces"
_NUMBER = re.compile(r"-?\d+\.\d{6,}(?:e-?\d+)?")


@pytest.fixture
def restored(tmp_path: Path) -> Path:
    ran = run("restore", STORED / "demo-0.1.0.zip", workspace=tmp_path / "team")
    assert (ran.status, ran.err) == (0, "")
    return tmp_path / "team"


def test_a_workspace_of_0_1_0_holds_what_it_held_and_is_judged_as_this_version_judges(
    restored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(STORED)
    expected = (TOLD / "demo-0.1.0.txt").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ leadline (.+)$", expected, re.MULTILINE)
    assert [command.split()[0] for command in commands] == [
        "ledger", "ledger", "check", "ingest", "rejected", "check", "undo", "check", "undo", "check",
    ]  # fmt: skip
    told = ""
    for command in commands:
        out = run(*command.split(), workspace=restored).out.replace(f"{STORED}/", "")
        told += f"$ leadline {command}\n{out.rstrip()}\n"
    # the last digits of an estimate are the machine's
    assert _NUMBER.sub("…", told) == _NUMBER.sub("…", expected)
    numbers = ([float(number) for number in _NUMBER.findall(text)] for text in (told, expected))
    assert next(numbers) == pytest.approx(next(numbers), rel=1e-6)


def test_the_command_that_upgrades_a_workspace_says_where_its_copy_is(restored: Path) -> None:
    first, second = run("imports", workspace=restored), run("imports", workspace=restored)
    (copy,) = restored.glob("leadline-before-upgrade-*.duckdb")
    assert first.err == (
        f"{restored}/leadline.duckdb was made by an earlier Leadline and is being upgraded; as it was, it is kept in "
        f"{copy.name}.\n"
    )
    assert (first.status, first.out) == (0, second.out)
    assert second.err == ""


def test_who_was_stopped_in_a_restored_workspace_is_stopped_before_anybody_looks(restored: Path) -> None:
    """Nothing was reviewed here yet, so that it can't be said of the others."""
    folder = restored.with_name("stopped")
    decided = run("decide", "content-studio", "stop", "--reason", "At once", workspace=restored)
    assert decided.status == 0, decided
    assert run("backup", folder.with_suffix(".backup"), workspace=restored).status == 0
    assert run("restore", folder.with_suffix(".backup"), workspace=folder).status == 0
    assert not (folder / "gates").exists()
    asked = [run("gate", name, workspace=folder).status for name in ("content-studio", "nurture")]
    assert asked == [3, 4]


def test_doctor_finds_an_earlier_workspace_sound_and_names_the_copy(restored: Path) -> None:
    ran = run("doctor", workspace=restored)
    (copy,) = restored.glob("leadline-before-upgrade-*.duckdb")
    assert ran.status == 0, ran
    assert f"ok      upgrades: as it was before, the database is kept in {copy.name} (5.5 MB)" in ran.out
    assert "broken" not in ran.out


def test_a_backup_of_an_earlier_workspace_is_one_of_this_version(restored: Path, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "again.backup", workspace=restored).status == 0
    again = tmp_path / "again"
    assert run("restore", tmp_path / "again.backup", workspace=again).status == 0
    assert run("imports", workspace=again).err == ""
    assert run("ledger", "--csv", workspace=again).out == run("ledger", "--csv", workspace=restored).out
