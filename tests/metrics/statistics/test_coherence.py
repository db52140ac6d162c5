"""Pairs that name the same: counted one by one, and as sure as drawing whole accounts anew says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from leadline.metrics.statistics.coherence import Answers

WEEKS, POOL = 30, 40
SHARES = np.array([0.5, 0.2, 0.1, 0.2])
"""the last: of those who can't say"""


def _answers(week: NDArray[np.int64], account: NDArray[np.int64], named: NDArray[np.int64]) -> Answers:
    promise = np.where(named == SHARES.size - 1, -1, named)
    return Answers(week, account, promise, np.ones(week.size), WEEKS)


def _drawn(rng: np.random.Generator, asked: int) -> Answers:
    week = np.repeat(np.arange(WEEKS), asked)
    return _answers(week, np.arange(week.size), rng.choice(SHARES.size, week.size, p=SHARES))


def test_a_week_is_the_share_of_its_pairs_that_name_the_same() -> None:
    answers = _drawn(np.random.default_rng(1), 7)
    for week in range(3):
        named = answers.promise[answers.week == week]
        pairs = list(itertools.combinations(named, 2))
        assert answers.matching[week] == pytest.approx(sum(a == b >= 0 for a, b in pairs) / len(pairs))


@pytest.mark.parametrize("asked", [3, 20])
def test_its_variance_is_that_of_weeks_drawn_anew(asked: int) -> None:
    rng = np.random.default_rng(2)
    drawn = [_drawn(rng, asked) for _ in range(100)]
    told = [each.told(0, WEEKS - 1) for each in drawn]
    said = np.median([one.level * one.scale / one.weight[0] for one in told])
    assert said == pytest.approx(np.var([each.matching for each in drawn]), rel=0.1)
    assert np.mean([each.matching for each in drawn]) == pytest.approx((SHARES[:-1] ** 2).sum(), rel=0.02)


def test_accounts_that_come_again_tell_as_little_as_a_bootstrap_over_accounts_says() -> None:
    rng = np.random.default_rng(3)
    says = rng.choice(SHARES.size, POOL, p=SHARES)
    who = np.concatenate([rng.choice(POOL, 10, replace=False) for _ in range(WEEKS)])
    week = np.repeat(np.arange(WEEKS), 10)
    told = _answers(week, who, says[who]).told(0, WEEKS - 1)
    claimed = told.level * told.scale / told.weight.sum()  # variance of the level
    levels = []
    for _ in range(200):
        times = rng.multinomial(POOL, np.full(POOL, 1 / POOL))
        at = np.repeat(np.arange(who.size), times[who])
        copies = np.arange(at.size)
        levels.append(_copied(week[at], says[who[at]], who[at], copies))
    assert claimed == pytest.approx(np.var(levels), rel=0.35)


def _copied(
    week: NDArray[np.int64], named: NDArray[np.int64], who: NDArray[np.int64], copies: NDArray[np.int64]
) -> float:
    """The level of all weeks; an account that is drawn twice is no pair with itself."""
    match = pairs = 0
    for each in range(WEEKS):
        inside = week == each
        promise, account = named[inside], who[inside]
        differ = account[:, None] != account
        same = (promise[:, None] == promise) & (promise < SHARES.size - 1)[:, None]
        match, pairs = match + int((differ & same).sum()), pairs + int(differ.sum())
    return match / pairs
