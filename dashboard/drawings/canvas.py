"""A picture drawn in pixels from its top left corner, without a browser; PNG bytes out.

What is written is remembered with its box, so that a test can ask whether anything was cut off.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path as Outline
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from leadline.dashboard.drawings import lettering
from leadline.dashboard.drawings.lettering import DOTS_PER_INCH

Point = tuple[float, float]
_PIXEL = 72 / DOTS_PER_INCH
"""of the layout, in matplotlib's points"""


@dataclass(frozen=True)
class Box:
    """Left, top, right, bottom in pixels of the layout."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Written:
    """One line of text and the box that its letters take."""

    text: str
    box: Box


class Canvas:
    """A sheet of `width` × `height` pixels. Use it inside `lettering.ready_to_draw()`."""

    def __init__(self, width: int, height: int, background: str) -> None:
        self.width, self.height = width, height
        self.written: list[Written] = []
        self._figure = Figure(figsize=(width / DOTS_PER_INCH, height / DOTS_PER_INCH), dpi=DOTS_PER_INCH)
        self._canvas = FigureCanvasAgg(self._figure)
        self._figure.patch.set_facecolor(background)
        self._sheet = self._figure.add_axes((0, 0, 1, 1))
        self._sheet.set_axis_off()
        self._sheet.set_xlim(0, width)
        self._sheet.set_ylim(height, 0)
        self._depth = 1.0

    def text(
        self,
        x: float,
        baseline: float,
        words: str,
        size: float,
        colour: str,
        *,
        strong: bool = False,
        anchor: Literal["left", "center", "right"] = "left",
        sign: bool = False,
    ) -> float:
        """One line as it stands; returns its width."""
        wide = lettering.width(words, size, strong, sign)
        left = x - {"left": 0.0, "center": wide / 2, "right": wide}[anchor]
        self._sheet.text(
            left,
            baseline,
            lettering.directed(words),
            color=colour,
            fontproperties=lettering.font(words, size, strong, sign),
            va="baseline",
            ha="left",
            parse_math=False,
            zorder=self._next(),
        )
        self.written.append(
            Written(words, Box(left, baseline - size * 0.95, left + wide, baseline + size * 0.32))
        )
        return wide

    def lines(
        self,
        x: float,
        baseline: float,
        lines: Sequence[str],
        size: float,
        colour: str,
        *,
        strong: bool = False,
        leading: float = 1.24,
    ) -> float:
        """Lines below each other; the baseline of the one that would follow."""
        for line in lines:
            self.text(x, baseline, line, size, colour, strong=strong)
            baseline += size * leading
        return baseline

    def stroke(
        self,
        points: Sequence[Point],
        colour: str,
        width: float,
        dashes: tuple[float, ...] | None = None,
        opacity: float = 1.0,
    ) -> None:
        """A line through the points; dashes as lengths of ink and gap in pixels."""
        self._sheet.add_line(
            Line2D(
                [x for x, _ in points],
                [y for _, y in points],
                color=colour,
                linewidth=width * _PIXEL,
                linestyle=(0, tuple(length / width for length in dashes)) if dashes else "solid",
                alpha=opacity,
                solid_capstyle="round",
                solid_joinstyle="round",
                dash_capstyle="butt",
                zorder=self._next(),
            )
        )

    def dot(self, x: float, y: float, radius: float, colour: str, edge: str) -> None:
        self._sheet.add_line(
            Line2D([x], [y], marker="o", markersize=2 * radius * _PIXEL, color=colour, markeredgecolor=edge,
                   markeredgewidth=2 * _PIXEL, linestyle="none", zorder=self._next())
        )  # fmt: skip

    def area(self, points: Sequence[Point], colour: str, opacity: float) -> None:
        self._sheet.add_patch(
            Polygon(
                list(points),
                closed=True,
                facecolor=colour,
                edgecolor="none",
                alpha=opacity,
                zorder=self._next(),
            )
        )

    def hatch(self, points: Sequence[Point], colour: str, opacity: float) -> None:
        """An area of slanted lines: what is still open."""
        self._sheet.add_patch(
            Polygon(list(points), closed=True, facecolor="none", edgecolor=colour, hatch="////", linewidth=0,
                    alpha=opacity, zorder=self._next())
        )  # fmt: skip

    def rectangle(self, box: Box, colour: str, opacity: float = 1.0) -> None:
        self._sheet.add_patch(
            Rectangle((box.left, box.top), box.width, box.height, facecolor=colour, edgecolor="none", alpha=opacity,
                      zorder=self._next())
        )  # fmt: skip

    def panel(self, box: Box, colour: str, border: str | None = None, radius: float = 12) -> None:
        """A rectangle with round corners."""
        self._sheet.add_patch(
            FancyBboxPatch((box.left + radius, box.top + radius), box.width - 2 * radius, box.height - 2 * radius,
                           boxstyle=f"round,pad={radius},rounding_size={radius}", facecolor=colour,
                           edgecolor=border or "none", linewidth=1.5 * _PIXEL if border else 0, zorder=self._next())
        )  # fmt: skip

    def outline(
        self, vertices: Sequence[Point], codes: Sequence[int], colour: str, width: float, fill: bool = False
    ) -> None:
        """A path of matplotlib's own codes, for marks."""
        self._sheet.add_patch(
            PathPatch(Outline(list(vertices), list(codes)), facecolor=colour if fill else "none",
                      edgecolor="none" if fill else colour, linewidth=width * _PIXEL, capstyle="round",
                      joinstyle="round", zorder=self._next())
        )  # fmt: skip

    def png(self, scale: float = 1, texts: Mapping[str, str] | None = None) -> bytes:
        """The picture as PNG, `scale` times as many pixels, with `texts` as international text chunks (iTXt)."""
        self._figure.set_dpi(DOTS_PER_INCH * scale)
        self._canvas.draw()  # type: ignore[no-untyped-call]
        size = self._canvas.get_width_height(physical=True)
        drawn = self._canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        picture = Image.frombuffer("RGBA", size, drawn, "raw", "RGBA", 0, 1).convert("RGB")
        info = PngInfo()
        for key, value in (texts or {}).items():
            info.add_itxt(key, value, "en", key)
        written = io.BytesIO()
        picture.save(written, "PNG", pnginfo=info, compress_level=6, dpi=(96 * scale, 96 * scale))
        return written.getvalue()

    def add_to(self, pages: PdfPages) -> None:
        """The picture as a page of a PDF, in lines and letters."""
        pages.savefig(self._figure, facecolor=self._figure.get_facecolor())  # type: ignore[no-untyped-call]

    def _next(self) -> float:
        """What comes later lies above."""
        self._depth += 1
        return self._depth
