"""What a command of the open workspace is: how it is run, and how it is finished where its server died at work.

Every command is one transaction a result, so each result is whole in the workspace or not there at all. Where it is
begun again, what a repetition would do twice is looked for first: an import by its file's hash, an entry of the
ledger by who made it and when, a backup by its file. Only the rest is done.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from leadline.data.workspace.workspace import Workspace

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

Json = dict[str, Any]
Arguments = Mapping[str, Any]
Run = Callable[["Warehouse", Workspace, Arguments], Iterator[Json]]

CUT_OFF = "cut_off"
"""the argument that says of a command that it is begun again: `told` results were had, it was `begun` then (UTC)"""


@dataclass(frozen=True)
class CutOff:
    """How far a command had come when its server died."""

    told: int
    """results that were had"""
    begun: dt.datetime
    """UTC, without zone"""


@dataclass(frozen=True)
class Command:
    """Arguments and results are plain JSON values, and dates ISO strings. Both functions raise LeadlineError."""

    run: Run
    begun: Callable[[Warehouse, Workspace, Arguments, CutOff], Iterator[Json]] | None = None
    """the results that are still to come; None where running it again does no harm"""

    def answer(self, warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
        """The command's results; those that are still to come where it was cut off."""
        if (told := arguments.get(CUT_OFF)) is None:
            yield from self.run(warehouse, workspace, arguments)
            return
        rest = {name: value for name, value in arguments.items() if name != CUT_OFF}
        cut_off = CutOff(int(told["told"]), dt.datetime.fromisoformat(told["begun"]))
        if self.begun is not None:
            yield from self.begun(warehouse, workspace, rest, cut_off)
        else:
            yield from islice(self.run(warehouse, workspace, rest), cut_off.told, None)


def user_name() -> str:
    """Who gives a command, as the system calls them."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "unknown"
