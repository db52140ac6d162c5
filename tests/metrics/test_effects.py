"""What an import would change in a review, and what it restates of numbers that were shown."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.landing import IngestOptions, land, undo
from data.warehouse import Warehouse, open_warehouse
from data.workspace import Workspace, open_workspace
from metrics.agreement.frozen import freeze_workflow
from metrics.effects import rehearsed_effects
from metrics.restatements import restated_sentence, restatements
from metrics.review import review
from tests.data.exports import everything_landed

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


def test_a_week_that_was_shown_and_is_another_number_now_is_restated_with_its_import(
    desk: tuple[Warehouse, Workspace], tmp_path: Path
) -> None:
    warehouse, workspace = desk
    shown = review(warehouse, workspace, TODAY)
    freeze_workflow(warehouse, shown, shown.workflows[0], by="test")
    assert restatements(warehouse, workspace) == ()
    again = land(warehouse, _write(tmp_path, "again.csv", _deals(lost_in=40)))
    week = FIRST + dt.timedelta(weeks=40)
    found = [one for one in restatements(warehouse, workspace) if one.metric == "close_rate"]
    assert {(one.imports, one.shown_on) for one in found} == {((again.import_id,), TODAY)}
    # a point is smoothed and freed of the season: its neighbours move too, the week itself the most
    most = min(found, key=lambda one: one.now if one.now is not None else 1.0)
    assert most.week == week
    assert most.shown == pytest.approx(0.4)
    assert most.now == pytest.approx(0.32, abs=0.02)
    assert restated_sentence(most, "40 %", "32 %") == (
        f"{most.label} of the week of {week.day} {week:%B %Y}: shown 40 %, now 32 %, import {again.import_id}."
    )
    undo(warehouse, again.import_id or 0)
    assert restatements(warehouse, workspace) == ()
