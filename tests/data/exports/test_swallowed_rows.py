"""Rows within a cell are told: a stray quote takes no row away in silence."""

from __future__ import annotations

import pytest

from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines

STRAY = (
    'L1{d}2026-01-05{d}web', 'L2{d}2026-01-06{d}"24"" screens', "L3{d}2026-01-07{d}web", 'L4{d}2026-01-08{d}web"',
    "L5{d}2026-01-09{d}web",
)  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_rows_within_a_cell_are_told(warehouse: Warehouse, delimiter: str) -> None:
    rows = ("lead_id{d}created_at{d}channel", *STRAY)
    report = land_text(warehouse, lines(*(row.replace("{d}", delimiter) for row in rows)))
    told = [one.message for one in report.warnings if one.code == "swallowed_rows"]
    assert len(told) == 1
    assert told[0].startswith("2 rows of the file stand within a cell, the first on line 3")


def test_prose_of_several_lines_is_no_row(warehouse: Warehouse) -> None:
    text = lines(
        "lead_id,created_at,channel", 'L1,2026-01-05,"web\nfrom Ann, Bob, Cy\nsince 2026, or so, we think"'
    )
    assert not land_text(warehouse, text).warnings
