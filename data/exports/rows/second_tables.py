"""A second heading row among the rows of a file: what follows it is another table, whatever its width."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from leadline.data.database.session import Session
from leadline.data.errors import ExportError
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import compose, quote
from leadline.data.templates import fold, templates

MOST = 1_000
"""rows without any figure that are looked at"""


def refuse_second_table(session: Session, name: str, recognised: Recognised) -> None:
    """Raises ExportError where a row with others behind it is the heading of another table.

    None of its cells has a figure, none of those that should be moments or numbers is one, and two are headings, or one
    that of an identity.
    """
    measured = [
        column.name
        for column in recognised.template.columns
        if column.type in ("time", "number", "money", "count", "percent")
        and column.name in recognised.places
        and not column.helper
    ]
    if not measured or not session.select("select 1 from typed_rows where unread <> 0 limit 1"):
        return
    places = sorted({*recognised.places.values(), *(one.place for one in recognised.attributes)})
    sql = compose(
        "staging/may_be_headings.sql",
        unread=" and ".join(f"typed_rows.{quote(column)} is null" for column in measured),
        cells=", ".join(f"coalesce(stage.{quote(f'c{place}')}, '')" for place in places),
        named=" or ".join(f"stage.{quote(f'c{recognised.places[column]}')} <> ''" for column in measured),
    )
    own = {fold(heading) for heading in recognised.header}
    for line, cells in session.select(sql, {"most": MOST}):
        said = [fold(cell) for cell in cells if cell.strip()]
        known = [word for word in said if word in own or word in _headings()]
        is_named = any(word in _identities() for word in said)
        if len(known) > 1 or is_named:
            raise ExportError(_told(name, line, cells), "several_tables", recognised.template.name)


def _told(name: str, line: int, cells: Sequence[str]) -> str:
    shown = ", ".join(cell.strip()[:40] for cell in cells if cell.strip())
    return (
        f"Line {line} of {name} is the heading row of another table ({shown}), so the file holds several tables, one "
        "below the other. Export each alone, or cut the file there, and land them one by one."
    )


@cache
def _headings() -> frozenset[str]:
    """What columns of any template are called, folded."""
    return frozenset(
        heading
        for template in templates().values()
        for column in template.columns
        for heading in (fold(column.name), *column.also)
    )


@cache
def _identities() -> frozenset[str]:
    """What the keys of templates are called, folded, with more than a word: 'lead id', and no 'id' or 'lead'."""
    keys = (template.columns[0] for template in templates().values())
    return frozenset(
        heading
        for key in keys
        for heading in (fold(key.name), *key.also)
        if key.type == "id" and " " in heading
    )
