"""What a metric counts belongs to what was agreed: a change of it in metrics.yaml is said until it is agreed anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.dashboard.service.charter_files import register
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.findings import fact_words
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.agreement.charter import load_charters
from leadline.metrics.agreement.definitions import definitions
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.verification import verify
from leadline.metrics.results import WorkflowReview
from leadline.metrics.review import review

AGREED = """\
renewals: {role: outcome, of: {template: units}, event: {template: events, where: {kind: renewed}}, within_weeks: 20}
quick: {role: proxy, of: {template: units}, duration: {from: entered_at, to: first_response_at}, better: lower}
"""
CHARTER = """\
workflow: desk
owner: ''
deployed_on: 2025-01-06
watch: {proxies: [quick], outcomes: [renewals, close_rate]}
stopping_rules:
  - {id: drift, when: diverging, action: pause}
  - {id: floor, when: renewals < 40%, action: review}
"""


@pytest.fixture
def file(warehouse: Warehouse, workspace: Workspace, tmp_path: Path) -> Path:
    file = tmp_path / "desk.yaml"
    file.write_text(CHARTER, encoding="utf-8")
    (workspace.path / METRICS).write_text(AGREED, encoding="utf-8")
    assert [told["version"] for told in register(warehouse, workspace, [file], None)] == [1]
    return file


def _judged(warehouse: Warehouse, workspace: Workspace, was: str, becomes: str) -> WorkflowReview:
    (workspace.path / METRICS).write_text(AGREED.replace(was, becomes), encoding="utf-8")
    return review(warehouse, workspace, workspace.today()).workflows[0]


def test_another_definition_is_said_and_another_wording_is_none(
    warehouse: Warehouse, workspace: Workspace, file: Path
) -> None:
    for was, becomes, changed in (
        ("kind: renewed", "kind: [renewed, asked]", ["renewals"]),
        ("within_weeks: 20", "within_weeks: 52", ["renewals"]),
        ("better: lower", "better: higher", ["quick"]),
        ("renewals:", "close_rate: {within_weeks: 52}\nrenewals:", ["close_rate"]),
        ("better: lower", "better: lower, label: First answer", []),
        ("renewals:", "# as agreed\nrenewals:", []),
    ):
        told = [
            f for f in _judged(warehouse, workspace, was, becomes).findings if f.code == "definition_changed"
        ]
        assert [f.metric for f in told] == changed
        assert all(f.blocks_verdict for f in told)


def test_nothing_is_judged_by_another_definition_until_the_charter_is_registered_again(
    warehouse: Warehouse, workspace: Workspace, file: Path
) -> None:
    told = _judged(warehouse, workspace, "kind: renewed", "kind: asked")
    assert told.verdict == "data_problem"
    assert {rule.state for rule in told.rules} == {"no_data"}
    assert "What renewals counts was changed in metrics.yaml" in fact_words(told.findings[0].about)
    assert action_due(told) == "Register the charter again, or take the change of its metrics back."
    for version in (2, 2):
        assert [each["version"] for each in register(warehouse, workspace, [file], None)] == [version]
    again = _judged(warehouse, workspace, "kind: renewed", "kind: asked")
    assert not [f for f in again.findings if f.code == "definition_changed"]
    kept = [entry.payload["metrics"] for entry in entries(warehouse, ("charter",))]
    (charter,) = load_charters(workspace, load_catalog(workspace))
    assert kept[1] == definitions(charter, load_catalog(workspace)) != kept[0]
    assert kept[1]["close_rate"] is None
    assert verify(warehouse) == ()
