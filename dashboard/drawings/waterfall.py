"""Where a change comes from: from the baseline's rate to today's, a step for each segment and one for the mix."""

from __future__ import annotations

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text
from leadline.dashboard.words.formats import (
    UNKNOWN,
    day,
    listed,
    metric_value,
    number,
    one_line,
    percent,
    rewritten,
    shortened,
)
from leadline.dashboard.words.tables import Cell, Table
from leadline.dashboard.words.theme import palette
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import Breakdown, SegmentPart

ROW_HEIGHT = 34
NAME_LETTERS = 26
MOST_SEGMENTS = 9


def waterfall_chart(found: Breakdown, metric: Metric, mode: str, currency: str | None = None) -> go.Figure:
    """Before at the top, now at the bottom; between them what changed inside each segment, then the mix.

    A solid step is clear beyond noise; a hatched one is not.
    """
    colours = palette(mode)
    steps = _steps(found)
    rows = ["Baseline", *(name for name, _, _ in steps), "Now"]
    names = [f"<b>{row}</b>" if row in ("Baseline", "Now") else row for row in rows]
    bases, lengths, hues, patterns, words = [0.0], [found.before], [colours.muted], [""], [""]
    level = found.before
    good = colours.hues["green"], colours.hues["red"]
    for _, effect, clear in steps:
        bases.append(level)
        lengths.append(effect)
        better = (effect > 0) == metric.higher_is_better
        hues.append(good[0] if better else good[1])
        patterns.append("" if clear else "/")
        words.append(points(effect, metric, currency))
        level += effect
    bases.append(0.0)
    lengths.append(found.now)
    hues.append(colours.outcome)
    patterns.append("")
    words.append("")
    words[0], words[-1] = (metric_value(v, metric.unit, currency) for v in (found.before, found.now))
    figure = go.Figure()
    figure.add_trace(
        go.Bar(
            orientation="h",
            y=list(range(len(rows))),
            base=bases,
            x=lengths,
            marker={
                "color": hues,
                "pattern": {
                    "shape": patterns,
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
    highest = max(max(base, base + length) for base, length in zip(bases, lengths, strict=True)) or 1.0
    for at, (base, length) in enumerate(zip(bases, lengths, strict=True)):
        figure.add_annotation(
            x=max(base, base + length), y=at, text=words[at], xanchor="left", xshift=6, showarrow=False,
            font={"color": colours.text, "size": 13},
        )  # fmt: skip
    running = found.before
    for at, (_, effect, _) in enumerate(steps):
        figure.add_shape(
            type="line", x0=running, x1=running, y0=at + 0.31, y1=at + 0.69,
            line={"color": colours.muted, "width": 1, "dash": "dot"},
        )  # fmt: skip
        running += effect
    lay_out(figure, colours, height=ROW_HEIGHT * len(rows) + 24, margin=(10, 6, 70, 10), size=13)
    figure.update_xaxes(type="linear", range=[0, highest * 1.12], visible=False)
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5], tickvals=list(range(len(rows))), ticktext=names, showgrid=False,
        tickfont={"color": colours.text, "size": 13},
    )  # fmt: skip
    return figure


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
    return f"{told} {rewritten(one_line(found.reversal))}".strip()


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
