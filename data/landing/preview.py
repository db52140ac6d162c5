"""What an import would do, row by row: cells replaced with their old and new value, rows that are no longer there.

Works on the tables that `data.exports.staging` and the comparison have left in the session; reads only.
"""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Changed, ColumnMatch, Question, Vanished, Warned
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.recognition.suggestions import Seen, suggest, suggested_mapping
from leadline.data.landing.fold import Spoken
from leadline.data.landing.retire_rows import own_day
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template, kind_words, templates

CHANGES_SHOWN = 50
VANISHED_SHOWN = 20
GONE_AT_MOST = 0.05
"""share of the rows known in its span that a file may lack and yet prove that it covers it; of a few rows, one"""
PROVEN_FROM = 8
"""rows known, fewer of which prove nothing"""
GONE_SHARE = 0.2
GONE_FROM = 3
"""share of the rows known, and how many they are, from which on it is asked before they are retired"""
MOST_GONE = 0.5
"""share from which on two of them are asked about, too"""


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
    moment = own_day(template)
    if moment is None or not session.select(
        "select 1 from landed.imports where header_fingerprint = $fingerprint limit 1",
        {"fingerprint": fingerprint},
    ):
        return None
    sql = compose(
        "landing/vanished.sql",
        moment=quote(moment),
        standing=quote(f"current_{template.name}"),
        key=", ".join(f"known.{quote(part)}::varchar" for part in template.key),
        same_key=" and ".join(
            f"typed_rows.{quote(part)} is not distinct from known.{quote(part)}" for part in template.key
        ),
    )
    ((known, missing, rows, first, last),) = session.select(
        sql, {"fingerprint": fingerprint, "most": VANISHED_SHOWN}
    )
    is_proven = known >= PROVEN_FROM and missing <= max(1, GONE_AT_MOST * known)
    if not missing or first is None or not (is_declared_complete or is_proven):
        return None
    return Vanished(int(missing), tuple(rows), int(known), first, last)


def vanished_sentence(gone: Vanished, template: Template, is_retired: bool = False) -> str:
    """What a reader should know of them."""
    rows = f"1 {template.one}" if gone.count == 1 else f"{gone.count:,} rows of {kind_words(template.name)}"
    more = " …" if gone.count > 3 else ""
    return (
        f"{rows} of {gone.first} to {gone.last} that earlier exports held {'is' if gone.count == 1 else 'are'} not in "
        f"this one ({', '.join(gone.rows[:3])}{more}); "
        + (
            "they are retired, and are facts again once a later export holds them or this import is undone."
            if is_retired
            else "nothing is deleted: correct the source or undo the import that brought them, or retire them with "
            "--complete --retire."
        )
    )


def is_much(gone: Vanished) -> bool:
    """Whether so many rows are gone that the export may be a part of what it is said to be."""
    is_share = gone.count >= GONE_FROM and gone.count > GONE_SHARE * gone.known
    return is_share or (gone.count > 1 and gone.count > MOST_GONE * gone.known)


def many_gone(gone: Vanished, template: Template) -> Question:
    """Asks before they are retired."""
    shown = listed_ids(list(gone.rows[:2]), gone.count)
    return Question(
        "many_gone",
        f"{gone.count:,} of the {gone.known:,} rows of {kind_words(template.name)} that are known of {gone.first} to "
        f"{gone.last} would be retired, for they are not in this export ({shown}). Does it hold "
        "all of them?",
        "--accept many_gone if it does; else leave --retire away",
    )


def changes_of_force(
    session: Session, template: Template, retiring: int, returning: int
) -> tuple[Warned, ...]:
    """What is told of rows that are deleted at their source, have become others, or are there again."""
    rows, one = kind_words(template.name), template.one
    found = []
    merged = session.select(read_sql("landing/merges_to_tell.sql"), {"template": template.name})
    gone = "deleted or merged" if merged else "deleted"
    key = ", ".join(f"typed_rows.{quote(name)}::varchar" for name in template.key)
    for code, count, outcome, told in (
        ("retired_rows", retiring, "retires", "known and {gone} at the source since: no {one} any more"),
        ("returned_rows", returning, "updated", "retired and in this export again: back among the facts"),
    ):
        if count:
            sql = compose("landing/force_examples.sql", key=key)
            ids = [row for (row,) in session.select(sql, {"outcome": outcome, "most": 2})]
            many = f"1 {one} was" if count == 1 else f"{count:,} {rows} were"
            found.append(
                Warned(code, f"{many} {told.format(one=one, gone=gone)} ({listed_ids(ids, count)}).")
            )
    if merged:
        shown = ", ".join(f"{old} is {new} now" for old, new in merged[:2])
        many = f"1 {one} has" if len(merged) == 1 else f"{len(merged):,} {rows} have"
        more = "" if len(merged) <= 2 else ", …"
        found.append(
            Warned(
                "merged_rows", f"{many} become another at the source, and links lead there ({shown}{more})."
            )
        )
    return tuple(found)


def listed_ids(ids: list[str], count: int) -> str:
    return ", ".join(ids) + ("" if count <= len(ids) else ", …")


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
