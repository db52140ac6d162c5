"""Rows of spend that would be new, held against those that are known of the same days: is it the same money again?

A second export tells the same spend by other keys: by month instead of by day, by the campaign's number instead of its
name, by ad instead of by campaign. No key joins, and both would be summed.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadline.data.database.session import Row, Session
from leadline.data.exports.rows.spend_levels import mask
from leadline.data.landing.known_identities import FEWEST, MOST, Finding
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template

NEARLY_ALL = 0.8
NEARLY, ABOUT = 0.01, 0.03
"""share by which costs are restated; of fewer than FEWEST numbers it must be the smaller one"""
VARIED = 1.2
"""times the least that the most must be, for sums that are always alike say nothing about each other"""
ENOUGH = 5
"""rows, fewer of which cost about the same by chance"""
MOST_A_DAY = 100
"""rows of a day, more of which cost about what others do, if both are sorted"""


def look_at_spend(session: Session, template: Template) -> Iterator[Finding]:
    """Asks where new rows of spend are nested in known ones, cost the same row by row, or add up to the same."""
    if template.name != "spend":
        return
    for statement in filter(
        str.strip,
        compose(
            "landing/spend_beside.sql",
            row=compose("landing/spend_row.sql", mask=mask("")),
            known=quote(f"current_{template.name}"),
        ).split(";"),
    ):
        session.execute(statement)
    ((new, new_cost, known, known_cost, first, last),) = session.select(read_sql("landing/spend_sizes.sql"))
    if not new or not known:
        return
    ways = (_nested, _alike, _relabelled, _same_sums, _same_ranks)
    why = next(filter(None, (way(session) for way in ways)), None)
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


def _relabelled(session: Session) -> str | None:
    """The same campaigns on the same days beside other labels, such as a channel, and about the same costs."""
    ((count, about, nearly, line, campaign, here, there),) = session.select(
        read_sql("landing/spend_relabelled.sql"), {"about": ABOUT, "nearly": NEARLY}
    )
    same = about if count >= FEWEST else nearly
    if not same or same < NEARLY_ALL * count:
        return None
    return (
        f"{same:,} of {count:,} times a campaign of the same name and days cost about the same ({campaign!r}: "
        f"{here:,.2f} on line {line}, {there:,.2f} before)"
    )


def _same_sums(session: Session) -> str | None:
    """The same sums of the same days and channel, or about the same of days that differ, whatever it is called."""
    found = session.select(read_sql("landing/spend_sums.sql"), {"about": ABOUT, "varied": VARIED})
    own = [row for row in found if row[0]]
    if (same := sum(row[2] for row in own)) and same >= NEARLY_ALL * sum(row[1] for row in own):
        return _sums(own, "the same")
    for row in found:
        _, count, _, about, is_varied, *_ = row
        if is_varied and about >= FEWEST and about >= NEARLY_ALL * count:
            return _sums([row], "about the same")
    return None


def _sums(rows: list[Row], how: str) -> str:
    *_, first, last, here, there = min(rows, key=lambda row: row[5])
    days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return f"both add up to {how} ({here:,.2f} and {there:,.2f} for {days})"


def _same_ranks(session: Session) -> str | None:
    """As many rows of the same days, each of which costs about what the one of its rank does."""
    found = session.select(
        read_sql("landing/spend_ranked.sql"),
        {"about": ABOUT, "varied": VARIED, "most": MOST_A_DAY, "fewest": ENOUGH, "nearly_all": NEARLY_ALL},
    )
    for count, same, line, here, there in found:
        return (
            f"{same:,} of {count:,} cost about what another row of the same days does ({here:,.2f} on line {line}, "
            f"{there:,.2f} before)"
        )
    return None
