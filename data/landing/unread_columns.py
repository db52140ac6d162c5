"""Columns that count and that no column of the file feeds, beside unread ones with values of their kind.

A heading that names the column nearly, such as 'Won time', is asked; one that only holds days or amounts is told. So is
one that names the channel or a moment that need not be known.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from leadline.data.database.session import Session
from leadline.data.exports.recognition.entities import says_identity
from leadline.data.exports.recognition.questions import as_key
from leadline.data.exports.recognition.suggestions import MISSING, Seen, may_feed, says_column
from leadline.data.landing.fold import Spoken
from leadline.data.landing.known_identities import EXAMPLES, MOST, Finding
from leadline.data.sql import quote
from leadline.data.templates import Column, Template, fold, kind_words

LONGEST_AMOUNT = 8
"""digits of a whole number that may be an amount where each stands once; more are a name's"""
_WORD = re.compile(r"[^\W_]+")
LARGEST_SHARE = 100
"""up to which whole numbers may be percentages, days or counts of things"""


def look_at_unread_columns(
    session: Session, template: Template, spoken: Spoken, unread: Sequence[Seen]
) -> Iterator[Finding]:
    """`unread`: the columns of the file that feed none of ours."""
    for column in uncounted(template, spoken):
        if rows := _rows_that_need(session, column):
            may_be = [one for one in unread if _may_be(template, column, one)]
            if may_be:
                yield _finding(template, column, rows, may_be)


def look_at_hints(template: Template, spoken: Spoken, unread: Sequence[Seen]) -> Iterator[Finding]:
    """Columns that a row may do without and whose words the heading of an unread column has: 'Answered on'."""
    told_of: set[str] = set()
    for column in sorted(template.columns, key=lambda column: column.type not in ("choice", "boolean")):
        if column.name in spoken.columns or column.helper or column.required != "no" or column.counts_for:
            continue
        may_be = (one for one in unread if one.filled and one.heading not in told_of)
        one = next((one for one in may_be if _is_hint(template, column, one)), None)
        if one is not None:
            told_of.add(one.heading)
            shown = ", ".join(one.examples[:EXAMPLES])
            told = f"No column is read as {column.name}; {one.heading!r} ({shown}) "
            yield Finding("unread_column", told + _advice(column, one), None)


def _advice(column: Column, one: Seen) -> str:
    answer = f"land the file with --mapping FILE that says '{as_key(one.heading)}: {column.name}'"
    match column.type:
        case "choice" | "boolean":
            return f"may say it. If it does, {answer} and under 'values' what its words mean."
        case "count":
            return f"may be it. If it counts each recipient once, {answer}; else export {column.name} itself."
        case "time" if one.look != "time":
            return f"says something of it that is no moment; export {column.name} itself."
        case _:
            return f"may be it. If it is, {answer}."


def _is_hint(template: Template, column: Column, one: Seen) -> bool:
    is_hint = fold(one.heading) in column.hints  # 'No-show' is no number
    if (says_identity(one.heading) and not is_hint) or fold(one.heading) in template.marks:
        return False
    if column.type == "time" and may_feed(column, one) and says_column(column, one):
        return True
    heading = f" {' '.join(re.findall(_WORD, fold(one.heading)))} "
    if not any(f" {hint} " in heading for hint in column.hints):
        return False
    match column.type:
        case "time":
            return one.look == "yes or no" or may_feed(column, one)
        case "choice" | "boolean":
            return one.look in ("yes or no", "words")
        case "count":
            return may_feed(column, one) and one.look in ("number", "identity")
        case _:
            return one.look == "words"


def uncounted(template: Template, spoken: Spoken) -> tuple[Column, ...]:
    """Columns that metrics count by and that the import says nothing of."""
    return tuple(
        column
        for column in template.columns
        if (column.counts_for or column.type == "money") and column.name not in spoken.columns
    )


def _rows_that_need(session: Session, column: Column) -> int:
    if column.counts_for is None:
        return int(session.select("select count(*) from typed_rows")[0][0])
    choice, words = column.counts_for
    sql = f"select count(*) from typed_rows where list_contains($words, {quote(choice)})"  # noqa: S608
    return int(session.select(sql, {"words": list(words)})[0][0])


def _may_be(template: Template, column: Column, one: Seen) -> bool:
    if one.filled == 0 or says_identity(one.heading) or not may_feed(column, one):
        return False
    if says_column(column, one):
        return True
    return one.filled > MOST and fold(one.heading) not in template.marks and _is_of_its_kind(column, one)


def _is_of_its_kind(column: Column, one: Seen) -> bool:
    """Whether cells alone speak for it: any days; numbers that are no percentages, days or running numbers."""
    if column.type == "time":
        return True
    if one.look == "identity" and column.type == "money":
        return not _is_numbered(one)
    cells = [cell for cell in one.cells if cell.lower() not in MISSING]
    is_small = all(cell.isdigit() and int(cell) <= LARGEST_SHARE for cell in cells)
    return one.look == "number" and not is_small and not any("%" in cell for cell in cells)


def _is_numbered(one: Seen) -> bool:
    """Whether whole numbers that stand once each name rows: they are long, or count from the first one on."""
    numbers = sorted(int(cell) for cell in one.cells if cell.isdecimal() and len(cell) <= LONGEST_AMOUNT)
    are_running = all(after - before == 1 for before, after in itertools.pairwise(numbers))
    return len(numbers) < one.filled * len(one.cells) or (are_running and numbers[0] <= LARGEST_SHARE)


def _finding(template: Template, column: Column, rows: int, may_be: Sequence[Seen]) -> Finding:
    named = [one for one in may_be if says_column(column, one) and fold(one.heading) not in template.marks]
    shown = (named or may_be)[:EXAMPLES]
    headings = " and ".join(f"{one.heading!r} ({', '.join(one.examples[:EXAMPLES])})" for one in shown)
    holds = "holds" if len(shown) == 1 else "hold"
    kind = "days" if column.type == "time" else "numbers"
    them = f"{rows:,} {template.one if rows == 1 else kind_words(template.name)}"
    told = (
        f"No column is read as {column.name}, by which {them} should count; {headings} {holds} {kind} and "
        f"{'is' if len(shown) == 1 else 'are'} not read."
    )
    answer = f"mapping FILE that says '{as_key(shown[0].heading)}: {column.name}'"
    if any("micro" in fold(one.heading) for one in shown):
        return Finding("unread_column", f"{told} Export {column.name} in whole units of its currency.", None)
    if named:
        return Finding("unread_column", f"{told} Is {column.name} really unknown?", f"--{answer}")
    return Finding("unread_column", f"{told} If it is {column.name}, land the file with --{answer}.", None)
