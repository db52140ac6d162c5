"""A preview tells changes, vanished rows and suggestions before anything is written; corrected rows land again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest

from leadline.data.exports.files.received_file import receive
from leadline.data.exports.files.text_layout import find_layout
from leadline.data.exports.recognition.suggestions import look_at, suggest, suggested_mapping
from leadline.data.landing.land import IngestOptions, correction_csv, land, rehearse, undo
from leadline.data.templates import templates
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, everything_landed, land_text, lines, write

DEALS = "deal_id,created_at,closed_at,stage,amount,Product\n"


def deals(count: int, skip: tuple[int, ...] = (), stage: str = "open") -> str:
    rows = [f"D{n:02},2026-01-{1 + n % 28:02},,{stage},{n},A" for n in range(count) if n not in skip]
    return DEALS + "\n".join(rows) + "\n"


def test_a_preview_shows_what_would_be_replaced_with_its_old_and_new_value(emptied: Warehouse) -> None:
    land_text(emptied, DEALS + "D1,2026-01-05,,open,100,A\nD2,2026-01-05,,open,5,A\n", name="1.csv")
    text = DEALS + "D1,2026-01-05,2026-02-01 10:00,won,120,B\nD2,2026-01-05,,open,5,A\n"
    report = land_text(emptied, text, name="2.csv", dry_run=True)
    told = [(one.line, one.row, one.column, one.before, one.after) for one in report.changes]
    assert told == [
        (2, "D1", "amount", "100.0", "120.0"),
        (2, "D1", "attributes", "{Product=A}", "{Product=B}"),
        (2, "D1", "closed_at", None, "2026-02-01 10:00:00"),
        (2, "D1", "stage", "open", "won"),
    ]
    assert report.to_dict()["changes"][0]["after"] == "120.0"
    assert land_text(emptied, text, name="2.csv").changes == ()


def test_of_very_many_changes_the_first_are_shown(emptied: Warehouse) -> None:
    land_text(emptied, deals(90), name="1.csv")
    report = land_text(emptied, deals(90, stage="lost"), name="2.csv", dry_run=True)
    assert (report.rows.updated, len(report.changes), report.changes[-1].line) == (90, 50, 51)


def test_rows_that_a_full_export_no_longer_holds_are_told_and_kept(emptied: Warehouse) -> None:
    land_text(emptied, deals(60), name="1.csv")
    report = land_text(emptied, deals(60, skip=(7, 9)), name="2.csv")
    assert report.vanished is not None
    assert (report.vanished.count, report.vanished.rows, report.vanished.known) == (2, ("D07", "D09"), 60)
    assert [warned.code for warned in report.warnings] == ["vanished_rows"]
    assert "nothing is deleted" in report.warnings[0].message
    assert column(emptied, "select count(*) from facts.deals") == [60]


@pytest.mark.parametrize(
    ("count", "skip", "is_told"), [(9, (4,), True), (9, (4, 5), False), (6, (4,), False)]
)
def test_one_of_a_few_rows_that_is_gone_is_told(
    emptied: Warehouse, count: int, skip: tuple[int, ...], is_told: bool
) -> None:
    land_text(emptied, deals(count), name="1.csv")
    assert (land_text(emptied, deals(count, skip=skip), name="2.csv").vanished is not None) is is_told


def test_an_export_of_some_rows_says_nothing_of_the_others_unless_it_is_declared_complete(
    emptied: Warehouse,
) -> None:
    land_text(emptied, deals(60), name="1.csv")
    some = deals(60, skip=tuple(range(10, 50)))
    assert land_text(emptied, some, name="2.csv", dry_run=True).vanished is None
    report = land_text(emptied, some, name="2.csv", dry_run=True, complete=True)
    assert report.vanished is not None
    assert report.vanished.count == 40


def test_rows_of_other_days_or_of_another_export_have_not_vanished(emptied: Warehouse) -> None:
    land_text(emptied, deals(60), name="1.csv")
    other = DEALS.replace("Product", "Team") + "X1,2026-01-01,,open,1,A\nX2,2026-01-28,,open,1,A\n"
    assert land_text(emptied, other, name="2.csv", complete=True).vanished is None
    later = DEALS + "D99,2026-02-05,,open,1,A\n"
    assert land_text(emptied, later, name="3.csv", complete=True).vanished is None


def test_a_rehearsal_sees_the_import_and_leaves_no_trace(emptied: Warehouse, tmp_path: Path) -> None:
    land_text(emptied, deals(3), name="1.csv")
    before, version = everything_landed(emptied), emptied.data_version()
    seen: list[object] = []
    file = write(tmp_path, deals(5, stage="lost"), "2.csv")

    def look() -> None:
        seen.extend(emptied.select("select count(*), count(*) filter (stage = 'lost') from facts.deals"))

    report = rehearse(emptied, file, IngestOptions(), look)
    assert (report.state, report.import_id, report.rows.new, report.rows.updated) == ("landed", None, 2, 3)
    assert seen == [(5, 5)]
    assert (everything_landed(emptied), emptied.data_version()) == (before, version)
    assert (
        land(emptied, file).import_id
        == land_text(emptied, deals(6, stage="lost"), name="3.csv").import_id - 1
    )  # type: ignore[operator]


def test_what_a_look_raises_takes_everything_back_too(emptied: Warehouse, tmp_path: Path) -> None:
    before = everything_landed(emptied)

    def look() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rehearse(emptied, write(tmp_path, deals(2), "1.csv"), IngestOptions(), look)
    assert everything_landed(emptied) == before


def test_a_preview_names_every_column_beside_what_it_is_taken_for(emptied: Warehouse) -> None:
    report = land_text(emptied, deals(4), name="1.csv", dry_run=True)
    told = {one.heading: (one.ours, one.is_segment) for one in report.columns}
    assert told["deal_id"] == (("deal_id",), False)
    assert told["Product"] == ((), True)
    assert next(one for one in report.columns if one.heading == "amount").examples == ("0", "1", "2")
    assert "columns" not in report.to_dict()


def test_rows_set_aside_are_corrected_in_a_file_of_their_own_and_land(emptied: Warehouse) -> None:
    mapping = {
        "template": "leads",
        "columns": {"No": "lead_id", "When": "created_at", "From": "channel"},
        "constants": {"workflow": "routing"},
        "attributes": ["Plan"],
    }
    text = lines(
        "No,When,From,Plan,Full name", "1,25/01/2026,web,a,Jo Bloggs", "2,31/31/2026,-,b,Ann Bee",
        "jo@example.com,,web,a,Jo", "4,03/02/2026,web,b,Lee Cox",
    )  # fmt: skip
    first = land_text(emptied, text, name="crm.csv", mapping=mapping, exported_on=dt.date(2026, 3, 1))
    assert (first.rows.new, first.rows.quarantined) == (2, 2)
    number = first.import_id or 0
    made = correction_csv(emptied, number)
    header, *rows = list(csv.reader(io.StringIO(made)))
    assert header == ["No", "When", "From", "Plan", "Full name", f"Leadline: rows of import {number}"]
    assert rows[0][:5] == ["2", "31/31/2026", "", "b", ""]
    assert rows[0][5].startswith("created_at is '31/31/2026', which can't be read as a date")
    assert "example.com" not in made
    corrected = made.replace("31/31/2026", "04/02/2026")
    again = land_text(emptied, corrected, name="corrected.csv")
    assert (again.state, again.source) == ("landed", "mapping taught before"), again.message
    assert (again.rows.new, again.rows.quarantined) == (1, 1)
    found = emptied.select(
        "select lead_id, created_at::date::varchar, workflow, attributes from facts.leads order by lead_id"
    )
    # 04/02 alone does not show which is the day; the import that it corrects does
    assert found[1] == ("2", "2026-02-04", "routing", {"Plan": "b"})
    undo(emptied, again.import_id or 0)
    assert column(emptied, "select count(*) from facts.leads") == [2]


def test_a_corrected_row_does_not_replace_what_a_later_export_said(emptied: Warehouse) -> None:
    first = land_text(emptied, DEALS + "D1,2026-01-05,,opne,1,A\nD2,2026-01-05,,open,1,A\n", name="1.csv")
    land_text(emptied, DEALS + "D1,2026-01-05,2026-02-01,won,1,A\n", name="2.csv")
    corrected = correction_csv(emptied, first.import_id or 0).replace("opne", "open")
    assert land_text(emptied, corrected, name="3.csv").rows.stale == 1
    assert column(emptied, "select stage from facts.deals where deal_id = 'D1'") == ["won"]


UNKNOWN = {
    "crm": (
        "Opp No,Opened,Decided,Result,Value\n7,2026-01-05,2026-02-01,Signed,100\n8,2026-01-06,2026-02-02,Lost,200\n"
        "9,2026-01-07,,Won,300\n",
        {"Opp No": "deal_id", "Opened": "created_at", "Decided": "closed_at", "Result": "stage", "Value": "amount"},
    ),
    "contacts": (
        "Kontakt-Nr;Angelegt;Herkunft\n1001;05.01.2026;Messe\n1002;06.01.2026;Web\n1003;06.01.2026;Web\n",
        {"Kontakt-Nr": "lead_id", "Angelegt": "created_at", "Herkunft": "channel"},
    ),
    "meetings": (
        "Ref,Customer ref,Meeting date,Outcome,Qualified\n1,77,2026-01-05,Attended,yes\n2,78,2026-01-06,No show,no\n"
        "3,79,2026-01-06,Attended,no\n",
        {
            "Ref": "appointment_id", "Customer ref": "lead_id", "Meeting date": "held_at", "Outcome": "status",
            "Qualified": "qualified",
        },
    ),
    "nothing": ("a,b\n1,2\n", None),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_columns_of_an_unknown_export_are_suggested_by_name_and_content(
    emptied: Warehouse, name: str
) -> None:
    text, wanted = UNKNOWN[name]
    report = land_text(emptied, text, name=f"{name}.csv", dry_run=True)
    assert report.state != "landed"
    assert (report.suggestion["columns"] if report.suggestion else None) == wanted
    if wanted:
        told = {one.heading: one.suggested for one in report.columns}
        assert {heading: ours for heading, ours in told.items() if ours} == wanted
        assert report.to_dict()["suggestion"]["columns"] == wanted


def test_a_suggestion_taken_as_it_is_lands_and_is_remembered(emptied: Warehouse) -> None:
    text, _ = UNKNOWN["meetings"]
    suggestion = land_text(emptied, text, name="m.csv", dry_run=True).suggestion
    assert land_text(emptied, text, name="m.csv", mapping=suggestion).rows.new == 3
    assert land_text(emptied, text + "4,80,2026-01-07,Attended,no\n", name="later.csv").rows.new == 1


def test_a_column_of_words_is_never_suggested_for_a_date_or_an_amount(
    emptied: Warehouse, tmp_path: Path
) -> None:
    file = write(tmp_path, "created_at,amount\nyesterday,much\nlately,little\n", "x.csv")
    received = receive(file, emptied.intake, forbidden=emptied.workspace.database)
    seen = look_at(received, find_layout(received))
    assert suggest(seen, templates()["deals"]) == ()
    assert suggested_mapping(seen) is None
