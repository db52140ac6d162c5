"""Rows that a person takes out of the facts, as an import of its own: listed, undone and replayed like any other."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from leadline.data.counts import follow
from leadline.data.engines.engine import refuse_landing
from leadline.data.errors import ExportError
from leadline.data.exports.landing_report import BY_HAND, ImportRecord
from leadline.data.landing import digests, fold
from leadline.data.landing.fold import Spoken
from leadline.data.landing.identify import now_known
from leadline.data.landing.retire_rows import run
from leadline.data.landing.undo import list_imports
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import kind_words, templates
from leadline.data.warehouse import Warehouse

LONGEST_REASON = 200
NOTHING = Spoken((), ())
"""of which a version that retires a row speaks"""
EXAMPLES = 3


def retire(warehouse: Warehouse, template: str, identities: Sequence[str], reason: str) -> ImportRecord:
    """Takes rows out of the facts. Raises ExportError where one of them is none, or nobody says why."""
    record = _retire(warehouse, template, identities, reason, known_only=False)
    assert record is not None  # noqa: S101 - of rows that are all known something is left
    return record


def retire_known(
    warehouse: Warehouse, template: str, identities: Sequence[str], reason: str
) -> ImportRecord | None:
    """The same for those of them that are in force; None where none is."""
    return _retire(warehouse, template, identities, reason, known_only=True)


def _retire(
    warehouse: Warehouse, template: str, identities: Sequence[str], reason: str, *, known_only: bool
) -> ImportRecord | None:
    refuse_landing(warehouse.workspace.settings)
    known = templates()[template]
    key = known.key[0]
    said = " ".join(reason.split())
    wanted = list(dict.fromkeys(one.strip() for one in identities if one.strip()))
    if not said or len(said) > LONGEST_REASON:
        raise ExportError(
            f"Say why in 1 to {LONGEST_REASON} letters; it stands in the list of imports.", "no_reason"
        )
    if not wanted:
        raise ExportError(f"Name the {key} of the rows to retire.", "no_rows")
    if len(known.key) > 1:
        raise ExportError(
            f"Rows of {kind_words(template)} are told apart by {', '.join(known.key)} together, so none can be named "
            "by one of them; correct the source and land its export, or undo the import that brought them.",
            "no_id_column",
        )
    landed_at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    known_at = now_known(warehouse, landed_at)
    parts = {"key": quote(key), "known": quote(f"current_{template}")}
    with warehouse.transaction() as session:
        session.execute(
            compose("landing/retiring.sql", **parts), {"identities": wanted, "salt": warehouse.salt()}
        )
        unknown = [
            one
            for (one,) in session.select(
                "select identity from retiring where of_import is null order by line"
            )
        ]
        if known_only and unknown:
            gone = set(unknown)
            wanted = [one for one in wanted if one not in gone]
            if not wanted:
                return None
            session.execute("delete from retiring where of_import is null")
        elif unknown:
            shown = ", ".join(repr(one[:40]) for one in unknown[:EXAMPLES])
            more = ", …" if len(unknown) > EXAMPLES else ""
            raise ExportError(
                f"{len(unknown):,} of {len(wanted):,} {key} {'is' if len(unknown) == 1 else 'are'} none of a "
                f"{known.one} in force ({shown}{more}); nothing was retired.",
                "unknown_rows",
            )
        import_id = int(session.select("select coalesce(max(import_id), 0) + 1 from landed.imports")[0][0])
        content = "\n".join((template, str(import_id), said, *wanted))
        ((masked,),) = session.select("select cells.masked($said)", {"said": said})
        values = {
            "import_id": import_id, "file": f"retired: {masked.replace('/', '-')}",
            "sha256": hashlib.sha256(content.encode()).hexdigest(), "bytes": 0, "source": BY_HAND,
            "template": template, "workflow": None, "answers": "{}", "fingerprint": "", "known_at": known_at,
            "landed_at": landed_at, "read": len(wanted), "new": 0, "updated": len(wanted), "unchanged": 0, "stale": 0,
            "quarantined": 0, "skipped": 0, "header": [], "reading": "{}", "warnings": "[]", **NOTHING.told,
        }  # fmt: skip
        keys = compose("landing/retiring_keys.sql", key=quote(key))
        with follow.landing(session, template, import_id, len(wanted), keys):
            run(session, compose("landing/retire.sql", key=quote(key), table=quote(template)), values)
            session.execute(read_sql("landing/record.sql"), values)
            fold.note_spoken_keys(session, template, import_id)
            fold.fold(session, template)
        digests.note_import(session, known, import_id)
    return next(record for record in list_imports(warehouse) if record.import_id == import_id)
