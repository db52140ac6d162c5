"""Annotations: what people know of a day and no export tells (a campaign, a price change, a holiday), in the ledger.

An annotation that was removed is shown no more; that it stood there, and who removed it, stays in the ledger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.entries import LedgerError, append, entries

LONGEST_TEXT = 120
"""letters"""


@dataclass(frozen=True)
class Annotation:
    """One remark on one day of a workflow."""

    id: str
    workflow: str
    on: dt.date
    text: str
    by: str
    at: dt.datetime
    """UTC, without zone"""


def annotations_of(warehouse: Warehouse, workflow: str) -> tuple[Annotation, ...]:
    """Those of a workflow that stand, by day."""
    found: dict[str, Annotation] = {}
    for entry in entries(warehouse, ("annotated", "annotation_removed"), workflow):
        name, told = entry.subject or "", entry.payload
        if entry.kind == "annotation_removed":
            found.pop(name, None)
            continue
        on = dt.date.fromisoformat(told["on"])
        found[name] = Annotation(name, workflow, on, told["text"], entry.by, entry.at)
    return tuple(sorted(found.values(), key=lambda one: (one.on, one.at)))


def annotate(
    warehouse: Warehouse, workflow: str, on: dt.date, text: str, *, by: str, at: dt.datetime | None = None
) -> Annotation:
    """Keeps a remark. Raises LedgerError where it says nothing or too much."""
    said = " ".join(text.split())
    if not said:
        raise LedgerError("The annotation is empty; write what happened on that day.")
    if len(said) > LONGEST_TEXT:
        raise LedgerError(f"The annotation has {len(said)} letters; {LONGEST_TEXT} are the most.")
    payload = {"on": on.isoformat(), "text": said}
    entry = append(warehouse, "annotated", payload, by=by, workflow=workflow, letter="N", at=at)
    return Annotation(entry.subject or "", workflow, on, said, entry.by, entry.at)


def remove_annotation(
    warehouse: Warehouse, workflow: str, annotation: str, *, by: str, at: dt.datetime | None = None
) -> None:
    """Shows it no more. Raises LedgerError where it does not stand there."""
    with warehouse.joined():
        if annotation not in {one.id for one in annotations_of(warehouse, workflow)}:
            raise LedgerError(f"There is no annotation {annotation[:20]} of {workflow}; somebody removed it.")
        append(warehouse, "annotation_removed", {}, by=by, workflow=workflow, subject=annotation, at=at)
