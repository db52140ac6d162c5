"""Rows that people write on pages (judgements of outputs, codes of conversations, briefs), kept before they land.

Each is in a file of whoever wrote it before the page answers, so that a lost connection or a restart loses none; the
file is an export of its template like any other and lands as an import of its own, to be undone like any other.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from leadline.data.errors import WorkspaceError
from leadline.data.exports.landing_report import FileReport, IngestOptions
from leadline.data.landing import land
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.private_files import write_private
from leadline.data.workspace.workspace import Workspace

WRITTEN = "written"
LANDED = "landed"
LEFT_FOR = dt.timedelta(hours=1)
_LONGEST = 2_000
"""letters of a cell"""
Row = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """What is written: rows of a template with these columns, of which the first names the thing that they are about,
    and those of `same` that nobody says twice."""

    template: str
    columns: tuple[str, ...]
    same: tuple[str, ...]


REVIEWS = Kind(
    "reviews",
    ("item_id", "reviewed_at", "reviewer", "dimension", "passed", "reason", "workflow"),
    ("item_id", "dimension"),
)
BRIEFS = Kind(
    "briefs",
    (
        "brief_id",
        "written_at",
        "workflow",
        "author",
        "title",
        "outcome",
        "audience",
        "positioning",
        "constraints",
        "context",
    ),
    ("brief_id",),
)
CODES = Kind(
    "codes",
    ("conversation_id", "coded_at", "coder", "asked", "first", "others", "codebook", "workflow"),
    ("conversation_id",),
)


@dataclass(frozen=True)
class Sheet:
    """What one person writes of one kind for one workflow."""

    workspace: Workspace
    kind: Kind
    workflow: str
    who: str

    @property
    def file(self) -> Path:
        """People are told apart by a hash, whatever their names are made of."""
        words = f"{self.workflow}\n{' '.join(self.who.split()).casefold()}"
        told = hashlib.sha256(words.encode()).hexdigest()[:12]
        return self.workspace.path / WRITTEN / f"{self.kind.template} of {self.workflow} {told}.csv"

    def rows(self) -> list[dict[str, str]]:
        """What has not landed yet, in the order in which it was said."""
        return _read(self.file, self.kind)

    def add(self, rows: Sequence[Row]) -> None:
        """On disk when this returns; what is said again replaces what was said before."""
        same = self.kind.same
        gone = {tuple(row[name] for name in same) for row in rows}
        kept = [row for row in self.rows() if tuple(row[name] for name in same) not in gone]
        _write(self.file, self.kind, [*kept, *rows])

    def take_back(self) -> str | None:
        """Forgets what was said last of one thing, and has not landed; of which, None where nothing waits."""
        kept, about = self.rows(), self.kind.columns[0]
        if not kept:
            return None
        last = kept[-1][about]
        _write(self.file, self.kind, [row for row in kept if row[about] != last])
        return last

    def land(self, warehouse: Warehouse) -> FileReport | None:
        """Lands everything as one import; None where nothing waits. What is not landed goes on waiting."""
        return _landed(warehouse, self.file, self.kind)


def now(workspace: Workspace) -> str:
    """The moment of what is written; a held clock says the day."""
    at = dt.datetime.now(ZoneInfo(workspace.settings.timezone))
    return dt.datetime.combine(workspace.today(), at.timetz()).isoformat(timespec="milliseconds")


def everybody(workspace: Workspace, kind: Kind) -> Iterator[dict[str, str]]:
    """What anybody has said and has not landed yet."""
    for file in _files(workspace, kind):
        yield from _read(file, kind)


def land_left(warehouse: Warehouse, workspace: Workspace, kind: Kind) -> Iterator[FileReport]:
    """Lands what anybody has said and left for LEFT_FOR: a browser that was closed keeps nothing back."""
    oldest = time.time() - LEFT_FOR.total_seconds()
    for file in _files(workspace, kind):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < oldest and (report := _landed(warehouse, file, kind)):
                yield report


def _files(workspace: Workspace, kind: Kind) -> list[Path]:
    return sorted((workspace.path / WRITTEN).glob(f"{kind.template} of *.csv"))


def _landed(warehouse: Warehouse, file: Path, kind: Kind) -> FileReport | None:
    if not _read(file, kind):
        return None
    report = land.land(warehouse, file, IngestOptions(template=kind.template))
    if report.state == "landed":
        done = file.parent / LANDED / f"{file.stem} {report.import_id}.csv"
        done.parent.mkdir(mode=0o700, exist_ok=True)
        file.replace(done)
    return report


def _read(file: Path, kind: Kind) -> list[dict[str, str]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as e:
        raise WorkspaceError(f"{file} can't be read; move it out of the workspace's folder.") from e
    _, *rows = csv.reader(io.StringIO(text))
    return [dict(zip(kind.columns, cells, strict=True)) for cells in rows if len(cells) == len(kind.columns)]


def _write(file: Path, kind: Kind, rows: Sequence[Row]) -> None:
    """Replaces the file in one step."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(kind.columns)
    writer.writerows([" ".join(row[name].split())[:_LONGEST] for name in kind.columns] for row in rows)
    try:
        write_private(file, text.getvalue().encode("utf-8"))
    except OSError as e:
        raise WorkspaceError(f"It can't be kept ({os.strerror(e.errno or 0)}) and is not saved.") from e
