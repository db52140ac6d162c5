"""Series made ready to be drawn: turned so that up is good, cut where young cohorts begin, kept within the picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leadline.metrics.results import Series, WorkflowReview

LOWEST, HIGHEST = 0.0, 320.0
"""index beyond which a line leaves the picture: a proxy grown tenfold must not flatten the outcome's fall"""
CARD_LEAD_WEEKS = 20
"""weeks before the deployment that a card's picture shows"""
COMPLETE = 0.995
"""maturity from which a cohort counts as complete: less than one event in 200 can still come"""

Points = tuple[float | None, ...]


@dataclass(frozen=True)
class Line:
    """A series turned so that up is good, cut where its young cohorts begin."""

    series: Series
    colour: str
    level: Points
    known: Points
    low: Points
    high: Points
    young_from: int
    """place of the first week that is not complete; len(weeks) where all are"""

    @property
    def last(self) -> tuple[dt.date, float] | None:
        """The last point that has a value."""
        points = [(w, v) for w, v in zip(self.series.weeks, self.level, strict=True) if v is not None]
        return points[-1] if points else None


def find(all_series: Sequence[Series], metric: str) -> Series | None:
    return next((series for series in all_series if series.metric == metric), None)


def turned(series: Series, colour: str) -> Line:
    """Up is good: what is better when lower is mirrored at 100, and its interval's ends change places."""
    turn: Callable[[Points], Points] = (
        (lambda points: points)
        if series.higher_is_better
        else (lambda points: tuple(None if point is None else 200 - point for point in points))
    )
    low, high = (series.low, series.high) if series.higher_is_better else (series.high, series.low)
    young = next(
        (place for place, share in enumerate(series.maturity) if share < COMPLETE), len(series.weeks)
    )
    return Line(series, colour, turn(series.projected), turn(series.known), turn(low), turn(high), young)


def weeks_drawn(workflow: WorkflowReview, lines: list[Line], compact: bool) -> tuple[dt.date, dt.date]:
    """First and last week drawn. A card leaves out most of the baseline."""
    first = min(line.series.weeks[0] for line in lines)
    last = max(line.series.weeks[-1] for line in lines)
    if compact:
        before = min(workflow.deployed_on, last - dt.timedelta(weeks=12)) - dt.timedelta(
            weeks=CARD_LEAD_WEEKS
        )
        first = max(first, before)
    return first, last


def height_span(lines: list[Line], first: dt.date) -> tuple[float, float]:
    """Range of the axis: every line whole unless it leaves LOWEST..HIGHEST; wild bands don't widen it."""
    levels = [
        value
        for line in lines
        for week, value in zip(line.series.weeks, line.level, strict=True)
        if value is not None and week >= first
    ] or [100.0]
    least, most = min(*levels, 100.0), max(*levels, 100.0)
    reach = max((most - least) * 0.25, 12.0)
    bands = [value for line in lines for side in (line.low, line.high) for value in side if value is not None]
    least = max(least - reach, min([*bands, least]))
    most = min(most + reach, max([*bands, most]))
    pad = max((most - least) * 0.08, 6.0)
    return max(least - pad, LOWEST), min(most + pad, HIGHEST)


def clip(points: Points, lowest: float, highest: float) -> Points:
    return tuple(None if point is None else min(max(point, lowest), highest) for point in points)
