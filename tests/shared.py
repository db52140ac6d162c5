"""Where the collection of example exports lies, if it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared_folder() -> Path | None:
    """LEADLINE_SHARED, else `shared` beside the checkout; None where there is none."""
    named = os.environ.get("LEADLINE_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    return folder if folder.is_dir() else None


def need_shared(*parts: str) -> Path:
    """A file or folder of the collection; skips the test where it is missing."""
    folder = shared_folder()
    wanted = folder.joinpath(*parts) if folder else None
    if wanted is None or not wanted.exists():
        pytest.skip(f"needs the example exports ({'/'.join(parts)}); set LEADLINE_SHARED to their folder")
    return wanted
