"""Totals and sub-totals among the rows, in any language and in every place; no deal is taken for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear, column, land_text, lines

DEALS = "deal_id,created_at,closed_at,stage,amount,currency"
GERMAN = {
    "template": "deals",
    "columns": {
        "Name": "deal_id", "Angelegt": "created_at", "Ende": "closed_at", "Phase": "stage", "Wert": "amount",
        "Währung": "currency",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with open_warehouse(Workspace(tmp_path_factory.mktemp("totals") / "w", SMALL)) as opened:
        yield opened


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    clear(shared)
    return shared


def _deals(total: str, moment: str) -> list[str]:
    """Two groups of deals named by words, each with its sum below it, and the sum of all at the end."""
    return [
        "Alfa,2026-01-05,2026-02-01,won,100,EUR", "Beta,2026-01-05,2026-02-01,lost,200,EUR",
        f"{total},{moment},,open,300,EUR",
        "Gamma,2026-01-06,2026-02-02,won,50.5,EUR", "Delta,2026-01-06,,open,25,EUR",
        f"{total},{moment},,open,75.5,EUR", f"{total},{moment},,open,375.5,EUR",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("total", "moment", "path"),
    [
        ("Итого", "2026-01-06", "template"),
        ("Summe", "", "mapping"),
        ("合計", "2026-01-06", "mapping"),
        ("Всего: Q1", "", "template"),
        ("Subtotal EMEA", "2026-01-06", "template"),
        ("", "", "template"),
    ],
)
def test_sums_among_the_rows_are_no_deals(warehouse: Warehouse, total: str, moment: str, path: str) -> None:
    head = DEALS if path == "template" else ",".join(GERMAN["columns"])
    options = {} if path == "template" else {"mapping": GERMAN}
    report = land_text(warehouse, lines(head, *_deals(total, moment)), name="x.csv", **options)
    assert (report.state, report.rows.new, report.rows.quarantined, report.rows.skipped) == (
        "landed", 4, 0, 3,
    ), report.reasons  # fmt: skip
    assert column(warehouse, "select sum(amount)::double from facts.deals") == [375.5]
    assert column(warehouse, "select count(*) from facts.deals where stage = 'open'") == [1]


def test_a_deal_is_no_total_because_its_amount_adds_up_or_its_name_begins_so(warehouse: Warehouse) -> None:
    rows = (
        "Total Energies,2026-01-05,,open,100,EUR", "Alfa,2026-01-05,2026-02-01,won,100,EUR",
        "Totals Ltd,2026-01-05,,open,100,EUR", "Beta,2026-01-05,2026-02-01,won,200,EUR",
        "Omega,2026-01-05,,open,500,EUR",
    )  # fmt: skip
    report = land_text(warehouse, lines(DEALS, *rows), name="x.csv")
    assert (report.rows.new, report.rows.skipped, report.warnings) == (5, 0, ()), report.reasons


def test_a_row_named_like_a_total_that_is_none_is_told(warehouse: Warehouse) -> None:
    rows = [row for row in _deals("Итого", "2026-01-06") if not row.startswith("Итого")]
    report = land_text(warehouse, lines(DEALS, *rows, "Всего,2026-01-06,,open,999,EUR"), name="x.csv")
    (told,) = [one.message for one in report.warnings if one.code == "named_like_totals"]
    assert "'всего' on line 6" in told


def test_days_of_spend_with_their_sums_between_them_count_once(warehouse: Warehouse) -> None:
    rows = (
        "2026-01-05,search,C1,100,EUR,10", "2026-01-05,search,C2,200,EUR,20", "2026-01-05,search,Итого,300,EUR,30",
        "2026-01-06,search,C1,10,EUR,1", "2026-01-06,search,C2,20,EUR,2", ",search,,30,EUR,3", ",,,330,EUR,33",
    )  # fmt: skip
    report = land_text(
        warehouse, lines("spent_on,channel,campaign,cost,currency,clicks", *rows), name="x.csv"
    )
    assert (report.rows.new, report.rows.skipped) == (4, 3), report.reasons
    assert column(warehouse, "select sum(cost)::double from facts.spend") == [330.0]
