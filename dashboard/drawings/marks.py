"""Marks on the divergence chart: decisions, changed charters, versions that came, and what people noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from leadline.dashboard.drawings.plotly_frame import plotly_text
from leadline.dashboard.words.codes import decision_words
from leadline.dashboard.words.formats import day, listed, one_line, sentence_case, shortened
from leadline.dashboard.words.theme import palette
from leadline.metrics.agreement.chart_notes import LONGEST_TEXT, Annotation
from leadline.metrics.agreement.decisions import Decision

MOST = 12
"""the newest so many are marked"""


_SYMBOLS = {"decision": "diamond", "charter": "square", "version": "triangle-up", "note": "circle"}


@dataclass(frozen=True)
class Mark:
    """One event of the agreement."""

    on: dt.date
    kind: Literal["decision", "charter", "version", "note"]
    short: str
    """in the legend: '◐ adjust'"""
    words: str
    """all of it, for the pointer and for people who can't see the chart"""


def decision_mark(decision: Decision) -> Mark:
    """'◐ adjust' on the day from which its effect is measured."""
    what = f"; {one_line(decision.changes)}" if decision.changes else ""
    return Mark(
        decision.on,
        "decision",
        f"{decision_words(decision.kind).shape} {decision.kind}",
        f"Decision {decision.id} on {day(decision.on)}: {decision.kind}{shortened(what, 80)}",
    )


def charter_mark(version: int, on: dt.date, author: str) -> Mark:
    """'§ charter 2' on the day on which that version was registered."""
    by = shortened(one_line(author), 60)
    return Mark(
        on, "charter", f"§ charter {version}", f"Charter version {version}, registered on {day(on)} by {by}"
    )


def version_mark(what: str, name: str, on: dt.date) -> Mark:
    """'↻ prompt v4' on the day since which it has been in use."""
    words = f"{what} {shortened(one_line(name), 40)}"
    return Mark(on, "version", f"↻ {words}", f"{sentence_case(words)}, in use since {day(on)}")


def note_mark(annotation: Annotation) -> Mark:
    """'✎ spring campaign' on the day that somebody named."""
    text, by = shortened(one_line(annotation.text), LONGEST_TEXT), shortened(one_line(annotation.by), 60)
    return Mark(annotation.on, "note", f"✎ {text}", f"{text}, {day(annotation.on)}, noted by {by}")


def add_marks(figure: go.Figure, marks: Sequence[Mark], mode: str) -> go.Figure:
    """Draws them at the foot of a divergence chart, each by its number; those outside its weeks are left out."""
    height = figure.layout.yaxis.range
    inside = _inside(figure, marks)
    if not inside or not height:
        return figure
    first, last = _ends(figure)
    near_the_end = first + (last - first) * 0.9
    colours = palette(mode)
    foot, step = float(height[0]), (float(height[1]) - float(height[0])) / 20
    figure.add_trace(
        go.Scatter(
            x=[mark.on for mark in inside],
            # neighbours stand at different heights, so that no number covers another
            y=[foot + step * (0.5 + place % 3) for place in range(len(inside))],
            mode="markers+text",
            marker={
                "symbol": [_SYMBOLS[mark.kind] for mark in inside],
                "size": 9,
                "color": colours.text,
                "line": {"width": 1, "color": colours.background},
            },
            text=[f"{number}" for number in range(1, len(inside) + 1)],
            textposition=["middle left" if mark.on > near_the_end else "middle right" for mark in inside],
            textfont={"color": colours.text, "size": 11},
            customdata=[plotly_text(mark.words) for mark in inside],
            hovertemplate="%{customdata}<extra></extra>",
            name="marks",
        )
    )
    return figure


def _inside(figure: go.Figure, marks: Sequence[Mark]) -> list[Mark]:
    """The newest of those that lie within the chart's weeks, by day."""
    if not figure.layout.xaxis.range:
        return []
    first, last = _ends(figure)
    return [mark for mark in sorted(marks, key=lambda mark: mark.on) if first <= mark.on <= last][-MOST:]


def _ends(figure: go.Figure) -> tuple[dt.date, dt.date]:
    """The first and last day of the chart."""
    first, last = (dt.date.fromisoformat(str(end)[:10]) for end in figure.layout.xaxis.range)
    return first, last


def legend(figure: go.Figure, marks: Sequence[Mark]) -> str:
    """What the numbers stand for: '1 ↻ prompt v1, 2 Mar 2026 · 2 ◐ adjust, 4 May 2026'; '' where none is drawn."""
    told = enumerate(_inside(figure, marks), 1)
    return " · ".join(f"{number} {mark.short}, {day(mark.on)}" for number, mark in told)


def describe_marks(marks: Sequence[Mark]) -> str:
    """The marks in words; '' where there are none."""
    told = [mark.words for mark in sorted(marks, key=lambda mark: mark.on)[-MOST:]]
    return f"Marked: {listed(told, MOST)}." if told else ""
