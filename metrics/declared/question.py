"""A declaration → the one question that is asked of facts: portable SQL, values bound, split by any segment.

Names of tables and columns are those of the templates, quoted; words of a filter are bound. The same question is asked
on every engine, and its counts are kept and follow imports (`data.counts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count

from leadline.data.counts.store import Unit
from leadline.data.sql import filled, literal, quote
from leadline.data.templates import Template, templates
from leadline.metrics.declared.declaration import (
    Condition,
    Count,
    Declaration,
    Duration,
    Mean,
    Named,
    OwnEvent,
    Ratio,
    Rows,
    SameFirst,
    Share,
    Sum,
    Totals,
    ValuePerUnit,
)

SPLIT = ("text", "person", "choice")
"""types of the columns by which units are split; whatever else a row has is looked up among its attributes"""
WHOSE = "workflow"
UNNAMED = ("other", "cannotsay", "notasked")
"""what a coder marks where no promise is named"""
_AGE = (
    "greatest(date_diff('week', cast(date_trunc('week', unit.{at}) as date), "
    "cast(date_trunc('week', unit.{event_at}) as date)), 0)"
)


@dataclass(frozen=True)
class Asked:
    """A compiled declaration. sql: its rows with what was known by `$through`; counted: the same at its finest grain,
    for counts that are kept; as_of: how those are summed up (counts/as_of); unit: what adds up; values: bound."""

    sql: str
    counted: str
    as_of: str
    unit: Unit
    values: tuple[tuple[str, str | int], ...]


@cache
def asked(declaration: Declaration, by_segment: bool = True) -> Asked:
    """The question of a declaration; the same one for the same declaration, whoever asks. Without `by_segment` it is
    asked with an empty `$segment` alone, and rows need not be laid beside those that they belong to."""
    binding = Binding()
    match declaration:
        case Share():
            return _share(declaration, binding)
        case ValuePerUnit(of, event, amount):
            parts = (
                units_of(of, binding)
                | events_of(event, of, binding)
                | _amount("event", event.template, amount)
            )
            return _plain("value", parts, "values", "parent", binding)
        case Count():
            return _count(declaration, by_segment, binding)
        case Mean(of, amount) | Sum(of, amount):
            parts = units_of(of, binding, "key") | _amount("unit", of.template, amount)
            return _plain("mean", parts, "means", "row", binding)
        case Duration(of, to):
            parts = units_of(of, binding, "key") | {"to": quote(to)}
            return _plain("duration", parts, "durations", "row", binding)
        case Named():
            return _named(declaration, binding)
        case SameFirst():
            return _same_first(declaration, binding)
        case Ratio():
            raise ValueError("a ratio is two questions, one of its sum and one of what it is for each of")


def lacking(amount: Sum | Duration) -> Asked:
    """The question of how many rows lack an amount, and of how many it is below 0; of times, which are below 0 where
    they end before they begin."""
    binding = Binding()
    if isinstance(amount, Sum):
        return _plain("lacking", _summed(amount, binding), "lacking", "row", binding)
    of = amount.of
    parts = {
        "template": quote(of.template),
        "at": quote(of.at),
        "where": _where("unit", of, binding),
        "amount": f"date_diff('second', unit.{quote(of.at)}, unit.{quote(amount.to)})",
    }
    return _plain("lacking", parts, "lacking", "row", binding)


def currencies_of(amount: Sum) -> tuple[str, dict[str, object]]:
    """The question of the currencies in which amounts are; and what is bound in it."""
    binding = Binding()
    parts = _summed(amount, binding)
    currency = _amount("unit", amount.of.template, amount.amount)["currency"]
    return formed("currencies", currency=currency, **parts), dict(binding.values)


def _summed(amount: Sum, binding: Binding) -> dict[str, str]:
    of = amount.of
    return {
        "template": quote(of.template),
        "at": quote(of.at),
        "where": _where("unit", of, binding),
        "amount": f"unit.{quote(amount.amount)}",
    }


def words_of(template: str, column: str, *, of_workflow: bool = False) -> tuple[str, dict[str, object]]:
    """The question of the words that stand in a column of a template, or in an attribute, in all rows or in those of
    `$workflow`; and what is bound in it."""
    binding = Binding()
    value = _value("unit", template, column, binding)
    where = " and unit.workflow = $workflow" if of_workflow else ""
    return formed("words", value=value, template=quote(template), where=where), dict(binding.values)


def matching(rows: Rows, of: Rows | None = None) -> tuple[str, dict[str, object]]:
    """The question of how many rows of a template each workflow has, and how many are counted; and what is bound in it.
    `of`: the units that the rows are events of, and whose workflow is theirs."""
    binding = Binding()
    where, parent = _where("unit", rows, binding), ""
    if of is not None:
        parent = _joined(templates()[of.template], link(rows.template, of.template))
    whose = "parent" if parent else "unit"
    sql = formed("matching", whose=whose, where=where, template=quote(rows.template), parent=parent)
    return sql, dict(binding.values)


def backwards(of: Rows, to: str) -> tuple[str, dict[str, object]]:
    """The question of how many rows of `$workflow` have both times, how many the second first; and what is bound."""
    binding = Binding()
    parts = {"template": quote(of.template), "at": quote(of.at), "to": quote(to)}
    return formed("backwards", where=_where("unit", of, binding), **parts), dict(binding.values)


def _plain(form: str, parts: dict[str, str], as_of: str, unit: Unit, binding: Binding) -> Asked:
    """Counted as it is asked."""
    sql = formed(form, **parts)
    return Asked(sql, sql, as_of, unit, binding.values)


class Binding:
    """Names for the words that are bound, in the order in which they are needed."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._values: dict[str, str | int] = {}

    def name(self, value: str) -> str:
        name = f"word_{next(self._numbers)}"
        self._values[name] = value
        return f"${name}"

    def minutes(self, value: int) -> str:
        self._values["minutes"] = value
        return "$minutes"

    @property
    def values(self) -> tuple[tuple[str, str | int], ...]:
        return tuple(self._values.items())


def _named(named: Named, binding: Binding) -> Asked:
    """What is named stands in a row in words of a coder's: 'One source', 'one_source' and 'one-source' are one id."""
    if named.promises:
        marks = (f"named like {binding.name(f'%;{as_marked(one)};%')}" for one in named.promises)
        is_named = " or ".join(marks)
    else:
        bare = "named"
        for word in UNNAMED:
            bare = f"replace({bare}, ';{word};', ';')"
        is_named = f"replace({bare}, ';', '') <> ''"
    parts = units_of(named.of, binding) | {"coded": _coded(named, binding), "is_named": is_named}
    return _plain("named", parts, "rates", "parent", binding)


def _same_first(same: SameFirst, binding: Binding) -> Asked:
    if same.promises:
        marks = ", ".join(binding.name(as_marked(one)) for one in same.promises)
        promise = f"case when first_named in ({marks}) then first_named else '' end"
    else:
        unnamed = ", ".join(literal(word) for word in UNNAMED)
        promise = f"case when first_named in ({unnamed}) then '' else first_named end"
    parts = units_of(same.of, binding) | {"coded": _coded(same, binding), "promise": promise}
    return _plain("same_first", parts, "rates", "parent", binding)


def _coded(named: Named | SameFirst, binding: Binding) -> str:
    return formed(
        "coded",
        codes=quote(named.codes.template),
        coded_at=quote(named.codes.at),
        link=quote(link(named.codes.template, named.of.template)),
        codes_where=_where("code", named.codes, binding),
        first=_as_marked("code." + quote("first")),
        others=_as_marked("code." + quote("others")),
    )


def _as_marked(column: str) -> str:
    found = f"lower({column})"
    for sign in ",|/":
        found = f"replace({found}, '{sign}', ';;')"
    for sign in " _-.":
        found = f"replace({found}, '{sign}', '')"
    return f"replace({found}, ';', ';;')"


def as_marked(promise: str) -> str:
    """What two spellings of a promise's id have in common."""
    return promise.casefold().translate(dict.fromkeys(map(ord, " _-.")))


def _share(share: Share, binding: Binding) -> Asked:
    of, event = share.of, share.event
    if isinstance(event, Rows):
        parts = units_of(of, binding) | {"happened": happened(event, of, binding)}
        return _plain("event_elsewhere", parts, "rates", "parent", binding)
    return _own_event(of, event, share.totals, binding)


def _own_event(of: Rows, event: OwnEvent, totals: Totals | None, binding: Binding) -> Asked:
    column = f"unit.{quote(event.column)}"
    unless = "".join(
        f" and not coalesce({met('unit', of.template, one, binding)}, false)" for one in event.unless
    )
    parts = units_of(of, binding, "key")
    known = f"cast({column} as date) <= $through"
    age = _AGE.format(at=quote(of.at), event_at=quote(event.column))
    if event.word is not None:
        happened, age = met("unit", of.template, Condition(event.column, (event.word,)), binding), "0"
        parts["where"] += f" and {column} is not null"
        known = happened
    elif event.within_minutes is not None:
        minutes = binding.minutes(event.within_minutes)
        soon = f"{column} <= unit.{quote(of.at)} + to_minutes(cast({minutes} as bigint))"
        known, age = (f"{known} and {soon}", age) if event.weeks_to_come else (soon, "0")
    parts |= {"happened": known + unless, "age": age}
    if (voter := templates()[of.template].voter) is not None and event.word is not None:
        return _plain("voted", parts | _voted(templates()[of.template], voter), "rates", "row", binding)
    if not of.recorded and totals is None:
        return _plain("own_event", parts, "rates", "row", binding)
    recorded = quote((*of.recorded, of.at)[0])
    asked, counted = (
        formed(form, recorded=recorded, totals=_totals(totals, role), **parts)
        for form, role in (
            ("own_event_where_recorded", ""),
            ("own_event_where_recorded_counted", "'totals' as role, "),
        )
    )
    return Asked(asked, counted, "rates_where_recorded", "row", binding.values)


def is_voted(declaration: Declaration) -> bool:
    """Whether most of several rows decide what is counted: a later one may change what an earlier week is told."""
    match declaration:
        case Share(of, OwnEvent(word=str())):
            return templates()[of.template].voter is not None
        case _:
            return False


def _voted(template: Template, voter: str) -> dict[str, str]:
    """thing: what rows judge together; first: the order in which they do."""
    thing = ", ".join(f"unit.{quote(name)}" for name in template.key if name != voter)
    return {"thing": thing, "voter": quote(voter)}


def _totals(totals: Totals | None, role: str) -> str:
    if totals is None:
        return ""
    columns = [f"unit.{quote(name)}" for name in totals.units]
    units = columns[0] if len(columns) == 1 else f"coalesce({', '.join(columns)})"
    return "\n" + formed(
        "totals",
        role=role,
        segment=_segment(templates()[totals.template]),
        at=quote(totals.at),
        events=quote(totals.events),
        units=units,
        template=quote(totals.template),
    )


def _count(counted: Count, by_segment: bool, binding: Binding) -> Asked:
    of = counted.of
    if (units := counted.first_of) is not None:
        parts = units_of(units, binding) | {"happened": happened(of, units, binding)}
        return _plain("first_count", parts, "volumes", "parent", binding)
    template = templates()[of.template]
    parts = units_of(of, binding, "key") | {"parent": ""}
    if not by_segment or template.parent is None or template.segments:
        return _plain("count", parts, "volumes", "row", binding)
    name, column = template.parent
    parent = templates()[name]
    parts["segment"] = _segment(template, parent)
    parts["parent"] = _joined(parent, column)
    return _plain("count", parts, "volumes", "joined", binding)


def _joined(parent: Template, column: str) -> str:
    """What lays rows beside those that they name in a column."""
    return f"\nleft join facts.{quote(parent.name)} as parent on unit.{quote(column)} = parent.{quote(parent.key[0])}"


def units_of(of: Rows, binding: Binding, *without: str) -> dict[str, str]:
    template = templates()[of.template]
    parts = {
        "template": quote(of.template),
        "key": quote(template.key[0]),
        "at": quote(of.at),
        "segment": _segment(template),
        "where": _where("unit", of, binding),
    }
    return {name: part for name, part in parts.items() if name not in without}


def events_of(event: Rows, of: Rows, binding: Binding) -> dict[str, str]:
    return {
        "event_template": quote(event.template),
        "event_at": quote(event.at),
        "link": quote(link(event.template, of.template)),
        "event_where": _where("event", event, binding),
    }


def happened(event: Rows, of: Rows, binding: Binding) -> str:
    """The units that have an event, and the day of their first one."""
    return formed("happened", **events_of(event, of, binding))


def link(child: str, parent: str) -> str:
    """The column by which rows of a template name the units of another. Raises KeyError where none does."""
    return next(column for column, name in templates()[child].links.items() if name == parent)


def _amount(alias: str, template: str, name: str) -> dict[str, str]:
    described = templates()[template].column(name)
    digits = 2 if described is not None and described.type == "money" else 4
    has_currency = digits == 2 and templates()[template].column("currency") is not None
    return {
        "amount_column": quote(name),
        "amount": f"cast({alias}.{quote(name)} as decimal(18, {digits}))",
        "currency": f"{alias}.{quote('currency')}" if has_currency else "cast(null as varchar)",
    }


def _where(alias: str, rows: Rows, binding: Binding) -> str:
    return "".join(f" and {met(alias, rows.template, one, binding)}" for one in rows.where)


def met(alias: str, template: str, condition: Condition, binding: Binding) -> str:
    """Whether a condition holds; null where nothing stands in its column."""
    value = _value(alias, template, condition.column, binding)
    column = templates()[template].column(condition.column)
    if column is not None and column.type == "boolean":
        if len(condition.words) > 1:
            return f"{value} is not null"
        return value if condition.words == ("yes",) else f"not {value}"
    words = [binding.name(word) for word in condition.words]
    return f"{value} = {words[0]}" if len(words) == 1 else f"{value} in ({', '.join(words)})"


def _value(alias: str, template: str, name: str, binding: Binding) -> str:
    """What stands in a column, or in an attribute where the template has no such column."""
    if templates()[template].column(name) is None:
        return f"{alias}.attributes[{binding.name(name)}]"
    return f"{alias}.{quote(name)}"


def _segment(template: Template, parent: Template | None = None) -> str:
    """The value of `$segment` of a unit; a row that belongs to another has the other's first, but its own column before
    nothing."""
    found = "".join(f" when {literal(name)} then {value}" for name, value in _split(template, parent))
    attribute = "unit.attributes[$segment]"
    if parent is not None:
        attribute = f"coalesce(parent.attributes[$segment], {attribute})"
    return f"coalesce(case $segment when '' then 'all'{found} else {attribute} end, 'unknown')"


def _split(template: Template, parent: Template | None) -> Iterator[tuple[str, str]]:
    own = _columns(template)
    theirs = _columns(parent) if parent is not None else []
    for name in dict.fromkeys([*theirs, *own]):
        values = [
            f"{alias}.{quote(name)}" for alias, names in (("parent", theirs), ("unit", own)) if name in names
        ]
        yield name, values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _columns(template: Template) -> list[str]:
    """Whatever tells many rows apart: of identities those of neither the row nor the one that it belongs to."""
    own = {*template.key, *(template.parent or ())[1:]}
    return [
        column.name
        for column in template.columns
        if (column.type in SPLIT or (column.type == "id" and column.name not in own))
        and not column.helper
        and column.name != WHOSE
    ]


def formed(name: str, **parts: str) -> str:
    return filled(_text(name), **parts)


@cache
def _text(name: str) -> str:
    """The text of a form, without what it says of itself: it may stand within another."""
    text = files(__package__).joinpath("forms", f"{name}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")) + "\n"
