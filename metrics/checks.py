"""Is what was landed fit to judge: the counts that tell, taken once for all weeks of a study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric, templates_read
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.cohorts import Calendar, earlier_rows, lacking_rows, rate_table, rows
from leadline.metrics.declared.declaration import Duration, Sum, amounts_of
from leadline.metrics.findings import NeededField, NoBaseline
from leadline.metrics.measures.outcomes import CountMeasure, RateMeasure, RatioMeasure
from leadline.metrics.measures.proxies import DurationMeasure, VolumeMeasure
from leadline.metrics.measures.span import Measure, Span
from leadline.metrics.statistics.anomaly import OpensStep, opens_without_clicks

Floats = NDArray[np.float64]

NEEDED_BY: dict[NeededField, tuple[str, ...]] = {
    "first_response_at": ("response_time", "answered_within_5_minutes"),
    "deal_link": ("close_rate", "won_value_per_lead"),
    "appointment_link": ("qualified_appointment_rate",),
    "asked": ("brand_recognition", "brand_coherence"),
    "account": ("brand_coherence",),
}
"""field → how the metrics that need it are counted"""
OF_CODES = ("asked", "account")
"""fields of coded conversations"""


@dataclass(frozen=True)
class AmountOf:
    """What metrics sum up: of which rows, in which column; and whether amounts below 0 are looked for, or none."""

    metrics: tuple[tuple[str, str, bool], ...]
    """name, label, whether it is a mean"""
    template: str
    column: str
    below_zero: bool
    is_time: bool = False
    """between two times, in place of an amount"""
    event_weeks: int | None = None
    """of events that are of a day before their units entered, in place of an amount: how long they count"""
    entity: str = ""
    """what such units are"""


@dataclass(frozen=True, eq=False)
class Field:
    """Rows that should carry a value, and those without it, by week [T]; the latter also by import."""

    needed: NeededField | AmountOf | None
    """None: `segment` is a dimension of the charter's segments"""
    segment: str
    rows: Floats
    missing: Floats
    by_import: dict[int, Floats]


@dataclass(frozen=True)
class Landing:
    """One import with rows for this workflow."""

    import_id: int
    file: str
    template: str
    first_on: dt.date
    """the first day it tells of"""
    read: int
    quarantined: int
    doubled: int


@dataclass(frozen=True)
class Opens:
    """How opens were recorded: days, None for never; and where they stepped up without clicks."""

    sent_on: dt.date | None
    marked_on: dt.date | None
    totals_on: dt.date | None
    steps: tuple[OpensStep, ...]


@dataclass(frozen=True, eq=False)
class Checks:
    """All counts that findings are made from. entered: what a unit is ('leads') → units by week [T]."""

    entered: dict[str, Floats]
    fields: tuple[Field, ...]
    landings: tuple[Landing, ...]
    files: dict[int, str]
    opens: dict[str, Opens]
    """by the open rates among the proxies"""


def prepare_checks(
    warehouse: Warehouse,
    charter: Charter,
    catalog: Mapping[str, Metric],
    span: Span,
    measures: list[Measure],
) -> Checks:
    """Count once for all weeks. `measures`: everything that the charter watches."""
    calendar, metrics = span.calendar, [measure.metric for measure in measures]
    values = {"workflow": charter.workflow, "through": calendar.end(calendar.weeks - 1)}
    imports = rows(warehouse, "fitness/imports", values)
    fields = (
        *_needed(warehouse, values, metrics, calendar),
        *_segments(warehouse, values, charter, calendar),
        *_amounts(warehouse, charter, metrics, calendar),
    )
    lacking = {number for each in fields for number in each.by_import}
    return Checks(
        entered=_entered(measures, calendar.weeks),
        fields=fields,
        landings=_landings(
            imports, rows(warehouse, "fitness/import_days", values), charter.workflow, metrics
        ),
        files={int(row[0]): str(row[1]) for row in imports if int(row[0]) in lacking},
        opens={
            measure.metric.id: _opens(warehouse, values, charter, catalog, span, measure, measures)
            for measure in measures
            if isinstance(measure, RateMeasure) and measure.metric.counted_as == "open_rate"
        },
    )


def _entered(measures: list[Measure], weeks: int) -> dict[str, Floats]:
    entered: dict[str, Floats] = {}
    for measure in measures:
        entity = measure.metric.entity
        if entity in entered:
            continue
        if isinstance(measure, CountMeasure | RatioMeasure) or measure.metric.kind == "sum":
            continue  # what happened is judged, not what entered; of amounts there may be fewer than of units
        if isinstance(measure, RateMeasure):
            entered[entity] = measure.table.cohorts.entered.sum(axis=0)
        elif isinstance(measure, VolumeMeasure):
            entered[entity] = measure.counts
        elif isinstance(measure, DurationMeasure):
            table = measure.table
            entered[entity] = np.bincount(table.day // 7, table.units, weeks)[:weeks].astype(np.float64)
    return entered


def _needed(
    warehouse: Warehouse, values: Mapping[str, object], metrics: list[Metric], calendar: Calendar
) -> list[Field]:
    """Columns and links that the watched metrics need."""
    counted_as = {metric.counted_as for metric in metrics}
    wanted = [name for name, users in NEEDED_BY.items() if counted_as & set(users)]
    if not wanted:
        return []
    counted = rows(warehouse, "fitness/missing", values) if {*wanted} - {*OF_CODES} else []
    counted += rows(warehouse, "fitness/asked", values) if {*wanted} & {*OF_CODES} else []
    found = [_field(name, "", [r[1:] for r in counted if r[0] == name], calendar) for name in wanted]
    return [field for field in found if field.rows.any()]


def _segments(
    warehouse: Warehouse, values: Mapping[str, object], charter: Charter, calendar: Calendar
) -> list[Field]:
    """The charter's segment dimensions."""
    return [
        _field(
            None,
            name,
            rows(warehouse, "fitness/missing_segment", {**values, "segment": name}),
            calendar,
        )
        for name in charter.segments
    ]


def _amounts(
    warehouse: Warehouse, charter: Charter, metrics: list[Metric], calendar: Calendar
) -> Iterator[Field]:
    """The amounts that metrics sum up: rows without one, and of the others those below 0."""
    of: dict[Sum | Duration, list[tuple[str, str, bool]]] = {}
    for metric in metrics:
        times = (metric.declaration,) if isinstance(metric.declaration, Duration) else ()
        for amount in (*amounts_of(metric.declaration), *times):
            of.setdefault(amount, []).append((metric.id, metric.label, metric.kind == "mean"))
    for amount, names in of.items():
        counted = lacking_rows(warehouse, amount, charter.workflow, calendar.end(calendar.weeks - 1))
        is_time = isinstance(amount, Duration)
        column = amount.to if isinstance(amount, Duration) else amount.amount
        about = AmountOf(tuple(names), amount.of.template, column, below_zero=False, is_time=is_time)
        without = [(week, number, count, missing) for week, number, count, missing, _ in counted]
        if not is_time:  # who has no end still waits
            yield _field(about, "", without, calendar)
        below = [
            (week, number, count - missing, negative) for week, number, count, missing, negative in counted
        ]
        if any(row[-1] for row in below):
            yield _field(replace(about, below_zero=True), "", below, calendar)
    for metric in metrics:
        yield from _earlier(warehouse, charter, metric, calendar)


def _earlier(warehouse: Warehouse, charter: Charter, metric: Metric, calendar: Calendar) -> Iterator[Field]:
    """The events that count, and of them those of a day before their unit entered."""
    counted = earlier_rows(warehouse, metric, charter.workflow, calendar.end(calendar.weeks - 1))
    events = [(week, number, count, before) for week, number, count, _, before in counted]
    if any(row[-1] for row in events):
        template, names = metric.sources[-1], ((metric.id, metric.label, False),)
        about = AmountOf(
            names, template, "", below_zero=True, event_weeks=metric.within_weeks, entity=metric.entity
        )
        yield _field(about, "", events, calendar)


def all_empty(checks: Checks, metric: Metric, week: int) -> NoBaseline | None:
    """Where rows have landed by the end of `week` and none of them has the amount that a metric sums up, or says whose
    it is."""
    for field in checks.fields:
        about = field.needed
        if about == "account" and metric.counted_as in NEEDED_BY["account"]:
            about = AmountOf(
                ((metric.id, metric.label, False),), metric.sources[0], "account", below_zero=False
            )
        if not isinstance(about, AmountOf) or about.below_zero:
            continue
        if metric.id in [name for name, _, _ in about.metrics]:
            count, missing = (int(side[: week + 1].sum()) for side in (field.rows, field.missing))
            if 0 < count == missing:
                return NoBaseline("no_amount", metric.label, about.template, (about.column,), events=count)
    return None


def _field(
    needed: NeededField | AmountOf | None,
    segment: str,
    counted: list[tuple[dt.date, int, int, int]],
    calendar: Calendar,
) -> Field:
    total, missing = np.zeros(calendar.weeks), np.zeros(calendar.weeks)
    by_import: dict[int, Floats] = {}
    for week, import_id, count, without in counted:
        at = calendar.position(week)
        if 0 <= at < calendar.weeks:
            total[at] += count
            missing[at] += without
            if without:
                by_import.setdefault(import_id, np.zeros(calendar.weeks))[at] += without
    return Field(needed, segment, total, missing, by_import)


def _landings(
    imports: list[tuple[object, ...]],
    days: list[tuple[object, ...]],
    workflow: str,
    metrics: list[Metric],
) -> tuple[Landing, ...]:
    """Imports of the templates that the metrics rest on, oldest first: those with rows of the workflow in force, and
    those of which nothing could be landed."""
    templates = templates_read(metrics)
    first_on = {import_id: day for _, import_id, day in days}
    found = []
    for import_id, file, template, _, named, known_on, read, landed, quarantined, doubled in imports:
        of_nobody = import_id not in first_on and landed == 0 and named in (None, workflow)
        day = known_on if of_nobody else first_on.get(import_id)
        if template in templates and isinstance(day, dt.date):
            counts = [int(str(number)) for number in (import_id, read, quarantined, doubled)]
            found.append(Landing(counts[0], str(file), str(template), day, *counts[1:]))
    return tuple(found)


def _opens(
    warehouse: Warehouse,
    values: Mapping[str, object],
    charter: Charter,
    catalog: Mapping[str, Metric],
    span: Span,
    opened: RateMeasure,
    measures: list[Measure],
) -> Opens:
    clicked = next(
        (m.table for m in measures if isinstance(m, RateMeasure) and m.metric.counted_as == "click_rate"),
        None,
    )
    if clicked is None:
        clicked = rate_table(warehouse, catalog["click_rate"], charter.workflow, span.calendar)
    # opens and clicks of the week of sending: counts that later weeks don't change
    opens, clicks = (t.cohorts.events[:, :, 0].sum(axis=0) for t in (opened.table, clicked))
    steps = opens_without_clicks(opened.table.cohorts.entered.sum(axis=0), opens, clicks, span.first)
    sent_on, marked_on, totals_on = rows(warehouse, "fitness/opens", values)[0]
    return Opens(sent_on, marked_on, totals_on, tuple(steps))
