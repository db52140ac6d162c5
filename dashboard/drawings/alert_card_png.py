"""The alert card: one 16:9 picture that stands alone, drawn without a browser, the same everywhere.

1600 × 900 pixels, or twice that. Sizes follow what has to be said: texts first get smaller, then more lines, and
only then end in an ellipsis; the text layer carries all of them whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.path import Path as Outline

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.canvas import Box, Canvas
from leadline.dashboard.drawings.divergence_png import draw_divergence
from leadline.dashboard.drawings.lettering import ready_to_draw
from leadline.dashboard.words.alert_card import CardWords, Cell, Side, card_words
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.theme import Mode, Palette, palette
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.results import Review, WorkflowReview

WIDTH, HEIGHT = 1600, 900
SCALES = (1, 2)
TEXT_LAYER = "Description"
"""the key of the PNG's text chunk that holds everything the card says"""
_MARGIN = 56
_RIGHT = WIDTH - _MARGIN
_CHART_RIGHT = 1106
_STRIP_BOTTOM = 836


def card_png(
    review: Review,
    workflow: WorkflowReview,
    *,
    theme: Mode = "light",
    scale: int = 1,
    workspace_name: str,
    code: str,
    catalog: Mapping[str, Metric] | None = None,
    link: str = "",
) -> bytes:
    """The card as PNG; `code` is that of the kept review (`service.review_codes`), '' where it is not kept."""
    words = card_words(
        review, workflow, catalog if catalog is not None else load_catalog(None),
        workspace_name=workspace_name, code=code, link=link,
    )  # fmt: skip
    with ready_to_draw():
        texts = {"Title": words.headline, TEXT_LAYER: words.text(), "Software": "Leadline"}
        return draw_card(words, workflow, palette(theme)).png(scale, texts)


def card_alt(review: Review, workflow: WorkflowReview, catalog: Mapping[str, Metric] | None = None) -> str:
    """The card in a sentence or two, for people who can't see it."""
    words = card_words(
        review, workflow, catalog if catalog is not None else load_catalog(None), workspace_name="", code=""
    )
    return f"Alert card, {words.badge[2:].lower()}. {words.statement} To do: {words.cells[0].words} {words.data}."


def draw_card(words: CardWords, workflow: WorkflowReview, colours: Palette) -> Canvas:
    """The card on a canvas. Use it inside `lettering.ready_to_draw()`."""
    canvas = Canvas(WIDTH, HEIGHT, colours.background)
    hue = colours.hues[verdict_words(words.verdict).hue]
    canvas.rectangle(Box(0, 0, 14, HEIGHT), hue)
    _top_row(canvas, words, hue, colours)
    top = _headline(canvas, words, colours)
    bottom = _strip(canvas, words.cells, hue, colours)
    _foot(canvas, words, colours)
    chart = Box(_MARGIN, top, _CHART_RIGHT, bottom - 26)
    if workflow.lead_pair is not None:
        draw_divergence(canvas, chart, workflow, workflow.lead_pair, colours)
        _sides(canvas, words.sides, Box(_CHART_RIGHT + 30, top, _RIGHT, bottom - 30), colours)
    else:
        _no_pair(canvas, Box(_MARGIN, top, _RIGHT, bottom - 30), colours)
    return canvas


def _top_row(canvas: Canvas, words: CardWords, hue: str, colours: Palette) -> None:
    shape, _, word = words.badge.partition(" ")
    left = float(_MARGIN + 20)
    wide = lettering.width(shape, 26, sign=True) + 12 + lettering.width(word, 26, strong=True)
    canvas.panel(Box(_MARGIN, 34, _MARGIN + wide + 42, 80), hue, radius=23)
    left += canvas.text(left, 66, shape, 26, colours.background, sign=True) + 12
    canvas.text(left, 66, word, 26, colours.background, strong=True)
    workspace = lettering.cut(words.workspace, 620, 24)
    left = _RIGHT - lettering.width(workspace, 24)
    canvas.text(left, 65, workspace, 24, colours.muted)


def _headline(canvas: Canvas, words: CardWords, colours: Palette) -> float:
    """Returns where the next thing may begin."""
    size, lines = lettering.fitted(words.statement, _RIGHT - _MARGIN, (46, 42, 38, 34, 30), 2, strong=True)
    if len(lines) > 1 and size < 38:
        size, lines = lettering.fitted(words.statement, _RIGHT - _MARGIN, (38, 34, 30), 3, strong=True)
    baseline = canvas.lines(_MARGIN, 102 + size, lines, size, colours.text, strong=True, leading=1.2)
    return baseline - size * 1.2 + 34


def _sides(canvas: Canvas, sides: Sequence[Side], box: Box, colours: Palette) -> None:
    """Both changes as panels, the proxy above the outcome, in the colours of their lines."""
    gap = 16
    tall = (box.height - gap * (len(sides) - 1)) / max(len(sides), 1)
    for place, (side, colour) in enumerate(zip(sides, (colours.proxy, colours.outcome), strict=True)):
        top = box.top + place * (tall + gap)
        _side(canvas, side, Box(box.left, top, box.right, top + tall), colour, colours)


def _side(canvas: Canvas, side: Side, box: Box, colour: str, colours: Palette) -> None:
    canvas.panel(box, colours.surface)
    canvas.rectangle(Box(box.left, box.top + 14, box.left + 6, box.bottom - 14), colour)
    left, room = box.left + 26, box.width - 46
    size, heading = lettering.fitted(f"{side.role}: {side.label}", room, (25, 23, 21), 1, strong=True)
    known = bool(side.details)
    for most, small, details in (
        (58, 22, side.details),
        (52, 21, side.details),
        (48, 21, _joined(side.details)),
        (40, 20, _joined(side.details)),
        (34, 19, _joined(side.details)),
    ):
        big = _largest(side.change, room if not side.direction else room * 0.6, most if known else 34)
        lines = [line for words in details for line in lettering.broken(words, room, small, most=2)]
        needed = size * 1.2 + big * 1.12 + len(lines) * small * 1.24
        if needed <= box.height - 22:
            break
    baseline = box.top + max((box.height - needed) / 2, 8) + size * 0.92
    canvas.text(left, baseline, heading[0], size, colour, strong=True)
    baseline += big * 1.08
    left_of_direction = left + canvas.text(left, baseline, side.change, big, colours.text, strong=known) + 18
    if arrow := {"better": "▲", "worse": "▼"}.get(side.direction):
        left_of_direction += canvas.text(left_of_direction, baseline, arrow, 20, colours.text, sign=True) + 8
    said = lettering.cut(side.direction, box.right - 16 - left_of_direction, 25, strong=True)
    canvas.text(left_of_direction, baseline, said if side.direction else "", 25, colours.text, strong=True)
    canvas.lines(left, baseline + small * 1.42, lines, small, colours.muted)


def _joined(details: Sequence[str]) -> list[str]:
    """The same in fewer lines."""
    return [details[0], " · ".join(details[1:])] if len(details) > 2 else list(details)


def _largest(words: str, room: float, size: int) -> int:
    while size > 26 and lettering.width(words, size, strong=True) > room:
        size -= 2
    return size


def _strip(canvas: Canvas, cells: Sequence[Cell], hue: str, colours: Palette) -> float:
    """What is agreed and what is to be done, in columns; returns its top."""
    shares = (0.34, 0.27, 0.21, 0.18)
    gap = 36
    room = _RIGHT - _MARGIN - gap * (len(cells) - 1)
    columns = [(cell, room * share) for cell, share in zip(cells, shares, strict=True)]
    for size, small in ((24, 20), (22, 19), (20, 18)):
        told = [_cell_lines(cell, wide, size, small) for cell, wide in columns]
        tall = max(len(words) * size * 1.22 + len(details) * small * 1.26 for words, details in told)
        if tall <= 150:
            break
    else:
        told = [_cell_lines(cell, wide, 20, 18, most=3 if cell.details else 6) for cell, wide in columns]
        tall = max(len(words) * 20 * 1.22 + len(details) * 18 * 1.26 for words, details in told)
    top = _STRIP_BOTTOM - tall - 44
    canvas.stroke([(_MARGIN, top), (_RIGHT, top)], colours.border, 2)
    left = float(_MARGIN)
    for place, ((cell, wide), (words, details)) in enumerate(zip(columns, told, strict=True)):
        canvas.text(left, top + 32, cell.label, 20, hue if place == 0 else colours.muted, strong=True)
        baseline = canvas.lines(
            left, top + 38 + size * 1.05, words, size, colours.text, strong=True, leading=1.22
        )
        baseline += small * 1.05 - size
        canvas.lines(left, baseline, details, small, colours.muted, leading=1.26)
        left += wide + gap
    return top


def _cell_lines(
    cell: Cell, wide: float, size: int, small: int, most: int = 99
) -> tuple[list[str], list[str]]:
    details = [line for words in cell.details for line in lettering.broken(words, wide, small, most=most - 1)]
    return lettering.broken(cell.words, wide, size, strong=True, most=most), details


def _foot(canvas: Canvas, words: CardWords, colours: Palette) -> None:
    canvas.stroke([(_MARGIN, _STRIP_BOTTOM + 8), (_RIGHT, _STRIP_BOTTOM + 8)], colours.border, 2)
    baseline = HEIGHT - 24
    right = _RIGHT - _mark(canvas, baseline, colours)
    if words.code:
        code = f"Review {words.code}"
        wide = lettering.width(code, 20, strong=True)
        canvas.text(right - wide, baseline, code, 20, colours.text, strong=True)
        right -= wide + 14
        link = lettering.cut(words.link, 520, 18)
        wide = lettering.width(link, 18)
        canvas.text(right - wide, baseline, link, 18, colours.muted)
        right -= wide + 24
    size, data = lettering.fitted(words.data, right - _MARGIN, (20, 19, 18, 17), 1)
    canvas.text(_MARGIN, baseline, data[0], size, colours.muted)


def _mark(canvas: Canvas, baseline: float, colours: Palette) -> float:
    """The name with its plumb line, at the right; returns the room it takes."""
    name, size = "Leadline", 22
    wide = canvas.text(_RIGHT, baseline, name, size, colours.proxy, strong=True, anchor="right")
    left, top = _RIGHT - wide - 34, baseline - 21

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * 1.05, top + y * 1.0 - 1

    wave = [
        at(2, 5),
        at(4.5, 2),
        at(7, 2),
        at(9.5, 5),
        at(12, 8),
        at(14.5, 8),
        at(17, 5),
        at(18, 3.6),
        at(20, 3),
        at(22, 4),
    ]
    curve = [Outline.MOVETO, *[Outline.CURVE4] * 9]
    canvas.outline(wave, [int(code) for code in curve], colours.proxy, 2)
    canvas.stroke([at(12, 8.5), at(12, 18)], colours.proxy, 2, (3, 2.5))
    bob = [at(12, 16), at(16, 25), at(8, 25), at(12, 16)]
    canvas.outline(
        bob,
        [int(Outline.MOVETO), *[int(Outline.LINETO)] * 2, int(Outline.CLOSEPOLY)],
        colours.outcome,
        0,
        fill=True,
    )
    return wide + 34 + 26


def _no_pair(canvas: Canvas, box: Box, colours: Palette) -> None:
    canvas.panel(box, colours.surface)
    middle = (box.top + box.bottom) / 2 + 8
    said = "None of the agreed metrics can be counted yet, so there is nothing to draw."
    canvas.text((box.left + box.right) / 2, middle, said, 26, colours.muted, anchor="center")
