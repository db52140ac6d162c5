"""Headings held against a template's own: which of them is which column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from leadline.data.errors import ExportError
from leadline.data.exports.recognition.heading_zones import zone_in_heading
from leadline.data.templates import Column, Template, fold, templates

_RESPONSES = frozenset((
    "response time", "first response time", "reply time", "first reply time", "answer time", "lead response time",
    "time to first response", "time to first reply", "time to response", "speed to lead", "reaktionszeit",
    "antwortzeit", "erste antwortzeit", "temps de réponse", "délai de réponse", "tiempo de respuesta",
))  # fmt: skip
"""headings, folded, of response times that say no unit"""
_CODES = (
    "eur usd gbp chf sek nok dkk isk pln czk huf ron bgn try uah rub aud nzd cad mxn brl ars clp cop pen jpy cny inr "
    "krw twd hkd sgd thb idr myr php vnd ils aed sar egp zar ngn kes"
)
_CURRENCIES: Mapping[str, str | None] = {code: code.upper() for code in _CODES.split()} | {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "$": "$", "us$": "USD", "dollars": "$", "£": "GBP", "pounds": "GBP",
    "r$": "BRL", "reais": "BRL", "zł": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "tl": "TRY", "₺": "TRY",
    "₹": "INR", "rs": "INR", "₽": "RUB", "руб": "RUB", "рублей": "RUB", "рублях": "RUB", "грн": "UAH",
    "₴": "UAH", "лв": "BGN", "円": "JPY", "日元": "JPY", "元": "CNY", "人民币": "CNY",
    "rmb": "CNY", "원": "KRW", "₩": "KRW", "kr": None, "¥": None,
}  # fmt: skip
"""word or sign in a heading -> currency; None where it may be several"""
_MULTIPLES = (
    (
        "0.01",
        "hundredths",
        "cent cents ct centimes centimos céntimos centavos pence pfennig öre øre minor|minor|unit minor|units groszy "
        "groszach коп копейки копейках копеек",
    ),
    (
        "1e3",
        "thousands",
        "thousand thousands 000 000s '000 '000s 000's 1000s k tsd tausend milliers miles migliaia milhares mil t тыс "
        "тысяч тысячах tys tysiącach tis tisíc tisících tusen tusind duizend duizenden ezer bin mii хил 千 천",
    ),
    ("1e4", "ten thousands", "万 萬 만"),
    ("1e5", "lakhs", "lakh lakhs lac lacs"),
    (
        "1e6",
        "millions",
        "million millions m mn mm mio mln millionen millones milioni milhões miljoen miljoner millioner milyon "
        "milionach млн миллионов миллионах 百万 百萬 백만",
    ),
    ("1e7", "ten millions", "crore crores cr 千万 千萬 천만"),
    ("1e8", "hundred millions", "億 亿 억"),
    (
        "1e9",
        "thousands of millions",
        "billion billions bn b mrd milliarden milliards mld miliardi млрд bln 十億 十亿 십억",
    ),
)
_FACTORS = {
    word.replace("|", " "): (factor, told) for factor, told, words in _MULTIPLES for word in words.split()
}
_LETTERS = frozenset(("k", "t", "m", "mm", "mn", "000"))
"""multiples only in brackets, behind a comma or 'in', or beside a currency"""
_BESIDE_CURRENCY = frozenset(("b", "cr", "bin", "mii", "mil"))
"""multiples only beside a currency; 'mil' of reais alone, for it may be millions of others"""

LONGEST_UNIT = 40
"""letters"""


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_IN = r"(?:in|en|em|w|v|i|в)"
_TAX = (
    r"(?:[ ,/]*(?:ht|ttc|hors taxes?|nett?o?|brutt?o?|gross|(?:excl?|incl|inkl|exkl|zzgl)\.? ?(?:vat|mwst|ust|tax|btw|"
    r"moms)\.?|(?:без|с) ндс|税抜|税込))?"
)
_UNIT = re.compile(
    rf"(?P<in>{_IN} )?(?:(?P<before>{_one_of(_CURRENCIES)})\.?)?(?:[ ,/]*(?:in )?(?P<multiple>{_one_of(_FACTORS)})\.?)?"
    rf"(?:[ ,/]*(?:of |de |d'|di )?(?P<after>{_one_of(_CURRENCIES)})\.?)?{_TAX}"
)
_BRACKETED = re.compile(rf"(.+?) ?[(\[] ?([^()\[\]]+?) ?[)\]]{_TAX}")


@dataclass(frozen=True)
class Unit:
    """What a heading says of the numbers under it: 'amount (eur)', 'amount (cents)', 'revenue in k€'."""

    bare: str
    currency: str | None
    factor: str
    """as SQL writes it; '1' where they are what they say"""
    told: str
    """what they are counted in"""


def unit_of(heading: str) -> Unit | None:
    """The unit that a folded heading of amounts says; None where it says none."""
    for bare, text, is_set_off in _set_off(heading):
        said = _UNIT.fullmatch(text)
        if said is None or re.search(r"\b(?:per|pro|par|por)$", bare):
            continue
        sign, multiple = said["before"] or said["after"], said["multiple"]
        currency = _CURRENCIES[sign] if sign else None
        is_set_off = is_set_off or said["in"] is not None
        if multiple is None:
            is_said = is_set_off and currency is not None
        elif multiple in _BESIDE_CURRENCY:
            is_said = currency == "BRL" if multiple == "mil" else sign is not None
        else:
            is_said = is_set_off or sign is not None or multiple not in _LETTERS
        if is_said:
            factor, told = _FACTORS[multiple] if multiple else ("1", "")
            return Unit(bare, currency, factor, told)
    return None


def _set_off(heading: str) -> Iterator[tuple[str, str, bool]]:
    """(what is counted, what may be its unit, whether a bracket or comma stands between them)."""
    if (found := _BRACKETED.fullmatch(heading)) is not None:
        yield found[1], found[2], True
    for space in range(max(1, len(heading) - LONGEST_UNIT), len(heading)):
        bare = heading[:space].rstrip(" ,:/|")
        if heading[space] == " " and bare:
            yield bare, heading[space + 1 :], heading[space - 1] in ",:/|"
    yield "", heading, False


def required(template: Template) -> list[Column]:
    """Columns without which a row of the template can't be counted, its key included."""
    return [column for column in template.columns if column.required != "no"]


def named_template(template: str) -> Template:
    """The template of that name. Raises ExportError where there is none."""
    known = templates()
    if template not in known:
        close = difflib.get_close_matches(template, list(known), n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}."
        raise ExportError(f"There is no template {template!r}; {hint}", "unknown_template")
    return known[template]


def own_places(header: Sequence[str], template: Template) -> dict[str, int]:
    """Our columns found by name first, then by synonym; one heading feeds one column."""
    folded = [fold(heading) for heading in header]
    places = {c.name: folded.index(fold(c.name)) for c in template.columns if fold(c.name) in folded}
    for column in template.columns:
        if column.name not in places:
            named = (folded.index(other) for other in column.also if other in folded)
            _take_first_free(column, named, places)
    for column in template.columns:
        if column.type == "money" and column.name not in places:
            _take_first_free(column, _with_currency(folded, {fold(column.name), *column.also}), places)
        elif column.type == "time" and column.name not in places:
            _take_first_free(column, _with_zone(header, {fold(column.name), *column.also}), places)
    return places


def _take_first_free(column: Column, candidates: Iterable[int], places: dict[str, int]) -> None:
    for place in candidates:
        if place not in places.values():
            places[column.name] = place
            return


def _with_currency(folded: Sequence[str], names: Set[str]) -> Iterator[int]:
    """Places of headings that are one of the names with a currency: 'amount (eur)'."""
    for place, heading in enumerate(folded):
        said = unit_of(heading)
        if said and said.bare in names:
            yield place


def _with_zone(header: Sequence[str], names: Set[str]) -> Iterator[int]:
    """Places of headings that are one of the names with a zone: 'Created at (EST)'."""
    for place, heading in enumerate(header):
        said = zone_in_heading(heading)
        if said and said.bare in names:
            yield place


def currency_in_heading(header: Sequence[str], template: Template, places: Mapping[str, int]) -> str | None:
    """The one currency that the headings of amounts name, as 'Amount (EUR)' does; None where they name none."""
    found: set[str] = set()
    for column in template.columns:
        if column.type == "money" and column.name in places:
            said = unit_of(fold(header[places[column.name]]))
            found |= {said.currency} if said and said.currency else set()
    if len(found) != 1 or template.column("currency") is None:
        return None
    return found.pop()


def without_unit(header: Sequence[str], template: Template, places: Mapping[str, int]) -> str | None:
    """The heading of a response time that does not say whether it is a moment, or in which unit; None where none is."""
    if template.column("first_response_minutes") is None or any("first_response" in ours for ours in places):
        return None
    return next((heading for heading in header if fold(heading) in _RESPONSES), None)
