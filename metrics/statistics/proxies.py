"""Has the proxy improved? Change since the deployment against the baseline, with a 95 % interval, for every kind.

All intervals take the week as the unit of variation, so that a busy week with many alike units can't feign certainty:
rates are quasi-binomial against age-matched expectations, durations are compared by weekly medians on the log
(members still waiting are censored: Kaplan-Meier), volumes and costs by weekly counts and ratios with a Welch-type
interval (Welch 1947, doi 10.1093/biomet/34.1-2.28).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from leadline.metrics.statistics.maturity import MIN_AT_RISK, Cohorts, at_risk
from leadline.metrics.statistics.outcomes import OutcomeModel, Tally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BUCKETS_PER_E = 24.0
"""buckets of durations per unit of ln(1 + minutes)"""
MIN_WEEKS = 3
"""fewer weeks on either side give no interval"""
SAYS_NOTHING = 3.0
"""times that the ends of an interval around no change lie apart: it holds 40 % less as well as 80 % more"""


@dataclass(frozen=True)
class Estimate:
    """A relative change (-0.33 = 33 % less) with its 95 % interval; None where it can't be said: from a baseline of
    none at all (`from_none`) only `low` can."""

    relative: float | None
    low: float | None
    high: float | None
    units: int
    baseline_value: float | None
    current_value: float | None

    @property
    def says_nothing(self) -> bool:
        """The interval holds so much on both sides of no change that the change itself is no news.

        >>> [Estimate(0.1, low, high, 9, 1.0, 1.1).says_nothing for low, high in ((-0.8, 3.0), (-0.4, 0.7), (0.1, 4.0))]
        [True, False, False]
        """
        if self.low is None or self.high is None or not self.low < 0.0 < self.high:
            return False
        return 1.0 + self.high >= SAYS_NOTHING * (1.0 + self.low)


def unknown(units: int = 0, baseline_value: float | None = None) -> Estimate:
    return Estimate(None, None, None, units, baseline_value, None)


def has_improved(estimate: Estimate, higher_is_better: bool, materiality: float) -> bool | None:
    """Whether the whole interval lies beyond the materiality in the better direction; None if there is none."""
    if estimate.low is None and estimate.high is None:
        return None
    if higher_is_better:
        return estimate.low is not None and estimate.low > materiality
    return estimate.high is not None and estimate.high < -materiality


def from_none(before: float, counts: Floats, exposed: Floats, units: int, value: float) -> Estimate:
    """The change to `counts` of weeks with `exposed` units each from none of `before` units: no multiple of none.

    What is known is the least that the ratio can be: given all events, those of now are binomial (Clopper & Pearson
    1934, doi 10.1093/biomet/26.4.404, all of all), over the dispersion of the weeks. The bound is None for fewer than
    MIN_WEEKS of them. Amounts are counted in multiples of variance over mean, as those of `ratios`.
    """
    live = exposed > 0
    if before <= 0 or int(live.sum()) < MIN_WEEKS or value <= 0:
        return Estimate(None, None, None, units, 0.0, value)
    return Estimate(None, _least_ratio(before, counts[live], exposed[live]) - 1.0, None, units, 0.0, value)


def _least_ratio(before: float, counts: Floats, exposed: Floats) -> float:
    """Of the rate of these weeks to that of `before` units without any event."""
    total, now = float(counts.sum()), float(exposed.sum())
    due = total * exposed / now
    spread = float(((counts - due) ** 2 / due).sum()) / (counts.size - 1)
    is_counted = bool((counts == np.floor(counts)).all())
    share = float(0.025 ** (max(spread, 1.0 if is_counted else total * 1e-6) / total))
    return share / max(1.0 - share, 1e-9) * before / now


def rate_change(model: OutcomeModel, since: int, through: int, scale: float = 1.0) -> Estimate:
    """Observed over age-matched expected events of the calendar weeks since..through, cohorts since the deployment.

    The interval is that of `Tally`; `scale` turns the baseline's final rate into the metric's own unit (a share: 1;
    money: the amount that one counted event stands for).
    """
    tally = model.tally(model.deployed, through, since_week=since)
    units = int(model.cohorts.entered[:, since : through + 1].sum())
    base = model.baseline.final_rate * scale
    if units and base == 0 and model.baseline.known_ages.any():
        return _rate_from_none(model, since, through, units, scale)
    if tally.expected <= 0 or units == 0:
        return unknown(units, base)
    return of_tally(tally, base, units)


def _rate_from_none(model: OutcomeModel, since: int, through: int, units: int, scale: float) -> Estimate:
    """Of an event that no unit of the baseline had."""
    own = slice(model.deployed, through + 1)
    before = float(model.baseline.watched[model.baseline.known_ages][-1])
    known = model.cohorts.known_at(through)
    events, entered = known.events[:, own].sum(axis=(0, 2)), known.entered[:, own].sum(axis=0)
    rate = period_rate(known, model.deployed, since, through)
    return unknown(units, 0.0) if rate is None else from_none(before, events, entered, units, rate * scale)


def period_rate(cohorts: Cohorts, first_cohort: int, since: int, through: int) -> float | None:
    """The final rate by what the weeks since..through showed of the cohorts since the first, whatever the baseline
    says: Kaplan-Meier over the ages at which enough were watched; None where at none."""
    week = np.add.outer(np.arange(cohorts.weeks), np.arange(cohorts.ages))
    seen = (week >= since) & (week <= through) & (np.arange(cohorts.weeks) >= first_cohort)[:, None]
    n, d = ((table * seen).sum(axis=(0, 1)) for table in (at_risk(cohorts), cohorts.events))
    known = n >= MIN_AT_RISK
    hazard = d[known] / n[known]
    if not known.any():
        return None
    return float(hazard.sum() if cohorts.repeats else 1.0 - np.prod(1.0 - hazard))


def of_tally(tally: Tally, baseline_value: float, units: int, z: float = 1.96) -> Estimate:
    """The change of a rate whose baseline is `baseline_value`; the tally must expect something."""
    low, high = tally.interval(z)
    level = tally.level
    return Estimate(level - 1.0, low - 1.0, high - 1.0, units, baseline_value, baseline_value * level)


def log_mean_change(baseline: Floats, now: Floats, units: int) -> Estimate:
    """Ratio of geometric means of two sets of weekly values, Welch interval on the log. NaN weeks are left out."""
    before, after = (np.log(side[np.isfinite(side) & (side > 0)]) for side in (baseline, now))
    if before.size < MIN_WEEKS or after.size < 1:
        return unknown(units, float(np.exp(before.mean())) if before.size else None)
    value = float(np.exp(before.mean()))
    difference = float(after.mean() - before.mean())
    half = _welch(before, after)
    return Estimate(
        relative=math.expm1(difference),
        low=None if half is None else math.expm1(difference - half),
        high=None if half is None else math.expm1(difference + half),
        units=units,
        baseline_value=value,
        current_value=value * math.exp(difference),
    )


def volume_change(baseline: Floats, now: Floats) -> Estimate:
    """Ratio of mean weekly counts; the variance of weekly counts is at least Poisson (negative binomial by moments).

    Delta method on the log: var(ln ratio) = v0 / (n0 m0^2) + v1 / (n1 m1^2).
    """
    units = int(now.sum())
    if baseline.size < MIN_WEEKS or now.size < 1:
        return unknown(units, float(baseline.mean()) if baseline.size else None)
    means = float(baseline.mean()), float(now.mean())
    if means[0] == 0:
        return from_none(baseline.size, now, np.ones(now.size), units, means[1])
    if means[1] == 0:
        return _to_none(baseline, np.ones(baseline.size), now.size, units, means[0])
    parts = [
        max(float(side.var(ddof=1)) if side.size > 1 else mean, mean) / (side.size * mean**2)
        for side, mean in zip((baseline, now), means, strict=True)
    ]
    half = float(stdtrit(max(now.size + baseline.size - 2, 1), 0.975)) * math.sqrt(sum(parts))
    log = math.log(means[1] / means[0])
    enough = now.size >= MIN_WEEKS
    return Estimate(
        relative=math.expm1(log),
        low=math.expm1(log - half) if enough else None,
        high=math.expm1(log + half) if enough else None,
        units=units,
        baseline_value=means[0],
        current_value=means[1],
    )


def mean_change(units: tuple[Floats, Floats], amounts: tuple[Floats, Floats]) -> Estimate:
    """Ratio of two means per unit (cost per asset), each a ratio of weekly totals; (baseline, now) weekly arrays.

    A ratio's variance is that of its weekly residuals: sum (y - r n)^2 W / (W - 1) / (sum n)^2 (Cochran 1977, 6.4).
    """
    count = int(units[1].sum())
    means = [
        float(y.sum() / n.sum()) if n.sum() > 0 else math.nan for n, y in zip(units, amounts, strict=True)
    ]
    if means[0] == 0 <= means[1]:
        return from_none(float(units[0].sum()), amounts[1], units[1], count, means[1])
    if means[1] == 0 < means[0]:
        live = units[0] > 0
        return _to_none(amounts[0][live], units[0][live], float(units[1].sum()), count, means[0])
    values: list[float] = []
    parts: list[float] = []
    for n, y in zip(units, amounts, strict=True):
        live = n > 0
        weeks = int(live.sum())
        if weeks < MIN_WEEKS or n.sum() == 0:
            return unknown(count, values[0] if values else None)
        ratio = float(y.sum() / n.sum())
        residual = y[live] - ratio * n[live]
        values.append(ratio)
        if ratio <= 0:
            return unknown(count, values[0])
        variance = float((residual**2).sum()) * weeks / (weeks - 1) / float(n.sum()) ** 2
        parts.append(variance / ratio**2)
    half = 1.96 * math.sqrt(sum(parts))
    log = math.log(values[1] / values[0])
    return Estimate(
        math.expm1(log), math.expm1(log - half), math.expm1(log + half), count, values[0], values[1]
    )


def _to_none(counts: Floats, exposed: Floats, now: float, units: int, value: float) -> Estimate:
    """The change to none of `now` units from `counts` of the baseline's weeks."""
    high = None
    if counts.size >= MIN_WEEKS and now > 0:
        high = 1.0 / max(_least_ratio(now, counts, exposed), 1e-9) - 1.0
    return Estimate(-1.0, -1.0, high, units, value, 0.0)


def _welch(before: Floats, after: Floats) -> float | None:
    if after.size < MIN_WEEKS:
        return None
    a, b = float(before.var(ddof=1)) / before.size, float(after.var(ddof=1)) / after.size
    if a + b == 0:
        return 0.0
    freedom = (a + b) ** 2 / (a**2 / (before.size - 1) + b**2 / (after.size - 1))
    return float(stdtrit(freedom, 0.975)) * math.sqrt(a + b)


@dataclass(frozen=True, eq=False)
class Durations:
    """Counted durations of one metric, an entry a group of alike units, [N]: the day a unit entered (since the first
    day of the table), days until it was answered (-1: never), bucket of its minutes (-1: never), how many."""

    day: Ints
    answered_after: Ints
    bucket: Ints
    units: Floats
    horizon_days: int

    def known_at(self, last_day: int) -> tuple[Floats, Floats]:
        """Answered and still waiting at the end of `last_day`, each [week, bucket]; waiting ones at the bucket of the
        time they have certainly waited, at most the horizon."""
        keep = self.day <= last_day
        day, after, units = self.day[keep], self.answered_after[keep], self.units[keep]
        answered = (after >= 0) & (day + after <= last_day) & (after <= self.horizon_days)
        weeks = last_day // 7 + 1
        top = int(BUCKETS_PER_E * math.log1p(self.horizon_days * 1440.0)) + 2
        shape = (weeks, top)
        done, waiting = np.zeros(shape), np.zeros(shape)
        bucket = np.minimum(self.bucket[keep], top - 1)
        np.add.at(done, (day[answered] // 7, bucket[answered]), units[answered])
        days = np.minimum(last_day - day, self.horizon_days)[~answered]
        waited = np.minimum((BUCKETS_PER_E * np.log1p(days * 1440.0)).astype(np.int64), top - 1)
        np.add.at(waiting, (day[~answered] // 7, waited), units[~answered])
        return done, waiting


def median_minutes(done: Floats, waiting: Floats, share: float | Floats = 0.5) -> Floats:
    """Kaplan-Meier quantile of each row [W, bucket], minutes; NaN where a row is empty, the longest bucket where the
    quantile lies beyond what was watched. Interpolated on the log within a bucket. `share` may differ by row [W]."""
    total = (done + waiting).sum(axis=1)
    before = np.cumsum(done + waiting, axis=1) - (done + waiting)
    risk = np.maximum(total[:, None] - before, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        survive = np.cumprod(np.where(risk > 0, 1.0 - done / risk, 1.0), axis=1)
    left = 1.0 - np.broadcast_to(np.asarray(share, dtype=np.float64), total.shape)[:, None]
    reached = survive <= left + 1e-12
    at = np.where(reached.any(axis=1), reached.argmax(axis=1), done.shape[1] - 1)
    rows = np.arange(done.shape[0])
    earlier = np.where(at > 0, survive[rows, np.maximum(at - 1, 0)], 1.0)
    drop = np.maximum(earlier - survive[rows, at], 1e-12)
    inside = np.clip((earlier - left[:, 0]) / drop, 0.0, 1.0)
    minutes = np.expm1((at + inside) / BUCKETS_PER_E)
    return np.where(total > 0, minutes, np.nan)
