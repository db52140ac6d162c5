"""`leadline check` and `replay`: exit statuses, JSON, text and notes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from leadline.dashboard.service import commands
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.results import Review, RuleState, WorkflowReview
from tests.dashboard import example_reviews as examples
from tests.dashboard.cli.test_cli_charter import CHARTER
from tests.dashboard.command_line import assert_one_sentence, run
from tests.dashboard.shapes import REVIEW, assert_shape


@pytest.fixture
def team(tmp_path: Path) -> Path:
    run("init", tmp_path / "team")
    return tmp_path / "team"


def _with_rules(*states: str) -> WorkflowReview:
    rules = tuple(RuleState(f"r{at}", state, None, "review", None, None) for at, state in enumerate(states))  # type: ignore[arg-type]
    return examples.drifting(rules=rules)


@pytest.mark.parametrize(
    ("review", "status"),
    [
        (examples.review(examples.holding()), 0),
        (examples.review(_with_rules("ok", "pending", "recovering", "no_data")), 0),
        (examples.review(examples.too_early()), 0),
        (examples.review(examples.holding(), _with_rules("ok", "breached")), 3),
        (examples.review(examples.data_problem(), _with_rules("breached")), 3),
        (examples.review(examples.data_problem()), 4),
        (examples.review(examples.data_problem(), examples.data_problem()), 4),
        (examples.review(examples.data_problem(), examples.holding()), 4),
        (examples.empty_review(), 4),
    ],
    ids=[
        "holding",
        "drifting, but no rule breached",
        "too early",
        "one rule of several breached",
        "a breach beside broken data",
        "broken data",
        "nothing but broken data",
        "broken data beside a workflow that holds",
        "nothing at all",
    ],
)
def test_the_exit_status_says_what_a_scheduled_job_must_do(
    review: Review, status: int, team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands.reviews, "review", lambda *_: review)
    assert run("check", workspace=team).status == status
    assert run("check", "--json", workspace=team).status == status


def test_one_workflow_is_judged_alone(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = examples.review(_with_rules("breached"), examples.holding())
    monkeypatch.setattr(commands.reviews, "review", lambda *_: both)
    asked = {
        each.workflow: run("check", "--workflow", each.workflow, "--json", workspace=team)
        for each in both.workflows
    }
    assert [ran.status for ran in asked.values()] == [3, 0]
    assert [[w["workflow"] for w in ran.json["workflows"]] for ran in asked.values()] == [
        [name] for name in asked
    ]
    ran = run("check", "--workflow", "lead-rooting", workspace=team)
    assert_one_sentence(ran)
    assert "did you mean 'lead-routing'?" in ran.err


def test_text_is_the_review_to_read_aloud_and_json_is_the_contract(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands.reviews, "review", lambda *_: examples.review())
    assert run("check", workspace=team).out.startswith("Weekly review as of 30 Jun 2024")
    ran = run("check", "--json", workspace=team)
    assert ran.err == ""
    assert_shape(ran.json, REVIEW)


def test_an_empty_workspace_can_not_be_judged_and_says_how_to_begin(team: Path) -> None:
    ran = run("check", workspace=team)
    assert ran.status == 4
    assert "No workflow has a charter yet" in ran.out
    assert_shape(run("check", "--json", workspace=team).json, REVIEW)


def test_a_charter_without_data_can_not_be_judged(team: Path, tmp_path: Path) -> None:
    (tmp_path / "charter.yaml").write_text(CHARTER)
    run("charter", tmp_path / "charter.yaml", workspace=team)
    ran = run("check", "--json", workspace=team)
    assert ran.status == 4
    assert_shape(ran.json, REVIEW)
    assert ran.json["workflows"][0]["verdict"] == "data_problem"
    assert ran.json["workflows"][0]["pairs"][0]["outcome_change"]["relative"] is None


def test_without_a_date_the_review_is_of_the_workspaces_today(team: Path) -> None:
    (team / "leadline.toml").write_text("as_of = 2024-03-31\n")
    assert run("check", "--json", workspace=team).json["as_of"] == "2024-03-31"
    assert run("check", "--json", "--as-of", "2024-02-04", workspace=team).json["as_of"] == "2024-02-04"


def test_a_charter_that_was_only_put_into_the_folder_is_used_and_noted(team: Path) -> None:
    (team / "charters" / "mine.yaml").write_text(CHARTER)
    ran = run("check", "--json", workspace=team)
    assert [workflow["workflow"] for workflow in ran.json["workflows"]] == ["lead-routing"]
    assert "was never registered" in ran.err
    run("charter", team / "charters" / "mine.yaml", workspace=team)
    assert run("check", "--json", workspace=team).err == ""
    (team / "charters" / "mine.yaml").write_text(CHARTER + "# changed\n")
    assert "changed since it was registered" in run("check", "--json", workspace=team).err


def test_a_broken_charter_in_the_folder_is_told_with_file_and_line(team: Path) -> None:
    (team / "charters" / "mine.yaml").write_text(CHARTER.replace("close_rate", "clothes_rate"))
    ran = run("check", workspace=team)
    assert_one_sentence(ran)
    assert "mine.yaml, line 8" in ran.err
    assert "close_rate" in ran.err


def test_a_charter_that_can_not_be_read_counts_as_it_was_registered_and_stops_as_any_other(
    team: Path,
) -> None:
    file = team / "charters" / "mine.yaml"
    file.write_text(CHARTER)
    run("charter", file, workspace=team)
    before = run("check", "--json", workspace=team).json
    file.write_text(CHARTER + "watch: [\n")
    (team / "charters" / "stray.yaml").write_bytes(b"\x00\x01: [")
    ran = run("check", "--json", workspace=team)
    assert ran.json == before
    assert "mine.yaml, line" in ran.err
    assert "version 1 of the charter of lead-routing, registered last, counts" in ran.err
    assert run("decide", "lead-routing", "stop", "--reason", "x", workspace=team).status == 0
    assert run("gate", "lead-routing", workspace=team).status == 3


def test_a_metric_that_can_not_be_read_takes_nothing_else_away_and_keeps_nobody_from_stopping(
    team: Path,
) -> None:
    file, metrics = team / "charters" / "mine.yaml", team / "metrics.yaml"
    file.write_text(CHARTER)
    run("charter", file, workspace=team)
    before = run("check", "--json", workspace=team).json
    metrics.write_text("odd: {role: proxy, count: 7}\n")
    ran = run("check", "--json", workspace=team)
    assert ran.json["workflows"] == before["workflows"]
    assert "metrics.yaml, line 1" in ran.err
    assert_one_sentence(run("charter", file, workspace=team))
    for broken in ("close_rate: {within_weeks: soon}\n", "close_rate: [\n"):
        metrics.write_text(broken)
        ran = run("check", "--json", workspace=team)
        assert ran.status == 2  # never judged by what the file does not say
        assert "metrics.yaml, line" in ran.err
        assert run("decide", "lead-routing", "stop", "--reason", "x", workspace=team).status == 0
        assert run("gate", "lead-routing", workspace=team).status == 3
        go_on = run(
            "decide", "lead-routing", "continue", "--reason", "x", "--next", "2024-12-01", workspace=team
        )
        assert go_on.status == 2


def test_notify_without_a_channel_says_so_in_one_sentence_and_keeps_the_status(team: Path) -> None:
    ran = run("check", "--json", "--notify", workspace=team)
    assert ran.status == 4
    assert ran.err.startswith("Nothing was sent: no notification channel is configured for this workspace;")
    assert ran.err.count("\n") == 1
    assert_shape(ran.json, REVIEW)


def test_replay_prints_one_json_object_a_line_for_every_week_end(team: Path) -> None:
    ran = run(
        "replay", "--from", "2024-01-03", "--to", "2024-01-28", "--every", "week", "--json", workspace=team
    )
    assert (ran.status, ran.err) == (0, "")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [review["as_of"] for review in told] == ["2024-01-07", "2024-01-14", "2024-01-21", "2024-01-28"]
    for review in told:
        assert_shape(review, REVIEW)


def test_replay_of_one_sunday_is_that_week(team: Path) -> None:
    ran = run("replay", "--from", "2024-01-07", "--to", "2024-01-07", "--json", workspace=team)
    assert json.loads(ran.out)["as_of"] == "2024-01-07"


@pytest.mark.parametrize(("first", "last"), [("2024-01-08", "2024-01-13"), ("2024-02-01", "2024-01-01")])
def test_a_span_without_a_week_end_is_one_sentence(team: Path, first: str, last: str) -> None:
    assert_one_sentence(run("replay", "--from", first, "--to", last, "--json", workspace=team))


def test_replay_as_text_is_one_line_a_week(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.reviews, "replay", lambda *_: iter([examples.review()]))
    ran = run("replay", "--from", "2024-06-24", "--to", "2024-06-30", workspace=team)
    assert (
        ran.out == "2024-06-30  lead-routing: drifting, personalization: too early, content-studio: holding\n"
    )


def test_replay_asks_the_review_for_sundays_only(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dt.date] = []

    def replay(_: object, workspace: Workspace, first: dt.date, last: dt.date) -> list[Review]:
        asked.extend((first, last))
        return []

    monkeypatch.setattr(commands.reviews, "replay", replay)
    run("replay", "--from", "2024-01-01", "--to", "2024-02-01", workspace=team)
    assert asked == [dt.date(2024, 1, 7), dt.date(2024, 2, 1)]
