"""Excel workbooks land as their CSV would, or are refused before they can do harm."""

from __future__ import annotations

import datetime as dt
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from leadline.data.exports.files import workbook_parts
from leadline.data.landing.land import FileReport, IngestOptions, land
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text
from tests.data.workbooks import Cell, Error, sheet_xml, write_workbook

HEADER: list[Cell] = ["deal_id", "created_at", "closed_at", "stage", "amount"]
DAY = dt.date(2026, 1, 5)
ROWS: list[list[Cell]] = [
    HEADER,
    ["D1", DAY, dt.datetime(2026, 1, 20, 18, 30), "won", 100.5],
    ["D2", DAY, None, "open", 7],
]


def _land(warehouse: Warehouse, tmp_path: Path, rows: list[list[Cell]], **how: object) -> FileReport:
    options = IngestOptions(
        **{key: how.pop(key) for key in list(how) if key in IngestOptions.__dataclass_fields__}
    )  # type: ignore[arg-type]
    file = write_workbook(tmp_path / "deals.xlsx", {"Deals": rows}, **how)  # type: ignore[arg-type]
    return land(warehouse, file, options)


def test_a_sheet_lands_like_its_csv(warehouse: Warehouse, tmp_path: Path) -> None:
    assert _land(warehouse, tmp_path, ROWS).rows.new == 2
    csv = "deal_id,created_at,closed_at,stage,amount\nD1,2026-01-05,2026-01-20 18:30,won,100.5\nD2,2026-01-05,,open,7\n"
    report = land_text(warehouse, csv, name="d.csv")
    assert (report.rows.unchanged, report.rows.updated) == (2, 0)


def test_line_numbers_are_the_sheets_row_numbers(warehouse: Warehouse, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Deals of the quarter"], [], *ROWS, [], ["D3", DAY, None, "won\nn", 1]]
    report = _land(warehouse, tmp_path, rows)
    assert column(warehouse, "select line from facts.deals order by line") == [4, 5]
    assert [(reason.reason, reason.rows) for reason in report.reasons] == [
        ("unknown_value", (7,)),
        ("preamble", (1, 2)),
    ]


@pytest.mark.parametrize("offset", [1, 3, 700])
def test_a_table_may_begin_in_any_column(warehouse: Warehouse, tmp_path: Path, offset: int) -> None:
    shifted: list[list[Cell]] = [[None] * offset + row for row in ROWS]
    assert _land(warehouse, tmp_path, shifted).rows.new == 2


def test_titles_and_groups_above_the_headings_are_skipped(warehouse: Warehouse, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Pipeline"],
        ["Acme"],
        [],
        ["Deal", None, "Dates", None, "Value"],
        *ROWS,
        [],
        ["Total", None, None, None, 107.5],
    ]
    report = _land(warehouse, tmp_path, rows)
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (2, 6, 0)


def test_the_footer_of_a_formatted_report_is_skipped(warehouse: Warehouse, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        *ROWS,
        [],
        ["Confidential Information - Do Not Distribute"],
        ["Copyright © 2026 vendor"],
    ]
    report = _land(warehouse, tmp_path, rows)
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (2, 3, 0)


def test_a_row_with_nothing_but_its_id_is_a_row_and_no_footer(warehouse: Warehouse, tmp_path: Path) -> None:
    report = _land(warehouse, tmp_path, [*ROWS[:2], ["D9"], ROWS[2]])
    assert (report.rows.new, report.rows.quarantined, report.reasons[0].reason) == (2, 1, "missing_value")


def test_several_sheets_are_asked_for_and_can_be_named(warehouse: Warehouse, tmp_path: Path) -> None:
    file = write_workbook(
        tmp_path / "two.xlsx", {"Q1 deals": ROWS, "Q2": [HEADER, ["D7", DAY, None, "open", 1]], "Empty": []}
    )
    report = land(warehouse, file)
    assert (report.state, report.questions[0].code) == ("asks", "which_sheet")
    assert "--sheet 'Q1 deals' or --sheet Q2" in report.message
    assert land(warehouse, file, IngestOptions(sheet="q1 DEALS")).rows.new == 2
    assert land(warehouse, file, IngestOptions(sheet="Q2")).rows.new == 1
    assert land(warehouse, file, IngestOptions(sheet="Q3")).code == "unknown_sheet"
    assert "already_imported" in {w.code for w in land(warehouse, file, IngestOptions(sheet="Q2")).warnings}


def test_a_hidden_sheet_is_read_only_when_it_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    file = write_workbook(
        tmp_path / "h.xlsx",
        {"Deals": ROWS, "Old": [HEADER, ["D0", DAY, None, "lost", 1]]},
        hidden_sheets=["Old"],
    )
    assert land(warehouse, file).rows.new == 2
    assert land(warehouse, file, IngestOptions(sheet="Old")).rows.new == 1


def test_a_csv_has_no_sheets(warehouse: Warehouse) -> None:
    assert land_text(warehouse, "lead_id,created_at\nL1,2026-01-05\n", sheet="Deals").code == "unknown_sheet"


def test_hidden_rows_land_and_are_told(warehouse: Warehouse, tmp_path: Path) -> None:
    report = _land(warehouse, tmp_path, ROWS, hidden=[3])
    assert report.rows.new == 2
    assert [warned.code for warned in report.warnings] == ["hidden_rows"]


def test_cells_with_errors_are_empty_and_told(warehouse: Warehouse, tmp_path: Path) -> None:
    report = _land(
        warehouse,
        tmp_path,
        [*ROWS, ["D3", DAY, None, "open", Error("#DIV/0!")], [Error(), DAY, None, "won", 1]],
    )
    assert (report.rows.new, report.rows.quarantined) == (3, 1)
    assert "2 cells hold an error" in report.warnings[0].message


@pytest.mark.parametrize("from_1904", [False, True])
def test_day_numbers_count_from_the_workbooks_own_beginning(
    warehouse: Warehouse, tmp_path: Path, from_1904: bool
) -> None:
    number = 44565 if from_1904 else 46027
    rows: list[list[Cell]] = [HEADER, ["D1", number, DAY, "won", 1], ["D2", number + 0.5, None, "open", 1]]
    report = _land(warehouse, tmp_path, rows, from_1904=from_1904)
    assert column(warehouse, "select created_at::varchar from facts.deals order by 1") == [
        "2026-01-05 00:00:00", "2026-01-05 12:00:00",
    ]  # fmt: skip
    assert column(warehouse, "select closed_at::date::varchar from facts.deals where line = 2") == [
        "2026-01-05"
    ]
    assert "excel_serial" in {warned.code for warned in report.warnings}


def test_an_id_that_the_spreadsheet_has_rounded_is_set_aside(warehouse: Warehouse, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        HEADER,
        [120253123456789012, DAY, None, "won", 1],
        [1203.0, DAY, None, "won", 1],
    ]
    report = _land(warehouse, tmp_path, rows)
    assert report.reasons[0].reason == "damaged_id"
    assert column(warehouse, "select deal_id from facts.deals") == ["1203"]


def test_true_and_false_are_words_of_the_sheet(warehouse: Warehouse, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["item_id", "reviewed_at", "passed"], ["A1", DAY, True], ["A2", DAY, False]]
    assert _land(warehouse, tmp_path, rows).rows.new == 2
    assert column(warehouse, "select passed from facts.reviews order by item_id") == [True, False]


def test_a_sheet_with_headings_only_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    assert _land(warehouse, tmp_path, [HEADER]).code == "no_rows"
    assert _land(warehouse, tmp_path, []).code == "empty_file"


def test_what_unpacks_to_too_much_is_refused_unread(warehouse: Warehouse, tmp_path: Path) -> None:
    part = {"xl/worksheets/sheet1.xml": b"<worksheet>" + b"<row/>" * 20_000_000}
    file = write_workbook(tmp_path / "bomb.xlsx", {"S": []}, parts=part)
    tracemalloc.start()
    report = land(warehouse, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (report.state, report.code) == ("refused", "too_large_unpacked")
    assert peak < 20_000_000  # bytes; the sheet's XML is 120 MB


@pytest.mark.parametrize(
    "cell",
    [
        'r="XFD1048576"',
        "r='XFD1048576'",
        'r = "XFD1048576"',
        'r\n=\t"XFD1048576"',
        'r="xfd1048576"',
        "t='n' r= 'xfd1048576'",
    ],
)
def test_a_cell_far_away_from_the_table_costs_no_memory(
    warehouse: Warehouse, tmp_path: Path, cell: str
) -> None:
    xml = sheet_xml(ROWS, frozenset(), False).replace(
        "</sheetData>", f'<row r="1048576"><c {cell}><v>1</v></c></row></sheetData>'
    )
    file = write_workbook(tmp_path / "far.xlsx", {"S": []}, parts={"xl/worksheets/sheet1.xml": xml})
    report = land(warehouse, file)
    assert (report.state, report.code) == ("refused", "too_large_unpacked")


@pytest.mark.parametrize("kind", ['t="s"', "t='s'", "t = 's'"])
def test_a_long_text_that_a_million_cells_share_is_refused(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(workbook_parts, "MOST_SHARED_CHARACTERS", 1_000_000)
    rows = "".join(f'<row r="{n}"><c r="A{n}" {kind}><v>0</v></c></row>' for n in range(1, 301))
    shared = f"<sst><si><t>{'x' * 30_000}</t></si></sst>"
    parts = {
        "xl/sharedStrings.xml": shared,
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
    }
    report = land(warehouse, write_workbook(tmp_path / "shared.xlsx", {"S": []}, parts=parts))
    assert (report.state, report.code) == ("refused", "too_large_unpacked")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_never_resolved(warehouse: Warehouse, tmp_path: Path, part: str, encoding: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><worksheet>&e;</worksheet>'
    )
    report = land(
        warehouse, write_workbook(tmp_path / "x.xlsx", {"S": ROWS}, parts={part: xml.encode(encoding)})
    )
    assert (report.state, report.code) == ("refused", "bad_xlsx")
    assert "SECRET" not in str(report)


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_off_workbook_is_refused(warehouse: Warehouse, tmp_path: Path, cut: float) -> None:
    whole = write_workbook(tmp_path / "w.xlsx", {"S": ROWS}).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: int(len(whole) * cut)])
    report = land(warehouse, tmp_path / "cut.xlsx")
    assert report.state == "refused"
    assert report.code in ("bad_xlsx", "not_a_table")


@pytest.mark.parametrize(
    ("at", "value"),
    [(6, 0x01), (6, 0x20), (6, 0x40), (8, 12), (8, 14), (8, 99)],
    ids=["encrypted", "patched", "strongly encrypted", "bzip2", "lzma", "a method of nobody"],
)
def test_parts_packed_as_no_spreadsheet_program_packs_them_are_refused(
    warehouse: Warehouse, tmp_path: Path, at: int, value: int
) -> None:
    """`at`: the byte of a part's own header that says how it is packed; the archive's directory has it two later."""
    file = write_workbook(tmp_path / "export.xlsx", {"Leads": ROWS})
    content = bytearray(file.read_bytes())
    for mark, place in ((b"PK\x03\x04", at), (b"PK\x01\x02", at + 2)):
        begin = content.find(mark)
        while begin >= 0:
            content[begin + place] = value
            begin = content.find(mark, begin + 4)
    file.write_bytes(content)
    report = land(warehouse, file, IngestOptions())
    assert (report.state, report.code) == ("refused", "bad_xlsx")
    assert "save it again as .xlsx or as CSV" in report.message


def test_other_archives_say_what_to_do(warehouse: Warehouse, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("leads.csv", "lead_id,created_at\n")
    assert "unpack it" in land(warehouse, tmp_path / "a.zip").message
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("content.xml", "<x/>")
    assert land(warehouse, tmp_path / "a.xlsx").code == "bad_xlsx"


def test_nothing_of_a_workbook_is_left_behind(warehouse: Warehouse, tmp_path: Path) -> None:
    _land(warehouse, tmp_path, ROWS)
    _land(warehouse, tmp_path, [HEADER])
    assert list(warehouse.intake.iterdir()) == []
