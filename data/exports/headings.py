"""Headings held against the templates' own: which template they are of, and which of them is which column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from leadline.data.errors import ExportError
from leadline.data.exports.questions import AskError, unknown_export, which_template
from leadline.data.templates import Column, Template, fold, templates

_WITH_CURRENCY = re.compile(
    r"(.+?) ?[(\[]("
    "eur|usd|gbp|chf|sek|nok|dkk|isk|pln|czk|huf|ron|bgn|try|uah|aud|nzd|cad|mxn|brl|ars|clp|cop|pen|jpy|cny|inr|krw|"
    "twd|hkd|sgd|thb|idr|myr|php|vnd|ils|aed|sar|egp|zar|ngn|kes"
    r"|[$€£])[)\]]"
)
"""a heading that names a currency: 'amount (eur)'"""
GENERIC_KEYS = frozenset(
    {"id", "record id", "item id", "unique id", "event id", "lead", "deal", "item", "brief"}
)
"""headings that name the key of any export; alone they recognise none"""
SURE_WITH = 5
"""columns of a template from which on its key may be called just 'id'"""


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


def likeliest_template(header: Sequence[str], name: str) -> Template:
    """The template whose key and required columns the headings name, the one with most columns first.

    Raises AskError where it could be several, or none.
    """
    fits: list[tuple[tuple[int, int], Template]] = []
    near: list[tuple[int, Template]] = []
    for template in templates().values():
        places = own_places(header, template)
        key = template.columns[0]
        named_key = places.get(key.name)
        if named_key is not None and fold(header[named_key]) in GENERIC_KEYS - {fold(key.name)}:
            named_key = None
        missing = [column for column in required(template) if column.name not in places]
        exact = sum(fold(header[place]) == fold(ours) for ours, place in places.items())
        if named_key is not None and not missing:
            is_own = fold(header[named_key]) == fold(key.name)
            fits.append(((len(places), exact + is_own), template))
        elif named_key is not None or len(places) >= 3:
            near.append((2 * (named_key is not None) + exact + len(places) - 2 * len(missing), template))
    if fits:
        best = [template for score, template in fits if score == max(score for score, _ in fits)]
        if len(best) == 1:
            return best[0]
        raise AskError([which_template(name, best)])
    if near:
        best = [template for score, template in near if score == max(score for score, _ in near)]
        places = own_places(header, best[0])
        if len(best) == 1 and best[0].key[0] in places and len(places) >= SURE_WITH:
            return best[0]
        if all(column.name in places for column in required(best[0])):
            raise AskError([which_template(name, best)])  # complete, but its key is called no more than 'id'
        if len(best) == 1:
            return best[0]  # its missing columns are named next
    raise AskError([unknown_export(header, name)])


def own_places(header: Sequence[str], template: Template) -> dict[str, int]:
    """Our columns found by name first, then by synonym; one heading feeds one column."""
    folded = [fold(heading) for heading in header]
    places: dict[str, int] = {}
    for column in template.columns:
        if fold(column.name) in folded:
            places[column.name] = folded.index(fold(column.name))
    for column in template.columns:
        if column.name in places:
            continue
        for other in column.also:
            if other in folded and folded.index(other) not in places.values():
                places[column.name] = folded.index(other)
                break
    for column in template.columns:
        if column.type == "money" and column.name not in places:
            names = {fold(column.name), *column.also}
            for place, heading in enumerate(folded):
                named = _WITH_CURRENCY.fullmatch(heading)
                if named and named[1] in names and place not in places.values():
                    places[column.name] = place
                    break
    return places


def currency_in_heading(header: Sequence[str], template: Template, places: Mapping[str, int]) -> str | None:
    """The one currency that the headings of amounts name, as 'Amount (EUR)' does; None where they name none."""
    found: set[str] = set()
    for column in template.columns:
        if column.type == "money" and column.name in places:
            named = _WITH_CURRENCY.fullmatch(fold(header[places[column.name]]))
            found |= {named[2]} if named else set()
    if len(found) != 1 or template.column("currency") is None:
        return None
    code = found.pop()
    return {"€": "EUR", "£": "GBP"}.get(code, code.upper())
