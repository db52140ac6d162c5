"""Futures of several outcomes, drawn from one flow of units: what is lost to a decline is lost to all of them.

As many units a week enter as lately, and each outcome comes to as many of them, by age, as the baseline's had it. What
the baseline leaves open about its own level, in all and by segment, is drawn anew in every future, and so is each
week's quality: a segment whose baseline was lucky alarms by that alone, and helps to notice a decline. What several
outcomes have in common (`Tie`):
- the *same events* tell both (deals as a share of leads, and as a count): they are drawn once;
- the later outcome *follows* the earlier one as it did in the baseline: of units by their age at either,
      P(both) = kappa P(later),   kappa: of the baseline's later events, those of units with the earlier one,
  within what the rates allow, and the later one's age has the rank that it had beside the earlier one's age. Marginal
  rates and delays stay those of each outcome's own model.
- neither: outcomes of different units, or of which nothing is known in common; they are drawn apart.
A decline of a share takes so many of the units that enter from its onset on, with all of their outcomes, so that the
futures with declines of several sizes are the same ones but for what is lost.

Not in it: that volume varies (the same units enter in every future, which lets them be judged together), and that what
happens to one unit has to do with what happens to another, other than through the week of entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.evidence import Stream
from leadline.metrics.statistics.outcomes import OutcomeModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR = 52
LATELY_WEEKS = 26
SPREAD = 5.0
"""units that an age of the earlier outcome is taken to have had at the later one's overall ages"""
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class Tie:
    """What an outcome has in common with an earlier one. of: that one's place; together [A + 1, A' + 1]: units of the
    baseline by their age at either, the last row and column: never; None where the same events tell both."""

    of: int
    together: Floats | None


@dataclass(frozen=True, eq=False)
class _Happened:
    """Events, [n] each: which future, segment, week of the table, age in it; the week that its unit entered in, and
    the share that a decline must have to take the unit."""

    future: Ints
    segment: Ints
    week: Ints
    age: Ints
    entered: Ints
    luck: Floats

    def of(self, chosen: NDArray[np.bool_]) -> _Happened:
        return _Happened(
            self.future[chosen],
            self.segment[chosen],
            self.week[chosen],
            self.age[chosen],
            self.entered[chosen],
            self.luck[chosen],
        )

    def and_(self, other: _Happened) -> _Happened:
        return _Happened(
            np.concatenate([self.future, other.future]),
            np.concatenate([self.segment, other.segment]),
            np.concatenate([self.week, other.week]),
            np.concatenate([self.age, other.age]),
            np.concatenate([self.entered, other.entered]),
            np.concatenate([self.luck, other.luck]),
        )


@dataclass(frozen=True, eq=False)
class Flow:
    """Futures of all outcomes. models: what each is judged by, with the units that enter and an event in every cell;
    happened: their events, by outcome; onset [N]: the week after the deployment in which a decline begins."""

    models: tuple[OutcomeModel, ...]
    happened: tuple[_Happened, ...]
    onset: Ints
    behind: tuple[int, ...]
    """[outcomes] weeks by which events are entered late"""

    @property
    def futures(self) -> int:
        return int(self.onset.size)

    def stream(self, outcome: int) -> Stream:
        return self.models[outcome].stream()

    def events(self, outcome: int, size: float) -> NDArray[np.float32]:
        """[N, S, C, A] events by week since the deployment and age, where a decline takes `size` of the units."""
        model, found = self.models[outcome], self.happened[outcome]
        segments, weeks = model.cohorts.entered[:, model.deployed :].shape
        shape = (self.futures, segments, weeks, model.cohorts.ages)
        left = (found.luck >= size) | (found.entered < self.onset[found.future])
        place = np.ravel_multi_index(
            (found.future[left], found.segment[left], found.week[left], found.age[left]), shape
        )
        known = model.baseline.known_ages.astype(np.float32)
        counted = np.bincount(place, minlength=int(np.prod(shape))).astype(np.float32)
        return counted.reshape(shape) * known


def drawn(
    models: Sequence[OutcomeModel],
    ties: Sequence[Tie | None],
    futures: int,
    weeks: int,
    rng: np.random.Generator,
) -> Flow:
    """So many futures of so many weeks after the deployment. A tie is to an outcome that has none, or one before it."""
    onset = rng.integers(YEAR, size=futures)
    ahead = tuple(_ahead(model, weeks) for model in models)
    parts = [_Part.of(model) for model in ahead]
    level = rng.standard_normal((len(models), futures, 1 + max(part.units.shape[0] for part in parts)))
    good_weeks = rng.standard_normal((len(models), futures, weeks))
    found: dict[int, _Happened] = {}
    for place in sorted(range(len(models)), key=lambda at: _depth(ties, at)):
        tie, own = ties[place], parts[place]
        if tie is not None:
            like = own.alike(parts[tie.of], tie)
            level[place] = like * level[tie.of] + np.sqrt(1.0 - like**2) * level[place]
            good_weeks[place] = good_weeks[tie.of]
        own.vary(level[place], good_weeks[place])
        if tie is None:
            found[place] = own.alone(rng)
        elif own.model.cohorts.of_time:
            found[place] = own.counted(parts[tie.of], found[tie.of], rng)
        else:
            found[place] = own.after(parts[tie.of], found[tie.of], tie, rng)
    happened = tuple(found[place] for place in range(len(models)))
    return Flow(ahead, happened, onset, (0,) * len(models))


def _depth(ties: Sequence[Tie | None], place: int) -> int:
    tie = ties[place]
    return 0 if tie is None else 1 + _depth(ties, tie.of)


def same_units(one: OutcomeModel, other: OutcomeModel) -> bool:
    """Whether two outcomes are shares of the same units."""
    a, b = one.cohorts, other.cohorts
    return not (a.of_time or b.of_time) and np.array_equal(a.entered, b.entered)


def lately(model: OutcomeModel) -> Floats:
    """[S] units a week, over the last half year of the table, at least of the baseline; a week's days for a count."""
    entered = model.cohorts.entered
    since = slice(max(model.first, entered.shape[1] - LATELY_WEEKS), None)
    a_week: Floats = entered[:, -1] if model.cohorts.of_time else entered[:, since].mean(axis=1)
    return a_week


def _ahead(model: OutcomeModel, weeks: int) -> OutcomeModel:
    """What comes is judged as by the model: so many units a week as lately, whole ones, and an event in every cell."""
    entered = model.cohorts.entered
    units = np.zeros((entered.shape[0], model.deployed + weeks))
    if model.cohorts.of_time:
        units[:, model.deployed :] = lately(model)[:, None]
    else:
        a_week = lately(model)[:, None]
        # segments of less than one unit a week don't all have theirs in the same week
        begun = GOLDEN * np.arange(1, a_week.size + 1)[:, None] % 1.0
        units[:, model.deployed :] = np.diff(np.floor(a_week * np.arange(weeks + 1) + begun), axis=1)
    every = np.ones((*units.shape, model.cohorts.ages))
    terms = model.terms
    while (
        terms.shape[0] < units.shape[1] + model.cohorts.ages
    ):  # beyond the last, they are those of a year before
        terms = np.concatenate([terms, terms[-min(YEAR, terms.shape[0]) :]])
    return replace(
        model, cohorts=replace(model.cohorts, entered=units, events=every), terms=terms, entered=None
    )


@dataclass(eq=False)
class _Part:
    """One outcome of the flow. units [S, C]; share [S, C, A]: of them, those with the event at each age; reach
    [N, S, C]: in the end, in each future; level [N, S]: of it, against the baseline's."""

    model: OutcomeModel
    units: Floats
    share: Floats
    reach: Floats
    level: Floats

    @staticmethod
    def of(model: OutcomeModel) -> _Part:
        units, share = model.cohorts.entered[:, model.deployed :], model.incidence[:, model.deployed :]
        share = share[:, : units.shape[1]]
        return _Part(model, units, share, np.zeros((0, *units.shape)), np.ones((0, units.shape[0])))

    @property
    def final(self) -> Floats:
        """[S, C]"""
        final: Floats = self.share.sum(axis=2)
        return final

    def alike(self, other: _Part, tie: Tie) -> float:
        """The correlation of a unit's two outcomes, which is that of what the baseline leaves open about both."""
        if tie.together is None:
            return 1.0
        both, one, two = tie.together[:-1, :-1].sum(), tie.together[:-1].sum(), tie.together[:, :-1].sum()
        total = tie.together.sum()
        spread = np.sqrt(one * (total - one) * two * (total - two))
        return float(np.clip((both * total - one * two) / spread, 0.0, 1.0)) if spread > 0 else 1.0

    def vary(self, level: Floats, good_weeks: Floats) -> None:
        """From standard normal numbers [N, 1 + S], of all and of each segment, and [N, C]."""
        own = self._doubt()
        due = (self.units * self.final).sum(axis=1)
        shares = due / max(float(due.sum()), 1e-12)
        together = self.model.level_doubt - float((shares**2 * own).sum())
        self.level = _log_normal(level[:, :1], together) * _log_normal(level[:, 1 : 1 + own.size], own)
        self.reach = (
            self.final * self.level[:, :, None] * _log_normal(good_weeks, self.model.dispersion)[:, None]
        )
        if not self.model.cohorts.repeats:
            self.reach = np.minimum(self.reach, 1.0)

    def _doubt(self) -> Floats:
        """[S] variance of the log of each segment's level, as far as its own events tell it."""
        baseline = self.model.baseline
        if baseline.agreed:
            return np.zeros(self.units.shape[0])
        missing = 1.0 if self.model.cohorts.repeats else 1.0 - min(baseline.final_rate, 1.0)
        doubt: Floats = missing / np.maximum(baseline.events_seen, 1.0)
        return doubt

    def alone(self, rng: np.random.Generator) -> _Happened:
        """Events that hang together with nothing else."""
        if self.model.cohorts.repeats:
            many = rng.poisson(self.units * self.reach)
        else:
            many = rng.binomial(self.units.astype(np.int64), self.reach)
        return self._new(many, rng, rng.random(int(many.sum())))

    def after(self, earlier: _Part, happened: _Happened, tie: Tie, rng: np.random.Generator) -> _Happened:
        """Events of units of which some have had an earlier one."""
        first, own = np.minimum(earlier.reach, 1.0 - 1e-9), np.minimum(self.reach, 1.0)
        together = tie.together
        share = 1.0 if together is None else _share_with_both(together)
        both = np.clip(share * own, np.maximum(first + own - 1.0, 0.0), np.minimum(first, own))
        at = happened.future, happened.segment, happened.week
        chance = np.divide(both, first, out=np.zeros_like(both), where=first > 0)[at]
        had = happened.of(rng.random(chance.size) < chance)
        units = self.units.astype(np.int64) - _tallied(happened, first.shape)
        alone = np.clip((own - both) / (1.0 - first), 0.0, 1.0)
        many = rng.binomial(np.maximum(units, 0), alone)
        rank = rng.random(had.age.size)
        if together is None:
            own_age = earlier.share[had.segment, had.week]
            below = np.take_along_axis(np.cumsum(own_age, axis=1), had.age[:, None], 1)[:, 0]
            inside = np.take_along_axis(own_age, had.age[:, None], 1)[:, 0]
            rank = (below - rank * inside) / own_age.sum(axis=1)
            other = rng.random(int(many.sum()))
        else:
            rank = _rank_beside(together, had.age, rank, rng)
            other = _rank_beside(together, np.full(int(many.sum()), -1), rng.random(int(many.sum())), rng)
        had = replace(had, age=self._age(had.segment, had.week, rank))
        return had.and_(self._new(many, rng, other))

    def counted(self, earlier: _Part, happened: _Happened, rng: np.random.Generator) -> _Happened:
        """Events by the week in which they happen, of which a table by week of entry tells most: the rest are of units
        that entered before, or are in no such table."""
        weeks = self.units.shape[1]
        own = (self.units * self.final) * self.level[:, :, None]
        of_cohorts = earlier.units[:, :, None] * earlier.share
        told = np.zeros((of_cohorts.shape[0], weeks))
        for age in range(min(of_cohorts.shape[2], weeks)):
            told[:, age:] += of_cohorts[:, : weeks - age, age]
        same = own.shape[1] == told.shape[0]
        expected, wanted = told * earlier.level[:, :, None], own
        if not same:
            expected, wanted = expected.sum(axis=1, keepdims=True), own.sum(axis=1, keepdims=True)
        chance = np.minimum(np.divide(wanted, expected, out=np.ones_like(wanted), where=expected > 0), 1.0)
        inside = happened.of(happened.week + happened.age < weeks)
        week = inside.week + inside.age
        segment = inside.segment if same else np.zeros_like(inside.segment)
        kept = rng.random(week.size) < chance[inside.future, segment, week]
        of_these = replace(inside, segment=segment, week=week, age=np.zeros_like(week)).of(kept)
        many = rng.poisson(np.maximum(wanted - expected, 0.0))
        rest = _listed(many)
        ages = np.cumsum(of_cohorts.sum(axis=(0, 1)))
        waited = np.searchsorted(ages / max(float(ages[-1]), 1e-12), rng.random(rest[0].size))
        more = _Happened(*rest, np.zeros_like(rest[2]), rest[2] - waited, rng.random(rest[0].size))
        found = of_these.and_(more)
        if not same:
            shares = np.cumsum((self.units * self.final).sum(axis=1))
            found = replace(
                found,
                segment=np.searchsorted(shares / shares[-1], rng.random(found.week.size)).clip(
                    0, own.shape[1] - 1
                ),
            )
        return found

    def _new(self, many: Ints, rng: np.random.Generator, rank: Floats) -> _Happened:
        """So many events [N, S, C] of units that had none, at ages of those ranks."""
        future, segment, week = _listed(many)
        age = self._age(segment, week, rank)
        return _Happened(future, segment, week, age, week, rng.random(week.size))

    def _age(self, segment: Ints, week: Ints, rank: Floats) -> Ints:
        """The ages at which so large a share of a cohort's events has come."""
        reached = np.cumsum(self.share, axis=2)
        reached = reached / np.maximum(reached[..., -1:], 1e-12)
        segments, weeks, ages = reached.shape
        rising = (reached.reshape(-1, ages) + np.arange(segments * weeks)[:, None]).ravel()
        cell = segment * weeks + week
        age: Ints = np.searchsorted(rising, cell + rank, side="right") - cell * ages
        return np.clip(age, 0, ages - 1)


def _log_normal(normal: Floats, variance: Floats | float) -> Floats:
    """Mean 1, from standard normal numbers."""
    spread = np.log1p(np.maximum(variance, 0.0))
    drawn: Floats = np.exp(np.sqrt(spread) * normal - spread / 2.0)
    return drawn


def _listed(many: Ints) -> tuple[Ints, Ints, Ints]:
    """Of [N, S, C] events, the place of each."""
    future, segment, week = np.unravel_index(np.repeat(np.arange(many.size), many.ravel()), many.shape)
    return future, segment, week


def _tallied(happened: _Happened, shape: tuple[int, ...]) -> Ints:
    place = np.ravel_multi_index((happened.future, happened.segment, happened.week), shape)
    tallied: Ints = np.bincount(place, minlength=int(np.prod(shape))).reshape(shape)
    return tallied


def _share_with_both(together: Floats) -> float:
    """Of units with the later outcome, those with the earlier one."""
    later = together[:, :-1].sum()
    return float(together[:-1, :-1].sum() / later) if later > 0 else 1.0


def _rank_beside(together: Floats, age: Ints, within: Floats, rng: np.random.Generator) -> Floats:
    """The rank of the later outcome's age among all of them, of units by their age at the earlier one (-1: never).

    within: the rank among those of the same age."""
    later = together[:, :-1]
    overall = later.sum(axis=0) + 1e-9
    overall = overall / overall.sum()
    rows = later + SPREAD * overall
    reached = np.cumsum(rows, axis=1) / rows.sum(axis=1, keepdims=True)
    row = np.where((age >= 0) & (age < rows.shape[0] - 1), age, rows.shape[0] - 1)
    rising = (reached + np.arange(rows.shape[0])[:, None]).ravel()
    at = np.searchsorted(rising, row + rng.random(age.size), side="right") - row * rows.shape[1]
    at = np.clip(at, 0, rows.shape[1] - 1)
    rank: Floats = np.cumsum(overall)[at] - within * overall[at]
    return rank
