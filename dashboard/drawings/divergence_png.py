"""The divergence chart drawn on a canvas, for cards and packs: the scene that Plotly draws on pages, in pixels.

Over each panel stands its figure: the level now, which way it went, the level before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.canvas import Box, Canvas
from leadline.dashboard.drawings.divergence_scene import (
    NOTHING_TO_DRAW,
    Event,
    Panel,
    Scene,
    colour,
    scene_of,
)
from leadline.dashboard.drawings.lettering import ready_to_draw
from leadline.dashboard.words.formats import day_of_year, month
from leadline.dashboard.words.theme import Palette, palette
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.results import Pair, WorkflowReview

NAME_SIZES = (26, 24, 22, 20)
FIGURE_SIZES = (66, 58, 50, 44, 38, 32, 28)
UNKNOWN_SIZES = (34, 30, 26)
WORD_SIZE, SMALL_SIZE = 21, 19
_GAP = 40
"""between panels"""
_ROW = 26


def divergence_png(
    workflow: WorkflowReview,
    pair: Pair,
    theme: str,
    *,
    width: int = 1040,
    height: int = 460,
    scale: float = 2,
    catalog: Mapping[str, Metric] | None = None,
    with_figures: bool = True,
) -> bytes:
    """The chart alone on the palette's background; without figures where they stand beside it as text."""
    colours = palette(theme)
    with ready_to_draw():
        canvas = Canvas(width, height, colours.background)
        draw_divergence(
            canvas, Box(8, 8, width - 8, height - 8), workflow, pair, colours, catalog, with_figures
        )
        return canvas.png(scale)


def draw_divergence(
    canvas: Canvas,
    box: Box,
    workflow: WorkflowReview,
    pair: Pair,
    colours: Palette,
    catalog: Mapping[str, Metric] | None = None,
    with_figures: bool = True,
) -> None:
    """Draws both panels side by side into `box`; a sentence where there is nothing to draw yet."""
    scene = scene_of(workflow, pair, catalog)
    if scene is None:
        _say_nothing_to_draw(canvas, box, colours)
        return
    wide = (box.width - _GAP * (len(scene.panels) - 1)) / len(scene.panels)
    for place, panel in enumerate(scene.panels):
        left = box.left + place * (wide + _GAP)
        own = Box(left, box.top, left + wide, box.bottom)
        top = _name(canvas, own, panel, colours)
        top = _figure(canvas, own, top, panel, colours) if with_figures else top + 14
        _chart(canvas, Box(own.left, top, own.right, own.bottom), panel, scene, colours)


def _say_nothing_to_draw(canvas: Canvas, box: Box, colours: Palette) -> None:
    canvas.panel(box, colours.surface)
    said = lettering.broken(NOTHING_TO_DRAW, box.width - 80, 26)
    middle = (box.top + box.bottom) / 2
    for place, words in enumerate(said):
        canvas.text(
            (box.left + box.right) / 2, middle + 8 + 34 * place, words, 26, colours.muted, anchor="center"
        )


def _name(canvas: Canvas, box: Box, panel: Panel, colours: Palette) -> float:
    """Returns its baseline."""
    size, name = lettering.fitted(panel.name, box.width, NAME_SIZES, 1, strong=True)
    canvas.text(box.left, box.top + size, name[0], size, colours.text, strong=True)
    return box.top + size


def _figure(canvas: Canvas, box: Box, baseline: float, panel: Panel, colours: Palette) -> float:
    """Level now, which way, level before; returns where the chart begins."""
    ink = colour(panel.ink, colours)
    arrow = {"better": "▲", "worse": "▼"}.get(panel.words.effect, "")
    beside = lettering.width(panel.words.effect, 25, strong=True) + 50
    sizes = FIGURE_SIZES if panel.words.effect else UNKNOWN_SIZES
    size, now = lettering.fitted(panel.words.now, box.width - beside, sizes, 1, strong=True)
    baseline += size * 1.02 + 4
    x = box.left + canvas.text(box.left, baseline, now[0], size, ink, strong=True) + 18
    if arrow:
        x += canvas.text(x, baseline, arrow, 22, ink, sign=True) + 8
    canvas.text(x, baseline, panel.words.effect, 25, ink if arrow else colours.muted, strong=bool(arrow))
    baseline += size * 0.32 + 15
    said = (panel.words.before, panel.words.span, panel.words.rests_on)
    told = " · ".join(words for words in said if words)
    size, lines = lettering.fitted(told, box.width, (WORD_SIZE + 1, WORD_SIZE, SMALL_SIZE), 1)
    canvas.text(box.left, baseline, lines[0] if told else "", size, colours.muted)
    return baseline + 12


@dataclass(frozen=True)
class _Field:
    """Where one panel's values are drawn."""

    box: Box
    scene: Scene
    panel: Panel

    def x(self, date: dt.date) -> float:
        days = max((self.scene.last - self.scene.first).days, 1)
        return self.box.left + self.box.width * (date - self.scene.first).days / days

    def y(self, value: float) -> float:
        return self.box.bottom - 8 - (self.box.height - 8) * self.panel.height(value)


def _chart(canvas: Canvas, box: Box, panel: Panel, scene: Scene, colours: Palette) -> None:
    room = _room(panel)
    below = 34 + (_ROW if scene.has_open else 0)
    field = _Field(Box(box.left, box.top + 2 * _ROW + 8, box.right - room, box.bottom - below), scene, panel)
    canvas.stroke(
        [(field.box.left, field.box.bottom), (field.box.right, field.box.bottom)], colours.muted, 1.5
    )
    _words(canvas, field, box, colours)
    _shade(canvas, field, colours)
    _levels(canvas, field, colours)
    _dots(canvas, field, colours)
    _ends(canvas, field, box.right, colours)


def _words(canvas: Canvas, field: _Field, box: Box, colours: Palette) -> None:
    """What up means and the deployment above, the days below, each in a row of its own."""
    panel, scene, plot = field.panel, field.scene, field.box
    x = box.left + canvas.text(box.left, box.top + 20, "▲", 15, colours.muted, sign=True) + 7
    up = lettering.cut(panel.up, box.right - x, WORD_SIZE)
    canvas.text(x, box.top + 21, up, WORD_SIZE, colours.muted)
    if deployed := scene.event("deployed"):
        x, wide = field.x(deployed.on), lettering.width(deployed.words, WORD_SIZE)
        canvas.stroke([(x, box.top + _ROW + 26), (x, plot.bottom)], colours.muted, 2, (2, 5))
        left = x if x + wide <= box.right else x - wide
        canvas.text(left, box.top + _ROW + 20, deployed.words, WORD_SIZE, colours.muted)
    baseline = plot.bottom + 28
    taken: list[tuple[float, float]] = []
    since = scene.event("since") if panel.series.role == "outcome" else None
    if since:
        taken.append(_since(canvas, field, since, baseline, colours))
    written = day_of_year if scene.is_short else month
    for words, left in (
        (written(scene.first), plot.left),
        (written(scene.last), plot.right - lettering.width(written(scene.last), WORD_SIZE)),
    ):
        right = left + lettering.width(words, WORD_SIZE)
        if all(right + 14 < start or end + 14 < left for start, end in taken):
            canvas.text(left, baseline, words, WORD_SIZE, colours.muted)
            taken.append((left, right))
    if panel.has_open:
        words = lettering.cut(f"○ {panel.open_words}", plot.width, SMALL_SIZE)
        canvas.text(plot.right, baseline + _ROW, words, SMALL_SIZE, colours.muted, anchor="right")


def _since(
    canvas: Canvas, field: _Field, since: Event, baseline: float, colours: Palette
) -> tuple[float, float]:
    """The one day since which; returns what its words take."""
    x, ink = field.x(since.on), colour(since.ink, colours)
    wide = lettering.width(since.words, WORD_SIZE, strong=True)
    left = min(max(x - wide / 2, field.box.left), field.box.right - wide)
    canvas.stroke([(x, field.box.bottom), (x, field.box.bottom + 8)], ink, 4)
    canvas.text(left, baseline, since.words, WORD_SIZE, ink, strong=True)
    return left, left + wide


def _shade(canvas: Canvas, field: _Field, colours: Palette) -> None:
    if (shade := field.panel.shade) is None:
        return
    now, before = shade
    left, right, top, foot = field.x(now.first), field.x(now.last), field.y(before), field.y(now.value)
    ink = colour(field.panel.ink, colours)
    canvas.rectangle(Box(left, min(top, foot), right, max(top, foot)), ink, 0.14)
    for words in field.panel.gap:
        if (
            lettering.width(words, WORD_SIZE, strong=True) + 14 < right - left
            and foot - top > 1.5 * WORD_SIZE
        ):
            canvas.text(left + 7, top + WORD_SIZE + 2, words, WORD_SIZE, ink, strong=True)
            break


def _levels(canvas: Canvas, field: _Field, colours: Palette) -> None:
    ink = colour(field.panel.ink, colours)
    looks: dict[str, tuple[str, float, tuple[float, ...] | None]] = {
        "before": (colours.muted, 3.0, None),
        "carried": (colours.muted, 2.0, (9.0, 6.0)),
        "now": (ink, 5.5, None),
    }
    for level in field.panel.levels:
        shade, width, dashes = looks[level.kind]
        y = field.y(level.value)
        canvas.stroke([(field.x(level.first), y), (field.x(level.last), y)], shade, width, dashes)
    if (now := field.panel.level("now")) and (span := field.panel.span):
        x = field.x(now.last)
        canvas.stroke([(x, field.y(span[0])), (x, field.y(span[1]))], ink, 4, opacity=0.5)


def _dots(canvas: Canvas, field: _Field, colours: Palette) -> None:
    """Four weeks each; hollow with their likely range where units are still open."""
    dots, ink = field.panel.dots, colour(field.panel.ink, colours)
    points = [(field.x(dot.middle), field.y(dot.value)) for dot in dots]
    if len(points) > 1:
        canvas.stroke(points, ink, 1.4, opacity=0.4)
    radius = 4.0 if len(dots) <= 30 else 3.0
    for dot, (x, y) in zip(dots, points, strict=True):
        if dot.is_open and dot.low is not None and dot.high is not None:
            canvas.stroke([(x, field.y(dot.low)), (x, field.y(dot.high))], ink, 2.5, opacity=0.45)
        if dot.is_open:
            canvas.dot(x, y, radius + 1.5, ink, colours.background)
            canvas.dot(x, y, radius - 1, colours.background, colours.background)
        else:
            canvas.dot(x, y, radius, ink, colours.background)
    if now := field.panel.level("now"):
        canvas.dot(field.x(now.last), field.y(now.value), 8, ink, colours.background)


def _ends(canvas: Canvas, field: _Field, right: float, colours: Palette) -> None:
    """The level now and before at the ends of their lines, moved apart where both end together."""
    panel, left = field.panel, field.box.right + 20
    said: list[tuple[float, str, str, bool]] = []
    if carried := panel.level("carried"):
        said.append((field.y(carried.value), panel.words.before, colours.muted, False))
    if now := panel.level("now"):
        said.append((field.y(now.value), panel.words.now, colour(panel.ink, colours), True))
    said.sort(key=lambda each: each[0])
    if len(said) == 2 and (lack := _ROW - (said[1][0] - said[0][0])) > 0:
        said = [(said[0][0] - lack / 2, *said[0][1:]), (said[1][0] + lack / 2, *said[1][1:])]
    for y, words, ink, strong in said:
        told = lettering.cut(words, right - left, WORD_SIZE, strong=strong)
        canvas.text(left, y + WORD_SIZE * 0.36, told, WORD_SIZE, ink, strong=strong)


def _room(panel: Panel) -> float:
    """Pixels at the right for the words at the ends."""
    now = lettering.width(panel.words.now, WORD_SIZE, strong=True) if panel.level("now") else 0.0
    before = lettering.width(panel.words.before, WORD_SIZE) if panel.level("carried") else 0.0
    return min(max(now, before), 190.0) + 24
