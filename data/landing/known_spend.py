"""Rows of spend that would be new, held against those that are known of the same days: is it the same money again?

A second export tells the same spend by other keys: by month instead of by day, by the campaign's number instead of its
name, by ad instead of by campaign. No key joins, and both would be summed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline.data.database.session import Session
from leadline.data.exports.rows.spend_levels import mask
from leadline.data.landing.known_identities import FEWEST, MOST, Finding
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template

NEARLY_ALL = 0.8


def look_at_spend(session: Session, template: Template) -> Iterator[Finding]:
    """Asks where new rows of spend are nested in known ones, cost the same row by row, or add up to the same."""
    if template.name != "spend":
        return
    for statement in filter(
        str.strip,
        compose("landing/spend_beside.sql", known=quote(f"current_{template.name}"), mask=mask("")).split(
            ";"
        ),
    ):
        session.execute(statement)
    ((new, new_cost, known, known_cost, first, last),) = session.select(read_sql("landing/spend_sizes.sql"))
    if not new or not known:
        return
    why = _nested(session) or _alike(session) or _same_sums(session)
    if why is None:
        return
    rows = "1 new row" if new == 1 else f"{new:,} new rows"
    others = "1 known row" if known == 1 else f"{known:,} known rows"
    days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    yield Finding(
        "spend_twice",
        f"{rows} of spend ({new_cost:,.2f} together, {days}) would be counted beside {others} of these days "
        f"({known_cost:,.2f}), and it seems to be the same money under other names: {why}. Are both of them spent?",
        "take the earlier import back, or leave this export out",
    )


def _nested(session: Session) -> str | None:
    """The same campaign on the same days, with other columns filled in or over another span of days."""
    ((rows, line, campaign, here, there),) = session.select(read_sql("landing/spend_nested.sql"))
    if not rows:
        return None
    shown = f"{campaign!r}: {here} on line {line}, {there} before"
    return f"in {rows:,} of them the same campaign is told otherwise ({shown})"


def _alike(session: Session) -> str | None:
    """The same cost on the same days."""
    ((rows, of, line, cost),) = session.select(read_sql("landing/spend_alike.sql"))
    if not rows or rows <= MOST * of or (rows < FEWEST and rows < of):
        return None
    return (
        f"{rows:,} of {of:,} cost exactly what another row of the same days does (line {line}: {cost:,.2f})"
    )


def _same_sums(session: Session) -> str | None:
    """The same sums of the same days and channel."""
    found: list[tuple[Any, ...]] = session.select(read_sql("landing/spend_sums.sql"))
    ((same, of, first, last, here, there),) = found
    if not same or same < NEARLY_ALL * of:
        return None
    days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return f"both add up to the same ({here:,.2f} and {there:,.2f} for {days})"
