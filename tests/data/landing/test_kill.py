"""A landing that is cut off at any moment has landed whole or not at all, and the workspace opens again.

LEADLINE_KILLS says how often (default 6); the import is as large as LEADLINE_KILL_ROWS says.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from leadline.data.landing.land import land, list_imports
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from tests.killing import cut_off

KILLS = int(os.environ.get("LEADLINE_KILLS", "6"))
ROWS = int(os.environ.get("LEADLINE_KILL_ROWS", "20000"))
LANDER = """
import sys
from pathlib import Path
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
with open_warehouse(Workspace(Path(sys.argv[1]), Settings())) as warehouse:
    print("open", flush=True)
    print(land(warehouse, Path(input())).state, flush=True)
"""


def _export(folder: Path, number: int) -> Path:
    file = folder / f"{number}.csv"
    rows = (f"L{place},2026-01-05 09:00:00,channel {number}\n" for place in range(ROWS))
    file.write_text("lead_id,created_at,channel\n" + "".join(rows))
    return file


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="needs a system whose processes can be killed outright"
)
def test_a_landing_that_is_killed_has_landed_whole_or_not_at_all(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w", Settings())
    workspace.path.mkdir()
    chance = random.Random(20261122)
    with open_warehouse(workspace) as warehouse:
        began = time.perf_counter()
        assert land(warehouse, _export(tmp_path, 0)).rows.new == ROWS
        usual = time.perf_counter() - began
    last, whole = 0, 0
    for number in range(1, KILLS + 1):
        file = _export(tmp_path, number)
        cut_off(LANDER, workspace.path, str(file), chance.uniform(0, 1.3 * usual))
        file.unlink()
        with open_warehouse(workspace) as warehouse:
            standing = warehouse.select("select channel, count(*) from facts.leads group by channel")
            imports = list_imports(warehouse)
            landed = [record.import_id for record in imports if record.file == f"{number}.csv"]
            if landed:
                last, whole = number, whole + 1
            assert standing == [(f"channel {last}", ROWS)]
            kept = warehouse.select(
                "select import_id, count(*) from landed.leads group by import_id order by import_id"
            )
            assert kept == [(record.import_id, ROWS) for record in imports]
            replaced = warehouse.select("select count(*) from landed.superseded")
            assert replaced == [(ROWS * whole,)]
    assert whole < KILLS  # some were cut off, or nothing was tried
