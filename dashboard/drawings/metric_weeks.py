"""A metric's last half year: each week alone as a dot, the level as a line, and under it how many units a week."""

from __future__ import annotations

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text, with_note
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.formats import day, metric_value, number, sentence_case
from leadline.dashboard.words.theme import faded, palette
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.previews import MetricPreview

HEIGHT = 300
_TOP = (0.42, 0.93)
_BOTTOM = (0.0, 0.22)


def metric_weeks_chart(metric: Metric, preview: MetricPreview, mode: str) -> go.Figure:
    """Open dots: weeks of which some units can still have their event."""
    colours = palette(mode)
    figure = go.Figure()
    if not preview.weeks:
        return with_note(figure, "Nothing that it counts has landed.", colours)
    colour = colours.outcome if metric.role == "outcome" else colours.proxy
    counts = metric.kind in ("volume", "sum")
    values = [metric_value(value, metric.unit, preview.currency) for value in preview.values]
    # an open week's dot lies where its units are by now, which is no level yet
    fill = [colours.background if is_open else colour for is_open in preview.is_open]
    figure.add_trace(
        go.Scatter(
            x=preview.weeks,
            y=preview.values,
            mode="markers",
            marker={"size": 7, "color": fill, "line": {"color": colour, "width": 1.5}},
            opacity=0.75,
            cliponaxis=False,
            text=[
                f"Week of {day(week)}<br>{value}{' so far' if is_open else ''}"
                for week, value, is_open in zip(preview.weeks, values, preview.is_open, strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=preview.weeks,
            y=preview.levels,
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
        )
    )
    shown = [value for value in (*preview.values, *preview.levels) if value is not None]
    lay_out(figure, colours, height=200 if counts else HEIGHT, margin=(8, 8, 12, 24), size=13)
    figure.update_xaxes(tickformat=current().axis("MMMd"), nticks=5)
    ticks = [0.0, max(shown, default=1.0)]
    figure.update_yaxes(
        range=[0, max(shown, default=1.0) * 1.12 or 1.0],
        tickvals=ticks,
        ticktext=[metric_value(tick, metric.unit, preview.currency) for tick in ticks],
        domain=(0.0, 0.88) if counts else _TOP,
    )
    _headline(
        figure,
        "A week" if counts else plotly_text(metric.label),
        0.9 if counts else _TOP[1] + 0.02,
        colours.text,
    )
    if not counts:
        most = max(preview.units)
        figure.add_trace(
            go.Bar(
                x=preview.weeks,
                y=preview.units,
                yaxis="y2",
                marker={"color": faded(colours.muted, 0.55)},
                text=[
                    f"Week of {day(week)}<br>{number(units)}"
                    for week, units in zip(preview.weeks, preview.units, strict=True)
                ],
                textposition="none",
                hovertemplate="%{text}<extra></extra>",
            )
        )
        figure.update_layout(
            yaxis2={
                "domain": _BOTTOM,
                "range": [0, max(most, 1) * 1.1],
                "tickvals": [0, most],
                "ticktext": ["0", number(most)],
                "fixedrange": True,
                "zeroline": False,
                "gridcolor": colours.grid,
                "tickfont": {"color": colours.muted},
            },
            bargap=0.25,
        )
        figure.update_xaxes(anchor="y2")
        _headline(
            figure, f"{plotly_text(sentence_case(metric.entity))} a week", _BOTTOM[1] + 0.02, colours.text
        )
    return figure


def describe_metric_weeks(metric: Metric, preview: MetricPreview) -> str:
    """The picture for people who can't see it."""
    told = [
        f"{day(week)}: {metric_value(value, metric.unit, preview.currency)} of {number(units)}"
        for week, value, units in zip(preview.weeks, preview.values, preview.units, strict=True)
        if value is not None
    ]
    return f"{metric.label} by week. {'; '.join(told) or 'Nothing known.'}"


def _headline(figure: go.Figure, words: str, at: float, colour: str) -> None:
    figure.add_annotation(
        text=f"<b>{words}</b>", x=0, xref="paper", xanchor="left", y=at, yref="paper", yanchor="bottom",
        showarrow=False, font={"color": colour, "size": 13},
    )  # fmt: skip
