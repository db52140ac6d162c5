"""Facts of single leads → does the proxy still predict the outcome, at any week end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.cohorts import Calendar, columns
from leadline.metrics.columns import NONE, days_since
from leadline.metrics.counts import link_of
from leadline.metrics.declared.links import beside
from leadline.metrics.declared.question import Asked
from leadline.metrics.findings import ComparedBy, ComparedLeads, UntoldLink
from leadline.metrics.measures.span import Span
from leadline.metrics.results import Linkage, LinkPeriod, Odds
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS
from leadline.metrics.statistics.linkage import NEVER, Link, OddsRatio, Units, judge, link

SCORE = "score"
"""what leads were given, told beside every proxy; counted as in the metric of SCORED"""
SCORED = "lead_score"
BY_METRIC: Mapping[str, ComparedBy] = {
    "response_time": "response_time",
    "answered_within_5_minutes": "answered_within_5_minutes",
    "open_rate": "open_rate",
    "click_rate": "click_rate",
    "reply_rate": "reply_rate",
    SCORED: "score",
}
"""built-in metrics of which leads are told apart in words of their own"""
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
    """Every proxy of the charter, and the score where leads have one, with every outcome of the same units; counted
    once."""
    proxies = [(name, catalog[name]) for name in charter.proxies if catalog[name].kind != "mean"]
    found = []
    for outcome in (catalog[name] for name in charter.outcomes):
        for name, proxy in [*proxies, (SCORE, load_catalog(None)[SCORED])]:
            if (question := link_of(proxy, outcome)) is None:
                continue
            units = _units(warehouse, *question, charter.workflow, span.calendar)
            if units.units.size:
                laid_out = link(units, span.calendar.weeks, outcome.within_weeks + 1)
                found.append(Linked(name, outcome.id, _compared(proxy, outcome), laid_out))
    return tuple(found)


def _compared(proxy: Metric, outcome: Metric) -> ComparedLeads:
    by: ComparedBy = "sooner" if proxy.kind == "duration" else "within" if proxy.parameters else "message"
    if outcome.sources[0] == "leads":
        by = BY_METRIC.get(proxy.counted_as, by)
    return ComparedLeads(by, proxy.parameters.get("minutes"), outcome.entity, proxy.label)


def _units(warehouse: Warehouse, name: str, question: Asked, workflow: str, calendar: Calendar) -> Units:
    through = calendar.end(calendar.weeks - 1)
    values = {**dict(question.values), "workflow": workflow, "through": through}
    found = columns(warehouse, name, question.sql, values)
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


def events_beside(
    warehouse: Warehouse, charter: Charter, span: Span, one: tuple[Metric, int], other: tuple[Metric, int]
) -> NDArray[np.float64]:
    """[A + 1, A' + 1] units of the baseline by their age in weeks at the first event of one outcome and of another, as
    known when it ended, each with how many ages it has; the last row and column: never, or later than these."""
    table = np.zeros((one[1] + 1, other[1] + 1))
    if (question := beside(one[0].declaration, other[0].declaration)) is None:
        return table
    values = {
        **dict(question.values),
        "workflow": charter.workflow,
        "first": span.calendar.start(span.first),
        "through": span.calendar.end(span.last),
    }
    name = f"beside/{one[0].id}/{other[0].id}"
    if found := columns(warehouse, name, question.sql, values):
        *ages, units = found
        at = (
            np.where((age == NONE) | (age > most), most, age)
            for age, (_, most) in zip(ages, (one, other), strict=True)
        )
        np.add.at(table, tuple(at), units)
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
        note=_note(now, linked.meaning.entity),
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


def _note(now: OddsRatio, entity: str) -> UntoldLink | None:
    """Why there may be nothing to tell."""
    if now.share is None:
        return UntoldLink("no_lead", entity)
    if now.share > NEARLY_ALL:
        return UntoldLink("nearly_all", entity)
    return UntoldLink("hardly_any", entity) if now.share < 1.0 - NEARLY_ALL else None
