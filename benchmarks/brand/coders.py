"""`python -m benchmarks.brand.coders [histories]`: coders who change beside a brand that changes.

A year of coded conversations and a year after it, 20 or 60 a week, of which 70 % name the promise. The coder errs in
one of twenty either way, until eight weeks after the deployment they miss more, or the brand falls. A tenth of what is
coded comes again after eight weeks to a year. Told are alarms of `brand_recognition` as they would stand without what
came again, and as they stand where they are withheld while coders could have done it alone.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from dataclasses import dataclass

import numpy as np

from leadline.metrics.reviewing.agreement import WEEKS
from leadline.metrics.reviewing.draw import AGAIN_AFTER, AGAIN_SHARE, AGAIN_WITHIN
from leadline.metrics.reviewing.floor import LEAST_AGAIN
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import follow
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.misclassification import judged_again
from leadline.metrics.statistics.outcomes import prepare
from leadline.metrics.statistics.season import calendar_terms

BASELINE, WATCHED, ONSET = 52, 52, 8
BUDGET, MATERIAL = 0.05, 0.1
BEFORE = 0.70
MONDAY = dt.date(2024, 1, 1)
TERMS = calendar_terms([MONDAY + dt.timedelta(weeks=w) for w in range(BASELINE + WATCHED)])


@dataclass(frozen=True)
class Cell:
    name: str
    a_week: int
    names: float = BEFORE
    """share that names the promise since the onset"""
    missed: float = 0.05
    """of those who name it, so many the coder misses since the onset"""


CELLS = tuple(
    cell
    for a_week in (20, 60)
    for cell in (
        Cell(f"{a_week} a week, nothing", a_week),
        Cell(f"{a_week} a week, the coder misses 15 %", a_week, missed=0.15),
        Cell(f"{a_week} a week, the coder misses 25 %", a_week, missed=0.25),
        Cell(f"{a_week} a week, the brand −18 %", a_week, names=0.82 * BEFORE),
        Cell(f"{a_week} a week, the brand −35 %", a_week, names=0.65 * BEFORE),
    )
)


def history(cell: Cell, rng: np.random.Generator) -> tuple[int | None, int | None]:
    """The week after the onset in which an alarm came first, as it is and withheld; None for none."""
    weeks = BASELINE + WATCHED
    later = np.arange(weeks) >= BASELINE + ONSET

    def coded(truth: np.ndarray, week: int) -> np.ndarray:
        missed = cell.missed if later[week] else 0.05
        return np.where(truth, rng.random(truth.size) >= missed, rng.random(truth.size) < 0.05)

    truths = [rng.random(cell.a_week) < (cell.names if now else BEFORE) for now in later]
    first = [coded(truth, week) for week, truth in enumerate(truths)]
    entered = np.full((1, weeks), float(cell.a_week))
    events = np.array([each.sum() for each in first], dtype=np.float64)[None, :, None]
    model = prepare(Cohorts(entered, events), TERMS, 0, BASELINE - 1, BASELINE)
    states = follow(model, evidence.run([model.stream()], BUDGET), weeks - 1, MATERIAL)
    again: list[tuple[int, bool, bool]] = []
    alarm, stands = None, None
    for week in range(AGAIN_AFTER, weeks):
        for _ in range(math.ceil(AGAIN_SHARE * cell.a_week)):
            old = int(rng.integers(max(week - AGAIN_WITHIN, 0), week - AGAIN_AFTER + 1))
            item = int(rng.integers(cell.a_week))
            now = bool(coded(truths[old][item : item + 1], week)[0])
            again.append((week, bool(first[old][item]), now))
        if week < BASELINE or not (state := states[week - BASELINE]).alarm:
            continue
        alarm = week if alarm is None else alarm
        pairs = [(then, now) for on, then, now in again if on > week - WEEKS]
        before, now_at = state.change.baseline_value, state.change.current_value
        if stands is None and before is not None and now_at is not None:
            explained = len(pairs) >= LEAST_AGAIN and judged_again(pairs).explains(now_at - before)
            stands = None if explained else week
    return alarm, stands


def measure(cell: Cell, histories: int) -> str:
    found = [history(cell, np.random.default_rng(seed)) for seed in range(histories)]
    told = [f"| {cell.name} "]
    for place in (0, 1):
        weeks = [one[place] - BASELINE - ONSET + 1 for one in found if one[place] is not None]
        after = [week for week in weeks if week > 0]
        median = (
            f", median {np.median(after):.0f} weeks, {sum(w <= 13 for w in after)} within 13" if after else ""
        )
        told.append(f"| {len(weeks)} of {histories}{median} ")
    return "".join(told) + "|"


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print("| flow | alarm | alarm that stands beside what came again |")
    print("| --- | --- | --- |")
    for each in CELLS:
        print(measure(each, wanted), flush=True)
