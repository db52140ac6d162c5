"""Rows that come again under other identities would count twice: asked, whatever their ids are now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

import pytest

from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse
from tests.data.example_exports import column, land_text, lines

Rows = Callable[[str, range], str]


def _leads(identity: str, numbers: range) -> str:
    rows = (
        f"{identity.format(n=n)},2026-01-{n % 28 + 1:02} {n % 9 + 8:02}:{n * 7 % 60:02},{('web', 'fair')[n % 2]},Ann"
        for n in numbers
    )
    return lines("lead_id,created_at,channel,owner", *rows)


def _leads_by_day(identity: str, numbers: range) -> str:
    """Some days have one lead, others several."""
    rows = (
        f"{identity.format(n=n)},{dt.date(2026, 1, 1) + dt.timedelta(days=int(n * 0.4 + n * n % 3))}"
        for n in numbers
    )
    return lines("lead_id,created_at", *rows)


def _deals(identity: str, numbers: range) -> str:
    rows = (
        f"{identity.format(n=n)},{identity.format(n=n)}-lead,2026-01-{n % 28 + 1:02},open,{n * 37 % 101}0"
        for n in numbers
    )
    return lines("deal_id,lead_id,created_at,stage,amount", *rows)


def _mailings(identity: str, numbers: range) -> str:
    rows = (f"{identity.format(n=n)},2026-01-{n % 28 + 1:02} 09:00,{900 + n},{800 + n}" for n in numbers)
    return lines("campaign_id,sent_at,recipients,delivered", *rows)


KINDS = [_leads, _deals, _mailings]


def _count(warehouse: Warehouse, rows: Rows) -> int:
    name = {_deals: "deals", _mailings: "campaigns"}.get(rows, "leads")
    return int(column(warehouse, f"select count(*) from facts.{name}")[0])


@pytest.mark.parametrize("rows", [*KINDS, _leads_by_day])
def test_the_same_rows_with_other_ids_are_asked_with_numbers_and_two_examples(
    warehouse: Warehouse, rows: Rows
) -> None:
    land_text(warehouse, rows("L{n}", range(1, 61)), name="a.csv")
    again = rows("9{n}77", range(1, 71))
    report = land_text(warehouse, again, name="b.csv")
    assert [one.code for one in report.questions] == ["doubled_rows"], (report.message, report.warnings)
    assert "of 70 " in report.message
    assert report.message.count(" here, ") == 2
    assert _count(warehouse, rows) == 60
    landed = land_text(warehouse, again, name="b.csv", accept=("doubled_rows",))
    assert (landed.state, _count(warehouse, rows)) == ("landed", 130)
    undo(warehouse, landed.import_id or 0)
    undo(warehouse, 1)
    assert land_text(warehouse, again, name="b.csv").state == "landed"
    assert _count(warehouse, rows) == 70


@pytest.mark.parametrize("rows", KINDS)
def test_a_handful_of_rows_is_enough(warehouse: Warehouse, rows: Rows) -> None:
    land_text(warehouse, rows("L{n}", range(1, 7)), name="a.csv")
    assert "doubled_rows" in land_text(warehouse, rows("9{n}77", range(1, 7)), name="b.csv").message


@pytest.mark.parametrize("rows", [*KINDS, _leads_by_day])
def test_new_rows_of_the_week_after_are_no_question(warehouse: Warehouse, rows: Rows) -> None:
    land_text(warehouse, rows("L{n}", range(1, 41)), name="a.csv")
    for others in (range(41, 61), range(115, 160)):
        report = land_text(warehouse, rows("L{n}", others), name="b.csv")
        assert (report.state, report.rows.new, report.warnings) == ("landed", len(others), ()), report.message


def test_leads_of_another_source_on_the_same_days_are_others(warehouse: Warehouse) -> None:
    """Here and there a day has as many of both."""
    for seed, source in enumerate(("fair", "web", "shop", "mail")):
        chance = Random(seed)
        rows = (f"{source}{n},2026-01-{chance.randint(1, 28):02}" for n in range(40))
        report = land_text(warehouse, lines("lead_id,created_at", *rows), name=f"{source}.csv")
        assert (report.state, report.rows.new) == ("landed", 40), report.message


def test_rows_whose_words_or_hours_are_others_too_are_known(warehouse: Warehouse) -> None:
    land_text(warehouse, _leads("L{n}", range(1, 101)), name="a.csv")
    land_text(warehouse, _deals("L{n}", range(1, 101)), name="b.csv")
    words = _leads("{n}0", range(1, 101)).replace("web", "Website").replace("Ann", "Ann Lee")
    assert "the same created_at say so" in land_text(warehouse, words, name="c.csv").message
    hours = _deals("{n}0", range(1, 101)).replace(",open", " 10:12,open")
    assert "the same created_at and amount say so" in land_text(warehouse, hours, name="d.csv").message


def test_messages_of_one_mailing_to_two_halves_of_a_list_are_others(warehouse: Warehouse) -> None:
    """Sent at the same minute, as many in each half."""
    for half in ("a", "b"):
        rows = (f"{half}{n}-{m},{half}{n},2026-01-{m + 5:02} 09:07" for m in range(12) for n in range(9))
        report = land_text(warehouse, lines("message_id,lead_id,sent_at", *rows), name=f"{half}.csv")
        assert (report.state, report.rows.new) == ("landed", 108), report.message


@pytest.mark.parametrize("path", ["recognised", "mapping", "taught"])
def test_it_is_asked_on_every_path(warehouse: Warehouse, path: str) -> None:
    header = "Id,IsDeleted,StageName,Amount,CurrencyIsoCode,CloseDate,IsWon,IsClosed,CreatedDate"
    rows = [
        f",false,Some stage,{n}07,EUR,2026-06-01,true,true,2026-01-{n:02}T08:0{n}:00.000Z"
        for n in range(1, 9)
    ]
    said = {}
    if path != "recognised":
        header, mapping = "Nr,Day,State,Sum,Coin", ("deal_id", "created_at", "stage", "amount", "currency")
        rows = [f",2026-01-{n:02},won,{n}07,EUR" for n in range(1, 9)]
        said = {
            "mapping": {"template": "deals", "columns": dict(zip(header.split(","), mapping, strict=True))}
        }
    text, again = (
        lines(header, *(f"{name}{n}{row}" for n, row in enumerate(rows))) for name in ("0061", "P-")
    )
    assert land_text(warehouse, text, name="a.csv", **said).rows.new == 8
    report = land_text(warehouse, again, name="b.csv", **(said if path == "mapping" else {}))
    assert "8 of 8 deals that would be new are known by another identity" in report.message


def _sold(
    identity: str, *, is_decided: bool = False, times: int = 1, hour: str = "", amount: str = ""
) -> str:
    rows = (
        f"{identity}{n},2026-01-{n % 28 + 1:02}{hour and f' 10:{n * 7 % 60:02}'},"
        f"{f'2026-03-{n % 28 + 1:02},won' if is_decided else ',open'},{amount or (1000 + n * 37) * times},EUR"
        for n in range(1, 41)
    )
    return lines("deal_id,created_at,closed_at,stage,amount,currency", *rows)


@pytest.mark.parametrize(
    ("hour", "again"),
    [
        ("", {"is_decided": True}),
        ("", {"times": 100}),
        ("", {"times": 100, "is_decided": True}),
        ("at", {"is_decided": True, "amount": "77", "hour": "at"}),
    ],
    ids=["decided", "cents", "decided_in_cents", "at_another_price"],
)
def test_deals_that_a_new_system_decided_or_counts_in_another_unit_are_known(
    warehouse: Warehouse, hour: str, again: dict[str, str | int | bool]
) -> None:
    land_text(warehouse, _sold("D", hour=hour), name="a.csv")
    report = land_text(warehouse, _sold("9", **again), name="b.csv")  # type: ignore[arg-type]
    assert "40 of 40 deals that would be new are known by another identity" in report.message


def test_deals_at_a_few_prices_on_the_same_days_are_others(warehouse: Warehouse) -> None:
    def text(name: str, seed: int) -> str:
        chance = Random(seed)
        rows = (
            f"{name}{n},2026-01-{chance.randint(1, 28):02},open,{chance.choice((10, 20, 50, 100))}"
            for n in range(40)
        )
        return lines("deal_id,created_at,stage,amount", *rows)

    for seed, name in enumerate("abc"):
        assert land_text(warehouse, text(name, seed), name=f"{name}.csv").rows.new == 40


def _people(
    identity: str, day: str, who: Callable[[int], int] = lambda n: n, numbers: range = range(1, 30)
) -> str:
    rows = (f"{identity}{n},{day.format(day=n % 28 + 1)},u{who(n)}@example.com,web" for n in numbers)
    return lines("lead_id,created_at,Email,channel", *rows)


def test_leads_that_were_all_made_on_one_day_are_known_by_their_addresses(warehouse: Warehouse) -> None:
    land_text(warehouse, _people("L", "2026-01-{day:02}"), name="a.csv")
    report = land_text(warehouse, _people("9", "2026-03-01"), name="b.csv")
    assert (
        "29 of 29 leads that would be new are known by another identity, if the same addresses"
        in report.message
    )
    assert "example.com" not in report.message


@pytest.mark.parametrize(
    ("who", "askers"), [(lambda n: n * 3, 29), (lambda n: n % 9, 9)], ids=["a_third", "customers"]
)
def test_people_who_come_again_are_leads_again(
    warehouse: Warehouse, who: Callable[[int], int], askers: int
) -> None:
    land_text(warehouse, _people("L", "2026-01-{day:02}", lambda n: n % askers), name="a.csv")
    report = land_text(warehouse, _people("9", "2026-02-{day:02}", who), name="b.csv")
    assert (report.state, report.rows.new, report.warnings) == ("landed", 29, ()), report.message
