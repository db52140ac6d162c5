"""Text for pictures: the fonts shipped here, shaping in both directions, measuring and breaking into lines.

Latin, Greek and Cyrillic are set in Source Sans (as on the pages), Hebrew, Arabic and signs in DejaVu Sans, which
comes with matplotlib; other scripts in what the machine has. Shaping and the order of mixed directions are
libraqm's, inside matplotlib. `$` and backslashes are plain letters everywhere.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.ft2font import FT2Font

DRAWING = threading.RLock()
"""matplotlib's settings and its fonts belong to the whole process; whoever measures or draws holds this"""
TEXT, FALLBACK = "Leadline Text", "Leadline Fallback"
DOTS_PER_INCH = 100
"""at which one pixel of a picture is one unit of its layout"""
_FONTS = Path(__file__).with_name("fonts")
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RUN = re.compile(f"[{_RIGHT_TO_LEFT}](?:[^A-Za-z\u00c0-\u024f]*[{_RIGHT_TO_LEFT}])*")
_UNBROKEN = re.compile(
    r"(?<=\d) (?=%)|(?:(?<=\d)|(?<=\d\.)) (?=[^\W\d]{3,9}\.? \d{4})"
    r"|(?:(?<=[^\W\d]{2})|(?<=[^\W\d]\.)) (?=(?:19|20)\d{2}\b)"
)
_HYPHENATED = re.compile("[A-Za-z\u00c0-\u04ff]{2}")
_LEFT_TO_RIGHT_MARK = "\u200e"
_WIDE_FONTS = re.compile(
    r"CJK|Noto Sans|Gothic|YaHei|SimHei|PingFang|Hiragino|Malgun|WenQuanYi|Droid|Nirmala|Mangal|Thai|Leelawadee"
    r"|Lohit|Kohinoor|Sarabun|Emoji|Symbola|Unifont|FreeSans|Arial Unicode",
    re.IGNORECASE,
)


@contextmanager
def ready_to_draw() -> Iterator[None]:
    """Alone with matplotlib, with the same settings whatever a machine's matplotlibrc says."""
    with DRAWING:
        if _Settings.are_ours:
            yield
            return
        with mpl.rc_context(), warnings.catch_warnings():
            # letters that no font here has are drawn as a box; a picture's text layer still carries them
            warnings.filterwarnings("ignore", message=r"Glyph \d+")
            mpl.rcdefaults()
            mpl.rcParams.update(
                {"text.hinting": "no_hinting", "hatch.linewidth": 1.6, "path.simplify": False}
            )
            _Settings.are_ours = True
            try:
                yield
            finally:
                _Settings.are_ours = False


class _Settings:
    are_ours = False
    """whether the thread that holds DRAWING has made them so already"""


def directed(text: str) -> str:
    """The text so that it is read from left to right as a whole, with right-to-left names inside it."""
    return _LEFT_TO_RIGHT_MARK + _RUN.sub(lambda run: run[0] + _LEFT_TO_RIGHT_MARK, text)


def font(text: str, size: float, strong: bool = False, sign: bool = False) -> FontProperties:
    """The fonts for a text of that many pixels' height; signs such as ◆ are larger in the second one."""
    _register()
    missing = "".join(sorted({letter for letter in text if ord(letter) > 0x24F and not _shipped(letter)}))
    families = [FALLBACK, TEXT] if sign else [TEXT, FALLBACK]
    families += _elsewhere(missing) if missing else ()
    return FontProperties(family=families, weight=700 if strong else 400, size=size * 72 / DOTS_PER_INCH)


def width(text: str, size: float, strong: bool = False, sign: bool = False) -> float:
    """How many pixels wide one line is. Without hinting, letters grow in proportion."""
    return _width_of_100(text, strong, sign) * size / 100


@lru_cache(maxsize=20_000)
def _width_of_100(text: str, strong: bool, sign: bool) -> float:
    if not text:
        return 0.0
    with ready_to_draw():
        measured = _renderer().get_text_width_height_descent(
            directed(text), font(text, 100, strong, sign), ismath=False
        )
    return float(measured[0])


def broken(text: str, room: float, size: float, strong: bool = False, most: int = 99) -> list[str]:
    """The text in lines that fit, at most that many; what is left over ends in an ellipsis."""
    lines: list[str] = []
    line, taken = "", 0.0
    space = width(" ", size, strong)
    for word in _words(text):
        wide = width(word, size, strong)
        if line and taken + space + wide <= room:
            line, taken = f"{line} {word}", taken + space + wide
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, room, size, strong) if wide > room else [word]
        lines += full
        taken = width(line, size, strong)
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), room, size, strong, whole=False)]
    return lines


def cut(text: str, room: float, size: float, strong: bool = False, *, whole: bool = True) -> str:
    """One line that fits: the text, or as much of it as there is room for with an ellipsis."""
    if whole and width(text, size, strong) <= room:
        return text

    def fit(letters: int) -> bool:
        return width(f"{text[:letters].rstrip()}…", size, strong) <= room

    letters = _most(fit, 0, len(text), room / max(width(text, size, strong), 1.0))
    return f"{text[:letters].rstrip(' ,;:.(')}…"


def fitted(
    text: str, room: float, sizes: Sequence[int], most: int, strong: bool = False
) -> tuple[int, list[str]]:
    """The largest of the sizes at which the text needs no more than `most` lines, and its lines."""
    for size in sizes:
        lines = broken(text, room, size, strong)
        if len(lines) <= most:
            return size, lines
    return sizes[-1], broken(text, room, sizes[-1], strong, most)


def held_together(text: str) -> str:
    """The text so that no line breaks inside '33 %' or '12 February 2024'."""
    return _UNBROKEN.sub("\u00a0", text)


def _words(text: str) -> list[str]:
    """What may stand on a line of its own: neither a number without its unit nor a piece of a date."""
    return [word for word in re.split(r"[ \t\r\n]+", held_together(text)) if word]


def _pieces(word: str, room: float, size: float, strong: bool) -> list[str]:
    """A word, in parts where it is wider than a line; with a hyphen where letters are parted."""
    pieces: list[str] = []

    def fit(letters: int) -> bool:
        return width(f"{word[:letters]}-", size, strong) <= room

    while (wide := width(word, size, strong)) > room and len(word) > 1:
        fits = _most(fit, 1, len(word), room / wide)
        parted = _HYPHENATED.fullmatch(word[fits - 1 : fits + 1])
        pieces.append(f"{word[:fits]}-" if parted else word[:fits])
        word = word[fits:]
    return [*pieces, word]


def _most(fit: Callable[[int], bool], least: int, below: int, share: float) -> int:
    """The most letters, from `least` to less than `below`, that fit; sought around the share of them that should.

    Letters differ little in width, so that a step or two away it is found; measuring is what takes time.
    """
    at, step = min(max(int(below * share), least + 1), below - 1), 1
    if at > least and fit(at):
        least = at
        while least + step < below and fit(least + step):
            least, step = least + step, 2 * step
        below = min(below, least + step)
    elif at > least:
        below = at
        while below - step > least and not fit(below - step):
            below, step = below - step, 2 * step
        least = max(least, below - step)
    while below - least > 1:
        middle = (least + below) // 2
        least, below = (middle, below) if fit(middle) else (least, middle)
    return least


@cache
def _renderer() -> Any:
    return RendererAgg(10, 10, DOTS_PER_INCH)  # type: ignore[no-untyped-call]


@cache
def _register() -> None:
    """Names of our own, so that a font of the same name on the machine changes nothing."""
    shipped = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, file, weight in (
        (TEXT, _FONTS / "SourceSans3-Regular.ttf", 400),
        (TEXT, _FONTS / "SourceSans3-SemiBold.ttf", 700),
        (FALLBACK, shipped / "DejaVuSans.ttf", 400),
        (FALLBACK, shipped / "DejaVuSans-Bold.ttf", 700),
    ):
        _enter(name, str(file), weight)


def _enter(name: str, file: str, weight: int) -> None:
    fontManager.ttflist.append(
        FontEntry(
            fname=file,
            name=name,
            style="normal",
            variant="normal",
            weight=weight,
            stretch="normal",
            size="scalable",
        )
    )


@cache
def _shipped(sign: str) -> bool:
    return any(
        _face(entry.fname).get_char_index(ord(sign))
        for entry in fontManager.ttflist
        if entry.name in (TEXT, FALLBACK)
    )


@cache
def _face(file: str) -> FT2Font:
    return FT2Font(file)


@lru_cache(maxsize=256)
def _elsewhere(missing: str) -> tuple[str, ...]:
    """Fonts of this machine that have the letters which ours have not, under names of ours for both weights."""
    found: list[str] = []
    left = set(missing)
    for entry in sorted(fontManager.ttflist, key=lambda each: (each.weight != 400, each.name, each.fname)):
        if not left:
            break
        if not _WIDE_FONTS.search(entry.name):
            continue
        try:
            face = FT2Font(entry.fname)
        except (OSError, RuntimeError):
            continue
        if has := {sign for sign in left if face.get_char_index(ord(sign))}:
            name = f"Leadline {entry.name}"
            for weight in (400, 700):
                _enter(name, entry.fname, weight)
            found.append(name)
            left -= has
    return tuple(found)
