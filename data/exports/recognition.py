"""Which export is it, and which of its columns is which of ours: by headings, a mapping, or what was taught."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.errors import ExportError
from data.exports.mapping import Taught
from data.exports.reading import Layout
from data.exports.recipes import Recipe
from data.exports.segments import Attribute, choose_segments, is_ours, listed, quoted
from data.exports.templates import Column, Template, fold, kind_words, templates
from data.exports.vendors import Match, find_formats, missing_of
from data.reports import Question, Warned

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

NO_STAGE = "No column says how the deals ended, so none of them counts as won or lost."


class AskError(Exception):
    """A file that can't be landed before a person has answered."""

    def __init__(
        self, questions: Sequence[Question], template: str | None = None, source: str | None = None
    ) -> None:
        super().__init__("; ".join(question.message for question in questions))
        self.questions = tuple(questions)
        self.template = template
        self.source = source


@dataclass(frozen=True)
class Recognised:
    """What every column of a file means."""

    template: Template
    source: str
    places: dict[str, int]
    """our column -> place of the cell that feeds it"""
    constants: dict[str, str]
    words: dict[str, dict[str, str]]
    """our choice column -> folded word -> our word"""
    attributes: tuple[Attribute, ...]
    generate_id: bool
    warnings: tuple[Warned, ...]
    recipes: dict[str, Recipe] = field(default_factory=dict)
    """our column -> how it is made of several of theirs; its place is the first of them"""
    header: tuple[str, ...] = ()
    """the file's headings, by place"""
    folded: tuple[str, ...] = ()
    """the file's headings, folded, by place"""
    otherwise: dict[str, str | None] = field(default_factory=dict)
    """our column -> what a word that `words` does not know means"""
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """our column -> cells, folded, that mean 'not known' in this file"""
    match: Match | None = None
    """the known system's export that it is"""

    @property
    def kept_places(self) -> frozenset[int]:
        """Places of the cells that land in some form, and may be kept of a row that is set aside."""
        parts = {part for recipe in self.recipes.values() for part in recipe.read}
        return frozenset(
            (
                *self.places.values(),
                *(attribute.place for attribute in self.attributes),
                *(self.folded.index(part) for part in parts if part in self.folded),
            )
        )

    @property
    def read_places(self) -> frozenset[int]:
        """Those, and the places of cells that say what becomes of their row."""
        dropping = self.match.drop if self.match else ()
        return self.kept_places.union(self.folded.index(case.heading) for case in dropping)


def recognised_template(header: Sequence[str]) -> str | None:
    """Template of the known system's export with these headings; None where it is none, or could be several."""
    found = {match.format.template for match in _candidates(header)}
    return found.pop() if len(found) == 1 else None


def fingerprint(header: Sequence[str]) -> str:
    """The same for files with the same headings, whatever their order."""
    names = sorted(fold(heading) for heading in header if heading and not is_ours(heading))
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def recognise(
    layout: Layout, name: str, taught: Taught | None, template: str | None, workflow: str | None
) -> Recognised:
    """Decides what each column means. Raises ExportError (missing column …) or AskError."""
    header = layout.header
    match = _vendor(header, name, (taught.template if taught else None) or template)
    own_name = f"mapping {taught.name}" if taught else ""
    if match is not None:
        own_name = own_name if taught and taught.columns else match.format.name
        taught = taught.over(match.taught) if taught else match.taught
    if taught is not None and taught.template is not None:
        chosen = templates()[taught.template]
        places = _taught_places(header, name, taught, chosen, fill=match is None)
    else:
        chosen = _named(template) if template else _best(header, name)
        places = _own_places(header, chosen)
    constants = dict(taught.constants) if taught else {}
    if workflow:
        constants["workflow"] = workflow
    recipes = _recipes(header, name, taught, chosen, constants)
    folded = tuple(fold(heading) for heading in header)
    places |= {
        ours: folded.index(part) for ours, r in recipes.items() for part in r.read[:1] if part in folded
    }
    if match is None and "currency" not in {*places, *constants}:
        named = _currency_in_heading(header, chosen, places)
        constants |= {"currency": named} if named else {}
    generate_id = bool(taught and taught.generate_id and chosen.key[0] not in places)
    source = own_name or f"{chosen.name} template"
    for ours in constants:
        if ours != "workflow" or workflow:
            places.pop(ours, None)
            recipes.pop(ours, None)
    missing = _missing(chosen, {**places, **dict.fromkeys(recipes, -1)}, constants, generate_id)
    lacks_stage = missing == ["stage"] and {*range(len(header))} == set(places.values())
    if lacks_stage:
        missing = []  # no column is left that could be it; such deals count as neither won nor lost
    if missing and match is not None:
        # what is missing beside the identity comes first: the identity may be made of it
        raise _missing_in_export(name, match, chosen, max(missing, key=lambda ours: ours != chosen.key[0]))
    if missing and layout.repeated_headings:
        raise AskError([_which_of_repeated(layout, name, missing[0])], chosen.name, source)
    if missing:
        raise _missing_columns(header, name, chosen, missing)
    own = set(taught.columns) if taught else set[str]()
    attributes, warnings = choose_segments(header, name, set(places.values()), taught)
    if match is None:
        warnings = (*warnings, *_taken_of_repeated(layout, name, chosen, places, own, source))
    if lacks_stage:
        warnings = (*warnings, Warned("no_stage", NO_STAGE))
    if match is not None and match.made_id and chosen.key[0] in recipes:
        parts = quoted([header[folded.index(part)] for part in recipes[chosen.key[0]].read if part in folded])
        advice = missing_of(match, chosen.key[0]) or "add a column with the record's id"
        warnings = (
            *warnings,
            Warned(
                "no_id_column",
                f"This {match.format.name} export has no column that identifies a row, so rows are told apart by "
                f"{parts}; to be safe, {advice}.",
            ),
        )
    words = {
        column.name: {**column.words, **(taught.values.get(column.name, {}) if taught else {})}
        for column in chosen.columns
        if column.type == "choice"
    }
    for ours, said in (taught.values if taught else {}).items():
        words.setdefault(ours, dict(said))
    return Recognised(
        template=chosen,
        source=source,
        places=places,
        constants=constants,
        words=words,
        attributes=attributes,
        generate_id=generate_id,
        warnings=warnings,
        recipes=recipes,
        header=tuple(header),
        folded=folded,
        otherwise=dict(taught.otherwise) if taught else {},
        missing=dict(taught.missing) if taught else {},
        match=match,
    )


def _candidates(header: Sequence[str]) -> list[Match]:
    """Known systems' exports with these headings; none where the headings are a template's own."""
    folded = [fold(heading) for heading in header]
    for template in templates().values():
        if all(fold(column.name) in folded for column in _required(template)):
            return []
    return find_formats(header)


def _vendor(header: Sequence[str], name: str, template: str | None) -> Match | None:
    """The one known system's export that a file is; None for any other. Raises AskError where it could be several."""
    found = [match for match in _candidates(header) if template in (None, match.format.template)]
    if not found:
        return None
    best = [match for match in found if match.hits == found[0].hits]
    kinds = sorted({match.format.template for match in best})
    if len(kinds) > 1:
        raise AskError([_which_template(name, [templates()[kind] for kind in kinds])])
    return best[0]


def _recipes(
    header: Sequence[str], name: str, taught: Taught | None, template: Template, constants: dict[str, str]
) -> dict[str, Recipe]:
    """How columns of ours are made of several of theirs, identities included."""
    if taught is None:
        return {}
    recipes = dict(taught.recipes)
    if taught.made_of:
        recipes[template.key[0]] = Recipe(made_of=taught.made_of)
    folded = [fold(heading) for heading in header]
    for ours, recipe in list(recipes.items()):
        absent = [part for part in recipe.made_of if part not in folded and part not in constants]
        if absent and not taught.made_of:
            del recipes[ours]
        elif absent:
            raise ExportError(
                f"{name} has no column {quoted(absent)}, of which {taught.name} makes the identity of a row; its "
                f"columns are {listed(header)}.",
                "missing_column",
            )
    return recipes


def _missing_in_export(name: str, match: Match, template: Template, ours: str) -> Exception:
    """What a known system's export lacks, and what to do there about it."""
    advice = missing_of(match, ours) or f"add the column that holds it and export again ({ours})"
    if (
        ours != template.key[0] or template.columns[0].type == "time"
    ):  # no identity can be made of other columns
        return ExportError(
            f"{name} is a {match.format.name} export without anything for {ours}: {advice}.", "missing_column"
        )
    return AskError(
        [
            Question(
                "no_id_column",
                f"{name} is a {match.format.name} export without a column that identifies a row: {advice}. Or which "
                "columns together identify one?",
                "--mapping FILE that says 'generate_id: [Their column, Another]'",
            )
        ],
        template.name,
        match.format.name,
    )


def _named(template: str) -> Template:
    known = templates()
    if template not in known:
        close = difflib.get_close_matches(template, list(known), n=1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}."
        raise ExportError(f"There is no template {template!r}; {hint}", "unknown_template")
    return known[template]


def _best(header: Sequence[str], name: str) -> Template:
    """The template whose key and required columns the headings name, the one with most columns first."""
    fits: list[tuple[tuple[int, int], Template]] = []
    near: list[tuple[int, Template]] = []
    for template in templates().values():
        places = _own_places(header, template)
        key = template.columns[0]
        named_key = places.get(key.name)
        if named_key is not None and fold(header[named_key]) in GENERIC_KEYS - {fold(key.name)}:
            named_key = None
        missing = [column for column in _required(template) if column.name not in places]
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
        raise AskError([_which_template(name, best)])
    if near:
        best = [template for score, template in near if score == max(score for score, _ in near)]
        places = _own_places(header, best[0])
        if len(best) == 1 and best[0].key[0] in places and len(places) >= SURE_WITH:
            return best[0]
        if all(column.name in places for column in _required(best[0])):
            raise AskError([_which_template(name, best)])  # complete, but its key is called no more than 'id'
        if len(best) == 1:
            return best[0]  # its missing columns are named next
    raise AskError(
        [
            Question(
                "unknown_export",
                f"{name} is no export that is known; its columns are {listed(header)}. Which of them is which?",
                "--mapping FILE (their column: ours), or --template NAME if its columns are a template's",
            )
        ]
    )


def _which_template(name: str, possible: Sequence[Template]) -> Question:
    return Question(
        "which_template",
        f"{name} could be {' or '.join(kind_words(template.name) for template in possible)}: which is it?",
        " or ".join(f"--template {template.name}" for template in possible),
        choices=tuple(template.name for template in possible),
    )


def _own_places(header: Sequence[str], template: Template) -> dict[str, int]:
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


def _currency_in_heading(header: Sequence[str], template: Template, places: Mapping[str, int]) -> str | None:
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


def _taught_places(
    header: Sequence[str], name: str, taught: Taught, template: Template, fill: bool
) -> dict[str, int]:
    """`fill`: headings that are a template's own need no line in the mapping."""
    folded = [fold(heading) for heading in header]
    absent = [theirs for theirs in taught.columns if theirs not in folded]
    if absent:
        raise ExportError(
            f"{name} has no column {quoted(absent)}, which {taught.name} names; its columns are "
            f"{listed(header)}. Correct the mapping or export these columns.",
            "missing_column",
        )
    places = {ours: folded.index(theirs) for theirs, several in taught.columns.items() for ours in several}
    used = set(places.values())
    for ours, place in (_own_places(header, template) if fill else {}).items():
        if ours not in places and place not in used and ours not in taught.constants:
            places[ours] = place
    return places


def _required(template: Template) -> list[Column]:
    return [column for column in template.columns if column.required != "no"]


def _missing(
    template: Template, places: dict[str, int], constants: dict[str, str], generate_id: bool
) -> list[str]:
    """Our columns that a template can't do without and nothing feeds."""
    return [
        column.name
        for column in _required(template)
        if column.name not in places
        and column.name not in constants
        and not (generate_id and column.name == template.key[0])
    ]


def _which_of_repeated(layout: Layout, name: str, ours: str) -> Question:
    told_apart = [
        other
        for other in layout.header
        if any(other == heading or other.startswith(f"{heading} (") for heading in layout.repeated_headings)
    ]
    first = [other for other in told_apart if other.startswith(layout.repeated_headings[0])]
    return Question(
        "duplicate_header",
        f"{name} repeats the heading {quoted(layout.repeated_headings)} and has no column for {ours}: is it one of "
        f"{quoted(told_apart)}?",
        f"--mapping FILE that says which, such as '{first[-1]}: {ours}'",
    )


def _taken_of_repeated(
    layout: Layout, name: str, template: Template, places: dict[str, int], said: set[str], source: str
) -> tuple[Warned, ...]:
    """Warns of columns for which the first of several alike headings is taken; a needed one or a time is asked for.

    `said`: headings, folded, that a mapping names.
    """
    warnings = []
    for ours, place in places.items():
        heading = layout.header[place]
        alike = [
            other
            for other, first in zip(layout.header, layout.first_of_repeated, strict=True)
            if first == place
        ]
        if len(alike) < 2 or fold(heading) in said:
            continue
        column = template.column(ours)
        if column is not None and (column.required != "no" or column.type == "time"):
            raise AskError(
                [
                    Question(
                        "duplicate_header",
                        f"{name} has several columns that could be {ours}: which of {quoted(alike)} is it?",
                        f"--mapping FILE that says which, such as '{alike[-1]}: {ours}'",
                    )
                ],
                template.name,
                source,
            )
        warnings.append(
            Warned(
                "duplicate_header",
                f"Of {quoted(alike)} the first was taken for {ours}; a mapping can name another.",
            )
        )
    return tuple(warnings)


def _missing_columns(
    header: Sequence[str], name: str, template: Template, missing: Sequence[str]
) -> ExportError:
    headings = [heading for heading in header if heading]
    near = {
        ours: difflib.get_close_matches(fold(ours), [fold(h) for h in headings], n=1, cutoff=0.55)
        for ours in missing
    }
    hints = [f"{ours} may be {close[0]!r}" for ours, close in near.items() if close]
    example = next(
        (close[0] for close in near.values() if close), headings[0] if headings else "Their column"
    )
    return ExportError(
        f"{name} looks like {kind_words(template.name)} but has no column for {', '.join(missing)}; its columns are "
        f"{listed(headings)}{' (' + '; '.join(hints) + ')' if hints else ''}. Rename the heading, or say which "
        f"column it is in a file for --mapping, such as '{example}: {missing[0]}'.",
        "missing_column",
    )
