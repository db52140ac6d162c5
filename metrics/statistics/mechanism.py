"""Have the delays changed? What a level is when they did, and whether that is sure enough to be told.

Cohorts that entered since a week tau reach, by age a, theta * F0(a / s) of the baseline's cumulative incidence:
theta is the level, s the stretch of the delays. Both are fitted by profile likelihood on counts by age, events and
units still without one:
    l(theta, s) = sum_a d_a ln(theta f_a(s)) + sum_c (n_c - D_c) ln(1 - theta R_c(s)),
with d_a events at age a, and of the n_c units of cohort c D_c with their event by now, R_c(s) of them expected at the
baseline's level. Where units can have several events the last sum is - theta E(s). The stretch's own likelihood
ratio, with the level free under both hypotheses, says whether delays changed; whether the level fell beside any stretch
is the question of `evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.maturity import STRETCHES
from leadline.metrics.statistics.outcomes import OutcomeModel

Floats = NDArray[np.float64]

LEVELS: Floats = np.exp(np.linspace(np.log(0.02), np.log(4.0), 531))
"""levels that are tried, 1 % apart"""
LOWER: Floats = np.append(np.arange(-3.6, -1.2, 0.3), np.arange(-1.2, 0.04, 0.08))
"""ln of the levels at which a decline is tried; between them the likelihood is a parabola"""
CLEAR = 4.0
"""log-likelihood units by which other delays must beat the baseline's before levels are reckoned with them"""
TOLD = 10.0
"""the same before anybody is told of them: it is asked every week, of every outcome, and the week of the change is
fitted. In 24 histories a case of 25 to 250 leads a week whose delays never changed, 'slower' or 'faster' was said of
either of two outcomes in 68 looks in 0 to 8 % (at CLEAR in a half); of delays 1.35 times as long at 80 a week after 24
weeks in the median."""
MATERIAL = 1.1
"""delays that grew or shrank by less are not called other delays"""


@dataclass(frozen=True)
class LevelAndStretch:
    """Best joint fit. log_stretch: how much other delays add to the best fit of a lower level alone (log-likelihood,
    deflated by over-dispersion). since: first cohort week that differs."""

    level: float
    stretch: float
    since: int
    log_stretch: float

    @property
    def is_clear(self) -> bool:
        """Whether a level has to be reckoned with other delays."""
        return self.log_stretch >= CLEAR and (self.stretch >= MATERIAL or self.stretch <= 1.0 / MATERIAL)

    @property
    def told(self) -> Literal["slower", "faster"] | None:
        if not self.is_clear or self.log_stretch < TOLD:
            return None
        return "slower" if self.stretch > 1.0 else "faster"


def level_and_stretch(model: OutcomeModel, through: int, segment: int | None = None) -> LevelAndStretch:
    """Fit the cohorts since the deployment with what was known at the end of week `through`.

    The week tau from which on cohorts differ is part of the fit: earlier ones keep level 1 and stretch 1, so that a
    cycle that slowed down half-way is not mistaken for a loss by averaging over the change.
    """
    cells = _Cells.of(model, through, segment)
    if not cells.expected.any():
        return LevelAndStretch(1.0, 1.0, model.deployed, 0.0)
    unit = cells.unit
    total, expected = (
        _since(table) for table in (cells.events, cells.expected)
    )  # [tau, .]: what entered since tau
    shape, total = total @ cells.log_ratio, total.sum(axis=1, keepdims=True)
    fit = total[:, :, None] * LOWER + _since(cells.without(np.exp(LOWER)))  # [tau, stretch, level]
    none = fit[:, :, -1]
    change = shape + none - none[:, unit : unit + 1]  # of the stretch alone
    free = change + _peak(fit - none[:, :, None])
    tau, best = np.unravel_index(int(free.argmax()), free.shape)
    level = float(total[tau, 0] / max(float(expected[tau, best]), 1e-9))
    phi = _inflation(model, cells, int(tau), min(level, 1.0))
    # the baseline's delays are an estimate too: two samples of D0 and D1 events tell as much as D0 D1 / (D0 + D1)
    spread = 1.0 + float(total[tau, 0]) / max(float(model.baseline.events_seen.sum()), 1.0)
    return LevelAndStretch(
        level=level,
        stretch=float(STRETCHES[best]),
        since=model.deployed + int(tau),
        log_stretch=(float(free.max()) - max(float(free[:, unit].max()), 0.0)) / (phi * spread),
    )


def level_with_free_stretch(
    model: OutcomeModel, since: int, through: int, segment: int | None = None, z: float = 1.96
) -> tuple[float, float, float]:
    """Level of the cohorts since..through against the baseline and its interval (95 %), whatever the delays did.

    Profile likelihood: at each level the best stretch is taken; the interval holds the levels within z^2 phi / 2 of the
    best (Venzon & Moolgavkar 1988, doi 10.2307/2347496), widened by what is not known of the baseline's own level.
    Where cohorts are young, a faster or slower cycle makes it wide: that is the honest answer.
    """
    cells = _Cells.of(model, through, segment)
    first = since - model.deployed
    events = cells.events[first:].sum(axis=0)
    total = float(events.sum())
    without = cells.without(LEVELS, first).sum(axis=0)
    fit = (events @ cells.log_ratio)[:, None] + total * np.log(LEVELS) + without  # [stretch, level]
    profile = fit.max(axis=0)
    phi = _inflation(model, cells, first, float(LEVELS[int(profile.argmax())]))
    inside = LEVELS[profile >= profile.max() - z**2 / 2.0 * phi]
    best = float(LEVELS[int(profile.argmax())])
    doubt = z**2 * model.tally(since, through, segment).doubt
    low = best * float(np.exp(-np.sqrt(np.log(best / inside[0]) ** 2 + doubt)))
    high = best * float(np.exp(np.sqrt(np.log(inside[-1] / best) ** 2 + doubt)))
    return best, low, high


@dataclass(frozen=True, eq=False)
class _Cells:
    """The cohorts since the deployment as known at a week's end. events [C, A]; expected [C, stretch] by now, with
    delays stretched by each of STRETCHES; units [C]; log_ratio [A, stretch]: ln of the incidence at the stretch over
    that at 1, of which `unit` is the place."""

    events: Floats
    expected: Floats
    units: Floats
    log_ratio: Floats
    unit: int
    repeats: bool

    @staticmethod
    def of(model: OutcomeModel, through: int, segment: int | None) -> _Cells:
        pick = slice(None) if segment is None else slice(segment, segment + 1)
        cohorts = slice(model.deployed, through + 1)
        mass = model.baseline.stretched
        unit = int(np.abs(STRETCHES - 1.0).argmin())
        count, ages = through + 1 - model.deployed, model.cohorts.ages
        known = np.add.outer(np.arange(count), np.arange(ages)) < count
        share = model.share_known[cohorts] * known
        entered = model.cohorts.entered[pick, cohorts]
        plain = (model.due[pick, cohorts].sum(axis=0) * known).sum(axis=1, keepdims=True)
        weighted = (entered * model.segment_level[pick, None]).sum(axis=0)[:, None]
        # what a stretch moves into or out of the ages that are known by now
        moved = (share * model.baseline.known_ages) @ (mass - mass[unit]).T
        expected = np.maximum(plain + weighted * moved, 1e-9 * plain)
        events = model.counted[pick, cohorts].sum(axis=0) * known
        units = entered.sum(axis=0)
        return _Cells(events, expected, units, np.log(mass / mass[unit]).T, unit, model.cohorts.repeats)

    def without(self, levels: Floats, first: int = 0) -> Floats:
        """[C, stretch, level] log likelihood of the units without an event by now, cohorts from `first` on."""
        expected = self.expected[first:, :, None] * levels
        if self.repeats:
            return -expected
        units = self.units[first:]
        left = np.maximum(units - self.events[first:].sum(axis=1), 0.0)[:, None, None]
        share = np.minimum(expected / np.maximum(units, 1.0)[:, None, None], 1.0 - 1e-9)
        log: Floats = left * np.log1p(-share)
        return log

    def squares(self, first: int) -> float:
        """Sum of expected^2 / units over the cohorts from `first` on, at the baseline's delays; see `Tally`."""
        if self.repeats:
            return 0.0
        expected, units = self.expected[first:, self.unit], self.units[first:]
        return float((expected**2 / np.maximum(units, 1.0)).sum())


def _since(table: Floats) -> Floats:
    """Sums over the first axis from each place to the end."""
    total: Floats = np.cumsum(table[::-1], axis=0)[::-1]
    return total


def _peak(fit: Floats) -> Floats:
    """The largest value along the last axis, that of LOWER, on the parabola through the three around it."""
    at = np.clip(fit.argmax(axis=-1), 1, LOWER.size - 2)[..., None]
    left, middle, right = (np.take_along_axis(fit, at + k, -1)[..., 0] for k in (-1, 0, 1))
    a, b = (LOWER[at[..., 0]] - LOWER[at[..., 0] - 1], LOWER[at[..., 0] + 1] - LOWER[at[..., 0]])
    slope = ((right - middle) * a / b + (middle - left) * b / a) / (a + b)
    bend = 2.0 * ((right - middle) / b - (middle - left) / a) / (a + b)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.clip(np.where(bend < 0, -slope / bend, 0.0), -a, np.minimum(b, -LOWER[at[..., 0]]))
    peak: Floats = np.maximum(middle + slope * step + bend * step**2 / 2.0, fit.max(axis=-1))
    return peak


def _inflation(model: OutcomeModel, cells: _Cells, first: int, level: float) -> float:
    """How many times larger than binomial the variance of the events since cohort `first` is, by weekly noise."""
    expected = cells.expected[first:, cells.unit]
    poisson = level * float(expected.sum())
    binomial = max(poisson - level**2 * cells.squares(first), 0.02 * poisson, 1e-9)
    return 1.0 + model.dispersion * level**2 * float((expected**2).sum()) / binomial
