"""One outcome prepared for judging: its baseline, calendar effects, over-dispersion and weekly expectations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.breakdown import Cells, Counts
from leadline.metrics.statistics.evidence import NEARLY_ALL, SLOWER, Stream, overdispersion
from leadline.metrics.statistics.maturity import (
    Baseline,
    Cohorts,
    at_risk,
    baseline_hazards,
    by_calendar_week,
    known_cells,
)
from leadline.metrics.statistics.newcomers import with_newcomers
from leadline.metrics.statistics.reporting_delay import Entered
from leadline.metrics.statistics.season import Season, felt, fit_season, no_season, without_season

Floats = NDArray[np.float64]

TARGET_NOISE = 0.05
"""extra variance of the weeks of a target, as a share of its square"""
SAME_AS_POOLED = 10.0
"""events that speak for a segment's final rate being what its hazards say"""
MOST_MOVED = 7.0
"""of ln(incidence with longer delays / without): no single event says more for a slower cycle"""


@dataclass(frozen=True)
class Tally:
    """What some cohorts showed by the end of a week, beside what the baseline's would have: counts of *entered* units
    at the incidence of their age, so that observed over expected is the change of the rate itself, whatever the rate.

    squares: the sum of expected^2 / units over cohorts and segments, which a binomial variance is short of a Poisson's
    by (0 where events repeat). clumped: the sum of expected^2 over cohorts, which weekly noise by entry acts on.
    doubt: variance of the log of `expected`, from the baseline's level, weekly noise in it, and its season.
    """

    observed: float
    expected: float
    units: float
    squares: float
    clumped: float
    doubt: float
    dispersion: float

    def variance(self, level: float) -> float:
        """Of the observed events where units reach `level` times what the baseline's would, without the doubt. Weekly
        noise moves fewer where nearly everybody has the event."""
        poisson = max(level * self.expected, 0.5)
        binomial = max(poisson - level**2 * self.squares, 0.02 * poisson)
        left = max(1.0 - level * self.reached, 0.0) / (1.0 - self.reached)
        return binomial + self.dispersion * level**2 * min(left, 1.0) ** 2 * self.clumped

    @property
    def level(self) -> float:
        """Observed over expected: 1 = as in the baseline."""
        return self.observed / self.expected if self.expected > 0 else float("nan")

    @property
    def reached(self) -> float:
        """The share of units that the baseline's would have reached by now, on average over the events; 0 where events
        repeat and there is no such share."""
        return min(self.squares / self.expected, 1.0 - 1e-9) if self.expected > 0 else 0.0

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Of the level; (0, ...) where nothing happened. What was reached on the logit of its share, which is the log
        for small shares and never more than everybody; what was to be expected on the log; both together by their
        distances from the level (Zou & Donner 2008, doi 10.1002/sim.3095, on the log)."""
        most = 1.0 / self.reached if self.reached > 0 else float("inf")
        half = 0.5 / self.expected
        centre = min(max(self.level, half), max(most - half, half))
        share = centre * self.reached
        spread = z * float(np.sqrt(self.variance(centre))) / (centre * self.expected * max(1.0 - share, 1e-9))
        odds = float(np.exp(np.clip(spread, 0.0, 50.0)))
        # ln(share / low) and ln(high / share), where the odds are so many times smaller or larger
        down, up = np.log(odds * (1.0 - share) + share), np.log(odds / (1.0 - share + share * odds))
        doubt = z**2 * self.doubt
        low, high = centre * np.exp(-np.sqrt(down**2 + doubt)), centre * np.exp(np.sqrt(up**2 + doubt))
        return (float(low) if self.observed > 0 else 0.0), min(float(high), most)


@dataclass(frozen=True, eq=False)
class OutcomeModel:
    """Everything that the baseline taught about one outcome, and what came since.

    Weeks are positions in the cohort table; `deployed` is the first week of the monitored time. observed, expected
    [S, C] are by calendar week and count only cohorts that entered since then, at the baseline's incidence, season
    included. What is expected of a week is the share of it that is `entered`.
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
    past: Cohorts
    """what the baseline was learned from"""
    rest: int | None = None
    """the segment that holds many small ones together: it is watched, and never named as what carries a change"""
    has_trend: bool = False
    """the level was fitted with a trend (`weekly_counts`): all its doubt is in the season's covariance"""
    entered: Entered | None = None
    """how far the events of each week are entered; None: all are"""

    @property
    def baseline_weeks(self) -> int:
        return max(self.last - self.first + 1, 1)

    @cached_property
    def incidence(self) -> Floats:
        """[S, C, A] share of entered units whose event the baseline's would have had at age a; see `Baseline`."""
        ages, weeks = self.cohorts.ages, self.cohorts.weeks
        return self.baseline.incidence(_effect(self.season, self.terms, weeks + ages - 1))

    @cached_property
    def due(self) -> Floats:
        """[S, C, A] events of what entered that are expected to be known."""
        due: Floats = self.cohorts.entered[:, :, None] * self.incidence * self.share_known
        return due

    @cached_property
    def share_known(self) -> Floats:
        """[C, A] share of a cell's events that is entered by the newest export, 0 where it doesn't count."""
        weeks, ages = self.cohorts.weeks, self.cohorts.ages
        return np.ones((weeks, ages)) if self.entered is None else self.entered.by_cell(weeks, ages)

    def with_entered(self, entered: Entered) -> OutcomeModel:
        """The same outcome where events are entered only so far; those of weeks that are held back are left out."""
        counts = entered.by_cell(self.cohorts.weeks, self.cohorts.ages) > 0.0
        left = replace(self.cohorts, events=np.where(counts, self.cohorts.events, 0.0))
        return replace(self, cohorts=left, entered=entered)

    @cached_property
    def counted(self) -> Floats:
        """[S, C, A] events at the ages that the baseline knows."""
        return np.where(self.baseline.known_ages, self.cohorts.events, 0.0)

    @cached_property
    def observed(self) -> Floats:
        return by_calendar_week(self.counted, self.deployed)

    @cached_property
    def expected(self) -> Floats:
        return by_calendar_week(self.due, self.deployed)

    def usual(self, entered: Floats) -> Floats:
        """[T] events by calendar week of units [S, C] that entered since the deployment, at the baseline's pooled
        incidence for their age: whatever the season, and whichever segment they are of."""
        whole = self.baseline.incidence(np.ones(self.cohorts.ages), np.ones(1))[0, 0]
        due = entered.sum(axis=0)[:, None] * whole * self.share_known
        usual: Floats = by_calendar_week(due[None], self.deployed)[0]
        return usual

    @cached_property
    def as_counted(self) -> tuple[Floats, Floats]:
        """[T] events by calendar week of all that entered since the deployment, newcomers too, and the `usual` ones."""
        counts = self.baseline.known_ages & (self.share_known > 0.0)
        happened = by_calendar_week(np.where(counts, self.past.events, 0.0), self.deployed)
        return happened.sum(axis=0), self.usual(self.past.entered)

    def of_cohorts(self, first: int, through: int, segment: int | None = None) -> tuple[float, float]:
        """Events known at the end of week `through` of the cohorts first..through, newcomers too; the `usual` ones."""
        pick = slice(None) if segment is None else slice(segment, segment + 1)
        stop = through + 1
        counts = (
            self._known(first, stop, through)
            & self.baseline.known_ages
            & (self.share_known[first:stop] > 0.0)
        )
        whole = self.baseline.incidence(np.ones(self.cohorts.ages), np.ones(1))[0, 0]
        usual = (
            self.past.entered[pick, first:stop].sum(axis=0)[:, None] * whole * self.share_known[first:stop]
        )
        return float((self.past.events[pick, first:stop] * counts).sum()), float((usual * counts).sum())

    @cached_property
    def level_doubt(self) -> float:
        """Variance of the log of the baseline's level, all its cohorts at the ages they had reached."""
        if self.has_trend:
            return float(self.season.covariance[0, 0])
        pick = slice(None)
        return self.baseline.doubt(self._past_due(pick).sum(axis=(0, 1))) + self._baseline_noise(pick)

    @cached_property
    def segment_level(self) -> Floats:
        """[S] final rate of each segment over that of all together, as the baseline knows them."""
        flat = np.ones(self.cohorts.ages)
        pooled = float(self.baseline.incidence(flat, np.ones(1)).sum())
        reached = self.baseline.incidence(flat).sum(axis=(1, 2))
        level: Floats = reached / pooled if pooled > 0 else np.ones_like(reached)
        return level

    @cached_property
    def segment_fit(self) -> Floats:
        """[S] what the baseline's cohorts of a segment had reached over what its hazards say, the pooled ones times a
        factor: 1 where they say it right, and close to it where few events tell."""
        if self.baseline.agreed:
            return np.ones(self.segment_level.size)
        own = slice(self.first, self.last + 1)
        known = self.baseline.known_ages & self._known(self.first, self.last + 1, self.last)
        happened = (self.past.events[:, own] * known).sum(axis=(1, 2))
        fit: Floats = (SAME_AS_POOLED + happened) / (
            SAME_AS_POOLED + self._past_due(slice(None)).sum(axis=(1, 2))
        )
        return fit

    def rate(self, segment: int | None = None) -> float:
        """The baseline's final rate, of all or of one segment; of counts, what the segment adds to the total."""
        if segment is None:
            return self.baseline.final_rate
        share = 1.0 / self.segment_level.size if self.cohorts.of_time else 1.0
        return self.baseline.final_rate * float(self.segment_level[segment]) * share

    def tally(
        self,
        first: int,
        through: int,
        segment: int | None = None,
        *,
        since_week: int | None = None,
    ) -> Tally:
        """Of the cohorts first..through, known at the end of week `through`.

        `since_week`: only events of that calendar week and later.
        """
        pick = slice(None) if segment is None else slice(segment, segment + 1)
        stop = through + 1
        known = self._known(first, stop, through, since_week)
        due = self._due(pick, first, stop, known)
        if segment is not None:
            due = due * self.segment_fit[segment]
        by_cohort = due.sum(axis=2)
        entered = self.cohorts.entered[pick, first:stop]
        squares = np.divide(by_cohort**2, entered, out=np.zeros_like(by_cohort), where=entered > 0)
        doubt = 0.0 if self.has_trend else self.baseline.doubt(due.sum(axis=(0, 1)))
        if segment is not None:
            rest = 1.0 if self.cohorts.repeats else 1.0 - self.baseline.final_rate
            doubt = max(doubt, rest / max(float(self.baseline.events_seen[segment]), 1.0))
        doubt += 0.0 if self.has_trend else self._baseline_noise(pick)
        observed = float((self.counted[pick, first:stop] * known).sum())
        return Tally(
            observed=observed,
            expected=float(by_cohort.sum()),
            units=observed if self.cohorts.of_time else float(entered.sum()),
            squares=0.0 if self.cohorts.repeats else float(squares.sum()),
            clumped=float((by_cohort.sum(axis=0) ** 2).sum()),
            doubt=doubt + self._calendar_doubt(due, first),
            dispersion=self.dispersion,
        )

    def _known(self, first: int, stop: int, through: int, since_week: int | None = None) -> NDArray[np.bool_]:
        week = np.add.outer(np.arange(first, stop), np.arange(self.cohorts.ages))
        known: NDArray[np.bool_] = week <= through
        return known if since_week is None else known & (week >= since_week)

    def _due(self, pick: slice, first: int, stop: int, known: NDArray[np.bool_]) -> Floats:
        due: Floats = self.due[pick, first:stop] * known
        return due

    def _past_due(self, pick: slice) -> Floats:
        """[S, C, A] events expected of the baseline's own cohorts by its end."""
        weeks = slice(self.first, self.last + 1)
        entered = self.past.entered[pick, weeks, None]
        due: Floats = (
            entered * self.incidence[pick, weeks] * self._known(self.first, self.last + 1, self.last)
        )
        return due

    def _baseline_noise(self, pick: slice) -> float:
        """What weekly noise leaves open about the baseline's level (variance of its log)."""
        if self.baseline.agreed:
            return 0.0
        by_cohort = self._past_due(pick).sum(axis=(0, 2))
        total = float(by_cohort.sum())
        return self.dispersion * float((by_cohort**2).sum()) / total**2 if total > 0 else 1.0

    def _calendar_doubt(self, due: Floats, first: int) -> float:
        """Variance of the log of `due` [S, C, A] that the season's coefficients leave, against the baseline's weeks,
        and the shares of the weeks that are entered."""
        by_cell = due.sum(axis=0)
        total = float(by_cell.sum())
        if total <= 0.0:
            return 0.0
        week = np.add.outer(np.arange(first, first + by_cell.shape[0]), np.arange(by_cell.shape[1]))
        weight = np.bincount(week.ravel(), weights=by_cell.ravel(), minlength=self.terms.shape[0])
        apart = weight[: self.terms.shape[0]] @ self._apart / total
        # the calendar acts on hazards: where nearly everybody has an event, it hardly moves how many do
        reached = 0.0 if self.cohorts.repeats else min(self.baseline.final_rate, 1.0 - 1e-9)
        moved = (1.0 - reached) * float(felt(np.array([reached]))[0])
        season = moved**2 * float(apart @ self.season.covariance @ apart)
        if self.entered is None:
            return season
        off = self.entered.error.T @ weight[: self.entered.share.size] / total
        return season + float(off @ off)

    @cached_property
    def _apart(self) -> Floats:
        """[T, p] the calendar's terms against their mean in the baseline; the level's own is 1 where it was fitted with
        them, and 0 where its doubt stands elsewhere."""
        apart: Floats = self.terms - self.terms[self.first : self.last + 1].mean(axis=0)
        apart[:, 0] = float(self.has_trend)
        return apart

    @property
    def calendar_error(self) -> Floats:
        """[T, p'] factor L: L z, z standard normal, is a draw of the error of the log of what is expected by week that
        season and entry leave, against the mean of the baseline's weeks."""
        error: Floats = self._apart[:, 1:] @ np.linalg.cholesky(self.season.covariance[1:, 1:])
        if self.entered is None:
            return error
        known = self.entered.error
        later = np.zeros((error.shape[0] - known.shape[0], known.shape[1]))
        return np.hstack([error, np.vstack([known, later])])

    @cached_property
    def cells(self) -> Cells:
        """What breakdowns by the model's own segments are summed from."""
        return self.cells_of(self.cohorts)

    def cells_of(self, cohorts: Cohorts) -> Cells:
        """The same for the outcome counted by another dimension."""
        effect = _effect(self.season, self.terms, cohorts.weeks + cohorts.ages - 1)
        return Cells.of(cohorts, self.baseline, effect, self.share_known[: cohorts.weeks])

    @cached_property
    def baseline_counts(self) -> Counts:
        """Events and exposure by segment at the end of the baseline."""
        return self.cells_of(self.past).since(self.first, self.last)

    def stream(self) -> Stream:
        """The cohorts since the deployment as the evidence wants them."""
        since, weeks = slice(self.deployed, None), slice(self.first, self.last + 1)
        known = self.baseline.known_ages & self._known(self.first, self.last + 1, self.last)
        past, due = self.past.events[:, weeks] * known, self._past_due(slice(None))
        happened = past.sum(axis=(1, 2))
        by_entry = self.dispersion
        if not self.baseline.agreed:
            by_entry = _by_entry(past, due, None if self.cohorts.repeats else self.past.entered[:, weeks])
        mass = np.where(self.baseline.known_ages, self.baseline.stretched[SLOWER], 0.0).T  # [A, stretch]
        ratio = np.divide(mass, mass[:, :1], out=np.ones_like(mass), where=mass[:, :1] > 0)
        flat = np.ones(self.cohorts.ages)
        whole = self.baseline.incidence(flat, np.ones(1))[0, 0]
        reach = np.clip([whole.sum(), *self.baseline.incidence(flat).sum(axis=(1, 2))], 1e-9, 0.999)
        reach = np.zeros(reach.size) if self.cohorts.repeats else reach
        left, by_season = 1.0 - reach, felt(reach)
        hazard = left * by_season
        seen = np.array([happened.sum(), *np.maximum(happened, self.baseline.events_seen)])
        variance = left / np.maximum(seen, 1.0)
        variance[0] = max(float(variance[0]), self.baseline.doubt(whole))
        variance += np.maximum(by_entry, self.dispersion * hazard**2) / self.baseline_weeks
        if self.has_trend:
            variance = np.maximum(self.level_doubt, variance)
        doubt = np.zeros(seen.size) if self.baseline.agreed else np.sqrt(variance) / left
        counted, entered = self.counted[:, since], self.cohorts.entered[:, since]
        moved = (entered * self.segment_level[:, None])[:, :, None, None] * (mass - mass[:, :1])
        moved *= self.share_known[since, :, None]
        fit, own = self.segment_fit, reach[1:]
        # more events than units would make of every failure a proof: nearly all can only be so many fewer failures
        fewer = (1.0 - (1.0 - own) / np.maximum(fit, 1.0)) / np.maximum(own, NEARLY_ALL)
        fit = np.where((own > NEARLY_ALL) & (fit > 1.0), np.minimum(fit, fewer), fit)
        expected = np.maximum(self.due[:, since, :, None] + moved, 0.0) * fit[:, None, None, None]
        late = 0.0 if self.entered is None else float(np.sqrt((self.entered.error**2).sum(axis=1).max()))
        return Stream(
            entered=None if self.cohorts.repeats else entered,
            events=counted,
            expected=expected,
            shape=counted[..., None] * np.clip(np.log(ratio), -MOST_MOVED, MOST_MOVED),
            noise_by_entry=by_entry,
            noise_by_week=self.dispersion,
            level_sd=doubt,
            seen=seen,
            calendar=self.calendar_error[since],
            calendar_sd=float(np.hypot(self.season.error_in_a_year, late)),
            felt=by_season,
            rate=float(reach[0]),
        )


def _by_entry(events: Floats, due: Floats, entered: Floats | None) -> float:
    """Over-dispersion between weeks of entry of what was reached by now: [S, C, A] events and those expected."""
    by_cohort = due.sum(axis=2)
    short = np.zeros_like(by_cohort)
    if entered is not None:
        np.divide(by_cohort**2, entered, out=short, where=entered > 0)
    return overdispersion(events.sum(axis=(0, 2)), by_cohort.sum(axis=0), short.sum(axis=0), 1)[0]


def prepare(
    cohorts: Cohorts,
    terms: Floats,
    first: int,
    last: int,
    deployed: int,
    newcomers: int = 0,
    rest: int | None = None,
    compared_from: int = 0,
) -> OutcomeModel:
    """Fit the baseline weeks first..last of a cohort table and lay what came from week `deployed` on beside it.

    cohorts: entered [S, C], events [S, C, A]; terms [>= C, p] from `season.calendar_terms`. Only what was known at
    the end of the baseline enters the fit, so nothing that is judged has shaped the yardstick. The last `newcomers`
    segments, which the baseline never saw, are compared only from when they have a yardstick of their own; no segment
    is before the cohort `compared_from`, where the baseline lies after the deployment.
    """
    known = cohorts.entered.shape[0] - newcomers
    everything = cohorts
    cohorts = replace(cohorts, entered=cohorts.entered[:known], events=cohorts.events[:known])
    baseline = baseline_hazards(cohorts, first, last)
    known_then = cohorts.known_at(last)
    hazard = np.where(baseline.known_ages, baseline.hazard, 0.0) * baseline.factor[:, None, None]
    hazard = hazard if cohorts.repeats else np.minimum(hazard, 1.0)
    due = at_risk(known_then) * hazard * known_cells(known_then.weeks, known_then.ages, last)
    events = np.where(baseline.known_ages, known_then.events, 0.0)
    # given who was still at risk, a cell's events are binomial: their variance is short of a Poisson's by due x hazard
    short = np.zeros_like(due) if cohorts.repeats else due * hazard
    O, E, B = (by_calendar_week(table, first).sum(axis=0)[first:] for table in (events, due, short))
    O_entry, E_entry, B_entry = (table.sum(axis=(0, 2))[first:] for table in (events, due, short))
    own = terms[first : last + 1]
    rate = 0.0 if cohorts.repeats else min(baseline.final_rate, 1.0 - 1e-9)
    season, dispersion, error = no_season(rate), 0.0, 0.0
    for _ in range(2):
        season = fit_season(O, E, own, dispersion, rate)
        by_event = overdispersion(O, E * season.effect(own), B, 4 if season.learned else 1)
        # noise that a cohort carries through its whole life is smeared over many calendar weeks and looks small
        # there, yet it does not average out over the weeks that are watched: the larger of the two ways is used
        by_entry = overdispersion(O_entry, E_entry, B_entry, 1)
        dispersion, error = max(by_event, by_entry)
    cohorts, baseline = with_newcomers(everything, baseline, newcomers)
    between = slice(deployed, max(compared_from, deployed))
    if compared_from > deployed:
        entered, later = cohorts.entered.copy(), cohorts.events.copy()
        entered[:, between], later[:, between] = 0.0, 0.0
        cohorts = replace(cohorts, entered=entered, events=later)
    return OutcomeModel(
        cohorts, baseline, season, terms, dispersion, error, first, last, deployed, everything, rest
    )


def prepare_target(cohorts: Cohorts, terms: Floats, target: float, deployed: int) -> OutcomeModel:
    """A share held against one that was agreed, all segments together.

    A cohort is compared when it is older than the horizon, and then as a whole: nothing is known of how fast a target
    should be reached. Between weeks a target is missed and passed by chance; without a past to learn that from,
    TARGET_NOISE of the share that is to be missing is taken.
    """
    entered = cohorts.entered.sum(axis=0, keepdims=True)
    events = np.zeros((1, cohorts.weeks, cohorts.ages))
    events[0, :, -1] = cohorts.events.sum(axis=(0, 2))
    hazard, many = np.zeros(cohorts.ages), np.ones(cohorts.ages) * 1e9
    hazard[-1] = target
    certain = np.array([1e9])
    baseline = Baseline(hazard, np.ones(1), certain, certain, many, agreed=True)
    noise = TARGET_NOISE * (1.0 - target)
    grown = Cohorts(entered, events)
    return OutcomeModel(
        grown, baseline, without_season(), terms, noise, noise, 0, max(deployed - 1, 0), deployed, grown
    )


def _effect(season: Season, terms: Floats, weeks: int) -> Floats:
    """[weeks] the calendar's multiplier; beyond the last week of `terms` it is that week's."""
    effect = season.effect(terms[:weeks])
    return np.concatenate([effect, np.full(max(weeks - effect.size, 0), effect[-1])])
