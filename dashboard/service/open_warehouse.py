"""The one open warehouse of this process, shared by every page, every session and the local API.

One process owns the DuckDB file. Pages fetch it here and never open or close anything themselves:

    from leadline.dashboard.service.open_warehouse import current_workspace, shared_warehouse

    workspace = current_workspace()            # the folder this process serves; raises WorkspaceError
    warehouse = shared_warehouse(workspace)    # opened by the first caller, the same object for all others

It works under `leadline dashboard`, under a bare `streamlit run dashboard/app.py` (the workspace is then
located as for the command line: LEADLINE_WORKSPACE, the current folder, ~/leadline) and under AppTest. A
Warehouse is safe to use from several threads at once. It is closed when the process ends, or by
`close_shared()`.
"""

from __future__ import annotations

import atexit
import threading
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from leadline.data.workspace.settings import SETTINGS
from leadline.data.workspace.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

_guard = threading.RLock()
_served: Path | None = None
_open: dict[Path, tuple[Warehouse, ExitStack]] = {}


def serve(path: Path | None) -> None:
    """Fixes the folder that `current_workspace` means in this process; None lets it be located again."""
    global _served
    _served = path.resolve() if path is not None else None


def current_workspace() -> Workspace:
    """The workspace this process serves, its settings read afresh. Raises WorkspaceError if there is none."""
    return open_workspace(_served)


def workspace_at(path: Path) -> Workspace:
    """That folder's workspace, its settings read again only where their file is another one. Raises WorkspaceError."""
    try:
        seen = (path / SETTINGS).stat()
    except OSError:
        return _as_seen(path)
    return _as_seen(path, seen.st_mtime_ns, seen.st_ino, seen.st_size)


@lru_cache(maxsize=4)
def _as_seen(path: Path, *seen: int) -> Workspace:
    """With its settings as they were `seen`."""
    return open_workspace(path)


def shared_warehouse(workspace: Workspace) -> Warehouse:
    """The warehouse of that workspace: opened by the first caller, the same object ever after.

    Raises WorkspaceError where another process holds the workspace or its database can't be read.
    """
    from leadline.dashboard.service import charter_files, gates, tokens
    from leadline.data.warehouse import open_warehouse

    path = workspace.path.resolve()
    with _guard:
        if path not in _open:
            stack = ExitStack()
            warehouse = stack.enter_context(open_warehouse(workspace))
            try:
                charter_files.settle(warehouse, workspace)
                gates.settle(warehouse, workspace)
                tokens.settle(warehouse, workspace)
            except BaseException:
                stack.close()
                raise
            _open[path] = (warehouse, stack)
        return _open[path][0]


def close_shared(path: Path | None = None) -> None:
    """Closes the shared warehouse of that folder, or all; the next `shared_warehouse` opens it again."""
    with _guard:
        for known in [path.resolve()] if path is not None else list(_open):
            if held := _open.pop(known, None):
                held[1].close()


atexit.register(close_shared)
