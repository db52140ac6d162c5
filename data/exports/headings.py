"""Headings held against the templates' own: which template they are of, and which of them is which column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

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


@dataclass(frozen=True)
class _Fit:
    """How well headings fit a template."""

    template: Template
    places: dict[str, int]
    has_key: bool
    """a column is called as its key is, and not just 'id'"""
    exact: int
    """headings that are a column's own name"""
    missing: int
    """needed columns that no heading names"""
    is_own_key: bool

    @property
    def is_whole(self) -> bool:
        return self.has_key and not self.missing

    @property
    def is_near(self) -> bool:
        return not self.is_whole and (self.has_key or len(self.places) >= 3)

    @property
    def wholeness(self) -> tuple[int, int]:
        return len(self.places), self.exact + self.is_own_key

    @property
    def nearness(self) -> int:
        return 2 * self.has_key + self.exact + len(self.places) - 2 * self.missing


def template_of_headings(header: Sequence[str], name: str) -> Template:
    """The template whose key and required columns the headings name, the one with most columns first.

    Raises AskError where it could be several, or none.
    """
    fits = [_fit(header, template) for template in templates().values()]
    if whole := [fit for fit in fits if fit.is_whole]:
        best = [fit for fit in whole if fit.wholeness == max(fit.wholeness for fit in whole)]
        if len(best) == 1:
            return best[0].template
        raise AskError([which_template(name, [fit.template for fit in best])])
    if near := [fit for fit in fits if fit.is_near]:
        best = [fit for fit in near if fit.nearness == max(fit.nearness for fit in near)]
        if (found := _nearest(best, name)) is not None:
            return found
    raise AskError([unknown_export(header, name)])


def _fit(header: Sequence[str], template: Template) -> _Fit:
    places = own_places(header, template)
    key = template.columns[0].name
    called = fold(header[places[key]]) if key in places else None
    return _Fit(
        template,
        places,
        has_key=called is not None and called not in GENERIC_KEYS - {fold(key)},
        exact=sum(fold(header[place]) == fold(ours) for ours, place in places.items()),
        missing=sum(column.name not in places for column in required(template)),
        is_own_key=called == fold(key),
    )


def _nearest(best: Sequence[_Fit], name: str) -> Template | None:
    """The one template that nearly fits, for what it lacks to be named next; None where several do.

    Raises AskError where nothing is missing but a key that is called more than 'id'.
    """
    first = best[0]
    sure = first.template.key[0] in first.places and len(first.places) >= SURE_WITH
    complete = not first.missing
    if len(best) == 1 and (sure or not complete):
        return first.template
    if complete:
        raise AskError([which_template(name, [fit.template for fit in best])])
    return None


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
        if named and named[1] in names:
            yield place


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
