"""Two reviewers of one item are one unit: most decide, and who was first where they are as many."""

from __future__ import annotations

import datetime as dt

import pytest

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.cohorts import Calendar, rate_table
from tests.data.example_exports import land_text, lines


@pytest.mark.parametrize(("through", "units", "passed"), [(1, [3, 0], 1), (2, [3, 1], 3)])
def test_an_item_counts_once_for_each_dimension_by_what_most_say(
    warehouse: Warehouse, through: int, units: list[int], passed: int
) -> None:
    rows = [
        "A,2024-01-02,Ann,tone,no",  # the first of two is believed
        "A,2024-01-03,Bo,tone,yes",
        "A,2024-01-03,Ann,facts,yes",  # another dimension is another unit
        "B,2024-01-04,Ann,tone,no",  # outvoted a week later: until then it counts as failed
        "B,2024-01-09,Bo,tone,yes",
        "B,2024-01-10,Cy,tone,yes",
        "C,2024-01-11,Ann,tone,yes",
        "D,2024-01-11,Ann,tone,",  # nobody has said
    ]
    reviews = lines("item_id,reviewed_at,reviewer,dimension,passed,workflow", *(f"{row},w" for row in rows))
    land_text(warehouse, reviews, "reviews.csv")
    calendar = Calendar(dt.date(2024, 1, 1), through)
    table = rate_table(warehouse, load_catalog(None)["review_pass_rate"], "w", calendar, "dimension").cohorts
    assert table.entered.sum(axis=0).tolist() == units[:through]
    assert table.events.sum() == passed
