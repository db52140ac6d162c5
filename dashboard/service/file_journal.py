"""Files that a registration is about to change, noted beside the database until it is committed.

The database and a folder of files can't be written in one step. So what the files held is noted first, then they are
written, then the registration is committed, then the note goes. A note that is found when the workspace is opened was
left by a process that died in between: either its registration is in the database, or its files are put back.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from leadline.data.errors import LeadlineError
from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.workspace import Workspace

FILE = "charters-underway.json"
_ONE_AT_A_TIME = threading.Lock()
"""there is one note"""


@dataclass(frozen=True)
class Change:
    """One file of charters/ and what it is to hold."""

    file: Path
    workflow: str
    content: str
    """what is registered"""
    text: bytes
    """what is written"""


@contextmanager
def writing(workspace: Workspace, changes: Sequence[Change]) -> Iterator[Callable[[], None]]:
    """Yields what writes the files, to be called before the commit; an exception puts them back as they were.

    Raises LeadlineError where one can't be written.
    """
    note = _note(workspace)
    before: list[tuple[Change, bytes | None]] = []

    def write() -> None:
        before.extend((one, one.file.read_bytes() if one.file.is_file() else None) for one in changes)
        told = [
            {
                "file": change.file.name,
                "workflow": change.workflow,
                "content": change.content,
                "text": _packed(change.text),
                "before": None if held is None else _packed(held),
            }
            for change, held in before
        ]
        write_whole(note, json.dumps(told).encode())
        for change in changes:
            write_whole(change.file, change.text)

    with _ONE_AT_A_TIME:
        try:
            yield write
        except BaseException:
            for change, held in before:
                _put_back(change.file, held)
            note.unlink(missing_ok=True)
            raise
        note.unlink(missing_ok=True)


def settle(workspace: Workspace, newest: Callable[[str], str | None]) -> None:
    """Takes back what was cut off. `newest`: the content of a workflow's newest registered version.

    Raises LeadlineError where a file can't be put back. Only whoever holds the workspace may call it.
    """
    note = _note(workspace)
    if not note.exists():
        return
    for file, workflow, content, text, before in _read(note, workspace):
        # a file that somebody has changed since is theirs
        if newest(workflow) != content and file.is_file() and file.read_bytes() == text:
            _put_back(file, before)
    note.unlink(missing_ok=True)


def write_whole(file: Path, text: bytes) -> None:
    """The whole new text or the old one, whatever happens meanwhile. Raises LeadlineError."""
    part: Path | None = None
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as written:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
        part.replace(file)
    except OSError as e:
        raise LeadlineError(
            f"{file} can't be written ({e.strerror or e}), so nothing was registered; make room on its disk, or check "
            "that you may write there."
        ) from e
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _note(workspace: Workspace) -> Path:
    return workspace.path / PRIVATE_FOLDER / FILE


def _read(note: Path, workspace: Workspace) -> list[tuple[Path, str, str, bytes, bytes | None]]:
    """What a note says; nothing where it was written by somebody else."""
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        return [
            (
                workspace.charters / Path(str(one["file"])).name,
                str(one["workflow"]),
                str(one["content"]),
                base64.b64decode(one["text"]),
                None if one["before"] is None else base64.b64decode(one["before"]),
            )
            for one in told
        ]
    except (OSError, ValueError, KeyError, TypeError):
        logging.getLogger(__name__).warning("%s can't be read", note, exc_info=True)
        return []


def _packed(text: bytes) -> str:
    return base64.b64encode(text).decode("ascii")


def _put_back(file: Path, before: bytes | None) -> None:
    if before is None:
        file.unlink(missing_ok=True)
    elif not file.is_file() or file.read_bytes() != before:
        write_whole(file, before)
