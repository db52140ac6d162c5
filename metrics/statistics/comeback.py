"""Since a decision: is the outcome back at its level, or still as it had drifted? With an error that weekly looks keep.

Of the cohorts since the drift began, D units had their event by now and R should have at the baseline's incidence; b
are those that entered before the decision, a those since. At each week's end
    B = p(b | drifted) p(a | back) / p(b, a | drifted),
the Bayes factor of 'back' (a level of 1 - materiality or more for what entered since, the baseline's own doubt added)
against 'as it had drifted' (one level, flat a priori, for all of them), with the binomial likelihood of `mechanism` at
the baseline's delays, deflated by over-dispersion. If the decision changed nothing, B is a martingale with mean 1
whenever it is looked at: the chance that it is ever above 1 / FALSE_RECOVERIES is at most FALSE_RECOVERIES (Ville
1939; Shafer, Shen, Vereshchagin & Vovk 2011, doi 10.1214/10-STS347; as e-processes: Ramdas, Grünwald, Vovk & Shafer
2023, doi 10.1214/23-STS894). The drift's own level is integrated over, so a decision that comes after a few cohorts is
held back by what is not known of the drift.

Honest limits: a cycle that became faster with the decision reads as more until ages are complete; a season that the
baseline couldn't teach is taken for a change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, logsumexp

from leadline.metrics.statistics.divergence import DESIGN_LEVEL
from leadline.metrics.statistics.outcomes import OutcomeModel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FALSE_RECOVERIES = 0.05
"""chance, for each decision, that a recovery is ever told although the decision changed nothing"""
FLATTERED = 2.0
"""how many times higher than 1 / FALSE_RECOVERIES the limit is: an alarm has chosen the weeks of the drift, so it looks
deeper than it is. Of 2,240 decisions that changed nothing (2 to 250 units a week, 60 weekly looks each), 2.5 % were
told as recovering; in the worst of 14 cells (25 leads a week, 20 % close, a third lost) 6 %."""
LEVELS: Floats = np.exp(np.linspace(np.log(0.02), np.log(4.0), 266))
"""levels that are integrated over, 2 % apart"""
MOST_ABOVE = 1.5
"""'back' spreads over levels up to this"""


@dataclass(frozen=True, eq=False)
class ComebackEvidence:
    """What entered since a decision, by week end from the first whole week on, all [T].

    log_odds: ln B. level: observed over expected, NaN before anything was to be expected; drifted_to: the same of the
    drift's cohorts before the decision. recovering: from the week in which 'back' passes its limit until its odds are
    even again. recovered: recovering, with a level that is not short of the baseline by what is material, and a 95 %
    interval that lies above the middle between the drift and the baseline and above a fall of three in ten, which
    'holding' excludes as well.
    """

    log_odds: Floats
    level: Floats
    drifted_to: Floats
    recovering: Bools
    recovered: Bools


def comeback(
    model: OutcomeModel, drifted: int, first: int, through: int, segment: int | None, materiality: float
) -> ComebackEvidence:
    """Of a drift since the cohort `drifted` and a decision whose first whole week is `first`, week by week.

    `segment`: the one that carried the drift. Each week rests on what was known at its end.
    """
    before = _Counts.of(model, drifted, first, first, through, segment)
    after = _Counts.of(model, first, through + 1, first, through, segment)
    drift = np.where(LEVELS <= 1.0, 0.0, -np.inf)
    drift = drift - logsumexp(drift)
    doubt = np.sqrt(max(model.level_doubt, 1e-6))
    least, most = (np.log(LEVELS / level) / doubt for level in (1.0 - materiality, MOST_ABOVE))
    back = log_ndtr(least) + log_ndtr(-most)
    back = back - logsumexp(back)
    b, a = before.log_likelihood(model.dispersion), after.log_likelihood(model.dispersion)
    odds: Floats = (
        logsumexp(b + drift, axis=1) + logsumexp(a + back, axis=1) - logsumexp(a + b + drift, axis=1)
    )
    recovering = _standing(odds)
    recovered = np.zeros_like(recovering)
    for t in np.flatnonzero(recovering & (after.level >= 1.0 - materiality)):
        low, _ = model.tally(first, first + int(t), segment).interval()
        recovered[t] = low > max((1.0 + before.level[t]) / 2.0, DESIGN_LEVEL)
    return ComebackEvidence(odds, after.level, before.level, recovering, recovered)


def _standing(log_odds: Floats) -> Bools:
    """[T] from passing the limit until the odds are even again."""
    told = np.zeros(log_odds.size, dtype=bool)
    standing = False
    for t, odds in enumerate(log_odds):
        standing = bool(odds >= np.log(FLATTERED / FALSE_RECOVERIES) or (standing and odds > 0.0))
        told[t] = standing
    return told


@dataclass(frozen=True, eq=False)
class _Counts:
    """Some cohorts as known at the end of each of some weeks: events, expected [T, C] and units [C]."""

    events: Floats
    expected: Floats
    units: Floats
    repeats: bool

    @staticmethod
    def of(
        model: OutcomeModel, cohort: int, stop: int, week: int, through: int, segment: int | None
    ) -> _Counts:
        """Cohorts cohort..stop - 1 at the ends of the weeks week..through; younger weeks than a cohort are empty."""
        pick = slice(None) if segment is None else slice(segment, segment + 1)
        age = np.subtract.outer(np.arange(week, through + 1), np.arange(cohort, stop))
        place = np.arange(stop - cohort), np.clip(age, 0, model.cohorts.ages - 1)
        events, expected = (
            np.where(age >= 0, np.cumsum(table[pick, cohort:stop].sum(axis=0), axis=1)[place], 0.0)
            for table in (model.counted, model.due)
        )
        units = model.cohorts.entered[pick, cohort:stop].sum(axis=0)
        return _Counts(events, expected, units, model.cohorts.repeats)

    @property
    def level(self) -> Floats:
        """[T] observed over expected."""
        total = self.expected.sum(axis=1)
        level: Floats = np.full(total.size, np.nan)
        np.divide(self.events.sum(axis=1), total, out=level, where=total > 0)
        return level

    def log_likelihood(self, dispersion: float) -> Floats:
        """[T, level], deflated by the over-dispersion at the level that is seen."""
        total, expected = self.events.sum(axis=1), self.expected.sum(axis=1)
        log = total[:, None] * np.log(LEVELS)
        units = np.maximum(self.units, 1.0)
        share = np.zeros_like(self.expected) if self.repeats else self.expected / units
        if self.repeats:
            log = log - expected[:, None] * LEVELS
        else:
            left = np.maximum(np.where(self.expected > 0, self.units - self.events, 0.0), 0.0)
            for place, level in enumerate(LEVELS):
                log[:, place] += (left * np.log1p(-np.minimum(level * share, 1.0 - 1e-9))).sum(axis=1)
        level = np.minimum(np.nan_to_num(self.level, nan=1.0), 1.0)
        poisson = level * expected
        binomial = np.maximum(poisson - level**2 * (self.expected * share).sum(axis=1), 0.02 * poisson)
        clumped = dispersion * level**2 * (self.expected**2).sum(axis=1)
        inflation = 1.0 + np.divide(clumped, binomial, out=np.zeros_like(clumped), where=binomial > 0)
        deflated: Floats = log / inflation[:, None]
        return deflated
