"""When exports were made, what they tell of how late events are entered, and what a review then says."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from leadline.dashboard.words.findings import fact_words
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land, undo
from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import extend_catalog, load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.cohorts import Calendar
from leadline.metrics.declared.declaration import Named
from leadline.metrics.findings import EnteredLate, HeldBack
from leadline.metrics.reporting_delays import COUNTED, Reported, event_source, export_days, reported
from leadline.metrics.results import WorkflowReview
from leadline.metrics.review import review

CATALOG = load_catalog(None)
CHARTER = parse_charter(
    "workflow: desk\ndeployed_on: 2024-01-01\nwatch: {outcomes: [close_rate]}\n", CATALOG, "desk.yaml"
)
START = dt.date(2024, 1, 1)
CALENDAR = Calendar(START, 20)
SUNDAYS = [START + dt.timedelta(days=7 * week + 6) for week in range(20)]


@dataclass(frozen=True)
class Sales:
    """Deals that are won on some days and entered some days later."""

    won: Sequence[int]
    lag: Sequence[int]

    @staticmethod
    def steady(a_day: int, lags: Sequence[int], days: int = 140) -> Sales:
        won = [day for day in range(days) for _ in range(a_day)]
        return Sales(won, [lags[i % len(lags)] for i in range(len(won))])

    def known_on(self, day: int) -> list[int]:
        return [i for i, won in enumerate(self.won) if won + self.lag[i] <= day]

    def export(
        self, folder: Path, day: int, name: str = "deals.csv", since: int = 0, modified: bool = False
    ) -> Path:
        """What is entered by `day`, of what was won since the day `since`."""
        file = folder / name
        header = ["deal_id", "lead_id", "created_at", "closed_at", "stage", "workflow"]
        with file.open("w", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow([*header, *(["modified_at"] if modified else [])])
            for i in self.known_on(day):
                if self.won[i] >= since:
                    changed = [_day(self.won[i] + self.lag[i])] if modified else []
                    writer.writerow([i, i, START, _day(self.won[i]), "won", "desk", *changed])
        return file


def _day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def landed(warehouse: Warehouse, file: Path, day: int | None = None) -> int:
    options = IngestOptions(exported_on=None if day is None else _day(day))
    report = land(warehouse, file, options)
    assert report.state == "landed", report.message
    return report.import_id or 0


def told(warehouse: Warehouse, charter: str = "") -> Reported:
    agreed = replace(CHARTER, entry_lag_days=int(charter) if charter else None)
    return reported(warehouse, agreed, "deals", CALENDAR, export_days(warehouse))


SLOW = Sales.steady(4, [0, 2, 5, 9, 14])
AT_ONCE = Sales.steady(4, [0])


def test_the_day_of_an_export_is_the_one_that_was_said(warehouse: Warehouse, tmp_path: Path) -> None:
    number = landed(warehouse, SLOW.export(tmp_path, 100, "deals 2024-05-01.csv"), 104)
    assert export_days(warehouse).of_imports == {number: ("deals", _day(104))}


def test_else_it_is_the_last_date_in_the_name_that_can_be_it(warehouse: Warehouse, tmp_path: Path) -> None:
    """Not one before what the file tells, nor one that is still to come."""
    names = {
        "deals-2024-01-01-2024-04-16.csv": dt.date(2024, 4, 16),
        "20240417_deals.csv": dt.date(2024, 4, 17),
        "deals_2024-03-01.csv": SUNDAYS[14],
        "deals_2199-01-01.csv": SUNDAYS[14],
        "deals_2024-02-31.csv": SUNDAYS[14],
    }
    sales = Sales.steady(1, [0], 105)
    for name, day in names.items():
        number = landed(warehouse, sales.export(tmp_path, 104, name))
        assert export_days(warehouse).of_imports == {number: ("deals", day)}, name
        undo(warehouse, number)


def test_else_it_is_the_newest_moment_of_what_landed_with_it(warehouse: Warehouse, tmp_path: Path) -> None:
    first = landed(warehouse, AT_ONCE.export(tmp_path, 97))
    leads = tmp_path / "leads.csv"
    leads.write_text(f"lead_id,created_at,workflow\n1,{_day(104)},desk\n2,{_day(40)},desk\n")
    second = landed(warehouse, leads)
    assert export_days(warehouse).of_imports == {first: ("deals", _day(104)), second: ("leads", _day(104))}


def test_where_nothing_tells_the_last_three_weeks_are_held_back(warehouse: Warehouse, tmp_path: Path) -> None:
    landed(warehouse, SLOW.export(tmp_path, 139), 139)
    found = told(warehouse)
    assert (found.told_by, found.exported_on) == ("nothing", SUNDAYS[-1])
    assert found.entered.share.tolist() == [1.0] * 17 + [0.0] * 3
    fact = found.finding("Close rate", CALENDAR, 19)
    assert fact == HeldBack("Close rate", dt.date(2024, 4, 29), SUNDAYS[-1], "nothing")
    assert found.finding("Close rate", CALENDAR, 16) is None
    assert fact_words(fact).startswith(
        "Close rate of the weeks since 29 April 2024 (export of 19 May 2024) counts neither"
    )


def test_weeks_long_before_the_export_are_not_held_back(warehouse: Warehouse, tmp_path: Path) -> None:
    landed(warehouse, SLOW.export(tmp_path, 139), 170)
    assert told(warehouse).entered.share.tolist() == [1.0] * 20


def test_the_charter_counts_before_what_exports_tell(warehouse: Warehouse, tmp_path: Path) -> None:
    for day in (132, 139):
        landed(warehouse, SLOW.export(tmp_path, day), day)
    assert told(warehouse).told_by == "exports"
    found = told(warehouse, charter="8")
    assert found.told_by == "charter"
    assert found.entered.share.tolist() == [1.0] * 18 + [0.0] * 2
    assert told(warehouse, charter="0").entered.share.tolist() == [1.0] * 20


def test_successive_exports_tell_how_much_of_the_last_weeks_is_entered(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """Entered after 0, 2, 5, 9 or 14 days, as many each: of the last week, 5 + 3 of 7 + ... a fifth each."""
    for day in (118, 125, 132, 139):
        landed(warehouse, SLOW.export(tmp_path, day), day)
    found = told(warehouse)
    true = [
        sum(lag <= elapsed + i for i in range(7) for lag in (0, 2, 5, 9, 14)) / 35 for elapsed in (14, 7, 0)
    ]
    assert found.told_by == "exports"
    assert found.entered.share[-3:] == pytest.approx(true, abs=0.08)
    fact = found.finding("Close rate", CALENDAR, 19)
    assert isinstance(fact, EnteredLate)
    assert fact.share == found.entered.share[19]
    assert "are entered by the export of 19 May 2024, as successive exports tell" in fact_words(fact)
    assert found.finding("Close rate", CALENDAR, 12) is None


def test_where_exports_show_no_delay_nothing_is_said_of_it(warehouse: Warehouse, tmp_path: Path) -> None:
    for day in (118, 125, 132, 139):
        landed(warehouse, AT_ONCE.export(tmp_path, day), day)
    found = told(warehouse)
    assert found.told_by == "exports"
    assert found.entered.share.min() > 0.95
    assert found.finding("Close rate", CALENDAR, 19) is None


def test_what_may_be_complete_is_not_called_late(warehouse: Warehouse, tmp_path: Path) -> None:
    """Of a few events none was late: that leaves some doubt, but is no delay to speak of."""
    sales = Sales.steady(1, [0])
    for day in (111, 139):
        landed(warehouse, sales.export(tmp_path, day), day)
    found = told(warehouse)
    assert found.told_by == "exports"
    assert 0.5 < found.entered.share[19] < 0.95
    assert found.finding("Close rate", CALENDAR, 19) is None


def test_the_order_in_which_exports_land_decides_nothing_but_the_one_that_landed_last(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """An older export that lands late tells what was known on its own day."""
    for day in (118, 132, 139, 125):
        landed(warehouse, SLOW.export(tmp_path, day), day)
    found = told(warehouse)
    assert found.exported_on == _day(139)
    assert 0.2 < found.entered.share[-1] < 0.6


def test_an_undone_export_has_taught_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    landed(warehouse, SLOW.export(tmp_path, 132), 132)
    last = landed(warehouse, SLOW.export(tmp_path, 139), 139)
    assert told(warehouse).told_by == "exports"
    undo(warehouse, last)
    assert (told(warehouse).told_by, told(warehouse).exported_on) == ("nothing", _day(132))


def test_exports_of_new_dates_alone_are_no_sign_that_nothing_is_late(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    before = 0
    for day in (118, 125, 132, 139):
        landed(warehouse, SLOW.export(tmp_path, day, since=before), day)
        before = day + 1
    assert told(warehouse).told_by == "nothing"


def test_files_that_were_landed_together_are_one_export(warehouse: Warehouse, tmp_path: Path) -> None:
    """A history in two files, the second of which repeats a little, has not shown what is late."""
    landed(warehouse, Sales(SLOW.won, [0] * len(SLOW.won)).export(tmp_path, 100, "one.csv"))
    landed(warehouse, SLOW.export(tmp_path, 139, "two.csv", since=95))
    assert told(warehouse).told_by == "nothing"


def test_the_last_change_of_each_row_shortens_what_one_export_holds_back(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    sales = Sales.steady(4, [0, 1, 2, 3])
    landed(warehouse, sales.export(tmp_path, 139, modified=True), 139)
    found = told(warehouse)
    assert found.told_by == "last_changes"
    assert found.entered.share.tolist() == [1.0] * 19 + [0.0]


def test_rows_that_are_changed_much_later_hold_back_no_more_than_three_weeks(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    landed(warehouse, Sales.steady(4, [0, 40]).export(tmp_path, 139, modified=True), 139)
    assert told(warehouse).entered.share.tolist() == [1.0] * 17 + [0.0] * 3


def test_every_outcome_whose_events_are_rows_of_their_own_can_be_learned_of() -> None:
    for metric in CATALOG.values():
        # a conversation that nobody has coded yet is no unit yet
        if isinstance(metric.declaration, Named):
            continue
        if metric.role == "outcome" and metric.kind in ("rate", "value") and len(metric.sources) > 1:
            assert event_source(metric) in COUNTED, metric.id
    assert event_source(CATALOG["review_pass_rate"]) is None


def test_events_of_units_sums_and_sums_for_each_are_learned_of_like_deals(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    declared = """\
renewals: {role: outcome, count: {template: events, where: {kind: renewed}}}
revenue: {role: outcome, sum: {template: deals, column: amount, at: closed_at, where: {stage: won}}}
"""
    catalog = extend_catalog(dict(CATALOG), declared, "metrics.yaml")
    assert [event_source(catalog[name]) for name in ("renewals", "revenue", "cost_per_qualified_lead")] == [
        "events",
        "deals",
        "appointments",
    ]
    for day in range(100, 140, 3):
        as_deals = SLOW.export(tmp_path, day, f"deals {day}.csv")
        landed(warehouse, as_deals, day)
        rows = [row.split(",") for row in as_deals.read_text().splitlines()[1:]]
        (tmp_path / f"events {day}.csv").write_text(
            "event_id,unit_id,happened_at,kind,workflow\n"
            + "".join(f"{row[0]},{row[1]},{row[3]},renewed,desk\n" for row in rows)
        )
        landed(warehouse, tmp_path / f"events {day}.csv", day)
    days = export_days(warehouse)
    deals, events = (reported(warehouse, CHARTER, source, CALENDAR, days) for source in ("deals", "events"))
    assert events.told_by == deals.told_by == "exports"
    assert events.entered.share.tolist() == deals.entered.share.tolist()
    assert events.entered.share[-1] < 0.9


FLOW = FlowSpec(leads_per_week=120, weeks=64, deployed=40, start=dt.date(2023, 4, 3))


def _weekly_review(
    workspace: Workspace,
    warehouse: Warehouse,
    folder: Path,
    spec: FlowSpec,
    seed: int,
    exports: int,
    outcomes: str = "close_rate",
) -> WorkflowReview:
    """The review of the last of some weekly exports, of deals that are entered a week late on average."""
    leads = simulate(spec, np.random.default_rng(seed))
    closed = leads.reached["close_rate"]
    entered = closed + np.random.default_rng(seed + 1).exponential(7.0, closed.size)
    start = dt.datetime.combine(spec.start, dt.time())
    (workspace.charters / "desk.yaml").write_text(
        f"workflow: desk\ndeployed_on: {start.date() + dt.timedelta(weeks=spec.deployed)}\n"
        f"watch: {{proxies: [lead_volume], outcomes: [{outcomes}], segments: [channel]}}\n"
    )
    for week in range(spec.weeks - exports + 1, spec.weeks + 1):
        last = spec.start + dt.timedelta(days=7 * week - 1)
        rows = [
            (i, start + dt.timedelta(days=float(leads.day[i])), "desk", spec.channels[leads.channel[i]].name)
            for i in np.flatnonzero(leads.day < 7 * week)
        ]
        won = [
            (f"d{i}", i, rows[0][1], start + dt.timedelta(days=float(closed[i])), "won")
            for i in np.flatnonzero(entered < 7 * week)
        ]
        for name, header, table in (
            ("leads", ("lead_id", "created_at", "workflow", "channel"), rows),
            ("deals", ("deal_id", "lead_id", "created_at", "closed_at", "stage"), won),
        ):
            file = folder / f"{name} {last}.csv"
            with file.open("w", newline="") as opened:
                csv.writer(opened).writerows([header, *table])
            assert land(warehouse, file).state == "landed"
    return review(warehouse, workspace, last).workflows[0]


@pytest.mark.parametrize("exports", [1, 3])
def test_closings_that_are_entered_a_week_late_are_no_drift(
    workspace: Workspace, warehouse: Warehouse, tmp_path: Path, exports: int
) -> None:
    found = _weekly_review(workspace, warehouse, tmp_path, FLOW, 3, exports)
    change = found.pairs[0].outcome_change
    assert found.verdict == "aligned"
    assert change.low is not None
    assert change.high is not None
    assert change.low < 0.0 < change.high
    facts = [f.about for f in found.findings if f.metric == "close_rate"]
    assert [type(fact) for fact in facts] == [HeldBack if exports == 1 else EnteredLate]


def test_late_entry_is_told_once_of_all_the_outcomes_that_it_concerns(
    workspace: Workspace, warehouse: Warehouse, tmp_path: Path
) -> None:
    few = replace(FLOW, leads_per_week=20)
    found = _weekly_review(workspace, warehouse, tmp_path, few, 3, 1, "close_rate, won_deals")
    (fact,) = [f.about for f in found.findings if isinstance(f.about, HeldBack)]
    assert (fact.label, fact.also) == ("Close rate", ("Won deals",))
    assert fact_words(fact).startswith("Close rate and won deals of the weeks since 3 June 2024")


def test_a_drift_is_found_among_closings_that_are_entered_a_week_late(
    workspace: Workspace, warehouse: Warehouse, tmp_path: Path
) -> None:
    spec = replace(FLOW, drift=Drift(0.55, FLOW.deployed))
    found = _weekly_review(workspace, warehouse, tmp_path, spec, 3, 3)
    change = found.pairs[0].outcome_change
    assert found.verdict in ("declining", "diverging")
    assert change.low is not None
    assert change.high is not None
    assert change.low < -0.55 < change.high
