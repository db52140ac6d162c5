"""Rows that stand within a cell of another: a quote that was opened and closed again only lines below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import compose, quote

_DAY = r"\W?\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"


def swallowed_rows(session: Session, recognised: Recognised, delimiter: str) -> Iterator[Warned]:
    """Told of cells with lines that are as wide as the file and have a day where its rows have one."""
    template, width = recognised.template, len(recognised.header)
    days = [recognised.places[name] for name in template.moment if name in recognised.places]
    if not days or width < 3:
        return
    between = re.escape(delimiter)
    cell = f"[^{between}]*"
    cells = [f"{_DAY}{cell}" if place == days[0] else cell for place in range(width)]
    read = [f"stage.{quote(f'c{place}')}" for place in sorted(recognised.read_places)]
    sql = compose(
        "staging/swallowed_rows.sql",
        cells=", ".join(read),
        any_of_lines=" or ".join(f"contains({each}, chr(10))" for each in read),
    )
    ((line, records, rows),) = session.select(sql, {"like_a_row": between.join(cells) + r"\r?"})
    if records:
        inside = "a cell" if records == 1 else f"cells of {records:,} rows"
        yield Warned(
            "swallowed_rows",
            f"{'1 row of the file stands' if rows == 1 else f'{rows:,} rows of the file stand'} within {inside}, the "
            f"first on line {line}: a quote was opened there and closed lines below. They are counted nowhere; put the "
            "quote right, or export the file again.",
        )
