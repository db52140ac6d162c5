"""Files that Leadline writes for its own user: whole or as before, and readable by nobody else."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OWN_FILES = (
    "leadline*.duckdb*",
    "leadline.salt",
    "leadline.toml",
    "leadline.log",
    "metrics.yaml",
    "charter-example.yaml",
)
_OWN_FOLDERS = ("charters", "gates", "written", ".leadline")
_guard = threading.Lock()
_holders = 0
_usual_mask = 0


def write_private(file: Path, content: bytes) -> None:
    """The new content as a whole, or the old one, whatever happens meanwhile; mode 0600. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def private_by_default() -> Iterator[None]:
    """What is made within is for this user alone, also by the engine and whatever the umask; then it is as before."""
    global _holders, _usual_mask
    with _guard:
        if _holders == 0:
            _usual_mask = os.umask(0o077)
        _holders += 1
    try:
        yield
    finally:
        with _guard:
            _holders -= 1
            if _holders == 0:
                os.umask(_usual_mask)


def close_to_others(folder: Path) -> None:
    """Takes the workspace's folder, and what is Leadline's in it, from everybody else; links and other files stay."""
    if os.name == "nt":
        return
    parts = [path for pattern in _OWN_FILES for path in folder.glob(pattern)]
    for name in _OWN_FOLDERS:
        if not (folder / name).is_symlink():
            parts += [folder / name, *(folder / name).rglob("*")]
    for path in (folder, *parts):
        with suppress(OSError):  # gone by now, or somebody else's
            found = path.lstat()
            may = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
            if not stat.S_ISLNK(found.st_mode) and found.st_mode & 0o777 & ~may:
                path.chmod(found.st_mode & may)
