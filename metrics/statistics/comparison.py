"""Two groups of units, compared at equal age: how much oftener does one reach the outcome?

Of a group, D_c of the n_c units that entered in week c have had their event by now, and a share s_c would have at one
curve F that all groups share: s_c = F(now - c), with F the cumulative incidence of all of them together (discrete
Kaplan & Meier 1958, doi 10.1080/01621459.1958.10501452), so that a group of younger units is not told as a worse one.
A group's level L multiplies that share, so a ratio of levels is a ratio of *rates* at equal age, never of hazards:
    log p(D | L) = sum D_c log L + (n_c - D_c) log(1 - L s_c),
deflated by over-dispersion (Pearson's chi-square over its degrees of freedom, at least 1). The ratio's 95 % interval is
that of log L2 - log L1 with both flat on a grid; the chance that the groups are alike is that of the likelihood ratio
(one degree of freedom). `odds` is the Bayes factor of two levels against one: where both groups are alike it is a
martingale with mean 1 over weekly looks, so that the chance that it is ever above 1 / a is at most a (Ville 1939; as
`comeback`).

Honest limits: an association (whoever writes better briefs may also publish better assets); groups whose delays differ
read as levels until the ages are complete.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import chi2

Floats = NDArray[np.float64]

LEAST_UNITS = 10
"""of each group, below which nothing is said"""
LEAST_EVENTS = 5
"""of both together"""
LEAST_EXPECTED = 2.0
"""events that each group should have had by now, were both alike: younger ones tell nothing yet"""
LEVELS: Floats = np.exp(np.linspace(np.log(0.01), np.log(25.0), 401))
LEAST_WEEKS = 8
"""with units, from which on over-dispersion is looked for"""


@dataclass(frozen=True, eq=False)
class Reached:
    """Of each week's cohort, [C]: units that entered, events by now, and the share that should have had one."""

    units: Floats
    events: Floats
    share: Floats

    @property
    def level(self) -> float:
        """Observed over expected; NaN where nothing was to be expected."""
        expected = float((self.units * self.share).sum())
        return float(self.events.sum()) / expected if expected > 0 else float("nan")

    def log_likelihood(self) -> Floats:
        """Of LEVELS."""
        chance = np.minimum(np.multiply.outer(LEVELS, self.share), 1.0 - 1e-9)
        left = np.maximum(self.units - self.events, 0.0)
        found: Floats = self.events.sum() * np.log(LEVELS) + (left * np.log1p(-chance)).sum(axis=1)
        return found


@dataclass(frozen=True)
class Ratio:
    """How many times as often the second group reaches it."""

    value: float
    low: float
    high: float
    chance: float
    """of groups so far apart where they are alike, at one look"""
    odds: float
    """of two levels against one"""


def common_curve(entered: Floats, events: Floats, week: int) -> Floats:
    """[C] share of each cohort that has had its event by the end of `week`, were all alike. entered [G, C] and events
    [G, C, A], by group, week of entry and age."""
    units, had = entered.sum(axis=0), events.sum(axis=0)
    cohorts, ages = had.shape
    age = week - np.arange(cohorts)
    before = np.concatenate([np.zeros((cohorts, 1)), np.cumsum(had, axis=1)[:, :-1]], axis=1)
    seen = np.arange(ages)[None, :] <= age[:, None]
    at_risk = np.where(seen, units[:, None] - before, 0.0).sum(axis=0)
    happened = np.where(seen, had, 0.0).sum(axis=0)
    hazard = np.divide(happened, at_risk, out=np.zeros(ages), where=at_risk > 0)
    reach = 1.0 - np.cumprod(1.0 - np.minimum(hazard, 1.0))
    share: Floats = np.where(age >= 0, reach[np.clip(age, 0, ages - 1)], 0.0)
    return share


def reached(entered: Floats, events: Floats, share: Floats, week: int) -> Reached:
    """One group's cohorts, entered [C] and events [C, A], as known at the end of `week`."""
    age = week - np.arange(entered.size)
    seen = np.arange(events.shape[1])[None, :] <= age[:, None]
    known = age >= 0
    return Reached(np.where(known, entered, 0.0), np.where(seen, events, 0.0).sum(axis=1), share)


def compare(one: Reached, other: Reached) -> Ratio | None:
    """The second group beside the first; None where too few entered, or too few had their event."""
    enough = min(one.units.sum(), other.units.sum()) >= LEAST_UNITS
    if not enough or one.events.sum() + other.events.sum() < LEAST_EVENTS:
        return None
    if min((group.units * group.share).sum() for group in (one, other)) < LEAST_EXPECTED:
        return None
    inflation = max(dispersion(one), dispersion(other))
    first, second = one.log_likelihood() / inflation, other.log_likelihood() / inflation
    apart = float(first.max() + second.max() - (first + second).max())
    n = LEVELS.size
    odds = logsumexp(first) + logsumexp(second) - np.log(n) - logsumexp(first + second)
    weight = np.convolve(_normalised(second), _normalised(first)[::-1])
    step = float(np.log(LEVELS[1] / LEVELS[0]))
    below = np.cumsum(weight)
    low, high = (np.exp((np.searchsorted(below, q) - (n - 1)) * step) for q in (0.025, 0.975))
    value = LEVELS[int(second.argmax())] / LEVELS[int(first.argmax())]
    if 0 < one.level < np.inf and other.events.sum():
        value = other.level / one.level
    return Ratio(
        float(value), float(low), float(high), float(chi2.sf(2.0 * apart, 1)), float(np.exp(min(odds, 700.0)))
    )


def dispersion(group: Reached) -> float:
    """Pearson's chi-square of the weeks over its degrees of freedom at the group's own level, at least 1."""
    level = group.level
    chance = np.minimum(level * group.share, 1.0 - 1e-9) if np.isfinite(level) else group.share
    variance = group.units * chance * (1.0 - chance)
    told = variance > 0.5
    if told.sum() < LEAST_WEEKS:
        return 1.0
    residual = (group.events - group.units * chance)[told] ** 2 / variance[told]
    return max(float(residual.sum()) / (int(told.sum()) - 1), 1.0)


def _normalised(log: Floats) -> Floats:
    weight: Floats = np.exp(log - logsumexp(log))
    return weight


def weeks_to_notice(one_a_week: float, other_a_week: float, rate: float, fall: float) -> float | None:
    """Weeks of entry until a fall of the second group's rate beside the first's is told with a 95 % interval in four of
    five cases, by the variance of log ratios, (1 - p) / n p of each; None where a group has nobody."""
    lower = rate * (1.0 - fall)
    if min(one_a_week, other_a_week) <= 0 or not 0 < lower < 1 or not 0 < rate < 1:
        return None
    variance = (1.0 - rate) / (one_a_week * rate) + (1.0 - lower) / (other_a_week * lower)
    return float(variance * (_TOLD + _FOUR_OF_FIVE) ** 2 / np.log1p(-fall) ** 2)


_TOLD, _FOUR_OF_FIVE = 1.96, 0.8416
