"""What has landed, beside what a metric says of it: the words in a column, filters that match nothing, how far back
the units of a workflow go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import activity
from leadline.metrics.declared.declaration import Condition, rows_of
from leadline.metrics.declared.question import matching, words_of

_WORDS = {True: "yes", False: "no"}


@dataclass(frozen=True)
class EmptyFilter:
    """Rows have landed, and none of them is counted."""

    label: str
    """of the metric"""
    template: str
    where: tuple[Condition, ...]
    landed: tuple[tuple[str, tuple[str, ...]], ...]
    """of each column that holds none of the words looked for: the words that it does hold, the commonest first"""


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


def empty_filters(warehouse: Warehouse, metric: Metric) -> tuple[EmptyFilter, ...]:
    """Of the rows that a metric counts, those filtered so that none is left. Nothing landed at all is none."""
    return tuple(_empty(warehouse, metric))


def _empty(warehouse: Warehouse, metric: Metric) -> Iterator[EmptyFilter]:
    for rows in rows_of(metric.declaration):
        if not rows.where:
            continue
        question, values = matching(rows)
        ((units, counted),) = ask(warehouse, question, values)
        if units and not counted:
            held = ((one, landed_words(warehouse, rows.template, one.column)) for one in rows.where)
            apart = tuple((one.column, words) for one, words in held if not set(words) & set(one.words))
            yield EmptyFilter(metric.label, rows.template, rows.where, apart)


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
