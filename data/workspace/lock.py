"""One process owns a workspace at a time: its private folder, and the lock in it that says which."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from leadline.data.errors import InUseError, WorkspaceError
from leadline.data.workspace.private_files import close_to_others, private_by_default
from leadline.data.workspace.workspace import Workspace

PRIVATE_FOLDER = ".leadline"
"""what the running program keeps beside the database: the lock file and the intake folder"""
LOCK = "lock"
LOCK_PATIENCE_SECONDS = 5.0


@contextmanager
def owning(folder: Path, patience: float | None = None) -> Iterator[None]:
    """Holds a workspace for this process. Where another has it, waits a little, then raises InUseError."""
    file = folder / PRIVATE_FOLDER / LOCK
    with ExitStack() as stack:
        stack.enter_context(private_by_default())
        with writable(folder):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle = stack.enter_context(file.open("a+b"))
        deadline = time.monotonic() + (LOCK_PATIENCE_SECONDS if patience is None else patience)
        while not _try_lock(handle):
            if time.monotonic() >= deadline:
                raise InUseError(
                    f"The workspace {folder} is in use by another Leadline process{_holder(file)}; "
                    "wait until it has finished, or close the dashboard that serves it."
                )
            time.sleep(0.05)
        close_to_others(folder)
        with suppress(OSError):  # who it is, for those who are kept waiting
            handle.truncate(0)
            handle.write(f"{os.getpid()}\n".encode())
            handle.flush()
        yield


@contextmanager
def holding(folder: Path | None) -> Iterator[None]:
    """Keeps other Leadline processes out of a folder that may be a workspace, without opening its database."""
    if folder is None or not (folder / PRIVATE_FOLDER).is_dir():
        yield
        return
    with owning(folder):
        yield


@contextmanager
def alone(file: Path, what: str) -> Iterator[None]:
    """Does something that only one process may do at a time. Raises InUseError; `what`: what is under way then."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a+b") as handle:
        if not _try_lock(handle):
            raise InUseError(f"{what} is under way{_holder(file)}; wait until it has finished.")
        yield


def is_in_use(workspace: Workspace) -> bool:
    """True where a process has the workspace open."""
    try:
        with (workspace.path / PRIVATE_FOLDER / LOCK).open("rb") as handle:
            return not _try_lock(handle)
    except OSError:
        return False


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Says in one sentence what to do where the folder turns out not to be."""
    try:
        yield
    except OSError as e:
        raise WorkspaceError(
            f"The workspace {folder} can't be written to ({e.strerror}); "
            "check its permissions and the room on its disk, or name another workspace."
        ) from e


def _holder(file: Path) -> str:
    try:
        return f" (number {int(file.read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""


def _try_lock(handle: IO[bytes]) -> bool:
    """Takes the lock that the operating system frees when the file is closed or the process dies."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
