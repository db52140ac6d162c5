"""Rows that are no more: gone from a full export, or become one with another row. Within a landing's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from leadline.data.counts import store
from leadline.data.database.session import Session
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template


def own_day(template: Template) -> str | None:
    """The column by which a full export has a span of days; None where its rows have no time."""
    times = [column for column in template.columns if column.type == "time" and not column.helper]
    found = next((column for column in times if column.required != "no"), times[0] if times else None)
    return found.name if found else None


def has_other_changes(session: Session) -> bool:
    """Whether rows that come, or those that they replace, are no more, or anything has become another row."""
    return bool(
        session.select(
            "select 1 from landed.aliases union all select 1 from merges_coming "
            "union all (select 1 from matches where is_retired or was_retired limit 1) "
            "union all (select 1 from typed_rows where is_retired limit 1) limit 1"
        )
    )


def note_vanishing(session: Session, template: Template, fingerprint: str, known_at: dt.datetime) -> None:
    """Leaves in `vanishing` the rows in force that a full export no longer holds."""
    sql = compose(
        "landing/vanishing.sql",
        moment=quote(own_day(template) or template.key[0]),
        known=quote(f"current_{template.name}"),
        key=", ".join(f"known.{quote(name)}" for name in template.key),
        same_key=" and ".join(
            f"typed_rows.{quote(name)} is not distinct from known.{quote(name)}" for name in template.key
        ),
    )
    session.execute(sql, {"template": template.name, "fingerprint": fingerprint, "known_at": known_at})


def retire_vanishing(session: Session, template: Template, import_id: int, known_at: dt.datetime) -> None:
    """Writes versions that say of those rows that they are no more."""
    key = ", ".join(quote(name) for name in template.key)
    values = {"template": template.name, "import_id": import_id, "known_at": known_at}
    run(session, compose("landing/retire_vanishing.sql", table=quote(template.name), key=key), values)


def put_merges(session: Session, template: Template, import_id: int, known_at: dt.datetime) -> None:
    """Writes what an import says has become what."""
    if not session.select("select 1 from merges_coming limit 1"):
        return
    session.execute(
        compose("landing/put_merges.sql", key=quote(template.key[0])),
        {"template": template.name, "import_id": import_id, "known_at": known_at},
    )
    follow_merges(session, template.name)


def follow_merges(session: Session, template: str) -> None:
    """Works out anew what has become what. Kept counts rest on links, so they are forgotten where that changes."""
    both = {"template": template}
    session.execute(read_sql("landing/aliases.sql"), both)
    if session.select(read_sql("landing/aliases_change.sql"), both):
        run(session, read_sql("landing/put_aliases.sql"), both)
        store.forget_all(session)


def run(session: Session, sql: str, values: Mapping[str, object]) -> None:
    """Runs the statements of a file, each with those of the values that it names."""
    for statement in filter(str.strip, sql.split(";")):
        session.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
