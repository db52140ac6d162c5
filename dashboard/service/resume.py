"""Finishing a command whose server died at work: what became of its work is looked up, and only the rest is done.

Every command is one transaction a result, so each result is whole in the workspace or not there at all. What a
repetition would do twice is looked for first: an import by its file's hash, an entry of the ledger by who made it
and when, a backup by its file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.dashboard.service import commands
from leadline.dashboard.service.client import CUT_OFF
from leadline.dashboard.service.ledger_commands import alert_as_told, decision_as_told, row_as_told
from leadline.data.errors import ExportError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.alerts import find_alert
from leadline.metrics.agreement.decisions import decisions
from leadline.metrics.agreement.entries import Entry, Kind, entries

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

Json = dict[str, Any]
Arguments = Mapping[str, Any]
Resume = Callable[["Warehouse", Workspace, Arguments, int, dt.datetime], Iterator[Json]]


def answer(command: str, warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """The command's results; those that are still to come where it was cut off."""
    if (cut_off := arguments.get(CUT_OFF)) is None:
        yield from commands.COMMANDS[command](warehouse, workspace, arguments)
        return
    rest = {name: value for name, value in arguments.items() if name != CUT_OFF}
    told, begun = int(cut_off["told"]), dt.datetime.fromisoformat(cut_off["begun"])
    if resume := _RESUMES.get(command):
        yield from resume(warehouse, workspace, rest, told, begun)
    else:
        yield from islice(commands.COMMANDS[command](warehouse, workspace, rest), told, None)


def _ingest(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, told: int, begun: dt.datetime
) -> Iterator[Json]:
    rest = commands.ingest(warehouse, workspace, {**arguments, "files": arguments["files"][told:]})
    for number, report in enumerate(rest):
        if number == 0 and report["state"] == "landed" and not arguments.get("dry_run"):
            kept = [each for each in report["warnings"] if each["code"] != "already_imported"]
            had_landed = len(kept) < len(report["warnings"])
            what = (
                f"it had landed before that, whole, as import {report['import_id']}"
                if had_landed
                else "nothing of it had landed before that, and now it has landed whole"
            )
            message = f"The dashboard ended while this file was on its way; {what}."
            report = {**report, "warnings": [*kept, {"code": "cut_off", "message": message}]}
        yield report


def _undo(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, told: int, begun: dt.datetime
) -> Iterator[Json]:
    try:
        yield from commands.undo(warehouse, workspace, arguments)
    except ExportError as e:
        if e.code != "undone":
            raise
        number = int(arguments["import_id"])
        yield from (one for one in commands.imports(warehouse, workspace, {}) if one["import_id"] == number)


def _backup(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, told: int, begun: dt.datetime
) -> Iterator[Json]:
    file = Path(arguments["file"])
    is_ours = file.is_file() and file.stat().st_mtime >= begun.replace(tzinfo=dt.UTC).timestamp()
    yield from commands.backup(
        warehouse, workspace, {**arguments, "replace": is_ours or arguments.get("replace")}
    )


def _acknowledge(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, told: int, begun: dt.datetime
) -> Iterator[Json]:
    yield from _noted(warehouse, workspace, arguments, begun, "acknowledge", "alert_acknowledged")


def _silence(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, told: int, begun: dt.datetime
) -> Iterator[Json]:
    yield from _noted(warehouse, workspace, arguments, begun, "silence", "alert_silenced")


def _noted(
    warehouse: Warehouse,
    workspace: Workspace,
    arguments: Arguments,
    begun: dt.datetime,
    command: str,
    kind: Kind,
) -> Iterator[Json]:
    about = find_alert(warehouse, arguments["alert"]).id
    if any(entry.subject == about for entry in _made(warehouse, kind, arguments, begun)):
        yield alert_as_told(find_alert(warehouse, about))
        return
    yield from commands.COMMANDS[command](warehouse, workspace, arguments)


def _decide(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, told: int, begun: dt.datetime
) -> Iterator[Json]:
    about = arguments["about"].strip()
    for decision in decisions(warehouse):
        is_about = about == decision.workflow or about.upper() == decision.alert
        said = (decision.kind, decision.reason, decision.by)
        asked = (arguments["kind"], arguments["reason"].strip(), arguments["by"])
        if decision.at >= begun and is_about and said == asked:
            yield decision_as_told(decision)
            return
    yield from commands.COMMANDS["decide"](warehouse, workspace, arguments)


def _close(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, told: int, begun: dt.datetime
) -> Iterator[Json]:
    named = arguments.get("workflows")
    closed = [
        entry
        for entry in _made(warehouse, "review_closed", arguments, begun)
        if not named or entry.workflow in named
    ]
    if closed:
        yield from (row_as_told(entry) for entry in closed[told:])
        return
    yield from commands.COMMANDS["close"](warehouse, workspace, arguments)


def _made(warehouse: Warehouse, kind: Kind, arguments: Arguments, begun: dt.datetime) -> list[Entry]:
    """Entries of that kind that the same person has made since then."""
    return [
        entry for entry in entries(warehouse, (kind,)) if entry.at >= begun and entry.by == arguments["by"]
    ]


_RESUMES: dict[str, Resume] = {
    "ingest": _ingest,
    "undo": _undo,
    "backup": _backup,
    "acknowledge": _acknowledge,
    "silence": _silence,
    "decide": _decide,
    "close": _close,
}
