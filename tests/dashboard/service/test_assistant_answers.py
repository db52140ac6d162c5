"""What an assistant asks is reviewed once, and again as soon as it would be told something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadline.dashboard.service import assistant_answers
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.dashboard.command_line import run

CHARTER = "workflow: desk\nowner: Ann\ndeployed_on: 2024-01-08\nwatch: {outcomes: [close_rate]}\n"


def test_a_week_is_reviewed_again_where_what_it_rests_on_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, made, review = tmp_path / "team", [], assistant_answers.reviews.review
    run("init", team)
    (tmp_path / "desk.yaml").write_text(CHARTER, encoding="utf-8")
    run("charter", tmp_path / "desk.yaml", workspace=team)
    monkeypatch.setattr(assistant_answers.reviews, "review", lambda *asked: made.append(1) or review(*asked))

    def running() -> str:
        workspace = open_workspace(team)
        with open_warehouse(workspace) as warehouse:
            (answer,) = assistant_answers.assistant_week(warehouse, workspace, {})
        return str(json.loads(answer["text"])["workflows"][0]["running"])

    assert [running(), running(), len(made)] == ["running", "running", 1]
    run("decide", "desk", "stop", "--reason", "x", workspace=team)
    known = len(made)
    assert [running(), running(), len(made)] == ["stopped", "stopped", known + 1]
    (tmp_path / "leads.csv").write_text("lead_id,created_at,workflow\nL1,2024-01-09,desk\n", encoding="utf-8")
    assert run("ingest", tmp_path / "leads.csv", workspace=team).status == 0
    running()
    assert len(made) == known + 2
