"""Where a change comes from: another mix of segments, or another rate within them, and in which.

Kitagawa's decomposition (1955, doi 10.1080/01621459.1955.10501299). With shares w and rates r of the segments s before
(0) and now (1), the crude rates are R = sum w r and
    R1 - R0 = sum_s (w1 - w0) (mean(r0, r1) - mean(R0, R1))   mix
            + sum_s (r1 - r0) mean(w0, w1)                    rate within segments
exactly. Centring on mean(R0, R1) changes no sum, because the shares sum to 1 on both sides; it makes a single
segment's mix effect readable: a weak segment that grows counts against the total. The symmetric means leave no
interaction term, and swapping before and now only turns the signs.

Age-matched: a segment's share is not of units but of *exposure*, the events that its units should have had by now at
the pooled incidence of the baseline, and its rate is its events per exposure. So leads of last week weigh what they can
have told so far, and R1 - R0 is the change that is left when every age is compared with the same age. A segment
without exposure on one side can't have changed its rate: all of its effect is mix.

Which segment: a score test each of equal rates before and now, with the outcome's over-dispersion, then the step-up
procedure of Benjamini & Hochberg (1995, doi 10.1111/j.2517-6161.1995.tb02031.x) over all segments of a dimension:
of the segments that are named, at most FALSE_DISCOVERIES are expected to be named wrongly. Weeks that are good or bad
for all segments together make the tests positively dependent, for which the procedure still holds (Benjamini &
Yekutieli 2001, doi 10.1214/aos/1013699998). LEAST_EXPECTED turns up with the wish to name only large segments; it
depends on exposures, not on what happened, so it spoils no p-value.

Honest limits: one dimension at a time (two that move together share one effect); the first week that is compared is
often the one an alarm chose, which flatters every segment's test a little; it is a description, not a cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from leadline.metrics.statistics.maturity import Baseline, Cohorts

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FALSE_DISCOVERIES = 0.05
LEAST_EXPECTED = 5.0
"""expected events on either side below which a segment is not tested"""
LEAST_REVERSAL = 0.02
"""of the rate before: a pooled change smaller than this is not called reversed"""


@dataclass(frozen=True, eq=False)
class Counts:
    """Of each segment, [S]: events, and exposure (events expected at the pooled incidence of the baseline).

    squares: sum of exposure^2 / units over weeks of entry, by which a binomial variance falls short of a Poisson's.
    """

    events: Floats
    exposure: Floats
    squares: Floats


@dataclass(frozen=True, eq=False)
class Cells:
    """Events and exposure by segment, week of entry and age, both [S, C, A]: everything a breakdown is summed from.

    Exposure is units entered x pooled incidence in the season of the week, 0 at ages the baseline doesn't know; it
    rests on nothing that happened after the cell's own week, so one table serves every week of a replay. entered
    [S, C]; None where a unit may have many events.
    """

    events: Floats
    exposure: Floats
    entered: Floats | None

    @staticmethod
    def of(cohorts: Cohorts, baseline: Baseline, effect: Floats, known: Floats) -> Cells:
        """`effect` [C + A - 1]: the calendar's multiplier of each week; known [C, A]: the share of a cell's events that
        is entered, 0 for cells that don't count."""
        share = baseline.incidence(effect, np.ones(1)) * known
        return Cells(
            np.where(baseline.known_ages & (known > 0.0), cohorts.events, 0.0),
            cohorts.entered[:, :, None] * share,
            None if cohorts.repeats else cohorts.entered,
        )

    def since(self, first_cohort: int, through: int) -> Counts:
        """Counts of the cohorts first_cohort..through as known at the end of week `through`."""
        cohorts = slice(first_cohort, through + 1)
        age = np.arange(self.events.shape[2])
        known = np.add.outer(np.arange(first_cohort, through + 1), age) <= through
        events = np.einsum("sca,ca->s", self.events[:, cohorts], known)
        exposure = np.einsum("sca,ca->sc", self.exposure[:, cohorts], known)
        squares = np.zeros_like(exposure)
        if self.entered is not None:
            units = self.entered[:, cohorts]
            np.divide(exposure**2, units, out=squares, where=units > 0)
        return Counts(events, exposure.sum(axis=1), squares.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Kitagawa's parts, a number a segment [S]. Rates are events per exposure, NaN without exposure.

    before, now: the crude rates; now - before = mix.sum() + rate.sum().
    """

    before: float
    now: float
    share_before: Floats
    share_now: Floats
    rate_before: Floats
    rate_now: Floats
    mix: Floats
    rate: Floats

    @property
    def total(self) -> float:
        return self.now - self.before


def decompose(before: Counts, now: Counts) -> Decomposition | None:
    """The parts of the change; None where one side has no exposure at all.

    >>> none = np.zeros(2)
    >>> parts = decompose(Counts(np.array([30.0, 10.0]), np.array([100.0, 100.0]), none),
    ...                   Counts(np.array([15.0, 15.0]), np.array([50.0, 150.0]), none))
    >>> [round(float(v), 3) for v in (parts.total, parts.mix.sum(), parts.rate.sum())]
    [-0.05, -0.05, 0.0]
    """
    totals = float(before.exposure.sum()), float(now.exposure.sum())
    if min(totals) <= 0:
        return None
    share0, share1 = before.exposure / totals[0], now.exposure / totals[1]
    rate0, rate1 = _rates(before), _rates(now)
    crude0, crude1 = float(before.events.sum()) / totals[0], float(now.events.sum()) / totals[1]
    # a segment that is missing on one side is taken to have had its other side's rate
    r0, r1 = np.where(np.isnan(rate0), rate1, rate0), np.where(np.isnan(rate1), rate0, rate1)
    r0, r1 = np.nan_to_num(r0), np.nan_to_num(r1)
    mix = (share1 - share0) * ((r0 + r1) / 2.0 - (crude0 + crude1) / 2.0)
    rate = (r1 - r0) * (share0 + share1) / 2.0
    return Decomposition(crude0, crude1, share0, share1, rate0, rate1, mix, rate)


def _rates(counts: Counts) -> Floats:
    empty: Floats = np.full(counts.events.size, np.nan)
    np.divide(counts.events, counts.exposure, out=empty, where=counts.exposure > 0)
    return empty


def reversal(parts: Decomposition, before: Counts, now: Counts) -> int:
    """Simpson's reversal: 1 where the total rose although every segment fell, -1 where it fell although every one
    rose, else 0. Segments too small to be tested have no say; those that have must be two, and nine tenths of both
    sides."""
    use = _large_enough(before, now)
    if int(use.sum()) < 2 or min(parts.share_before[use].sum(), parts.share_now[use].sum()) < 0.9:
        return 0
    direction = float(np.sign(parts.total))
    if abs(parts.total) < LEAST_REVERSAL * parts.before or parts.before <= 0:
        return 0
    opposed = np.sign(parts.rate_now[use] - parts.rate_before[use]) == -direction
    return int(direction) if bool(opposed.all()) else 0


def _large_enough(before: Counts, now: Counts) -> Bools:
    large: Bools = (before.exposure >= LEAST_EXPECTED) & (now.exposure >= LEAST_EXPECTED)
    return large


def segment_tests(
    before: Counts, now: Counts, dispersion: float = 0.0, weeks: tuple[int, int] = (1, 1)
) -> Floats:
    """[S] standard normal scores of 'the rate is what it was', negative for a fall; NaN where it isn't tested.

    With m = common rate x exposure on either side, z = (O1 - m1) / sqrt(q0^2 v1 + q1^2 v0), q the sides' shares of
    the exposure and v = m - common^2 x squares + dispersion m^2 / weeks. Without over-dispersion, and where events are
    rare, z^2 is the chi-squared of a conditional binomial test. `weeks`: before and now.
    """
    total = before.exposure + now.exposure
    use = _large_enough(before, now)
    safe = np.where(total > 0, total, 1.0)
    common = (before.events + now.events) / safe
    m0, m1 = common * before.exposure, common * now.exposure
    v0, v1 = (
        np.maximum(m - common**2 * side.squares, 0.02 * m) + dispersion * m**2 / max(n, 1)
        for m, side, n in zip((m0, m1), (before, now), weeks, strict=True)
    )
    variance = (before.exposure / safe) ** 2 * v1 + (now.exposure / safe) ** 2 * v0
    use = use & (variance > 0)
    scores: Floats = np.full(total.size, np.nan)
    np.divide(now.events - m1, np.sqrt(variance), out=scores, where=use)
    return scores


def two_sided(scores: Floats) -> Floats:
    """[S] p-values of standard normal scores; NaN stays NaN."""
    p: Floats = 2.0 * ndtr(-np.abs(scores))
    return p


def survivors(p: Floats, rate: float = FALSE_DISCOVERIES) -> Bools:
    """[S] which hypotheses are rejected by Benjamini & Hochberg's step-up procedure; NaN was never tested.

    Rejects the k smallest p-values, k the largest with p_(k) <= k rate / m.
    """
    tested = np.flatnonzero(np.isfinite(p))
    chosen = np.zeros(p.size, dtype=bool)
    order = tested[np.argsort(p[tested], kind="stable")]
    passed = np.flatnonzero(p[order] <= rate * np.arange(1, order.size + 1) / max(order.size, 1))
    if passed.size:
        chosen[order[: int(passed[-1]) + 1]] = True
    return chosen


def carrier(before: Counts, now: Counts, scores: Floats, factor: Floats, materiality: float) -> int | None:
    """The one segment that carries a decline: it fell, survives the false-discovery step, and without it nothing
    material is left. `factor` [S]: the baseline's level of each segment; the rest is measured by it."""
    if scores.size < 2:
        return None
    expected = now.exposure * factor
    rest_events, rest_expected = now.events.sum() - now.events, expected.sum() - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(rest_expected > 0, rest_events / rest_expected, np.nan)
    named = survivors(two_sided(scores))
    alone = [s for s in range(scores.size) if named[s] and scores[s] < 0 and rest[s] > 1.0 - materiality]
    return min(alone, key=lambda s: float(scores[s])) if alone else None
