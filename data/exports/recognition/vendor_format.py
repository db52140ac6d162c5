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
drop: [{where: [Campaign name, Ad name], is: [''], reason: totals_row}]  # rows that are no facts, by all of these
own_after: Record ID - Contact     # of headings that stand twice, those of this block of columns count
languages: {de: {Deal-Name: Deal Name}}
takes: …                           # for the documentation
leaves: …
```
A heading may hold `{currency}`, as in 'Amount spent ({currency})': the code there becomes the currency of every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

from leadline.data.documents.faults import Faults, listing
from leadline.data.documents.read import read_shipped
from leadline.data.documents.values import Section, Value
from leadline.data.errors import ExportError
from leadline.data.exports.reasons import SKIPPED
from leadline.data.exports.recognition.recipes import Case, Recipe
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
    "own_after",
    "dates",
    "timezone",
    "percent",
    "languages",
    "takes",
    "leaves",
)
NEEDED = ("name", "template", "known", "headings", "columns", "takes", "leaves")
KNOWN = ("verified", "partly", "recollection")
RECIPES = ("first_filled", "joined", "is_list", "prefix", "cases", "otherwise", "made_of", "instead")
MADE_OF_TYPES = ("id", "text", "person", "choice")
"""types of columns that a recipe may make: their cells are looked at as they are, not as numbers or dates"""


@dataclass(frozen=True)
class Drop:
    """Rows that are no facts: those in which every one of these columns that the file has holds one of the words."""

    headings: tuple[str, ...]
    words: tuple[str, ...]
    reason: str


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
    drop: tuple[Drop, ...]
    own_after: str | None
    """heading, folded, of the identity with which the columns of its own begin, where another thing's follow"""
    writing: Mapping[str, str]
    languages: Mapping[str, Mapping[str, str]]
    """language -> their heading, folded -> the English one, folded"""
    takes: str
    leaves: str


@cache
def formats() -> tuple[Format, ...]:
    """Every declared format, by name. Raises ExportError with all faults of all files."""
    folder = files("leadline.data.exports.recognition").joinpath("vendor_formats")
    texts = {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
    return read_formats(texts)


def read_formats(texts: Mapping[str, str]) -> tuple[Format, ...]:
    """Formats from YAML texts by id. Raises ExportError (code 'bad_format') with all faults at once."""
    told: list[str] = []
    found: list[Format] = []
    for name, text in sorted(texts.items()):
        try:
            found.append(_format(name, text))
        except ExportError as e:
            told.append(str(e))
    names = [one.name for one in found]
    told.extend(f"{name!r} is declared twice" for name in sorted({n for n in names if names.count(n) > 1}))
    if told:
        raise ExportError(f"The formats can't be used: {'; '.join(told)}.", "bad_format")
    return tuple(sorted(found, key=lambda one: one.name))


def _faulty(faults: Faults) -> ExportError:
    """'x.yaml, line 3: …; x.yaml, line 5: …'"""
    where = ((f"{faults.file_name}, line {line}", text.removesuffix(".")) for line, text in faults.ordered())
    return ExportError("; ".join(f"{place}: {text}" for place, text in where), "bad_format")


def _format(name: str, text: str) -> Format:
    """One format. Raises ExportError with its faults."""
    root, faults = read_shipped(text, f"{name}.yaml", _faulty)
    section = root.section(ENTRIES) if root else None
    if section is None:
        faults.add(1, "it holds no entries")
        raise faults.error()
    for entry in NEEDED:
        if section.get(entry) is None:
            faults.add(section.line, f"{entry!r} is missing")
    if section.get("headings") and not _headings(section, "headings"):
        faults.add(
            section.line_of("headings"),
            "'headings' is empty, so that any file would be taken for one of these",
        )
    if (known := section.text("known")) not in KNOWN:
        faults.add(section.line_of("known"), f"'known' is {known!r}; write {listing(KNOWN)}")
    template = templates().get(section.text("template"))
    if template is None:
        faults.add(section.line_of("template"), f"there is no template {section.text('template')!r}")
        raise faults.error()
    columns = _columns(section, template)
    one = Format(
        id=name,
        name=section.text("name"),
        template=template.name,
        known=known,
        headings=_headings(section, "headings"),
        one_of=tuple(_folded(group) for group in section.items("one_of", "lists of headings")),
        none_of=_headings(section, "none_of"),
        columns=columns.read,
        recipes=columns.made,
        made_id=columns.identified,
        constants={ours: value.text() for ours, value in _pairs(section, "constants")},
        values=_values(section, template),
        attributes=tuple(heading.text() for heading in section.items("attributes", "a list of headings")),
        ask={ours: advice.text() for ours, advice in _pairs(section, "ask")},
        drop=tuple(_drop(section)),
        own_after=fold(section.text("own_after")) or None,
        writing={
            entry: section.text(entry) for entry in ("dates", "timezone", "percent") if section.get(entry)
        },
        languages={
            language: {fold(theirs): fold(english.text()) for theirs, english in _words(words)}
            for language, words in _pairs(section, "languages")
        },
        takes=section.text("takes"),
        leaves=section.text("leaves"),
    )
    _check_fed(one, section, template)
    _check_headings(one, section, template)
    faults.raise_if_any()
    return one


@dataclass(frozen=True)
class _Columns:
    """What feeds columns of ours."""

    read: dict[str, tuple[str, ...]]
    """the headings that one comes under"""
    made: dict[str, Recipe]
    identified: dict[str, tuple[str, ...]]
    """headings of which an identity is made"""


def _pairs(section: Section, key: str) -> Iterator[tuple[str, Value]]:
    value = section.get(key)
    return _words(value) if value is not None else iter(())


def _words(value: Value) -> Iterator[tuple[str, Value]]:
    section = value.section(())
    return iter(section.values.items() if section else ())


def _headings(section: Section, key: str) -> tuple[str, ...]:
    value = section.get(key)
    return _folded(value) if value is not None else ()


def _folded(value: Value) -> tuple[str, ...]:
    return tuple(fold(heading.text()) for heading in value.items("a list of headings"))


def _columns(section: Section, template: Template) -> _Columns:
    columns = _Columns({}, {}, {})
    for ours, how in _pairs(section, "columns"):
        if template.column(ours) is None:
            how.fault(f"{ours!r} is no column of {template.name}")
        elif how.is_list:
            columns.read[ours] = _folded(how)
        elif not how.is_group:
            how.fault(f"{ours!r} must be a list of headings or a recipe")
        else:
            _made(ours, how, template, columns)
    return columns


def _made(ours: str, how: Value, template: Template, columns: _Columns) -> None:
    """Adds a column that a recipe makes."""
    column, recipe = template.column(ours), how.section(RECIPES)
    if column is None or recipe is None:
        return
    if column.type not in MADE_OF_TYPES:
        how.fault(f"{ours!r} is a {column.type}, which no recipe can make")
    if "made_of" in recipe.values:
        parts = (part.text() for part in recipe.items("made_of", "a list of headings"))
        columns.identified[ours] = tuple(part if template.column(part) else fold(part) for part in parts)
        if "instead" in recipe.values:
            columns.read[ours] = _headings(recipe, "instead")
        return
    is_list, cases = recipe.get("is_list"), recipe.items("cases", "a list of cases")
    columns.made[ours] = Recipe(
        headings=_headings(recipe, "first_filled"),
        is_list=is_list.flag() if is_list else False,
        prefix=recipe.text("prefix"),
        cases=tuple(case for value in cases if (case := _case(value, "then"))),
        otherwise=recipe.text("otherwise") or None,
        joined=tuple(
            _folded(part) if part.is_list else (fold(part.text()),)
            for part in recipe.items("joined", "a list of headings")
        ),
    )
    made = columns.made[ours]
    if sum(map(bool, (made.headings, made.cases, made.joined))) != 1:
        how.fault(f"{ours!r} needs either 'first_filled', 'joined' or 'cases'")


def _case(value: Value, then: str) -> Case | None:
    said = value.section(("where", "is", then))
    if said is None:
        return None
    words = tuple(fold_word(word.scalar("a word") or "") for word in said.items("is", "a list of words"))
    return Case(fold(said.text("where")), words, said.text(then))


def _drop(section: Section) -> Iterator[Drop]:
    for value in section.items("drop", "a list of rows"):
        if (said := value.section(("where", "is", "reason"))) is None:
            continue
        where, reason = said.get("where"), said.text("reason")
        headings = _folded(where) if where is not None and where.is_list else (fold(said.text("where")),)
        words = tuple(fold_word(word.scalar("a word") or "") for word in said.items("is", "a list of words"))
        if reason not in SKIPPED:
            value.fault(f"'drop' has the reason {reason!r}")
        yield Drop(headings, words, reason)


def _values(section: Section, template: Template) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for ours, value in _pairs(section, "values"):
        column = template.column(ours)
        if column is None or column.type != "choice" or not value.is_group:
            value.fault(f"'values' names {ours!r}, which is no choice of {template.name}, or holds no words")
            continue
        words = dict(_words(value))
        for meaning, theirs in words.items():
            if column.words and meaning not in column.words.values():
                theirs.fault(f"{ours} knows no {meaning!r}")
        values[ours] = word_table(words)
    return values


def _check_fed(one: Format, section: Section, template: Template) -> None:
    """What the template needs must be fed or asked for, and nothing else be spoken of."""
    fed = {*one.columns, *one.recipes, *one.made_id, *one.constants, *one.ask}
    for column in template.columns:
        if column.name in template.needed(fed) and column.name not in fed:
            section.faults.add(
                section.line_of("columns"),
                f"nothing feeds {column.name}, which {template.name} needs; say under 'ask' what to do",
            )
    for ours, value in chain(_pairs(section, "constants"), _pairs(section, "ask")):
        if template.column(ours) is None:
            value.fault(f"{ours!r} is no column of {template.name}")


def _check_headings(one: Format, section: Section, template: Template) -> None:
    """Translations must lead to headings that the format knows, identities be made of such."""
    known = {
        *chain(one.headings, *one.one_of, *one.columns.values()),
        *chain.from_iterable(recipe.read for recipe in one.recipes.values()),
        *(fold(heading) for heading in one.attributes),
    }
    for ours, parts in one.made_id.items():
        for part in parts:
            if part not in known and template.column(part) is None:
                section.faults.add(
                    section.line_of("columns"),
                    f"{part!r} of {ours} is a heading that the format does not know",
                )
    for language, words in _pairs(section, "languages"):
        for theirs, english in _words(words):
            if fold(english.text()) not in known:
                english.fault(
                    f"{language}: {fold(theirs)!r} stands for {fold(english.text())!r}, "
                    "which the format does not know"
                )
        heard = one.languages[language].values()
        for heading in one.headings:
            if heading not in heard:
                words.fault(f"{language}: nothing stands for {heading!r}")
