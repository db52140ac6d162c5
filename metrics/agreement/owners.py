"""Who answers for a workflow, and who did before: a change of owner or deputy is a row of the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.entries import append, entries
from leadline.metrics.charter_terms import Charter


@dataclass(frozen=True)
class Handover:
    """'' where nobody was, or is, named."""

    workflow: str
    owner_before: str
    owner: str
    deputy_before: str
    deputy: str
    by: str
    at: dt.datetime
    """UTC, without zone"""


def note_handover(warehouse: Warehouse, before: Charter | None, after: Charter, by: str) -> None:
    """Records that another owner or deputy answers for a workflow; nothing where both stayed, or were never known."""
    if before is None or (before.owner, before.deputy) == (after.owner, after.deputy):
        return
    payload = {
        "owner_before": before.owner,
        "owner": after.owner,
        "deputy_before": before.deputy,
        "deputy": after.deputy,
    }
    append(warehouse, "owner_changed", payload, by=by, workflow=after.workflow, subject=after.workflow)


def handovers(warehouse: Warehouse, workflow: str | None = None) -> tuple[Handover, ...]:
    """Every change of owner or deputy, oldest first."""
    return tuple(
        Handover(
            entry.workflow or "",
            str(entry.payload.get("owner_before", "")),
            str(entry.payload.get("owner", "")),
            str(entry.payload.get("deputy_before", "")),
            str(entry.payload.get("deputy", "")),
            entry.by,
            entry.at,
        )
        for entry in entries(warehouse, ("owner_changed",), workflow)
    )
