"""Alerts, decisions and the ledger on the command line, from a breach to a ledger that was tampered with."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from pathlib import Path

import pytest

from leadline.dashboard.service.ledger_commands import CSV_COLUMNS, ledger
from leadline.data.landing.land import IngestOptions, land
from leadline.data.samples.stories import CONTENT_AT_SCALE as STORY
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.entries import append, entries
from tests.dashboard.command_line import assert_one_sentence, run

EVE = STORY.changed_on - dt.timedelta(days=1)


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which a breach was noticed."""
    folder = tmp_path_factory.mktemp("made") / "marketing"
    (folder / "charters").mkdir(parents=True)
    agreed = folder / "charters" / "content-studio.yaml"
    agreed.write_text(STORY.charter, encoding="utf-8")
    (folder / "leadline.toml").write_text(f"as_of = {EVE}\n", encoding="utf-8")
    with open_warehouse(open_workspace(folder)) as warehouse:
        for file in STORY.write(folder.parent / "exports", EVE):
            assert land(warehouse, file, IngestOptions(exported_on=EVE)).state == "landed"
    assert run("charter", agreed, workspace=folder).status == 0
    assert run("check", workspace=folder).status == 3
    return folder


@pytest.fixture
def team(breached: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(breached, tmp_path / "marketing"))


def _alert(team: Path, rule: str = "divergence") -> dict[str, object]:
    told = run("alerts", "--json", workspace=team).json
    return next(alert for alert in told["alerts"] if alert["rule"] == rule)


def test_the_breach_is_listed_with_its_rule_since_when_and_the_action(team: Path) -> None:
    alert = _alert(team)
    out = run("alerts", workspace=team).out
    assert f"{alert['id']}" in out
    assert "raised       content-studio, rule divergence: breached since" in out
    assert "Agreed action: adjust." in out
    assert alert["charter_version"] == 1
    assert [entry["kind"] for entry in alert["history"]] == ["alert_raised"]


def test_an_alert_is_acknowledged_silenced_decided_and_the_review_closed(team: Path) -> None:
    name = str(_alert(team)["id"])
    said = run("acknowledge", name, "--by", "Head of Content", workspace=team)
    assert said.out == f"Alert {name} is acknowledged by Head of Content.\n"
    silent = run("silence", name, "--until", "2024-08-25", "--reason", "new brief", workspace=team)
    assert silent.out == f"Nothing is sent about alert {name} until 2024-08-25.\n"
    decided = run(
        *(
            "decide",
            name,
            "adjust",
            "--reason",
            "Volume crowds out use",
            "--changes",
            "Brief names the reader",
        ),
        *("--next", "2024-09-02", "--by", "Managing Director"),
        workspace=team,
    )
    assert f"on alert {name} (content-studio): adjust. Owner: Head of Content." in decided.out
    assert "Next checkpoint: 2 Sep 2024. Evidence kept as E" in decided.out
    alert = _alert(team)
    assert (alert["state"], alert["acknowledged_by"]) == ("decided", "Head of Content")
    told = run("alerts", "--json", workspace=team).json
    assert told["decisions"][0]["changes"] == "Brief names the reader"
    assert told["decisions"][0]["on"] == EVE.isoformat()
    closed = run("close", "--notes", "all said", "--carry-over-others", "next week", workspace=team)
    assert closed.out.startswith("The review of 11 Aug 2024 is closed for content-studio")
    listed = run("ledger", workspace=team).out
    for words in (
        "charter registered",
        "review as shown",
        "alert raised",
        "alert acknowledged",
        "alert silenced",
    ):
        assert words in listed
    assert "decision: content-studio" in listed
    assert "(adjust: Volume crowds out use)" in listed
    assert "review closed" in listed


def test_a_decision_rests_on_the_review_shown_last_and_a_stop_waits_for_no_other(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert, shown = _alert(team), "leadline.dashboard.service.decision_evidence.review"
    looked = ("--next", "2024-09-02", "--reason", "x")
    with monkeypatch.context() as nothing_new:
        nothing_new.delattr(shown)
        told = run("decide", "content-studio", "continue", *looked, workspace=team).out
        assert told.endswith(f"Evidence kept as {alert['evidence']}.\n")
        run("undo", "1", workspace=team)
        told = run("decide", "content-studio", "pause", *looked, workspace=team).out
        assert f"kept as {alert['evidence']}, the review of 11 Aug 2024, without what has landed" in told
    # to go on, somebody looks again
    told = run("decide", "content-studio", "continue", *looked, workspace=team).out
    assert alert["evidence"] not in told
    assert told.endswith(".\n")
    assert "without" not in told


def test_closing_says_what_nobody_decided_on_and_keeps_why_it_is_carried_over(team: Path) -> None:
    waiting = [a["id"] for a in run("alerts", "--json", workspace=team).json["alerts"]]
    unasked = run("close", workspace=team)
    assert_one_sentence(unasked)
    assert f"Alert {waiting[0]} of content-studio" in unasked.err
    assert "--carry-over-others REASON" in unasked.err
    assert "is closed for" in run("close", "--carry-over-others", "On holiday", workspace=team).out
    refused = run("close", "--carry-over", "A99", "x", workspace=team)
    assert_one_sentence(refused)
    given = [word for name in waiting for word in ("--carry-over", name, "The board decides on Thursday")]
    closed = run("close", *given, workspace=team)
    assert "it is carried over: The board decides on Thursday" in closed.err
    last = _alert(team)["history"][-1]  # type: ignore[index]
    assert last["kind"] == "review_closed"
    late = run("close", "--as-of", "2024-07-28", workspace=team)
    assert late.out.startswith("The review of 28 Jul 2024 is closed")


def test_a_workflow_that_is_over_leaves_every_surface_and_can_come_back(team: Path) -> None:
    name = str(_alert(team)["id"])
    run("decide", name, "pause", "--reason", "x", "--next", "2024-08-13", workspace=team)
    assert_one_sentence(run("charter", "--retire", "content-studio", "--reason", " ", workspace=team))
    assert_one_sentence(run("charter", "--retire", "nobody", "--reason", "x", workspace=team))
    told = run("charter", "--retire", "content-studio", "--reason", "Agency took over", workspace=team)
    assert "'leadline charter charters/retired/content-studio.yaml' watches it again." in told.out
    assert "content-studio" not in run("check", workspace=team).out
    listed = run("alerts", "--json", workspace=team).json
    assert {alert["state"] for alert in listed["alerts"]} == {"resolved"}
    assert listed["overdue"] == []
    assert run("gate", "content-studio", workspace=team).status == 3  # a pause stays
    rows = run("ledger", "--json", workspace=team).json["rows"]
    assert [r["payload"]["reason"] for r in rows if r["kind"] == "charter_retired"] == ["Agency took over"]

    assert "(version 2)" in run("charter", team / "charters/retired/content-studio.yaml", workspace=team).out
    assert not list((team / "charters/retired").glob("*"))
    again = run("check", "--json", workspace=team)
    assert (again.status, again.json["workflows"][0]["running"]) == (3, "paused")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("acknowledge", "A99"), "There is no alert A99; open are A"),
        (("decide", "nobody", "pause", "--reason", "x"), "nobody is no alert and no workflow with a charter"),
        (("decide", "content-studio", "pause", "--reason", "x"), "lacks its next checkpoint"),
        (("decide", "content-studio", "wait", "--reason", "x"), "'wait' is not one of"),
        (("close", "nurture"), "no workflow nurture"),
        (("silence", "A99", "--until", "2024-08-25", "--reason", "x"), "There is no alert A99"),
        (("ledger", "--json", "--csv"), "exclude each other"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(team: Path, arguments: tuple[str, ...], words: str) -> None:
    ran = run(*arguments, workspace=team)
    assert_one_sentence(ran)
    assert words in ran.err


def test_a_ledger_that_is_whole_says_so_with_the_hash_to_note(team: Path) -> None:
    ran = run("ledger", "--verify", workspace=team)
    newest = run("ledger", "--json", workspace=team).json["rows"][-1]["hash"]
    assert ran.status == 0
    assert "each as it was written" in ran.out
    assert newest in ran.out
    assert run("ledger", "--verify", "--head", newest, workspace=team).status == 0


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("update agreed.ledger set payload = replace(payload, 'pause', 'adjust'), actor = 'Me' where sequence = 3",
         "Row 3 (alert raised on content-studio, "),
        ("delete from agreed.ledger where sequence = 2", "Row 2 is missing"),
        ("update agreed.charters set content = replace(content, '20%', '40%')",
         "Version 1 of the charter of content-studio"),
    ],
)  # fmt: skip
def test_tampering_is_found_and_named(team: Path, tampering: str, words: str) -> None:
    with open_warehouse(open_workspace(team)) as warehouse:
        warehouse.execute(tampering)
    ran = run("ledger", "--verify", workspace=team)
    assert_one_sentence(ran)
    assert words in ran.err
    assert run("ledger", "--json", "--verify", workspace=team).json["broken"]
    doctor = run("doctor", workspace=team)
    assert doctor.status == 2
    assert words in doctor.err


def test_rows_taken_off_the_end_are_missed_by_the_hash_that_was_noted(team: Path) -> None:
    newest = run("ledger", "--json", workspace=team).json["rows"][-1]["hash"]
    with open_warehouse(open_workspace(team)) as warehouse:
        warehouse.execute("delete from agreed.ledger where hash = $hash", {"hash": newest})
    assert run("ledger", "--verify", workspace=team).status == 0
    ran = run("ledger", "--verify", "--head", newest, workspace=team)
    assert_one_sentence(ran)
    assert "removed from the end" in ran.err


def test_the_export_is_complete_and_runs_nothing_in_a_spreadsheet(team: Path) -> None:
    workspace = open_workspace(team)
    with open_warehouse(workspace) as warehouse:
        append(warehouse, "decision", {"covers": []}, by="=HYPERLINK(1)", workflow="@w", subject="+1+1")
        rows = entries(warehouse)
        told = next(ledger(warehouse, workspace, {"csv": True}))
    read = list(csv.DictReader(io.StringIO(told["csv"])))
    assert tuple(read[0]) == CSV_COLUMNS
    assert [row["hash"] for row in read] == [row.hash for row in rows]
    assert [row["payload"] for row in read] == [row.text for row in rows]
    assert read[0]["at"] == rows[0].at.isoformat(timespec="microseconds") + "Z"
    assert (read[-1]["by"], read[-1]["workflow"], read[-1]["subject"]) == ("'=HYPERLINK(1)", "'@w", "'+1+1")
    assert run("ledger", "--csv", workspace=team).out.replace("\r\n", "\n") == told["csv"].replace(
        "\r\n", "\n"
    )
