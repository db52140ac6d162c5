"""The calendar: a yearly cycle and quarter ends, learned on the baseline year with shrinkage.

mu_t = E_t exp(b0 + x_t b), a quasi-Poisson regression with a ridge penalty (a normal prior on each coefficient), fitted
by Newton's method; Hoerl & Kennard 1970, doi 10.1080/00401706.1970.10488634, for the penalty. What the year could not
tell apart stays near zero, and how unsure the coefficients are is handed on to the evidence.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MIN_WEEKS = 50
"""a baseline shorter than this can't tell a season from a trend"""

PRIOR_SD = np.array([0.3, 0.2, 0.2, 0.08, 0.08, 0.25, 0.25])
"""what a coefficient may plausibly be: level, first and second yearly harmonic, quarter's last and first weeks"""


UNKNOWN_SD = np.array([0.3, 0.12, 0.12, 0.05, 0.05, 0.12, 0.12])
"""the same where nothing was learned: a season of 20 % either way lies well within two of these"""

MOST_FELT = 1.25
"""times the above, what such a season may be in the odds of the outcome: on the hazards, which the coefficients act on,
the same would more than halve or double the failures where nearly every unit has its event"""


@dataclass(frozen=True, eq=False)
class Season:
    """Calendar effects: coefficients [p], covariance [p, p].

    `learned` is False where none could be fitted: then nothing is taken out, and the covariance is that of what a
    season may plausibly be.
    """

    coefficients: Floats
    covariance: Floats
    learned: bool

    def effect(self, terms: Floats) -> Floats:
        """Multiplier of the expected events in the weeks of `terms` [T, p]."""
        return np.exp(terms @ self.coefficients)

    @property
    def error_in_a_year(self) -> float:
        """Standard deviation of what the coefficients leave open of the log effect, over a year, against its mean."""
        apart = (_YEAR - _YEAR.mean(axis=0))[:, 1:]
        return float(np.sqrt(np.einsum("tp,pq,tq->t", apart, self.covariance[1:, 1:], apart).mean()))


def calendar_terms(mondays: list[dt.date]) -> Floats:
    """[T, p] design of the calendar effects for weeks that start on `mondays`."""
    rows = []
    for monday in mondays:
        thursday = monday + dt.timedelta(days=3)
        turn = 2 * np.pi * (thursday.timetuple().tm_yday / 365.25)
        into, left = _quarter_position(monday)
        rows.append(
            (
                1.0,
                np.cos(turn),
                np.sin(turn),
                np.cos(2 * turn),
                np.sin(2 * turn),
                float(left <= 2),
                float(into < 3),
            )
        )
    return np.array(rows)


def _quarter_position(monday: dt.date) -> tuple[int, int]:
    """Whole weeks since the quarter's first day and until its last, for the week of `monday`; (0, …) and (…, 1)."""
    middle = monday + dt.timedelta(days=3)
    first = dt.date(middle.year, 3 * ((middle.month - 1) // 3) + 1, 1)
    following = dt.date(middle.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return (middle - first).days // 7, (following - middle).days // 7 + 1


_YEAR = calendar_terms([dt.date(2024, 1, 1) + dt.timedelta(weeks=week) for week in range(52)])


def felt(rate: Floats) -> Floats:
    """What an effect on the log of the hazards is on the log odds of final rates below 1; 1 where events repeat (0)."""
    return np.divide(-np.log1p(-rate), rate, out=np.ones_like(rate), where=rate > 0.0)


def no_season(rate: float) -> Season:
    """The season of a baseline that is too short to teach one: unknown, not zero. rate: the final one, 0 where events
    repeat."""
    spread = UNKNOWN_SD * np.minimum(1.0, MOST_FELT / felt(np.array([rate])))
    return Season(np.zeros(spread.size), np.diag(spread**2), learned=False)


def without_season() -> Season:
    """Of a target, which is one number for all weeks."""
    return Season(np.zeros(PRIOR_SD.size), 1e-12 * np.eye(PRIOR_SD.size), learned=False)


def fit_season(observed: Floats, expected: Floats, terms: Floats, dispersion: float, rate: float) -> Season:
    """Fit on baseline weeks: observed, expected [T] and terms [T, p]; weights allow for over-dispersion. rate: see
    `no_season`.

    Weeks in which nothing is expected are left out. Returns `no_season` where fewer than MIN_WEEKS remain.
    """
    use = expected > 0
    if int(use.sum()) < MIN_WEEKS:
        return no_season(rate)
    O, E, X = observed[use], expected[use], terms[use]
    penalty = np.diag(1.0 / PRIOR_SD**2)
    beta = np.zeros(X.shape[1])
    weight = 1.0 / (1.0 + dispersion * E)
    hessian = penalty
    for _ in range(25):
        mu = E * np.exp(np.clip(X @ beta, -2.0, 2.0))
        gradient = X.T @ (weight * (O - mu)) - penalty @ beta
        hessian = X.T @ ((weight * mu)[:, None] * X) + penalty
        step = np.linalg.solve(hessian, gradient)
        beta = beta + np.clip(step, -0.5, 0.5)
        if float(np.abs(step).max()) < 1e-8:
            break
    covariance: Floats = np.linalg.inv(hessian).astype(np.float64)
    return Season(beta, covariance, learned=True)
