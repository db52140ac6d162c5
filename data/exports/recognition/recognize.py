"""Which export is it, and which of its columns is which of ours: by headings, a mapping, or what was taught."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from leadline.data.errors import ExportError
from leadline.data.exports.files.text_layout import Layout
from leadline.data.exports.landing_report import AskError, Question, Warned
from leadline.data.exports.recognition.entities import is_of_another, named_entity
from leadline.data.exports.recognition.gone_rows import places_of
from leadline.data.exports.recognition.headings import (
    Unit,
    currency_in_heading,
    named_template,
    own_places,
    required,
    unit_of,
    without_unit,
)
from leadline.data.exports.recognition.mapping import Taught
from leadline.data.exports.recognition.questions import (
    missing_columns,
    missing_in_export,
    which_of_repeated,
    which_template,
    which_unit,
)
from leadline.data.exports.recognition.recipes import Recipe
from leadline.data.exports.recognition.recipients import recipient_places
from leadline.data.exports.recognition.segments import Attribute, choose_segments, is_ours, listed, quoted
from leadline.data.exports.recognition.unusable import find_unusable
from leadline.data.exports.recognition.vendors import Match, find_formats, missing_of
from leadline.data.exports.recognition.weighing import template_of_headings
from leadline.data.templates import Template, fold, templates

_OF_TIME = re.compile(r"date|time|day|when|created|\bat$|\bon$|datum|zeit|tag|fecha|jour|data")
"""what a heading of a moment says"""
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
    scales: Mapping[str, str] = field(default_factory=dict)
    """our column of amounts -> what its numbers are multiplied by, as its heading says"""
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
        return self.kept_places.union(
            (self.folded.index(name) for said in dropping for name in said.headings),
            places_of(self.folded, self.template),
            self.recipient_places,
        )

    @property
    def recipient_places(self) -> tuple[int, ...]:
        """Places of the cells that say to whom a message went."""
        return recipient_places(self.folded, self.template, self.places)


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
    if taught is None and template is None and (unusable := find_unusable(header)) is not None:
        raise AskError([unusable.question(name)])
    match = _vendor(header, name, (taught.template if taught else None) or template)
    said = _said(taught, match)
    fed = _fed(header, name, said, template, workflow, match)
    source = _source(taught, match, fed.template)
    if match is None and taught is None and (bare := without_unit(header, fed.template, fed.places)):
        raise AskError([which_unit(name, bare)], fed.template.name, source)
    lacks_stage = fed.missing == ["stage"] and {*range(len(header))} == set(fed.places.values())
    if (
        fed.missing and not lacks_stage
    ):  # else no column is left that could be it; such deals are neither won nor lost
        raise _refused(layout, name, match, fed, source)
    attributes, warnings = choose_segments(
        header, name, set(fed.places.values()), said if taught or match else None, fed.template.name
    )
    named = set(taught.columns) if taught else set()
    if match is None or match.format.own_after is None:
        warnings += _taken_of_repeated(layout, name, fed.template, fed.places, named, source)
    else:
        warnings += _taken_of_its_block(layout, match, fed.places)
    if lacks_stage:
        warnings += (Warned("no_stage", NO_STAGE),)
    warnings += tuple(_moments_unknown(fed))
    if match is not None and match.made_id and fed.template.key[0] in fed.recipes:
        warnings += (_made_identity(header, match, fed),)
    scales = _scales(header, fed)
    warnings += tuple(_told_scale(header, fed, ours, said_of) for ours, said_of in scales.items())
    return Recognised(
        template=fed.template,
        source=source,
        places=fed.places,
        constants=fed.constants,
        words=_words(said, fed.template),
        attributes=attributes,
        generate_id=fed.generate_id,
        warnings=warnings,
        recipes=fed.recipes,
        header=tuple(header),
        folded=tuple(fold(heading) for heading in header),
        otherwise=dict(said.otherwise),
        missing=dict(said.missing),
        scales={ours: said_of.factor for ours, said_of in scales.items()},
        match=match,
    )


def _scales(header: Sequence[str], fed: _Fed) -> dict[str, Unit]:
    """Our columns of amounts whose heading says that they are counted in cents, thousands or millions."""
    found = {}
    for column in fed.template.columns:
        place = fed.places.get(column.name)
        said = unit_of(fold(header[place])) if column.type == "money" and place is not None else None
        if said is not None and said.factor != "1":
            found[column.name] = said
    return found


def _told_scale(header: Sequence[str], fed: _Fed, ours: str, said: Unit) -> Warned:
    factor = f"{float(said.factor):,.10g}"
    return Warned(
        "scaled_heading",
        f"{header[fed.places[ours]]!r} counts in {said.told}, so {ours} is its numbers times {factor}.",
    )


@dataclass(frozen=True)
class _Fed:
    """What feeds a template's columns: a cell, cells together, or a constant."""

    template: Template
    places: dict[str, int]
    recipes: dict[str, Recipe]
    constants: dict[str, str]
    generate_id: bool

    @property
    def missing(self) -> list[str]:
        """Our columns that the template can't do without and nothing feeds."""
        given = {*self.places, *self.recipes, *self.constants}
        made = self.template.key[:1] if self.generate_id else ()
        return [name for name in self.template.needed(given) if name not in {*given, *made}]


def _said(taught: Taught | None, match: Match | None) -> Taught:
    """What a person says of the file over what its format says; empty where neither says anything."""
    if taught is None or match is None:
        return taught or (match.taught if match else Taught())
    return taught.over(match.taught)


def _source(taught: Taught | None, match: Match | None, template: Template) -> str:
    """What the file was recognised by, in words."""
    if match is not None and not (taught and taught.columns):
        return match.format.name
    return f"mapping {taught.name}" if taught else f"{template.name} template"


def _fed(
    header: Sequence[str],
    name: str,
    said: Taught,
    template: str | None,
    workflow: str | None,
    match: Match | None,
) -> _Fed:
    if said.template is not None:
        chosen = templates()[said.template]
        places = _taught_places(header, name, said, chosen, fill=match is None)
    else:
        chosen = named_template(template) if template else template_of_headings(header, name)
        places = own_places(header, chosen)
    constants = dict(said.constants) | ({"workflow": workflow} if workflow else {})
    recipes = _recipes(header, name, said, chosen, constants)
    folded = [fold(heading) for heading in header]
    for ours, recipe in recipes.items():
        if recipe.read[0] in folded:
            places[ours] = folded.index(recipe.read[0])
    if "event_at" not in {*places, *recipes, *constants}:
        places.pop("event", None)  # an event without its moment can't be folded; it is a word like any other
    if match is None and "currency" not in {*places, *constants}:
        named = currency_in_heading(header, chosen, places)
        constants |= {"currency": named} if named else {}
    generate_id = said.generate_id and chosen.key[0] not in places
    for ours in constants:
        if ours != "workflow" or workflow:
            places.pop(ours, None)
            recipes.pop(ours, None)
    return _Fed(chosen, places, recipes, constants, generate_id)


def _moments_unknown(fed: _Fed) -> Iterator[Warned]:
    """Warns where a file says how often something happened to a message, and not when."""
    for count, moment in (("opens", "opened_at"), ("clicks", "clicked_at")):
        if fed.template.name == "emails" and count in fed.places and moment not in fed.places:
            yield Warned(
                "moment_unknown",
                f"The file says how often a message had {count} and not when, so {moment} is when it was sent; "
                "an export with one row an event says it better.",
            )


def _refused(layout: Layout, name: str, match: Match | None, fed: _Fed, source: str) -> Exception:
    """What is told, or asked, of a file in which a needed column is missing."""
    if match is not None:
        # what is missing beside the identity comes first: the identity may be made of it
        first = max(fed.missing, key=lambda ours: ours != fed.template.key[0])
        return missing_in_export(name, match, fed.template, first)
    if any(_may_be(heading, fed.template, fed.missing[0]) for heading in layout.repeated_headings):
        return AskError([which_of_repeated(layout, name, fed.missing[0])], fed.template.name, source)
    return missing_columns(layout.header, name, fed.template, fed.missing)


def _may_be(heading: str, template: Template, ours: str) -> bool:
    """Whether a heading may be the column that is missing: no word is an identity, and nothing else a moment."""
    column = template.column(ours)
    if column is not None and column.type == "id":
        return named_entity(heading) is not None and not is_of_another(heading, template)
    if column is not None and column.type == "time":
        return named_entity(heading) is None and bool(_OF_TIME.search(fold(heading)))
    return named_entity(heading) is None


def _made_identity(header: Sequence[str], match: Match, fed: _Fed) -> Warned:
    """Warns that rows are told apart by columns that may be alike in two of them."""
    key = fed.template.key[0]
    of_heading = {fold(heading): heading for heading in reversed(header)}
    parts = quoted([of_heading[part] for part in fed.recipes[key].read if part in of_heading])
    advice = missing_of(match, key) or "add a column with the record's id"
    return Warned(
        "no_id_column",
        f"This {match.format.name} export has no column that identifies a row, so rows are told apart by "
        f"{parts}; to be safe, {advice}.",
    )


def _words(said: Taught, template: Template) -> dict[str, dict[str, str]]:
    """Our column -> what its words mean, the template's own first."""
    words = {column.name: dict(column.words) for column in template.columns if column.words}
    for ours, meanings in said.values.items():
        words[ours] = {**words.get(ours, {}), **meanings}
    return words


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
    header: Sequence[str], name: str, taught: Taught, template: Template, constants: dict[str, str]
) -> dict[str, Recipe]:
    """How columns of ours are made of several of theirs, identities included."""
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


def _taken_of_its_block(layout: Layout, match: Match, places: dict[str, int]) -> tuple[Warned, ...]:
    """Warns of headings that stand twice, of which that in the block of columns of what a row is was taken."""
    taken = [
        (ours, layout.header[place])
        for ours, place in places.items()
        if layout.first_of_repeated.count(layout.first_of_repeated[place]) > 1
    ]
    told = ", ".join(f"{ours} from {heading!r}" for ours, heading in taken)
    begins = next((heading for heading in layout.header if fold(heading) == match.format.own_after), "")
    if not taken:
        return ()
    return (
        Warned(
            "duplicate_header",
            f"Some headings stand twice; those behind {begins!r} were taken: {told}.",
        ),
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
