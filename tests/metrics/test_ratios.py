"""A sum for each of what happens: counted from facts, and judged whatever is spent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import METRICS, Metric, checked_catalog, load_catalog
from leadline.metrics.cohorts import AmountTable, Calendar, Currencies
from leadline.metrics.measures.measure import measure
from leadline.metrics.measures.outcomes import CountMeasure, RateMeasure, RatioMeasure
from leadline.metrics.measures.proxies import AmountMeasure
from leadline.metrics.measures.span import Span, Valued
from leadline.metrics.ratios import laid_out, split_by, spread_out
from leadline.metrics.recorded_since import why_unusable
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import follow
from tests.data.example_exports import land_text, lines

Floats = NDArray[np.float64]
CALENDAR = Calendar(dt.date(2025, 1, 6), 90)
SPAN = Span(CALENDAR, 0, 59, 60)
DELAYS = np.array([0.2, 0.5, 0.3])


def _metric(name: str) -> Metric:
    return load_catalog(None)[name]


def _spent(rng: np.random.Generator, level: float) -> Floats:
    """[C] as much as is decided week by week, `level` times that since the deployment."""
    spent: Floats = rng.uniform(2_000, 4_000, CALENDAR.weeks)
    spent[SPAN.deployed :] *= level
    return spent


def _judged(spent: Floats, counts: Floats, delays: Floats = DELAYS) -> RatioMeasure:
    ones = np.ones(CALENDAR.weeks)
    sums = AmountTable(ones, spent, spent**2, Currencies(("EUR",), ones[None]))
    table = laid_out(sums, counts, delays, (SPAN.first, SPAN.last), higher_is_better=False)
    return RatioMeasure.of(_metric("cost_per_qualified_lead"), table, SPAN)


def _flow(seed: int, dearer: float, level: float) -> RatioMeasure:
    rng = np.random.default_rng(seed)
    spent = _spent(rng, level)
    cost = np.where(np.arange(CALENDAR.weeks) < SPAN.deployed, 100.0, 100.0 * dearer)
    return _judged(spent, rng.poisson(np.convolve(spent / cost, DELAYS)[: CALENDAR.weeks]).astype(float))


def _alarms(outcome: RatioMeasure) -> list[bool]:
    traces = evidence.run([outcome.model.stream()], 0.05)
    return [state.alarm for state in follow(outcome.model, traces, CALENDAR.weeks - 1, 0.1)]


def test_a_budget_that_doubles_or_halves_is_no_change_of_the_cost() -> None:
    for seed, level in enumerate((0.5, 2.0, 3.0)):
        outcome = _flow(seed, 1.0, level)
        change = outcome.change(CALENDAR.weeks - 1)
        assert not any(_alarms(outcome))
        assert change.low is not None
        assert change.high is not None
        assert change.low < 0 < change.high


def test_a_cost_that_rises_is_found_and_told_as_it_rose() -> None:
    outcome = _flow(1, 1.5, 2.0)
    change = outcome.change(CALENDAR.weeks - 1)
    alarms = _alarms(outcome)
    assert any(alarms[:20])
    assert alarms[-1]
    assert change.low is not None
    assert change.high is not None
    assert change.low < 0.5 < change.high
    assert change.baseline_value == pytest.approx(100.0, rel=0.1)
    assert change.current_value == pytest.approx(150.0, rel=0.15)
    now = outcome.value(CALENDAR.weeks - 1, 50)
    assert now.value == pytest.approx(150.0, rel=0.25)
    assert now.units >= 50


def test_the_line_is_of_the_cost_and_its_interval_holds_it() -> None:
    line = _flow(2, 1.5, 1.0).series(CALENDAR.weeks - 1)
    assert line.projected[-1] is not None
    assert line.low[-1] is not None
    assert line.high[-1] is not None
    assert 115 < line.low[-1] < line.projected[-1] < line.high[-1] < 240
    assert line.values[-1] == pytest.approx(line.projected[-1], rel=0.1)


def test_what_is_told_of_the_inverse_is_its_reciprocal() -> None:
    outcome = _flow(3, 1.2, 1.0)
    plain = replace(outcome, metric=replace(outcome.metric, higher_is_better=True))
    told, rate = outcome.change(80), plain.change(80)
    assert rate.relative is not None
    assert rate.low is not None
    assert rate.high is not None
    assert told.relative == pytest.approx(1 / (1 + rate.relative) - 1)
    assert told.low == pytest.approx(1 / (1 + rate.high) - 1)
    assert told.high == pytest.approx(1 / (1 + rate.low) - 1)


def test_amounts_are_laid_where_their_counts_come_and_none_is_lost() -> None:
    spent = np.zeros(CALENDAR.weeks)
    spent[0], spent[10] = 10.0, 100.0
    counts = np.ones(CALENDAR.weeks)
    amounts = _judged(spent, counts).table.amounts.amounts
    assert amounts[10:13] == pytest.approx([20.0, 50.0, 30.0])
    # of the first weeks the amounts before the export are not known: they are left out
    assert amounts[:2] == pytest.approx([0.0, 0.0])
    assert amounts[13:].sum() == 0.0


SPENT = lines(
    "spent_on,channel,campaign,cost,currency,clicks,workflow",
    "2025-01-06,search,A,100,EUR,50,bids",
    "2025-01-08,social,B,60,EUR,30,bids",
    "2025-01-08,social,C,999,USD,40,bids",
    "2025-01-14,search,A,90,EUR,10,bids",
    "2025-01-14,search,Z,70,EUR,10,other",
)
LEADS = lines(
    "lead_id,created_at,workflow",
    "L1,2025-01-06,bids",
    "L2,2025-01-07,bids",
    "L3,2025-01-14,bids",
    "L4,2025-01-14,other",
)


def test_parts_are_counted_from_what_has_landed(warehouse: Warehouse) -> None:
    land_text(warehouse, SPENT, "spend.csv")
    land_text(warehouse, LEADS, "leads.csv")
    span = Span(Calendar(dt.date(2025, 1, 6), 2), 0, 0, 1)
    lead = measure(warehouse, _metric("cost_per_lead"), "bids", span)
    assert isinstance(lead, RatioMeasure)
    assert lead.table.amounts.amounts.tolist() == [160.0, 90.0]
    assert lead.table.amounts.units.tolist() == [2.0, 1.0]
    assert lead.table.currency == "EUR"
    assert lead.table.currencies.others(1) == ("USD",)
    click = measure(warehouse, _metric("cost_per_click"), "bids", span)
    assert isinstance(click, AmountMeasure)
    assert click.value(1, 0) == Valued(pytest.approx(90 / 10), 10)


def _rated(seed: int, fall: float) -> RatioMeasure:
    """Some thirty ratings a week of 4.2 on average; from the deployment on `fall` times as good."""
    rng = np.random.default_rng(seed)
    week = np.repeat(np.arange(CALENDAR.weeks), rng.poisson(30, CALENDAR.weeks))
    ratings = rng.choice([1.0, 2.0, 3.0, 4.0, 5.0], week.size, p=[0.03, 0.05, 0.12, 0.3, 0.5])
    ratings *= np.where(week < SPAN.deployed, 1.0, fall)
    units, sums, squares = (
        np.bincount(week, weights=side, minlength=CALENDAR.weeks)
        for side in (np.ones(week.size), ratings, ratings**2)
    )
    found = AmountTable(units, sums, squares, Currencies((), np.zeros((0, CALENDAR.weeks))))
    table = spread_out(found, (SPAN.first, SPAN.last))
    rating = replace(_metric("cost_per_qualified_lead"), higher_is_better=True)
    return RatioMeasure.of(rating, table, SPAN)


def test_a_cost_of_which_nothing_was_spent_has_no_value_and_raises_no_warning() -> None:
    outcome = _judged(np.zeros(CALENDAR.weeks), np.full(CALENDAR.weeks, 9.0))
    proxy = AmountMeasure(outcome.metric, outcome.table.amounts, SPAN)
    told = why_unusable(outcome, None, CALENDAR.weeks - 1)
    assert told is not None
    assert (told.why, told.entity) == ("nothing_landed", "rows of spend")
    for counted in (outcome, proxy):
        assert set(counted.series(CALENDAR.weeks - 1).known) == {None}


def test_a_mean_that_falls_is_found_and_one_that_stays_raises_nothing() -> None:
    assert not any(alarm for seed in range(4) for alarm in _alarms(_rated(seed, 1.0)))
    fallen = _rated(5, 0.85)
    change = fallen.change(CALENDAR.weeks - 1)
    assert any(_alarms(fallen)[:10])
    assert change.low is not None
    assert change.high is not None
    assert change.low < -0.15 < change.high
    assert change.high - change.low < 0.08
    assert change.baseline_value == pytest.approx(4.19, abs=0.05)
    assert fallen.value(CALENDAR.weeks - 1, 50).value == pytest.approx(0.85 * 4.19, abs=0.15)


def test_amounts_that_hardly_differ_are_told_in_hundredths() -> None:
    ones = np.ones(CALENDAR.weeks)
    found = AmountTable(20 * ones, 80 * ones, 320 * ones, Currencies((), np.zeros((0, CALENDAR.weeks))))
    assert spread_out(found, (SPAN.first, SPAN.last)).scale == pytest.approx(0.04)


DECLARED = """\
spent: {role: proxy, sum: {template: spend, column: cost, where: {channel: search}}}
brought: {role: outcome, sum: {template: deals, column: amount, at: closed_at, where: {stage: won}}}
back: {role: outcome, sum: {template: deals, column: amount, at: closed_at}, per: {template: spend, sum: cost}}
"""


def test_sums_and_ratios_are_declared(warehouse: Warehouse, workspace: Workspace) -> None:
    land_text(warehouse, SPENT, "spend.csv")
    land_text(
        warehouse,
        lines(
            "deal_id,lead_id,stage,closed_at,created_at,amount,currency",
            "D1,L1,won,2025-01-07,2025-01-06,300,EUR",
            "D2,L2,lost,2025-01-08,2025-01-07,500,EUR",
            "D3,L3,won,2025-01-15,2025-01-14,200,EUR",
        ),
        "deals.csv",
    )
    land_text(warehouse, LEADS, "leads.csv")
    (warehouse.workspace.path / METRICS).write_text(DECLARED, encoding="utf-8")
    catalog = load_catalog(warehouse.workspace)
    span = Span(Calendar(dt.date(2025, 1, 6), 2), 0, 0, 1)
    spent, brought, back = (
        measure(warehouse, catalog[name], "bids", span) for name in ("spent", "brought", "back")
    )
    assert spent.value(1) == Valued(90.0, 90)
    assert isinstance(brought, CountMeasure)
    assert brought.counts == pytest.approx([300.0, 200.0])
    assert isinstance(back, RatioMeasure)
    assert not back.is_inverse
    assert back.change(1).baseline_value == pytest.approx(800 / 160)
    assert [catalog[name].unit for name in ("spent", "brought", "back")] == ["money", "money", "count"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {role: proxy, sum: {template: spend}}", "has no column"),
        ("a: {role: proxy, sum: {template: spend, column: campaign}}", "not an amount of spend"),
        (
            "a: {role: proxy, sum: {template: spend, column: cost}, per: {template: spend, sum: cost}}",
            "by itself",
        ),
        (
            "a: {role: proxy, sum: {template: spend, column: cost}, "
            "per: {template: asset_uses, sum: rating, first_of: assets}}",
            "not with a sum",
        ),
        ("a: {role: outcome, count: {template: leads}, better: lower}", "less is better"),
        (
            "a: {role: outcome, sum: {template: spend, column: cost}, per: {template: leads}}",
            "a sums a cost; write better: lower, or better: higher",
        ),
        (
            "a: {role: outcome, of: {template: leads}, duration: {from: created_at, to: first_response_at}}",
            "as a proxy only",
        ),
        ("a: {role: proxy, per: {template: leads}}", "says nothing of what it counts"),
    ],
)
def test_what_cant_be_summed_is_refused(workspace: Workspace, text: str, said: str) -> None:
    (workspace.path / METRICS).write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=said):
        checked_catalog(workspace)


SPLIT = """\
brought: {role: outcome, sum: {template: deals, column: amount, at: closed_at}}
average: {role: outcome, of: {template: deals, at: closed_at}, mean: amount}
back: {role: outcome, sum: {template: deals, column: amount, at: closed_at}, per: {template: spend, sum: cost}}
"""


def test_amounts_are_split_where_all_their_rows_carry_the_segment(
    warehouse: Warehouse, workspace: Workspace
) -> None:
    """Deals of 300 by search and 100 and 200 by social, and one in dollars; leads carry no channel."""
    land_text(warehouse, SPENT, "spend.csv")
    land_text(warehouse, LEADS, "leads.csv")
    land_text(
        warehouse,
        lines(
            "deal_id,lead_id,stage,closed_at,created_at,amount,currency,channel",
            "D1,L1,won,2025-01-07,2025-01-06,300,EUR,search",
            "D2,L2,won,2025-01-08,2025-01-07,100,EUR,social",
            "D3,L3,won,2025-01-15,2025-01-14,200,EUR,social",
            "D4,L3,won,2025-01-15,2025-01-14,900,USD,social",
        ),
        "deals.csv",
    )
    (warehouse.workspace.path / METRICS).write_text(SPLIT, encoding="utf-8")
    catalog = load_catalog(warehouse.workspace)
    span = Span(Calendar(dt.date(2025, 1, 6), 2), 0, 0, 1)

    def split(name: str) -> tuple[dict[str, list[float]], dict[str, list[float]]] | str:
        counted = measure(warehouse, catalog[name], "bids", span)
        assert isinstance(counted, RateMeasure)
        found = split_by(warehouse, catalog[name], counted.table, "bids", span.calendar, (0, 0), "channel")
        if isinstance(found, str):
            return found
        scale = found.scale / (7 if name == "brought" else 1)
        entered, events = found.cohorts.entered, found.cohorts.events[:, :, 0] * scale
        sides = [dict(zip(found.segments, side.round(6).tolist(), strict=True)) for side in (entered, events)]
        return sides[0], sides[1]

    amounts = {"search": [300.0, 0.0], "social": [100.0, 200.0]}
    for name in ("brought", "average", "back"):
        found = split(name)
        assert not isinstance(found, str)
        assert found[1] == amounts
    assert split("average")[0] == {"search": [1.0, 0.0], "social": [1.0, 1.0]}
    assert split("back")[0] == {"search": [100.0, 90.0], "social": [60.0, 0.0]}
    assert split("cost_per_lead") == "leads"
    by_channel = measure(warehouse, catalog["average"], "bids", span, "channel")
    assert isinstance(by_channel, RatioMeasure)
    assert by_channel.table.segments == ("search", "social")
