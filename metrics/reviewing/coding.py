"""Which conversations one coder reads next: a random sample of each week, whose account and week stay hidden.

A share of them is coded by a second person, blind; where two differ in what was named first, a third settles it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.charter_terms import Charter, Reviewing
from leadline.metrics.reviewing.agreement import WEEKS, verdicts
from leadline.metrics.reviewing.draw import (
    AGAIN_AFTER,
    AGAIN_SHARE,
    AGAIN_WITHIN,
    WEEKS_BACK,
    first_name,
    folded,
    is_again,
    is_twice,
    last_monday,
    luck,
)
from leadline.metrics.sql import read_sql
from leadline.metrics.statistics.agreement import Alpha, krippendorff_alpha
from leadline.metrics.statistics.misclassification import Corrected, corrected

DEFAULT = Reviewing(())
"""how many, and how many twice, where a charter agrees on promises and not on reviewing"""

NO_PROMISE = frozenset(("", "cannot-say", "other", "not-asked"))
"""marks that name none"""


@dataclass(frozen=True)
class Note:
    """The notes of one conversation."""

    conversation_id: str
    week: dt.date
    """the Monday of its week; not shown to a coder"""
    text: str
    is_again: bool = False
    """its coder has coded it before, weeks ago; not shown either"""


@dataclass(frozen=True)
class Code:
    """What one coder found named first: a promise's id, 'other', 'cannot-say' or 'not-asked'."""

    conversation_id: str
    coder: str
    first: str


@dataclass(frozen=True)
class Coding:
    """What waits for one coder, in the order in which it is shown, and how far everybody has come."""

    notes: tuple[Note, ...]
    planned: int
    """conversations of the last complete week that are to be coded"""
    coded: int
    """of those, coded by somebody"""
    overdue: int
    """conversations of the weeks before it that nobody has coded"""


@dataclass(frozen=True)
class Named:
    """What buyers named first lately, by most of a conversation's coders: how often each, and how well coders agree."""

    often: tuple[tuple[str, int], ...]
    agreement: Alpha
    corrected: Corrected | None = None
    """the share that names a promise first, without the coders' errors; None where too few were read by two"""


def planned_notes(warehouse: Warehouse, workflow: str, agreed: Reviewing, today: dt.date) -> tuple[Note, ...]:
    """The conversations to be coded, of the last WEEKS_BACK complete weeks, oldest first."""
    last = last_monday(today)
    rows = warehouse.select(
        read_sql("reviewing/conversations.sql"),
        {
            "workflow": workflow,
            "first": last - dt.timedelta(weeks=WEEKS_BACK - 1),
            "last": last + dt.timedelta(days=6),
            "a_week": agreed.a_week,
        },
    )
    return tuple(Note(*row) for row in rows)


def coding(
    warehouse: Warehouse,
    charter: Charter,
    coder: str,
    today: dt.date,
    written: Iterable[Code] = (),
    notes: tuple[Note, ...] | None = None,
) -> Coding:
    """What waits for `coder`. written: codes that have not landed yet, of anybody; notes: the planned ones."""
    agreed = charter.reviewing or DEFAULT
    if notes is None:
        notes = planned_notes(warehouse, charter.workflow, agreed, today)
    said: dict[str, dict[str, str]] = {note.conversation_id: {} for note in notes}
    rows = warehouse.select(read_sql("reviewing/codes.sql"), {"conversations": [*said]})
    told = [*(Code(*row) for row in rows), *written]
    for one in told:
        if one.conversation_id in said and not is_again(one.coder):
            said[one.conversation_id][folded(one.coder)] = folded(one.first)
    me, newest = folded(coder), last_monday(today)
    waiting = [note for note in notes if _waits(said[note.conversation_id], note, agreed, me)]
    # those that others have begun come first: until they are settled they count by who was first
    waiting.sort(key=lambda note: (not said[note.conversation_id], note.week, luck(me, note.conversation_id)))
    done = {one.conversation_id for one in told if is_again(one.coder) and first_name(one.coder) == me}
    for note in old_notes(warehouse, charter.workflow, agreed, me, today):
        if note.conversation_id not in done:  # between the others, so that nobody can tell
            waiting.insert(int(luck(me, "place", note.conversation_id) * (len(waiting) + 1)), note)
    lately = [note for note in notes if note.week == newest]
    return Coding(
        tuple(waiting),
        planned=len(lately),
        coded=sum(bool(said[note.conversation_id]) for note in lately),
        overdue=sum(not said[note.conversation_id] for note in notes if note.week < newest),
    )


def old_notes(
    warehouse: Warehouse, workflow: str, agreed: Reviewing, coder: str, today: dt.date
) -> tuple[Note, ...]:
    """What `coder` (folded) coded long ago and is asked again this week: whether they still see the same."""
    monday = today - dt.timedelta(days=today.weekday())
    rows = warehouse.select(
        read_sql("reviewing/again.sql"),
        {
            "workflow": workflow,
            "coder": coder,
            "first": monday - dt.timedelta(weeks=AGAIN_WITHIN),
            "last": monday - dt.timedelta(weeks=AGAIN_AFTER),
            "monday": monday,
            "most": math.ceil(AGAIN_SHARE * agreed.a_week),
        },
    )
    return tuple(Note(name, week, words, True) for name, week, words, again_on in rows if again_on is None)


def _waits(said: dict[str, str], note: Note, agreed: Reviewing, me: str) -> bool:
    if me in said:
        return False
    match [*said.values()]:
        case []:
            return True
        case [_]:
            return is_twice(note.conversation_id, agreed.second_review)
        case [one, other]:
            return one != other
        case _:
            return False


def named_lately(warehouse: Warehouse, charter: Charter, as_of: dt.date) -> Named:
    """What buyers named first in the conversations that were coded in the last half year, most often first."""
    first = as_of - dt.timedelta(weeks=WEEKS)
    said: dict[str, list[str]] = {}
    for one in verdicts(warehouse, charter.workflow, "coded", as_of):
        if one.on > first and not is_again(one.by):
            said.setdefault(one.item, []).append(marked(one.said))
    often = Counter(Counter(each).most_common(1)[0][0] for each in said.values())
    promises = {marked(one.id) for one in charter.positioning}
    asked = sum(many for mark, many in often.items() if mark != "not-asked")
    share = sum(many for mark, many in often.items() if mark in promises) / asked if asked else 0.0
    named = ([mark in promises for mark in each] for each in said.values() if "not-asked" not in each)
    agreement = krippendorff_alpha(said.values())
    return Named(tuple(often.most_common()), agreement, corrected(share, asked, named))


def marked(words: str) -> str:
    """What a coder marked, in one spelling."""
    return folded(words).replace("_", "-").replace(" ", "-")
