"""Fewer or only slower: is a deficit a lower level, or the same level reached later?

Cohorts that entered since a week tau reach, by age a, theta * F0(a / s) of the baseline's cumulative incidence:
theta is the level, s the stretch of the delays. Both are fitted by profile likelihood on Poisson counts by age; the
level's own likelihood ratio, with the stretch free under both hypotheses, says whether 'fewer' is clear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.maturity import STRETCHES
from leadline.metrics.statistics.outcomes import OutcomeModel

Floats = NDArray[np.float64]

MATERIAL = 0.10
"""a smaller loss of level is not called one"""
LEVELS: Floats = np.exp(np.linspace(np.log(0.02), np.log(4.0), 531))
"""levels that are tried, 1 % apart"""
CLEAR_FEWER = 4.0
"""log-likelihood units by which 'fewer' must beat 'only slower'. More than the 1.92 of one look at one week, because
it is asked every week and the week of the change is fitted; with 4.0, one in seventeen histories in which 250 leads a
week merely took 35 % longer raised an alarm in 68 weeks (a third did at 1.92), and no drift was found later."""
CLEAR_SLOWER = 4.0
"""the same for 'slower': it is looked for every week too"""
MATERIAL_STRETCH = 1.1
"""delays that grew by less are not called slower"""


@dataclass(frozen=True)
class LevelAndStretch:
    """Best joint fit. log_fewer: how much a lower level adds to the best 'only slower' fit (log-likelihood,
    deflated by over-dispersion); log_slower: how much a stretch adds to the best 'only fewer' fit. since: first cohort
    week that differs."""

    level: float
    stretch: float
    since: int
    log_fewer: float
    log_slower: float
    events: float

    @property
    def fewer_is_clear(self) -> bool:
        return self.log_fewer >= CLEAR_FEWER and self.level <= 1.0 - MATERIAL

    @property
    def slower_is_clear(self) -> bool:
        return self.log_slower >= CLEAR_SLOWER and self.stretch >= MATERIAL_STRETCH

    @property
    def faster_is_clear(self) -> bool:
        return self.log_slower >= CLEAR_SLOWER and self.stretch <= 1.0 / MATERIAL_STRETCH


def level_and_stretch(model: OutcomeModel, through: int, segment: int | None = None) -> LevelAndStretch:
    """Fit the cohorts since the deployment with what was known at the end of week `through`.

    The week tau from which on cohorts differ is part of the fit: earlier ones keep level 1 and stretch 1, so that a
    cycle that slowed down half-way is not mistaken for a loss by averaging over the change.
    """
    exposure, events = _by_cohort_and_age(model, through, segment)
    # [tau, A]: everything that entered since tau
    exposure = np.cumsum(exposure[::-1], axis=0)[::-1]
    events = np.cumsum(events[::-1], axis=0)[::-1]
    total = events.sum(axis=1, keepdims=True)
    if not exposure.any():
        return LevelAndStretch(1.0, 1.0, model.deployed, 0.0, 0.0, 0.0)
    mass = model.baseline.stretched
    unit = int(np.abs(STRETCHES - 1.0).argmin())
    expected = exposure @ mass.T  # [tau, stretch]
    fit = events @ np.log(mass / mass[unit]).T
    held = fit - expected + expected[:, unit : unit + 1]
    level = np.clip(total / np.maximum(expected, 1e-9), 1e-6, 1.0)
    free = held + total * np.log(level) + (1.0 - level) * expected
    tau, best = np.unravel_index(int(free.argmax()), free.shape)
    # the baseline's own level is only known so well: 'only slower' may use that much of it, at a price
    doubt = model.level_doubt
    allowed = np.clip(np.log(level) * doubt / (doubt + 1.0 / np.maximum(total, 1.0)), -1.0, 0.0)
    held = held + total * allowed + (1.0 - np.exp(allowed)) * expected - allowed**2 / (2.0 * doubt)
    slower = STRETCHES >= 1.0 - 1e-9
    weeks = max(through - model.deployed - int(tau) + 1, 1)
    phi = 1.0 + model.dispersion * float(expected[tau, unit]) / weeks
    # the baseline's delays are an estimate too: two samples of D0 and D1 events tell as much as D0 D1 / (D0 + D1)
    shape = 1.0 + float(total[tau, 0]) / max(float(model.baseline.events_seen.sum()), 1.0)
    return LevelAndStretch(
        level=float(total[tau, 0] / max(float(expected[tau, best]), 1e-9)),
        stretch=float(STRETCHES[best]),
        since=model.deployed + int(tau),
        log_fewer=float(free.max() - max(float(held[:, slower].max()), 0.0)) / phi,
        log_slower=float(free.max() - max(float(free[:, unit].max()), 0.0)) / (phi * shape),
        events=float(total[tau, 0]),
    )


def level_with_free_stretch(
    model: OutcomeModel, since: int, through: int, segment: int | None = None, z: float = 1.96
) -> tuple[float, float, float]:
    """Level of the cohorts since..through against the baseline and its interval (95 %), whatever the delays did.

    Profile likelihood: at each level the best stretch is taken; the interval holds the levels within z^2 phi / 2 of the
    best (Venzon & Moolgavkar 1988, doi 10.2307/2347496), widened by what is not known of the baseline's own level.
    Where cohorts are young, a faster or slower cycle makes it wide: that is the honest answer.
    """
    exposure, events = (
        table[since - model.deployed :].sum(axis=0) for table in _by_cohort_and_age(model, through, segment)
    )
    total = float(events.sum())
    mass = model.baseline.stretched
    expected = mass @ exposure  # [stretch]
    shape = np.log(mass) @ events
    # of theta itself: total ln(theta) - theta expected(s); the best stretch for each theta
    fit = total * np.log(LEVELS)[:, None] + shape[None, :] - LEVELS[:, None] * expected[None, :]
    profile = fit.max(axis=1)
    weeks = max(through - since + 1, 1)
    phi = 1.0 + model.dispersion * float(expected[np.abs(STRETCHES - 1.0).argmin()]) / weeks
    inside = LEVELS[profile >= profile.max() - z**2 / 2.0 * phi]
    best = float(LEVELS[int(profile.argmax())])
    doubt = z**2 * model.level_doubt
    low = best * float(np.exp(-np.sqrt(np.log(best / inside[0]) ** 2 + doubt)))
    high = best * float(np.exp(np.sqrt(np.log(inside[-1] / best) ** 2 + doubt)))
    return best, low, high


def _by_cohort_and_age(model: OutcomeModel, through: int, segment: int | None) -> tuple[Floats, Floats]:
    """Exposure (units, weighted by segment factor and calendar effect) and events of the known cells, both [C, A]
    for the cohorts deployed..through."""
    pick = slice(None) if segment is None else slice(segment, segment + 1)
    cohorts = slice(model.deployed, through + 1)
    table = model.cohorts
    entered = (table.entered[pick, cohorts] * model.baseline.factor[pick, None]).sum(axis=0)
    effect = model.season.effect(model.terms[cohorts])
    count = through + 1 - model.deployed
    cell = np.add.outer(np.arange(count), np.arange(table.ages))
    known = (cell < count) & model.baseline.known_ages
    exposure: Floats = np.where(known, entered[:, None] * effect[np.minimum(cell, count - 1)], 0.0)
    events: Floats = np.where(known, table.events[pick, cohorts].sum(axis=0), 0.0)
    return exposure, events
