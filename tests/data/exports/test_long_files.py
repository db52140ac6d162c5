"""Which files are read by the engine alone, and which line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.data.exports import staging
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import Settings, Workspace

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
