"""How well the reviewers of a workflow agree on what they saw, dimension by dimension."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.reviewing.draw import first_name, folded, is_again
from leadline.metrics.sql import read_sql
from leadline.metrics.statistics.agreement import krippendorff_alpha
from leadline.metrics.validations import Failed, Seen

WEEKS = 26
"""over which agreement is told"""


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
        if first < one.on <= as_of and not is_again(one.by):
            items.setdefault(one.dimension, {}).setdefault(one.item, {})[one.by] = one.said
    return tuple(_seen(dimension, items[dimension]) for dimension in sorted(items))


def came_again(found: Iterable[Verdict], as_of: dt.date) -> tuple[tuple[Verdict, Verdict], ...]:
    """What the same people said of the same things then, and when it came again in the WEEKS before `as_of`."""
    first = as_of - dt.timedelta(weeks=WEEKS)
    then: dict[tuple[str, str, str], Verdict] = {}
    again: list[Verdict] = []
    for one in found:
        if not is_again(one.by):
            then[one.dimension.casefold(), one.item, folded(one.by)] = one
        elif first < one.on <= as_of:
            again.append(one)
    pairs = ((then.get((one.dimension.casefold(), one.item, first_name(one.by))), one) for one in again)
    return tuple((before, one) for before, one in pairs if before is not None)


def _seen(dimension: str, items: dict[str, dict[str, str]]) -> Seen:
    said = {item: [*by.values()] for item, by in items.items()}
    return Seen(
        dimension,
        len(items),
        sum(2 * each.count("true") > len(each) for each in said.values()),
        len({reviewer for by in items.values() for reviewer in by}),
        krippendorff_alpha(said.values()),
    )


def failed(warehouse: Warehouse, workflow: str, as_of: dt.date, most: int = 12) -> tuple[Failed, ...]:
    """The newest outputs that failed, newest first."""
    values = {"workflow": workflow, "last": as_of, "most": most}
    rows = ask(warehouse, read_sql("reviewing/failed.sql"), values)
    return tuple(Failed(on, *(str(words or "") for words in rest)) for on, *rest, _ in rows)


def failing_share(found: tuple[Seen, ...]) -> float | None:
    """The share of judged items that fail, over all dimensions; None where nothing was judged."""
    items = sum(one.items for one in found)
    return 1.0 - sum(one.passed for one in found) / items if items else None
