"""What must hold of any exports in any order: nothing lost, nothing doubled, an undo leaves no trace."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterator
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
from tests.data.example_exports import clear

QUICK = settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
HEADER = ("lead_id", "created_at", "channel", "Plan")
_numbers = itertools.count()


@dataclass(frozen=True)
class Export:
    rows: tuple[tuple[str, ...], ...]
    exported_on: dt.date | None = None

    def text(self) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([HEADER, *self.rows])
        return out.getvalue()


_channels = st.sampled_from(["email", "search", ""])
_plans = st.sampled_from(["a", "b"])


@st.composite
def exports(draw: st.DrawFn, dated: bool = False) -> Export:
    """A few leads of a small set, each at most once, with contents that may differ from export to export."""
    ids = draw(st.lists(st.sampled_from(["L1", "L2", "L3", "L4"]), min_size=1, unique=True))
    rows = tuple((lead, "2026-01-05", draw(_channels), draw(_plans)) for lead in ids)
    day = draw(st.sampled_from([1, 2, 3, 4, 5])) if dated else None
    return Export(rows, dt.date(2026, 3, day) if day else None)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Warehouse, Path]]:
    """One warehouse that every example of a law begins empty: opening one takes longer than an example."""
    (tmp_path / "exports").mkdir()
    with open_warehouse(Workspace(tmp_path / "w", SMALL)) as opened:
        yield opened, tmp_path / "exports"


def _land(bench: tuple[Warehouse, Path], export: Export, text: str | None = None) -> FileReport:
    warehouse, folder = bench
    file = folder / f"{next(_numbers)}.csv"
    file.write_text(text or export.text())
    report = land(warehouse, file, IngestOptions(exported_on=export.exported_on))
    assert report.state == "landed", report.message
    counts = report.rows
    assert counts.read == sum(
        (counts.new, counts.updated, counts.unchanged, counts.stale, counts.quarantined, counts.skipped)
    )
    return report


def _facts(warehouse: Warehouse) -> list[Row]:
    return warehouse.select(
        "select lead_id, created_at, channel, attributes::varchar from facts.leads order by lead_id"
    )


def _kept(warehouse: Warehouse) -> list[list[Row]]:
    """All that is kept of the imports in force, with imports numbered by their order and without the clock."""
    order = {
        import_id: place
        for place, (import_id,) in enumerate(
            warehouse.select(
                "select import_id from landed.imports where undone_at is null order by import_id"
            )
        )
    }

    def renumbered(rows: list[Row], places: tuple[int, ...]) -> list[Row]:
        return sorted(
            tuple(order[cell] if at in places else cell for at, cell in enumerate(row)) for row in rows
        )

    versions = "select import_id, line, lead_id, coalesce(channel, ''), attributes::varchar from landed.leads"
    return [
        renumbered(warehouse.select(versions), (0,)),
        renumbered(warehouse.select("select import_id, line, by_import from landed.superseded"), (0, 2)),
        renumbered(
            warehouse.select("select import_id, line, of_import, of_line from landed.sightings"), (0, 2)
        ),
    ]


def _expected(landed: list[Export]) -> list[Row]:
    """The rule by itself: of each lead, what the export with the latest date said, the later landed of equal ones."""
    newest: dict[str, tuple[dt.date, tuple[str, ...]]] = {}
    for export in landed:
        day = export.exported_on or dt.date.max
        for row in export.rows:
            if row[0] not in newest or day >= newest[row[0]][0]:
                newest[row[0]] = (day, row)
    return [
        (lead, dt.datetime(2026, 1, 5), row[2] or None, f"{{Plan={row[3]}}}")
        for lead, (_, row) in sorted(newest.items())
    ]


@QUICK
@given(landed=st.lists(exports(), min_size=1, max_size=4))
def test_the_facts_are_what_the_latest_export_of_each_row_says(
    bench: tuple[Warehouse, Path], landed: list[Export]
) -> None:
    clear(bench[0])
    for export in landed:
        _land(bench, export)
    # a file that stands already, byte for byte, is no later word
    in_force = [export for place, export in enumerate(landed) if export not in landed[:place]]
    assert _facts(bench[0]) == _expected(in_force)


@QUICK
@given(
    landed=st.lists(exports(dated=True), min_size=1, max_size=4, unique_by=lambda export: export.exported_on)
)
def test_dated_exports_give_the_same_facts_in_any_order(
    bench: tuple[Warehouse, Path], landed: list[Export]
) -> None:
    wanted = _expected(sorted(landed, key=lambda export: str(export.exported_on)))
    for order in (landed, landed[::-1]):
        clear(bench[0])
        for export in order:
            _land(bench, export)
        if len({export.text() for export in landed}) == len(landed):
            assert _facts(bench[0]) == wanted


@QUICK
@given(
    landed=st.lists(exports(dated=True), min_size=2, max_size=5, unique_by=lambda export: export.rows),
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
    left = _kept(warehouse), _facts(warehouse)
    clear(warehouse)
    for place, export in enumerate(landed):
        if place not in undone:
            _land(bench, export)
    assert left == (_kept(warehouse), _facts(warehouse))


@QUICK
@given(export=exports(), data=st.data())
def test_the_order_of_rows_and_columns_does_not_matter(
    bench: tuple[Warehouse, Path], export: Export, data: st.DataObject
) -> None:
    warehouse = bench[0]
    clear(warehouse)
    _land(bench, export)
    before = _facts(warehouse)
    places = data.draw(st.permutations(range(len(HEADER))))
    rows = data.draw(st.permutations(export.rows))
    shuffled = "\n".join(",".join(row[place] for place in places) for row in (HEADER, *rows)) + "\n"
    again = _land(bench, export, shuffled)
    assert _facts(warehouse) == before
    assert again.rows.unchanged == len(export.rows)
