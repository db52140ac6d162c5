"""Words of a team's own for stages, and for yes and no: what they mean is asked."""

from __future__ import annotations

from difflib import get_close_matches

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import AskError
from leadline.data.exports.recognition.gone_rows import DELETED_WORDS
from leadline.data.exports.recognition.questions import unknown_words
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.typed_columns import joined
from leadline.data.sql import compose, quote
from leadline.data.templates import fold_word

SLIP_LIKE = 0.74
"""how alike (as difflib says) a word that stands in one row alone is to one that is known, if it is a slip"""
SLIPS = 5
"""rows that hold a word that is not known, from which on it is no slip, however long the file is"""


def ask_words(session: Session, recognised: Recognised) -> None:
    """A company names its stages, and yes and no, as it likes; what they mean is asked once, of all of them.

    To set such rows aside would move what is counted. Words in fewer than one row of a hundred together, or in one row
    and nearly a word that is known, are slips, and their rows are set aside.
    """
    for column in recognised.template.columns:
        place = recognised.places.get(column.name)
        if (
            column.type not in ("choice", "boolean")
            or place is None
            or column.name in recognised.recipes
            or column.name in recognised.otherwise
        ):
            continue
        known = recognised.words.get(column.name, {})
        cell, is_choice = quote(f"c{place}"), column.type == "choice"
        if not session.select(compose("staging/other_words.sql", cell=cell), {"known": list(known)}):
            continue
        is_read = "false" if is_choice else "cells.boolean(word) is not null"
        sql = compose("staging/unknown_words.sql", cell=cell, is_read=is_read)
        known_too = list(joined(known)) if is_choice else []
        found = session.select(sql, {"known": [*known, *DELETED_WORDS], "joined": known_too, "slips": SLIPS})
        if any(
            rows > 1 or not get_close_matches(fold_word(word), known, 1, SLIP_LIKE) for word, rows in found
        ):
            raise AskError(
                [
                    unknown_words(
                        column,
                        found,
                        recognised.source if recognised.match else None,
                        recognised.template.name,
                    )
                ],
                recognised.template.name,
                recognised.source,
            )
