"""Which outputs one reviewer is to look at: drawn by a rule that nobody can choose, blind to what others said.

Of each of the last complete weeks as many outputs as were agreed, drawn from every kind and segment in proportion by a
hash of their identities; all of the first ones of a version that is new. A share of them needs a second reviewer; an
item on which two disagree needs a third, on what they disagree about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from leadline.data.warehouse import Warehouse
from leadline.metrics.charter_terms import Charter, Reviewing
from leadline.metrics.reviewing.draw import WEEKS_BACK, folded, is_twice, last_monday, luck
from leadline.metrics.sql import read_sql

CLOSELY = 30
"""outputs of a new version that are all looked at"""

Turn = Literal["first", "second", "third"]


@dataclass(frozen=True)
class Output:
    """One output as a reviewer sees it; what is not known is ''."""

    item_id: str
    what: str
    week: dt.date
    """the Monday of the week in which it entered"""
    title: str
    link: str
    text: str
    brief_id: str
    version: str


@dataclass(frozen=True)
class Judgement:
    """What one reviewer said of one item on one dimension."""

    item_id: str
    reviewer: str
    dimension: str
    passed: bool


@dataclass(frozen=True)
class Task:
    """An output and what one reviewer is asked about it."""

    output: Output
    dimensions: tuple[str, ...]
    turn: Turn


@dataclass(frozen=True)
class Queue:
    """What waits for one reviewer, in the order in which it is shown, and how far everybody has come."""

    tasks: tuple[Task, ...]
    planned: int
    """outputs of the last complete week that are to be looked at"""
    seen: int
    """of those, looked at by somebody"""
    overdue: int
    """outputs of the weeks before it that nobody has looked at"""


def planned_outputs(
    warehouse: Warehouse, workflow: str, agreed: Reviewing, today: dt.date
) -> tuple[Output, ...]:
    """The outputs to be looked at, of the last WEEKS_BACK complete weeks, oldest first."""
    last = last_monday(today)
    rows = warehouse.select(
        read_sql("reviewing/outputs.sql"),
        {
            "workflow": workflow,
            "first": last - dt.timedelta(weeks=WEEKS_BACK - 1),
            "last": last + dt.timedelta(days=6),
            "a_week": agreed.a_week,
            "closely": CLOSELY,
        },
    )
    return tuple(
        Output(item, what, week, *(str(words or "") for words in rest)) for item, what, week, *rest in rows
    )


def queue(
    warehouse: Warehouse,
    charter: Charter,
    reviewer: str,
    today: dt.date,
    written: Iterable[Judgement] = (),
    outputs: tuple[Output, ...] | None = None,
) -> Queue:
    """What waits for `reviewer`. written: judgements that have not landed yet, of anybody; outputs: the planned ones,
    where they are known."""
    agreed = charter.reviewing
    if agreed is None:
        return Queue((), 0, 0, 0)
    if outputs is None:
        outputs = planned_outputs(warehouse, charter.workflow, agreed, today)
    said = _said(warehouse, agreed, outputs, written)
    newest = last_monday(today)
    whole = {output.item_id: _whole(said.get(output.item_id, {}), agreed) for output in outputs}
    lately = [output for output in outputs if output.week == newest]
    tasks = [
        task
        for output in outputs
        if (
            task := _task(
                output, said.get(output.item_id, {}), whole[output.item_id], agreed, folded(reviewer)
            )
        )
    ]
    urgent = {"third": 0, "second": 1, "first": 2}
    tasks.sort(
        key=lambda task: (
            urgent[task.turn],
            task.output.week,
            luck(folded(reviewer), task.output.item_id),
        )
    )
    return Queue(
        tuple(tasks),
        planned=len(lately),
        seen=sum(bool(whole[output.item_id]) for output in lately),
        overdue=sum(not whole[output.item_id] for output in outputs if output.week < newest),
    )


Said = Mapping[str, Mapping[str, bool]]
"""reviewer → dimension → passed, both folded"""


def _said(
    warehouse: Warehouse, agreed: Reviewing, outputs: tuple[Output, ...], written: Iterable[Judgement]
) -> dict[str, dict[str, dict[str, bool]]]:
    rows = warehouse.select(
        read_sql("reviewing/judgements.sql"),
        {
            "items": [output.item_id for output in outputs],
            "dimensions": [folded(name) for name in agreed.dimensions],
        },
    )
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for one in (*(Judgement(*row) for row in rows), *written):
        by = found.setdefault(one.item_id, {}).setdefault(folded(one.reviewer), {})
        by[folded(one.dimension)] = one.passed
    return found


def _whole(said: Said, agreed: Reviewing) -> list[str]:
    """Who has judged an item on everything."""
    wanted = {folded(name) for name in agreed.dimensions}
    return [who for who, by in said.items() if wanted <= by.keys()]


def _task(output: Output, said: Said, whole: list[str], agreed: Reviewing, me: str) -> Task | None:
    own = said.get(me, {})
    if me in whole:
        return None
    left = tuple(name for name in agreed.dimensions if folded(name) not in own)
    if not whole:
        return Task(output, left, "first")
    if len(whole) == 1 and is_twice(output.item_id, agreed.second_review):
        return Task(output, left, "second")
    # what two see differently is settled by a third, and by nobody after them
    open_ones = tuple(name for name in left if _is_open([by[folded(name)] for by in _of(said, name)]))
    return Task(output, open_ones, "third") if len(whole) > 1 and open_ones else None


def _of(said: Said, name: str) -> list[Mapping[str, bool]]:
    return [by for by in said.values() if folded(name) in by]


def _is_open(verdicts: list[bool]) -> bool:
    return len(verdicts) == 2 and verdicts[0] != verdicts[1]
