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
        payload = {"content": sealed, "shown": plain, "facts": digests.head(warehouse)}
        return append(warehouse, "review", payload, by=by, workflow=workflow.workflow, letter="E", at=at)


def read_evidence(warehouse: Warehouse, evidence: str) -> Evidence:
    """What was shown, by its id ('E3'). Raises LedgerError where there is no such evidence."""
    found = entries(warehouse, ("review",), subject=evidence)
    if not found:
        raise LedgerError(f"There is no evidence {evidence}; 'leadline ledger' lists what was kept.")
    entry = found[0]
    return Evidence(evidence, entry.at, entry.by, from_plain(Shown, entry.payload["shown"]))
