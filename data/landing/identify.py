"""What a file is, from what it shows, what is said of it now, and what was said of files like it before."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadline.data.errors import ExportError
from leadline.data.exports.files.received_file import Received
from leadline.data.exports.files.text_encoding import Encoding, encoding_of, known_encoding
from leadline.data.exports.files.text_layout import find_layout
from leadline.data.exports.landing_report import AskError, IngestOptions, Question, Warned
from leadline.data.exports.recognition.mapping import read_mapping
from leadline.data.exports.recognition.questions import which_encoding
from leadline.data.exports.recognition.recognize import fingerprint, recognise, recognised_template
from leadline.data.exports.rows.typed_columns import Answers
from leadline.data.landing.correct import corrected_import
from leadline.data.landing.write_import import Brought
from leadline.data.sql import read_sql
from leadline.data.warehouse import Warehouse

CLOCK_CORRECTIONS = dt.timedelta(hours=1)
"""by so much a clock may be set back without a question"""
WRITING_OPTIONS = ("dates", "timezone", "percent", "numbers", "encoding")
"""options that say how a file writes things; remembered with the mapping"""
ANSWERS_SHOWN = 2
"""of those that differ from what was said before"""


def bring(warehouse: Warehouse, received: Received, options: IngestOptions) -> Brought:
    """Recognises a file, with what was said of it now, or earlier of files with the same headings.

    Raises ExportError where it can't be used, AskError where a person must say what it is.
    """
    layout = find_layout(received, options.header_row, _encoding(warehouse, received, options))
    printed = fingerprint(layout.header)
    said: dict[str, Any] = {name: getattr(options, name) for name in ("template", *WRITING_OPTIONS)}
    said["workflow"] = options.workflow
    corrected = corrected_import(warehouse, layout.header)
    if options.mapping is not None:
        taught = read_mapping(options.mapping, options.template, recognised_template(layout.header))
    else:
        before = corrected.answers if corrected else _remembered(warehouse, printed, options.template)
        if corrected:
            said["workflow"] = options.workflow or corrected.workflow
        said = {name: value or before.get(name) for name, value in said.items() if name != "workflow"} | {
            "workflow": said["workflow"]
        }
        taught = None
        if before.get("mapping"):
            taught = replace(read_mapping(before["mapping"]), name="taught before")
    recognised = recognise(layout, received.name, taught, said["template"], said["workflow"])
    said["mapping"] = taught.to_json() if taught else None
    if corrected is None and (told := _taught_otherwise(warehouse, printed, recognised.template.name, said)):
        recognised = replace(recognised, warnings=(*recognised.warnings, told))
    said["sheet"] = received.sheet
    said["header_row"] = options.header_row
    form = recognised.match.format.writing if recognised.match else {}
    written = {
        **(corrected.writing if corrected else {}),
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
            durations=written.get("durations"),
            days_from_1904=received.days_from_1904,
        ),
        said=json.dumps({name: value for name, value in said.items() if value}, sort_keys=True),
        fingerprint=printed,
        corrected=corrected,
    )


def _encoding(warehouse: Warehouse, received: Received, options: IngestOptions) -> Encoding:
    """In which encoding a file is read: what is said now, what it shows, or what was said of such files before.

    Raises AskError where its letters make sense in several, and ExportError where there is none of that name.
    """
    if options.encoding is not None:
        if received.sheet is not None:
            raise ExportError(
                f"{received.name} is a workbook, which says its encoding itself; name none.", "bad_encoding"
            )
        if (name := known_encoding(options.encoding)) is None:
            raise ExportError(
                f"There is no encoding {options.encoding!r}; write one such as utf-8, cp1250 or shift_jis.",
                "bad_encoding",
            )
        return Encoding(name)
    found = encoding_of(received)
    if not (found.is_found or found.rivals):
        return found
    for one in (found.name, *(rival.encoding for rival in found.rivals)):
        with suppress(AskError, ExportError):
            printed = fingerprint(find_layout(received, options.header_row, Encoding(one)).header)
            before = _remembered(warehouse, printed, options.template).get("encoding")
            if before and (known := known_encoding(before)) is not None:
                return Encoding(known)
    if found.rivals:
        raise AskError([which_encoding(received.name, found.rivals)])
    return found


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
                    choices=tuple(meanings),
                )
            ]
        )
    return dict(json.loads(found[0][1])) if found else {}


def _taught_otherwise(
    warehouse: Warehouse, printed: str, template: str, said: Mapping[str, Any]
) -> Warned | None:
    """Tells that what is said now takes the place of what was said of such files before, for later ones, too."""
    found = warehouse.select(
        read_sql("landing/remembered.sql"), {"fingerprint": printed, "template": template}
    )
    before, now = _plainly(json.loads(found[0][1]) if found else {}), _plainly(said)
    others = [
        f"{name} is {now.get(name, 'not said')} and was {was}"
        for name, was in before.items()
        if now.get(name) != was
    ]
    if not others:
        return None
    more = f" and {len(others) - ANSWERS_SHOWN:,} more" if len(others) > ANSWERS_SHOWN else ""
    return Warned(
        "taught_otherwise",
        f"What is said of files with these headings is not what was said before: {'; '.join(others[:ANSWERS_SHOWN])}"
        f"{more}. It counts for such files from now on, until this import is undone; rows that landed before stay as "
        "they were read.",
    )


def _plainly(said: Mapping[str, Any]) -> dict[str, str]:
    """Each answer by what it is about: {"'Nr'": 'deal_id', 'currency': 'EUR', "stage 'done'": 'won'}."""
    mapping = said.get("mapping") or {}
    found: dict[str, Any] = {
        repr(heading): " and ".join(ours) for heading, ours in mapping.get("columns", {}).items()
    }
    found |= mapping.get("constants", {})
    for column, words in mapping.get("values", {}).items():
        found |= {f"{column} {word!r}": ours for word, ours in words.items()}
    found |= {name: said.get(name) or mapping.get(name) for name in WRITING_OPTIONS}
    return {name: str(one) for name, one in found.items() if one}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as e:
        raise ExportError(
            f"The time zone {name!r} is not known; write one such as 'Europe/Berlin'.",
            "bad_timezone",
        ) from e
    return name


def clock(
    warehouse: Warehouse, file: Brought, options: IngestOptions, now: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    """(when the export's facts were known, first moment it can't know), both UTC without zone.

    Raises ExportError where this machine's clock can't be believed.
    """
    zone = ZoneInfo(warehouse.workspace.settings.timezone)
    last_day = options.exported_on or warehouse.workspace.today()
    end = (
        dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), zone)
        .astimezone(dt.UTC)
        .replace(tzinfo=None)
    )
    known_at = min(end - dt.timedelta(seconds=1), now) if options.exported_on else now_known(warehouse, now)
    if file.corrected is not None and not options.exported_on:
        known_at = min(known_at, file.corrected.known_at)
    return known_at, end


def now_known(warehouse: Warehouse, now: dt.datetime) -> dt.datetime:
    """Now, or just after the last import where the clock was set back a little since: what lands later counts."""
    ((last, import_id),) = warehouse.select(read_sql("landing/last_import.sql"))
    if last is None or now > last:
        return now
    if last - now > CLOCK_CORRECTIONS:
        raise ExportError(
            f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, but import {import_id} landed at "
            f"{last:%Y-%m-%d %H:%M}: set the clock right, or take that import back with 'leadline undo {import_id}' if "
            "it was wrong then, or say on which day the file was exported.",
            "clock_behind",
        )
    just_after: dt.datetime = last + dt.timedelta(microseconds=1)
    return just_after
