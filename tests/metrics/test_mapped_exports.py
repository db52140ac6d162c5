"""Exports like those of public collections, landed with the example mappings: no drift is told that is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from leadline.dashboard.words.findings import fact_words
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace, open_workspace
from leadline.metrics.review import replay, review
from tests.data.mapped_exports import marketing_funnel, sales_pipeline

MAPPINGS = Path(__file__).parents[2] / "docs" / "mappings"


@contextmanager
def _landed(
    folder: Path, exports: Sequence[tuple[Path, str]], charter: str
) -> Iterator[tuple[Warehouse, Workspace]]:
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "one.yaml").write_text(charter)
    workspace = open_workspace(folder)
    with open_warehouse(workspace) as warehouse:
        for file, mapping in exports:
            report = land(warehouse, file, IngestOptions(mapping=MAPPINGS / mapping))
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
    """Leads start in June 2017, their deals are recorded from December 2017 on."""
    charter = _charter("lead-handling", deployed, "lead_volume", "channel")
    exports = list(zip(marketing_funnel(tmp_path), ("olist_leads.yaml", "olist_deals.yaml"), strict=True))
    with _landed(tmp_path / "w", exports, charter) as (warehouse, workspace):
        found = review(warehouse, workspace, dt.date(2018, 5, 31))
    workflow = found.workflows[0]
    said = " ".join(fact_words(finding.about) for finding in workflow.findings)
    assert "recorded only since the week of 4 December 2017" in said
    assert found.complete_through == dt.date(2018, 5, 27)
    # the youngest cohorts are not called worse, nor January better
    assert workflow.verdict in ("too_early", "data_problem", "watch")
    assert all(pair.evidence is None or pair.evidence.odds < pair.evidence.limit for pair in workflow.pairs)


def test_a_summer_in_which_clicks_and_opportunities_double_is_no_drift(tmp_path: Path) -> None:
    charter = _charter("sales-pipeline", "2017-07-03", "click_volume, lead_volume", "")
    pipeline, clicks = sales_pipeline(tmp_path)
    exports = [
        *((pipeline, "pipeline_leads.yaml"), (pipeline, "pipeline_deals.yaml"), (clicks, "clicks.yaml"))
    ]
    with _landed(tmp_path / "w", exports, charter) as (warehouse, workspace):
        reviews = list(replay(warehouse, workspace, dt.date(2017, 7, 9), dt.date(2017, 10, 1)))
    verdicts = {review.workflows[0].verdict for review in reviews}
    assert verdicts <= {"too_early", "aligned", "watch"}
    volume = reviews[-1].workflows[0].pairs[0].proxy_change
    assert (volume.relative or 0) > 0.5
