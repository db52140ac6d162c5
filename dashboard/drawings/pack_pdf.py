"""The weekly pack as PDF, without a browser: a page with all of it in lines, then the card of each workflow.

Drawn as the cards are, in lines and letters rather than pixels: it can be searched, and printed at any size.
"""

from __future__ import annotations

import io
import re

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.alert_card_png import HEIGHT, WIDTH, draw_card
from leadline.dashboard.drawings.canvas import Canvas
from leadline.dashboard.drawings.lettering import ready_to_draw
from leadline.dashboard.drawings.pack import Pack, PackPart
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.theme import Mode, Palette, palette

_MARGIN = 80
_ROW = 62
_ROWS = 9
"""workflows on a page of the overview"""
_TRUETYPE = 42
"""the kind of font in it that other programs can read and search"""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def pdf(pack: Pack, theme: Mode = "light") -> bytes:
    """The whole file: overview (where there is more than one workflow), then a page for each workflow, worst first."""
    written, colours = io.BytesIO(), palette(theme)
    title = _CONTROL.sub(" ", f"{pack.title}: {pack.workspace}, {pack.week}")
    with (
        ready_to_draw(),
        mpl.rc_context({"pdf.fonttype": _TRUETYPE}),
        PdfPages(written, metadata={"Title": title, "CreationDate": None}) as pages,
    ):
        if len(pack.parts) != 1:
            for first in range(0, max(len(pack.parts), 1), _ROWS):
                _overview(pack, pack.parts[first : first + _ROWS], colours).add_to(pages)
        for part in pack.parts:
            draw_card(part.words, part.workflow, colours, part.catalog).add_to(pages)
    return written.getvalue()


def _overview(pack: Pack, parts: tuple[PackPart, ...], colours: Palette) -> Canvas:
    """One line a workflow: its state, and what is due."""
    canvas, room = Canvas(WIDTH, HEIGHT, colours.background), WIDTH - 2 * _MARGIN
    where = lettering.cut(f"{pack.workspace} · {pack.title} · {pack.week}", room, 22)
    canvas.text(_MARGIN, 80, where, 22, colours.muted)
    size, lines = lettering.fitted(pack.portfolio, room, (40, 34, 28), 3, strong=True)
    at = canvas.lines(_MARGIN, 150, lines, size, colours.text, strong=True, leading=1.2) + 30
    for part in parts:
        words, hue = part.words, colours.hues[verdict_words(part.words.verdict).hue]
        shape, _, state = words.badge.partition(" ")
        canvas.text(_MARGIN, at, shape, 22, hue, sign=True)
        canvas.text(
            _MARGIN + 34, at, lettering.cut(words.name, 400, 22, strong=True), 22, colours.text, strong=True
        )
        canvas.text(_MARGIN + 450, at, state, 22, hue)
        size, due = lettering.fitted(words.cells[0].words, room - 620, (20, 18), 2)
        canvas.lines(_MARGIN + 620, at, due, size, colours.text)
        at += _ROW
    canvas.text(_MARGIN, HEIGHT - 50, lettering.cut(pack.data, room, 18), 18, colours.muted)
    return canvas
