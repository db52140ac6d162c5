"""A file of which nothing, or too little, can be landed: what its rows seem to be, and what to export instead."""

from __future__ import annotations

from leadline.data.errors import ExportError
from leadline.data.exports.landing_report import AskError, FileReport, Question, Reason
from leadline.data.exports.reasons import QUARANTINED
from leadline.data.exports.recognition.questions import as_key
from leadline.data.exports.recognition.suggestions import identifying, look_at
from leadline.data.landing.write_import import Brought
from leadline.data.templates import Template

FROM_ROWS = 2
"""rows set aside; one alone says nothing about the file"""
MANY_CONFLICTS = 4
MANY_RATINGS = 0.1
"""share of the rows that are rated out of range, from which on all are on another scale"""


def refuse_where_nothing_lands(file: Brought, report: FileReport) -> None:
    """Raises ExportError where every row would be set aside, AskError where the identity seems to be none."""
    rows = report.rows
    aside = max(report.reasons, key=lambda reason: _is_aside(reason) * reason.count, default=None)
    if aside is None or rows.quarantined < FROM_ROWS:
        return
    lands = rows.new + rows.updated + rows.unchanged + rows.stale
    conflicts = next((r for r in report.reasons if r.reason == "duplicate_id_conflict"), None)
    template = file.recognised.template
    if conflicts is not None and (
        (not lands and 2 * conflicts.count >= rows.quarantined)
        or (conflicts.count >= MANY_CONFLICTS and 2 * conflicts.count >= rows.read)
    ):
        raise _no_identity(file, conflicts, template, rows.read)
    other = next((r for r in report.reasons if r.reason == "rating_out_of_range"), None)
    if other is not None and other.count >= FROM_ROWS and other.count >= MANY_RATINGS * rows.read:
        raise ExportError(
            f"{file.received.name} rates on another scale: {other.count:,} of its {rows.read:,} rows are rated lower "
            "than 1 or higher than 5, so those between would be read as better or worse than they are. Export ratings "
            "from 1 to 5, or leave the column out: the uses then land without ratings.",
            "other_scale",
            template.name,
        )
    if not lands:
        raise ExportError(
            f"Nothing of {file.received.name} can be landed: {_all(rows.quarantined, aside)}. {aside.example} "
            f"{_exchanged(file, aside)}If its rows are no {template.name.replace('_', ' ')}, say with --template or a "
            "mapping what they are.",
            "nothing_landed",
        )


def _all(quarantined: int, aside: Reason) -> str:
    where = f", such as on line {aside.rows[0]}" if aside.rows else ""
    return (
        f"all {quarantined:,} rows would be set aside, most of them for one reason ({aside.count:,} "
        f"row{'s' if aside.count > 1 else ''}{where})"
    )


def _exchanged(file: Brought, aside: Reason) -> str:
    """What to do where every deal closed before it was created: its columns may stand in each other's place."""
    places, header = file.recognised.places, file.layout.header
    if aside.reason != "close_before_create" or not {"created_at", "closed_at"} <= set(places):
        return ""
    created, closed = (header[places[name]].strip() for name in ("created_at", "closed_at"))
    return (
        f"Perhaps {created!r} and {closed!r} stand in each other's place; if so, land the file with --mapping FILE "
        f"that says '{as_key(created)}: closed_at' and '{as_key(closed)}: created_at'. "
    )


def _is_aside(reason: Reason) -> bool:
    return reason.reason in QUARANTINED


def _no_identity(file: Brought, conflicts: Reason, template: Template, read: int) -> AskError:
    """The question which columns tell rows apart, where those of one identity differ in most rows."""
    key = template.key[0]
    place = file.recognised.places.get(key)
    called = file.layout.header[place] if place is not None else key
    pair = identifying(look_at(file.received, file.layout))
    lines = " and ".join(str(line) for line in conflicts.rows[:2])
    told = (
        f"; {pair[0]!r} and {pair[1]!r} together tell them apart, so there is a row for each of these together"
        if pair
        else ""
    )
    said = ", ".join(pair) or "Their column, Another"
    return AskError(
        [
            Question(
                "no_id_column",
                f"In {file.received.name} the rows are not one for each {template.one}: {conflicts.count:,} of "
                f"{read:,} share their {called!r} with another row and differ, such as lines {lines}{told}. Export one "
                f"row for each {template.one}, or which columns together identify a row?",
                f"--mapping FILE that says 'generate_id: [{said}]' and which template its rows are of",
                column=key,
            )
        ],
        template.name,
        file.recognised.source,
    )
