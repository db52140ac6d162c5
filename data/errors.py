"""The one error root. Its text is a sentence a person can act on: what is wrong, where, what to do."""

from __future__ import annotations

import copyreg
from typing import Any


def first_line(error: Exception) -> str:
    """What a driver says first, without its full stop."""
    lines = str(error).strip().splitlines() or ["no reason was given"]
    return lines[0].rstrip(".")


class LeadlineError(Exception):
    """Something a person can put right. Shown as it is, without a stack trace; exit status 2."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Whatever `__init__` takes: a pool of processes hands on what was raised as a copy, or breaks."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class WorkspaceError(LeadlineError):
    """The folder, its settings or its database can't be used as they are."""


class InUseError(WorkspaceError):
    """Another process holds the workspace."""


class EngineError(WorkspaceError):
    """The database could not be read or written: the disk, the memory, or the file itself fails."""


class ConnectionLostError(WorkspaceError):
    """Another engine was reached before, and is not reached any more over the same connection."""


class ExportError(LeadlineError):
    """An export can't be landed; nothing of it was. `code` is a reason code of the contract.

    `template`: the kind of rows that it seems to hold, where it lacks something that they need.
    """

    def __init__(self, message: str, code: str, template: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.template = template


class CharterError(LeadlineError):
    """A charter is not usable. `faults` holds every fault found, one sentence each, with its line."""

    def __init__(self, message: str, faults: tuple[str, ...]) -> None:
        super().__init__(message)
        self.faults = faults
