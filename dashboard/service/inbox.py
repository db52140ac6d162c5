"""Lands what lies in the inbox, and keeps what waits there with its question (`.leadline/inbox.json`).

Each file lands as an upload does, then moves to `landed/`. Where a process dies in between, the file is still there,
its content is known by its hash, and it moves the next time. What asks or is refused stays where it is. A file that
somebody goes on writing after it was moved, as a copy does that had paused, comes back and lands anew.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.dashboard.service import failures
from leadline.dashboard.service.command import Arguments, Command, CutOff, Json
from leadline.dashboard.service.unjudged import with_unjudged
from leadline.dashboard.words.formats import one_line
from leadline.dashboard.words.landings import growing_sentence, unmoved_sentence
from leadline.data.documents.plain_files import read_plain
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import FileReport, IngestOptions, Warned
from leadline.data.landing import land
from leadline.data.workspace import inbox_folder
from leadline.data.workspace.inbox_folder import Entry
from leadline.data.workspace.lock import PRIVATE_FOLDER
from leadline.data.workspace.private_files import write_private
from leadline.data.workspace.workspace import Workspace

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

_FILE = "inbox.json"
_LARGEST = 20_000_000
_WATCHED_SECONDS = 3_600.0
"""after its landing in which a file may still turn out to be unfinished"""
_ONE_AT_A_TIME = threading.Lock()
"""a command and the watching dashboard may see the same file"""


def inbox(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`rested` (name -> stamp of files that are complete) and `only_new` -> one report a file, as `ingest` has it.

    `only_new`: what waits and may have no other answer than before is not looked at again, and what is still growing
    not named. `names`: only these are looked at; `accept`: codes of questions that are answered with yes for each. A
    file that asks is tried again after others of the same look have landed: they may be its answer.
    """
    folder = inbox_folder.made_ready(workspace)
    take_back(workspace.path, folder)
    _undo_unfinished(warehouse, workspace.path, folder)
    said, only_new = arguments.get("rested") or {}, bool(arguments.get("only_new"))
    rested = {name: tuple(stamp) for name, stamp in said.items()}
    names = arguments.get("names")
    options = IngestOptions(accept=tuple(arguments.get("accept") or ()))
    waiting, asked = noted(workspace.path), []
    moved: dict[str, Json] = {}
    stuck: list[tuple[Entry, FileReport]] = []
    version = warehouse.data_version()

    def landed(entry: Entry) -> FileReport | None:
        report = _landed(warehouse, workspace, folder, entry, options, moved)
        if report is not None and any(each.code == "not_moved" for each in report.warnings):
            stuck.append((entry, report))
        return report

    for entry in inbox_folder.look(folder):
        if names is not None and entry.name not in names:
            continue
        if only_new and not is_new(waiting, entry, version):
            continue
        if entry.problem:
            asked.append(
                (entry, _refused(folder, entry, f"{one_line(entry.name)} {entry.problem}.", "not_a_file"))
            )
        elif rested.get(entry.name) == entry.stamp:
            if (report := landed(entry)) is None:
                continue
            if report.state == "landed":
                yield report.to_dict()
            else:
                asked.append((entry, report))
        elif not only_new:
            asked.append((entry, _refused(folder, entry, growing_sentence(entry.name), "still_growing")))
    while warehouse.data_version() != version:
        version, again, asked = warehouse.data_version(), asked, []
        for entry, before in again:
            report = landed(entry) if before.state == "asks" else before
            if report is not None and report.state == "landed":
                yield report.to_dict()
            elif report is not None:
                asked.append((entry, report))
    _note(workspace.path, folder, [*asked, *stuck], version, moved)
    yield from (report.to_dict() for _, report in asked)


def _inbox_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    """What was told is in `landed/` and is not met again."""
    return inbox(warehouse, workspace, arguments)


def _landed(
    warehouse: Warehouse,
    workspace: Workspace,
    folder: Path,
    entry: Entry,
    options: IngestOptions,
    moved: dict[str, Json],
) -> FileReport | None:
    """What became of a file at rest; None where it is there no more. One file never holds up the others."""
    with _ONE_AT_A_TIME:
        if not inbox_folder.is_still(folder, entry):
            return None
        try:
            report = with_unjudged(land.land(warehouse, folder / entry.name, options), workspace)
        except LeadlineError:
            raise
        except Exception as e:
            return _refused(folder, entry, failures.unexpected(e, workspace.path), "unexpected")
        report, path = _settled(warehouse, folder, entry, report)
        if path is not None:
            brought = None if _was_known(report) else report.import_id
            told = {"name": entry.name, "seen": _seen(entry.stamp), "at": time.time(), "import_id": brought}
            moved[path.name] = told
        return report


def settled(warehouse: Warehouse, folder: Path, entry: Entry, report: FileReport) -> FileReport:
    """Moves a file that has landed; takes it back where it was changed while it landed."""
    return _settled(warehouse, folder, entry, report)[0]


def _settled(
    warehouse: Warehouse, folder: Path, entry: Entry, report: FileReport
) -> tuple[FileReport, Path | None]:
    """With where it is now, if it was moved."""
    if report.state != "landed":
        return report, None
    now = inbox_folder.seen(folder, entry.name)
    if now is None:
        return report, None  # another look has moved it, or a person
    if now != entry:
        if report.import_id is not None and not _was_known(report):
            land.undo(warehouse, report.import_id)
        return _refused(folder, entry, growing_sentence(entry.name), "still_growing"), None
    try:
        return report, inbox_folder.move(folder, entry.name, inbox_folder.LANDED)
    except FileNotFoundError:
        return report, None
    except OSError as e:
        told = Warned("not_moved", unmoved_sentence(entry.name, inbox_folder.LANDED, e.strerror or str(e)))
        return replace(report, warnings=(*report.warnings, told)), None


def take_back(path: Path, folder: Path) -> None:
    """Moves files back that were written to after they had landed: what came later has not landed."""
    for name, told in _moved(path).items():
        now = inbox_folder.seen(folder / inbox_folder.LANDED, name)
        if now is not None and not now.problem and _seen(now.stamp) != told["seen"]:
            with suppress(OSError):
                inbox_folder.move_back(folder, name, told["name"])


def _was_known(report: FileReport) -> bool:
    return any(each.code == "already_imported" for each in report.warnings)


def _undo_unfinished(warehouse: Warehouse, path: Path, folder: Path) -> None:
    """What a file that came back had brought unfinished is taken back: its last line may have been half of one."""
    for name, told in _moved(path).items():
        now = inbox_folder.seen(folder, told["name"])
        is_back = now is not None and inbox_folder.seen(folder / inbox_folder.LANDED, name) is None
        if now is None or not is_back or told.get("import_id") is None:
            continue
        *_, inode = found = _seen(now.stamp)
        if inode == told["seen"][-1] and found != told["seen"]:
            with suppress(LeadlineError):  # it was taken back already, or later imports carry what it said
                land.undo(warehouse, told["import_id"])


def _seen(stamp: inbox_folder.Stamp) -> list[int]:
    """Of a stamp what moving a file leaves as it is."""
    return [stamp[0], stamp[1], stamp[3]]


def _refused(folder: Path, entry: Entry, sentence: str, code: str) -> FileReport:
    file = str(folder / one_line(entry.name).encode("utf-8", "replace").decode())
    return FileReport(file, "refused", message=sentence, code=code)


def noted(path: Path) -> Mapping[str, Any]:
    """Name -> what waits, as the last look found it: `stamp`, `version` of the facts, `state`, `message`."""
    return _told(path, "waiting")


def _moved(path: Path) -> Mapping[str, Any]:
    """Name in `landed/` -> what landed lately: `name` in the inbox, `seen` of it, and when (`at`)."""
    return _told(path, "moved")


def _told(path: Path, key: str) -> Mapping[str, Any]:
    try:
        told = json.loads(read_plain(path / PRIVATE_FOLDER / _FILE, _LARGEST)).get(key, {})
        return told if isinstance(told, dict) else {}
    except (OSError, ValueError, AttributeError):
        return {}


def is_new(waiting: Mapping[str, Any], entry: Entry, version: str) -> bool:
    """True where the file, or what it is held against, is another one than when it was last looked at."""
    known = waiting.get(entry.name)
    return known is None or tuple(known["stamp"]) != entry.stamp or known["version"] != version


def _note(
    path: Path,
    folder: Path,
    asked: list[tuple[Entry, FileReport]],
    version: str,
    moved: Mapping[str, Json],
) -> None:
    """Keeps what waits, with what waited before and still lies there, and what was moved lately. Raises OSError."""
    there = {each.name: each for each in inbox_folder.look(folder)}
    before = noted(path)
    fresh = {
        entry.name: {
            "stamp": list(entry.stamp),
            "version": version,
            "state": report.state,
            "message": next((w.message for w in report.warnings if w.code == "not_moved"), report.message),
        }
        for entry, report in asked
        if report.code != "still_growing"
    }
    waiting = {
        name: told
        for name, told in {**before, **fresh}.items()
        if name in there and tuple(told["stamp"]) == there[name].stamp
    }
    recent = time.time() - _WATCHED_SECONDS
    lately = {name: told for name, told in {**_moved(path), **moved}.items() if told["at"] >= recent}
    if waiting != before or lately != _moved(path):
        write_private(
            path / PRIVATE_FOLDER / _FILE, json.dumps({"waiting": waiting, "moved": lately}).encode()
        )


INBOX_COMMANDS = {"inbox": Command(inbox, _inbox_begun)}
