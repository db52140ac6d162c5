"""How the cells of a column change in the rows that are known: what is lost, exchanged, or falls in many of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from leadline.data.database.session import Session
from leadline.data.landing.compare import DECIDED
from leadline.data.sql import compose, literal, quote
from leadline.data.templates import Column, Template

VALUES = ("time", "choice", "boolean", "money", "number", "count", "percent")
"""types of columns of which whole ones don't change in most exports"""
GROWING = ("campaigns",)
"""templates whose rows tell totals so far, which don't fall"""


@dataclass(frozen=True)
class Alike:
    """Rows that are known, of one column: with a value that counts, and what happens to it."""

    known: int
    changed: int
    """to another value; not a time that gains its hour, or an amount that is rounded"""
    timed: int
    """with a time of day"""
    coarser: int
    """of those that lose it on the day or one beside it, as another zone's"""
    other_day: int
    swapped: int
    """of those where day and month have changed places"""
    fallen: int


def alike(session: Session, template: Template, names: Collection[str]) -> dict[str, Alike]:
    """Column -> how its cells change, in one pass over the rows that are known."""
    columns = [c for c in template.columns if c.name in names and c.type in VALUES and not c.helper]
    if not columns:
        return {}
    conditions = [each for column in columns for each in _conditions(template, column)]
    sql = compose(
        "landing/alike_counts.sql",
        counts=", ".join(f"count(*) filter ({condition})" for condition in conditions),
        known=quote(f"current_{template.name}"),
    )
    (found,) = session.select(sql)
    width = len(conditions) // len(columns)
    return {c.name: Alike(*found[n * width : (n + 1) * width]) for n, c in enumerate(columns)}


def coarser(name: str) -> str:
    """SQL condition of a time that loses its time of day."""
    comes, was = _times(name)
    return f"{_is_day(comes)} and not {_is_day(was)} and abs(datediff('day', {was}, {comes})) <= 1"


def swapped(name: str) -> str:
    """SQL condition of a day whose figures of day and month have changed places."""
    comes, was = _times(name)
    return (
        f"year({comes}) = year({was}) and day({comes}) = month({was}) and month({comes}) = day({was}) "
        f"and day({was}) <> month({was})"
    )


def fallen(name: str) -> str:
    """SQL condition of a number that is less than it was."""
    return f"typed_rows.{quote(name)} < known.{quote(name)}"


def _conditions(template: Template, column: Column) -> tuple[str, ...]:
    comes, was = f"typed_rows.{quote(column.name)}", f"known.{quote(column.name)}"
    is_known = f"{was} is not null and {_counts(template, column)}"
    if column.type == "time":
        here, there = _times(column.name)
        is_refined = f"({_is_day(there)} and {here}::date = {there}::date)"
        changes = f"abs(epoch_us({comes}) - epoch_us({was})) >= 60000000 and not {is_refined}"
        return (
            is_known,
            f"{is_known} and {changes} and not ({coarser(column.name)})",
            f"{was} is not null and not {_is_day(there)}",
            coarser(column.name),
            f"{here}::date <> {there}::date",
            swapped(column.name),
            "false",
        )
    least = f" and abs({comes} - {was}) >= 1" if column.type == "money" else ""
    falls = fallen(column.name) if column.type in ("count", "percent") else "false"
    return (is_known, f"{is_known} and {comes} <> {was}{least}", "false", "false", "false", "false", falls)


def _counts(template: Template, column: Column) -> str:
    """SQL condition of rows in which a column says something that is final."""
    if column.counts_for is not None:
        choice, words = column.counts_for
    elif (decided := DECIDED.get(template.name)) and decided.column == column.name:
        choice, words = decided.column, decided.finals
    else:
        return "true"
    return f"known.{quote(choice)} in ({', '.join(literal(word) for word in words)})"


def _times(name: str) -> tuple[str, str]:
    return f"facts.local_time(typed_rows.{quote(name)})", f"facts.local_time(known.{quote(name)})"


def _is_day(time: str) -> str:
    return f"({time} = date_trunc('day', {time}))"
