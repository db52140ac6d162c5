"""What an output's brief asked for, as a reviewer reads it beside the output."""

from __future__ import annotations

from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.sql import read_sql


@dataclass(frozen=True)
class Brief:
    """What is not said is ''."""

    title: str
    outcome: str
    audience: str
    positioning: str
    constraints: str
    context: str


def brief_of(warehouse: Warehouse, brief_id: str) -> Brief | None:
    """The brief that landed under this identity; None where none did."""
    rows = warehouse.select(read_sql("reviewing/brief.sql"), {"brief": brief_id}) if brief_id else []
    return Brief(*(str(words or "") for words in rows[0])) if rows else None
