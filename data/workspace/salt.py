"""The secret that addresses and telephone numbers are hashed with: a file of its own beside the database.

The database holds a seal of it alone, so who has the database, or a copy of it, can't try addresses on what it holds. A
secret that is missing or another one is told before anything is hashed with it: the same person would be two.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from leadline.data.errors import WorkspaceError
from leadline.data.workspace.private_files import write_private

SALT = "leadline.salt"
_LARGEST = 200


def new_salt() -> str:
    return secrets.token_hex(16)


def seal_of(salt: str) -> str:
    """What the database knows it again by."""
    return hashlib.sha256(f"leadline salt\n{salt}".encode()).hexdigest()


def read_salt(folder: Path) -> str | None:
    """The workspace's secret; None where its file is missing or empty. Raises WorkspaceError."""
    file = folder / SALT
    try:
        with file.open("rb") as opened:
            told = opened.read(_LARGEST).decode("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as e:
        raise WorkspaceError(
            f"{file}, the secret that addresses are hashed with, can't be read; put it back from a backup."
        ) from e
    return told or None


def write_salt(folder: Path, salt: str) -> None:
    """Whole, on disk and readable by this user alone, before the database relies on it. Raises WorkspaceError."""
    try:
        write_private(folder / SALT, f"{salt}\n".encode())
    except OSError as e:
        raise WorkspaceError(
            f"{folder / SALT} can't be written ({e.strerror or e}), and without it no address can be hashed; make room "
            "there, or check that you may write there."
        ) from e


def sealed_salt(folder: Path, seal: str) -> str:
    """The secret that has that seal. Raises WorkspaceError where the file holds none, or another one."""
    found = read_salt(folder)
    if found is not None and seal_of(found) == seal:
        return found
    wrong = "is missing" if found is None else "is not the one that this database was made with"
    raise WorkspaceError(
        f"{folder / SALT}, the secret that addresses are hashed with, {wrong}, so the same person would land as "
        "another: put it back from a backup ('leadline restore FILE' into another folder, then copy that file here)."
    )
