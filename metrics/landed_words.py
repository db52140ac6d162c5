"""What has landed, beside what a metric says of it: the words in a column, filters that match nothing, how far back
the units of a workflow go."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from leadline.data.database.session import Row
from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.conditions import COST
from leadline.metrics.agreement.intent_gaps import Gap, intent_gaps
from leadline.metrics.charter_terms import Charter
from leadline.metrics.cohorts import activity, earlier_rows, leading
from leadline.metrics.declared.declaration import Condition, Rows, Sum, amounts_of, rows_of, times_of
from leadline.metrics.declared.question import (
    UNNAMED,
    as_marked,
    backwards,
    currencies_of,
    matching,
    words_of,
)
from leadline.metrics.results import Linkage

_WORDS = {True: "yes", False: "no"}


@dataclass(frozen=True)
class EmptyFilter:
    """Rows have landed, and none of them is counted in the workflow."""

    label: str
    """of the metric"""
    template: str
    where: tuple[Condition, ...]
    landed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """of each column that holds none of the words looked for: the words that it does hold, the commonest first"""
    workflow: str = ""
    elsewhere: tuple[str | None, ...] = ()
    """the workflows that have all the rows that are counted, most first; None for rows of none"""


@dataclass(frozen=True)
class Backwards:
    """Of most units, the time at which they are done lies before the one at which they begin."""

    label: str
    template: str
    at: str
    to: str
    units: int
    """that have both"""
    backwards: int


@dataclass(frozen=True)
class EarlierEvents:
    """Most events are of a day before what they belong to entered."""

    label: str
    events: int
    earlier: int


Mismatch = EmptyFilter | Backwards | EarlierEvents


@dataclass(frozen=True)
class ShortHistory:
    """An event may come later than anything that has landed can tell."""

    metric: str
    within_weeks: int
    weeks: int
    """that have landed"""


def landed_words(warehouse: Warehouse, template: str, column: str) -> tuple[str, ...]:
    """The words in a column of what has landed, or in an attribute; the commonest first, at most 50."""
    question, values = words_of(template, column)
    return tuple(_WORDS.get(word, str(word)) for word, _ in ask(warehouse, question, values))


@dataclass(frozen=True)
class WrongCurrency:
    """A number of a stopping rule that can't be held against the amounts of its metric."""

    rule: str
    label: str
    """of the metric"""
    number: float
    currency: str | None
    """that the rule names"""
    landed: tuple[str, ...]
    """in which the amounts are, the one that is told first"""


def wrong_currencies(
    warehouse: Warehouse, charter: Charter, catalog: Mapping[str, Metric]
) -> Iterator[WrongCurrency]:
    """Rules on money in another currency than the one that leads in the baseline, and numbers without one where amounts
    in several have landed."""
    for rule in charter.stopping_rules:
        if (amount := _of_money(rule.when.metric, charter, catalog)) is None:
            continue
        landed = _currencies(warehouse, amount, charter)
        label = "The cost" if rule.when.metric == COST else catalog[rule.when.metric or ""].label
        for side in (rule.when, rule.recover):
            if side is None or side.number is None or not landed:
                continue
            if side.currency != landed[0] if side.currency else len(landed) > 1:
                yield WrongCurrency(rule.id, label, side.number, side.currency, landed)
                break


def _of_money(name: str | None, charter: Charter, catalog: Mapping[str, Metric]) -> Sum | None:
    """The amounts of money that a rule's metric is told in; of the cost, those of the outcome that brings money, or of
    the won deals."""
    metric = catalog.get(name or "")
    if name == COST:
        metric = next((catalog[each] for each in charter.outcomes if catalog[each].brings_money), None)
        if metric is None:
            return Sum(Rows("deals", "closed_at", (Condition("stage", ("won",)),)), "amount")
    return amounts_of(metric.declaration)[0] if metric is not None and metric.unit == "money" else None


def _currencies(warehouse: Warehouse, amount: Sum, charter: Charter) -> tuple[str, ...]:
    """Those of some amounts, the one that leads by the end of the baseline first."""
    question, bound = currencies_of(amount)
    by_then, ever = (
        {
            str(name): int(units)
            for name, units in ask(
                warehouse, question, {**bound, "workflow": charter.workflow, "through": day}
            )
            if name
        }
        for day in (charter.baseline.last, dt.date.max)
    )
    return tuple(dict.fromkeys([*([leading(by_then)] if by_then else []), *ever]))


def unknown_codes(warehouse: Warehouse, charter: Charter) -> tuple[str, ...]:
    """Words that coders have marked in a workflow and that are no promise of its charter, the commonest first."""
    known = {*UNNAMED, *(as_marked(one.id) for one in charter.positioning)}
    found: dict[str, None] = {}
    for column in ("first", "others"):
        question, values = words_of("codes", column, of_workflow=True)
        for cell, _ in ask(warehouse, question, {**values, "workflow": charter.workflow}):
            found |= dict.fromkeys(word.strip() for word in re.split(r"[;,|/]", cell))
    return tuple(word for word in found if word and as_marked(word) not in known)


def reviewed_dimensions(warehouse: Warehouse, workflow: str) -> tuple[str, ...]:
    """The dimensions that reviewers have judged in a workflow, the commonest first."""
    question, values = words_of("reviews", "dimension", of_workflow=True)
    return tuple(str(word) for word, _ in ask(warehouse, question, {**values, "workflow": workflow}))


def charter_gaps(warehouse: Warehouse, charter: Charter, linkages: Sequence[Linkage] = ()) -> tuple[Gap, ...]:
    """What of a charter's intent nobody holds, with what has landed of reviews."""
    wants = any(
        one.checked_by is not None and one.checked_by.kind == "review" for one in charter.intent.constraints
    )
    dimensions = reviewed_dimensions(warehouse, charter.workflow) if wants else None
    return intent_gaps(charter, linkages, dimensions)


def segments_not_landed(
    warehouse: Warehouse, charter: Charter, catalog: Mapping[str, Metric]
) -> tuple[str, ...]:
    """Segments of a charter that no row of the units it watches has a value of. Nothing landed at all is none."""
    sources = {catalog[name].sources[0] for name in charter.outcomes if catalog[name].has_segments}
    landed = [source for source in sources if _has_rows(warehouse, source, charter.workflow)]

    def has(segment: str) -> bool:
        return any(_words_in(warehouse, source, segment, charter.workflow) for source in landed)

    return tuple(segment for segment in charter.segments if landed and not has(segment))


def _has_rows(warehouse: Warehouse, template: str, workflow: str) -> bool:
    return bool(_words_in(warehouse, template, "workflow", workflow))


def _words_in(warehouse: Warehouse, template: str, column: str, workflow: str) -> Sequence[Row]:
    question, values = words_of(template, column, of_workflow=True)
    return ask(warehouse, question, {**values, "workflow": workflow})


def mismatches(warehouse: Warehouse, metric: Metric, workflow: str) -> tuple[Mismatch, ...]:
    """What of a metric does not go with what has landed: rows filtered so that none is left in the workflow, and times
    the wrong way round. Nothing landed at all is none."""
    return (*_empty(warehouse, metric, workflow), *_backwards(warehouse, metric, workflow))


def _empty(warehouse: Warehouse, metric: Metric, workflow: str) -> Iterator[EmptyFilter]:
    for rows, of in rows_of(metric.declaration).items():
        if not rows.where:
            continue
        found = ask(warehouse, *matching(rows, of))
        counted = {whose: units for whose, _, units in found if units}
        if counted and workflow not in counted:
            yield EmptyFilter(
                metric.label, rows.template, rows.where, workflow=workflow, elsewhere=tuple(counted)
            )
        elif found and not counted:
            held = ((one, landed_words(warehouse, rows.template, one.column)) for one in rows.where)
            apart = tuple((one.column, words) for one, words in held if not set(words) & set(one.words))
            yield EmptyFilter(metric.label, rows.template, rows.where, apart)


def _backwards(warehouse: Warehouse, metric: Metric, workflow: str) -> Iterator[Backwards | EarlierEvents]:
    times = times_of(metric.declaration)
    if times is None:
        counted = earlier_rows(warehouse, metric, workflow, dt.date.max)
        events, early = sum(row[2] for row in counted), sum(row[4] for row in counted)
        if 2 * early > events:
            yield EarlierEvents(metric.label, events, early)
        return
    of, to = times
    question, values = backwards(of, to)
    ((units, wrong),) = ask(warehouse, question, {**values, "workflow": workflow})
    if 2 * wrong > units:
        yield Backwards(metric.label, of.template, of.at, to, units, wrong)


def short_history(warehouse: Warehouse, metric: Metric, workflow: str, as_of: dt.date) -> ShortHistory | None:
    """Where a metric's horizon is longer than what has landed of a workflow goes back: no unit is done
    yet. Nothing landed at all is no short history."""
    found = activity(warehouse, as_of)
    units = found.get((metric.sources[0], workflow), [])
    newest = [days[-1] for (_, whose), days in found.items() if whose == workflow]
    if not units or not newest or not metric.within_weeks:
        return None
    weeks = (max(newest) - units[0]).days // 7
    return ShortHistory(metric.id, metric.within_weeks, weeks) if weeks < metric.within_weeks else None
