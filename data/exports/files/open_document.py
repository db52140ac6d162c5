"""A sheet of LibreOffice or another program of OpenDocument, looked at before it is parsed.

Such a file may say of one cell that it stands a million times; a parser that is handed it asks for all memory there is.
"""

from __future__ import annotations

import re
import zipfile

from leadline.data.errors import ExportError
from leadline.data.exports.files.received_file import (
    CHUNK,
    LARGEST_UNPACKED,
    SUSPICIOUS_RATIO,
    SUSPICIOUS_UNPACKED,
    Received,
)
from leadline.data.exports.landing_report import Warned

MOST_CELLS = 40_000_000
"""of all sheets together, repeated ones counted as often as they stand"""
TABLES = b"urn:oasis:names:tc:opendocument:xmlns:table:1.0"

_ROW = re.compile(rb"<table:table-row\b([^>]*)>")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_ROWS = re.compile(rb"number-rows-repeated\s*=\s*[\"'](\d+)")
_COLUMNS = re.compile(rb"number-columns-repeated\s*=\s*[\"'](\d+)")
_CURRENCY = re.compile(rb"office:currency\s*=\s*[\"']([A-Z]{3})")
_HIDDEN = re.compile(rb"table:visibility\s*=\s*[\"'](?:collapse|filter)")


def check_sheets(received: Received) -> dict[str, bytes]:
    """What is to be told of the sheets. Raises ExportError where the file is none that may be parsed."""
    name = received.name
    with zipfile.ZipFile(received.path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        unpacked = sum(entry.file_size for entry in entries.values())
        packed = received.path.stat().st_size
        if unpacked > LARGEST_UNPACKED or (
            unpacked > SUSPICIOUS_UNPACKED and unpacked > packed * SUSPICIOUS_RATIO
        ):
            raise _too_large(name)
        if "content.xml" not in entries:
            raise ExportError(f"{name} is a damaged OpenDocument sheet; save it as .xlsx or CSV.", "bad_xlsx")
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in entries else b""
        if b"encryption-data" in manifest:
            raise ExportError(
                f"{name} is protected by a password; remove it in LibreOffice and save the sheet as CSV.",
                "password_protected",
            )
        currencies: set[bytes] = set()
        hidden = cells = 0
        rest, is_first = b"", True
        with archive.open("content.xml") as source:
            while chunk := source.read(CHUNK):
                if is_first:
                    _refuse_odd_names(chunk, name)
                is_first = False
                rest += chunk
                cut = rest.rfind(b"<table:table-row")
                block, rest = (rest[:cut], rest[cut:]) if cut > 0 else (b"", rest)
                cells += _cells(block)
                currencies.update(_CURRENCY.findall(block))
                hidden += len(_HIDDEN.findall(block))
                if cells > MOST_CELLS or len(rest) > 16 * CHUNK:
                    raise _too_large(name)
        cells += _cells(rest)
        currencies.update(_CURRENCY.findall(rest))
        hidden += len(_HIDDEN.findall(rest))
        if cells > MOST_CELLS:
            raise _too_large(name)
    return {"currencies": b" ".join(sorted(currencies)), "hidden": str(hidden).encode()}


def _refuse_odd_names(head: bytes, name: str) -> None:
    if (
        b"<!DOCTYPE" in head
        or b"<!ENTITY" in head
        or b'xmlns:table="' + TABLES not in head.replace(b"'", b'"')
    ):
        raise ExportError(
            f"{name} is an OpenDocument sheet that no spreadsheet program writes; save it as .xlsx or CSV.",
            "bad_xlsx",
        )


def _cells(block: bytes) -> int:
    """Cells that hold something, or stand before one that does, as often as they are repeated."""
    total = 0
    starts = [found.start() for found in _ROW.finditer(block)]
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        row = block[start:end]
        head = _ROW.match(row)
        repeated = _ROWS.search(head[1]) if head else None
        width = filled = 0
        for attributes, is_empty in _CELL.findall(row):
            times = _COLUMNS.search(attributes)
            width += int(times[1]) if times else 1
            if not is_empty or b"office:value" in attributes:
                filled = width
        total += filled * (int(repeated[1]) if repeated else 1)
    return total


def _too_large(name: str) -> ExportError:
    return ExportError(
        f"{name} unpacks to far more than an export does; open it yourself, and save the sheet as CSV.",
        "too_large_unpacked",
    )


def told_of_sheets(parts: dict[str, bytes]) -> tuple[Warned, ...]:
    """What a reader should know of an OpenDocument sheet that was read."""
    found = []
    if hidden := int(parts["hidden"]):
        rows = "1 row is" if hidden == 1 else f"{hidden:,} rows are"
        found.append(
            Warned("hidden_rows", f"{rows} hidden in the sheet, by a filter or by hand; all were read.")
        )
    if currencies := parts["currencies"].decode().split():
        found.append(
            Warned(
                "currency_formats",
                f"The format of some cells says the currency ({', '.join(currencies)}), which is not read from an "
                "OpenDocument sheet; add a column for it, or save the sheet as .xlsx.",
            )
        )
    return tuple(found)
