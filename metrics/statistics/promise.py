"""What a stopping rule can promise at a workflow's own volume: how soon it notices, how often it cries wolf.

Futures are drawn from the fitted baseline, all outcomes from one flow (`one_flow`). A decline of 10, 20 or 35 % begins
in any week of the first year. Each future goes through the evidence and the limit that the real one would go through
(`many_histories`); nothing is approximated by a formula. The answer carries Monte-Carlo error: HISTORIES futures tell a
share to about 1 / sqrt(HISTORIES).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics import one_flow
from leadline.metrics.statistics.many_histories import Counts, ManyHistories, any_alarming
from leadline.metrics.statistics.one_flow import YEAR, Flow, Tie, lately
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.rule_window import first_week

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DECLINES = (0.10, 0.20, 0.35)
HISTORIES = 100
LEAST_HISTORIES = 40
MOST_UNITS = 1_500_000
"""that enter in all futures: where so many would not do for HISTORIES of them, every one tells the same"""
LEAST_LEFT = 10
"""histories without a false alarm, of which a share is told"""
WEEKS = 2 * YEAR
"""a decline begins in one of the first year's; one that is not noticed in a year is told as not noticed"""
HALF_A_YEAR = 26
SEED = 20240102


@dataclass(frozen=True)
class Delay:
    """After a decline of `size`, of the histories in which nothing was breached before it: weeks until half of them
    have noticed (None: fewer than half ever do), and the share noticed within half a year (None: hardly any left)."""

    size: float
    median_weeks: int | None
    noticed_in_26_weeks: float | None


@dataclass(frozen=True)
class Promise:
    """What a rule promises. `false_alarms_a_year`: expected number of breaches in a year in which nothing changes."""

    delays: tuple[Delay, ...]
    false_alarms_a_year: float
    histories: int = HISTORIES
    """that were simulated"""

    @staticmethod
    def of_plain(told: dict[str, Any]) -> Promise:
        """From what `dataclasses.asdict` makes of it."""
        return Promise(**{**told, "delays": tuple(Delay(**delay) for delay in told["delays"])})


Noticed = Callable[[Flow], Floats]
"""a flow → [1 + sizes, N] weeks since the deployment at the first breach of each future, infinite where there is none:
without a decline in the first year, then with one of each size from its onset on for a year"""


def drawn(models: Sequence[OutcomeModel], ties: Sequence[Tie | None], behind: Sequence[int] = ()) -> Flow:
    """The futures that promises are made from. behind: weeks by which each outcome's events are entered late."""
    units = max(lately(model).sum() for model in models)
    futures = int(np.clip(MOST_UNITS / max(units * WEEKS, 1.0), LEAST_HISTORIES, HISTORIES))
    flow = one_flow.drawn(models, ties, futures, WEEKS, np.random.default_rng(SEED))
    return replace(flow, behind=tuple(behind) or flow.behind)


def promise(flow: Flow, noticed: Noticed, later: int = 0, sizes: Sequence[float] = DECLINES) -> Promise:
    """What a rule does in simulated futures, without a decline and with each.

    `later`: weeks that the rule waits before it acts. `sizes`: of the declines that `noticed` tells of.
    """
    quiet, *declining = noticed(flow)
    delays = []
    # a breach before the decline is no notice of it, whatever its size: it is told among the false alarms
    live = quiet >= flow.onset
    for size, weeks in zip(sizes, declining, strict=True):
        if live.sum() < LEAST_LEFT:
            delays.append(Delay(size, None, None))
            continue
        found = np.sort((weeks - flow.onset + 1 + later)[live])
        found[found > YEAR] = np.inf
        median = found[(found.size + 1) // 2 - 1]
        share = float((found <= HALF_A_YEAR).mean())
        delays.append(Delay(size, int(median) if np.isfinite(median) else None, round(share, 2)))
    # the first breach is what is counted, so time after it is no time under watch
    watched = float(np.minimum(quiet + 1, YEAR).sum()) / YEAR
    return Promise(tuple(delays), round(float(np.isfinite(quiet).sum()) / watched, 3), flow.futures)


def monitoring(yearly_budget: float, sizes: Sequence[float] = DECLINES) -> Noticed:
    """The rule 'when: diverging' (or declining): the first alarm of any outcome, with declines of these sizes."""

    def noticed(flow: Flow) -> Floats:
        places = range(len(flow.models))
        outcomes = [
            (
                ManyHistories.of(flow.stream(at)),
                Counts.of(np.concatenate([flow.events(at, size) for size in (0.0, *sizes)])),
                flow.behind[at],
            )
            for at in places
        ]
        first = np.full((1 + len(sizes)) * flow.futures, np.inf)
        begin = np.concatenate([np.zeros(flow.futures, dtype=np.int64), np.tile(flow.onset, len(sizes))])

        for t in range(WEEKS):
            # a breach before a decline is no notice of it, and nothing is looked for after one
            is_void = np.tile(first[: flow.futures], 1 + len(sizes)) < begin
            which = np.flatnonzero(np.isinf(first) & (t >= begin) & (t < begin + YEAR) & ~is_void)
            if which.size:
                found = any_alarming(outcomes, which, t, yearly_budget)
                first[which[found]] = t
        return first.reshape(-1, flow.futures)

    return noticed


def threshold(
    outcome: int,
    crossed: Callable[[Floats], Bools],
    for_weeks: int,
    min_sample: int,
    within_weeks: int,
    *,
    like_baseline: bool = False,
) -> Noticed:
    """The rule 'close_rate < 15 %': `crossed` for `for_weeks` weeks in a row, each over as many of the last weeks as
    hold `min_sample` units (`rule_window`). `crossed` is asked of the rate; of a count, of its events a week.
    `like_baseline`: of the rate in the baseline's season and mix, in place of what anybody can count.
    """

    def noticed(flow: Flow) -> Floats:
        model = flow.models[outcome]
        rate = model.baseline.final_rate
        usual = model.usual(model.cohorts.entered)[model.deployed :]
        due = model.expected[:, model.deployed :].sum(axis=0)
        # a count rests on its events, and is told as it is, in any season
        units = due if model.cohorts.of_time else usual / max(rate, 1e-9)
        due = due if like_baseline else usual
        found = []
        for size in (0.0, *DECLINES):
            happened = _by_week(flow.events(outcome, size).sum(axis=1, dtype=np.float64))
            first, run = np.full(flow.futures, np.inf), np.zeros(flow.futures)
            for now in range(WEEKS):
                if (week := now - flow.behind[outcome]) < 0:
                    continue
                since = slice(first_week(units, week, 0, min_sample, within_weeks), week + 1)
                expected = float(due[since].sum())
                if expected <= 0 or units[since].sum() < min_sample:
                    continue
                if model.cohorts.of_time:
                    value = happened[:, since].mean(axis=1)
                else:
                    value = rate * happened[:, since].sum(axis=1) / expected
                run = np.where(crossed(value), run + 1, 0)
                is_first = (run >= for_weeks) & np.isinf(first)
                is_first &= (now < YEAR) if size == 0.0 else True
                first[is_first] = now
            found.append(first)
        return np.array(found)

    return noticed


def _by_week(events: Floats) -> Floats:
    """[N, W] by calendar week, from [N, C, A] by week of entry and age."""
    weeks = events.shape[1]
    found = np.zeros(events.shape[:2])
    for age in range(min(events.shape[2], weeks)):
        found[:, age:] += events[:, : weeks - age, age]
    return found
