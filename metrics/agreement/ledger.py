"""The memory of what was agreed: every version of every charter, and whether all of the ledger is as written.

Each version's hash covers everything that was registered with it and the hash of the version before, so
that a later change of any of them shows. A row of the ledger (`entries`) tells of each registration, so that
versions taken off the end of a workflow's history are missed there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from leadline.data.errors import CharterError
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.entries import Entry, append, broken_entries, entries
from leadline.metrics.charter_terms import Charter
from leadline.metrics.sql import read_sql


@dataclass(frozen=True)
class CharterVersion:
    """One registered version."""

    workflow: str
    version: int
    """counts from 1 within the workflow"""
    content: str
    """the YAML text as registered"""
    content_hash: str
    previous_hash: str | None
    author: str
    reason: str
    registered_at: dt.datetime
    """UTC, without zone"""

    def expected_hash(self) -> str:
        """SHA-256 over everything else that the version holds."""
        covered = (
            self.workflow,
            self.version,
            self.content,
            self.previous_hash,
            self.author,
            self.reason,
            self.registered_at.isoformat(timespec="microseconds"),
        )
        return hashlib.sha256(json.dumps(covered, ensure_ascii=False).encode("utf-8")).hexdigest()


def register_charter(warehouse: Warehouse, charter: Charter, author: str, reason: str = "") -> int:
    """Appends the charter as its workflow's next version and returns the version.

    It may be called inside a transaction of the caller's, which it then belongs to, or outside any.
    Content identical to the newest version is not registered again; that version is returned. Raises
    CharterError where the charter has no text of its own or nobody registers it.
    """
    if not charter.source.strip():
        problem = (
            f"The charter of {charter.workflow} has no text to register; read it from its YAML file first."
        )
        raise CharterError(problem, (problem,))
    if not author.strip():
        problem = f"Nobody is named as the author of the charter of {charter.workflow}; say who registers it."
        raise CharterError(problem, (problem,))
    while True:
        newest = warehouse.select(read_sql("ledger/newest_charter.sql"), {"workflow": charter.workflow})
        number, content, previous_hash = newest[0] if newest else (0, None, None)
        if content == charter.source:
            return int(number)
        version = CharterVersion(
            workflow=charter.workflow,
            version=int(number) + 1,
            content=charter.source,
            content_hash="",
            previous_hash=previous_hash,
            author=author.strip(),
            reason=reason.strip(),
            registered_at=dt.datetime.now(dt.UTC).replace(tzinfo=None),
        )
        content_hash = version.expected_hash()
        with warehouse.joined() as session:
            session.execute(
                read_sql("ledger/append_charter.sql"), {**vars(version), "content_hash": content_hash}
            )
            key = {"workflow": version.workflow, "version": version.version}
            # another thread may have registered this number in between; then the next number is tried
            if session.select(read_sql("ledger/charter_hash.sql"), key) == [(content_hash,)]:
                _tell(warehouse, version, content_hash)
                return version.version


def _tell(warehouse: Warehouse, version: CharterVersion, content_hash: str) -> None:
    append(
        warehouse,
        "charter",
        {"version": version.version, "content_hash": content_hash, "reason": version.reason},
        by=version.author,
        workflow=version.workflow,
        subject=f"{version.workflow} {version.version}",
        at=version.registered_at,
    )


def charter_history(warehouse: Warehouse, workflow: str) -> tuple[CharterVersion, ...]:
    """Every version of a workflow's charter, oldest first; () where none was registered."""
    return _versions(warehouse.select(read_sql("ledger/charter_history.sql"), {"workflow": workflow}))


def all_charters(warehouse: Warehouse) -> tuple[CharterVersion, ...]:
    """Every version of every charter, by workflow and version."""
    return _versions(warehouse.select(read_sql("ledger/charter_versions.sql")))


def verify_charters(warehouse: Warehouse) -> tuple[str, ...]:
    """What no longer is as it was registered, one sentence each; () where every version is intact."""
    broken: list[str] = []
    for workflow, chain in groupby(all_charters(warehouse), key=lambda version: version.workflow):
        previous: CharterVersion | None = None
        for version in chain:
            which = f"Version {version.version} of the charter of {workflow}"
            if version.version != (previous.version + 1 if previous else 1):
                broken.append(f"{which} has no version right before it: one was removed.")
            elif version.previous_hash != (previous.content_hash if previous else None):
                broken.append(
                    f"{which} does not follow from the version before it: one of the two was changed."
                )
            if version.content_hash != version.expected_hash():
                broken.append(f"{which} was changed after it was registered.")
            previous = version
    return tuple(broken)


def verify(warehouse: Warehouse, head: str | None = None) -> tuple[str, ...]:
    """What is no longer as it was written, anywhere, one sentence each naming the row; () where all is whole.

    `head`: a hash that was noted down earlier; a ledger that doesn't hold it has lost rows at its end.
    """
    chain = entries(warehouse)
    broken = [*broken_entries(chain), *verify_charters(warehouse), *_charters_lost(warehouse, chain)]
    if head is not None and head.strip().lower() not in {entry.hash for entry in chain}:
        broken.append(
            f"No row has the hash {head.strip()[:12]}… that was noted down: rows were removed from the end."
        )
    return tuple(broken)


def _charters_lost(warehouse: Warehouse, chain: Iterable[Entry]) -> list[str]:
    """Registrations that the ledger tells of and that are no longer kept."""
    kept = {version.content_hash for version in all_charters(warehouse)}
    return [
        f"{entry.named()} tells of version {entry.payload.get('version')} of the charter, which is not kept any more."
        for entry in chain
        if entry.kind == "charter" and entry.payload.get("content_hash") not in kept
    ]


def _versions(rows: Iterable[tuple[object, ...]]) -> tuple[CharterVersion, ...]:
    return tuple(
        CharterVersion(
            workflow=str(workflow),
            version=int(str(version)),
            content=str(content),
            content_hash=str(content_hash),
            previous_hash=None if previous_hash is None else str(previous_hash),
            author=str(author),
            reason=str(reason or ""),
            registered_at=_moment(registered_at),
        )
        for workflow, version, content, content_hash, previous_hash, author, reason, registered_at in rows
    )


def _moment(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        raise TypeError(f"registered_at is a {type(value).__name__}, not a timestamp")
    return value
