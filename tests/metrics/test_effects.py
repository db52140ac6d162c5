"""What an import would change in a review, and what it restates of numbers that were shown."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.dashboard.words.previews import restated_sentence
from leadline.data.landing.land import IngestOptions, land, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace, open_workspace
from leadline.metrics.agreement.shown_evidence import freeze_workflow
from leadline.metrics.effects import rehearsed_effects
from leadline.metrics.restatements import restatements
from leadline.metrics.review import review
from tests.dashboard.command_line import run
from tests.data.example_exports import everything_landed

TODAY = dt.date(2024, 12, 1)
CHARTER = (
    "workflow: desk\nname: Desk\nowner: Ann\ndeployed_on: 2024-09-02\n"
    "watch: {proxies: [lead_volume], outcomes: [close_rate]}\n"
    "stopping_rules: [{id: stop, when: diverging, action: pause}]\n"
)
FIRST = dt.date(2023, 9, 4)
WEEKS = 64
A_WEEK = 20


def _leads() -> str:
    rows = [
        f"L{week}-{n},{FIRST + dt.timedelta(weeks=week, days=n % 5)},desk"
        for week in range(WEEKS)
        for n in range(A_WEEK)
    ]
    return "lead_id,created_at,workflow\n" + "\n".join(rows) + "\n"


def _deals(lost_in: int | None = None) -> str:
    """Eight of twenty leads are won within two weeks; of one week, all of them turn out lost."""
    rows = [
        f"D{week}-{n},L{week}-{n},{day},{day + dt.timedelta(days=10)},{'lost' if week == lost_in else 'won'}"
        for week in range(WEEKS - 2)
        for n in range(8)
        for day in [FIRST + dt.timedelta(weeks=week, days=n % 5)]
    ]
    return "deal_id,lead_id,created_at,closed_at,stage\n" + "\n".join(rows) + "\n"


def _write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Warehouse, Workspace]]:
    folder = tmp_path / "w"
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "desk.yaml").write_text(CHARTER)
    workspace = open_workspace(folder)
    with open_warehouse(workspace) as warehouse:
        for name, text in (("leads.csv", _leads()), ("deals.csv", _deals())):
            assert land(warehouse, _write(tmp_path, name, text)).state == "landed"
        yield warehouse, workspace
    shutil.rmtree(folder)


def test_a_rehearsed_import_says_which_numbers_would_change_and_writes_nothing(
    desk: tuple[Warehouse, Workspace], tmp_path: Path
) -> None:
    warehouse, workspace = desk
    before = everything_landed(warehouse)
    file = _write(tmp_path, "again.csv", _deals(lost_in=55))
    report, found = rehearsed_effects(warehouse, workspace, file, IngestOptions(), TODAY)
    assert (report.rows.updated, report.import_id) == (8, None)
    assert found
    closed = next(one for one in found if one.id == "close_rate")
    assert (closed.workflow, closed.kind) == ("desk", "metric")
    assert closed.value_before is not None
    assert closed.value_after is not None
    assert closed.value_after < closed.value_before
    assert everything_landed(warehouse) == before


def test_an_import_that_changes_no_fact_has_no_effect(
    desk: tuple[Warehouse, Workspace], tmp_path: Path
) -> None:
    warehouse, workspace = desk
    file = _write(tmp_path, "again.csv", _deals() + "\n")
    report, found = rehearsed_effects(warehouse, workspace, file, IngestOptions(), TODAY)
    assert (report.rows.new, report.rows.updated) == (0, 0)
    assert found == ()


def test_a_week_that_was_shown_and_is_another_number_now_is_restated_with_its_import_and_no_other_week(
    desk: tuple[Warehouse, Workspace], tmp_path: Path
) -> None:
    warehouse, workspace = desk
    shown = review(warehouse, workspace, TODAY)
    freeze_workflow(warehouse, shown, shown.workflows[0], by="test")
    assert restatements(warehouse, workspace) == ()
    again = land(warehouse, _write(tmp_path, "again.csv", _deals(lost_in=40)))
    week = FIRST + dt.timedelta(weeks=40)
    (one,) = restatements(warehouse, workspace)
    assert (one.metric, one.week, one.shown_on, one.imports) == (
        "close_rate", week, TODAY, (again.import_id,),
    )  # fmt: skip
    assert (one.shown, one.now) == (pytest.approx(8 / 20), 0.0)
    undo(warehouse, again.import_id or 0)
    assert restatements(warehouse, workspace) == ()


def test_a_restated_week_is_told_with_both_numbers_as_they_are_shown_and_the_import(tmp_path: Path) -> None:
    """77 leads enter in each of 39 weeks, three exports; 14 are won at once: 18.2 %. The next takes one."""
    first, monday = dt.date(2025, 2, 10), dt.date(2025, 11, 3)
    (tmp_path / "charters").mkdir()
    charter = CHARTER.replace("2024-09-02", "2025-08-04").replace("lead_volume", "response_time")
    (tmp_path / "charters" / "desk.yaml").write_text(charter)
    workspace = open_workspace(tmp_path)
    head = "lead_id,created_at,first_response_at,workflow\n"
    with open_warehouse(workspace) as warehouse:
        for quarter in range(3):
            days = [first + dt.timedelta(weeks=13 * quarter + week) for week in range(13)]
            rows = [f"{d}-{n},{d} 09:00,{d} 09:{10 + n % 7},desk\n" for d in days for n in range(77)]
            land(warehouse, _write(tmp_path, f"leads {days[-1]}.csv", head + "".join(rows)))
        deals = "deal_id,lead_id,created_at,closed_at,stage\n" + "".join(
            f"D{day}-{n},{day}-{n},{day},{day + dt.timedelta(days=2)},won\n"
            for week in range(39)
            for day in [first + dt.timedelta(weeks=week)]
            for n in range(14)
        )
        assert land(warehouse, _write(tmp_path, "deals.csv", deals)).import_id == 4
        shown = review(warehouse, workspace, dt.date(2025, 11, 9))
        freeze_workflow(warehouse, shown, shown.workflows[0], by="test")
        was = f"D{monday}-3,{monday}-3,{monday},{monday + dt.timedelta(days=2)},"
        assert was in deals
        land(warehouse, _write(tmp_path, "deals again.csv", deals.replace(was + "won", was + "lost")))
        told = [restated_sentence(one) for one in restatements(warehouse, workspace)]
    assert told == ["Close rate of the week of 3 November 2025: shown 18.2 %, now 16.9 %, import 5."]
    listed = run("imports", "--restated", workspace=tmp_path)
    assert listed.out.splitlines()[-2:] == ["Restated:", f"  desk: {told[0]}"]
    assert "still stands as it was shown" not in listed.out
