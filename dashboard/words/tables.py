"""Tables as plain rows: a result in, headings and cells out; and as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from leadline.dashboard.words.changes import Catalog, segment_words, units_words, untold_words
from leadline.dashboard.words.codes import rule_state_words, verdict_words
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import (
    day,
    interval,
    metric_value,
    moment,
    number,
    percent,
    sentence_case,
    signed_percent,
)
from leadline.dashboard.words.review_card import rule_currency, rule_unit
from leadline.dashboard.words.rules import as_counted, rule_in_words
from leadline.dashboard.words.verdicts import odds_words
from leadline.data.exports.safe_csv import safe_csv
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import Change, Series, WorkflowReview

Cell = str | int | float | dt.date | None


@dataclass(frozen=True)
class Table:
    """Headings and rows of the same length."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def cell_text(cell: Cell) -> str:
    """A cell as it is read on a page: '12 Feb 2024', '1,450'; as CSV it stays 2024-02-12, 1450."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return moment(cell)
    if isinstance(cell, dt.date):
        return day(cell)
    return number(cell) if isinstance(cell, int) else str(cell)


def pairs_table(workflow: WorkflowReview, catalog: Catalog) -> Table:
    """One row a pair, worst first: what changed, by how much, on how many units, and the evidence."""
    rows = []
    for pair in workflow.pairs:
        rows.append(
            (
                verdict_words(pair.verdict).marked,
                label_of(pair.proxy, catalog),
                change_cell(pair.proxy_change, catalog.get(pair.proxy)),
                label_of(pair.outcome, catalog),
                change_cell(pair.outcome_change, catalog.get(pair.outcome)),
                day(pair.since) if pair.since else "",
                segment_words(pair.segment) if pair.segment else "",
                odds_words(pair.evidence.odds) if pair.evidence else "",
                day(pair.answer_expected) if pair.answer_expected else "",
            )
        )
    headings = (
        "Verdict", "Proxy", "Proxy change", "Outcome", "Outcome change", "Since the week of", "Segment", "Evidence",
        "Answer from",
    )  # fmt: skip
    return without_empty_columns(Table(headings, tuple(rows)))


def rules_table(workflow: WorkflowReview, catalog: Catalog) -> Table:
    """One row a stopping rule: condition in words, state, the value beside the threshold, action."""
    rows = []
    for rule in workflow.rules:
        unit, currency = rule_unit(rule, catalog), rule_currency(rule, workflow)
        value = "" if rule.value is None else metric_value(rule.value, unit, currency)
        value += as_counted(rule, unit, currency)
        threshold = "" if rule.threshold is None else metric_value(rule.threshold, unit, currency)
        rows.append(
            (
                rule_in_words(rule.when, catalog),
                rule_state_words(rule.state).marked + (f": {fact_words(rule.reason)}" if rule.reason else ""),
                day(rule.since) if rule.since else "",
                value,
                threshold,
                sentence_case(rule.action),
                " ".join(fact_words(mark) for mark in rule.marks),
            )
        )
    headings = ("Rule", "State", "Since", "Value", "Threshold", "Agreed action")
    if not any(rule.marks for rule in workflow.rules):
        return Table(headings, tuple(row[:-1] for row in rows))
    return Table((*headings, "Changed after a breach"), tuple(rows))


def weeks_table(series: Sequence[Series]) -> Table:
    """The numbers behind the chart for reading, newest week first."""
    rows = []
    for one in series:
        for at in reversed(range(len(one.weeks))):
            low, high = one.low[at], one.high[at]
            rows.append(
                (
                    day(one.weeks[at]),
                    one.label,
                    metric_value(one.values[at], one.unit),
                    metric_value(_own_value(one, at), one.unit),
                    number(one.projected[at]),
                    f"{number(low)}–{number(high)}" if low is not None and high is not None else "",
                    percent(one.maturity[at], 0),
                    number(one.units[at]),
                )
            )
    headings = (
        "Week of", "Metric", "Value", "That week alone", "Baseline = 100", "Likely range", "Known so far", "Rests on",
    )  # fmt: skip
    return Table(headings, tuple(rows))


def weeks_csv_table(series: Sequence[Series]) -> Table:
    """The same numbers for a spreadsheet: bare values, ISO dates, every digit."""
    headings = (
        "week", "metric", "role", "unit", "value", "own_value", "index_known", "index_projected", "index_low",
        "index_high", "maturity", "units",
    )  # fmt: skip
    rows = tuple(
        (
            one.weeks[at].isoformat(),
            one.metric,
            one.role,
            one.unit,
            one.values[at],
            _own_value(one, at),
            one.known[at],
            one.projected[at],
            one.low[at],
            one.high[at],
            one.maturity[at],
            one.units[at],
        )
        for one in series
        for at in range(len(one.weeks))
    )
    return Table(headings, rows)


def _own_value(one: Series, at: int) -> float | None:
    return one.own_values[at] if one.own_values else None


def csv_text(table: Table) -> str:
    """The table as CSV that is safe to open in a spreadsheet."""
    return safe_csv(table.rows, table.headings)


def change_cell(change: Change, metric: Metric | None) -> str:
    """'−33 % (22–42 %), 1,450 leads'."""
    if change.relative is None:
        return untold_words(change)
    span = interval(change.low, change.high)
    rests_on = units_words(metric, change.units) if metric else f"{number(change.units)} units"
    return f"{signed_percent(change.relative)}{f' ({span})' if span else ''}, {rests_on}"


def label_of(metric_id: str, catalog: Catalog) -> str:
    """The metric's label; its identity where the catalog does not know it."""
    metric = catalog.get(metric_id)
    return metric.label if metric else metric_id


def without_empty_columns(table: Table) -> Table:
    """The table without columns in which no row says anything."""
    kept = [
        place
        for place in range(len(table.headings))
        if any(row[place] not in ("", None) for row in table.rows)
    ]
    return Table(
        tuple(table.headings[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in table.rows),
    )
