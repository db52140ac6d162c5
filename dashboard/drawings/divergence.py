"""Charts as pure functions: a result and a mode in, a Plotly figure out. No Streamlit, nothing computed anew.

The divergence chart draws everything so that up is good: an index of a metric for which lower is better
(response time, cost) is turned over at its baseline, 200 − index, so that '95 % less time' stands at 195 and
the two lines open like jaws exactly when the proxy improves while the outcome falls. The axis says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from leadline.dashboard.drawings.lines import (
    COMPLETE,
    Line,
    Points,
    clip,
    find,
    height_span,
    turned,
    weeks_drawn,
)
from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text, shade, with_note
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.formats import (
    day,
    is_unchanged,
    long_day,
    metric_value,
    number,
    one_line,
    percent,
    shortened,
    signed_percent,
)
from leadline.dashboard.words.theme import Palette, faded, palette
from leadline.metrics.results import Change, Pair, WorkflowReview
from leadline.metrics.verdicts import meaning

LABEL_LETTERS = 28
SHORT_DAYS = 100
"""a stretch of time told in days, not months"""


def divergence_chart(workflow: WorkflowReview, pair: Pair, mode: str, *, compact: bool = False) -> go.Figure:
    """Proxy and outcome of one pair as indexes, 100 = baseline, up = better; `compact` for a card.

    Intervals are bands; what is complete is solid, the projected part of young cohorts dashed over a hatched
    gap; deployment, the start of the drift and the breach are marked. Lines are labelled at their ends.
    """
    colours = palette(mode)
    lines = [
        turned(series, colours.proxy if series.metric == pair.proxy else colours.outcome)
        for metric in (pair.proxy, pair.outcome)
        if (series := find(workflow.series, metric)) is not None
    ]
    lines = [line for line in lines if line.last is not None]
    figure = go.Figure()
    if not lines:
        return with_note(figure, "No week has enough data to draw yet.", colours)
    first, last = weeks_drawn(workflow, lines, compact)
    lowest, highest = height_span(lines, first)
    for line in lines:
        _draw_band(figure, line, lowest, highest)
    for line in lines:
        _draw_pending(figure, line, lowest, highest)
    for line in lines:
        _draw_line(figure, line, lowest, highest, thin=compact)
    _mark_baseline(figure, first, last, colours)
    _mark_events(figure, workflow, pair, first, last, colours, compact)
    right = _label_ends(figure, lines, pair, (lowest, highest), colours, compact)
    if compact:
        lay_out(figure, colours, height=176, margin=(10, 32, right, 8), size=12)
    else:
        lay_out(figure, colours, height=430, margin=(10, 62, right, 30), size=14)
    written = current()
    months = written.axis("yMMM") if compact else "%b<br>%Y"
    short = (last - first).days < SHORT_DAYS
    ticks = {"tickformat": written.axis("MMMd") if short else months, "nticks": 5 if compact else 12}
    figure.update_xaxes(range=[first.isoformat(), last.isoformat()], **ticks)
    figure.update_yaxes(range=[lowest, highest], **_ticks(lowest, highest, compact))
    return figure


def axis_note(workflow: WorkflowReview, pair: Pair) -> str:
    """What the axis means, in one line: said above the chart."""
    note = "Index, 100 = baseline. Up is better"
    lower = [
        one_line(series.label).lower()
        for metric in (pair.proxy, pair.outcome)
        if (series := find(workflow.series, metric)) is not None and not series.higher_is_better
    ]
    if lower:
        are = "is" if len(lower) == 1 else "are"
        note += (
            f" for both: {' and '.join(lower)}, where less is better, {are} turned over "
            f"(195 = {percent(0.95)} less)"
        )
    lines = [
        turned(series, "#000000") for series in workflow.series if series.metric in (pair.proxy, pair.outcome)
    ]
    if any(line.young_from < len(line.series.weeks) for line in lines):
        note += ". Dashed: projected for cohorts too young to be complete; hatched: what they can still reach"
    return f"{note}."


def describe(workflow: WorkflowReview, pair: Pair) -> str:
    """The chart for people who can't see it: what each line does, and the verdict."""
    told = []
    for metric, change in ((pair.proxy, pair.proxy_change), (pair.outcome, pair.outcome_change)):
        series = find(workflow.series, metric)
        if series is not None and any(point is not None for point in series.projected):
            told.append(f"{one_line(series.label)} {change_words(change, series.higher_is_better)}")
    since = f" since the week of {long_day(pair.since)}" if pair.since else ""
    state = f"{verdict_words(pair.verdict).word.lower()}{since}"
    return f"Divergence chart, {state}. {'; '.join(told) or 'No data to draw'}."


def change_words(change: Change, higher_is_better: bool) -> str:
    """The change at the end of a line: '−33 %'; what is better when lower says so: '−95 %, better'."""
    if change.relative is None:
        return "not known yet"
    words = signed_percent(change.relative)
    if higher_is_better or is_unchanged(change.relative):
        return words
    return f"{words}, {'better' if change.relative < 0 else 'worse'}"


def _draw_band(figure: go.Figure, line: Line, lowest: float, highest: float) -> None:
    """The interval: once for the complete weeks, once, a little paler, for the young ones."""
    cut = line.young_from
    for start, stop, opacity in ((0, cut, 0.16), (max(cut - 1, 0), len(line.series.weeks), 0.13)):
        low, high = (clip(side[start:stop], lowest, highest) for side in (line.low, line.high))
        _fill(figure, line.series.weeks[start:stop], low, high, faded(line.colour, opacity))


def _draw_pending(figure: go.Figure, line: Line, lowest: float, highest: float) -> None:
    """Between what young cohorts have reached and what they are expected to reach: hatched."""
    start = max(line.young_from - 1, 0)
    weeks = line.series.weeks[start:]
    if line.young_from >= len(line.series.weeks):
        return
    known, level = (clip(points[start:], lowest, highest) for points in (line.known, line.level))
    pattern = {"shape": "/", "size": 5, "solidity": 0.12, "fgcolor": line.colour, "bgcolor": "rgba(0,0,0,0)"}
    _fill(figure, weeks, known, level, "rgba(0,0,0,0)", pattern)


def _fill(
    figure: go.Figure,
    weeks: Sequence[dt.date],
    low: Points,
    high: Points,
    colour: str,
    pattern: dict[str, Any] | None = None,
) -> None:
    """One area a run of weeks without gaps: a fill across a gap would draw what nobody measured."""
    run: list[int] = []
    for place in range(len(weeks) + 1):
        if place < len(weeks) and low[place] is not None and high[place] is not None:
            run.append(place)
            continue
        if len(run) > 1:
            there, back = run, run[::-1]
            figure.add_trace(
                go.Scatter(
                    x=[weeks[at] for at in there + back],
                    y=[high[at] for at in there] + [low[at] for at in back],
                    mode="lines",
                    line={"width": 0},
                    fill="toself",
                    fillcolor=colour,
                    fillpattern=pattern,
                    hoverinfo="skip",
                    name="pending" if pattern else "interval",
                )
            )
        run = []


def _draw_line(figure: go.Figure, line: Line, lowest: float, highest: float, *, thin: bool) -> None:
    """Solid as far as it is known, dashed where young cohorts are projected."""
    cut, weeks = line.young_from, line.series.weeks
    parts = ((0, cut, "solid", 1.0, "known"), (max(cut - 1, 0), len(weeks), "5px,3px", 0.85, "projected"))
    width = 2.25 if thin else 3
    for start, stop, dash, opacity, name in parts:
        if stop - start < 1 or (name == "projected" and cut >= len(weeks)):
            continue
        alone = stop - start == 1
        # the joint belongs to both parts; only the solid one answers the pointer there
        hover = [_hover(line, at) for at in range(start, stop)]
        figure.add_trace(
            go.Scatter(
                x=weeks[start:stop],
                y=clip(line.level[start:stop], lowest, highest),
                mode="markers" if alone else "lines",
                line={"color": line.colour, "width": width, "dash": dash},
                marker={"color": line.colour, "size": 7},
                opacity=opacity,
                text=hover,
                hovertemplate="%{text}<extra></extra>",
                name=f"{plotly_text(line.series.label)}, {name}",
            )
        )


def _hover(line: Line, at: int) -> str:
    series, level = line.series, line.level[at]
    if level is None:
        return f"{plotly_text(series.label)}: not known"
    text = f"<b>{plotly_text(series.label)}</b>: {metric_value(series.values[at], series.unit)}"
    text += f"<br>week of {day(series.weeks[at])}, {number(series.units[at])} units"
    low, high = line.low[at], line.high[at]
    if low is not None and high is not None:
        text += f"<br>index {number(level)}, between {number(low)} and {number(high)}"
    if series.maturity[at] < COMPLETE:
        text += f"<br>projected: about {percent(series.maturity[at], 0)} of the final events can be known yet"
    return text


def _mark_baseline(figure: go.Figure, first: dt.date, last: dt.date, colours: Palette) -> None:
    figure.add_shape(
        type="line",
        x0=first,
        x1=last,
        y0=100,
        y1=100,
        layer="below",
        line={"color": colours.muted, "width": 1.25},
    )


def _mark_events(
    figure: go.Figure,
    workflow: WorkflowReview,
    pair: Pair,
    first: dt.date,
    last: dt.date,
    colours: Palette,
    compact: bool,
) -> None:
    """Deployment, the start of the drift, the breach: each a mark, its words in a row above the picture."""
    red = colours.hues["red"]
    breach = min(
        (rule.since for rule in workflow.rules if rule.state == "breached" and rule.since), default=None
    )
    alarmed = meaning(pair.verdict).is_alarmed
    if alarmed and pair.since and pair.since <= last:
        shade(figure, max(pair.since, first), last, faded(colours.muted, 0.05))
    if alarmed and breach and breach <= last:
        shade(figure, max(breach, first), last, faded(colours.muted, 0.06))
    marks: list[tuple[dt.date, str, str, str]] = [
        (
            workflow.deployed_on,
            "deployed" if compact else f"Deployed {day(workflow.deployed_on)}",
            colours.muted,
            "dot",
        )
    ]
    if pair.since:
        word = f"{verdict_words(pair.verdict).onset} since"
        words = (
            f"{word} {day(pair.since)}" if compact else f"{word.capitalize()} the week of {day(pair.since)}"
        )
        marks.append((pair.since, words, red if alarmed else colours.muted, "solid"))
    if breach and alarmed and not compact:
        marks.append((breach, f"Rule breached {day(breach)}", red, "dash"))
    for row, (date, words, colour, dash) in enumerate(marks):
        if not first <= date <= last:
            continue
        figure.add_shape(
            type="line",
            x0=date,
            x1=date,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": colour, "width": 1.25, "dash": dash},
        )
        late = (date - first) / (last - first) > 0.62 if last > first else False
        figure.add_annotation(
            x=date,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=row * (13 if compact else 18) - 1,
            xanchor="right" if late else "left",
            xshift=3 if late else -3,
            text=words,
            showarrow=False,
            font={"color": colour, "size": 11 if compact else 13},
        )


def _label_ends(
    figure: go.Figure,
    lines: list[Line],
    pair: Pair,
    span: tuple[float, float],
    colours: Palette,
    compact: bool,
) -> int:
    """Name and change at the end of each line, moved apart where two lines end together; the room they need.

    The change is the one the verdict rests on, so that a picture and its sentence never name two numbers.
    """
    lowest, highest = span
    ends = [(line, *line.last) for line in lines if line.last]
    ends.sort(key=lambda end: end[2])
    labels = [_end_label(line, value, pair, span, colours) for line, _, value in ends]
    line_height, drawn = (16, 108) if compact else (19, 300)
    tall = [(text.count("<br>") + 1) * line_height * (highest - lowest) / drawn for text, _ in labels]
    heights = [min(max(value, lowest), highest) for _, _, value in ends]
    heights = [
        min(max(at, lowest + size / 2), highest - size / 2) for at, size in zip(heights, tall, strict=True)
    ]
    if len(heights) == 2 and heights[1] - heights[0] < (needed := sum(tall) / 2):
        middle = min(max(sum(heights) / 2, lowest + tall[0]), highest - tall[1])
        heights = [middle - needed / 2, middle + needed / 2]
    for (line, _, _), (text, _), height in zip(ends, labels, heights, strict=True):
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=height,
            text=text,
            align="left",
            showarrow=False,
            font={"color": line.colour, "size": 12 if compact else 14},
        )
    longest = max(length for _, length in labels)
    return min(round(longest * (7.1 if compact else 8.2)) + 16, 260)


def _end_label(
    line: Line, value: float, pair: Pair, span: tuple[float, float], colours: Palette
) -> tuple[str, int]:
    """The label's text, and the length of its longest line in letters."""
    change = pair.proxy_change if line.series.metric == pair.proxy else pair.outcome_change
    words = change_words(change, line.series.higher_is_better)
    words += " ↑" if value > span[1] else " ↓" if value < span[0] else ""
    name = shortened(one_line(line.series.label), LABEL_LETTERS)
    text = f"<b>{plotly_text(name)}</b><br>{words}"
    young = line.young_from < len(line.series.weeks)
    if young:
        text += f'<br><span style="color:{colours.muted}">dashed: projected</span>'
    return text, max(len(name), len(words), 16 if young else 0)


def _ticks(lowest: float, highest: float, compact: bool) -> dict[str, Any]:
    step = next(size for size in (10, 25, 50, 100) if (highest - lowest) / size <= (4 if compact else 7))
    values = [tick for tick in range(0, 401, step) if lowest <= tick <= highest]
    values = sorted({*values, 100})
    return {
        "tickvals": values,
        "ticktext": ["baseline<br><b>100</b>" if tick == 100 else str(tick) for tick in values],
    }
