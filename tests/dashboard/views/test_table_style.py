"""Numbers at the right, and headings that can't break out of the style they stand in."""

from __future__ import annotations

import datetime as dt

from leadline.dashboard.views.table_style import css_of, number_columns
from leadline.dashboard.words.tables import Table


def test_numbers_with_and_without_units_are_numbers_and_dates_and_words_are_not() -> None:
    rows = (
        ("lead-routing", 1200, dt.date(2026, 11, 9), "€1.2m", "−1.6 points", "1.4 × (1.2–1.5)", ""),
        ("nurture", "38 %", "", "€402k–540k", "8.1 minutes", "compared with this", ""),
    )
    table = Table(("Name", "Rows", "Since", "Cost", "Change", "At equal age", "Note"), rows)
    assert number_columns(table) == (1, 3, 4)  # the first names the row
    assert "td:nth-child(2)" in css_of(table)


def test_a_heading_stands_in_the_style_as_code_points_alone() -> None:
    css = css_of(Table(('</style><script>"}', "Größe"), ()))
    assert "script" not in css
    assert "</" not in css
    assert r"\0000fc" not in css  # of ü, which neither heading has
    assert r"\0000f6" in css
