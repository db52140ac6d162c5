"""What all charts share: type, margins, colours of axes and pointers, and the escaping of names."""

from __future__ import annotations

import datetime as dt
import html

import plotly.graph_objects as go

from leadline.dashboard.words.formats import one_line
from leadline.dashboard.words.theme import Palette

FONT = '"Source Sans", "Source Sans Pro", sans-serif'


def plotly_text(text: str) -> str:
    """A name as it stands, on one line, for Plotly, which reads HTML-like tags and entities in every text."""
    return html.escape(one_line(text), quote=False)


def lay_out(
    figure: go.Figure, colours: Palette, *, height: int, margin: tuple[int, int, int, int], size: int
) -> None:
    """Transparent paper, quiet axes, no legend, no zoom. `margin` is left, top, right, bottom in pixels."""
    left, top, right, bottom = margin
    figure.update_layout(
        template=None,
        height=height,
        margin={"l": left, "t": top, "r": right, "b": bottom, "pad": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "color": colours.text, "size": size},
        showlegend=False,
        hovermode="closest",
        hoverlabel={
            "bgcolor": colours.surface,
            "bordercolor": colours.border,
            "font": {"family": FONT, "color": colours.text, "size": 13},
            "align": "left",
        },
        dragmode=False,
    )
    tick = {"tickfont": {"color": colours.muted}, "tickangle": 0}
    axis = {"fixedrange": True, "zeroline": False, "automargin": True, **tick}
    figure.update_xaxes(**axis, showgrid=False, type="date")
    figure.update_yaxes(**axis, gridcolor=colours.grid)


def with_note(figure: go.Figure, note: str, colours: Palette) -> go.Figure:
    """A picture of nothing that says why there is nothing."""
    lay_out(figure, colours, height=120, margin=(10, 10, 10, 10), size=14)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text=note, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"color": colours.muted}
    )
    return figure


def shade(figure: go.Figure, start: dt.date, end: dt.date, colour: str) -> None:
    """A stretch of time, tinted over the whole height."""
    figure.add_shape(
        type="rect", x0=start, x1=end, y0=0, y1=1, yref="paper", fillcolor=colour, line_width=0, layer="below"
    )
