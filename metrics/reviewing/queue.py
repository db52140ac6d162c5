"""Which outputs one reviewer is to look at: drawn by a rule that nobody can choose, blind to what others said.

Of each of the last complete weeks as many outputs as were agreed, drawn from every kind and segment in proportion by a
hash of their identities; all of the first ones of a version that is new. A share of them needs a second reviewer; an
item on which two disagree needs a third, on what they disagree about.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from leadline.data.warehouse import Warehouse
from leadline.metrics.charter_terms import Reviewing
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


Said = Mapping[str, Mapping[str, bool]]
"""reviewer → dimension → passed, both folded"""


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


@dataclass(frozen=True, eq=False)
class DrawnOutputs:
    """The outputs to be looked at, and what has landed of what was said of them. What is worked out for a reviewer is
    kept: a key on the page must be answered at once, however many wait."""

    agreed: Reviewing
    newest: dt.date
    """the Monday of the last complete week"""
    outputs: Mapping[str, Output]
    said: Mapping[str, Said]
    _ordered: dict[str, list[_Placed]] = field(default_factory=dict)

    @staticmethod
    def of(warehouse: Warehouse, workflow: str, agreed: Reviewing, today: dt.date) -> DrawnOutputs:
        outputs = {one.item_id: one for one in planned_outputs(warehouse, workflow, agreed, today)}
        names = [folded(name) for name in agreed.dimensions]
        rows = warehouse.select(
            read_sql("reviewing/judgements.sql"), {"items": [*outputs], "dimensions": names}
        )
        return DrawnOutputs(agreed, last_monday(today), outputs, _laid(Judgement(*row) for row in rows))

    @cached_property
    def seen(self) -> frozenset[str]:
        """Outputs that somebody has judged on everything."""
        return frozenset(item for item, by in self.said.items() if _whole(by, self.agreed))

    @cached_property
    def lately(self) -> frozenset[str]:
        """Outputs of the last complete week."""
        return frozenset(item for item, output in self.outputs.items() if output.week == self.newest)

    def queue(self, reviewer: str, written: Iterable[Judgement] = ()) -> Queue:
        """What waits for `reviewer`. written: judgements that have not landed yet, of anybody."""
        me = folded(reviewer)
        if me not in self._ordered:
            everything = (self._placed(item, self.said.get(item, {}), me) for item in self.outputs)
            self._ordered[me] = sorted(one for one in everything if one is not None)
        placed, seen = self._ordered[me], set(self.seen)
        later = {item: by for item, by in _laid(written).items() if item in self.outputs}
        if later:
            placed = [one for one in placed if one.task.output.item_id not in later]
            for item, by in later.items():
                landed = self.said.get(item, {})
                both = {who: {**landed.get(who, {}), **by.get(who, {})} for who in {**landed, **by}}
                if _whole(both, self.agreed):
                    seen.add(item)
                if (one := self._placed(item, both, me)) is not None:
                    insort(placed, one)
        return Queue(
            tuple(one.task for one in placed),
            planned=len(self.lately),
            seen=len(seen & self.lately),
            overdue=len(self.outputs) - len(self.lately) - len(seen - self.lately),
        )

    def _placed(self, item: str, said: Said, me: str) -> _Placed | None:
        output = self.outputs[item]
        task = _task(output, said, _whole(said, self.agreed), self.agreed, me)
        if task is None:
            return None
        return _Placed(_URGENT.index(task.turn), output.week, luck(me, item), item, task)


class _Placed(NamedTuple):
    """A task by its place in a reviewer's queue: others wait for the third opinion, and longest for the oldest."""

    turn: int
    week: dt.date
    luck: float
    item: str
    task: Task


_URGENT: tuple[Turn, ...] = ("third", "second", "first")


def _laid(judgements: Iterable[Judgement]) -> dict[str, dict[str, dict[str, bool]]]:
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for one in judgements:
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
