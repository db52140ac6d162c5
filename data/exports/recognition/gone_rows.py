"""What an export says of rows that are no more: deleted at the source, or become one with another row.

By headings that every system's export, template and mapping may have; what they say is a fact like any other, so it
lands as a version of the row, and may be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template, fold, kind_words

DELETED = tuple(
    fold(heading)
    for heading in (
        "deleted", "is deleted", "isdeleted", "deleted?", "hs is deleted", "deleted at", "deleted on", "deleted date",
        "deleted time", "date deleted", "deletion date", "is removed", "removed at", "trashed", "is trashed",
        "in trash", "in recycle bin", "recycle bin", "recycled", "void", "is void", "voided", "test record",
        "is test", "is test record", "testdatensatz", "is duplicate",
        "gelöscht", "gelöscht am", "ist gelöscht", "supprimé", "supprimé le", "eliminado", "eliminado el", "borrado",
        "eliminato", "excluído", "excluido", "verwijderd", "löschkennzeichen", "gelöscht?", "löschvermerk",
        "deletion flag", "delete flag", "deletion indicator", "supprimée", "est supprimé", "corbeille", "papierkorb",
        "papelera", "cestino", "lixeira", "eliminada", "borrada", "eliminata", "excluída", "apagado", "usunięty",
        "usunięta", "usunięto", "usunięte", "skasowany", "удалено", "удален", "удалён", "удалена", "удалённый",
        "видалено", "видалений", "slettet", "raderad", "borttagen", "poistettu", "smazáno", "smazaný", "smazán",
        "vymazané", "törölt", "törölve", "șters", "sters", "silindi", "silinmiş", "διαγράφηκε", "διαγραμμένο",
        "izbrisano", "obrisano", "изтрит", "изтрито", "kustutatud", "dzēsts", "ištrinta", "已删除",
        "已刪除", "是否删除", "削除", "削除済み", "削除フラグ", "삭제", "삭제됨", "삭제 여부", "dihapus", "đã xóa",
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
    "deleted", "trashed", "in trash", "purged", "removed", "erased", "voided", "spam",
    "gelöscht", "supprimé", "supprimée", "eliminado", "eliminada",
    "borrado", "eliminato", "excluído", "excluido", "verwijderd", "usunięty", "usunięta", "usunięto",
    "удалено", "удален", "удалён", "удалена", "видалено", "slettet", "raderad", "borttagen", "poistettu",
    "smazáno", "smazaný", "törölt", "törölve", "șters", "silindi", "silinmiş", "διαγράφηκε", "izbrisano",
    "obrisano", "изтрит", "已删除", "已刪除", "削除", "削除済み", "삭제", "삭제됨",
)  # fmt: skip
"""words of a stage or a status, and of a flag"""
YES_WORDS = (
    "tak", "да", "так", "ναι", "evet", "igen", "ano", "áno", "da", "kyllä", "taip", "jā", "jah", "是", "はい",
    "예", "네",
)  # fmt: skip
"""what a flag alone says beside the words of every column of yes and no"""
NO_WORDS = (
    "nie",
    "нет",
    "ні",
    "όχι",
    "hayır",
    "nem",
    "ne",
    "nu",
    "ei",
    "否",
    "いいえ",
    "아니요",
    "inactive",
    "inaktiv",
)
_STATUS = frozenset((
    "status", "state", "statut", "estado", "stato", "stan", "статус", "состояние", "durum", "stav", "tila", "állapot",
    "zustand", "κατάσταση", "状态", "ステータス", "상태", "statecode",
))  # fmt: skip
_OF_A_ROW = frozenset((
    "record", "row", "entry", "object", "item", "code", "datensatz", "current", "deletion", "crm", "system",
))  # fmt: skip
"""words that a heading of a row's own status may have beside it"""
ACTIVE = frozenset((
    "active", "is active", "isactive", "active?", "aktiv", "ist aktiv", "actif", "activo", "ativo", "attivo", "actief",
    "aktywny", "активен", "активный", "активна", "aktif",
))  # fmt: skip
"""headings of flags that are false of rows that were put away, for one reason or another"""
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
        "duplicate of",
        "duplicate of id",
    )
)
"""headings of the identity that the row's own has become"""


def places_of(folded: Sequence[str], template: Template) -> tuple[int, ...]:
    """Places of cells that say so."""
    headings = {*DELETED, *MERGED, *MASTER, *(ARCHIVED if template.name in ARCHIVING else ()), *ACTIVE}
    return tuple(
        place for place, heading in enumerate(folded) if heading in headings or _is_status(heading, template)
    )


def _is_status(heading: str, template: Template) -> bool:
    """Whether a folded heading is that of a row's own status: 'record status', 'lead status'; not 'e-mail status'."""
    words = set(heading.split())
    return bool(words & _STATUS) and words <= {*_STATUS, *_OF_A_ROW, template.one, *template.entities}


def inactive_rows(session: Session, header: Sequence[str], template: Template) -> list[Warned]:
    """Says of rows that are not active that they count all the same: lost deals are put away so, too."""
    found = []
    for place, heading in enumerate(header):
        if fold(heading) in ACTIVE:
            sql = compose("staging/inactive.sql", cell=quote(f"c{place}"))
            ((rows,),) = session.select(sql, {"no": list(NO_WORDS)})
            if rows:
                told = (
                    f"1 {template.one} says"
                    if rows == 1
                    else f"{rows:,} rows of {kind_words(template.name)} say"
                )
                it, they = ("it counts", "it is") if rows == 1 else ("they count", "they are")
                found.append(
                    Warned(
                        "inactive_rows",
                        f"{told} no under {heading!r}, and {it} like any other; if {they} deleted at the "
                        "source, export them with a column 'Deleted', or retire them with `leadline retire`.",
                    )
                )
    return found


def retire_deleted(
    session: Session,
    header: Sequence[str],
    template: Template,
    states: Mapping[int, Collection[str]],
    salt: str,
) -> list[Warned]:
    """Marks the typed rows that are deleted at their source, or have become another one; tells of those that name none.

    `states`: place of a choice -> words that it knows.
    """
    told = []
    flags = {*DELETED, *(ARCHIVED if template.name in ARCHIVING else ())}
    for place, heading in enumerate(map(fold, header)):
        if heading in flags:
            cell = quote(f"c{place}")
            said = f"cells.is_deleted({cell}) or list_contains($words, cells.word(cells.known({cell})))"
            retire_where(session, template, said, (*DELETED_WORDS, *YES_WORDS))
        elif heading in MASTER and _is_one_identity(template):
            told += _retire_merged(session, place, header[place], template, salt)
        elif place not in states and _is_status(heading, template):
            said = f"list_contains($words, cells.word(cells.known({quote(f'c{place}')})))"
            retire_where(session, template, said, DELETED_WORDS)
    for place, known in states.items():
        words = [word for word in DELETED_WORDS if word not in known]
        said = f"list_contains($words, cells.word(cells.known({quote(f'c{place}')})))"
        retire_where(session, template, said, words)
    return told


def _retire_merged(session: Session, place: int, heading: str, template: Template, salt: str) -> list[Warned]:
    """Marks the rows that have become another one that is known. One that names none counts: it would be in no row."""
    sql = compose(
        "staging/masters.sql",
        cell=quote(f"c{place}"),
        key=quote(template.key[0]),
        standing=quote(f"standing_{template.name}"),
    )
    session.execute(sql, {"salt": salt, "template": template.name})
    retire_where(session, template, "stage.rowid in (select record from masters where is_known)", ())
    ((rows, line, named),) = session.select(
        "select count(*), min(line), arg_min(new_id, line) from masters where not is_known "
        "and record not in (select record from typed_rows where is_retired)"
    )
    if not rows:
        return []
    one, several = template.one, kind_words(template.name)
    names, count, their = ("names", "it counts", "it") if rows == 1 else ("name", "they count", "them")
    shown = f"{named[:60]!r} on line {line}" if any(map(str.isdigit, named)) else f"on line {line}"
    return [
        Warned(
            "unknown_survivor",
            f"{f'1 {one}' if rows == 1 else f'{rows:,} {several}'} {names} under {heading!r} no {one} that is known "
            f"and stands by itself ({shown}), so {count}; an export that holds that {one}, too, merges {their}.",
        )
    ]


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


def note_merges(session: Session, folded: Sequence[str], template: Template, salt: str) -> list[Warned]:
    """Leaves in `merges_coming` which identities have become which, one row an identity that is no more.

    Those that are said to have become each other have become none, which is told.
    """
    found = []
    if _is_one_identity(template):
        for place, heading in enumerate(folded):
            if heading in MERGED:
                cell = quote(f"c{place}")
                found.append(compose("staging/merged.sql", cell=cell, key=quote(template.key[0])))
        if any(heading in MASTER for heading in folded):
            found.append(read_sql("staging/master.sql"))
    if not found:
        session.execute(read_sql("staging/no_merges.sql"))
        return []
    sql = compose("staging/merges_said.sql", found="\nunion all\n".join(found))
    session.execute(sql, {"salt": salt} if "$salt" in sql else None)
    session.execute(read_sql("staging/merges_coming.sql"))
    ((circle, line, old, new),) = session.select(
        "select count(*), min(line), arg_min(old_id, line), arg_min(new_id, line) from merges_said where is_circle"
    )
    if not circle:
        return []
    return [
        Warned(
            "unknown_survivor",
            f"{circle:,} {kind_words(template.name)} are said to have become each other ({old[:60]!r} and "
            f"{new[:60]!r} on line {line}), so nobody can tell which is left: all of them count. Merge them at the "
            "source and export again, or retire those that are no more with `leadline retire`.",
        )
    ]


def _is_one_identity(template: Template) -> bool:
    return len(template.key) == 1 and template.columns[0].type == "id"
