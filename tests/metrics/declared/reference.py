"""A declaration counted row by row in plain Python, slowly: what the compiled question must say too."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from leadline.data.templates import templates
from leadline.metrics.declared.declaration import (
    Condition,
    Count,
    Declaration,
    Duration,
    Mean,
    OwnEvent,
    Rows,
    Share,
    Sum,
    Totals,
    ValuePerUnit,
)

Fact = Mapping[str, Any]
Facts = Mapping[str, Sequence[Fact]]
Counted = dict[tuple[Any, ...], tuple[Any, ...]]


def monday(moment: dt.datetime) -> dt.date:
    day = moment.date()
    return day - dt.timedelta(days=day.weekday())


def age(of: dt.datetime, event: dt.datetime) -> int:
    return max((monday(event) - monday(of)).days // 7, 0)


def met(fact: Fact, condition: Condition) -> bool:
    value = fact[condition.column] if condition.column in fact else fact["attributes"].get(condition.column)
    if isinstance(value, bool):
        return value is (condition.words == ("yes",))
    return value in condition.words


def rows(facts: Facts, of: Rows | Totals, workflow: str | None, through: dt.date) -> Iterator[Fact]:
    where = of.where if isinstance(of, Rows) else ()
    for fact in facts[of.template]:
        if workflow is not None and fact["workflow"] != workflow:
            continue
        if fact[of.at] is not None and fact[of.at].date() <= through and all(met(fact, one) for one in where):
            yield fact


def segment(fact: Fact, name: str, parent: Fact | None = None) -> str:
    if not name:
        return "all"
    for one in (parent, fact):
        if one is not None and one.get(name, one["attributes"].get(name)) is not None:
            return str(one.get(name, one["attributes"].get(name)))
    return "unknown"


def link(child: str, parent: str) -> str:
    return next(column for column, name in templates()[child].links.items() if name == parent)


def amount(fact: Fact, template: str, name: str) -> Decimal:
    column = templates()[template].column(name)
    assert column is not None
    return Decimal(str(fact[name])).quantize(
        Decimal("0.01") if column.type == "money" else Decimal("0.0001"), ROUND_HALF_UP
    )


def events(facts: Facts, event: Rows, of: Rows, through: dt.date) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in rows(facts, event, None, through):
        found[fact[link(event.template, of.template)]].append(fact)
    return found


def paired(
    facts: Facts, declaration: Share | Count | ValuePerUnit, workflow: str
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The moments of entry and of each event that is looked at: a unit's first, or each that has an amount."""
    match declaration:
        case Share(of, OwnEvent(column)):
            for fact in rows(facts, of, workflow, dt.date.max):
                if fact[column] is not None:
                    yield fact[of.at], fact[column]
        case Share(of, Rows() as event) | Count(event, Rows() as of) | ValuePerUnit(of, event):
            amount = declaration.amount if isinstance(declaration, ValuePerUnit) else None
            happened = events(facts, event, of, dt.date.max)
            for fact in rows(facts, of, workflow, dt.date.max):
                found = happened.get(fact[templates()[of.template].key[0]], [])
                times = [one[event.at] for one in found if amount is None or one[amount] is not None]
                for when in times if amount else sorted(times)[:1]:
                    yield fact[of.at], when


def count(
    facts: Facts, declaration: Declaration, workflow: str, by: str, through: dt.date, weeks: int
) -> Counted:
    """Group → what adds up in it, as the question's rows have them."""
    if isinstance(declaration, ValuePerUnit | Mean | Sum):
        return _amounts(facts, declaration, workflow, by, through)
    units: Counter[tuple[Any, ...]] = Counter()
    match declaration:
        case Share(of, Rows() as event):
            _elsewhere(units, facts, of, event, workflow, by, through)
        case Share(of, OwnEvent() as own, totals):
            _own(units, facts, of, own, workflow, by, through)
            _many(units, facts, totals, workflow, by, through)
        case Count(of, first_of):
            _count(units, facts, of, first_of, workflow, by, through, weeks)
        case Duration(of, to):
            for fact in rows(facts, of, workflow, through):
                start, end = fact[of.at], fact[to]
                done = end is not None and end.date() <= through
                minutes = max((end - start).total_seconds() / 60, 0) if done else None
                bucket = None if minutes is None else math.floor(24 * math.log(1 + minutes))
                after = max((end.date() - start.date()).days, 0) if done else None
                units[segment(fact, by), start.date(), after, bucket] += 1
    return {group: (number,) for group, number in units.items()}


def _amounts(
    facts: Facts, declaration: ValuePerUnit | Mean | Sum, workflow: str, by: str, through: dt.date
) -> Counted:
    units: Counter[tuple[Any, ...]] = Counter()
    money: dict[tuple[Any, ...], list[Decimal]] = defaultdict(list)
    of, name = declaration.of, declaration.amount
    event = declaration.event if isinstance(declaration, ValuePerUnit) else None
    happened = events(facts, event, of, through) if event else {}
    for fact in rows(facts, of, workflow, through):
        group = segment(fact, by), monday(fact[of.at])
        if event is None and fact[name] is not None:
            money[*group, fact.get("currency")].append(amount(fact, of.template, name))
        elif event is not None:
            units[*group, None, None] += 1
            for one in happened.get(fact[templates()[of.template].key[0]], []):
                if one[name] is not None:
                    place = (*group, age(fact[of.at], one[event.at]), one.get("currency"))
                    money[place].append(amount(one, event.template, name))
    summed = {group: (len(each), sum(each), sum(one * one for one in each)) for group, each in money.items()}
    return summed | {group: (number, None, None) for group, number in units.items()}


def _elsewhere(
    units: Counter[tuple[Any, ...]],
    facts: Facts,
    of: Rows,
    event: Rows,
    workflow: str,
    by: str,
    through: dt.date,
) -> None:
    happened = events(facts, event, of, through)
    for fact in rows(facts, of, workflow, through):
        key = fact[templates()[of.template].key[0]]
        first = min((one[event.at] for one in happened.get(key, [])), default=None)
        when = None if first is None else age(fact[of.at], first)
        units[segment(fact, by), monday(fact[of.at]), when] += 1


def _many(
    units: Counter[tuple[Any, ...]],
    facts: Facts,
    totals: Totals | None,
    workflow: str,
    by: str,
    through: dt.date,
) -> None:
    for fact in rows(facts, totals, workflow, through) if totals else ():
        assert totals is not None
        entered = next((fact[name] for name in totals.units if fact[name] is not None), None)
        if entered and fact[totals.events] is not None:
            group = segment(fact, by), monday(fact[totals.at])
            units[*group, 0] += min(fact[totals.events], entered)
            units[*group, None] += max(entered - fact[totals.events], 0)


def _count(
    units: Counter[tuple[Any, ...]],
    facts: Facts,
    of: Rows,
    first_of: Rows | None,
    workflow: str,
    by: str,
    through: dt.date,
    weeks: int,
) -> None:
    if first_of is not None:
        happened = events(facts, of, first_of, through)
        for fact in rows(facts, first_of, workflow, dt.date.max):
            key = fact[templates()[first_of.template].key[0]]
            first = min((one[of.at] for one in happened.get(key, [])), default=None)
            if first is not None and (monday(first) - monday(fact[first_of.at])).days // 7 <= weeks:
                units[segment(fact, by), monday(first)] += 1
        return
    template = templates()[of.template]
    name, column = template.parent or ("", "")
    parents = {one[templates()[name].key[0]]: one for one in facts[name]} if name else {}
    for fact in rows(facts, of, workflow, through):
        parent = None if template.segments else parents.get(fact.get(column))
        units[segment(fact, by, parent), monday(fact[of.at])] += 1


def _own(
    units: Counter[tuple[Any, ...]],
    facts: Facts,
    of: Rows,
    event: OwnEvent,
    workflow: str,
    by: str,
    through: dt.date,
) -> None:
    whole = [fact for fact in facts[of.template] if fact["workflow"] == workflow]
    recorded = of.recorded[0] if of.recorded else of.at
    is_recorded = any(fact[recorded] is not None for fact in whole)
    for fact in rows(facts, of, workflow, through):
        value = fact[event.column]
        if (event.word is not None and value is None) or (is_recorded and fact[recorded] is None):
            continue
        if event.word is not None:
            happened = met(fact, Condition(event.column, (event.word,)))
        elif value is None:
            happened = False
        elif event.within_minutes is not None:
            happened = value <= fact[of.at] + dt.timedelta(minutes=event.within_minutes)
            happened = happened and (event.within_minutes < 1440 or value.date() <= through)
        else:
            happened = value.date() <= through
        happened = happened and not any(met(fact, one) for one in event.unless)
        at_once = event.word is not None or 0 < (event.within_minutes or 0) < 1440
        when = None if not happened else 0 if at_once else age(fact[of.at], value)
        units[segment(fact, by), monday(fact[of.at]), when] += 1


def beside(
    facts: Facts, proxy: Declaration, outcome: Share, workflow: str, through: dt.date
) -> Counter[tuple[Any, ...]]:
    """Units by week, age from which they count, age at what the proxy says, bucket and age at the outcome."""
    of, event = outcome.of, outcome.event
    assert isinstance(event, Rows)
    happened = events(facts, event, of, through)
    key = templates()[of.template].key[0]
    units = list(rows(facts, of, workflow, through))
    if not isinstance(proxy, Share) or proxy.of.template == of.template:
        assert isinstance(proxy, Duration | Mean | Share)
        units = [unit for unit in units if all(met(unit, one) for one in proxy.of.where)]
    told: Counter[tuple[Any, ...]] = Counter()
    for unit in units:
        said = _said(facts, proxy, units, unit, unit[key], of, through)
        if said is not None:
            first = min((one[event.at] for one in happened.get(unit[key], [])), default=None)
            told[monday(unit[of.at]), *said, None if first is None else age(unit[of.at], first)] += 1
    return told


def _said(
    facts: Facts, proxy: Declaration, units: list[Fact], unit: Fact, key: str, of: Rows, through: dt.date
) -> tuple[int, int | None, int | None] | None:
    week = monday(unit[of.at])

    def weeks(moment: dt.datetime) -> int:
        return (monday(moment) - week).days // 7

    match proxy:
        case Duration(since, to):
            if unit[to] is None or unit[to].date() > through:
                return 0, None, None
            answered = max(unit[to], unit[since.at])
            minutes = (answered - unit[since.at]).total_seconds() / 60
            return 0, weeks(answered), math.floor(24 * math.log(1 + minutes))
        case Share(since, OwnEvent(column, within_minutes=int(minutes))):
            end = unit[column]
            if end is None or end.date() > through or end > unit[since.at] + dt.timedelta(minutes=minutes):
                return 0, None, None
            settled = weeks(max(end, unit[since.at]))
            return settled, settled, None
        case Mean(_, name):
            if unit[name] is None:
                return None
            peers = [one[name] for one in units if monday(one[of.at]) == week and one[name] is not None]
            is_high = 2 * sum(one > unit[name] for one in peers) < len(peers)
            return -1, -1 if is_high else None, None
        case Share(sent, OwnEvent(column, unless=unless)):
            name = link(sent.template, of.template)
            messages = []
            for one in facts[sent.template]:
                at = next((one[time] for time in sent.recorded or (sent.at,) if one[time] is not None), None)
                if (
                    one[name] == key
                    and at is not None
                    and at.date() <= through
                    and all(met(one, each) for each in sent.where)
                ):
                    messages.append((at, one))
            if not messages:
                return None
            answers = [
                one[column]
                for _, one in messages
                if one[column] is not None
                and one[column].date() <= through
                and not any(met(one, each) for each in unless)
            ]
            return weeks(min(at for at, _ in messages)), weeks(min(answers)) if answers else None, None
    raise AssertionError(proxy)
