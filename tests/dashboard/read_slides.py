"""What a person reads on a slide."""

from __future__ import annotations

from typing import Any


def words_of(slide: Any) -> str:
    """All that stands on it, tables included, with plain blanks."""
    told = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            told.append(shape.text_frame.text)
        if getattr(shape, "has_table", False):
            told += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(told).replace("\u00a0", " ")
