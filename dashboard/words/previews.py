"""What an import would do, as tables and sentences: its columns, cells replaced, effects on the review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import rule_state_words, verdict_words
from leadline.dashboard.words.formats import counted, day, long_day, metric_value, number, one_line, shortened
from leadline.dashboard.words.tables import Cell, Table, label_of
from leadline.data.exports.landing_report import Changed, ColumnMatch, FileReport
from leadline.metrics.effects import Effect
from leadline.metrics.restatements import Restatement
from leadline.metrics.rule_states import RuleStateCode
from leadline.metrics.verdicts import Verdict

_CELL_LETTERS = 60
_EXAMPLES_SHOWN = 3
_EMPTY = "(empty)"
NONE_YET = "none yet"


def columns_table(columns: Sequence[ColumnMatch]) -> Table:
    """One row a column of the file: its heading, cells from it, and what it is taken for."""
    rows = tuple(
        (
            _cell(one.heading) or "(no heading)",
            " · ".join(_cell(cell) for cell in one.examples[:_EXAMPLES_SHOWN]),
            _taken_for(one),
        )
        for one in columns
    )
    return Table(("Column of the file", "For example", "Taken for"), rows)


def columns_sentence(columns: Sequence[ColumnMatch]) -> str:
    """'Columns: 5 used, 1 kept to split by, 3 not stored'."""
    used = sum(bool(column.ours) for column in columns)
    kept = sum(column.is_segment and not column.ours for column in columns)
    rest = len(columns) - used - kept
    parts = [f"{number(used)} used"]
    parts += [f"{number(kept)} kept to split by"] if kept else []
    parts += [f"{number(rest)} not stored"] if rest else []
    return f"Columns: {', '.join(parts)}"


def column_words(column: ColumnMatch, letters: int = 44) -> str:
    """'Amount · 1,200 · 3,400', as a choice in a list."""
    told = shortened(" · ".join(one_line(cell) for cell in column.examples), letters)
    return f"{one_line(column.heading)} · {told}" if told else one_line(column.heading)


def restatements_table(found: Sequence[Restatement]) -> Table:
    """One row a number that a review showed and that is another one now."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one_line(one.workflow),
            one.label,
            day(one.week),
            metric_value(one.shown, one.unit),
            day(one.shown_on),
            metric_value(one.now, one.unit),
            ", ".join(str(import_id) for import_id in one.imports),
        )
        for one in found
    )
    headings = ("Workflow", "Metric", "Week of", "Shown as", "On", "Now", "Because of import")
    return Table(headings, rows)


def _taken_for(column: ColumnMatch) -> str:
    if column.ours:
        return ", ".join(column.ours)
    if column.is_segment:
        return "kept, to split by"
    if column.suggested:
        return f"may be {column.suggested}" + (f": {one_line(column.why)}" if column.why else "")
    return "not stored"


def changes_table(changes: Sequence[Changed]) -> Table:
    """One row a cell that would be replaced, with its old and its new value."""
    rows = tuple(
        (number(one.line), _cell(one.row), one_line(one.column), _value(one.before), _value(one.after))
        for one in changes
    )
    return Table(("Line", "Row", "Column", "Known", "In this file"), rows)


def changes_sentence(report: FileReport) -> str:
    """'12 rows would be replaced; the first 50 cells that differ:'."""
    rows = counted(report.rows.updated, "row")
    shown = counted(len(report.changes), "cell")
    return f"{rows} would be replaced by a newer version. The first {shown} that differ:"


def effects_table(effects: Sequence[Effect], catalog: Catalog) -> Table:
    """One row a verdict, number or rule of the review that would read otherwise."""
    rows = tuple(
        (one_line(one.name) or one_line(one.workflow), *_effect(one, catalog))
        for one in readable(effects, catalog)
    )
    return Table(("Workflow", "What", "Now", "After landing"), rows)


def effects_sentence(effects: Sequence[Effect], catalog: Catalog) -> str:
    """What stands above the table, or instead of it."""
    shown = readable(effects, catalog)
    hidden = len(effects) - len(shown)
    little = f" {counted(hidden, 'number')} would move by less than is shown." if hidden else ""
    if not shown:
        return f"Nothing would read otherwise in this week's review: no verdict, no number, no rule.{little}"
    told = [
        counted(sum(effect.kind == kind for effect in shown), word)
        for kind, word in (("verdict", "verdict"), ("metric", "number"), ("rule", "rule"))
        if any(effect.kind == kind for effect in shown)
    ]
    return f"In this week's review would change: {', '.join(told)}.{little}"


def readable(effects: Sequence[Effect], catalog: Catalog) -> tuple[Effect, ...]:
    """Those that a reader sees: a number that is rounded to the same text is not among them."""
    told = {one: _effect(one, catalog) for one in effects}
    return tuple(one for one, (_, before, after) in told.items() if before != after)


def _effect(effect: Effect, catalog: Catalog) -> tuple[str, str, str]:
    if effect.kind == "metric":
        metric = catalog.get(effect.id)
        unit = metric.unit if metric else "count"
        return (
            one_line(label_of(effect.id, catalog)),
            metric_value(effect.value_before, unit),
            metric_value(effect.value_after, unit),
        )
    if effect.kind == "verdict":
        before, after = (
            verdict_words(cast(Verdict, code)).marked if code else NONE_YET
            for code in (effect.before, effect.after)
        )
        return "Verdict", before, after
    was, is_now = (
        rule_state_words(cast(RuleStateCode, code)).marked if code else NONE_YET
        for code in (effect.before, effect.after)
    )
    return f"Rule “{one_line(effect.id)}”", was, is_now


def _value(text: str | None) -> str:
    return _EMPTY if text is None else _cell(text)


def _cell(text: str) -> str:
    return shortened(one_line(text), _CELL_LETTERS)


def restated_sentence(one: Restatement) -> str:
    """'Close rate of the week of 3 November 2025: shown 18.2 %, now 16.9 %, import 41.'"""
    shown, now = (metric_value(value, one.unit) for value in (one.shown, one.now))
    numbers = " and ".join(str(number) for number in one.imports)
    because = f"import{'s' if len(one.imports) > 1 else ''} {numbers}"
    return f"{one.label} of the week of {long_day(one.week)}: shown {shown}, now {now}, {because}."
