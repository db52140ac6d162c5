"""The ledger: what happened around what was agreed, one row an event, appended and never changed.

Each row's hash is SHA-256 over everything it holds and the hash of the row before it. A row that was changed,
removed from between others or moved is therefore found and named by `verification`. Rows taken off the end leave
a shorter ledger that is whole in itself: keep the newest hash elsewhere (in the minutes of the meeting, say) and ask
for it with `leadline ledger --verify --head HASH`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from leadline.data.errors import LeadlineError
from leadline.metrics.sql import read_sql

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

Kind = Literal[
    "charter",
    "owner_changed",
    "charter_retired",
    "review",
    "alert_raised",
    "alert_worse",
    "alert_acknowledged",
    "alert_silenced",
    "alert_commented",
    "alert_assigned",
    "alert_resolved",
    "no_data",
    "data_back",
    "decision",
    "review_closed",
    "overdue",
    "gate_turned",
    "gate_asked",
    "token_made",
    "token_revoked",
    "erased",
    "expired",
    "notification_begun",
    "notification_sent",
    "notification_failed",
    "week_sent",
    "unsubscribed",
    "followed_again",
    "mention_sent",
    "mention_failed",
    "annotated",
    "annotation_removed",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class LedgerError(LeadlineError):
    """What was to be recorded can't be, or what is recorded can't be trusted. One sentence."""


@dataclass(frozen=True)
class Entry:
    """One row."""

    sequence: int
    """counts from 1, without a gap"""
    kind: str
    workflow: str | None
    subject: str | None
    """what it is about: an alert ('A7'), a decision ('D9'), evidence ('E3')"""
    at: dt.datetime
    """UTC, without zone"""
    by: str
    text: str = field(repr=False)
    """the payload as canonical JSON"""
    previous_hash: str | None
    hash: str

    @cached_property
    def payload(self) -> Mapping[str, Any]:
        """What the row says, by kind. Empty where the text is no longer JSON (`verification` names the row)."""
        try:
            told = json.loads(self.text)
        except ValueError:
            told = {}
        return MappingProxyType(told if isinstance(told, dict) else {})

    def expected_hash(self, sequence: int | None = None) -> str:
        """SHA-256 over everything else that the row holds, were it to stand in place `sequence`."""
        covered = (
            self.sequence if sequence is None else sequence,
            self.kind,
            self.workflow,
            self.subject,
            self.at.isoformat(timespec="microseconds"),
            self.by,
            self.text,
            self.previous_hash,
        )
        return hashlib.sha256(json.dumps(covered, ensure_ascii=False).encode("utf-8")).hexdigest()


def now() -> dt.datetime:
    """This moment as the ledger writes it: UTC, without zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def canonical(payload: Mapping[str, Any]) -> str:
    """The one way in which a payload is written. Raises ValueError for what JSON can't say (NaN)."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def append(
    warehouse: Warehouse,
    kind: Kind,
    payload: Mapping[str, Any],
    *,
    by: str,
    workflow: str | None = None,
    subject: str | None = None,
    letter: str = "",
    at: dt.datetime | None = None,
) -> Entry:
    """Appends one row, inside the caller's transaction where one runs, and returns it.

    `letter` names a new subject after the row itself: 'A' makes row 7 the subject 'A7'. Raises LedgerError where
    nobody is named.
    """
    if not by.strip():
        raise LedgerError("Nobody is named; say who does this.")
    with warehouse.joined() as session:
        newest = session.select(read_sql("ledger/last_entry.sql"))
        sequence, previous_hash = (int(newest[0][0]) + 1, str(newest[0][1])) if newest else (1, None)
        unsealed = Entry(
            sequence=sequence,
            kind=kind,
            workflow=workflow,
            subject=f"{letter}{sequence}" if letter else subject,
            at=at or now(),
            by=" ".join(by.split()),
            text=canonical(payload),
            previous_hash=previous_hash,
            hash="",
        )
        values = {name: getattr(unsealed, name) for name in ("kind", "workflow", "subject", "at", "by")}
        sealed = unsealed.expected_hash()
        session.execute(
            read_sql("ledger/append_entry.sql"),
            {
                **values,
                "sequence": sequence,
                "payload": unsealed.text,
                "previous_hash": previous_hash,
                "hash": sealed,
            },
        )
    return Entry(**{**{f: getattr(unsealed, f) for f in _FIELDS}, "hash": sealed})


_FIELDS = ("sequence", "kind", "workflow", "subject", "at", "by", "text", "previous_hash", "hash")


def entries(
    warehouse: Warehouse,
    kinds: Sequence[Kind] | None = None,
    workflow: str | None = None,
    subject: str | None = None,
) -> tuple[Entry, ...]:
    """Rows of these kinds, this workflow, this subject (None: all), oldest first."""
    wanted = {"kinds": list(kinds) if kinds is not None else None, "workflow": workflow, "subject": subject}
    rows = warehouse.select(read_sql("ledger/entries.sql"), wanted)
    return tuple(Entry(**dict(zip(_FIELDS, row, strict=True))) for row in rows)


def ledger_version(warehouse: Warehouse) -> int:
    """Grows with every row; what caches of alerts and decisions are keyed by."""
    return int(warehouse.select(read_sql("ledger/version.sql"))[0][0])


def newest_of(warehouse: Warehouse, kinds: Sequence[Kind]) -> int:
    """The newest row of these kinds, 0 where there is none: what files made from them are as new as."""
    return int(warehouse.select(read_sql("ledger/newest_of.sql"), {"kinds": list(kinds)})[0][0])
