"""Cohorts mature: how fast outcomes arrive by age, and what young cohorts should still reach.

Everything rests on two tables: `entered[s, c]`, the units of segment s that entered in week c, and
`events[s, c, a]`, those whose first event came a whole weeks later (a = 0 is the week of entry). A cell (c, a)
belongs to the calendar week c + a and is *known* at week t when c + a <= t. A unit without an event yet is pending,
never a 'no'; a unit that was lost stays at risk, so the curve is the cumulative incidence (a sub-distribution,
Fine & Gray 1999, doi 10.1080/01621459.1999.10474144) and needs no model of the losses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

STRETCHES: Floats = np.exp(np.linspace(np.log(0.7), np.log(2.6), 39))
"""factors by which delays may have grown; 1 is among them to within a percent"""
_GAUSS = np.polynomial.legendre.leggauss(8)
_NODES: Floats = (_GAUSS[0] + 1.0) / 2.0
_WEIGHTS: Floats = _GAUSS[1] / 2.0
AT_ONCE = 0.9
"""share of the events in the week of entry from which on an outcome has no delay worth the name"""
MIN_AT_RISK = 20
"""ages at which the baseline watched fewer units than this, and as few that had had their event, are left out: nothing
is known about them. Where nearly all have it, few are left to watch, and that is well known"""


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Counts of one metric. Shapes: entered [S, C], events [S, C, A]; A = horizon + 1 ages in weeks.

    `repeats`: a unit can have more than one event and stays at risk (amounts won, in multiples of a typical one).
    `of_time`: what enters is time under watch, known beforehand, and a count is told in events (`weekly_counts`).
    """

    entered: Floats
    events: Floats
    repeats: bool = False
    of_time: bool = False

    @property
    def weeks(self) -> int:
        return int(self.entered.shape[1])

    @property
    def ages(self) -> int:
        return int(self.events.shape[2])

    def known_at(self, week: int) -> Cohorts:
        """The same table as it was at the end of `week`: later cohorts gone, later events not yet happened."""
        keep = week + 1
        events = np.where(known_cells(keep, self.ages, week), self.events[:, :keep], 0.0)
        return Cohorts(self.entered[:, :keep], events, self.repeats, self.of_time)


def known_cells(weeks: int, ages: int, through: int) -> Bools:
    """[C, A]: True where cohort week + age <= `through`."""
    return np.add.outer(np.arange(weeks), np.arange(ages)) <= through


def at_risk(cohorts: Cohorts) -> Floats:
    """[S, C, A]: units without an event at the start of age a; all units where events repeat."""
    if cohorts.repeats:
        return np.broadcast_to(cohorts.entered[:, :, None], cohorts.events.shape)
    before = np.cumsum(cohorts.events, axis=2) - cohorts.events
    return np.maximum(cohorts.entered[:, :, None] - before, 0.0)


@dataclass(frozen=True, eq=False)
class Baseline:
    """What leads of each age did before the deployment.

    hazard [A]: chance of an event at age a for a unit still without one, pooled over segments; NaN where too few
    units were watched. factor [S]: how a segment's hazards compare, shrunk to 1. events_seen [S]: events the factor
    rests on. exposure [S]: events expected from the pooled curve. watched [A]: units at risk that a hazard rests on.
    """

    hazard: Floats
    factor: Floats
    events_seen: Floats
    exposure: Floats
    watched: Floats
    repeats: bool = False
    agreed: bool = False
    """a target that was agreed, not an estimate: nothing about it is in doubt"""

    @property
    def known_ages(self) -> Bools:
        return np.isfinite(self.hazard)

    @property
    def reach(self) -> Floats:
        """[A] share of units (events per unit where they repeat) that is reached by the end of age a, pooled."""
        hazard = np.where(self.known_ages, self.hazard, 0.0)
        if self.repeats:
            return np.cumsum(hazard, dtype=np.float64)
        reached: Floats = 1.0 - np.cumprod(1.0 - np.clip(hazard, 0.0, 1.0), dtype=np.float64)
        return reached

    @property
    def final_rate(self) -> float:
        """Share of units expected to have an event within the ages that are known, pooled."""
        return float(self.reach[-1])

    @property
    def curve(self) -> Floats:
        """[A] cumulative share of the final events that happen by age a; the last entry is 1."""
        reached = self.reach
        return reached / reached[-1] if reached[-1] > 0 else np.ones_like(reached)

    def incidence(self, effect: Floats, factor: Floats | None = None) -> Floats:
        """[S, C, A] share of entered units (events per unit where they repeat) whose event comes at age a.

        h f e (1 - h' f e') ... over the ages before, with the segments' factors f and the calendar's multiplier e of
        the week that the cell lies in. `effect` [C + A - 1], by week; `factor`: other than the baseline's own.
        """
        factors = self.factor if factor is None else factor
        ages = self.hazard.size
        cohorts = effect.size - ages + 1
        calendar = effect[np.add.outer(np.arange(cohorts), np.arange(ages))]
        hazard: Floats = factors[:, None, None] * (np.where(self.known_ages, self.hazard, 0.0) * calendar)
        if not self.repeats:
            hazard = np.clip(hazard, 0.0, 1.0)
            left = np.cumprod(1.0 - hazard, axis=2, dtype=np.float64)
            hazard[:, :, 1:] *= left[:, :, :-1]
        return hazard

    def doubt(self, due: Floats) -> float:
        """Variance of the log of the events that are expected, `due` [A] of them at each age, from the hazards' own
        errors (Greenwood's formula, carried to the sum by the delta method)."""
        total = float(due.sum())
        known = self.known_ages & (self.hazard > 0.0)
        if self.agreed:
            return 0.0
        if total <= 0.0 or not known.any():
            return 1.0
        h, n = self.hazard[known], self.watched[known]
        slope = due[known] / h
        if not self.repeats:
            later = np.cumsum(due[::-1])[::-1] - due
            slope = slope - later[known] / np.maximum(1.0 - h, 1e-9)
        spread = h / n if self.repeats else h * np.maximum(1.0 - h, 0.0) / n
        return float((slope**2 * spread).sum()) / total**2

    @cached_property
    def stretched(self) -> Floats:
        """[len(STRETCHES), A] incidence of each age when delays are stretched; see `stretched_incidence`."""
        return stretched_incidence(self)


def baseline_hazards(cohorts: Cohorts, first: int, last: int) -> Baseline:
    """Discrete Kaplan-Meier hazards of the cohorts first..last with what was known at the end of week `last`.

    Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452: h(a) = sum d / sum n over the cells that were known.
    Segment factors are gamma-Poisson posterior means (k + D_s) / (k + E_s); k by moments (see `shrunken_factors`).
    """
    weeks = slice(first, last + 1)
    use = replace(cohorts, entered=cohorts.entered[:, weeks], events=cohorts.events[:, weeks])
    use = use.known_at(last - first)
    known = known_cells(use.weeks, use.ages, last - first)
    risk = at_risk(use) * known
    n = risk.sum(axis=(0, 1))
    d = use.events.sum(axis=(0, 1))
    had = (use.entered[:, :, None] - risk).sum(axis=(0, 1), where=known)
    hazard = np.divide(d, n, out=np.zeros(use.ages), where=n > 0)
    hazard[np.maximum(n, had) < MIN_AT_RISK] = np.nan
    expected = (risk * np.where(np.isfinite(hazard), hazard, 0.0)).sum(axis=(1, 2))
    seen = np.where(np.isfinite(hazard), use.events, 0.0).sum(axis=(1, 2))
    factor, _ = shrunken_factors(seen, expected)
    return Baseline(hazard, factor, seen, expected, n, cohorts.repeats)


def shrunken_factors(seen: Floats, expected: Floats) -> tuple[Floats, float]:
    """Gamma-Poisson factors of segments: (k + D) / (k + E), and the prior weight k in events.

    k = 1 / tau^2 with tau^2 the between-segment variance by moments, sum((D - E)^2 - E) / sum(E^2), at least 0.04
    (segments are never assumed to be alike) and at most 1. One segment alone has factor 1.
    Clayton & Kaldor 1987, doi 10.2307/2532003.
    """
    if seen.size <= 1:
        return np.ones(seen.size), 1.0
    total = float((expected**2).sum())
    tau2 = float(((seen - expected) ** 2 - expected).sum()) / total if total > 0 else 0.0
    weight = 1.0 / min(max(tau2, 0.04), 1.0)
    return (weight + seen) / (weight + expected), weight


def by_calendar_week(cells: Floats, first_cohort: int) -> Floats:
    """[S, T] sums of cells [S, C, A] by the week that they lie in, T = C; only cohorts from `first_cohort` on."""
    weeks = cells.shape[1]
    found = np.zeros(cells.shape[:2])
    for age in range(min(cells.shape[2], weeks - first_cohort)):
        found[:, first_cohort + age :] += cells[:, first_cohort : weeks - age, age]
    return found


def stretched_incidence(baseline: Baseline) -> Floats:
    """[stretch, A] incidence of each age when delays are stretched by each of STRETCHES.

    Units enter all through a week, so the share that is done a calendar weeks later is the mean of the delay's
    distribution F over [a, a + 1]. A log-normal F is fitted to the baseline's curve and stretched exactly; what it
    misses is stretched by interpolation, as far as the baseline's D events tell it from chance: D / (D + A) of it, as
    if one event an age had come by the fit. So at s = 1 the baseline's own incidence comes back where it is well known,
    and an age at which a few events happen not to have come is not taken for one at which none can. Outcomes that come
    at once have no delay to stretch: theirs is the same at every stretch.
    """
    from scipy.optimize import (
        least_squares,
    )  # takes a fifth of the start of every command, most of which judge nothing

    reached = baseline.reach
    if baseline.curve[0] > AT_ONCE or baseline.agreed:
        return np.tile(np.maximum(np.diff(reached, prepend=0.0), 1e-9), (STRETCHES.size, 1))
    total = max(float(reached[-1]), 1e-9)
    last = int(np.flatnonzero(baseline.known_ages).max(initial=0))

    def misfit(p: Floats) -> Floats:
        return (_lognormal_reach(reached.size, p[0], p[1], p[2]) - reached / total)[: last + 1]

    fitted = least_squares(
        misfit,
        x0=np.array([1.0, 0.8, 0.0]),
        bounds=([-3.0, 0.15, -0.5], [5.0, 3.0, 0.5]),
    ).x
    mu, sigma, extra = (float(v) for v in fitted)
    events = float(baseline.events_seen.sum())
    missed = reached / total - _lognormal_reach(reached.size, mu, sigma, extra)
    missed *= events / (events + reached.size)
    middle = np.arange(reached.size) + 0.5
    curves = []
    for s in STRETCHES:
        stretched = _lognormal_reach(reached.size, mu + float(np.log(s)), sigma, extra)
        curves.append(stretched + np.interp(middle / s, np.append(0.0, middle), np.append(0.0, missed)))
    reach = np.maximum.accumulate(np.array(curves), axis=1) * total
    return np.maximum(np.diff(reach, axis=1, prepend=0.0), 1e-9)


def _lognormal_reach(ages: int, mu: float, sigma: float, extra: float) -> Floats:
    """[A] share done by the end of calendar week a: the mean of a log-normal F over [a, a + 1], times 1 + extra."""
    points = (np.arange(ages)[:, None] + _NODES[None, :]).astype(np.float64)
    share: Floats = (1.0 + extra) * (ndtr((np.log(points) - mu) / sigma) @ _WEIGHTS)
    return share
