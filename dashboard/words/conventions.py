"""How numbers, money, dates and times are written: the house style of 'en', or what the Unicode CLDR says of a locale.

`leadline.toml` names the locale. Words stay English; digits stay 0 to 9. The locale that is written in is one of
the context in which a page, a card or a pack is made, so that every sentence of it agrees:

    with writing("de"):
        formats.number(1450)      # '1.450'

Outside, everything is written in the house style: what the command line prints stays the same everywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from leadline.data.workspace.locales import DEFAULT

if TYPE_CHECKING:
    from babel import Locale

ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
HOUSE_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_HOUSE_SCALES = {3: "k", 6: "m", 9: "bn"}
_FOUR_DIGITS_TOGETHER = frozenset({"bg", "es", "es-ES", "et", "lv", "pl", "pt-PT"})
"""CLDR's minimumGroupingDigits is 2 there ('1450', but '14.500'); Babel does not carry it"""
_QUOTED = re.compile(r"'([^']*)'")
_D3 = {
    "d": "%-d",
    "dd": "%d",
    "MMMM": "%B",
    "MMM": "%b",
    "LLLL": "%B",
    "LLL": "%b",
    "MM": "%m",
    "M": "%-m",
    "y": "%Y",
}


@dataclass(frozen=True)
class Affixes:
    """What stands before and after a number."""

    before: str = ""
    after: str = ""

    def around(self, text: str) -> str:
        return f"{self.before}{text}{self.after}"


@dataclass(frozen=True)
class Conventions:
    """One locale's way of writing. Dates are `DatePatterns`; a currency's sign has the place that `money` gives it."""

    tag: str
    decimal: str
    group: str
    first_group: int
    """digits in the group before the decimal mark"""
    other_groups: int
    least_grouped: int
    """digits before the decimal mark from which on they are grouped"""
    percent: Affixes
    money: Affixes
    """'¤' where the sign of the currency stands"""
    date_input: str
    """of Streamlit's date field: 'DD.MM.YYYY'"""

    def number(self, plain: str) -> str:
        """'-1450.5' as Python writes it, without groups -> '−1.450,5'."""
        sign, digits = ("−", plain[1:]) if plain.startswith("-") else ("", plain)
        whole, _, rest = digits.partition(".")
        if len(whole) >= self.least_grouped:
            parts, size = [], self.first_group
            while len(whole) > size:
                parts.append(whole[-size:])
                whole, size = whole[:-size], self.other_groups
            whole = self.group.join([whole, *reversed(parts)])
        return f"{sign}{whole}{self.decimal if rest else ''}{rest}"

    def symbol(self, currency: str) -> str:
        """'€'; the code itself where the locale knows no sign."""
        if self.tag == DEFAULT:
            return HOUSE_SYMBOLS.get(currency.upper(), currency)
        from babel.numbers import get_currency_symbol

        return (
            str(get_currency_symbol(currency.upper(), _babel(self.tag))) if currency.isalpha() else currency
        )

    def scale(self, power: int, digits: int) -> tuple[int, Affixes]:
        """How thousands (3), millions (6), milliards (9) with so many digits before the decimal mark are cut short.

        The power of ten to divide by, and what stands around the number; a power of 0 where none is usual.
        """
        if self.tag.partition("-")[0] == "en":
            return power, Affixes(self.money.before, f"{_HOUSE_SCALES[power]}{self.money.after}")
        pattern = (
            _babel(self.tag).compact_currency_formats["short"]["other"].get(str(10 ** (power + digits - 1)))
        )
        text = pattern.pattern.split(";")[0] if pattern else "0"
        zeros = re.search("0+", text)
        if zeros is None or "¤" not in text:
            return 0, self.money
        before, after = (_QUOTED.sub(r"\1", side) for side in (text[: zeros.start()], text[zeros.end() :]))
        return power + digits - len(zeros[0]), Affixes(before, after)

    def date(self, date: dt.date, skeleton: str) -> str:
        """`skeleton`: 'yMMMd' day, 'yMMMMd' long, 'MMMd' without year, 'yMMM' month."""
        return _date(self.tag, date, skeleton)

    def span(self, first: dt.date, last: dt.date) -> str:
        """'24–30 Jun 2024', '29 Jan – 4 Feb 2024', '30 Dec 2024 – 5 Jan 2025'."""
        return _span(self.tag, first, last)

    def clock(self, time: dt.time) -> str:
        """'09:50'."""
        if self.tag == DEFAULT:
            return f"{time:%H:%M}"
        from babel.dates import format_time

        return _one_space(format_time(time, "short", locale=_babel(self.tag)))

    def axis(self, skeleton: str) -> str:
        """The same skeletons as Plotly (d3) writes them on an axis: '%-d %b'."""
        pattern = _house_pattern(skeleton) if self.tag == DEFAULT else _pattern(_babel(self.tag), skeleton)
        quoted = re.split(r"'([^']*)'", pattern)
        for at in range(0, len(quoted), 2):
            quoted[at] = re.sub(r"([dMLy])\1*", lambda found: _D3.get(found[0], found[0]), quoted[at])
        return "".join(quoted)

    def plotly(self) -> dict[str, Any]:
        """Plotly's `config` for charts of this locale: its names of months, its marks in numbers."""
        if self.tag == DEFAULT:
            return {}
        months = {width: _babel(self.tag).months["format"][width] for width in ("wide", "abbreviated")}
        written = {
            "months": [months["wide"][place] for place in range(1, 13)],
            "shortMonths": [months["abbreviated"][place] for place in range(1, 13)],
            "decimal": self.decimal,
            "thousands": self.group,
            "grouping": [self.first_group],
        }
        return {"locale": self.tag, "locales": {self.tag: {"dictionary": {}, "format": written}}}


HOUSE = Conventions(DEFAULT, ".", ",", 3, 3, 4, Affixes("", " %"), Affixes("¤", ""), "YYYY-MM-DD")
_written: ContextVar[Conventions] = ContextVar("conventions", default=HOUSE)


def current() -> Conventions:
    """Those of the context."""
    return _written.get()


def write_in(tag: str) -> None:
    """From here on in this context: for the run of a page."""
    _written.set(conventions_of(tag))


@contextmanager
def writing(tag: str) -> Iterator[None]:
    """Inside, everything is written in that locale."""
    before = _written.set(conventions_of(tag))
    try:
        yield
    finally:
        _written.reset(before)


@lru_cache(maxsize=64)
def conventions_of(tag: str) -> Conventions:
    """Those of a locale as `data.workspace.locales.canonical` names it."""
    if tag == DEFAULT:
        return HOUSE
    locale = _babel(tag)
    symbols = locale.number_symbols["latn"]
    plain = locale.decimal_formats[None]
    percent = _around(locale.percent_formats[None].pattern)
    money = _around(locale.currency_formats["standard"].pattern)
    first, other = plain.grouping
    return Conventions(
        tag,
        symbols["decimal"],
        symbols["group"],
        first,
        other,
        first + (2 if tag in _FOUR_DIGITS_TOGETHER else 1),
        percent,
        money,
        _field_order(locale.date_formats["short"].pattern),
    )


@lru_cache(maxsize=64)
def _babel(tag: str) -> Locale:
    # loaded only where a locale is named: the house style needs none of it
    from babel import Locale

    return Locale.parse(tag, sep="-")


def _around(pattern: str) -> Affixes:
    """'#,##0 %' -> what stands before and after the digits of a positive number."""
    positive = pattern.split(";")[0]
    digits = re.search(r"[#0,.]+", positive)
    if digits is None:
        return Affixes()
    invisible = str.maketrans("", "", "\u200e\u200f\u061c'")
    return Affixes(
        positive[: digits.start()].translate(invisible), positive[digits.end() :].translate(invisible)
    )


def _field_order(short: str) -> str:
    """'dd.MM.yy' -> 'DD.MM.YYYY': the order and the mark of the locale, as far as Streamlit's date field has them."""
    order = "".join(dict.fromkeys(letter for letter in _QUOTED.sub("", short) if letter in "dMy"))
    mark = next((letter for letter in short if letter in "./-"), "-")
    fields = {"dMy": ("DD", "MM", "YYYY"), "Mdy": ("MM", "DD", "YYYY")}.get(order, ("YYYY", "MM", "DD"))
    return mark.join(fields)


def _pattern(locale: Locale, skeleton: str) -> str:
    found = locale.datetime_skeletons.get(skeleton)
    if found is None and skeleton == "yMMMMd":
        return str(locale.date_formats["long"].pattern)
    return str(found.pattern) if found is not None else _house_pattern(skeleton)


def _house_pattern(skeleton: str) -> str:
    return {"yMMMd": "d MMM y", "yMMMMd": "d MMMM y", "MMMd": "d MMM", "yMMM": "MMM y"}[skeleton]


@lru_cache(maxsize=8192)
def _date(tag: str, date: dt.date, skeleton: str) -> str:
    if tag == DEFAULT:
        name = ENGLISH_MONTHS[date.month - 1]
        short = name if "MMMM" in skeleton else name[:3]
        words = {"yMMM": f"{short} {date.year}", "MMMd": f"{date.day} {short}"}
        return words.get(skeleton, f"{date.day} {short} {date.year}")
    from babel.dates import format_date

    locale = _babel(tag)
    return _one_space(format_date(date, _pattern(locale, skeleton), locale=locale))


@lru_cache(maxsize=2048)
def _span(tag: str, first: dt.date, last: dt.date) -> str:
    if first == last:
        return _date(tag, first, "yMMMd")
    if tag != DEFAULT:
        from babel.dates import format_interval

        return _one_space(format_interval(first, last, "yMMMd", locale=_babel(tag)))
    if first.year != last.year:
        return f"{_date(tag, first, 'yMMMd')} – {_date(tag, last, 'yMMMd')}"
    if first.month != last.month:
        return f"{_date(tag, first, 'MMMd')} – {_date(tag, last, 'yMMMd')}"
    return f"{first.day}–{_date(tag, last, 'yMMMd')}"


def _one_space(text: str) -> str:
    """CLDR sets thin and narrow spaces around dashes; here they are ordinary, so that lines can break there."""
    return " ".join(re.split(r"[\u2009\u202f\u00a0 ]+", text))
