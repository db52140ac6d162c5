"""Outputs compared by what they were told: with a complete brief or without, brief beside brief, author beside author.

Compared at equal age, over everything that entered since the deployment, with the outcome's own events. What is told as
clear has survived the step over all comparisons that breakdowns take (false discovery rate 5 %), and its interval lies
on one side. It is an association, and every sentence says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.cohorts import UNKNOWN, Calendar, units_by
from leadline.metrics.outputs.briefs import Brief, briefs_of, carrying, completeness_of
from leadline.metrics.statistics.breakdown import survivors
from leadline.metrics.statistics.comparison import (
    LEAST_UNITS,
    Ratio,
    Reached,
    common_curve,
    compare,
    reached,
)
from leadline.metrics.statistics.fitness import last_week_end

Floats = NDArray[np.float64]
By = Literal["completeness", "brief", "author"]
NO_BRIEF = "none"
MOST_GROUPS = 12
"""the largest; the rest is too few each to be told apart"""


@dataclass(frozen=True)
class Group:
    """One group of outputs."""

    name: str
    """'complete', a brief's id, an author"""
    units: int
    events: int
    rate: float | None
    """share of all of them that have had the event so far"""
    oldest_weeks: int
    """how long ago the first of them entered"""


@dataclass(frozen=True)
class Comparison:
    """Groups of one kind, of one outcome, beside the group that most others are compared with."""

    outcome: str
    by: By
    groups: tuple[Group, ...]
    """largest first"""
    reference: str
    ratios: Mapping[str, Ratio | None]
    """group → times as often as the reference at equal age; None: too few"""
    clear: frozenset[str]
    """groups that differ by more than noise, also when all comparisons were looked at"""


@dataclass(frozen=True)
class OutputsCompared:
    since: dt.date
    through: dt.date
    comparisons: tuple[Comparison, ...]
    briefs: Mapping[str, Brief]


def compared(
    warehouse: Warehouse, charter: Charter, catalog: Mapping[str, Metric], as_of: dt.date
) -> OutputsCompared:
    """Every outcome whose units may name a brief, by completeness, brief and author, as known at the last week end."""
    through = last_week_end(as_of)
    calendar = Calendar.spanning(charter.deployed_on, max(through, charter.deployed_on))
    briefs = briefs_of(warehouse, charter.workflow, as_of)
    carry = {template.name for template in carrying()}
    found: list[Comparison] = []
    if through >= charter.deployed_on:
        for name in charter.outcomes:
            metric = catalog[name]
            if metric.kind == "rate" and metric.sources[0] in carry:
                rows = units_by(
                    warehouse, metric, charter.workflow, "brief_id", calendar.end(calendar.weeks - 1)
                )
                for by in get_args(By):
                    table = _table(rows, calendar, metric.within_weeks + 1, _group_of(by, briefs))
                    if told := _comparison(name, by, table, calendar.weeks - 1):
                        found.append(told)
    return OutputsCompared(calendar.first, through, _with_clear(found), briefs)


def _group_of(by: By, briefs: Mapping[str, Brief]) -> Callable[[str], str | None]:
    def group(value: str) -> str | None:
        name = None if value == UNKNOWN else value
        brief = briefs.get(name) if name else None
        match by:
            case "completeness":
                return completeness_of(briefs, name)
            case "brief":
                return brief.id if brief else NO_BRIEF
            case "author":
                return brief.author if brief else None

    return group


Table = Mapping[str, tuple[Floats, Floats]]
"""group → entered [C], events [C, A]"""


def _table(
    rows: list[tuple[str, dt.date, int | None, int]],
    calendar: Calendar,
    ages: int,
    group_of: Callable[[str], str | None],
) -> Table:
    found: dict[str, tuple[Floats, Floats]] = {}
    for value, week, age, units in rows:
        group, place = group_of(value), calendar.position(week)
        if group is None or not 0 <= place < calendar.weeks:
            continue
        entered, events = found.setdefault(
            group, (np.zeros(calendar.weeks), np.zeros((calendar.weeks, ages)))
        )
        entered[place] += units
        if age is not None and age < ages:
            events[place, age] += units
    return found


def _comparison(outcome: str, by: By, table: Table, week: int) -> Comparison | None:
    """None where there are no two groups."""
    sizes = sorted(table, key=lambda name: (-table[name][0].sum(), name))[:MOST_GROUPS]
    if by == "brief":  # of single briefs there are many, of which most have one output or two
        sizes = [name for name in sizes if table[name][0].sum() >= LEAST_UNITS]
    if len(sizes) < 2:
        return None
    share = common_curve(
        np.array([table[name][0] for name in sizes]), np.array([table[name][1] for name in sizes]), week
    )
    known = {name: reached(*table[name], share, week) for name in sizes}
    reference = _reference(by, known)
    ratios = {name: compare(known[reference], known[name]) for name in sizes if name != reference}
    groups = tuple(_told(name, known[name], week) for name in sizes)
    return Comparison(outcome, by, groups, reference, ratios, frozenset())


def _reference(by: By, known: Mapping[str, Reached]) -> str:
    """What the others are told beside: of completeness the least complete that has enough, else the largest."""
    enough = [name for name, one in known.items() if one.units.sum() >= LEAST_UNITS]
    if by == "completeness":
        return next((name for name in ("none", "incomplete") if name in enough), next(iter(known)))
    return next((name for name in enough if name != NO_BRIEF), next(iter(known)))


def _told(name: str, one: Reached, week: int) -> Group:
    units, events = int(one.units.sum()), int(one.events.sum())
    first = int(np.flatnonzero(one.units)[0]) if units else week
    return Group(name, units, events, events / units if units else None, week - first)


def _with_clear(found: list[Comparison]) -> tuple[Comparison, ...]:
    told = [
        (place, name, ratio)
        for place, one in enumerate(found)
        for name, ratio in one.ratios.items()
        if ratio is not None
    ]
    kept = survivors(np.array([ratio.chance for _, _, ratio in told], dtype=np.float64))
    clear: dict[int, set[str]] = {}
    for (place, name, ratio), survives in zip(told, kept, strict=True):
        if survives and (ratio.low > 1 or ratio.high < 1):
            clear.setdefault(place, set()).add(name)
    return tuple(
        Comparison(
            one.outcome, one.by, one.groups, one.reference, one.ratios, frozenset(clear.get(place, ()))
        )
        for place, one in enumerate(found)
    )
