"""Real exports and flows with a known truth, where the collection of examples is at hand."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from leadline.data.landing.land import FileReport, IngestOptions, land, undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import LEADS, column, everything_landed, land_text
from tests.data.nasty_checks import CHECKS
from tests.shared import need_shared, shared_folder

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


def _nasty() -> list[dict[str, str]]:
    folder = shared_folder()
    expected = folder / "nasty" / "EXPECTED.csv" if folder else None
    if expected is None or not expected.is_file():
        return [{"file": "EXPECTED.csv"}]
    with expected.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.mark.parametrize("expected", _nasty(), ids=lambda row: row["file"])
def test_a_nasty_file_gets_what_it_deserves(warehouse: Warehouse, expected: dict[str, str]) -> None:
    file = need_shared("nasty", expected["file"])
    if earlier := AFTER.get(expected["file"]):
        land(warehouse, need_shared("nasty", earlier))
    state = {"refuse": "refused", "ask": "asks"}.get(expected["action"], "landed")
    if state != "landed" and not earlier:
        land_text(warehouse, LEADS, name="earlier.csv")  # what must be untouched
    before = everything_landed(warehouse)
    report = land(warehouse, file)
    rows = report.rows
    wanted = (
        state,
        0 if state == "asks" else int(expected["accept_rows"]),
        0 if state == "asks" else int(expected["quarantine_rows"]),
        0 if state == "asks" else int(expected["skipped_lines"]),
    )
    skipped = rows.skipped + (rows.unchanged + rows.stale if state == "landed" and rows.skipped == 0 else 0)
    if expected["file"] in ALSO_OK:
        wanted, skipped = ALSO_OK[expected["file"]], rows.skipped
    assert (report.state, rows.new + rows.updated, rows.quarantined, skipped) == wanted, report.message
    assert rows.read == sum(
        (rows.new, rows.updated, rows.unchanged, rows.stale, rows.quarantined, rows.skipped)
    )
    told = {"updated": rows.updated, "new": rows.new, "unchanged": rows.unchanged, "stale": rows.stale}
    for code in filter(None, expected["reason_codes"].split(";")):
        if expected["file"] == "percent_forms.csv" and code == "rate_over_100":
            continue  # comes after the answer
        assert code in _codes(report) or told.get(code), f"{code} is not told: {report}"
    assert expected["file"] in CHECKS or not expected["check"], f"nothing shows: {expected['check']}"
    if check := CHECKS.get(expected["file"]):
        check(warehouse, report)
    if report.state != "landed":
        assert everything_landed(warehouse) == before
        assert report.message.endswith((".", "?"))
        assert "Traceback" not in report.message


@pytest.mark.timed
@pytest.mark.parametrize("scenario", ["drift_step35", "null_growth"])
def test_a_lead_flow_lands_whole_and_quickly(warehouse: Warehouse, scenario: str) -> None:
    folder = need_shared("scenarios", scenario)
    began = time.perf_counter()
    for template in ("leads", "appointments", "deals", "emails"):
        report = land(warehouse, folder / f"{template}.csv")
        with (folder / f"{template}.csv").open() as source:
            lines = sum(1 for _ in source) - 1
        assert (report.template, report.rows.read, report.rows.new) == (template, lines, lines)
        assert warehouse.select(f"select count(*), count(workflow) from facts.{template}") == [(lines, lines)]
    assert time.perf_counter() - began < 6  # seconds; usually under one


def test_olist_lands_with_its_mappings(warehouse: Warehouse) -> None:
    leads = land(
        warehouse,
        need_shared("data", "olist", "olist_marketing_qualified_leads_dataset.csv"),
        IngestOptions(mapping=MAPPINGS / "olist_leads.yaml"),
    )
    deals = land(
        warehouse,
        need_shared("data", "olist", "olist_closed_deals_dataset.csv"),
        IngestOptions(mapping=MAPPINGS / "olist_deals.yaml"),
    )
    assert (leads.rows.new, leads.rows.quarantined, deals.rows.new, deals.rows.quarantined) == (
        8000,
        0,
        842,
        0,
    )
    assert warehouse.select("select count(*) filter (channel is null) from facts.leads") == [(60,)]
    assert warehouse.select(
        "select min(created_at)::date::varchar, max(created_at)::date::varchar from facts.leads"
    ) == [("2017-06-14", "2018-05-31")]
    assert warehouse.select(
        "select count(*) from facts.deals join facts.leads using (lead_id) where stage = 'won' "
        "and deals.workflow = leads.workflow"
    ) == [(842,)]


def test_a_sales_pipeline_lands_as_leads_and_as_deals_beside_its_clicks(warehouse: Warehouse) -> None:
    pipeline = need_shared("data", "clicks_and_deals", "sales-pipeline.csv")
    as_leads = land(warehouse, pipeline, IngestOptions(mapping=MAPPINGS / "pipeline_leads.yaml"))
    as_deals = land(warehouse, pipeline, IngestOptions(mapping=MAPPINGS / "pipeline_deals.yaml"))
    clicks = land(
        warehouse,
        need_shared("data", "clicks_and_deals", "clicks.csv"),
        IngestOptions(mapping=MAPPINGS / "clicks.yaml"),
    )
    assert [report.rows.new for report in (as_leads, as_deals, clicks)] == [14277, 14277, 30244]
    assert [report.rows.quarantined for report in (as_leads, as_deals, clicks)] == [0, 0, 0]
    stages = dict(warehouse.select("select stage, count(*) from facts.deals group by stage"))
    assert stages == {"won": 6438, "lost": 3493, "open": 4346}
    undo(warehouse, clicks.import_id or 0)
    assert column(warehouse, "select count(*) from facts.clicks") == [0]
