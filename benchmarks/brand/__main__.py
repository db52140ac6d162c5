"""`python -m benchmarks.brand [histories]`: brand coherence where nothing changes, and where buyers say more things.

A year of coded conversations and a year after it, 8 to 60 accounts a week: each week drawn anew, from a pool of 60 who
answer alike every time, or from a pool that is another one after the deployment. What an alarm and an interval say is
held against what was drawn.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.brand import in_pairs
from leadline.metrics.cohorts import Calendar
from leadline.metrics.measures.outcomes import RatioMeasure
from leadline.metrics.measures.span import Span
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.coherence import Answers
from leadline.metrics.statistics.divergence import follow

Floats = NDArray[np.float64]
BASELINE, WATCHED = 52, 52
CALENDAR = Calendar(dt.date(2024, 1, 1), BASELINE + WATCHED)
SPAN = Span(CALENDAR, 0, BASELINE - 1, BASELINE)
ONSET = 8
"""weeks after the deployment"""
BUDGET, MATERIAL = 0.05, 0.1
BEFORE = np.array([0.55, 0.15, 0.1, 0.2])
"""shares of three promises, and of those who can't say"""
AFTER = {
    "none": BEFORE,
    "-18 %": np.array([0.48, 0.17, 0.13, 0.22]),
    "-35 %": np.array([0.39, 0.2, 0.16, 0.25]),
}
EVEN = np.array([0.2] * 5)
"""everybody says something else: what the pairs tell is of second order alone"""
POOL = 60


@dataclass(frozen=True)
class Cell:
    name: str
    accounts: int
    before: Floats
    after: Floats
    pool: int | None = None
    """accounts that come again and again, and answer alike"""
    other_pool: bool = False
    """since the deployment it is another pool"""
    fewer: float = 1.0
    """so many times the accounts since the deployment"""


def cells() -> Iterator[Cell]:
    for fall, after in AFTER.items():
        yield Cell(f"8 a week, {fall}", 8, BEFORE, after)
        yield Cell(f"20 a week, {fall}", 20, BEFORE, after)
        yield Cell(f"60 a week, {fall}", 60, BEFORE, after)
    yield Cell("20 a week, a third asked since, none", 20, BEFORE, BEFORE, fewer=1 / 3)
    yield Cell("20 a week, five said evenly, none", 20, EVEN, EVEN)
    yield Cell("20 a week, five said evenly, a third asked since, none", 20, EVEN, EVEN, fewer=1 / 3)
    yield Cell(f"20 a week of the same {POOL}, none", 20, BEFORE, BEFORE, POOL)
    yield Cell(f"20 a week of {POOL}, then of {POOL} others, none", 20, BEFORE, BEFORE, POOL, other_pool=True)
    yield Cell(
        f"20 a week of {POOL}, then of {POOL} others, -35 %",
        20,
        BEFORE,
        AFTER["-35 %"],
        POOL,
        other_pool=True,
    )


def history(cell: Cell, rng: np.random.Generator) -> RatioMeasure:
    week, account, promise = [], [], []
    says: dict[bool, NDArray[np.int64]] = {}
    for at in range(CALENDAR.weeks):
        is_later = at >= BASELINE
        asked = max(int(cell.accounts * (cell.fewer if is_later else 1.0)), 2)
        shares = cell.after if at >= BASELINE + ONSET else cell.before
        if cell.pool is None:
            who, named = np.arange(asked) + 1000 * at, rng.choice(shares.size, asked, p=shares)
        else:
            of = is_later and cell.other_pool
            if of not in says or (at == BASELINE + ONSET and cell.after is not cell.before):
                says[of] = rng.choice(shares.size, cell.pool, p=shares)
            who = rng.choice(cell.pool, asked, replace=False)
            named, who = says[of][who], who + cell.pool * of
        week.append(np.full(asked, at))
        account.append(who)
        promise.append(named)
    named = np.concatenate(promise)
    if cell.before is not EVEN:
        named = np.where(named == BEFORE.size - 1, -1, named)
    answers = Answers(
        np.concatenate(week), np.concatenate(account), named, np.ones(named.size), CALENDAR.weeks
    )
    return RatioMeasure.of(load_catalog(None)["brand_coherence"], in_pairs(answers, (0, BASELINE - 1)), SPAN)


def _level(shares: Floats, is_even: bool) -> float:
    return float((shares[: None if is_even else -1] ** 2).sum())


def measure(cell: Cell, histories: int) -> str:
    alarmed, delays, held, widths = 0, [], 0, []
    begun = time.process_time()
    is_even = cell.before is EVEN
    truth = _level(cell.after, is_even) / _level(cell.before, is_even) - 1.0
    for seed in range(histories):
        outcome = history(cell, np.random.default_rng(seed))
        traces = evidence.run([outcome.model.stream()], BUDGET)
        alarms = [s.alarm for s in follow(outcome.model, traces, CALENDAR.weeks - 1, MATERIAL)]
        early = any(alarms[:ONSET])
        later = [at for at, is_on in enumerate(alarms[ONSET:]) if is_on]
        alarmed += early or bool(later)
        if later and not early:
            delays.append(later[0] + 1)
        since = RatioMeasure.of(
            outcome.metric, outcome.table, Span(CALENDAR, 0, BASELINE - 1, BASELINE + ONSET)
        )
        change = since.change(CALENDAR.weeks - 1)
        if change.low is not None and change.high is not None:
            held += change.low <= truth <= change.high
            widths.append((change.high - change.low) / 2)
    found = (
        f"median {np.median(delays):.0f} weeks, {sum(d <= 26 for d in delays)} within 26" if delays else "-"
    )
    seconds = (time.process_time() - begun) / histories
    return (
        f"| {cell.name} | {alarmed} of {histories} | {found if truth < 0 else '-'} | {held} of {histories} "
        f"| {100 * np.mean(widths):.0f} % | {1000 * seconds:.0f} ms |"
    )


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("| flow | alarm in a year | found | 95 % interval holds the change | half its width | time |")
    print("| --- | --- | --- | --- | --- | --- |")
    for each in cells():
        print(measure(each, wanted), flush=True)
