"""sql/*.sql → counts by week of entry, age and segment. The only module of `metrics` that asks for facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadline.data.database.session import Row, Session
from leadline.data.engines.engine import ask, engine_of
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.columns import NONE, Ints, days_since, whole_numbers
from leadline.metrics.counts import answer, answer_as, bound, earlier_of, lacking_of, question_of
from leadline.metrics.declared.declaration import Duration, Sum
from leadline.metrics.declared.question import Asked
from leadline.metrics.sql import read_sql
from leadline.metrics.statistics.left_out import LeftOut
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.proxies import Durations
from leadline.metrics.statistics.weekly_counts import DAYS, weekly_cohorts

Floats = NDArray[np.float64]

MAX_SEGMENTS = 8
"""segments told apart; the rest, by volume in the baseline, is watched together"""
REST = "other"
UNKNOWN = "unknown"
"""a unit that has no value of the segment"""
NEW = "other new"
"""newcomers beyond the first MAX_SEGMENTS"""
LEAST_NEWCOMER = 50
"""units since the baseline before which a small segment has not outgrown the rest"""
OUT_OF_PROPORTION = 3.0
"""times its share of the baseline's units"""
ONE_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True)
class Calendar:
    """The weeks of a table: the Monday of the first, and how many."""

    first: dt.date
    weeks: int

    @staticmethod
    def spanning(first_day: dt.date, last_day: dt.date) -> Calendar:
        """From the week of `first_day` to the week of `last_day`."""
        first = monday(first_day)
        return Calendar(first, (monday(last_day) - first).days // 7 + 1)

    def position(self, day: dt.date) -> int:
        return (day - self.first).days // 7

    def start(self, week: int) -> dt.date:
        return self.first + week * ONE_WEEK

    def end(self, week: int) -> dt.date:
        return self.start(week) + dt.timedelta(days=6)

    def starts(self, weeks: int | None = None) -> list[dt.date]:
        return [self.start(week) for week in range(self.weeks if weeks is None else weeks)]


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def leading(counts: Mapping[str, float]) -> str:
    """The currency in which most amounts are, of as many the first by its code; '', amounts without one, only where no
    other has as many."""
    return min(counts, key=lambda name: (-counts[name], not name and counts[name] > 0, name), default="")


@dataclass(frozen=True, eq=False)
class Currencies:
    """In which currencies the amounts are that happened in a week: how many of them, [K, T]. The first is told, the
    others are left out."""

    names: tuple[str, ...] = ("",)
    """'' for amounts without a currency"""
    counts: Floats = field(default_factory=lambda: np.zeros((1, 0)))

    @staticmethod
    def of(
        counted: Iterable[tuple[str | None, int, int]], weeks: int, baseline: tuple[int, int]
    ) -> Currencies:
        """From (currency, week, amounts). The first is the one that leads in the baseline's weeks, so that nothing
        later decides it; '' where there are none."""
        by_name: dict[str, Floats] = {"": np.zeros(weeks)}
        for currency, week, amounts in counted:
            if 0 <= week < weeks:
                by_name.setdefault(currency or "", np.zeros(weeks))[week] += amounts
        past = slice(baseline[0], baseline[1] + 1)
        main = leading({name: float(counts[past].sum()) for name, counts in by_name.items()})
        names = (main, *sorted(n for n in by_name if n != main and by_name[n].any()))
        return Currencies(names, np.array([by_name[name] for name in names]))

    @property
    def main(self) -> str | None:
        return self.names[0] or None

    def others(self, week: int) -> tuple[str, ...]:
        """Those that are left out, as known at the end of `week`."""
        return tuple(n for n, c in zip(self.names[1:], self.counts[1:], strict=True) if c[: week + 1].any())

    def left_out(self, first: int, last: int) -> LeftOut:
        """Of the amounts of the weeks first..last."""
        within = self.counts[:, first : last + 1]
        return LeftOut(float(within.sum()), float(within[1:].sum()))


@dataclass(frozen=True, eq=False)
class RateTable:
    """Counts of a metric whose units have an event or not; `scale` is the amount one counted event stands for.

    Of the segments, the last `newcomers` are those that the baseline never saw.
    """

    segments: tuple[str, ...]
    cohorts: Cohorts
    newcomers: int = 0
    scale: float = 1.0
    currencies: Currencies = field(default_factory=Currencies)

    @property
    def currency(self) -> str | None:
        """Of the amounts, where it is known and they are some."""
        return self.currencies.main

    @property
    def rest(self) -> int | None:
        """The place of the segment that holds the small ones of the baseline."""
        return self.segments.index(REST) if REST in self.segments else None


@dataclass(frozen=True, eq=False)
class AmountTable:
    """Weekly units, their amounts, and the squares of these, [C]."""

    units: Floats
    amounts: Floats
    squares: Floats
    currencies: Currencies

    @property
    def currency(self) -> str | None:
        return self.currencies.main


def _asked(
    metric: Metric, workflow: str, segment: str, through: dt.date
) -> tuple[str, str, dict[str, object]]:
    """The question of a metric: what it is called, its text, and the values that are bound into it."""
    name, question = question_of(metric, bool(segment))
    values = {
        "workflow": workflow,
        "segment": segment,
        "through": through,
        "within_weeks": metric.within_weeks,
        **dict(question.values),
    }
    return name, question.sql, bound(question.sql, values)


def question_rows(
    warehouse: Warehouse, metric: Metric, workflow: str, segment: str, through: dt.date
) -> list[tuple[Any, ...]]:
    name, text, values = _asked(metric, workflow, segment, through)
    found = answer(warehouse, name, values)
    return ask(warehouse, text, values) if found is None else found


def lacking_rows(
    warehouse: Warehouse, amount: Sum | Duration, workflow: str, through: dt.date
) -> list[tuple[Any, ...]]:
    """(week, import, rows, without the amount or time, with one below 0)."""
    return _lacking(warehouse, *lacking_of(amount), {"workflow": workflow, "through": through})


def earlier_rows(
    warehouse: Warehouse, metric: Metric, workflow: str, through: dt.date
) -> list[tuple[Any, ...]]:
    """(week, import, events that count, 0, those of a day before their unit entered); none where none comes later."""
    found = earlier_of(metric.declaration)
    values = {"workflow": workflow, "through": through, "within_weeks": metric.within_weeks}
    return [] if found is None else _lacking(warehouse, *found, values)


def _lacking(
    warehouse: Warehouse, name: str, question: Asked, values: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    values = {**values, **dict(question.values)}
    found = answer(warehouse, name, values)
    return ask(warehouse, question.sql, values) if found is None else found


def rows(warehouse: Warehouse, name: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Rows of sql/<name>.sql, from wherever the facts are; of `values`, those that it names are bound."""
    named = bound(read_sql(f"{name}.sql"), values)
    found = answer(warehouse, name, named)
    return found if found is not None else ask(warehouse, read_sql(f"{name}.sql", _landed(warehouse)), named)


def _landed(warehouse: Warehouse) -> frozenset[str]:
    """The templates that have rows; none where facts are on another engine, which Leadline does not know of."""
    if engine_of(warehouse) is not None:
        return frozenset()
    return frozenset(
        str(name) for (name,) in warehouse.select("select distinct template from landed.imports")
    )


def columns(warehouse: Warehouse, name: str, wanted: str, values: Mapping[str, object]) -> list[Ints]:
    """Rows of a question as columns of whole numbers, days since 1970 and NONE; a leading column of words is left out.
    Of `values`, those that it names are bound."""
    values = bound(wanted, values)
    kept = answer_as(Session.columns, warehouse, name, values)
    found: Sequence[Any] = (
        kept if kept is not None else list(zip(*ask(warehouse, wanted, values), strict=True))
    )
    return [whole_numbers(column) for column in found if not (len(column) and isinstance(column[0], str))]


def rate_table(
    warehouse: Warehouse,
    metric: Metric,
    workflow: str,
    calendar: Calendar,
    segment: str = "",
    baseline: tuple[int, int] | None = None,
) -> RateTable:
    """Counts of a metric of kind 'rate' or 'value', or of an outcome that is a count a week. Events later than its
    horizon are left out.

    `segment`: the column to stratify by, '' for none; `baseline`: weeks whose volume decides which segments are told
    apart (so that the answer for a date never depends on what came later).
    """
    through = calendar.end(calendar.weeks - 1)
    rows = question_rows(warehouse, metric, workflow, segment, through)
    first, last = baseline or (0, calendar.weeks - 1)
    places = {week: calendar.position(week) for week in {row[1] for row in rows}}
    segments = _segments([(row[0], places[row[1]], _units(metric, row)) for row in rows], first, last)
    shape = (len(segments.names), calendar.weeks)
    if metric.kind == "volume":
        return _count_table(rows, segments, calendar)
    ages = metric.within_weeks + 1
    entered, events = np.zeros(shape), np.zeros((*shape, ages))
    if metric.kind == "value":
        return _value_table(rows, segments, calendar, entered, events, (first, last))
    groups = [
        (segments.place(name, places[week]), places[week], -1 if age is None else int(age), units)
        for name, week, age, units in rows
    ]
    s, c, a, units = np.array(groups, dtype=np.int64).reshape(-1, 4).T
    inside = (c >= 0) & (c < calendar.weeks)
    counted = inside & (a >= 0) & (a < ages)
    np.add.at(entered, (s[inside], c[inside]), units[inside])
    np.add.at(events, (s[counted], c[counted], a[counted]), units[counted])
    return RateTable(segments.names, Cohorts(entered, events), segments.newcomers)


def units_by(
    warehouse: Warehouse, metric: Metric, workflow: str, column: str, through: dt.date
) -> list[tuple[str, dt.date, int | None, int]]:
    """(value of a column of the unit, Monday of entry, age in weeks at the event or None, units), every value told
    apart; of a metric of kind 'rate'. A unit without a value has UNKNOWN."""
    found = question_rows(warehouse, metric, workflow, column, through)
    return [(str(v), week, None if age is None else int(age), int(n)) for v, week, age, n in found]


def _units(metric: Metric, row: Sequence[Any]) -> int:
    if metric.kind == "value":
        return int(row[4]) if row[2] is None else 0
    return int(row[-1])


def _count_table(rows: list[tuple[Any, ...]], segments: _Segments, calendar: Calendar) -> RateTable:
    """What happened in each week, per day. A total has no newcomers: what the baseline never saw is of the rest."""
    known = segments.names[: len(segments.names) - segments.newcomers]
    names = known if REST in known or not segments.newcomers else (*known, REST)
    at = {name: place for place, name in enumerate(names)}
    counts = np.zeros((len(names), calendar.weeks))
    for name, week, units in rows:
        if 0 <= (c := calendar.position(week)) < calendar.weeks:
            counts[at.get(name, at.get(REST, 0)), c] += units
    return RateTable(names, weekly_cohorts(counts), scale=DAYS)


@dataclass(frozen=True)
class _Segments:
    """Which segment a unit is counted in: the large ones of the baseline, REST, and newcomers by their first week."""

    names: tuple[str, ...]
    newcomers: int
    since: Mapping[str, int]
    """value → first week from which it is a newcomer"""

    @cached_property
    def _known(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names[: len(self.names) - self.newcomers])}

    @cached_property
    def _new(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names) if at not in self._known.values()}

    def place(self, name: str, week: int) -> int:
        since = self.since.get(name)
        if since is None or week < since:
            return self._known[name] if name in self._known else self._known[REST]
        return self._new[name] if name in self._new else self._new[NEW]


def _segments(volume: list[tuple[str, int, int]], first: int, last: int) -> _Segments:
    """The largest segments of the baseline, the largest first, REST where any others exist, and newcomers.

    A newcomer is what the baseline never saw, or what belonged to the rest and has since grown out of all proportion
    to it: from that week on it is no part of the rest any more. Whether it is one rests on nothing later than its
    units' own week.

    Segments of one size stand in the order of their first week that differs, so that a name decides nothing: the order
    is that in which they are watched.
    """
    weeks = max((week for _, week, _ in volume), default=last) + 1
    weekly: dict[str, Floats] = {}
    for name, week, units in volume:
        if week >= 0:
            weekly.setdefault(name, np.zeros(weeks))[week] += units
    span = slice(first, last + 1)
    seen = {name: counts for name, counts in weekly.items() if counts[span].any()}
    ranked = sorted(seen, key=lambda name: (-seen[name][span].sum(), *-seen[name][span], name))
    kept = ranked[:MAX_SEGMENTS]
    if not kept:
        return _Segments((REST,), 0, {})
    before = sum(counts[span].sum() for counts in seen.values())
    total = np.cumsum(np.sum(list(weekly.values()), axis=0)[last + 1 :])
    since: dict[str, int] = {}
    for name in sorted(set(weekly) - set(kept), key=lambda name: (*-weekly[name], name)):
        later = np.cumsum(weekly[name][last + 1 :])
        share = weekly[name][span].sum() / before
        grown = (later > LEAST_NEWCOMER) & (later > OUT_OF_PROPORTION * share * total)
        new = np.flatnonzero(grown if share > 0 else later > 0)
        if new.size:
            since[name] = last + 1 + int(new[0])
    others = [
        name
        for name in weekly
        if name not in kept and (name not in since or weekly[name][: since[name]].any())
    ]
    rest = (REST,) if others and REST not in kept else ()
    first_come = sorted(since, key=lambda name: since[name])
    told = first_come[:MAX_SEGMENTS]
    more = (NEW,) if len(first_come) > len(told) else ()
    return _Segments((*kept, *rest, *told, *more), len(told) + len(more), since)


def _value_table(
    rows: list[tuple[Any, ...]],
    segments: _Segments,
    calendar: Calendar,
    entered: Floats,
    events: Floats,
    baseline: tuple[int, int],
) -> RateTable:
    """Amounts in multiples of sum(x^2) / sum(x) of the baseline, in which their variance is that of counts; those in
    the currency that leads there."""
    happened = [(row, calendar.position(row[1]) + int(row[2])) for row in rows if row[2] is not None]
    counted = ((row[3], at, int(row[4])) for row, at in happened)
    currencies = Currencies.of(counted, calendar.weeks, baseline)
    main = currencies.names[0]
    total = squares = 0.0
    for (_, _, _, currency, _, amount, amount_squared), at in happened:
        if baseline[0] <= at <= baseline[1] and (currency or "") == main:
            total += float(amount)
            squares += float(amount_squared)
    scale = squares / total if total > 0 else 1.0
    for name, week, age, currency, units, amount, _ in rows:
        c = calendar.position(week)
        if not 0 <= c < calendar.weeks:
            continue
        s = segments.place(name, c)
        if age is None:
            entered[s, c] += units
        elif int(age) < events.shape[2] and (currency or "") == main:
            events[s, c, int(age)] += float(amount) / scale
    cohorts = Cohorts(entered, events, repeats=True)
    return RateTable(segments.names, cohorts, segments.newcomers, scale, currencies)


def volume_table(warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar) -> Floats:
    """Units that entered a week, [C]."""
    counts = np.zeros(calendar.weeks)
    for _, week, units in question_rows(warehouse, metric, workflow, "", calendar.end(calendar.weeks - 1)):
        position = calendar.position(week)
        if 0 <= position < calendar.weeks:
            counts[position] += units
    return counts


def amount_table(
    warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar, last: int
) -> AmountTable:
    """Units with an amount and the sum of it by week, in the currency that leads in the weeks 0..last."""
    rows = question_rows(warehouse, metric, workflow, "", calendar.end(calendar.weeks - 1))
    counted = ((currency, calendar.position(week), int(units)) for _, week, currency, units, _, _ in rows)
    currencies = Currencies.of(counted, calendar.weeks, (0, last))
    sums = np.zeros((3, calendar.weeks))
    for _, week, currency, *amounts in rows:
        position = calendar.position(week)
        if 0 <= position < calendar.weeks and (currency or "") == currencies.names[0]:
            sums[:, position] += [float(each) for each in amounts]
    return AmountTable(sums[0], sums[1], sums[2], currencies)


@dataclass(frozen=True)
class SegmentRow:
    """What entered or happened of a segment in a week."""

    segment: str
    week: int
    """its position"""
    currency: str | None
    """None for what is counted, '' for an amount without one"""
    units: int
    amount: float


def segment_rows(
    warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar, dimension: str
) -> list[SegmentRow]:
    """Rows of a count, or of amounts, by the segments of a dimension; UNKNOWN where they have none."""
    found = []
    for name, week, *told in question_rows(
        warehouse, metric, workflow, dimension, calendar.end(calendar.weeks - 1)
    ):
        if 0 <= (position := calendar.position(week)) < calendar.weeks:
            if len(told) == 1:
                found.append(SegmentRow(name, position, None, int(told[0]), 0.0))
            else:
                currency, units, amount, _ = told
                found.append(SegmentRow(name, position, currency or "", int(units), float(amount)))
    return found


def laid_by_segment(
    sides: Sequence[Sequence[SegmentRow]], calendar: Calendar, baseline: tuple[int, int]
) -> tuple[tuple[str, ...], int, list[tuple[Floats, Floats]]]:
    """The segments that are told apart by what all sides hold, how many of them the baseline never saw, and units and
    amounts of each side, [S, C]; of amounts those in the currency that leads in the weeks 0..baseline's last."""
    segments = _segments([(r.segment, r.week, r.units) for rows in sides for r in rows], *baseline)
    laid = []
    for rows in sides:
        units, amounts = np.zeros((2, len(segments.names), calendar.weeks))
        counted = ((r.currency, r.week, r.units) for r in rows)
        currency = Currencies.of(counted, calendar.weeks, (0, baseline[1])).names[0]
        for row in rows:
            if row.currency in (None, currency):
                at = segments.place(row.segment, row.week), row.week
                units[at] += row.units
                amounts[at] += row.amount
        laid.append((units, amounts))
    return segments.names, segments.newcomers, laid


def duration_table(warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar) -> Durations:
    """Groups of units by day of entry, days until the answer and bucket of minutes."""
    asked = _asked(metric, workflow, "", calendar.end(calendar.weeks - 1))
    horizon = 7 * max(metric.within_weeks, 1)
    found = columns(warehouse, *asked)
    if not found or not found[0].size:
        nothing = np.zeros(0, dtype=np.int64)
        return Durations(nothing, nothing, nothing, nothing.astype(np.float64), horizon)
    day, after, bucket, units = found
    day = days_since(day, calendar.first)
    inside = day >= 0
    after, bucket = (np.where(column == NONE, -1, column)[inside] for column in (after, bucket))
    return Durations(day[inside], after, bucket, units[inside].astype(np.float64), horizon)


def activity(warehouse: Warehouse, through: dt.date) -> dict[tuple[str, str | None], list[dt.date]]:
    """(source, workflow) → days on which something happened up to `through`, sorted."""
    return {key: sorted(counted) for key, counted in activity_counts(warehouse, through).items()}


def activity_counts(
    warehouse: Warehouse, through: dt.date
) -> dict[tuple[str, str | None], dict[dt.date, int]]:
    """(source, workflow) → day up to `through` → how many of its rows happened then."""
    found: dict[tuple[str, str | None], dict[dt.date, int]] = {}
    for source, workflow, day, count in rows(warehouse, "activity", {"through": through}):
        counted = found.setdefault((source, workflow), {})
        counted[day] = counted.get(day, 0) + int(count)
    return found


def won_amounts(warehouse: Warehouse, workflow: str, through: dt.date) -> list[Row]:
    """(currency, day, count, sum, sum of squares) of the won deals' amounts, exact, by the day on which they closed."""
    return rows(warehouse, "amounts", {"workflow": workflow, "through": through})


@dataclass(frozen=True)
class WonAmounts:
    """Count, sum and sum of squares of won deals' amounts in the currency with most deals, and what is left out."""

    currency: str | None
    count: int
    total: float
    squares: float
    share: float
    """of all the won deals with an amount"""
    others: tuple[str, ...]
    """'' for amounts without a currency"""


def amounts_of(won: Sequence[Row], first: dt.date, through: dt.date) -> WonAmounts | None:
    """Of what closed within the span; None where nothing did."""
    found: dict[str | None, list[Any]] = {}
    for currency, day, *sums in won:
        if first <= day <= through:
            found[currency] = [a + b for a, b in zip(found.get(currency, (0, 0, 0)), sums, strict=True)]
    if not found:
        return None
    currency = min(found, key=lambda name: (-found[name][0], name is None, name or ""))
    count, total, squares = found.pop(currency)
    share = count / (count + sum(sums[0] for sums in found.values()))
    others = tuple(sorted(name or "" for name in found))
    return WonAmounts(currency, int(count), float(total), float(squares), share, others)
