"""Spend counts once, however its levels stand in one file and by whatever names a second export tells it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear, land_text, lines

HEAD = "spent_on,channel,campaign,ad_group,ad,cost,currency"
LEVELS = (
    "2026-03-02,meta,C1,,,300,EUR", "2026-03-02,meta,C1,A,,120.01,EUR", "2026-03-02,meta,C1,A,ad1,70,EUR",
    "2026-03-02,meta,C1,A,ad2,50,EUR", "2026-03-02,meta,C1,B,ad3,180,EUR", "2026-03-02,meta,C1,B,,180,EUR",
    "2026-03-02,meta,C2,,,40,EUR", "2026-03-02,meta,C2,D,ad4,40,EUR", "2026-03-03,meta,C2,,,15,EUR",
)  # fmt: skip
DAYS = (
    "2026-03-02,meta,C1,200,EUR", "2026-03-03,meta,C1,101,EUR", "2026-03-03,meta,C2,40,EUR",
    "2026-03-04,meta,C1,17.5,EUR",
)  # fmt: skip
BY_DAY = lines("spent_on,channel,campaign,cost,currency", *DAYS)
COST = "select sum(cost)::double from facts.spend"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with open_warehouse(Workspace(tmp_path_factory.mktemp("spend") / "w", SMALL)) as opened:
        yield opened


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    clear(shared)
    return shared


@pytest.mark.parametrize(
    ("head", "options"),
    [
        (HEAD, {}),
        (
            "Tag,Kanal,Kampagne,Gruppe,Anzeige,Kosten,Währung",
            {
                "mapping": {
                    "template": "spend",
                    "columns": {
                        "Tag": "spent_on", "Kanal": "channel", "Kampagne": "campaign", "Gruppe": "ad_group",
                        "Anzeige": "ad", "Kosten": "cost", "Währung": "currency",
                    },
                }
            },
        ),
        ("Reporting starts,Account name,Campaign name,Ad set name,Ad name,Amount spent (EUR),Reporting ends", {}),
    ],
)  # fmt: skip
def test_levels_above_ads_are_their_totals(warehouse: Warehouse, head: str, options: dict[str, Any]) -> None:
    rows = [row.removesuffix("EUR") + row[:10] if "Reporting" in head else row for row in LEVELS]
    report = land_text(warehouse, lines(head, *rows), name="ads.csv", **options)
    assert (report.state, report.rows.new, report.rows.skipped) == ("landed", 5, 4), report.message
    assert [(one.reason, one.rows) for one in report.reasons] == [("totals_row", (2, 3, 7, 8))]
    assert warehouse.select(COST) == [(355.0,)]


def test_a_row_beside_finer_ones_that_is_not_their_sum_is_told(warehouse: Warehouse) -> None:
    report = land_text(warehouse, lines(HEAD, "2026-03-02,meta,C1,,,500,EUR", *LEVELS[2:4]), name="a.csv")
    assert (report.state, report.rows.new) == ("landed", 3)
    (told,) = [one.message for one in report.warnings if one.code == "spend_levels"]
    assert "line 2 says 500.00 beside 120.00" in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "spent_on,spent_to,channel,campaign,cost,currency\n2026-03-01,2026-03-31,meta,C1,330,EUR\n",
            "the same campaign is told otherwise",
        ),
        (
            "spent_on,spent_to,channel,campaign,cost,currency\n2026-03-01,2026-03-31,meta,77,318.5,EUR\n"
            "2026-03-01,2026-03-31,meta,78,40,EUR\n",
            "both add up to the same",
        ),
        (BY_DAY.replace("C1", "120330001").replace("C2", "120330002"), "4 of 4 cost exactly"),
        (
            f"{HEAD}\n2026-03-02,meta,C1,A,ad1,70,EUR\n2026-03-02,meta,C1,A,ad2,50,EUR\n",
            "the same campaign is told otherwise",
        ),
        (
            "spent_on,channel,ad,cost,currency\n2026-03-03,meta,a,99,EUR\n2026-03-03,meta,b,42,EUR\n",
            "both add up to the same",
        ),
    ],
)  # fmt: skip
def test_the_same_spend_under_other_names_is_asked_about(warehouse: Warehouse, text: str, why: str) -> None:
    land_text(warehouse, BY_DAY, name="1.csv")
    report = land_text(warehouse, text, name="2.csv")
    assert (report.state, [one.code for one in report.questions]) == ("asks", ["spend_twice"]), report.message
    assert why in report.message
    assert warehouse.select(COST) == [(358.5,)]
    landed = land_text(warehouse, text, name="2.csv", accept=("spend_twice",))
    assert (landed.state, [one.code for one in landed.warnings]) == ("landed", ["spend_twice"])
    undo(warehouse, landed.import_id or 0)
    assert warehouse.select(COST) == [(358.5,)]


def test_spend_that_goes_on_or_is_restated_is_not_asked_about(warehouse: Warehouse) -> None:
    land_text(warehouse, BY_DAY, name="1.csv")
    head = BY_DAY.split("\n", 1)[0]
    for name, rows, cost in (
        ("restated", (DAYS[0], DAYS[1].replace("101", "103"), *DAYS[2:]), 360.5),
        ("next week", (DAYS[3], "2026-03-09,meta,C1,200,EUR", "2026-03-10,meta,C2,40,EUR"), 600.5),
        ("another campaign", ("2026-03-02,meta,C7,33,EUR", "2026-03-03,meta,C7,21,EUR"), 654.5),
        ("another channel", ("2026-03-02,search,C1,210,EUR", "2026-03-03,search,C1,99,EUR"), 963.5),
    ):
        report = land_text(warehouse, lines(head, *rows), name=f"{name}.csv")
        assert (report.state, report.warnings) == ("landed", ()), (name, report.message)
        assert warehouse.select(COST) == [(cost,)], name


def _fortnight(
    days: range = range(1, 15),
    channel: str = "meta",
    campaign: str = "C{n}",
    restated: bool = True,
    seed: int = 1,
) -> str:
    """Four campaigns a day, less at weekends; costs as an export says them that restates them by up to two per cent."""
    chance, by = Random(seed), Random(9)
    costs = [
        (day, n, chance.uniform(20, 300) * (0.5 if day % 7 > 4 else 1))
        for day in range(1, 29)
        for n in range(4)
    ]
    return lines(
        "spent_on,channel,campaign,cost,currency",
        *(
            f"2026-03-{day:02},{channel},{campaign.format(n=n)},{cost * by.uniform(0.985, 1.02):.2f},EUR"
            if restated
            else f"2026-03-{day:02},{channel},{campaign.format(n=n)},{cost:.2f},EUR"
            for day, n, cost in costs
            if day in days
        ),
    )


@pytest.mark.parametrize("days", [range(1, 15), range(13, 29)], ids=["the_same_days", "two_of_them"])
@pytest.mark.parametrize(
    ("before", "channel", "campaign"),
    [
        ("", "meta", "C{n}"), ("meta", "", "C{n}"), ("meta", "Facebook", "C{n}"), ("meta", "meta", "1203300{n}"),
        ("meta", "Facebook", "1203300{n}"),
    ],
)  # fmt: skip
def test_spend_that_is_labelled_and_restated_is_the_same_money(
    warehouse: Warehouse, days: range, before: str, channel: str, campaign: str
) -> None:
    land_text(warehouse, _fortnight(channel=before, restated=False), name="1.csv")
    report = land_text(warehouse, _fortnight(days, channel, campaign), name="2.csv")
    assert [one.code for one in report.questions] == ["spend_twice"], report.message


@pytest.mark.parametrize("days", [range(1, 15), range(14, 29)], ids=["the_same_days", "one_of_them"])
@pytest.mark.parametrize(("channel", "campaign"), [("search", "C{n}"), ("meta", "X{n}"), ("search", "X{n}")])
def test_a_second_channel_or_account_with_costs_of_its_own_is_no_question(
    warehouse: Warehouse, days: range, channel: str, campaign: str
) -> None:
    land_text(warehouse, _fortnight(), name="1.csv")
    report = land_text(warehouse, _fortnight(days, channel, campaign, seed=2), name="2.csv")
    assert (report.state, report.warnings) == ("landed", ()), report.message


def sum_of_days(first: int, last: int, label: str = "{}") -> list[str]:
    """One row a campaign, dated on its first day: what `last - first + 1` days of BY_LABEL cost."""
    return [
        f"2026-03-{first:02},meta,{label.format(name)},{sum(cost(day, name) for day in range(first, last + 1)):.2f},EUR"
        for name in ("C1", "C2")
    ]


def cost(day: int, campaign: str) -> float:
    return round(Random(f"{day}{campaign}").uniform(20, 90), 2)


MONTH = [
    f"2026-03-{day:02},meta,{name},{cost(day, name):.2f},EUR" for day in range(2, 30) for name in ("C1", "C2")
]
WEEKS = [*sum_of_days(2, 8), *sum_of_days(9, 15), *sum_of_days(16, 22)]
RISING = [
    f"2026-03-{day:02},meta,{name},{sum(cost(each, name) for each in range(2, day + 1)):.2f},EUR"
    for day in range(2, 30)
    for name in ("C1", "C2")
]


@pytest.mark.parametrize(
    ("known", "rows", "why"),
    [
        (MONTH, WEEKS, "over a week"),
        (MONTH, [row.replace("-09,", "-15,").replace("-16,", "-22,") for row in WEEKS[2:]], "over a week"),
        (MONTH[::2], sum_of_days(2, 29)[:1], "over four weeks: "),
        ((), [*MONTH, *(row.replace(",C", ",week of C") for row in WEEKS)], "the days of another label"),
        ((), RISING, "only rises"),
        ((), [*MONTH, *(row.replace(",C", ",so far C") for row in RISING)], "only rises"),
    ],
)  # fmt: skip
def test_sums_over_days_are_asked_about(
    warehouse: Warehouse, known: list[str], rows: list[str], why: str
) -> None:
    head = "spent_on,channel,campaign,cost,currency"
    if known:
        assert land_text(warehouse, lines(head, *known), name="days.csv").state == "landed"
    report = land_text(warehouse, lines(head, *rows), name="sums.csv")
    assert [one.code for one in report.questions] == ["spend_twice"], report.message
    assert why in report.message


def test_visits_that_come_again_under_other_channels_are_asked_about(warehouse: Warehouse) -> None:
    rows = [
        f"2026-03-{day:02},{name},{50 + day * n}"
        for day in range(2, 8)
        for n, name in ((7, "Organic"), (3, "Paid"))
    ]
    land_text(warehouse, lines("spent_on,channel,visits", *rows), name="1.csv")
    again = lines(
        "spent_on,channel,visits", *(row.replace("Organic", "SEO").replace("Paid", "SEA") for row in rows)
    )
    report = land_text(warehouse, again, name="2.csv")
    assert [one.code for one in report.questions] == ["spend_twice"], report.message
    assert "visits" in report.message


def test_days_that_go_on_are_no_sums(warehouse: Warehouse) -> None:
    head = "spent_on,channel,campaign,cost,currency"
    fixed = [
        f"2026-03-{day:02},meta,{name},{cost},EUR"
        for day in range(2, 30)
        for name, cost in (("A", 10), ("B", 70), ("C", 280))
    ]
    ramp = [f"2026-03-{day:02},search,R,{100 + 4 * day},EUR" for day in range(2, 30)]
    for text in (lines(head, *MONTH[:30]), lines(head, *MONTH[20:]), lines(head, *fixed), lines(head, *ramp)):
        report = land_text(warehouse, text, name="days.csv")
        assert (report.state, report.warnings) == ("landed", ()), report.message


@pytest.mark.parametrize(("second", "state"), [("device", "asks"), ("week", "landed"), ("account", "landed")])
def test_a_table_below_a_repeated_heading_is_held_against_the_one_above_it(
    warehouse: Warehouse, second: str, state: str
) -> None:
    chance = Random(5)
    rows = [
        (day, name, round(chance.uniform(5, 80), 2)) for day in range(1, 15) for name in ("brand", "generic")
    ]
    whole = {day: sum(cost for on, _, cost in rows if on == day) for day, _, _ in rows}
    below = {
        "device": [
            (day, name, cost * part)
            for day, cost in whole.items()
            for name, part in (("pc", 0.25), ("tv", 0.75))
        ],
        "week": [(day + 14, name, cost + 1) for day, name, cost in rows],
        "account": [(day, f"x {name}", cost * chance.uniform(0.5, 1.5)) for day, name, cost in rows],
    }[second]
    told = [
        lines("spent_on,campaign,cost,clicks", *(f"2026-01-{d:02},{n},{c:.4f},9" for d, n, c in table))
        for table in (rows, below)
    ]
    report = land_text(warehouse, "".join(told))
    assert report.state == state, report.message
    if state == "asks":
        assert "below line 30, where the headings stand again, (" in report.message
