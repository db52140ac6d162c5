"""Writing one import: versions, what they replace or repeat, quarantine, skipped lines, answers, the import itself.

Everything here runs inside the transaction of the caller, on the tables that `data.exports.staging` and the
comparison have left in the session.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadline.data.counts import follow
from leadline.data.database.session import Session
from leadline.data.exports.files.clean_copy import MOST_KEPT
from leadline.data.exports.files.received_file import Received
from leadline.data.exports.files.text_layout import Layout, SetAside
from leadline.data.exports.landing_report import FileReport
from leadline.data.exports.reasons import NOT_KEPT, QUARANTINED
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.discretion import discreet, held_cells, kept_cells
from leadline.data.exports.rows.events import are_events
from leadline.data.exports.rows.staging import Staged, changed_at
from leadline.data.exports.rows.typed_columns import Answers
from leadline.data.landing import digests, fold
from leadline.data.landing.correct import Corrected
from leadline.data.landing.fold import Spoken
from leadline.data.landing.retire_rows import has_other_changes, note_vanishing, put_merges, retire_vanishing
from leadline.data.sql import compose, quote, read_sql


@dataclass(frozen=True)
class Brought:
    """A file on its way: what it is, and what a person said about it, now or earlier."""

    received: Received
    layout: Layout
    recognised: Recognised
    answers: Answers
    said: str
    """the answers as JSON: part of 'the very same file again'"""
    fingerprint: str
    corrected: Corrected | None = None
    """the import whose rows it corrects"""


def write_import(
    session: Session,
    file: Brought,
    staged: Staged,
    report: FileReport,
    known_at: dt.datetime,
    landed_at: dt.datetime,
    spoken: Spoken,
    retire: bool = False,
) -> None:
    """Writes everything of one import; `report` says its number and counts, the two moments are UTC."""
    template = staged.recognised.template
    import_id = int(report.import_id or 0)
    is_uniform = (
        fold.is_uniform(session, template.name) and fold.of_same_width(session, template.name, spoken)[1]
    )
    rows = report.rows
    count = rows.new + rows.updated + rows.unchanged + rows.stale + rows.skipped
    key = ", ".join(quote(name) for name in template.key)
    keys = compose("landing/readable_keys.sql", key=key)
    if retire:
        note_vanishing(session, template, file.fingerprint, known_at)
        keys += f"union\nselect {key} from vanishing\n"
    is_plain = is_uniform and not retire and not has_other_changes(session)
    with follow.landing(session, template.name, import_id, count, None if is_plain else keys):
        _write(session, file, staged, replace(report, import_id=import_id), known_at, landed_at, spoken)
        if retire:
            retire_vanishing(session, template, import_id, known_at)
        if not is_uniform or retire:
            fold.note_keys_to_fold(session, template.name, spoken, import_id)
            fold.fold(session, template.name)
        put_merges(session, template, import_id, known_at)
    digests.note_import(session, template, import_id)


def _write(
    session: Session,
    file: Brought,
    staged: Staged,
    report: FileReport,
    known_at: dt.datetime,
    landed_at: dt.datetime,
    spoken: Spoken,
) -> None:
    template = staged.recognised.template
    import_id = report.import_id
    session.execute(
        compose(
            "landing/insert.sql",
            table=quote(template.name),
            columns=", ".join(quote(name) for name in template.landed),
            changed_at=changed_at(template),
        ),
        {"known_at": known_at, "import_id": import_id},
    )
    both = {"template": template.name, "import_id": import_id}
    session.execute(read_sql("landing/supersede.sql"), both)
    session.execute(read_sql("landing/sight.sql"), both)
    cells = ", ".join(kept_cells(staged.recognised, len(staged.table.header), staged.private))
    if report.rows.quarantined:
        held = held_cells(staged.recognised, len(staged.table.header))
        words = {
            "reasons": list(QUARANTINED),
            "sentences": list(QUARANTINED.values()),
            "further": NOT_KEPT,
        }
        session.execute(
            compose("landing/quarantine.sql", cells=cells, held=", ".join(held)),
            {
                "import_id": import_id,
                "key_column": ", ".join(template.key),
                "salt": staged.salt,
                "most": MOST_KEPT,
                **words,
            },
        )
        session.execute(
            read_sql("landing/set_aside.sql"),
            {"import_id": import_id, **words, **_lines(staged.table.quarantined)},
        )
    if report.rows.skipped:
        session.execute(
            compose("landing/skipped.sql", cells=cells),
            {"import_id": import_id, "salt": staged.salt, "most": MOST_KEPT, **_lines(staged.table.skipped)},
        )
    session.execute(
        read_sql("landing/record.sql"), {**_record(file, staged, report, known_at, landed_at), **spoken.told}
    )
    if _is_taught(file.said):
        session.execute(
            read_sql("landing/remember.sql"),
            {"fingerprint": file.fingerprint, "answers": file.said, **both},
        )


def _lines(entries: Sequence[SetAside]) -> dict[str, object]:
    return {
        "lines": [entry.line for entry in entries],
        "line_reasons": [entry.reason for entry in entries],
        "raws": [entry.raw if entry.line else str(entry.count) for entry in entries],
    }


def _is_taught(said: str) -> bool:
    """True where a person answered something that the next file with these headings will need again."""
    return bool(json.loads(said).keys() - {"workflow", "sheet", "header_row"})


def _record(
    file: Brought, staged: Staged, report: FileReport, known_at: dt.datetime, landed_at: dt.datetime
) -> dict[str, Any]:
    table = staged.table
    how = {
        "encoding": table.layout.encoding,
        "delimiter": file.layout.delimiter,
        "header_line": table.layout.header_line,
        "styles": dict(staged.reading.styles),
        "timezone": staged.reading.zone,
    }
    if are_events(staged.recognised):
        how["is_folded"] = True
    return {
        "import_id": report.import_id,
        "file": file.received.name,
        "sha256": file.received.sha256,
        "bytes": file.received.size,
        "source": report.source,
        "template": report.template,
        "workflow": staged.recognised.constants.get("workflow"),
        "answers": file.said,
        "fingerprint": file.fingerprint,
        "known_at": known_at,
        "landed_at": landed_at,
        "read": report.rows.read,
        "new": report.rows.new,
        "updated": report.rows.updated,
        "unchanged": report.rows.unchanged,
        "stale": report.rows.stale,
        "quarantined": report.rows.quarantined,
        "skipped": report.rows.skipped,
        "header": list(table.header),
        "reading": json.dumps(how, sort_keys=True),
        "warnings": json.dumps([{"code": w.code, "message": discreet(w.message)} for w in report.warnings]),
    }
