"""The divergence chart and the evidence behind it as Plotly figures: a result and a mode in, a figure out.

No Streamlit, nothing computed anew; what the divergence chart shows is `divergence_scene`'s to say.
"""

from __future__ import annotations

from math import log10
from typing import Any

import plotly.graph_objects as go

from leadline.dashboard.drawings.divergence_scene import (
    BASELINE,
    COMPLETE,
    NOTHING_TO_DRAW,
    PROJECTED,
    Area,
    End,
    Line,
    Scene,
    Stroke,
    colour,
    scene_of,
)
from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text, shade, with_note
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.formats import day, metric_value, number, one_line, percent, shortened
from leadline.dashboard.words.theme import Palette, faded, palette
from leadline.dashboard.words.verdicts import odds_words
from leadline.metrics.results import Evidence, Pair, WorkflowReview

LABEL_LETTERS = 28
_OPACITY = {"complete": 0.16, "young": 0.13}
_DASHES = {"deployed": "dot", "since": "solid", "breached": "dash"}


def divergence_chart(workflow: WorkflowReview, pair: Pair, mode: str, *, compact: bool = False) -> go.Figure:
    """Proxy and outcome of one pair as indexes, 100 = baseline, up = better; `compact` for a card.

    Lines are labelled at their ends; events have their words in rows above the picture.
    """
    colours = palette(mode)
    figure = go.Figure()
    scene = scene_of(workflow, pair, compact=compact)
    if scene is None:
        return with_note(figure, NOTHING_TO_DRAW, colours)
    for area in scene.areas:
        _fill(figure, area, colours)
    for stroke in scene.strokes:
        _draw(figure, stroke, colours, width=2.25 if compact else 3)
    _mark_baseline(figure, scene, colours)
    for shaded in scene.shades:
        shade(figure, shaded.since, scene.last, faded(colours.muted, shaded.opacity))
    _mark_events(figure, scene, colours, compact)
    right = _label_ends(figure, scene, colours, compact)
    if compact:
        lay_out(figure, colours, height=176, margin=(10, 32, right, 8), size=12)
    else:
        lay_out(figure, colours, height=430, margin=(10, 62, right, 30), size=14)
    written = current()
    months = written.axis("yMMM") if compact else "%b<br>%Y"
    ticks = {
        "tickformat": written.axis("MMMd") if scene.is_short else months,
        "nticks": 3 if compact else 12,  # a phone has room for no more
    }
    figure.update_xaxes(range=[scene.first.isoformat(), scene.last.isoformat()], **ticks)
    figure.update_yaxes(range=[scene.lowest, scene.highest], **_levels(scene, compact))
    return figure


def evidence_chart(evidence: Evidence, mode: str) -> go.Figure:
    """Odds against 'no change' by week, on a logarithmic axis, beside the limit of an alarm."""
    colours = palette(mode)
    figure = go.Figure()
    points = [
        (week, max(odds, 0.5))
        for week, odds in zip(evidence.weeks, evidence.odds_by_week, strict=True)
        if odds > 0
    ]
    if not points:
        return with_note(figure, "No week has been weighed yet.", colours)
    weeks, odds = [week for week, _ in points], [value for _, value in points]
    top = max(*odds, evidence.limit) * 3
    figure.add_trace(
        go.Scatter(
            x=weeks,
            y=odds,
            mode="lines",
            line={"color": colours.text, "width": 2.5},
            hovertemplate="Week of %{text} against “no change”<extra></extra>",
            text=[f"{day(week)}: {odds_words(value)}" for week, value in points],
            name="odds",
        )
    )
    figure.add_hline(y=evidence.limit, line={"color": colours.hues["red"], "width": 1.5, "dash": "dash"})
    figure.add_hrect(y0=evidence.limit, y1=top, fillcolor=faded(colours.hues["red"], 0.08), line_width=0)
    figure.add_annotation(
        text=f"limit {odds_words(evidence.limit)}: above it, an alarm stands",
        x=0,
        xref="paper",
        xanchor="left",
        y=log10(evidence.limit),
        yanchor="bottom",
        showarrow=False,
        font={"color": colours.hues["red"], "size": 13},
    )
    figure.add_annotation(
        text=f"<b>{odds_words(evidence.odds)}</b>",
        x=1.005,
        xref="paper",
        xanchor="left",
        y=log10(odds[-1]),
        showarrow=False,
        font={"color": colours.text, "size": 14},
    )
    lay_out(figure, colours, height=260, margin=(10, 20, 150, 30), size=14)
    ticks = [tick for tick in (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000) if tick <= top]
    figure.update_xaxes(tickformat="%b<br>%Y", nticks=12)
    figure.update_yaxes(
        type="log",
        range=[log10(0.8), log10(top)],
        tickvals=ticks,
        ticktext=[f"{number(tick)} to 1" for tick in ticks],
    )
    return figure


def _fill(figure: go.Figure, area: Area, colours: Palette) -> None:
    """An interval as a tint, what is pending as a hatch."""
    ink, nothing = colour(area.ink, colours), "rgba(0,0,0,0)"
    is_pending = area.kind == "pending"
    pattern = {"shape": "/", "size": 5, "solidity": 0.12, "fgcolor": ink, "bgcolor": nothing}
    figure.add_trace(
        go.Scatter(
            x=[*area.weeks, *reversed(area.weeks)],
            y=[*area.high, *reversed(area.low)],
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=nothing if is_pending else faded(ink, _OPACITY[area.kind]),
            fillpattern=pattern if is_pending else None,
            hoverinfo="skip",
            name="pending" if is_pending else "interval",
        )
    )


def _draw(figure: go.Figure, stroke: Stroke, colours: Palette, *, width: float) -> None:
    """Solid as far as it is known, dashed where young cohorts are projected; a week alone is a dot."""
    ink = colour(stroke.line.ink, colours)
    dash, opacity, name = ("5px,3px", 0.85, "projected") if stroke.is_projected else ("solid", 1.0, "known")
    figure.add_trace(
        go.Scatter(
            x=stroke.weeks,
            y=stroke.levels,
            mode="lines" if len(stroke.weeks) > 1 else "markers",
            line={"color": ink, "width": width, "dash": dash},
            marker={"color": ink, "size": 7},
            opacity=opacity,
            text=[_hover(stroke.line, place) for place in stroke.places],
            hovertemplate="%{text}<extra></extra>",
            name=f"{plotly_text(stroke.line.series.label)}, {name}",
        )
    )


def _hover(line: Line, at: int) -> str:
    """What the pointer is told of one week that has a value."""
    series = line.series
    text = f"<b>{plotly_text(series.label)}</b>: {metric_value(series.values[at], series.unit)}"
    text += f"<br>week of {day(series.weeks[at])}, {number(series.units[at])} units"
    level, low, high = line.level[at], line.low[at], line.high[at]
    if level is not None and low is not None and high is not None:
        text += f"<br>index {number(level)}, between {number(low)} and {number(high)}"
    if series.maturity[at] < COMPLETE:
        text += f"<br>projected: about {percent(series.maturity[at], 0)} of the final events can be known yet"
    return text


def _mark_baseline(figure: go.Figure, scene: Scene, colours: Palette) -> None:
    figure.add_shape(
        type="line",
        x0=scene.first,
        x1=scene.last,
        y0=100,
        y1=100,
        layer="below",
        line={"color": colours.muted, "width": 1.25},
    )


def _mark_events(figure: go.Figure, scene: Scene, colours: Palette, compact: bool) -> None:
    """Each a line, its words in a row of its own above the picture."""
    told = [(event, event.short if compact else event.words) for event in scene.events]
    for row, (event, words) in enumerate((event, words) for event, words in told if words):
        ink = colour(event.ink, colours)
        figure.add_shape(
            type="line",
            x0=event.on,
            x1=event.on,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": ink, "width": 1.25, "dash": _DASHES[event.kind]},
        )
        days = (scene.last - scene.first).days
        late = days > 0 and (event.on - scene.first).days / days > 0.62
        figure.add_annotation(
            x=event.on,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=row * (13 if compact else 18) - 1,
            xanchor="right" if late else "left",
            xshift=3 if late else -3,
            text=words,
            showarrow=False,
            font={"color": ink, "size": 11 if compact else 13},
        )


def _label_ends(figure: go.Figure, scene: Scene, colours: Palette, compact: bool) -> int:
    """Name and change at the end of each line, moved apart where two lines end together; the room they need."""
    lowest, highest = scene.lowest, scene.highest
    ends = sorted(scene.ends, key=lambda end: end.level)
    labels = [_end_label(end, colours) for end in ends]
    line_height, drawn = (16, 108) if compact else (19, 300)
    tall = [(text.count("<br>") + 1) * line_height * (highest - lowest) / drawn for text, _ in labels]
    heights = [min(max(end.level, lowest), highest) for end in ends]
    heights = [
        min(max(at, lowest + size / 2), highest - size / 2) for at, size in zip(heights, tall, strict=True)
    ]
    if len(heights) == 2 and heights[1] - heights[0] < (needed := sum(tall) / 2):
        middle = min(max(sum(heights) / 2, lowest + tall[0]), highest - tall[1])
        heights = [middle - needed / 2, middle + needed / 2]
    for end, (text, _), height in zip(ends, labels, heights, strict=True):
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=height,
            text=text,
            align="left",
            showarrow=False,
            font={"color": colour(end.line.ink, colours), "size": 12 if compact else 14},
        )
    longest = max(length for _, length in labels)
    return min(round(longest * (7.1 if compact else 8.2)) + 16, 260)


def _end_label(end: End, colours: Palette) -> tuple[str, int]:
    """The label's text, and the length of its longest line in letters."""
    words = end.change + end.beyond
    name = shortened(one_line(end.line.series.label), LABEL_LETTERS)
    text = f"<b>{plotly_text(name)}</b><br>{words}"
    if end.line.is_projected:
        text += f'<br><span style="color:{colours.muted}">{PROJECTED}</span>'
    return text, max(len(name), len(words), 16 if end.line.is_projected else 0)


def _levels(scene: Scene, compact: bool) -> dict[str, Any]:
    values = sorted({*scene.ticks((10, 25, 50, 100), 4 if compact else 7), round(BASELINE)})
    return {
        "tickvals": values,
        "ticktext": ["baseline<br><b>100</b>" if tick == BASELINE else str(tick) for tick in values],
    }
