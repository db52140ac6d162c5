"""One file -> facts and quarantine in one transaction; preview, list of imports, undo.

`land` reads a file (data.exports), compares it with what has landed, and writes everything or nothing. A preview is
the same code, stopped before the transaction.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from data.commit import Brought, write_import
from data.errors import ExportError
from data.exports.mapping import read_mapping
from data.exports.parsing import Answers
from data.exports.reading import find_layout
from data.exports.reasons import QUARANTINED, SKIPPED
from data.exports.receiving import Received, discard, receive
from data.exports.recognition import AskError, fingerprint, recognise, recognised_template
from data.exports.sheets import unfold
from data.exports.staging import Staged, changed_at, stage
from data.reports import (
    LINES_SHOWN,
    FileReport,
    ImportRecord,
    IngestOptions,
    Question,
    Reason,
    RowCounts,
    Warned,
)
from data.sql import compose, quote, read_sql
from data.undoing import list_imports, rejected_rows_csv, undo
from data.warehouse import Session, Warehouse

__all__ = [
    "FileReport",
    "ImportRecord",
    "IngestOptions",
    "land",
    "list_imports",
    "rejected_rows_csv",
    "undo",
]


WRITING_OPTIONS = ("dates", "timezone", "percent")
"""options that say how a file writes things; remembered with the mapping"""


def land(warehouse: Warehouse, file: Path, options: IngestOptions | None = None) -> FileReport:
    """Lands one export, whole or not at all.

    What can't be landed is reported, not raised, and the workspace is then untouched.
    """
    options = options or IngestOptions()
    received: Received | None = None
    try:
        received = receive(Path(file), warehouse.intake, forbidden=warehouse.workspace.database)
        received = unfold(received, options.sheet)
        return replace(_land(warehouse, received, options), file=str(file))
    except AskError as e:
        return FileReport(
            file=str(file),
            state="asks",
            source=e.source,
            template=e.template,
            questions=e.questions,
            message=" ".join(
                f"{question.message} Answer with {question.option}." for question in e.questions
            ),
        )
    except ExportError as e:
        return FileReport(file=str(file), state="refused", message=str(e), code=e.code)
    except duckdb.Error as e:
        logging.getLogger(__name__).warning("landing %s failed", file, exc_info=True)
        return FileReport(
            file=str(file),
            state="refused",
            message=f"{Path(file).name} could not be landed, and nothing of it was: "
            f"{str(e).splitlines()[0].rstrip('.')}. Check that disk and memory have room, then try again.",
            code="engine_failed",
        )
    finally:
        if received is not None:
            discard(received)


def _land(warehouse: Warehouse, received: Received, options: IngestOptions) -> FileReport:
    file = _recognised(warehouse, received, options)
    if (same := _landed_before(warehouse, file)) is not None:
        return same
    landed_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    known_at, limit = _clock(warehouse, options, landed_at)
    with warehouse.session() as session:
        staged = stage(
            session,
            received,
            file.layout,
            file.recognised,
            file.answers,
            _salt(warehouse),
            limit,
            options.header_row,
        )
        if options.dry_run:
            _match(session, staged, known_at)
            return _report(session, file, staged, None, options)
        with warehouse.transaction(session):
            _match(session, staged, known_at)
            report = _report(session, file, staged, _next_import(session), options)
            write_import(session, file, staged, report, known_at, landed_at)
        return report


def _recognised(warehouse: Warehouse, received: Received, options: IngestOptions) -> Brought:
    layout = find_layout(received, options.header_row)
    printed = fingerprint(layout.header)
    said: dict[str, Any] = {name: getattr(options, name) for name in ("template", *WRITING_OPTIONS)}
    if options.mapping is not None:
        taught = read_mapping(options.mapping, options.template, recognised_template(layout.header))
    else:
        before = _remembered(warehouse, printed, options.template)
        said = {name: value or before.get(name) for name, value in said.items()}
        taught = None
        if before.get("mapping"):
            taught = replace(read_mapping(before["mapping"]), name="taught before")
    recognised = recognise(layout, received.name, taught, said["template"], options.workflow)
    said["mapping"] = taught.to_json() if taught else None
    said["workflow"] = options.workflow
    said["sheet"] = received.sheet
    said["header_row"] = options.header_row
    form = recognised.match.format.writing if recognised.match else {}
    written = {
        **form,
        **(taught.writing if taught else {}),
        **{n: said[n] for n in WRITING_OPTIONS if said[n]},
    }
    return Brought(
        received=received,
        layout=layout,
        recognised=recognised,
        answers=Answers(
            dates=written.get("dates"),
            timezone=_zone(written.get("timezone") or warehouse.workspace.settings.timezone),
            percent=written.get("percent"),
            numbers=written.get("numbers"),
            days_from_1904=received.days_from_1904,
        ),
        said=json.dumps({name: value for name, value in said.items() if value}, sort_keys=True),
        fingerprint=printed,
    )


def _remembered(warehouse: Warehouse, printed: str, template: str | None) -> dict[str, Any]:
    """Answers given before for files with the same headings, those for one template where it is named."""
    found = warehouse.select(
        read_sql("landing/remembered.sql"), {"fingerprint": printed, "template": template}
    )
    if len(found) > 1:
        meanings = sorted(name for name, _ in found)
        raise AskError(
            [
                Question(
                    "which_template",
                    f"Files with these headings have landed as {' and as '.join(meanings)}: which is it now?",
                    " or ".join(f"--template {name}" for name in meanings),
                )
            ]
        )
    return dict(json.loads(found[0][1])) if found else {}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as e:
        raise ExportError(
            f"The time zone {name!r} is not known; write one such as 'Europe/Berlin' after --timezone.",
            "bad_timezone",
        ) from e
    return name


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


def _clock(warehouse: Warehouse, options: IngestOptions, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """(when the export's facts were known, first moment it can't know), both UTC without zone."""
    zone = ZoneInfo(warehouse.workspace.settings.timezone)
    last_day = options.exported_on or warehouse.workspace.today()
    end = (
        dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), zone)
        .astimezone(dt.UTC)
        .replace(tzinfo=None)
    )
    known_at = min(end - dt.timedelta(seconds=1), now) if options.exported_on else now
    return known_at, end


def _salt(warehouse: Warehouse) -> str:
    """The workspace's own secret for hashing addresses; made at the first need."""
    found = warehouse.select("select value from landed.secrets where name = 'salt'")
    if found:
        return str(found[0][0])
    warehouse.execute(
        "insert into landed.secrets values ('salt', $salt) on conflict do nothing",
        {"salt": secrets.token_hex(16)},
    )
    return str(warehouse.select("select value from landed.secrets where name = 'salt'")[0][0])


def _match(session: Session, staged: Staged, known_at: dt.datetime) -> None:
    """Compares the readable rows with the versions that stand."""
    template = staged.recognised.template
    columns = [quote(name) for name in template.landed]
    session.execute(
        compose(
            "landing/matches.sql",
            standing=quote(f"current_{template.name}"),
            changed_at=changed_at(template),
            same_key=" and ".join(
                _same(quote(name), required=name == template.key[0]) for name in template.key
            ),
            same_content=" and ".join(_same(name, required=False) for name in columns),
        ),
        {"known_at": known_at, "template": template.name},
    )


def _same(column: str, required: bool) -> str:
    return f"candidates.{column} {'=' if required else 'is not distinct from'} standing.{column}"


def _next_import(session: Session) -> int:
    return int(session.select("select coalesce(max(import_id), 0) + 1 from landed.imports")[0][0])


def _report(
    session: Session, file: Brought, staged: Staged, import_id: int | None, options: IngestOptions
) -> FileReport:
    ((records, faulty, conflicting, repeated, updated, unchanged, stale),) = session.select(
        read_sql("landing/counts.sql")
    )
    table = staged.table
    if updated and any(warned.code == "no_stage" for warned in staged.warnings):
        raise AskError(
            [
                Question(
                    "no_stage",
                    f"{file.received.name} has no column for the stage, and {updated:,} of its deals are known with "
                    "one, which it would take away: which stage do its deals have?",
                    "--mapping FILE that says 'constants: {stage: open}', or export the stage too",
                )
            ],
            staged.recognised.template.name,
            staged.recognised.source,
        )
    rows = RowCounts(
        read=records + len(table.quarantined) + len(table.skipped),
        new=records - faulty - conflicting - repeated - updated - unchanged - stale,
        updated=updated,
        unchanged=unchanged,
        stale=stale,
        quarantined=faulty + conflicting + len(table.quarantined),
        skipped=repeated + len(table.skipped),
    )
    return FileReport(
        file=file.received.name,
        state="landed",
        source=staged.recognised.source,
        template=staged.recognised.template.name,
        import_id=import_id,
        rows=rows,
        reasons=_reasons(session, staged),
        warnings=staged.warnings,
        message=_message(file.received.name, staged.recognised.template.name, rows, options.dry_run),
    )


def _reasons(session: Session, staged: Staged) -> tuple[Reason, ...]:
    found = session.select(
        read_sql("landing/reasons.sql"),
        {"key_column": staged.recognised.template.key[0], "most": LINES_SHOWN},
    )
    reasons = {
        reason: Reason(reason, tuple(lines), count, _sentence(reason, column, value))
        for reason, count, lines, column, value in found
    }
    for entries in (staged.table.quarantined, staged.table.skipped):
        for reason in sorted({entry.reason for entry in entries}):
            lines = [entry.line for entry in entries if entry.reason == reason]
            raw = next(entry.raw for entry in entries if entry.reason == reason)
            example = QUARANTINED[reason] if reason in QUARANTINED else f"{SKIPPED[reason]}: {raw[:80]}"
            other = reasons.pop(reason, Reason(reason, (), 0, example))
            together = sorted({*other.rows, *lines})[:LINES_SHOWN]
            reasons[reason] = Reason(reason, tuple(together), other.count + len(lines), other.example)
    return tuple(reasons.values())


def _sentence(reason: str, column: str, value: str | None) -> str:
    if reason in SKIPPED:
        return SKIPPED[reason]
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
