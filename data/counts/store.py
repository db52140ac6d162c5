"""Counts that are kept: a question over facts is counted once, and then follows what imports change.

A question is a query whose counts add up over its units. It is counted at its finest grain, with nothing left out
for being too late, in a table of the workspace's own; what was known by a day is summed up from there. `counts.follow`
keeps the tables true to the facts, in the transaction of every landing and undo. Whatever does not follow the facts
(rows that came another way, another time zone, another wording of a question) is not used and counted anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

from leadline.data.counts.results import forget_results
from leadline.data.database.failures import STATEMENT_FAILURES
from leadline.data.database.session import Parameters, Row, Session
from leadline.data.engines.engine import engine_settings
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import templates
from leadline.data.warehouse import Warehouse

Answer = TypeVar("Answer")
Fetch = Callable[[Session, str, Parameters | None], list[Answer]]

KEPT_FROM_ROWS = 100_000
"""rows of facts from which on counts are kept; fewer are counted sooner than kept counts are looked after"""
MOST_QUESTIONS = 3000
"""questions kept at a time; the longest kept make room"""
FOREVER = dt.date(9999, 12, 31)

Unit = Literal["row", "joined", "parent", "week"]


@dataclass(frozen=True)
class Question:
    """How one kind of question is kept. Both texts come from files, never from a person."""

    name: str
    counted: str
    """SQL over facts.*: one row a group at the finest grain; `$through` is bound to the end of time"""
    as_of: str
    """SQL over {counts}: the rows of the question itself by the end of `$through`"""
    sums: tuple[str, ...]
    """columns of `counted` that add up; all others tell groups apart"""
    presence: str
    """the sum that is 0 where a group has no unit left"""
    unit: Unit
    """what adds up: 'row' (each row by itself), 'joined' (a row with the lead or asset it belongs to), 'parent' (a lead
    or asset with all its rows), 'week' (only whole weeks of entry)"""
    whole_weeks: bool = True
    """answers only for the end of a week"""
    holds: str | None = None
    """SQL over {counts}: false where the facts are such that counts don't tell the answer"""
    bound_later: tuple[str, ...] = field(default=("through", "first"))
    """values that `counted` does not depend on"""

    @cached_property
    def templates(self) -> frozenset[str]:
        """Templates of which rows change the counts: those named, and those that they have their workflow from."""
        named = [
            template
            for name, template in templates().items()
            if re.search(rf"\bfacts\.\"?{name}\b", self.counted)
        ]
        parents = {template.parent[0] for template in named if template.parent}
        return frozenset({template.name for template in named} | parents)

    def key(self, values: Mapping[str, object]) -> str:
        """What tells this question with these values from any other."""
        told = [self.name, self.counted, sorted(values.items())]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


_FOLLOWED: WeakKeyDictionary[Warehouse, int] = WeakKeyDictionary()
"""commits of a warehouse after which kept counts were seen to follow the facts"""

KNOWN: dict[str, Question] = {}
"""questions that are kept, by name"""

_TOGETHER: ContextVar[Mapping[str, Sequence[str]]] = ContextVar("together", default=MappingProxyType({}))
"""workflow → all of those that will be asked the same"""
_ALONE: set[str] = set()
"""questions, as they are counted, that the engine can't count for many workflows in one pass"""


@contextmanager
def counted_together(alike: Iterable[Sequence[str]]) -> Iterator[None]:
    """Within the block, a question of one workflow that is not kept yet is counted for all of its group in one pass."""
    before = _TOGETHER.set({one: group for group in alike for one in group})
    try:
        yield
    finally:
        _TOGETHER.reset(before)


def define(questions: Iterable[Question]) -> None:
    """Makes questions known to landings and answers."""
    KNOWN.update((question.name, question) for question in questions)


@dataclass(frozen=True)
class Standing:
    """A question with its values, and the number of its table."""

    number: int
    question: Question
    values: Mapping[str, Any]

    @property
    def counts(self) -> str:
        return table_of(self.number)


def table_of(number: int) -> str:
    return quote(f"counts_{number}")


def answer(warehouse: Warehouse, name: str, values: Mapping[str, object]) -> list[Row] | None:
    """The rows of a question from kept counts, counted now where they were not kept yet; None: ask the facts."""
    return answer_as(Session.select, warehouse, name, values)


def answer_as(
    fetch: Fetch[Answer], warehouse: Warehouse, name: str, values: Mapping[str, object]
) -> list[Answer] | None:
    """The same as rows (Session.select) or as columns (Session.columns)."""
    question = KNOWN.get(name)
    if question is None or engine_settings(warehouse.workspace.settings) is not None:
        return None
    through = values.get("through", FOREVER)
    if question.whole_weeks and not (isinstance(through, dt.date) and through.isoweekday() == 7):
        return None
    own = {k: v for k, v in values.items() if k not in question.bound_later}
    commits = warehouse.commits
    try:
        with warehouse.snapshot() as session:
            follows = _follows(warehouse, session, commits)
            number = _standing(session, question.key(own)) if follows else None
            if number is not None:
                return _read(session, question, number, values, fetch)
            if rows_in_force(session) < KEPT_FROM_ROWS:
                return None
        return _kept_now(fetch, warehouse, question, own, values)
    except STATEMENT_FAILURES:
        logging.getLogger(__name__).warning("counts of %s could not be kept", name, exc_info=True)
        return None


def _kept_now(
    fetch: Fetch[Answer],
    warehouse: Warehouse,
    question: Question,
    own: Mapping[str, object],
    values: Mapping[str, object],
) -> list[Answer] | None:
    others = [] if question.counted in _ALONE else _others(question, own)
    try:
        with warehouse.transaction_if_free() as free:
            if free is None:  # somebody writes: nobody should wait for that
                return None
            number = _keep(free, question, own, others)
            return _read(free, question, number, values, fetch)
    except STATEMENT_FAILURES:
        if not others:
            raise
        _ALONE.add(question.counted)
    return _kept_now(fetch, warehouse, question, own, values)


def _others(question: Question, own: Mapping[str, object]) -> list[str]:
    """Further workflows that will be asked the same."""
    if "workflow" not in bound(question.counted, own):
        return []
    return [one for one in _TOGETHER.get().get(str(own["workflow"]), ()) if one != own["workflow"]]


def rows_in_force(session: Session, template: str | None = None) -> int:
    """Rows that imports have brought and nobody took back."""
    return int(session.select(read_sql("counts/rows_in_force.sql"), {"template": template})[0][0])


def facts_now(session: Session) -> Row:
    """What kept counts of the facts as they are would follow."""
    return session.select(read_sql("counts/facts_now.sql"))[0]


def standing_questions(session: Session) -> list[Standing]:
    """Every question with counts; those that this program does not know (any more) are forgotten."""
    found, unknown = [], []
    for number, name, key, bound in session.select(
        "select number, name, key, bound from kept.questions order by number"
    ):
        question, values = KNOWN.get(name), json.loads(bound)
        if question is None or question.key(values) != key:
            unknown.append(number)
        else:
            found.append(Standing(number, question, values))
    forget(session, unknown)
    return found


def forget(session: Session, numbers: Iterable[int]) -> None:
    """Gives up the counts of questions."""
    for number in numbers:
        session.execute(f"drop table if exists kept.{table_of(number)}")
        session.execute("delete from kept.questions where number = $number", {"number": number})


def forget_all(session: Session) -> None:
    forget(session, [number for (number,) in session.select("select number from kept.questions")])


def follow_facts(session: Session) -> None:
    """Says that the kept counts follow the facts as they are now."""
    session.execute("delete from kept.state")
    session.execute(f"insert into kept.state {read_sql('counts/facts_now.sql')}")


@dataclass(frozen=True)
class Compared:
    """Kept questions held against the facts: how many, and the names of those whose counts were others."""

    questions: int
    astray: tuple[str, ...]


def compare_with_facts(warehouse: Warehouse) -> Compared | None:
    """Counts every kept question anew; what differs is forgotten, so that it is counted when it is asked next, and with
    it the reviews that rest on it.

    None while somebody writes.
    """
    with warehouse.transaction_if_free() as session:
        if session is None:
            return None
        if not session.select(read_sql("counts/follows.sql")):
            return Compared(0, ())
        standing = standing_questions(session)
        astray = [one for one in standing if _differs(session, one)]
        forget(session, [one.number for one in astray])
        if astray:
            forget_results(session, "reviews")
        return Compared(len(standing), tuple(sorted({one.question.name for one in astray})))


def _differs(session: Session, one: Standing) -> bool:
    counted, values = count_sql(one.question, one.values)
    sums = [quote(name) for name in one.question.sums]
    text = compose(
        "counts/differing.sql",
        counts=one.counts,
        groups=", ".join(groups_of(session, one)),
        sums=", ".join(sums),
        totals=totals(sums),
        presence=quote(one.question.presence),
        counted=counted,
    )
    return bool(session.select(text, values)[0][0])


def groups_of(session: Session, one: Standing) -> list[str]:
    """The columns of a question's counts that tell groups apart, quoted."""
    names = session.select(
        "select column_name from duckdb_columns() "
        "where schema_name = 'kept' and table_name = $table and not internal order by column_index",
        {"table": one.counts.strip('"')},
    )
    return [quote(name) for (name,) in names if name not in one.question.sums]


def totals(sums: Iterable[str]) -> str:
    """Quoted columns summed under their own names."""
    return ", ".join(f"sum({name}) as {name}" for name in sums)


def bound(sql: str, values: Mapping[str, object]) -> dict[str, object]:
    """Of the values, those that a text names."""
    return {k: v for k, v in values.items() if re.search(rf"\${k}\b", sql)}


def count_sql(question: Question, values: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """The text that counts a question at its finest grain, and its values."""
    return question.counted, bound(question.counted, {**values, "through": FOREVER})


def _follows(warehouse: Warehouse, session: Session, commits: int) -> bool:
    """Whether kept counts follow the facts. Looked at once between two commits: facts change with those alone.

    `commits`: those of the warehouse before the session's snapshot was taken.
    """
    is_known = _FOLLOWED.get(warehouse) == commits and not warehouse.is_in_transaction()
    if not is_known:
        if not session.select(read_sql("counts/follows.sql")):
            return False
        if not warehouse.is_in_transaction():
            _FOLLOWED[warehouse] = commits
    return True


def _standing(session: Session, key: str) -> int | None:
    found = session.select(read_sql("counts/standing.sql"), {"key": key})
    return int(found[0][0]) if found else None


def _read(
    session: Session,
    question: Question,
    number: int,
    values: Mapping[str, object],
    fetch: Fetch[Answer],
) -> list[Answer] | None:
    counts = f"kept.{table_of(number)}"
    if question.holds is not None and not session.select(question.holds.replace("{counts}", counts))[0][0]:
        return None
    return fetch(session, question.as_of.replace("{counts}", counts), bound(question.as_of, values))


def _keep(session: Session, question: Question, own: Mapping[str, object], others: Sequence[str] = ()) -> int:
    """Counts a question into a table of its own, and for other workflows into tables of theirs; its number."""
    if not session.select(read_sql("counts/follows.sql")):
        forget_all(session)
        follow_facts(session)
    if (number := _standing(session, question.key(own))) is not None:  # another thread has just done it
        return number
    alike = [{**own, "workflow": one} for one in others]
    wanted = [own, *(each for each in alike if _standing(session, question.key(each)) is None)]
    numbers = [n for (n,) in session.select("select number from kept.questions order by number")]
    forget(session, numbers[: max(len(numbers) + len(wanted) - MOST_QUESTIONS, 0)])
    first = max(numbers, default=0) + 1
    counted, values = count_sql(question, own)
    if len(wanted) == 1:
        session.execute(compose("counts/count.sql", counts=table_of(first), counted=counted), values)
    else:
        _count_together(session, counted, values, first, [str(each["workflow"]) for each in wanted])
    for number, each in enumerate(wanted, first):
        session.execute(
            "insert into kept.questions values ($number, $name, $key, $bound)",
            {
                "number": number,
                "name": question.name,
                "key": question.key(each),
                "bound": json.dumps(dict(each), sort_keys=True),
            },
        )
    return first


def _count_together(
    session: Session, counted: str, values: Mapping[str, object], first: int, workflows: Sequence[str]
) -> None:
    """One pass over the facts; a table for each workflow, numbered from `first` on."""
    of_each = re.sub(r"\$workflow\b", "asked.workflow", counted)
    rest = {name: value for name, value in values.items() if name != "workflow"}
    session.execute(
        compose("counts/count_together.sql", counted=of_each), {**rest, "workflows": list(workflows)}
    )
    for number, workflow in enumerate(workflows, first):
        text = compose("counts/count_apart.sql", counts=table_of(number))
        session.execute(text, {"workflow": workflow})
    session.execute("drop table counted_together")
