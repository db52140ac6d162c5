"""Rows of spend that are sums over days: a week, a month or a year so far, told on top of its days or in place of one.

Such a row carries one day alone, so that its key is free or that of the day; counted as a day, the same money counts
twice. A row is looked at beside the sums of the weeks, months and years that begin or end on its day or the day before:
of its own label, of any other to the cent, of its channel and of all together.
"""

from __future__ import annotations

from leadline.data.database.session import Row, Session
from leadline.data.exports.rows.spend_levels import DIMENSIONS
from leadline.data.landing.known_identities import FEWEST, MOST, Finding
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Template

AMOUNTS = ("cost", "visits", "clicks", "impressions")
"""of which the first is looked at that the file says anything of"""
FEWEST_DAYS = 4
SURE_DAYS = 6
"""days, a sum of fewer of which may be that by chance, if few rows are such"""
NEARLY = 0.005
"""share by which the sum may be rounded or restated"""
RUNNING = 8
"""rows, fewer of which may rise one by one by chance"""
MOST_RISING = 20_000
"""rows of which every series is looked at"""
NEARLY_ALL = 0.8
MOST_DAYS, MOST_ROWS, MOST_SERIES = 60, 50, 50
"""days of the file, rows of each and labels that are looked at"""
INSTEAD = "an export of days alone"


def look_at_spans(session: Session, template: Template) -> Finding | None:
    """Asks where rows of spend hold what other rows of their days say."""
    if template.name != "spend" or (amount := amount_of(session)) is None:
        return None
    series = f"lower(concat_ws(' · ', {', '.join(map(quote, DIMENSIONS))}))"
    made = compose(
        "landing/spend_days.sql",
        series=series,
        amount=amount,
        known=quote(f"current_{template.name}"),
        most_series=str(MOST_SERIES),
    )
    for statement in filter(str.strip, made.split(";")):
        session.execute(statement)
    ((rows,),) = session.select("select count(*) from span_rows")
    return (
        _running(session, amount, max(1, rows // MOST_RISING))
        or _overlapping(session)
        or _sums(session, amount)
    )


def amount_of(session: Session) -> str | None:
    """The column of amounts that rows of a file are compared by; None where they say none."""
    counts = ", ".join(f"count(nullif({quote(name)}, 0))" for name in AMOUNTS)
    (found,) = session.select(compose("landing/filled.sql", counts=counts))
    return next((name for name, count in zip(AMOUNTS, found, strict=True) if count), None)


def _running(session: Session, amount: str, every: int) -> Finding | None:
    ((running, of, line, series, lowest, highest, first, last),) = session.select(
        read_sql("landing/spend_running.sql"), {"fewest": RUNNING, "every": every}
    )
    if not running or running < NEARLY_ALL * of:
        return None
    return Finding(
        "spend_twice",
        f"{amount} of {running:,} rows only rises from one to the next, as a total so far does ({series!r}: from "
        f"{lowest:,.2f} on {first:%Y-%m-%d} to {highest:,.2f} on {last:%Y-%m-%d}, beginning on line {line}); each "
        "would be counted beside what it holds. Are they what each day alone was?",
        INSTEAD,
    )


def _overlapping(session: Session) -> Finding | None:
    ((overlapping, line, series, other),) = session.select(read_sql("landing/spend_overlaps.sql"))
    if not overlapping:
        return None
    rows = "1 row lies" if overlapping == 1 else f"{overlapping:,} rows lie"
    return Finding(
        "spend_twice",
        f"The days of {rows} within those of another row of the same label ({series!r}: line {line} within line "
        f"{other}); both would be counted. Are both of them spent?",
        "an export of days or of months alone",
    )


def _sums(session: Session, amount: str) -> Finding | None:
    found = session.select(
        read_sql("landing/spend_spans.sql"),
        {
            "most_days": MOST_DAYS,
            "most_rows": MOST_ROWS,
            "fewest_days": FEWEST_DAYS,
            "nearly": NEARLY,
        },
    )
    sums = next(filter(_is_sure, found), None)
    if sums is None:
        return None
    span, whose, rows, _, _, of, _, line, value, series, first, last, _ = sums
    told = {
        "own": f"the other days of {series!r}",
        "label": "the days of another label",
        "channel": "the other rows of its channel",
        "whole": "all other rows",
    }[whose]
    several = (
        f"{amount} of {rows:,} of the {of:,} rows that were looked at is"
        if rows > 1
        else f"{amount} of a row is"
    )
    over = "of its days" if span == "span" else f"over {span}"
    return Finding(
        "spend_twice",
        f"{several} what others add up to {over}: {value:,.2f} on line {line} is the sum of {told} from "
        f"{first:%Y-%m-%d} to {last:%Y-%m-%d}. Both would be counted. Are they what each day alone was?",
        INSTEAD,
    )


def _is_sure(found: Row) -> bool:
    """Whether so many rows are sums as hardly are by chance: several of many days, most, or all there are."""
    _, whose, rows, exact, of, of_all, sums, _, value, _, _, _, days = found
    is_long, is_whole = days >= SURE_DAYS, value == round(value)
    is_most = sums >= FEWEST and rows >= MOST * of
    if whose == "label":  # any of many labels
        return bool(is_most or (rows == of_all and is_long and not is_whole))
    return bool(is_most or rows == of_all or (is_long and (sums > 1 or (exact and not is_whole))))
