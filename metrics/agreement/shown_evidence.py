"""Evidence: what was shown of a workflow, kept with its numbers, so that it can be shown again as it was.

A review is written field by field as JSON and read back into the same classes. Kept once: the same content is
not kept again while nothing else was shown of that workflow.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from leadline.data.landing import digests
from leadline.data.plain_json import from_plain, to_plain
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.entries import Entry, LedgerError, append, canonical, entries
from leadline.metrics.results import Review, SourceState, WorkflowReview


@dataclass(frozen=True)
class Shown:
    """One workflow's review as it was shown."""

    as_of: dt.date
    complete_through: dt.date
    workflow: WorkflowReview
    data: tuple[SourceState, ...]


@dataclass(frozen=True)
class Evidence:
    """What was shown, with its row in the ledger."""

    id: str
    kept_at: dt.datetime
    """UTC, without zone"""
    by: str
    shown: Shown


@dataclass(frozen=True)
class Kept:
    """What was kept last of a workflow."""

    id: str
    as_of: dt.date
    is_current: bool
    """a review of today would show the same"""


def freeze_workflow(
    warehouse: Warehouse, review: Review, workflow: WorkflowReview, *, by: str, at: dt.datetime | None = None
) -> Entry:
    """Keeps what a review shows of one workflow; the row that does, an earlier one where nothing changed since."""
    shown = Shown(review.as_of, review.complete_through, workflow, review.data)
    plain = to_plain(shown)
    sealed = hashlib.sha256(canonical(plain).encode("utf-8")).hexdigest()
    with warehouse.joined():
        known = entries(warehouse, ("review",), workflow.workflow)
        if known and known[-1].payload.get("content") == sealed:
            return known[-1]
        facts, basis = digests.head(warehouse), review.basis
        payload = {"content": sealed, "shown": plain, "facts": facts, "rests_on": basis}
        return append(warehouse, "review", payload, by=by, workflow=workflow.workflow, letter="E", at=at)


def newest_kept(warehouse: Warehouse, workflow: str, basis: str) -> Kept | None:
    """The review of that workflow that was kept last; None where there is none. `basis`: of a review of today."""
    told = entries(warehouse, ("review", "decision", "charter"), workflow)
    kept = next((entry for entry in reversed(told) if entry.kind == "review"), None)
    if kept is None:
        return None
    is_current = kept is told[-1] and kept.payload.get("rests_on") == basis
    as_of = dt.date.fromisoformat(kept.payload["shown"]["as_of"])
    return Kept(kept.subject or "", as_of, is_current)


def read_evidence(warehouse: Warehouse, evidence: str) -> Evidence:
    """What was shown, by its id ('E3'). Raises LedgerError where there is no such evidence."""
    found = entries(warehouse, ("review",), subject=evidence)
    if not found:
        raise LedgerError(f"There is no evidence {evidence}; 'leadline ledger' lists what was kept.")
    entry = found[0]
    return Evidence(evidence, entry.at, entry.by, from_plain(Shown, entry.payload["shown"]))
