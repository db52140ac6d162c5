"""Rows that were changed from outside no longer add up to what was noted; what Leadline does itself is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from leadline.data.landing import digests
from leadline.data.landing.erase import erase
from leadline.data.landing.land import land, undo
from leadline.data.landing.retire import retire
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.entries import append
from leadline.metrics.agreement.verification import ChangedNote, LostNotes, verify_facts
from tests.dashboard.command_line import run


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three imports; the second says other things of two leads of the first."""
    folder = tmp_path_factory.mktemp("built")
    run("init", folder / "team")
    with open_warehouse(Workspace(folder / "team", Settings())) as warehouse:
        for name, ids, channel in (("a", "123", "web"), ("b", "234", "mail"), ("c", "456", "web")):
            rows = "".join(f"L{one},2024-01-05,{channel}\n" for one in ids)
            (folder / f"{name}.csv").write_text(f"lead_id,created_at,channel\n{rows}")
            land(warehouse, folder / f"{name}.csv")
    return folder / "team"


@pytest.fixture
def team(built: Path, tmp_path: Path) -> Workspace:
    return Workspace(shutil.copytree(built, tmp_path / "team"), Settings())


def alter(team: Workspace, statement: str) -> None:
    with duckdb.connect(str(team.database)) as connection:
        connection.execute(statement)


def altered(team: Workspace) -> list[tuple[int, int | None, int]]:
    with open_warehouse(team) as warehouse:
        return [(one.import_id, one.noted, one.found) for one in digests.compare(warehouse).altered]


def test_what_leadline_does_itself_is_no_change_from_outside(team: Workspace) -> None:
    with open_warehouse(team) as warehouse:
        retire(warehouse, "leads", ["L3"], "a test")
        undo(warehouse, 1)
        with warehouse.joined():
            assert erase(warehouse, "L4", is_lead=True).imports == (2, 3)
        compared, broken = verify_facts(warehouse)
        assert (compared.compared, compared.undigested, broken) == (4, (), ())


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update landed.leads set channel = 'x' where lead_id = 'L4' and import_id = 2", [(2, 3, 3)]),
        ("update landed.leads set attributes = map(['a'], ['b']) where import_id = 1", [(1, 3, 3)]),
        ("delete from landed.leads where lead_id = 'L5'", [(3, 3, 2)]),
        (
            "insert into landed.leads from (select * replace (9 as import_id) from landed.leads)",
            [(9, None, 9)],
        ),
        ("delete from landed.leads", [(1, 3, 0), (2, 3, 0), (3, 3, 0)]),
    ],
)
def test_a_change_from_outside_is_found(
    team: Workspace, statement: str, expected: list[tuple[int, int | None, int]]
) -> None:
    alter(team, statement)
    assert altered(team) == expected


def test_an_undo_does_not_make_good_what_was_changed_before(team: Workspace) -> None:
    alter(team, "update landed.leads set channel = 'x' where import_id = 2")
    with open_warehouse(team) as warehouse:
        undo(warehouse, 1)
    assert altered(team) == [(2, 3, 3)]


def test_a_note_that_was_written_to_fit_is_found(team: Workspace) -> None:
    alter(team, "delete from landed.leads where import_id = 3")
    alter(team, "update landed.digests set row_count = 0, digest = '0' where import_id = 3")
    with open_warehouse(team) as warehouse:
        assert verify_facts(warehouse)[1] == (ChangedNote(3),)


def test_notes_that_were_removed_altogether_are_missed_by_the_ledger(team: Workspace) -> None:
    with open_warehouse(team) as warehouse:
        row = append(warehouse, "erased", {"facts": digests.head(warehouse)}, by="Ann")
        assert verify_facts(warehouse)[1] == ()
        with warehouse.transaction() as session:
            session.execute("delete from landed.digests")
        assert verify_facts(warehouse)[1] == (LostNotes(row),)


def test_imports_without_a_digest_are_said_and_the_ledger_and_doctor_name_a_change(team: Workspace) -> None:
    alter(team, "delete from landed.digests where import_id = 1; update landed.digests set engine = '7'")
    told = run("ledger", "--verify", workspace=team.path)
    assert "Note 1 of what the rows of imports add up to" in told.err
    with open_warehouse(team) as warehouse:
        compared = digests.compare(warehouse)
    assert (compared.undigested, compared.unreadable) == ((1,), (2, 3))
    doctor = run("doctor", workspace=team.path)
    assert doctor.status != 0
    assert "Note 1" in doctor.out
