"""How well the reviewers of a workflow agree on what they saw, dimension by dimension."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.sql import read_sql
from leadline.metrics.statistics.agreement import Alpha, krippendorff_alpha

WEEKS = 26
"""over which agreement is told"""
LEAST_TWICE = 10
"""items seen by two reviewers, below which nothing is said of their agreement"""


@dataclass(frozen=True)
class Seen:
    """One dimension over the last WEEKS weeks."""

    dimension: str
    items: int
    passed: int
    """items that most of their reviewers passed; a draw is none"""
    reviewers: int
    agreement: Alpha

    @property
    def is_told(self) -> bool:
        return self.agreement.items >= LEAST_TWICE

    def falls_short(self, floor: float) -> bool:
        """Whether the reviewers do not agree on what they saw."""
        return self.is_told and self.agreement.is_below(floor)


@dataclass(frozen=True)
class Verdict:
    """What one person said of one item on one dimension; of conversations, what was named first."""

    on: dt.date
    dimension: str
    item: str
    by: str
    said: str


Of = Literal["seen", "coded"]
"""judgements of outputs, codes of conversations"""


def verdicts(warehouse: Warehouse, workflow: str, of: Of, through: dt.date) -> tuple[Verdict, ...]:
    """Everything that people have said of a workflow's outputs or conversations."""
    rows = ask(warehouse, read_sql(f"reviewing/{of}.sql"), {"workflow": workflow, "last": through})
    return tuple(Verdict(*row) for row in rows)


def seen(found: Iterable[Verdict], as_of: dt.date) -> tuple[Seen, ...]:
    """Every dimension on which something was judged in the WEEKS before `as_of`, by name."""
    first = as_of - dt.timedelta(weeks=WEEKS)
    items: dict[str, dict[str, dict[str, str]]] = {}
    for one in found:
        if first < one.on <= as_of:
            items.setdefault(one.dimension, {}).setdefault(one.item, {})[one.by] = one.said
    return tuple(_seen(dimension, items[dimension]) for dimension in sorted(items))


def _seen(dimension: str, items: dict[str, dict[str, str]]) -> Seen:
    said = {item: [*by.values()] for item, by in items.items()}
    return Seen(
        dimension,
        len(items),
        sum(2 * each.count("true") > len(each) for each in said.values()),
        len({reviewer for by in items.values() for reviewer in by}),
        krippendorff_alpha(said.values()),
    )


@dataclass(frozen=True)
class Failed:
    """One judgement that an output failed, and why; '' where nobody said."""

    on: dt.date
    item_id: str
    dimension: str
    reason: str
    reviewer: str


def failed(warehouse: Warehouse, workflow: str, as_of: dt.date, most: int = 12) -> tuple[Failed, ...]:
    """The newest outputs that failed, newest first."""
    rows = warehouse.select(
        read_sql("reviewing/failed.sql"), {"workflow": workflow, "last": as_of, "most": most}
    )
    return tuple(Failed(on, *(str(words or "") for words in rest)) for on, *rest in rows)


def failing_share(found: tuple[Seen, ...]) -> float | None:
    """The share of judged items that fail, over all dimensions; None where nothing was judged."""
    items = sum(one.items for one in found)
    return 1.0 - sum(one.passed for one in found) / items if items else None
