"""The divergence chart's outcome as a small line for one row of a portfolio: an SVG of numbers alone."""

from __future__ import annotations

import datetime as dt

from leadline.dashboard.drawings.divergence_scene import Panel, Scene, colour, scene_of
from leadline.dashboard.words.theme import palette
from leadline.metrics.results import Pair, WorkflowReview

WIDTH, HEIGHT = 118, 34
_PAD = 4


def small_line(workflow: WorkflowReview, pair: Pair, mode: str) -> str:
    """Dots, level before and level now of the outcome; '' where there is nothing to draw."""
    scene = scene_of(workflow, pair)
    panel = (
        next((each for each in scene.panels if each.series.metric == pair.outcome), None) if scene else None
    )
    if scene is None or panel is None:
        return ""
    colours = palette(mode)
    ink = colour(panel.ink, colours)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    ]
    if len(panel.dots) > 1:
        points = " ".join(f"{_x(scene, dot.middle):.1f},{_y(panel, dot.value):.1f}" for dot in panel.dots)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-opacity="0.6" stroke-width="1"/>'
        )
    for level in panel.levels:
        y = _y(panel, level.value)
        shade, width = (ink, 2.6) if level.kind == "now" else (colours.muted, 1.2)
        dashes = ' stroke-dasharray="3 2"' if level.kind == "carried" else ""
        parts.append(
            f'<line x1="{_x(scene, level.first):.1f}" x2="{_x(scene, level.last):.1f}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{shade}" stroke-width="{width}"{dashes}/>'
        )
    return "".join([*parts, "</svg>"])


def _x(scene: Scene, on: dt.date) -> float:
    days = max((scene.last - scene.first).days, 1)
    return _PAD + (WIDTH - 2 * _PAD) * (on - scene.first).days / days


def _y(panel: Panel, value: float) -> float:
    return HEIGHT - _PAD - (HEIGHT - 2 * _PAD) * panel.height(value)
