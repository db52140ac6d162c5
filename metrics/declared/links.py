"""Two declarations that speak of the same unit → the one question that is asked of both, unit by unit."""

from __future__ import annotations

from functools import cache

from leadline.data.counts.store import Unit
from leadline.data.sql import quote
from leadline.data.templates import templates
from leadline.metrics.declared.declaration import (
    Declaration,
    Duration,
    Mean,
    OwnEvent,
    Rows,
    Share,
    ValuePerUnit,
)
from leadline.metrics.declared.question import Asked, Binding, formed, happened, link, met, units_of


@cache
def linked(proxy: Declaration, outcome: Declaration) -> Asked | None:
    """Which units have what the proxy says, and which the outcome's event, each by their age. None where the two do
    not speak of the same unit, or the proxy tells no unit from another."""
    match outcome:
        case Share(of, Rows() as event):
            return _linked(proxy, of, event)
    return None


def _linked(proxy: Declaration, of: Rows, event: Rows) -> Asked | None:
    match proxy:
        case Duration(Rows(of.template) as units, to):
            columns = f", unit.{quote(units.at)} as began_at, unit.{quote(to)} as answered_at"
            return _asked(of, event, units, columns, "duration", "parent")
        case Share(Rows(of.template) as units, OwnEvent(column, within_minutes=int(minutes)), None):
            columns = f", unit.{quote(units.at)} as began_at, unit.{quote(column)} as answered_at"
            return _asked(of, event, units, columns, "within", "parent", minutes)
        case Mean(Rows(of.template) as units, amount):
            return _asked(of, event, units, f", unit.{quote(amount)} as amount", "amount", "week")
        case Share(Rows(messages) as sent, OwnEvent(word=None, within_minutes=None) as answer):
            if of.template in templates()[messages].links.values():
                return _of_messages(of, event, sent, answer)
    return None


@cache
def beside(one: Declaration, other: Declaration) -> Asked | None:
    """When a unit has the event of the one and when that of the other; None where they are of other units."""
    match one, other:
        case (
            (Share(of, Rows() as first) | ValuePerUnit(of, first)),
            (Share(units, Rows() as second) | ValuePerUnit(units, second)),
        ) if of == units:
            binding = Binding()
            parts = units_of(of, binding, "segment")
            parts |= {
                name: happened(event, of, binding) for name, event in (("one", first), ("other", second))
            }
            sql = formed("events_beside", **parts)
            return Asked(sql, sql, "links", "parent", binding.values)
    return None


def _asked(
    of: Rows, event: Rows, of_proxy: Rows, columns: str, told: str, unit: Unit, minutes: int | None = None
) -> Asked:
    binding = Binding()
    parts = _parts(of, event, of_proxy, columns, binding)
    bound = {} if minutes is None else {"minutes": binding.minutes(minutes)}
    sql = formed("link", told=formed(f"told_{told}", **bound), is_plain="", **parts)
    return Asked(sql, sql, "links", unit, binding.values)


def _of_messages(of: Rows, event: Rows, sent: Rows, answer: OwnEvent) -> Asked:
    binding = Binding()
    parts = _parts(of, event, of, "", binding)
    times = [f"unit.{quote(name)}" for name in sent.recorded or (sent.at,)]
    of_messages = {
        "messages": quote(sent.template),
        "link": quote(link(sent.template, of.template)),
        "sent_at": times[0] if len(times) == 1 else f"coalesce({', '.join(times)})",
        "answered_at": f"unit.{quote(answer.column)}",
        "unless": "".join(
            f" and not coalesce({met('unit', sent.template, one, binding)}, false)" for one in answer.unless
        ),
        "messages_where": "".join(f" and {met('unit', sent.template, one, binding)}" for one in sent.where),
    }
    asked, counted = (
        formed("link", told=formed(f"told_{name}", **of_messages), is_plain=is_plain, **parts)
        for name, is_plain in (("message", ""), ("message_counted", ",\n    told.is_plain"))
    )
    return Asked(asked, counted, "links_of_emails", "parent", binding.values)


def _parts(of: Rows, event: Rows, of_proxy: Rows, columns: str, binding: Binding) -> dict[str, str]:
    """The units of both, and the outcome's event."""
    units = units_of(of, binding, "segment")
    more = (one for one in of_proxy.where if one not in of.where)
    units["where"] += "".join(f" and {met('unit', of.template, one, binding)}" for one in more)
    return {**units, "columns": columns, "happened": happened(event, of, binding)}
