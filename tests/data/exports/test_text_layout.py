"""Bytes become rows: encodings, delimiters, line ends, headers, and what stands around the rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.data.exports.files import clean_copy
from leadline.data.exports.files.clean_copy import rewrite
from leadline.data.exports.files.received_file import receive
from leadline.data.exports.files.text_layout import find_layout, plain_table
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import LEADS, column, land_text, lines, write

ROWS = (
    ("lead_id", "created_at", "channel", "owner"),
    ("L1", "2026-01-05", "Paid, search", "Chloé Martin"),
    ("L2", "2026-01-06", "e-mail; news", 'Ann "Bo" Ruiz'),
    ("L3", "2026-01-07", "tab\tbed", "A|B"),
)


def _table(delimiter: str, end: str = "\n") -> str:
    quoted = ('"' + cell.replace('"', '""') + '"' for row in ROWS for cell in row)
    cells = list(quoted)
    return end.join(delimiter.join(cells[at : at + 4]) for at in range(0, len(cells), 4)) + end


DIALECTS = [
    (delimiter, ("\n", "\r\n", "\r")[(one + other) % 3], encoding)
    for one, delimiter in enumerate((",", ";", "\t", "|"))
    for other, encoding in enumerate(("utf-8", "utf-8-sig", "utf-16", "cp1252"))
]
"""every delimiter in every encoding, and every line end beside each of either"""


@pytest.mark.parametrize(("delimiter", "end", "encoding"), DIALECTS)
def test_the_same_table_lands_from_any_dialect(
    warehouse: Warehouse, delimiter: str, end: str, encoding: str
) -> None:
    report = land_text(warehouse, _table(delimiter, end).encode(encoding))
    assert (report.state, report.rows.new, report.rows.read) == ("landed", 3, 3), report.message
    found = warehouse.select("select lead_id, channel, owner, line from facts.leads order by lead_id")
    assert found == [(row[0], row[2], row[3], line) for line, row in enumerate(ROWS[1:], start=2)]


def test_a_regular_file_is_read_by_the_engine_itself(tmp_path: Path) -> None:
    intake = tmp_path / "intake"
    intake.mkdir()
    for text in (LEADS, LEADS.replace("\n", "\r\n"), LEADS.rstrip("\n"), LEADS + "\n\n", "﻿" + LEADS):
        received = receive(write(tmp_path, text), intake)
        table = plain_table(received, find_layout(received))
        assert table is not None
        assert (table.is_plain, table.records) == (True, 2)


def test_both_ways_of_reading_give_the_same_lines(warehouse: Warehouse) -> None:
    body = lines(*(f"L{number},2026-01-05" for number in range(50)))
    land_text(warehouse, "lead_id,created_at\n" + body)
    plain = warehouse.select("select lead_id, line from facts.leads order by lead_id")
    report = land_text(
        warehouse, 'lead_id,created_at\n"L0",2026-01-05\n' + body.split("\n", 1)[1] + "Total,\n"
    )
    assert (report.rows.unchanged, report.rows.skipped) == (50, 1)
    assert warehouse.select("select lead_id, line from facts.leads order by lead_id") == plain


def test_lines_are_counted_as_an_editor_counts_them(warehouse: Warehouse) -> None:
    text = 'lead_id,created_at,note\nL1,2026-01-05,"one\n\ntwo"\n\nL2,2026-01-06,x\nL3,soon,y\n'
    report = land_text(warehouse, text)
    assert warehouse.select("select lead_id, line from facts.leads order by lead_id") == [
        ("L1", 2),
        ("L2", 6),
    ]
    assert report.reasons[0].rows == (7,)


def test_text_above_the_header_is_skipped_and_shown(warehouse: Warehouse) -> None:
    report = land_text(warehouse, 'Weekly leads\n"Acme GmbH, Berlin"\n# generated\n\n' + LEADS)
    assert (report.rows.new, report.rows.skipped, report.rows.read) == (2, 4, 6)
    assert warehouse.select("select line, reason from landed.skipped order by line") == [
        (1, "preamble"), (2, "preamble"), (3, "comment_lines"), (4, "preamble"),
    ]  # fmt: skip


def test_a_named_header_row_is_taken(warehouse: Warehouse) -> None:
    text = "a,b,c,d\n1,2,3,4\n" + LEADS
    assert land_text(warehouse, text).state == "asks"
    report = land_text(warehouse, text, header_row=3)
    assert (report.rows.new, report.rows.skipped) == (2, 2)


def test_a_hint_about_the_delimiter_is_followed(warehouse: Warehouse) -> None:
    report = land_text(warehouse, "sep=;\nlead_id;created_at\nL1;2026-01-05\n")
    assert (report.rows.new, report.rows.quarantined) == (1, 0)


def test_totals_are_not_counted_wherever_they_stand(warehouse: Warehouse) -> None:
    text = lines(
        "campaign_id,sent_at,recipients,delivered",
        "C1,2026-01-05,100,98",
        "Total: January,,100,98",
        "C2,2026-02-05,200,180",
        "Subtotal,,200,180",
        ",,300,Grand total",
        "Total,,300,278",
    )
    report = land_text(warehouse, text, name="c.csv")
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (2, 4, 0)
    assert warehouse.select("select sum(recipients) from facts.campaigns") == [(300,)]


def test_a_row_whose_name_is_total_but_that_is_complete_is_a_row(warehouse: Warehouse) -> None:
    assert land_text(warehouse, "lead_id,created_at,channel\nTotal,2026-01-05,email\n").rows.new == 1


def test_the_footer_of_a_report_is_skipped_and_shown(warehouse: Warehouse) -> None:
    footer = (
        '\n\n"Leads by week"\n"Copyright (c) 2000-2026 vendor, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By: Ann 9/8/2026 11:22 AM"\n"Acme"\n'
    )
    report = land_text(warehouse, LEADS + footer)
    assert (report.rows.new, report.rows.skipped, report.rows.quarantined) == (2, 7, 0)


def test_a_short_line_between_rows_is_no_footer(warehouse: Warehouse) -> None:
    report = land_text(warehouse, LEADS + "Copyright 2026\nL3,2026-01-07,routing,email\n")
    assert (report.rows.new, report.rows.quarantined, report.rows.skipped) == (3, 1, 0)


def test_a_header_that_stands_again_in_the_middle_is_skipped(warehouse: Warehouse) -> None:
    report = land_text(
        warehouse, LEADS + LEADS.replace("L", "M").replace("Mead", "lead").replace("Mlead", "lead")
    )
    assert (report.rows.new, report.rows.skipped) == (4, 1)
    assert report.reasons[0].reason == "repeated_header"


def test_an_open_quote_costs_one_row_only(warehouse: Warehouse) -> None:
    text = lines(
        "lead_id,created_at,workflow,channel",
        "L1,2026-01-05,routing,email",
        'L2,2026-01-05,"routing,email',
        "L3,2026-01-05,routing,email",
        'L4,2026-01-05,routing,em"ail',
        "L5,2026-01-05,routing,email",
    )
    report = land_text(warehouse, text)
    assert report.reasons[0].reason == "bad_quote"
    assert report.reasons[0].rows == (3,)
    assert column(warehouse, "select lead_id from facts.leads order by lead_id") == ["L1", "L3", "L4", "L5"]


def test_two_open_quotes_in_the_same_column_swallow_no_rows(warehouse: Warehouse) -> None:
    text = lines(
        "lead_id,created_at,workflow,channel",
        'L1,2026-01-05,"routing,email',
        "L2,2026-01-05,routing,email",
        'L3,2026-01-05,routing",email',
        "L4,2026-01-05,routing,email",
    )
    land_text(warehouse, text)
    assert column(warehouse, "select lead_id from facts.leads order by lead_id") == ["L2", "L3", "L4"]


def test_a_line_without_end_costs_bounded_memory_and_one_row(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_copy, "LONGEST_LINE", 1_000_000)
    report = land_text(warehouse, LEADS + "L3," + "x" * 3_500_000 + "\nL4,2026-01-05,routing,email\n")
    assert (report.rows.new, report.reasons[0].reason, report.reasons[0].rows) == (3, "cell_too_long", (4,))


def test_blank_lines_are_nothing(warehouse: Warehouse) -> None:
    report = land_text(warehouse, LEADS.replace("\n", "\n\n") + "\n \n,,,\n")
    assert (report.rows.read, report.rows.new) == (2, 2)


def test_characters_that_are_no_text_are_removed_with_a_warning(warehouse: Warehouse) -> None:
    report = land_text(warehouse, LEADS.replace("email", "em\x00ail"))
    assert [warning.code for warning in report.warnings] == ["nul_characters"]
    assert column(warehouse, "select channel from facts.leads where lead_id = 'L1'") == ["email"]


def test_a_character_of_another_encoding_deep_in_the_file_is_still_read(warehouse: Warehouse) -> None:
    body = b"".join(b"L%d,2026-01-05,email\n" % number for number in range(40_000))
    report = land_text(
        warehouse, b"lead_id,created_at,channel\n" + body + "LX,2026-01-05,Köln\n".encode("cp1252")
    )
    assert (report.rows.new, report.rows.quarantined) == (40_001, 0)
    assert column(warehouse, "select channel from facts.leads where lead_id = 'LX'") == ["Köln"]


def test_headings_are_freed_of_what_cannot_be_seen(tmp_path: Path) -> None:
    intake = tmp_path / "intake"
    intake.mkdir()
    text = '﻿​lead_id\u00a0;  Created\u00a0 Date ;"Owner\nName";Date;Date;\nL1;2026-01-05;Ann;1;2;\n'
    layout = find_layout(receive(write(tmp_path, text), intake))
    assert layout.header == ("lead_id", "Created Date", "Owner Name", "Date", "Date (2)", "")
    assert (layout.delimiter, layout.repeated_headings, layout.lines_of_header) == (";", ("Date",), 2)


def test_rewriting_names_every_line_it_does_not_pass_on(tmp_path: Path) -> None:
    intake = tmp_path / "intake"
    intake.mkdir()
    received = receive(write(tmp_path, LEADS + 'L3,x\nL4,2026-01-05,"a\nb",c\nTotal,,,\n'), intake)
    table = rewrite(received, find_layout(received))
    assert [(entry.line, entry.reason) for entry in table.quarantined] == [(4, "wrong_field_count")]
    assert [(entry.line, entry.reason) for entry in table.skipped] == [(7, "totals_row")]
    assert table.records == 3
    assert '5,L4,2026-01-05,"a\nb",c' in table.path.read_text()
