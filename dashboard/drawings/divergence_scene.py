"""What the divergence chart shows: one scene behind its Plotly figure and its picture in cards and packs.

Two panels, proxy and outcome, each in its own unit, and up is better in both. The level before is a grey line, carried
on as dashes; the level now a strong one, whose value *is* the figure beside it and in the sentence, over the weeks that
it is of; the shade between them is what is missing. Dots are four weeks each, counted both ways from the deployment, so
that none mixes before and after; those whose units are still open are hollow, with their likely range. What is better
when lower (a time, a cost) stands on a turned logarithmic axis, where 90 and 98 % less can be told apart.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import day_of_year, long_day, one_line
from leadline.dashboard.words.levels import (
    Effect,
    Levels,
    better_word,
    is_told,
    levels,
    missing_words,
    side_name,
    value_range,
)
from leadline.dashboard.words.review_card import currency_of
from leadline.dashboard.words.theme import Palette
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.results import Change, Pair, Series, WorkflowReview
from leadline.metrics.verdicts import meaning

WEEK = dt.timedelta(weeks=1)
DOT_WEEKS = 4
"""of one dot: as many as the trailing window of a series, so that no two dots share a week"""
SETTLED = 0.85
"""share of the final events from which a dot counts as known"""
LEAST_LEAD = 26 * WEEK
"""before the deployment at least so much is drawn, and at most as much as since"""
FAR_APART = 8.0
"""levels of which one is so many times the other stand on a logarithmic axis"""
SHORT_DAYS = 100
"""a stretch of time told in days, not months"""
NOTHING_TO_DRAW = "No week has enough data to draw yet."

Ink = Literal["proxy", "outcome", "alarm", "text", "muted"]


@dataclass(frozen=True)
class Dot:
    """Units of four weeks: what they reached, or should reach; in the metric's own unit."""

    first: dt.date
    last: dt.date
    """Sunday"""
    value: float
    units: int
    is_open: bool
    low: float | None
    high: float | None

    @property
    def middle(self) -> dt.date:
        return self.first + (self.last - self.first) / 2


@dataclass(frozen=True)
class Level:
    """One figure over the weeks that it is of."""

    kind: Literal["before", "carried", "now"]
    first: dt.date
    last: dt.date
    value: float


@dataclass(frozen=True)
class Panel:
    """One metric. `height` turns its values into places between 0 and 1, higher is better."""

    series: Series
    ink: Ink
    name: str
    """'Close rate', 'Close rate, channel “referral”'"""
    up: str
    """what up means: 'more leads close'"""
    words: Levels
    levels: tuple[Level, ...]
    dots: tuple[Dot, ...]
    span: tuple[float, float] | None
    """likely range of the level now"""
    gap: tuple[str, ...]
    """names the shade, the longest first: '83 deals fewer', '83 fewer'"""
    open_words: str
    lowest: float
    highest: float
    is_logarithmic: bool

    def height(self, value: float) -> float:
        inside = min(max(value, self.lowest), self.highest)
        low, high, at = self.lowest, self.highest, inside
        if self.is_logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(at)
        share = (at - low) / (high - low)
        return share if self.series.higher_is_better else 1.0 - share

    def level(self, kind: Literal["before", "carried", "now"]) -> Level | None:
        return next((each for each in self.levels if each.kind == kind), None)

    @property
    def shade(self) -> tuple[Level, float] | None:
        """The level now and the value before, where it is worse for certain: between them lies what is missing."""
        now, carried = self.level("now"), self.level("carried")
        if now is None or carried is None or self.words.effect != "worse":
            return None
        return now, carried.value

    @property
    def begins_at_zero(self) -> bool:
        return not self.is_logarithmic and self.lowest == 0.0 and self.series.higher_is_better

    @property
    def has_open(self) -> bool:
        return any(dot.is_open for dot in self.dots)


@dataclass(frozen=True)
class Event:
    """A day that is marked."""

    on: dt.date
    kind: Literal["deployed", "since"]
    words: str
    ink: Ink


@dataclass(frozen=True)
class Scene:
    """Both panels over the same days."""

    first: dt.date
    last: dt.date
    panels: tuple[Panel, ...]
    """the proxy's first; without those of which nothing is known"""
    events: tuple[Event, ...]

    @property
    def is_short(self) -> bool:
        """So few weeks that days are told, not months."""
        return (self.last - self.first).days < SHORT_DAYS

    @property
    def has_open(self) -> bool:
        return any(panel.has_open for panel in self.panels)

    def event(self, kind: Literal["deployed", "since"]) -> Event | None:
        return next((event for event in self.events if event.kind == kind), None)


def scene_of(
    workflow: WorkflowReview, pair: Pair, catalog: Mapping[str, Metric] | None = None
) -> Scene | None:
    """The scene of one pair; None where no week has enough data. `catalog` words it (None: the built-in metrics)."""
    drawn = [
        (series, change)
        for metric, change in ((pair.proxy, pair.proxy_change), (pair.outcome, pair.outcome_change))
        if (series := _series(workflow, metric)) is not None and any(v is not None for v in series.values)
    ]
    if not drawn:
        return None
    first, last = _days_drawn(workflow, [series for series, _ in drawn])
    known = load_catalog(None) if catalog is None else catalog
    return Scene(
        first,
        last,
        tuple(_panel(workflow, pair, series, change, (first, last), known) for series, change in drawn),
        tuple(event for event in _events(workflow, pair) if first <= event.on <= last),
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
        case "text":
            return colours.text
        case "muted":
            return colours.muted


def describe(workflow: WorkflowReview, pair: Pair, catalog: Mapping[str, Metric] | None = None) -> str:
    """The chart for people who can't see it: the verdict, and each level now and before."""
    scene = scene_of(workflow, pair, catalog)
    told = [_panel_words(panel) for panel in (scene.panels if scene else ())]
    since = f" since the week of {long_day(pair.since)}" if pair.since else ""
    state = f"{verdict_words(pair.verdict).word.lower()}{since}"
    return f"Divergence chart, {state}. {'; '.join(told) or 'No data to draw'}."


def describe_panels(
    workflow: WorkflowReview, pair: Pair, catalog: Mapping[str, Metric] | None = None
) -> list[str]:
    """The same where each panel is a chart of its own."""
    scene = scene_of(workflow, pair, catalog)
    return [f"Divergence chart. {_panel_words(panel)}." for panel in scene.panels] if scene else []


def _panel_words(panel: Panel) -> str:
    """'Close rate: 14 of 100 (likely 12–16), was 20 of 100'"""
    span = f" ({panel.words.span})" if panel.words.span else ""
    before = f", {panel.words.before}" if panel.level("carried") else ""
    return f"{panel.name}: {panel.words.now}{span}{before}"


def _series(workflow: WorkflowReview, metric: str) -> Series | None:
    return next((series for series in workflow.series if series.metric == metric), None)


def _days_drawn(workflow: WorkflowReview, drawn: Sequence[Series]) -> tuple[dt.date, dt.date]:
    """First and last day: the weeks before take at most as much room as those since, so that what happened is not
    squeezed."""
    first = min(series.weeks[0] for series in drawn)
    last = max(series.weeks[-1] for series in drawn) + WEEK
    lead = max(LEAST_LEAD, last - workflow.deployed_on)
    return max(first, min(workflow.deployed_on, last) - lead), last


def _panel(
    workflow: WorkflowReview,
    pair: Pair,
    series: Series,
    change: Change,
    days: tuple[dt.date, dt.date],
    catalog: Mapping[str, Metric],
) -> Panel:
    metric = catalog.get(series.metric)
    is_outcome = series.metric == pair.outcome
    words = levels(change, series.unit, metric, currency_of(workflow, series.metric))
    drawn = tuple(_levels(workflow, pair, change, days))
    is_part = is_outcome and pair.segment is not None
    # the kept weeks are of the whole; beside the level of one part they would say something else
    dots = (
        () if is_part else tuple(dot for dot in _dots(series, workflow.deployed_on) if dot.first >= days[0])
    )
    span = value_range(change) if is_told(change) else None
    lowest, highest, is_logarithmic = _axis(series, drawn, dots, span)
    cost = workflow.cost
    missing = missing_words(cost, catalog) if is_outcome and cost and cost.outcome == pair.outcome else ()
    return Panel(
        series=series,
        ink=_ink(is_outcome, words.effect, change),
        name=side_name(workflow, series.metric, pair.segment if is_outcome else None),
        up=better_word(series.unit, series.higher_is_better, metric),
        words=words,
        levels=drawn,
        dots=dots,
        span=span,
        gap=missing,
        open_words=f"{one_line(metric.entity)} still open" if metric else "still open",
        lowest=lowest,
        highest=highest,
        is_logarithmic=is_logarithmic,
    )


def _ink(is_outcome: bool, effect: Effect, change: Change) -> Ink:
    """Orange only where the outcome is worse: what holds or came back must not look alarming."""
    if not is_told(change):
        return "muted"
    if not is_outcome:
        return "proxy"
    return "outcome" if effect == "worse" else "text"


def _levels(
    workflow: WorkflowReview, pair: Pair, change: Change, days: tuple[dt.date, dt.date]
) -> Iterator[Level]:
    """The level before up to the deployment and carried on, the level now from the first week that it is of."""
    first, last = days
    deployed = min(max(workflow.deployed_on, first), last)
    if (before := change.baseline_value) is not None and math.isfinite(before):
        if not change.is_of_target and first < deployed:
            yield Level("before", first, deployed, before)
        yield Level("carried", first if change.is_of_target else deployed, last, before)
    now = change.current_value
    if is_told(change) and now is not None and math.isfinite(now):
        since = change.first or (pair.since if change is pair.outcome_change else None) or deployed
        yield Level("now", min(max(since, first), last - WEEK), last, now)


def _dots(series: Series, deployed: dt.date) -> Iterator[Dot]:
    """The trailing four weeks of every fourth week, counted both ways from the week of the deployment."""
    start = sum(week + WEEK <= deployed for week in series.weeks)
    for at in range((start - 1) % DOT_WEEKS, len(series.weeks), DOT_WEEKS):
        value, projected = series.values[at], series.projected[at]
        if value is None or at < DOT_WEEKS - 1:
            continue
        scale = value / projected if projected else None
        low, high = series.low[at], series.high[at]
        yield Dot(
            first=series.weeks[at] - (DOT_WEEKS - 1) * WEEK,
            last=series.weeks[at] + WEEK - dt.timedelta(days=1),
            value=value,
            units=series.units[at],
            is_open=series.maturity[at] < SETTLED,
            low=None if scale is None or low is None else scale * low,
            high=None if scale is None or high is None else scale * high,
        )


def _axis(
    series: Series, drawn: Sequence[Level], dots: Sequence[Dot], span: tuple[float, float] | None
) -> tuple[float, float, bool]:
    """Lowest and highest value, and whether ratios are what counts; from 0 where they don't."""
    told = [level.value for level in drawn]
    values = [*told, *(dot.value for dot in dots), *(span or ())]
    values = [value for value in values if math.isfinite(value)] or [1.0]
    least, most = min(values), max(values)
    is_far = bool(told) and min(told) > 0 and max(told) / min(told) > FAR_APART
    if least > 0 and (is_far or not series.higher_is_better):
        pad = max(1.25, math.sqrt(4.0 / (most / least)))
        return least / pad, most * pad, True
    # an open dot may reach far; of its range only as much is drawn as leaves the rest readable
    reach = max([dot.high for dot in dots if dot.is_open and dot.high is not None], default=most)
    most = max(most, min(reach, 1.4 * most)) if most > 0 else most
    low = min(least, 0.0)
    return low, (most + 0.12 * (most - low)) if most > low else low + 1.0, False


def _events(workflow: WorkflowReview, pair: Pair) -> Iterator[Event]:
    """The deployment, and the one day since which the outcome has changed."""
    deployed = workflow.deployed_on
    yield Event(deployed, "deployed", f"went live {day_of_year(deployed)}", "muted")
    if pair.since:
        ink: Ink = "alarm" if meaning(pair.verdict).is_alarmed else "muted"
        yield Event(pair.since, "since", f"since {day_of_year(pair.since)}", ink)
