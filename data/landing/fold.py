"""What is known of a row that several exports speak of, each with columns of its own.

A column that is not in a file says nothing: what was known of it stays. Versions are kept as they were said; where the
version in force does not say all that is known, a folded row beside it does. It follows from the versions alone, so
that it does not matter in which order they came or were taken back. Where all exports of a template speak of the same
columns there is nothing to fold, and nothing is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from leadline.data.database.session import Session
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import compose, literal, quote
from leadline.data.templates import Template, templates

SPEAK_TOGETHER = {("deals", "closed_at"): "stage"}
"""(template, column) -> the column without which it says nothing: a closing date counts by the stage"""


@dataclass(frozen=True)
class Spoken:
    """What the rows of an import speak of; all else that is known of them stays."""

    columns: tuple[str, ...]
    segments: tuple[str, ...]

    @property
    def told(self) -> dict[str, list[str]]:
        return {"columns": list(self.columns), "segments": list(self.segments)}


def spoken_of(session: Session, recognised: Recognised) -> Spoken:
    """The columns that something of the file feeds, and those of which its cells say something on the way."""
    template = recognised.template
    fed = {*recognised.places, *recognised.recipes, *recognised.constants, *template.key}
    for column in template.columns:
        if column.helper and column.name in fed:  # 'first_response_minutes' makes 'first_response_at'
            fed.add(f"{column.name.rsplit('_', 1)[0]}_at")
    unfed = [name for name in template.landed if name not in fed]
    if unfed:
        counts = ", ".join(f"count({quote(name)})" for name in unfed)
        (found,) = session.select(compose("landing/filled.sql", counts=counts))
        fed |= {name for name, count in zip(unfed, found, strict=True) if count}
    silent = {
        column
        for (name, column), needed in SPEAK_TOGETHER.items()
        if name == template.name and needed not in fed
    }
    return Spoken(
        tuple(sorted(fed.intersection(template.landed) - silent)),
        tuple(sorted(attribute.heading for attribute in recognised.attributes)),
    )


def of_same_width(session: Session, template: str, spoken: Spoken) -> tuple[list[int], bool]:
    """(imports in force whose versions rows that speak of this may confirm, whether those are all there are)."""
    found = session.select(
        "select import_id, columns is null, columns is null or (columns = $columns and segments = $segments) "
        "from landed.imports where template = $template and undone_at is null",
        {"template": template, **spoken.told},
    )
    same = [import_id for import_id, _, is_same in found if is_same]
    return same, len(same) == len(found) and not any(is_unknown for _, is_unknown, _ in found)


def is_uniform(session: Session, template: str) -> bool:
    """Whether all exports of a template speak of the same columns, so that each version says all that is known."""
    ((widths,),) = session.select(
        "select count(distinct coalesce(row(columns, segments)::varchar, 'all')) "
        "from landed.imports where template = $template and undone_at is null",
        {"template": template},
    )
    return widths <= 1 and not session.select(f"select 1 from landed.{quote(f'folded_{template}')} limit 1")  # noqa: S608


def note_spoken_keys(session: Session, template: str, import_id: int) -> None:
    """Leaves the keys of which an import says anything in `spoken_keys`."""
    key = [quote(name) for name in templates()[template].key]
    session.execute(
        compose(
            "landing/spoken_keys.sql",
            table=quote(template),
            key=", ".join(key),
            version_key=", ".join(f"version.{name}" for name in key),
        ),
        {"import_id": import_id, "template": template},
    )


def note_keys_to_fold(session: Session, template: str, spoken: Spoken, import_id: int) -> None:
    """Leaves in `spoken_keys` those of an import that has just been written that a fold may change.

    A row that is newer than all others and speaks of all that any export speaks of says all that is known itself.
    """
    known = templates()[template]
    sql = compose(
        "landing/keys_to_fold.sql",
        table=quote(template),
        folded=quote(f"folded_{template}"),
        key=", ".join(quote(name) for name in known.key),
        typed_key=", ".join(f"typed_rows.{quote(name)}" for name in known.key),
        folded_key=", ".join(f"folded.{quote(name)}" for name in known.key),
        may_lack="matches.outcome = 'stale'" if _covers(session, known, spoken) else "true",
        same_key=_same_key(known, "folded", "spoken"),
    )
    session.execute(sql, {"import_id": import_id})


def _covers(session: Session, template: Template, spoken: Spoken) -> bool:
    """Whether an import speaks of everything that any import in force speaks of."""
    ((columns, segments, unknown),) = session.select(
        "select flatten(coalesce(list(columns), [])), flatten(coalesce(list(segments), [])), "
        "count(*) filter (columns is null) from landed.imports where template = $template and undone_at is null",
        {"template": template.name},
    )
    others, headings = set(columns), set(segments)
    if unknown:
        both, names = {"template": template.name}, list(template.landed)
        counts = ", ".join(f"count(version.{quote(name)})" for name in names)
        (found,) = session.select(
            compose("landing/filled_columns.sql", table=quote(template.name), counts=counts), both
        )
        others |= {name for name, count in zip(names, found, strict=True) if count}
        headings |= {
            heading
            for (heading,) in session.select(
                compose("landing/filled_segments.sql", table=quote(template.name)), both
            )
        }
    return others <= set(spoken.columns) and headings <= set(spoken.segments)


def fold(session: Session, template: str) -> None:
    """Makes what is known of the keys in `spoken_keys` anew."""
    known = templates()[template]
    sql = compose(
        "landing/fold.sql",
        table=quote(template),
        folded=quote(f"folded_{template}"),
        standing=quote(f"standing_{template}"),
        key=", ".join(quote(name) for name in known.key),
        headings_key=", ".join(f"headings.{quote(name)}" for name in known.key),
        entry_columns=", ".join(f"entries.{quote(name)}" for name in known.landed),
        known_key=_same_key(known, "known", "spoken_keys"),
        version_key=_same_key(known, "version", "spoken_keys"),
        entry_of_heading=_same_key(known, "entry", "headings"),
        newest_of_standing=_same_key(known, "standing", "newest"),
        attributes_of_standing=_same_key(known, "standing", "attributes"),
        newest=",\n        ".join(
            f"arg_max_null({quote(name)}, _rank) filter (_columns is null or list_contains(_columns, {literal(name)})) "
            f"as {quote(name)}"
            for name in _others(known)
        ),
        replaced=",\n            ".join(f"newest.{quote(name)} as {quote(name)}" for name in _others(known)),
        differs="\n    or ".join(
            f"known.{quote(name)} is distinct from version.{quote(name)}" for name in _others(known)
        ),
    )
    for statement in filter(str.strip, sql.split(";")):
        session.execute(statement, {"template": template} if "$template" in statement else None)


def _others(template: Template) -> list[str]:
    return [name for name in template.landed if name not in template.key]


def _same_key(template: Template, one: str, other: str) -> str:
    first, *more = (quote(name) for name in template.key)
    same = [f"{one}.{first} = {other}.{first}"]
    return " and ".join([*same, *(f"{one}.{name} is not distinct from {other}.{name}" for name in more)])
