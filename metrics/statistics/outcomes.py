"""One outcome prepared for judging: its baseline, calendar effects, over-dispersion and weekly expectations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.breakdown import Cells, Counts
from leadline.metrics.statistics.evidence import Stream, overdispersion
from leadline.metrics.statistics.maturity import (
    Baseline,
    Cohorts,
    at_risk,
    baseline_hazards,
    expected_events,
    known_cells,
)
from leadline.metrics.statistics.season import Season, fit_season, no_season

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OutcomeModel:
    """Everything that the baseline taught about one outcome, and what came since.

    Weeks are positions in the cohort table; `deployed` is the first week of the monitored time. observed, expected
    [S, C] count only cohorts that entered since then, season included.
    """

    cohorts: Cohorts
    baseline: Baseline
    season: Season
    terms: Floats
    dispersion: float
    dispersion_error: float
    first: int
    last: int
    deployed: int
    observed: Floats
    expected: Floats

    @property
    def baseline_weeks(self) -> int:
        return max(self.last - self.first + 1, 1)

    @property
    def level_doubt(self) -> float:
        """Variance of the log of the baseline's level: Poisson, and weekly noise over its weeks."""
        return 1.0 / max(float(self.baseline.events_seen.sum()), 1.0) + self.dispersion / self.baseline_weeks

    @cached_property
    def cells(self) -> Cells:
        """What breakdowns by the model's own segments are summed from."""
        return Cells.of(self.cohorts, self.baseline, self.season.effect(self.terms[: self.cohorts.weeks]))

    @cached_property
    def baseline_counts(self) -> Counts:
        """Events and exposure by segment at the end of the baseline."""
        return self.cells.since(self.first, self.last)

    def stream(self) -> Stream:
        """The monitored weeks as the monitors want them."""
        since = slice(self.deployed, None)
        weeks = self.baseline_weeks
        terms = self.terms[since, 1:]
        covariance = self.season.covariance[1:, 1:]
        root = np.linalg.cholesky(covariance) if self.season.learned else np.zeros_like(covariance)
        return Stream(
            observed=self.observed[:, since],
            expected=self.expected[:, since],
            dispersion=self.dispersion,
            dispersion_error=self.dispersion_error,
            level_weight=np.maximum(self.baseline.events_seen, 1.0),
            calendar_error=terms @ root,
            shared_error=float(np.sqrt(self.dispersion / weeks)),
        )


def prepare(cohorts: Cohorts, terms: Floats, first: int, last: int, deployed: int) -> OutcomeModel:
    """Fit the baseline weeks first..last of a cohort table and lay what came from week `deployed` on beside it.

    cohorts: entered [S, C], events [S, C, A]; terms [>= C, p] from `season.calendar_terms`. Only what was known at
    the end of the baseline enters the fit, so nothing that is judged has shaped the yardstick.
    """
    baseline = baseline_hazards(cohorts, first, last)
    known = cohorts.known_at(last)
    O, E = (table.sum(axis=0)[first:] for table in expected_events(known, baseline, first))
    own = terms[first : last + 1]
    season, dispersion, error = no_season(terms), 0.0, 0.0
    for _ in range(2):
        season = fit_season(O, E, own, dispersion)
        by_event = overdispersion(O, E * season.effect(own), 4 if season.learned else 1)
        dispersion, error = max(by_event, _entry_dispersion(known, baseline, first))
    observed, expected = expected_events(cohorts, baseline, deployed)
    expected = expected * season.effect(terms[: cohorts.weeks])[None, :]
    return OutcomeModel(
        cohorts, baseline, season, terms, dispersion, error, first, last, deployed, observed, expected
    )


def _entry_dispersion(known: Cohorts, baseline: Baseline, first: int) -> tuple[float, float]:
    """Over-dispersion between weeks of entry: noise that a cohort carries through its whole life.

    By calendar week such noise is smeared over many cohorts and looks small, yet it does not average out over the
    weeks of a CUSUM; the larger of the two ways of counting is used. `known`: the table at the baseline's end.
    """
    cells = known_cells(known.weeks, known.ages, known.weeks - 1)
    hazard = np.where(baseline.known_ages, baseline.hazard, 0.0)
    expected = (at_risk(known) * hazard * cells * baseline.factor[:, None, None]).sum(axis=(0, 2))[first:]
    observed = np.where(baseline.known_ages, known.events, 0.0).sum(axis=(0, 2))[first:]
    return overdispersion(observed, expected, 1)
