"""Cohorts mature: how fast outcomes arrive by age, and what young cohorts should still reach.

Everything rests on two tables: `entered[s, c]`, the units of segment s that entered in week c, and
`events[s, c, a]`, those whose first event came a whole weeks later (a = 0 is the week of entry). A cell (c, a)
belongs to the calendar week c + a and is *known* at week t when c + a <= t. A unit without an event yet is pending,
never a 'no'; a unit that was lost stays at risk, so the curve is the cumulative incidence (a sub-distribution,
Fine & Gray 1999, doi 10.1080/01621459.1999.10474144) and needs no model of the losses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MIN_AT_RISK = 20
"""ages at which the baseline watched fewer units than this are left out: nothing is known about them"""


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Counts of one metric. Shapes: entered [S, C], events [S, C, A]; A = horizon + 1 ages in weeks.

    `events` are counts, or amounts divided by `amount_scale` for metrics of value.
    """

    entered: Floats
    events: Floats

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
        return Cohorts(entered=self.entered[:, :keep], events=events)

    def pooled(self) -> Cohorts:
        return Cohorts(
            entered=self.entered.sum(axis=0, keepdims=True), events=self.events.sum(axis=0, keepdims=True)
        )


def known_cells(weeks: int, ages: int, through: int) -> Bools:
    """[C, A]: True where cohort week + age <= `through`."""
    return np.add.outer(np.arange(weeks), np.arange(ages)) <= through


def at_risk(cohorts: Cohorts) -> Floats:
    """[S, C, A]: units without an event at the start of age a."""
    before = np.cumsum(cohorts.events, axis=2) - cohorts.events
    return np.maximum(cohorts.entered[:, :, None] - before, 0.0)


@dataclass(frozen=True, eq=False)
class Baseline:
    """What leads of each age did before the deployment.

    hazard [A]: chance of an event at age a for a unit still without one, pooled over segments; NaN where too few
    units were watched. factor [S]: how a segment's hazards compare, shrunk to 1. events_seen [S]: events the factor
    rests on. exposure [S]: events expected from the pooled curve. shrinkage: the gamma prior's weight in events.
    """

    hazard: Floats
    factor: Floats
    events_seen: Floats
    exposure: Floats
    shrinkage: float

    @property
    def known_ages(self) -> Bools:
        return np.isfinite(self.hazard)

    @property
    def final_rate(self) -> float:
        """Share of units expected to have an event within the ages that are known, pooled."""
        hazard = np.where(self.known_ages, self.hazard, 0.0)
        return float(1.0 - np.prod(1.0 - np.clip(hazard, 0.0, 1.0)))

    @property
    def curve(self) -> Floats:
        """[A] cumulative share of the final events that happen by age a; the last entry is 1."""
        hazard = np.clip(np.where(self.known_ages, self.hazard, 0.0), 0.0, 1.0)
        reached = 1.0 - np.cumprod(1.0 - hazard)
        return reached / reached[-1] if reached[-1] > 0 else np.ones_like(reached)


def baseline_hazards(cohorts: Cohorts, first: int, last: int) -> Baseline:
    """Discrete Kaplan-Meier hazards of the cohorts first..last with what was known at the end of week `last`.

    Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452: h(a) = sum d / sum n over the cells that were known.
    Segment factors are gamma-Poisson posterior means (k + D_s) / (k + E_s); k by moments (see `shrunken_factors`).
    """
    use = Cohorts(cohorts.entered[:, first : last + 1], cohorts.events[:, first : last + 1]).known_at(
        last - first
    )
    known = known_cells(use.weeks, use.ages, last - first)
    risk = at_risk(use) * known
    n = risk.sum(axis=(0, 1))
    d = use.events.sum(axis=(0, 1))
    hazard = np.divide(d, n, out=np.full(use.ages, np.nan), where=n >= MIN_AT_RISK)
    expected = (risk * np.where(np.isfinite(hazard), hazard, 0.0)).sum(axis=(1, 2))
    seen = np.where(np.isfinite(hazard), use.events, 0.0).sum(axis=(1, 2))
    factor, weight = shrunken_factors(seen, expected)
    return Baseline(hazard=hazard, factor=factor, events_seen=seen, exposure=expected, shrinkage=weight)


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


def expected_events(cohorts: Cohorts, baseline: Baseline, first_cohort: int) -> tuple[Floats, Floats]:
    """Observed and expected events by calendar week: two arrays [S, T], T = the table's weeks.

    Only cohorts from `first_cohort` on, only ages the baseline knows: E[s, t] = sum_a n[s, t-a, a] h(a) f_s.
    """
    segments, weeks = cohorts.entered.shape
    risk = at_risk(cohorts)
    observed = np.zeros((segments, weeks))
    expected = np.zeros((segments, weeks))
    for age in np.flatnonzero(baseline.known_ages):
        cohort = np.arange(first_cohort, weeks - age)
        if cohort.size == 0:
            continue
        observed[:, cohort + age] += cohorts.events[:, cohort, age]
        expected[:, cohort + age] += risk[:, cohort, age] * baseline.hazard[age]
    return observed, expected * baseline.factor[:, None]


@dataclass(frozen=True, eq=False)
class Projection:
    """What each cohort reached, and should reach: arrays [C] of shares of the units that entered."""

    units: Floats
    known: Floats
    projected: Floats
    low: Floats
    high: Floats
    maturity: Floats
    """expected share of the final events that can have happened by now"""


def project(
    cohorts: Cohorts, baseline: Baseline, through: int, dispersion: float, level: float = 1.0, window: int = 1
) -> Projection:
    """Projected final rate of each cohort at the end of week `through`, with a 95 % prediction interval.

    projected = reached so far + pending members x their remaining chance, at `level` times the baseline's hazards
    (the level seen lately; 1 = as in the baseline). `window` pools that many trailing cohorts. `dispersion` is the
    extra-Poisson variance alpha of a weekly count, var = mu + alpha mu^2: the interval has the variance of a
    beta-binomial draw for what is pending and of an over-dispersed one for what is known (Skellam 1948,
    doi 10.1111/j.2517-6161.1948.tb00014.x).
    """
    table = cohorts.known_at(through)
    hazard = np.clip(np.where(baseline.known_ages, baseline.hazard, 0.0) * level, 0.0, 1.0)
    # chance of an event after the ages that are known for cohort c, by segment
    age_now = through - np.arange(table.weeks)
    survive = np.ones((baseline.factor.size, table.ages + 1))
    for segment, factor in enumerate(baseline.factor):
        survive[segment, :-1] = np.cumprod((1.0 - np.clip(hazard * factor, 0.0, 1.0))[::-1])[::-1]
    still = 1.0 - survive[:, np.minimum(age_now + 1, table.ages)]
    reached = table.events.sum(axis=2)
    pending = np.maximum(table.entered - reached, 0.0)
    coming = (pending * still).sum(axis=0)
    spread = (pending * still * (1.0 - still)).sum(axis=0)
    units = _trailing(table.entered.sum(axis=0), window)
    known = _trailing(reached.sum(axis=0), window)
    coming, spread = _trailing(coming, window), _trailing(spread, window)
    final = known + coming
    rate = np.divide(final, units, out=np.full(units.shape, np.nan), where=units > 0)
    binomial = units * np.clip(rate, 0.0, 1.0) * (1.0 - np.clip(rate, 0.0, 1.0))
    known_share = np.divide(known, final, out=np.ones_like(final), where=final > 0)
    effective = np.minimum(np.arange(1, table.weeks + 1), window)
    variance = binomial * known_share + spread + dispersion * final**2 / effective
    half = np.divide(1.96 * np.sqrt(variance), units, out=np.full(units.shape, np.nan), where=units > 0)
    share_known = np.divide(known, units, out=np.full(units.shape, np.nan), where=units > 0)
    curve = np.append(baseline.curve, 1.0)
    maturity = _mean_trailing(curve[np.minimum(age_now, table.ages)], window)
    return Projection(
        units=units,
        known=share_known,
        projected=rate,
        low=np.maximum(rate - half, 0.0),
        high=rate + half,
        maturity=maturity,
    )


def _trailing(values: Floats, window: int) -> Floats:
    """Sum over the last `window` entries, fewer at the start."""
    total = np.cumsum(values)
    total[window:] = total[window:] - total[:-window]
    return total


def _mean_trailing(values: Floats, window: int) -> Floats:
    return _trailing(values, window) / np.minimum(np.arange(1, values.size + 1), window)
