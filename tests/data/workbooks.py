"""Small Excel workbooks written by hand, so that tests decide every byte of them."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Error:
    """A cell that shows an error."""

    text: str = "#REF!"


Cell = str | int | float | bool | dt.date | Error | None


def write_workbook(
    file: Path,
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    hidden: Iterable[int] = (),
    hidden_sheets: Iterable[str] = (),
    from_1904: bool = False,
    parts: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Writes sheets of rows. `hidden`: numbers of rows that a filter hides; `parts` adds or replaces zip entries."""
    names = list(sheets)
    kinds = {name: ' state="hidden"' if name in set(hidden_sheets) else "" for name in names}
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        + ('<workbookPr date1904="1"/>' if from_1904 else "")
        + "<sheets>"
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{place}"{kinds[name]} r:id="rId{place}"/>'
            for place, name in enumerate(names, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{place}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{place}.xml"/>'
            for place in range(1, len(names) + 1)
        )
        + f'<Relationship Id="rId999" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    }
    for place, name in enumerate(names, start=1):
        entries[f"xl/worksheets/sheet{place}.xml"] = sheet_xml(sheets[name], frozenset(hidden), from_1904)
    entries.update(parts or {})
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file


def sheet_xml(rows: Iterable[Sequence[Cell]], hidden: frozenset[int], from_1904: bool) -> str:
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{_letters(place)}{number}", cell, from_1904) for place, cell in enumerate(row, start=1)
        )
        mark = ' hidden="1"' if number in hidden else ""
        written.append(f'<row r="{number}"{mark}>{cells}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(written)}</sheetData></worksheet>'


def _cell(where: str, cell: Cell, from_1904: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Error):
        return f'<c r="{where}" t="e"><v>{cell.text}</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{where}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    if isinstance(cell, dt.date):
        return f'<c r="{where}" s="{2 if isinstance(cell, dt.datetime) else 1}"><v>{serial(cell, from_1904)}</v></c>'
    return f'<c r="{where}"><v>{cell!r}</v></c>'


def serial(day: dt.date, from_1904: bool = False) -> float:
    """The number by which a spreadsheet knows a day."""
    zero = dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)
    moment = day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time())
    days = (moment - zero) / dt.timedelta(days=1)
    return int(days) if days == int(days) else days


def _letters(place: int) -> str:
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
