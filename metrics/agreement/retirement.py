"""Workflows that are over: not watched any more, their history stays. A charter that is registered again ends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import alerts
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import agreed_terms
from leadline.metrics.agreement.charter_versions import charter_history
from leadline.metrics.agreement.entries import Entry, LedgerError, append, entries
from leadline.metrics.charter_terms import Charter

RETIRED = "retired"
"""why an alert of it is over"""


@dataclass(frozen=True)
class Retired:
    """One workflow that is over."""

    workflow: str
    on: dt.date
    by: str
    reason: str
    content: str
    """its charter as it was registered last"""


def retire_workflow(warehouse: Warehouse, workflow: str, *, by: str, reason: str, on: dt.date) -> Entry:
    """Notes that a workflow is over, and ends its alerts. Raises LedgerError where it was never registered, or nobody
    says why."""
    if not reason.strip():
        raise LedgerError("A workflow is retired with a reason; say why it is not watched any more.")
    with warehouse.joined():
        if not charter_history(warehouse, workflow):
            raise LedgerError(
                f"{workflow[:60]} was never registered, so there is no history to keep; remove its file from charters/."
            )
        told = {"on": on.isoformat(), "reason": " ".join(reason.split())}
        entry = append(warehouse, "charter_retired", told, by=by, workflow=workflow, subject=workflow)
        for alert in alerts(warehouse, workflow):
            if alert.is_open:
                over = {
                    "as_of": on.isoformat(),
                    "reason": RETIRED,
                    "words": f"The workflow was retired: {told['reason']}",
                }
                append(warehouse, "alert_resolved", over, by=by, workflow=workflow, subject=alert.id)
        return entry


def retired_workflows(warehouse: Warehouse, charted: Collection[str]) -> tuple[Retired, ...]:
    """Those that are over, by name; `charted`: workflows with a charter in force, which are none of them."""
    newest = {entry.workflow or "": entry for entry in entries(warehouse, ("charter_retired",))}
    return tuple(
        Retired(
            name,
            dt.date.fromisoformat(entry.payload["on"]),
            entry.by,
            entry.payload["reason"],
            charter_history(warehouse, name)[-1].content,
        )
        for name, entry in sorted(newest.items())
        if name not in charted
    )


def last_charters(found: Collection[Retired]) -> dict[str, Charter]:
    """Workflow -> what was agreed last of it (`charter.agreed_terms`)."""
    read = {one.workflow: agreed_terms(one.content, load_catalog(None)) for one in found}
    return {workflow: charter for workflow, charter in read.items() if charter}
