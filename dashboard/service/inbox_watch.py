"""The dashboard watches the inbox of the workspace that it serves: files land there as they come."""

from __future__ import annotations

import threading
from pathlib import Path

from leadline.dashboard.service import failures, open_warehouse
from leadline.dashboard.service.inbox import inbox, is_new, noted, take_back
from leadline.data.errors import LeadlineError
from leadline.data.workspace import inbox_folder
from leadline.data.workspace.inbox_folder import Entry
from leadline.data.workspace.workspace import Workspace, open_workspace

SECONDS = 2.0
"""between two looks"""


def begin(path: Path) -> threading.Event:
    """Watches in a thread of its own until the event that is returned is set. `path` is the workspace's folder."""
    over = threading.Event()
    threading.Thread(target=_watch, args=(path, over), name="leadline-inbox", daemon=True).start()
    return over


def _watch(path: Path, over: threading.Event) -> None:
    before: list[Entry] = []
    told = ""
    while not over.wait(SECONDS):
        try:
            before = looked(open_workspace(path), before)
            told = ""
        except LeadlineError:
            before = []  # whoever runs a command or opens a page is told the sentence
        except Exception as e:
            before = []
            if told != repr(e):  # once, not every two seconds
                told = repr(e)
                failures.unexpected(e, path)


def looked(workspace: Workspace, before: list[Entry]) -> list[Entry]:
    """Lands what has not changed since the look before; what lies there now. Raises LeadlineError, OSError."""
    folder = inbox_folder.inbox_of(workspace)
    if not folder.is_dir():
        return []
    take_back(workspace.path, folder)
    now = inbox_folder.look(folder)
    rested = inbox_folder.unmoved(before, now)
    odd = any(each.problem for each in now)
    if rested or odd:
        warehouse = open_warehouse.shared_warehouse(workspace)
        waiting, version = noted(workspace.path), warehouse.data_version()
        if any((each.problem or each.name in rested) and is_new(waiting, each, version) for each in now):
            list(inbox(warehouse, workspace, {"rested": rested, "only_new": True}))
    return now
