"""What an export says of rows that are no more: deleted at the source, or become one with another row.

By headings that every system's export, template and mapping may have; what they say is a fact like any other, so it
lands as a version of the row, and may be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from leadline.data.database.session import Session
from leadline.data.sql import compose, quote
from leadline.data.templates import Template, fold

DELETED = tuple(
    fold(heading)
    for heading in (
        "deleted", "is deleted", "isdeleted", "deleted?", "hs is deleted", "deleted at", "deleted on", "deleted date",
        "deleted time", "date deleted", "deletion date", "is removed", "removed at", "trashed", "is trashed",
        "in trash",
        "gelöscht", "gelöscht am", "ist gelöscht", "supprimé", "supprimé le", "eliminado", "eliminado el", "borrado",
        "eliminato", "excluído", "excluido", "verwijderd",
    )
)  # fmt: skip
"""headings of flags, or of the moment"""
ARCHIVED = tuple(
    fold(heading)
    for heading in (
        "archived", "is archived", "isarchived", "archived at", "archived on", "archiviert", "archiviert am", "archivé",
        "archivé le", "archivado", "archiviato", "arquivado", "gearchiveerd",
    )
)  # fmt: skip
"""the same of templates whose systems archive what others delete; an archived asset was published all the same"""
ARCHIVING = ("leads", "deals", "appointments")
DELETED_WORDS = (
    "deleted", "trashed", "gelöscht", "supprimé", "eliminado", "borrado", "eliminato", "excluído", "excluido",
    "verwijderd",
)  # fmt: skip
"""words of a stage or a status, and of a flag"""
MERGED = tuple(
    fold(heading)
    for heading in (
        "merged record ids", "merged record id", "merged contact ids", "merged deal ids", "merged object ids",
        "hs merged object ids", "merged ids", "merged lead ids", "zusammengeführte datensatz-ids",
    )
)  # fmt: skip
"""headings of the identities that have become the row's own"""
MASTER = tuple(
    fold(heading)
    for heading in (
        "master record id",
        "masterrecordid",
        "merged into",
        "merged into id",
        "merged to",
        "merge target id",
    )
)
"""headings of the identity that the row's own has become"""


def places_of(folded: Sequence[str], template: Template) -> tuple[int, ...]:
    """Places of cells that say so."""
    headings = {*DELETED, *MERGED, *MASTER, *(ARCHIVED if template.name in ARCHIVING else ())}
    return tuple(place for place, heading in enumerate(folded) if heading in headings)


def retire_deleted(
    session: Session, folded: Sequence[str], template: Template, states: Mapping[int, Collection[str]]
) -> None:
    """Marks the typed rows that are deleted at their source. `states`: place of a choice -> words that it knows."""
    flags = {*DELETED, *(ARCHIVED if template.name in ARCHIVING else ())}
    for place, heading in enumerate(folded):
        if heading in flags:
            cell = quote(f"c{place}")
            said = f"cells.is_deleted({cell}) or list_contains($words, cells.word(cells.known({cell})))"
            retire_where(session, template, said, DELETED_WORDS)
    for place, known in states.items():
        words = [word for word in DELETED_WORDS if word not in known]
        said = f"list_contains($words, cells.word(cells.known({quote(f'c{place}')})))"
        retire_where(session, template, said, words)


def retire_where(session: Session, template: Template, condition: str, words: Sequence[str]) -> None:
    """Marks the typed rows whose staged cells meet a condition over `$words`."""
    kept = {*template.key, template.changed_at}
    sql = compose(
        "staging/retire.sql",
        condition=condition,
        key=quote(template.key[0]),
        silenced=", ".join(f"{quote(name)} = null" for name in template.landed if name not in kept),
    )
    for statement in filter(str.strip, sql.split(";")):
        session.execute(statement, {"words": list(words)} if "$words" in statement else None)


def note_merges(session: Session, folded: Sequence[str], template: Template, salt: str) -> None:
    """Leaves in `merges_coming` which identities have become which, one row an identity that is no more."""
    found = []
    if len(template.key) == 1 and template.columns[0].type == "id":
        for place, heading in enumerate(folded):
            if heading in (*MERGED, *MASTER):
                file = "staging/merged.sql" if heading in MERGED else "staging/master.sql"
                found.append(compose(file, cell=quote(f"c{place}"), key=quote(template.key[0])))
    if not found:
        found = [
            "select null::varchar as old_id, null::varchar as new_id, null::bigint as line where $salt is null"
        ]
    session.execute(compose("staging/merges_coming.sql", found="\nunion all\n".join(found)), {"salt": salt})
