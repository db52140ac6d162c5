"""How far an outcome's events are entered: what share of each week's can be known by the newest export.

An event is entered days after its date, and an export knows only what was entered. The day of an export is the one that
was said (`--exported-on`), else the date in its name, else the newest moment of the files landed with it; never the
day it landed. What tells how late events are entered, the first that does: the charter (`entry_lag`), successive
exports, the day on which the source last changed a row. Where nothing does, the last weeks before the export are held
back: they count neither for an outcome nor against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.data.database.session import Row
from leadline.data.exports.files.export_day import day_in_name
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.cohorts import Calendar, activity, rows
from leadline.metrics.findings import EnteredLate, HeldBack, ToldBy
from leadline.metrics.statistics.reporting_delay import (
    NEARLY_ALL,
    Entered,
    ReportingDelay,
    days_until_nearly_all,
    held_back,
    learn,
    pairs_of_exports,
    pairs_of_last_changes,
)

Floats = NDArray[np.float64]

COUNTED = ("deals", "appointments", "asset_uses", "events")
"""templates of events, each with its sql/entry/<name>.sql"""
LEARNED_FROM = dt.timedelta(weeks=26)
"""so far before the newest export: people change how they work"""
HELD_BACK_DAYS = 21
"""before the export, where nothing tells how late events are entered"""
TOGETHER = dt.timedelta(minutes=10)
"""imports that follow each other this closely were landed together"""


@dataclass(frozen=True)
class ExportDays:
    """When what is known was exported."""

    of_imports: Mapping[int, tuple[str, dt.date]]
    """import → its template and the day; those of which nothing tells are left out"""
    newest_moment: dt.date | None = None
    """of facts on another engine, which nobody lands: they are as of then"""

    def of_template(self, name: str) -> dict[int, dt.date]:
        """Import → day."""
        return {number: day for number, (template, day) in self.of_imports.items() if template == name}


@dataclass(frozen=True)
class Reported:
    """How far one outcome's events are entered by the newest export, by weeks of the calendar, and what tells."""

    entered: Entered
    exported_on: dt.date
    told_by: ToldBy
    events: int = 0
    """that were seen to be entered, where exports tell"""

    def finding(self, label: str, calendar: Calendar, week: int) -> HeldBack | EnteredLate | None:
        """What a reader must know of the weeks until `week`; None where they may be as good as complete."""
        share, settled = self.entered.share, self.entered.settled
        if week > settled:
            return HeldBack(label, calendar.start(settled + 1), self.exported_on, self.told_by)
        most = float(share[week] * np.exp(1.96 * np.sqrt((self.entered.error[week] ** 2).sum())))
        if self.told_by == "exports" and most < NEARLY_ALL:
            newest = calendar.start(week)
            return EnteredLate(label, newest, self.exported_on, float(share[week]), self.events)
        return None


def event_source(metric: Metric) -> str | None:
    """The template that the metric's events come from; None where they stand in the rows of the units of a rate: what
    is not entered yet is then no unit either."""
    sources = metric.sources if metric.kind in ("volume", "sum", "ratio") else metric.sources[1:]
    return next((name for name in sources if name in COUNTED), None)


def reported(
    warehouse: Warehouse, charter: Charter, source: str, calendar: Calendar, exports: ExportDays
) -> Reported:
    """How far the events of a workflow that come from the template `source` are entered, by weeks of the calendar."""
    of_source = exports.of_template(source)
    newest = max(of_source.values(), default=exports.newest_moment or warehouse.workspace.today())
    since_end = np.array([(newest - calendar.end(week)).days for week in range(calendar.weeks)])
    if charter.entry_lag_days is not None:
        return Reported(held_back(since_end, charter.entry_lag_days), newest, "charter")
    imports = sorted(of_source, key=lambda number: (of_source[number], number))
    values = {"workflow": charter.workflow, "since": newest - LEARNED_FROM, "imports": imports}
    counted = rows(warehouse, f"entry/{source}", values) if imports else []
    entered = [row for row in counted if row[3] is not None]
    if (delay := _from_exports(counted, [of_source[number] for number in imports])) is not None:
        return Reported(delay.of_weeks(since_end, _weekdays(entered)), newest, "exports", delay.events)
    if (delay := _from_last_changes(entered, newest)) is not None:
        days = min(days_until_nearly_all(delay), HELD_BACK_DAYS)
        return Reported(held_back(since_end, days), newest, "last_changes")
    return Reported(held_back(since_end, HELD_BACK_DAYS), newest, "nothing")


def _from_exports(counted: Sequence[Row], days: Sequence[dt.date]) -> ReportingDelay | None:
    """`days`: of the imports, rising; several of one day are one export."""
    if len(exports := sorted(set(days))) < 2:
        return None
    at = [exports.index(day) for day in days]
    tells_from = np.full(len(exports), np.iinfo(np.int64).max)
    for day, place, _, events in counted:
        if events is None:
            tells_from[at[place - 1]] = min(tells_from[at[place - 1]], day.toordinal())
    seen = [
        (day.toordinal(), at[place - 1], events) for day, place, _, events in counted if events is not None
    ]
    day, entered, events = np.array(seen, dtype=np.int64).reshape(-1, 3).T
    ordinals = np.array([day.toordinal() for day in exports])
    return learn(pairs_of_exports(day, entered, events, ordinals, tells_from))


def _from_last_changes(entered: Sequence[Row], newest: dt.date) -> ReportingDelay | None:
    table = np.array(
        [
            (max((changed - day).days, 0), (newest - day).days, events, day.toordinal() // 7)
            for day, _, changed, events in entered
            if changed is not None
        ],
        dtype=np.int64,
    ).reshape(-1, 4)
    known = sum(row[3] for row in entered)
    if table[:, 2].sum() < NEARLY_ALL * known:
        return None
    return learn(pairs_of_last_changes(*table.T))


def _weekdays(entered: Sequence[Row]) -> Floats:
    """[7] events by day of the week, Monday first, none without a chance."""
    found = np.ones(7)
    for day, _, _, events in entered:
        found[day.weekday()] += events
    return found


def export_days(warehouse: Warehouse) -> ExportDays:
    """Of every import that stands; of facts on another engine, the newest moment that they tell of."""
    if imports := rows(warehouse, "entry/exports", {}):
        return ExportDays(_of_imports(imports))
    days = activity(warehouse, warehouse.workspace.today()).values()
    return ExportDays({}, max((found[-1] for found in days), default=None))


def _of_imports(imports: Sequence[Row]) -> dict[int, tuple[str, dt.date]]:
    found: dict[int, tuple[str, dt.date]] = {}
    together: list[tuple[int, str]] = []
    newest: dt.date | None = None
    before: dt.datetime | None = None
    for number, template, file, landed_at, landed_on, known_on, newest_on in imports:
        if before is None or landed_at - before > TOGETHER:
            together, newest = [], None
        before = landed_at
        named = day_in_name(file, newest_on or dt.date.min, landed_on)
        said = known_on if known_on < landed_on else named
        newest = max((day for day in (newest, said, newest_on) if day is not None), default=None)
        if said is not None:
            found[number] = (template, said)
        else:
            together.append((number, template))
        if newest is not None:
            found |= {other: (kind, newest) for other, kind in together}
    return found
