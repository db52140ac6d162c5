"""The weeks that a rule's value is taken over: a few, or as many as it takes to hold the units that were agreed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WINDOW_WEEKS = 4
"""weeks that a point of a line is taken over, and a rule's value where they hold enough units"""
QUARTER_WEEKS = 13
"""how far a value looks back at most where its metric needs no longer to mature"""


def first_week(
    units: NDArray[np.float64], week: int, deployed: int, min_sample: int, within_weeks: int
) -> int:
    """The first of the weeks that a value at the end of `week` is taken over.

    `units` [T]: by calendar week, what the week is worth. At least WINDOW_WEEKS, no more than it takes to hold
    `min_sample` units, and at most as many as the metric takes to mature; never before the deployment.

    >>> first_week(np.full(60, 10.0), 59, 0, 100, 26), first_week(np.full(60, 10.0), 59, 0, 1_000, 26)
    (50, 34)
    """
    held = np.cumsum(units[deployed : week + 1][::-1])
    needed = int(np.searchsorted(held, min_sample)) + 1
    most = max(within_weeks, QUARTER_WEEKS)
    return max(deployed, week - max(WINDOW_WEEKS, min(needed, most)) + 1)
