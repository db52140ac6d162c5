"""A metric's level now and before as figures that a room reads: '12 of 100', was '20 of 100'; '8 minutes'.

The same words stand as a figure, in the sentence of the verdict, at the ends of a chart's lines and in its description
for people who can't see it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from leadline.dashboard.words.changes import (
    Catalog,
    a_week,
    agreeing,
    change_phrase,
    is_from_none,
    metric_label,
    segment_words,
    units_words,
    untold_words,
)
from leadline.dashboard.words.costs import events_metric
from leadline.dashboard.words.formats import (
    base_of,
    is_unchanged,
    metric_value,
    money_interval,
    number,
    one_line,
    sentence_case,
    signed_percent,
    so_many_of,
)
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import Change, Cost, WorkflowReview

Effect = Literal["better", "worse", "no clear change", "as it was", ""]
"""'' where nothing is known"""
DIRECTION_LETTERS = 30


@dataclass(frozen=True)
class Levels:
    now: str
    """'12 of 100'; 'too early to say' or 'not known yet' where nothing tells it"""
    before: str
    """'was 20 of 100', of a target 'agreed: 25 of 100'; '' where it is not known"""
    span: str
    """likely range of `now` in the same unit, 'likely 10–14'; '' where it is not known"""
    effect: Effect
    rests_on: str = ""
    """'1,417 leads'"""


def levels(change: Change, unit: str, metric: Metric | None, currency: str | None = None) -> Levels:
    """Both levels of a change in its metric's own unit; shares as so many of 100 (1,000, …), the same for all three."""
    before, now = change.baseline_value, change.current_value
    was = "agreed:" if change.is_of_target else "was"
    if now is None or not is_told(change):
        words = _told(unit, before, metric, currency, base_of([before] if before is not None else []))
        return Levels(untold_words(change), words and f"{was} {words}", "", "")
    ends = value_range(change)
    effect = effect_of(change, metric.higher_is_better if metric else None)
    # finer than it is known is no figure to read aloud
    shares = [share for share in (now, before) if share is not None]
    base = base_of(shares, apart=effect in ("better", "worse"))
    told, words = (_told(unit, value, metric, currency, base) for value in (now, before))
    span = _span(unit, ends, base, currency) if ends else ""
    rests_on = units_words(metric, change.units) if metric else ""
    return Levels(told, words and f"{was} {words}", span, effect, rests_on)


def level_phrase(
    metric_id: str, change: Change, catalog: Catalog, *, with_span: bool = True, segment: str | None = None
) -> str:
    """Both levels in a sentence, in the same words as the figure: 'of 100 leads 13 close (likely 10–15), down from 20',
    'response time is 8 minutes, down from 2.8 hours', '39 assets are published a week, up from 21'. Where no level is
    known, the change."""
    metric = catalog.get(metric_id)
    where = f"in {segment_words(segment)}, " if segment else ""
    if metric is None or change.relative is None or change.current_value is None or not change.baseline_value:
        return f"{where}{change_phrase(metric_id, change, catalog, with_span)}"
    found = levels(change, metric.unit, metric, change.currency)
    now, before = found.now, found.before.removeprefix("agreed: ").removeprefix("was ")
    span = f" ({found.span})" if with_span and found.span else ""
    same = now == before
    done = _done(metric)
    if metric.unit == "share" and done:
        (now, _, base), before = now.partition(" of "), before.partition(" of ")[0]
        told = f"of {base} {one_line(metric.entity)} {now} {done}{span}"
    elif a_week(metric) and done:
        weekly = a_week(metric)
        now, before = now.removesuffix(weekly), before.removesuffix(weekly)
        told = f"{now} {one_line(metric.entity)} {done}{weekly}{span}"
    else:
        label = metric_label(metric_id, catalog)
        before = before.removesuffix(a_week(metric)).partition(" of ")[0]
        told = f"{label} {agreeing(label, 'is', 'are')} {now}{span}"
    if change.is_of_target:
        return f"{where}{told}, {'as was agreed' if same else f'agreed: {before}'}"
    return f"{where}{told}, {'as before' if same else _moved(change, before)}"


def _moved(change: Change, before: str) -> str:
    """'down from 20'; '41 before' where it is not certain that it went anywhere."""
    if change.relative is None or change.low is None or change.high is None or change.low * change.high <= 0:
        return f"{before} before"
    return f"{'up' if change.relative > 0 else 'down'} from {before}"


def level_by(metric_id: str, change: Change, relative: float | None, catalog: Catalog) -> str:
    """What the level was when it was that far from its baseline: '12 of 100', '3 hours'; the
    change itself, '−40 %', where no level is known, '' where not even that."""
    if relative is None:
        return ""
    metric, base = catalog.get(metric_id), change.baseline_value
    if metric is None or base is None or change.current_value is None:
        return signed_percent(relative)
    then = replace(change, relative=relative, current_value=base * (1.0 + relative))
    return levels(then, metric.unit, metric, change.currency).now


def _done(metric: Metric) -> str:
    """'close' of '{change} more leads close': what the counted ones do; '' where its words are built otherwise."""
    for words in (metric.better, metric.worse):
        begins = f"{{change}} more {one_line(metric.entity)} "
        if words.startswith(begins):
            return one_line(words.removeprefix(begins))
    return ""


def is_told(change: Change) -> bool:
    """Something is said of it: how much it changed, or that there was none before and for certain there is some now."""
    return change.relative is not None or is_from_none(change)


def effect_of(change: Change, higher_is_better: bool | None) -> Effect:
    """Which way a change goes for certain; '' where nothing is known."""
    if higher_is_better is None or not is_told(change):
        return ""
    if change.relative is None:
        return "better" if higher_is_better else "worse"
    if is_unchanged(change.relative):
        return "as it was"
    if change.low is None or change.high is None or change.low * change.high <= 0:
        return "no clear change"
    return "better" if (change.relative > 0) == higher_is_better else "worse"


def side_name(workflow: WorkflowReview, metric_id: str, segment: str | None = None) -> str:
    """'Close rate' as the review has it, of one segment 'Close rate, channel “referral”'; its id without a label."""
    label = next((series.label for series in workflow.series if series.metric == metric_id), "")
    name = one_line(label) or sentence_case(metric_id.replace("_", " "))
    return f"{name}, {segment_words(segment)}" if segment else name


def better_word(unit: str, higher_is_better: bool, metric: Metric | None = None) -> str:
    """What 'up' means on a chart on which up is better: 'more leads close', 'faster', 'cheaper'."""
    told = one_line(metric.better.partition("{change} ")[2]) if metric else ""
    if told == "higher" or (told.startswith("more ") and len(told) <= DIRECTION_LETTERS and unit != "money"):
        return told
    if higher_is_better:
        return {"minutes": "longer", "money": "higher"}.get(unit, "more")
    return {"minutes": "faster", "money": "cheaper"}.get(unit, "fewer")


def missing_words(cost: Cost, catalog: Catalog) -> tuple[str, ...]:
    """'83 deals fewer', '83 fewer'; nothing where it can't be counted."""
    event = events_metric(cost.outcome, catalog)
    count = round(cost.units)
    if event is None or count < 1 or event.missing is not None:
        return ()
    return f"{units_words(event, count)} fewer", f"{number(count)} fewer"


def value_range(change: Change) -> tuple[float, float] | None:
    """The likely range of the current value, from that of the change."""
    before, low, high = change.baseline_value, change.low, change.high
    if not before or low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return None
    return before * (1.0 + low), before * (1.0 + high)


def _told(unit: str, value: float | None, metric: Metric | None, currency: str | None, base: int) -> str:
    if value is None:
        return ""
    if unit == "share":
        return so_many_of(value, base)
    return f"{metric_value(value, unit, currency)}{a_week(metric) if metric else ''}"


def _span(unit: str, ends: tuple[float, float], base: int, currency: str | None) -> str:
    low, high = ends
    if unit == "money":
        return f"likely {money_interval(low, high, currency)}"
    if unit == "share":
        first, last = number(low * base), number(high * base)
    else:
        first, last = metric_value(low, unit), metric_value(high, unit)
        small, _, word = first.partition(" ")
        if word and last.endswith(f" {word}"):
            first = small
        elif word:
            return f"likely {first} to {last}"
    return f"likely {first}" if first == last else f"likely {first}–{last}"
