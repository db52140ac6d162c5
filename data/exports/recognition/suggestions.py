"""What the columns of an export that is not known may be: by their names and by what their cells look like.

Only suggestions: nothing lands by them before a person has said yes. They look at the first rows alone.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any, Literal

from leadline.data.exports.files.received_file import Received
from leadline.data.exports.files.text_layout import Layout
from leadline.data.exports.recognition.entities import (
    is_of_another,
    may_identify,
    named_entity,
    says_identity,
)
from leadline.data.exports.recognition.segments import is_ours
from leadline.data.templates import Column, Template, fold, fold_word, kind_words, templates

Look = Literal["empty", "time", "number", "yes or no", "address", "identity", "words", "text"]

MOST_COLUMNS_SUGGESTED = 300
"""columns from the left that are held against every name; all of them can be chosen by a person"""
ROWS_LOOKED_AT = 200
EXAMPLES = 3
LONGEST_EXAMPLE = 60
MOST_WORDS = 12
"""of a column, to be told one by one"""
ENOUGH = 0.5
"""score from which on a column is suggested"""
MISSING = frozenset(("", "-", "--", "–", "—", "n/a", "#n/a", "null", "none", "nan", "(blank)"))

_TIME = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/. ](\d{1,2}|[^\W\d]{3,9})\.?[-/. ,]+\d{2,4}([ ,T].*)?"
    r"|[^\W\d]{3,9}\.? \d{1,2},? \d{4}.*"
)
_NUMBER = re.compile(r"[(+-]?\s?([A-Z]{3}|[$€£¥])?\s?\d[\d.,\s’']*\s?([A-Z]{3}|[$€£¥%])?\)?")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_YES_NO = frozenset(
    ("yes", "no", "true", "false", "y", "n", "ja", "nein", "oui", "non", "sí", "si", "0", "1")
)
_TIME_WORDS = {
    "created_at": (
        "created",
        "opened",
        "entered",
        "received",
        "start",
        "since",
        "new",
        "angelegt",
        "créé",
        "creado",
    ),
    "closed_at": (
        "closed",
        "close",
        "decided",
        "decision",
        "won",
        "signed",
        "end",
        "completed",
        "abschluss",
        "clôture",
        "cierre",
    ),
    "sent_at": ("sent", "send", "mailed", "dispatched", "date"),
    "held_at": ("held", "meeting", "start", "when", "date"),
    "booked_at": ("booked", "scheduled", "created"),
    "first_response_at": (
        "response",
        "responded",
        "answered",
        "replied",
        "reply",
        "contacted",
        "antwort",
        "beantwortet",
        "réponse",
        "respuesta",
    ),
    "published_at": ("published", "live", "released"),
    "spent_on": ("day", "date"),
}
_NUMBER_WORDS = {
    "amount": (
        "value",
        "amount",
        "worth",
        "revenue",
        "price",
        "total",
        "sum",
        "betrag",
        "montant",
        "importe",
    ),
    "cost": ("cost", "spend", "spent", "kosten"),
    "score": ("score", "points"),
}
_UNITS: dict[str, frozenset[str]] = {
    "seconds": frozenset(("second", "seconds", "sec", "secs", "s")),
    "minutes": frozenset(("minute", "minutes", "min", "mins")),
    "hours": frozenset(("hour", "hours", "hr", "hrs", "h")),
    "days": frozenset(("days",)),
}
_MOMENTS = frozenset(word for words in _TIME_WORDS.values() for word in words) - {
    "date",
    "day",
    "start",
    "end",
    "new",
}
_OTHER_MOMENTS = frozenset((
    "updated", "modified", "changed", "edited", "solved", "resolved", "due", "deleted", "expires", "expected",
    "expiry", "renewal", "birth", "birthday", "viewed", "activity", "synced", "imported", "exported", "archived",
    "bounced", "unsubscribed",
))  # fmt: skip
"""words of moments that are none of ours, whatever else the heading says"""


@dataclass(frozen=True)
class Seen:
    """One column of a file, as its first rows show it."""

    heading: str
    look: Look
    examples: tuple[str, ...]
    filled: float
    """share of its cells that hold something"""
    words: frozenset[str]
    """folded; where they are few enough to be words of a list"""
    told: tuple[str, ...] = ()
    """the same as they stand, most frequent first; of a column of words alone"""
    cells: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """of the rows looked at, in their order"""


@dataclass(frozen=True)
class Suggestion:
    """A heading that may be one of our columns."""

    ours: str
    heading: str
    why: str
    """'by its name', 'its cells are dates', …"""
    score: float


def look_at(received: Received, layout: Layout) -> tuple[Seen, ...]:
    """The columns of a file in its order; those without a heading are left out."""
    text = received.head.decode(layout.encoding, errors=layout.errors).lstrip("\ufeff")
    lines = re.split(r"\r\n|\n|\r", text)[layout.header_line + layout.lines_of_header - 1 :]
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows: list[list[str]] = []
    with suppress(csv.Error):  # what can be read so far is enough for a look
        for row in csv.reader(
            lines, delimiter=layout.delimiter, skipinitialspace=layout.space_after_delimiter
        ):
            if len(row) == len(layout.header) and any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
            if len(rows) >= ROWS_LOOKED_AT:
                break
    return tuple(
        seen_cells(heading, [row[place] for row in rows])
        for place, heading in enumerate(layout.header)
        if heading and not is_ours(heading)
    )


def suggest(seen: Sequence[Seen], template: Template) -> tuple[Suggestion, ...]:
    """The likeliest heading for each of a template's columns; each heading once."""
    scored = sorted(  # equal ones in the order of the template, and of the file
        (
            found
            for column in template.columns
            for one in seen[:MOST_COLUMNS_SUGGESTED]
            if (found := _score(template, column, one)).score >= ENOUGH
        ),
        key=lambda found: -found.score,
    )
    chosen: dict[str, Suggestion] = {}
    used: set[str] = set()
    for found in scored:
        if found.ours not in chosen and found.heading not in used:
            chosen[found.ours] = found
            used.add(found.heading)
    return tuple(chosen[column.name] for column in template.columns if column.name in chosen)


def may_feed(column: Column, one: Seen) -> bool:
    """Whether the cells of a column may be a time's or a number's, and its heading names no other moment or unit."""
    if _content_score(column, one) is None or _unit(fold(one.heading)) != _unit(fold(column.name)):
        return False
    return column.type != "time" or not _is_another_moment(column, one)


def says_column(column: Column, one: Seen) -> bool:
    """Whether a heading has a word of a column of times or numbers: 'Won time', 'Total contract value'."""
    return _has_word(one, (*_TIME_WORDS.get(column.name, ()), *_NUMBER_WORDS.get(column.name, ())))


def template_of_cells(seen: Sequence[Seen]) -> Template | None:
    """The template for whose needed columns the most is found; None where no template's are.

    Where headings speak of its rows, one column may be lacking, but for the identity.
    """
    best: tuple[float, Template] | None = None
    parts = {part for one in seen for part in fold(one.heading).split()}
    headings = {fold(one.heading) for one in seen}
    for template in sorted(templates().values(), key=lambda t: t.name not in ("leads", "deals")):
        found = {one.ours: one.score for one in suggest(seen, template)}
        absent = [name for name in template.needed(found) if name not in found]
        hints = sum(any(part.startswith(word) for part in parts) for word in template.row_words)
        marks = len(headings & set(template.marks))
        if len(absent) > (hints + marks > 0) or template.key[0] in absent or _is_a_day_alone(template, found):
            continue
        # what explains more of the file's columns explains it better
        score = sum(found.values()) + hints + 0.3 * len(found) + 0.5 * marks - len(absent)
        if best is None or score > best[0]:
            best = (score, template)
    return best[1] if best else None


def _is_a_day_alone(template: Template, found: Collection[str]) -> bool:
    """Whether of rows that are told apart by days nothing is found that they count."""
    counted = {column.name for column in template.columns if column.type in ("money", "count", "number")}
    return template.columns[0].type == "time" and counted.isdisjoint(found)


def suggested_mapping(seen: Sequence[Seen], named: str | None = None) -> dict[str, Any] | None:
    """A mapping to begin with, for the template named or the likeliest; None where nothing can be suggested."""
    template = templates()[named] if named else template_of_cells(seen)
    if template is None:
        return None
    columns = {one.heading: one.ours for one in suggest(seen, template)}
    said: dict[str, Any] = {"template": template.name, "columns": columns}
    if template.key[0] not in columns.values() and template.columns[0].type == "id":
        said |= {"generate_id": identity} if (identity := identifying(seen, columns)) else {}
    return said


def lacking(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Columns that a suggested mapping has nothing for and rows can't do without."""
    template = templates()[said["template"]]
    given = {*said["columns"].values(), *(template.key[:1] if said.get("generate_id") else ())}
    return tuple(name for name in template.needed(given) if name not in given)


def proposal(said: Mapping[str, Any]) -> str:
    """A suggested mapping as a sentence that looks like a proposal."""
    several = kind_words(said["template"])
    parts = [f"{ours} from {heading!r}" for heading, ours in said["columns"].items()]
    if said.get("generate_id"):
        parts.append(f"rows told apart by {' and '.join(repr(heading) for heading in said['generate_id'])}")
    if absent := lacking(said):
        parts.append(f"and nothing yet for {', '.join(absent)}")
    return f"A proposal, by which nothing lands before you say so: {several}, with {', '.join(parts)}."


def identifying(seen: Sequence[Seen], columns: Mapping[str, str] | None = None) -> list[str]:
    """Two columns that together tell the rows looked at apart, where none is known to do so alone; [] where none do.

    Two identities of other things first, then what a row is called and when it began. Never by their place in the file.
    """
    rows = len(seen[0].cells) if seen else 0
    if rows < 2:
        return []
    filled = [one for one in seen[:MOST_COLUMNS_SUGGESTED] if one.filled == 1]
    ids = [one for one in filled if named_entity(one.heading)]
    named = [one for one in filled if _has_word(one, ("name", "title", "subject", "titel", "nom", "nombre"))]
    began = [
        one for one in filled if (columns or {}).get(one.heading) in ("created_at", "sent_at", "held_at")
    ]
    repeating = [one for one in ids if len(set(one.cells)) < rows]
    pairs = [*combinations(repeating, 2), *((one, when) for one in named for when in began)]
    for one, other in pairs:
        if one is not other and len(set(zip(one.cells, other.cells, strict=True))) == rows:
            return [one.heading, other.heading]
    return []


def seen_cells(heading: str, cells: list[str]) -> Seen:
    """A column by these cells."""
    filled = [cell for cell in cells if cell.lower() not in MISSING]
    distinct = dict.fromkeys(filled)
    examples = tuple(text[:LONGEST_EXAMPLE] for text in list(distinct)[:EXAMPLES])
    words = frozenset(fold_word(cell) for cell in distinct) if len(distinct) <= 30 else frozenset()
    share = len(filled) / len(cells) if cells else 0.0
    look = _look(filled, list(distinct), len(cells))
    is_list = look in ("words", "yes or no") and len(distinct) <= MOST_WORDS
    told = tuple(word for word, _ in Counter(filled).most_common()) if is_list else ()
    return Seen(heading, look, examples, share, words, told, tuple(cells))


def _look(filled: list[str], distinct: list[str], rows: int) -> Look:
    def most(test: Any) -> bool:
        return sum(bool(test(cell)) for cell in distinct) >= 0.9 * len(distinct)

    if not filled:
        return "empty"
    if most(_TIME.fullmatch):
        return "time"
    if most(_ADDRESS.fullmatch):
        return "address"
    if most(lambda cell: cell.lower() in _YES_NO) and len(distinct) <= 2 and rows > 2:
        return "yes or no"
    is_unique = len(distinct) == len(filled) == rows
    if most(_NUMBER.fullmatch):
        # whole numbers, each once and all of about one length, name things rather than count them
        is_name = (
            is_unique and all(cell.isdigit() for cell in distinct) and len({len(c) for c in distinct}) <= 2
        )
        return "identity" if is_name else "number"
    if is_unique and most(lambda cell: " " not in cell and len(cell) <= 40):
        return "identity"
    return "words" if len(distinct) <= max(3, rows // 2) and len(distinct) <= 30 else "text"


def _score(template: Template, column: Column, one: Seen) -> Suggestion:
    nothing = Suggestion(column.name, one.heading, "", 0.0)
    if column.type == "id" and (whose := _whose(template, column)) and is_of_another(one.heading, whose):
        return nothing
    by_name, content = _name_score(column, one.heading), _content_score(column, one)
    if by_name < 1 and not _may_be_of(template, column, one):
        return nothing
    if column.type == "id" and by_name < 1 and named_entity(one.heading) is None and _is_called(one):
        return nothing
    if content is None or (column.type == "time" and by_name < 1 and _is_another_moment(column, one)):
        return nothing
    if (
        by_name < 1
        and _unit(fold(column.name)) != _unit(fold(one.heading))
        and column.type in ("number", "count")
    ):
        return nothing
    by_content, what = content
    score = by_name + by_content if by_name >= 0.5 else by_name * 0.5 + by_content
    reasons = [
        words for words, counts in (("by its name", by_name >= 0.5), (what, by_content > 0.2)) if counts
    ]
    return Suggestion(column.name, one.heading, " and ".join(reasons), score)


def _may_be_of(template: Template, column: Column, one: Seen) -> bool:
    """False where a heading names the identity of something else, or an identity and the column is none."""
    whose = _whose(template, column) if column.type == "id" else None
    if whose is not None:
        return may_identify(one.heading, whose)
    return column.type not in ("person", "text") or not (
        says_identity(one.heading) and one.look == "identity"
    )


def _is_called(one: Seen) -> bool:
    """Whether it holds what a row is called: no identity, for two rows may be called alike."""
    return _has_word(one, ("name", "title", "subject", "titel", "nom", "nombre", "owner"))


def _unit(folded: str) -> str | None:
    """The unit of time that a heading, folded, names."""
    words = set(re.findall(r"[a-z]+", folded))
    return next((unit for unit, said in _UNITS.items() if words & said), None)


def _whose(template: Template, column: Column) -> Template | None:
    """The template whose rows a column of identities names."""
    if column.name == template.key[0]:
        return template
    return templates().get(template.links.get(column.name, ""))


def _is_another_moment(column: Column, one: Seen) -> bool:
    """Whether a heading says that its moment is not the column's: 'Resolved date' is not when it was created."""
    words = set(fold(one.heading).split())
    own = {*_TIME_WORDS.get(column.name, ()), *fold(column.name).split()}
    return bool(words & ((_MOMENTS | _OTHER_MOMENTS) - own)) and not words & (own - {"date", "day", "at"})


def _content_score(column: Column, one: Seen) -> tuple[float, str] | None:
    """(how much the cells speak for the column, by what); None where they can't be its cells."""
    if column.type == "time":
        return (_time_score(column, one), "its cells are dates") if one.look == "time" else None
    if column.type in ("number", "money", "count", "percent"):
        is_number = one.look in ("number", "identity") and all(
            _NUMBER.fullmatch(cell) for cell in one.examples
        )
        has_word = _has_word(one, _NUMBER_WORDS.get(column.name, ()))
        return (0.2 + 0.4 * has_word, "its cells are numbers") if is_number else None
    if column.type == "choice" and column.words:
        return _choice_score(column, one), "its words are known"
    if column.type == "boolean":
        return 0.2 if one.look == "yes or no" else 0.0, "it says yes or no"
    if column.required == "value":
        return _key_score(one), "every row has its own"
    return None if one.look in ("time", "address") else (0.0, "")


def _time_score(column: Column, one: Seen) -> float:
    score = 0.3
    if _has_word(one, _TIME_WORDS.get(column.name, ())):
        score += 0.3
    if column.required != "no" and one.filled == 1:
        score += 0.25
    return score


def _choice_score(column: Column, one: Seen) -> float:
    if not one.words or one.look not in ("words", "text", "identity"):
        return 0.0
    return 0.9 * (sum(word in column.words for word in one.words) / len(one.words))


def _key_score(one: Seen) -> float:
    if one.look not in ("identity", "number") or one.filled != 1:
        return 0.0
    return 0.35 + 0.25 * says_identity(one.heading)


def _has_word(one: Seen, words: Iterable[str]) -> bool:
    return not set(words).isdisjoint(fold(one.heading).split())


def _name_score(column: Column, heading: str) -> float:
    """1.0: one of its names; about 0.6: nearly one of them."""
    return _likeness((fold(column.name), *column.also), fold(heading))


@lru_cache(maxsize=1 << 15)
def _likeness(own: tuple[str, ...], name: str) -> float:
    if name in own:
        return 1.0
    nearest = max((_alike(name, other) for other in own), default=0.0)
    return nearest * 0.75


def _alike(name: str, other: str) -> float:
    """How alike two names are; 0.0 below 0.75. Wide files ask often: cheap bounds come first."""
    if min(len(name), len(other)) * 2 < 0.75 * (len(name) + len(other)):
        return 0.0
    matcher = difflib.SequenceMatcher(None, name, other)
    if matcher.quick_ratio() < 0.75:
        return 0.0
    nearest = matcher.ratio()
    return nearest if nearest >= 0.75 else 0.0
