"""Which files are read by the engine alone, and which line by line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from leadline.data.exports.rows import staging
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace

HEAD = "lead_id,created_at,workflow,score\n"
ROWS = "".join(f"L{n},2024-06-{n:02} 10:00:00,lead-routing,{n}\n" for n in range(1, 29))


@pytest.mark.parametrize(
    ("row", "is_line_by_line"),
    [
        (",2024-06-03 10:00:00,lead-routing,4\n", False),
        ("#7,2024-06-03 10:00:00,lead-routing,4\n", False),
        ("Total,2024-06-03 10:00:00,lead-routing,4\n", False),
        ("Total,,,406\n", True),
        (HEAD, True),
    ],
)
def test_only_a_row_that_is_none_makes_a_file_be_read_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, is_line_by_line: bool
) -> None:
    rewritten = []
    real = staging.rewrite
    monkeypatch.setattr(staging, "rewrite", lambda *given: (rewritten.append(given), real(*given))[1])
    file = tmp_path / "leads.csv"
    file.write_text(HEAD + ROWS + row, encoding="utf-8")
    with open_warehouse(Workspace(tmp_path / "w", Settings())) as warehouse:
        report = land(warehouse, file)
    assert bool(rewritten) == is_line_by_line
    assert report.rows.read == 29
    assert report.rows.skipped == (1 if is_line_by_line else 0)


@pytest.mark.parametrize("last", ["", "Total,,,406\n"], ids=["read by the engine", "read line by line"])
def test_every_row_of_a_long_file_is_a_fact_with_its_own_cells(tmp_path: Path, last: str) -> None:
    count = 5_000
    rows = "".join(f"L{n},2024-06-{n % 28 + 1:02} 10:00:{n % 60:02},lead-routing,{n}\n" for n in range(count))
    file = tmp_path / "leads.csv"
    file.write_text(HEAD + rows + last, encoding="utf-8")
    with open_warehouse(Workspace(tmp_path / "w", Settings())) as warehouse:
        report = land(warehouse, file)
        stored = warehouse.select("select lead_id, created_at, score, line from landed.leads order by line")
    assert (report.rows.new, report.rows.skipped) == (count, 1 if last else 0)
    assert stored == [
        (f"L{n}", dt.datetime(2024, 6, n % 28 + 1, 10, 0, n % 60), n, n + 2) for n in range(count)
    ]
