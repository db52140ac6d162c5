"""What happened, or would happen, to a file: reports of landing as sentences and tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from zoneinfo import ZoneInfo

from leadline.dashboard.words.formats import counted, day, local, moment, number, one_line
from leadline.dashboard.words.tables import Table, without_empty_columns
from leadline.data.exports.landing_report import FileReport, ImportRecord, Reason, RowCounts
from leadline.data.exports.recognition.vendor_format import Format, formats
from leadline.data.templates import Template, kind_words

_COUNTS = ("new", "updated", "unchanged", "stale", "quarantined", "skipped")
COUNT_HELP: dict[str, str] = {
    "new": "rows whose identity is not known yet",
    "updated": "rows that replace an earlier version",
    "unchanged": "rows that are known just as they are",
    "stale": "rows older than what is known; kept for an undo, not applied",
    "quarantined": "rows that can't be read as they are; kept aside with their reason",
    "skipped": "lines that hold no facts: titles, totals, exact repetitions",
}
_LINES_SHOWN = 6


def report_sentence(report: FileReport, *, preview: bool) -> str:
    """'leads.csv, leads export, 4,312 rows, would land: 4,300 new, 12 quarantined.'"""
    name = one_line(PurePath(report.file).name)
    if report.state == "refused":
        reason = one_line(report.message)
        return reason if name in reason else f"{name} can't be landed: {reason}"
    if report.state == "asks":
        return f"{name} has to be told {counted(len(report.questions), 'thing')} before it can land."
    landed = "would land" if preview else f"landed as import {report.import_id}"
    return f"{name}, {export_words(report)}, {counted(report.rows.read, 'row')}, {landed}: {counts_words(report.rows)}."


def export_words(report: FileReport) -> str:
    """'HubSpot deals export' for a known system's, else by what its rows are: 'leads export'."""
    system = known_system(report)
    kind = system.name if system else one_line(kind_words(report.template or ""))
    return kind if kind.endswith("report") else f"{kind} export".strip()


def known_system(report: FileReport) -> Format | None:
    """The declared export of a known system that the file is."""
    return next((one for one in formats() if one.name == report.source), None)


def system_sentence(system: Format) -> str:
    """What landing such an export takes from it, and what stays out."""
    return f"Taken: {system.takes} Left out, or to mind: {system.leaves}"


def systems_table(systems: Iterable[Format]) -> Table:
    """One row a known system's export: what its rows become, what is taken and what stays out."""
    rows = tuple((one.name, kind_words(one.template), one.takes, one.leaves) for one in systems)
    return Table(("Export of", "Becomes", "Taken", "Left out, or to mind"), rows)


def counts_words(rows: RowCounts) -> str:
    """'4,300 new, 12 quarantined'; what is zero is left out."""
    told = [f"{number(getattr(rows, name))} {name}" for name in _COUNTS if getattr(rows, name)]
    return ", ".join(told) or "nothing in it"


def reasons_table(reasons: tuple[Reason, ...]) -> Table:
    """One row a reason: how many rows, on which lines, and the first of them in words."""
    rows = tuple(
        (reason_words(one.reason), number(one.count), lines_words(one), one.example) for one in reasons
    )
    return Table(("Reason", "Rows", "Lines", "For example"), rows)


def reason_words(code: str) -> str:
    """'bad_date' -> 'Bad date'."""
    words = one_line(code).replace("_", " ")
    return words[:1].upper() + words[1:]


def lines_words(reason: Reason) -> str:
    """'3, 17, 20 and 312 more'."""
    shown = ", ".join(number(line) for line in reason.rows[:_LINES_SHOWN])
    more = reason.count - min(len(reason.rows), _LINES_SHOWN)
    return f"{shown} and {number(more)} more" if more > 0 and shown else shown


def imports_table(records: list[ImportRecord], zone: ZoneInfo) -> Table:
    """One row an import, newest first."""
    headings = ("Import", "File", "Kind", "Workflow", "Landed", "Rows", "What they were", "State")
    rows = tuple(
        (
            number(one.import_id),
            PurePath(one.file).name,
            kind_words(one.template),
            one.workflow or "",
            moment(local(one.landed_at, zone)),
            number(one.rows.read),
            counts_words(one.rows),
            f"○ undone {day(local(one.undone_at, zone).date())}" if one.undone_at else "● in use",
        )
        for one in sorted(records, key=lambda record: record.import_id, reverse=True)
    )
    return without_empty_columns(Table(headings, rows))


def imports_csv_table(records: list[ImportRecord]) -> Table:
    """The same for a spreadsheet: bare values, moments in ISO 8601, UTC."""
    headings = ("import", "file", "template", "workflow", "landed_at", "undone_at", "read", *_COUNTS)
    rows = tuple(
        (
            one.import_id,
            PurePath(one.file).name,
            one.template,
            one.workflow,
            one.landed_at.isoformat(timespec="seconds") + "Z",
            one.undone_at.isoformat(timespec="seconds") + "Z" if one.undone_at else None,
            one.rows.read,
            *(getattr(one.rows, name) for name in _COUNTS),
        )
        for one in sorted(records, key=lambda record: record.import_id, reverse=True)
    )
    return Table(headings, rows)


def import_words(record: ImportRecord, zone: ZoneInfo) -> str:
    """An import in a list: '41 · leads.csv · 4,312 rows · 12 Feb 2024'."""
    rows, landed = counted(record.rows.read, "row"), day(local(record.landed_at, zone).date())
    return f"{record.import_id} · {one_line(PurePath(record.file).name)} · {rows} · {landed}"


def templates_table(templates: Iterable[Template]) -> Table:
    """One row a kind of export: the headings it must have, and those it may have."""
    rows = tuple(
        (
            kind_words(one.name),
            ", ".join(column.name for column in one.columns if column.required != "no"),
            ", ".join(column.name for column in one.columns if column.required == "no" and not column.helper),
        )
        for one in templates
    )
    return Table(("Kind of export", "Headings it must have", "Headings it may have"), rows)


def growing_sentence(name: str) -> str:
    """Of a file in the inbox that somebody is still writing."""
    return f"{one_line(name)} is still growing, so nothing of it has landed; it lands once it has stopped."


def unmoved_sentence(name: str, folder: str, why: str) -> str:
    """Of a file in the inbox that has landed and could not be moved."""
    return (
        f"{one_line(name)} has landed but could not be moved to '{folder}' ({why}); it stays in the inbox, and "
        "does no harm there."
    )


def waiting_sentence(count: int) -> str:
    """Above the files of the inbox that did not land."""
    return f"{counted(count, 'file')} from the inbox {'waits' if count == 1 else 'wait'} for an answer"


def more_waiting_sentence(count: int) -> str:
    """Below the first of many files of the inbox."""
    return f"… and {counted(count, 'further file')}; they come up here as these are dealt with."
