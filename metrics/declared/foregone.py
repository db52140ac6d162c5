"""Filters that say beforehand whether a unit has its event: such a share is 100 or 0 %, whatever an agent does."""

from __future__ import annotations

from leadline.data.templates import templates
from leadline.metrics.declared.declaration import OwnEvent, Rows, Totals


def foregone(of: Rows, event: OwnEvent, totals: Totals | None = None) -> str | None:
    """'every unit has it, as …' or 'no unit has it, as …'; None where it is open."""
    column = templates()[of.template].column(event.column)
    if event.word is not None:
        left = words_left(of, event.column)
        if left == {event.word}:
            return f"every unit has it, as only rows with {event.column} {event.word} are units"
        if left is not None and event.word not in left:
            return f"no unit has it, as rows with {event.column} {event.word} are no units"
    elif event.column in of.recorded:
        return f"every unit has it, as only rows with {event.column} are units where that is recorded"
    elif column is not None and (column.required, column.unless) == ("value", "") and not event.unless:
        return f"every unit has it, as {event.column} is never empty"
    for one in event.unless:
        left = {event.word} if one.column == event.column and event.word else words_left(of, one.column)
        if left is not None and left <= {*one.words}:
            return f"no unit has it, as every one is left out by unless, with {one.column} {' or '.join(one.words)}"
    if totals is not None and totals.events in totals.units:
        return f"every unit has it, as {totals.events} of {totals.template} are both"
    return never_happens(Rows(of.template, event.column, of.where))


def never_happens(rows: Rows) -> str | None:
    """Where rows have no such time in the only states that the filter leaves."""
    column = templates()[rows.template].column(rows.at)
    if column is None or column.counts_for is None:
        return None
    state, counted = column.counts_for
    left = words_left(rows, state)
    if left is None or left & {*counted}:
        return None
    return f"none ever happens: {rows.at} counts only with {state} {' or '.join(counted)}"


def words_left(rows: Rows, name: str) -> set[str] | None:
    """The words of a column that rows can have: those of the filter, and those with which their time counts; None where
    neither says."""
    at = templates()[rows.template].column(rows.at)
    found = [{*one.words} for one in rows.where if one.column == name]
    if at is not None and at.counts_for is not None and at.counts_for[0] == name:
        found.append({*at.counts_for[1]})
    return set.intersection(*found) if found else None
