"""The evidence by week against its limit: one click below the verdict."""

from __future__ import annotations

from math import log10

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import lay_out, with_note
from leadline.dashboard.words.formats import day, number
from leadline.dashboard.words.theme import faded, palette
from leadline.dashboard.words.verdicts import odds_words
from leadline.metrics.results import Evidence


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
