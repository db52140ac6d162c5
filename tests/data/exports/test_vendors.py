"""Exports of known systems: each is recognised by its headings, gives the right facts, and is taken for no other."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadline.data.database.session import Row
from leadline.data.errors import ExportError
from leadline.data.exports.files.received_file import discard, receive
from leadline.data.exports.files.text_layout import find_layout
from leadline.data.exports.recognition.vendor_format import formats, read_formats
from leadline.data.exports.recognition.vendors import find_formats
from leadline.data.landing.land import FileReport, IngestOptions, land, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear, column, everything_landed, write

FOLDER = Path(__file__).with_name("vendors")
FILES = sorted(file.name for file in FOLDER.glob("*.csv"))
EXPORTED = dt.date(2026, 3, 1)
NEW = {
    "activecampaign_campaigns": 2, "calendly_events": 4, "dynamics_opportunities": 3, "ga4_traffic": 3,
    "google_ads": 3, "hubspot_contacts": 3, "hubspot_contacts.de": 2, "hubspot_contacts.es": 2,
    "hubspot_contacts.fr": 2, "hubspot_deals": 4, "hubspot_deals.de": 3, "hubspot_deals.es": 3, "hubspot_deals.fr": 3,
    "hubspot_email": 2, "hubspot_email.de": 2, "hubspot_email.es": 2, "hubspot_email.fr": 2,
    "hubspot_email_recipients": 3, "intercom_first_reply": 2, "klaviyo_campaigns": 2, "linkedin_ads": 2,
    "mailchimp_campaigns": 2, "marketo_email": 2, "meta_ads": 2, "pipedrive_deals": 3, "salesforce_activities": 2,
    "salesforce_data_loader": 3, "salesforce_leads": 3, "salesforce_opportunities": 3, "zendesk_first_reply": 3,
    "zoho_deals": 3, "zoho_leads": 2, "hubspot_contacts_companies": 3, "google_ads_overview": 3, "salesforce_query": 3,
    "odoo_opportunities": 3, "bitrix24_deals": 3, "bitrix24_deals.ru": 3, "freshsales_deals": 3,
    "close_opportunities": 3, "monday_deals": 3, "sendgrid_activity": 3, "brevo_logs": 3, "brevo_logs.it": 3,
    "lemlist_activities": 3, "instantly_leads": 2,
}  # fmt: skip
SKIPPED = {
    "monday_deals": 6, "sendgrid_activity": 6, "brevo_logs": 7, "brevo_logs.it": 7, "lemlist_activities": 3,

    "ga4_traffic": 10, "google_ads": 4, "linkedin_ads": 4, "meta_ads": 1, "salesforce_activities": 7,
    "salesforce_data_loader": 1, "salesforce_leads": 7, "salesforce_opportunities": 7,
}  # fmt: skip
IN_BLOCKS = frozenset(("hubspot_contacts_companies.csv",))
IN_GROUPS = frozenset(("monday_deals.csv",))
"""each group of rows has its title, headings and sum"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all of them: opening one takes longer than a test."""
    with open_warehouse(Workspace(tmp_path_factory.mktemp("vendors") / "w", SMALL)) as opened:
        yield opened


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    """That one, emptied."""
    clear(shared)
    return shared


def bring(warehouse: Warehouse, name: str, **options: Any) -> FileReport:
    return land(warehouse, FOLDER / name, IngestOptions(exported_on=EXPORTED, **options))


def header_of(warehouse: Warehouse, name: str) -> tuple[str, ...]:
    received = receive(FOLDER / name, warehouse.intake, forbidden=warehouse.workspace.database)
    try:
        return find_layout(received).header
    finally:
        discard(received)


def text_of(name: str) -> str:
    encoding = "utf-16" if name == "google_ads.csv" else "utf-8-sig"
    return (FOLDER / name).read_text(encoding=encoding)


def test_every_format_has_a_file_that_imitates_it_and_every_file_a_format() -> None:
    assert {name.split(".")[0] for name in FILES} == {one.id for one in formats()}
    assert {name.removesuffix(".csv") for name in FILES} == set(NEW)


FACTS: dict[str, tuple[str, list[Row]]] = {
    "hubspot_deals.csv": (
        "select deal_id, lead_id, stage, amount, closed_at::date::varchar, channel, attributes['Pipeline'] "
        "from facts.deals order by 1",
        [
            ("18800000001", "501", "won", 18500.0, "2026-02-20", "Organic Search", "Inbound"),
            ("18800000002", "503", "lost", 7200.5, "2026-02-11", "Paid Search", "Inbound"),
            ("18800000003", "504", "open", None, None, "Referrals", "Partner"),
            ("18800000004", None, "open", 3000.0, None, "Direct Traffic", "Inbound"),
        ],
    ),
    "hubspot_contacts.csv": (
        "select lead_id, region, first_response_at::varchar from facts.leads order by 1",
        [
            ("501", "Germany", "2026-01-05 09:20:00"), ("502", "Germany", None),
            ("503", "France", "2026-01-17 09:00:00"),
        ],
    ),
    "hubspot_email.de.csv": (
        "select sent_at::varchar, recipients, unique_opens, round(open_rate, 3) from facts.campaigns order by 1",
        [("2026-01-13 09:00:00", 1200, 413, 0.35), ("2026-02-10 09:00:00", 1250, 434, 0.35)],
    ),
    "salesforce_opportunities.csv": (
        "select stage, amount, created_at::date::varchar from facts.deals order by created_at",
        [("won", 18500.0, "2026-01-05"), ("lost", 7200.5, "2026-01-07"), ("open", 3000.0, "2026-02-17")],
    ),
    "salesforce_leads.csv": (
        "select lead_id, created_at::date::varchar, channel from facts.leads order by 1",
        [
            ("00Q5g00000AbCdE", "2026-01-25", "Web"), ("00Q5g00000AbCdF", "2026-01-09", "Web"),
            ("00Q5g00000AbCde", "2026-01-07", "Referral"),
        ],
    ),
    "salesforce_activities.csv": (
        "select conversation_id, account, text, attributes['Activity Type'] from facts.conversations order by 1",
        [
            ("00T5g00000AbCdE", "Acme", "They like the tone.\nWrite to [e-mail]", "Call"),
            ("00T5g00000AbCdF", "Birch", "Asked, twice, about price", "Meeting"),
        ],
    ),
    "salesforce_data_loader.csv": (
        "select deal_id, stage from facts.deals order by deal_id collate nocase, deal_id",
        [("0065g00000AbCdE", "won"), ("0065g00000AbCde", "lost"), ("0065g00000AbCdF", "open")],
    ),
    "mailchimp_campaigns.csv": (
        "select campaign_id, sent_at::varchar, delivered, unique_opens, round(open_rate, 4) "
        "from facts.campaigns order by 1",
        [
            ("17671f6028", "2026-01-13 09:30:00", 108, 30, 0.2778),
            ("2b671f6029", "2026-02-10 21:30:00", 118, 41, 0.3475)
        ],
    ),
    "klaviyo_campaigns.csv": (
        "select campaign_id, recipients, unique_clicks from facts.campaigns order by 1",
        [("01JHX0", 1214, 24), ("01JHX1", 1300, 30)],
    ),
    "marketo_email.csv": (
        "select sent_at::date::varchar, unique_opens, unique_clicks, round(open_rate, 3) from facts.campaigns order by 1",  # noqa: E501
        [("2026-01-13", 272, 41, 0.231), ("2026-02-10", 290, 39, 0.234)],
    ),
    "pipedrive_deals.csv": (
        "select deal_id, stage, amount, currency, created_at::date::varchar, closed_at::varchar "
        "from facts.deals order by 1",
        [
            ("1", "won", 18500.0, "EUR", "2026-01-05", "2026-02-20 12:00:00"),
            ("2", "lost", 7200.5, "EUR", "2026-01-07", "2026-02-11 12:00:00"),
            ("3", "open", 3000.0, "USD", "2026-02-02", None),
        ],
    ),
    "zoho_leads.csv": (
        "select lead_id, region, attributes['Is Converted'] from facts.leads order by 1",
        [("zcrm_4876876000000123456", "Bavaria", "false"), ("zcrm_4876876000000123457", "Bavaria", "true")],
    ),
    "zoho_deals.csv": ("select stage from facts.deals order by deal_id", [("won",), ("lost",), ("open",)]),
    "dynamics_opportunities.csv": (
        "select stage, created_at::varchar, closed_at::date::varchar from facts.deals order by deal_id",
        [
            ("won", "2026-01-05 09:00:00", "2026-02-20"), ("lost", "2026-01-07 09:00:00", "2026-02-11"),
            ("open", "2026-02-02 09:00:00", None),
        ],
    ),
    "calendly_events.csv": (
        "select appointment_id, status, held_at::varchar, booked_at::date::varchar, left(lead_id, 7) "
        "from facts.appointments order by 1",
        [
            ("i1", "held", "2026-01-13 10:00:00", "2026-01-08", "00Q5g00"),
            ("i2", "cancelled", "2026-01-14 14:30:00", "2026-01-09", "hashed:"),
            ("i3", "no_show", "2026-01-15 10:00:00", "2026-01-09", "hashed:"),
            ("i4", "booked", "2026-03-09 10:00:00", "2026-02-20", "hashed:"),
        ],
    ),
    "zendesk_first_reply.csv": (
        "select lead_id, date_diff('minute', created_at, first_response_at) from facts.leads order by 1",
        [("zendesk-1001", 12), ("zendesk-1002", None), ("zendesk-1003", 250)],
    ),
    "intercom_first_reply.csv": (
        "select lead_id, date_diff('second', created_at, first_response_at) from facts.leads order by 1",
        [("intercom-215470001", 95), ("intercom-215470002", None)],
    ),
    "ga4_traffic.csv": (
        "select spent_on::date::varchar, channel, visits, cost from facts.spend order by 1, 2",
        [
            ("2026-01-05", "Organic Search", 100, None), ("2026-01-05", "Paid Search", 40, None),
            ("2026-01-06", "Organic Search", 110, None),
        ],
    ),
    "google_ads.csv": (
        "select round(sum(cost), 2), sum(clicks), count(clicks), any_value(channel), any_value(currency) "
        "from facts.spend",
        [(1038.34, 322, 2, "Google Ads", "EUR")],
    ),
    "linkedin_ads.csv": (
        "select spent_on::date::varchar, cost, clicks, campaign from facts.spend order by 1",
        [("2026-01-13", 1234.5, 44, "601"), ("2026-01-14", 900.0, 31, "601")],
    ),
    "meta_ads.csv": (
        "select spent_on::date::varchar, spent_to::date::varchar, cost, currency, clicks, ad_group "
        "from facts.spend order by 1",
        [
            ("2026-01-13", "2026-01-13", 150.25, "USD", 40, "Set A"),
            ("2026-01-14", "2026-01-14", 150.5, "USD", 41, "Set A"),
        ],
    ),
    "hubspot_email_recipients.csv": (
        "select count(*), count(opened_at), count(clicked_at), count(distinct lead_id) from facts.emails",
        [(3, 1, 1, 3)],
    ),
    "hubspot_contacts_companies.csv": (
        "select lead_id, created_at::date::varchar, region, attributes['Lead Status'] from facts.leads order by 1",
        [
            ("31833029601", "2026-01-20", "Germany", "NEW"), ("31833029602", "2026-01-21", "France", "OPEN_DEAL"),
            ("31833029603", "2026-01-22", "Spain", "NEW"),
        ],
    ),
    "google_ads_overview.csv": (
        "select spent_on::date::varchar, cost, currency, clicks from facts.spend order by 1",
        [("2026-02-05", 0.0, "USD", 0), ("2026-02-06", 50.0, "USD", 26), ("2026-02-07", 27.35, "USD", 26)],
    ),
    "salesforce_query.csv": (
        "select stage, amount, created_at::date::varchar from facts.deals order by created_at",
        [("won", 18500.0, "2026-01-05"), ("lost", 7200.5, "2026-01-07"), ("open", 3000.0, "2026-02-02")],
    ),
    "odoo_opportunities.csv": (
        "select stage, amount, closed_at::date::varchar, channel from facts.deals order by created_at",
        [
            ("won", 18500.0, "2026-02-20", "Search engine"), ("open", 7200.5, None, None),
            ("open", 3000.0, None, "Referral"),
        ],
    ),
    "bitrix24_deals.ru.csv": (
        "select deal_id, stage, amount, currency, closed_at::date::varchar from facts.deals order by 1",
        [
            ("101", "won", 84000.0, "EUR", "2026-02-06"), ("102", "open", 15000.0, "EUR", None),
            ("103", "lost", 5000.0, "EUR", "2026-02-18"),
        ],
    ),
    "freshsales_deals.csv": (
        "select deal_id, lead_id, stage, closed_at::date::varchar from facts.deals order by 1",
        [
            ("70012345001", "501", "won", "2026-02-20"), ("70012345002", "503", "lost", "2026-02-11"),
            ("70012345003", None, "open", None),
        ],
    ),
    "close_opportunities.csv": (
        "select stage, amount, attributes['value_period'], left(lead_id, 5) from facts.deals order by created_at",
        [
            ("won", 18500.0, "one_time", "lead_"), ("lost", 7200.5, "one_time", "lead_"),
            ("open", 3000.0, "monthly", "lead_"),
        ],
    ),
    "monday_deals.csv": (
        "select deal_id, stage, amount, closed_at::date::varchar from facts.deals order by 1",
        [
            ("9001000001", "won", 18500.0, "2026-02-20"), ("9001000002", "lost", 7200.5, "2026-02-11"),
            ("9001000003", "open", 3000.0, None),
        ],
    ),
    "sendgrid_activity.csv": (
        "select left(message_id, 6), delivered_at::varchar, opened_at::varchar, clicked_at::varchar, left(lead_id, 7) "
        "from facts.emails order by 1",
        [
            ("kD0aQ1", "2026-01-13 09:00:02", "2026-01-13 10:10:00", "2026-01-13 10:31:00", "hashed:"),
            ("kD0aQ2", None, None, None, "hashed:"), ("kD0aQ3", "2026-01-14 09:00:03", None, None, "hashed:"),
        ],
    ),
    "brevo_logs.it.csv": (
        "select sent_at::varchar, opened_at::varchar, machine_open, clicked_at::varchar from facts.emails order by 1",
        [
            ("2026-01-13 09:00:05", "2026-01-13 10:10:00", False, "2026-01-13 10:11:00"),
            ("2026-01-14 09:00:05", "2026-01-14 09:00:30", True, None), ("2026-01-15 09:00:05", None, None, None),
        ],
    ),
    "lemlist_activities.csv": (
        "select lead_id, sent_at::varchar, opened_at is not null, clicked_at is not null from facts.emails order by 1, 2",  # noqa: E501
        [
            ("lea_1", "2026-01-13 09:00:00", True, True), ("lea_1", "2026-01-16 09:00:00", False, False),
            ("lea_2", "2026-01-13 09:00:00", False, False),
        ],
    ),
    "instantly_leads.csv": (
        "select created_at::date::varchar, attributes['status_summary'] from facts.leads order by 1",
        [("2026-01-05", "completed"), ("2026-01-06", "active")],
    ),
    "activecampaign_campaigns.csv": (
        "select campaign_id, recipients, unique_opens, unsubscribes from facts.campaigns order by 1",
        [("31", 1200, 402, 2), ("32", 1250, 398, 3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_an_export_of_a_known_system_gives_its_facts_whatever_order_it_comes_in(
    warehouse: Warehouse, tmp_path: Path, name: str
) -> None:
    first = bring(warehouse, name)
    declared = next(one for one in formats() if one.id == name.split(".")[0])
    stem = name.removesuffix(".csv")
    assert (first.state, first.source, first.template) == ("landed", declared.name, declared.template), first
    assert (first.rows.new, first.rows.skipped, first.rows.quarantined) == (
        NEW[stem],
        SKIPPED.get(stem, 0),
        0,
    )
    assert first.rows.read == first.rows.new + first.rows.skipped
    if name in FACTS:
        sql, wanted = FACTS[name]
        assert warehouse.select(sql) == wanted
    stored = str([rows for table, rows in everything_landed(warehouse).items() if table != "landed.skipped"])
    for private in ("example.com", "Bloggs", "5550001", "555 0100"):
        assert private not in stored
    before = _facts(warehouse, declared.template)
    assert bring(warehouse, name).rows.unchanged == NEW[stem]
    shuffled = write(tmp_path, _shuffled(name, 7), name)
    again = land(warehouse, shuffled, IngestOptions(exported_on=EXPORTED))
    assert (again.state, again.rows.new, again.rows.updated) == ("landed", 0, 0), again.message
    assert again.rows.unchanged == NEW[stem]
    assert _facts(warehouse, declared.template) == before


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_the_language_of_the_headings_changes_nothing(warehouse: Warehouse, language: str) -> None:
    sql = "select deal_id, lead_id, stage, amount, created_at, closed_at from facts.deals order by 1"
    bring(warehouse, f"hubspot_deals.{language}.csv")
    translated = warehouse.select(sql)
    undo(warehouse, 1)
    bring(warehouse, "hubspot_deals.csv")
    assert translated == warehouse.select(sql)[:3]


@pytest.mark.parametrize("name", FILES)
def test_with_any_heading_renamed_an_export_is_taken_for_no_other_system(
    warehouse: Warehouse, name: str
) -> None:
    header = header_of(warehouse, name)
    own = name.split(".")[0]
    assert [match.format.id for match in find_formats(header)][:1] == [own]
    for place in range(len(header)):
        renamed = (*header[:place], "Something else", *header[place + 1 :])
        assert {match.format.id for match in find_formats(renamed)} <= {own}


def _shuffled(name: str, seed: int) -> str:
    """The same table with its rows and columns in another order, as plain CSV without what surrounds it."""
    delimiter = "\t" if name == "google_ads.csv" else (";" if name.count(".") == 2 else ",")
    rows = list(csv.reader(io.StringIO(text_of(name)), delimiter=delimiter))
    width = max(len(row) for row in rows)
    table = [row for row in rows if len(row) == width and not row[0].lower().startswith(("total", "grand"))]
    if name in IN_GROUPS:
        table = [row for row in table if row[-1]]
    order = random.Random(seed)
    # columns of two things stand in blocks, and only their place says whose they are
    places = [*range(width)] if name in IN_BLOCKS else order.sample(range(width), width)
    body = order.sample(table[1:], len(table) - 1)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[row[p] for p in places] for row in (table[0], *body)])
    return out.getvalue()


def _facts(warehouse: Warehouse, template: str) -> list[Row]:
    (row,) = warehouse.select(
        "select string_agg('\"' || column_name || '\"', ', ') from information_schema.columns "
        "where table_schema = 'facts' and table_name = $name and column_name not in ('import_id', 'line')",
        {"name": template},
    )
    return sorted(warehouse.select(f"select {row[0]} from facts.{template}"), key=repr)


@pytest.mark.parametrize("name", ["hubspot_deals.csv", "meta_ads.csv"])
def test_overlapping_exports_in_any_order_give_the_same_facts(
    warehouse: Warehouse, tmp_path: Path, name: str
) -> None:
    lines = text_of(name).splitlines(keepends=True)
    early = write(tmp_path, "".join([lines[0], *lines[1:-1]]), f"early_{name}")
    late = write(tmp_path, "".join([lines[0], *lines[2:]]).replace("3000", "3999"), f"late_{name}")
    dates = {early: dt.date(2026, 3, 1), late: dt.date(2026, 3, 8)}
    found = []
    for order in ((early, late), (late, early)):
        reports = [land(warehouse, file, IngestOptions(exported_on=dates[file])) for file in order]
        assert all(report.state == "landed" for report in reports)
        found.append(_facts(warehouse, str(reports[0].template)))
        for report in reports:
            undo(warehouse, report.import_id or 0)
        assert _facts(warehouse, str(reports[0].template)) == []
    assert found[0] == found[1]


def test_an_export_without_a_needed_column_says_what_to_add_in_the_system(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    text = text_of("hubspot_deals.csv").replace("Create Date", "Owner team")
    report = land(warehouse, write(tmp_path, text, "deals.csv"))
    assert (report.state, report.code) == ("refused", "missing_column")
    assert "add the property 'Create Date' to the view and export again" in report.message


def test_rows_that_nothing_tells_apart_are_asked_about(warehouse: Warehouse, tmp_path: Path) -> None:
    text = (
        text_of("salesforce_opportunities.csv")
        .replace("Birch - New", "Acme - New")
        .replace("1/7/2026", "1/5/2026")
    )
    report = land(warehouse, write(tmp_path, text, "report.csv"), IngestOptions(dates="mdy"))
    assert (report.state, [one.code for one in report.questions]) == ("asks", ["no_id_column"])
    assert "add the column 'Opportunity ID' to the report" in report.message
    mapping = {"generate_id": ["Opportunity Name", "Account Name", "Created Date"]}
    answered = land(warehouse, tmp_path / "report.csv", IngestOptions(dates="mdy", mapping=mapping))
    assert (answered.state, answered.rows.new) == ("landed", 3), answered.message


def test_stages_of_a_company_are_asked_about_once(warehouse: Warehouse, tmp_path: Path) -> None:
    text = (
        text_of("hubspot_deals.csv").replace("Contract sent", "Verbal yes").replace("Closed won", "Signed!")
    )
    report = land(warehouse, write(tmp_path, text, "deals.csv"))
    (question,) = report.questions
    assert (report.state, question.code, question.column) == ("asks", "unknown_words", "stage")
    assert question.about == ("Signed!", "Verbal yes")
    assert question.choices == ("lost", "open", "won")
    mapping = {"values": {"stage": {"Signed!": "won", "Verbal yes": "open"}}}
    answered = land(warehouse, tmp_path / "deals.csv", IngestOptions(mapping=mapping))
    assert (answered.state, answered.source) == ("landed", "HubSpot deals")
    assert column(warehouse, "select stage from facts.deals order by deal_id") == [
        "won",
        "lost",
        "open",
        "open",
    ]
    later = write(tmp_path, text.replace("Acme rollout", "Acme roll-out"), "later.csv")
    assert land(warehouse, later).rows.unchanged == 4


def test_every_other_word_can_mean_one_thing(warehouse: Warehouse, tmp_path: Path) -> None:
    text = text_of("hubspot_deals.csv").replace("Contract sent", "Verbal yes")
    mapping = {
        "otherwise": {"stage": "open"},
        "workflow": {"column": "Pipeline", "values": {"Inbound": "lead-routing"}},
    }
    report = land(warehouse, write(tmp_path, text, "deals.csv"), IngestOptions(mapping=mapping))
    assert report.state == "landed", report.message
    found = warehouse.select(
        "select stage, workflow, attributes['Pipeline'] from facts.deals order by deal_id"
    )
    assert found == [
        ("won", "lead-routing", "Inbound"), ("lost", "lead-routing", "Inbound"), ("open", None, "Partner"),
        ("open", "lead-routing", "Inbound"),
    ]  # fmt: skip


def test_a_report_without_a_date_lands_with_the_day_it_was_told(warehouse: Warehouse, tmp_path: Path) -> None:
    text = text_of("marketo_email.csv").replace("First Activity", "Activity")
    report = land(warehouse, write(tmp_path, text, "marketo.csv"))
    assert (report.state, "constants: {sent_at: 2026-11-02}" in report.message) == ("refused", True)
    options = IngestOptions(mapping={"constants": {"sent_at": "2026-01-12"}})
    assert land(warehouse, tmp_path / "marketo.csv", options).rows.new == 2
    assert column(warehouse, "select distinct sent_at::date::varchar from facts.campaigns") == ["2026-01-12"]


def test_a_column_of_the_own_kind_is_kept_where_a_mapping_says_so(warehouse: Warehouse) -> None:
    options = {"mapping": {"columns": {"Email": "lead_id"}, "attributes": ["Lifecycle Stage"]}}
    assert bring(warehouse, "hubspot_contacts.csv", **options).rows.new == 3
    ids = column(warehouse, "select lead_id from facts.leads")
    assert all(one.startswith("hashed:") for one in ids)
    assert column(warehouse, "select distinct map_keys(attributes) from facts.leads") == [["Lifecycle Stage"]]


def test_a_template_of_ours_is_never_taken_for_a_system(warehouse: Warehouse, tmp_path: Path) -> None:
    text = "lead_id,created_at,Record ID,Lifecycle Stage,Email\n1,2026-01-05,9,Lead,\n"
    report = land(warehouse, write(tmp_path, text, "leads.csv"))
    assert (report.state, report.source) == ("landed", "leads template")


FAULTY = """
name: X
template: leads
known: surely
headings: [A]
columns: {lead_id: [A], created_at: {first_filled: [B]}, close: [C], owner: {fist: [D]}}
drop: [{where: A, is: [""], reason: whim}]
values: {lead_id: 7}
languages: {de: {Ä: Q}}
tkaes: x
"""


def test_all_faults_of_all_formats_are_told_at_once() -> None:
    with pytest.raises(ExportError) as raised:
        read_formats({"x": FAULTY, "y": "name: ["})
    for words in (
        'x.yaml, line 10: "tkaes" is not a key that is known; did you mean takes?',
        "x.yaml, line 2: 'takes' is missing",
        "x.yaml, line 4: 'known' is 'surely'; write verified, partly or recollection",
        "x.yaml, line 6: 'created_at' is a time, which no recipe can make",
        "x.yaml, line 6: 'close' is no column of leads",
        'x.yaml, line 6: "columns.owner.fist" is not a key that is known',
        "x.yaml, line 7: 'drop' has the reason 'whim'",
        "x.yaml, line 8: 'values' names 'lead_id'",
        "x.yaml, line 9: de: 'ä' stands for 'q', which the format does not know",
        "x.yaml, line 9: de: nothing stands for 'a'",
        "y.yaml, line 1: a bracket is opened and never closed",
    ):
        assert words in str(raised.value)


def test_a_needed_column_must_be_fed_or_asked_for() -> None:
    text = "name: X\ntemplate: leads\nknown: partly\nheadings: [A]\ncolumns: {lead_id: [A]}\ntakes: x\nleaves: y\n"
    with pytest.raises(ExportError, match="nothing feeds created_at, which leads needs"):
        read_formats({"x": text})
    assert read_formats({"x": text + "ask: {created_at: add it}\n"})[0].ask == {"created_at": "add it"}


def test_a_format_declared_twice_is_a_fault() -> None:
    text = "name: X\ntemplate: spend\nknown: partly\nheadings: [A]\ncolumns: {spent_on: [A]}\ntakes: x\nleaves: y\n"
    with pytest.raises(ExportError, match="'X' is declared twice"):
        read_formats({"x": text, "y": text})


def test_an_identity_is_made_of_headings_that_the_format_knows_otherwise() -> None:
    text = (
        "name: X\ntemplate: spend\nknown: partly\nheadings: [Day]\ntakes: x\nleaves: y\n"
        "columns:\n  spent_on: [Day]\n  campaign: {made_of: [Day, Campagin]}\n"
    )
    with pytest.raises(
        ExportError, match="'campagin' of campaign is a heading that the format does not know"
    ):
        read_formats({"x": text})


def test_a_format_that_any_file_would_be_taken_for_or_words_that_are_never_read_are_faults() -> None:
    text = "name: X\ntemplate: spend\nknown: partly\nheadings: []\ncolumns: {spent_on: [A]}\ntakes: x\nleaves: y\n"
    with pytest.raises(ExportError) as raised:
        read_formats({"x": f"{text}values: {{spent_on: {{today: [now]}}}}\n"})
    assert "x.yaml, line 4: 'headings' is empty, so that any file would be taken for one of these" in str(
        raised.value
    )
    assert "x.yaml, line 8: 'values' names 'spent_on', which is no choice of spend" in str(raised.value)
