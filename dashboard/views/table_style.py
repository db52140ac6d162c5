"""How a table looks beyond what Streamlit's own does: numbers stand at the right, and on a phone each row is a card
that repeats its headings, so that nothing has to be scrolled sideways."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from leadline.dashboard.words.tables import Table, cell_text

PHONE = 640
"""pixels up to which a row is a card"""
ROW_HEIGHT = 26
"""pixels of a row whose cells are of one line"""
_UNITS = re.compile(r"\b(?:seconds?|minutes?|hours?|days?|weeks?|points?|a week)\b")
_LIKE_A_NUMBER = re.compile(r"[−+-]?[^\w\s]{0,2}\s?\d")
_MOST_LETTERS = 2
"""of a number's unit: '€402k', 'CHF' is one more; a month's name has three"""


def number_columns(table: Table) -> tuple[int, ...]:
    """Places of the columns in which every cell that says something is a number, with or without its unit; the first
    names the row, and is none."""
    return tuple(
        place
        for place in range(1, len(table.headings))
        if (told := [text for row in table.rows if (text := cell_text(row[place]))])
        and all(_is_number(text) for text in told)
    )


def _is_number(text: str) -> bool:
    bare = _UNITS.sub("", text)
    return bool(_LIKE_A_NUMBER.match(bare)) and sum(letter.isalpha() for letter in bare) <= _MOST_LETTERS


def key_of(table: Table, height: int | None = None) -> str:
    """Names the style of tables that look like this one; classes of the page begin with it. `height`: in which it
    scrolls."""
    said = repr((table.headings, number_columns(table), _least_height(table, height)))
    return f"table-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def css_of(table: Table, height: int | None = None) -> str:
    """The style of `key_of(table)`. Headings may hold anything: they stand in it as code points alone."""
    return _css(key_of(table, height), table.headings, number_columns(table), _least_height(table, height))


def _least_height(table: Table, height: int | None) -> int:
    """How high it will be at least: kept free from the beginning, so that nothing below jumps when it is drawn."""
    whole = ROW_HEIGHT * (len(table.rows) + 1)
    return min(whole, height or whole)


@lru_cache(maxsize=256)
def _css(key: str, headings: tuple[str, ...], numbers: tuple[int, ...], least: int) -> str:
    scope = f'[class*="st-key-{key}"]'
    right = ", ".join(f"{scope} {cell}:nth-child({at + 1})" for at in numbers for cell in ("td", "th"))
    # Streamlit aligns each cell by a style of its own
    said = (
        [f"{right} {{ text-align: right !important; font-variant-numeric: tabular-nums; }}"] if right else []
    )
    labels = "\n".join(
        f'{scope} td:nth-child({at + 1})::before {{ content: "{_escaped(heading)}"; }}'
        for at, heading in enumerate(headings)
    )
    return "\n".join(
        [
            *said,
            f"@media (min-width: {PHONE + 1}px) {{ {scope} {{ min-height: {least}px; }} }}",
            f"@media (max-width: {PHONE}px) {{",
            f"{scope} table, {scope} tbody, {scope} tr {{ display: block; width: 100%; }}",
            f"{scope} thead {{ position: absolute; clip-path: inset(50%); height: 1px; overflow: hidden; }}",
            f"{scope} tr {{ padding: 0.5rem 0; border-bottom: 1px solid rgb(128 128 128 / 0.35); }}",
            f"{scope} tr td {{ display: grid; grid-template-columns: 8.5rem 1fr; gap: 0.75rem;",
            "text-align: left !important; border: none !important; padding: 0.15rem 0 !important; }",
            f"{scope} tr td:not(:has(p)), {scope} tr td:has(p:empty) {{ display: none; }}",
            f"{scope} td:first-child {{ font-weight: 600; }}",
            f"{scope} td::before {{ font-weight: 400; opacity: 0.8; overflow-wrap: anywhere; }}",
            labels,
            "}",
        ]
    )


def _escaped(heading: str) -> str:
    return "".join(f"\\{ord(letter):06x}" for letter in heading)
