"""Whether two declarations count the same event: then one can't rise while the other falls, and no drift would show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leadline.data.templates import templates
from leadline.metrics.declared.declaration import (
    Condition,
    Count,
    Declaration,
    OwnEvent,
    Ratio,
    Rows,
    Share,
    Sum,
    ValuePerUnit,
)

STATES = ("choice", "boolean")
"""types of columns that say what became of a row; others say of which kind it is"""


@dataclass(frozen=True)
class Event:
    """What there is more of when a metric rises."""

    rows: Rows
    amount: str | None = None


def event_of(declaration: Declaration, higher_is_better: bool) -> Event | None:
    """None of a mean, a time that passes and a cost for each of something, which move whatever number comes."""
    match declaration:
        case Share(event=Rows() as event):
            return Event(event)
        case Share(of, OwnEvent(column, None)):
            return Event(Rows(of.template, column, of.where))
        case Share(of, OwnEvent(column, str() as word)):
            return Event(Rows(of.template, of.at, (*of.where, Condition(column, (word,)))))
        case ValuePerUnit(event=event, amount=amount):
            return Event(event, amount)
        case Count(of):
            return Event(of)
        case Sum(of, amount):
            return Event(of, amount)
        case Ratio(Sum(of, amount)) if higher_is_better:
            return Event(of, amount)
        case _:
            return None


def is_among(counted: Event, wanted: Event) -> bool:
    """Whether all that is counted is also wanted, whichever form counts it. The same units are fine, and so is an
    earlier step, which is counted where nothing wanted comes of it too."""
    if counted.rows.template != wanted.rows.template:
        return False
    if None not in (counted.amount, wanted.amount) and counted.amount != wanted.amount:
        return False
    is_one = _time(counted.rows) == _time(wanted.rows) or _same_state(counted.rows, wanted.rows)
    return is_one and _within(counted.rows.where, wanted.rows.where)


def _within(one: Iterable[Condition], other: Iterable[Condition]) -> bool:
    """Whether all rows that meet the one meet the other."""
    words = {condition.column: set(condition.words) for condition in one}
    return all(
        condition.column in words and words[condition.column] <= set(condition.words) for condition in other
    )


def _time(rows: Rows) -> str | None:
    """The time that makes a row an event; None where all rows that are counted have it."""
    template = templates()[rows.template]
    column = template.column(rows.at)
    if column is None or column.required == "value":
        return None
    state, words = column.counts_for or ("", ())
    return None if state and _within(rows.where, (Condition(state, words),)) else rows.at


def _same_state(one: Rows, other: Rows) -> bool:
    """Whether it is what became of a row that makes both events, by whichever of its times it is counted."""
    described = (templates()[one.template].column(condition.column) for condition in one.where)
    return set(one.where) == set(other.where) and any(
        column is not None and column.type in STATES for column in described
    )
