"""Bytes -> a table of text cells that the engine can read: encoding, delimiter, header row, what lies around the rows.

Two ways lead there. A *plain* file (UTF-8, one kind of line end, nothing around its rows) is read by the engine as it
is, and its line numbers are counted. Any other is rewritten line by line (`rewriting.py`) into a clean file that
carries the line numbers with it. The plain way is believed only if the engine then finds exactly the expected rows.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from leadline.data.errors import ExportError
from leadline.data.exports.files.received_file import Received
from leadline.data.exports.files.text_encoding import NAMES, Encoding, encoding_of, garbled, in_utf_7
from leadline.data.exports.landing_report import Warned
from leadline.data.templates import clean_heading, fold

DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 400
"""lines looked at to find the delimiter and the header"""
MOST_COLUMNS = 5_000
LONGEST_CELL = 100_000
"""characters; a row with a longer cell is set aside"""
LONGEST_LINE = 8 << 20
"""characters; a longer line is set aside without being cut"""
_REPORT = re.compile(r'"?(Email )?Campaign Report"?', re.IGNORECASE)
"""first line of a report that some systems offer beside their table of mailings"""
GARBLED_WITHIN = 20_000
"""characters of the head in which every word is looked at"""
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf\u0152-\u0192\u2013-\u2122]|Â[\u00a0-\u00bf]|â€[\u0090-\u2122]|\ufffd")
"""what accents and quotation marks look like once UTF-8 has been taken for Windows-1252"""


@dataclass(frozen=True)
class SetAside:
    """A line that is no row: quarantined (it should have been one) or skipped (it never was one)."""

    line: int
    """0: none of its own; it stands for further lines with this reason"""
    reason: str
    raw: str
    count: int = 1
    """lines that it stands for"""
    delimiter: str = ","
    """of the file's cells"""


@dataclass(frozen=True)
class Layout:
    """How a file writes its table."""

    encoding: str
    delimiter: str
    header_line: int
    """counted from 1"""
    header: tuple[str, ...]
    """headings, cleaned, made unique: 'Date', 'Date (2)'; blank ones are ''"""
    lines_of_header: int
    space_after_delimiter: bool
    repeated_headings: tuple[str, ...]
    errors: str = "replace"
    """what becomes of bytes that are none of the encoding"""
    told: tuple[Warned, ...] = ()
    """what a reader should know of the encoding"""
    first_of_repeated: tuple[int, ...] = ()
    """by place, the first place of a column with an alike heading; its own where there is none before it"""


@dataclass(frozen=True)
class TextTable:
    """A file the engine can read: every record has exactly `len(header)` cells."""

    path: Path
    layout: Layout
    records: int
    """how many it must yield"""
    is_plain: bool
    """True: record n stands on line `header_line + n`; False: the first cell of every record is its line number"""
    skip: int
    """lines above the first record"""
    quarantined: tuple[SetAside, ...] = ()
    skipped: tuple[SetAside, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        return self.layout.header


def find_layout(
    received: Received, header_row: int | None = None, encoding: Encoding | None = None
) -> Layout:
    """Encoding (where it is not given), delimiter and header of a file from its first lines. Raises ExportError."""
    encoding = encoding or encoding_of(received)
    text = received.head.decode(encoding.name, errors=encoding.errors)
    if len(received.head) < received.size or received.path.stat().st_size > len(received.head):
        _refuse_endless_line(received.name, text)
        text = text[: max(text.rfind("\n"), text.rfind("\r"), 1)]
    lines = _lines(text)[: max(LOOKED_AT, header_row or 0)]
    if (
        lines
        and _REPORT.fullmatch(lines[0].strip())
        and any(line.startswith('"Title:"') for line in lines[1:4])
    ):
        raise ExportError(
            f"{received.name} is the report of a single mailing, line by line, and no table; export the list of all "
            "campaigns instead.",
            "not_a_table",
        )
    hint = re.fullmatch(r'"?sep=([^\w"\'\s]|\t)"?\s*', lines[0], flags=re.IGNORECASE) if lines else None
    delimiter = hint.group(1) if hint else _delimiter(lines, received.name)
    spaced = any(f'{delimiter} "' in line for line in lines[:50])
    line, header, height = _header(
        lines, delimiter, spaced, header_row, received.name, start=1 if hint else 0
    )
    if len(header) > MOST_COLUMNS:
        raise ExportError(
            f"{received.name} has {len(header):,} columns, more than the {MOST_COLUMNS:,} that can be read; "
            "export fewer properties.",
            "too_many_columns",
        )
    cleaned = [clean_heading(cell) for cell in header]
    names, repeated = _unique(cleaned)
    alike = [fold(heading) for heading in cleaned]
    return Layout(
        encoding=encoding.name,
        errors=encoding.errors,
        told=_told(encoding),
        delimiter=delimiter,
        header_line=line,
        header=names,
        lines_of_header=height,
        space_after_delimiter=spaced,
        repeated_headings=repeated,
        first_of_repeated=tuple(
            alike.index(heading) if heading else place for place, heading in enumerate(alike)
        ),
    )


def _refuse_endless_line(name: str, text: str) -> None:
    """Raises ExportError where the first line has no end: its headings would be cut."""
    if "\n" in text or "\r" in text:
        return
    columns = 1 + max(text.count(delimiter) for delimiter in DELIMITERS)
    if columns > MOST_COLUMNS:
        raise ExportError(
            f"{name} has more than the {MOST_COLUMNS:,} columns that can be read ({columns:,} in its first "
            f"{len(text):,} characters); export fewer properties.",
            "too_many_columns",
        )
    raise ExportError(
        f"The first line of {name} is longer than {len(text):,} characters, so it is no line of headings; export it "
        "again as CSV.",
        "not_a_table",
    )


def plain_table(received: Received, layout: Layout) -> TextTable | None:
    """The table as the engine can read it from the file itself; None where the file needs rewriting."""
    returns_are_regular = received.carriage_returns == 0 or (
        received.carriage_returns == received.crlf == received.line_feeds
    )
    if (
        layout.encoding != "utf-8-sig"
        or not received.is_utf8
        or not returns_are_regular
        or received.nuls
        or received.quotes_after_space
        or layout.lines_of_header != 1
        or len(layout.delimiter) != 1
    ):
        return None
    tail = received.tail
    content = tail.rstrip(b"\r\n")
    trailing = tail[len(content) :].count(b"\n")
    lines = received.line_feeds - trailing + 1
    last = content.decode("utf-8", errors="replace").rsplit("\n", 1)[-1]
    if lines > layout.header_line and last.count(layout.delimiter) < len(layout.header) - 1:
        return None  # a footer, or the last line of a longer record
    if len(layout.header) >= 3 and sum(bool(cell.strip()) for cell in last.split(layout.delimiter)) <= 1:
        return None  # a footer that a spreadsheet has filled up with empty cells
    return TextTable(
        path=received.path,
        layout=layout,
        records=lines - layout.header_line,
        is_plain=True,
        skip=layout.header_line,
        skipped=_preamble(received, layout),
        warnings=damage(received, layout),
    )


def damage(received: Received, layout: Layout) -> tuple[Warned, ...]:
    """Warns of text that an earlier program has read in the wrong encoding, wherever in the file it stands."""
    # a letter that the end of the head cuts in two is no damage, one that the end of the file cuts is
    is_whole = received.path.stat().st_size == len(received.head)
    decoder = codecs.getincrementaldecoder(layout.encoding)(errors=layout.errors)
    head = decoder.decode(received.head, final=is_whole)
    if (seven := in_utf_7(head)) is not None:
        return (
            Warned(
                "utf_7",
                f"Some letters are written as in UTF-7: '{seven[0][:40]}' may be '{seven[1][:40]}'. If it is, take the "
                "import back and say --encoding utf-7.",
            ),
        )
    found = garbled(received.garbled) or garbled(head[:GARBLED_WITHIN])
    if found is None and (twice := _MOJIBAKE.search(head)) is not None:
        found = garbled(head[max(0, twice.start() - 40) : twice.end() + 40])
    if found is None:
        return ()
    shown, meant = found
    probably = f" (probably '{meant[:40]}')" if meant else ""
    return (
        Warned(
            "mojibake",
            f"Some letters are garbled, as in '{shown[:40]}'{probably}: another program has read the file in the wrong "
            "encoding before; export it again, or choose UTF-8 there.",
        ),
    )


def _told(encoding: Encoding) -> tuple[Warned, ...]:
    """Says in which encoding a file was read, where its letters alone showed it."""
    if not encoding.is_found:
        return ()
    shown = " ".join(encoding.example.split())[:40]
    if encoding.name == "utf-8-sig":
        of = NAMES[encoding.errors.removeprefix("leadline-")]
        return (
            Warned(
                "mixed_encodings",
                f"Some letters are not in UTF-8 like the others and were read as {of}, as in '{shown}'.",
            ),
        )
    return (
        Warned(
            "encoding",
            f"The file is not in UTF-8; by its letters it was read as {NAMES[encoding.name]}, as in '{shown}'. "
            "If that is wrong, say --encoding NAME.",
        ),
    )


def split_record(record: str, delimiter: str, space_after_delimiter: bool = False) -> list[str] | None:
    """Cells of one complete record; None where a quote stays open."""
    if '"' not in record:
        return record.split(delimiter)
    try:
        return next(
            csv.reader([record], delimiter=delimiter, skipinitialspace=space_after_delimiter, strict=True)
        )
    except csv.Error as e:
        if "unexpected end of data" in str(e):
            return None
        if "field limit" in str(e):  # far longer than a cell may be; its neighbours don't matter any more
            return record.split(delimiter)
    return next(csv.reader([record], delimiter=delimiter, skipinitialspace=space_after_delimiter))


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text.lstrip("\ufeff"))


def _records(
    lines: list[str], delimiter: str, spaced: bool, start: int = 0
) -> list[tuple[int, list[str], int]]:
    """(line from 1, cells, number of lines) of each record; an open quote ends with its own line."""
    found = []
    at = start
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        height = 1
        cells = split_record(lines[at], delimiter, spaced)
        while cells is None and height < 50 and at + height < len(lines):
            height += 1
            cells = split_record("\n".join(lines[at : at + height]), delimiter, spaced)
        if cells is None:
            cells, height = lines[at].split(delimiter), 1
        found.append((at + 1, cells, height))
        at += height
    return found


def _delimiter(lines: list[str], name: str) -> str:
    """The one that cuts most lines into the same number of cells, more than one."""
    content = [line for line in lines if line.strip() and not line.startswith("#")][:120]
    if not content:
        raise ExportError(f"{name} holds nothing but blank lines; export it again.", "empty_file")
    best, best_score = ",", (0.0, 0)
    for candidate in DELIMITERS:
        widths = Counter(len(cells) for _, cells, _ in _records(content, candidate, spaced=False))
        widths.pop(1, None)
        if widths:
            width, often = max(widths.items(), key=lambda entry: (entry[1], entry[0]))
            score = (often / len(content) if often > 1 or len(content) == 1 else 0.01, width)
            if score > best_score:
                best, best_score = candidate, score
    return best


def _header(
    lines: list[str], delimiter: str, spaced: bool, header_row: int | None, name: str, start: int
) -> tuple[int, list[str], int]:
    """(line, cells, number of lines) of the header: the first record as wide as most of them."""
    records = _records(lines, delimiter, spaced, start)
    if header_row is not None:
        for line, cells, height in records:
            if line == header_row:
                return line, cells, height
        raise ExportError(
            f"{name} has no headings on line {header_row}; name the line that holds them.",
            "no_header",
        )
    table = [record for record in records if not record[1][0].startswith("#")]
    if not table:
        raise ExportError(f"{name} holds no table; export it again.", "no_rows")
    widths = Counter(len(cells) for _, cells, _ in table)
    if max(widths) > 1:
        del widths[1]  # titles and footers may have more lines than a small table has rows
    usual, _ = max(widths.items(), key=lambda entry: (entry[1], entry[0]))
    wide = [record for record in table if len(record[1]) == usual]
    above = next((before for before, record in pairwise(table) if record is wide[0]), None)
    if above is not None and len(above[1]) > 1 and not any(any(r[1][len(above[1]) :]) for r in wide):
        return above  # its rows end in delimiters that it has not
    return _below_titles(wide)


def _below_titles(table: list[tuple[int, list[str], int]]) -> tuple[int, list[str], int]:
    """The first record that is no title: spreadsheets write titles and groups of columns as wide as the table."""
    width = len(table[0][1])
    for record, following in pairwise(table):
        filled = sum(bool(cell.strip()) for cell in record[1])
        next_filled = [cell.strip() for cell in following[1] if cell.strip()]
        is_title = width >= 3 and filled == 1
        is_group = filled < len(next_filled) == len(set(next_filled)) and not any(
            re.search(r"\d", cell) for cell in next_filled
        )
        if not (is_title or is_group):
            return record
    return table[-1] if len(table) > 1 and sum(map(bool, table[0][1])) == 1 else table[0]


def _unique(headings: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Headings told apart, and those that come more than once; capital letters and dashes tell none apart."""
    seen: Counter[str] = Counter()
    unique, repeated = [], []
    taken = {fold(heading) for heading in headings}
    for heading in headings:
        folded = fold(heading)
        seen[folded] += 1
        name = heading
        while heading and seen[folded] > 1 and (name == heading or fold(name) in taken):
            name = f"{heading} ({seen[folded]})"
            if fold(name) in taken:
                seen[folded] += 1
        if name != heading:
            repeated.append(heading)
            taken.add(fold(name))
        unique.append(name)
    return tuple(unique), tuple(dict.fromkeys(repeated))


def _preamble(received: Received, layout: Layout) -> tuple[SetAside, ...]:
    lines = _lines(received.head.decode(layout.encoding, errors=layout.errors))[: layout.header_line - 1]
    return tuple(
        SetAside(number, "comment_lines" if line.startswith("#") else "preamble", line[:1000])
        for number, line in enumerate(lines, start=1)
    )
