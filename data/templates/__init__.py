"""The templates: what a row of each kind is, whose it is, when it happened, and which columns it has.

Read from the YAML files beside. Everything else that is so of one template and otherwise of another follows from them:
its table, views and checks, and what is asked of the rows of all templates (`data.templates.tables`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from leadline.data.shipped import read_shipped

ColumnType = Literal[
    "id",  # identity or reference; text, so that leading zeros stay
    "text",
    "person",  # text, unless it is an e-mail address: that is hashed
    "prose",  # free text, addresses and phone numbers in it masked
    "time",
    "number",
    "money",
    "count",
    "percent",
    "currency",
    "boolean",
    "choice",
]
Required = Literal["value", "column", "no"]


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType
    required: Required
    """'value': every row must have one; 'column': the column must exist, a row may leave it empty"""
    also: tuple[str, ...]
    """other headings it comes under, folded"""
    words: dict[str, str]
    """for a choice: folded word -> our word"""
    helper: bool
    """read to work out another column, not landed itself"""
    needed_elsewhere: bool = False
    """of a table on another engine, where an export may do without it"""


@dataclass(frozen=True)
class Template:
    name: str
    one: str
    """what a row is, for sentences: 'lead'"""
    key: tuple[str, ...]
    """columns that identify a row"""
    changed_at: str | None
    """column that says which of two rows of one key is newer, where there is no modification time"""
    columns: tuple[Column, ...]
    links: dict[str, str]
    """column → template whose key it holds: whose a row is, and has its workflow from where it says none"""
    moment: tuple[str, ...]
    """columns of which the first that is filled says on which day a row happened"""
    events: tuple[str, ...]
    """columns that say when something happened, which freshness and coverage rest on"""
    in_the_past: tuple[str, ...]
    """columns that can't lie in the future"""
    segments: tuple[str, ...]
    """columns by which rows are split, where they are units that metrics count"""
    row_words: tuple[str, ...]
    """beginnings of words in headings that speak for this template"""

    @property
    def parent(self) -> tuple[str, str] | None:
        """Whose its rows are, and the column that says so: ('leads', 'lead_id')."""
        return next(((name, column) for column, name in self.links.items()), None)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns without which rows can't be counted."""
        return tuple(
            column.name for column in self.columns if column.required != "no" or column.needed_elsewhere
        )

    @property
    def landed(self) -> tuple[str, ...]:
        """Columns of the landed table, in its order."""
        return tuple(column.name for column in self.columns if not column.helper)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


MODIFIED = Column(
    name="modified_at",
    type="time",
    required="no",
    also=(
        "last modified",
        "last modified date",
        "last modified at",
        "last modified time",
        "modified",
        "modified at",
        "modified on",
        "modified time",
        "updated at",
        "update time",
        "last updated",
        "last update",
    ),
    words={},
    helper=True,
)
"""Known to every template: when the source last changed the row. The newer of two versions is the one it says."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def clean_heading(heading: str) -> str:
    """A heading as a person reads it: no invisible characters, single spaces, no padding."""
    return " ".join(heading.translate(_INVISIBLE).replace("\u00a0", " ").split())


def fold(heading: str) -> str:
    """What two spellings of a heading have in common: 'Created_Date ' and 'created date' are one."""
    text = unicodedata.normalize("NFKC", clean_heading(heading)).casefold()
    return " ".join(re.sub(r"[_\-]+", " ", text).split())


def kind_words(template: str) -> str:
    """A template's name as people read it: 'asset_uses' -> 'asset uses'."""
    return template.replace("_", " ")


FOLDER = files(__package__)


@cache
def templates() -> dict[str, Template]:
    """Every template by name, in alphabetical order."""
    found = sorted(
        (entry for entry in FOLDER.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name
    )
    read = (_template(read_shipped(entry.read_text(encoding="utf-8"))) for entry in found)
    return {template.name: template for template in read}


def _template(said: dict[str, Any]) -> Template:
    columns = [_column(name, entry) for name, entry in said["columns"].items()]
    moment = (said["moment"],) if isinstance(said["moment"], str) else tuple(said["moment"])
    return Template(
        name=said["template"],
        one=said["one"],
        key=tuple(said["key"]),
        changed_at=said.get("changed_at"),
        columns=(*columns, MODIFIED),
        links=said.get("links", {}),
        moment=moment,
        events=tuple(said.get("events", moment)),
        in_the_past=tuple(said.get("in_the_past", moment)),
        segments=tuple(said.get("segments", ())),
        row_words=tuple(said.get("row_words", ())),
    )


def _column(name: str, said: dict[str, Any]) -> Column:
    return Column(
        name=name,
        type=said["type"],
        required=said.get("required", "no"),
        also=tuple(fold(other) for other in said.get("also", ())),
        words=word_table(said.get("words", {})),
        helper=said.get("helper", False),
        needed_elsewhere=said.get("needed_elsewhere", False),
    )


def word_table(words: dict[str, Iterable[str]]) -> dict[str, str]:
    """{'won': ['Closed Won', …]} -> {'closed won': 'won', 'won': 'won', …}"""
    table = {}
    for ours, theirs in words.items():
        for word in (ours, *theirs):
            table[fold_word(word)] = ours
    return table


def fold_word(word: str) -> str:
    """A cell's word as it is looked up; cells.word() in staging/macros.sql does the same."""
    return " ".join(word.split()).lower()
