"""The divergence chart and the evidence behind it as Plotly figures: a result and a mode in, a figure out.

No Streamlit, nothing computed anew; what the divergence chart shows is `divergence_scene`'s to say. Every word of it
stands in a row or a margin of its own, so that nothing overlaps at any width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

import plotly.graph_objects as go

from leadline.dashboard.drawings.divergence_scene import (
    NOTHING_TO_DRAW,
    Dot,
    Panel,
    Scene,
    colour,
    scene_of,
)
from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text, with_note
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.formats import day, day_span, metric_value, number, shortened
from leadline.dashboard.words.theme import Palette, faded, palette
from leadline.dashboard.words.verdicts import odds_words
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import Evidence, Pair, WorkflowReview

NAME_LETTERS = 34
_PLOT, _COMPACT_PLOT = 210, 104
"""height of one panel's field in pixels"""
_ROW, _COMPACT_ROW = 19, 16
"""of one row of words above or below it"""
_NARROWEST = 190
"""pixels of a field on a phone, for which words must fit"""


def divergence_chart(
    workflow: WorkflowReview,
    pair: Pair,
    mode: str,
    *,
    compact: bool = False,
    catalog: Mapping[str, Metric] | None = None,
) -> go.Figure:
    """Proxy above outcome, each in its own unit, up = better; `compact` for a card."""
    scene = scene_of(workflow, pair, catalog)
    if scene is None:
        return with_note(go.Figure(), NOTHING_TO_DRAW, palette(mode))
    return _stacked(scene, scene.panels, palette(mode), compact)


def panel_charts(
    workflow: WorkflowReview, pair: Pair, mode: str, *, catalog: Mapping[str, Metric] | None = None
) -> list[go.Figure]:
    """The same as one figure a panel, to stand side by side; empty where there is nothing to draw."""
    scene = scene_of(workflow, pair, catalog)
    return [_stacked(scene, [panel], palette(mode), compact=False) for panel in scene.panels] if scene else []


def _stacked(scene: Scene, panels: Sequence[Panel], colours: Palette, compact: bool) -> go.Figure:
    """The panels below each other in one figure; the first axes are the lowest panel's. Words above, below and beside a
    field have the same room in all panels of a scene, so that their weeks stand alike."""
    figure = go.Figure()
    plot, row = (_COMPACT_PLOT, _COMPACT_ROW) if compact else (_PLOT, _ROW)
    above, below = 2 * row + 6, row + 8 + (row if scene.event("since") else 0)
    each = above + plot + below
    height = each * len(panels)
    size = 12 if compact else 13
    right = max(_room(panel, size) for panel in scene.panels)
    lay_out(figure, colours, height=height, margin=(8, 0, right, 0), size=size)
    for place, panel in enumerate(panels):
        foot = height - each * (place + 1) + below
        axis = "" if place == len(panels) - 1 else str(len(panels) - place)
        _lay_out_axes(figure, axis, scene, (foot / height, (foot + plot) / height))
        _draw(figure, axis, panel, scene, colours, plot, row)
    return figure


def _lay_out_axes(figure: go.Figure, axis: str, scene: Scene, domain: tuple[float, float]) -> None:
    quiet = {"fixedrange": True, "showgrid": False, "zeroline": False, "showticklabels": False, "ticks": ""}
    figure.update_layout(
        {
            f"xaxis{axis}": {
                **quiet, "type": "date", "anchor": f"y{axis}", "showline": False,
                "range": [scene.first.isoformat(), scene.last.isoformat()],
            },
            f"yaxis{axis}": {**quiet, "anchor": f"x{axis}", "domain": domain, "range": [-0.03, 1.03]},
        }
    )  # fmt: skip


def _draw(
    figure: go.Figure, axis: str, panel: Panel, scene: Scene, colours: Palette, plot: int, row: int
) -> None:
    ink, here = colour(panel.ink, colours), {"xref": f"x{axis}", "yref": f"y{axis}"}

    def line(x0: Any, x1: Any, y0: float, y1: float, **style: Any) -> None:
        figure.add_shape(type="line", x0=x0, x1=x1, y0=y0, y1=y1, line=style, layer="below", **here)

    line(scene.first, scene.last, -0.03, -0.03, color=colours.muted, width=1)
    _shade(figure, panel, scene, colours, here, plot)
    if deployed := scene.event("deployed"):
        line(deployed.on, deployed.on, -0.03, 1.03, color=colours.muted, width=1.25, dash="dot")
    for level in panel.levels:
        at = panel.height(level.value)
        if level.kind == "before":
            line(level.first, level.last, at, at, color=colours.muted, width=2.5)
        elif level.kind == "carried":
            line(level.first, level.last, at, at, color=colours.muted, width=1.5, dash="6px,4px")
    _dots(figure, axis, panel, ink, colours)
    if now := panel.level("now"):
        at = panel.height(now.value)
        line(now.first, now.last, at, at, color=ink, width=4)
        if panel.span:
            low, high = (panel.height(end) for end in panel.span)
            line(now.last, now.last, low, high, color=faded(ink, 0.55), width=4)
    _words(figure, axis, panel, scene, colours, row)
    _ends(figure, panel, colours, here, plot, row)


def _shade(
    figure: go.Figure, panel: Panel, scene: Scene, colours: Palette, here: dict[str, str], plot: int
) -> None:
    """What is missing, with its name where that fits."""
    if (shade := panel.shade) is None:
        return
    now, before = shade
    top, foot = panel.height(before), panel.height(now.value)
    ink = colour(panel.ink, colours)
    figure.add_shape(
        type="rect", x0=now.first, x1=now.last, y0=foot, y1=top, line_width=0, layer="below",
        fillcolor=faded(ink, 0.14), **here,
    )  # fmt: skip
    room = _NARROWEST * (now.last - now.first).days / max((scene.last - scene.first).days, 1)
    named = next((words for words in panel.gap if len(words) * 6.4 + 4 < room), "")
    if named and (top - foot) * plot > 18:
        figure.add_annotation(
            x=now.first, y=top, xanchor="left", yanchor="top", xshift=1, yshift=-1, text=plotly_text(named),
            showarrow=False, font={"color": ink, "size": 12, "weight": 600}, **here,
        )  # fmt: skip


def _dots(figure: go.Figure, axis: str, panel: Panel, ink: str, colours: Palette) -> None:
    """Four weeks each; those still open are hollow, with their likely range."""
    if not panel.dots:
        return
    unit = panel.series.unit
    opened = [dot for dot in panel.dots if dot.is_open and dot.low is not None and dot.high is not None]
    for dot in opened:
        figure.add_shape(
            type="line", x0=dot.middle, x1=dot.middle, xref=f"x{axis}", yref=f"y{axis}", layer="below",
            y0=panel.height(dot.low or 0.0), y1=panel.height(dot.high or 0.0),
            line={"color": faded(ink, 0.45), "width": 2},
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=[dot.middle for dot in panel.dots],
            y=[panel.height(dot.value) for dot in panel.dots],
            mode="lines+markers",
            line={"color": faded(ink, 0.4), "width": 1},
            marker={
                "color": [colours.background if dot.is_open else ink for dot in panel.dots],
                "size": 6,
                "line": {"color": ink, "width": 1.5},
            },
            text=[_hover(dot, panel, metric_value(dot.value, unit)) for dot in panel.dots],
            hovertemplate="%{text}<extra></extra>",
            name=plotly_text(panel.name),
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )
    )


def _hover(dot: Dot, panel: Panel, said: str) -> str:
    """What the pointer is told of four weeks."""
    text = f"<b>{plotly_text(panel.name)}</b>: {said}<br>{day_span(dot.first, dot.last)}, {number(dot.units)} units"
    if dot.is_open and dot.low is not None and dot.high is not None:
        low, high = (metric_value(end, panel.series.unit) for end in (dot.low, dot.high))
        text += f"<br>{plotly_text(panel.open_words)}: likely {low} to {high}"
    return text


def _words(figure: go.Figure, axis: str, panel: Panel, scene: Scene, colours: Palette, row: int) -> None:
    """Above the field its name and what up means, and the deployment; below it the days."""
    here = {"xref": f"x{axis} domain", "yref": f"y{axis} domain"}

    def say(x: float, y: float, words: str, shift: int, ink: str, anchor: str, **font: Any) -> None:
        figure.add_annotation(
            x=x, y=y, xanchor=anchor, yanchor="bottom" if y else "top", yshift=shift, text=words,
            showarrow=False, font={"color": ink, "size": 13 if row == _ROW else 12, **font}, **here,
        )  # fmt: skip

    def share(on: Any) -> float:
        return float((on - scene.first).days / max((scene.last - scene.first).days, 1))

    name = plotly_text(shortened(panel.name, NAME_LETTERS))
    say(0, 1, f"<b>{name}</b>", row, colour(panel.ink, colours), "left")
    figure.add_annotation(
        x=1, xref="paper", xanchor="left", xshift=12, y=1, yref=f"y{axis} domain", yanchor="bottom", yshift=row,
        text=f"▲ {plotly_text(panel.up)}", showarrow=False,
        font={"color": colours.muted, "size": 12 if row == _ROW else 11},
    )  # fmt: skip
    if deployed := scene.event("deployed"):
        at = share(deployed.on)
        say(at, 1, deployed.words, 0, colours.muted, "left" if at < 0.55 else "right")
    written = current()
    form = "MMMd" if scene.is_short else "yMMM"
    say(0, 0, written.date(scene.first, form), -4, colours.muted, "left")
    say(1, 0, written.date(scene.last, form), -4, colours.muted, "right")
    if (since := scene.event("since")) and panel.series.role == "outcome":
        at = share(since.on)
        anchor = "left" if at < 0.25 else "right" if at > 0.75 else "center"
        say(at, 0, since.words, -4 - row, colour(since.ink, colours), anchor, weight=600)
        figure.add_shape(
            type="line", x0=since.on, x1=since.on, xref=f"x{axis}", yref=f"y{axis}", y0=-0.08, y1=-0.03,
            line={"color": colour(since.ink, colours), "width": 3},
        )  # fmt: skip
    if panel.has_open:
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=12, y=0, yref=f"y{axis} domain", yanchor="top", yshift=-4,
            text=_open_words(panel), showarrow=False, font={"color": colours.muted, "size": 12 if row == _ROW else 11},
        )  # fmt: skip


def _open_words(panel: Panel) -> str:
    return f"○ {plotly_text(panel.open_words)}"


def _ends(
    figure: go.Figure, panel: Panel, colours: Palette, here: dict[str, str], plot: int, row: int
) -> None:
    """The level now and before, in words at the ends of their lines, moved apart where both end together."""
    size = 15 if row == _ROW else 13
    labels: list[tuple[float, str, str, int]] = []
    if now := panel.level("now"):
        text, lines = f"<b>{plotly_text(panel.words.now)}</b>", 1
        if panel.words.span:
            text, lines = (
                f'{text}<br><span style="font-size:{size - 2}px">{plotly_text(panel.words.span)}</span>',
                2,
            )
        labels.append((panel.height(now.value), text, colour(panel.ink, colours), lines))
    else:
        labels.append((0.5, plotly_text(panel.words.now), colours.muted, 1))
    if carried := panel.level("carried"):
        labels.append((panel.height(carried.value), plotly_text(panel.words.before), colours.muted, 1))
    labels.sort(key=lambda label: label[0])
    heights = _apart([at for at, *_ in labels], [lines * (size + 4) / plot for *_, lines in labels])
    for (_, text, ink, _), height in zip(labels, heights, strict=True):
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=12, y=height, yref=here["yref"], yanchor="middle",
            text=text, align="left", showarrow=False, font={"color": ink, "size": size},
        )  # fmt: skip


def _apart(heights: list[float], tall: list[float]) -> list[float]:
    """Places from below, none over another and none far outside the field; heights and sizes as shares of it."""
    if len(heights) == 1:
        return heights
    (low, high), needed = heights, sum(tall) / 2
    if (lack := needed - (high - low)) > 0:
        low, high = low - lack / 2, high + lack / 2
    high = min(high, 1.1 - tall[1] / 2)
    low = max(min(low, high - needed), tall[0] / 2 - 0.1)
    return [low, max(high, low + needed)]


def _room(panel: Panel, size: int) -> int:
    """Pixels at the right for the words at the ends."""
    longest = max(
        len(panel.words.now) * 1.1,
        len(panel.words.span),
        len(panel.words.before),
        0.92 * (len(panel.up) + 2),
        0.92 * len(_open_words(panel)) if panel.has_open else 0,
        key=float,
    )
    return min(round(longest * size * 0.58) + 20, 230)


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
