"""What people write on pages is on disk at once, and lands as an import that can be undone."""

from __future__ import annotations

import os
import stat

from leadline.dashboard.service.written_rows import CODES, REVIEWS, Sheet, everybody, land_left, now
from leadline.data.landing.undo import undo
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace


def _say(workspace: Workspace, who: str, item: str, **said: str) -> None:
    """Dimension → 'yes', or why not."""
    Sheet(workspace, REVIEWS, "studio", who).add(
        [
            {
                "item_id": item,
                "reviewed_at": now(workspace),
                "reviewer": who,
                "dimension": dimension,
                "passed": "yes" if words == "yes" else "no",
                "reason": "" if words == "yes" else words,
                "workflow": "studio",
            }
            for dimension, words in said.items()
        ]
    )


def test_it_is_kept_taken_back_landed_and_undone(warehouse: Warehouse) -> None:
    workspace = warehouse.workspace
    _say(workspace, "Ann", "A1", brand="yes", accuracy='=HYPERLINK("x"), "so"\n')
    _say(workspace, "Ann", "A2", brand="Sagt „größer“; kein Beleg")
    _say(workspace, "Bo", "A1", brand="No")
    _say(workspace, "Ann", "A3", brand="yes")
    assert Sheet(workspace, REVIEWS, "studio", " ann").take_back() == "A3"
    ann = Sheet(workspace, REVIEWS, "studio", "Ann")
    assert [(row["item_id"], row["dimension"]) for row in ann.rows()] == [
        ("A1", "brand"), ("A1", "accuracy"), ("A2", "brand"),
    ]  # fmt: skip
    assert len([*everybody(workspace, REVIEWS)]) == 4
    assert stat.S_IMODE(ann.file.stat().st_mode) == 0o600
    # said again is said otherwise
    _say(workspace, "Ann", "A2", brand="yes")

    report = ann.land(warehouse)
    assert report is not None
    assert (report.state, report.rows.new, report.rows.quarantined) == ("landed", 3, 0)
    facts = "select item_id, dimension, passed, reason, reviewer, workflow from facts.reviews order by all"
    assert warehouse.select(facts) == [
        ("A1", "accuracy", False, '=HYPERLINK("x"), "so"', "Ann", "studio"),
        ("A1", "brand", True, None, "Ann", "studio"),
        ("A2", "brand", True, None, "Ann", "studio"),
    ]
    assert ann.rows() == []
    assert ann.land(warehouse) is None
    assert report.import_id is not None
    undo(warehouse, report.import_id)
    assert warehouse.select(facts) == []
    assert Sheet(workspace, REVIEWS, "studio", "Nobody").take_back() is None


def test_what_was_left_lands_by_itself(warehouse: Warehouse) -> None:
    sheet = Sheet(warehouse.workspace, CODES, "brand", "Bo")
    said = {
        "conversation_id": "C1",
        "coder": "Bo",
        "asked": "yes",
        "first": "one-source",
        "others": "fair; fast",
    }
    sheet.add([{**said, "coded_at": now(warehouse.workspace), "codebook": "version 2", "workflow": "brand"}])
    assert [*land_left(warehouse, warehouse.workspace, CODES)] == []
    os.utime(sheet.file, (0, 0))
    assert [*land_left(warehouse, warehouse.workspace, REVIEWS)] == []
    (report,) = land_left(warehouse, warehouse.workspace, CODES)
    assert (report.state, report.rows.new) == ("landed", 1)
    assert [*everybody(warehouse.workspace, CODES)] == []
    assert warehouse.select('select coder, asked, "first", others, codebook from facts.codes') == [
        ("Bo", True, "one-source", "fair; fast", "version 2")
    ]
