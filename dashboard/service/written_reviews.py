"""Judgements that people write on the review page, kept before they land.

Each is in a file of its reviewer before the page answers, so that a lost connection or a restart loses none; the file
is an export like any other (template `reviews`) and lands as an import of its own, to be undone like any other.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leadline.data.errors import WorkspaceError
from leadline.data.exports.landing_report import FileReport, IngestOptions
from leadline.data.landing import land
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.private_files import write_private
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.reviewing.queue import Judgement

REVIEWS = "reviews"
LANDED = "landed"
LEFT_FOR = dt.timedelta(hours=1)
_LARGEST_REASON = 2_000


class Row(NamedTuple):
    """One judgement as the template's columns have it."""

    item_id: str
    reviewed_at: str
    reviewer: str
    dimension: str
    passed: str
    reason: str
    workflow: str


def keep(
    workspace: Workspace, workflow: str, reviewer: str, item_id: str, said: Sequence[tuple[str, bool, str]]
) -> None:
    """Adds what one reviewer says of one item: dimension, passed, reason. On disk when this returns."""
    # a held clock says the day; the time is this one
    now = dt.datetime.now(ZoneInfo(workspace.settings.timezone))
    moment = dt.datetime.combine(workspace.today(), now.timetz())
    at = moment.isoformat(timespec="milliseconds")
    rows = [
        Row(item_id, at, reviewer, name, "yes" if passed else "no", _line(reason), workflow)
        for name, passed, reason in said
    ]
    file = _file(workspace, workflow, reviewer)
    kept = _rows(file)
    gone = {(row.item_id, row.dimension) for row in rows}
    _write(file, [*(row for row in kept if (row.item_id, row.dimension) not in gone), *rows])


def take_back(workspace: Workspace, workflow: str, reviewer: str) -> str | None:
    """Forgets the newest item that has not landed yet; which one, None where nothing waits."""
    file = _file(workspace, workflow, reviewer)
    kept = _rows(file)
    if not kept:
        return None
    last = kept[-1].item_id
    _write(file, [row for row in kept if row.item_id != last])
    return last


def waiting(workspace: Workspace, workflow: str, reviewer: str) -> tuple[Row, ...]:
    """What one reviewer has said and has not landed yet, in the order in which it was said."""
    return tuple(_rows(_file(workspace, workflow, reviewer)))


def judgements(workspace: Workspace) -> Iterator[Judgement]:
    """What anybody has said and has not landed yet."""
    for file in sorted((workspace.path / REVIEWS).glob("*.csv")):
        for row in _rows(file):
            yield Judgement(row.item_id, row.reviewer, row.dimension, row.passed == "yes")


def land_waiting(
    warehouse: Warehouse, workspace: Workspace, workflow: str, reviewer: str
) -> FileReport | None:
    """Lands what one reviewer has said, as one import; None where nothing waits. What is not landed goes on waiting."""
    return _landed(warehouse, _file(workspace, workflow, reviewer))


def _landed(warehouse: Warehouse, file: Path) -> FileReport | None:
    if not _rows(file):
        return None
    report = land.land(warehouse, file, IngestOptions(template="reviews"))
    if report.state == "landed":
        done = file.parent / LANDED / f"{file.stem} {report.import_id}.csv"
        done.parent.mkdir(mode=0o700, exist_ok=True)
        file.replace(done)
    return report


def _line(reason: str) -> str:
    return " ".join(reason.split())[:_LARGEST_REASON]


def land_left(warehouse: Warehouse, workspace: Workspace) -> Iterator[FileReport]:
    """Lands what any reviewer has said and left for LEFT_FOR: a browser that was closed keeps nothing back."""
    oldest = time.time() - LEFT_FOR.total_seconds()
    for file in sorted((workspace.path / REVIEWS).glob("*.csv")):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < oldest and (report := _landed(warehouse, file)):
                yield report


def _file(workspace: Workspace, workflow: str, reviewer: str) -> Path:
    """One for each workflow and reviewer; names are told apart by a hash, whatever they are made of."""
    who = hashlib.sha256(f"{workflow}\n{' '.join(reviewer.split()).casefold()}".encode()).hexdigest()[:12]
    return workspace.path / REVIEWS / f"reviews of {workflow} {who}.csv"


def _rows(file: Path) -> list[Row]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as e:
        raise WorkspaceError(f"{file} can't be read; move it out of the workspace's folder.") from e
    return [
        Row(*cells) for cells in list(csv.reader(io.StringIO(text)))[1:] if len(cells) == len(Row._fields)
    ]


def _write(file: Path, rows: Sequence[Row]) -> None:
    """Replaces the file in one step."""
    text = io.StringIO()
    csv.writer(text).writerows([Row._fields, *rows])
    file.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        write_private(file, text.getvalue().encode("utf-8"))
    except OSError as e:
        raise WorkspaceError(
            f"The review can't be kept ({os.strerror(e.errno or 0)}); it is not saved."
        ) from e
