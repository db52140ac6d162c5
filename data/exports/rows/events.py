"""Exports of which a row is an event of a message, folded into one row a message: sent, delivered, opened, clicked."""

from __future__ import annotations

from leadline.data.database.session import Session
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.sql import compose, names, quote, read_sql
from leadline.data.templates import Template


def are_events(recognised: Recognised) -> bool:
    """Whether the rows say what happened and when, so that several of them are one row of ours."""
    fed = {*recognised.places, *recognised.recipes, *recognised.constants}
    return f"staging/fold_{recognised.template.name}.sql" in names("staging") and {"event", "event_at"} <= fed


def fold_events(session: Session, recognised: Recognised) -> None:
    """Leaves one row a message in `typed_rows`, and in `folded` those that went into one.

    What is known of a message counts along: an export of the week after holds its opens and not that it was sent.
    """
    template = recognised.template
    key = ", ".join(quote(name) for name in template.key)
    session.execute(
        compose(
            f"staging/fold_{template.name}.sql",
            key=key,
            columns=", ".join(quote(name) for name in template.landed),
            together=",\n    ".join(_together(template, name) for name in template.landed),
            known=quote(f"current_{template.name}"),
        )
    )
    session.execute(read_sql("staging/folded_rows.sql"))
    session.execute(
        compose("staging/keep_folded.sql", columns=", ".join(quote(name) for name in template.landed))
    )
    session.execute(read_sql("staging/unsent.sql"))


def put_folded(session: Session) -> None:
    """Counts the rows that went into another one as what they are."""
    session.execute("insert into doubles select record, line, 'folded_event' from folded")


def _together(template: Template, name: str) -> str:
    """SQL of a column of one message over the rows that are of it."""
    column, own = template.column(name), quote(name)
    if name in template.key:
        return own
    if name == "machine_open":
        by_machine = f"bool_and(coalesce({own}, false)) filter (opened_at is not null)"
        return f"case when count(opened_at) > 0 then {by_machine} end as {own}"
    if name == "opened_at":  # a person's where there is one
        return f"coalesce(min({own}) filter (machine_open is not true), min({own})) as {own}"
    if column is not None and column.type == "time":
        return f"min({own}) as {own}"
    return f"arg_min({own}, coalesce(record, -1)) filter ({own} is not null) as {own}"
