"""Exports become facts: what lands, what is set aside and why, and what is refused in one sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline.data.errors import ExportError
from leadline.data.landing import land as landing
from leadline.data.landing import write_import
from leadline.data.landing.land import land, list_imports, rejected_rows_csv, undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import LEADS, column, everything_landed, land_text, lines, write


def reasons(report: landing.FileReport) -> dict[str, tuple[int, ...]]:
    return {reason.reason: reason.rows for reason in report.reasons}


def warned(report: landing.FileReport) -> list[str]:
    return [warning.code for warning in report.warnings]


def test_a_row_lands_with_its_import_and_its_line(warehouse: Warehouse) -> None:
    report = land_text(warehouse, LEADS)
    assert report.state == "landed"
    assert (report.template, report.import_id, report.rows.new) == ("leads", 1, 2)
    assert warehouse.select(
        "select lead_id, created_at, workflow, channel, import_id, line from facts.leads"
    ) == [
        ("L1", dt.datetime(2026, 1, 5, 9), "routing", "email", 1, 2),
        ("L2", dt.datetime(2026, 1, 6), "routing", "search", 1, 3),
    ]


def test_the_report_is_the_object_of_the_contract(warehouse: Warehouse) -> None:
    plain = land_text(warehouse, LEADS).to_dict()
    assert list(plain) == [
        "file", "state", "source", "template", "import_id", "rows", "reasons", "warnings", "questions", "message",
    ]  # fmt: skip
    assert list(plain["rows"]) == ["read", "new", "updated", "unchanged", "stale", "quarantined", "skipped"]


EVERY_TEMPLATE = {
    "leads": LEADS,
    "appointments": "appointment_id,lead_id,booked_at,held_at,status,qualified\nA1,L1,2026-01-05,2026-01-07,held,yes\n",
    "deals": "deal_id,lead_id,created_at,closed_at,stage,amount,currency\nD1,L1,2026-01-05,2026-02-01,won,1250.5,eur\n",
    "emails": "message_id,lead_id,sent_at,opened_at,machine_open\nM1,L1,2026-01-05,2026-01-05 10:00,no\n",
    "campaigns": "campaign_id,sent_at,recipients,delivered,unique_opens\nC1,2026-01-05,100,98,30\n",
    "assets": "asset_id,published_at,kind,cost,workflow\nX1,2026-01-05,blog,120,content\n",
    "asset_uses": "asset_id,used_at,used_by,context,rating\nX1,2026-01-06,Ann,call,4\nX1,2026-01-06,Ben,call,5\n",
    "reviews": "item_id,reviewed_at,reviewer,dimension,score,passed\nX1,2026-01-06,Ann,tone,4.5,yes\n",
    "conversations": 'conversation_id,held_at,account,text\nV1,2026-01-06,Acme,"two\nlines"\n',
    "clicks": "click_id,clicked_at,lead_id,channel\nK1,2026-01-06,L1,email\n",
    "spend": "spent_on,channel,cost,currency\n2026-01-06,search,120.5,EUR\n",
}


@pytest.mark.parametrize("template", EVERY_TEMPLATE)
def test_every_template_is_recognised_by_its_headings(warehouse: Warehouse, template: str) -> None:
    report = land_text(warehouse, EVERY_TEMPLATE[template], name="export.csv")
    assert (report.state, report.template, report.rows.quarantined) == ("landed", template, 0)
    count = EVERY_TEMPLATE[template].count("\n2") + 1
    assert warehouse.select(f"select count(*) from facts.{template}")[0][0] in (1, 2, count)


def test_values_are_typed_as_their_columns_say(warehouse: Warehouse) -> None:
    for template, text in EVERY_TEMPLATE.items():
        land_text(warehouse, text, name=f"{template}.csv")
    assert warehouse.select("select qualified, status from facts.appointments") == [(True, "held")]
    assert warehouse.select("select amount, currency, stage from facts.deals") == [(1250.5, "EUR", "won")]
    assert warehouse.select("select machine_open, delivered_at from facts.emails") == [(False, None)]
    assert warehouse.select("select recipients, unique_clicks from facts.campaigns") == [(100, None)]
    assert column(warehouse, "select text from facts.conversations") == ["two\nlines"]


def test_a_missing_workflow_comes_from_the_lead_or_the_asset(warehouse: Warehouse) -> None:
    for template, text in EVERY_TEMPLATE.items():
        land_text(warehouse, text, name=f"{template}.csv")
    for template in ("appointments", "deals", "emails", "clicks"):
        assert column(warehouse, f"select workflow from facts.{template}") == ["routing"]
    for template in ("asset_uses", "reviews"):
        assert set(column(warehouse, f"select workflow from facts.{template}")) == {"content"}


def test_a_row_keeps_its_own_workflow(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    land_text(
        warehouse, "deal_id,lead_id,created_at,stage,workflow\nD1,L1,2026-01-05,open,other\n", name="d.csv"
    )
    assert column(warehouse, "select workflow from facts.deals") == ["other"]


def test_the_workflow_of_a_whole_file_can_be_named(warehouse: Warehouse) -> None:
    land_text(warehouse, "lead_id,created_at\nL1,2026-01-05\n", workflow="nurture")
    assert column(warehouse, "select workflow from facts.leads") == ["nurture"]


def test_unknown_columns_are_kept_as_attributes(warehouse: Warehouse) -> None:
    land_text(warehouse, "lead_id,Plan,created_at,City\nL1,Pro,2026-01-05,\nL2,,2026-01-05,Bonn\n")
    found = warehouse.select(
        "select attributes['Plan'], attributes['City'], attributes from facts.leads order by lead_id"
    )
    assert found == [("Pro", None, {"Plan": "Pro"}), (None, "Bonn", {"City": "Bonn"})]


def test_addresses_are_hashed_and_names_not_stored(warehouse: Warehouse) -> None:
    text = lines(
        "lead_id,created_at,First Name,E-mail,Mobile phone,Contact,owner",
        "L1,2026-01-05,Ada,Ada@example.com,+49 170 1234567,ada@example.com,Ben",
        "L2,2026-01-05,Cy,cy@example.com,+49 170 7654321,cy@example.com,ben@corp.example",
    )
    report = land_text(warehouse, text)
    assert "personal_columns" in warned(report)
    attributes = column(warehouse, "select attributes from facts.leads order by lead_id")
    assert set(attributes[0]) == {"E-mail", "Mobile phone", "Contact"}
    assert all(value.startswith("hashed:") for entry in attributes for value in entry.values())
    assert attributes[0]["E-mail"] == attributes[0]["Contact"] != attributes[1]["E-mail"]
    owners = column(warehouse, "select owner from facts.leads order by lead_id")
    assert owners[0] == "Ben"
    assert owners[1].startswith("hashed:")


def test_free_text_loses_addresses_and_phone_numbers(warehouse: Warehouse) -> None:
    text = (
        "conversation_id,held_at,text\nV1,2026-01-06,Write to ada@example.com or call +49 170 1234567 today\n"
    )
    land_text(warehouse, text, name="c.csv")
    assert column(warehouse, "select text from facts.conversations") == [
        "Write to [e-mail] or call [phone] today"
    ]


def test_free_text_of_a_row_set_aside_loses_addresses_and_phone_numbers_too(warehouse: Warehouse) -> None:
    text = "conversation_id,held_at,text\nV1,soon,Write to ada@example.com or call +49 170 1234567 today\n"
    report = land_text(warehouse, text, name="c.csv")
    assert report.rows.quarantined == 1
    shown = "Write to [e-mail] or call [phone] today"
    assert warehouse.select("select raw, cells[3] from landed.quarantine") == [
        (f"V1 | soon | {shown}", shown)
    ]
    assert shown in rejected_rows_csv(warehouse, 1)


def test_identities_stay_text(warehouse: Warehouse) -> None:
    land_text(warehouse, "lead_id,created_at\n007,2026-01-05\n7,2026-01-05\n0065g00000AbCdE,2026-01-05\n")
    assert column(warehouse, "select lead_id from facts.leads") == ["007", "7", "0065g00000AbCdE"]


def test_minutes_of_a_first_response_become_its_moment(warehouse: Warehouse) -> None:
    land_text(
        warehouse, "lead_id,created_at,first_response_minutes\nL1,2026-01-05 09:00,7.5\nL2,2026-01-05,--\n"
    )
    assert column(warehouse, "select first_response_at::varchar from facts.leads") == [
        "2026-01-05 09:07:30",
        None,
    ]


def test_stages_are_understood_in_their_usual_words(warehouse: Warehouse) -> None:
    stages = ("Closed Won", "closed lost", "In_Progress", "WON", "Proposal", "Negotiation/Review")
    rows = [f"D{place},2026-01-05,{stage}" for place, stage in enumerate(stages)]
    land_text(warehouse, lines("deal_id,created_at,stage", *rows), name="d.csv")
    assert column(warehouse, "select stage from facts.deals order by deal_id") == [
        "won", "lost", "open", "won", "open", "open",
    ]  # fmt: skip


def test_the_hoped_for_closing_date_of_an_open_deal_is_not_kept(warehouse: Warehouse) -> None:
    text = "deal_id,created_at,closed_at,stage\nD1,2026-01-05,2031-01-01,open\nD2,2026-01-05,2026-02-01,won\n"
    assert land_text(warehouse, text, name="d.csv").rows.quarantined == 0
    assert column(warehouse, "select closed_at from facts.deals order by deal_id") == [
        None,
        dt.datetime(2026, 2, 1),
    ]


BAD_ROWS = {
    "missing_id": ("lead_id,created_at", ",2026-01-05", "lead_id is empty"),
    "missing_value": ("lead_id,created_at", "B1,N/A", "created_at is empty but needed"),
    "bad_date": ("lead_id,created_at", "B1,soon", "created_at is 'soon'"),
    "bad_number": ("lead_id,created_at,score", "B1,2026-01-05,high", "score is 'high'"),
    "unknown_value": ("deal_id,created_at,stage", "B1,2026-01-05,opne", "stage is 'opne'"),
    "wrong_field_count": ("lead_id,created_at", "B1,2026-01-05,more", "more or fewer cells"),
    "future_date": ("lead_id,created_at", "B1,2099-01-05", "later than the export can know"),
    "close_before_create": (
        "deal_id,created_at,closed_at,stage",
        "B1,2026-01-05,2025-12-01,won",
        "more than a day before",
    ),
    "opens_over_delivered": (
        "campaign_id,sent_at,delivered,unique_opens",
        "B1,2026-01-05,10,11",
        "more than were delivered",
    ),
    "negative_count": ("campaign_id,sent_at,recipients", "B1,2026-01-05,-5", "can't be negative"),
    "rate_over_100": ("campaign_id,sent_at,open_rate", "B1,2026-01-05,135%", "more than 100 %"),
    "absurd_number": (
        "deal_id,created_at,stage,amount",
        "B1,2026-01-05,won,40000000000000",
        "far more than can be meant",
    ),
    "rating_out_of_range": ("asset_id,used_at,rating", "B1,2026-01-05,6", "ratings run from 1 to 5"),
    "cell_too_long": ("lead_id,created_at,note", f"B1,2026-01-05,{'x' * 100_001}", "longer than 100,000"),
    "bad_quote": ("lead_id,created_at,note", 'B1,2026-01-05,"open', "never closed"),
}
GOOD_ROWS = {
    "lead_id,created_at": "G1,2026-01-05",
    "lead_id,created_at,score": "G1,2026-01-05,3",
    "lead_id,created_at,note": "G1,2026-01-05,hello",
    "deal_id,created_at,stage": "G1,2026-01-05,won",
    "deal_id,created_at,stage,amount": "G1,2026-01-05,won,250",
    "deal_id,created_at,closed_at,stage": "G1,2026-01-05,2026-01-05,won",
    "campaign_id,sent_at,delivered,unique_opens": "G1,2026-01-05,10,10",
    "campaign_id,sent_at,recipients": "G1,2026-01-05,5",
    "campaign_id,sent_at,open_rate": "G1,2026-01-05,100%",
    "asset_id,used_at,rating": "G1,2026-01-05,5",
}


@pytest.mark.parametrize("reason", BAD_ROWS)
def test_a_bad_row_is_set_aside_with_its_line_and_reason_and_the_others_land(
    warehouse: Warehouse, reason: str
) -> None:
    header, bad, words = BAD_ROWS[reason]
    report = land_text(warehouse, lines(header, GOOD_ROWS[header], bad), name="export.csv")
    assert (report.state, report.rows.new, report.rows.quarantined) == ("landed", 1, 1), report.message
    assert reasons(report) == {reason: (3,)}
    assert words in report.reasons[0].example
    ((line, code, message, raw),) = warehouse.select(
        "select line, reason, message, raw from landed.quarantine"
    )
    assert (line, code) == (3, reason)
    assert words in message
    assert len(raw) <= 1000
    assert words in rejected_rows_csv(warehouse, 1)


def test_a_row_with_several_faults_is_one_quarantined_row_with_all_of_them(warehouse: Warehouse) -> None:
    report = land_text(warehouse, "lead_id,created_at,score\nL1,2026-01-05,1\n,soon,high\n")
    assert report.rows.quarantined == 1
    assert set(reasons(report)) == {"missing_id", "bad_date", "bad_number"}


def test_one_day_between_closing_and_creating_is_only_warned_of(warehouse: Warehouse) -> None:
    report = land_text(
        warehouse, "deal_id,created_at,closed_at,stage\nD1,2026-01-10,2026-01-09,won\n", name="deals.csv"
    )
    assert (report.rows.new, report.rows.quarantined) == (1, 0)
    assert "line 2" in next(w.message for w in report.warnings if w.code == "close_before_create")


def test_what_will_happen_is_no_future_date(warehouse: Warehouse) -> None:
    text = lines(
        "appointment_id,lead_id,booked_at,held_at,status",
        "A1,L1,2026-01-05,2099-01-07,booked",
        "A2,L1,2026-01-05,2099-01-07,held",
        "A3,L1,2026-01-05,,cancelled",
        "A4,L1,2026-01-05,,held",
    )
    assert reasons(land_text(warehouse, text, name="a.csv")) == {"future_date": (3,), "missing_value": (5,)}


def test_the_day_of_the_export_bounds_what_it_can_know(warehouse: Warehouse) -> None:
    report = land_text(warehouse, LEADS, exported_on=dt.date(2026, 1, 5))
    assert reasons(report) == {"future_date": (3,)}


def test_the_same_row_twice_is_kept_once(warehouse: Warehouse) -> None:
    report = land_text(warehouse, "lead_id,created_at\nL1,2026-01-05\nL1,2026-01-05\nL2,2026-01-05\n")
    assert (report.rows.new, report.rows.skipped) == (2, 1)
    assert reasons(report) == {"exact_duplicate": (3,)}
    assert column(warehouse, "select reason from landed.skipped") == ["exact_duplicate"]


def test_two_rows_of_one_id_that_contradict_are_both_set_aside(warehouse: Warehouse) -> None:
    report = land_text(
        warehouse,
        "deal_id,created_at,stage\nD1,2026-01-05,won\nD1,2026-01-05,lost\nD2,2026-01-05,won\n",
        name="d.csv",
    )
    assert (report.rows.new, report.rows.quarantined) == (1, 2)
    assert reasons(report) == {"duplicate_id_conflict": (2, 3)}
    kept = warehouse.select("select line, reason from landed.quarantine order by line")
    assert kept == [(2, "duplicate_id_conflict"), (3, "duplicate_id_conflict")]


def test_a_modification_time_settles_which_of_two_rows_counts(warehouse: Warehouse) -> None:
    text = lines(
        "deal_id,created_at,stage,last_modified",
        "D1,2026-01-05,won,2026-02-02",
        "D1,2026-01-05,open,2026-02-01",
    )
    report = land_text(warehouse, text, name="d.csv")
    assert (report.rows.new, report.rows.skipped) == (1, 1)
    assert reasons(report) == {"older_version": (3,)}
    assert column(warehouse, "select stage from facts.deals") == ["won"]


def test_several_uses_of_one_asset_are_several_rows(warehouse: Warehouse) -> None:
    text = lines(
        "asset_id,used_at,used_by,context,rating",
        "X1,2026-01-05,Ann,call,4",
        "X1,2026-01-05,Ann,,4",
        "X1,2026-01-05,Ben,call,4",
        "X1,2026-01-06,Ann,call,4",
    )
    assert land_text(warehouse, text, name="u.csv").rows.new == 4
    again = land_text(warehouse, text.replace("Ben,call,4", "Ben,call,5"), name="u.csv")
    assert (again.rows.new, again.rows.updated, again.rows.unchanged) == (0, 1, 3)


def test_the_latest_review_of_a_reviewer_counts(warehouse: Warehouse) -> None:
    text = (
        "item_id,reviewed_at,reviewer,dimension,score\nX1,2026-01-05,Ann,tone,3\nX1,2026-01-09,Ann,tone,5\n"
    )
    assert land_text(warehouse, text, name="r.csv").rows.new == 1
    assert column(warehouse, "select score from facts.reviews") == [5.0]


def test_the_same_file_again_changes_nothing(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    before = everything_landed(warehouse), warehouse.data_version()
    report = land_text(warehouse, LEADS, name="renamed.csv")
    assert (report.state, report.import_id) == ("landed", 1)
    assert (report.rows.read, report.rows.new, report.rows.unchanged) == (2, 0, 2)
    assert warned(report) == ["already_imported"]
    assert "nothing changed" in report.message
    assert (everything_landed(warehouse), warehouse.data_version()) == before
    assert len(list_imports(warehouse)) == 1


def test_the_same_file_for_another_workflow_is_another_import(warehouse: Warehouse) -> None:
    text = "campaign_id,sent_at\nC1,2026-01-05\n"
    land_text(warehouse, text, name="c.csv", workflow="one")
    assert land_text(warehouse, text, name="c.csv", workflow="two").rows.updated == 1


def test_a_later_export_adds_versions_only_of_what_changed(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    later = LEADS.replace("search", "social") + "L3,2026-01-07,routing,email\n"
    report = land_text(warehouse, later)
    assert (report.rows.new, report.rows.updated, report.rows.unchanged) == (1, 1, 1)
    assert warehouse.select("select count(*) from landed.leads") == [(4,)]
    assert column(warehouse, "select channel from facts.leads order by lead_id") == [
        "email",
        "social",
        "email",
    ]


def test_an_older_export_does_not_overwrite_a_newer_fact(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS.replace("email", "social"), exported_on=dt.date(2026, 3, 2))
    report = land_text(warehouse, LEADS, exported_on=dt.date(2026, 3, 1))
    assert (report.rows.stale, report.rows.unchanged) == (1, 1)
    assert column(warehouse, "select channel from facts.leads where lead_id = 'L1'") == ["social"]
    undo(warehouse, 1)
    assert column(warehouse, "select channel from facts.leads where lead_id = 'L1'") == ["email"]


def test_a_row_that_says_it_is_older_does_not_overwrite(warehouse: Warehouse) -> None:
    head = "deal_id,created_at,stage,last_modified\n"
    land_text(warehouse, head + "D1,2026-01-05,won,2026-02-01 08:00\n", name="d.csv")
    report = land_text(warehouse, head + "D1,2026-01-05,open,2026-01-20 08:00\n", name="d.csv")
    assert report.rows.stale == 1
    assert column(warehouse, "select stage from facts.deals") == ["won"]


def test_a_preview_says_what_landing_then_does_and_changes_nothing(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    later = LEADS.replace("search", "social") + "L3,soon,routing,email\nL4,2026-01-05,routing,email\n"
    before = everything_landed(warehouse), warehouse.data_version()
    preview = land_text(warehouse, later, dry_run=True)
    assert (everything_landed(warehouse), warehouse.data_version()) == before
    assert preview.import_id is None
    done = land_text(warehouse, later)
    assert (preview.rows, preview.reasons) == (done.rows, done.reasons)


def test_an_undone_import_brings_the_earlier_version_back(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    before = everything_landed(warehouse)
    land_text(warehouse, LEADS.replace("search", "social") + "L3,2026-01-07,routing,email\nL4,soon,,\n,,,\n")
    record = undo(warehouse, 2)
    assert record.undone_at is not None
    assert everything_landed(warehouse) == before
    assert [entry.undone_at is not None for entry in list_imports(warehouse)] == [False, True]


def test_an_undone_file_can_be_landed_again(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    undo(warehouse, 1)
    assert column(warehouse, "select lead_id from facts.leads") == []
    assert land_text(warehouse, LEADS).import_id == 2
    assert len(column(warehouse, "select lead_id from facts.leads")) == 2


def test_a_row_that_two_exports_say_stands_until_both_are_undone(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS)
    land_text(warehouse, LEADS + "L3,2026-01-07,routing,email\n")
    undo(warehouse, 1)
    assert column(warehouse, "select lead_id from facts.leads order by lead_id") == ["L1", "L2", "L3"]
    assert set(column(warehouse, "select import_id from facts.leads")) == {2}
    undo(warehouse, 2)
    assert column(warehouse, "select lead_id from facts.leads") == []


@pytest.mark.parametrize(("import_id", "words"), [(7, "no import 7"), (1, "taken back on")])
def test_an_import_that_is_not_in_force_cannot_be_undone(
    warehouse: Warehouse, import_id: int, words: str
) -> None:
    land_text(warehouse, LEADS)
    undo(warehouse, 1)
    with pytest.raises(ExportError, match=words):
        undo(warehouse, import_id)


def test_the_list_of_imports_says_what_landed_when_from_which_file(warehouse: Warehouse) -> None:
    land_text(warehouse, LEADS, name="first.csv")
    land_text(warehouse, "lead_id,created_at\nL9,soon\nL10,2026-01-05\n", name="second.csv", workflow="w")
    first, second = list_imports(warehouse)
    assert (first.import_id, first.file, first.template, first.rows.new) == (1, "first.csv", "leads", 2)
    assert (second.file, second.workflow, second.rows.quarantined) == ("second.csv", "w", 1)
    assert abs((dt.datetime.now(dt.UTC).replace(tzinfo=None) - second.landed_at).total_seconds()) < 60


def test_a_failure_while_writing_leaves_nothing_behind(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    land_text(warehouse, LEADS)
    before = everything_landed(warehouse), list_imports(warehouse)

    def fail(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(write_import, "_record", fail)  # everything but the import itself is written by then
    with pytest.raises(MemoryError):
        land_text(warehouse, LEADS.replace("search", "social") + "L3,soon,routing,email\n")
    monkeypatch.undo()
    assert (everything_landed(warehouse), list_imports(warehouse)) == before
    assert land_text(warehouse, LEADS.replace("search", "social")).rows.updated == 1


def test_an_engine_that_fails_is_one_sentence_and_leaves_nothing(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything_landed(warehouse)

    def fail(*_: Any) -> Any:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate\nmore lines")

    monkeypatch.setattr(write_import, "_record", fail)
    report = land_text(warehouse, LEADS)
    assert (report.state, report.code) == ("refused", "engine_failed")
    assert "nothing of it was: Out of Memory Error: failed to allocate. Check" in report.message
    assert everything_landed(warehouse) == before


def test_the_original_file_is_untouched_and_no_copy_stays(warehouse: Warehouse, tmp_path: Path) -> None:
    file = write(tmp_path, LEADS)
    before = file.stat().st_mtime_ns, file.read_bytes()
    land(warehouse, file)
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before
    assert list(warehouse.intake.iterdir()) == []


REFUSALS: dict[str, tuple[str | bytes, dict[str, Any], str, str]] = {
    "empty": (b"", {}, "empty_file", "is empty (0 bytes)"),
    "blank": (b"\r\n  \r\n,,,\r\n", {}, "empty_file", "nothing but blank lines"),
    "no rows": ("lead_id,created_at\n", {}, "no_rows", "headings but no rows"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, {}, "not_a_table", "is a picture"),
    "a web page": ("<html><table><tr><td>1</td></tr></table></html>", {}, "html_not_xlsx", "is a web page"),
    "json": ('{"leads": [1, 2]}', {}, "not_a_table", "is JSON or XML"),
    "binary": (bytes(range(256)) * 40, {}, "not_a_table", "is not text"),
    "a missing column": (
        "lead_id,Moment,channel\nL1,soon,x\n",
        {},
        "missing_column",
        "has no column for created_at; its columns are lead_id, Moment, channel",
    ),
    "an unknown template": (LEADS, {"template": "lead"}, "unknown_template", "did you mean leads?"),
    "an unknown zone": (LEADS, {"timezone": "Mars/Base"}, "bad_timezone", "'Mars/Base' is not known"),
    "a header row that is none": (LEADS, {"header_row": 40}, "no_header", "no headings on line 40"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_file_that_cannot_be_landed_is_refused_in_a_sentence_and_leaves_no_trace(
    warehouse: Warehouse, case: str
) -> None:
    content, options, code, words = REFUSALS[case]
    before = everything_landed(warehouse), warehouse.data_version()
    report = land_text(warehouse, content, **options)
    assert (report.state, report.code) == ("refused", code), report.message
    assert words in report.message
    assert report.message.endswith((".", "?"))
    assert (everything_landed(warehouse), warehouse.data_version()) == before


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("lead_id,Moment,channel\nL1,2026-01-05,x\n", "created_at from 'Moment'"),
        ("deal_id,creatd_at,stage\nD1,2026-01-05,won\n", "created_at from 'creatd_at'"),
    ],
)
def test_a_missing_column_that_another_may_be_is_asked_about_with_a_proposal(
    warehouse: Warehouse, text: str, proposed: str
) -> None:
    report = land_text(warehouse, text)
    assert (report.state, report.questions[0].code) == ("asks", "missing_column")
    assert proposed in report.message
    assert "by which nothing lands before you say so" in report.message
    assert land_text(warehouse, text, mapping=report.suggestion).rows.new == 1


def test_a_file_that_does_not_exist_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    report = land(warehouse, tmp_path / "nowhere.csv")
    assert (report.state, report.code) == ("refused", "not_a_file")


def test_the_open_database_is_no_export(warehouse: Warehouse) -> None:
    report = land(warehouse, warehouse.workspace.database)
    assert "own database" in report.message
    assert land_text(warehouse, LEADS).rows.new == 2


def test_a_file_whose_headings_say_nothing_is_asked_about(warehouse: Warehouse) -> None:
    report = land_text(warehouse, "Foo,Bar\n1,2\n3,4\n")
    assert (report.state, report.questions[0].code) == ("asks", "unknown_export")
    assert "Foo, Bar" in report.message
    assert "--mapping" in report.questions[0].option
    assert "--template" in report.questions[0].option


def test_a_packed_export_is_unpacked(warehouse: Warehouse) -> None:
    import gzip

    assert land_text(warehouse, gzip.compress(LEADS.encode()), name="leads.csv.gz").rows.new == 2
    damaged = gzip.compress(LEADS.encode() * 50)[:-20]
    assert land_text(warehouse, damaged, name="cut.csv.gz").code == "damaged_archive"


def test_a_small_file_that_unpacks_to_very_much_is_refused(warehouse: Warehouse) -> None:
    import gzip

    bomb = gzip.compress(LEADS.encode() + b"L1,2026-01-05,routing,email\n" * 2_500_000, compresslevel=9)
    assert land_text(warehouse, bomb, name="bomb.csv.gz").code == "too_large_unpacked"
    assert list(warehouse.intake.iterdir()) == []
