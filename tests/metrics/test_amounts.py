"""Outcomes that are amounts, from exports to words: cost in money, currencies kept apart, what rose is told, and what
too little tells yet."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words.changes import change_phrase
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.review_text import to_text
from leadline.dashboard.words.tables import change_cell
from leadline.dashboard.words.verdicts import headline
from leadline.data.landing.land import IngestOptions, land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.cohorts import Currencies, amounts_of, leading
from leadline.metrics.findings import CurrencyMixed
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.review import review
from tests.conftest import SMALL

START, DEPLOYED, WEEKS = dt.date(2024, 1, 1), 40, 72
AS_OF = START + dt.timedelta(weeks=WEEKS, days=-1)
EARLY = START + dt.timedelta(weeks=DEPLOYED + 2, days=-1)
CATALOG = load_catalog(None)
FLOWS = ("cheaper", "dearer", "abroad", "both ways")
"""from the deployment on: deals bring less; more; half of them in dollars; fewer deals, of which four in ten were in
dollars all along"""


def _deals(flow: str, lead: int, week: int) -> tuple[float, str] | None:
    """Amount and currency of the deal that a lead of some week ends in, of ten a week; None for most."""
    after = week >= DEPLOYED
    every = 8 if flow == "both ways" and after else 4
    if lead % every:
        return None
    amount = 1000.0 + 100 * (lead // 4 % 10)
    if after and flow in ("cheaper", "dearer"):
        amount *= 0.4 if flow == "cheaper" else 2.0
    dollars = {"abroad": after and lead // 4 % 2 == 1, "both ways": lead // every % 5 < 2}.get(flow, False)
    return amount, "USD" if dollars else "EUR"


def _write(folder: Path) -> list[Path]:
    leads, deals = [], []
    for flow in FLOWS:
        for lead in range(40 * WEEKS):
            week, place = divmod(lead, 40)
            day = START + dt.timedelta(weeks=week, days=place % 7)
            key = f"{flow} {lead}"
            leads.append((key, day, day, flow.replace(" ", "-")))
            closed = day + dt.timedelta(days=7 + place % 14)
            if (found := _deals(flow, lead, week)) and closed <= AS_OF:
                deals.append((f"d {key}", key, day, closed, "won", *found))
    files = []
    for name, header, rows in (
        ("leads", ("lead_id", "created_at", "first_response_at", "workflow"), leads),
        ("deals", ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency"), deals),
    ):
        files.append(folder / f"{name}.csv")
        with files[-1].open("w", newline="") as opened:
            csv.writer(opened).writerows([header, *rows])
    return files


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Review, Review]]:
    """One landing, one review of all flows two weeks after the deployment and one at the end."""
    folder = tmp_path_factory.mktemp("amounts")
    workspace = Workspace(path=folder, settings=SMALL)
    (folder / "charters").mkdir()
    outcomes = {"cheaper": "won_value_per_lead", "abroad": "won_value_per_lead", "both ways": "close_rate"}
    for flow in FLOWS:
        name, watched = flow.replace(" ", "-"), outcomes.get(flow, "close_rate, won_value_per_lead")
        (folder / "charters" / f"{name}.yaml").write_text(
            f"workflow: {name}\ndeployed_on: {START + dt.timedelta(weeks=DEPLOYED)}\nentry_lag: 0 days\n"
            f"watch: {{proxies: [lead_volume], outcomes: [{watched}]}}\n"
            "stopping_rules:\n  - {id: drift, when: declining, action: pause}\n"
        )
    with open_warehouse(workspace) as warehouse:
        for file in _write(folder):
            assert land(warehouse, file, IngestOptions(exported_on=AS_OF)).state == "landed"
        yield review(warehouse, workspace, EARLY), review(warehouse, workspace, AS_OF)


@pytest.fixture
def shown(reviews: tuple[Review, Review]) -> Review:
    return reviews[1]


@pytest.fixture
def told(shown: Review) -> Mapping[str, WorkflowReview]:
    return {workflow.workflow: workflow for workflow in shown.workflows}


def test_what_an_amount_lost_is_told_in_money_and_in_nothing_else(
    shown: Review, told: Mapping[str, WorkflowReview]
) -> None:
    cost = told["cheaper"].cost
    assert cost is not None
    assert (cost.units, cost.low, cost.high) == (cost.value, cost.value_low, cost.value_high)
    # of 10 deals a week with 1,450 each, three fifths; those of the last weeks are not due yet
    assert cost.units == pytest.approx(0.6 * 10 * 1450 * (WEEKS - DEPLOYED - 2), rel=0.05)
    pair = told["cheaper"].lead_pair
    assert pair is not None
    assert pair.outcome_change.relative == pytest.approx(-0.6)
    assert pair.outcome_change.baseline_value == pytest.approx(1450 / 4)
    (written,) = [w for w in to_contract(shown)["workflows"] if w["workflow"] == "cheaper"]
    assert (written["cost"]["unit"], written["cost"]["currency"]) == ("EUR", "EUR")
    (line,) = [line for line in to_text(shown).splitlines() if line.startswith("  Cost so far: €2")]
    assert "lead" not in line
    assert "deal" not in line


def test_an_amount_that_clearly_rose_is_told_beside_the_outcome_that_decides(
    told: Mapping[str, WorkflowReview],
) -> None:
    words = headline(told["dearer"])
    assert "At the same time, won value per lead is €725 (likely " in words


def test_deals_that_come_in_another_currency_are_no_drift_and_what_they_hide_is_said(
    told: Mapping[str, WorkflowReview],
) -> None:
    abroad = told["abroad"]
    assert (abroad.verdict, abroad.cost) == ("data_problem", None)
    assert {rule.state for rule in abroad.rules} == {"no_data"}
    assert {rule.held_since for rule in abroad.rules} == {None}
    assert "50 % of the amounts of won value per lead are in USD (before: 0 %)" in headline(abroad)


def test_the_money_of_a_cost_counts_one_currency_and_says_what_it_leaves_out(
    told: Mapping[str, WorkflowReview],
) -> None:
    both = told["both-ways"]
    cost = both.cost
    assert cost is not None
    assert cost.value is not None
    assert cost.value / cost.units == pytest.approx(0.6 * 1450, rel=0.1)
    mixed = [fact_words(f.about) for f in both.findings if isinstance(f.about, CurrencyMixed)]
    assert mixed == [
        "Amounts in USD (40 % of all) are left out of the cost in money: currencies are kept apart."
    ]


def test_a_change_whose_interval_says_nothing_yet_is_none_in_text_and_json(
    reviews: tuple[Review, Review],
) -> None:
    early, _ = reviews
    for workflow in to_contract(early)["workflows"]:
        assert workflow["verdict"] == "too_early"
        for pair in workflow["pairs"]:
            change = pair["outcome_change"]
            assert (change["relative"], change["low"], change["high"]) == (None, None, None)
            assert change["units"] == 80
    for each in early.workflows:
        words = headline(each)
        assert words.startswith("It is too early to judge")
        for pair in each.pairs:
            assert change_phrase(pair.outcome, pair.outcome_change, CATALOG).startswith(
                "it is too early to say how"
            )
            assert change_cell(pair.outcome_change, None) == "too early to say"


def test_the_currency_that_is_told_is_that_of_most_amounts_in_the_baseline_whatever_they_add_up_to() -> None:
    counted = [("JPY", 0, 3), ("EUR", 1, 4), (None, 2, 1), ("USD", 5, 90), ("EUR", 9, 9)]
    found = Currencies.of(counted, 8, (0, 4))
    assert (found.main, found.others(4), found.others(7)) == ("EUR", ("", "JPY"), ("", "JPY", "USD"))
    assert found.left_out(0, 4).share == 0.5
    assert found.left_out(6, 7).share is None
    nothing = Currencies.of([("EUR", 6, 4)], 8, (0, 4))
    assert (nothing.main, nothing.others(7)) == (None, ("EUR",))


def test_of_as_many_amounts_in_two_currencies_the_one_that_registration_names_is_told() -> None:
    tied = [("USD", 0, 3), ("EUR", 1, 3), (None, 2, 3)]
    assert Currencies.of(tied, 8, (0, 4)).main == "EUR"
    assert leading({"USD": 3, "EUR": 3, "": 3}) == "EUR"


def test_won_amounts_are_never_summed_over_currencies() -> None:
    day = dt.date(2024, 5, 1)
    won = [("EUR", day, 3, 30, 300), ("USD", day, 1, 500, 250_000), (None, day, 1, 7, 49)]
    found = amounts_of(won, day, day)
    assert found is not None
    assert (found.currency, found.total, found.share, found.others) == ("EUR", 30.0, 0.6, ("", "USD"))
