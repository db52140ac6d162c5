"""What reviewers say is on disk at once, and lands as an import that can be undone."""

from __future__ import annotations

import os
import stat

from leadline.dashboard.service.written_reviews import (
    judgements,
    keep,
    land_left,
    land_waiting,
    take_back,
    waiting,
)
from leadline.data.landing.undo import undo
from leadline.data.warehouse import Warehouse


def test_it_is_kept_taken_back_landed_and_undone(warehouse: Warehouse) -> None:
    workspace = warehouse.workspace
    keep(
        workspace,
        "studio",
        "Ann",
        "A1",
        [("brand", True, ""), ("accuracy", False, '=HYPERLINK("x"), "so"\n')],
    )
    keep(workspace, "studio", "Ann", "A2", [("brand", False, "Sagt „größer“; kein Beleg")])
    keep(workspace, "studio", "Bo", "A1", [("brand", False, "")])
    keep(workspace, "studio", "Ann", "A3", [("brand", True, "")])
    assert take_back(workspace, "studio", " ann") == "A3"
    assert [(row.item_id, row.dimension) for row in waiting(workspace, "studio", "Ann")] == [
        ("A1", "brand"), ("A1", "accuracy"), ("A2", "brand"),
    ]  # fmt: skip
    assert len([*judgements(workspace)]) == 4
    (file, _) = sorted((workspace.path / "reviews").glob("*.csv"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # said again is said otherwise
    keep(workspace, "studio", "Ann", "A2", [("brand", True, "")])

    report = land_waiting(warehouse, workspace, "studio", "Ann")
    assert report is not None
    assert (report.state, report.rows.new, report.rows.quarantined) == ("landed", 3, 0)
    facts = "select item_id, dimension, passed, reason, reviewer, workflow from facts.reviews order by all"
    assert warehouse.select(facts) == [
        ("A1", "accuracy", False, '=HYPERLINK("x"), "so"', "Ann", "studio"),
        ("A1", "brand", True, None, "Ann", "studio"),
        ("A2", "brand", True, None, "Ann", "studio"),
    ]
    assert waiting(workspace, "studio", "Ann") == ()
    assert land_waiting(warehouse, workspace, "studio", "Ann") is None
    assert report.import_id is not None
    undo(warehouse, report.import_id)
    assert warehouse.select(facts) == []
    assert take_back(workspace, "studio", "Nobody") is None


def test_what_was_left_lands_by_itself(warehouse: Warehouse) -> None:
    keep(warehouse.workspace, "studio", "Bo", "A1", [("brand", False, "")])
    assert [*land_left(warehouse, warehouse.workspace)] == []
    (file,) = (warehouse.workspace.path / "reviews").glob("*.csv")
    os.utime(file, (0, 0))
    (report,) = land_left(warehouse, warehouse.workspace)
    assert (report.state, report.rows.new) == ("landed", 1)
    assert [*judgements(warehouse.workspace)] == []
