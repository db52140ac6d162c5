"""One file -> facts and quarantine in one transaction; preview, list of imports, undo.

`land` reads a file (`data.exports`), compares it with what has landed, and writes everything or nothing. A preview is
the same code, stopped before the transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

from leadline.data.database.failures import STATEMENT_FAILURES
from leadline.data.database.session import Session
from leadline.data.engines.engine import refuse_landing
from leadline.data.errors import EngineError, ExportError, first_line
from leadline.data.exports.files.export_day import day_in_name
from leadline.data.exports.files.quoted_lines import unquoted
from leadline.data.exports.files.received_file import Received, discard, receive
from leadline.data.exports.files.sheets import unfold
from leadline.data.exports.files.text_layout import SetAside, find_layout
from leadline.data.exports.landing_report import (
    LINES_SHOWN,
    AskError,
    ColumnMatch,
    FileReport,
    ImportRecord,
    IngestOptions,
    Question,
    Reason,
    RowCounts,
    Warned,
)
from leadline.data.exports.reasons import QUARANTINED, SKIPPED
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.recognition.suggestions import Seen, lacking, look_at, proposal, suggested_mapping
from leadline.data.exports.rows.discretion import discreet_report
from leadline.data.exports.rows.records import look_deeper
from leadline.data.exports.rows.staging import Staged, stage
from leadline.data.landing.compare import compare
from leadline.data.landing.correct import correction_csv, is_correctable
from leadline.data.landing.fold import Spoken
from leadline.data.landing.held_against_known import hold_against_known
from leadline.data.landing.identify import bring, clock
from leadline.data.landing.nothing_lands import refuse_where_nothing_lands
from leadline.data.landing.preview import (
    changes,
    changes_of_force,
    is_much,
    many_gone,
    matched,
    vanished,
    vanished_sentence,
)
from leadline.data.landing.undo import list_imports, rejected_rows_csv, undo
from leadline.data.landing.unread_columns import look_at_hints
from leadline.data.landing.write_import import Brought, write_import
from leadline.data.sql import read_sql
from leadline.data.warehouse import Warehouse

__all__ = [
    "FileReport",
    "ImportRecord",
    "IngestOptions",
    "correction_csv",
    "is_correctable",
    "land",
    "list_imports",
    "rehearse",
    "rejected_rows_csv",
    "undo",
]


ASKED_WITH_COLUMNS = (
    "unknown_export",
    "missing_column",
    "duplicate_header",
    "no_id_column",
    "which_template",
    "missing_unit",
    "unusable_export",
)
"""codes of questions and refusals that a look at the file's columns answers"""


Step = Literal["receiving", "reading", "waiting", "comparing", "writing"]
"""where a landing stands; it waits where another one writes"""
Tell = Callable[[Step], None]


class _TakenBack(Exception):  # noqa: N818 (no error: it ends a rehearsal)
    """Rolls back what was only rehearsed."""


def land(
    warehouse: Warehouse,
    file: Path,
    options: IngestOptions | None = None,
    tell: Tell = lambda _: None,
) -> FileReport:
    """Lands one export, whole or not at all. `tell` is called in this thread as each step begins, and must not raise.

    What can't be landed is reported, not raised, and the workspace is then untouched. Raises WorkspaceError where
    the workspace's facts are on another engine.
    """
    refuse_landing(warehouse.workspace.settings)
    return discreet_report(_told(warehouse, Path(file), options or IngestOptions(), None, tell))


def rehearse(
    warehouse: Warehouse, file: Path, options: IngestOptions, look: Callable[[], None]
) -> FileReport:
    """Lands an export, lets `look` see the workspace as it then is, and takes everything back.

    `look` is called in this thread, once, and only where the file can be landed and is new; it must not write.
    """
    refuse_landing(warehouse.workspace.settings)
    return discreet_report(_told(warehouse, Path(file), replace(options, dry_run=True), look))


def _told(
    warehouse: Warehouse,
    file: Path,
    options: IngestOptions,
    look: Callable[[], None] | None,
    tell: Tell = lambda _: None,
) -> FileReport:
    received: Received | None = None
    try:
        received = receive(file, warehouse.intake, forbidden=warehouse.workspace.database)
        received = unquoted(unfold(received, options.sheet))
        return replace(_land(warehouse, received, options, look, tell), file=str(file))
    except AskError as e:
        codes = [question.code for question in e.questions]
        likely = e.template or next((q.choices[0] for q in e.questions if q.code == "which_template"), None)
        suggested = _suggested(received, options, codes, likely)
        asked = _with_proposal(e.questions, suggested.get("suggestion"))
        return FileReport(
            file=str(file),
            state="asks",
            source=e.source,
            template=e.template,
            questions=asked,
            message=" ".join(f"{question.message} Answer with {question.option}." for question in asked),
            **suggested,
        )
    except ExportError as e:
        suggested = _suggested(received, options, [e.code], e.template) if received is not None else {}
        return _refused_or_asked(file, e, suggested)
    except STATEMENT_FAILURES as e:
        logging.getLogger(__name__).warning("landing %s failed", file, exc_info=True)
        why = str(e) if isinstance(e, EngineError) else f"{first_line(e)}. Check the file, then try again."
        return FileReport(
            file=str(file),
            state="refused",
            message=f"{file.name} could not be landed, and nothing of it was: {why}",
            code="engine_failed",
        )
    finally:
        if received is not None:
            discard(received)


def _suggested(
    received: Received | None, options: IngestOptions, codes: list[str], likely: str | None = None
) -> dict[str, Any]:
    """What the columns of a file may be, where that is asked or missing. `likely`: what its rows seem to be."""
    if received is None or not set(codes) & set(ASKED_WITH_COLUMNS):
        return {}
    try:
        seen = look_at(received, find_layout(received, options.header_row))
    except ExportError:
        return {}
    is_unknown = bool(set(codes) & {"unknown_export", "missing_column", "which_template"})
    named = options.template or likely
    said = suggested_mapping(seen, named)
    return {"columns": matched(seen, None, named), "suggestion": said if is_unknown else None}


def _with_proposal(questions: Sequence[Question], said: Mapping[str, Any] | None) -> tuple[Question, ...]:
    """The questions, the first of them about columns with what these may be."""
    if not said or not said["columns"]:
        return tuple(questions)
    about = next((one for one in questions if one.code in ("unknown_export", "which_template")), None)
    return tuple(
        replace(one, message=f"{one.message} {proposal(said)}") if one is about else one for one in questions
    )


def _refused_or_asked(file: Path, error: ExportError, suggested: dict[str, Any]) -> FileReport:
    """A refusal; where the columns that are missing may be others of the file, the question whether they are."""
    said = suggested.get("suggestion")
    if error.code != "missing_column" or error.template is None or not said or lacking(said):
        return FileReport(file=str(file), state="refused", message=str(error), code=error.code, **suggested)
    asked = Question(
        "missing_column", f"{error} {proposal(said)}", "--mapping FILE that says so, or corrects it"
    )
    return FileReport(
        file=str(file),
        state="asks",
        questions=(asked,),
        message=f"{asked.message} Answer with {asked.option}.",
        **suggested,
    )


def _land(
    warehouse: Warehouse,
    received: Received,
    options: IngestOptions,
    look: Callable[[], None] | None,
    tell: Tell,
) -> FileReport:
    if options.retire and not options.complete:
        raise ExportError(
            "Only an export that holds every row of its span says which are gone; say --complete too.",
            "not_complete",
        )
    tell("reading")
    file = bring(warehouse, received, options)
    if (same := _landed_before(warehouse, file)) is not None:
        return replace(same, columns=_columns(file))
    landed_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    known_at, limit = clock(warehouse, file, options, landed_at)
    with warehouse.session() as session:
        staged = stage(
            session,
            received,
            file.layout,
            file.recognised,
            file.answers,
            warehouse.salt(),
            limit,
        )
        if options.dry_run:
            spoken = compare(session, staged, known_at)
            report = _report(session, file, staged, None, options, spoken)
            if look is not None:
                with suppress(_TakenBack), warehouse.transaction(session):
                    number = _next_import(session)
                    write_import(
                        session,
                        file,
                        staged,
                        replace(report, import_id=number),
                        known_at,
                        landed_at,
                        spoken,
                        options.retire,
                    )
                    look()
                    raise _TakenBack
            return replace(
                report, columns=_columns(file), changes=changes(session, staged.recognised.template, spoken)
            )
        if warehouse.is_being_written():
            tell("waiting")
        with warehouse.transaction(session):
            # somebody else may have brought it while it was read
            if (same := _landed_before(warehouse, file)) is not None:
                return replace(same, columns=_columns(file))
            tell("comparing")
            spoken = compare(session, staged, known_at)
            report = _report(session, file, staged, _next_import(session), options, spoken)
            tell("writing")
            write_import(session, file, staged, report, known_at, landed_at, spoken, options.retire)
        return report


def _columns(file: Brought) -> tuple[ColumnMatch, ...]:
    recognised: Recognised = file.recognised
    return matched(look_at(file.received, file.layout), recognised)


def _unread(file: Brought) -> tuple[Seen, ...]:
    """The columns of a file that feed none of ours."""
    recognised: Recognised = file.recognised
    fed = {*recognised.places.values()} | {
        recognised.folded.index(part)
        for recipe in recognised.recipes.values()
        for part in recipe.read
        if part in recognised.folded
    }
    headings = {heading for place, heading in enumerate(recognised.header) if place in fed}
    return tuple(one for one in look_at(file.received, file.layout) if one.heading not in headings)


def _landed_before(warehouse: Warehouse, file: Brought) -> FileReport | None:
    """The report for a file that stands already, byte for byte and read the same way; None for any other."""
    found = warehouse.select(
        read_sql("landing/same_file.sql"),
        {"sha256": file.received.sha256, "template": file.recognised.template.name, "answers": file.said},
    )
    if not found:
        return None
    import_id, new, updated, unchanged, stale, quarantined, skipped, read = found[0]
    return FileReport(
        file=file.received.name,
        state="landed",
        source=file.recognised.source,
        template=file.recognised.template.name,
        import_id=import_id,
        rows=RowCounts(
            read=read,
            unchanged=new + updated + unchanged,
            stale=stale,
            quarantined=quarantined,
            skipped=skipped,
        ),
        warnings=(
            Warned(
                "already_imported", f"This very file landed before, as import {import_id}; nothing changed."
            ),
        ),
        message=f"{file.received.name} is the very file of import {import_id}; nothing changed.",
    )


def _next_import(session: Session) -> int:
    return int(session.select("select coalesce(max(import_id), 0) + 1 from landed.imports")[0][0])


def _report(
    session: Session,
    file: Brought,
    staged: Staged,
    import_id: int | None,
    options: IngestOptions,
    spoken: Spoken,
) -> FileReport:
    template = staged.recognised.template
    named_on = None if options.exported_on else day_in_name(file.received.name, dt.date.min, dt.date.max)
    unread = cache(lambda: _unread(file))
    held = hold_against_known(
        session,
        template,
        spoken,
        options.accept,
        unread,
        partial(look_deeper, session, staged.table),
        named_on,
        [entry.line for entry in staged.table.skipped if entry.reason == "repeated_header"],
    )
    if held.questions:
        raise AskError(held.questions, template.name, staged.recognised.source)
    ((records, faulty, conflicting, repeated, updated, unchanged, stale, retiring, returning),) = (
        session.select(read_sql("landing/counts.sql"))
    )
    table = staged.table
    rows = RowCounts(
        read=records + _lines_of(table.quarantined) + _lines_of(table.skipped),
        new=records - faulty - conflicting - repeated - updated - unchanged - stale,
        updated=updated,
        unchanged=unchanged,
        stale=stale,
        quarantined=faulty + conflicting + _lines_of(table.quarantined),
        skipped=repeated + _lines_of(table.skipped),
    )
    warnings = staged.warnings
    if not rows.new:  # the stages that are known stay
        warnings = tuple(warned for warned in warnings if warned.code != "no_stage")
    gone = vanished(session, template, file.fingerprint, options.complete)
    if gone and options.retire and is_much(gone) and "many_gone" not in options.accept:
        raise AskError([many_gone(gone, template)], template.name, staged.recognised.source)
    told = [Warned("vanished_rows", vanished_sentence(gone, template, options.retire))] if gone else []
    told += changes_of_force(session, template, retiring, returning)
    if staged.recognised.match is None:  # a known system's columns are known
        told += [Warned(one.code, one.message) for one in look_at_hints(template, spoken, unread())]
    report = FileReport(
        file=file.received.name,
        state="landed",
        source=staged.recognised.source,
        template=staged.recognised.template.name,
        import_id=import_id,
        rows=rows,
        reasons=_reasons(session, staged, is_any_aside=bool(faulty or conflicting or repeated)),
        warnings=(*warnings, *told, *held.warnings),
        vanished=gone,
        message=_message(file.received.name, staged.recognised.template.name, rows, options.dry_run),
    )
    if file.corrected is None:
        refuse_where_nothing_lands(file, report)
    return report


def _reasons(session: Session, staged: Staged, *, is_any_aside: bool) -> tuple[Reason, ...]:
    said = {"key_column": staged.recognised.template.key[0], "most": LINES_SHOWN, "salt": staged.salt}
    found = session.select(read_sql("landing/reasons.sql"), said) if is_any_aside else []
    reasons = {
        reason: Reason(reason, tuple(lines), count, _sentence(reason, column, value))
        for reason, count, lines, column, value in found
    }
    for entries in (staged.table.quarantined, staged.table.skipped):
        for reason in sorted({entry.reason for entry in entries}):
            alike = [entry for entry in entries if entry.reason == reason]
            lines = [entry.line for entry in alike if entry.line]
            raw = next((entry.raw for entry in entries if entry.reason == reason and entry.raw.strip()), "")
            example = QUARANTINED[reason] if reason in QUARANTINED else _skipped_words(reason, raw)
            other = reasons.pop(reason, Reason(reason, (), 0, example))
            together = sorted({*other.rows, *lines})[:LINES_SHOWN]
            reasons[reason] = Reason(reason, tuple(together), other.count + _lines_of(alike), other.example)
    return tuple(reasons.values())


def _lines_of(entries: Sequence[SetAside]) -> int:
    """Lines that they stand for."""
    return sum(entry.count for entry in entries)


def _skipped_words(reason: str, raw: str) -> str:
    """'A total: Total,,150'; without a line to show, a sentence."""
    return f"{SKIPPED[reason]}: {raw[:80]}" if raw else f"{SKIPPED[reason]}."


def _sentence(reason: str, column: str, value: str | None) -> str:
    if reason in SKIPPED:
        return _skipped_words(reason, "")
    return QUARANTINED[reason].replace("{column}", column).replace("{value}", (value or "")[:80])


def _message(name: str, template: str, rows: RowCounts, dry_run: bool) -> str:
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (rows.new, "new"),
            (rows.updated, "updated"),
            (rows.unchanged, "unchanged"),
            (rows.stale, "older than what is known"),
            (rows.quarantined, "quarantined"),
            (rows.skipped, "skipped"),
        )
        if count
    ]
    verb = "would land" if dry_run else "landed"
    return f"{name} {verb} as {template}: {', '.join(parts) or 'nothing new'}."
