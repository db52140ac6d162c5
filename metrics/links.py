"""Facts of single leads → does the proxy still predict the outcome, at any week end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.cohorts import Calendar, columns
from leadline.metrics.columns import NONE, days_since
from leadline.metrics.findings import ComparedBy, ComparedLeads, UntoldLink
from leadline.metrics.measures import Span
from leadline.metrics.results import Linkage, LinkPeriod, Odds
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS
from leadline.metrics.statistics.linkage import NEVER, Link, OddsRatio, Units, judge, link

COMPARED: tuple[ComparedBy, ...] = get_args(ComparedBy)
"""the .sql file in metrics/sql/linkage has the same name"""
OUTCOMES = ("close_rate", "qualified_appointment_rate")
"""how an outcome of a single lead is counted"""
SCORE = "score"
PERIOD_WEEKS = 13
NEARLY_ALL = 0.95


@dataclass(frozen=True, eq=False)
class Linked:
    """One proxy and one outcome of the same leads."""

    proxy: str
    outcome: str
    meaning: ComparedLeads
    link: Link


def links(
    warehouse: Warehouse, charter: Charter, catalog: Mapping[str, Metric], span: Span
) -> tuple[Linked, ...]:
    """Every proxy of the charter, and the score where leads have one, with every outcome of a lead; counted once."""
    proxies = [(name, catalog[name].counted_as, catalog[name].parameters) for name in charter.proxies]
    found = []
    for outcome in (catalog[name] for name in charter.outcomes if catalog[name].counted_as in OUTCOMES):
        for name, counted_as, parameters in [*proxies, (SCORE, SCORE, {})]:
            if counted_as not in COMPARED:
                continue
            values = {**parameters, "workflow": charter.workflow, "outcome": outcome.counted_as}
            units = _units(warehouse, counted_as, values, span.calendar)
            if units.units.size:
                laid_out = link(units, span.calendar.weeks, outcome.within_weeks + 1)
                minutes = parameters.get("minutes")
                meaning = ComparedLeads(counted_as, None if minutes is None else int(minutes))
                found.append(Linked(name, outcome.id, meaning, laid_out))
    return tuple(found)


def _units(warehouse: Warehouse, name: str, values: Mapping[str, object], calendar: Calendar) -> Units:
    through = calendar.end(calendar.weeks - 1)
    found = columns(warehouse, f"linkage/{name}", {**values, "through": through})
    if not found:
        found = [np.zeros(0, dtype=np.int64)] * 6
    week, since, proxy, bucket, outcome, units = found
    return Units(
        days_since(week, calendar.first) // 7,
        since,
        np.where(proxy == NONE, NEVER, proxy),
        np.where(bucket == NONE, -1, bucket),
        np.where(outcome == NONE, NEVER, outcome),
        units.astype(np.float64),
    )


def deals_beside_appointments(
    warehouse: Warehouse, charter: Charter, span: Span, appointment_ages: int, deal_ages: int
) -> NDArray[np.float64]:
    """[A + 1, A' + 1] leads of the baseline by their age in weeks at the first qualified appointment and at the first
    won deal, as known when it ended; the last row and column: never, or later than these ages."""
    values = {
        "workflow": charter.workflow,
        "first": span.calendar.start(span.first),
        "through": span.calendar.end(span.last),
    }
    table = np.zeros((appointment_ages + 1, deal_ages + 1))
    if found := columns(warehouse, "linkage/deal_beside_appointment", values):
        appointed, won, leads = found
        at = (
            np.where((age == NONE) | (age > ages), ages, age)
            for age, ages in ((appointed, appointment_ages), (won, deal_ages))
        )
        np.add.at(table, tuple(at), leads)
    return table


def linkages(found: tuple[Linked, ...], span: Span, week: int) -> tuple[Linkage, ...]:
    """What is told at the end of `week`: the baseline as it was known when it ended, now the last half year."""
    if week < span.deployed:
        return ()
    return tuple(_linkage(linked, span, week) for linked in found)


def _linkage(linked: Linked, span: Span, week: int) -> Linkage:
    before = linked.link.odds_ratio(span.first, span.last, span.last)
    now = linked.link.odds_ratio(max(span.deployed, week - LOOK_BACK_WEEKS + 1), week, week)
    return Linkage(
        proxy=linked.proxy,
        outcome=linked.outcome,
        verdict=judge(before, now),
        meaning=linked.meaning,
        baseline=_odds(before),
        now=_odds(now),
        periods=_periods(linked.link, span, week),
        note=_note(now),
    )


def _periods(linked: Link, span: Span, week: int) -> tuple[LinkPeriod, ...]:
    """Quarters that end with the baseline and begin with the deployment; a shorter one is left out at either end of
    the baseline and kept where it is the newest."""
    starts = [
        *reversed(range(span.last + 1 - PERIOD_WEEKS, span.first - 1, -PERIOD_WEEKS)),
        *range(span.deployed, week + 1, PERIOD_WEEKS),
    ]
    return tuple(
        LinkPeriod(
            span.calendar.start(first),
            span.calendar.end(last),
            _odds(linked.odds_ratio(first, last, week)),
        )
        for first in starts
        for last in [min(first + PERIOD_WEEKS - 1, week)]
    )


def _odds(found: OddsRatio) -> Odds:
    return Odds(found.value, found.low, found.high, found.units, found.events, found.share)


def _note(now: OddsRatio) -> UntoldLink | None:
    """Why there may be nothing to tell."""
    if now.share is None:
        return UntoldLink("no_lead")
    if now.share > NEARLY_ALL:
        return UntoldLink("nearly_all")
    return UntoldLink("hardly_any") if now.share < 1.0 - NEARLY_ALL else None
