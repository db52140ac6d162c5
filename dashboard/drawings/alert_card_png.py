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
from leadline.dashboard.words.alert_card import CardWords, Cell, card_words
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
_AMOUNT_LETTERS = 10
"""of an amount of money, which stands on one line"""


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
        return draw_card(words, workflow, palette(theme), catalog).png(scale, texts)


def card_alt(review: Review, workflow: WorkflowReview, catalog: Mapping[str, Metric] | None = None) -> str:
    """The card in a sentence or two, for people who can't see it."""
    words = card_words(
        review, workflow, catalog if catalog is not None else load_catalog(None), workspace_name="", code=""
    )
    due = words.cells[0]
    return f"Alert card, {words.badge[2:].lower()}. {words.statement} {due.label}: {due.words} {words.data}."


def draw_card(
    words: CardWords, workflow: WorkflowReview, colours: Palette, catalog: Mapping[str, Metric] | None = None
) -> Canvas:
    """The card on a canvas. Use it inside `lettering.ready_to_draw()`."""
    canvas = Canvas(WIDTH, HEIGHT, colours.background)
    hue = colours.hues[verdict_words(words.verdict).hue]
    canvas.rectangle(Box(0, 0, 14, HEIGHT), hue)
    _top_row(canvas, words, hue, colours)
    top = _headline(canvas, words, colours)
    _, rule, cost, owner = words.cells
    bottom = _strip(canvas, (rule, owner), _CHART_RIGHT, colours)
    _foot(canvas, words, colours)
    chart = Box(_MARGIN, top, _CHART_RIGHT, bottom - 22)
    if workflow.lead_pair is not None:
        draw_divergence(canvas, chart, workflow, workflow.lead_pair, colours, catalog)
    else:
        _no_pair(canvas, chart, colours)
    column = Box(_CHART_RIGHT + 40, top, _RIGHT, _STRIP_BOTTOM - 12)
    middle = column.top + column.height * 0.5
    _cost(canvas, cost, Box(column.left, column.top, column.right, middle - 10), colours)
    _due(canvas, words, Box(column.left, middle + 10, column.right, column.bottom), colours)
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


def _cost(canvas: Canvas, cell: Cell, box: Box, colours: Palette) -> None:
    """What it has cost so far, the largest figure of the card; a sentence where nothing is counted."""
    canvas.panel(box, colours.surface)
    left, room = box.left + 28, box.width - 56
    is_short = bool(cell.details) and len(cell.words) <= _AMOUNT_LETTERS
    for most, small in ((84, 22), (64, 21), (50, 20), (42, 19), (36, 18)):
        sizes = (most, 60, 50, 42, 36) if is_short else (min(most, 46), 38, 34, 30, 26)
        fitting = tuple(size for size in sizes if size <= most)
        size, words = lettering.fitted(cell.words, room, fitting, 1 if is_short else 3, strong=True)
        lines = [line for each in cell.details for line in lettering.broken(each, room, small, most=2)]
        tall = 40 + len(words) * size * 1.1 + len(lines) * small * 1.3
        if tall <= box.height - 30:
            break
    baseline = box.top + max((box.height - tall) / 2, 10) + 26
    canvas.text(left, baseline, cell.label, 25, colours.text, strong=True)
    baseline = canvas.lines(left, baseline + size * 1.08, words, size, colours.text, strong=True, leading=1.1)
    canvas.lines(left, baseline - size * 0.78 + 16, lines, small, colours.muted, leading=1.3)


def _due(canvas: Canvas, words: CardWords, box: Box, colours: Palette) -> None:
    """What is due: filled where somebody must act, outlined where it is decided or nothing waits."""
    red = colours.hues["red"]
    canvas.panel(
        box, red if words.must_decide else colours.background, red if words.must_decide else colours.border
    )
    ink = colours.background if words.must_decide else colours.text
    left, room, cell = box.left + 28, box.width - 56, words.cells[0]
    for size in (36, 33, 30, 27, 25, 23, 21, 19):
        lines = lettering.broken(cell.words, room, size, strong=True)
        if len(lines) * size * 1.2 <= box.height - 84:
            break
    else:
        lines = lettering.broken(
            cell.words, room, size, strong=True, most=int((box.height - 84) / (size * 1.2))
        )
    tall = 40 + len(lines) * size * 1.2
    baseline = box.top + max((box.height - tall) / 2, 10) + 26
    canvas.text(left, baseline, cell.label, 25, ink, strong=True)
    canvas.lines(left, baseline + 14 + size, lines, size, ink, strong=True, leading=1.2)


def _strip(canvas: Canvas, cells: Sequence[Cell], right: float, colours: Palette) -> float:
    """What was agreed and who answers, in columns up to `right`; returns its top."""
    shares, gap = (0.62, 0.38), 40
    room = right - _MARGIN - gap * (len(cells) - 1)
    columns = [(cell, room * share) for cell, share in zip(cells, shares, strict=True)]
    for size, small in ((24, 20), (22, 19), (20, 18)):
        told = [_cell_lines(cell, wide, size, small) for cell, wide in columns]
        tall = max(len(words) * size * 1.22 + len(details) * small * 1.26 for words, details in told)
        if tall <= 122:
            break
    else:
        told = [_cell_lines(cell, wide, 20, 18, most=3 if cell.details else 5) for cell, wide in columns]
        tall = max(len(words) * 20 * 1.22 + len(details) * 18 * 1.26 for words, details in told)
    top = _STRIP_BOTTOM - tall - 44
    canvas.stroke([(_MARGIN, top), (right, top)], colours.border, 2)
    left = float(_MARGIN)
    for (cell, wide), (words, details) in zip(columns, told, strict=True):
        canvas.text(left, top + 32, cell.label, 20, colours.muted, strong=True)
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
