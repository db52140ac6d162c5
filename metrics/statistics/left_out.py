"""What is left out of an amount because it is in another currency, and whether that alone would read as a change."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_OF_A_MEAN = 0.5
"""the rest of its amounts stands for a mean until so many are left out; a sum loses them all"""
CLEAR = 2.576
"""standard errors of the difference of two shares: one in a hundred by chance"""


@dataclass(frozen=True)
class LeftOut:
    """Of so many amounts, those that are left out."""

    amounts: float
    left_out: float

    @property
    def share(self) -> float | None:
        return self.left_out / self.amounts if self.amounts > 0 else None


def would_read_as_change(before: LeftOut, now: LeftOut, materiality: float) -> bool:
    """Whether so much more (or less) is left out now that what remains changes by more than `materiality` though
    nothing else does, and by more than chance: what remains is (1 - share now) / (1 - share before) of it.

    >>> would_read_as_change(LeftOut(400, 0), LeftOut(200, 100), 0.1)
    True
    >>> would_read_as_change(LeftOut(400, 160), LeftOut(200, 82), 0.1)
    False
    """
    if before.share is None or now.share is None:
        return False
    difference, both = now.share - before.share, before.amounts + now.amounts
    pooled = (before.left_out + now.left_out) / both
    error = math.sqrt(pooled * (1.0 - pooled) * (1.0 / before.amounts + 1.0 / now.amounts))
    return abs(difference) > max(materiality * (1.0 - before.share), CLEAR * error)
