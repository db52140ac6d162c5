"""Which known system's export a file is, by its headings, and what its format says about that file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from leadline.data.exports.recognition.mapping import Taught
from leadline.data.exports.recognition.recipes import Case, Recipe
from leadline.data.exports.recognition.vendor_format import Drop, Format, formats
from leadline.data.templates import fold, templates

_CURRENCY = re.compile(r"\{currency\}")
_REPEATED = re.compile(r" \(\d+\)$")
"""what tells a heading apart that stands more than once: 'create date (2)'"""


@dataclass(frozen=True)
class Match:
    """A format that fits the headings of a file."""

    format: Format
    language: str
    """'en', or the one its headings are translated from"""
    hits: int
    """how many of the headings it knows"""
    taught: Taught
    drop: tuple[Drop, ...]
    """in the file's own headings, those that it has"""
    made_id: bool
    """True where identities are made of other columns, because none holds one"""


def find_formats(header: Sequence[str]) -> list[Match]:
    """Formats that fit the headings, the one that knows most of them first."""
    matches = [match for one in formats() if (match := _match(one, header)) is not None]
    return sorted(matches, key=lambda match: (-match.hits, match.format.name))


def missing_of(match: Match, ours: str) -> str | None:
    """What to do in the system about a column of ours that the export has nothing for; None where nobody knows."""
    return match.format.ask.get(ours)


def _match(one: Format, header: Sequence[str]) -> Match | None:
    folded = [fold(heading) for heading in header]
    best: Match | None = None
    for language, words in (("en", {}), *one.languages.items()):
        english = _own_of_repeated(one, [words.get(heading, heading) for heading in folded])
        if not _fits(one, english):
            continue
        match = _matched(one, language, folded, english)
        if best is None or match.hits > best.hits:
            best = match
    return best


def _own_of_repeated(one: Format, english: list[str]) -> list[str]:
    """Headings of which the one that stands in the format's own block of columns has the plain name.

    A block begins with the identity of what its columns are of: 'Record ID - Contact', then 'Record ID - Company'.
    """
    if one.own_after is None or one.own_after not in english:
        return english
    begins = one.own_after.rsplit(" ", 1)[0] + " "
    block, own = "", []
    for heading in english:
        block = heading if heading.startswith(begins) else block
        own.append(block == one.own_after)
    plain = [_REPEATED.sub("", heading) for heading in english]
    taken: set[str] = set()
    found = list(english)
    for place, heading in enumerate(plain):
        if plain.count(heading) == 1:
            continue
        is_first_own = own[place] and heading not in taken
        found[place] = heading if is_first_own else f"{heading} (of another)"
        taken |= {heading} if is_first_own else set()
    return found


def _fits(one: Format, english: Sequence[str]) -> bool:
    return (
        all(_find(heading, english) is not None for heading in one.headings)
        and all(any(_find(heading, english) is not None for heading in group) for group in one.one_of)
        and not any(_find(heading, english) is not None for heading in one.none_of)
    )


def _matched(one: Format, language: str, folded: Sequence[str], english: Sequence[str]) -> Match:
    """What the format says about this file, in the file's own headings."""
    theirs = dict(zip(reversed(english), reversed(folded), strict=True))
    columns, currency = _read_columns(one, folded, english)
    recipes = {
        ours: _in_their_words(present, theirs)
        for ours, recipe in one.recipes.items()
        if (present := recipe.present(english)) is not None
    }
    made = _made_identities(one, columns, set(recipes), theirs)
    drop = tuple(
        Drop(
            tuple(theirs[heading] for heading in said.headings if heading in theirs), said.words, said.reason
        )
        for said in one.drop
        if any(heading in theirs for heading in said.headings)
    )
    attributes = tuple(theirs[fold(name)] for name in one.attributes if fold(name) in theirs)
    known = {*columns, *attributes, *(heading for r in recipes.values() for heading in r.read)}
    wanted = {fold(name) for name in (*one.headings, *(n for group in one.one_of for n in group))}
    taught = Taught(
        template=one.template,
        columns=columns,
        constants={**one.constants, **currency},
        values=one.values,
        attributes=attributes,
        writing=one.writing,
        name=one.name,
        recipes={**recipes, **made},
    )
    hits = len(known) + sum(name in wanted for name in english)
    return Match(one, language, hits, taught, drop, bool(made))


def _read_columns(
    one: Format, folded: Sequence[str], english: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """(their heading -> the columns of ours that it feeds, the currency that a heading names)"""
    columns: dict[str, tuple[str, ...]] = {}
    currency: dict[str, str] = {}
    for ours, names in one.columns.items():
        found = next(((name, place) for name in names if (place := _find(name, english)) is not None), None)
        if found is None:
            continue
        name, place = found
        columns[folded[place]] = (*columns.get(folded[place], ()), ours)
        if (code := _currency_in(name, english[place])) is not None:
            currency["currency"] = code
    return columns, currency


def _made_identities(
    one: Format, columns: Mapping[str, Sequence[str]], recipes: set[str], theirs: Mapping[str, str]
) -> dict[str, Recipe]:
    """Identities that are made of other columns, where no column of the file holds one."""
    heading_of = {ours: heading for heading, several in columns.items() for ours in several}
    return {
        ours: Recipe(made_of=tuple(theirs.get(part) or heading_of.get(part, part) for part in parts))
        for ours, parts in one.made_id.items()
        if ours not in heading_of
        and ours not in recipes
        and all(part in theirs or _is_ours(one, part) for part in parts)
    }


def _is_ours(one: Format, part: str) -> bool:
    return templates()[one.template].column(part) is not None


def _in_their_words(recipe: Recipe, theirs: Mapping[str, str]) -> Recipe:
    return Recipe(
        headings=tuple(theirs[heading] for heading in recipe.headings),
        is_list=recipe.is_list,
        prefix=recipe.prefix,
        cases=tuple(Case(theirs[case.heading], case.words, case.then) for case in recipe.cases),
        otherwise=recipe.otherwise,
        joined=tuple((theirs[group[0]],) for group in recipe.joined),
    )


def _find(name: str, english: Sequence[str]) -> int | None:
    """Place of a heading of a format; one with '{currency}' in it fits any code there."""
    if "{currency}" not in name:
        return english.index(name) if name in english else None
    pattern = _pattern(name)
    return next((place for place, heading in enumerate(english) if pattern.fullmatch(heading)), None)


def _currency_in(name: str, heading: str) -> str | None:
    found = _pattern(name).fullmatch(heading) if "{currency}" in name else None
    return found[1].upper() if found else None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    before, after = _CURRENCY.split(name, maxsplit=1)
    return re.compile(f"{re.escape(before)}([a-z]{{3}}){re.escape(after)}")
