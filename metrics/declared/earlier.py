"""The question of how many events count as a unit's own although their day lies before the one on which it entered."""

from __future__ import annotations

from leadline.data.counts.store import Unit
from leadline.data.sql import quote
from leadline.data.templates import templates
from leadline.metrics.declared.declaration import (
    Count,
    Declaration,
    OwnEvent,
    Rows,
    Share,
    ValuePerUnit,
)
from leadline.metrics.declared.question import Asked, Binding, events_of, formed, met, units_of


def earlier(declaration: Declaration) -> Asked | None:
    """By week and import: the events that count within `$within_weeks` weeks, and those of a day before the entry of
    what they belong to; of an amount for each unit all events that have one, else the first of a unit. None where
    nothing of a declaration comes later than its units."""
    binding = Binding()
    match declaration:
        case Share(of, Rows() as event) | Count(event, Rows() as of):
            parts = units_of(of, binding, "segment") | events_of(event, of, binding) | {"each": ""}
            return _asked("paired_elsewhere", parts, "parent", binding)
        case ValuePerUnit(of, event, amount):
            parts = units_of(of, binding, "segment") | events_of(event, of, binding)
            parts["event_where"] += f" and event.{quote(amount)} is not null"
            keys = "".join(f", event.{quote(name)}" for name in templates()[event.template].key)
            return _asked("paired_elsewhere", parts | {"each": keys}, "parent", binding)
        case Share(of, OwnEvent(word=None) as own):
            parts = units_of(of, binding, "segment", "key")
            column = f"unit.{quote(own.column)}"
            for one in own.unless:
                parts["where"] += f" and not coalesce({met('unit', of.template, one, binding)}, false)"
            if own.within_minutes is not None:
                minutes = binding.minutes(own.within_minutes)
                parts["where"] += (
                    f" and {column} <= unit.{quote(of.at)} + to_minutes(cast({minutes} as bigint))"
                )
            return _asked("paired_own", parts | {"happened_at": column}, "row", binding)
        case _:
            return None


def _asked(form: str, parts: dict[str, str], unit: Unit, binding: Binding) -> Asked:
    sql = formed("earlier", paired=formed(form, **parts))
    return Asked(sql, sql, "lacking", unit, binding.values)
