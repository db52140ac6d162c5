"""What `leadline doctor` says of a workspace's disk, its leftovers, those who hold it, and this machine's clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from leadline.dashboard.service import client
from leadline.dashboard.words.formats import counted, one_line
from leadline.data.errors import LeadlineError
from leadline.data.workspace import soundness
from leadline.data.workspace.lock import is_in_use
from leadline.data.workspace.workspace import Workspace

_NAMED = 5
_TOLERANCE = dt.timedelta(minutes=1)
"""clocks are set right by seconds all the time"""


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at; `to_do` says what helps where it is not in order."""

    what: str
    state: Literal["fine", "look", "broken"]
    found: str
    to_do: str = ""

    def line(self) -> str:
        mark = {"fine": "ok    ", "look": "look  ", "broken": "broken"}[self.state]
        return f"{mark}  {self.what}: {self.found}" + (f" {self.to_do}" if self.to_do else "")


def disk_findings(workspace: Workspace, server: client.Server | None) -> list[Examined]:
    """What is not in order around the database, of a workspace that `server` serves."""
    return [
        *_permissions(workspace),
        *_room(workspace),
        *_dashboard(workspace, server),
        *([] if is_in_use(workspace) else _leftovers(workspace)),
    ]


def clock_findings(last_landed_at: str | None, now: dt.datetime) -> list[Examined]:
    """A clock that is behind the last import; both moments in UTC."""
    if last_landed_at is None or dt.datetime.fromisoformat(last_landed_at) <= now + _TOLERANCE:
        return []
    return [
        Examined(
            "clock",
            "broken",
            f"this machine says {now:%Y-%m-%d %H:%M} UTC, but the last import landed at "
            f"{dt.datetime.fromisoformat(last_landed_at):%Y-%m-%d %H:%M} UTC.",
            "Set the clock right; if it was wrong when that import landed, take it back with 'leadline undo' and land "
            "its file again.",
        )
    ]


def _permissions(workspace: Workspace) -> Iterator[Examined]:
    if closed := soundness.unwritable(workspace):
        names = ", ".join(one_line(str(path)) for path in closed)
        yield Examined(
            "folder", "broken", f"{names} can't be written to.", "Give your user the right to write there."
        )


def _room(workspace: Workspace) -> Iterator[Examined]:
    if (free := soundness.missing_room(workspace)) is not None:
        yield Examined(
            "disk",
            "broken" if free < soundness.TOO_LITTLE_ROOM else "look",
            f"only {megabytes(free)} are free where {workspace.path} is.",
            "Make room: a landing needs a copy of its file and its rows.",
        )


def _dashboard(workspace: Workspace, server: client.Server | None) -> Iterator[Examined]:
    told = client.announced(workspace.path)
    if server is not None or told is None:
        return
    if is_in_use(workspace):
        yield Examined(
            "dashboard",
            "broken",
            f"process {told.pid} does not answer.",
            "End that process and start it again.",
        )
    else:
        yield Examined(
            "dashboard",
            "look",
            f"process {told.pid} ended without closing the workspace.",
            "What it had committed is there; its notes were removed now.",
        )


def _leftovers(workspace: Workspace) -> Iterator[Examined]:
    try:
        left = soundness.leftovers(workspace)
    except (LeadlineError, OSError):
        return  # the settings are wrong or a folder can't be read, which is told elsewhere
    for goes_by_itself in (True, False):
        some = [one for one in left if one.goes_by_itself == goes_by_itself]
        if not some:
            continue
        names = ", ".join(one_line(str(one.path)) for one in some[:_NAMED])
        more = f" and {len(some) - _NAMED} more" if len(some) > _NAMED else ""
        size = megabytes(sum(one.size for one in some))
        yield Examined(
            "leftovers",
            "look",
            f"{counted(len(some), 'file')} ({size}) of work that was cut off: {names}{more}.",
            "They were removed now."
            if goes_by_itself
            else "Remove them, unless a backup or restore is at work.",
        )


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
