"""What the divergence chart shows, in weeks and points of an index: one scene behind its Plotly figure and its PNG.

Everything is drawn so that up is good: an index of a metric for which lower is better (response time, cost) is turned
over at its baseline, 200 − index, so that '95 % less time' stands at 195 and the two lines open like jaws exactly when
the proxy improves while the outcome falls. The axis says so. Intervals are areas; what is complete is solid, the
projected part of young cohorts dashed over the area of what they can still reach; deployment, the start of the drift
and the breach are marked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import (
    day,
    is_unchanged,
    long_day,
    one_line,
    percent,
    signed_percent,
)
from leadline.dashboard.words.theme import Palette
from leadline.dashboard.words.verdicts import untold_words
from leadline.metrics.results import Change, Pair, Series, WorkflowReview
from leadline.metrics.verdicts import meaning

BASELINE = 100.0
LOWEST, HIGHEST = 0.0, 320.0
"""index beyond which a line leaves the picture: a proxy grown tenfold must not flatten the outcome's fall"""
CARD_LEAD_WEEKS = 20
"""weeks before the deployment that a card's picture shows"""
COMPLETE = 0.995
"""maturity from which a cohort counts as complete: less than one event in 200 can still come"""
SHORT_DAYS = 100
"""a stretch of time told in days, not months"""
NOTHING_TO_DRAW = "No week has enough data to draw yet."
PROJECTED = "dashed: projected"

Points = tuple[float | None, ...]
Ink = Literal["proxy", "outcome", "alarm", "muted"]


@dataclass(frozen=True)
class Line:
    """A series turned so that up is good, cut where its young cohorts begin."""

    series: Series
    ink: Ink
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

    @property
    def is_projected(self) -> bool:
        """Whether any of its cohorts is young."""
        return self.young_from < len(self.series.weeks)


@dataclass(frozen=True)
class Area:
    """Between two sides over a run of weeks without gaps: a fill across a gap would draw what nobody measured."""

    kind: Literal["complete", "young", "pending"]
    """the interval of complete weeks, that of young ones, or what young cohorts can still reach"""
    ink: Ink
    weeks: tuple[dt.date, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Stroke:
    """A part of a line over a run of weeks without gaps."""

    line: Line
    places: tuple[int, ...]
    """of its weeks in the line's series"""
    weeks: tuple[dt.date, ...]
    levels: tuple[float, ...]
    is_projected: bool


@dataclass(frozen=True)
class Shade:
    """A tint over the whole height, from a day to the last week drawn."""

    since: dt.date
    opacity: float


@dataclass(frozen=True)
class Event:
    """A day that is marked over the whole height."""

    on: dt.date
    kind: Literal["deployed", "since", "breached"]
    words: str
    short: str
    """on a card; '' where a card leaves it out"""
    ink: Ink


@dataclass(frozen=True)
class End:
    """What stands at the end of a line: the change is the one the verdict rests on, so that a picture and its sentence
    never name two numbers."""

    line: Line
    level: float
    change: str
    beyond: Literal["", " ↑", " ↓"]
    """the line ends outside the picture"""


@dataclass(frozen=True)
class Scene:
    """Levels are kept within `lowest` and `highest`; weeks before `first` are beyond the left side."""

    first: dt.date
    last: dt.date
    lowest: float
    highest: float
    areas: tuple[Area, ...]
    """those that lie lowest first"""
    strokes: tuple[Stroke, ...]
    shades: tuple[Shade, ...]
    events: tuple[Event, ...]
    ends: tuple[End, ...]
    """one a line, the proxy's first"""

    @property
    def is_short(self) -> bool:
        """So few weeks that days are told, not months."""
        return (self.last - self.first).days < SHORT_DAYS

    def ticks(self, steps: Sequence[int], most: int) -> list[int]:
        """Round levels of the first of `steps` that gives no more than `most` of them, about."""
        span = self.highest - self.lowest
        step = next(size for size in steps if span / size <= most)
        return [tick for tick in range(0, 401, step) if self.lowest <= tick <= self.highest]


def scene_of(workflow: WorkflowReview, pair: Pair, *, compact: bool) -> Scene | None:
    """The scene of one pair, for a card where `compact`; None where no week has enough data."""
    lines = [line for line in _lines(workflow, pair) if line.last is not None]
    if not lines:
        return None
    first, last = _weeks_drawn(workflow, lines, compact)
    lowest, highest = _height_span(lines, first)

    def clip(level: float) -> float:
        return min(max(level, lowest), highest)

    return Scene(
        first=first,
        last=last,
        lowest=lowest,
        highest=highest,
        areas=(
            *(area for line in lines for area in _intervals(line, clip)),
            *(area for line in lines for area in _pending(line, clip)),
        ),
        strokes=tuple(stroke for line in lines for stroke in _strokes(line, clip)),
        shades=tuple(_shades(workflow, pair, first, last)),
        events=tuple(event for event in _events(workflow, pair) if first <= event.on <= last),
        ends=tuple(_ends(lines, pair, lowest, highest)),
    )


def colour(ink: Ink, colours: Palette) -> str:
    """An ink of the scene in a mode's palette."""
    match ink:
        case "proxy":
            return colours.proxy
        case "outcome":
            return colours.outcome
        case "alarm":
            return colours.hues["red"]
        case "muted":
            return colours.muted


def axis_note(workflow: WorkflowReview, pair: Pair) -> str:
    """What the axis means, in one line: said above the chart."""
    note = "Index, 100 = baseline. Up is better"
    lines = _lines(workflow, pair)
    lower = [one_line(line.series.label).lower() for line in lines if not line.series.higher_is_better]
    if lower:
        are = "is" if len(lower) == 1 else "are"
        note += (
            f" for both: {' and '.join(lower)}, where less is better, {are} turned over "
            f"(195 = {percent(0.95)} less)"
        )
    if any(line.is_projected for line in lines):
        note += ". Dashed: projected for cohorts too young to be complete; hatched: what they can still reach"
    return f"{note}."


def describe(workflow: WorkflowReview, pair: Pair) -> str:
    """The chart for people who can't see it: what each line does, and the verdict."""
    told = [
        f"{one_line(line.series.label)} {_change_of(line, pair)}"
        for line in _lines(workflow, pair)
        if line.last is not None
    ]
    since = f" since the week of {long_day(pair.since)}" if pair.since else ""
    state = f"{verdict_words(pair.verdict).word.lower()}{since}"
    return f"Divergence chart, {state}. {'; '.join(told) or 'No data to draw'}."


def change_words(change: Change, higher_is_better: bool) -> str:
    """The change at the end of a line: '−33 %'; what is better when lower says so: '−95 %, better'."""
    if change.relative is None:
        return untold_words(change)
    words = signed_percent(change.relative)
    if higher_is_better or is_unchanged(change.relative):
        return words
    return f"{words}, {'better' if change.relative < 0 else 'worse'}"


def _change_of(line: Line, pair: Pair) -> str:
    change = pair.proxy_change if line.series.metric == pair.proxy else pair.outcome_change
    return change_words(change, line.series.higher_is_better)


def _lines(workflow: WorkflowReview, pair: Pair) -> list[Line]:
    """The proxy's and the outcome's, as far as the review holds their series."""
    known = {series.metric: series for series in reversed(workflow.series)}
    return [
        _turned(known[metric], "proxy" if metric == pair.proxy else "outcome")
        for metric in (pair.proxy, pair.outcome)
        if metric in known
    ]


def _turned(series: Series, ink: Ink) -> Line:
    """Up is good: what is better when lower is mirrored at the baseline, and its interval's ends change places."""
    turn: Callable[[Points], Points] = (
        (lambda points: points)
        if series.higher_is_better
        else (lambda points: tuple(None if point is None else 2 * BASELINE - point for point in points))
    )
    low, high = (series.low, series.high) if series.higher_is_better else (series.high, series.low)
    young = next(
        (place for place, share in enumerate(series.maturity) if share < COMPLETE), len(series.weeks)
    )
    return Line(series, ink, turn(series.projected), turn(series.known), turn(low), turn(high), young)


def _weeks_drawn(workflow: WorkflowReview, lines: list[Line], compact: bool) -> tuple[dt.date, dt.date]:
    """First and last week drawn. A card leaves out most of the baseline."""
    first = min(line.series.weeks[0] for line in lines)
    last = max(line.series.weeks[-1] for line in lines)
    if compact:
        before = min(workflow.deployed_on, last - dt.timedelta(weeks=12)) - dt.timedelta(
            weeks=CARD_LEAD_WEEKS
        )
        first = max(first, before)
    return first, last


def _height_span(lines: list[Line], first: dt.date) -> tuple[float, float]:
    """Range of the axis: every line whole unless it leaves LOWEST..HIGHEST; wild bands don't widen it."""
    levels = [
        value
        for line in lines
        for week, value in zip(line.series.weeks, line.level, strict=True)
        if value is not None and week >= first
    ] or [BASELINE]
    least, most = min(*levels, BASELINE), max(*levels, BASELINE)
    reach = max((most - least) * 0.25, 12.0)
    bands = [value for line in lines for side in (line.low, line.high) for value in side if value is not None]
    least = max(least - reach, min([*bands, least]))
    most = min(most + reach, max([*bands, most]))
    pad = max((most - least) * 0.08, 6.0)
    return max(least - pad, LOWEST), min(most + pad, HIGHEST)


def _runs(places: range, *sides: Points) -> Iterator[list[tuple[int, tuple[float, ...]]]]:
    """Places where every side has a value, without gaps, each with those values."""
    run: list[tuple[int, tuple[float, ...]]] = []
    for place in places:
        values = tuple(value for side in sides if (value := side[place]) is not None)
        if len(values) == len(sides):
            run.append((place, values))
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


Clip = Callable[[float], float]


def _areas(
    kind: Literal["complete", "young", "pending"],
    line: Line,
    places: range,
    low: Points,
    high: Points,
    clip: Clip,
) -> Iterator[Area]:
    for run in _runs(places, low, high):
        if len(run) > 1:
            yield Area(
                kind,
                line.ink,
                tuple(line.series.weeks[place] for place, _ in run),
                tuple(clip(values[0]) for _, values in run),
                tuple(clip(values[1]) for _, values in run),
            )


def _intervals(line: Line, clip: Clip) -> Iterator[Area]:
    """Once for the complete weeks, once for the young ones; they meet at the last complete week."""
    end = len(line.series.weeks)
    yield from _areas("complete", line, range(line.young_from), line.low, line.high, clip)
    yield from _areas("young", line, range(max(line.young_from - 1, 0), end), line.low, line.high, clip)


def _pending(line: Line, clip: Clip) -> Iterator[Area]:
    """Between what young cohorts have reached and what they are expected to reach."""
    if line.is_projected:
        places = range(max(line.young_from - 1, 0), len(line.series.weeks))
        yield from _areas("pending", line, places, line.known, line.level, clip)


def _strokes(line: Line, clip: Clip) -> Iterator[Stroke]:
    """Solid as far as it is known, projected from the last complete week on."""
    cut = line.young_from
    parts = [(range(cut), False)]
    if line.is_projected:
        parts.append((range(max(cut - 1, 0), len(line.series.weeks)), True))
    for places, is_projected in parts:
        for run in _runs(places, line.level):
            if is_projected and len(run) == 1 and run[0][0] < cut:
                continue  # the joint alone: the solid part has drawn it
            yield Stroke(
                line,
                tuple(place for place, _ in run),
                tuple(line.series.weeks[place] for place, _ in run),
                tuple(clip(values[0]) for _, values in run),
                is_projected,
            )


def _breached_since(workflow: WorkflowReview) -> dt.date | None:
    return min(
        (rule.since for rule in workflow.rules if rule.state == "breached" and rule.since), default=None
    )


def _shades(workflow: WorkflowReview, pair: Pair, first: dt.date, last: dt.date) -> Iterator[Shade]:
    """Since the drift began a tint, since the breach a stronger one: the intervals keep their own hue on it."""
    if meaning(pair.verdict).is_alarmed:
        for since, opacity in ((pair.since, 0.05), (_breached_since(workflow), 0.06)):
            if since and since <= last:
                yield Shade(max(since, first), opacity)


def _events(workflow: WorkflowReview, pair: Pair) -> Iterator[Event]:
    """Deployment, the start of the drift, the breach."""
    alarmed = meaning(pair.verdict).is_alarmed
    deployed = workflow.deployed_on
    yield Event(deployed, "deployed", f"Deployed {day(deployed)}", "deployed", "muted")
    if pair.since:
        onset = verdict_words(pair.verdict).onset
        yield Event(
            pair.since,
            "since",
            f"{onset.capitalize()} since the week of {day(pair.since)}",
            f"{onset} since {day(pair.since)}",
            "alarm" if alarmed else "muted",
        )
    if alarmed and (breach := _breached_since(workflow)):
        several = sum(rule.state == "breached" for rule in workflow.rules) > 1
        words = f"{'First rule' if several else 'Rule'} breached {day(breach)}"
        yield Event(breach, "breached", words, "", "alarm")


def _ends(lines: Sequence[Line], pair: Pair, lowest: float, highest: float) -> Iterator[End]:
    for line in lines:
        if line.last is not None:
            _, level = line.last
            beyond: Literal["", " ↑", " ↓"] = " ↑" if level > highest else " ↓" if level < lowest else ""
            yield End(line, level, _change_of(line, pair), beyond)
