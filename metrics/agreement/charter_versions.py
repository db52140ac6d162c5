"""The memory of what was agreed: every version of every charter.

Each version's hash covers everything that was registered with it and the hash of the version before, so
that a later change of any of them shows (`verification`). A row of the ledger (`entries`) tells of each registration,
so that versions taken off the end of a workflow's history are missed there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from leadline.data.errors import CharterError
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.definitions import Definitions
from leadline.metrics.agreement.entries import append, entries
from leadline.metrics.charter_terms import Charter
from leadline.metrics.sql import read_sql

DEFINITIONS = "metrics"
"""in the ledger's row of a registration: what its metrics counted"""


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


def register_charter(
    warehouse: Warehouse,
    charter: Charter,
    author: str,
    reason: str = "",
    definitions: Definitions | None = None,
) -> int:
    """Appends the charter as its workflow's next version and returns the version.

    It may be called inside a transaction of the caller's, which it then belongs to, or outside any.
    definitions: what its metrics count (`definitions`). Content identical to the newest version, with metrics that
    count the same, is not registered again; that version is returned. Raises
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
        is_known = content == charter.source and not _is_over(warehouse, charter.workflow)
        if is_known and not _counts_otherwise(warehouse, charter.workflow, definitions):
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
                _tell(warehouse, version, content_hash, definitions)
                return version.version


def _is_over(warehouse: Warehouse, workflow: str) -> bool:
    """Whether it was retired since it was registered last: the same charter is then a version of its own."""
    told = entries(warehouse, ("charter", "charter_retired"), workflow)
    return bool(told) and told[-1].kind == "charter_retired"


def _counts_otherwise(warehouse: Warehouse, workflow: str, now: Definitions | None) -> bool:
    told = entries(warehouse, ("charter",), workflow)
    before = told[-1].payload.get(DEFINITIONS) if told else None
    if before is None:  # kept before definitions were: none are missed where all come with Leadline
        return any((now or {}).values())
    return now is not None and before != dict(now)


def _tell(
    warehouse: Warehouse, version: CharterVersion, content_hash: str, definitions: Definitions | None
) -> None:
    told = {"version": version.version, "content_hash": content_hash, "reason": version.reason}
    append(
        warehouse,
        "charter",
        told if definitions is None else {**told, DEFINITIONS: dict(definitions)},
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
