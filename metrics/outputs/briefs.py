"""Briefs that have landed, how complete they are, and which outputs have one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from leadline.data.engines.engine import ask
from leadline.data.sql import filled, quote
from leadline.data.templates import Template, templates
from leadline.data.warehouse import Warehouse
from leadline.metrics.sql import read_sql

Part = Literal["outcome", "audience", "positioning", "constraints", "context"]
"""what a brief is to say"""
PARTS: tuple[Part, ...] = get_args(Part)
Completeness = Literal["complete", "incomplete", "none"]
"""every part is there, some are not, or no brief is known"""
_EMPTY = frozenset({"", "-", "–", "—", ".", "n/a", "na", "none", "tbd", "todo", "?", "x", "k.a.", "null"})


@dataclass(frozen=True)
class Brief:
    id: str
    written_on: dt.date
    workflow: str | None
    version: str | None
    author: str | None
    title: str | None
    parts: Mapping[Part, str]
    """those that say something"""

    @property
    def missing(self) -> tuple[Part, ...]:
        return tuple(part for part in PARTS if part not in self.parts)

    @property
    def completeness(self) -> Completeness:
        return "incomplete" if self.missing else "complete"


@dataclass(frozen=True)
class Unbriefed:
    """An output that names no brief, or one that has not landed."""

    template: str
    id: str
    entered_on: dt.date
    brief: str | None


@dataclass(frozen=True)
class Briefed:
    """The outputs of a span by the briefs that they name."""

    first: dt.date
    through: dt.date
    briefs: Mapping[str, Brief]
    units: Mapping[str | None, int]
    """outputs by the brief that they name"""
    came_in: int = 0
    """leads, which a workflow answers and does not produce"""

    @property
    def total(self) -> int:
        return sum(self.units.values())

    @cached_property
    def by_completeness(self) -> Mapping[Completeness, int]:
        found: dict[Completeness, int] = dict.fromkeys(get_args(Completeness), 0)
        for name, units in self.units.items():
            found[completeness_of(self.briefs, name)] += units
        return found


def completeness_of(briefs: Mapping[str, Brief], name: str | None) -> Completeness:
    """Of the brief that an output names; 'none' also where that brief has not landed."""
    brief = briefs.get(name) if name else None
    return brief.completeness if brief else "none"


def carrying() -> tuple[Template, ...]:
    """The templates whose rows may name the brief that they were made by."""
    return tuple(each for each in templates().values() if each.name != "briefs" and each.column("brief_id"))


def briefs_of(warehouse: Warehouse, workflow: str, through: dt.date) -> dict[str, Brief]:
    """Briefs of a workflow, or of none in particular, that were written by the end of a day; the newest first."""
    rows = ask(warehouse, read_sql("outputs/briefs.sql"), {"through": through, "brief": ""})
    read = (_read(row) for row in rows)
    return {brief.id: brief for brief in read if brief.workflow in (None, workflow)}


def brief_named(warehouse: Warehouse, name: str) -> Brief | None:
    """The brief that landed under this identity; None where none did."""
    if not name:
        return None
    rows = ask(warehouse, read_sql("outputs/briefs.sql"), {"through": dt.date.max, "brief": name})
    return _read(rows[0]) if rows else None


def _read(row: Sequence[Any]) -> Brief:
    name, written, workflow, version, author, title, *said = row
    parts = {part: str(text) for part, text in zip(PARTS, said, strict=True) if says(text)}
    return Brief(str(name), written, workflow, version, author, title, parts)


def says(text: object) -> bool:
    """Whether a part of a brief says anything: a dash and 'tbd' don't."""
    return text is not None and " ".join(str(text).split()).casefold() not in _EMPTY


def briefed(warehouse: Warehouse, workflow: str, first: dt.date, through: dt.date) -> Briefed:
    """Of everything that a workflow produced from `first` to `through`, whatever kind it is of."""
    counted = _by_template(warehouse, workflow, first, through)
    units: dict[str | None, int] = {}
    for template, found in counted.items():
        if _is_produced(template, found):
            for name, count in found.items():
                units[name] = units.get(name, 0) + count
    came_in = sum(
        sum(found.values()) for template, found in counted.items() if not _is_produced(template, found)
    )
    return Briefed(first, through, briefs_of(warehouse, workflow, through), units, came_in)


def _by_template(
    warehouse: Warehouse, workflow: str, first: dt.date, through: dt.date
) -> dict[str, dict[str | None, int]]:
    values = {"workflow": workflow, "first": first, "through": through}
    return {
        template.name: {
            str(name) if name else None: int(count)
            for name, count in ask(warehouse, _of(template, "by_brief"), values)
        }
        for template in carrying()
    }


def _is_produced(template: str, by_brief: Mapping[str | None, int]) -> bool:
    """A lead comes in; it is an output, of the answer to it, where some of them name a brief."""
    return template != "leads" or any(name is not None for name in by_brief)


def unbriefed(warehouse: Warehouse, workflow: str, first: dt.date, through: dt.date) -> tuple[Unbriefed, ...]:
    """Outputs of a span without a brief that is known, the newest first; at most 200 of each kind."""
    values = {"workflow": workflow, "first": first, "through": through}
    counted = _by_template(warehouse, workflow, first, through)
    found = (
        Unbriefed(template.name, str(output), day, None if name is None else str(name))
        for template in carrying()
        if _is_produced(template.name, counted[template.name])
        for output, day, name in ask(warehouse, _of(template, "unbriefed"), values)
    )
    return tuple(sorted(found, key=lambda each: (-each.entered_on.toordinal(), each.id)))


def _of(template: Template, name: str) -> str:
    parts = {
        "template": quote(template.name),
        "at": quote(template.moment[0]),
        "key": quote(template.key[0]),
    }
    text = read_sql(f"outputs/{name}.sql")
    return filled(text, **{part: word for part, word in parts.items() if f"{{{part}}}" in text})
