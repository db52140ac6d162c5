"""Cards and tables: what stands on them, and that names from files stay text, on the page and in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from leadline.dashboard.words import landings, review_card, tables
from leadline.data.exports.landing_report import FileReport, ImportRecord, Reason, RowCounts
from leadline.metrics.agreement.catalog import load_catalog
from tests.dashboard import example_reviews as examples

CATALOG = load_catalog(None)
UTC = ZoneInfo("UTC")


def test_a_card_without_rules_or_pairs_says_so() -> None:
    facts = review_card.card(
        examples.drifting(rules=(), pairs=(), cost=None, next_checkpoint=None), CATALOG
    ).facts
    assert facts.startswith(":gray[Rules] none agreed")


def test_pairs_are_told_worst_first_and_empty_columns_are_left_out() -> None:
    table = tables.pairs_table(examples.drifting(), CATALOG)
    assert [row[0] for row in table.rows] == ["◆ Drifting", "◐ Watch"]
    assert "Segment" not in table.headings
    assert len(set(table.headings)) == len(table.headings)


def test_rules_stand_beside_their_threshold_in_their_own_unit() -> None:
    table = tables.rules_table(examples.drifting(), CATALOG)
    assert table.rows[1][0] == "Close rate below 15 %"
    assert table.rows[1][3:5] == ("14.7 %", "15 %")


def test_the_numbers_behind_are_every_week_of_every_series() -> None:
    workflow = examples.drifting()
    weeks = sum(len(one.weeks) for one in workflow.series)
    assert len(tables.weeks_table(workflow.series).rows) == weeks
    read = list(csv.DictReader(io.StringIO(tables.csv_text(tables.weeks_csv_table(workflow.series)))))
    assert len(read) == weeks
    assert float(read[-1]["index_projected"]) == workflow.series[-1].projected[-1]


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "  =1", "\r=1"])
def test_no_text_cell_of_a_download_begins_like_a_formula(text: str) -> None:
    table = tables.Table(("name", "value"), ((text, -0.5),))
    (_, row) = csv.reader(io.StringIO(tables.csv_text(table), newline=""))
    assert row[0] == f"'{text}"
    assert row[1] == "-0.5"


def test_a_preview_says_what_would_happen_to_every_row() -> None:
    report = FileReport(
        "leads.csv", "landed", "Leads template", "leads", 7, RowCounts(4312, 4300, 0, 0, 0, 12, 0)
    )
    assert landings.report_sentence(report, preview=True) == (
        "leads.csv, leads export, 4,312 rows, would land: 4,300 new, 12 quarantined."
    )
    assert "landed as import 7" in landings.report_sentence(report, preview=False)


def test_a_refused_file_says_why() -> None:
    report = FileReport("x.csv", "refused", message="It is empty; export it again.", code="empty_file")
    assert (
        landings.report_sentence(report, preview=True)
        == "x.csv can't be landed: It is empty; export it again."
    )


def test_reasons_name_the_first_lines_and_count_the_rest() -> None:
    reason = Reason("bad_date", tuple(range(2, 12)), 320, "line 2: created_at is 'soon'")
    table = landings.reasons_table((reason,))
    assert table.rows == (
        ("Bad date", "320", "2, 3, 4, 5, 6, 7 and 314 more", "line 2: created_at is 'soon'"),
    )
    assert landings.lines_words(replace(reason, rows=(5,), count=1)) == "5"


def test_imports_are_listed_newest_first_with_what_became_of_them() -> None:
    first = ImportRecord(
        1,
        "a.csv",
        "0" * 64,
        "Leads template",
        "leads",
        None,
        dt.datetime(2024, 6, 3, 9, 30),
        None,
        RowCounts(10, 10),
    )
    undone = replace(first, import_id=2, file="b.csv", undone_at=dt.datetime(2024, 6, 4))
    table = landings.imports_table([first, undone], UTC)
    assert [row[1] for row in table.rows] == ["b.csv", "a.csv"]
    assert [row[-1] for row in table.rows] == ["○ undone 4 Jun 2024", "● in use"]
    assert landings.import_words(first, UTC) == "1 · a.csv · 10 rows · 3 Jun 2024"
