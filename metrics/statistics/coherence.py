"""How far different accounts name the same: the share of matching pairs of a week, and how surely it tells.

A week's value is the U-statistic of the pairs of its accounts, so that it is the same on average however many were
asked. Its variance is Hoeffding's (1948, doi 10.1214/aoms/1177730196): 2 / (n (n - 1)) times (2 (n - 2) zeta1 + zeta2),
where zeta1 is the variance of an account's own chance to find a match and zeta2 that of a single pair. Pairs drawn at
random, each account in one, have a variance of 2 zeta2 / n: about three times as much.

Accounts that are asked again and again answer alike: a hundred conversations with ten of them tell no more than ten. By
how much the variance of the level grows is the infinitesimal jackknife over accounts, which is what a bootstrap that
draws whole accounts comes to (Efron 1982, doi 10.1137/1.9781611970319, chapter 6): the sum over accounts of their
squared influence, against that of their conversations one by one.

The limit: what a field believes for a while is not in it; the weekly over-dispersion of the baseline is, as for every
outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_VARIANCE = 1e-6
"""of a pair's match: where all say the same, one account still might not"""


@dataclass(frozen=True, eq=False)
class Answers:
    """Who named what first. One entry for each account of a week and promise that it named, and one with promise -1
    where it named none; share: of the account's conversations in that week, which sum to 1."""

    week: Ints
    account: Ints
    promise: Ints
    share: Floats
    weeks: int

    @cached_property
    def _asked(self) -> tuple[Ints, Ints]:
        """[M] the accounts of the weeks, and of each entry its place among them."""
        both = self.week * (int(self.account.max(initial=0)) + 1) + self.account
        _, first, place = np.unique(both, return_index=True, return_inverse=True)
        return first, place

    @cached_property
    def accounts(self) -> Floats:
        """[C] accounts that were asked."""
        return np.bincount(self.week[self._asked[0]], minlength=self.weeks).astype(np.float64)

    @cached_property
    def _named(self) -> Floats:
        """[C, K] accounts that named each promise."""
        kinds = int(self.promise.max(initial=0)) + 1
        named, is_named = np.zeros((self.weeks, kinds)), self.promise >= 0
        np.add.at(named, (self.week[is_named], self.promise[is_named]), self.share[is_named])
        return named

    @cached_property
    def chance(self) -> Floats:
        """[M] of each account of a week, the share of its week's others who name the same; NaN without any."""
        is_named = self.promise >= 0
        others = np.zeros(self.promise.size)
        others[is_named] = self._named[self.week[is_named], self.promise[is_named]] - self.share[is_named]
        first, place = self._asked
        matching = np.bincount(place, self.share * others, first.size)
        most = self.accounts[self.week[first]] - 1.0
        chance: Floats = np.divide(matching, most, out=np.full(first.size, np.nan), where=most > 0)
        return chance

    @cached_property
    def matching(self) -> Floats:
        """[C] share of the pairs of a week's accounts that name the same; NaN with fewer than two."""
        week, has_others = self.week[self._asked[0]], np.isfinite(self.chance)
        total = np.bincount(week[has_others], self.chance[has_others], self.weeks)
        found: Floats = np.divide(
            total, self.accounts, out=np.full(self.weeks, np.nan), where=self.accounts > 1
        )
        return found

    def told(self, first: int, last: int) -> Coherence:
        """What each week tells, by how much answers differed in the weeks first..last."""
        own = slice(first, last + 1)
        accounts, matching = self.accounts[own], self.matching[own]
        in_pairs = accounts > 1
        asked = float(accounts[in_pairs].sum())
        level = float((accounts * matching)[in_pairs].sum()) / asked if asked > 0 else 0.0
        if level <= 0.0:
            weight = np.where(self.accounts > 1, self.accounts, 0.0)
            return Coherence(self.accounts, self.matching, weight, 1.0, level)
        variance = self._variance(own, level)
        repeated = self._repeated(own, variance)
        with np.errstate(divide="ignore"):
            events = np.where(self.accounts > 1, level / (variance * repeated), 0.0)
        scale = asked / float(events[own].sum())
        return Coherence(self.accounts, self.matching, scale * events, scale, level)

    def _variance(self, own: slice, level: float) -> Floats:
        """[C] of a week's value."""
        share = self._named[own].sum(axis=0) / self.accounts[own].sum()
        at, place = self._asked
        found = np.where(self.promise >= 0, share[np.maximum(self.promise, 0)], 0.0)
        own_chance = np.bincount(place, self.share * found, at.size)
        week = self.week[at]
        zeta1 = float(own_chance[(week >= own.start) & (week < own.stop)].var())
        zeta2 = max(level * (1.0 - level), LEAST_VARIANCE)
        n = np.maximum(self.accounts, 2.0)
        return 2.0 / (n * (n - 1.0)) * (2.0 * (n - 2.0) * zeta1 + zeta2)

    def _repeated(self, own: slice, variance: Floats) -> float:
        """How many times the variance of the level is what it would be of accounts that are asked but once."""
        at, _ = self._asked
        week, account = self.week[at], self.account[at]
        inside = (week >= own.start) & (week < own.stop) & np.isfinite(self.chance)
        week, account, chance = week[inside], account[inside], self.chance[inside]
        influence = 2.0 * (chance - self.matching[week]) / (self.accounts[week] * variance[week])
        apart = float((influence**2).sum())
        together = float((np.bincount(account, influence) ** 2).sum())
        return max(together / apart, 1.0) if apart > 0 else 1.0


@dataclass(frozen=True, eq=False)
class Coherence:
    """accounts, matching [C]: who was asked, and the share of pairs that match. weight [C]: what a week tells, in
    accounts of the baseline. scale: variance of a value over itself, times its weight; level: that of the baseline."""

    accounts: Floats
    matching: Floats
    weight: Floats
    scale: float
    level: float
