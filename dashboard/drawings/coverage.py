"""Sources by week: which weeks have rows, how full they are, and where a gap is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from statistics import median

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import lay_out, plotly_text, with_note
from leadline.dashboard.words.conventions import current
from leadline.dashboard.words.formats import counted, day, listed, number, one_line, shortened
from leadline.dashboard.words.theme import faded, palette
from leadline.data.templates import kind_words
from leadline.metrics.coverage import SourceWeeks

ROW_HEIGHT = 26
FULL = 1.5
"""times its own usual week: as dark as a week gets"""
_NAME_LETTERS = 24


def coverage_chart(sources: Sequence[SourceWeeks], mode: str) -> go.Figure:
    """One row a source, one field a week; the stronger its colour, the more rows beside the source's own usual week."""
    colours = palette(mode)
    figure = go.Figure()
    if not sources or not sources[0].weeks:
        return with_note(figure, "No rows yet.", colours)
    names = [plotly_text(shortened(one_line(kind_words(source.source)), _NAME_LETTERS)) for source in sources]
    rows = [f"<b>{name}</b>" for name in names]
    figure.add_trace(
        go.Heatmap(
            x=list(sources[0].weeks),
            y=rows,
            z=[_fullness(source) for source in sources],
            zmin=0,
            zmax=FULL,
            colorscale=[[0, faded(colours.proxy, 0.12)], [1, faded(colours.proxy, 0.95)]],
            showscale=False,
            xgap=1.5,
            ygap=7,
            text=[_words(source) for source in sources],
            hovertemplate="%{text}<extra></extra>",
            hoverongaps=False,
        )
    )
    holes = [(week, row) for source, row in zip(sources, rows, strict=True) for week in gaps(source)]
    if holes:
        figure.add_trace(
            go.Scatter(
                x=[week for week, _ in holes],
                y=[row for _, row in holes],
                mode="markers",
                marker={"symbol": "x-thin", "size": 8, "line": {"width": 2, "color": colours.hues["red"]}},
                text=[f"Nothing in the week of {day(week)}" for week, _ in holes],
                hovertemplate="%{text}<extra></extra>",
                name="gaps",
            )
        )
    lay_out(figure, colours, height=ROW_HEIGHT * len(rows) + 54, margin=(10, 6, 10, 40), size=13)
    short = len(sources[0].weeks) < 15
    figure.update_xaxes(tickformat=current().axis("MMMd") if short else "%b<br>%Y", nticks=6 if short else 12)
    figure.update_yaxes(autorange="reversed", type="category", showgrid=False)
    return figure


def describe_coverage(sources: Sequence[SourceWeeks]) -> str:
    """The picture in words, for those who can't see it."""
    if not sources:
        return "Weeks with rows by source. No rows yet."
    told = []
    for source in sources:
        missing = gaps(source)
        newest = next(
            (w for w, n in zip(reversed(source.weeks), reversed(source.events), strict=True) if n), None
        )
        words = f"newest week of {day(newest)}" if newest else "nothing in this time"
        told.append(
            f"{one_line(kind_words(source.source))} {words}"
            + (f", {counted(len(missing), 'gap')}" if missing else "")
        )
    return f"Weeks with rows by source. {listed(told, 12)}."


def gaps(source: SourceWeeks) -> list[dt.date]:
    """Weeks without a row between weeks that have some, where most weeks have some."""
    filled = [place for place, events in enumerate(source.events) if events]
    if len(filled) < 3 or len(filled) * 2 < filled[-1] - filled[0] + 1:
        return []
    return [source.weeks[at] for at in range(filled[0], filled[-1]) if not source.events[at]]


def _fullness(source: SourceWeeks) -> list[float | None]:
    filled = [events for events in source.events if events]
    usual = median(filled) if filled else 1
    return [min(events / usual, FULL) if events else None for events in source.events]


def _words(source: SourceWeeks) -> list[str]:
    name = plotly_text(shortened(one_line(kind_words(source.source)), _NAME_LETTERS))
    return [
        f"<b>{name}</b><br>week of {day(week)}: {number(events)} events"
        for week, events in zip(source.weeks, source.events, strict=True)
    ]
