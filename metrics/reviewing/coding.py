"""Which conversations one coder reads next: a random sample of each week, whose account and week stay hidden.

A share of them is coded by a second person, blind; where two differ in what was named first, a third settles it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.metrics.charter_terms import Charter, Reviewing
from leadline.metrics.reviewing.agreement import WEEKS, verdicts
from leadline.metrics.reviewing.draw import WEEKS_BACK, folded, is_twice, last_monday, luck
from leadline.metrics.sql import read_sql
from leadline.metrics.statistics.agreement import Alpha, krippendorff_alpha

DEFAULT = Reviewing(())
"""how many, and how many twice, where a charter agrees on promises and not on reviewing"""


@dataclass(frozen=True)
class Note:
    """The notes of one conversation."""

    conversation_id: str
    week: dt.date
    """the Monday of its week; not shown to a coder"""
    text: str


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
    for one in (*(Code(*row) for row in rows), *written):
        if one.conversation_id in said:
            said[one.conversation_id][folded(one.coder)] = folded(one.first)
    me, newest = folded(coder), last_monday(today)
    waiting = [note for note in notes if _waits(said[note.conversation_id], note, agreed, me)]
    # those that others have begun come first: until they are settled they count by who was first
    waiting.sort(key=lambda note: (not said[note.conversation_id], note.week, luck(me, note.conversation_id)))
    lately = [note for note in notes if note.week == newest]
    return Coding(
        tuple(waiting),
        planned=len(lately),
        coded=sum(bool(said[note.conversation_id]) for note in lately),
        overdue=sum(not said[note.conversation_id] for note in notes if note.week < newest),
    )


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


def named_lately(warehouse: Warehouse, workflow: str, as_of: dt.date) -> Named:
    """What buyers named first in the conversations that were coded in the last half year, most often first."""
    first = as_of - dt.timedelta(weeks=WEEKS)
    said: dict[str, list[str]] = {}
    for one in verdicts(warehouse, workflow, "coded", as_of):
        if one.on > first:
            said.setdefault(one.item, []).append(marked(one.said))
    often = Counter(Counter(each).most_common(1)[0][0] for each in said.values())
    return Named(tuple(often.most_common()), krippendorff_alpha(said.values()))


def marked(words: str) -> str:
    """What a coder marked, in one spelling."""
    return folded(words).replace("_", "-").replace(" ", "-")
