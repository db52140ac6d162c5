"""Folders whose content is worth nothing once the process is gone: what the engine reads, and what it spills."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from leadline.data.errors import WorkspaceError
from leadline.data.workspace.limits import Limits
from leadline.data.workspace.lock import PRIVATE_FOLDER, writable
from leadline.data.workspace.workspace import Workspace

INTAKE = "intake"


def intake_folder(workspace: Workspace) -> Path:
    """The one folder whose files the engine may read, emptied: an earlier run may have been cut off."""
    intake = _intake_of(workspace)
    with writable(workspace.path):
        shutil.rmtree(intake, ignore_errors=True)
        intake.mkdir()
    return intake


def spill_folder(workspace: Workspace, limits: Limits) -> Path:
    """A folder of this workspace's own, emptied: an earlier run may have been cut off."""
    if (spill := _spill_of(workspace, limits)) is None:
        return _intake_of(workspace) / "spill"
    shutil.rmtree(spill, ignore_errors=True)
    try:
        spill.mkdir(mode=0o700)
    except OSError as e:
        raise WorkspaceError(
            f"leadline.toml: spill_folder {str(limits.spill_folder)!r} can't be used ({e.strerror}); "
            "check its permissions or name another."
        ) from e
    return spill


def rest_folders(workspace: Workspace) -> tuple[Path, ...]:
    """Where both are, for those who look what an earlier run has left."""
    intake = _intake_of(workspace)
    spill = _spill_of(workspace, workspace.settings.limits)
    return (intake,) if spill is None else (intake, spill)


def _intake_of(workspace: Workspace) -> Path:
    return workspace.path / PRIVATE_FOLDER / INTAKE


def _spill_of(workspace: Workspace, limits: Limits) -> Path | None:
    if limits.spill_folder is None:
        return None
    own = hashlib.sha256(str(workspace.path).encode()).hexdigest()[:16]
    return limits.spill_folder / f"leadline-{own}"
