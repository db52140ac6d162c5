"""What drift costs: outcomes missed since it began, and their value, never without an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

from leadline.metrics.statistics.outcomes import Tally


@dataclass(frozen=True)
class Missed:
    """Outcomes that should have come and did not, with a 95 % interval, and the same in money where known."""

    units: float
    low: float
    high: float
    value: float | None
    value_low: float | None
    value_high: float | None


@dataclass(frozen=True)
class Worth:
    """Money per outcome: mean, and the standard error of that mean."""

    mean: float
    error: float


def missed(tally: Tally, worth: Worth | None, z: float = 1.96) -> Missed:
    """E - O of the cohorts since the drift began, with the variance of O and of E (`Tally`); value by the delta method
    for a product."""
    units = tally.expected - tally.observed
    variance = tally.variance(tally.level) + tally.doubt * tally.expected**2
    half = z * math.sqrt(variance)
    if worth is None:
        return Missed(units, units - half, units + half, None, None, None)
    value = units * worth.mean
    spread = z * math.sqrt(worth.mean**2 * variance + units**2 * worth.error**2)
    return Missed(units, units - half, units + half, value, value - spread, value + spread)


def amount_missed(tally: Tally, scale: float, is_money: bool) -> Missed:
    """What is missing of an amount counted in multiples of `scale`: in its own unit, and as money where it is that."""
    found = missed(tally, None)
    units, low, high = (scale * each for each in (found.units, found.low, found.high))
    return Missed(units, low, high, *((units, low, high) if is_money else (None, None, None)))


def worth_per_outcome(count: int, total: float, squares: float, share: float = 1.0) -> Worth | None:
    """Worth of one outcome from the amounts of `count` won deals; `share`: deals per outcome in the baseline."""
    if count < 2 or total <= 0:
        return None
    mean = total / count
    variance = max(squares - count * mean**2, 0.0) / (count - 1)
    return Worth(mean * share, math.sqrt(variance / count) * share)
