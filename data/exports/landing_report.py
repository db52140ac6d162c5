"""What landing is asked and what it answers: plain frozen values, ready for JSON and for the upload page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from leadline.data.plain_json import from_plain, to_plain

State = Literal["landed", "refused", "asks"]
DateOrder = Literal["dmy", "mdy", "ymd"]
Numbers = Literal["point", "comma"]
PercentScale = Literal["fraction", "percent"]
Doubt = Literal[
    "older_export",
    "created_changes",
    "shifted_times",
    "coarser_times",
    "swapped_dates",
    "fallen_totals",
    "replaced_column",
    "emptied_column",
    "currency_changes",
    "rescaled_amounts",
    "bare_amounts",
    "reopened",
    "respelled_keys",
    "doubled_rows",
    "unjoined_links",
    "unread_link",
    "unread_column",
    "many_gone",
    "spend_twice",
]
"""codes of questions that hold a file against what is known; `--accept` answers them for its content alone"""

BY_HAND = "by hand"
"""source of imports that are no files: rows that a person has retired"""
LINES_SHOWN = 100
"""line numbers named for one reason in a report; the workspace's quarantine holds all of them"""


@dataclass(frozen=True)
class IngestOptions:
    """What a file can't say of itself. None = not said."""

    template: str | None = None
    mapping: Path | Mapping[str, Any] | None = None
    """a YAML file or its content: their column -> ours, and constants"""
    workflow: str | None = None
    """every row of the file belongs to it"""
    dates: DateOrder | None = None
    timezone: str | None = None
    """of times that carry no offset; default: the workspace's"""
    percent: PercentScale | None = None
    numbers: Numbers | None = None
    """what separates decimals"""
    sheet: str | None = None
    encoding: str | None = None
    """in which a text file is written, as Python names it: 'cp1250'"""
    header_row: int | None = None
    """line of the header, counted from 1"""
    exported_on: dt.date | None = None
    complete: bool = False
    """the file holds every row of its span: rows known there that it does not hold have vanished"""
    retire: bool = False
    """with `complete`: such rows are facts no more"""
    accept: tuple[Doubt, ...] = ()
    """codes of questions that hold the file against what is known, answered with yes for this content alone"""
    dry_run: bool = False
    """say what would happen, change nothing"""

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> IngestOptions:
        """From plain values by name; a mapping is a path or its content. What is null or '' is not said."""
        told = {name: value for name, value in said.items() if value not in (None, "")}
        if isinstance(told.get("mapping"), str):
            told["mapping"] = Path(told["mapping"])
        options: IngestOptions = from_plain(cls, told)
        return options


@dataclass(frozen=True)
class RowCounts:
    """Every line of a file but its header is counted exactly once: read = the sum of the others."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    """older than what is known; kept for an undo, not applied"""
    quarantined: int = 0
    skipped: int = 0
    """no facts: titles, comments, totals, footers, exact repetitions"""


@dataclass(frozen=True)
class Reason:
    """Why rows were quarantined or skipped. `rows` are line numbers, at most LINES_SHOWN of them."""

    reason: str
    rows: tuple[int, ...]
    count: int
    example: str
    """one sentence about the first of them"""


@dataclass(frozen=True)
class Warned:
    """Something a reader should know although the rows landed."""

    code: str
    message: str


@dataclass(frozen=True)
class Question:
    """What only a person can answer; `option` is what answers it on the command line."""

    code: str
    message: str
    option: str
    column: str | None = None
    """our column that is asked about, where it is one"""
    about: tuple[str, ...] = ()
    """their words or headings that are asked about"""
    choices: tuple[str, ...] = ()
    """what the answer may be, where it is one of a few"""


class AskError(Exception):
    """A file that can't be landed before a person has answered."""

    def __init__(
        self, questions: Sequence[Question], template: str | None = None, source: str | None = None
    ) -> None:
        super().__init__("; ".join(question.message for question in questions))
        self.questions = tuple(questions)
        self.template = template
        self.source = source


@dataclass(frozen=True)
class ColumnMatch:
    """A column of a file beside what it is taken for."""

    heading: str
    examples: tuple[str, ...]
    """a few cells, as they stand"""
    ours: tuple[str, ...] = ()
    """our columns that it feeds"""
    is_segment: bool = False
    """kept as it is, to split by"""
    suggested: str | None = None
    """our column that it may be, where nobody has said so"""
    why: str = ""
    """'by its name', 'its cells are dates'"""
    words: tuple[str, ...] = ()
    """what its cells say, where that is a short list of words"""


@dataclass(frozen=True)
class Changed:
    """A cell of a row that is known and would be, or was, replaced."""

    line: int
    row: str
    """its identity"""
    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Vanished:
    """Rows that earlier exports of this kind held and a full export no longer holds. They are kept."""

    count: int
    rows: tuple[str, ...]
    """identities of the first of them"""
    known: int
    """rows known in the span of the file"""
    first: dt.date
    last: dt.date
    """the span of days that the file covers"""


@dataclass(frozen=True)
class FileReport:
    """What happened, or with dry_run would happen, to one file; the object of `ingest --json`."""

    file: str
    state: State
    source: str | None = None
    """what it was recognised as, in words: 'Leads template', 'mapping olist_leads.yaml'"""
    template: str | None = None
    import_id: int | None = None
    rows: RowCounts = field(default_factory=RowCounts)
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Warned, ...] = ()
    questions: tuple[Question, ...] = ()
    message: str = ""
    code: str | None = None
    """reason code of a refusal, such as 'empty_file'"""
    suggestion: Mapping[str, Any] | None = None
    """a mapping to begin with, for an export that is not known"""
    columns: tuple[ColumnMatch, ...] = ()
    """of a preview or a question: the file's columns beside what they are taken for"""
    changes: tuple[Changed, ...] = ()
    """of a preview: the first cells that would be replaced"""
    vanished: Vanished | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, lists for tuples; what is not always there only where there is one."""
        plain = to_plain(self)
        del plain["columns"]  # for pages
        for name in ("code", "suggestion", "changes", "vanished"):
            if not plain[name]:
                del plain[name]
        for question in plain["questions"]:
            for name in ("column", "about", "choices"):
                del question[name]  # for widgets; the message holds them in words
        return dict(plain)


@dataclass(frozen=True)
class ImportRecord:
    """One import as the workspace remembers it. Times are UTC without zone."""

    import_id: int
    file: str
    sha256: str
    source: str
    template: str
    workflow: str | None
    landed_at: dt.datetime
    undone_at: dt.datetime | None
    rows: RowCounts
