"""One sheet of an Excel workbook -> a text table whose line n is row n of the sheet, read on like any CSV.

The workbook is looked at before it is parsed: what its zip directory says it unpacks to, whether its XML declares
entities, how far its cells lie apart (`workbook_parts`).
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from leadline.data.errors import ExportError
from leadline.data.exports.files.number_formats import Formats, formats_that_show, mark_cells, told
from leadline.data.exports.files.open_document import check_sheets, told_of_sheets
from leadline.data.exports.files.received_file import (
    Received,
    discard,
    looked_at,
    refuse_without_room,
)
from leadline.data.exports.files.workbook_parts import checked_parts, part_of, place_of, tags
from leadline.data.exports.landing_report import AskError, Question, Warned

MOST_KEPT = 100_000
"""numbers and moments whose text is kept while a sheet is written"""
HEADS = 50
"""rows among which the headings are looked for"""
LARGEST_STYLES = 16 << 20
EXACT_INTEGERS = 10**15
"""spreadsheets keep fifteen digits; what is longer has lost some"""

_FROM_1904 = re.compile(rb'date1904="(?:1|true)"')


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
        parts = check_sheets(received) if received.is_open_document else checked_parts(received)
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
        part = part_of(parts, place)
        if formats.shown and part is not None and f"xl/{part}" in archive.namelist():
            mark_cells(formats, tags(archive, f"xl/{part}", b"<"), place_of)
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


def _warnings(received: Received, parts: dict[str, bytes], place: int, sheet: str) -> tuple[Warned, ...]:
    part = part_of(parts, place)
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
