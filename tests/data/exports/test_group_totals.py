"""Sub-totals among the rows that they add up are no spend, whatever they are called and wherever they stand."""

from __future__ import annotations

import pytest

from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text, lines

HEAD = "spent_on,channel,campaign,cost,currency,impressions"
CENTS = ((12.34, 5.5), (7.01, 33.3), (80.15, 9.9))


def _days(*, name: str, place: int, channel: str = "meta", off: float = 0) -> str:
    """Three days of two campaigns, with a row that holds both among them."""
    rows = []
    for day, (one, other) in enumerate(CENTS, 1):
        of_day = [
            f"2026-03-{day:02},meta,C1,{one},EUR,{one:.0f}00",
            f"2026-03-{day:02},meta,C2,{other},EUR,{other:.0f}00",
        ]
        total = round(one) + round(other)
        of_day.insert(place, f"2026-03-{day:02},{channel},{name},{one + other + off:.2f},EUR,{total}00")
        rows += of_day
    return lines(HEAD, *rows)


@pytest.mark.parametrize(
    ("name", "place"),
    [("All campaigns", 1), ("Toutes les campagnes", 0), ("すべてのキャンペーン", 2), ("Total", 1), ("C0", 1)],
)
def test_a_row_a_day_that_is_the_sum_of_its_day_is_no_spend(
    emptied: Warehouse, name: str, place: int
) -> None:
    report = land_text(emptied, _days(name=name, place=place), name="ads.csv")
    assert (report.state, report.rows.new, report.warnings) == ("landed", 6, ()), report.message
    assert [(one.reason, one.rows) for one in report.reasons] == [
        ("totals_row", (2 + place, 5 + place, 8 + place))
    ]


def test_totals_by_channel_and_of_all_channels_are_told_apart(emptied: Warehouse) -> None:
    rows = [
        f"2026-03-0{day},{channel},{campaign},{cost * day:.2f},EUR,"
        for day in (1, 2, 3)
        for channel, campaign, cost in (
            ("All channels", "", 61.05), ("meta", "All", 30.75), ("meta", "C1", 10.5), ("meta", "C2", 20.25),
            ("search", "All", 30.3), ("search", "C3", 30.3),
        )
    ]  # fmt: skip
    report = land_text(emptied, lines(HEAD, *rows), name="ads.csv")
    assert (report.state, report.rows.new, report.rows.skipped) == ("landed", 9, 9), report.message
    assert column(emptied, "select distinct campaign from facts.spend order by all") == ["C1", "C2", "C3"]


@pytest.mark.parametrize(("name", "told"), [("All summer", []), ("All campaigns", ["named_like_totals"])])
def test_a_campaign_that_is_called_all_something_is_one(
    emptied: Warehouse, name: str, told: list[str]
) -> None:
    report = land_text(emptied, _days(name=name, place=0, off=3.07), name="ads.csv")
    assert (report.state, report.rows.new) == ("landed", 9), report.message
    assert [one.code for one in report.warnings] == told


def test_budgets_that_add_up_every_day_count_and_are_told(emptied: Warehouse) -> None:
    rows = [
        f"2026-03-{d:02},meta,{c},{v},EUR,"
        for d in range(1, 9)
        for c, v in (("A", 100), ("B", 50), ("C", 50))
    ]
    report = land_text(emptied, lines(HEAD, *rows), name="ads.csv")
    assert (report.state, report.rows.new) == ("landed", 24)
    assert ["'A' (line 2) is the sum" in one.message for one in report.warnings] == [True]


def test_a_total_that_is_rounded_is_a_total(emptied: Warehouse) -> None:
    days = [(day, 41.37 * day + 3.2, 17.81 * day + 90) for day in range(1, 6)]
    rows = [
        row
        for day, one, other in days
        for row in (
            f"2026-03-0{day},meta,C1,{one:.2f},EUR,",
            f"2026-03-0{day},meta,C2,{other:.2f},EUR,",
            f"2026-03-0{day},meta,Account,{round(one + other)},EUR,",
        )
    ]
    report = land_text(emptied, lines(HEAD, *rows), name="ads.csv")
    assert (report.state, report.rows.new, report.rows.skipped) == ("landed", 10, 5), report.message
