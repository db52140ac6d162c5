"""Is there a baseline to compare an outcome with, and since when has the outcome been recorded at all?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from leadline.metrics.measures import RateMeasure
from leadline.metrics.results import Finding
from leadline.metrics.statistics.divergence import MIN_BASELINE_EVENTS, MIN_BASELINE_WEEKS
from leadline.metrics.statistics.fitness import recording_start


def from_recording_start(counted: RateMeasure) -> tuple[RateMeasure, int | None]:
    """The same outcome with its baseline moved to the week where recording begins, and that week where it is late.

    Looks at what was known when the baseline ended and no further, so that every week of a replay gets the same
    baseline. Where too few events were known then, nothing is moved: there is no baseline to judge by anyway.
    """
    span = counted.span
    if _events_known(counted, span.last) < MIN_BASELINE_EVENTS:
        return counted, None
    start = recording_start(counted.table.cohorts, span.last)
    if start is None or start <= span.first:
        return counted, None
    return RateMeasure.of(counted.metric, counted.table, replace(span, first=min(start, span.last))), start


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
    message = (
        f"{counted.metric.label} is recorded only since the week of {_day(counted, start)}: what entered before then "
        "is left out, and a rise at that time is recording that began, not an improvement."
    )
    return Finding("recording_began", message, blocks_verdict=False, metric=counted.metric.id)


def why_unusable(counted: RateMeasure, start: int | None, week: int) -> str | None:
    """Why the outcome has no baseline to be judged by, in words of what was known at the end of `week`; None if it
    has one. `start`: where its recording began, if late. Whether there is a reason depends on the baseline alone."""
    metric, span = counted.metric, counted.span
    if not counted.has_data(week):
        return f"No {metric.entity} of this workflow have been landed, so {metric.label.lower()} can't be counted."
    if not counted.has_events(week):
        needs = " and ".join(metric.sources)
        return f"{metric.label} has no event at all yet: land the exports it rests on ({needs})."
    weeks = max(span.last - max(span.first, start or 0) + 1, 0)
    events = round(float(counted.model.baseline.events_seen.sum()))
    enough = weeks >= MIN_BASELINE_WEEKS and events >= MIN_BASELINE_EVENTS
    if enough and counted.model.baseline.final_rate > 0:
        return None
    needed = (
        f"at least {MIN_BASELINE_WEEKS} weeks and {MIN_BASELINE_EVENTS} events are needed to compare with."
    )
    has = f"{weeks} whole week{'' if weeks == 1 else 's'} with {events} event{'' if events == 1 else 's'}"
    if start is None:
        return f"{metric.label} has a baseline of {has}; {needed}"
    only = f"{metric.label} is recorded only since the week of {_day(counted, start)}, so"
    return (
        f"{only} the baseline has only {has}; {needed}" if weeks else f"{only} there is no baseline; {needed}"
    )


def _day(counted: RateMeasure, week: int) -> str:
    day: dt.date = counted.span.calendar.start(week)
    return f"{day.day} {day:%B %Y}"
