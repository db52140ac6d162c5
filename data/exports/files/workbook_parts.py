"""A workbook looked at before it is parsed: a parser that is handed a bomb asks for all memory there is."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadline.data.errors import ExportError
from leadline.data.exports.files.received_file import (
    CHUNK,
    LARGEST_UNPACKED,
    SUSPICIOUS_RATIO,
    SUSPICIOUS_UNPACKED,
    Received,
)

MOST_PARTS = 10_000
MOST_CELLS = 40_000_000
"""of one sheet, from its first to its last cell; the parser keeps them all in memory"""
MOST_SHARED_CHARACTERS = 1 << 31
"""a text that many cells share is copied for each of them"""

_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*\shidden="(?:1|true)"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]*\st="e"')
_NO_RESULT = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>")
_WIDE = re.compile(rb'r="(?<=\sr=")([A-Za-z]{2,3})\d')  # what is constant stands first: five times as fast
_ROW = re.compile(rb'r="(?<=\sr=")[A-Za-z]*(\d+)"')
_SHARED_INDEX = re.compile(rb'\st="s"[^>]*>\s*<(?:\w+:)?v>(\d+)<')
_ODD_ATTRIBUTE = re.compile(rb"=(?:(?<=\s=)|[\s'])")
_SPACE_BEFORE = re.compile(rb"(?<!\s)\s+(?==)")
_SPACE_AFTER = re.compile(rb"=\s+(?=[\"'])")
_SINGLE_QUOTED = re.compile(rb"='([^'<]*)'")


@dataclass
class _Seen:
    """What a sheet's XML holds, counted without building it."""

    hidden_rows: int = 0
    errors: int = 0
    without_result: int = 0
    """formulas"""
    widest: int = 26
    shared_cells: int = 0


def checked_parts(received: Received) -> dict[str, bytes]:
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


def tags(archive: zipfile.ZipFile, part: str, mark: bytes) -> Iterator[bytes]:
    """The same pieces with every attribute as spreadsheet programs write it, `a="b"`; XML allows more."""
    for block in _blocks(archive, part, mark):
        if _ODD_ATTRIBUTE.search(block) is None:
            yield block
            continue
        close = _SPACE_AFTER.sub(b"=", _SPACE_BEFORE.sub(b"", block))
        yield _SINGLE_QUOTED.sub(rb'="\1"', close)


def _look_through(archive: zipfile.ZipFile, part: str, name: str) -> _Seen:
    seen = _Seen()
    for block in tags(archive, part, b"<"):
        if b'hidden="' in block:
            seen.hidden_rows += len(_HIDDEN.findall(block))
        if b't="e"' in block:
            seen.errors += len(_ERROR.findall(block))
        if b"f>" in block or b"<f" in block:
            seen.without_result += len(_NO_RESULT.findall(block))
        seen.shared_cells += block.count(b't="s"')
        for letters in set(_WIDE.findall(block)):
            seen.widest = max(seen.widest, place_of(letters))
    if seen.widest * 1_048_576 > MOST_CELLS:
        rows = max(
            (int(row) for block in tags(archive, part, b"<") for row in _ROW.findall(block)), default=0
        )
        if rows * seen.widest > MOST_CELLS:
            raise ExportError(
                f"{name} has a sheet of {rows:,} rows and {seen.widest:,} columns, too large to be read as a workbook; "
                "delete what stands far from the table, or save the sheet as CSV.",
                "too_large_unpacked",
            )
    return seen


def place_of(letters: bytes) -> int:
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
        for block in tags(archive, part, b"<c")
        for index in map(int, _SHARED_INDEX.findall(block))
        if index < len(lengths)
    )
    if total > MOST_SHARED_CHARACTERS:
        raise ExportError(
            f"{name} repeats long texts until they fill {total >> 20:,} MB; save the sheet as CSV.",
            "too_large_unpacked",
        )


def part_of(parts: dict[str, bytes], place: int) -> str | None:
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
