"""The .sql files of what is measured and recorded, and the one door through which they are read.

A question about the rows of all templates says `{every_event}`, `{every_past_moment}`, `{every_dated_row}` or
`{every_segmented_row}`, and what follows from the templates stands in that place.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from leadline.data.sql import filled
from leadline.data.templates import tables

_OF_ALL_TEMPLATES = {
    "every_event": tables.every_event,
    "every_dated_row": tables.every_dated_row,
    "every_past_moment": tables.every_past_moment,
    "every_segmented_row": tables.every_segmented_row,
}


@cache
def read_sql(name: str, among: frozenset[str] = frozenset()) -> str:
    """Text of `metrics/sql/<name>`, e.g. 'linkage/close_rate.sql'; values bound as `$name`. `among`: the templates that
    have rows, where that is known."""
    return of_templates(files(__package__).joinpath(*name.split("/")).read_text(encoding="utf-8"), among)


def of_templates(text: str, among: frozenset[str] = frozenset()) -> str:
    """A question of ours with what follows from the templates in its place."""
    return filled(
        text, **{name: of(among) for name, of in _OF_ALL_TEMPLATES.items() if f"{{{name}}}" in text}
    )
