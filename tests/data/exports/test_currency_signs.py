"""Signs of currencies are read where they mean one, and asked about where they mean several or contradict the row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear, land_text, lines

HEAD = "deal_id;created_at;closed_at;stage;amount"
FACTS = "select amount::double, currency from facts.deals order by deal_id"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with open_warehouse(Workspace(tmp_path_factory.mktemp("signs") / "w", SMALL)) as opened:
        yield opened


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    clear(shared)
    return shared


def _deals(*amounts: str, head: str = HEAD) -> str:
    return lines(head, *(f"D{n};2026-01-05;2026-02-01;won;{amount}" for n, amount in enumerate(amounts, 1)))


def test_signs_before_and_behind_an_amount_are_the_currency_of_their_row(warehouse: Warehouse) -> None:
    said = {
        "₹1250.50": (1250.5, "INR"), "1250.5\u00a0₽": (1250.5, "RUB"), "1 250.5 руб.": (1250.5, "RUB"),
        "zł 200.5": (200.5, "PLN"), "200.5 Kč": (200.5, "CZK"), "R$ 12.5": (12.5, "BRL"), "R 12.5": (12.5, "ZAR"),
        "CHF 1'250.50": (1250.5, "CHF"), "₺12.5": (12.5, "TRY"), "12.5 TL": (12.5, "TRY"), "₩1200": (1200, "KRW"),
        "1200円": (1200, "JPY"), "CN¥\u202f300": (300, "CNY"), "300元": (300, "CNY"), "₡250": (250, "CRC"),
        "E£ 250": (250, "EGP"), "USD $99.5": (99.5, "USD"), "99.5 Euro": (99.5, "EUR"), "300 RMB": (300, "CNY"),
    }  # fmt: skip
    report = land_text(warehouse, _deals(*said), name="x.csv")
    assert (report.state, report.rows.new) == ("landed", len(said)), report.message
    found = warehouse.select(
        "select amount::double, currency from facts.deals order by substr(deal_id, 2)::int"
    )
    assert found == list(said.values())


def test_an_amount_without_cents_is_not_negative(warehouse: Warehouse) -> None:
    report = land_text(warehouse, _deals("1.250,- €", "250,– €", "99,50 €"), name="x.csv")
    assert report.state == "landed", report.message
    assert warehouse.select(FACTS) == [(1250.0, "EUR"), (250.0, "EUR"), (99.5, "EUR")]


@pytest.mark.parametrize(("sign", "code"), [("kr", "NOK"), ("¥", "CNY"), ("₨", "PKR")])
@pytest.mark.parametrize("head", [HEAD, f"{HEAD};currency"])
def test_a_sign_of_several_currencies_is_asked_about_until_one_is_known(
    warehouse: Warehouse, sign: str, code: str, head: str
) -> None:
    amount = f"250;{sign}" if head != HEAD else f"{sign} 250"
    report = land_text(warehouse, _deals(amount, head=head), name="1.csv")
    assert (report.state, report.questions[0].code) == ("asks", "which_currency"), report.message
    assert warehouse.select(FACTS) == []
    mapping = {"template": "deals", "values": {"currency": {sign: code}}}
    landed = land_text(warehouse, _deals(amount, head=head), name="1.csv", mapping=mapping)
    assert (landed.state, warehouse.select(FACTS)) == ("landed", [(250.0, code)]), landed.message
    later = land_text(warehouse, _deals(amount.replace("250", "300"), head=head), name="2.csv")
    assert (later.state, warehouse.select(FACTS)) == ("landed", [(300.0, code)]), later.message
    if head == HEAD:
        assert "currency_sign" in [one.code for one in later.warnings]


def test_an_amount_in_another_currency_than_its_row_says_is_asked_about(warehouse: Warehouse) -> None:
    head = f"{HEAD};currency"
    report = land_text(warehouse, _deals("₹250;EUR", "€ 99;EUR", "$5;CAD", "5;EUR", head=head), name="1.csv")
    assert [one.code for one in report.questions] == ["contradictory_currency"], report.message
    assert "'₹250' beside EUR on line 2" in report.message
    fine = land_text(warehouse, _deals("€ 250;EUR", "$5;CAD", "kr 5;SEK", "5;EUR", head=head), name="2.csv")
    assert (fine.state, fine.rows.new) == ("landed", 4), fine.message


def test_a_heading_that_names_another_currency_than_the_rows_is_asked(warehouse: Warehouse) -> None:
    text = lines(
        "deal_id,created_at,closed_at,stage,Amount (EUR),currency", "D1,2026-01-05,2026-02-05,won,100,USD"
    )
    report = land_text(warehouse, text)
    assert [one.code for one in report.questions] == ["contradictory_currency"], report.message
    assert "'Amount (EUR)' names EUR, and beside 1 of its amounts stands another currency" in report.message
    said = {"template": "deals", "constants": {"currency": "EUR"}}
    assert land_text(warehouse, text, mapping=said).warnings == ()
    assert warehouse.select(FACTS) == [(100.0, "EUR")]
    clear(warehouse)
    columns = {"Amount (EUR)": "amount", "currency": "currency"}
    report = land_text(warehouse, text, mapping={"template": "deals", "columns": columns})
    assert [one.code for one in report.warnings] == ["contradictory_currency"]
    clear(warehouse)
    assert land_text(warehouse, text.replace("USD", "EUR")).warnings == ()
