"""Which export is it, and which of its columns is which of ours: by headings, a mapping, or what was taught."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from leadline.data.errors import ExportError
from leadline.data.exports.headings import (
    currency_in_heading,
    likeliest_template,
    named_template,
    own_places,
    required,
)
from leadline.data.exports.landing_report import Question, Warned
from leadline.data.exports.mapping import Taught
from leadline.data.exports.questions import (
    AskError,
    missing_columns,
    missing_in_export,
    which_of_repeated,
    which_template,
)
from leadline.data.exports.recipes import Recipe
from leadline.data.exports.segments import Attribute, choose_segments, is_ours, listed, quoted
from leadline.data.exports.text_layout import Layout
from leadline.data.exports.vendors import Match, find_formats, missing_of
from leadline.data.templates import Template, fold, templates

NO_STAGE = "No column says how the deals ended, so none of them counts as won or lost."


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
        chosen = named_template(template) if template else likeliest_template(header, name)
        places = own_places(header, chosen)
    constants = dict(taught.constants) if taught else {}
    if workflow:
        constants["workflow"] = workflow
    recipes = _recipes(header, name, taught, chosen, constants)
    folded = tuple(fold(heading) for heading in header)
    places |= {
        ours: folded.index(part) for ours, r in recipes.items() for part in r.read[:1] if part in folded
    }
    if match is None and "currency" not in {*places, *constants}:
        named = currency_in_heading(header, chosen, places)
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
        raise missing_in_export(name, match, chosen, max(missing, key=lambda ours: ours != chosen.key[0]))
    if missing and layout.repeated_headings:
        raise AskError([which_of_repeated(layout, name, missing[0])], chosen.name, source)
    if missing:
        raise missing_columns(header, name, chosen, missing)
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
        if all(fold(column.name) in folded for column in required(template)):
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
        raise AskError([which_template(name, [templates()[kind] for kind in kinds])])
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
    for ours, place in (own_places(header, template) if fill else {}).items():
        if ours not in places and place not in used and ours not in taught.constants:
            places[ours] = place
    return places


def _missing(
    template: Template, places: dict[str, int], constants: dict[str, str], generate_id: bool
) -> list[str]:
    """Our columns that a template can't do without and nothing feeds."""
    return [
        column.name
        for column in required(template)
        if column.name not in places
        and column.name not in constants
        and not (generate_id and column.name == template.key[0])
    ]


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
