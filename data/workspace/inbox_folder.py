"""The inbox: a folder whose files land by themselves. Which of them are at rest, and where they go afterwards.

A file is at rest when two looks a little apart see the same size, time and place on disk. Its age says nothing: the
clock of a mounted folder may be another one. Links, pipes and folders are never opened.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from leadline.data.errors import WorkspaceError
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace

FOLDER = "inbox"
LANDED, ASIDE = "landed", "aside"
"""folders within: what has landed, and what a person has put aside"""
REST_SECONDS = 1.5
"""between two looks"""
_OURS = ("charters", "gates", ".leadline")
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".swp", "~")
"""how programs end the name of a file that they are still writing"""
_OF_SYSTEMS = ("desktop.ini", "thumbs.db")
Stamp = tuple[int, int, int, int]
"""size, times of content and of inode (ns), inode: another one is another file"""


@dataclass(frozen=True)
class Entry:
    """What lies in the inbox under one name."""

    name: str
    stamp: Stamp
    problem: str = ""
    """why it can't be opened at all, as the rest of a sentence; '' for a file"""


def inbox_of(workspace: Workspace) -> Path:
    """The folder; it need not be there. Raises WorkspaceError where the settings name one that can't be an inbox."""
    folder = workspace.path / _said(workspace.settings)
    there, home = folder.resolve(), workspace.path.resolve()
    if home.is_relative_to(there) or any(there.is_relative_to(home / name) for name in _OURS):
        raise WorkspaceError(
            f"inbox.folder in leadline.toml names {there}, which holds the workspace's own files; "
            'name a folder for exports alone, such as folder = "inbox".'
        )
    return folder


def made_ready(workspace: Workspace) -> Path:
    """The folder, made where it is the workspace's own. Raises WorkspaceError where it can't be looked into."""
    folder = inbox_of(workspace)
    try:
        if not folder.exists() and folder.resolve().is_relative_to(workspace.path.resolve()):
            folder.mkdir(mode=0o700, parents=True)
        os.scandir(folder).close()
    except FileNotFoundError as e:
        raise WorkspaceError(
            f"The inbox {folder} is not there; mount it or make it, or name another as [inbox] folder in leadline.toml."
        ) from e
    except OSError as e:
        raise WorkspaceError(
            f"The inbox {folder} can't be looked into ({e.strerror or e}); check what it is and its permissions."
        ) from e
    return folder


def look(folder: Path) -> list[Entry]:
    """What lies there, oldest first; neither what is hidden or unfinished nor our own folders. Raises OSError."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not _is_left_alone(entry.name) and (one := seen(folder, entry.name)) is not None:
                found.append(one)
    return sorted(found, key=lambda each: (each.stamp[1], each.name))


def rested(folder: Path, patience: float) -> dict[str, Stamp]:
    """The files that were at rest when all were, or when `patience` (seconds) was over. Raises OSError."""
    give_up = time.monotonic() + patience
    before = look(folder)
    while any(not each.problem for each in before):
        time.sleep(max(min(REST_SECONDS, give_up - time.monotonic()), 0.05))
        after = look(folder)
        if after == before or time.monotonic() >= give_up:
            return unmoved(before, after)
        before = after
    return {}


def unmoved(before: list[Entry], after: list[Entry]) -> dict[str, Stamp]:
    """The files that two looks saw alike."""
    known = {each.name: each.stamp for each in before}
    return {
        each.name: each.stamp for each in after if not each.problem and known.get(each.name) == each.stamp
    }


def is_still(folder: Path, entry: Entry) -> bool:
    """True where that very file lies there as it was seen."""
    return seen(folder, entry.name) == entry


def move(folder: Path, name: str, into: str) -> Path:
    """Moves a file into a folder within, beside whatever has that name there. Raises OSError."""
    target = folder / into
    target.mkdir(mode=0o700, exist_ok=True)
    if target.is_symlink():
        raise NotADirectoryError(20, f"'{into}' is a link")
    free = _free(target, name)
    (folder / name).rename(free)
    return free


def move_back(folder: Path, landed: str, name: str) -> None:
    """Moves a file that has landed back into the inbox, beside whatever has its name there. Raises OSError."""
    (folder / LANDED / landed).rename(_free(folder, name))


def _free(folder: Path, name: str) -> Path:
    free, number = folder / name, 1
    while os.path.lexists(free):
        number += 1
        free = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return free


def _said(settings: Settings) -> str:
    table = settings.table("inbox", ("folder",), "write '[inbox]' and its settings below it")
    folder = table.values.get("folder") if table is not None else None
    if table is None or folder is None:
        return FOLDER
    said = settings.values["inbox"]["folder"]
    if not isinstance(said, str) or not said.strip() or "\0" in said:
        folder.fault('inbox.folder is no folder\'s name; write such as folder = "inbox".')
    table.faults.raise_if_any()
    return os.path.expanduser(str(said))


def _is_left_alone(name: str) -> bool:
    folded = name.lower()
    return (
        name.startswith((".", "~$"))
        or name in (LANDED, ASIDE)
        or folded in _OF_SYSTEMS
        or folded.endswith(_UNFINISHED)
    )


def seen(folder: Path, name: str) -> Entry | None:
    """What lies there under a name; None where nothing does."""
    try:
        found = (folder / name).lstat()
    except OSError:
        return None  # gone meanwhile
    stamp = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    problem = ""
    if stat.S_ISLNK(found.st_mode):
        problem = "is a link, which is not followed; put the file itself here"
    elif stat.S_ISDIR(found.st_mode):
        problem = "is a folder, which is not looked into; put the files themselves here"
    elif not stat.S_ISREG(found.st_mode):
        problem = "is a pipe or a device and no file; take it away"
    elif not _is_text(name):
        problem = "has a name that is no text; give it another one"
    return Entry(name, stamp, problem)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
