"""What landed, and taking it back: the list of imports, quarantined rows as a file, undo."""

from __future__ import annotations

import datetime as dt
import json

from leadline.data.counts import follow
from leadline.data.database.session import Row, Session
from leadline.data.errors import ExportError
from leadline.data.exports.landing_report import ImportRecord, RowCounts
from leadline.data.exports.safe_csv import safe_csv
from leadline.data.landing import digests, fold
from leadline.data.landing.retire_rows import follow_merges
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import templates
from leadline.data.warehouse import Warehouse

_TABLES = ("sightings", "quarantine", "skipped", "answers", "merges")


def list_imports(warehouse: Warehouse) -> list[ImportRecord]:
    """Every import, oldest first, those taken back included."""
    return [_record(row) for row in warehouse.select(read_sql("landing/imports.sql"), {"import_id": None})]


def rejected_rows_csv(warehouse: Warehouse, import_id: int) -> str:
    """The quarantined rows of an import as CSV, safe to open in a spreadsheet. Raises ExportError if unknown."""
    _find(warehouse.select(read_sql("landing/imports.sql"), {"import_id": import_id}), import_id)
    rows = warehouse.select(read_sql("landing/rejected.sql"), {"import_id": import_id})
    return safe_csv(rows, ("line", "column", "value", "reason", "what to do", "row"))


def undo(warehouse: Warehouse, import_id: int) -> ImportRecord:
    """Takes one import back as if it had never been.

    Raises ExportError where there is nothing to take back, or where rows of later imports carry what it said.
    """
    with warehouse.transaction() as session:
        record = _find(session.select(read_sql("landing/imports.sql"), {"import_id": import_id}), import_id)
        if record.undone_at is not None:
            raise ExportError(
                f"Import {import_id} ({record.file}) was taken back on {record.undone_at:%Y-%m-%d} already.",
                "undone",
            )
        _refuse_where_carried(session, record)
        changing = digests.changing(session, templates()[record.template], from_import=import_id)
        with changing, follow.undoing(session, record.template, import_id):
            _forget(session, import_id, record.template)
            session.execute(
                "update landed.imports set undone_at = $now where import_id = $import_id",
                {"import_id": import_id, "now": dt.datetime.now(dt.UTC).replace(tzinfo=None)},
            )
        return _find(session.select(read_sql("landing/imports.sql"), {"import_id": import_id}), import_id)


def _refuse_where_carried(session: Session, record: ImportRecord) -> None:
    """Rows of events are folded with what was known of their message: one row each, that says it all."""
    both = {"import_id": record.import_id, "template": record.template}
    folded = [
        (number, file)
        for number, file, reading in session.select(
            "select import_id, file, reading from landed.imports "
            "where template = $template and import_id > $import_id and undone_at is null order by import_id",
            both,
        )
        if json.loads(reading).get("is_folded")
    ]
    if not folded:
        return
    key = [quote(name) for name in templates()[record.template].key]
    sql = compose(
        "landing/later_of_same_keys.sql",
        table=quote(record.template),
        key=", ".join(key),
        version_key=", ".join(f"version.{name}" for name in key),
        same_key=" and ".join(f"entries.{name} is not distinct from own.{name}" for name in key),
    )
    spoken = {number for (number,) in session.select(sql, both)}
    later = [f"{number} ({file})" for number, file in folded if number in spoken]
    if later:
        one, first, them = (
            ("import", "it", "it") if len(later) == 1 else ("imports", "them, the newest first,", "them")
        )
        raise ExportError(
            f"What import {record.import_id} ({record.file}) says of its messages is also in the rows of the later "
            f"{one} of events {_listed(later)}. Take {first} back before this one, then land {them} again.",
            "carried",
        )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _forget(session: Session, import_id: int, template: str) -> None:
    """Removes an import's rows, and lets later imports of the same keys stand as if it had not come before them."""
    key = [quote(name) for name in templates()[template].key]
    parts = {
        "table": quote(template),
        "key": ", ".join(key),
        "version_key": ", ".join(f"version.{name}" for name in key),
    }
    both = {"import_id": import_id, "template": template}
    is_uniform = fold.is_uniform(session, template)
    if not is_uniform:
        fold.note_spoken_keys(session, template, import_id)
    session.execute(compose("landing/later_keys.sql", **parts), both)
    if session.select("select 1 from later_keys limit 1"):
        _refold(session, import_id, template)
    session.execute(compose("landing/forget.sql", table=quote(template)), {"import_id": import_id})
    session.execute(read_sql("landing/forget_superseded.sql"), {"import_id": import_id})
    for table in _TABLES:
        session.execute(compose("landing/forget.sql", table=quote(table)), {"import_id": import_id})
    if not is_uniform:
        fold.fold(session, template)
    follow_merges(session, template)


def _refold(session: Session, import_id: int, template: str) -> None:
    """Replaces what is kept of keys that this import and later ones speak of by what would be kept without it."""
    known = templates()[template]
    columns = [quote(name) for name in known.landed]
    same_key = " and ".join(
        f"version.{quote(name)} is not distinct from later_keys.{quote(name)}" for name in known.key
    )
    parts = {
        "table": quote(template),
        "key": ", ".join(quote(name) for name in known.key),
        "columns": ", ".join(columns),
        "same_key": same_key,
    }
    both = {"import_id": import_id, "template": template}
    session.execute(compose("landing/refold.sql", **parts), both)
    for name in ("drop_later", "put_versions", "put_superseded", "put_sightings"):
        needed = {
            part: text for part, text in parts.items() if "{" + part + "}" in read_sql(f"landing/{name}.sql")
        }
        sql = compose(f"landing/{name}.sql", **needed)
        for statement in filter(str.strip, sql.split(";")):
            session.execute(statement, {"template": template} if "$template" in statement else None)


def _find(rows: list[Row], import_id: int) -> ImportRecord:
    if not rows:
        raise ExportError(
            f"There is no import {import_id}; 'leadline imports' lists those there are.", "unknown_import"
        )
    return _record(rows[0])


def _record(row: Row) -> ImportRecord:
    (import_id, file, sha256, source, template, workflow, landed_at, undone_at, *counts) = row
    return ImportRecord(
        import_id=import_id,
        file=file,
        sha256=sha256,
        source=source,
        template=template,
        workflow=workflow,
        landed_at=landed_at,
        undone_at=undone_at,
        rows=RowCounts(*counts),
    )
