"""A cell of ours that is made from cells of theirs, where no single column holds it as it is needed.

Four kinds: the first filled of several columns (perhaps only the first entry of a list, perhaps with a prefix that
keeps the numbers of two systems apart), several joined (an advertisement in one age group), a rule on several columns,
and an identity made of columns that never change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadline.data.sql import quote


@dataclass(frozen=True)
class Case:
    """Where the cell of `heading` is one of `words`, the result is `then`."""

    heading: str
    """folded"""
    words: tuple[str, ...]
    then: str


@dataclass(frozen=True)
class Recipe:
    """Headings are folded. One of `headings`, `joined`, `cases` and `made_of` says where the cell comes from."""

    headings: tuple[str, ...] = ()
    """the first that is filled counts, row by row"""
    is_list: bool = False
    """cells hold identities joined by ';' or ',', of which the first counts"""
    prefix: str = ""
    cases: tuple[Case, ...] = ()
    """the first that holds counts; where none does, `otherwise`"""
    otherwise: str | None = None
    made_of: tuple[str, ...] = ()
    """an identity of these together; each is a heading, or a column of ours that is a constant"""
    joined: tuple[tuple[str, ...], ...] = ()
    """the filled ones of these, with ' · ' between them; of each group the first that the file has"""

    @property
    def read(self) -> tuple[str, ...]:
        """Headings it is made from."""
        groups = (heading for group in self.joined for heading in group)
        return (*self.headings, *groups, *(case.heading for case in self.cases), *self.made_of)

    def present(self, folded: Sequence[str]) -> Recipe | None:
        """The same over the headings that a file has; None where it can't be made from those."""
        headings = tuple(heading for heading in self.headings if heading in folded)
        cases = tuple(case for case in self.cases if case.heading in folded)
        here = (next((heading for heading in group if heading in folded), None) for group in self.joined)
        joined = tuple((heading,) for heading in here if heading is not None)
        if self.made_of or not (headings or cases or joined):
            return None if not self.made_of else self
        return Recipe(headings, self.is_list, self.prefix, cases, self.otherwise, joined=joined)


def recipe_sql(
    ours: str,
    recipe: Recipe,
    places: Mapping[str, int],
    constants: Mapping[str, str],
    values: dict[str, object],
) -> str:
    """SQL of the text that a recipe makes. `places`: folded heading -> place of its cell. Binds into `values`."""
    if recipe.cases:
        branches = []
        for number, case in enumerate(recipe.cases):
            words, then = f"case_{ours}_{number}", f"then_{ours}_{number}"
            values[words], values[then] = list(case.words), case.then
            cell = _cell(places, case.heading)
            branches.append(f"when list_contains(${words}, cells.word({cell})) then ${then}")
        values[f"otherwise_{ours}"] = recipe.otherwise
        return f"case {' '.join(branches)} else $otherwise_{ours}::varchar end"
    if recipe.made_of:
        parts = []
        for number, part in enumerate(recipe.made_of):
            if part in places:
                parts.append(f"cells.word({_cell(places, part)})")
            else:
                values[f"part_{ours}_{number}"] = constants[part]
                parts.append(f"$part_{ours}_{number}")
        filled = " and ".join(f"{part} is not null" for part in parts)
        return f"case when {filled} then substr(sha256(concat_ws(chr(31), $salt, {', '.join(parts)})), 1, 20) end"
    if recipe.joined:
        cells = ", ".join(_cell(places, group[0]) for group in recipe.joined)
        return f"nullif(concat_ws(' · ', {cells}), '')"
    text = f"coalesce({', '.join(_cell(places, heading) for heading in recipe.headings)})"
    if recipe.is_list:
        text = f"list_transform([split_part(replace({text}, ',', ';'), ';', 1)], lambda first: cells.known(first))[1]"
    if recipe.prefix:
        values[f"prefix_{ours}"] = recipe.prefix
        text = f"($prefix_{ours} || {text})"
    return text


def _cell(places: Mapping[str, int], heading: str) -> str:
    return f"cells.known({quote(f'c{places[heading]}')})"
