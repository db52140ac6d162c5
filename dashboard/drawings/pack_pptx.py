"""The weekly pack as slides: native text and tables that can be edited and read aloud, one slide a workflow.

Charts are pictures, because no native chart draws intervals and pending cohorts; each carries its description. The
speaker's notes hold all that the alert card says.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.divergence_png import divergence_png
from leadline.dashboard.drawings.pack import Pack, PackPart
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import shortened
from leadline.dashboard.words.tables import cell_text
from leadline.dashboard.words.theme import Mode, Palette, palette

WIDTH, HEIGHT = 1280, 720
"""of a slide, in pixels of 1/96 inch"""
FONT = "Arial"
MARGIN = 48
_ROOM = WIDTH - 2 * MARGIN
_CHART = (1184, 270)
_TITLE_ONLY = 5
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_ARIAL_IS_WIDER = 1.12
"""than the font that `lettering` measures, with room to spare"""
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PROPERTY_LETTERS = 255
_FIRST_DAY = dt.datetime(2000, 1, 1)


def pptx(pack: Pack, theme: Mode = "light") -> bytes:
    """The file. The same pack gives the same slides."""
    colours = palette(theme)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(_emu(WIDTH)), Emu(_emu(HEIGHT))
    about = deck.core_properties
    about.title, about.author = _safe(f"{pack.title}: {pack.week}"), "Leadline"
    about.subject = shortened(_safe(pack.portfolio), _PROPERTY_LETTERS)
    about.created = about.modified = _FIRST_DAY
    about.last_modified_by = "Leadline"
    size, pages = _pages(pack)
    for places in pages:
        _overview(deck, pack, places, size, colours)
    for part in pack.parts:
        _workflow(deck, pack, part, theme, colours)
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


_COLUMNS = (150, 200, 265, 265, 304)
_OVERVIEW_ROOM = 448
"""pixels of height for the rows of the portfolio"""


def _pages(pack: Pack) -> tuple[int, list[list[int]]]:
    """The size of the portfolio's text, and the places of the parts on each of its slides: one slide if it can be."""
    for size in (14, 13, 12):
        pages: list[list[int]] = [[]]
        taken = 0.0
        for place, row in enumerate(pack.overview.rows):
            cells = zip(row, _COLUMNS, strict=True)
            most = max(len(_lines(cell_text(cell), wide - 14, size)) for cell, wide in cells)
            tall = most * size * 1.6 + 8
            if pages[-1] and taken + tall > _OVERVIEW_ROOM:
                pages.append([])
                taken = 0.0
            pages[-1].append(place)
            taken += tall
        if len(pages) == 1:
            break
    return size, pages


def _overview(deck: Any, pack: Pack, places: Sequence[int], size: int, colours: Palette) -> None:
    slide = _slide(deck, pack.portfolio, 108, (28, 24, 20, 17, 15, 13), 3, colours, top=72)
    _box(slide, (MARGIN, 30, _ROOM, 30), f"{pack.workspace} · {pack.title} · {pack.week}", 14, colours.muted)
    if places:
        table = _table(slide, len(places) + 1, _COLUMNS, MARGIN, 200)
        for at, heading in enumerate(pack.overview.headings):
            _cell(table, 0, at, [(heading, 12, colours.muted, True)], colours.border)
        for line, place in enumerate(places, start=1):
            hue = colours.hues[verdict_words(pack.parts[place].words.verdict).hue]
            for at, cell in enumerate(pack.overview.rows[place]):
                colour = hue if at == 0 else colours.text
                _cell(table, line, at, [(cell_text(cell), size, colour, at < 2)], colours.border)
    _foot(slide, pack.data if pack.data.startswith("No data") else f"Data: {pack.data}", "", colours)
    slide.notes_slide.notes_text_frame.text = _safe("\n".join([pack.portfolio, *pack.notes, pack.data]))


def _workflow(deck: Any, pack: Pack, part: PackPart, theme: Mode, colours: Palette) -> None:
    words = part.words
    hue = colours.hues[verdict_words(words.verdict).hue]
    slide = _slide(deck, words.statement, 92, (27, 24, 21, 18, 16, 14), 2, colours, top=66)
    _shape(slide, MSO_SHAPE.RECTANGLE, 0, 0, 10, HEIGHT, hue)
    badge = _shape(slide, MSO_SHAPE.ROUNDED_RECTANGLE, MARGIN, 24, 44 + 10.5 * len(words.badge), 34, hue)
    badge.adjustments[0] = 0.5
    _write(badge.text_frame, [[(words.badge, 14, colours.background, True)]], centred=True)
    corner = (WIDTH - MARGIN - 620, 28, 620, 28)
    _box(slide, corner, f"{words.workspace} · {pack.week}", 13, colours.muted, right=True)
    pair = part.workflow.lead_pair
    if pair is not None:
        png = divergence_png(
            part.workflow, pair, theme, width=_CHART[0], height=_CHART[1], scale=2.5, catalog=part.catalog,
            with_figures=False,
        )  # fmt: skip
        picture = slide.shapes.add_picture(
            io.BytesIO(png), _emu(MARGIN - 8), _emu(244), _emu(_CHART[0]), _emu(_CHART[1])
        )
        picture.name = "Divergence chart"
        picture._element.nvPicPr.cNvPr.set("descr", _safe(part.chart_alt))
        _sides(slide, part, colours)
    _agreed(slide, part, hue, colours)
    code = f"Review {words.code}" if words.code else ""
    _foot(slide, words.data, code, colours)
    notes = [words.text(), "", *part.why, *part.findings]
    slide.notes_slide.notes_text_frame.text = _safe("\n".join(notes))


def _sides(slide: Any, part: PackPart, colours: Palette) -> None:
    """The figures over their panels: level now, which way, level before."""
    wide = _ROOM // 2
    table = _table(slide, 2, (wide, wide), MARGIN - 8, 160)
    for at, (side, colour) in enumerate(zip(part.words.sides, (colours.proxy, colours.outcome), strict=True)):
        now = side.words.now
        size = next((size for size in (30, 24, 20, 16, 13) if len(_lines(now, wide - 130, size)) == 1), 11)
        _cell_lines(
            table, 0, at, [[(now, size, colour, True), (f"  {side.marked}", 13.0, colours.text, True)]], None
        )
        _cell(table, 1, at, [(side.details, 12, colours.text, False)], None)


def _agreed(slide: Any, part: PackPart, hue: str, colours: Palette) -> None:
    """What is to be done, the rule as signed, the cost, the owner."""
    columns = (400, 330, 240, 214)
    table = _table(slide, 2, columns, MARGIN, 518)
    for size in (14, 13, 12, 11, 10):
        small = size - 2.0
        tall = (
            max(
                len(_lines(cell.words, wide - 18, size)) * size
                + sum(len(_lines(words, wide - 18, small)) for words in cell.details) * small
                for cell, wide in zip(part.words.cells, columns, strict=True)
            )
            * 1.6
        )
        if tall <= 118:
            break
    for at, (cell, wide) in enumerate(zip(part.words.cells, columns, strict=True)):
        _cell(table, 0, at, [(cell.label, 12, hue if at == 0 else colours.muted, True)], None)
        words = lettering.broken(cell.words, (wide - 18) / _ARIAL_IS_WIDER, _px(size), strong=True, most=5)
        lines = [[(" ".join(words), float(size), colours.text, True)]]
        for detail in cell.details:
            said = lettering.broken(detail, (wide - 18) / _ARIAL_IS_WIDER, _px(small), most=3)
            lines.append([(" ".join(said), small, colours.muted, False)])
        _cell_lines(table, 1, at, lines, None)


def _slide(
    deck: Any, title: str, tall: int, sizes: Sequence[int], most: int, colours: Palette, *, top: int
) -> Any:
    """A slide with a title that fits; titles are what outlines and screen readers go by."""
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _rgb(colours.background)
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = (
        _emu(side) for side in (MARGIN - 6, top, _ROOM + 12, tall)
    )
    size = next((size for size in sizes if len(_lines(title, _ROOM - 10, size)) <= most), sizes[-1])
    said = lettering.broken(title, (_ROOM - 10) / _ARIAL_IS_WIDER, _px(size), strong=True, most=most + 2)
    _write(shape.text_frame, [[(" ".join(said), size, colours.text, True)]], anchor=MSO_ANCHOR.TOP, inset=6)
    # where there is no Arial, a wider font takes its place
    shape.text_frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    return slide


def _foot(slide: Any, words: str, code: str, colours: Palette) -> None:
    _box(slide, (MARGIN, HEIGHT - 40, 900, 24), lettering.cut(words, 800, _px(11)), 11, colours.muted)
    _box(slide, (WIDTH - MARGIN - 280, HEIGHT - 40, 280, 24), f"{code} · Leadline" if code else "Leadline", 11,
         colours.text, right=True)  # fmt: skip


def _box(
    slide: Any, place: tuple[float, float, float, float], words: str, size: float, colour: str, *,
    right: bool = False,
) -> None:  # fmt: skip
    """One line of text; `place`: left, top, width and height."""
    left, top, wide, tall = place
    box = slide.shapes.add_textbox(_emu(left), _emu(top), _emu(wide), _emu(tall))
    words = lettering.cut(words, wide / _ARIAL_IS_WIDER, _px(size))
    _write(box.text_frame, [[(words, size, colour, False)]], right=right)


def _shape(slide: Any, kind: Any, left: float, top: float, wide: float, tall: float, colour: str) -> Any:
    shape = slide.shapes.add_shape(kind, _emu(left), _emu(top), _emu(wide), _emu(tall))
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(colour)
    shape.line.fill.background()
    # the theme would give it a shadow, and not every program lets a shape refuse one
    shape._element.remove(shape._element.find(qn("p:style")))
    return shape


def _table(slide: Any, rows: int, columns: Sequence[int], left: float, top: float) -> Any:
    """A native table without a style of its own; rows grow with their text."""
    frame = slide.shapes.add_table(
        rows, len(columns), _emu(left), _emu(top), _emu(sum(columns)), _emu(24 * rows)
    )
    table = frame.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    table.first_row, table.horz_banding = rows > 1, False
    for at, wide in enumerate(columns):
        table.columns[at].width = Emu(_emu(wide))
    for row in table.rows:
        row.height = Emu(_emu(24))
    return table


def _cell(table: Any, row: int, at: int, runs: list[tuple[str, float, str, bool]], line: str | None) -> None:
    _cell_lines(table, row, at, [runs], line)


def _cell_lines(
    table: Any, row: int, at: int, lines: list[list[tuple[str, float, str, bool]]], line: str | None
) -> None:
    cell = table.cell(row, at)
    cell.margin_left, cell.margin_right = Emu(0), Emu(_emu(14))
    cell.margin_top = cell.margin_bottom = Emu(_emu(3))
    _write(cell.text_frame, lines, anchor=None)
    if line:
        properties = cell._tc.get_or_add_tcPr()
        properties.append(
            parse_xml(
                f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill>'
                f'<a:srgbClr val="{line.removeprefix("#")}"/></a:solidFill></a:lnB>'
            )
        )


def _write(
    frame: Any,
    lines: list[list[tuple[str, float, str, bool]]],
    *,
    anchor: Any = MSO_ANCHOR.MIDDLE,
    centred: bool = False,
    right: bool = False,
    inset: float = 0,
) -> None:
    """Paragraphs of runs: words, points, colour, bold."""
    frame.word_wrap = True
    if anchor is not None:
        frame.vertical_anchor = anchor
        frame.margin_left = frame.margin_right = Emu(_emu(inset))
        frame.margin_top = frame.margin_bottom = Emu(0)
    for place, runs in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER if centred else PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        for words, size, colour, bold in runs:
            run = paragraph.add_run()
            run.text = _safe(words)
            run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
            run.font.color.rgb = _rgb(colour)


def _lines(words: str, room: float, size: float) -> list[str]:
    return lettering.broken(words, room / _ARIAL_IS_WIDER, _px(size), strong=True)


def _px(points: float) -> float:
    return points * 96 / 72


def _emu(pixels: float) -> int:
    return round(pixels * 9525)


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colour.removeprefix("#")))  # type: ignore[no-untyped-call]


def _safe(words: str) -> str:
    """Without what XML can't hold, and with numbers on the line of their units."""
    return lettering.held_together(_NOT_XML.sub(" ", words))
