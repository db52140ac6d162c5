"""Whatever was committed is noted beside the database, and a database that holds less of it is not opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from leadline.data.database.contents import committed
from leadline.data.errors import WorkspaceError
from leadline.data.landing.land import undo
from leadline.data.warehouse import Warehouse
from leadline.data.workspace import commit_witness
from tests.data.example_exports import LEADS, land_text

KINDS = ("imports", "undone imports", "charter versions", "rows of the ledger")


def _held(warehouse: Warehouse) -> Mapping[str, int]:
    with warehouse.session() as session:
        return committed(session)


def test_an_import_an_undo_a_charter_and_a_row_of_the_ledger_are_each_counted(warehouse: Warehouse) -> None:
    assert dict(_held(warehouse)) == dict.fromkeys(KINDS, 0)
    land_text(warehouse, LEADS)
    land_text(warehouse, LEADS.replace("L", "M"), "more.csv")
    undo(warehouse, 2)
    for version in (1, 2, 3):
        warehouse.execute(
            "insert into agreed.charters values ('routing', $version, '', '', null, 'CEO', null, now()::timestamp)",
            {"version": version},
        )
    assert dict(_held(warehouse)) == dict(zip(KINDS, (2, 1, 3, 0), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_holds_less_of_any_kind_than_was_noted_is_refused(kind: str, tmp_path: Path) -> None:
    noted = dict.fromkeys(KINDS, 3)
    commit_witness.note(tmp_path, noted)
    commit_witness.hold_to(tmp_path, noted, tmp_path / "leadline.duckdb")
    with pytest.raises(WorkspaceError, match=f"lacks 1 of 3 {kind} that were committed"):
        commit_witness.hold_to(tmp_path, {**noted, kind: 2}, tmp_path / "leadline.duckdb")
