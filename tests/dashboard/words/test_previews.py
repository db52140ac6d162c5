"""What an import would do, as tables and sentences."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from leadline.dashboard.cli import print_landing
from leadline.dashboard.words import formats, previews
from leadline.data.exports.landing_report import Changed, ColumnMatch, FileReport, RowCounts
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.effects import Effect
from leadline.metrics.restatements import Restatement
from tests.dashboard.command_line import known, run

DEALS = "deal_id,created_at,stage,amount\n"


def test_each_column_says_its_examples_and_what_it_is_taken_for() -> None:
    columns = (
        ColumnMatch("Opp\u202eNo", ("7", "8", "9", "10"), ours=("deal_id",)),
        ColumnMatch("Product", ("A",), is_segment=True),
        ColumnMatch("Day", ("1.2.",), suggested="created_at", why="its cells are dates"),
        ColumnMatch("", ("x" * 90,)),
    )
    assert previews.columns_table(columns).rows[:3] == (
        ("Opp No", "7 · 8 · 9", "deal_id"),
        ("Product", "A", "kept, to split by"),
        ("Day", "1.2.", "may be created_at: its cells are dates"),
    )
    assert previews.columns_table(columns).rows[3] == ("(no heading)", "x" * 59 + "…", "not stored")


def test_a_replaced_cell_shows_its_old_and_new_value_and_an_empty_one_says_so() -> None:
    report = FileReport(
        "d.csv", "landed", rows=RowCounts(1, updated=1), changes=(Changed(2, "D1", "stage", None, "won"),)
    )
    assert previews.changes_table(report.changes).rows == (("2", "D1", "stage", "(empty)", "won"),)
    assert previews.changes_sentence(report).startswith("1 row would be replaced")


def test_effects_are_told_in_words_units_and_shapes() -> None:
    found = (
        Effect("lead-routing", "Lead routing", "verdict", "", before="aligned", after="diverging"),
        Effect("lead-routing", "Lead routing", "metric", "close_rate", value_before=0.182, value_after=None),
        Effect("lead-routing", "", "rule", "close-rate", after="breached"),
    )
    catalog = load_catalog(None)
    told = previews.effects_sentence(found, catalog)
    assert told == "In this week's review would change: 1 verdict, 1 number, 1 rule."
    rows = previews.effects_table(found, catalog).rows
    assert rows[0][1:] == ("Verdict", "● Holding", "◆ Drifting")
    assert rows[1][2] == formats.percent(0.182, 1)
    assert rows[2] == ("lead-routing", "Rule “close-rate”", "none yet", "◆ breached")
    assert previews.effects_sentence((), catalog).startswith("Nothing would read otherwise")


def test_a_number_that_is_rounded_to_the_same_text_is_counted_but_not_listed() -> None:
    moved = Effect("a", "A", "metric", "close_rate", value_before=0.1190, value_after=0.11901)
    assert previews.effects_table((moved,), load_catalog(None)).rows == ()
    assert previews.effects_sentence((moved,), load_catalog(None)).endswith(
        " 1 number would move by less than is shown."
    )


def test_a_dry_run_prints_what_would_be_replaced_and_changes_nothing(tmp_path: Path) -> None:
    run("init", tmp_path / "team")
    (tmp_path / "1.csv").write_text(
        DEALS + "D1,2024-01-05,open,100\nD2,2024-01-06,open,5\n", encoding="utf-8"
    )
    (tmp_path / "2.csv").write_text(DEALS + "D1,2024-01-05,open,120\n", encoding="utf-8")
    run("ingest", tmp_path / "1.csv", workspace=tmp_path / "team")
    before = known(tmp_path / "team")
    ran = run("ingest", tmp_path / "2.csv", "--complete", "--dry-run", workspace=tmp_path / "team")
    assert (ran.status, known(tmp_path / "team")) == (0, before)
    assert "  replaces D1, amount: 100.0 → 120.0 (line 2)\n" in ran.out


def test_the_decimal_sign_is_an_option(tmp_path: Path) -> None:
    run("init", tmp_path / "team")
    (tmp_path / "1.csv").write_text(
        DEALS + "D1,2024-01-05,open,1.234\nD2,2024-01-06,open,5.678\n", encoding="utf-8"
    )
    asked = run("ingest", tmp_path / "1.csv", workspace=tmp_path / "team")
    assert (asked.status, "--numbers" in asked.err) == (2, True)
    assert run("ingest", tmp_path / "1.csv", "--numbers", "comma", workspace=tmp_path / "team").status == 0


def test_long_lists_of_replaced_cells_end_in_how_many_rows_more() -> None:
    changes = [
        {"line": n, "row": f"D{n}", "column": "stage", "before": "open", "after": "won"} for n in range(2, 20)
    ]
    lines = print_landing.replaced({"changes": changes, "rows": {"updated": 40}})
    assert (len(lines), lines[-1]) == (6, "… and more in 35 further rows")


def test_rows_set_aside_are_printed_corrected_and_landed(tmp_path: Path) -> None:
    team = tmp_path / "team"
    run("init", team)
    (tmp_path / "1.csv").write_text(
        DEALS + "D1,2024-01-05,open,100\nD2,2024-13-06,open,5\n", encoding="utf-8"
    )
    run("ingest", tmp_path / "1.csv", workspace=team)
    assert "2024-13-06" in run("rejected", "1", workspace=team).out
    to_correct = run("rejected", "1", "--to-correct", workspace=team)
    assert to_correct.status == 0
    (tmp_path / "2.csv").write_text(to_correct.out.replace("2024-13-06", "2024-01-06"), encoding="utf-8")
    landed = run("ingest", tmp_path / "2.csv", workspace=team)
    assert (landed.status, "1 new" in landed.out) == (0, True)
    assert run("rejected", "9", workspace=team).status == 2


def test_a_restated_number_names_the_week_both_values_and_the_import() -> None:
    one = Restatement(
        "lead-routing", "close_rate", "Close rate", "share", dt.date(2025, 11, 3), dt.date(2025, 11, 16),
        0.182, 0.169, (41,),
    )  # fmt: skip
    assert previews.restatements_table((one,)).rows == (
        ("lead-routing", "Close rate", "3 Nov 2025", "18.2 %", "16 Nov 2025", "16.9 %", "41"),
    )


def test_columns_are_counted_by_what_they_become() -> None:
    columns = (
        ColumnMatch("Mail", ("a@x.example",)),
        ColumnMatch("Line", ("Core",), is_segment=True),
        ColumnMatch("Won", ("1 May", "2 May"), ours=("created_at", "closed_at")),
    )
    assert previews.columns_sentence(columns) == "Columns: 1 used, 1 kept to split by, 1 not stored"
    assert previews.column_words(columns[2]) == "Won · 1 May · 2 May"
