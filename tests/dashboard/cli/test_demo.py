"""`leadline demo`: made once, whole or not at all, never mixed with anyone's own data, and showing what it says."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path

import pytest

from leadline.dashboard.service import new_workspace
from leadline.data.errors import LeadlineError
from leadline.data.samples.stories import BIDDING, OUTBOUND, STORIES, SUPPORT_CHAT, Story
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.statistics.fitness import last_week_end
from tests.dashboard.command_line import assert_one_sentence, run, tree
from tests.dashboard.serving import LEADLINE, serving


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """The sample workspace and the seconds it took."""
    folder = tmp_path_factory.mktemp("home") / "leadline-demo"
    began = time.monotonic()
    ran = run("demo", "--build-only", "--as-of", "2026-11-15", workspace=folder)
    assert ran.status == 0, ran.err
    return folder, time.monotonic() - began


@pytest.fixture
def demo(built: tuple[Path, float], tmp_path: Path) -> Path:
    """A copy of the sample workspace that a test may change."""
    return Path(shutil.copytree(built[0], tmp_path / "demo"))


def test_the_samples_are_ready_within_a_minute(built: tuple[Path, float]) -> None:
    assert built[1] < 60


def test_one_workflow_drifts_one_holds_and_one_is_too_young_to_tell(demo: Path) -> None:
    ran = run("check", "--json", workspace=demo)
    assert ran.status == 3
    assert ran.err == ""
    verdicts = [workflow["verdict"] for workflow in ran.json["workflows"]]
    assert verdicts == ["diverging", "too_early", "aligned"]
    assert ran.json["workflows"][0]["workflow"] == "lead-routing"
    assert {source["state"] for source in ran.json["data"]} == {"fresh"}


def test_without_a_day_the_samples_end_last_sunday_and_the_clock_runs(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert run("demo", "--build-only", workspace=folder).status == 0
    settings = (folder / "leadline.toml").read_text()
    assert not [line for line in settings.splitlines() if line.startswith("as_of")]
    assert "# [serve]" in settings
    sunday = last_week_end(open_workspace(folder).today())
    told = run("check", "--json", "--as-of", sunday.isoformat(), workspace=folder).json
    assert (told["as_of"], told["complete_through"]) == (sunday.isoformat(), sunday.isoformat())
    verdicts = {workflow["workflow"]: workflow["verdict"] for workflow in told["workflows"]}
    assert verdicts == {"lead-routing": "diverging", "nurture": "too_early", "content-studio": "aligned"}
    (decision,) = run("alerts", "--json", workspace=folder).json["decisions"]
    assert decision["on"] == (sunday - dt.timedelta(days=62)).isoformat()
    assert_one_sentence(
        run("demo", "--story", "bidding", "--as-of", "2026-11-15", workspace=tmp_path / "story")
    )


def test_the_samples_have_a_decision_behind_them_whose_checkpoint_was_held(demo: Path) -> None:
    told = run("alerts", "--json", workspace=demo).json
    (decision,) = told["decisions"]
    assert (decision["workflow"], decision["kind"], decision["on"]) == (
        "content-studio",
        "adjust",
        "2026-09-14",
    )
    assert decision["at"] == "2026-09-14T07:00:00Z"
    assert decision["reviewed_on"] == "2026-10-12"
    assert told["overdue"] == []
    assert run("doctor", workspace=demo).status == 0


def test_nothing_of_the_samples_is_quarantined(demo: Path) -> None:
    listed = run("imports", "--json", workspace=demo).json["imports"]
    assert len(listed) == len(list((new_workspace.SAMPLES / "exports").glob("*.csv")))
    assert all(record["rows"]["quarantined"] == 0 for record in listed)


def test_the_doctor_finds_the_samples_in_order(demo: Path) -> None:
    ran = run("doctor", workspace=demo)
    assert ran.status == 0
    assert "Everything is in order." in ran.out


def test_it_is_made_once_and_then_reused(demo: Path) -> None:
    run("undo", "1", workspace=demo)
    before = tree(demo)
    ran = run("demo", "--build-only", workspace=demo)
    assert (ran.status, ran.out) == (0, f"Using the sample workspace at {demo}.\n")
    assert tree(demo) == before


def test_the_environment_or_the_home_folder_say_where_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("LEADLINE_WORKSPACE", raising=False)
    assert new_workspace.demo_folder(None) == tmp_path / "leadline-demo"
    monkeypatch.setenv("LEADLINE_WORKSPACE", str(tmp_path / "elsewhere"))
    assert new_workspace.demo_folder(None) == tmp_path / "elsewhere"
    assert new_workspace.demo_folder(tmp_path / "named") == tmp_path / "named"


def test_samples_never_mix_with_a_workspace_of_ones_own(tmp_path: Path) -> None:
    run("init", tmp_path / "mine")
    before = tree(tmp_path / "mine")
    ran = run("demo", "--build-only", workspace=tmp_path / "mine")
    assert_one_sentence(ran)
    assert tree(tmp_path / "mine") == before


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert_one_sentence(run("demo", "--build-only", workspace=tmp_path))
    assert tree(tmp_path) == {"thesis.txt": b"mine"}


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise LeadlineError("The disk is full; free some space.")

    monkeypatch.setattr(new_workspace.charter_files, "register", fail)
    assert_one_sentence(run("demo", "--build-only", workspace=tmp_path / "demo"))
    assert list(tmp_path.iterdir()) == []


def test_the_empty_folder_it_is_given_is_used(tmp_path: Path, built: tuple[Path, float]) -> None:
    (tmp_path / "demo").mkdir()
    assert run("demo", "--build-only", workspace=tmp_path / "demo").status == 0
    assert set(tree(tmp_path / "demo")) == set(tree(built[0]))


def test_the_samples_are_served_by_the_installed_command(demo: Path) -> None:
    assert LEADLINE.exists()
    with serving(demo) as running:
        assert running.ask("GET", "/", None, {"Cookie": running.cookie})[0] == 200
        assert run("check", workspace=demo).status == 3


@pytest.mark.parametrize("story", [BIDDING, OUTBOUND, SUPPORT_CHAT], ids=lambda story: story.workflow)
def test_a_story_is_a_workspace_of_its_own_on_the_day_of_its_decision(story: Story, tmp_path: Path) -> None:
    folder = tmp_path / "story"
    assert run("demo", "--build-only", "--story", story.workflow, workspace=folder).status == 0
    shown = run("check", "--json", workspace=folder)
    assert (shown.status, shown.json["as_of"]) == (3, story.eve.isoformat())
    (workflow,) = shown.json["workflows"]
    assert (workflow["workflow"], workflow["verdict"], workflow["due"]["kind"]) == (
        *(story.workflow, "diverging", "decide"),
    )
    assert (folder / "charters" / f"{story.workflow}.yaml").read_text() == story.charter
    assert (folder / "metrics.yaml").is_file() == bool(story.metrics)


def test_a_story_is_neither_made_up_nor_taken_for_other_samples(demo: Path, tmp_path: Path) -> None:
    ran = run("demo", "--build-only", "--story", "novel", workspace=tmp_path / "story")
    assert_one_sentence(ran)
    told = "".join(run("demo", "--help").out.split())  # names are broken over lines
    for story in STORIES:
        assert story.workflow in ran.err
        assert story.workflow in told
    assert_one_sentence(run("demo", "--build-only", "--story", "bidding", workspace=demo))
