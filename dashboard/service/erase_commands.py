"""Erasing a person from an open workspace, and what of the person lies where a workspace can't reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from leadline.dashboard.service.command import Arguments, Command, CutOff, Json
from leadline.data.database import upgrades
from leadline.data.landing import digests
from leadline.data.landing.erase import erase
from leadline.data.workspace.backup import noted_backups
from leadline.data.workspace.inbox_folder import inbox_of
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.entries import Kind, append, entries

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

_KIND: Kind = "erased"
_SEARCHED_BYTES = 200_000_000
_PACKED = (".xlsx", ".xls", ".ods", ".gz", ".zip")
"""ends of names of files whose text can't be looked through as it stands"""


def run(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`lead` or `address`, and `by` -> what went, and where the person still stands."""
    lead, address = arguments.get("lead"), arguments.get("address")
    said = str(lead if lead is not None else address)
    with warehouse.joined():
        erased = erase(warehouse, said, is_lead=lead is not None)
        # the note says that it was done and how much went, and nothing of whom
        told = {"rows": erased.rows, "set_aside": erased.set_aside, "imports": list(erased.imports)}
        append(warehouse, _KIND, {**told, "facts": digests.head(warehouse)}, by=arguments["by"])
    warehouse.execute("checkpoint")
    yield {**told, **_still(warehouse, workspace, said)}


def _begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    done = [entry for entry in entries(warehouse, [_KIND]) if entry.at >= cut_off.begun]
    if not done:
        yield from run(warehouse, workspace, arguments)
        return
    said = str(arguments.get("lead") or arguments.get("address"))
    told = done[-1].payload
    known = {name: told[name] for name in ("rows", "set_aside", "imports")}
    yield {**known, **_still(warehouse, workspace, said)}


def _still(warehouse: Warehouse, workspace: Workspace, said: str) -> Json:
    """Where the person may still stand: backups, copies from before upgrades, files of the inbox, the ledger."""
    name = re.compile(rf"(?<![\w@.+-]){re.escape(said)}(?![\w@+-])".encode(), re.IGNORECASE)
    files = [file for file in sorted(inbox_of(workspace).rglob("*")) if file.is_file()]
    packed = [file for file in files if file.name.lower().endswith(_PACKED)]
    return {
        "backups": [str(file) for file in noted_backups(workspace.path)],
        "copies": [str(file) for file in upgrades.copies(workspace.path)],
        "files": [str(file) for file in files if file not in packed and _holds(file, name)],
        "unread": [str(file) for file in packed],
        "ledger": [
            entry.sequence
            for entry in entries(warehouse)
            if name.search(f"{entry.subject} {entry.by} {entry.payload}".encode())
        ],
    }


def _holds(file: Path, name: re.Pattern[bytes]) -> bool:
    """Whether the file names the person; one that is too large or can't be read is said to."""
    try:
        return file.stat().st_size > _SEARCHED_BYTES or name.search(file.read_bytes()) is not None
    except OSError:
        return True


ERASE_COMMANDS = {"erase": Command(run, _begun)}
