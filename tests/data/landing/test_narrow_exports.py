"""A column that is not in a file says nothing: what was known of it stays, in any order of exports and undos."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.data.database.session import Row
from leadline.data.landing.land import FileReport, IngestOptions, land, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL
from tests.data.example_exports import clear, land_text, lines

LAW = settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
OPTIONAL = ("channel", "region", "Plan", "Extra")
_numbers = itertools.count()


@dataclass(frozen=True)
class Export:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    day: int
    gone: tuple[str, ...] | None
    """leads that it marks as deleted; None = it has no such column"""

    def text(self) -> str:
        out = io.StringIO()
        flag = [] if self.gone is None else ["deleted"]
        flags = {lead: [] if self.gone is None else [str(lead in self.gone)] for lead, _ in self.rows}
        rows = ((lead, "2026-01-05", *cells, *flags[lead]) for lead, cells in self.rows)
        csv.writer(out, lineterminator="\n").writerows(
            [("lead_id", "created_at", *self.columns, *flag), *rows]
        )
        return out.getvalue()


@st.composite
def exports(draw: st.DrawFn) -> Export:
    """A few leads of a small set with some of the columns that an export of leads may have."""
    columns = tuple(draw(st.lists(st.sampled_from(OPTIONAL), unique=True)))
    ids = draw(st.lists(st.sampled_from(["L1", "L2", "L3"]), min_size=1, unique=True))
    cell = st.sampled_from(["a", "b", ""])
    rows = tuple((lead, tuple(draw(cell) for _ in columns)) for lead in ids)
    gone = draw(st.one_of(st.none(), st.none(), st.lists(st.sampled_from(ids), unique=True).map(tuple)))
    return Export(columns, rows, draw(st.integers(1, 4)), gone)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Warehouse, Path]]:
    (tmp_path / "exports").mkdir()
    with open_warehouse(Workspace(tmp_path / "w", SMALL)) as opened:
        yield opened, tmp_path / "exports"


def _land(bench: tuple[Warehouse, Path], export: Export) -> FileReport:
    file = bench[1] / f"{next(_numbers)}.csv"
    file.write_text(export.text())
    report = land(bench[0], file, IngestOptions(exported_on=dt.date(2026, 3, export.day)))
    assert report.state == "landed", report.message
    return report


def _facts(warehouse: Warehouse) -> list[Row]:
    return warehouse.select(
        "select lead_id, channel, region, attributes['Plan'], attributes['Extra'] from facts.leads order by lead_id"
    )


def _kept(warehouse: Warehouse) -> list[list[Row]]:
    """All that is kept of the imports in force, with imports numbered by their order and without the clock."""
    numbers = warehouse.select(
        "select import_id from landed.imports where undone_at is null order by import_id"
    )
    order = {number: place for place, (number,) in enumerate(numbers)}

    def told(sql: str, places: Sequence[int]) -> list[Row]:
        rows = warehouse.select(sql)
        return sorted(
            (tuple(order[cell] if at in places else cell for at, cell in enumerate(row)) for row in rows),
            key=repr,
        )

    version = "import_id, line, lead_id, channel, region, attributes::varchar, known_at, is_retired"
    return [
        told(f"select {version} from landed.leads", (0,)),
        told(f"select {version} from landed.folded_leads", (0,)),
        told("select import_id, line, by_import from landed.superseded", (0, 2)),
        told("select import_id, line, of_import, of_line, known_at from landed.sightings", (0, 2)),
    ]


def _expected(landed: list[Export]) -> list[Row]:
    """The rule by itself: of every column, what the newest export that has it says, the later landed of equal ones."""
    known: dict[str, dict[str, str | None]] = {}
    for export in sorted(landed, key=lambda one: one.day):
        for lead, cells in export.rows:
            record = known.setdefault(lead, {})
            record["gone"] = "yes" if lead in (export.gone or ()) else None
            if not record["gone"]:
                record.update({name: cell or None for name, cell in zip(export.columns, cells, strict=True)})
    there = [lead for lead in sorted(known) if not known[lead]["gone"]]
    return [(lead, *(known[lead].get(name) for name in OPTIONAL)) for lead in there]


@LAW
@given(landed=st.lists(exports(), min_size=1, max_size=5, unique_by=lambda one: one.text()))
def test_of_every_column_the_facts_are_what_the_newest_export_with_it_says(
    bench: tuple[Warehouse, Path], landed: list[Export]
) -> None:
    clear(bench[0])
    for place, export in enumerate(landed):
        _land(bench, export)
        assert _facts(bench[0]) == _expected(landed[: place + 1])


@LAW
@given(
    landed=st.lists(
        exports(), min_size=2, max_size=4, unique_by=(lambda one: one.day, lambda one: one.text())
    ),
    data=st.data(),
)
def test_exports_of_other_days_give_the_same_facts_in_any_order(
    bench: tuple[Warehouse, Path], landed: list[Export], data: st.DataObject
) -> None:
    clear(bench[0])
    for export in data.draw(st.permutations(landed)):
        _land(bench, export)
    assert _facts(bench[0]) == _expected(landed)


@LAW
@given(
    landed=st.lists(exports(), min_size=2, max_size=5, unique_by=lambda one: one.text()),
    data=st.data(),
)
def test_undoing_imports_in_any_order_leaves_what_landing_only_the_others_would(
    bench: tuple[Warehouse, Path], landed: list[Export], data: st.DataObject
) -> None:
    undone = data.draw(st.lists(st.sampled_from(range(len(landed))), unique=True, min_size=1))
    warehouse = bench[0]
    clear(warehouse)
    numbers = [_land(bench, export).import_id for export in landed]
    for place in undone:
        undo(warehouse, numbers[place] or 0)
    left = _kept(warehouse)
    others = [export for place, export in enumerate(landed) if place not in undone]
    assert _facts(warehouse) == _expected(others)
    clear(warehouse)
    for export in others:
        _land(bench, export)
    assert left == _kept(warehouse)


DEALS = lines(
    "deal_id,created_at,closed_at,stage,amount,currency,channel",
    "D1,2026-01-01,,open,100,EUR,web",
    "D2,2026-01-02,,open,200,EUR,web",
    "D3,2026-01-03,2026-02-01,won,300,EUR,mail",
)
DEAL = "select deal_id, stage, strftime(closed_at, '%m-%d'), amount, currency, channel from facts.deals order by all"


def test_a_view_without_amount_currency_and_channel_leaves_them_as_they_were(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    report = land_text(warehouse, lines("deal_id,created_at,closed_at,stage", "D1,2026-01-01,2026-02-10,won"))
    assert (report.rows.updated, [warned.code for warned in report.warnings]) == (1, ["narrower_export"])
    assert "amount (1 row)" in report.warnings[0].message
    assert warehouse.select(DEAL)[0] == ("D1", "won", "02-10", 100, "EUR", "web")


def test_a_file_without_stages_leaves_stages_and_closing_dates_as_they_were(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    report = land_text(
        warehouse, lines("deal_id,created_at,closed_at,amount", "D3,2026-01-03,2026-05-05,310")
    )
    assert report.state == "landed"
    assert warehouse.select(DEAL)[2] == ("D3", "won", "02-01", 310, "EUR", "mail")


def test_a_blank_cell_in_a_column_that_is_there_takes_the_value_away_and_is_counted(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, DEALS)
    report = land_text(
        warehouse, lines("deal_id,created_at,stage,amount", "D1,2026-01-01,open,", "D2,2026-01-02,open,200")
    )
    (blanked,) = [warned.message for warned in report.warnings if warned.code == "blanked_cells"]
    assert "1 cell that was known is blank now (amount of D1: 100.0 → blank)" in blanked
    assert [row[3] for row in warehouse.select(DEAL)] == [None, 200, 300]


def test_an_older_wide_export_that_comes_late_fills_what_the_newer_narrow_one_lacks(
    warehouse: Warehouse,
) -> None:
    narrow = lines("deal_id,created_at,closed_at,stage", "D1,2026-01-01,2026-02-10,won")
    land_text(warehouse, narrow, name="new.csv", exported_on=dt.date(2026, 3, 8))
    late = land_text(warehouse, DEALS, name="old.csv", exported_on=dt.date(2026, 3, 1))
    assert warehouse.select(DEAL)[0] == ("D1", "won", "02-10", 100, "EUR", "web")
    undo(warehouse, late.import_id or 0)
    assert warehouse.select(DEAL) == [("D1", "won", "02-10", None, None, None)]


def test_the_workflow_that_one_import_was_given_stays_when_the_next_is_given_none(
    warehouse: Warehouse,
) -> None:
    land_text(warehouse, DEALS, workflow="desk")
    land_text(warehouse, DEALS.replace("100", "150"))
    assert warehouse.select("select distinct workflow from facts.deals") == [("desk",)]


def test_answers_in_minutes_are_a_column_of_answers(warehouse: Warehouse) -> None:
    land_text(warehouse, lines("lead_id,created_at,first_response_at", "L1,2026-01-05,2026-01-05 01:00"))
    land_text(warehouse, lines("lead_id,created_at,first_response_minutes", "L1,2026-01-05,30"))
    assert warehouse.select("select minute(first_response_at) from facts.leads") == [(30,)]


def test_the_rows_of_an_export_with_other_columns_are_versions_of_their_own(warehouse: Warehouse) -> None:
    land_text(warehouse, DEALS)
    narrow = lines("deal_id,created_at,stage", "D1,2026-01-01,open")
    assert land_text(warehouse, narrow).rows.updated == 1
    assert land_text(warehouse, narrow + "D9,2026-01-09,open\n").rows.unchanged == 1
    assert land_text(warehouse, DEALS + "\n").rows.unchanged == 2
