"""The divergence chart drawn on a canvas, in the visual language of `charts.divergence_chart`, for cards and packs.

Both lines are turned so that up is good; bands are intervals; solid is known, dashed is projected over a hatched
gap of what young cohorts can still reach; deployment, the start of the drift and the breach are marked.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.canvas import Box, Canvas, Point
from leadline.dashboard.drawings.divergence import axis_note
from leadline.dashboard.drawings.lettering import ready_to_draw
from leadline.dashboard.drawings.lines import Line, Points, clip, find, height_span, turned, weeks_drawn
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import day, day_of_year, month, one_line
from leadline.dashboard.words.theme import Palette, palette
from leadline.metrics.results import Pair, WorkflowReview
from leadline.metrics.verdicts import meaning

MARK_SIZE, TICK_SIZE, NAME_SIZE = 20, 20, 24
NAME_ROOM = 190
"""pixels at the right for the names of the lines"""
NOTE_SIZE = 18
TICK_ROOM = 84
SHORT_DAYS = 120
_ROW = 26
_NOTE_ROW = 23


@dataclass(frozen=True)
class _Field:
    """Where the lines are drawn, and which weeks and levels its sides stand for."""

    box: Box
    first: dt.date
    last: dt.date
    lowest: float
    highest: float

    def x(self, date: dt.date) -> float:
        days = max((self.last - self.first).days, 1)
        return self.box.left + self.box.width * (date - self.first).days / days

    def y(self, level: float) -> float:
        inside = min(max(level, self.lowest), self.highest)
        return self.box.bottom - self.box.height * (inside - self.lowest) / (self.highest - self.lowest)


@dataclass(frozen=True)
class _Mark:
    date: dt.date
    words: str
    colour: str
    dashes: tuple[float, ...] | None


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
    lines = [
        turned(series, colours.proxy if series.metric == pair.proxy else colours.outcome)
        for metric in (pair.proxy, pair.outcome)
        if (series := find(workflow.series, metric)) is not None
    ]
    lines = [line for line in lines if line.last is not None]
    if not lines:
        _say_nothing_to_draw(canvas, box, colours)
        return
    first, last = weeks_drawn(workflow, lines, compact=True)
    lowest, highest = height_span(lines, first)
    note = lettering.broken(axis_note(workflow, pair), box.width, NOTE_SIZE, most=3)
    canvas.lines(box.left, box.bottom - _NOTE_ROW * (len(note) - 1) - 5, note, NOTE_SIZE, colours.muted,
                 leading=_NOTE_ROW / NOTE_SIZE)  # fmt: skip
    marks = _marks(workflow, pair, first, last, colours)
    plot = Box(
        box.left + TICK_ROOM, box.top, box.right - NAME_ROOM - 14, box.bottom - 42 - _NOTE_ROW * len(note)
    )
    field = _Field(plot, first, last, lowest, highest)
    placed = _placed(marks, field, box.right)
    rows = max((one.row for one in placed), default=-1) + 1
    top = box.top + _ROW * rows + 6
    field = _Field(Box(plot.left, top, plot.right, plot.bottom), first, last, lowest, highest)
    _shade(canvas, field, workflow, pair, colours)
    _levels(canvas, field, colours)
    _weeks(canvas, field, colours)
    for line in lines:
        _band(canvas, field, line)
    for line in lines:
        _pending(canvas, field, line)
    for one in placed:
        _mark(canvas, field, one, box.top + _ROW * (rows - 1 - one.row) + MARK_SIZE)
    for line in lines:
        _line(canvas, field, line, colours)
    _names(canvas, field, lines, colours, box.right)


def _say_nothing_to_draw(canvas: Canvas, box: Box, colours: Palette) -> None:
    canvas.panel(box, colours.surface)
    said = lettering.broken("No week has enough data to draw yet.", box.width - 80, 26)
    middle = (box.top + box.bottom) / 2
    for place, words in enumerate(said):
        canvas.text(
            (box.left + box.right) / 2, middle + 8 + 34 * place, words, 26, colours.muted, anchor="center"
        )


def _breach(workflow: WorkflowReview) -> dt.date | None:
    return min(
        (rule.since for rule in workflow.rules if rule.state == "breached" and rule.since), default=None
    )


def _alarmed(pair: Pair) -> bool:
    return meaning(pair.verdict).is_alarmed


def _marks(
    workflow: WorkflowReview, pair: Pair, first: dt.date, last: dt.date, colours: Palette
) -> list[_Mark]:
    red = colours.hues["red"]
    marks = [_Mark(workflow.deployed_on, f"Deployed {day(workflow.deployed_on)}", colours.muted, (3, 4))]
    if pair.since:
        word = verdict_words(pair.verdict).onset.capitalize()
        colour = red if _alarmed(pair) else colours.muted
        marks.append(_Mark(pair.since, f"{word} since the week of {day(pair.since)}", colour, None))
    if (breach := _breach(workflow)) and _alarmed(pair):
        several = sum(rule.state == "breached" for rule in workflow.rules) > 1
        words = f"{'First rule' if several else 'Rule'} breached {day(breach)}"
        marks.append(_Mark(breach, words, red, (9, 5)))
    return [mark for mark in marks if first <= mark.date <= last]


@dataclass(frozen=True)
class _Placed:
    """A mark's words: their row above the picture, counted from below, and how far they reach."""

    mark: _Mark
    row: int
    x: float
    left: float
    right: float

    def collides(self, other: _Placed) -> bool:
        """Words over words, or words across the line of a mark that stands in the same row or higher."""
        if self.row == other.row and self.left < other.right + 16 and other.left < self.right + 16:
            return True
        return self.row <= other.row and self.left - 8 < other.x < self.right + 8 and self.x != other.x


def _placed(marks: Sequence[_Mark], field: _Field, right: float) -> list[_Placed]:
    """The fewest rows in which no words and no lines collide; words stand to the right of their line if they can."""
    best: tuple[tuple[float, ...], list[_Placed]] = ((float("inf"),), [])
    sides = itertools.product((0, 1), repeat=len(marks))
    for turned_left, rows in itertools.product(
        sides, itertools.product(range(len(marks)), repeat=len(marks))
    ):
        tried = []
        for mark, to_left, row in zip(marks, turned_left, rows, strict=True):
            x, wide = field.x(mark.date), lettering.width(mark.words, MARK_SIZE)
            tried.append(_Placed(mark, row, x, x - wide if to_left else x, x if to_left else x + wide))
        faults = sum(one.collides(other) for one, other in itertools.permutations(tried, 2))
        outside = sum(one.right > right or one.left < field.box.left - TICK_ROOM for one in tried)
        cost = (outside, faults, max(rows, default=0), sum(turned_left), sum(rows))
        if cost < best[0]:
            best = (cost, tried)
    return best[1]


def _mark(canvas: Canvas, field: _Field, placed: _Placed, baseline: float) -> None:
    mark = placed.mark
    canvas.stroke([(placed.x, baseline + 7), (placed.x, field.box.bottom)], mark.colour, 2, mark.dashes)
    canvas.text(placed.left, baseline, mark.words, MARK_SIZE, mark.colour)


def _shade(canvas: Canvas, field: _Field, workflow: WorkflowReview, pair: Pair, colours: Palette) -> None:
    """Since the drift began a grey tint, since the breach a stronger one: the intervals keep their own hue on it."""
    if not _alarmed(pair):
        return
    box = field.box
    for since, opacity in ((pair.since, 0.05), (_breach(workflow), 0.06)):
        if since and since <= field.last:
            left = field.x(max(since, field.first))
            canvas.rectangle(Box(left, box.top, box.right, box.bottom), colours.muted, opacity)


def _levels(canvas: Canvas, field: _Field, colours: Palette) -> None:
    box = field.box
    span = field.highest - field.lowest
    step = next(size for size in (5, 10, 25, 50, 100) if span / size <= 5)
    ticks = [tick for tick in range(0, 401, step) if field.lowest <= tick <= field.highest and tick != 100]
    here = field.y(100)
    for tick in ticks:
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
    days = (field.last - field.first).days
    if days < SHORT_DAYS:
        step = max(1, -(-days // 7 // 5)) * 7
        dates = [field.first + dt.timedelta(days=place) for place in range(0, days + 1, step)]
        words = [day_of_year(date) if place else day(date) for place, date in enumerate(dates)]
    else:
        numbered = [
            (field.first.year * 12 + field.first.month - 1) + place for place in range(days // 28 + 3)
        ]
        step = next(step for step in (1, 2, 3, 6, 12, 24, 48, 96, 192) if days / 30.4 / step <= 6.5)
        dates = [dt.date(at // 12, at % 12 + 1, 1) for at in numbered if at % step == 0]
        words = [month(date) for date in dates]
    for date, said in zip(dates, words, strict=True):
        if field.first <= date <= field.last:
            x, half = field.x(date), lettering.width(said, TICK_SIZE) / 2
            canvas.stroke([(x, field.box.bottom), (x, field.box.bottom + 7)], colours.muted, 1.5)
            x = max(x, field.box.left - TICK_ROOM + half)
            canvas.text(x, baseline, said, TICK_SIZE, colours.muted, anchor="center")


def _runs(line: Line, field: _Field, start: int, stop: int, *sides: Points) -> list[list[int]]:
    """Places of weeks inside the picture where every side has a value, without gaps."""
    runs: list[list[int]] = [[]]
    for at in range(max(start, 0), stop):
        if line.series.weeks[at] < field.first:
            continue
        if all(side[at] is not None for side in sides):
            runs[-1].append(at)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _points(line: Line, field: _Field, places: Sequence[int], side: Points) -> list[Point]:
    drawn = clip(side, field.lowest, field.highest)
    return [
        (field.x(line.series.weeks[at]), field.y(level)) for at in places if (level := drawn[at]) is not None
    ]


def _between(
    line: Line, field: _Field, start: int, stop: int, low: Points, high: Points
) -> Iterator[list[Point]]:
    """The area between two sides, one for each run of weeks without gaps."""
    for run in _runs(line, field, start, stop, low, high):
        if len(run) > 1:
            yield _points(line, field, run, high) + _points(line, field, run[::-1], low)


def _band(canvas: Canvas, field: _Field, line: Line) -> None:
    """The interval: stronger for the complete weeks, paler for the young ones."""
    cut, end = line.young_from, len(line.series.weeks)
    for start, stop, opacity in ((0, cut, 0.17), (cut - 1, end if cut < end else 0, 0.13)):
        for points in _between(line, field, start, stop, line.low, line.high):
            canvas.area(points, line.colour, opacity)


def _pending(canvas: Canvas, field: _Field, line: Line) -> None:
    """Between what young cohorts have reached and what they are expected to reach."""
    if line.young_from < len(line.series.weeks):
        end = len(line.series.weeks)
        for points in _between(line, field, line.young_from - 1, end, line.known, line.level):
            canvas.hatch(points, line.colour, 0.55)


def _line(canvas: Canvas, field: _Field, line: Line, colours: Palette) -> None:
    cut, end = line.young_from, len(line.series.weeks)
    for start, stop, dashes in ((0, cut, None), (cut - 1, end if cut < end else 0, (11.0, 6.0))):
        for run in _runs(line, field, start, stop, line.level):
            points = _points(line, field, run, line.level)
            if len(points) > 1:
                canvas.stroke(points, line.colour, 4.5, dashes)
            elif dashes is None or start == stop - 1:
                canvas.dot(*points[0], 5.5, line.colour, colours.background)
    if (last := line.last) and last[0] >= field.first:
        canvas.dot(field.x(last[0]), field.y(last[1]), 7, line.colour, colours.background)


def _names(canvas: Canvas, field: _Field, lines: Sequence[Line], colours: Palette, right: float) -> None:
    """The name of each line at its end, moved apart where two lines end together."""
    left = field.box.right + 20
    ends = sorted(((line, *line.last) for line in lines if line.last), key=lambda end: -end[2])
    blocks: list[tuple[Line, int, list[str], str, float]] = []
    for line, _, level in ends:
        beyond = " ↑" if level > field.highest else " ↓" if level < field.lowest else ""
        name = one_line(line.series.label) + beyond
        size, words = lettering.fitted(name, right - left, (NAME_SIZE, 22, 20), 2, strong=True)
        note = "dashed: projected" if line.young_from < len(line.series.weeks) else ""
        blocks.append((line, size, words, note, len(words) * size * 1.16 + (24 if note else 0) + 8))
    tops = [field.y(level) - tall / 2 for (_, _, level), (*_, tall) in zip(ends, blocks, strict=True)]
    if len(tops) == 2 and (overlap := tops[0] + blocks[0][4] - tops[1]) > 0:
        tops = [tops[0] - overlap / 2, tops[1] + overlap / 2]
    low = field.box.bottom - sum(block[4] for block in blocks)
    for place, ((line, size, words, note, _), top) in enumerate(zip(blocks, tops, strict=True)):
        rest = sum(block[4] for block in blocks[place:])
        before = sum(block[4] for block in blocks[:place])
        top = min(max(top, field.box.top - 8 + before), max(low, field.box.bottom - rest) + 8)
        baseline = canvas.lines(left, top + size, words, size, line.colour, strong=True, leading=1.16)
        if note:
            canvas.text(left, baseline - 3, note, 19, colours.muted)
