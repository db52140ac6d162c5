"""The inbox: what is complete lands once, whatever dies meanwhile; the rest waits and says why."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from leadline.data.exports.landing_report import FileReport, IngestOptions
from leadline.data.landing import land as landing
from leadline.data.warehouse import Warehouse
from leadline.data.workspace import inbox_folder
from tests.dashboard.command_line import Ran, assert_one_sentence, run
from tests.dashboard.serving import LEADLINE

UNCLEAR = "lead_id,created_at\nL1,03/04/2024\nL2,05/06/2024\n"


def leads(*names: str) -> str:
    return "lead_id,created_at,workflow\n" + "".join(f"{each},2024-06-20,lr\n" for each in names)


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(inbox_folder, "REST_SECONDS", 0.1)
    run("init", tmp_path / "team")
    (tmp_path / "team" / "inbox").mkdir()
    return tmp_path / "team"


def once(team: Path) -> Ran:
    return run("inbox", "--once", "--json", workspace=team)


def lying(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def told(ran: Ran) -> dict[str, str]:
    return {Path(file["file"]).name: file["state"] for file in ran.json["files"]}


def test_what_is_complete_lands_and_moves_and_a_second_look_finds_nothing(team: Path) -> None:
    inbox = team / "inbox"
    (inbox / "a.csv").write_text(leads("L1"))
    (inbox / "b.csv").write_text(leads("L1"))
    (inbox / "c.csv").write_text(leads("L2") + "L3,2024-13-40,lr\n")
    for left_alone in (".hidden.csv", "~$b.xlsx", "d.csv.part"):
        (inbox / left_alone).write_text(leads("L9"))
    ran = once(team)
    assert ran.status == 1, "a row was set aside"
    assert told(ran) == {"a.csv": "landed", "b.csv": "landed", "c.csv": "landed"}
    assert lying(inbox) == [".hidden.csv", "d.csv.part", "landed", "~$b.xlsx"]
    (inbox / "a.csv").write_text(leads("L4"))
    assert once(team).status == 0
    assert lying(inbox / "landed") == ["a (2).csv", "a.csv", "b.csv", "c.csv"]
    assert (once(team).status, once(team).json) == (0, {"files": []})


def test_a_file_that_asks_waits_until_it_is_answered(team: Path) -> None:
    file = team / "inbox" / "unclear.csv"
    file.write_text(UNCLEAR)
    for _ in range(2):
        ran = once(team)
        assert (ran.status, told(ran)) == (1, {"unclear.csv": "asks"})
        assert ran.json["files"][0]["questions"][0]["option"].startswith("--dates")
    assert "1 file waits there: unclear.csv" in run("doctor", workspace=team).out
    assert run("ingest", file, "--dates", "dmy", workspace=team).status == 0
    ran = once(team)
    assert (ran.status, told(ran)) == (0, {"unclear.csv": "landed"})
    assert len(run("imports", "--json", workspace=team).json["imports"]) == 1


def test_links_pipes_folders_and_names_that_are_no_text_are_named_and_never_opened(
    team: Path, tmp_path: Path
) -> None:
    inbox = team / "inbox"
    (tmp_path / "elsewhere.csv").write_text(leads("L1"))
    (inbox / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (inbox / "within").mkdir()
    os.mkfifo(inbox / "pipe.csv")
    (inbox / os.fsdecode(b"\xff.csv")).write_text(leads("L1"))
    (inbox / "new\nline.csv").write_text(leads("L2"))
    ran = once(team)
    assert sorted(told(ran).values()) == ["landed", *["refused"] * 4]
    assert lying(inbox / "landed") == ["new\nline.csv"]
    assert len(ran.err.splitlines()) == 5


def test_a_file_that_goes_on_growing_is_not_landed(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadline.dashboard.cli.inbox.PATIENCE_SECONDS", 0.5)
    file, over = team / "inbox" / "endless.csv", threading.Event()
    file.write_text(leads())

    def grow() -> None:
        while not over.wait(0.02):
            with file.open("a") as written:
                written.write("L1,2024-06-20,lr\n")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        ran = once(team)
    finally:
        over.set()
        writer.join()
    assert (ran.status, ran.json["files"][0]["code"]) == (1, "still_growing")
    assert told(once(team)) == {"endless.csv": "landed"}


def test_a_file_that_is_written_to_after_it_has_landed_comes_back_and_lands_whole(team: Path) -> None:
    with (team / "inbox" / "slow.csv").open("w") as copied:
        copied.write(leads("L1"))
        copied.flush()
        assert told(once(team)) == {"slow.csv": "landed"}
        copied.write("L2,2024-06-21,lr\n")
    once(team)
    assert told(once(team)) | {"slow.csv": "landed"} == {"slow.csv": "landed"}
    assert lying(team / "inbox") == ["landed"]
    imports = run("imports", "--json", workspace=team).json["imports"]
    # what it had brought unfinished is taken back: its last line may have been half of one
    assert [(each["rows"]["new"], each["undone_at"] is None) for each in imports] == [(1, False), (2, True)]


def test_a_file_that_fails_holds_up_no_other_and_one_that_another_look_moved_stays_landed(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, land = team / "inbox", landing.land
    for name in ("a fails.csv", "b is moved.csv", "c.csv"):
        (inbox / name).write_text(leads(name[0]))
    (inbox / "landed").mkdir()

    def landed(warehouse: Warehouse, file: Path, options: IngestOptions) -> FileReport:
        if file.name == "a fails.csv":
            raise RecursionError
        report = land(warehouse, file, options)
        if file.name == "b is moved.csv":
            file.rename(inbox / "landed" / file.name)
        return report

    monkeypatch.setattr(landing, "land", landed)
    ran = once(team)
    assert told(ran) == {"a fails.csv": "refused", "b is moved.csv": "landed", "c.csv": "landed"}
    assert "did not expect (RecursionError)" in ran.err
    imports = run("imports", "--json", workspace=team).json["imports"]
    assert [each["undone_at"] for each in imports] == [None, None]


def test_an_inbox_is_no_folder_of_the_workspace_itself(team: Path) -> None:
    for folder in (".", "..", "charters", ".leadline/x"):
        (team / "leadline.toml").write_text(f'[inbox]\nfolder = "{folder}"\n')
        assert_one_sentence(run("inbox", "--once", workspace=team))
    (team / "leadline.toml").write_text(f'[inbox]\nfolder = "{team.parent / "unmounted"}"\n')
    assert_one_sentence(run("inbox", "--once", workspace=team))


def test_a_kill_while_files_land_loses_and_doubles_nothing(team: Path) -> None:
    inbox = team / "inbox"
    for number in range(5):
        (inbox / f"{number}.csv").write_text(leads(f"L{number}"))
    landing = subprocess.Popen([LEADLINE, "inbox", "--once", "-w", team], stdout=subprocess.PIPE)
    assert landing.stdout is not None
    landing.stdout.readline()  # one has landed, others are landing
    landing.send_signal(signal.SIGKILL)
    landing.communicate()
    assert set(lying(inbox)) > {"landed"}
    assert once(team).status == 0
    landed = run("imports", "--json", workspace=team).json["imports"]
    assert sorted(Path(each["file"]).name for each in landed) == lying(inbox / "landed")
    assert len(landed) == 5
