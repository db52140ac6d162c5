"""What is strange about rows that are kept, and how cells of theirs were read that are not as they are meant."""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.landing_report import Warned
from leadline.data.exports.reasons import KEPT
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.rows.typed_columns import WAIVED
from leadline.data.sql import compose, names, quote, read_sql
from leadline.data.templates import Template, kind_words


def oddities(session: Session, recognised: Recognised) -> list[Warned]:
    """By the checks of their template, by cells that don't count, and by how identities are written."""
    return [
        *_checked(session, recognised),
        *_waived(session, recognised),
        *_respelled(session, recognised),
        *_similar_ids(session, recognised.template),
    ]


def _checked(session: Session, recognised: Recognised) -> list[Warned]:
    file = f"checks/odd_{recognised.template.name}.sql"
    if file not in names("checks"):
        return []
    one, several = recognised.template.one, kind_words(recognised.template.name)
    return [
        Warned(
            code,
            KEPT[code].format(
                rows=f"1 {one} was" if count == 1 else f"{count:,} rows of {several} were", line=line
            ),
        )
        for code, count, line in session.select(read_sql(file))
    ]


def _waived(session: Session, recognised: Recognised) -> list[Warned]:
    """What could not be read in rows that are not judged by it: the rows are kept, and how many they are is told."""
    found = []
    ((waived,),) = session.select("select coalesce(bit_or(unread), 0) from typed_rows")
    for bit, column in enumerate(recognised.template.columns):
        place = recognised.places.get(column.name)
        if place is None or not int(waived) & 1 << bit << WAIVED:
            continue
        sql = compose("staging/waived.sql", cell=quote(f"c{place}"))
        ((rows, cells),) = session.select(sql, {"bit": 1 << bit << WAIVED})
        if not rows:
            continue
        told = " and ".join(f"'{one[:40]}'" for one in cells)
        several, it = kind_words(recognised.template.name), "it counts" if rows == 1 else "they count"
        if column.counts_for is None:
            words = f"{told} {'was' if len(cells) == 1 else 'were'} read as 'not known'"
        else:
            choice, counted = column.counts_for
            words = f"{it} all the same, because {column.name} matters only where {choice} is {' or '.join(counted)}"
        one = f"1 {recognised.template.one}" if rows == 1 else f"{rows:,} rows of {several}"
        found.append(
            Warned("filler_cells", f"{column.name} holds {told} in {one}, which can't be meant: {words}.")
        )
    return found


def _respelled(session: Session, recognised: Recognised) -> list[Warned]:
    """Identities that were written in another way than they are kept, so that all exports' are alike."""
    found = []
    for column in recognised.template.columns:
        if column.type != "id" or column.name in recognised.recipes or column.name not in recognised.places:
            continue
        cell = quote(f"c{recognised.places[column.name]}")
        # the engine takes long to prepare the question that says how, and seldom needs it
        if not session.select(compose("staging/may_be_respelled.sql", cell=cell)):
            continue
        ((cells, written, form, other, other_form),) = session.select(
            compose("staging/respelled.sql", cell=cell)
        )
        if cells:
            also = f", {other[:80]!r} as {other_form[:60]!r}" if other != written else ""
            found.append(
                Warned(
                    "respelled_ids",
                    f"{column.name} is written in a way of which one id has several, in {cells:,} "
                    f"cell{'s' if cells > 1 else ''}: {written[:80]!r} was read as {form[:60]!r}{also}.",
                )
            )
    return found


def _similar_ids(session: Session, template: Template) -> list[Warned]:
    """Salesforce's short ids differ by case alone, so such identities are two; but a person may have meant one."""
    key = quote(template.key[0])
    if len(template.key) > 1 or template.columns[0].type != "id":
        return []
    if not session.select(compose("staging/mixed_case.sql", key=key))[0][0]:
        return []
    return [
        Warned(
            "similar_ids",
            f"{'1 pair' if pairs == 1 else f'{pairs:,} pairs'} of {template.key[0]} differ in capital letters only, "
            f"such as {one!r} and {other!r}; they count as two.",
        )
        for pairs, one, other in session.select(compose("staging/similar_ids.sql", key=key))
    ]
