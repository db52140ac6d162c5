"""Rows of spend that would be new, held against those that are known of the same days: is it the same money again?

A second export tells the same spend by other keys: by month instead of by day, by the campaign's number instead of its
name, by ad instead of by campaign. No key joins, and both would be summed. Of rows that say nothing of money the same
is asked of what else they count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadline.data.database.session import Row, Session
from leadline.data.exports.rows.spend_levels import mask
from leadline.data.landing.known_identities import FEWEST, MOST, Finding
from leadline.data.landing.spend_spans import AMOUNTS, look_at_spans
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
MOST_HEADINGS = 5
"""headings that stand again in a file below which is looked"""
FEWEST_COUNTED = 200
"""visits and the like, fewer of which are alike by chance"""


@dataclass(frozen=True)
class _Told:
    """How amounts are told."""

    amount: str

    def value(self, number: float) -> str:
        return f"{number:,.2f}" if self.amount == "cost" else f"{number:,.0f} {self.amount}"

    @property
    def have(self) -> str:
        return "cost" if self.amount == "cost" else "have"

    @property
    def had(self) -> str:
        return "cost" if self.amount == "cost" else "had"


def look_at_spend(session: Session, template: Template, headings: Sequence[int]) -> Iterator[Finding]:
    """Asks where new rows of spend are nested in known ones, cost the same row by row, or add up to the same; or where
    they are sums over days.

    `headings`: lines on which the file's heading stands again; what follows one is held against what stands above it.
    """
    if template.name != "spend":
        return
    is_known = bool(session.select("select 1 from landed.current_spend limit 1"))
    below = (*((0,) if is_known else ()), *headings[:MOST_HEADINGS])
    looks = ((amount, after) for after in below for amount in AMOUNTS)
    found = next(filter(None, (_beside(session, template, *look) for look in looks)), None)
    if found := found or look_at_spans(session, template):
        yield found


def _beside(session: Session, template: Template, amount: str, after: int) -> Finding | None:
    """The rows below a line of the file beside those above it and those that are known; of line 0, all of them."""
    for statement in filter(
        str.strip,
        compose(
            "landing/spend_beside.sql",
            row=compose("landing/spend_row.sql", mask=mask(""), amount=amount),
            amount=amount,
            has_no_other="true" if amount == "cost" else "coalesce(cost, 0) = 0",
            known=quote(f"current_{template.name}"),
        ).split(";"),
    ):
        session.execute(statement, {"after": after})
    ((new, new_cost, known, known_cost, first, last),) = session.select(read_sql("landing/spend_sizes.sql"))
    if not new or not known or (amount != "cost" and (new < FEWEST or new_cost < FEWEST_COUNTED)):
        return None
    told = _Told(amount)
    ways = (_nested, _alike, _relabelled, _same_sums, _same_ranks)
    why = next(filter(None, (way(session, told) for way in ways)), None)
    if why is None:
        return None
    rows = "1 new row" if new == 1 else f"{new:,} new rows"
    others = "1 known row" if known == 1 else f"{known:,} known rows"
    rows, others = f"{rows} of spend", f"{others} of these days"
    if after:
        rows += f" below line {after}, where the headings stand again,"
        others = (
            f"{'1 row' if known == 1 else f'{known:,} rows'} of these days that stand above it or are known"
        )
    days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    same, spent = ("money", "spent") if amount == "cost" else (amount, "so")
    return Finding(
        "spend_twice",
        f"{rows} ({told.value(new_cost)} together, {days}) would be counted beside {others} "
        f"({told.value(known_cost)}), and it seems to be the same {same} under other names: {why}. Are both of them "
        f"{spent}?",
        "an export of one of these tables alone"
        if after
        else "take the earlier import back, or leave this export out",
    )


def _nested(session: Session, told: _Told) -> str | None:
    """The same campaign on the same days, with other columns filled in or over another span of days."""
    ((rows, line, campaign, here, there),) = session.select(read_sql("landing/spend_nested.sql"))
    if not rows:
        return None
    shown = f"{campaign!r}: {told.value(here)} on line {line}, {told.value(there)} before"
    return f"in {rows:,} of them the same campaign is told otherwise ({shown})"


def _alike(session: Session, told: _Told) -> str | None:
    """The same cost on the same days."""
    ((rows, of, line, cost),) = session.select(read_sql("landing/spend_alike.sql"))
    if not rows or rows <= MOST * of or (rows < FEWEST and rows < of):
        return None
    return (
        f"{rows:,} of {of:,} {told.have} exactly what another row of the same days does (line {line}: "
        f"{told.value(cost)})"
    )


def _relabelled(session: Session, told: _Told) -> str | None:
    """The same campaigns on the same days beside other labels, such as a channel, and about the same costs."""
    ((count, about, nearly, line, campaign, here, there),) = session.select(
        read_sql("landing/spend_relabelled.sql"), {"about": ABOUT, "nearly": NEARLY}
    )
    same = about if count >= FEWEST else nearly
    if not same or same < NEARLY_ALL * count:
        return None
    return (
        f"{same:,} of {count:,} times a campaign of the same name and days {told.had} about the same ({campaign!r}: "
        f"{told.value(here)} on line {line}, {told.value(there)} before)"
    )


def _same_sums(session: Session, told: _Told) -> str | None:
    """The same sums of the same days and channel, or about the same of days that differ, whatever it is called."""
    found = session.select(read_sql("landing/spend_sums.sql"), {"about": ABOUT, "varied": VARIED})
    own = [row for row in found if row[0]]
    if (same := sum(row[2] for row in own)) and same >= NEARLY_ALL * sum(row[1] for row in own):
        return _sums(own, "the same", told)
    for row in found:
        _, count, _, about, is_varied, *_ = row
        if is_varied and about >= FEWEST and about >= NEARLY_ALL * count:
            return _sums([row], "about the same", told)
    return None


def _sums(rows: list[Row], how: str, told: _Told) -> str:
    *_, first, last, here, there = min(rows, key=lambda row: row[5])
    days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return f"both add up to {how} ({told.value(here)} and {told.value(there)} for {days})"


def _same_ranks(session: Session, told: _Told) -> str | None:
    """As many rows of the same days, each of which costs about what the one of its rank does."""
    found = session.select(
        read_sql("landing/spend_ranked.sql"),
        {"about": ABOUT, "varied": VARIED, "most": MOST_A_DAY, "fewest": ENOUGH, "nearly_all": NEARLY_ALL},
    )
    for count, same, line, here, there in found:
        return (
            f"{same:,} of {count:,} {told.have} about what another row of the same days does "
            f"({told.value(here)} on line {line}, {told.value(there)} before)"
        )
    return None
