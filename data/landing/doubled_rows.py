"""Rows that would be new and are in all but their identity what known ones are: a system whose ids are others now.

Rows are compared by what they say of times, numbers and words, and leads by their addresses. As many of the file as are
known must say the same, for rows of one day may be alike by chance. A system that was moved may have decided its deals
meanwhile, count money in another unit, and have made all its leads on the day on which it was moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from leadline.data.database.session import Session
from leadline.data.landing.compare import own_moment
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
PART = 0.1
"""share from which on it is told"""
SOME = 0.2
"""the same of different amounts, fewer of which are the prices of a few things"""
SAMPLE = 10_000
"""rows that are compared"""
LOOKED_AT = 2_000
"""rows that show which columns tell rows apart"""
NUMBERS = ("number", "money", "count", "percent")
LABELS = ("text", "person", "id", "choice", "boolean", "currency")
QUARTER = 900_000_000
"""microseconds; appointments and mailings begin on the quarter of an hour, and those of two teams together"""


@dataclass(frozen=True, eq=False)
class _Way:
    """What rows are compared by."""

    columns: list[Column]
    is_by_day: bool
    is_telling: bool
    """it is seldom said of two rows"""
    is_scaled: bool = False
    """amounts are the same in any unit"""
    is_precise: bool = False
    """it has a time of day or a number, of which a part being alike is no chance"""


def look_at_doubled_rows(
    session: Session, template: Template, spoken: Spoken, fresh: int
) -> Iterator[Finding]:
    """What is asked of rows that would count twice; spend, whose key is all that it is of, is looked at by itself.

    `fresh`: how many rows would be new.
    """
    known = f"landed.{quote(f'current_{template.name}')}"
    if template.name == "spend" or template.key[0] in template.links:
        return
    if fresh < FEWEST:
        return
    if twice := _twice_in_file(session, template, spoken, fresh):
        yield twice
    if twice or not session.select(f"select 1 from {known} limit 1"):  # noqa: S608
        return
    if spoken.segments and not template.links and (found := _by_address(session, template, fresh)):
        yield found
        return
    is_large = fresh > EASILY_READ or session.select(
        f"select 1 from {known} limit 1 offset {EASILY_READ}"  # noqa: S608
    )
    if is_large and not _may_be_known(session, template, spoken, fresh):
        return
    ways = list(_ways(session, template, spoken))
    if is_large:  # what they were when they came to be, or else all that they say
        ways = [*(way for way in ways[-1:] if way.is_scaled), *ways[:1]]
    for way in ways:
        ((count, same, kinds, here, there),) = session.select(
            _sql(template, way),
            {"every": max(1, fresh // SAMPLE), "most_alike": 1 if template.links else fresh},
        )
        is_nearly_all = kinds >= (FEWEST if way.is_telling else ENOUGH) and same > NEARLY_ALL * count
        is_most = way.is_telling and kinds >= ENOUGH and same > MOST * count
        is_part = way.is_precise and kinds >= ENOUGH and same > PART * count
        if (is_nearly_all or is_most) and count > MOST * min(fresh, SAMPLE):
            names = [column.name for column in way.columns]
            yield _finding(template, names, count, same, zip(here, there, strict=True))
            return
        if is_part and count > MOST * min(fresh, SAMPLE):
            names = [column.name for column in way.columns]
            asked = _finding(template, names, count, same, zip(here, there, strict=True))
            yield replace(asked, message=asked.message.replace(" Are they others?", ""), instead=None)
            return
        if is_large and count > MOST * min(fresh, SAMPLE):
            return


def _twice_in_file(session: Session, template: Template, spoken: Spoken, fresh: int) -> Finding | None:
    """Rows of the file itself that say the same in pairs, each under another identity, as of two exports in one."""
    way = next(_ways(session, template, spoken), None)
    if way is None or not way.is_precise or fresh < 2 * ENOUGH:
        return None
    links = [
        column for name in template.links if name in spoken.columns and (column := template.column(name))
    ]
    sql = compose(
        "landing/twice_in_file.sql",
        said=", ".join(f"typed_rows.{quote(column.name)}" for column in (*way.columns, *links)),
        sampled_by=", ".join(
            f"typed_rows.{quote(column.name)}" for column in way.columns if column.type in ("time", *NUMBERS)
        ),
        key=_key(template, "typed_rows"),
    )
    ((rows, doubled, here, there),) = session.select(sql, {"every": max(1, fresh // SAMPLE)})
    if doubled < 2 * ENOUGH or doubled <= MOST * rows:
        return None
    shown = "; ".join(f"{one} and {other}" for one, other in zip(here, there, strict=True))
    return Finding(
        "doubled_rows",
        f"{doubled:,} of {rows:,} {kind_words(template.name)} that would be new stand in the file twice, each time "
        f"under another identity ({shown}); both would count. Are they others?",
        "an export in which each stands once",
    )


def _ways(session: Session, template: Template, spoken: Spoken) -> Iterator[_Way]:
    """All that rows say; their times and numbers; their days and numbers; what they were when they came to be."""
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
    began = [column for column in times if column.name == own_moment(template)]
    ((*counts, fine, began_fine, rows),) = session.select(
        compose("landing/telling_columns.sql", counts=_counts(columns, times, began)), {"most": LOOKED_AT}
    )
    varied = {column.name for column, count in zip(columns, counts, strict=True) if count > 1}
    numbers = [column for column in columns if column.type in NUMBERS]
    labels = [column for column in columns if column.type in LABELS]
    has_numbers = any(
        count > max(1, SOME * rows)
        for column, count in zip(columns, counts, strict=True)
        if column in numbers
    )
    several = sum(column.name in varied for column in labels) > 1
    is_precise = bool(fine) or has_numbers
    yield _Way([*times, *numbers, *labels], False, is_precise or several, is_precise=is_precise)
    if labels:
        yield _Way([*times, *numbers], False, bool(fine) or has_numbers)
    yield _Way([*times, *numbers], True, has_numbers)
    if not began:
        return
    lasting = [column for column in labels if column.type not in ("choice", "boolean")]
    if lasting and len(times) + len(labels) > 1 + len(lasting):
        yield _Way([*began, *lasting], False, bool(began_fine) or several)
    if any(column.type == "money" for column in numbers) or len(times) > 1:
        yield _Way([*began, *numbers], True, has_numbers, is_scaled=True)


def _may_be_known(session: Session, template: Template, spoken: Spoken, fresh: int) -> bool:
    """Whether most of the rows that would be new are of moments that are known at all: a look at one column instead of
    all of them."""
    times = (name for name in (own_moment(template), *template.moment) if name in spoken.columns)
    if (at := next(times, None)) is None:
        return True
    sql = compose("landing/doubled_moments.sql", at=quote(at), standing=quote(f"current_{template.name}"))
    ((count, met),) = session.select(sql, {"every": max(1, fresh // LOOKED_AT)})
    return bool(met > MOST * count)


def _counts(columns: list[Column], *times: list[Column]) -> str:
    found = [f"count(distinct {quote(column.name)})" for column in columns]
    for some in times:
        fine = " or ".join(f"epoch_us({quote(column.name)}) % {QUARTER} <> 0" for column in some) or "false"
        found.append(f"count(*) filter ({fine}) > {MOST} * count(*)")
    return ", ".join([*found, "count(*)"])


def _sql(template: Template, way: _Way) -> str:
    def cell(rows: str, column: Column) -> str:
        name = f"{rows}.{quote(column.name)}"
        if way.is_by_day and column.type == "time":
            return f"facts.local_time({name})::date"
        if way.is_scaled and column.type == "money":  # 1,234.50 and 123,450 are 1.2345
            size = f"abs({name}::double)"
            return f"case when {size} > 0 then round({size} / pow(10, floor(log10({size}))), 6) end"
        return name

    def said(rows: str) -> str:
        return ", ".join(cell(rows, column) for column in way.columns)

    return compose(
        "landing/doubled_rows.sql",
        here=said("typed_rows"),
        there=said("known"),
        key=_key(template, "known"),
        here_key=_key(template, "typed_rows"),
        standing=quote(f"current_{template.name}"),
        same_key=_same_key(template),
    )


def _key(template: Template, rows: str) -> str:
    return f"concat_ws(' · ', {', '.join(f'{rows}.{quote(name)}::varchar' for name in template.key)})"


def _by_address(session: Session, template: Template, fresh: int) -> Finding | None:
    """Rows whose addresses, kept as hashes, are those of one known row each; customers who ask again have several."""
    if not session.select(read_sql("landing/may_have_addresses.sql"), {"most": LOOKED_AT}):
        return None
    sql = compose(
        "landing/doubled_addresses.sql",
        key=_key(template, "known"),
        key_columns=", ".join(map(quote, template.key)),
        here_key=_key(template, "typed_rows"),
        standing=quote(f"current_{template.name}"),
        same_key=_same_key(template),
    )
    ((count, same, here, there),) = session.select(sql, {"every": max(1, fresh // LOOKED_AT)})
    if same < FEWEST or same <= NEARLY_ALL * count or count <= MOST * min(fresh, LOOKED_AT):
        return None
    return _finding(template, ["addresses"], count, same, zip(here, there, strict=True))


def _same_key(template: Template) -> str:
    return " and ".join(
        f"known.{quote(name)} is not distinct from typed_rows.{quote(name)}" for name in template.key
    )


def _finding(
    template: Template, names: list[str], count: int, same: int, pairs: Iterator[tuple[str, str]]
) -> Finding:
    by = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    shown = "; ".join(f"{here} here, {there} known" for here, there in pairs)
    rows = kind_words(template.name)
    return Finding(
        "doubled_rows",
        f"{same:,} of {count:,} {rows} that would be new are known by another identity, if the same {by} say so "
        f"({shown}); both would count. Are they others?",
        "an export with the identities that they had, or take the imports with those back first",
    )
