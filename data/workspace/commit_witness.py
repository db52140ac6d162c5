"""How much a workspace has committed, noted beside its database, so that what the database loses is missed aloud.

A log that was cut short, or an older copy in the database's place, opens without an error and with fewer rows. The
note is written after each commit and never ahead of it, so whatever it says must be in the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from leadline.data.errors import WorkspaceError

FILE = "committed.json"


def note(private: Path, held: Mapping[str, int]) -> None:
    """Writes it down. Where that fails, an earlier note stays, which is still true."""
    written = private / f".{FILE}.part"
    with suppress(OSError):
        written.write_text(json.dumps(dict(held)), encoding="utf-8")
        written.replace(private / FILE)


def hold_to(private: Path, held: Mapping[str, int], database: Path) -> None:
    """Raises WorkspaceError where the database holds less than was noted."""
    lacking = [
        f"{count - held[name]} of {count} {name}"
        for name, count in _noted(private).items()
        if held[name] < count
    ]
    if lacking:
        raise WorkspaceError(
            f"{database} lacks {', '.join(lacking)} that were committed: it or its log was damaged, or an older copy "
            f"was put in its place; restore a backup with 'leadline restore FILE --replace', or remove "
            f"{private / FILE} to go on without them."
        )


def _noted(private: Path) -> dict[str, int]:
    try:
        told = json.loads((private / FILE).read_text(encoding="utf-8"))
        return {
            name: int(told[name])
            for name in ("imports", "undone imports", "charter versions", "rows of the ledger")
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
