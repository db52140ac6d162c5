"""Results as pandas frames, for analysts to take away. Nothing is computed here: every cell is a value of a result.

Codes stay codes ('diverging'), what is not known is missing, changes are shares of the baseline value (-0.33 is 33 %
fewer). What a column is measured in, where its name does not say it, stands in `frame.attrs["units"]`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.formats import one_line, shortened
from leadline.dashboard.words.verdicts import headline
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import Reason, RowCounts
from leadline.data.exports.reasons import SKIPPED
from leadline.metrics.results import Change, Review

Row = tuple[Any, ...]

DAY, TEXT, NUMBER, COUNT, YES = "datetime64[us]", "str", "float64", "Int64", "boolean"

COLUMNS: dict[str, dict[str, str]] = {
    "pairs": {
        "as_of": DAY,
        "workflow": TEXT,
        "workflow_verdict": TEXT,
        "verdict": TEXT,
        "proxy": TEXT,
        "outcome": TEXT,
        "mechanism": TEXT,
        "since": DAY,
        "segment": TEXT,
        "proxy_change": NUMBER,
        "proxy_change_low": NUMBER,
        "proxy_change_high": NUMBER,
        "proxy_units": COUNT,
        "proxy_improved": YES,
        "outcome_change": NUMBER,
        "outcome_change_low": NUMBER,
        "outcome_change_high": NUMBER,
        "outcome_units": COUNT,
        "evidence_odds": NUMBER,
        "evidence_limit": NUMBER,
        "answer_expected": DAY,
    },
    "workflows": {
        "as_of": DAY,
        "workflow": TEXT,
        "name": TEXT,
        "owner": TEXT,
        "verdict": TEXT,
        "headline": TEXT,
        "deployed_on": DAY,
        "complete_through": DAY,
        "next_checkpoint": DAY,
        "cost_units": NUMBER,
        "cost_units_low": NUMBER,
        "cost_units_high": NUMBER,
        "cost_value": NUMBER,
        "cost_value_low": NUMBER,
        "cost_value_high": NUMBER,
        "cost_currency": TEXT,
    },
    "rules": {
        "as_of": DAY,
        "workflow": TEXT,
        "rule": TEXT,
        "when": TEXT,
        "state": TEXT,
        "since": DAY,
        "value": NUMBER,
        "threshold": NUMBER,
        "action": TEXT,
        "changed_after_breach": YES,
    },
    "weeks": {
        "as_of": DAY,
        "workflow": TEXT,
        "metric": TEXT,
        "role": TEXT,
        "unit": TEXT,
        "week": DAY,
        "value": NUMBER,
        "own_value": NUMBER,
        "index_known": NUMBER,
        "index_projected": NUMBER,
        "index_low": NUMBER,
        "index_high": NUMBER,
        "maturity": NUMBER,
        "units": COUNT,
    },
    "sources": {"as_of": DAY, "source": TEXT, "newest": DAY, "state": TEXT},
    "landing": {
        "file": TEXT,
        "template": TEXT,
        "import_id": COUNT,
        "became": TEXT,
        "reason": TEXT,
        "rows": COUNT,
        "first_line": COUNT,
        "example": TEXT,
    },
    "registered": {
        "workflow": TEXT,
        "version": COUNT,
        "is_new": YES,
        "signed_by": TEXT,
        "file": TEXT,
        "open_points": COUNT,
    },
    "gate": {
        "workflow": TEXT,
        "value": YES,
        "variant": TEXT,
        "unknown": TEXT,
        "reason": TEXT,
        "rule": TEXT,
        "decision": TEXT,
        "since": DAY,
        "as_of": DAY,
        "valid_until": DAY,
        "charter_version": COUNT,
    },
}
"""columns of each frame in order, with their dtypes"""

UNITS: dict[str, str] = {
    **{
        f"{side}_change{end}": "share of the baseline value; -0.33 is 33 % fewer"
        for side in ("proxy", "outcome")
        for end in ("", "_low", "_high")
    },
    **{f"{side}_units": "units (leads, messages, assets) compared" for side in ("proxy", "outcome")},
    "evidence_odds": "odds against 'no change'",
    "evidence_limit": "odds above which an alarm is raised",
    **{
        f"cost_units{end}": "what was missed since the drift began: outcomes, or the amount where the outcome is one"
        for end in ("", "_low", "_high")
    },
    **{f"cost_value{end}": "their value, in cost_currency" for end in ("", "_low", "_high")},
    "value": "the metric's own unit",
    "own_value": "the metric's own unit, of the units of that week alone",
    "threshold": "the metric's own unit",
    **{f"index_{one}": "100 = baseline" for one in ("known", "projected", "low", "high")},
    "maturity": "share of final events that can have happened by now; 1 = complete",
    "units": "units (leads, messages, assets) that the point rests on",
}
"""what a column is measured in"""


def reviews(found: Iterable[Review], of: str, catalog: Catalog, locale: str) -> pd.DataFrame:
    """One frame of all of them, in their order; `catalog` and `locale` word the headlines.

    Raises LeadlineError for rows that no frame has.
    """
    if not isinstance(of, str) or of not in _ROWS:
        said = shortened(one_line(repr(of)), 60)
        raise LeadlineError(f"There is no frame of {said}; write one of {', '.join(map(repr, _ROWS))}.")
    with writing(locale):
        return _frame(of, [row for one in found for row in _ROWS[of](one, catalog)])


def landing(
    landed: tuple[str, str | None, int | None], rows: RowCounts, reasons: Iterable[Reason]
) -> pd.DataFrame:
    """Rows by what became of them and, where they were set aside or skipped, why. `landed`: file, template, import."""
    became: list[Row] = [
        (name, None, count, None, None)
        for name in ("new", "updated", "unchanged", "stale")
        if (count := getattr(rows, name))
    ]
    became += [
        (
            "skipped" if reason.reason in SKIPPED else "quarantined",
            reason.reason,
            reason.count,
            min(reason.rows, default=None),
            reason.example,
        )
        for reason in reasons
    ]
    return _frame("landing", [(*landed, *row) for row in became])


def registered(*row: str | int | None) -> pd.DataFrame:
    """One row, its cells in the order of the columns."""
    return _frame("registered", [row])


def gate(*row: object) -> pd.DataFrame:
    """One row, its cells in the order of the columns."""
    return _frame("gate", [row])


def _pairs(review: Review, catalog: Catalog) -> Iterator[Row]:
    """A workflow without pairs has a row too, so that none is missing in silence."""
    width = len(COLUMNS["pairs"]) - 4
    for workflow in review.workflows:
        beginning = (review.as_of, workflow.workflow, workflow.verdict)
        for pair in workflow.pairs:
            proxy, outcome, evidence = pair.proxy_change, pair.outcome_change, pair.evidence
            yield (
                *beginning,
                pair.verdict,
                pair.proxy,
                pair.outcome,
                pair.mechanism,
                pair.since,
                pair.segment,
                *_change(proxy),
                proxy.improved,
                *_change(outcome),
                evidence.odds if evidence else None,
                evidence.limit if evidence else None,
                pair.answer_expected,
            )
        if not workflow.pairs:
            yield (*beginning, workflow.verdict, *(None,) * width)


def _change(change: Change) -> Row:
    return change.relative, change.low, change.high, change.units


def _workflows(review: Review, catalog: Catalog) -> Iterator[Row]:
    for workflow in review.workflows:
        cost = workflow.cost
        yield (
            review.as_of,
            workflow.workflow,
            workflow.name,
            workflow.owner,
            workflow.verdict,
            headline(workflow, catalog),
            workflow.deployed_on,
            workflow.complete_through,
            workflow.next_checkpoint,
            *((cost.units, cost.low, cost.high) if cost else (None,) * 3),
            *((cost.value, cost.value_low, cost.value_high, cost.currency) if cost else (None,) * 4),
        )


def _rules(review: Review, catalog: Catalog) -> Iterator[Row]:
    for workflow in review.workflows:
        for rule in workflow.rules:
            yield (
                review.as_of,
                workflow.workflow,
                rule.id,
                rule.when,
                rule.state,
                rule.since,
                rule.value,
                rule.threshold,
                rule.action,
                bool(rule.marks),
            )


def _weeks(review: Review, catalog: Catalog) -> Iterator[Row]:
    for workflow in review.workflows:
        for one in workflow.series:
            for at, week in enumerate(one.weeks):
                yield (
                    review.as_of,
                    workflow.workflow,
                    one.metric,
                    one.role,
                    one.unit,
                    week,
                    one.values[at],
                    one.own_values[at] if one.own_values else None,
                    one.known[at],
                    one.projected[at],
                    one.low[at],
                    one.high[at],
                    one.maturity[at],
                    one.units[at],
                )


def _sources(review: Review, catalog: Catalog) -> Iterator[Row]:
    for source in review.data:
        yield review.as_of, source.source, source.newest, source.state


_ROWS: dict[str, Callable[[Review, Catalog], Iterator[Row]]] = {
    "pairs": _pairs,
    "workflows": _workflows,
    "rules": _rules,
    "weeks": _weeks,
    "sources": _sources,
}


def _frame(name: str, rows: Sequence[Row]) -> pd.DataFrame:
    columns = COLUMNS[name]
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    frame = pd.DataFrame(
        {
            column: pd.Series([_cell(cell) for cell in cells[at]], dtype=kind)
            for at, (column, kind) in enumerate(columns.items())
        }
    )
    frame.attrs["units"] = {column: UNITS[column] for column in columns if column in UNITS}
    return frame


def _cell(cell: Any) -> Any:
    return pd.Timestamp(cell) if isinstance(cell, dt.date) else cell
