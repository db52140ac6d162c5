"""sql/*.sql by hand: every built-in metric counted on a few rows whose answer is plain to see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import cohorts
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.cohorts import REST, Calendar, amount_table, duration_table, rate_table, volume_table
from leadline.metrics.measures.measure import measure
from leadline.metrics.measures.outcomes import CountMeasure
from leadline.metrics.measures.proxies import VolumeMeasure
from leadline.metrics.measures.span import Span, Valued
from leadline.metrics.statistics.proxies import median_minutes
from tests.conftest import SMALL

CATALOG = load_catalog(None)
# three weeks from Monday 1 January 2024
CALENDAR = Calendar(dt.date(2024, 1, 1), 3)

EXPORTS = {
    "leads": """lead_id,created_at,workflow,channel,score,first_response_at
L1,2024-01-01 09:00,desk,organic,10,2024-01-01 09:04
L2,2024-01-02 09:00,desk,paid,20,2024-01-02 11:00
L3,2024-01-09 09:00,desk,organic,40,
L4,2024-01-10 09:00,other,organic,99,2024-01-10 09:01
""",
    "deals": """deal_id,lead_id,created_at,closed_at,stage,amount,currency
D1,L1,2024-01-03,2024-01-09,won,100.50,EUR
D2,L1,2024-01-03,2024-01-16,won,50,EUR
D3,L2,2024-01-03,2024-01-10,lost,70,EUR
D4,L3,2024-01-10,,open,70,EUR
D5,L4,2024-01-10,2024-01-11,won,999,EUR
""",
    "appointments": """appointment_id,lead_id,booked_at,held_at,status,qualified
A1,L1,2024-01-02,2024-01-03 10:00,held,yes
A2,L2,2024-01-02,2024-01-09 10:00,held,no
A3,L3,2024-01-10,2024-01-12 10:00,no_show,yes
""",
    "emails": """message_id,lead_id,sent_at,delivered_at,opened_at,clicked_at,machine_open,workflow
M1,L1,2024-01-01 10:00,2024-01-01 10:00,2024-01-02 10:00,2024-01-08 10:00,no,desk
M2,L1,2024-01-02 10:00,2024-01-02 10:00,2024-01-02 10:01,,yes,desk
M3,L2,2024-01-03 10:00,,2024-01-04 10:00,,no,desk
""",
    "campaigns": """campaign_id,sent_at,recipients,delivered,unique_opens,unique_clicks,unsubscribes,workflow
C1,2024-01-09 10:00,110,100,40,8,1,desk
""",
    "assets": """asset_id,published_at,workflow,kind,cost,currency
B1,2024-01-01,desk,one-pager,100,EUR
B2,2024-01-02,desk,article,50,EUR
B3,2024-01-09,desk,article,30,EUR
B4,2024-01-09,desk,article,,
""",
    "asset_uses": """asset_id,used_at,used_by,context,rating
B1,2024-01-10,sales,call,4
B1,2024-01-12,sales,call,5
B3,2024-01-10,sales,mail,3
""",
    "reviews": """item_id,reviewed_at,reviewer,dimension,score,passed,workflow
R1,2024-01-02,Ann,brand,4,yes,desk
R2,2024-01-02,Ann,brand,2,no,desk
R3,2024-01-09,Bob,brand,5,yes,desk
""",
    "clicks": """click_id,clicked_at,workflow,channel
K1,2024-01-02,desk,ads
K2,2024-01-03,desk,ads
K3,2024-01-15,desk,ads
""",
}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """EXPORTS, for tests that only count."""
    folder = tmp_path_factory.mktemp("counted")
    with open_warehouse(Workspace(folder / "workspace", SMALL)) as warehouse:
        for name, text in EXPORTS.items():
            file = folder / f"{name}.csv"
            file.write_text(text)
            report = land(warehouse, file, IngestOptions(template=name))
            assert report.state == "landed", report.message
            assert report.rows.quarantined == 0, report.reasons
        yield warehouse


@pytest.mark.parametrize(
    ("metric", "entered", "events"),
    [
        # {(week, age): events}
        ("close_rate", [2, 1, 0], {(0, 1): 1}),
        ("qualified_appointment_rate", [2, 1, 0], {(0, 0): 1}),
        ("answered_within_5_minutes", [2, 1, 0], {(0, 0): 1}),
        ("open_rate", [2, 100, 0], {(0, 0): 1, (1, 0): 40}),
        ("click_rate", [2, 100, 0], {(0, 1): 1, (1, 0): 8}),
        ("asset_usage_rate", [2, 2, 0], {(0, 1): 1, (1, 0): 1}),
        ("review_pass_rate", [2, 1, 0], {(0, 0): 1, (1, 0): 1}),
    ],
)
def test_rates_are_counted_by_week_of_entry_and_age(
    landed: Warehouse, metric: str, entered: list[int], events: dict[tuple[int, int], int]
) -> None:
    table = rate_table(landed, CATALOG[metric], "desk", CALENDAR).cohorts
    assert table.entered.sum(axis=0).tolist() == entered
    found = {(int(c), int(a)): int(n) for (_, c, a), n in np.ndenumerate(table.events) if n}
    assert found == events


def test_segments_are_told_apart_and_strangers_are_watched_together(landed: Warehouse) -> None:
    table = rate_table(landed, CATALOG["close_rate"], "desk", CALENDAR, "channel", (0, 0))
    assert table.segments == ("organic", "paid")
    assert table.cohorts.entered.tolist() == [[1, 1, 0], [1, 0, 0]]
    strangers = rate_table(landed, CATALOG["close_rate"], "desk", CALENDAR, "channel", (2, 2))
    assert strangers.segments == (REST,)


def _segments_of(volume: list[tuple[str, int, int]]) -> tuple[tuple[str, ...], dict[str, list[int]]]:
    """The names, and where the units of each value are counted week by week; the baseline is weeks 0 to 9."""
    found = cohorts._segments(volume, 0, 9)
    return found.names, {
        name: [found.place(name, w) for n, w, _ in volume if n == name] for name, _, _ in volume
    }


def test_a_value_that_the_baseline_never_saw_is_a_newcomer_of_its_own() -> None:
    volume = [("paid", week, 10) for week in range(20)] + [("chat", week, 10) for week in range(12, 20)]
    names, places = _segments_of(volume)
    assert names == ("paid", "chat")
    assert set(places["chat"]) == {1}


def test_a_small_value_that_outgrows_the_rest_leaves_it_from_that_week_on() -> None:
    large = [(f"c{k}", week, 100) for k in range(8) for week in range(20)]
    volume = large + [("tiny", 3, 1)] + [("tiny", week, 30) for week in range(10, 20)] + [("stays", 5, 1)]
    names, places = _segments_of(volume)
    assert names[8:] == (REST, "tiny")
    assert places["tiny"] == [8, 8, *[9] * 9]  # 30 units in the first week are not yet out of all proportion
    assert places["stays"] == [8]


def test_of_many_newcomers_the_first_to_come_are_told_apart() -> None:
    volume = [("paid", week, 10) for week in range(20)] + [(f"n{k}", 10 + k % 5, 1) for k in range(30)]
    names, places = _segments_of(volume)
    assert len(names) == 1 + 8 + 1
    assert names[-1] == "other new"
    assert sum(where == [9] for where in places.values()) == 22


def test_value_is_counted_in_multiples_of_a_typical_amount(landed: Warehouse) -> None:
    table = rate_table(landed, CATALOG["won_value_per_lead"], "desk", CALENDAR)
    assert table.currency == "EUR"
    assert table.scale == pytest.approx((100.5**2 + 50**2) / 150.5)
    assert (table.cohorts.events[0, 0] * table.scale).tolist()[:3] == pytest.approx([0, 100.5, 50.0])
    assert table.cohorts.repeats


def test_volumes_count_what_came_in(landed: Warehouse) -> None:
    assert volume_table(landed, CATALOG["lead_volume"], "desk", CALENDAR).tolist() == [2, 1, 0]
    assert volume_table(landed, CATALOG["asset_volume"], "desk", CALENDAR).tolist() == [2, 2, 0]
    assert volume_table(landed, CATALOG["click_volume"], "desk", CALENDAR).tolist() == [2, 0, 1]


def test_events_are_counted_in_the_week_in_which_they_happen(landed: Warehouse) -> None:
    # of a lead with two won deals both count; an appointment or a deal that is not held or won does not
    assert volume_table(landed, CATALOG["won_deals"], "desk", CALENDAR).tolist() == [0, 1, 1]
    assert volume_table(landed, CATALOG["qualified_appointments"], "desk", CALENDAR).tolist() == [1, 0, 0]


def test_a_count_is_an_outcome_or_a_volume_as_it_is_watched(landed: Warehouse) -> None:
    span = Span(CALENDAR, 0, 1, 2)
    outcome = measure(landed, CATALOG["won_deals"], "desk", span)
    assert isinstance(outcome, CountMeasure)
    assert outcome.counts.tolist() == [0, 1, 1]
    proxy = measure(landed, replace(CATALOG["won_deals"], role="proxy"), "desk", span)
    assert isinstance(proxy, VolumeMeasure)
    assert proxy.change(2).baseline_value == 0.5
    assert proxy.value(2) == Valued(1.0, 1)


def test_an_asset_counts_as_used_once_and_only_while_it_is_young(landed: Warehouse) -> None:
    used = CATALOG["used_assets"]
    assert volume_table(landed, used, "desk", CALENDAR).tolist() == [0, 2, 0]
    at_once = replace(used, within_weeks=0)
    assert volume_table(landed, at_once, "desk", CALENDAR).tolist() == [0, 1, 0]


def test_amounts_leave_out_units_without_one(landed: Warehouse) -> None:
    cost = amount_table(landed, CATALOG["cost_per_asset"], "desk", CALENDAR, 2)
    assert (cost.units.tolist(), cost.amounts.tolist(), cost.currency) == ([2, 1, 0], [150, 30, 0], "EUR")
    score = amount_table(landed, CATALOG["lead_score"], "desk", CALENDAR, 2)
    assert (score.units.tolist(), score.amounts.tolist()) == ([2, 1, 0], [30, 40, 0])


def test_a_lead_without_an_answer_is_counted_as_waiting(landed: Warehouse) -> None:
    done, waiting = duration_table(landed, CATALOG["response_time"], "desk", CALENDAR).known_at(20)
    assert done.sum(axis=1).tolist() == [2, 0, 0]
    assert waiting.sum(axis=1).tolist() == [0, 1, 0]
    assert median_minutes(done, waiting)[0] == pytest.approx(4.0, rel=0.06)
