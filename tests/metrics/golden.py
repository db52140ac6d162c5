"""Texts kept as files, one a case, to be read as a diff. LEADLINE_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def cases(folder: str) -> list[str]:
    """Names of the .yaml files of a folder of tests/golden, without their suffix."""
    return sorted(file.stem for file in (GOLDEN / folder).glob("*.yaml"))


def assert_golden(file: Path, text: str) -> None:
    """The text is what the file holds."""
    if os.environ.get("LEADLINE_UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
