"""Outcomes that are counts a week (deals won, appointments held): the same model as for rates, time is what enters.

Every week under watch enters its seven days, and a day may have any number of events, in the week in which they
happen: such a count has no cohorts that mature, incidence is the count itself, and evidence, change, interval, cost and
promise are those of any outcome. Counts are negative binomial, var = mu + alpha mu^2.

Yardstick: the level that the count had reached when the baseline ended, in its season. A log-linear trend is fitted
together with the season, shrunk by a normal prior (a count that doubles or halves in a year lies one standard
deviation out), and is not carried on: what had grown by then is no improvement, and what it fell back to is a decline.
How unsure the end of a fitted line is (four times the variance of a mean), jointly with the season, is handed on as the
season's covariance (`OutcomeModel.has_trend`).

Weeks that are good or bad in a row: alpha is that of the long run, alpha_0 + 2 sum_k (1 - k / (K + 1)) gamma_k with
gamma_k the covariance of the relative residuals k weeks apart beyond what the fit leaves of noise, K = 4 (n/100)^(2/9);
Newey & West 1987, doi 10.2307/1913610, and 1994, doi 10.2307/2297912. A year tells little of that, so that noise is
taken to persist from week to week by PERSISTENCE at least.

Honest limits: growth that goes on after the deployment reads as more than at the baseline's end, which it is; a level
that wanders over years has no yardstick.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import OutcomeModel, prepare
from leadline.metrics.statistics.season import MIN_WEEKS, PRIOR_SD

Floats = NDArray[np.float64]

DAYS = 7.0
"""what enters in a week"""
WEEKS_A_YEAR = 52.1775
TREND_SD = float(np.log(2.0))
"""of the trend's prior, a year"""
LEVEL_SD = 3.0
LEAST_WEEKS = 8
"""fewer tell of no trend"""
PERSISTENCE = 0.3
"""correlation of one week's noise with the next one's"""
RISE_WEEKS = 13
"""a recording that takes longer than this to come up to its level is taken for growth"""
RISES = ((0.5, 6.0), (0.8, 3.0))
"""weeks below this share of those that follow, clearly by so many log-likelihood units, are still rising; the second
pair is for weeks that follow such"""


def weekly_cohorts(counts: Floats) -> Cohorts:
    """Counts by segment and week [S, C] as a table of cohorts: the days of a week, shared out over the segments."""
    segments, weeks = counts.shape
    return Cohorts(
        np.full((segments, weeks), DAYS / segments), counts[:, :, None], repeats=True, of_time=True
    )


def prepare_counts(
    cohorts: Cohorts, terms: Floats, first: int, last: int, deployed: int, rest: int | None = None
) -> OutcomeModel:
    """`outcomes.prepare` for weekly counts: days weigh as much as the trend says against the baseline's last week.

    cohorts: from `weekly_cohorts`; terms [>= C, p] from `season.calendar_terms`. Nothing after `last` enters the fit.
    """
    own = slice(first, last + 1)
    counts = cohorts.events[:, own, 0].sum(axis=0)
    dispersion = 0.0
    model = prepare(cohorts, terms, first, last, deployed, rest=rest, compared_from=last + 1)
    if counts.size < LEAST_WEEKS or model.baseline.final_rate <= 0:
        return model
    for _ in range(2):
        trend = _Trend.of(counts, terms[own], dispersion)
        weight = np.exp(trend.slope * np.minimum(np.arange(cohorts.weeks) - last, 0) / WEEKS_A_YEAR)
        weighted = replace(cohorts, entered=cohorts.entered * weight)
        model = prepare(weighted, terms, first, last, deployed, rest=rest, compared_from=last + 1)
        expected = (model.past.entered[:, own, None] * model.incidence[:, own]).sum(axis=(0, 2))
        dispersion = _long_run((counts - expected) / expected, trend.left, model.dispersion)
    covariance = model.season.covariance.copy()
    size = trend.covariance.shape[0]
    covariance[:size, :size] = trend.covariance
    season = replace(model.season, covariance=covariance)
    return replace(model, season=season, dispersion=dispersion, has_trend=True)


@dataclass(frozen=True, eq=False)
class _Trend:
    """A fit of baseline weeks. slope: log growth a year. covariance [p, p]: of the level at the last week (first) and
    of the season's coefficients, the trend's share in it included. left [K + 1]: of white noise, the covariance of its
    residuals k weeks apart, over its variance; the fit takes slow swings away with the season."""

    slope: float
    covariance: Floats
    left: Floats

    @staticmethod
    def of(counts: Floats, terms: Floats, dispersion: float) -> _Trend:
        weeks = counts.size
        ago = (np.arange(weeks) - (weeks - 1.0)) / WEEKS_A_YEAR
        season = terms[:, 1:] - terms[:, 1:].mean(axis=0)
        learned = weeks >= MIN_WEEKS
        X: Floats = np.column_stack([np.ones(weeks), *([season] if learned else []), ago])
        sd = np.concatenate([[LEVEL_SD], PRIOR_SD[1:] if learned else [], [TREND_SD]])
        penalty = np.diag(1.0 / sd**2)
        middle = float(np.log(max(float(counts.mean()), 0.5 / weeks)))
        beta: Floats = np.zeros(X.shape[1])
        for _ in range(25):
            mu: Floats = np.exp(middle + np.clip(X @ beta, -4.0, 4.0))
            weight: Floats = mu / (1.0 + dispersion * mu)
            inverse = np.linalg.inv(X.T @ (weight[:, None] * X) + penalty)
            step = inverse @ (X.T @ (weight / mu * (counts - mu)) - penalty @ beta)
            beta += step
            if float(np.abs(step).max()) < 1e-8:
                break
        rest = np.eye(weeks) - X @ inverse @ (X.T * weight)
        lags = range(min(int(4.0 * (weeks / 100.0) ** (2.0 / 9.0)), weeks - 2) + 1)
        left = np.array([float(np.diagonal(rest @ rest.T, k).mean()) for k in lags])
        return _Trend(float(beta[-1]), np.asarray(inverse[:-1, :-1], dtype=np.float64), left)


def _long_run(rest: Floats, left: Floats, dispersion: float) -> float:
    """The over-dispersion that sums over many weeks have, from relative residuals [T]; at least that of a week's noise
    which persists."""
    spread, total, lags = float((rest**2).mean()) / left[0], dispersion, left.size - 1
    for k in range(1, lags + 1):
        together = float((rest[k:] * rest[:-k]).mean()) - spread * left[k]
        total += 2.0 * (1.0 - k / (lags + 1.0)) * together
    return max(total, dispersion * (1.0 + PERSISTENCE) / (1.0 - PERSISTENCE))


def steady_from(counts: Floats, first: int, last: int, least: int) -> int:
    """The first week from which weekly counts [C] are no longer coming up to their level.

    An export that begins with the leads of a day has their deals only weeks later, so that the first weeks lack those
    of earlier leads. Weeks at the start are left out as long as they are clearly below the RISE_WEEKS that follow
    (likelihood ratio of two Poisson levels, over the later ones' dispersion); at least `least` weeks remain.
    """
    start = first
    while True:
        own, (share, clear) = counts[start : last + 1], RISES[int(start > first)]
        gains = [
            (_lower(own[:s], own[s : s + RISE_WEEKS], share), s)
            for s in range(1, min(RISE_WEEKS - (start - first), own.size - least) + 1)
        ]
        gain, weeks = max(gains, default=(0.0, 0))
        if gain < clear:
            return start
        start += weeks


def _lower(before: Floats, after: Floats, share: float) -> float:
    """How clearly the weeks before differ from those after; 0 where they are not below that share of them."""
    now, then = float(before.mean()), float(after.mean())
    if now >= share * then:
        return 0.0
    together = float(np.concatenate([before, after]).mean())
    gain = sum(
        float(side.sum()) * float(np.log(mean / together)) if mean > 0 else 0.0
        for side, mean in ((before, now), (after, then))
    )
    spread = float(after.var(ddof=1)) / then if after.size > 1 else 1.0
    return gain / max(spread, 1.0)
