"""Where a change comes from: from the baseline's rate to today's, a step for each segment and one for the mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import (
    UNKNOWN,
    day,
    listed,
    metric_value,
    number,
    one_line,
    percent,
    shortened,
)
from leadline.dashboard.words.tables import Cell, Table
from leadline.dashboard.words.theme import Palette, palette
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import Breakdown, SegmentPart

ROW_HEIGHT = 34
NAME_LETTERS = 26
MOST_SEGMENTS = 9


@dataclass(frozen=True)
class _Bar:
    """One row: from `base` on, `length` to the right or, where it is below 0, to the left."""

    name: str
    base: float
    length: float
    hue: str
    is_clear: bool
    words: str


def waterfall_chart(found: Breakdown, metric: Metric, mode: str, currency: str | None = None) -> go.Figure:
    """Before at the top, now at the bottom; between them what changed inside each segment, then the mix.

    A solid step is clear beyond noise; a hatched one is not.
    """
    colours = palette(mode)
    bars = _bars(found, metric, colours, currency)
    figure = go.Figure()
    _draw(figure, bars)
    for at, bar in enumerate(bars):
        figure.add_annotation(
            x=max(bar.base, bar.base + bar.length), y=at, text=bar.words, xanchor="left", xshift=6, showarrow=False,
            font={"color": colours.text, "size": 13},
        )  # fmt: skip
    for at, step in enumerate(bars[1:-1]):
        figure.add_shape(
            type="line", x0=step.base, x1=step.base, y0=at + 0.31, y1=at + 0.69,
            line={"color": colours.muted, "width": 1, "dash": "dot"},
        )  # fmt: skip
    highest = max(max(bar.base, bar.base + bar.length) for bar in bars) or 1.0
    lay_out(figure, colours, height=ROW_HEIGHT * len(bars) + 24, margin=(10, 6, 70, 10), size=13)
    figure.update_xaxes(type="linear", range=[0, highest * 1.12], visible=False)
    figure.update_yaxes(
        range=[len(bars) - 0.5, -0.5], tickvals=list(range(len(bars))), ticktext=[bar.name for bar in bars],
        showgrid=False, tickfont={"color": colours.text, "size": 13},
    )  # fmt: skip
    return figure


def _bars(found: Breakdown, metric: Metric, colours: Palette, currency: str | None) -> list[_Bar]:
    """The baseline, every step from where the one before it ended, and now."""
    before, now = (metric_value(value, metric.unit, currency) for value in (found.before, found.now))
    bars, level = [_Bar("<b>Baseline</b>", 0.0, found.before, colours.muted, True, before)], found.before
    for name, effect, is_clear in _steps(found):
        hue = colours.hues["green" if (effect > 0) == metric.higher_is_better else "red"]
        bars.append(_Bar(name, level, effect, hue, is_clear, points(effect, metric, currency)))
        level += effect
    # as in the divergence chart: what holds or became better must not look alarming
    fell = (found.total < 0) == metric.higher_is_better and any(part.clear for part in found.parts)
    return [*bars, _Bar("<b>Now</b>", 0.0, found.now, colours.outcome if fell else colours.text, True, now)]


def _draw(figure: go.Figure, bars: Sequence[_Bar]) -> None:
    hues = [bar.hue for bar in bars]
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=list(range(len(bars))),
            base=[bar.base for bar in bars],
            x=[bar.length for bar in bars],
            marker={
                "color": hues,
                "pattern": {
                    "shape": ["" if bar.is_clear else "/" for bar in bars],
                    "size": 6,
                    "solidity": 0.35,
                    "fgcolor": hues,
                    "bgcolor": "rgba(0,0,0,0)",
                },
                "line": {"color": hues, "width": 1.25},
            },
            width=0.62,
            hoverinfo="skip",
        )
    )


def _steps(found: Breakdown) -> list[tuple[str, float, bool]]:
    """Name, effect, clear or not: each segment's own rate, what is left of small ones, the mix."""
    shown, rest = found.parts[:MOST_SEGMENTS], found.parts[MOST_SEGMENTS:]
    steps = [(plotly_text(_name(part)), part.rate_effect, part.clear) for part in shown]
    if rest:
        steps.append(
            (f"{number(len(rest))} more", sum(part.rate_effect for part in rest), any(p.clear for p in rest))
        )
    return [*steps, ("another mix", found.mix, True)]


def breakdown_sentence(found: Breakdown, metric: Metric, currency: str | None = None) -> str:
    """'Close rate went from 20.7 % to 12.8 %: −7.7 points inside the channels, −0.2 points from another mix.'"""
    before, now = (metric_value(value, metric.unit, currency) for value in (found.before, found.now))
    inside, mix = (points(value, metric, currency) for value in (found.rate, found.mix))
    clear = [f"“{_name(part)}”" for part in found.parts if part.clear]
    where = (
        f"Beyond noise in {listed(clear)}." if clear
        else "In no single segment is the change clear of noise."
    )  # fmt: skip
    told = (
        f"{one_line(metric.label)} of what entered since the week of {day(found.since)} is {now}, was {before}: "
        f"{inside} inside the segments of {one_line(found.dimension)}, {mix} because their mix changed. {where}"
    )
    return f"{told} {fact_words(found.reversal)}".strip()


def breakdown_table(found: Breakdown, metric: Metric, currency: str | None = None) -> Table:
    """One row a segment, largest effect first."""
    rows: list[tuple[Cell, ...]] = [
        (
            one_line(part.name),
            part.units,
            f"{percent(part.share_before, 0)} → {percent(part.share_now, 0)}",
            f"{_rate(part.rate_before, metric, currency)} → {_rate(part.rate_now, metric, currency)}",
            points(part.rate_effect, metric, currency),
            points(part.mix_effect, metric, currency),
            "◆ clear" if part.clear else "○ within noise",
        )
        for part in found.parts
    ]
    headings = (
        "Segment",
        "Entered",
        "Share of all",
        one_line(metric.label),
        "From its rate",
        "From the mix",
        "How sure",
    )
    return Table(headings, tuple(rows))


def points(effect: float, metric: Metric, currency: str | None = None) -> str:
    """A difference in the metric's unit, with its sign: '−3.0 points', '+€1.2k'."""
    sign = "+" if effect > 0 else "−"
    if metric.unit == "share":
        if round(abs(effect) * 100, 1) == 0:
            return "±0 points"
        return f"{sign}{number(abs(effect) * 100, 1)} points"
    return f"{sign}{metric_value(abs(effect), metric.unit, currency)}"


def _rate(value: float | None, metric: Metric, currency: str | None) -> str:
    return UNKNOWN if value is None else metric_value(value, metric.unit, currency)


def _name(part: SegmentPart) -> str:
    return shortened(one_line(part.name), NAME_LETTERS)
