"""`leadline ingest`, `imports` and `undo`: what is printed and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadline.dashboard.cli import print_landing
from tests.dashboard.command_line import assert_one_sentence, known, run
from tests.dashboard.shapes import LANDED, assert_shape

GOOD = "lead_id,created_at,channel\n1,2024-01-01,web\n2,2024-01-02,referral\n"
BAD_ROWS = "lead_id,created_at,channel\n1,2024-01-01,web\n,2024-01-02,web\n3,2024-13-45,web\n"
AMBIGUOUS = "lead_id,created_at\n1,01/02/2024\n2,03/02/2024\n"


@pytest.fixture
def team(tmp_path: Path) -> Path:
    run("init", tmp_path / "team")
    return tmp_path / "team"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder with exports of every kind of fate."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for name, text in (
        ("good.csv", GOOD),
        ("bad_rows.csv", BAD_ROWS),
        ("ambiguous.csv", AMBIGUOUS),
        ("unknown.csv", "a,b\n1,2\n"),
        ("no_date.csv", "lead_id,channel\n1,web\n"),
        ("empty.csv", ""),
        ("theirs.csv", "Nr,Day\n7,2024-01-01\n"),
        ("theirs.yaml", "template: leads\ncolumns: {Nr: lead_id, Day: created_at}\n"),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_file_that_lands_whole_ends_with_0_and_one_line(team: Path, exports: Path) -> None:
    ran = run("ingest", exports / "good.csv", workspace=team)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "good.csv: landed as import 1 (leads): 2 rows read; 2 new\n"


def test_quarantined_rows_end_with_1_and_are_told_with_lines_and_reason(team: Path, exports: Path) -> None:
    ran = run("ingest", exports / "bad_rows.csv", workspace=team)
    assert (ran.status, ran.err) == (1, "")
    assert "1 new, 2 quarantined" in ran.out
    assert "  missing id: 1 row (line 3). lead_id is empty" in ran.out
    assert "  bad date: 1 row (line 4). created_at is '2024-13-45'" in ran.out


def test_long_lists_of_lines_end_in_how_many_more() -> None:
    reason = {"reason": "bad_date", "rows": list(range(2, 102)), "count": 317, "example": "It is 'x'."}
    assert (
        print_landing._reason(reason) == "bad date: 317 rows (lines 2, 3, 4, 5, 6 … and 312 more). It is 'x'."
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("empty.csv", "empty"),
        ("unknown.csv", "--template"),
        ("no_date.csv", "created_at"),
        ("ambiguous.csv", "--dates"),
        ("missing.csv", "does not exist"),
        (".", "not a file"),
    ],
)
def test_a_file_that_is_refused_or_asks_ends_with_2_one_sentence_and_an_untouched_workspace(
    team: Path, exports: Path, name: str, told: str
) -> None:
    before = known(team)
    ran = run("ingest", exports / name, workspace=team)
    assert_one_sentence(ran)
    assert told in ran.err
    assert known(team) == before


def test_the_option_that_a_question_names_answers_it(team: Path, exports: Path) -> None:
    assert run("ingest", exports / "ambiguous.csv", "--dates", "dmy", workspace=team).status == 0


def test_the_workspaces_own_database_is_refused(team: Path) -> None:
    ran = run("ingest", team / "leadline.duckdb", workspace=team)
    assert_one_sentence(ran)
    assert "own database" in ran.err


def test_several_files_are_independent_and_the_worst_decides_the_status(team: Path, exports: Path) -> None:
    ran = run("ingest", exports / "empty.csv", exports / "bad_rows.csv", exports / "good.csv", workspace=team)
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert "bad_rows.csv: landed" in ran.out
    assert "good.csv: landed" in ran.out


def test_json_is_the_contract_for_every_fate_and_nothing_else_is_printed(team: Path, exports: Path) -> None:
    names = (
        "good.csv",
        "bad_rows.csv",
        "ambiguous.csv",
        "unknown.csv",
        "no_date.csv",
        "empty.csv",
        "missing.csv",
    )
    ran = run("ingest", *(exports / name for name in names), "--json", workspace=team)
    assert ran.status == 2
    assert_shape(ran.json, LANDED)
    states = {Path(report["file"]).name: report["state"] for report in ran.json["files"]}
    assert states == {
        "good.csv": "landed",
        "bad_rows.csv": "landed",
        "ambiguous.csv": "asks",
        "unknown.csv": "asks",
        "no_date.csv": "refused",
        "empty.csv": "refused",
        "missing.csv": "refused",
    }
    quarantined = ran.json["files"][1]
    assert quarantined["rows"]["quarantined"] == 2
    assert {reason["reason"]: reason["rows"] for reason in quarantined["reasons"]} == {
        "missing_id": [3],
        "bad_date": [4],
    }
    assert ran.json["files"][2]["questions"][0]["option"].startswith("--dates")


def test_a_dry_run_says_what_would_happen_and_lands_nothing(team: Path, exports: Path) -> None:
    ran = run("ingest", exports / "bad_rows.csv", "--dry-run", workspace=team)
    assert ran.status == 1
    assert "would land (leads): 3 rows read; 1 new, 2 quarantined" in ran.out
    assert "Nothing has landed yet" in run("imports", workspace=team).out


def test_a_mapping_and_a_workflow_go_with_a_file_of_other_headings(team: Path, exports: Path) -> None:
    arguments = ("--mapping", exports / "theirs.yaml", "--workflow", "lead-routing")
    assert run("ingest", exports / "theirs.csv", *arguments, workspace=team).status == 0


def test_a_mapping_that_is_missing_is_one_sentence(team: Path, exports: Path) -> None:
    ran = run("ingest", exports / "theirs.csv", "--mapping", exports / "none.yaml", workspace=team)
    assert_one_sentence(ran)
    assert "none.yaml" in ran.err


def test_the_same_file_again_changes_nothing_and_says_so(team: Path, exports: Path) -> None:
    run("ingest", exports / "good.csv", workspace=team)
    ran = run("ingest", exports / "good.csv", workspace=team)
    assert ran.status == 0
    assert "2 unchanged" in ran.out
    assert "nothing changed" in ran.out


def test_imports_are_listed_and_undo_takes_one_back(team: Path, exports: Path) -> None:
    run("ingest", exports / "good.csv", workspace=team)
    assert "good.csv" in run("imports", workspace=team).out
    ran = run("undo", "1", workspace=team)
    assert (ran.status, "Import 1 (good.csv) is taken back" in ran.out) == (0, True)
    assert "taken back" in run("imports", workspace=team).out


def test_an_import_that_does_not_exist_can_not_be_taken_back(team: Path) -> None:
    ran = run("undo", "7", workspace=team)
    assert_one_sentence(ran)
    assert "leadline imports" in ran.err


def test_imports_as_json_tell_times_with_the_offset_of_the_workspace(team: Path, exports: Path) -> None:
    (team / "leadline.toml").write_text('timezone = "Asia/Tokyo"\n')
    run("ingest", exports / "good.csv", workspace=team)
    (record,) = run("imports", "--json", workspace=team).json["imports"]
    assert record["landed_at"].endswith("+09:00")
    assert record["undone_at"] is None
    assert (record["import_id"], record["file"], record["rows"]["new"]) == (1, "good.csv", 2)


def test_control_characters_in_a_file_never_reach_the_terminal(team: Path, exports: Path) -> None:
    (exports / "odd.csv").write_text('lead_id,created_at\n1,"\x1b[31mred"\n', encoding="utf-8")
    ran = run("ingest", exports / "odd.csv", workspace=team)
    assert "\x1b" not in ran.out + ran.err
    assert ran.status in (1, 2)


def test_letters_of_any_alphabet_stay_as_they_are_in_json(team: Path, exports: Path) -> None:
    (exports / "größe.csv").write_text(GOOD, encoding="utf-8")
    ran = run("ingest", exports / "größe.csv", "--json", workspace=team)
    assert "größe.csv" in ran.out
    json.loads(ran.out)


def test_a_file_whose_rows_no_metric_of_any_charter_reads_is_told_so(tmp_path: Path) -> None:
    team, spend = tmp_path / "team", tmp_path / "spend.csv"
    run("init", team)
    spend.write_text("spent_on,campaign,cost,currency,workflow\n2024-06-03,Brand,10,EUR,routing\n")
    first = run("ingest", spend, "--dry-run", "--json", workspace=team).json["files"][0]
    assert first["warnings"] == []  # without a charter nothing is judged at all, which doctor and check say
    (team / "charters" / "routing.yaml").write_text(
        "workflow: routing\nname: Routing\nowner: Ann\ndeployed_on: 2024-01-01\n"
        "watch: {proxies: [response_time], outcomes: [close_rate]}\n"
    )
    told = run("ingest", spend, "--json", workspace=team).json["files"][0]
    assert [warned["code"] for warned in told["warnings"]] == ["unjudged"]
    assert told["warnings"][0]["message"].startswith("Nothing judges spend yet")
    review = run("check", "--as-of", "2024-06-04", "--json", workspace=team).json
    assert ("spend", "2024-06-03", "fresh") in [
        (one["source"], one["newest"], one["state"]) for one in review["data"]
    ]
    assert "spend: newest row 2024-06-03, late." in run("doctor", workspace=team).out


DEALS = "deal_id,created_at,stage,amount,currency\n" + "".join(
    f"D{n},2024-06-0{n},won,{n}00,EUR\n" for n in range(1, 6)
)


def test_a_doubt_about_what_is_known_is_asked_with_its_code_and_accepted_for_this_file(
    team: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(DEALS)
    (tmp_path / "b.csv").write_text(DEALS.replace("EUR", "USD").replace("won", "open"))
    assert run("ingest", tmp_path / "a.csv", workspace=team).status == 0
    asked = run("ingest", tmp_path / "b.csv", "--json", workspace=team)
    (report,) = json.loads(asked.out)["files"]
    assert (asked.status, report["state"]) == (2, "asks")
    assert [question["code"] for question in report["questions"]] == ["reopened", "currency_changes"]
    assert "--accept currency_changes" in asked.err
    half = run("ingest", tmp_path / "b.csv", "--accept", "reopened", workspace=team)
    assert (half.status, "keep their amounts" in half.err) == (2, True)
    both = ("--accept", "reopened", "--accept", "currency_changes")
    assert run("ingest", tmp_path / "b.csv", *both, workspace=team).status == 0
    assert_one_sentence(run("ingest", tmp_path / "b.csv", "--accept", "all", workspace=team))


def test_rows_are_retired_by_hand_listed_and_taken_back(team: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(DEALS)
    run("ingest", tmp_path / "a.csv", workspace=team)
    unknown = run("retire", "deals", "D1", "D9", "--reason", "x", workspace=team)
    assert (unknown.status, "nothing was retired" in unknown.err) == (2, True)
    done = run("retire", "deals", "D1", "D2", "--reason", "Test deals", workspace=team)
    assert (done.status, done.err) == (0, "")
    assert done.out == "2 rows of deals are facts no more; 'leadline undo 2' brings them back.\n"
    assert "retired: Test deals" in run("imports", workspace=team).out
    back = run("undo", "2", workspace=team)
    assert (back.status, "its rows are facts again" in back.out) == (0, True)


def test_rows_gone_from_a_full_export_are_retired_after_a_look(team: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(DEALS)
    (tmp_path / "b.csv").write_text("".join(line for line in DEALS.splitlines(True) if "D3" not in line))
    run("ingest", tmp_path / "a.csv", workspace=team)
    look = run("ingest", tmp_path / "b.csv", "--complete", "--dry-run", workspace=team)
    assert (look.status, "(D3); nothing is deleted" in look.out) == (0, True)
    done = run("ingest", tmp_path / "b.csv", "--complete", "--retire", workspace=team)
    assert (done.status, "(D3); they are retired" in done.out) == (0, True)
    assert run("ingest", tmp_path / "b.csv", "--retire", workspace=team).status == 2
