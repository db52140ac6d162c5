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
from typing import Literal, cast, get_args

from leadline.data.documents.faults import shown
from leadline.data.documents.read import read_shipped
from leadline.data.documents.values import Section, Value

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
ENTRIES = (
    "template",
    "one",
    "key",
    "changed_at",
    "links",
    "moment",
    "events",
    "in_the_past",
    "segments",
    "row_words",
    "columns",
)
NEEDED = ("template", "one", "key", "moment", "columns")
TIMES = ("changed_at", "moment", "events", "in_the_past")
"""entries that name columns of times"""
RESERVED = ("modified_at", "known_at", "attributes", "import_id", "line")
"""columns that every table has besides"""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
COLUMN_ENTRIES = ("type", "required", "also", "words", "helper", "needed_elsewhere")


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
    known = tuple(entry.name.removesuffix(".yaml") for entry in found)
    read = (_template(entry.read_text(encoding="utf-8"), entry.name, known) for entry in found)
    return {template.name: template for template in read}


def _template(text: str, file_name: str, known: tuple[str, ...]) -> Template:
    """One of the `known` templates. Raises CharterError with every fault of its file, each with its line."""
    root, faults = read_shipped(text, file_name)
    said = root.section(ENTRIES) if root else None
    for entry in NEEDED if said else ():
        if said and said.get(entry) is None:
            faults.add(said.line, f"{entry} is missing.")
    columns = said.section("columns", ()) if said else None
    if said is None or columns is None:
        faults.add(1, "there are no columns.")
        raise faults.error()
    links = said.section("links", ())
    moment = _names(said, "moment")
    template = Template(
        name=said.text("template"),
        one=said.text("one"),
        key=_names(said, "key"),
        changed_at=said.text("changed_at") or None,
        columns=(*(_column(name, entry) for name, entry in columns.values.items()), MODIFIED),
        links={column: name.text() for column, name in links.values.items()} if links else {},
        moment=moment,
        events=_names(said, "events") if "events" in said.values else moment,
        in_the_past=_names(said, "in_the_past") if "in_the_past" in said.values else moment,
        segments=_names(said, "segments"),
        row_words=_names(said, "row_words"),
    )
    _check_names(said, columns, template, file_name, known)
    faults.raise_if_any()
    return template


def _check_names(
    said: Section, columns: Section, template: Template, file_name: str, known: tuple[str, ...]
) -> None:
    """Adds a fault for every name that names nothing, or what it can't name."""
    if f"{template.name}.yaml" != file_name or not _NAME.fullmatch(template.name):
        said.faults.add(
            said.line_of("template"),
            f"template is {shown(template.name)}; write the file's name, in small letters, digits and _.",
        )
    for name, value in columns.values.items():
        if not _NAME.fullmatch(name) or name in RESERVED:
            value.fault(
                f"{shown(name)} can't name a column; use small letters, digits and _, and none of ours."
            )
    by_name = {column.name: column for column in template.columns if column is not MODIFIED}
    if (workflow := by_name.get("workflow")) is None or workflow.type != "text":
        columns.faults.add(
            columns.line, "there is no column workflow of the type text; every row belongs to one."
        )
    for entry in ("key", "links", "segments", *TIMES):
        named = template.links if entry == "links" else _names(said, entry)
        for name in named:
            column = by_name.get(name)
            if column is None:
                said.faults.add(
                    said.line_of(entry),
                    f"{entry} names {shown(name)}, which is no column{said.faults.nearest(name, by_name, '.')}",
                )
            elif entry in TIMES and column.type != "time":
                said.faults.add(said.line_of(entry), f"{entry} names {name}, which holds no times.")
            elif column.helper:
                said.faults.add(
                    said.line_of(entry), f"{entry} names {name}, which is a helper and not landed."
                )
    for name, target in template.links.items():
        if target not in known:
            said.faults.add(
                said.line_of("links"),
                f"{name} leads to {shown(target)}, which is no template{said.faults.nearest(target, known, '.')}",
            )


def _names(said: Section, entry: str) -> tuple[str, ...]:
    return tuple(name.text() for name in said.items(entry, "a list of names"))


def _column(name: str, value: Value) -> Column:
    said = value.section(COLUMN_ENTRIES) or Section({}, value.line, name, value.faults)
    words = said.section("words", ())
    kind, required = said.text("type"), said.text("required") or "no"
    if kind not in get_args(ColumnType) or required not in get_args(Required):
        value.fault(
            f"{name} has the type {shown(kind)} and is required {shown(required)}; one of them is not known."
        )
    if kind == "choice" and words is None:
        value.fault(f"{name} is a choice without words; write under words what it can be.")
    return Column(
        name=name,
        type=cast(ColumnType, kind),
        required=cast(Required, required),
        also=tuple(fold(other) for other in _names(said, "also")),
        words=word_table(
            {
                ours: [word.text() for word in theirs.items("words")]
                for ours, theirs in (words.values.items() if words else ())
            }
        ),
        helper=_flag(said, "helper"),
        needed_elsewhere=_flag(said, "needed_elsewhere"),
    )


def _flag(said: Section, entry: str) -> bool:
    value = said.get(entry)
    return value.flag() if value is not None else False


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
