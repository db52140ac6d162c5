"""What may be wrong with a workspace on its disk: leftovers of what was cut off, permissions, room."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.scratch import rest_folders
from leadline.data.workspace.workspace import Workspace

LEAST_ROOM = 1_000_000_000
"""bytes that should be free: a landing needs room for a copy of the file and for its rows"""
TOO_LITTLE_ROOM = 20_000_000
"""bytes with fewer of which even a decision may not be recorded"""


@dataclass(frozen=True)
class Leftover:
    """A file or folder that something which was cut off has left."""

    path: Path
    size: int
    """bytes, of a folder with all in it"""
    goes_by_itself: bool
    """removed when the workspace is opened next"""


def leftovers(workspace: Workspace) -> tuple[Leftover, ...]:
    """What is left in and beside a workspace that nobody has open."""
    by_itself = [path for folder in rest_folders(workspace) for path in _inside(folder)]
    for_good = [
        *workspace.path.glob(".*.part"),
        *workspace.charters.glob(".*.part"),
        *(workspace.path / PRIVATE_FOLDER).glob(".*.part"),
        *workspace.path.parent.glob(f".{_literally(workspace.path.name)}.*.restoring"),
        *workspace.path.parent.glob(".*.part"),
    ]
    return (
        *(Leftover(path, _size(path), True) for path in sorted(by_itself)),
        *(Leftover(path, _size(path), False) for path in sorted(for_good)),
    )


def unwritable(workspace: Workspace) -> tuple[Path, ...]:
    """Files and folders of a workspace that this user may not write to."""
    private = workspace.path / PRIVATE_FOLDER
    needed = (workspace.path, private, private / "lock", workspace.charters, workspace.database)
    return tuple(path for path in needed if path.exists() and not os.access(path, os.W_OK))


def missing_room(workspace: Workspace) -> int | None:
    """Bytes that are free on the workspace's disk, where those are too few; None where there is room."""
    size = workspace.database.stat().st_size if workspace.database.is_file() else 0
    free = shutil.disk_usage(workspace.path).free
    return free if free < max(LEAST_ROOM, size) else None


def _inside(folder: Path) -> Iterator[Path]:
    """What a folder holds, down to the files; an empty folder within is nothing."""
    yield from (path for path in folder.rglob("*") if path.is_file())


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in ([path] if path.is_file() else _inside(path)))


def _literally(name: str) -> str:
    """For a glob pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
