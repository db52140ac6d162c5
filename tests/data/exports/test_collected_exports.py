"""Exports as they come: nasty ones, lead flows with a known truth, and those that need a mapping."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest

from leadline.data.landing.land import FileReport, IngestOptions, land, undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import LEADS, column, everything_landed, land_text
from tests.data.mapped_exports import FUNNEL_BLANK, FUNNEL_LEADS, marketing_funnel, rows, sales_pipeline
from tests.data.nasty_checks import CHECKS
from tests.nasty import expected, nasty_file
from tests.scenarios import SCENARIOS, TEMPLATES

MAPPINGS = Path(__file__).resolve().parents[3] / "docs" / "mappings"

AFTER = {
    "same_twice_2.csv": "same_twice_1.csv",
    "same_twice_3_reordered.csv": "same_twice_1.csv",
    "overlap_week2.csv": "overlap_week1.csv",
}
"""files that are landed after another one"""
ALSO_OK = {
    # the 'also_ok' column, where we take that way: (state, accepted, quarantined, skipped)
    # day numbers can't be mistaken for anything else between 1970 and 2100; the warning shows two of them as dates
    "excel_serials.csv": ("landed", 5, 0, 0),
    # a day's difference is a matter of time zones (Salesforce closes deals in UTC); a year's is not
    "close_before_create.csv": ("landed", 5, 1, 0),
    # 0.125 beside 12.5 can be either, and a rate that is wrong by a hundred times ruins a dashboard
    "percent_forms.csv": ("asks", 0, 0, 0),
    # a second click on 'upload' is no mistake worth an error: nothing new, and it is said
    "same_twice_2.csv": ("landed", 0, 0, 0),
}


def _codes(report: FileReport) -> set[str]:
    """Every code a report names: reasons, warnings, questions, the refusal."""
    return {
        *(reason.reason for reason in report.reasons),
        *(warning.code for warning in report.warnings),
        *(question.code for question in report.questions),
        *({report.code} if report.code else ()),
    }


@pytest.mark.parametrize("deserved", expected(), ids=lambda row: row["file"])
def test_a_nasty_file_gets_what_it_deserves(
    warehouse: Warehouse, deserved: dict[str, str], tmp_path: Path
) -> None:
    file = nasty_file(deserved["file"], tmp_path)
    if earlier := AFTER.get(deserved["file"]):
        land(warehouse, nasty_file(earlier, tmp_path))
    state = {"refuse": "refused", "ask": "asks"}.get(deserved["action"], "landed")
    if state != "landed" and not earlier:
        land_text(warehouse, LEADS, name="earlier.csv")  # what must be untouched
    before = everything_landed(warehouse)
    report = land(warehouse, file)
    counts = report.rows
    wanted = (
        state,
        0 if state == "asks" else int(deserved["accept_rows"]),
        0 if state == "asks" else int(deserved["quarantine_rows"]),
        0 if state == "asks" else int(deserved["skipped_lines"]),
    )
    skipped = counts.skipped + (
        counts.unchanged + counts.stale if state == "landed" and counts.skipped == 0 else 0
    )
    if deserved["file"] in ALSO_OK:
        wanted, skipped = ALSO_OK[deserved["file"]], counts.skipped
    assert (report.state, counts.new + counts.updated, counts.quarantined, skipped) == wanted, report.message
    assert counts.read == sum(
        (counts.new, counts.updated, counts.unchanged, counts.stale, counts.quarantined, counts.skipped)
    )
    told = {
        "updated": counts.updated,
        "new": counts.new,
        "unchanged": counts.unchanged,
        "stale": counts.stale,
    }
    for code in filter(None, deserved["reason_codes"].split(";")):
        if deserved["file"] == "percent_forms.csv" and code == "rate_over_100":
            continue  # comes after the answer
        assert code in _codes(report) or told.get(code), f"{code} is not told: {report}"
    assert deserved["file"] in CHECKS or not deserved["check"], f"nothing shows: {deserved['check']}"
    if check := CHECKS.get(deserved["file"]):
        check(warehouse, report)
    if report.state != "landed":
        assert everything_landed(warehouse) == before
        assert report.message.endswith((".", "?"))
        assert "Traceback" not in report.message


@pytest.mark.timed
@pytest.mark.parametrize("scenario", ["drift_step35", "null_growth"])
def test_a_lead_flow_lands_whole_and_quickly(warehouse: Warehouse, scenario: str, tmp_path: Path) -> None:
    exports = SCENARIOS[scenario].write(tmp_path)
    began = time.process_time()
    for template, file in zip(TEMPLATES, exports, strict=True):
        report, lines = land(warehouse, file), rows(file)
        assert (report.template, report.rows.read, report.rows.new) == (template, lines, lines)
        assert warehouse.select(f"select count(*) from facts.{template}") == [(lines,)]
    assert time.process_time() - began < 6  # seconds; usually under one


def test_a_funnel_lands_with_its_mappings(warehouse: Warehouse, tmp_path: Path) -> None:
    leads_file, deals_file = marketing_funnel(tmp_path)
    leads = land(warehouse, leads_file, IngestOptions(mapping=MAPPINGS / "olist_leads.yaml"))
    deals = land(warehouse, deals_file, IngestOptions(mapping=MAPPINGS / "olist_deals.yaml"))
    won = rows(deals_file)
    assert (leads.rows.new, leads.rows.quarantined) == (FUNNEL_LEADS, 0)
    assert (deals.rows.new, deals.rows.quarantined) == (won, 0)
    assert warehouse.select("select count(*) filter (channel is null) from facts.leads") == [(FUNNEL_BLANK,)]
    assert warehouse.select(
        "select min(created_at)::date::varchar, max(created_at)::date::varchar from facts.leads"
    ) == [("2017-06-14", "2018-05-31")]
    assert warehouse.select(
        "select count(*) from facts.deals join facts.leads using (lead_id) where stage = 'won' "
        "and deals.workflow = leads.workflow"
    ) == [(won,)]


def test_a_sales_pipeline_lands_as_leads_and_as_deals_beside_its_clicks(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    pipeline, clicked = sales_pipeline(tmp_path)
    as_leads = land(warehouse, pipeline, IngestOptions(mapping=MAPPINGS / "pipeline_leads.yaml"))
    as_deals = land(warehouse, pipeline, IngestOptions(mapping=MAPPINGS / "pipeline_deals.yaml"))
    clicks = land(warehouse, clicked, IngestOptions(mapping=MAPPINGS / "clicks.yaml"))
    opportunities = rows(pipeline)
    assert [report.rows.new for report in (as_leads, as_deals, clicks)] == [
        *(opportunities, opportunities),
        rows(clicked),
    ]
    assert [report.rows.quarantined for report in (as_leads, as_deals, clicks)] == [0, 0, 0]
    with pipeline.open(encoding="utf-8", newline="") as source:
        written = Counter(row["Deal_Stage"] for row in csv.DictReader(source))
    stages = dict(warehouse.select("select stage, count(*) from facts.deals group by stage"))
    assert stages == {"won": written["Won"], "lost": written["Lost"], "open": written["In_Progress"]}
    undo(warehouse, clicks.import_id or 0)
    assert column(warehouse, "select count(*) from facts.clicks") == [0]
