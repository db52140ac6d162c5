"""A share that people judge, corrected for how often they err; and whether one of them judges otherwise than before.

Corrected (Rogan & Gladen 1978, doi 10.1093/oxfordjournals.aje.a112510): of a share p that was seen, with sensitivity Se
and specificity Sp,
    P = (p + Sp - 1) / (Se + Sp - 1),
with the variance of their equation for estimated Se and Sp, by the delta method:
    (p (1 - p) / n + P^2 Se (1 - Se) / n_Se + (1 - P)^2 Sp (1 - Sp) / n_Sp) / (Se + Sp - 1)^2.
Se and Sp are of things that two or more have judged, against what most of them said; where they are as many, either may
be right, and half of it counts on each side. Two who err alike agree, which nothing here can know.

Changed: the difference of two shares of the same things, judged then and again by the same person, with the interval
of Agresti & Min 2005 (doi 10.1002/sim.1781): half a thing is added to each of the four cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

LEAST_JUDGED = 10
"""things of each kind that two or more have judged, below which their error is not known"""
LEAST_SUM = 1.2
"""of sensitivity and specificity; below it judging is hardly better than luck, and nothing can be corrected"""


@dataclass(frozen=True)
class Corrected:
    value: float
    low: float
    high: float
    """95 %"""
    seen: float
    """the share as it was judged"""
    sensitivity: float
    specificity: float
    judged: int
    """things that two or more have judged"""


def corrected(seen: float, units: int, judged: Iterable[Sequence[bool]]) -> Corrected | None:
    """A share that was seen of `units`, by what several said of the same things; None where that tells too little."""
    right, total, things = np.zeros(2), np.zeros(2), 0
    for said in judged:
        if len(said) < 2:
            continue
        things += 1
        yes = sum(said)
        chance = 1.0 if 2 * yes > len(said) else 0.0 if 2 * yes < len(said) else 0.5
        truth = np.array([1.0 - chance, chance])
        total += truth * len(said)
        right += truth * np.array([len(said) - yes, yes])
    if units == 0 or min(total) < LEAST_JUDGED:
        return None
    specificity, sensitivity = (float(each) for each in right / total)
    apart = sensitivity + specificity - 1.0
    if apart < LEAST_SUM - 1.0:
        return None
    value = (seen + specificity - 1.0) / apart
    variance = (
        seen * (1.0 - seen) / units
        + value**2 * sensitivity * (1.0 - sensitivity) / total[1]
        + (1.0 - value) ** 2 * specificity * (1.0 - specificity) / total[0]
    ) / apart**2
    half = 1.96 * float(np.sqrt(max(variance, 0.0)))
    low, value, high = (float(np.clip(each, 0.0, 1.0)) for each in (value - half, value, value + half))
    return Corrected(value, low, high, seen, sensitivity, specificity, things)


@dataclass(frozen=True)
class JudgedAgain:
    """Things that the same people judged then and again."""

    things: int
    before: int
    """of which they said yes then"""
    now: int
    """of which they say yes now"""
    low: float
    high: float
    """of the difference of the shares, now - then"""

    def explains(self, change: float) -> bool:
        """Whether people who judge otherwise could have brought a change of the share about by themselves."""
        return self.low <= change if change < 0 else self.high >= change


CERTAIN = 2.576
"""99 %, since it is asked every week"""


def judged_again(pairs: Iterable[tuple[bool, bool]]) -> JudgedAgain:
    """Of pairs (then, again); at least one."""
    found = np.array(list(pairs), dtype=bool).reshape(-1, 2)
    n = len(found)
    gained = float((~found[:, 0] & found[:, 1]).sum()) + 0.5
    lost = float((found[:, 0] & ~found[:, 1]).sum()) + 0.5
    size = n + 2.0
    difference = (gained - lost) / size
    half = CERTAIN * float(np.sqrt(max(gained + lost - (gained - lost) ** 2 / size, 0.0))) / size
    return JudgedAgain(
        n, int(found[:, 0].sum()), int(found[:, 1].sum()), difference - half, difference + half
    )
