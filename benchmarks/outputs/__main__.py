"""How often outputs compared by their briefs, and versions, are told rightly: `python -m benchmarks.outputs [SEEDS]`.

Story 1 at the article's volumes (8 to 40 assets a month) and story 2's (42 and 80 leads a week), with and without a
difference, as `metrics.outputs` asks: comparisons at one look with the step over all of them, versions at every week's
end. Prints how often a difference is told where there is none, how often rightly where there is one, and how often the
interval holds the truth.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from leadline.metrics.statistics.breakdown import survivors
from leadline.metrics.statistics.comeback import FALSE_RECOVERIES, FLATTERED
from leadline.metrics.statistics.comparison import (
    Floats,
    Ratio,
    common_curve,
    compare,
    reached,
    weeks_to_notice,
)

AGES = 13


@dataclass(frozen=True)
class Case:
    name: str
    a_week: float
    share: float
    """of outputs in the second group"""
    one: float
    other: float
    """rates of the two groups"""
    weeks: int = 39


BRIEFS = (
    Case("8 a month, no difference", 2.0, 0.5, 0.45, 0.45),
    Case("12 a month, no difference", 3.0, 0.5, 0.45, 0.45),
    Case("40 a month, no difference", 10.0, 0.4, 0.45, 0.45),
    Case("12 a month, 15 and 75 %", 3.0, 0.5, 0.15, 0.75),
    Case("40 a month, 15 and 75 %", 10.0, 0.4, 0.15, 0.75),
    Case("40 a month, 40 and 55 %", 10.0, 0.4, 0.40, 0.55),
)
VERSIONS = (
    Case("12 a month, no difference", 3.0, 0.5, 0.60, 0.60),
    Case("42 leads a week, no difference", 42.0, 0.5, 0.20, 0.20),
    Case("12 a month, 15 to 75 %", 3.0, 0.5, 0.15, 0.75),
    Case("42 leads a week, 20 to 12 %", 42.0, 0.5, 0.20, 0.12),
)


def drawn(rng: np.random.Generator, weekly: Floats, rate: float) -> tuple[Floats, Floats]:
    """entered [C] and events [C, A]: first events after a lognormal number of weeks, median two."""
    weeks = weekly.size
    entered = rng.poisson(weekly).astype(np.float64)
    events = np.zeros((weeks, AGES))
    for week in range(weeks):
        ages = np.exp(np.log(2.0) + 0.8 * rng.standard_normal(rng.binomial(int(entered[week]), rate)))
        for age in ages.astype(int):
            if age < AGES and week + age < weeks:
                events[week, age] += 1
    return entered, events


def beside(one: tuple[Floats, Floats], other: tuple[Floats, Floats], week: int) -> Ratio | None:
    share = common_curve(np.array([one[0], other[0]]), np.array([one[1], other[1]]), week)
    return compare(reached(*one, share, week), reached(*other, share, week))


def of_briefs(case: Case, seed: int) -> tuple[bool, bool, bool]:
    """Told as clear; rightly; the interval holds the truth. Two further comparisons without a difference stand beside
    it, as on the page."""
    rng = np.random.default_rng(seed)
    flat = np.full(case.weeks, case.a_week)
    pairs = [(case.one, case.other), (case.one, case.one), (case.one, case.one)]
    found = [
        beside(drawn(rng, flat * (1 - case.share), a), drawn(rng, flat * case.share, b), case.weeks - 1)
        for a, b in pairs
    ]
    first = found[0]
    kept = survivors(np.array([np.nan if each is None else each.chance for each in found]))
    if first is None:
        return False, False, True
    clear = bool(kept[0]) and (first.low > 1 or first.high < 1)
    truth = case.other / case.one
    return clear, clear and (first.value > 1) == (truth > 1) and truth != 1, first.low <= truth <= first.high


def of_versions(case: Case, seed: int) -> tuple[bool, bool, bool]:
    """Ever told in 26 weekly looks; rightly at the end; the last interval holds the truth."""
    rng = np.random.default_rng(seed)
    half = case.weeks // 2
    before, after = (np.full(case.weeks, case.a_week) for _ in range(2))
    before[half:], after[:half] = 0.0, 0.0
    one, other = drawn(rng, before, case.one), drawn(rng, after, case.other)
    ever, last = False, None
    for week in range(half, case.weeks):
        looked = beside(one, other, week)
        last = looked or last
        ever = ever or (looked is not None and looked.odds >= FLATTERED / FALSE_RECOVERIES)
    if last is None:
        return ever, False, True
    truth = case.other / case.one
    said = ever and (last.low > 1 or last.high < 1)
    return said, said and (last.value > 1) == (truth > 1) and truth != 1, last.low <= truth <= last.high


def main(seeds: int) -> None:
    for title, cases, run in (("Briefs", BRIEFS, of_briefs), ("Versions", VERSIONS, of_versions)):
        print(f"{title}: told, rightly, interval holds the truth, of {seeds}")
        for case in cases:
            told = np.array([run(case, seed) for seed in range(seeds)]).sum(axis=0)
            print(f"  {case.name:32} {told[0]:4d} {told[1]:4d} {told[2]:4d}")
    weeks = weeks_to_notice(8.0, 72.0, 0.20, 0.35)
    print(f"Left to people, 10 % of 80 a week at 20 %: a fall of 35 % shows in {weeks:.0f} weeks")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
