"""Exports of known systems: what each looks like and what of it is which of ours. One YAML file each, no Python.

```yaml
name: HubSpot deals
template: deals
known: partly                      # verified, partly or recollection: how sure the headings are
headings: [Deal Name, Deal Stage]  # all of them must be there
one_of: [[Record ID, Deal ID]]     # of each list one must be there
columns:                           # our column: the headings it comes under, or a recipe
  deal_id: [Record ID, Deal ID]
  lead_id: {first_filled: [Associated Contact IDs], is_list: true}
constants: {channel: email}
values: {stage: {won: [Closed won]}}
attributes: [Pipeline]             # kept as segments where they are there
ask: {created_at: add the property 'Create Date' to the view and export again}
drop: [{where: Campaign name, is: [''], reason: totals_row}]  # rows that are no facts
languages: {de: {Deal-Name: Deal Name}}
takes: …                           # for the documentation
leaves: …
```
A heading may hold `{currency}`, as in 'Amount spent ({currency})': the code there becomes the currency of every row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from leadline.data.errors import ExportError
from leadline.data.exports.mapping import Taught
from leadline.data.exports.reasons import SKIPPED
from leadline.data.exports.recipes import Case, Recipe
from leadline.data.shipped import read_shipped
from leadline.data.templates import Template, fold, fold_word, templates, word_table

ENTRIES = (
    "name",
    "template",
    "known",
    "headings",
    "one_of",
    "none_of",
    "columns",
    "constants",
    "values",
    "attributes",
    "ask",
    "drop",
    "dates",
    "timezone",
    "percent",
    "languages",
    "takes",
    "leaves",
)
NEEDED = ("name", "template", "known", "headings", "columns", "takes", "leaves")
KNOWN = ("verified", "partly", "recollection")
RECIPES = ("first_filled", "is_list", "prefix", "cases", "otherwise", "made_of", "instead")
MADE_OF_TYPES = ("id", "text", "person", "choice")
"""types of columns that a recipe may make: their cells are looked at as they are, not as numbers or dates"""
_CURRENCY = re.compile(r"\{currency\}")


@dataclass(frozen=True)
class Format:
    """One kind of export of one system. Headings are folded, and English."""

    id: str
    """name of its file without .yaml"""
    name: str
    template: str
    known: str
    headings: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    recipes: Mapping[str, Recipe]
    made_id: Mapping[str, tuple[str, ...]]
    """our key -> headings of which an identity is made where no column holds one"""
    constants: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    attributes: tuple[str, ...]
    """as they are written"""
    ask: Mapping[str, str]
    """our column -> what to do in the system where the export has nothing for it"""
    drop: tuple[Case, ...]
    """rows that are no facts; `then` is the reason for skipping them"""
    writing: Mapping[str, str]
    languages: Mapping[str, Mapping[str, str]]
    """language -> their heading, folded -> the English one, folded"""
    takes: str
    leaves: str


@dataclass(frozen=True)
class Match:
    """A format that fits the headings of a file."""

    format: Format
    language: str
    """'en', or the one its headings are translated from"""
    hits: int
    """how many of the headings it knows"""
    taught: Taught
    drop: tuple[Case, ...]
    """in the file's own headings, those that it has"""
    made_id: bool
    """True where identities are made of other columns, because none holds one"""


@cache
def formats() -> tuple[Format, ...]:
    """Every declared format, by name. Raises ExportError with all faults of all files."""
    folder = files("leadline.data.exports").joinpath("vendor_formats")
    texts = {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
    return read_formats(texts)


def read_formats(texts: Mapping[str, str]) -> tuple[Format, ...]:
    """Formats from YAML texts by id. Raises ExportError (code 'bad_format') with all faults at once."""
    faults: list[str] = []
    found = []
    for name, text in sorted(texts.items()):
        own: list[str] = []
        one = _read(name, text, own)
        faults.extend(f"{name}.yaml: {fault}" for fault in own)
        if one is not None and not own:
            found.append(one)
    names = [one.name for one in found]
    faults.extend(f"{name!r} is declared twice" for name in sorted({n for n in names if names.count(n) > 1}))
    if faults:
        raise ExportError(f"The formats can't be used: {'; '.join(faults)}.", "bad_format")
    return tuple(sorted(found, key=lambda one: one.name))


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
        english = [words.get(heading, heading) for heading in folded]
        if not _fits(one, english):
            continue
        match = _matched(one, language, folded, english)
        if best is None or match.hits > best.hits:
            best = match
    return best


def _fits(one: Format, english: Sequence[str]) -> bool:
    return (
        all(_find(heading, english) is not None for heading in one.headings)
        and all(any(_find(heading, english) is not None for heading in group) for group in one.one_of)
        and not any(_find(heading, english) is not None for heading in one.none_of)
    )


def _matched(one: Format, language: str, folded: Sequence[str], english: Sequence[str]) -> Match:
    """What the format says about this file, in the file's own headings."""
    theirs = dict(zip(reversed(english), reversed(folded), strict=True))
    columns: dict[str, list[str]] = {}
    constants = dict(one.constants)
    for ours, names in one.columns.items():
        for name in names:
            if (place := _find(name, english)) is not None:
                columns.setdefault(folded[place], []).append(ours)
                if (code := _currency_in(name, english[place])) is not None:
                    constants["currency"] = code
                break
    recipes = {
        ours: _in_their_words(present, theirs)
        for ours, recipe in one.recipes.items()
        if (present := recipe.present(english)) is not None
    }
    fed = {ours for several in columns.values() for ours in several} | set(recipes)
    theirs_of = {ours: heading for heading, several in columns.items() for ours in several}
    made = {
        ours: Recipe(made_of=tuple(theirs.get(part) or theirs_of.get(part, part) for part in parts))
        for ours, parts in one.made_id.items()
        if ours not in fed and all(part in english or _is_ours(one, part) for part in parts)
    }
    drop = tuple(
        Case(theirs[case.heading], case.words, case.then) for case in one.drop if case.heading in theirs
    )
    attributes = tuple(theirs[fold(name)] for name in one.attributes if fold(name) in theirs)
    known = {*columns, *attributes, *(heading for r in recipes.values() for heading in r.read)}
    wanted = {fold(name) for name in (*one.headings, *(n for group in one.one_of for n in group))}
    taught = Taught(
        template=one.template,
        columns={heading: tuple(several) for heading, several in columns.items()},
        constants=constants,
        values=one.values,
        attributes=attributes,
        writing=one.writing,
        name=one.name,
        recipes={**recipes, **made},
    )
    return Match(
        one, language, len(known) + sum(name in wanted for name in english), taught, drop, bool(made)
    )


def _is_ours(one: Format, part: str) -> bool:
    return templates()[one.template].column(part) is not None


def _in_their_words(recipe: Recipe, theirs: Mapping[str, str]) -> Recipe:
    return Recipe(
        headings=tuple(theirs[heading] for heading in recipe.headings),
        is_list=recipe.is_list,
        prefix=recipe.prefix,
        cases=tuple(Case(theirs[case.heading], case.words, case.then) for case in recipe.cases),
        otherwise=recipe.otherwise,
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


def _read(name: str, text: str, faults: list[str]) -> Format | None:
    try:
        said = read_shipped(text)
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        faults.append(f"not valid YAML{f' on line {mark.line + 1}' if mark else ''}")
        return None
    if not isinstance(said, dict):
        faults.append("it holds no entries")
        return None
    faults.extend(f"{entry!r} is no entry of a format" for entry in said if entry not in ENTRIES)
    faults.extend(f"{entry!r} is missing" for entry in NEEDED if not said.get(entry))
    if said.get("known") not in KNOWN:
        faults.append(f"'known' is {said.get('known')!r}; write one of {', '.join(KNOWN)}")
    template = templates().get(str(said.get("template")))
    if template is None:
        faults.append(f"there is no template {said.get('template')!r}")
        return None
    if any(
        not isinstance(said.get(entry) or {}, dict) for entry in ("columns", "values", "ask", "languages")
    ):
        faults.append("'columns', 'values', 'ask' and 'languages' must hold pairs")
        return None
    languages = {
        str(language): {fold(str(theirs)): fold(str(english)) for theirs, english in words.items()}
        for language, words in (said.get("languages") or {}).items()
    }
    columns, recipes, made = _columns(said.get("columns") or {}, template, faults)
    values = _values(said.get("values") or {}, template, faults)
    one = Format(
        id=name,
        name=str(said.get("name")),
        template=template.name,
        known=str(said.get("known")),
        headings=_headings(said.get("headings")),
        one_of=tuple(_headings(group) for group in said.get("one_of") or ()),
        none_of=_headings(said.get("none_of")),
        columns=columns,
        recipes=recipes,
        made_id=made,
        constants={str(ours): str(value) for ours, value in (said.get("constants") or {}).items()},
        values=values,
        attributes=tuple(str(heading) for heading in said.get("attributes") or ()),
        ask={str(ours): str(advice) for ours, advice in (said.get("ask") or {}).items()},
        drop=tuple(_case(case, "reason") for case in said.get("drop") or ()),
        writing={entry: str(said[entry]) for entry in ("dates", "timezone", "percent") if said.get(entry)},
        languages=languages,
        takes=str(said.get("takes")),
        leaves=str(said.get("leaves")),
    )
    _check(one, template, faults)
    return one


def _case(said: Mapping[str, Any], then: str) -> Case:
    words = tuple(fold_word(str(word)) for word in said.get("is", ()))
    return Case(fold(str(said.get("where"))), words, str(said.get(then)))


def _headings(said: Any) -> tuple[str, ...]:
    return tuple(fold(str(heading)) for heading in said or ())


def _columns(
    said: Mapping[str, Any], template: Template, faults: list[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Recipe], dict[str, tuple[str, ...]]]:
    columns: dict[str, tuple[str, ...]] = {}
    recipes: dict[str, Recipe] = {}
    made: dict[str, tuple[str, ...]] = {}
    for ours, how in said.items():
        column = template.column(str(ours))
        if column is None:
            faults.append(f"{ours!r} is no column of {template.name}")
            continue
        if isinstance(how, list):
            columns[ours] = _headings(how)
            continue
        if not isinstance(how, dict):
            faults.append(f"{ours!r} must be a list of headings or a recipe")
            continue
        faults.extend(
            f"{ours!r} has {entry!r}, which no recipe knows" for entry in how if entry not in RECIPES
        )
        if column.type not in MADE_OF_TYPES:
            faults.append(f"{ours!r} is a {column.type}, which no recipe can make")
        if "made_of" in how:
            made[ours] = tuple(part if template.column(part) else fold(str(part)) for part in how["made_of"])
            if "instead" in how:
                columns[ours] = _headings(how["instead"])
            continue
        recipes[ours] = Recipe(
            headings=_headings(how.get("first_filled")),
            is_list=bool(how.get("is_list")),
            prefix=str(how.get("prefix", "")),
            cases=tuple(_case(case, "then") for case in how.get("cases") or ()),
            otherwise=None if how.get("otherwise") is None else str(how["otherwise"]),
        )
        if bool(recipes[ours].headings) == bool(recipes[ours].cases):
            faults.append(f"{ours!r} needs either 'first_filled' or 'cases'")
    return columns, recipes, made


def _values(said: Mapping[str, Any], template: Template, faults: list[str]) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for ours, words in said.items():
        column = template.column(str(ours))
        if column is None or not isinstance(words, dict):
            faults.append(
                f"'values' names {ours!r}, which is no column of {template.name}, or holds no words"
            )
            continue
        allowed = set(column.words.values())
        faults.extend(
            f"{ours} knows no {meaning!r}" for meaning in words if column.words and meaning not in allowed
        )
        values[ours] = word_table(words)
    return values


def _check(one: Format, template: Template, faults: list[str]) -> None:
    """What is declared must hang together: needed columns are fed or asked for, translations lead to headings."""
    fed = {*one.columns, *one.recipes, *one.made_id, *one.constants}
    for column in template.columns:
        if column.required != "no" and column.name not in fed and column.name not in one.ask:
            faults.append(
                f"nothing feeds {column.name}, which {template.name} needs; say under 'ask' what to do"
            )
    for ours in (*one.constants, *one.ask):
        if template.column(ours) is None:
            faults.append(f"{ours!r} is no column of {template.name}")
    known = {
        *one.headings,
        *(heading for group in one.one_of for heading in group),
        *(heading for several in one.columns.values() for heading in several),
        *(heading for recipe in one.recipes.values() for heading in recipe.read),
        *(heading for parts in one.made_id.values() for heading in parts),
        *(fold(heading) for heading in one.attributes),
    }
    for language, words in one.languages.items():
        faults.extend(
            f"{language}: {theirs!r} stands for {english!r}, which the format does not know"
            for theirs, english in words.items()
            if english not in known
        )
        heard = set(words.values())
        silent = [heading for heading in one.headings if heading not in heard]
        faults.extend(f"{language}: nothing stands for {heading!r}" for heading in silent)
    faults.extend(f"'drop' has the reason {case.then!r}" for case in one.drop if case.then not in SKIPPED)
    faults.extend(
        f"{part!r} of {ours} is a heading that the format does not require"
        for ours, parts in one.made_id.items()
        for part in parts
        if part not in one.headings and template.column(part) is None and part not in known
    )
