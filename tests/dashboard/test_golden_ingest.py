"""`leadline ingest --dry-run`: all that it prints, kept as files and read as a diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboard.command_line import run
from tests.metrics.golden import GOLDEN, assert_golden

FOLDER = GOLDEN / "ingest"
FILES = sorted(file for file in FOLDER.glob("*.csv") if not file.name.endswith(".before.csv"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dry_run_prints_just_this(tmp_path: Path, file: Path) -> None:
    run("init", tmp_path / "team")
    before, options = file.with_suffix(".before.csv"), file.with_suffix(".args")
    if before.is_file():
        assert run("ingest", before, workspace=tmp_path / "team").status == 0
    said = options.read_text(encoding="utf-8").split() if options.is_file() else []
    ran = run("ingest", file, "--dry-run", *said, workspace=tmp_path / "team")
    words = " ".join(["leadline", "ingest", file.name, "--dry-run", *said])
    printed = ran.out + ran.err
    assert not any(letter in printed for letter in "\x1b\x07\u202e"), "a terminal would obey the file"
    assert_golden(file.with_suffix(".txt"), f"$ {words}\n{printed}$ echo $?\n{ran.status}\n")
