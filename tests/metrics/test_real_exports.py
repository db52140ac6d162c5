"""Real public exports, landed with the example mappings: nothing is called a drift that is not one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace, open_workspace
from leadline.metrics.review import replay, review
from tests.shared import need_shared

MAPPINGS = Path(__file__).parents[2] / "docs" / "mappings"
OLIST = (
    ("olist/olist_marketing_qualified_leads_dataset.csv", "olist_leads.yaml"),
    ("olist/olist_closed_deals_dataset.csv", "olist_deals.yaml"),
)
PIPELINE = (
    ("clicks_and_deals/sales-pipeline.csv", "pipeline_leads.yaml"),
    ("clicks_and_deals/sales-pipeline.csv", "pipeline_deals.yaml"),
    ("clicks_and_deals/clicks.csv", "clicks.yaml"),
)


@contextmanager
def _landed(
    folder: Path, exports: tuple[tuple[str, str], ...], charter: str
) -> Iterator[tuple[Warehouse, Workspace]]:
    files = [(need_shared("data", *name.split("/")), MAPPINGS / mapping) for name, mapping in exports]
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "one.yaml").write_text(charter)
    workspace = open_workspace(folder)
    with open_warehouse(workspace) as warehouse:
        for file, mapping in files:
            report = land(warehouse, file, IngestOptions(mapping=mapping))
            assert report.state == "landed", report.message
        yield warehouse, workspace


def _charter(workflow: str, deployed: str, proxies: str, segments: str) -> str:
    return (
        f"workflow: {workflow}\nname: Desk\nowner: Head of Sales\ndeployed_on: {deployed}\n"
        f"watch: {{proxies: [{proxies}], outcomes: [close_rate], segments: [{segments}]}}\n"
        "stopping_rules: [{id: divergence, when: diverging, action: pause}]\n"
    )


@pytest.mark.parametrize("deployed", ["2018-01-01", "2018-02-05", "2018-03-05"])
def test_recording_that_begins_late_is_said_and_is_no_improvement(tmp_path: Path, deployed: str) -> None:
    """Olist's leads start in June 2017, its deals are recorded from December 2017 on."""
    charter = _charter("lead-handling", deployed, "lead_volume", "channel")
    with _landed(tmp_path / "w", OLIST, charter) as (warehouse, workspace):
        found = review(warehouse, workspace, dt.date(2018, 5, 31))
    workflow = found.workflows[0]
    said = " ".join(finding.message for finding in workflow.findings)
    assert "recorded only since the week of 4 December 2017" in said
    assert found.complete_through == dt.date(2018, 5, 27)
    # the youngest cohorts are not called worse, nor January better
    assert workflow.verdict in ("too_early", "data_problem", "watch")
    assert all(pair.evidence is None or pair.evidence.odds < pair.evidence.limit for pair in workflow.pairs)


def test_a_summer_in_which_clicks_and_opportunities_double_is_no_drift(tmp_path: Path) -> None:
    charter = _charter("sales-pipeline", "2017-07-03", "click_volume, lead_volume", "")
    with _landed(tmp_path / "w", PIPELINE, charter) as (warehouse, workspace):
        reviews = list(replay(warehouse, workspace, dt.date(2017, 7, 9), dt.date(2017, 10, 1)))
    verdicts = {review.workflows[0].verdict for review in reviews}
    assert verdicts <= {"too_early", "aligned", "watch"}
    volume = reviews[-1].workflows[0].pairs[0].proxy_change
    assert (volume.relative or 0) > 0.5
