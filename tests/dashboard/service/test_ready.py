"""Readiness of six workflows of one workspace, each made for one answer."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.command_line import assert_one_sentence, run

FIRST, TODAY = dt.date(2025, 8, 4), dt.date(2026, 11, 15)
A_WEEK = {"nothing": 4, "unreviewed": 14, "deaf": 2, "late": 14, "broken": 14, "ready": 16}
CHARTER = """\
workflow: {workflow}
name: Studio {workflow}
owner: Head of Content
deployed_on: 2026-05-04
intent:
  objective: {{text: More assets that sales use, proved_by: asset_usage_rate}}
  audience: Sales
  context: Drafts by AI
  constraints: [{{text: One promise a piece, checked_by: review brand}}]
cascade:
  business_objective: {{text: More proposals a month, steers_by: asset_usage_rate}}
  planning_decision: {{text: One asset for each stage, steers_by: asset_volume}}
  instruction: {{text: Draft from the brief, steers_by: asset_usage_rate}}
watch: {{proxies: [asset_volume], outcomes: [asset_usage_rate]}}
stopping_rules:
  - {{id: floor, when: asset_usage_rate < {floor}, action: review}}
checkpoints: {{every: 2 weeks}}
signed: {{by: Managing Director, on: 2026-04-30}}
"""


def _write(file: Path, rows: list[dict[str, object]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def _exports(folder: Path) -> list[Path]:
    assets: list[dict[str, object]] = []
    uses: list[dict[str, object]] = []
    for workflow, a_week in A_WEEK.items():
        for week in range((TODAY - FIRST).days // 7 + 1):
            for place in range(a_week):
                day = FIRST + dt.timedelta(days=7 * week + place % 7)
                used = day + dt.timedelta(days=3 + (place * 5) % 12)
                asset = f"{workflow}-{week}-{place}"
                brief = "B1" if workflow in ("ready", "late") else ""
                assets.append(
                    {"asset_id": asset, "published_at": day, "workflow": workflow, "brief_id": brief}
                )
                silent = workflow == "broken" and used > dt.date(2026, 8, 1)
                if (place + week) % 5 < 3 and used <= TODAY and not silent:
                    uses.append({"asset_id": asset, "used_at": used})
    brief = dict.fromkeys(("outcome", "audience", "positioning", "constraints", "context"), "said")
    reviews = [
        {"item_id": f"{w}-{62 + n % 4}-{n % 7}", "reviewed_at": TODAY - dt.timedelta(days=n % 20),
         "reviewer": f"R{n % 2}", "dimension": "brand", "passed": "yes", "workflow": w}
        for w in ("ready", "late") for n in range(28)
    ]  # fmt: skip
    return [
        _write(folder / "assets.csv", assets),
        _write(folder / "asset_uses.csv", uses),
        _write(folder / "briefs.csv", [{"brief_id": "B1", "written_at": FIRST, "workflow": "", **brief}]),
        _write(folder / "reviews.csv", reviews),
    ]


def _clock(team: Path, day: dt.date) -> None:
    (team / "leadline.toml").write_text(f"as_of = {day.isoformat()}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ready") / "team"


@pytest.fixture(scope="module")
def told(team: Path) -> dict[str, dict[str, Any]]:
    folder = team.parent
    run("init", team)
    _clock(team, TODAY)
    landed = run("ingest", *_exports(folder), workspace=team)
    assert landed.status == 0, landed.out + landed.err
    for workflow in [name for name in A_WEEK if name != "nothing"]:
        floor = {"late": "90%", "deaf": "1%"}.get(workflow, "baseline - 25%")
        file = folder / f"{workflow}.yaml"
        text = CHARTER.format(workflow=workflow, floor=floor)
        if workflow == "deaf":
            text = text.replace("steers_by: asset_volume", "steers_by: review_pass_rate").replace(
                "checked_by: review brand", "checked_by: metric review_pass_rate"
            )
        file.write_text(text, encoding="utf-8")
    run("charter", *sorted(folder.glob("*.yaml")), workspace=team)
    _clock(team, dt.date(2026, 10, 4))
    run("check", workspace=team)  # raises the alert of 'late'
    _clock(team, TODAY)
    run("close", "ready", "--by", "Ana", workspace=team)
    run("gate", "ready", workspace=team)
    said = ("--by", "Ana", "--owner", "Ana", "--reason", "Known", "--next", "2026-12-01")
    run("decide", "late", "continue", *said, workspace=team)
    found = run("readiness", "--json", workspace=team)
    assert found.status == 3, found.err
    return {each["workflow"]: each for each in json.loads(found.out)}


def _answer(told: dict[str, Any], beginning: str) -> tuple[str, str]:
    (found,) = [each for each in told["answers"] if each["question"].startswith(beginning)]
    return found["answer"], found["because"]


def test_a_workflow_that_has_all_of_it_is_ready(told: dict[str, dict[str, Any]]) -> None:
    ready = told["ready"]
    assert (ready["ready"], {each["answer"] for each in ready["answers"]}) == ("yes", {"yes"})
    assert ready["sentence"].startswith("Yes, Studio ready is ready to be expanded: each of 12 questions")
    assert {each["group"] for each in ready["answers"]} == {"intent", "execution", "validation", "stopping"}


@pytest.mark.parametrize(
    ("workflow", "question", "answer", "says"),
    [
        ("nothing", "Is there an objective", "no", "nothing was agreed; it has no charter"),
        ("unreviewed", "Are its outputs reviewed", "no", "nobody reviews its outputs"),
        ("deaf", "Can its stopping rules", "no", "“floor” can hardly ever fire at 8 outputs a month"),
        ("late", "When a rule fired", "no", "1 of 1 alert was not decided on in time"),
        ("broken", "Are the data fresh", "no", "its data can't be judged"),
    ],
)
def test_what_is_missing_is_answered_and_closes_the_sheet(
    told: dict[str, dict[str, Any]], workflow: str, question: str, answer: str, says: str
) -> None:
    found = told[workflow]
    assert found["ready"] == "not_yet"
    assert _answer(found, question)[0] == answer
    assert says in found["sentence"]


def test_what_is_not_a_yes_says_what_is_missing(told: dict[str, dict[str, Any]]) -> None:
    deaf = told["deaf"]
    layers = "the planning decision steers by review pass rate, which the charter does not watch."
    assert _answer(deaf, "Does every layer")[1].endswith(layers)
    assert _answer(deaf, "Does somebody check")[1].endswith("; not “One promise a piece”.")
    assert _answer(deaf, "Can its stopping rules")[1].endswith("; not “floor”.")
    assert _answer(deaf, "Have its outputs")[1].endswith(" name none.")


@pytest.mark.usefixtures("told")
def test_an_unknown_workflow_is_an_error(team: Path) -> None:
    assert_one_sentence(run("readiness", "nobody", workspace=team))
