"""A pull on its way, kept in the workspace page by page, so that one that was cut off goes on where it stopped."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadline.data.documents.plain_files import read_plain
from leadline.data.portals.portal import Portal
from leadline.data.portals.vendor import Kind, Row, Vendor
from leadline.data.workspace.private_files import write_private

OVERLAP = dt.timedelta(days=30)
"""of each pull with the one before: what a portal's search index, or its clock, was late with comes then"""
_LARGEST = 1_000_000
_MAY_LACK = (
    *("workflow", "currency", "owner", "channel", "first_response_at", "lead_id", "machine_open"),
    "hs_merged_object_ids",
)


@dataclass
class Spool:
    """One vendor's. `folder` is private to the workspace."""

    folder: Path
    state: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def opened(cls, folder: Path, base_url: str) -> Spool:
        """What is known of that portal: another address is another portal, of which nothing is known yet."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        spool = cls(folder)
        with suppress(OSError, ValueError):
            told = json.loads(read_plain(folder / "state.json", _LARGEST))
            spool.state = told if isinstance(told, dict) else {}
        if spool.state.setdefault("base_url", base_url) != base_url:
            spool.state = {"base_url": base_url}
        return spool

    def begin(self, since: dt.date | None, now: dt.datetime) -> dt.datetime:
        """From when on changes are read; a pull that was cut off and meant the same goes on."""
        last = self.state.get("last")
        due = dt.datetime.fromisoformat(last) - OVERLAP if last else dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
        start = due if since is None else dt.datetime.combine(since, dt.time(), dt.UTC)
        running = self.state.get("running")
        if running and running["asked"] == (since.isoformat() if since else None):
            return dt.datetime.fromisoformat(running["since"])
        asked = since.isoformat() if since else None
        self.state["running"] = {
            "asked": asked, "since": start.isoformat(), "begun": now.isoformat(), "kinds": {},
            "leaves_out": bool(last) and start > due,
        }  # fmt: skip
        self._save()
        return start

    def read(self, portal: Portal, vendor: Vendor, kind: Kind, since: dt.datetime) -> Iterator[int]:
        """Reads what is left of a kind; yields how many rows there are after each page."""
        fresh = {"after": None, "done": False, "bytes": 0, "rows": 0}
        known = self.state["running"]["kinds"].setdefault(kind.name, fresh)
        file = self._file(kind)
        while not known["done"]:
            page = vendor.page(portal, kind, since, known["after"])
            with file.open("ab") as written:
                written.truncate(known["bytes"])  # what a process that died wrote and did not note
                written.seek(0, os.SEEK_END)
                written.write(b"".join(json.dumps(row).encode() + b"\n" for row in page.rows))
                written.flush()
                os.fsync(written.fileno())
                known["bytes"] = written.tell()
            known["rows"] += len(page.rows)
            known["after"], known["done"] = page.after, page.after is None
            self._save()
            yield known["rows"]

    def rows(self, kind: Kind) -> list[Row]:
        """Each object once, as it changed last."""
        found: dict[str, Row] = {}
        with suppress(FileNotFoundError), self._file(kind).open("rb") as source:
            for line in source:
                row = json.loads(line)
                if row["_id"] not in found or row["_changed"] >= found[row["_id"]]["_changed"]:
                    found[row["_id"]] = row
        return list(found.values())

    def end(self) -> None:
        """The pull is whole: the next one begins a little before it, or where this one would have, had nobody asked for
        less."""
        running = self.state.pop("running")
        if not running.get("leaves_out"):
            self.state["last"] = running["begun"]
        self._save()
        for left in self.folder.glob("*.jsonl"):
            left.unlink(missing_ok=True)

    def _file(self, kind: Kind) -> Path:
        return self.folder / f"{kind.name.replace(' ', '-')}.jsonl"

    def _save(self) -> None:
        if not self.state.get("running", {}).get("kinds", True):
            for left in self.folder.glob("*.jsonl"):
                left.unlink(missing_ok=True)
        write_private(self.folder / "state.json", json.dumps(self.state).encode())


def as_csv(kind: Kind, rows: Iterable[Row], workflow: str) -> bytes:
    """Rows as an export of our template; of what a portal may not use at all, only columns that some row fills."""
    told: Sequence[Row] = [{**row, "workflow": workflow} for row in rows]
    columns = [
        name
        for name in kind.columns
        if name not in _MAY_LACK or any(row.get(name) not in (None, "") for row in told)
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in told)
    return text.getvalue().encode()
