"""A command whose server dies at work says what became of it, and does nothing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from leadline.dashboard.service import client, commands, ledger_commands
from leadline.dashboard.service.command import CutOff
from leadline.data.errors import InUseError
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace, open_workspace
from leadline.metrics.agreement.entries import append, entries
from tests.dashboard.cli.test_cli_charter import CHARTER
from tests.dashboard.command_line import assert_one_sentence, run

NEXT = (dt.date.today() + dt.timedelta(days=7)).isoformat()
LEADS = "lead_id,created_at,workflow\nL1,2024-01-05,lead-routing\nL2,2024-01-06,lead-routing\n"


@pytest.fixture
def team(tmp_path: Path) -> Workspace:
    run("init", tmp_path / "team")
    charter = tmp_path / "ours.yaml"
    charter.write_text(CHARTER)
    run("charter", charter, workspace=tmp_path / "team")
    return open_workspace(tmp_path / "team")


class Dying:
    """A server that dies when it has done so many results of a command, and has told `told` of them."""

    def __init__(self, workspace: Workspace, done: int, told: int) -> None:
        self.workspace, self.done, self.told, self.dead = workspace, done, told, False

    def serving(self, path: Path) -> client.Server | None:
        return None if self.dead else client.Server(1, 1, "t", client.VERSION)

    def remotely(
        self, server: client.Server, command: str, arguments: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        with open_warehouse(self.workspace) as warehouse:
            results = commands.COMMANDS[command].run(warehouse, self.workspace, arguments)
            done = [next(results) for _ in range(self.done)]
        self.dead = True
        yield from done[: self.told]
        raise client.CutOffError("The dashboard ended before its answer was complete; repeat the command.")


@pytest.fixture
def dies(team: Workspace, monkeypatch: pytest.MonkeyPatch) -> Any:
    def after(done: int, told: int = 0) -> None:
        server = Dying(team, done, told)
        monkeypatch.setattr(client, "serving", server.serving)
        monkeypatch.setattr(client, "_remotely", server.remotely)

    return after


def _files(folder: Path, count: int) -> list[Path]:
    files = [folder / f"leads{number}.csv" for number in range(count)]
    for number, file in enumerate(files):
        file.write_text(LEADS.replace("L", f"{number}L"))
    return files


@pytest.mark.parametrize(
    ("done", "told", "said"),
    [
        (0, 0, "nothing of it had landed before that, and now it has landed whole"),
        (1, 0, "it had landed before that, whole, as import 1"),
        (2, 1, "it had landed before that, whole, as import 2"),
        (1, 1, "nothing of it had landed before that"),
    ],
)
def test_files_that_were_on_their_way_land_once_and_are_told_of(
    team: Workspace, dies: Any, tmp_path: Path, done: int, told: int, said: str
) -> None:
    dies(done, told)
    ran = run("ingest", *_files(tmp_path, 3), "--json", workspace=team.path)
    assert ran.status == 0
    reports = ran.json["files"]
    assert [report["import_id"] for report in reports] == [1, 2, 3]
    remarks = [warning["message"] for report in reports for warning in report["warnings"]]
    assert len(remarks) == 1
    assert said in remarks[0]
    assert [r["file"] for r in run("imports", "--json", workspace=team.path).json["imports"]] == [
        f"leads{number}.csv" for number in range(3)
    ]


@pytest.mark.parametrize("done", [0, 1])
def test_an_import_is_taken_back_whether_or_not_the_server_had_done_so(
    team: Workspace, dies: Any, tmp_path: Path, done: int
) -> None:
    run("ingest", *_files(tmp_path, 1), workspace=team.path)
    dies(done)
    ran = run("undo", "1", workspace=team.path)
    assert (ran.status, ran.err) == (0, "")
    assert "taken back" in run("imports", workspace=team.path).out


@pytest.mark.parametrize("done", [0, 1])
def test_a_backup_is_written_whether_or_not_the_server_had_written_it(
    team: Workspace, dies: Any, tmp_path: Path, done: int
) -> None:
    dies(done)
    assert run("backup", tmp_path / "team.backup", workspace=team.path).status == 0
    assert run("restore", tmp_path / "team.backup", workspace=tmp_path / "again").status == 0


def test_a_backup_that_was_there_before_is_not_replaced_unasked(
    team: Workspace, dies: Any, tmp_path: Path
) -> None:
    run("backup", tmp_path / "team.backup", workspace=team.path)
    before = (tmp_path / "team.backup").read_bytes()
    dies(0)
    assert_one_sentence(run("backup", tmp_path / "team.backup", workspace=team.path))
    assert (tmp_path / "team.backup").read_bytes() == before


@pytest.mark.parametrize("done", [0, 1])
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("close", "--notes", "seen"), "review_closed"),
        (
            ("decide", "lead-routing", "pause", "--reason", "it drifts", "--next", NEXT),
            "decision",
        ),
    ],
)
def test_what_goes_into_the_ledger_goes_in_once(
    team: Workspace, dies: Any, done: int, words: tuple[str, ...], kind: Any
) -> None:
    dies(done)
    ran = run(*words, workspace=team.path)
    assert (ran.status, ran.err) == (0, "")
    with open_warehouse(team) as warehouse:
        assert len(entries(warehouse, (kind,))) == 1


def test_a_replay_goes_on_where_it_was_cut_off(team: Workspace, dies: Any) -> None:
    dies(2, 1)
    ran = run("replay", "--from", "2024-01-01", "--to", "2024-01-28", workspace=team.path)
    assert [line[:10] for line in ran.out.splitlines()] == [
        "2024-01-07",
        "2024-01-14",
        "2024-01-21",
        "2024-01-28",
    ]


def test_where_the_workspace_stays_in_use_the_command_says_that_its_answer_is_missing(
    team: Workspace, dies: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies(0)

    def held(*_: Any) -> Iterator[Any]:
        raise InUseError("The workspace is in use.")

    monkeypatch.setattr("leadline.data.warehouse.open_warehouse", held)
    ran = run("imports", workspace=team.path)
    assert_one_sentence(ran)
    assert "ended before its answer was complete" in ran.err


def test_an_entry_of_the_same_person_from_before_is_not_taken_for_the_new_one(warehouse: Warehouse) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    arguments = {"by": "Ann"}
    append(warehouse, "review_closed", {}, by="Ann", workflow="w", at=now - dt.timedelta(seconds=1))
    assert ledger_commands._made_since(warehouse, "review_closed", arguments, CutOff(0, now)) == []
