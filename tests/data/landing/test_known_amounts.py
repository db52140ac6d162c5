"""Amounts in another unit or in no currency are asked or told, also where they are a part of the rows or all new."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leadline.data.warehouse import Warehouse
from tests.data.example_exports import land_text, lines

HEAD = "deal_id,created_at,closed_at,stage,amount,currency"


def _amount(n: int) -> float:
    return 1000 + n * 37


def _coin(_: int) -> str:
    return "EUR"


def _stage(n: int) -> str:
    return ("lost", "won")[n % 2]


def _deals(
    numbers: range = range(60),
    amount: Callable[[int], object] = _amount,
    coin: Callable[[int], str] = _coin,
    stage: Callable[[int], str] = _stage,
) -> str:
    rows = (
        f"D{n},2026-01-{n % 28 + 1:02},2026-02-{n % 28 + 1:02},{stage(n)},{amount(n)},{coin(n)}"
        for n in numbers
    )
    return lines(HEAD, *rows)


@pytest.mark.parametrize(
    ("text", "state", "told"),
    [
        (_deals(amount=lambda n: _amount(n) * (100 if n % 5 == 0 else 1)), "asks", "of 12 of the 60 deals"),
        (_deals(amount=lambda n: _amount(n) * (0.01 if n % 5 == 0 else 1)), "asks", "would be 0.01 times"),
        (_deals(amount=lambda n: _amount(n) * (1000 if n < 3 else 1)), "landed", "3 of the 60 deals that are known"),
        (_deals(amount=lambda n: round(_amount(n) * (1.08 if n % 5 == 0 else 1), 2)), "landed", "1.08 times"),
        (_deals(amount=lambda n: "" if n % 5 == 0 else _amount(n)), "landed", "12 cells that were known are blank"),
        (_deals(amount=lambda n: n * 7 + 13 if n % 5 == 0 else _amount(n)), "landed", "amount of 6 of 30 known deals"),
        (_deals(stage=lambda n: _stage(n + (n % 5 == 0))), "landed", "stage of 12 of 60 known deals would change"),
        (_deals(range(60, 90), lambda n: _amount(n) * 100), "asks", "of the 30 deals that are new is about 1"),
        (_deals(range(60, 90), lambda n: _amount(n) / 1000), "asks", "is about 1/557 of what is known: 3.76 EUR"),
        (_deals(range(60, 65), lambda n: _amount(n) * 100), "landed", "If it is in another unit, take the import"),
        (_deals(range(60, 90), lambda n: _amount(n) * 100, lambda _: ""), "asks", "of the 30 deals that are new"),
        (_deals(range(60, 90), coin=lambda _: ""), "landed", "30 deals that would be new (such as line 2) names no"),
        (_deals(range(60, 90), coin=lambda n: "" if n % 3 == 0 else "EUR"), "landed", "amount of 10 deals (such as"),
        (_deals(range(60, 90), lambda n: f"{'€' if n % 3 else ''}{n}99", lambda _: ""), "landed", "amount of 10 deals"),
    ],
    ids=[
        "a_fifth_in_cents", "a_fifth_in_hundreds", "three_in_thousandths", "a_fifth_in_dollars", "a_fifth_blank",
        "a_fifth_of_others", "a_fifth_of_stages", "new_in_cents", "new_in_thousands", "a_few_new_in_cents",
        "new_in_cents_of_nothing", "new_in_no_currency", "some_in_no_currency", "some_without_a_sign",
    ],
)  # fmt: skip
def test_it_is_asked_or_told_with_numbers(emptied: Warehouse, text: str, state: str, told: str) -> None:
    land_text(emptied, _deals(), name="a.csv")
    report = land_text(emptied, text, name="b.csv")
    said = report.message + " ".join(one.message for one in report.warnings)
    assert (report.state, told in said) == (state, True), said


@pytest.mark.parametrize(
    "text",
    [
        _deals(range(60, 90), lambda n: _amount(n) * 4),
        _deals(range(60, 90), lambda n: _amount(n) * 160, lambda _: "JPY"),
        _deals(range(60, 90), coin=lambda n: ("EUR", "USD", "GBP")[n % 3]),
        _deals(range(60, 90), lambda n: _amount(n) * 90 if n % 9 == 0 else _amount(n)),
        _deals(amount=lambda n: 0 if n % 20 == 0 else _amount(n)),
        _deals(amount=lambda n: -_amount(n) if n == 7 else _amount(n)),
        _deals(range(60, 90), lambda n: "" if n % 2 else _amount(n), lambda n: "" if n % 2 else "EUR"),
    ],
    ids=["growth", "yen", "currencies_by_row", "a_few_large", "refunds", "a_refund_below_nought", "none_yet"],
)
def test_growth_refunds_and_currencies_by_row_are_no_question(emptied: Warehouse, text: str) -> None:
    land_text(emptied, _deals(stage=lambda n: "open" if n % 2 else _stage(n)), name="a.csv")
    report = land_text(emptied, text, name="b.csv")
    assert (report.state, {one.code for one in report.warnings} - {"no_stage"}) == ("landed", set()), (
        report.message
    )


def test_answers_in_seconds_and_scores_on_another_scale_are_told_and_sooner_ones_are_not(
    emptied: Warehouse,
) -> None:
    def leads(first: int, score: float, minutes: float) -> str:
        rows = (
            f"L{n},2026-0{first // 30 + 1}-{n % 28 + 1:02} 09:{n % 60:02},{score * (n % 9 + 1):g},"
            f"{minutes * (n % 7 + 1):g}"
            for n in range(first, first + 30)
        )
        return lines("lead_id,created_at,score,first response time (minutes)", *rows)

    land_text(emptied, leads(0, 10, 3))
    late = land_text(emptied, leads(30, 0.1, 180), name="late.csv")
    told = [one.message for one in late.warnings if one.code == "rescaled_amounts"]
    assert len(told) == 2
    assert "0.5 in the middle (such as line 2), 45 before" in told[0]
    assert "about 60 times as late as those that are known" in told[1]
    sooner = land_text(emptied, leads(60, 10, 0.1), name="sooner.csv")
    assert "rescaled_amounts" not in {one.code for one in sooner.warnings}
