"""What people use today, on what was known at each look: thresholds and tests that need no package.

Every method here follows deals alone and pools the channels, as a chart on a dashboard does. The matured ones count a
cohort once it is MATURING weeks old, by the deals until then, so that all cohorts are of one age. Three rules make the
comparison kind to them: a change upwards is not held against them, alarms before the deployment are not counted, and
their yardstick is the whole baseline as soon as that has matured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.answers import Found, standing
from benchmarks.detection.families import OUTCOMES
from leadline.data.samples.flows import CLOSE, Leads, counts

Floats = NDArray[np.float64]

MATURING = 13
WINDOW = 8
"""matured weeks that a test compares with the baseline"""
FALL = 0.20
SPAN = 4
"""weeks of the short windows"""


@dataclass(frozen=True, eq=False)
class View:
    """Deals of one history. entered, matured [C]: leads by week of entry, and those that closed by age MATURING
    weeks; won [C, A] by age; outcomes: 0 or 1 a lead, in order of entry within each week; deployed: the first week
    after the baseline."""

    entered: Floats
    matured: Floats
    won: Floats
    outcomes: list[NDArray[np.int64]]
    deployed: int

    @staticmethod
    def of(leads: Leads) -> View:
        entered, won = counts(leads, CLOSE.name, OUTCOMES[CLOSE.name])
        n, d = entered.sum(axis=0).astype(np.float64), won.sum(axis=0).astype(np.float64)
        week = leads.week
        age = (
            np.floor(np.where(np.isfinite(leads.reached[CLOSE.name]), leads.reached[CLOSE.name], 1e9) / 7)
            - week
        )
        closed = (age <= MATURING).astype(np.int64)
        order = np.lexsort((leads.day, week))
        edges = np.searchsorted(week[order], np.arange(1, n.size))
        outcomes = np.split(closed[order], edges)
        matured = np.array([o.sum() for o in outcomes], dtype=np.float64)
        return View(n, matured, d, outcomes, leads.spec.deployed)

    @property
    def weeks(self) -> int:
        return int(self.entered.size)

    @property
    def looks(self) -> range:
        return range(self.deployed, self.weeks)

    @property
    def first_window(self) -> int:
        """The first look at which SPAN weeks since the deployment have matured."""
        return self.deployed + SPAN - 1 + MATURING

    def rate(self, cohorts: slice) -> float:
        """Share of a span of weeks that closed within MATURING weeks; NaN where nobody entered."""
        entered = float(self.entered[cohorts].sum())
        return float(self.matured[cohorts].sum()) / entered if entered else float("nan")

    def baseline(self, look: int) -> slice:
        """The baseline weeks that have matured by a look."""
        return slice(0, min(self.deployed, newest(look) + 1))

    def fell(self, look: int, weeks: int = SPAN) -> bool:
        """Whether the latest matured weeks since the deployment lie below the baseline at all."""
        return bool(self.rate(self.window(look, weeks)) < self.rate(self.baseline(look)))

    def window(self, look: int, weeks: int = WINDOW) -> slice:
        """The latest weeks since the deployment that have matured by a look."""
        return slice(max(self.deployed, newest(look) - weeks + 1), newest(look) + 1)


def newest(look: int) -> int:
    """The youngest cohort that has matured at the end of week `look`."""
    return look - MATURING


def threshold_raw(leads: Leads) -> Found:
    """A BI alert: the close rate of the leads of the last four weeks, 20 % below that of the year before."""
    view = View.of(leads)

    def rate(first: int, look: int) -> float:
        known = sum(view.won[c, : look - c + 1].sum() for c in range(first, look + 1))
        return float(known) / max(float(view.entered[first : look + 1].sum()), 1.0)

    base = rate(0, view.deployed - 1)
    alarm = [rate(look - SPAN + 1, look) < (1 - FALL) * base for look in view.looks]
    return standing(np.array(alarm), view.deployed)


def threshold_ratio(leads: Leads) -> Found:
    """Deals closed in four weeks over leads created in them, 20 % below the second half of the baseline."""
    view = View.of(leads)
    closed = np.zeros(view.weeks)
    for age in range(view.won.shape[1]):
        closed[age:] += view.won[: view.weeks - age, age]
    half = slice(view.deployed // 2, view.deployed)
    base = float(closed[half].sum() / view.entered[half].sum())

    def ratio(look: int) -> float:
        last = slice(look - SPAN + 1, look + 1)
        return float(closed[last].sum()) / max(float(view.entered[last].sum()), 1.0)

    return standing(np.array([ratio(look) < (1 - FALL) * base for look in view.looks]), view.deployed)


def threshold_matured(leads: Leads) -> Found:
    """The last eight matured weeks, 20 % below the baseline."""
    view = View.of(leads)
    alarm = [
        look >= view.first_window
        and view.rate(view.window(look)) < (1 - FALL) * view.rate(view.baseline(look))
        for look in view.looks
    ]
    return standing(np.array(alarm), view.deployed)


def z_test_matured(leads: Leads) -> Found:
    """The last eight matured weeks against the baseline: two proportions, two-sided 5 %."""
    view = View.of(leads)

    def z(look: int) -> float:
        now, before = view.window(look), view.baseline(look)
        n, m = float(view.entered[now].sum()), float(view.entered[before].sum())
        pooled = float(view.matured[now].sum() + view.matured[before].sum()) / (n + m)
        error = float(np.sqrt(pooled * (1 - pooled) * (1 / max(n, 1.0) + 1 / m)))
        return (view.rate(now) - view.rate(before)) / error if error and n else 0.0

    alarm = [look >= view.first_window and z(look) < -1.96 for look in view.looks]
    return standing(np.array(alarm), view.deployed)
