"""The divergence chart drawn on a canvas, for cards and packs: the scene that Plotly draws on pages, in pixels."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.canvas import Box, Canvas, Point
from leadline.dashboard.drawings.divergence_scene import (
    BASELINE,
    NOTHING_TO_DRAW,
    PROJECTED,
    Area,
    End,
    Event,
    Scene,
    Stroke,
    axis_note,
    colour,
    scene_of,
)
from leadline.dashboard.drawings.lettering import ready_to_draw
from leadline.dashboard.words.formats import day, day_of_year, month, one_line
from leadline.dashboard.words.theme import Palette, palette
from leadline.metrics.results import Pair, WorkflowReview

MARK_SIZE, TICK_SIZE, NAME_SIZE = 20, 20, 24
NAME_ROOM = 190
"""pixels at the right for the names of the lines"""
NOTE_SIZE = 18
TICK_ROOM = 84
_DASHES: dict[str, tuple[float, ...] | None] = {"deployed": (3, 4), "since": None, "breached": (9, 5)}
_OPACITY = {"complete": 0.17, "young": 0.13}
_ROW = 26
_NOTE_ROW = 23


@dataclass(frozen=True)
class _Field:
    """Where the scene is drawn."""

    box: Box
    scene: Scene

    def x(self, date: dt.date) -> float:
        days = max((self.scene.last - self.scene.first).days, 1)
        return self.box.left + self.box.width * (date - self.scene.first).days / days

    def y(self, level: float) -> float:
        lowest, highest = self.scene.lowest, self.scene.highest
        inside = min(max(level, lowest), highest)
        return self.box.bottom - self.box.height * (inside - lowest) / (highest - lowest)

    def points(self, weeks: Sequence[dt.date], levels: Sequence[float]) -> list[Point]:
        """Those inside the picture: nothing cuts off what lies to the left of it."""
        return [
            (self.x(week), self.y(level))
            for week, level in zip(weeks, levels, strict=True)
            if week >= self.scene.first
        ]


def divergence_png(
    workflow: WorkflowReview,
    pair: Pair,
    theme: str,
    *,
    width: int = 1040,
    height: int = 460,
    scale: float = 2,
) -> bytes:
    """The chart alone on the palette's background."""
    colours = palette(theme)
    with ready_to_draw():
        canvas = Canvas(width, height, colours.background)
        draw_divergence(canvas, Box(8, 8, width - 8, height - 8), workflow, pair, colours)
        return canvas.png(scale)


def draw_divergence(canvas: Canvas, box: Box, workflow: WorkflowReview, pair: Pair, colours: Palette) -> None:
    """Draws the chart into `box`; a sentence where there is nothing to draw yet."""
    scene = scene_of(workflow, pair, compact=True)
    if scene is None:
        _say_nothing_to_draw(canvas, box, colours)
        return
    note = lettering.broken(axis_note(workflow, pair), box.width, NOTE_SIZE, most=3)
    canvas.lines(box.left, box.bottom - _NOTE_ROW * (len(note) - 1) - 5, note, NOTE_SIZE, colours.muted,
                 leading=_NOTE_ROW / NOTE_SIZE)  # fmt: skip
    plot = Box(
        box.left + TICK_ROOM, box.top, box.right - NAME_ROOM - 14, box.bottom - 42 - _NOTE_ROW * len(note)
    )
    placed = _placed(scene.events, _Field(plot, scene), box.right)
    rows = max((one.row for one in placed), default=-1) + 1
    field = _Field(Box(plot.left, box.top + _ROW * rows + 6, plot.right, plot.bottom), scene)
    for shaded in scene.shades:
        tinted = Box(field.x(shaded.since), field.box.top, field.box.right, field.box.bottom)
        canvas.rectangle(tinted, colours.muted, shaded.opacity)
    _levels(canvas, field, colours)
    _weeks(canvas, field, colours)
    for area in scene.areas:
        _area(canvas, field, area, colours)
    for one in placed:
        _event(canvas, field, one, box.top + _ROW * (rows - 1 - one.row) + MARK_SIZE, colours)
    for end in scene.ends:
        _line(canvas, field, end, colours)
    _names(canvas, field, colours, box.right)


def _say_nothing_to_draw(canvas: Canvas, box: Box, colours: Palette) -> None:
    canvas.panel(box, colours.surface)
    said = lettering.broken(NOTHING_TO_DRAW, box.width - 80, 26)
    middle = (box.top + box.bottom) / 2
    for place, words in enumerate(said):
        canvas.text(
            (box.left + box.right) / 2, middle + 8 + 34 * place, words, 26, colours.muted, anchor="center"
        )


@dataclass(frozen=True)
class _Placed:
    """An event's words: their row above the picture, counted from below, and how far they reach."""

    event: Event
    row: int
    x: float
    left: float
    right: float

    def collides(self, other: _Placed) -> bool:
        """Words over words, or words across the line of an event that stands in the same row or higher."""
        if self.row == other.row and self.left < other.right + 16 and other.left < self.right + 16:
            return True
        return self.row <= other.row and self.left - 8 < other.x < self.right + 8 and self.x != other.x


def _placed(events: Sequence[Event], field: _Field, right: float) -> list[_Placed]:
    """The fewest rows in which no words and no lines collide; words stand to the right of their line if they can."""
    best: tuple[tuple[float, ...], list[_Placed]] = ((float("inf"),), [])
    sides = itertools.product((0, 1), repeat=len(events))
    for turned_left, rows in itertools.product(
        sides, itertools.product(range(len(events)), repeat=len(events))
    ):
        tried = []
        for event, to_left, row in zip(events, turned_left, rows, strict=True):
            x, wide = field.x(event.on), lettering.width(event.words, MARK_SIZE)
            tried.append(_Placed(event, row, x, x - wide if to_left else x, x if to_left else x + wide))
        faults = sum(one.collides(other) for one, other in itertools.permutations(tried, 2))
        outside = sum(one.right > right or one.left < field.box.left - TICK_ROOM for one in tried)
        cost = (outside, faults, max(rows, default=0), sum(turned_left), sum(rows))
        if cost < best[0]:
            best = (cost, tried)
    return best[1]


def _event(canvas: Canvas, field: _Field, placed: _Placed, baseline: float, colours: Palette) -> None:
    event, ink = placed.event, colour(placed.event.ink, colours)
    canvas.stroke([(placed.x, baseline + 7), (placed.x, field.box.bottom)], ink, 2, _DASHES[event.kind])
    canvas.text(placed.left, baseline, event.words, MARK_SIZE, ink)


def _levels(canvas: Canvas, field: _Field, colours: Palette) -> None:
    box = field.box
    here = field.y(BASELINE)
    for tick in field.scene.ticks((5, 10, 25, 50, 100), 5):
        if tick == BASELINE:
            continue
        y = field.y(tick)
        canvas.stroke([(box.left, y), (box.right, y)], colours.grid, 1.5)
        if abs(y - here) > 40:
            canvas.text(box.left - 12, y + 7, str(tick), TICK_SIZE, colours.muted, anchor="right")
    canvas.stroke([(box.left, here), (box.right, here)], colours.muted, 2)
    canvas.text(box.left - 12, here - 3, "baseline", TICK_SIZE - 1, colours.muted, anchor="right")
    canvas.text(box.left - 12, here + 19, "100", TICK_SIZE + 1, colours.text, strong=True, anchor="right")


def _weeks(canvas: Canvas, field: _Field, colours: Palette) -> None:
    """At most seven dates below: days of a short stretch, months of a long one."""
    baseline = field.box.bottom + 30
    first, last = field.scene.first, field.scene.last
    days = (last - first).days
    if field.scene.is_short:
        step = max(1, -(-days // 7 // 5)) * 7
        dates = [first + dt.timedelta(days=place) for place in range(0, days + 1, step)]
        words = [day_of_year(date) if place else day(date) for place, date in enumerate(dates)]
    else:
        numbered = [(first.year * 12 + first.month - 1) + place for place in range(days // 28 + 3)]
        step = next(step for step in (1, 2, 3, 6, 12, 24, 48, 96, 192) if days / 30.4 / step <= 6.5)
        dates = [dt.date(at // 12, at % 12 + 1, 1) for at in numbered if at % step == 0]
        words = [month(date) for date in dates]
    for date, said in zip(dates, words, strict=True):
        if first <= date <= last:
            x, half = field.x(date), lettering.width(said, TICK_SIZE) / 2
            canvas.stroke([(x, field.box.bottom), (x, field.box.bottom + 7)], colours.muted, 1.5)
            x = max(x, field.box.left - TICK_ROOM + half)
            canvas.text(x, baseline, said, TICK_SIZE, colours.muted, anchor="center")


def _area(canvas: Canvas, field: _Field, area: Area, colours: Palette) -> None:
    """The interval, stronger for the complete weeks and paler for the young ones; what is pending is hatched."""
    above, below = field.points(area.weeks, area.high), field.points(area.weeks, area.low)
    if len(above) < 2:
        return
    points, ink = above + below[::-1], colour(area.ink, colours)
    if area.kind == "pending":
        canvas.hatch(points, ink, 0.55)
    else:
        canvas.area(points, ink, _OPACITY[area.kind])


def _line(canvas: Canvas, field: _Field, end: End, colours: Palette) -> None:
    """Its parts, a week alone as a dot, and a larger dot at the end."""
    ink = colour(end.line.ink, colours)
    for stroke in field.scene.strokes:
        if stroke.line is end.line:
            _stroke(canvas, field, stroke, ink, colours)
    if (last := end.line.last) and last[0] >= field.scene.first:
        canvas.dot(field.x(last[0]), field.y(last[1]), 7, ink, colours.background)


def _stroke(canvas: Canvas, field: _Field, stroke: Stroke, ink: str, colours: Palette) -> None:
    points = field.points(stroke.weeks, stroke.levels)
    if len(points) > 1:
        canvas.stroke(points, ink, 4.5, (11.0, 6.0) if stroke.is_projected else None)
    elif points:
        canvas.dot(*points[0], 5.5, ink, colours.background)


def _names(canvas: Canvas, field: _Field, colours: Palette, right: float) -> None:
    """The name of each line at its end, moved apart where two lines end together."""
    left = field.box.right + 20
    ends = sorted(field.scene.ends, key=lambda end: -end.level)
    blocks: list[tuple[End, int, list[str], str, float]] = []
    for end in ends:
        name = one_line(end.line.series.label) + end.beyond
        size, words = lettering.fitted(name, right - left, (NAME_SIZE, 22, 20), 2, strong=True)
        note = PROJECTED if end.line.is_projected else ""
        blocks.append((end, size, words, note, len(words) * size * 1.16 + (24 if note else 0) + 8))
    tops = [field.y(end.level) - tall / 2 for end, *_, tall in blocks]
    if len(tops) == 2 and (overlap := tops[0] + blocks[0][4] - tops[1]) > 0:
        tops = [tops[0] - overlap / 2, tops[1] + overlap / 2]
    low = field.box.bottom - sum(block[4] for block in blocks)
    for place, ((end, size, words, note, _), top) in enumerate(zip(blocks, tops, strict=True)):
        rest = sum(block[4] for block in blocks[place:])
        before = sum(block[4] for block in blocks[:place])
        top = min(max(top, field.box.top - 8 + before), max(low, field.box.bottom - rest) + 8)
        ink = colour(end.line.ink, colours)
        baseline = canvas.lines(left, top + size, words, size, ink, strong=True, leading=1.16)
        if note:
            canvas.text(left, baseline - 3, note, 19, colours.muted)
