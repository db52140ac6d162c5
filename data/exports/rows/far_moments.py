"""Moments decades from the rest of their column: a slip of the year, or a default of the source. They are told."""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import compose, quote
from leadline.data.templates import kind_words


def far_moments(session: Session, recognised: Recognised) -> list[Warned]:
    """What to tell of each column of times, after `faults` were found: how many, the first line, two examples."""
    template = recognised.template
    found = []
    for column in template.columns:
        if column.type != "time" or column.helper or column.name not in recognised.places:
            continue
        sql = compose("staging/far_moments.sql", column=quote(column.name))
        for times, line, one, other, first_year, last_year in session.select(sql):
            rows = f"1 {template.one}" if times == 1 else f"{times:,} rows of {kind_words(template.name)}"
            such = one if one == other else f"{one} and {other}"
            years = str(last_year) if first_year == last_year else f"{first_year} to {last_year}"
            found.append(
                Warned(
                    "far_dates",
                    f"{column.name} of {rows} ({such}; the first on line {line}) lies ten years or more from all "
                    f"others, which are of {years}; kept as it is. If it is not meant, correct it in the source.",
                )
            )
    return found
