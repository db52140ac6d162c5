"""Filters that say beforehand whether a unit has its event: such a share is 100 or 0 %, whatever an agent does."""

from __future__ import annotations

from collections.abc import Mapping

from leadline.data.templates import templates
from leadline.metrics.declared.declaration import Condition, OwnEvent, Rows


def foregone(of: Rows, event: OwnEvent) -> str | None:
    """'every unit has it: …' or 'no unit has it: …'; None where it is open."""
    words = _words(of.where)
    if event.word is not None:
        left = words.get(event.column)
        if left == {event.word}:
            return f"every unit has it: only rows with {event.column} {event.word} are units"
        if left is not None and event.word not in left:
            return f"no unit has it: rows with {event.column} {event.word} are no units"
    for one in event.unless:
        left = {event.word} if one.column == event.column and event.word else words.get(one.column)
        if left is not None and left <= {*one.words}:
            return (
                f"no unit has it: every one is left out by unless, with {one.column} {' or '.join(one.words)}"
            )
    return never_happens(Rows(of.template, event.column, of.where))


def never_happens(rows: Rows) -> str | None:
    """Where rows have no such time in the only states that the filter leaves."""
    column = templates()[rows.template].column(rows.at)
    if column is None or column.type != "time" or column.counts_for is None:
        return None
    state, counted = column.counts_for
    left = _words(rows.where).get(state)
    if left is None or left & {*counted}:
        return None
    return f"none ever happens: {rows.at} counts only with {state} {' or '.join(counted)}"


def _words(where: tuple[Condition, ...]) -> Mapping[str, set[str]]:
    return {condition.column: {*condition.words} for condition in where}
