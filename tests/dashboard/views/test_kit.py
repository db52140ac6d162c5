"""Tables of pages are frames of text: formatted as the page writes, and nothing in them is Markdown."""

from __future__ import annotations

import datetime as dt

from leadline.dashboard.views import kit
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.tables import Table
from tests.dashboard.example_reviews import HOSTILE


def test_cells_are_formatted_as_the_page_writes_and_what_is_not_known_is_empty() -> None:
    rows = Table(("Day", "Rows", "Note"), ((dt.date(2024, 2, 12), 1450, None), (None, None, "late")))
    shown = kit.frame(rows)
    assert shown.to_numpy().tolist() == [
        ["12\N{NO-BREAK SPACE}Feb 2024", "1,450", ""],
        ["", "", "late"],
    ]
    with writing("de"):
        assert kit.frame(rows)["Rows"].iloc[0].replace("\\", "") == "1.450"


def test_headings_and_cells_are_no_markdown() -> None:
    shown = kit.frame(Table((HOSTILE,), ((HOSTILE,),)))
    assert list(shown.columns) == [escape_markdown(HOSTILE)]
    assert shown.iloc[0, 0] == escape_markdown(HOSTILE)


def test_a_table_without_a_row_keeps_its_headings_and_stays_text() -> None:
    shown = kit.frame(Table(("Source", "State"), ()))
    assert list(shown.columns) == ["Source", "State"]
    assert {str(kind) for kind in shown.dtypes} == {"str"}
