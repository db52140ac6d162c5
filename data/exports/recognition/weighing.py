"""Which template's rows a file holds: what its headings say for each of them, weighed over all of them.

A template is taken where its key and its needed columns are there *and* nothing speaks against it: an identity of
another thing, or more words of another template than it can explain. What speaks against it is asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from leadline.data.exports.landing_report import AskError
from leadline.data.exports.recognition.entities import foreign
from leadline.data.exports.recognition.headings import own_places
from leadline.data.exports.recognition.questions import unknown_export, which_template
from leadline.data.exports.recognition.segments import quoted
from leadline.data.templates import MODIFIED, Template, fold, kind_words, templates, with_article

GENERIC_KEYS = frozenset(
    {"id", "record id", "item id", "unique id", "event id", "lead", "deal", "item", "brief"}
)
"""headings that name the key of any export; alone they recognise none"""
SURE_WITH = 5
"""columns of a template from which on its key may be called just 'id', or 'date'"""
SURE_WHERE_ALL = 4
"""the same where a file has no others"""
MARK = 0.5
"""what a heading weighs that is no column of ours and yet is of one template's rows"""
CLEARLY = 1.5
"""by so much another template must weigh more before a whole one is doubted"""
WORDS_OF_ANOTHER = 2
"""headings of another template that a whole one must leave unexplained before it is doubted"""


INSTEAD = {
    "campaigns": " (for mailings, export the list of campaigns with their totals, one row a mailing; for messages, the "
    "events with the moment of each, which are folded by message)",
}
"""template -> what to export, where the rows of a file are by more than its key"""


@dataclass(frozen=True)
class Fit:
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
    explained: tuple[str, ...]
    """headings, folded, that are its columns or its marks"""
    weight: float
    """what they say for it: a heading that many templates have says little"""

    @property
    def is_whole(self) -> bool:
        return self.has_key and not self.missing

    @property
    def is_near(self) -> bool:
        if self.is_whole:
            return False
        # a key that is called otherwise than ours says too little alone: a ticket may be many things
        return len(self.places) >= (2 if self.has_key and not self.is_own_key else 1 if self.has_key else 3)

    @property
    def wholeness(self) -> tuple[int, int]:
        return len(self.places), self.exact + self.is_own_key

    @property
    def nearness(self) -> int:
        return 2 * self.has_key + self.exact + len(self.places) - 2 * self.missing


def template_of_headings(header: Sequence[str], name: str) -> Template:
    """The template that the headings speak for most clearly. Raises AskError where it could be several, or none."""
    fits = [_fit(header, template) for template in templates().values()]
    if whole := [fit for fit in fits if fit.is_whole]:
        whole = [fit for fit in whole if not _strange(fit, header)] or whole
        best = [fit for fit in whole if fit.wholeness == max(fit.wholeness for fit in whole)]
        if len(best) > 1:
            raise AskError([which_template(name, [fit.template for fit in best])])
        if (question := _doubt(best[0], fits, header, name)) is not None:
            raise question
        return best[0].template
    if near := [fit for fit in fits if fit.is_near]:
        best = [fit for fit in near if fit.nearness == max(fit.nearness for fit in near)]
        if (found := _nearest(best, header, name)) is not None:
            return found
    raise AskError([unknown_export(header, name)])


@cache
def _commonness() -> Counter[str]:
    """Heading, folded -> how many templates have a column of that name."""
    return Counter(
        heading
        for template in templates().values()
        for heading in {
            name
            for column in template.columns
            if column is not MODIFIED
            for name in (fold(column.name), *column.also)
        }
    )


def _fit(header: Sequence[str], template: Template) -> Fit:
    places = own_places(header, template)
    key = template.columns[0].name
    called = fold(header[places[key]]) if key in places else None
    is_general = called in GENERIC_KEYS - {fold(key)} or _is_any_day(template, called)
    columns = [fold(header[place]) for ours, place in places.items() if ours != MODIFIED.name]
    marks = [heading for heading in map(fold, header) if heading in template.marks and heading not in columns]
    return Fit(
        template,
        places,
        has_key=called is not None and not is_general,
        exact=sum(fold(header[place]) == fold(ours) for ours, place in places.items()),
        missing=sum(name not in places for name in template.needed(places)),
        is_own_key=called == fold(key),
        explained=(*columns, *marks),
        weight=sum(1 / max(_commonness()[heading], 1) for heading in columns) + MARK * len(marks),
    )


def _is_any_day(template: Template, called: str | None) -> bool:
    """Whether a key of days is called just 'date' or 'day', as a column of any rows may be."""
    return called is not None and template.columns[0].type == "time" and " " not in called


def _doubt(best: Fit, fits: Sequence[Fit], header: Sequence[str], name: str) -> AskError | None:
    """What is asked of a file that has all that a template needs, and yet seems to be no file of it."""
    one = best.template.one
    key = header[best.places[best.template.key[0]]]
    strange = _strange(best, header)
    rivals = [fit for fit in fits if fit is not best and _is_rival(fit, best, fold(key))]
    if strange:
        heading, entity = strange[0]
        why = (
            f"{key!r} names {with_article(one)} in each row and {heading!r} {with_article(entity)} besides, so there "
            f"seems to be a row for each {entity} of {with_article(one)}, and not one for each {one}"
        )
        why += INSTEAD.get(best.template.name, "")
        named = [fit for fit in fits if fit is not best and fold(heading) in fit.explained]
        rivals = sorted(named, key=lambda fit: (fit.missing, -fit.weight))[:1]
    elif rivals:
        rivals.sort(key=lambda fit: -fit.weight)
        words = [
            heading
            for heading in header
            if fold(heading) in rivals[0].explained and fold(heading) not in best.explained
        ]
        kind = kind_words(rivals[0].template.name)
        why = f"{key!r} names {with_article(one)} in each row, but {quoted(words)} are words of {kind}"
    else:
        return None
    possible = [*(fit.template for fit in rivals[:2]), best.template]
    return AskError([which_template(name, possible, why)])


def _strange(fit: Fit, header: Sequence[str]) -> list[tuple[str, str]]:
    """(heading, word for what a row would be by it) of identities that are not those of the template's rows."""
    return [
        (heading, entity)
        for heading in header
        if heading and (entity := foreign(heading, fit.template, fit.explained)) is not None
    ]


def _is_rival(other: Fit, best: Fit, key: str) -> bool:
    """Whether the headings say clearly more for another template, for which what seems the key is but a link."""
    if key not in other.explained:
        return False
    unexplained = set(other.explained) - set(best.explained)
    return len(unexplained) >= WORDS_OF_ANOTHER and other.weight - best.weight >= CLEARLY


def _nearest(best: Sequence[Fit], header: Sequence[str], name: str) -> Template | None:
    """The one template that nearly fits, for what it lacks to be named next; None where several do.

    Raises AskError where nothing is missing but a key that is called more than 'id'.
    """
    first = best[0]
    complete = not first.missing
    if len(best) == 1 and (_is_sure(first, header) or not complete):
        return first.template
    if complete:
        raise AskError([which_template(name, [fit.template for fit in best])])
    return None


def _is_sure(fit: Fit, header: Sequence[str]) -> bool:
    """Whether so many headings are a template's that its key may have a general name."""
    if fit.template.key[0] not in fit.places or _strange(fit, header):
        return False
    others = [fold(heading) for heading in header if heading and fold(heading) not in fit.explained]
    is_day = fit.template.columns[0].type == "time"
    if is_day and any(_commonness()[heading] for heading in others):
        return False  # a day heads rows of every kind, and these have columns of another
    return len(fit.places) >= (SURE_WITH if others else SURE_WHERE_ALL)
