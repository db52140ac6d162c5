"""The templates: what a row of each kind is, whose it is, when it happened, and which columns it has.

Read from the YAML files beside. Everything else that is so of one template and otherwise of another follows from them:
its table, views and checks, and what is asked of the rows of all templates (`data.templates.tables`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from leadline.data.documents.faults import faults_error, listing, shown
from leadline.data.documents.read import read_shipped
from leadline.data.documents.values import Section, Value
from leadline.data.sql import own_tables

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
    "days",
    "segments",
    "voter",
    "rhythm",
    "row_words",
    "entities",
    "may_name",
    "marks",
    "columns",
)
NEEDED = ("template", "one", "key", "moment", "columns")
TIMES = ("changed_at", "moment", "events", "in_the_past", "days")
"""entries that name columns of times"""
RESERVED = ("modified_at", "known_at", "attributes", "import_id", "line", "is_retired", "record", "unread")
"""columns that every table, or every row on its way there, has besides"""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
COLUMN_ENTRIES = (
    "type", "required", "also", "hints", "words", "helper", "needed_elsewhere", "counts_for", "unless",
)  # fmt: skip


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
    unless: str = ""
    """the column that does as well: a row that says an event and when is one of a message, sent or opened"""
    counts_for: tuple[str, tuple[str, ...]] | None = None
    """a choice and its words: a row with another one is not judged by this column"""
    hints: tuple[str, ...] = ()
    """words, folded, of headings that may be it where it is read from none"""


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
    days: tuple[str, ...]
    """columns that say a day and no time of it: facts show them so"""
    segments: tuple[str, ...]
    """columns by which rows are split, where they are units that metrics count"""
    voter: str | None
    """the column of the key in which rows may differ that judge the same thing: most of them decide"""
    has_rhythm: bool
    """False where rows come as they are needed, so that their silence is no lateness"""
    row_words: tuple[str, ...]
    """beginnings of words in headings that speak for this template"""
    entities: tuple[str, ...]
    """words that name what a row is: 'Opportunity ID' identifies a deal"""
    may_name: tuple[str, ...] | None
    """templates whose rows one of its rows may name beside its links; None = any"""
    marks: tuple[str, ...]
    """headings, folded, that are no column of ours and yet are of such rows alone"""

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

    def needed(self, given: Collection[str]) -> tuple[str, ...]:
        """Columns that a file must have, its key included, where it has those that are given."""
        return tuple(
            column.name for column in self.columns if column.required != "no" and column.unless not in given
        )

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
    """A heading as a person reads it: no invisible characters, single spaces, no padding, accents on their letters."""
    return " ".join(
        unicodedata.normalize("NFC", heading).translate(_INVISIBLE).replace("\u00a0", " ").split()
    )


def fold(heading: str) -> str:
    """What two spellings of a heading have in common: 'Created_Date ' and 'created date' are one."""
    text = unicodedata.normalize("NFKC", clean_heading(heading)).casefold()
    return " ".join(re.sub(r"[_\-]+", " ", text).split())


def kind_words(template: str) -> str:
    """A template's name as people read it: 'asset_uses' -> 'asset uses'."""
    return template.replace("_", " ")


def several_words(template: str) -> str:
    """Several of a template's rows: 'asset uses', 'rows of spend'."""
    kind, found = kind_words(template), templates().get(template)
    return f"rows of {kind}" if found is not None and found.one == f"row of {kind}" else kind


def with_article(thing: str) -> str:
    """'asset' -> 'an asset', 'use of an asset' -> 'a use of an asset'."""
    is_an = thing[:1].lower() in "aeiou" and not thing.lower().startswith(("use", "uni"))
    return f"{'an' if is_an else 'a'} {thing}"


FOLDER = files(__package__)


@cache
def templates() -> dict[str, Template]:
    """Every template by name, in alphabetical order."""
    found = sorted(
        (entry for entry in FOLDER.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name
    )
    known = tuple(entry.name.removesuffix(".yaml") for entry in found)
    read = (_template(entry.read_text(encoding="utf-8"), entry.name, known) for entry in found)
    made = {template.name: template for template in read}
    _check_links(made)
    return made


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
        days=_names(said, "days"),
        segments=_names(said, "segments"),
        voter=said.text("voter") or None,
        has_rhythm=said.text("rhythm") != "none",
        row_words=_names(said, "row_words"),
        entities=tuple(dict.fromkeys((*_names(said, "entities"), *_own_word(_names(said, "key"))))),
        may_name=_names(said, "may_name") if "may_name" in said.values else None,
        marks=tuple(fold(heading) for heading in _names(said, "marks")),
    )
    _check_names(said, columns, template, file_name, known)
    _check_identity(said, template)
    _check_voter(said, template)
    _check_words(said, columns, template)
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
    if (
        template.name.startswith(("current_", "standing_", "folded_"))
        or f"landed.{template.name}" in own_tables()
    ):
        said.faults.add(
            said.line_of("template"),
            f"{template.name} is the name of a table of ours, or could be; give the file and template another.",
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
    for target in template.may_name or ():
        if target not in known:
            said.faults.add(
                said.line_of("may_name"),
                f"may_name has {shown(target)}, which is no template{said.faults.nearest(target, known, '.')}",
            )
    for name, target in template.links.items():
        if target not in known:
            said.faults.add(
                said.line_of("links"),
                f"{name} leads to {shown(target)}, which is no template{said.faults.nearest(target, known, '.')}",
            )


def _check_voter(said: Section, template: Template) -> None:
    if template.voter is not None and template.voter not in template.key[1:]:
        said.faults.add(said.line_of("voter"), f"voter is {shown(template.voter)}, which is not in the key.")


def _check_identity(said: Section, template: Template) -> None:
    """Adds a fault where rows can't be told apart, dated or called anything."""
    for entry, names in (("key", template.key), ("moment", template.moment), ("one", template.one)):
        if not names and said.get(entry) is not None:
            said.faults.add(said.line_of(entry), f"{entry} is empty.")
    first = template.column(template.key[0]) if template.key else None
    if first is not None and first.required != "value":
        said.faults.add(
            said.line_of("key"),
            f"key begins with {first.name}, which is not required: value; a row needs it.",
        )
    for name in template.links:
        if (column := template.column(name)) is not None and column.type != "id":
            said.faults.add(said.line_of("links"), f"links names {name}, which is not of the type id.")


def _check_words(said: Section, columns: Section, template: Template) -> None:
    """Adds a fault for every word that could never be met, or means two things."""
    for entry, words in (("row_words", template.row_words), ("entities", template.entities)):
        for word in words:
            if word != fold(word) or " " in word:
                said.faults.add(
                    said.line_of(entry),
                    f"{entry} has {shown(word)}, which begins no word of a heading; write small letters, no blanks.",
                )
    choices = {column.name: set(column.words.values()) for column in template.columns if column.words}
    for column in template.columns:
        choice, counted = column.counts_for or ("", ())
        if column.counts_for and not choices.get(choice, set()).issuperset(counted):
            columns.values[column.name].fault(
                f"{column.name} counts for {listing(counted, 'or')}, which {choice} can't be."
            )
    taken = {fold(column.name): column.name for column in template.columns}
    for column in (column for column in template.columns if column is not MODIFIED):
        for heading in column.also:
            if (other := taken.setdefault(heading, column.name)) != column.name and other != MODIFIED.name:
                columns.values[column.name].fault(
                    f"{column.name} comes under {shown(heading)}, which is a heading of {other}."
                )


def _check_links(made: dict[str, Template]) -> None:
    """Raises CharterError where a link leads to rows that one column does not identify: facts would be doubled."""
    faults = tuple(
        f"{template.name}.yaml: {column} leads to {target}, whose rows are told apart by {listing(key, 'and')}; "
        "a link leads to a template whose key is one column."
        for template in made.values()
        for column, target in template.links.items()
        if len(key := made[target].key) != 1
    )
    if faults:
        raise faults_error("the templates", faults)


def _own_word(key: tuple[str, ...]) -> tuple[str, ...]:
    """'lead' of lead_id; nothing where the key is no identity of one thing."""
    return (key[0].removesuffix("_id"),) if key and key[0].endswith("_id") else ()


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
    meanings = word_table(words.values if words else {})
    if kind == "choice" and not meanings:
        value.fault(f"{name} is a choice without words; write under words what it can be.")
    return Column(
        name=name,
        type=cast(ColumnType, kind),
        required=cast(Required, required),
        also=tuple(fold(other) for other in _names(said, "also")),
        words=meanings,
        helper=_flag(said, "helper"),
        needed_elsewhere=_flag(said, "needed_elsewhere"),
        unless=said.text("unless"),
        counts_for=_counts_for(said),
        hints=tuple(fold(word) for word in _names(said, "hints")),
    )


def _counts_for(said: Section) -> tuple[str, tuple[str, ...]] | None:
    """`counts_for: {stage: [won, lost]}`, where it is there."""
    rule = said.section("counts_for", ())
    if rule is None or not rule.values:
        return None
    choice = next(iter(rule.values))
    return choice, _names(rule, choice)


def _flag(said: Section, entry: str) -> bool:
    value = said.get(entry)
    return value.flag() if value is not None else False


def word_table(words: Mapping[str, Value]) -> dict[str, str]:
    """{'won': ['Closed Won', …]} -> {'closed won': 'won', 'won': 'won', …}; a word of two meanings is a fault."""
    table: dict[str, str] = {}
    for ours, theirs in words.items():
        for word in (ours, *(word.text() for word in theirs.items("a list of words"))):
            if (other := table.setdefault(fold_word(word), ours)) != ours:
                theirs.fault(f"{shown(word)} would mean {other} and {ours}; keep one of them.")
    return table


def fold_word(word: str) -> str:
    """A cell's word as it is looked up; cells.word() in staging/macros.sql does the same."""
    return " ".join(word.split()).lower()
