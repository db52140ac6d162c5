"""A received file -> typed rows with their faults, in temporary tables of one session; nothing is landed yet.

Tables left in the session: `stage` (text cells c0, c1, … of the columns that are used), `typed_rows` (one row a
record), `faults` (one row a fault of a record) and `doubles` (rows whose key stands in the file more than once).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from leadline.data.database.failures import STATEMENT_FAILURES
from leadline.data.database.session import Session
from leadline.data.errors import ExportError
from leadline.data.exports.files.clean_copy import MARK, is_row, rewrite
from leadline.data.exports.files.cut_short import cut_short
from leadline.data.exports.files.received_file import Received
from leadline.data.exports.files.text_layout import Layout, TextTable, plain_table
from leadline.data.exports.landing_report import AskError, Question, Warned
from leadline.data.exports.reasons import UNREADABLE
from leadline.data.exports.recognition.gone_rows import (
    inactive_rows,
    note_merges,
    retire_deleted,
    retire_where,
)
from leadline.data.exports.recognition.recognize import Recognised
from leadline.data.exports.recognition.segments import is_address, may_number
from leadline.data.exports.rows.clock_changes import told
from leadline.data.exports.rows.currency_signs import (
    bare_amounts,
    of_rows_that_land,
    settle_signs,
    with_dollar,
)
from leadline.data.exports.rows.discretion import discreet_table
from leadline.data.exports.rows.events import are_events, fold_events, put_folded
from leadline.data.exports.rows.far_moments import far_moments
from leadline.data.exports.rows.group_totals import group_totals
from leadline.data.exports.rows.millionths import costs_in_millionths
from leadline.data.exports.rows.named_totals import named_like_totals, named_totals
from leadline.data.exports.rows.oddities import oddities
from leadline.data.exports.rows.other_words import look_at_other_words
from leadline.data.exports.rows.own_words import ask_words
from leadline.data.exports.rows.recipients import look_at_recipients
from leadline.data.exports.rows.records import records_of
from leadline.data.exports.rows.second_tables import refuse_second_table
from leadline.data.exports.rows.spend_levels import level_totals
from leadline.data.exports.rows.swallowed_rows import swallowed_rows
from leadline.data.exports.rows.total_rows import total_rows
from leadline.data.exports.rows.typed_columns import (
    NUMERIC,
    WAIVED,
    Answers,
    Reading,
    better_reading,
    plain_reading,
    private_words,
    text_places,
    typed_select,
)
from leadline.data.exports.rows.zones_of_columns import zones_of_columns
from leadline.data.sql import compose, names, quote, read_sql
from leadline.data.templates import Template
from leadline.data.templates.tables import future_dates

MOST_ODD_ROWS = 200_000
"""rows that look like no row of the table, above which the whole file is read line by line"""


@dataclass(frozen=True)
class Staged:
    """What a file holds, before it is compared with what has landed."""

    table: TextTable
    recognised: Recognised
    reading: Reading
    warnings: tuple[Warned, ...]
    private: frozenset[str] = frozenset()
    """headings of kept columns whose cells are kept as pseudonyms"""
    salt: str = field(default="", repr=False)
    """what pseudonyms are made with"""


def stage(
    session: Session,
    received: Received,
    layout: Layout,
    recognised: Recognised,
    answers: Answers,
    salt: str,
    limit: dt.datetime,
) -> Staged:
    """Reads, types and checks a file. `limit`: first moment (UTC) that the export can't know.

    Raises ExportError where it can't be read, AskError where a person must say how.
    """
    table = _read(session, received, layout, recognised)
    if table.records == 0 and not table.quarantined:
        raise ExportError(
            f"{received.name} has headings but no rows; export it again, with the filter widened.", "no_rows"
        )
    private = _private_columns(session, recognised)
    told_private = private_words(recognised, private)
    table = discreet_table(table, recognised, private)
    ask_words(session, recognised)
    reading, warnings = _type(session, table, recognised, answers, salt, private, limit)
    warnings += look_at_other_words(session, recognised, reading, limit)
    refuse_second_table(session, received.name, recognised)
    _check(session, recognised, limit)
    dropped, unmerged = _drop(session, recognised, salt)
    inactive = inactive_rows(session, recognised.header, recognised.template)
    totals = total_rows(session, received, layout, table, recognised)
    _remove(session, [record for record, _, _ in totals])
    named, called_so = named_totals(session, recognised)
    _remove(session, [record for record, _, _ in named])
    levels, told_levels = level_totals(session, recognised)
    _remove(session, [record for record, _, _ in levels])
    of_groups, like_sums = group_totals(session, recognised)
    _remove(session, [record for record, _, _ in of_groups])
    dropped += totals + named + levels + of_groups
    like_totals = named_like_totals(called_so, {line for _, line, _ in dropped})
    unmerged += note_merges(session, recognised.folded, recognised.template, salt)
    shared = look_at_recipients(session, received.name, recognised)
    if has_events := are_events(recognised):
        fold_events(session, recognised)
    content = ", ".join(quote(name) for name in recognised.template.landed)
    session.execute(
        compose(
            "landing/doubles.sql",
            key=key_columns(recognised.template),
            content=content,
            changed_at=changed_at(recognised.template),
        )
    )
    _take_out(session, dropped)
    if has_events:
        put_folded(session)
    _ask_identity(session, received.name, recognised)
    odd = [
        *oddities(session, recognised),
        *told(session, recognised, reading),
        *far_moments(session, recognised),
        *bare_amounts(session, recognised),
        *costs_in_millionths(session, recognised),
        *unmerged,
        *told_private,
        *inactive,
        *like_sums,
        *like_totals,
        *told_levels,
        *swallowed_rows(session, recognised, layout.delimiter),
        *shared,
    ]
    return Staged(
        table,
        recognised,
        reading,
        (
            *received.warnings,
            *table.warnings,
            *cut_short(received, layout),
            *recognised.warnings,
            *of_rows_that_land(session, recognised, warnings),
            *odd,
        ),
        private,
        salt,
    )


def key_columns(template: Template) -> str:
    return ", ".join(quote(name) for name in template.key)


def changed_at(template: Template) -> str:
    """SQL of the moment at which the source last changed a row; NULL where it does not say."""
    own = quote(template.changed_at) if template.changed_at else "null"
    return f"coalesce(modified_at, {own})"


def _read(session: Session, received: Received, layout: Layout, recognised: Recognised) -> TextTable:
    """Fills `stage`: from the file itself where that yields exactly the expected rows, else from a rewritten one."""
    plain = plain_table(received, layout)
    if plain is not None:
        try:
            _load(session, plain, recognised)
            if _count(session) == plain.records and not _has_odd_rows(session, plain):
                session.execute(read_sql("staging/drop_odd_rows.sql"))
                return plain
        except STATEMENT_FAILURES:
            pass  # a ragged line, an open quote, bytes that are no UTF-8: the rewriter names the line
    clean = rewrite(received, layout)
    _load(session, clean, recognised)
    if (found := _count(session)) != clean.records:
        raise ExportError(
            f"{received.name} can't be read reliably ({clean.records:,} rows were counted, {found:,} found); "
            "export it again as CSV with UTF-8 encoding.",
            "not_a_table",
        )
    return clean


def _load(session: Session, table: TextTable, recognised: Recognised) -> None:
    records, values = records_of(table)
    kept = [quote(f"c{place}") for place in sorted(recognised.read_places)]
    if table.is_plain:
        cells = ", ".join(f"coalesce({quote(f'c{place}')}, '')" for place in range(len(table.header)))
        kept.append(f"case when c0 = $heading or cells.begins_oddly(c0) then [{cells}] end as odd_row")
        values["heading"] = table.header[0]
    else:
        kept.append("line")
    session.execute(compose("staging/load.sql", kept=", ".join(kept), records=records), values)


def _count(session: Session) -> int:
    return int(session.select("select count(*) from stage")[0][0])


def _has_odd_rows(session: Session, table: TextTable) -> bool:
    """True where some row is a total, a comment or the header again: then the rewriter looks at every line.

    Rows that only look like one, such as those without an identity, are few and are judged as the rewriter would.
    """
    found = session.select(read_sql("staging/odd_rows.sql"), {"most": MOST_ODD_ROWS})
    return len(found) == MOST_ODD_ROWS or any(
        row[0].lstrip(MARK).strip('"') == table.header[0] or not is_row(row, len(table.header))
        for (row,) in found
    )


def _private_columns(session: Session, recognised: Recognised) -> frozenset[str]:
    """Headings of kept columns whose cells are addresses, telephone numbers or accounts of people.

    The cells decide, whatever the heading says, but for numbers under a heading of what systems number; a heading of
    addresses counts unless no cell could be one.
    """
    words = text_places(recognised)
    places = {attribute.place: attribute.heading for attribute in recognised.attributes} | words
    if not places:
        return frozenset()
    cells = ", ".join(quote(f"c{place}") for place in places)
    numbered = [place for place, heading in places.items() if may_number(heading)]
    found = session.select(
        compose("staging/private_cells.sql", cells=cells), {"places": list(places), "numbered": numbered}
    )
    private = {places[place] for (place,) in found}
    hashed = {one.place for one in recognised.attributes if one.is_hashed}
    hashed |= {place for place, heading in words.items() if is_address(heading)}
    named = [place for place in sorted(hashed) if places[place] not in private]
    if named:
        tests = ", ".join(
            f"coalesce(bool_or(cells.may_be_address({quote(f'c{place}')})), false)" for place in named
        )
        (may_be,) = session.select(compose("staging/tidy.sql", tests=tests))
        private |= {places[place] for place, is_so in zip(named, may_be, strict=True) if is_so}
    return frozenset(private)


def _tidy_places(session: Session, recognised: Recognised) -> tuple[frozenset[int], frozenset[int]]:
    """Places of mapped columns whose cells are all plain ASCII without padding; of those that could be no address or
    number of a person either."""
    places = sorted(set(recognised.places.values()))
    if not places:
        return frozenset(), frozenset()
    texts = ", ".join(
        f"coalesce(bool_and(cells.{test}({quote(f'c{place}')})), true)"
        for test in ("is_tidy", "is_bare")
        for place in places
    )
    (found,) = session.select(compose("staging/tidy.sql", tests=texts))
    tidy = frozenset(place for place, is_so in zip(places, found, strict=False) if is_so)
    bare = frozenset(place for place, is_so in zip(places, found[len(places) :], strict=True) if is_so)
    return tidy, tidy & bare


def _type(
    session: Session,
    table: TextTable,
    recognised: Recognised,
    answers: Answers,
    salt: str,
    private: frozenset[str],
    limit: dt.datetime,
) -> tuple[Reading, list[Warned]]:
    """Fills `typed_rows`: plainly first, and again where a column shows that it is written another way."""
    this_year = (limit - dt.timedelta(days=1)).year
    zones, asked, told_zones = zones_of_columns(recognised, answers.timezone, this_year, session.select)
    if asked:
        raise AskError(asked, recognised.template.name, recognised.source)
    reading = plain_reading(recognised, answers, *_tidy_places(session, recognised))
    reading = replace(reading, column_zones=zones)
    _fill(session, table, recognised, reading, salt, private, limit)
    unread, waived = _unread(session, recognised), _unread(session, recognised, WAIVED)
    for column in recognised.template.columns:
        if column.type in NUMERIC and column.name in waived:
            unread[column.name] = unread.get(column.name, 0) + waived[column.name]
    better, questions, warnings = better_reading(
        recognised, reading, answers, unread, session.select, this_year
    )
    better = with_dollar(session, recognised, better, questions, warnings)
    if questions:
        raise AskError(questions, recognised.template.name, recognised.source)
    if better != reading:
        _fill(session, table, recognised, better, salt, private, limit)
    return better, [*told_zones, *warnings, *settle_signs(session, recognised, better)]


def _fill(
    session: Session,
    table: TextTable,
    recognised: Recognised,
    reading: Reading,
    salt: str,
    private: frozenset[str],
    limit: dt.datetime,
) -> None:
    line = "rowid + $first_line" if table.is_plain else "line"
    sql, values = typed_select(recognised, reading, line, salt, private)
    if table.is_plain:
        values["first_line"] = table.layout.header_line + 1
    settle = f"staging/settle_{recognised.template.name}.sql"
    values["limit"] = limit
    whole = compose(
        "staging/typed_rows.sql",
        typed=sql,
        settled=read_sql(settle) if settle in names("staging") else "select * from typed",
        columns=", ".join(quote(name) for name in recognised.template.landed),
    )
    session.execute(whole, {name: value for name, value in values.items() if f"${name}" in whole})


def _unread(session: Session, recognised: Recognised, moved: int = 0) -> dict[str, int]:
    """Our column -> number of its cells that are there but could not be read.

    `moved` by WAIVED: of those by which their row is not judged.
    """
    counts = {}
    masks: dict[int, int] = dict(
        session.select("select unread, count(*) from typed_rows where unread <> 0 group by unread")
    )
    for bit, column in enumerate(recognised.template.columns):
        found = sum(count for mask, count in masks.items() if mask & (1 << bit << moved))
        if found:
            counts[column.name] = found
    return counts


def _check(session: Session, recognised: Recognised, limit: dt.datetime) -> None:
    """Fills `faults`."""
    session.execute(read_sql("staging/faults.sql"))
    unread = _unread(session, recognised)
    for bit, column in enumerate(recognised.template.columns):
        if column.name not in unread:
            continue
        place = recognised.places.get(column.name)
        session.execute(
            compose("landing/unread.sql", cell=quote(f"c{place}") if place is not None else "rowid::varchar"),
            {
                "column_name": column.name,
                "bit": 1 << bit,
                "missing": "missing_id" if column.name == recognised.template.key[0] else "missing_value",
                "unreadable": UNREADABLE.get(column.type, "missing_value"),
            },
        )
    for statement in future_dates(recognised.template):
        session.execute(statement, {"limit": limit})
    file = f"checks/{recognised.template.name}.sql"
    if file in names("checks"):
        check = read_sql(file)
        session.execute(f"insert into faults {check}", {"limit": limit} if "$limit" in check else None)


def _drop(
    session: Session, recognised: Recognised, salt: str
) -> tuple[list[tuple[int, int, str]], list[Warned]]:
    """(record, line, reason) of rows that are no facts by what their export says; their faults don't count.

    Rows that are deleted at their source stay, marked as such: they take what is known out of the facts.
    """
    cases = recognised.match.drop if recognised.match else ()
    found: dict[int, tuple[int, int, str]] = {}
    for said in cases:
        cells = [quote(f"c{recognised.folded.index(heading)}") for heading in said.headings]
        tests = " and ".join(
            f"list_contains($words, coalesce(cells.word(cells.known(stage.{cell})), ''))" for cell in cells
        )
        if said.reason == "deleted_row":
            retire_where(session, recognised.template, tests, said.words)
            continue
        rows = session.select(compose("staging/drop.sql", tests=tests), {"words": list(said.words)})
        for record, line in rows:
            found.setdefault(record, (record, line, said.reason))
    states = {
        recognised.places[column.name]: recognised.words.get(column.name, {})
        for column in recognised.template.columns
        if column.type == "choice"
        and column.name in recognised.places
        and column.name not in recognised.recipes
    }
    told = retire_deleted(session, recognised.header, recognised.template, states, salt)
    _remove(session, list(found))
    return list(found.values()), told


def _remove(session: Session, records: list[int]) -> None:
    """Takes records out that are no facts, with their faults."""
    if records:
        for table in ("faults", "typed_rows"):
            sql = f"delete from {table} where record in (select unnest($records))"  # noqa: S608
            session.execute(sql, {"records": records})


def _take_out(session: Session, dropped: list[tuple[int, int, str]]) -> None:
    session.insert("doubles", [(record, line, reason) for record, line, reason in dropped])


def _ask_identity(session: Session, name: str, recognised: Recognised) -> None:
    """Where rows are told apart by columns that are no identity, two different rows must not have the same ones."""
    if recognised.match is None or not recognised.match.made_id:
        return
    found = session.select("select min(line), count(*) from doubles where outcome = 'duplicate_id_conflict'")
    line, conflicts = found[0]
    if conflicts:
        key = recognised.template.key[0]
        advice = recognised.match.format.ask.get(key, "add a column with the record's id")
        raise AskError(
            [
                Question(
                    "no_id_column",
                    f"{name} has no column that identifies a row, and rows with the same "
                    f"{' and '.join(recognised.recipes[key].made_of)} differ (the first on line {line}): {advice}. Or "
                    "which columns together identify a row?",
                    "--mapping FILE that says 'generate_id: [Their column, Another]'",
                    column=key,
                )
            ],
            recognised.template.name,
            recognised.source,
        )
