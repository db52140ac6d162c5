"""Rows whose identity is several columns, and that would be new because one of these is written otherwise.

A use of an asset an hour later, or by 'Ann' in place of 'ann', is another row by its key; many such at once are the
same uses, told by another clock or in other letters.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadline.data.database.session import Session
from leadline.data.landing.known_identities import FEWEST, MOST, Finding
from leadline.data.sql import compose, quote
from leadline.data.templates import Template, kind_words

SAMPLE = 10_000
"""new rows that are looked at"""


def look_at_composites(session: Session, template: Template) -> Iterator[Finding]:
    """What is asked of rows that differ from known ones by capital letters, signs or hours in their key alone."""
    if len(template.key) < 2 or template.name == "spend":
        return
    columns = [column for name in template.key if (column := template.column(name)) is not None]
    times = [column for column in columns if column.type == "time"]
    words = [column for column in columns if column.type != "time"]
    if len(times) > 1:
        return
    moment = quote(times[0].name) if times else "null::timestamp"
    said = ", ".join(f"cells.bare_identity(coalesce({quote(column.name)}::varchar, ''))" for column in words)
    sql = compose(
        "landing/composites.sql",
        said=said,
        moment=moment,
        key=f"concat_ws(' · ', {', '.join(f'{quote(name)}::varchar' for name in template.key)})",
        standing=quote(f"current_{template.name}"),
    )
    for minutes, same, fresh, here, there in session.select(sql, {"most": SAMPLE}):
        if same < FEWEST or same <= MOST * fresh:
            continue
        rows = kind_words(template.name)
        hours = f"{abs(minutes) / 60:g} hour{'' if abs(minutes) == 60 else 's'}"
        by = f"{hours} {'later' if minutes > 0 else 'earlier'}" if minutes else "in other letters"
        yield Finding(
            "doubled_rows",
            f"{same:,} of {fresh:,} {rows} that would be new are known, {by} ({here} here, {there} known); both would "
            "count. Are they others?",
            "--timezone ZONE if its clock is another one, or take the imports with those back first"
            if minutes
            else "an export that is written as those before",
        )
        return
