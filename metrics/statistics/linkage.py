"""Does the proxy still mean anything: at equal age, do units that have it reach the outcome more often?

A unit counts in age week a of its life while it has not reached the outcome, on the side 'yes' if the proxy had
happened before that week began, else on the side 'no'. So a proxy is never credited with what came first, units that
had more time to show it gain nothing by that (immortal time), and what is said of a week rests on nothing later than
that week: one table serves every week of a replay. Every pair of entry week and age is one 2 x 2 table

                  outcome in week a     not
    proxy yes            A               B
    proxy no             C               D          n = A + B + C + D

and the common odds ratio is Mantel & Haenszel's (1959, doi 10.1093/jnci/22.4.719) sum R / sum S with R = AD/n,
S = BC/n, its interval on the log with the variance of Robins, Breslow & Greenland (1986, doi 10.2307/2531052),
    sum PR / 2 (sum R)^2 + sum (PS + QR) / 2 sum R sum S + sum QS / 2 (sum S)^2,   P = (A + D)/n, Q = (B + C)/n,
which holds for a few large tables and for many tiny ones alike. Stratified by age it is the discrete form of a
proportional-hazards comparison with a proxy that changes in time (D'Agostino et al. 1990,
doi 10.1002/sim.4780091214); because weekly chances are small, the odds ratio reads as a ratio of rates. Pending units
are in the tables of the ages they have reached and in no other.

Durations are compared by rank: 'fast' is at or under the median of the leads that entered in the same week, those
still waiting last. A fixed line (five minutes) stops telling leads apart once everybody is under it; the faster half
of a week exists before and after the workflow was made fast, so the question stays the same.

Knobs: USEFUL, the odds ratio that a proxy worth watching should have, decides between 'never did' and 'not known';
CONFIDENCE the width of all intervals. Honest limits: association, not cause (leads that are answered first may be the
better ones); an outcome in the same week as the proxy tells nothing, because which came first is not looked at; looked
at every week, one interval in twenty is wrong now and then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LinkVerdict = Literal["predicts", "weaker", "no longer predicts", "never did", "not known"]

NEVER = 1_000_000
"""an age at which nothing ever happens"""
USEFUL = 1.5
CONFIDENCE = 1.96
NEWLY = 2.58
"""standard errors above 1 from which a proxy that showed nothing in the baseline is said to predict now: 99 %,
because that is a surprise and is looked for every week"""
LEAST_EVENTS = 10
"""fewer outcomes than this give no odds ratio"""


@dataclass(frozen=True, eq=False)
class Units:
    """Groups of alike units, [N]: week of entry, age from which they count, age at which the proxy happened, bucket
    of its duration (-1 where it is no duration), age at the outcome, how many. Ages in weeks, -1: known at entry."""

    cohort: Ints
    since: Ints
    proxy: Ints
    bucket: Ints
    outcome: Ints
    units: Floats


@dataclass(frozen=True)
class OddsRatio:
    """Odds of the outcome with the proxy over those without, and its 95 % interval; None where it can't be told."""

    value: float | None
    low: float | None
    high: float | None
    error: float | None
    """standard error of its logarithm"""
    units: int
    events: int
    share: float | None
    """of the units' weeks, those with the proxy"""


@dataclass(frozen=True, eq=False)
class Link:
    """At risk and events by side (0 no, 1 yes), week of entry and age: both [2, C, A]."""

    at_risk: Floats
    events: Floats

    @cached_property
    def _terms(self) -> Floats:
        """[8, C, A]: R, S, PR, PS + QR, QS, events, at risk with the proxy, at risk in all."""
        C, A = self.events
        D, B = self.at_risk - self.events
        n = self.at_risk.sum(axis=0)
        safe = np.where(n > 0, n, 1.0)
        R, S, P, Q = A * D / safe, B * C / safe, (A + D) / safe, (B + C) / safe
        return np.stack([R, S, P * R, P * S + Q * R, Q * S, A + C, self.at_risk[1], n])

    def odds_ratio(self, first: int, last: int, through: int) -> OddsRatio:
        """Of the cohorts first..last, with what was known at the end of week `through`."""
        last = min(last, through)
        if last < first:
            return OddsRatio(None, None, None, None, 0, 0, None)
        ages = np.arange(self.events.shape[2])
        known = np.add.outer(np.arange(first, last + 1), ages) <= through
        terms = self._terms[:, first : last + 1] * known
        R, S, PR, mixed, QS, events, yes, n = (float(v) for v in terms.sum(axis=(1, 2)))
        units = int(terms[7].max(axis=1).sum()) if last >= first else 0
        share = yes / n if n > 0 else None
        if events < LEAST_EVENTS or R <= 0 or S <= 0:
            return OddsRatio(None, None, None, None, units, int(events), share)
        error = math.sqrt(PR / (2 * R**2) + mixed / (2 * R * S) + QS / (2 * S**2))
        value = R / S
        spread = math.exp(CONFIDENCE * error)
        return OddsRatio(value, value / spread, value * spread, error, units, int(events), share)


def link(table: Units, weeks: int, ages: int) -> Link:
    """Lay units out by side, week of entry and age. Ages 0..ages - 1; cohorts outside 0..weeks - 1 are left out."""
    inside = (table.cohort >= 0) & (table.cohort < weeks)
    cohort, since, proxy, bucket, outcome = (
        column[inside] for column in (table.cohort, table.since, table.proxy, table.bucket, table.outcome)
    )
    units = table.units[inside]
    # a unit is at risk in the ages first..end - 1, and on the side 'yes' in those of them from its proxy on that come
    # before its bucket is no longer fast
    first, end = np.maximum(since + 1, 0), np.minimum(outcome + 1, ages)
    slow_from = _slow_from(cohort, proxy, bucket, units, weeks, ages)
    everybody = _in_ages(cohort, first, end, units, weeks, ages)
    with_proxy = _in_ages(
        cohort, np.maximum(first, proxy + 1), np.minimum(end, slow_from), units, weeks, ages
    )
    happens = (since < outcome) & (outcome < ages)
    side = (proxy < outcome) & (outcome < slow_from)
    place = (side * weeks + cohort) * ages + outcome
    events = np.bincount(place[happens], units[happens], 2 * weeks * ages).reshape(2, weeks, ages)
    return Link(np.stack([everybody - with_proxy, with_proxy]), events.astype(np.float64))


def _in_ages(cohort: Ints, first: Ints, end: Ints, units: Floats, weeks: int, ages: int) -> Floats:
    """Units by week of entry and age, each in the ages first..end - 1: [C, A]."""
    some = first < end
    begins, ends = (
        np.bincount(cohort[some] * (ages + 1) + at[some], units[some], weeks * (ages + 1))
        for at in (first, end)
    )
    here = np.cumsum((begins - ends).reshape(weeks, ages + 1), axis=1)[:, :ages]
    return here.astype(np.float64)


def _slow_from(cohort: Ints, proxy: Ints, bucket: Ints, units: Floats, weeks: int, ages: int) -> Ints:
    """The age from which each unit's bucket lies beyond the median of its week of entry, waiting units last; `ages`
    where it never does. As ages go by more is known and the median can only fall."""
    if not (bucket >= 0).any():
        return np.full(bucket.size, ages, dtype=np.int64)
    buckets = int(bucket.max()) + 1
    total = np.bincount(cohort, units, weeks)
    known = (bucket >= 0) & (proxy < ages)
    # at the start of age a, what happened at ages below a is known
    at = np.maximum(proxy[known] + 1, 0)
    place = (cohort[known] * (ages + 1) + at) * buckets + bucket[known]
    counts = np.bincount(place, units[known], weeks * (ages + 1) * buckets).reshape(weeks, ages + 1, buckets)
    reached = np.cumsum(np.cumsum(counts, axis=1), axis=2)[:, :ages]
    half = reached >= total[:, None, None] / 2.0
    median = np.where(half.any(axis=2), half.argmax(axis=2), NEVER)
    fast = (median[:, :, None] >= np.arange(buckets)).sum(axis=1)
    return np.where(bucket >= 0, fast[cohort, np.maximum(bucket, 0)], ages)


def judge(before: OddsRatio, now: OddsRatio) -> LinkVerdict:
    """What the proxy was worth in the baseline and is worth now.

    predicts            the interval now lies above 1, and it is not clearly less than it was; where the baseline
                        showed nothing, a wider interval must lie above 1 (NEWLY)
    weaker              still above 1, but clearly less than in the baseline
    no longer predicts  it did in the baseline, is clearly less now, and the interval now reaches 1
    never did           the baseline rules out an odds ratio of USEFUL and never showed one above 1; nor does now
    not known           too few outcomes to say any of these, or a first sign of something new
    """
    did = before.low is not None and before.low > 1.0
    does = now.low is not None and now.low > 1.0
    if did and _clearly_less(before, now):
        return "weaker" if does else "no longer predicts"
    if does and (did or _newly(now)):
        return "predicts"
    if not did and not does and before.high is not None and before.high < USEFUL:
        return "never did"
    return "not known"


def _newly(now: OddsRatio) -> bool:
    if now.value is None or now.error is None:
        return False
    return math.log(now.value) > NEWLY * now.error


def _clearly_less(before: OddsRatio, now: OddsRatio) -> bool:
    if before.value is None or now.value is None or before.error is None or now.error is None:
        return False
    ratio = math.log(now.value / before.value)
    return ratio + CONFIDENCE * math.hypot(before.error, now.error) < 0.0
