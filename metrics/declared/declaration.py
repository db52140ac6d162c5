"""What a metric counts, in the words of the templates: which rows are its units, and what must come of them.

Share     units that enter, of which some have an event: in a column of their own, or in rows that name them
Value     the same, of which the amounts of the events are summed
Count     rows that happen in a week
Mean      an amount of the units that enter in a week
Duration  the time from one moment of a unit to another; units still waiting count as waiting
Sum       an amount of the rows of a week, summed
Ratio     such a sum for each of what happens in a week, or for each of another sum
Named     conversations in whose codes an agreed promise is named, of those in which buyers were asked
SameFirst pairs of those who were asked in a week, of which some name the same promise first
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, is_dataclass, replace

from leadline.data.templates import templates

TOTALS_OF = {"emails": "campaigns"}
"""units → the template whose rows hold many of them at once"""
DAY_MINUTES = 24 * 60
WAITING_WEEKS = 4
"""for so long the end of a duration is waited for"""


@dataclass(frozen=True)
class Condition:
    """Rows in which a column, or an attribute that is kept beside the columns, holds one of some words."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """Rows of a template by the day of one of its times."""

    template: str
    at: str
    where: tuple[Condition, ...] = ()
    recorded: tuple[str, ...] = ()
    """times of which the first that a workflow's rows have at all says which of them count"""


@dataclass(frozen=True)
class OwnEvent:
    """An event that stands in the unit's own row: a time, or a column that holds one word."""

    column: str
    word: str | None = None
    """of a column that is no time; units without anything in it are left out"""
    unless: tuple[Condition, ...] = ()
    within_minutes: int | None = None
    """of a time: only so soon; what may take less than a day is known in the week of entry"""

    @property
    def weeks_to_come(self) -> int:
        """Weeks after that of entry in which it may still come in time, where that is said in minutes."""
        minutes = self.within_minutes or 0
        return -(-minutes // (7 * DAY_MINUTES)) if minutes >= DAY_MINUTES else 0


@dataclass(frozen=True)
class Totals:
    """Rows that hold many units at once, with the number of those that had the event."""

    template: str
    at: str
    units: tuple[str, ...]
    """columns of which the first that is filled is the number of units"""
    events: str


@dataclass(frozen=True)
class Share:
    of: Rows
    event: OwnEvent | Rows
    totals: Totals | None = None


@dataclass(frozen=True)
class ValuePerUnit:
    of: Rows
    event: Rows
    amount: str


@dataclass(frozen=True)
class Count:
    of: Rows
    first_of: Rows | None = None
    """the units of which only the first such row counts, no later than the metric's horizon"""


@dataclass(frozen=True)
class Mean:
    of: Rows
    amount: str


@dataclass(frozen=True)
class Duration:
    of: Rows
    to: str
    """from `of.at` to this time"""


@dataclass(frozen=True)
class Sum:
    of: Rows
    amount: str


@dataclass(frozen=True)
class Ratio:
    sum: Sum
    per: Count | Sum


@dataclass(frozen=True)
class Named:
    of: Rows
    codes: Rows
    """what coders found in them"""
    promises: tuple[str, ...] = ()
    """ids of the charter's positioning; without any, whatever is named counts"""


@dataclass(frozen=True)
class SameFirst:
    of: Rows
    codes: Rows
    whose: str
    """the column that says whose answer it is; one of them counts once a week"""
    promises: tuple[str, ...] = ()
    """as of `Named`"""


Declaration = Share | ValuePerUnit | Count | Mean | Duration | Sum | Ratio | Named | SameFirst


def in_charter(declaration: Declaration, promises: tuple[str, ...]) -> Declaration:
    """What it counts in a workflow whose charter says what buyers should be able to say."""
    if isinstance(declaration, Named | SameFirst):
        return replace(declaration, promises=promises)
    return declaration


def templates_of(declaration: Declaration) -> tuple[str, ...]:
    """The templates whose rows it rests on, that of the units first."""
    match declaration:
        case Share(of, Rows() as event) | ValuePerUnit(of, event) | Named(of, event) | SameFirst(of, event):
            return of.template, event.template
        case Count(of, Rows() as first_of):
            return first_of.template, of.template
        case Ratio(total, per):
            return tuple(dict.fromkeys((total.of.template, per.of.template)))
        case _:
            return (declaration.of.template,)


def rows_of(declaration: Declaration) -> dict[Rows, Rows | None]:
    """The rows it counts; events with the units that they belong to."""
    match declaration:
        case Share(of, Rows() as event) | ValuePerUnit(of, event) | Named(of, event) | SameFirst(of, event):
            return {of: None, event: of}
        case Ratio(total, Count(of, Rows() as first_of)):
            return {total.of: None, first_of: None, of: first_of}
        case Ratio(total, per):
            return {total.of: None, per.of: None}
        case Count(of, Rows() as first_of):
            return {first_of: None, of: first_of}
        case _:
            return {declaration.of: None}


def times_of(declaration: Declaration) -> tuple[Rows, str] | None:
    """The units whose own times it measures between, and the second of the two."""
    match declaration:
        case Duration(of, to) | Share(of, OwnEvent(to, None)):
            return of, to
        case _:
            return None


def amounts_of(declaration: Declaration) -> tuple[Sum, ...]:
    """The amounts that it is made of."""
    match declaration:
        case ValuePerUnit(event=rows, amount=amount) | Mean(rows, amount) | Sum(rows, amount):
            return (Sum(rows, amount),)
        case Ratio(total, per):
            return (total, per) if isinstance(per, Sum) else (total,)
        case _:
            return ()


def delay_of(ratio: Ratio) -> Share | None:
    """Which of the units that a ratio's events belong to have come to one, by weeks since; None where they are of
    their own."""
    if isinstance(ratio.per, Sum):
        return None
    events, units = ratio.per.of, ratio.per.first_of
    parent = templates()[events.template].parent
    if units is None and parent is not None:
        units = Rows(parent[0], templates()[parent[0]].moment[0])
    return None if units is None else Share(units, events)


def minutes_of(declaration: Declaration) -> int | None:
    """Within how many minutes of entry its event counts."""
    match declaration:
        case Share(event=OwnEvent(within_minutes=minutes)):
            return minutes
        case _:
            return None


def with_minutes(declaration: Declaration, minutes: int | None) -> Declaration:
    """The same with other minutes, where it has them."""
    match declaration:
        case Share(event=OwnEvent(within_minutes=int()) as event) if minutes is not None:
            return replace(declaration, event=replace(event, within_minutes=minutes))
        case _:
            return declaration


def told_plainly(part: object) -> object:
    """A declaration, or a part of one, as JSON values; what is as it would be unsaid is left out, so that a form that
    grows says of the same declaration the same."""
    if is_dataclass(part) and not isinstance(part, type):
        said = {
            field.name: told_plainly(getattr(part, field.name))
            for field in fields(part)
            if field.default is MISSING or getattr(part, field.name) != field.default
        }
        return {"form": type(part).__name__, **said}
    return [told_plainly(each) for each in part] if isinstance(part, tuple) else part


def needs_horizon(declaration: Declaration) -> bool:
    """Whether somebody must say how long an event counts: nothing else bounds how long it may take."""
    match declaration:
        case Share(event=Rows()) | ValuePerUnit():
            return True
        case Share(event=OwnEvent(word=None, within_minutes=None)):
            return True
        case Count(first_of=Rows()) | Ratio(per=Count(first_of=Rows())):
            return True
        case _:
            return False


def has_horizon(declaration: Declaration) -> bool:
    """Whether anything of it comes later, so that it matters how long that counts."""
    match declaration:
        case Ratio():
            return delay_of(declaration) is not None
        case Share(event=OwnEvent(word=word, within_minutes=minutes)):
            return word is None and minutes is None
        case Count(first_of=units):
            return units is not None
        case Mean() | Sum() | Named() | SameFirst():
            return False
        case Share() | ValuePerUnit() | Duration():
            return True


def default_horizon(declaration: Declaration) -> int:
    """Weeks where nobody says them: those that a unit may wait, those in which an event may still come in time, or the
    week of entry."""
    match declaration:
        case Duration():
            return WAITING_WEEKS
        case Share(event=OwnEvent() as event):
            return event.weeks_to_come
        case _:
            return 0


def entity_of(declaration: Declaration) -> str:
    """What its units are called where nobody says it, plural."""
    if isinstance(declaration, Ratio):
        return declaration.per.amount if isinstance(declaration.per, Sum) else entity_of(declaration.per)
    of = declaration.first_of or declaration.of if isinstance(declaration, Count) else declaration.of
    return "e-mails" if of.template == "emails" else of.template.replace("_", " ")
