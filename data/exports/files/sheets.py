"""One sheet of an Excel workbook -> a text table whose line n is row n of the sheet, read on like any CSV.

The workbook is looked at before it is parsed: what its zip directory says it unpacks to, whether its XML declares
entities, how far its cells lie apart. A parser that is handed such a file asks for all memory there is.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from leadline.data.errors import ExportError
from leadline.data.exports.files.number_formats import Formats, formats_that_show, mark_cells, told
from leadline.data.exports.files.open_document import check_sheets, told_of_sheets
from leadline.data.exports.files.received_file import (
    CHUNK,
    LARGEST_UNPACKED,
    SUSPICIOUS_RATIO,
    SUSPICIOUS_UNPACKED,
    Received,
    discard,
    looked_at,
    refuse_without_room,
)
from leadline.data.exports.landing_report import AskError, Question, Warned

MOST_PARTS = 10_000
MOST_CELLS = 40_000_000
"""of one sheet, from its first to its last cell; the parser keeps them all in memory"""
MOST_SHARED_CHARACTERS = 1 << 31
"""a text that many cells share is copied for each of them"""
MOST_KEPT = 100_000
"""numbers and moments whose text is kept while a sheet is written"""
HEADS = 50
"""rows among which the headings are looked for"""
LARGEST_STYLES = 16 << 20
EXACT_INTEGERS = 10**15
"""spreadsheets keep fifteen digits; what is longer has lost some"""

_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*\shidden="(?:1|true)"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]*\st="e"')
_NO_RESULT = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>")
_WIDE = re.compile(rb'r="(?<=\sr=")([A-Za-z]{2,3})\d')  # what is constant stands first: five times as fast
_ROW = re.compile(rb'r="(?<=\sr=")[A-Za-z]*(\d+)"')
_SHARED_CELL = re.compile(rb'\st="s"')
_SHARED_INDEX = re.compile(rb'\st="s"[^>]*>\s*<(?:\w+:)?v>(\d+)<')
_ODD_ATTRIBUTE = re.compile(rb"=(?:(?<=\s=)|[\s'])")
_SPACE_BEFORE = re.compile(rb"(?<!\s)\s+(?==)")
_SPACE_AFTER = re.compile(rb"=\s+(?=[\"'])")
_SINGLE_QUOTED = re.compile(rb"='([^'<]*)'")
_FROM_1904 = re.compile(rb'date1904="(?:1|true)"')


@dataclass
class _Seen:
    """What a sheet's XML holds, counted without building it."""

    hidden_rows: int = 0
    errors: int = 0
    without_result: int = 0
    """formulas"""
    widest: int = 26
    shared_cells: int = 0


def unfold(received: Received, sheet: str | None = None) -> Received:
    """The sheet as a text table beside the workbook; what is no workbook is handed back as it is.

    Raises ExportError where it can't be read, AskError where it has several sheets and none is named.
    """
    if not received.is_workbook:
        if sheet is not None:
            raise ExportError(f"{received.name} has no sheets; name none.", "unknown_sheet")
        return received
    target = received.path.with_suffix(".sheet")
    try:
        # of a part that it can't unpack, zipfile says so with RuntimeError
        parts = check_sheets(received) if received.is_open_document else _checked_parts(received)
        with calamine.CalamineWorkbook.from_path(str(received.path)) as workbook:
            name, found = _chosen(workbook, received.name, sheet)
            place = workbook.sheet_names.index(name)
            formats = Formats({}) if received.is_open_document else _formats(received, parts, place)
            filled = _write(found, target, formats)
    except (
        calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,
    ) as e:
        target.unlink(missing_ok=True)
        refuse_without_room(received.name, e)
        raise ExportError(
            f"{received.name} is a damaged workbook ({_first_words(e)}); save it again as .xlsx or as CSV.",
            "bad_xlsx",
        ) from e
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    text = looked_at(received.name, target, received.size, received.sha256)
    warnings = (
        *(told_of_sheets(parts) if received.is_open_document else _warnings(received, parts, place, name)),
        *(Warned(code, sentence) for code, sentence in told(formats)),
        *_told_merged(filled, name),
    )
    from_1904 = bool(_FROM_1904.search(parts.get("xl/workbook.xml", b"")))
    discard(received)
    return replace(text, sheet=name, days_from_1904=from_1904, warnings=warnings)


def _first_words(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return said[0][:120].rstrip(".") if said else type(error).__name__


def _checked_parts(received: Received) -> dict[str, bytes]:
    """Small parts by name, after every part has been found harmless."""
    name = received.name
    small: dict[str, bytes] = {}
    with zipfile.ZipFile(received.path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_much_unpacked(entries, received.path.stat().st_size, name)
        names = [entry.filename for entry in entries]
        if "xl/workbook.xml" not in names:
            raise ExportError(
                f"{name} is a spreadsheet of another kind than .xlsx; save it as .xlsx or as CSV.", "bad_xlsx"
            )
        for part in names:
            if part.startswith("xl/") and part.endswith((".xml", ".rels")):
                _refuse_types(archive, part, name)
        for part in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}.intersection(names):
            with archive.open(part) as source:
                small[part] = source.read(CHUNK)
        longest_text = _longest_shared(archive) if "xl/sharedStrings.xml" in names else 0
        for part in names:
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                seen = _look_through(archive, part, name)
                small[part] = f"{seen.hidden_rows} {seen.errors} {seen.without_result}".encode()
                if seen.shared_cells * longest_text > MOST_SHARED_CHARACTERS:
                    _refuse_much_shared(archive, part, name)
    return small


def _refuse_much_unpacked(entries: Sequence[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    is_suspicious = unpacked > SUSPICIOUS_UNPACKED and unpacked > packed * SUSPICIOUS_RATIO
    if unpacked > LARGEST_UNPACKED or is_suspicious or len(entries) > MOST_PARTS:
        raise ExportError(
            f"{name} unpacks to far more than an export does ({unpacked >> 20:,} MB from {packed >> 10:,} KB); "
            "open it yourself, and save the sheet as CSV.",
            "too_large_unpacked",
        )


def _refuse_types(archive: zipfile.ZipFile, part: str, name: str) -> None:
    """Raises ExportError where a part declares a document type, the stuff of entity bombs."""
    with archive.open(part) as source:
        head = source.read(4096)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"\x00" in head:
        raise ExportError(
            f"{name} holds a document type declaration, which no spreadsheet program writes; save it again from "
            "Excel, or as CSV.",
            "bad_xlsx",
        )


def _blocks(archive: zipfile.ZipFile, part: str, mark: bytes) -> Iterator[bytes]:
    """The part in pieces that end before a `mark`, so that nothing that is looked for is cut in two."""
    rest = b""
    with archive.open(part) as source:
        while chunk := source.read(CHUNK):
            rest += chunk
            cut = rest.rfind(mark)
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _tags(archive: zipfile.ZipFile, part: str, mark: bytes) -> Iterator[bytes]:
    """The same pieces with every attribute as spreadsheet programs write it, `a="b"`; XML allows more."""
    for block in _blocks(archive, part, mark):
        if _ODD_ATTRIBUTE.search(block) is None:
            yield block
            continue
        close = _SPACE_AFTER.sub(b"=", _SPACE_BEFORE.sub(b"", block))
        yield _SINGLE_QUOTED.sub(rb'="\1"', close)


def _look_through(archive: zipfile.ZipFile, part: str, name: str) -> _Seen:
    seen = _Seen()
    for block in _tags(archive, part, b"<"):
        if b'hidden="' in block:
            seen.hidden_rows += len(_HIDDEN.findall(block))
        if b't="e"' in block:
            seen.errors += len(_ERROR.findall(block))
        if b"f>" in block or b"<f" in block:
            seen.without_result += len(_NO_RESULT.findall(block))
        seen.shared_cells += block.count(b't="s"')
        for letters in set(_WIDE.findall(block)):
            seen.widest = max(seen.widest, _place(letters))
    if seen.widest * 1_048_576 > MOST_CELLS:
        rows = max(
            (int(row) for block in _tags(archive, part, b"<") for row in _ROW.findall(block)), default=0
        )
        if rows * seen.widest > MOST_CELLS:
            raise ExportError(
                f"{name} has a sheet of {rows:,} rows and {seen.widest:,} columns, too large to be read as a workbook; "
                "delete what stands far from the table, or save the sheet as CSV.",
                "too_large_unpacked",
            )
    return seen


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + letter - 64
    return place


def _longest_shared(archive: zipfile.ZipFile) -> int:
    longest = 0
    for block in _blocks(archive, "xl/sharedStrings.xml", b"<si"):
        longest = max([longest, *(len(text) for text in block.split(b"<si"))])
    return longest


def _refuse_much_shared(archive: zipfile.ZipFile, part: str, name: str) -> None:
    """Raises ExportError where the texts that cells share add up to more than memory should hold."""
    lengths: list[int] = []
    for block in _blocks(archive, "xl/sharedStrings.xml", b"<si"):
        lengths.extend(len(text) for text in block.split(b"<si>")[1:])
    total = sum(
        lengths[index]
        for block in _tags(archive, part, b"<c")
        for index in map(int, _SHARED_INDEX.findall(block))
        if index < len(lengths)
    )
    if total > MOST_SHARED_CHARACTERS:
        raise ExportError(
            f"{name} repeats long texts until they fill {total >> 20:,} MB; save the sheet as CSV.",
            "too_large_unpacked",
        )


def _chosen(
    workbook: calamine.CalamineWorkbook, name: str, sheet: str | None
) -> tuple[str, calamine.CalamineSheet]:
    """The sheet to read, parsed once: the one that is named, or the only one that shows something."""
    kinds = calamine.SheetTypeEnum.WorkSheet
    tables = [known for known in workbook.sheets_metadata if known.typ == kinds]
    if sheet is not None:
        for known in tables:
            if known.name.strip().casefold() == sheet.strip().casefold():
                return known.name, workbook.get_sheet_by_name(known.name)
        raise ExportError(
            f"{name} has no sheet {sheet!r}; it has {_named(known.name for known in tables)}.",
            "unknown_sheet",
        )
    visible = [known.name for known in tables if known.visible == calamine.SheetVisibleEnum.Visible]
    filled: list[str] = []
    chosen: calamine.CalamineSheet | None = None
    for known_name in visible:
        parsed = workbook.get_sheet_by_name(known_name)
        if parsed.end is not None:
            filled.append(known_name)
            chosen = chosen or parsed
        del parsed  # the parser keeps every cell of a sheet in memory
    if len(filled) > 1:
        raise AskError(
            [
                Question(
                    "which_sheet",
                    f"{name} has several sheets, {_named(filled)}: which of them is it?",
                    " or ".join(f"--sheet {_argument(one)}" for one in filled[:5]),
                    choices=tuple(filled),
                )
            ]
        )
    if chosen is None:
        raise ExportError(f"{name} has no sheet with anything in it; export it again.", "empty_file")
    return filled[0], chosen


def _named(names: Iterator[str] | list[str]) -> str:
    return ", ".join(f"'{one}'" for one in names)


def _argument(name: str) -> str:
    return name if name.isalnum() else f"'{name}'"


class _Texts(dict[Any, str]):
    """Cells that are no texts, in words; columns repeat them, and each is put into words once."""

    def __missing__(self, cell: object) -> str:
        text = _cell(cell)
        if len(self) < MOST_KEPT:
            self[cell] = text
        return text


def _write(sheet: calamine.CalamineSheet, target: Path, formats: Formats) -> int:
    """Writes the sheet; returns how many empty cells took the value of the merged ones that they are part of."""
    merged = _Merged(sheet)
    with target.open("w", encoding="utf-8", errors="replace", newline="") as sink:
        write = csv.writer(sink, lineterminator="\n").writerow
        texts = _Texts()
        for number, row in enumerate(sheet.iter_rows()):
            # True and 1.0 are one key
            cells = [
                cell if type(cell) is str else _cell(cell) if type(cell) is bool else texts[cell]
                for cell in row
            ]
            for column in formats.columns:
                if column < len(row) and type(row[column]) in (int, float):
                    cells[column] = formats.apply(number, column, cells[column])
            if merged.starts:
                merged.fill(number, cells)
            line = ",".join(cells)
            if not line.isprintable() or '"' in line or line.count(",") >= len(cells):
                cells = [_cell(cell) for cell in cells]
                write(cells if any(cells) else [])
            else:
                sink.write(f"{line}\n" if any(cells) else "\n")
    return merged.filled


class _Merged:
    """Cells that are merged over several rows: what the first of them says, all of them say."""

    def __init__(self, sheet: calamine.CalamineSheet) -> None:
        self.starts: dict[int, list[tuple[int, int]]] = {}
        """first row -> (column, last row)"""
        self.filled = 0
        self._open: dict[int, tuple[int, str]] = {}
        ranges = sheet.merged_cell_ranges or []
        tall = [(first, last) for first, last in ranges if last[0] > first[0]]
        if not tall:
            return
        heads = [sum(cell != "" for cell in row) for row in islice(sheet.iter_rows(), HEADS)]
        header = heads.index(max(heads)) if heads else 0  # what is merged above are titles and headings
        for (row, column), (last, _) in tall:
            if row > header:
                self.starts.setdefault(row, []).append((column, last))

    def fill(self, row: int, cells: list[str]) -> None:
        """Fills what of this row is part of cells merged before."""
        for column, (last, text) in list(self._open.items()):
            if row > last:
                del self._open[column]
            elif column < len(cells) and not cells[column] and text and any(cells):
                cells[column] = text
                self.filled += 1
        for column, last in self.starts.get(row, ()):
            if column < len(cells):
                self._open[column] = (last, cells[column])


def _told_merged(filled: int, sheet: str) -> tuple[Warned, ...]:
    if not filled:
        return ()
    cells = "1 cell is" if filled == 1 else f"{filled:,} cells are"
    return (
        Warned(
            "merged_cells",
            f"{cells} merged with the one above in the sheet {sheet!r}; what that says counts for each of its rows.",
        ),
    )


def _formats(received: Received, parts: dict[str, bytes], place: int) -> Formats:
    """What the formats of a sheet's cells show beyond their values."""
    formats = Formats({})
    with zipfile.ZipFile(received.path) as archive:
        if "xl/styles.xml" not in archive.namelist():
            return formats
        with archive.open("xl/styles.xml") as source:
            formats = Formats(formats_that_show(source.read(LARGEST_STYLES)))
        part = _part_of(parts, place)
        if formats.shown and part is not None and f"xl/{part}" in archive.namelist():
            mark_cells(formats, _tags(archive, f"xl/{part}", b"<"), _place)
    return formats


def _cell(value: object) -> str:
    """One cell as text: moments as ISO 8601, whole numbers without a point, line breaks as spaces."""
    if isinstance(value, str):
        return " ".join(value.replace("\x00", "").splitlines())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        if abs(value) >= EXACT_INTEGERS:
            return f"{value:.5E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="milliseconds" if value.microsecond else "seconds")
    return str(value)


def _part_of(parts: dict[str, bytes], place: int) -> str | None:
    """Name, below xl/, of the part that holds the sheet at that place."""
    relations = parts.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", "replace")
    sheets = re.findall(
        r'<(?:\w+:)?sheet\b[^>]*\sr:id="([^"]+)"', parts["xl/workbook.xml"].decode("utf-8", "replace")
    )
    wanted = sheets[place] if place < len(sheets) else ""
    targets = [
        target.lstrip("/").removeprefix("xl/")
        for relation in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations)
        if f'Id="{wanted}"' in relation
        for target in re.findall(r'Target="([^"]+)"', relation)
    ]
    return targets[0] if targets else None


def _warnings(received: Received, parts: dict[str, bytes], place: int, sheet: str) -> tuple[Warned, ...]:
    part = _part_of(parts, place)
    counts = parts.get(f"xl/{part}", b"0 0 0") if part else b"0 0 0"
    hidden, errors, without_result = (int(count) for count in counts.split())
    found = []
    if hidden:
        rows = "1 row is" if hidden == 1 else f"{hidden:,} rows are"
        found.append(
            Warned(
                "hidden_rows", f"{rows} hidden in the sheet {sheet!r}, by a filter or by hand; all were read."
            )
        )
    if errors:
        cells = "1 cell holds" if errors == 1 else f"{errors:,} cells hold"
        found.append(
            Warned(
                "error_cells",
                f"{cells} an error such as #REF! in the sheet {sheet!r}; they were read as empty.",
            )
        )
    if without_result:
        cells = "1 cell holds" if without_result == 1 else f"{without_result:,} cells hold"
        found.append(
            Warned(
                "uncalculated_cells",
                f"{cells} a formula without its result in the sheet {sheet!r}, as a program writes that does not "
                "calculate; they were read as empty. Open and save the workbook in a spreadsheet program, and land it "
                "again.",
            )
        )
    return tuple(found)
