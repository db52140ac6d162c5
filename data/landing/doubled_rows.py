"""Rows that would be new and are in all but their identity what known ones are: a system whose ids are others now.

Rows are compared by what they say of times, numbers and words. As many of the file as are known must say the same, for
rows of one day may be alike by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from leadline.data.database.session import Session
from leadline.data.landing.fold import Spoken
from leadline.data.landing.known_identities import EASILY_READ, Finding
from leadline.data.sql import compose, quote, read_sql
from leadline.data.templates import Column, Template, kind_words

FEWEST = 3
"""ways in which rows must be alike, where what they say is seldom said twice"""
ENOUGH = 10
"""the same where it is but a day"""
MOST = 0.5
NEARLY_ALL = 0.8
"""shares of the rows that would be new"""
SAMPLE = 10_000
"""rows that are compared"""
LOOKED_AT = 2_000
"""rows that show which columns tell rows apart"""
NUMBERS = ("number", "money", "count", "percent")
LABELS = ("text", "person", "id", "choice", "boolean", "currency")
QUARTER = 900_000_000
"""microseconds; appointments and mailings begin on the quarter of an hour, and those of two teams together"""


@dataclass(frozen=True)
class _Way:
    """What rows are compared by."""

    columns: list[Column]
    is_by_day: bool
    is_telling: bool
    """it is seldom said of two rows"""


def look_at_doubled_rows(session: Session, template: Template, spoken: Spoken) -> Iterator[Finding]:
    """What is asked of rows that would count twice; spend, whose key is all that it is of, is looked at by itself."""
    known = f"landed.{quote(f'current_{template.name}')}"
    if template.name == "spend" or template.key[0] in template.links:
        return
    if not session.select(f"select 1 from {known} limit 1"):  # noqa: S608
        return
    session.execute(read_sql("landing/fresh_rows.sql"))
    ((fresh,),) = session.select("select count(*) from fresh_rows")
    if fresh < FEWEST:
        return
    is_large = fresh > EASILY_READ or session.select(
        f"select 1 from {known} limit 1 offset {EASILY_READ}"  # noqa: S608
    )
    if is_large and not _may_be_known(session, template, spoken, fresh):
        return
    for way in islice(_ways(session, template, spoken), 1 if is_large else None):
        ((count, same, ways, here, there),) = session.select(
            _sql(template, way),
            {"every": max(1, fresh // SAMPLE), "most_alike": 1 if template.links else fresh},
        )
        is_nearly_all = ways >= (FEWEST if way.is_telling else ENOUGH) and same > NEARLY_ALL * count
        is_most = way.is_telling and ways >= ENOUGH and same > MOST * count
        if (is_nearly_all or is_most) and count > MOST * min(fresh, SAMPLE):
            yield _finding(template, way, count, same, zip(here, there, strict=True))
            return


def _ways(session: Session, template: Template, spoken: Spoken) -> Iterator[_Way]:
    """All that rows say; their times and numbers; their days and numbers."""
    columns = [
        column
        for column in template.columns
        if column.name in spoken.columns
        and column.name not in template.links
        and column.name != "workflow"
        and (column.name not in template.key or column.type != "id")
    ]
    times = [column for column in columns if column.type == "time"]
    if not times:
        return
    ((*counts, fine),) = session.select(
        compose("landing/telling_columns.sql", counts=_counts(columns, times)), {"most": LOOKED_AT}
    )
    varied = {column.name for column, count in zip(columns, counts, strict=True) if count > 1}
    numbers = [column for column in columns if column.type in NUMBERS]
    labels = [column for column in columns if column.type in LABELS]
    has_numbers = any(column.name in varied for column in numbers)
    several = sum(column.name in varied for column in labels) > 1
    yield _Way([*times, *numbers, *labels], False, bool(fine) or has_numbers or several)
    if labels:
        yield _Way([*times, *numbers], False, bool(fine) or has_numbers)
    yield _Way([*times, *numbers], True, has_numbers)


def _may_be_known(session: Session, template: Template, spoken: Spoken, fresh: int) -> bool:
    """Whether most of the rows that would be new are of moments that are known at all: a look at one column instead of
    all of them."""
    times = (name for name in template.moment if name in spoken.columns)
    if (at := next(times, None)) is None:
        return True
    sql = compose("landing/doubled_moments.sql", at=quote(at), standing=quote(f"current_{template.name}"))
    ((count, met),) = session.select(sql, {"every": max(1, fresh // LOOKED_AT)})
    return bool(met > MOST * count)


def _counts(columns: list[Column], times: list[Column]) -> str:
    distinct = [f"count(distinct {quote(column.name)})" for column in columns]
    fine = " or ".join(f"epoch_us({quote(column.name)}) % {QUARTER} <> 0" for column in times)
    return ", ".join([*distinct, f"count(*) filter ({fine}) > {MOST} * count(*)"])


def _sql(template: Template, way: _Way) -> str:
    def said(rows: str) -> str:
        names = (f"{rows}.{quote(column.name)}" for column in way.columns)
        return ", ".join(
            f"facts.local_time({name})::date" if way.is_by_day and column.type == "time" else name
            for name, column in zip(names, way.columns, strict=True)
        )

    return compose(
        "landing/doubled_rows.sql",
        here=said("typed_rows"),
        there=said("known"),
        key=_key(template, "known"),
        here_key=_key(template, "typed_rows"),
        standing=quote(f"current_{template.name}"),
        same_key=" and ".join(
            f"known.{quote(name)} is not distinct from typed_rows.{quote(name)}" for name in template.key
        ),
    )


def _key(template: Template, rows: str) -> str:
    return f"concat_ws(' · ', {', '.join(f'{rows}.{quote(name)}::varchar' for name in template.key)})"


def _finding(
    template: Template, way: _Way, count: int, same: int, pairs: Iterator[tuple[str, str]]
) -> Finding:
    names = [column.name for column in way.columns]
    by = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    shown = "; ".join(f"{here} here, {there} known" for here, there in pairs)
    rows = kind_words(template.name)
    return Finding(
        "doubled_rows",
        f"{same:,} of {count:,} {rows} that would be new are known by another identity, if the same {by} say so "
        f"({shown}); both would count. Are they others?",
        "an export with the identities that they had, or take the imports with those back first",
    )
