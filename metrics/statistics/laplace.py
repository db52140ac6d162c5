"""Integrals of exp(before(x) + since(x + z)) over normal x and z, of many log likelihoods at once, by Laplace's method.

Each log likelihood is a polynomial that was made for -1 <= x <= 1. Beyond, where polynomials run away, it goes on as
the parabola that touches it there: log likelihoods bend downwards, and what is far from the baseline may lie out there.
Where failures are rare a log likelihood bends the more, the lower the level: below -1 such a parabola would promise
more than any level can hold, so its top lies at most 1 / WALL farther out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WALL = 2.0
"""least of bend / slope below -1, where it bends more there than in the middle"""


def integrated(
    before: Sequence[Floats] | Floats,
    since: Sequence[Floats] | Floats,
    level_sd: Floats | float,
    season_sd: Floats,
    steps: int,
) -> Floats:
    """ln of the integrals. before, since [J, ...]: coefficients, the constant first; level_sd, season_sd [...]:
    standard deviations of x and z; steps: of Newton's method, from 0 on."""
    early, late = _Curves(before), _Curves(since)
    a, b = np.zeros(1), np.zeros(1)  # x and z in standard deviations
    x, y = a, b
    determinant = np.ones(1)
    for _ in range(steps):
        (slope, bend), (early_slope, early_bend) = late.derivatives(y), early.derivatives(x)
        first, second = level_sd * (slope + early_slope) - a, season_sd * slope - b
        along, across = 1.0 - level_sd**2 * (bend + early_bend), 1.0 - season_sd**2 * bend
        mixed = -level_sd * season_sd * bend
        determinant = along * across - mixed**2
        a = a + (across * first - mixed * second) / determinant
        b = b + (along * second - mixed * first) / determinant
        x = level_sd * a
        y = x + season_sd * b
    log: Floats = early.at(x) + late.at(y) - (a**2 + b**2 + np.log(determinant)) / 2.0
    return log


class _Curves:
    """Polynomials [J, ...] of second degree at least within -1..1, and beyond the parabolas that touch them there."""

    def __init__(self, coefficients: Sequence[Floats] | Floats) -> None:
        self.value = list(coefficients)
        self.slope = [k * c for k, c in enumerate(self.value)][1:]
        self.bend = [k * c for k, c in enumerate(self.slope)][1:]

    def at(self, x: Floats) -> Floats:
        inside = np.clip(x, -1.0, 1.0)
        value, beyond = _horner(self.value, inside), x - inside
        if not beyond.any():
            return value
        slope, bend = self._at_the_edge(inside, beyond)
        return value + beyond * (slope + beyond * bend / 2.0)

    def derivatives(self, x: Floats) -> tuple[Floats, Floats]:
        """First and second; likelihoods bend downwards."""
        if not x.any():
            return self.slope[0], np.minimum(self.bend[0], 0.0)
        inside = np.clip(x, -1.0, 1.0)
        slope, bend = self._at_the_edge(inside, x - inside)
        return slope + (x - inside) * bend, bend

    def _at_the_edge(self, inside: Floats, beyond: Floats) -> tuple[Floats, Floats]:
        slope, bend = self._within(inside)
        if not (beyond < 0.0).any():
            return slope, bend
        rises = (beyond < 0.0) & (bend < np.minimum(self.bend[0], 0.0))
        return slope, np.where(rises, np.minimum(bend, WALL * slope), bend)

    def _within(self, x: Floats) -> tuple[Floats, Floats]:
        return _horner(self.slope, x), np.minimum(_horner(self.bend, x), 0.0)


def _horner(c: Sequence[Floats], x: Floats) -> Floats:
    found = c[-1]
    for coefficient in c[-2::-1]:
        found = found * x + coefficient
    return found
