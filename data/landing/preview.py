"""What an import would do, row by row: cells replaced with their old and new value, rows that are no longer there.

Works on the tables that `data.exports.staging` and the comparison have left in the session; reads only.
"""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Changed, ColumnMatch, Vanished
from leadline.data.exports.recognition import Recognised
from leadline.data.exports.suggestions import Seen, suggest, suggested_mapping
from leadline.data.landing.fold import Spoken
from leadline.data.sql import compose, quote
from leadline.data.templates import Template, kind_words, templates

CHANGES_SHOWN = 50
VANISHED_SHOWN = 20
PROVEN_BY = 0.95
"""share of the rows known in its span from which on a file proves that it covers it"""
PROVEN_FROM = 20
"""rows known, fewer of which prove nothing"""


def changes(session: Session, template: Template, spoken: Spoken) -> tuple[Changed, ...]:
    """The first cells that would be replaced, by line."""
    found: list[Changed] = []
    spoken_of = [name for name in template.landed if name in spoken.columns]
    for name in (*spoken_of, *(["attributes"] if spoken.segments else [])):
        column = template.column(name)
        shown = "facts.local_time({})" if column is not None and column.type == "time" else "{}"
        sql = compose(
            "landing/changes.sql",
            key=", ".join(f"typed_rows.{quote(part)}::varchar" for part in template.key),
            before=shown.format(f"standing.{quote(name)}"),
            after=shown.format(f"typed_rows.{quote(name)}"),
            standing=quote(f"current_{template.name}"),
            column=quote(name),
        )
        found += [
            Changed(line, row, name, before, after)
            for line, row, before, after in session.select(sql, {"most": CHANGES_SHOWN})
        ]
    return tuple(sorted(found, key=lambda one: (one.line, one.column))[:CHANGES_SHOWN])


def vanished(
    session: Session, template: Template, fingerprint: str, is_declared_complete: bool
) -> Vanished | None:
    """Rows that earlier exports with these headings held in the span of this file and it does not hold.

    Told only where the export is said to be complete, or proves it by holding nearly all the others.
    """
    times = [column for column in template.columns if column.type == "time" and not column.helper]
    moment = next((column for column in times if column.required != "no"), times[0] if times else None)
    if moment is None or not session.select(
        "select 1 from landed.imports where header_fingerprint = $fingerprint limit 1",
        {"fingerprint": fingerprint},
    ):
        return None
    sql = compose(
        "landing/vanished.sql",
        moment=quote(moment.name),
        standing=quote(f"current_{template.name}"),
        key=", ".join(f"known.{quote(part)}::varchar" for part in template.key),
        same_key=" and ".join(
            f"typed_rows.{quote(part)} is not distinct from known.{quote(part)}" for part in template.key
        ),
    )
    ((known, missing, rows, first, last),) = session.select(
        sql, {"fingerprint": fingerprint, "most": VANISHED_SHOWN}
    )
    is_proven = known >= PROVEN_FROM and known - missing >= PROVEN_BY * known
    if not missing or first is None or not (is_declared_complete or is_proven):
        return None
    return Vanished(int(missing), tuple(rows), int(known), first, last)


def vanished_sentence(gone: Vanished, template: Template) -> str:
    """What a reader should know of them."""
    rows = f"1 {template.one}" if gone.count == 1 else f"{gone.count:,} rows of {kind_words(template.name)}"
    more = " …" if gone.count > 3 else ""
    return (
        f"{rows} of {gone.first} to {gone.last} that earlier exports held {'is' if gone.count == 1 else 'are'} not in "
        f"this one ({', '.join(gone.rows[:3])}{more}); nothing is deleted: correct the source or undo the import that "
        "brought them."
    )


def matched(
    seen: tuple[Seen, ...], recognised: Recognised | None, named: str | None = None
) -> tuple[ColumnMatch, ...]:
    """The file's columns beside what they are taken for; those of no known export, what they may be.

    `named`: the template that a person named for them.
    """
    if recognised is None:
        said = suggested_mapping(seen, named)
        template = templates()[said["template"]] if said else None
        found = {one.heading: one for one in suggest(seen, template)} if template else {}
        return tuple(
            ColumnMatch(
                one.heading,
                one.examples,
                suggested=found[one.heading].ours if one.heading in found else None,
                why=found[one.heading].why if one.heading in found else "",
                words=one.told,
            )
            for one in seen
        )
    fed: dict[str, list[str]] = {}
    for ours, recipe in recognised.recipes.items():
        for heading in recipe.read:
            fed.setdefault(heading, []).append(ours)
    by_place: dict[int, list[str]] = {}
    for ours, place in recognised.places.items():
        if ours not in recognised.recipes:
            by_place.setdefault(place, []).append(ours)
    segments = {attribute.heading for attribute in recognised.attributes}
    places = {heading: place for place, heading in enumerate(recognised.header)}
    return tuple(
        ColumnMatch(
            one.heading,
            one.examples,
            ours=(
                *by_place.get(places[one.heading], ()),
                *fed.get(recognised.folded[places[one.heading]], ()),
            ),
            is_segment=one.heading in segments,
            words=one.told,
        )
        for one in seen
    )
