"""The evidence of `evidence.py` on many histories of one outcome at once, which have their units in common.

Where the same units enter each week, what is expected and how sure that is are the same for every history, and a
cohort's log likelihood is linear in its events,
    l = constant + events x slope + weight x events by age @ ln(stretched / not),
with constant and slope polynomials in the level. So constants, slopes, prices and the season's doubt are made once, and
a look at any number of histories is a matrix product of their events and those slopes, and an integral. The
polynomials are cubic, and Laplace's method takes two steps of Newton's: that moves the evidence by hundredths.

A history is looked at closely only where an alarm is near on a glance: without slower cycles, and with onsets that lie
the further apart the longer ago they are (OFFSETS; those between are shared out to their neighbours), which leaves an
error of a few tenths. An alarm is always one of the close look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.evidence import (
    CLEAR_FEWER,
    COMMON_EVENTS,
    LOG_STRETCH,
    NODES,
    ONSET_PRIOR,
    SLOWER,
    Stream,
    Table,
    from_on,
    limit,
    log_sum,
)
from leadline.metrics.statistics.laplace import integrated

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

OFFSETS = (0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 26, 34, 44, 57, 74, 96, 125)
"""weeks before a look at which onsets are glanced at"""
CUBIC = 4
"""coefficients of a polynomial"""
NEAR = 0.0
"""how far from the baseline they are made, at least: what alarms is not so far from it yet"""
NEARLY = 1.0
"""log odds by which a glance may fall short of an alarm and is still followed by a close look"""
GLANCE, CLOSE = 1, 2
"""steps of Newton's method"""


@dataclass(frozen=True, eq=False)
class Counts:
    """Events of many histories [N, S, C, A], and by the end of each age."""

    events: NDArray[np.float32]
    by_age: NDArray[np.float32]

    @classmethod
    def of(cls, events: NDArray[np.float32]) -> Self:
        return cls(events, np.cumsum(events, axis=3, dtype=np.float32))


@dataclass(frozen=True, eq=False)
class ManyHistories:
    """One outcome. constant, slope [J, P, C, A, theta x stretch]: polynomials in the level; weight [P, C, A]; bend
    [A, stretch]: ln(stretched / not), of each event; rate: the outcome's final one."""

    table: Table
    constant: Floats
    slope: Floats
    weight: Floats
    bend: Floats
    rate: float

    @classmethod
    def of(cls, stream: Stream) -> Self:
        """`stream`: that of a history in which one event came in every cell; those of others take its place."""
        none = replace(stream, events=np.zeros_like(stream.events), shape=np.zeros_like(stream.shape))
        little = 1e-3
        one = np.zeros_like(none.events)
        one[..., 0] = little
        table = Table.of(none, NEAR)
        places = table.value.shape[1]
        # of all segments together, the events are the sum
        several = np.array([stream.events.shape[0], *([1.0] * (places - 1))])[:, None, None]
        slope = (Table.of(replace(none, events=one), NEAR).value - table.value) / little
        due = np.cumsum(stream.expected[..., 0], axis=2)
        due = np.concatenate([due.sum(axis=0, keepdims=True), due])[:places]
        weight = np.divide(table.expected, due, out=np.zeros_like(due), where=due > 0)
        return cls(
            table,
            _cubic(table.value),
            _cubic(slope / several[..., None]),
            weight,
            stream.shape[0, 0],
            stream.rate,
        )

    def alarming(self, counts: Counts, which: Ints, t: int, outcomes: int, yearly_budget: float) -> Bools:
        """[n] whether the histories `which` alarm t weeks after the first that is watched."""
        price = self._price(t, outcomes) + limit(yearly_budget)
        look = _Look.of(self, t)
        glance = look.from_onsets([t - offset for offset in reversed(OFFSETS) if offset < t] or [0])
        known = look.known(counts, which)
        found = np.zeros(which.size, dtype=bool)
        for place in range(price.size):
            if not (left := np.flatnonzero(~found)).size:
                break
            odds, fewer = glance.without_slower(known[left, place], place)
            left = left[(odds > price[place] - NEARLY) & (fewer > CLEAR_FEWER - NEARLY)]
            if left.size:
                odds, fewer = look.evidence(counts, which[left], known[left, place], place)
                found[left] = (odds > price[place]) & (fewer >= CLEAR_FEWER)
        return found

    def log_odds(self, counts: Counts, which: Ints, t: int, outcomes: int) -> Floats:
        """[n, P] the evidence less its price, whatever it is."""
        look, price = _Look.of(self, t), self._price(t, outcomes)
        known = look.known(counts, which)
        found = [look.evidence(counts, which, known[:, p], p)[0] for p in range(price.size)]
        return np.array(found).T - price

    def _price(self, t: int, outcomes: int) -> Floats:
        price: Floats = self.table.price(t, outcomes) + COMMON_EVENTS * self.rate
        return price


def any_alarming(
    outcomes: Sequence[tuple[ManyHistories, Counts, int]], which: Ints, t: int, yearly_budget: float
) -> Bools:
    """[n] whether any outcome alarms in the histories `which`, t weeks after the first that is watched. Of each, as far
    as it is entered: weeks later."""
    found = np.zeros(which.size, dtype=bool)
    for many, counts, behind in outcomes:
        left = np.flatnonzero(~found)
        if left.size and t >= behind:
            found[left] = many.alarming(counts, which[left], t - behind, len(outcomes), yearly_budget)
    return found


@dataclass(frozen=True, eq=False)
class _Look:
    """What looks at the end of one week have in common: K onsets are looked at, each with the cohorts until the next.

    first [K]: the onsets; share [K]: of the flat prior. constant [J, P, K, m]: of the
    cohorts from each on; total [J, P]: of all, as the baseline's; slope [J, P, t + 1, m]; weight [P, t + 1].
    """

    many: ManyHistories
    cohort: Ints
    age: Ints
    first: Ints
    share: Floats
    constant: Floats
    total: Floats
    slope: Floats
    weight: Floats
    season_sd: Floats

    @staticmethod
    def of(many: ManyHistories, t: int) -> _Look:
        """With every onset."""
        cohort, age = many.table.known(t)
        constant = many.constant[:, :, cohort, age]
        return _Look(
            many,
            cohort,
            age,
            cohort,
            np.ones(t + 1),
            from_on(constant, 2),
            constant[..., 0].sum(axis=2),
            many.slope[:, :, cohort, age],
            many.weight[:, cohort, age],
            many.table.season_sd(t),
        )

    def from_onsets(self, onsets: Sequence[int]) -> _Look:
        """With these alone, and the first of all; those between are shared out to their neighbours."""
        first = np.array(sorted({0, *onsets}))
        hat = np.array([np.interp(self.cohort, first, own) for own in np.eye(first.size)])
        return replace(
            self,
            first=first,
            share=hat.sum(axis=1),
            constant=self.constant[:, :, first],
            season_sd=self.season_sd[:, first],
        )

    def known(self, counts: Counts, which: Ints) -> Floats:
        """[n, P, t + 1] events of each cohort by now, in all and by segment."""
        own = counts.by_age[which[:, None], :, self.cohort, self.age].transpose(0, 2, 1).astype(np.float64)
        together = own.sum(axis=1, keepdims=True)
        return together if self.weight.shape[0] == 1 else np.concatenate([together, own], axis=1)

    def without_slower(self, known: Floats, place: int) -> tuple[Floats, Floats]:
        """[n] of one place, the evidence and how clear 'fewer' is if there were no slower cycles."""
        log = self._log(known, place, GLANCE, slice(0, None, len(SLOWER)))
        return self._summed(log), log[..., 1:].max(axis=(1, 2)) - log[..., 0].max(axis=1)

    def evidence(self, counts: Counts, which: Ints, known: Floats, place: int) -> tuple[Floats, Floats]:
        """[n] of one place, the evidence and how clear 'fewer' is."""
        own = slice(None) if place == 0 else slice(place - 1, place)
        is_known = np.arange(counts.events.shape[3]) <= (self.cohort[-1] - self.cohort)[:, None]
        events = counts.events[which, own, : self.cohort.size].sum(axis=1) * is_known
        bent = self.weight[place, :, None] * (events @ self.many.bend)
        bent = from_on(np.add.reduceat(bent, self.first, axis=1), 1)
        thetas = self.constant.shape[-1] // len(SLOWER)
        log = self._log(known, place, CLOSE, slice(None), np.tile(bent, thetas))
        log = log.reshape(*log.shape[:2], thetas, len(SLOWER))
        fewer: Floats = log[:, :, 1:].max(axis=(1, 2, 3)) - log[:, :, 0].max(axis=(1, 2))
        return self._summed(log_sum(log + LOG_STRETCH)), fewer

    def _log(
        self, known: Floats, place: int, steps: int, columns: slice, more: Floats | float = 0.0
    ) -> Floats:
        """[n, K, m] log likelihoods with level and season integrated out. more: of the constants of the cohorts from
        each onset on."""
        slope, constant = self.slope[:, place, :, columns], self.constant[:, place, :, columns]
        since = np.empty((CUBIC, known.shape[0], *constant.shape[1:]))
        events, end = np.zeros((CUBIC, known.shape[0], constant.shape[2])), known.shape[1]
        for k, first in reversed(list(enumerate(self.first.tolist()))):
            events += known[:, first:end] @ slope[:, first:end]
            since[:, :, k] = events
            end = first
        since += constant[:, None]
        since[0] += more
        total = self.total[:, place, None] + events[..., 0]
        before = (total[..., None] - since[..., 0])[..., None]
        return integrated(
            before, since, float(self.many.table.level_sd[place]), self.season_sd[place][:, None], steps
        )

    def _summed(self, log: Floats) -> Floats:
        """[n] the evidence from log likelihoods [n, K, theta]."""
        against = log[..., 1:] - log[..., :1]
        top = against.max(axis=(1, 2))
        factor = np.exp(against - top[:, None, None]).mean(axis=2)
        found: Floats = top + np.log(factor @ self.share * ONSET_PRIOR)
        return found


def _cubic(values: Floats) -> Floats:
    """[J, ...] the cubic that lies closest to values at the nodes [node, ...] (Chebyshev's)."""
    series = np.polynomial.chebyshev.chebvander(NODES, CUBIC - 1) * 2.0 / NODES.size
    series[:, 0] /= 2.0
    to_powers = np.zeros((CUBIC, CUBIC))
    for k in range(CUBIC):
        powers = np.polynomial.chebyshev.cheb2poly(np.eye(CUBIC)[k])
        to_powers[: powers.size, k] = powers
    flat = values.reshape(NODES.size, -1)
    found: Floats = ((to_powers @ series.T) @ flat).reshape(CUBIC, *values.shape[1:])
    return found
