"""A landing or an undo that is cut off at any moment leaves kept counts that are the facts' counts, and still kept."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import time
from pathlib import Path

import pytest

from leadline.data.counts import store
from leadline.data.engines.engine import ask
from leadline.data.landing.land import land, list_imports, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from tests.killing import cut_off
from tests.metrics.counts import questions

KILLS = int(os.environ.get("LEADLINE_COUNT_KILLS", "5"))
LEADS = 6_000
CHANGED = 1_000
"""leads of one export: few enough that counts follow it"""
END = dt.date(2024, 3, 31)
ASKED = ("lead_volume", "response_time", "close_rate", "linkage/response_time/close_rate")
WORKER = """
import sys
from pathlib import Path
import leadline.metrics.cohorts
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land, undo
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
with open_warehouse(Workspace(Path(sys.argv[1]), Settings())) as warehouse:
    print("open", flush=True)
    word = input()
    known = IngestOptions(accept=("replaced_column", "shifted_times"))
    print(undo(warehouse, int(word)) if word.isdigit() else land(warehouse, Path(word), known), flush=True)
"""


def _leads(file: Path, places: range, seed: int) -> Path:
    chance = random.Random(seed)
    rows = [
        f"L{place},2024-01-{1 + place % 28:02} 09:00,2024-01-{1 + place % 28:02} 09:{chance.randrange(60):02},"
        f"{chance.choice(('web', 'event', 'partner'))},desk"
        for place in places
    ]
    file.write_text("\n".join(["lead_id,created_at,first_response_at,channel,workflow", *rows]))
    return file


def _deals(file: Path) -> Path:
    rows = [
        f"D{place},L{place},2024-01-30,2024-02-{1 + place % 28:02},won" for place in range(0, LEADS * 2, 7)
    ]
    file.write_text("\n".join(["deal_id,lead_id,created_at,closed_at,stage", *rows]))
    return file


def _questions() -> list[tuple[str, dict[str, object]]]:
    dated = {"workflow": "desk", "segment": "channel", "minutes": 5, "within_weeks": 1}
    dated |= {"through": END, "first": dt.date(2024, 1, 1)}
    return [(name, questions.bound(name, dated)) for name in ASKED]


def _compare(warehouse: Warehouse) -> None:
    for name, values in _questions():
        assert store.answer(warehouse, name, values) == ask(warehouse, questions.text(name), values), name


def _state(warehouse: Warehouse) -> list[tuple[int, bool]]:
    return [(one.import_id, one.undone_at is None) for one in list_imports(warehouse)]


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="needs a system whose processes can be killed outright"
)
def test_counts_are_the_facts_counts_after_a_landing_or_an_undo_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "KEPT_FROM_ROWS", 0)
    workspace = Workspace(tmp_path / "w", Settings())
    chance = random.Random(20261126)
    with open_warehouse(workspace) as warehouse:
        land(warehouse, _leads(tmp_path / "all.csv", range(LEADS), 0))
        land(warehouse, _deals(tmp_path / "deals.csv"))
        _compare(warehouse)
        kept = warehouse.select("select * from kept.questions order by number")
        assert len(kept) >= len(ASKED)
        began = time.perf_counter()
        land(warehouse, _leads(tmp_path / "more.csv", range(LEADS, LEADS + CHANGED), 1))
        usual = time.perf_counter() - began
        undo(warehouse, 3)
    done = 0
    for number in range(KILLS):
        with open_warehouse(workspace) as warehouse:
            before = _state(warehouse)
        standing = [import_id for import_id, stands in before[2:] if stands]
        if number % 3 == 2 and standing:
            word = str(chance.choice(standing))
        else:
            first = chance.randrange(LEADS)
            word = str(_leads(tmp_path / f"{number}.csv", range(first, first + CHANGED), number + 2))
        # the first at once and the last when it must have ended, so that there is one of each
        after = {0: 0.0, KILLS - 1: 10 * usual}.get(number, chance.uniform(0, 2 * usual))
        cut_off(WORKER, workspace.path, word, after)
        with open_warehouse(workspace) as warehouse:
            done += _state(warehouse) != before
            assert warehouse.select("select * from kept.questions order by number") == kept
            _compare(warehouse)
            assert store.compare_with_facts(warehouse) == store.Compared(len(kept), ())
    assert 0 < done < KILLS  # some were cut off and some were not, or nothing was tried
