"""Is there a baseline to compare an outcome with, since when has the outcome been recorded, what did it never see?"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from leadline.data.templates import several_words
from leadline.metrics.declared.declaration import Ratio, rows_of
from leadline.metrics.findings import GoneSegment, NewSegment, NoBaseline, RecordingBegan
from leadline.metrics.measures.outcomes import CountMeasure, RateMeasure
from leadline.metrics.results import Finding
from leadline.metrics.statistics.divergence import MIN_BASELINE_EVENTS, MIN_BASELINE_WEEKS
from leadline.metrics.statistics.fitness import recording_start

Floats = NDArray[np.float64]
Counted = TypeVar("Counted", bound=RateMeasure)


def from_recording_start(counted: Counted) -> tuple[Counted, int | None]:
    """The same outcome with its baseline moved to the week where recording begins, and that week where it is late.

    Looks at what was known when the baseline ended and no further, so that every week of a replay gets the same
    baseline. Where too few events were known then, nothing is moved: there is no baseline to judge by anyway.
    """
    span = counted.span
    if _events_known(counted, span.last) < MIN_BASELINE_EVENTS:
        return counted, None
    start = counted.recorded_from()
    if start is None or start <= span.first:
        return counted, None
    moved = replace(span, first=min(start, span.last))
    return counted.of(counted.metric, counted.table, moved, reported=counted.reported), start


def recorded_since(counted: RateMeasure, week: int) -> int | None:
    """The week where recording began, with what was known at the end of `week`, for an outcome that had too few events
    in its baseline to tell; None where it was recorded from the start, or nothing can be told."""
    if _events_known(counted, counted.span.last) >= MIN_BASELINE_EVENTS:
        return None
    start = recording_start(counted.table.cohorts, week)
    return None if start is None or start <= counted.span.first else start


def _events_known(counted: RateMeasure, week: int) -> float:
    return float(counted.table.cohorts.known_at(week).events.sum())


def late_recording(counted: RateMeasure, start: int) -> Finding:
    """What a reader must know of an outcome that is recorded only since the week `start`."""
    began = RecordingBegan(
        counted.metric.label, counted.span.calendar.start(start), _counted_before(counted, start)
    )
    return Finding(began, blocks_verdict=False, metric=counted.metric.id)


def _counted_before(counted: RateMeasure, start: int) -> int:
    """Events before the week `start`: of a count a week, those while it came up to its level."""
    return int(counted.counts[:start].sum()) if isinstance(counted, CountMeasure) else 0


def new_segments(counted: RateMeasure, dimension: str, week: int) -> list[Finding]:
    """The segments that the baseline never saw, as known at the end of `week`."""
    table, calendar = counted.table, counted.span.calendar
    then = table.cohorts.known_at(week)
    found = []
    for s in range(len(table.segments) - table.newcomers, len(table.segments)):
        live, compared = (np.flatnonzero(t.entered[s, : week + 1]) for t in (then, counted.model.cohorts))
        if live.size:
            units = float(then.entered[s].sum())
            about = NewSegment(
                counted.metric.label,
                dimension,
                table.segments[s],
                calendar.start(int(live[0])),
                int(units),
                counted.metric.entity,
                None if then.repeats else float(then.events[s].sum()) / units,
                calendar.start(int(compared[0])) if compared.size else None,
            )
            found.append(Finding(about, blocks_verdict=False, metric=counted.metric.id))
    return found


NEXT_TO_NOTHING = 0.05
"""of what was usual"""
MORE_THAN_A_DOZEN = 12.0
"""units that were to be expected of what is gone"""
USUAL_WEEKS = 26
"""before it went, from which is known what was usual"""
LONGER_SILENT = 1.5
"""times as long as ever in a year: some come in batches"""


def gone_segments(counted: RateMeasure, dimension: str, week: int) -> list[GoneSegment]:
    """The segments that came in until shortly before the deployment or later, and do no more at the end of `week`."""
    table, calendar = counted.table, counted.span.calendar
    came = table.cohorts.known_at(week).events.sum(axis=2) if table.cohorts.of_time else table.cohorts.entered
    came = came[:, : week + 1]
    if _gone_since(came.sum(axis=0)) is not None:
        return []  # all is gone: no matter of a segment
    found = []
    for s, name in enumerate(table.segments):
        since = _gone_since(came[s]) if s != table.rest else None
        if since is None or since <= counted.span.last - USUAL_WEEKS // 2:
            continue
        before = slice(max(since - USUAL_WEEKS, 0), since)
        total = float(came[:, before].sum())
        found.append(
            GoneSegment(
                dimension,
                name,
                calendar.start(since),
                int(came[s, since:].sum()),
                float(came[s, before].mean()),
                float(came[s, before].sum()) / total if total > 0 else 0.0,
                counted.metric.entity,
            )
        )
    return found


def _gone_since(came: Floats) -> int | None:
    """The first of the newest weeks in which next to nothing came, although more than a dozen were to be expected."""
    until = np.concatenate([[0.0], np.cumsum(came)])
    since = np.arange(1, max(came.size - 1, 1))
    begun = np.maximum(since - USUAL_WEEKS, 0)
    expected = (until[since] - until[begun]) / (since - begun) * (came.size - since)
    missing = expected - (until[-1] - until[since]) / NEXT_TO_NOTHING
    told = np.flatnonzero((expected >= MORE_THAN_A_DOZEN) & (missing >= 0.0))
    for at in told[np.argsort(-missing[told], kind="stable")]:
        first = int(since[at])
        if came.size - first > LONGER_SILENT * _longest_silence(came[max(first - 52, 0) : first]):
            return first
    return None


def _longest_silence(came: Floats) -> int:
    """Weeks in a row without any."""
    live = np.flatnonzero(np.concatenate([[1.0], came, [1.0]]))
    return int(np.diff(live).max()) - 1


def why_unusable(counted: RateMeasure, start: int | None, week: int) -> NoBaseline | None:
    """Why the outcome has no baseline to be judged by, with what was known at the end of `week`; None if it has one.

    `start`: where its recording began, if late. Whether there is a reason depends on the baseline alone.
    """
    metric, span = counted.metric, counted.span
    if not counted.has_data(week):
        # of a sum for each that is held against its amounts, those are missing
        part = (
            metric.parts[0]
            if isinstance(metric.declaration, Ratio) and not metric.higher_is_better
            else metric
        )
        rows = next(iter(rows_of(part.declaration)))
        entity = metric.entity if part is metric else several_words(rows.template)
        return NoBaseline("nothing_matches" if rows.where else "nothing_landed", metric.label, entity=entity)
    if not counted.has_events(week):
        return NoBaseline("no_event", metric.label, sources=metric.sources)
    if counted.model.baseline.final_rate < 0:
        return NoBaseline("below_zero", metric.label)
    weeks = max(span.last - max(span.first, start or 0) + 1, 0)
    events = round(float(counted.model.baseline.events_seen.sum()))
    enough = weeks >= MIN_BASELINE_WEEKS and events >= MIN_BASELINE_EVENTS
    if enough and counted.model.baseline.final_rate > 0:
        return None
    return NoBaseline(
        "too_little",
        metric.label,
        weeks=weeks,
        events=events,
        needed_weeks=MIN_BASELINE_WEEKS,
        needed_events=MIN_BASELINE_EVENTS,
        recorded_since=None
        if start is None or _counted_before(counted, start)
        else span.calendar.start(start),
    )
