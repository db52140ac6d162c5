"""Words that a mapping does not know and counts as 'otherwise': those that seem to say that a row is decided.

'Closed Won - Contract' beside `otherwise: {stage: open}` is no open deal, and its closing date is not kept of one.
"""

from __future__ import annotations

import datetime as dt
import re

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import AskError, Question, Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.typed_columns import TIME_STYLES, Reading, joined
from leadline.data.sql import compose, quote
from leadline.data.templates import Column, kind_words

FEWEST = 3
NEARLY_ALL = 0.8
"""rows of a word, and the share of them with a day that has passed, from which on it seems to be decided"""
MOST = 20
"""words that are named"""
_PARTS = re.compile(r"[^\W_]+")


def look_at_other_words(
    session: Session, recognised: Recognised, reading: Reading, limit: dt.datetime
) -> list[Warned]:
    """Warnings. `limit`: first moment that the export can't know.

    Raises AskError where such a word holds one that means something else than 'otherwise' says.
    """
    told: list[Warned] = []
    for column in recognised.template.columns:
        place = recognised.places.get(column.name)
        if column.type != "choice" or place is None or column.name not in recognised.otherwise:
            continue
        final = next(
            (
                one
                for one in recognised.template.columns
                if one.counts_for and one.counts_for[0] == column.name and one.type == "time"
            ),
            None,
        )
        words = _words(session, recognised, reading, column, place, final, limit)
        rest = recognised.otherwise[column.name]
        meanings = {word: _meaning(word, recognised.words[column.name], rest) for word, _, _ in words}
        if asked := [(word, rows) for word, rows, _ in words if meanings[word]]:
            raise AskError(
                [_question(recognised, column, asked, rest, meanings)],
                recognised.template.name,
                recognised.source,
            )
        passed = [
            (word, rows)
            for word, rows, days in words
            if rows >= FEWEST and days >= NEARLY_ALL * rows and final
        ]
        if passed and final and final.counts_for and rest not in final.counts_for[1]:
            several = kind_words(recognised.template.name)
            told.append(
                Warned(
                    "unknown_words",
                    f"{column.name} is {_listed(passed)} in {several} with a {final.name} that has passed, and counts "
                    f"as {rest} as 'otherwise' says, so that their {final.name} is not kept. If they are decided, say "
                    "so under 'values' of the mapping.",
                )
            )
    return told


def _words(
    session: Session,
    recognised: Recognised,
    reading: Reading,
    column: Column,
    place: int,
    final: Column | None,
    limit: dt.datetime,
) -> list[tuple[str, int, int]]:
    """Words that are not known, with their rows, and those of them with a day that has passed."""
    known = recognised.words.get(column.name, {})
    day = "null::timestamp"
    if final is not None and final.name in recognised.places:
        cell = f"cells.known(stage.{quote(f'c{recognised.places[final.name]}')})"
        day = f"{TIME_STYLES[reading.style(final)]}({cell}, $zone)"
    sql = compose("staging/words_otherwise.sql", cell=f"stage.{quote(f'c{place}')}", day=day)
    values: dict[str, object] = {"known": list(known), "joined": list(joined(known)), "limit": limit}
    if "$zone" in sql:
        values["zone"] = reading.zone
    return [(word, rows, days) for word, rows, days in session.select(sql, values)]


def _meaning(word: str, known: dict[str, str], rest: str | None) -> str | None:
    """What a known word within this one means, where that is not what the rest means; the longest such word counts."""
    parts = _PARTS.findall(word.lower())
    text = f" {' '.join(parts)} "
    within = [
        (len(other), meaning)
        for other, meaning in known.items()
        if f" {' '.join(_PARTS.findall(other))} " in text and _PARTS.findall(other) != parts
    ]
    meaning = max(within, default=(0, None))[1]
    return None if meaning == rest else meaning


def _listed(words: list[tuple[str, int]]) -> str:
    shown = ", ".join(f"{word[:60]!r} ({rows:,} row{'s' if rows > 1 else ''})" for word, rows in words[:MOST])
    return shown if len(words) <= MOST else f"{shown} and {len(words) - MOST:,} more"


def _question(
    recognised: Recognised,
    column: Column,
    asked: list[tuple[str, int]],
    rest: str | None,
    meanings: dict[str, str | None],
) -> Question:
    word = asked[0][0]
    return Question(
        "unknown_words",
        f"{column.name} holds words that the mapping does not know and counts as {rest or 'not known'} ('otherwise'), "
        f"though they say something else: {_listed(asked)}. What do they mean?",
        f"--mapping FILE that says 'values: {{{column.name}: {{\"{word[:60]}\": {meanings[word]}, …}}}}' as well",
        column=column.name,
        about=tuple(word for word, _ in asked[:MOST]),
        choices=tuple(sorted(set(column.words.values()) - {"expected"})),
    )
