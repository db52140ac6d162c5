"""Gates as files: `gates/{workflow}.json`, written after every review and decision, read by whoever asks.

Nothing here opens the database or brings a library along: a workflow may ask before each unit. The first question of a
day is noted in `gates/asked/`, and the next review enters it into the ledger.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from leadline.dashboard.words.gate import gate_reason
from leadline.data.documents.plain_files import read_plain
from leadline.data.errors import WorkspaceError
from leadline.data.plain_json import from_plain, to_plain
from leadline.data.workspace.private_files import write_private
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.gate import GateAnswer, GateState, answer

GATES = "gates"
_ASKED = "asked"
_LARGEST = 100_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
Json = dict[str, Any]


def ask(workspace: Workspace, workflow: str, key: str | None, by: str) -> GateAnswer | None:
    """What the gate says now, noted as asked; None where no such workflow is known. Raises WorkspaceError."""
    state = read_state(workspace, workflow)
    if state is None:
        return None
    today = workspace.today()
    _note_asked(workspace, workflow, today, by)
    return answer(state, today, key)


def read_state(workspace: Workspace, workflow: str) -> GateState | None:
    """What the last review or decision has left; None where none. Raises WorkspaceError over a damaged file."""
    if not _NAME.fullmatch(workflow):
        return None
    file = workspace.path / GATES / f"{workflow}.json"
    try:
        seen = file.stat()
        return _read(file, seen.st_mtime_ns, seen.st_ino, seen.st_size)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise WorkspaceError(
            f"{file} can't be read as what a gate is answered from; run 'leadline check' to have it written anew."
        ) from e


@lru_cache(maxsize=512)
def _read(file: Path, *seen: int) -> GateState:
    """Of the file as it was `seen`."""
    told = json.loads(read_plain(file, _LARGEST))
    state: GateState = from_plain(GateState, told["state"])
    if state.workflow != file.name.removesuffix(".json"):
        raise ValueError(f"it is of {state.workflow}")
    return state


def are_written(workspace: Workspace) -> bool:
    """False where a workspace has a database and no gates yet."""
    return (workspace.path / GATES).is_dir() or not workspace.database.is_file()


def workflows(workspace: Workspace) -> list[str]:
    """Those that have a gate, by name."""
    return sorted(file.name.removesuffix(".json") for file in (workspace.path / GATES).glob("*.json"))


def answer_json(said: GateAnswer) -> Json:
    """The answer as outside programs rely on it."""
    told = to_plain(said)
    first = {name: told[name] for name in ("workflow", "value", "variant", "unknown")}
    rest = ("rule", "decision", "since", "as_of", "valid_until", "charter_version")
    return {**first, "reason": gate_reason(said), **{name: told[name] for name in rest}}


def unknown_json(workflow: str, sentence: str) -> Json:
    """What is said of a workflow that nobody knows: as of one that can't be judged."""
    return {**answer_json(GateAnswer(workflow, None, "review", "open")), "reason": sentence}


def write_states(workspace: Workspace, states: Iterable[GateState], today: dt.date) -> None:
    """One file a state, each whole or as before; those of workflows that are no more go. Raises WorkspaceError."""
    kept = {state.workflow: state for state in states}
    folder = workspace.path / GATES
    try:
        for state in kept.values():
            content = {**answer_json(answer(state, today)), "state": to_plain(state)}
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            write_private(folder / f"{state.workflow}.json", text.encode())
        for name in set(workflows(workspace)) - set(kept):
            (folder / f"{name}.json").unlink(missing_ok=True)
    except OSError as e:
        raise WorkspaceError(
            f"What the gates say can't be written to {folder} ({e.strerror or e}), so machines may not hear of it; "
            "make room there, then run 'leadline check'."
        ) from e


def _note_asked(workspace: Workspace, workflow: str, day: dt.date, by: str) -> None:
    """Once a day; where that can't be noted, the answer is given all the same."""
    file = workspace.path / GATES / _ASKED / f"{workflow}.{day.isoformat()}"
    if _is_noted(file):
        return
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(" ".join(by.split())[:100])


def _is_noted(file: Path) -> bool:
    return file.exists()


def asked(workspace: Workspace) -> Mapping[str, list[tuple[dt.date, str]]]:
    """Workflow -> the days on which it was asked first, and by whom, oldest first."""
    found: dict[str, list[tuple[dt.date, str]]] = {}
    for file in sorted((workspace.path / GATES / _ASKED).glob("*")):
        workflow, _, day = file.name.rpartition(".")
        with suppress(OSError, ValueError):
            said = read_plain(file, _LARGEST).decode("utf-8", "replace").strip()
            found.setdefault(workflow, []).append((dt.date.fromisoformat(day), said or "a program"))
    return found


def forget_asked(
    workspace: Workspace, entered: Mapping[str, list[tuple[dt.date, str]]], today: dt.date
) -> None:
    """Removes what the ledger has; a day that is not over stays, so that it isn't noted anew with each question."""
    for workflow, days in entered.items():
        for day, _ in days:
            if day < today:
                (workspace.path / GATES / _ASKED / f"{workflow}.{day.isoformat()}").unlink(missing_ok=True)
