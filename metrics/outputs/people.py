"""Did the agent cause it? Where units say who handled them, those left to people are the comparison of the same weeks.

At equal age, and within the segments of the charter's first dimension, so that neither younger units nor another mix
reads as the agent's doing. Only weeks in which both handled some count. It confirms a drift; it does not raise the
alarm, for the few that are left to people take long to tell anything: `weeks_to_notice` says how long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leadline.data.engines.engine import ask
from leadline.data.sql import filled, quote
from leadline.data.templates import templates
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.causes import BesidePeople
from leadline.metrics.charter_terms import Charter
from leadline.metrics.cohorts import Calendar, units_by
from leadline.metrics.declared.declaration import Condition, Share
from leadline.metrics.sql import read_sql
from leadline.metrics.statistics.comparison import (
    Floats,
    Reached,
    common_curve,
    compare,
    reached,
    weeks_to_notice,
)
from leadline.metrics.statistics.fitness import last_week_end

Bools = NDArray[np.bool_]
AGENT, HUMAN = "agent", "human"
NOTICED_FALL = 0.35


def beside_people(
    warehouse: Warehouse, charter: Charter, catalog: Mapping[str, Metric], as_of: dt.date
) -> tuple[BesidePeople, ...]:
    """Each outcome whose units say who handled them; nothing where nobody but the agent did."""
    through = last_week_end(as_of)
    if through <= charter.deployed_on:
        return ()
    calendar = Calendar.spanning(charter.deployed_on, through)
    found = (
        _of_outcome(warehouse, charter, catalog[name], calendar)
        for name in charter.outcomes
        if isinstance(catalog[name].declaration, Share)
    )
    return tuple(one for one in found if one is not None)


def left_to_people(warehouse: Warehouse, templates_counted: Iterable[str]) -> frozenset[str]:
    """Workflows of which some units of these templates were left to people."""
    return frozenset(
        str(workflow)
        for template in sorted(set(templates_counted))
        if "handled_by" in _columns(template)
        for (workflow,) in ask(
            warehouse, filled(read_sql("outputs/left_to_people.sql"), template=quote(template)), {}
        )
    )


Counted = dict[str, tuple[Floats, Floats]]
"""segment → entered [C], events [C, A]"""


def _of_outcome(
    warehouse: Warehouse, charter: Charter, metric: Metric, calendar: Calendar
) -> BesidePeople | None:
    by = {who: _counted(warehouse, charter, metric, calendar, who) for who in (AGENT, HUMAN)}
    if not all(by.values()):
        return None
    each = {who: sum(entered for entered, _ in found.values()) for who, found in by.items()}
    both = (np.asarray(each[AGENT]) > 0) & (np.asarray(each[HUMAN]) > 0)
    if not both.any():
        return None
    last = calendar.weeks - 1
    agent, human = (_reached(by, who, both, last) for who in (AGENT, HUMAN))
    weeks, first = int(both.sum()), int(np.flatnonzero(both)[0])
    rate = float(human.events.sum() / max((human.units * human.share).sum(), 1e-9)) * _final(by, both, last)
    weekly = human.units.sum() / weeks, agent.units.sum() / weeks
    return BesidePeople(
        metric.id,
        compare(human, agent),
        int(agent.units.sum()),
        int(human.units.sum()),
        calendar.start(first),
        weeks,
        weeks_to_notice(float(weekly[0]), float(weekly[1]), min(max(rate, 0.0), 0.99), NOTICED_FALL),
    )


def _counted(warehouse: Warehouse, charter: Charter, metric: Metric, calendar: Calendar, who: str) -> Counted:
    declared = metric.declaration
    if not isinstance(declared, Share) or "handled_by" not in _columns(declared.of.template):
        return {}
    only = replace(declared.of, where=(*declared.of.where, Condition("handled_by", (who,))))
    asked = replace(metric, id=f"{metric.id}/{who}", declaration=replace(declared, of=only))
    segment = charter.segments[0] if charter.segments else ""
    found: Counted = {}
    for name, week, age, units in units_by(
        warehouse, asked, charter.workflow, segment, calendar.end(calendar.weeks - 1)
    ):
        place = calendar.position(week)
        if 0 <= place < calendar.weeks:
            entered, events = found.setdefault(
                name, (np.zeros(calendar.weeks), np.zeros((calendar.weeks, metric.within_weeks + 1)))
            )
            entered[place] += units
            if age is not None and age < events.shape[1]:
                events[place, age] += units
    return found


def _reached(by: Mapping[str, Counted], who: str, both: Bools, week: int) -> Reached:
    """All segments, each against its own curve, the weeks in which both handled some alone."""
    parts = []
    for name, (entered, events) in by[who].items():
        sides = [by[side][name] for side in (AGENT, HUMAN) if name in by[side]]
        share = common_curve(
            np.array([np.where(both, n, 0.0) for n, _ in sides]),
            np.array([np.where(both[:, None], d, 0.0) for _, d in sides]),
            week,
        )
        parts.append(reached(np.where(both, entered, 0.0), np.where(both[:, None], events, 0.0), share, week))
    return Reached(
        *(np.concatenate([getattr(p, key) for p in parts]) for key in ("units", "events", "share"))
    )


def _final(by: Mapping[str, Counted], both: Bools, week: int) -> float:
    """The share that all of them together should reach in the end."""
    sides = [counted for found in by.values() for counted in found.values()]
    share = common_curve(
        np.array([np.where(both, n, 0.0) for n, _ in sides]),
        np.array([np.where(both[:, None], d, 0.0) for _, d in sides]),
        week,
    )
    return float(share.max())


def _columns(template: str) -> frozenset[str]:
    return frozenset(column.name for column in templates()[template].columns)
