"""Exports as they come at their worst, one fault a file; EXPECTED.csv says what each deserves.

Synthetic throughout. The four that are large are written when they are asked for; the others lie here.
"""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

HERE = Path(__file__).parent
_CHUNK = 1 << 20


def expected() -> list[dict[str, str]]:
    """The rows of EXPECTED.csv, one a file."""
    with (HERE / "EXPECTED.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def nasty_file(name: str, folder: Path) -> Path:
    """The file of that name; one that doesn't lie here is written into `folder`."""
    if name not in WRITTEN:
        return HERE / name
    file = folder / name
    WRITTEN[name](file)
    return file


def _two_thousand_columns(file: Path) -> None:
    headings = ",".join(("lead_id", "created_at", *(f"Custom Field {n}" for n in range(1998))))
    rows = (f"L{1000 + n},2026-01-0{5 + 2 * n} 0{n}:00{',' * 1998}" for n in range(3))
    file.write_text("\n".join((headings, *rows)) + "\n", encoding="utf-8")


def _a_cell_of_a_million_characters(file: Path) -> None:
    rows = (
        "L1000,2026-01-05 00:00,ok",
        f"L1001,2026-01-07 01:00,{'z' * 1_000_000}",
        "L1002,2026-01-09 02:00,ok",
    )
    file.write_text("\n".join(("lead_id,created_at,note", *rows)) + "\n", encoding="utf-8")


def _a_row_seven_million_times_packed(file: Path) -> None:
    row = b"L1,2026-01-05\n"
    with gzip.open(file, "wb", compresslevel=6) as sink:
        sink.write(b"lead_id,created_at\n")
        for _ in range(98):
            sink.write(row * (1_000_000 // len(row)))


def _a_workbook_of_200_megabytes_packed(file: Path) -> None:
    """The small parts are those of a workbook that Excel opens; its one sheet holds a row again and again."""
    row = b'<row><c t="inlineStr"><is><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></is></c></row>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with (
        zipfile.ZipFile(HERE / "xlsx_title_merged.xlsx") as whole,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in whole.namelist():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, whole.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
            for _ in range(200):
                sheet.write(row * (_CHUNK // len(row)))
            sheet.write(b"</sheetData></worksheet>")


WRITTEN: Mapping[str, Callable[[Path], None]] = {
    "cols_2000.csv": _two_thousand_columns,
    "million_char_cell.csv": _a_cell_of_a_million_characters,
    "gzip_bomb.csv.gz": _a_row_seven_million_times_packed,
    "xlsx_bomb.xlsx": _a_workbook_of_200_megabytes_packed,
}
