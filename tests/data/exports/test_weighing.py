"""What a file's rows are is weighed over all templates: a link is no identity, and words of other rows count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.dashboard.cli.print_landing import proposed
from leadline.data.exports.landing_report import AskError
from leadline.data.exports.recognition.entities import named_entity
from leadline.data.exports.recognition.weighing import template_of_headings
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear, land_text, lines, write


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with open_warehouse(Workspace(tmp_path_factory.mktemp("weighing") / "w", SMALL)) as opened:
        yield opened


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    clear(shared)
    return shared


@pytest.mark.parametrize(
    ("heading", "thing"),
    [
        ("LEADID", "lead"), ("Opportunity ID", "opportunity"), ("18 Digit Opportunity ID", "opportunity"),
        ("Record ID - Company", "company"), ("task_id", "task"), ("Contact Owner ID", None), ("ID", ""),
        ("Kontakt-Nr", "kontakt"), ("Converted Deal ID", None), ("Associated Deal IDs", None), ("Paid", None),
        ("Amount", None), ("valid", None),
    ],
)  # fmt: skip
def test_a_heading_names_the_identity_of_one_thing_or_of_none(heading: str, thing: str | None) -> None:
    assert named_entity(heading) == thing


NO_LEADS = {
    "tasks of leads": ("lead_id,created_at,task_id,subject", "'task_id' a task"),
    "activities": ("Activity ID,Lead ID,Created Date,Activity Type", "'Activity ID' an activity"),
    "deals with their contact": ("deal_id,created_at,contact_id,stage_id", "'deal_id' a deal"),
    "orders": ("order_no,contact_id,created_on,total", "'order_no' an order"),
    "deals by the lead's key": ("Deal name,LeadID,Created,Closing Date,Amount,Stage", "words of deals"),
    "Dutch column order": ("Stage,Probability,Amount,created_at,lead_id,currency", "words of deals"),
    "opens of leads": ("lead_id,created_at,sent,opened,clicked,delivered", "words of emails"),
    "notes": ("lead_id;created_at;note_id;text", "'note_id' a note"),
}


@pytest.mark.parametrize("name", NO_LEADS)
def test_rows_that_only_name_a_lead_are_never_taken_for_leads(name: str) -> None:
    header, words = NO_LEADS[name]
    with pytest.raises(AskError) as asked:
        template_of_headings(header.split(";" if ";" in header else ","), "x.csv")
    (question,) = asked.value.questions
    assert question.code == "which_template"
    assert words in question.message
    assert question.choices[-1] == "leads"


@pytest.mark.parametrize(
    ("header", "template"),
    [
        ("lead_id,created_at,company_id,owner_id,account_number", "leads"),
        ("lead_id,created_at,source,campaign_id,stage", "leads"),
        ("Lead ID,Created Date,Converted Opportunity ID,Lead Owner,Expected Revenue", "leads"),
        ("contact_id,created_at,Associated Deal IDs,phone number,zip code", "leads"),
        ("lead_id,created_at,external_id,hubspot_id", "leads"),
        ("lead_id,created_at,session_id,visitor_id,form_id", "leads"),
        ("deal_id,lead_id,created_at,stage,region,owner,segment,score", "deals"),
        ("deal_id,contact_id,customer_id,created_at,stage,pipeline_id,owner_id", "deals"),
        ("message_id,lead_id,sent,opened,campaign_id", "emails"),
        ("campaign_id,sent_at,recipients,delivered,list_id", "campaigns"),
        ("appointment_id,lead_id,start,status,deal_id", "appointments"),
        ("conversation_id,lead_id,held_at,text", "conversations"),
    ],
)
def test_identities_that_describe_a_row_or_lead_elsewhere_speak_against_nothing(
    header: str, template: str
) -> None:
    assert template_of_headings(header.split(","), "x.csv").name == template


def test_a_file_that_names_a_lead_lands_as_what_a_person_says(warehouse: Warehouse) -> None:
    text = lines(
        "Potential Name,Created Time,Closing Date,Amount,Stage,LEADID",
        "A,2026-01-05,2026-02-01,100,Closed Won,1",
        "B,2026-01-06,2026-02-02,200,Closed Lost,1",
        "A,2026-01-07,,300,Negotiation,2",
    )
    asked = land_text(warehouse, text, name="potentials.csv")
    assert (asked.state, asked.questions[0].code) == ("asks", "which_template")
    assert warehouse.select("select count(*) from facts.leads") == [(0,)]
    assert asked.suggestion is not None
    assert asked.suggestion["generate_id"] == ["Potential Name", "Created Time"]
    landed = land_text(warehouse, text, name="potentials.csv", mapping=asked.suggestion)
    assert (landed.template, landed.rows.new) == ("deals", 3)
    found = warehouse.select("select lead_id, stage, amount from facts.deals order by created_at")
    assert found == [("1", "won", 100.0), ("1", "lost", 200.0), ("2", "open", 300.0)]
    week_after = land_text(
        warehouse, text.replace(",300,Negotiation", ",300,Closed Won"), name="potentials.csv"
    )
    assert (week_after.state, week_after.rows.updated, week_after.rows.unchanged) == ("landed", 1, 2)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Company ID,Created,Source\nC1,2026-01-05,web\nC2,2026-01-06,web\n", "lead_id from 'Company ID'"),
        ("Ticket ID,Resolved Date,Subject\n1,2026-01-05,a\n2,2026-01-06,b\n", "held_at"),
        ("Opened,Owner ID,Result\n2026-01-05,7,Won\n2026-01-06,8,Lost\n", "deal_id from"),
        ("Customer no,Opened,Result\n7,2026-01-05,Won\n8,2026-01-06,Lost\n", "deal_id from 'Customer no'"),
        (
            "Task no,When,Outcome\n7,2026-01-05,Attended\n8,2026-01-06,No show\n",
            "appointment_id from 'Task no'",
        ),
        (
            "Lead ref,Created,Response time (hours)\n7,2026-01-05,3\n8,2026-01-06,4\n",
            "first_response_minutes from",
        ),
    ],
)
def test_a_heading_that_names_something_else_is_never_proposed(
    warehouse: Warehouse, text: str, never: str
) -> None:
    report = land_text(warehouse, text, name="x.csv")
    assert report.state != "landed"
    assert never not in report.message


def test_a_response_time_in_hours_is_hours(warehouse: Warehouse) -> None:
    text = lines(
        "lead_id,created_at,Response Time (hours)", "T1,2026-01-05 04:00,6", "T2,2026-01-06 02:00,0.5"
    )
    assert land_text(warehouse, text).rows.new == 2
    found = warehouse.select(
        "select date_diff('minute', created_at, first_response_at) from facts.leads order by lead_id"
    )
    assert found == [(360,), (30,)]


def test_words_of_a_stage_may_be_written_as_programs_do(warehouse: Warehouse) -> None:
    words = ("CLOSED_WON", "closed-lost", "In_Progress", "Contract_Sent", "closedwon")
    rows = [f"D{number},2026-01-05,{word}" for number, word in enumerate(words)]
    assert land_text(warehouse, lines("deal_id,created_at,stage", *rows)).rows.new == 5
    found = warehouse.select("select stage from facts.deals order by deal_id")
    assert [stage for (stage,) in found] == ["won", "lost", "open", "open", "won"]


@pytest.mark.parametrize(
    "heading", ["Response time", "First Reply Time", "Time to first response", "Reaktionszeit"]
)
def test_a_response_time_without_a_unit_is_asked_about(warehouse: Warehouse, heading: str) -> None:
    text = lines(f"lead_id,created_at,{heading}", "T1,2026-01-05 04:00,6", "T2,2026-01-06 02:00,19")
    asked = land_text(warehouse, text)
    assert (asked.state, asked.questions[0].code) == ("asks", "missing_unit")
    assert "first_response_hours" in asked.questions[0].option
    said = {"template": "leads", "columns": {heading: "first_response_hours"}}
    assert land_text(warehouse, text, mapping=said).rows.new == 2
    assert warehouse.select(
        "select date_diff('hour', created_at, first_response_at) from facts.leads order by lead_id"
    ) == [(6,), (19,)]
    week_after = land_text(warehouse, text + "T3,2026-01-12 02:00,1\n", name="later.csv")
    assert (week_after.rows.new, week_after.rows.unchanged) == (1, 2)


def test_a_repeated_heading_is_never_proposed_for_what_it_can_not_be(warehouse: Warehouse) -> None:
    text = lines("Nr,Notes,Notes,created_at,channel,region", "1,a,b,2026-01-05,web,EU")
    report = land_text(warehouse, text, template="leads")
    assert report.state != "landed"
    assert "Notes (2)': " not in report.message
    assert "Notes (2): lead_id" not in report.message


META = (
    '\ufeff"Campaign name",{dimension},"Impressions","Link clicks","Amount spent (EUR)",'
    '"Reporting starts","Reporting ends"'
)


@pytest.mark.parametrize("dimension", ["Age", "Region", "Placement", "Gender"])
def test_meta_ads_by_a_dimension_adds_up_to_the_total_once(warehouse: Warehouse, dimension: str) -> None:
    text = lines(
        META.replace("{dimension}", dimension),
        ",,900,90,60,2026-01-05,2026-01-11",
        "Spring,one,500,50,40,2026-01-05,2026-01-11",
        "Spring,two,400,40,20,2026-01-05,2026-01-11",
    )
    report = land_text(warehouse, text, name="meta.csv")
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (2, 1, 0), report
    assert warehouse.select("select sum(cost), count(distinct ad) from facts.spend") == [(60.0, 2)]
    assert land_text(warehouse, text.replace(",40,20,", ",40,22,"), name="later.csv").rows.updated == 1


def test_of_contacts_and_companies_the_contact_s_columns_count_whichever_come_first(
    warehouse: Warehouse,
) -> None:
    text = lines(
        "Record ID - Company,Company name,Create Date,Country/Region,Record ID - Contact,Email,Create Date,"
        "Country/Region",
        "9,Alder,2024-01-05,Austria,1,a@example.com,2026-01-05,Germany",
    )
    report = land_text(warehouse, text, name="hubspot.csv")
    assert report.source == "HubSpot contacts with companies"
    assert "'Create Date (2)'" in next(w.message for w in report.warnings if w.code == "duplicate_header")
    assert warehouse.select("select lead_id, created_at::date::varchar, region from facts.leads") == [
        ("1", "2026-01-05", "Germany")
    ]


def test_companies_are_no_contacts(warehouse: Warehouse) -> None:
    text = lines(
        "Record ID,Company name,Company owner,Create Date,Phone Number,Lifecycle Stage,Industry",
        "9,Alder,R. One,2024-01-05,1,Lead,x",
    )
    report = land_text(warehouse, text, name="hubspot.csv")
    assert report.state == "asks"
    assert warehouse.select("select count(*) from facts.leads") == [(0,)]


def test_what_is_proposed_can_be_copied_from_the_command_line(warehouse: Warehouse, tmp_path: Path) -> None:
    text = lines(
        "Ticket ID,Created: Date,Response Time (hours)", "T1,2026-01-05 04:00,6", "T2,2026-01-06 02:00,19"
    )
    report = land_text(warehouse, text, name="tickets.csv")
    told = proposed(report.to_dict())
    assert told[0].startswith("  Proposed by names and cells alone; check it")
    mapping = write(tmp_path, "\n".join(line.removeprefix("    ") for line in told[1:]), "m.yaml")
    landed = land_text(warehouse, text, name="tickets.csv", mapping=mapping)
    assert (landed.template, landed.rows.new) == ("leads", 2), landed.message
    assert proposed(landed.to_dict()) == []


_LEAD, _SPEND = "7,2026-01-05,web,Ann", "2026-01-05,Brand,400,20,12.5"
GENERAL = {
    "all of leads": ("id,created_at,source,owner", _LEAD, "leads"),
    "contacts of few columns": ("Record ID,First Name,Email,Create Date", "7,Al,a@x.example,2026-01-05", "leads"),
    "a source of contacts": (
        "Record ID,Email,Create Date,Original Source", "7,a@x.example,2026-01-05,Ads", "leads",
    ),
    "a day of spend": ("date,campaign,impressions,clicks,cost", _SPEND, "spend"),
    "Tag": ("Tag,campaign,impressions,clicks,Kosten", _SPEND, "spend"),
    "German deals": (
        "Datensatz-ID,Dealname,Dealphase,Betrag,Erstellt am", "7,A,gewonnen,10,2026-01-05", "deals",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GENERAL)
def test_a_general_name_of_the_key_is_enough_where_all_headings_are_of_one_template(
    warehouse: Warehouse, name: str
) -> None:
    header, row, template = GENERAL[name]
    report = land_text(warehouse, lines(header, row), name="x.csv")
    assert (report.state, report.template) == ("landed", template), report.message


TOO_GENERAL = (
    "id,created_at,source", "id,created_at,owner,status", "date,channel,cost",
    "date,campaign,channel,account,clicks,opens,sends",
)  # fmt: skip


@pytest.mark.parametrize("header", TOO_GENERAL)
def test_a_general_name_of_the_key_is_asked_beside_few_headings_or_those_of_other_rows(header: str) -> None:
    with pytest.raises(AskError) as asked:
        template_of_headings(header.split(","), "x.csv")
    assert "too few and too general" in asked.value.questions[0].message


def test_deals_without_a_known_stage_are_proposed_as_deals_and_never_as_spend(warehouse: Warehouse) -> None:
    header = "Vorgang-Nr,Dealname,Abschluss,Betrag,Verlauf,Angelegt"
    rows = [f"{n},D{n},2026-02-0{n},10{n},A,2026-01-0{n}" for n in range(1, 6)]
    report = land_text(warehouse, lines(header, *rows), name="x.csv")
    assert report.state == "asks"
    assert report.suggestion is None or report.suggestion["template"] == "deals"
