"""Rows that were set aside: as a file with the headings they came with, corrected by a person, landed again.

One heading more names the import. By it the corrected file is known to be of the same kind, with the same mapping and
the same way of writing, and to know no more than that import did.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leadline.data.errors import ExportError
from leadline.data.exports.recognition.segments import OURS
from leadline.data.exports.safe_csv import safe_csv
from leadline.data.sql import read_sql
from leadline.data.templates import fold
from leadline.data.warehouse import Warehouse

_HEADING = re.compile(rf"{OURS} rows of import (\d+)")
_MISSING = ("-", "--")
"""ways to write 'missing' that a spreadsheet would take for the beginning of a formula"""


@dataclass(frozen=True)
class Corrected:
    """The import whose rows a file corrects."""

    import_id: int
    answers: Mapping[str, Any]
    workflow: str | None
    known_at: dt.datetime
    """UTC, without zone"""
    writing: Mapping[str, str] = field(default_factory=dict)
    """how that file wrote dates and numbers, where all its columns agreed"""


def correction_heading(import_id: int) -> str:
    """The heading that names the import; under it stands what to correct."""
    return f"Leadline: rows of import {import_id}"


def correction_csv(warehouse: Warehouse, import_id: int) -> str:
    """The rows of an import that were set aside, to be corrected and landed. Raises ExportError if there are none.

    Only columns that are landed are filled; the others keep their heading. Lines that could not be cut into cells
    are not among them.
    """
    header = warehouse.select(
        "select header from landed.imports where import_id = $import_id", {"import_id": import_id}
    )
    rows = warehouse.select(read_sql("landing/to_correct.sql"), {"import_id": import_id})
    if not header or not rows:
        raise ExportError(
            f"Import {import_id} has no rows that could be corrected; 'leadline imports' lists the imports.",
            "nothing_to_correct",
        )
    return safe_csv(
        ([None if cell in _MISSING else cell for cell in cells] + [words] for cells, words in rows),
        [*header[0][0], correction_heading(import_id)],
    )


def is_correctable(warehouse: Warehouse, import_id: int) -> bool:
    """Whether any row of an import that was set aside could be cut into cells."""
    return bool(
        warehouse.select(
            "select 1 from landed.quarantine where import_id = $import_id and cells is not null limit 1",
            {"import_id": import_id},
        )
    )


def corrected_import(warehouse: Warehouse, header: Sequence[str]) -> Corrected | None:
    """The import whose rows a file with these headings corrects; None where it corrects none that is known."""
    named = [found[1] for heading in header if (found := _HEADING.fullmatch(fold(heading)))]
    if not named:
        return None
    rows = warehouse.select(
        "select answers, workflow, known_at, reading, template from landed.imports where import_id = $import_id",
        {"import_id": int(named[0])},
    )
    if not rows:
        return None
    answers, workflow, known_at, reading, template = rows[0]
    how = json.loads(reading)
    styles = {style.removeprefix("spoken_") for style in how.get("styles", {}).values()}
    writing = {"timezone": str(how["timezone"])}
    for name, styles_of in (("dates", ("dmy", "mdy", "ymd")), ("numbers", ("point", "comma"))):
        used = styles & set(styles_of)
        if len(used) == 1:
            writing[name] = used.pop()
    said = {"template": template, **json.loads(answers)}
    return Corrected(int(named[0]), said, workflow, known_at, writing)
