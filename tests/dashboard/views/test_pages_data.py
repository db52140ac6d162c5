"""The data page: freshness, gaps, what can't be answered, quarantine, imports and their undo."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from leadline.dashboard.drawings import coverage
from leadline.dashboard.service import open_warehouse
from leadline.dashboard.words import sources as data_tables
from leadline.dashboard.words.tables import cell_text
from leadline.data.landing.land import IngestOptions, land, list_imports
from leadline.data.landing.quarantine import quarantined, quarantined_csv
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.coverage import SourceWeeks, source_weeks
from leadline.metrics.results import SourceState
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import assert_nothing_is_live, buttons, downloads, opened, press, text
from tests.data.example_exports import land_text

PAGE = "views/sources/page.py"
LEADS = (
    "lead_id,created_at,workflow\n"
    "L1,2024-06-20 10:00,lead-routing\n"
    "L2,2024-06-02 11:00,lead-routing\n"
    "L3,2024-13-40,lead-routing\n"
    "L4,=2+5,lead-routing\n"
)
CATALOG = load_catalog(None)


def landed(home: Path, content: str = LEADS, name: str = "leads.csv") -> Warehouse:
    warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
    file = home.parent / name
    file.write_text(content, encoding="utf-8")
    land(warehouse, file, IngestOptions())
    return warehouse


def test_an_empty_workspace_says_what_to_land_first(home: Path) -> None:
    told = text(opened(PAGE))
    assert "No data landed yet." in told
    assert "Land the first export" in told
    assert "No row of any import in use had to be kept aside." in told


def test_sources_quarantine_and_imports_are_shown(home: Path) -> None:
    landed(home)
    told = text(opened(PAGE))
    assert "All" not in told.split("\n")[0]
    for part in ("leads", "20 Jun 2024", "10 days", "Bad date", "leads.csv", "● in use"):
        assert part in told, part


def test_kinds_of_rows_are_called_by_plain_words(home: Path) -> None:
    landed(home, "asset_id,used_at,used_by\nX1,2024-06-20,Ann\n,2024-06-21,Bo\n", "uses.csv")
    told = text(opened(PAGE))
    assert "asset uses" in told
    assert "asset_uses" not in told


def test_every_table_can_be_downloaded(home: Path) -> None:
    landed(home)
    assert downloads(opened(PAGE)).count("CSV") >= 3


def test_rows_kept_aside_come_as_a_file_that_no_spreadsheet_runs(home: Path) -> None:
    warehouse = landed(home)
    everything = quarantined_csv(warehouse)
    assert everything.splitlines()[0] == "import,file,line,column,value,reason,what to do,row"
    assert "'=2+5" in everything
    assert quarantined_csv(warehouse, "missing_id").count("\n") == 1
    assert "Quarantined rows as CSV" in downloads(opened(PAGE))


def test_an_import_is_taken_back_after_its_effect_was_told(home: Path) -> None:
    warehouse = landed(home)
    app = opened(PAGE)
    box = next(box for box in app.selectbox if box.label == "One import")
    box.select_index(0).run()
    assert "2 new rows go" in text(app)
    assert list_imports(warehouse)[0].undone_at is None
    press(app, "Undo import 1")
    assert "is undone; earlier versions are back" in text(app)
    assert list_imports(warehouse)[0].undone_at is not None
    assert "○ undone" in text(app)


def test_rows_are_retired_by_their_identities_and_come_back_with_an_undo(home: Path) -> None:
    warehouse = landed(home)
    app = opened(PAGE)
    next(box for box in app.selectbox if box.label == "Kind of rows").select("leads")
    app.text_area[0].set_value("L1\nL9")
    next(box for box in app.text_input if box.label == "Why").set_value("a colleague")
    press(app, "Retire")
    assert "nothing was retired" in text(app)
    app.text_area[0].set_value("L1")
    press(app, "Retire")
    assert "1 row retired, as import 2" in text(app)
    assert warehouse.select("select lead_id from facts.leads") == [("L2",)]
    next(box for box in app.selectbox if box.label == "One import").select_index(0).run()
    press(app, "Undo import 2")
    assert len(warehouse.select("select lead_id from facts.leads")) == 2


def test_a_reader_is_told_why_nothing_can_be_taken_back(home: Path) -> None:
    landed(home)
    (home / "leadline.toml").write_text(
        'as_of = 2024-06-30\n[access]\neveryone = "reader"\n', encoding="utf-8"
    )
    app = opened(PAGE)
    next(box for box in app.selectbox if box.label == "One import").select_index(0).run()
    assert "Your role here, “reader”, may not take imports back; ask somebody with the role" in text(app)
    assert not any(label.startswith("Undo") for label in buttons(app))


def test_what_cannot_be_answered_is_told_with_its_reason_and_date(reviewing: Show) -> None:
    reviewing(examples.review(examples.data_problem(), examples.too_early(), uncharted=("chat-bot",)))
    told = text(opened(PAGE))
    assert "Whether qualified appointment rate follows open rate" in told
    assert "8 Sep 2024" in told
    assert "Deals end on 3 May 2024" in told
    assert "It has rows but no charter." in told


def test_hostile_names_are_shown_as_they_stand(reviewing: Show, home: Path) -> None:
    reviewing(examples.review(examples.hostile(), uncharted=(examples.HOSTILE,)))
    landed(home, LEADS, "[x](https:--evil) <b>.csv")
    assert_nothing_is_live(opened(PAGE))


def test_a_broken_database_is_one_sentence(home: Path) -> None:
    (home / "leadline.duckdb").write_bytes(b"this is no database" * 1000)
    app = opened(PAGE)
    assert len(app.error) == 1
    assert "Traceback" not in text(app)


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ((), "No data landed yet."),
        (examples.SOURCES, "All 4 sources are fresh, newest row 30 Jun 2024."),
        (
            (SourceState("deals", dt.date(2024, 5, 3), "stale"), *examples.SOURCES[:1]),
            "1 of 2 sources not fresh: deals late, newest row 30 Jun 2024.",
        ),
    ],
)
def test_one_sentence_says_how_fresh_everything_is(sources: tuple[SourceState, ...], words: str) -> None:
    assert data_tables.data_sentence(examples.review(data=sources)) == words


def test_findings_that_keep_a_verdict_come_first() -> None:
    table = data_tables.findings_table(examples.review(examples.hostile(), examples.data_problem()), CATALOG)
    assert [row[0] for row in table.rows] == ["✕ no verdict", "◐ to know", "◐ to know"]


def test_findings_are_sentences_in_which_nothing_is_live() -> None:
    first, *others = data_tables.findings_lines(
        examples.review(examples.hostile(), examples.data_problem()), CATALOG
    )
    assert first.startswith("✕ no verdict · **")
    assert not re.search(r"(?<!\\)(<script|\]\(https|:red\[now)", " ".join([first, *others]))


def test_weeks_are_counted_by_source_and_empty_ones_are_zero(warehouse: Warehouse) -> None:
    land_text(warehouse, "lead_id,created_at\nL1,2024-06-03\nL2,2024-06-05\nL3,2024-06-17\n")
    (found,) = source_weeks(warehouse, dt.date(2024, 6, 30))
    assert found == SourceWeeks(
        "leads", tuple(dt.date(2024, 6, 3) + dt.timedelta(weeks=at) for at in range(4)), (2, 0, 1, 0)
    )


def test_nothing_later_than_the_day_asked_for_is_counted(warehouse: Warehouse) -> None:
    land_text(warehouse, "lead_id,created_at\nL1,2024-06-03\nL2,2024-06-25\n")
    (found,) = source_weeks(warehouse, dt.date(2024, 6, 9))
    assert found.events == (1,)


def test_a_gap_is_a_week_without_rows_between_weeks_with_some() -> None:
    weeks = tuple(dt.date(2024, 6, 3) + dt.timedelta(weeks=at) for at in range(6))
    assert coverage.gaps(SourceWeeks("leads", weeks, (0, 4, 0, 5, 6, 0))) == [weeks[2]]
    assert coverage.gaps(SourceWeeks("mailings", weeks, (1, 0, 0, 0, 0, 1))) == []


def test_the_picture_of_weeks_says_what_it_shows_and_takes_hostile_names() -> None:
    weeks = tuple(dt.date(2024, 6, 3) + dt.timedelta(weeks=at) for at in range(4))
    sources = (SourceWeeks(examples.HOSTILE, weeks, (3, 0, 2, 2)), SourceWeeks("deals", weeks, (0, 0, 0, 0)))
    figure = coverage.coverage_chart(sources, "dark")
    assert "<script>" not in str(figure.to_plotly_json())
    assert figure.data[1].name == "gaps"
    words = coverage.describe_coverage(sources)
    assert "newest week of 24 Jun 2024, 1 gap" in words
    assert "deals nothing in this time" in words


def test_quarantine_counts_rows_not_faults_and_forgets_undone_imports(warehouse: Warehouse) -> None:
    land_text(warehouse, "lead_id,created_at,first_response_at\nL1,nope,nope\nL2,2024-06-25,\n")
    (found,) = quarantined(warehouse)
    assert (found.reason, found.rows, found.imports) == ("bad_date", 1, (1,))


def test_a_cell_is_read_as_words_and_written_bare() -> None:
    assert [cell_text(cell) for cell in (None, 1450, dt.date(2024, 2, 12), "x", 0.5)] == [
        "", "1,450", "12 Feb 2024", "x", "0.5",
    ]  # fmt: skip
