"""Headings held against a template's own: which of them is which column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from leadline.data.errors import ExportError
from leadline.data.templates import Column, Template, fold, templates

_WITH_CURRENCY = re.compile(
    r"(.+?) ?[(\[]("
    "eur|usd|gbp|chf|sek|nok|dkk|isk|pln|czk|huf|ron|bgn|try|uah|aud|nzd|cad|mxn|brl|ars|clp|cop|pen|jpy|cny|inr|krw|"
    "twd|hkd|sgd|thb|idr|myr|php|vnd|ils|aed|sar|egp|zar|ngn|kes"
    r"|[$€£])[)\]]"
)
"""a heading that names a currency: 'amount (eur)'"""


_RESPONSES = frozenset((
    "response time", "first response time", "reply time", "first reply time", "answer time", "lead response time",
    "time to first response", "time to first reply", "time to response", "speed to lead", "reaktionszeit",
    "antwortzeit", "erste antwortzeit", "temps de réponse", "délai de réponse", "tiempo de respuesta",
))  # fmt: skip
"""headings, folded, of response times that say no unit"""
_SCALES = (
    (
        r"(?:in )?(?:cents?|ct|centimes|c[eé]ntimos|centavos|pence|pfennig|öre|øre|minor units?|minor)",
        "0.01",
        "hundredths",
    ),
    (r"(?:in )?(?:thousands?|000s?|'000|k|tsd\.?|tausend|milliers|miles|t)", "1e3", "thousands"),
    (r"(?:in )?(?:millions?|m|mn|mm|mio\.?|mln\.?|millionen|millones)", "1e6", "millions"),
    (r"(?:in )?(?:billions?|bn|mrd\.?|milliarden|milliards)", "1e9", "thousands of millions"),
)
_CODES = _WITH_CURRENCY.pattern.split("[(\\[](", 1)[1].rsplit("|[$€£])", 1)[0]


def _pattern_of(words: str, may_stand_bare: bool) -> re.Pattern[str]:
    """'amount (cents)', 'revenue (k€)', 'amount (usd cents)'; cents may stand without brackets: 'amount_cents'."""
    code = rf"{_CODES}|[$€£]"
    bracketed = rf"(.+?) ?[(\[] ?(?:(?P<a>{code}) ?)?{words} ?(?P<b>{code})? ?[)\]]"
    return re.compile(bracketed + (rf"|(.+?),? {words}" if may_stand_bare else ""))


_SCALED = tuple((_pattern_of(words, factor == "0.01"), factor, told) for words, factor, told in _SCALES)


@dataclass(frozen=True)
class Scaled:
    """What a heading says of the numbers under it: 'amount (cents)', 'revenue (k€)'."""

    bare: str
    currency: str | None
    factor: str
    """as SQL writes it"""
    told: str
    """what they are counted in"""


def scaled(heading: str) -> Scaled | None:
    """What a folded heading says of a scale; None where it says none."""
    for pattern, factor, told in _SCALED:
        if (found := pattern.fullmatch(heading)) is not None:
            named = found["a"] or found["b"]
            bare = next(text for text in (found[1], *found.groups()[3:]) if text)
            return Scaled(
                bare, {"€": "EUR", "£": "GBP"}.get(named, named.upper()) if named else None, factor, told
            )
    return None


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
    return places


def _take_first_free(column: Column, candidates: Iterable[int], places: dict[str, int]) -> None:
    for place in candidates:
        if place not in places.values():
            places[column.name] = place
            return


def _with_currency(folded: Sequence[str], names: Set[str]) -> Iterator[int]:
    """Places of headings that are one of the names with a currency: 'amount (eur)'."""
    for place, heading in enumerate(folded):
        named = _WITH_CURRENCY.fullmatch(heading)
        said = scaled(heading)
        if (named and named[1] in names) or (said and said.bare in names):
            yield place


def currency_in_heading(header: Sequence[str], template: Template, places: Mapping[str, int]) -> str | None:
    """The one currency that the headings of amounts name, as 'Amount (EUR)' does; None where they name none."""
    found: set[str] = set()
    for column in template.columns:
        if column.type == "money" and column.name in places:
            heading = fold(header[places[column.name]])
            named = _WITH_CURRENCY.fullmatch(heading)
            found |= {named[2]} if named else set()
            found |= {said.currency} if (said := scaled(heading)) and said.currency else set()
    if len(found) != 1 or template.column("currency") is None:
        return None
    code = found.pop()
    return {"€": "EUR", "£": "GBP"}.get(code, code.upper())


def without_unit(header: Sequence[str], template: Template, places: Mapping[str, int]) -> str | None:
    """The heading of a response time that does not say whether it is a moment, or in which unit; None where none is."""
    if template.column("first_response_minutes") is None or any("first_response" in ours for ours in places):
        return None
    return next((heading for heading in header if fold(heading) in _RESPONSES), None)
