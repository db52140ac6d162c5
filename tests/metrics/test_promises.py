"""What rules promise is learned from the workspace's own facts, and kept in it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest

from leadline.data.counts import results
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land, undo
from leadline.data.samples.flows import FlowSpec, simulate
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics import promises
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.cohorts import Calendar
from leadline.metrics.links import events_beside
from leadline.metrics.measures.span import Span
from leadline.metrics.promises import RulePromise, rule_promises

CHARTER = """\
workflow: desk
name: The desk
owner: Head of Sales
deployed_on: 2024-01-01
watch:
  proxies: [response_time]
  outcomes: [close_rate, qualified_appointment_rate]
  segments: [channel]
stopping_rules:
  - {id: drift, when: diverging, action: review}
  - {id: floor, when: close_rate < 15%, action: pause}
"""
AGREED = parse_charter(CHARTER, load_catalog(None), "charter.yaml")
DRIFT = AGREED.stopping_rules[:1]
EVE = dt.date(2023, 12, 31)
Rows = Iterable[tuple[object, ...]]
COLUMNS = {
    "leads": "lead_id,created_at,workflow,channel,first_response_at",
    "appointments": "appointment_id,lead_id,booked_at,held_at,status,qualified",
    "deals": "deal_id,lead_id,created_at,closed_at,stage,amount,currency",
}


def exported(folder: Path, name: str, rows: Rows) -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS[name].split(","))
        writer.writerows(rows)
    return folder / f"{name}.csv"


def flow(folder: Path, a_week: float) -> list[Path]:
    """A year of leads, as exported on its last day."""
    spec = FlowSpec(leads_per_week=a_week, weeks=52, linked=True)
    leads = simulate(spec, np.random.default_rng(3))
    moment = [dt.datetime.combine(spec.start, dt.time()) + dt.timedelta(days=float(day)) for day in leads.day]
    channels = [spec.channels[place].name for place in leads.channel]
    reached = {
        name: {
            lead: dt.datetime.combine(spec.start, dt.time()) + dt.timedelta(days=float(day))
            for lead, day in enumerate(when)
            if day < 7 * spec.weeks
        }
        for name, when in leads.reached.items()
    }
    entered = (
        (f"L{n}", at, "desk", channel, at)
        for n, (at, channel) in enumerate(zip(moment, channels, strict=True))
    )
    held = (
        (f"A{n}", f"L{n}", moment[n], at, "held", "yes")
        for n, at in reached["qualified_appointment_rate"].items()
    )
    won = ((f"D{n}", f"L{n}", moment[n], at, "won", 100, "EUR") for n, at in reached["close_rate"].items())
    rows: dict[str, Rows] = {"leads": entered, "appointments": held, "deals": won}
    return [exported(folder, name, own) for name, own in rows.items()]


def landed(warehouse: Warehouse, files: Iterable[Path], on: dt.date = EVE) -> int:
    number = 0
    for file in files:
        report = land(warehouse, file, IngestOptions(exported_on=on))
        assert report.state == "landed", report
        assert report.import_id is not None
        number = report.import_id
    return number


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return flow(tmp_path_factory.mktemp("year"), 40)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with opened(tmp_path) as one:
        yield one


def opened(folder: Path) -> AbstractContextManager[Warehouse]:
    (folder / "w" / "charters").mkdir(parents=True, exist_ok=True)
    (folder / "w" / "leadline.toml").write_text(f"as_of = {EVE}\n", encoding="utf-8")
    return open_warehouse(open_workspace(folder / "w"))


def told(warehouse: Warehouse) -> RulePromise:
    (found,) = rule_promises(warehouse, warehouse.workspace, AGREED, EVE, DRIFT)
    assert found.promise is not None
    return found


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry each time that futures are drawn, of which few will do."""
    often: list[int] = []
    drawn = promises.drawn

    def counting(*given: object) -> object:
        often.append(1)
        return drawn(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(promises, "drawn", counting)
    monkeypatch.setattr("leadline.metrics.statistics.promise.HISTORIES", 20)
    monkeypatch.setattr("leadline.metrics.statistics.promise.LEAST_HISTORIES", 20)
    return often


def test_what_was_worked_out_once_is_found_by_the_next_process(
    tmp_path: Path, year: list[Path], simulated: list[int]
) -> None:
    with opened(tmp_path) as warehouse:
        landed(warehouse, year)
        first = told(warehouse)
        assert told(warehouse) == first
    with opened(tmp_path) as warehouse:
        assert told(warehouse) == first
    assert len(simulated) == 1
    assert first.joint == "learned"


def test_other_facts_promise_anew_and_an_undo_finds_what_was_kept(
    tmp_path: Path, warehouse: Warehouse, year: list[Path], simulated: list[int]
) -> None:
    landed(warehouse, year)
    first = told(warehouse)
    more = exported(
        tmp_path / "more",
        "leads",
        [(f"M{n}", f"2023-12-{1 + n % 28:02}", "desk", "organic", "") for n in range(400)],
    )
    number = landed(warehouse, [more])
    assert told(warehouse) != first
    assert len(simulated) == 2
    undo(warehouse, number)
    assert told(warehouse) == first
    assert len(simulated) == 2


def test_other_statistics_promise_anew(
    warehouse: Warehouse, year: list[Path], simulated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    landed(warehouse, year)
    told(warehouse)
    monkeypatch.setattr(promises, "statistics_code", lambda: "another Leadline")
    told(warehouse)
    assert len(simulated) == 2


def test_weeks_that_no_export_tells_of_yet_are_no_weeks_without_leads(
    warehouse: Warehouse, year: list[Path], simulated: list[int]
) -> None:
    landed(warehouse, year)
    a_year_on = EVE + dt.timedelta(weeks=52)
    (later,) = rule_promises(warehouse, warehouse.workspace, AGREED, a_year_on, DRIFT)
    assert later.promise == told(warehouse).promise


def test_rules_of_one_charter_share_their_futures(
    warehouse: Warehouse, year: list[Path], simulated: list[int]
) -> None:
    landed(warehouse, year)
    drift, floor = rule_promises(warehouse, warehouse.workspace, AGREED, EVE)
    assert drift.promise is not None
    assert floor.promise is not None
    assert (drift.joint, floor.joint) == ("learned", None)
    assert len(simulated) == 1


def test_a_promise_is_told_while_somebody_writes(
    warehouse: Warehouse, year: list[Path], simulated: list[int]
) -> None:
    landed(warehouse, year)
    with warehouse.transaction():
        first = told(warehouse)
    assert told(warehouse) == first
    assert len(simulated) == 2


def test_the_longest_kept_results_make_room(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST_RESULTS", 3)
    assert results.kept_result(warehouse, "k0") is None
    for n in range(5):
        results.keep_result(warehouse, f"k{n}", f"text {n}")
    results.keep_result(warehouse, "k4", "another text")
    kept = [results.kept_result(warehouse, f"k{n}") for n in range(5)]
    assert kept == [None, None, "text 2", "text 3", "text 4"]


def test_deals_are_laid_out_beside_appointments_by_hand(tmp_path: Path, warehouse: Warehouse) -> None:
    """Weeks from Monday 2 January 2023; ages 0 and 1 of appointments, 0 to 2 of deals."""
    leads = [
        (f"L{n}", day, "desk", "", "")
        for n, day in enumerate(["2023-01-02", "2023-01-03", "2023-01-10", "2023-01-11", "2023-01-12"])
    ]
    held = [
        ("A0", "L0", "", "2023-01-08", "held", "yes"),  # age 0
        ("A1", "L1", "", "2023-01-25", "held", "yes"),  # age 3: too late
        ("A2", "L2", "", "2023-01-17", "held", "yes"),  # age 1
        ("A3", "L3", "", "2023-01-17", "held", "no"),  # not qualified
    ]
    won = [
        ("D0", "L0", "2023-01-02", "2023-01-09", "won", 1, "EUR"),  # age 1
        ("D1", "L0", "2023-01-02", "2023-01-17", "won", 1, "EUR"),  # its second
        ("D2", "L2", "2023-01-10", "2023-01-28", "won", 1, "EUR"),  # age 2
        ("D3", "L3", "2023-01-11", "2023-01-12", "won", 1, "EUR"),  # age 0
        ("D4", "L4", "2023-01-11", "2023-03-12", "won", 1, "EUR"),  # after the baseline
    ]
    rows: dict[str, Rows] = {"leads": leads, "appointments": held, "deals": won}
    landed(warehouse, [exported(tmp_path / "e", name, own) for name, own in rows.items()])
    span = Span(Calendar(dt.date(2023, 1, 2), 52), 0, 7, 8)
    metrics = load_catalog(None)
    both = (metrics["qualified_appointment_rate"], 2), (metrics["close_rate"], 3)
    assert events_beside(warehouse, AGREED, span, *both).tolist() == [
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [1, 0, 0, 2],
    ]
    later = Span(Calendar(dt.date(2023, 1, 2), 52), 1, 7, 8)
    assert events_beside(warehouse, AGREED, later, *both).sum() == 3


def test_where_too_few_deals_tell_it_is_said_what_is_assumed(
    warehouse: Warehouse, year: list[Path], simulated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "LEAST_EVENTS", 10_000)
    landed(warehouse, year)
    assert told(warehouse).joint == "assumed"
