"""Numbers that were shown and are other numbers now, because of what landed or was taken back since.

What was shown is in the ledger, with its day. The review of that same day is made again from today's facts; where a
week's own value differs, an import that came or went in between is the reason. Values that only matured are no
restatements: both reviews look at the same day, with the same knowledge of what had happened by then. A week's own
value is neither smoothed nor freed of the season, so one changed week is one restatement, whatever its neighbours do
in the charts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadline.data.exports.landing_report import ImportRecord
from leadline.data.landing.land import list_imports
from leadline.data.plain_json import from_plain
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.shown_evidence import Shown
from leadline.metrics.results import Review, Series
from leadline.metrics.review import review

MOST_DAYS = 4
"""days on which something was shown, newest first, that are looked at: each needs its review made again"""
SMALLEST_CHANGE = 0.005
"""relative change of a value from which on a reader would notice"""


@dataclass(frozen=True)
class Restatement:
    """One week's value of one metric."""

    workflow: str
    metric: str
    label: str
    unit: str
    week: dt.date
    """its Monday"""
    shown_on: dt.date
    """the day of the review that showed it"""
    shown: float
    now: float | None
    """None: it can't be told any more"""
    imports: tuple[int, ...]
    """those that landed, or were taken back, since, and that the metric rests on"""


def restatements(
    warehouse: Warehouse, workspace: Workspace, catalog: Mapping[str, Metric] | None = None
) -> tuple[Restatement, ...]:
    """Every week's value that was shown, and is another one now; of each the last that was shown. Newest week first."""
    metrics = catalog if catalog is not None else load_catalog(workspace)
    kept = [
        (entry.at, from_plain(Shown, entry.payload["shown"])) for entry in entries(warehouse, ("review",))
    ]
    imports = list_imports(warehouse)
    if not kept or not imports:
        return ()
    latest = max(_moments(imports))
    days = sorted({shown.as_of for at, shown in kept if at < latest}, reverse=True)[:MOST_DAYS]
    found: dict[tuple[str, str, dt.date], Restatement] = {}
    told: set[tuple[str, str, dt.date]] = set()
    for day in days:
        again = review(warehouse, workspace, day)
        # of one day, what was shown last counts
        last = {shown.workflow.workflow: (at, shown) for at, shown in kept if shown.as_of == day}
        for at, shown in last.values():
            for one in _differences(shown, again, _since(imports, at), metrics):
                key = (one.workflow, one.metric, one.week)
                if key not in told:
                    found.setdefault(key, one)
            told |= {
                (shown.workflow.workflow, series.metric, week)
                for series in shown.workflow.series
                for week in series.weeks
            }
    return tuple(sorted(found.values(), key=lambda one: (-one.week.toordinal(), one.workflow, one.metric)))


def _differences(
    shown: Shown, again: Review, since: Sequence[ImportRecord], catalog: Mapping[str, Metric]
) -> list[Restatement]:
    today = next((w for w in again.workflows if w.workflow == shown.workflow.workflow), None)
    if today is None:
        return []
    values = {series.metric: _by_week(series) for series in today.series}
    found = []
    for series in shown.workflow.series:
        metric = catalog.get(series.metric)
        sources = set(metric.sources) if metric else set()
        because = tuple(record.import_id for record in since if record.template in sources)
        if not because or series.metric not in values:
            continue
        for week, value in _by_week(series).items():
            now = values[series.metric].get(week)
            if value is None or week > shown.complete_through or not _is_other(value, now):
                continue
            found.append(
                Restatement(
                    workflow=shown.workflow.workflow,
                    metric=series.metric,
                    label=series.label,
                    unit=series.unit,
                    week=week,
                    shown_on=shown.as_of,
                    shown=value,
                    now=now,
                    imports=because,
                )
            )
    return found


def _is_other(shown: float, now: float | None) -> bool:
    return now is None or abs(now - shown) > SMALLEST_CHANGE * max(abs(shown), abs(now))


def _by_week(series: Series) -> dict[dt.date, float | None]:
    # a review that was kept without them has none to compare
    return dict(zip(series.weeks, series.own_values, strict=False))


def _moments(imports: Sequence[ImportRecord]) -> list[dt.datetime]:
    return [moment for record in imports for moment in (record.landed_at, record.undone_at) if moment]


def _since(imports: Sequence[ImportRecord], at: dt.datetime) -> list[ImportRecord]:
    """Imports that came or went after a moment, those that did both excepted."""
    return [
        record
        for record in imports
        if (record.landed_at > at) != (record.undone_at is not None and record.undone_at > at)
    ]
