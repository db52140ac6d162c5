"""What nobody expected: one sentence for whoever asked, the stack trace for the workspace's log."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path

from leadline.data.errors import LeadlineError

LOG = "leadline.log"
_log_folder: Path | None = None


def log_into(folder: Path | None) -> None:
    """From here on, what nobody expected is written to that workspace's log; None: to a temporary file."""
    global _log_folder
    _log_folder = folder


def sentences(error: LeadlineError) -> tuple[str, ...]:
    """The error's sentence, or a line for each fault where a file has several."""
    return tuple(str(error).splitlines())


def unexpected(error: Exception, folder: Path | None = None) -> str:
    """Writes the stack trace to the workspace's log (else a temporary file); returns the sentence to show."""
    file = _write_down("".join(traceback.format_exception(error)), folder or _log_folder)
    details = (
        f"{file} holds the details for whoever looks after it" if file else "no disk had room for the details"
    )
    return (
        f"Something went wrong that Leadline did not expect ({type(error).__name__}); "
        f"nothing half-done was kept, and {details}."
    )


class _ToTheLog(logging.Handler):
    """What parts of Leadline report for whoever looks after it: to the log, never to the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            _write_down(self.format(record), _log_folder)


def keep_logs_off_the_terminal() -> None:
    """Once a process: without a handler of their own, warnings would go to standard error with their traces."""
    for name in ("leadline",):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, _ToTheLog) for handler in logger.handlers):
            logger.addHandler(_ToTheLog())


def _write_down(told: str, folder: Path | None) -> Path | None:
    """Appends to the folder's log, else to a temporary file; says where. None where no disk has room."""
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    entry = f"{stamp} {' '.join(sys.argv)}\n{told}\n".encode(errors="replace")
    if folder is not None and folder.is_dir():
        with contextlib.suppress(OSError):
            file = folder / LOG
            return _append(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), entry, file)
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(prefix="leadline-", suffix=".log")
        return _append(handle, entry, Path(name))
    return None


def _append(handle: int, entry: bytes, file: Path) -> Path:
    with os.fdopen(handle, "ab") as log:
        log.write(entry)
    return file
