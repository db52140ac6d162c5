"""A workspace from Python answers what the command line answers, in its own process or in a dashboard's."""

from __future__ import annotations

import datetime as dt
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pytest

import leadline
from leadline.dashboard.service.new_workspace import make_workspace
from leadline.dashboard.service.review_json import to_contract
from leadline.data.workspace.lock import is_in_use
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import load_catalog
from tests.dashboard import command_line
from tests.dashboard.serving import serving

AS_OF = dt.date(2024, 6, 30)


@pytest.fixture
def empty(tmp_path: Path) -> leadline.OpenedWorkspace:
    make_workspace(tmp_path / "empty")
    return leadline.open(tmp_path / "empty")


def test_a_review_is_the_one_of_the_command_line(team: leadline.OpenedWorkspace) -> None:
    ran = command_line.run("check", "--as-of", "2024-06-30", "--json", workspace=team.path)
    catalog = load_catalog(open_workspace(team.path))
    assert to_contract(team.review(AS_OF), catalog) == ran.json


def test_a_day_may_be_written_as_text(team: leadline.OpenedWorkspace) -> None:
    assert team.review("2024-06-30") == team.review(AS_OF)


def test_without_a_day_a_review_is_of_the_workspaces_today(empty: leadline.OpenedWorkspace) -> None:
    with (empty.path / "leadline.toml").open("a", encoding="utf-8") as settings:
        settings.write("as_of = 2024-05-05\n")
    assert empty.review().as_of == dt.date(2024, 5, 5)


def test_a_review_records_nothing(team: leadline.OpenedWorkspace) -> None:
    def ledger() -> str:
        return command_line.run("ledger", "--json", workspace=team.path).out

    before = ledger()
    assert team.review(AS_OF).workflows[0].rules[0].state == "breached"
    assert ledger() == before


def test_a_replay_has_a_review_for_each_week_end(team: leadline.OpenedWorkspace) -> None:
    replay = team.replay("2024-05-31", dt.date(2024, 6, 30))
    assert [review.as_of.isoformat() for review in replay] == [
        "2024-06-02", "2024-06-09", "2024-06-16", "2024-06-23", "2024-06-30",
    ]  # fmt: skip
    assert len(replay) == 5
    assert replay[4] == team.review(AS_OF)


def test_a_span_without_a_week_end_is_refused_in_words_of_python(team: leadline.OpenedWorkspace) -> None:
    with pytest.raises(leadline.LeadlineError, match="widen first or last"):
        team.replay("2024-06-24", "2024-06-28")


def test_landing_tells_what_became_of_the_rows(empty: leadline.OpenedWorkspace, export: Path) -> None:
    landing = empty.land(export, workflow="routing")
    assert (landing.state, landing.template, landing.import_id) == ("landed", "leads", 1)
    assert (landing.rows.new, landing.rows.quarantined) == (2, 1)
    assert [reason.reason for reason in landing.reasons] == ["bad_date"]


def test_a_rehearsal_lands_nothing(empty: leadline.OpenedWorkspace, export: Path) -> None:
    rehearsed = empty.land(export, workflow="routing", dry_run=True)
    assert (rehearsed.dry_run, rehearsed.rows.new, rehearsed.import_id) == (True, 2, None)
    assert empty.land(export, workflow="routing").import_id == 1


def test_what_a_file_asks_is_raised_with_all_it_tells(
    empty: leadline.OpenedWorkspace, tmp_path: Path
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Number,When\n1,2024-01-02\n", encoding="utf-8")
    with pytest.raises(leadline.NotLandedError, match=r"odd\.csv is no export that is known") as raised:
        empty.land(file)
    assert raised.value.landing.state == "asks"
    (question,) = raised.value.landing.questions
    assert question.code == "unknown_export"
    assert question.option.startswith("mapping=FILE (their column: ours), or template=NAME")
    assert str(raised.value).endswith(f" Answer with {question.option}.")


def test_no_error_of_a_call_names_an_option_of_the_command_line(
    empty: leadline.OpenedWorkspace, tmp_path: Path
) -> None:
    file = tmp_path / "leads.csv"
    said = []
    for text, options in (
        ("lead_id,created_at,channel\nL1,01/02/2024,web\n", {}),
        ("lead_id,created_at,channel\nL1,2024-01-02,web\n", {"header_row": 9}),
        ("lead_id,created_at,channel\nL1,2024-01-02,web\n", {"sheet": "Leads"}),
        ("lead_id,created_at,channel\nL1,2024-01-02,web\n", {"mapping": tmp_path / "none.yaml"}),
        (
            "lead_id,created_at,channel\nL1,2024-01-02,web\n",
            {"mapping": {"template": "leads"}, "template": "deals"},
        ),
        ("lead_id,when,channel\nL1,2024-01-02,web\n", {"template": "leads"}),
        ("lead_id,created_at,created_at\nL1,2024-01-02,2024-01-02\n", {"template": "leads"}),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(leadline.LeadlineError) as raised:
            empty.land(file, **options)
        said.append(str(raised.value))
    with pytest.raises(leadline.LeadlineError) as raised:
        leadline.open(tmp_path / "nowhere")
    said.append(str(raised.value))
    assert said[0].endswith("Answer with dates='dmy' or dates='mdy'.")
    assert not [sentence for sentence in said if "--" in sentence]


def test_a_file_that_is_refused_is_raised(empty: leadline.OpenedWorkspace, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(leadline.NotLandedError) as raised:
        empty.land(tmp_path / "empty.csv")
    assert (raised.value.landing.state, raised.value.landing.code) == ("refused", "empty_file")


def test_the_live_database_is_not_read_as_a_mapping(empty: leadline.OpenedWorkspace, export: Path) -> None:
    empty.review()
    with pytest.raises(leadline.LeadlineError, match="own database"):
        empty.land(export, mapping=empty.path / "leadline.duckdb")


def test_a_charter_with_faults_is_refused_with_all_of_them(
    empty: leadline.OpenedWorkspace, tmp_path: Path
) -> None:
    (tmp_path / "charter.yaml").write_text("workflow: a\nwatch: {proxies: [speed]}\n", encoding="utf-8")
    with pytest.raises(leadline.LeadlineError) as raised:
        empty.register(tmp_path / "charter.yaml")
    assert len(str(raised.value).splitlines()) > 2


def test_registering_the_same_text_again_changes_nothing(team: leadline.OpenedWorkspace) -> None:
    again = team.register(team.path / "charters" / "lead-routing.yaml")
    assert (again.workflow, again.version, again.is_new) == ("lead-routing", 1, False)


def test_a_charter_is_signed_in_the_name_of_a_role(empty: leadline.OpenedWorkspace, tmp_path: Path) -> None:
    text = "workflow: a\nname: A\nowner: B\ndeployed_on: 2024-01-01\n"
    text += "watch: {proxies: [response_time], outcomes: [close_rate]}\n"
    (tmp_path / "charter.yaml").write_text(text, encoding="utf-8")
    assert (
        empty.register(tmp_path / "charter.yaml", sign="Managing Director").signed_by == "Managing Director"
    )


def test_the_workspace_is_held_only_while_a_call_runs(team: leadline.OpenedWorkspace) -> None:
    team.review(AS_OF)
    assert not is_in_use(open_workspace(team.path))


def test_a_dashboard_that_serves_the_workspace_answers(team: leadline.OpenedWorkspace, export: Path) -> None:
    alone = team.review(AS_OF)
    with serving(team.path) as served:
        assert is_in_use(open_workspace(team.path))
        assert team.review(AS_OF) == alone
        taught = {"template": "leads", "columns": {"lead_id": "lead_id", "created_at": "created_at"}}
        landing = team.land(export, mapping=taught, workflow="other", dry_run=True)
        assert landing.rows.new == 2
        assert served.process.poll() is None


def test_after_the_block_the_workspace_is_closed(empty: leadline.OpenedWorkspace) -> None:
    with empty as opened:
        opened.review("2024-06-30")
    with pytest.raises(leadline.LeadlineError, match=r"was closed; open it again with leadline\.open\("):
        opened.review("2024-06-30")


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(leadline.LeadlineError, match="no Leadline workspace"):
        leadline.open(tmp_path / "nowhere")


def test_results_are_frozen(team: leadline.OpenedWorkspace) -> None:
    review = team.review(AS_OF)
    with pytest.raises(FrozenInstanceError):
        review.as_of = dt.date(2024, 1, 1)  # type: ignore[misc]


@pytest.mark.parametrize("path", ["", " ", "a\0b", b"team", 5])
def test_what_can_name_no_file_is_refused_in_a_sentence(
    empty: leadline.OpenedWorkspace, path: object
) -> None:
    for ask in (leadline.open, empty.land, empty.register):
        with pytest.raises(leadline.LeadlineError, match="is no path; write one such as"):
            ask(path)  # type: ignore[operator]


def test_an_empty_signature_is_no_signature(empty: leadline.OpenedWorkspace, tmp_path: Path) -> None:
    with pytest.raises(leadline.LeadlineError, match="sign is empty"):
        empty.register(tmp_path / "charter.yaml", sign=" ")


@pytest.mark.parametrize("day", ["2062-06-30", "0001-01-01", pd.NaT])
def test_a_day_that_can_not_be_meant_is_refused(team: leadline.OpenedWorkspace, day: str) -> None:
    with pytest.raises(leadline.LeadlineError, match=r"can't be reviewed|write a date such as"):
        team.review(day)
