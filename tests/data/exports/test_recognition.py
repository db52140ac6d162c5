"""What an export is, by its headings or by a mapping."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from leadline.data.errors import ExportError
from leadline.data.exports.recognition.mapping import read_mapping
from leadline.data.exports.recognition.recognize import fingerprint
from leadline.data.landing.land import undo
from leadline.data.sql import names, read_sql
from leadline.data.templates import Template, fold, templates
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text, lines, write


def test_the_landed_tables_hold_exactly_the_columns_of_the_templates(warehouse: Warehouse) -> None:
    types = {
        "time": "TIMESTAMP", "number": "DOUBLE", "money": "DOUBLE", "percent": "DOUBLE", "count": "BIGINT",
        "boolean": "BOOLEAN",
    }  # fmt: skip
    for template in templates().values():
        found = warehouse.select(
            "select column_name, data_type from information_schema.columns "
            "where table_schema = 'landed' and table_name = $name order by ordinal_position",
            {"name": template.name},
        )
        wanted = [(c.name, types.get(c.type, "VARCHAR")) for c in template.columns if not c.helper]
        assert found[: len(wanted)] == wanted
        assert [name for name, _ in found[len(wanted) :]] == [
            "attributes", "modified_at", "known_at", "import_id", "line", "is_retired",
        ]  # fmt: skip
        assert set(template.key) <= set(template.landed)


def test_every_file_of_checks_is_of_a_template() -> None:
    for file in names("checks"):
        assert file.removeprefix("checks/").removeprefix("odd_").removesuffix(".sql") in templates()
        assert "from typed_rows" in read_sql(file)


@pytest.mark.parametrize("template", templates().values(), ids=templates())
def test_what_has_happened_can_not_lie_in_the_future(warehouse: Warehouse, template: Template) -> None:
    cells = {"id": "X1", "time": "2024-01-05", "choice": "other", "number": "1", "money": "1", "percent": "1"}
    cells |= {"choice": "open"} if template.name == "deals" else {}
    columns = [c for c in template.columns if c.required != "no" or c.name in template.in_the_past]
    ahead = [cells.get(c.type, "x") if c.name not in template.in_the_past else "2199-01-05" for c in columns]
    text = lines(",".join(c.name for c in columns), ",".join(ahead))
    report = land_text(warehouse, text, template=template.name)
    assert [reason.reason for reason in report.reasons] == ["future_date"]
    assert (report.rows.new, report.rows.quarantined) == (0, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Created_Date", "created date "), ("﻿Lead\u00a0ID", "lead-id"), ("ÜBER  Uns", "über uns")],
)
def test_spellings_of_one_heading_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_files_with_the_same_headings_have_the_same_fingerprint() -> None:
    assert fingerprint(["Lead ID", "Created"]) == fingerprint(["created", "lead_id", ""])
    assert fingerprint(["Lead ID", "Created"]) != fingerprint(["Lead ID", "Closed"])


@pytest.mark.parametrize(
    ("header", "row", "template"),
    [
        ("LEAD ID,Created Date,Source", "L1,2026-01-05,x", "leads"),
        ("created_date,lead_id", "2026-01-05,L1", "leads"),
        ("Opportunity ID,Lead ID,Created Date,Close Date,Stage,Amount", "D1,L1,2026-01-05,,open,1", "deals"),
        ("deal_id,created_date,close_date,stage,amount", "D1,2026-01-05,2026-01-05,won,1", "deals"),
        ("campaign_id,send_date,workflow,sent,delivered,unique_opens", "C1,2026-01-05,w,10,9,3", "campaigns"),
        ("message_id,lead_id,sent,opened", "M1,L1,2026-01-05,2026-01-05", "emails"),
        ("asset_id,published", "X1,2026-01-05", "assets"),
        ("asset_id,used_on,used_by", "X1,2026-01-05,Ann", "asset_uses"),
        ("item_id,reviewed_on,reviewer,score", "X1,2026-01-05,Ann,4", "reviews"),
        ("unit_id,entered_at,kind,first_response_at", "U1,2026-01-05,ticket,2026-01-06", "units"),
        ("event_id,unit_id,happened_at,kind", "E1,U1,2026-01-05,renewed", "events"),
        ("message_id,sent_at,replied_at", "M1,2026-01-05,2026-01-06", "emails"),
        ("appointment_id,lead_id,start time,status", "A1,L1,2026-01-05,held", "appointments"),
    ],
)
def test_usual_synonyms_are_recognised(warehouse: Warehouse, header: str, row: str, template: str) -> None:
    report = land_text(warehouse, lines(header, row), name="export.csv")
    assert (report.state, report.template) == ("landed", template), report.message
    assert report.rows.new == 1


def test_a_bare_id_recognises_nothing_by_itself(warehouse: Warehouse) -> None:
    text = "id,created_at,stage\n1,2026-01-05,won\n"
    assert land_text(warehouse, text, name="x.csv").state == "asks"
    assert land_text(warehouse, text, name="x.csv", template="deals").rows.new == 1
    assert land_text(warehouse, text + "2,2026-01-05,won\n", name="x.csv").rows.new == 1  # remembered


def test_one_heading_feeds_one_column_only(warehouse: Warehouse) -> None:
    land_text(warehouse, "deal_id,created_at,status,stage\nD1,2026-01-05,Active,won\n", name="d.csv")
    assert warehouse.select("select stage, attributes['status'] from facts.deals") == [("won", "Active")]


def test_headings_that_stand_twice_are_asked_about(warehouse: Warehouse) -> None:
    text = "lead_id,Date,Date\nL1,2026-01-05,2026-02-01\n"
    report = land_text(warehouse, text)
    assert (report.state, report.questions[0].code) == ("asks", "duplicate_header")
    assert "'Date (2): created_at'" in report.questions[0].option
    answered = land_text(
        warehouse, text, mapping={"template": "leads", "columns": {"Date (2)": "created_at"}}
    )
    assert answered.rows.new == 1
    assert column(warehouse, "select created_at::date::varchar from facts.leads") == ["2026-02-01"]


CRM = lines(
    "Opp No,Opened,Decided,Result,Value,Product line,Remarks",
    "7,2026-01-05,2026-02-01,Signed,100,A,x",
    "8,2026-01-06,2026-02-02,Declined,200,B,y",
    "9,2026-01-07,,In talks,300,A,z",
)
MAPPING: dict[str, Any] = {
    "template": "deals",
    "columns": {
        "Opp No": ["deal_id", "lead_id"],
        "Opened": "created_at",
        "Decided": "closed_at",
        "Result": "stage",
        "Value": "amount",
    },
    "constants": {"workflow": "routing", "currency": "EUR"},
    "values": {"stage": {"Signed": "won", "Declined": "lost", "In talks": "open"}},
    "attributes": ["Product line"],
}


def test_a_mapping_says_what_headings_constants_and_words_mean(warehouse: Warehouse) -> None:
    report = land_text(warehouse, CRM, name="crm.csv", mapping=MAPPING)
    assert (report.rows.new, report.rows.quarantined) == (3, 0)
    found = warehouse.select(
        "select deal_id, lead_id, stage, amount, currency, workflow, attributes from facts.deals order by deal_id"
    )
    assert found[0] == ("7", "7", "won", 100.0, "EUR", "routing", {"Product line": "A"})
    assert [row[2] for row in found] == ["won", "lost", "open"]


def test_a_mapping_is_remembered_for_files_with_the_same_headings(warehouse: Warehouse) -> None:
    land_text(warehouse, CRM, name="week1.csv", mapping=MAPPING)
    report = land_text(warehouse, CRM.replace("In talks", "Signed"), name="week2.csv")
    assert (report.rows.updated, report.rows.unchanged) == (1, 2)
    assert report.source == "mapping taught before"


def test_what_was_taught_is_forgotten_with_its_import(warehouse: Warehouse) -> None:
    land_text(warehouse, CRM, name="week1.csv", mapping=MAPPING)
    undo(warehouse, 1)
    assert land_text(warehouse, CRM, name="week1.csv").state == "asks"


def test_what_is_taught_otherwise_than_before_is_told_and_counts_until_it_is_undone(
    warehouse: Warehouse,
) -> None:
    def stages(text: str, **said: Any) -> tuple[list[str], list[str], int]:
        report = land_text(warehouse, text, name="week.csv", **said)
        assert report.state == "landed", report.message
        told = [one.message for one in report.warnings if one.code == "taught_otherwise"]
        found = warehouse.select("select stage from facts.deals where deal_id >= '7' order by deal_id")
        return [stage for (stage,) in found], told, report.import_id or 0

    assert stages(CRM, mapping=MAPPING)[:2] == (["won", "lost", "open"], [])
    assert stages(CRM.replace("In talks", "Signed"), mapping=MAPPING)[1] == []
    again = {**MAPPING, "values": {"stage": {**MAPPING["values"]["stage"], "Signed": "open"}}}
    found, (told,), landed = stages(CRM + "91,2026-01-08,2026-02-03,Signed,1,A,x\n", mapping=again)
    assert "stage 'signed' is open and was won" in told
    assert "until this import is undone" in told
    assert found[-1] == "open"
    assert stages(CRM + "92,2026-01-08,2026-02-03,Signed,1,A,x\n")[0][-1] == "open"
    for import_id in (landed + 1, landed):
        undo(warehouse, import_id)
    found, told_again, _ = stages(CRM + "93,2026-01-08,2026-02-03,Signed,1,A,x\n")
    assert (found[-1], told_again) == ("won", [])


def test_days_that_are_said_to_be_written_otherwise_than_before_are_told(warehouse: Warehouse) -> None:
    land_text(warehouse, lines("lead_id,created_at", "1,03/04/2026"), dates="dmy")
    report = land_text(warehouse, lines("lead_id,created_at", "2,05/06/2026"), dates="mdy")
    (told,) = [one.message for one in report.warnings if one.code == "taught_otherwise"]
    assert "dates is mdy and was dmy" in told
    assert not land_text(warehouse, lines("lead_id,created_at", "3,05/06/2026")).warnings


def test_a_file_may_be_landed_under_two_templates_and_is_asked_about_afterwards(warehouse: Warehouse) -> None:
    as_leads = {"template": "leads", "columns": {"Opp No": "lead_id", "Opened": "created_at"}}
    land_text(warehouse, CRM, name="crm.csv", mapping=MAPPING)
    assert land_text(warehouse, CRM, name="crm.csv", mapping=as_leads).rows.new == 3
    later = CRM + "10,2026-01-08,,In talks,1,A,x\n"
    report = land_text(warehouse, later, name="crm.csv")
    assert (report.state, report.questions[0].code) == ("asks", "which_template")
    assert land_text(warehouse, later, name="crm.csv", template="leads").rows.new == 1
    assert land_text(warehouse, later, name="crm.csv", template="deals").rows.new == 1


def test_rows_without_identity_get_one_that_overlapping_exports_share(warehouse: Warehouse) -> None:
    mapping = {"template": "clicks", "columns": {"Day": "clicked_at", "Src": "channel"}, "generate_id": True}
    first = lines("Day,Src", "2026-01-05,a", "2026-01-05,a", "2026-01-05,b")
    second = lines("Src,Day", "a,2026-01-05", "b,2026-01-05", "a,2026-01-05", "a,2026-01-05", "a,2026-01-06")
    assert land_text(warehouse, first, name="1.csv", mapping=mapping).rows.new == 3
    report = land_text(warehouse, second, name="2.csv", mapping=mapping)
    assert (report.rows.new, report.rows.unchanged, report.rows.skipped) == (2, 3, 0)
    assert warehouse.select("select count(*) from facts.clicks") == [(5,)]


def test_a_mapping_file_may_hold_flat_pairs(warehouse: Warehouse, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "template: leads\nworkflow: routing\nNo: lead_id\nWhen: created_at\nconstants: {channel: fair}\n",
        "flat.yaml",
    )
    report = land_text(warehouse, "No,When,Else\n1,2026-01-05,x\n", mapping=file)
    assert report.source == "mapping flat.yaml"
    found = warehouse.select("select lead_id, workflow, channel, attributes from facts.leads")
    assert found == [("1", "routing", "fair", {})]


def test_headings_that_yaml_takes_for_something_else_are_text(warehouse: Warehouse, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "template: leads\ncolumns:\n  No: lead_id\n  On: created_at\n  Yes: channel\n  1.0: score\n"
        "values: {channel: {off: search}}\nconstants: {region: No}\n",
        "m.yaml",
    )
    report = land_text(warehouse, "No,On,Yes,1.0\n007,2026-01-05,off,3\n", mapping=file)
    assert report.state == "landed", report.message
    found = warehouse.select("select lead_id, channel, score, region from facts.leads")
    assert found == [("007", "search", 3.0, "No")]


@pytest.mark.parametrize(("otherwise", "of_others"), [("null", None), ("sales", "sales")])
def test_a_rule_on_a_column_says_to_which_workflow_a_row_belongs(
    warehouse: Warehouse, tmp_path: Path, otherwise: str, of_others: str | None
) -> None:
    file = write(
        tmp_path,
        "template: leads\ncolumns: {No: lead_id, When: created_at, Team: owner}\n"
        f"workflow: {{column: Team, values: {{Inbound: routing, In bound 2: routing}}, otherwise: {otherwise}}}\n",
        "rule.yaml",
    )
    text = lines(
        "No,When,Team",
        "1,2026-01-05,Inbound",
        "2,2026-01-05,Partner",
        "3,2026-01-05,",
        "4,2026-01-06,IN BOUND 2",
    )
    assert land_text(warehouse, text, mapping=file).rows.new == 4
    found = warehouse.select("select workflow, owner from facts.leads order by lead_id")
    assert found == [("routing", "Inbound"), (of_others, "Partner"), (None, None), ("routing", "IN BOUND 2")]
    later = land_text(warehouse, text + "5,2026-01-07,Inbound\n", name="later.csv")
    assert (later.rows.new, later.rows.unchanged) == (1, 4)  # remembered with its rule


def test_a_rule_that_is_none_is_refused_with_an_example(tmp_path: Path) -> None:
    file = write(tmp_path, "template: leads\nNo: lead_id\nworkflow: {colum: Team}\n", "rule.yaml")
    with pytest.raises(ExportError, match="'workflow' must be a name or a rule such as"):
        read_mapping(file)


def test_a_mapping_needs_to_name_only_what_the_headings_do_not_say(warehouse: Warehouse) -> None:
    mapping = {"template": "leads", "columns": {"When": "created_at"}}
    assert land_text(warehouse, "lead_id,When,source\nL1,2026-01-05,x\n", mapping=mapping).rows.new == 1
    assert column(warehouse, "select channel from facts.leads") == ["x"]


def test_a_mapping_can_say_how_numbers_are_written(warehouse: Warehouse) -> None:
    text = "deal_id;created_at;stage;amount\nD1;2026-01-05;won;1.250\nD2;2026-01-05;won;3.500\n"
    report = land_text(warehouse, text, name="d.csv")
    assert (report.state, report.questions[0].code) == ("asks", "ambiguous_numbers")
    land_text(warehouse, text, name="d.csv", mapping={"template": "deals", "numbers": "comma"})
    assert column(warehouse, "select amount from facts.deals order by deal_id") == [1250.0, 3500.0]


def test_all_faults_of_a_mapping_are_named_at_once(warehouse: Warehouse) -> None:
    mapping = {
        "template": "deals",
        "columns": {"A": "closedat", "B": "amount", "C": "amount", "D": 7},
        "constants": {"stagee": "won", "amount": 3},
        "values": {"stage": {"Signed": "wonn"}, "channel": {"Select": "null"}},
        "missing": {"chanel": ["Select"]},
        "attributes": "A",
        "generate_id": "maybe",
        "numbers": "dots",
        "column": {},
    }
    report = land_text(warehouse, CRM, name="crm.csv", mapping=mapping)
    assert (report.state, report.code) == ("refused", "bad_mapping")
    for words in (
        "'closedat', which deals has not (did you mean 'closed_at'?)",
        "amount comes from several columns",
        "'D' points to '7', which deals has not",
        "constant 'stagee' is no column of deals (did you mean 'stage'?)",
        "amount is both a column and a constant",
        "can't become 'wonn'; stage knows lost, open, won",
        "can't make nothing of a word of channel; write it under 'missing'",
        "'missing' names 'chanel', which is no column of deals",
        "'attributes' must be a list",
        "'generate_id' must be true, false or a list of headings",
        "'numbers' is 'dots'; write point or comma",
        "'column' is no entry of a mapping (did you mean 'columns'?)",
    ):
        assert words in report.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("template: leads\ncolumns: [", "line 2: a bracket is opened and never closed"),
        ("just words", "holds no pairs"),
        ("No: lead_id", "names no template"),
        ("template: lead", "'lead' is not known (did you mean 'leads'?)"),
        ("template: !!python/object/apply:os.system ['true']", "line 1: the tag"),
    ],
)
def test_a_mapping_file_that_is_none_is_refused_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ExportError, match=re.escape(words)) as raised:
        read_mapping(write(tmp_path, text, "m.yaml"))
    assert raised.value.code == "bad_mapping"


def test_every_fault_of_a_mapping_file_is_told_with_its_line(tmp_path: Path) -> None:
    text = (
        "template: deals\ncolumns:\n  A: closedat\n  B: [amount, 7]\n  A: stage\n"
        "constants: {stagee: won}\nvalues:\n  stage:\n    Signed: won\n    Signd: wonn\nnumbers: dots\n"
    )
    with pytest.raises(ExportError) as raised:
        read_mapping(write(tmp_path, text, "m.yaml"))
    assert str(raised.value).split(": ", 1)[0] == "The mapping m.yaml can't be used"
    assert str(raised.value).split(": ", 1)[1].split("; ") == [
        "line 3: 'A' points to 'closedat', which deals has not (did you mean 'closed_at'?)",
        "line 4: 'B' points to '7', which deals has not",
        'line 5: "columns.A" is written twice (first on line 3)', "keep one of them",
        "line 6: the constant 'stagee' is no column of deals (did you mean 'stage'?)",
        "line 10: 'Signd' can't become 'wonn'", "stage knows lost, open, won",
        "line 11: 'numbers' is 'dots'", "write point or comma.",
    ]  # fmt: skip


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="check its path"):
        read_mapping(tmp_path / "none.yaml")


def test_a_column_that_a_mapping_names_must_be_in_the_file(warehouse: Warehouse) -> None:
    report = land_text(warehouse, CRM.replace("Decided", "Gone"), name="crm.csv", mapping=MAPPING)
    assert (report.state, report.code) == ("refused", "missing_column")
    assert "'decided'" in report.message


def test_of_very_many_further_columns_some_are_kept_with_a_word(warehouse: Warehouse) -> None:
    extra = [f"P{number}" for number in range(1500)]
    report = land_text(
        warehouse, lines(",".join(["lead_id", "created_at", *extra]), ",".join(["L1", "2026-01-05", *extra]))
    )
    assert (report.rows.new, [warning.code for warning in report.warnings]) == (1, ["many_columns"])
    assert len(column(warehouse, "select attributes from facts.leads")[0]) == 100


def test_hostile_headings_and_cells_are_only_text(warehouse: Warehouse) -> None:
    text = lines(
        'lead_id,created_at,"""; DROP TABLE leads; --",\'); DELETE FROM x;--,{{7*7}},$salt',
        '"L1\'); DROP TABLE landed.leads;--",2026-01-05,=1+1,{{7*7}},<b>,x',
    )
    assert land_text(warehouse, text).rows.new == 1
    ((lead, attributes),) = warehouse.select("select lead_id, attributes from facts.leads")
    assert lead == "L1'); DROP TABLE landed.leads;--"
    assert attributes == {
        '"; DROP TABLE leads; --': "=1+1",
        "'); DELETE FROM x;--": "{{7*7}}",
        "{{7*7}}": "<b>",
        "$salt": "x",
    }
