"""What a workbook shows of a number beyond its value: zeros before an id, the currency of an amount.

Both stand in the format of a cell alone, and a person who looks at the sheet takes them for part of what it says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_FORMAT = re.compile(rb'<(?:\w+:)?numFmt\b[^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"')
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_STYLE_FORMAT = re.compile(rb'\snumFmtId="(\d+)"')
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*>")
_PLACE = re.compile(rb'\sr="([A-Za-z]{1,3})(\d+)"')
_CELL_STYLE = re.compile(rb'\ss="(\d+)"')
_PADDED = re.compile(r'(?:"([^"]*)")?(0{2,18})(?:"([^"]*)")?')
_MARKED = re.compile(r"\[\$([^\]-]+)(?:-([0-9A-Fa-f]+))?\]")
_CODE = re.compile(r"[A-Z]{3}")
_BY_SIGN: Mapping[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "US$": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "R$": "BRL",
    "₹": "INR",
    "₩": "KRW",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "$": "$",
}
_BY_COUNTRY: Mapping[str, str] = {
    "409": "USD",
    "1009": "CAD",
    "C0C": "CAD",
    "C09": "AUD",
    "1409": "NZD",
    "41D": "SEK",
    "414": "NOK",
    "406": "DKK",
    "411": "JPY",
    "804": "CNY",
    "80A": "MXN",
    "416": "BRL",
}
"""language of a format, as its number says -> the currency whose sign several countries have"""


@dataclass(frozen=True)
class Shown:
    """What a format adds to a number."""

    width: int = 0
    before: str = ""
    behind: str = ""
    currency: str = ""

    def text(self, number: str) -> str:
        """The number as a person sees it."""
        if self.currency:
            return f"{number} {self.currency}"
        return f"{self.before}{number.zfill(self.width)}{self.behind}" if number.isdigit() else number


@dataclass
class Formats:
    """Which cells of a sheet show more than their value."""

    shown: Mapping[int, Shown]
    """number of a style -> what it shows"""
    columns: dict[int, bytearray] = field(default_factory=dict)
    """place of a column -> for each of its rows, which of `codes` its cell has; 0 for none"""
    codes: list[int] = field(default_factory=list)
    used: Counter[Shown] = field(default_factory=Counter)
    example: dict[Shown, tuple[str, str]] = field(default_factory=dict)

    def of(self, row: int, column: int) -> Shown | None:
        marks = self.columns.get(column)
        if marks is None or row >= len(marks) or not marks[row]:
            return None
        return self.shown[self.codes[marks[row] - 1]]

    def apply(self, row: int, column: int, number: str) -> str:
        """The text of a cell that holds a number."""
        shown = self.of(row, column)
        if shown is None or not number:
            return number
        text = shown.text(number)
        if text != number:
            self.used[shown] += 1
            self.example.setdefault(shown, (number, text))
        return text


def formats_that_show(styles: bytes) -> dict[int, Shown]:
    """Styles of cells, by number, whose format adds zeros or a currency to a number."""
    named = {int(number): _shown(_text(code)) for number, code in _FORMAT.findall(styles)}
    found = {}
    block = _STYLES.search(styles)
    for place, style in enumerate(_STYLE.findall(block[0]) if block else ()):
        number = _STYLE_FORMAT.search(style)
        shown = named.get(int(number[1])) if number else None
        if shown is not None:
            found[place] = shown
    return found


def _text(code: bytes) -> str:
    text = code.decode("utf-8", "replace")
    for entity, sign in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


def _shown(code: str) -> Shown | None:
    first = code.split(";")[0].strip()
    if (padded := _PADDED.fullmatch(first)) is not None:
        return Shown(len(padded[2]), padded[1] or "", padded[3] or "")
    if not re.search(r"[0#]", first) or "%" in first:
        return None
    for sign, country in _MARKED.findall(first):
        if (code_of := _currency(sign.strip(), country.upper().lstrip("0"))) is not None:
            return Shown(currency=code_of)
    rest = _MARKED.sub("", first)
    for quoted in re.findall(r'"([^"]*)"', rest):
        if (code_of := _currency(quoted.strip(), "")) is not None:
            return Shown(currency=code_of)
    bare = re.search(r"[€£$₹₩]", re.sub(r'"[^"]*"', "", rest))
    return Shown(currency=_BY_SIGN[bare[0]]) if bare else None


def _currency(sign: str, country: str) -> str | None:
    if sign in ("$", "kr", "¥", "￥") and country in _BY_COUNTRY:
        return _BY_COUNTRY[country]
    if _CODE.fullmatch(sign):
        return sign
    return _BY_SIGN.get(sign)


def mark_cells(formats: Formats, tags: Iterable[bytes], place_of: Callable[[bytes], int]) -> None:
    """Remembers which cells of a sheet have a style that shows more. `tags`: its XML in pieces."""
    wanted = set(formats.shown)
    codes: dict[int, int] = {}
    for block in tags:
        for cell in _CELL.findall(block):
            style = _CELL_STYLE.search(cell)
            if style is None or int(style[1]) not in wanted:
                continue
            place = _PLACE.search(cell)
            if place is None:
                continue
            number = int(style[1])
            if number not in codes:
                if len(codes) == 255:
                    continue
                formats.codes.append(number)
                codes[number] = len(formats.codes)
            column, row = place_of(place[1]) - 1, int(place[2]) - 1
            marks = formats.columns.setdefault(column, bytearray())
            if row > 2_000_000:
                continue
            if row >= len(marks):
                marks.extend(bytes(row + 1 - len(marks)))
            marks[row] = codes[number]


def told(formats: Formats) -> Iterator[tuple[str, str]]:
    """(code, sentence) of what the formats added."""
    money = Counter[str]()
    for shown, cells in formats.used.items():
        if shown.currency:
            money[shown.currency] += cells
        else:
            number, text = formats.example[shown]
            yield (
                "padded_numbers",
                f"The format of {cells:,} cell{'s' if cells > 1 else ''} shows what their numbers alone don't say, as "
                f"{text} for {number}; they were read as shown.",
            )
    if money:
        parts = ", ".join(
            f"{code} in {cells:,} cell{'s' if cells > 1 else ''}" for code, cells in sorted(money.items())
        )
        yield "currency_formats", f"The format of the cells alone says the currency, and was read: {parts}."
