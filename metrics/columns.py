"""Rows of a question as columns of whole numbers: read so where a row at a time would take too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NONE = np.iinfo(np.int64).min
"""an empty cell"""
_EPOCH = dt.date(1970, 1, 1)


def whole_numbers(column: NDArray[Any] | Sequence[Any]) -> Ints:
    """A column [N] as whole numbers: dates as days since 1970, empty cells as NONE."""
    if not isinstance(column, np.ndarray):
        cells = [(cell - _EPOCH).days if isinstance(cell, dt.date) else cell for cell in column]
        return np.array([NONE if cell is None else int(cell) for cell in cells], dtype=np.int64)
    plain = np.ma.getdata(column)
    if plain.dtype.kind == "M":
        plain = plain.astype("datetime64[D]")
    return np.where(np.ma.getmaskarray(column), NONE, plain.astype(np.int64))


def days_since(days: Ints, first: dt.date) -> Ints:
    """Days since 1970 as days since `first`."""
    return days - (first - _EPOCH).days
