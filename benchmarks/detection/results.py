"""What every method said, and the words in which a table tells a share, a median and a chance in a year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from benchmarks.detection.answers import Found
from benchmarks.detection.families import FOUND_WITHIN_WEEKS, LOOKS, USUAL, Family
from benchmarks.detection.leadline_method import YEARLY_BUDGET
from benchmarks.detection.running import Answers, Method
from benchmarks.detection.told import WEEKS_A_YEAR, Share

YEARS = LOOKS / WEEKS_A_YEAR
DRIFT_FREE = tuple(family for family in USUAL if not family.drifts)
DRIFTING = tuple(family for family in USUAL if family.drifts)
HOLD = (0.92, 0.98)
"""how often the truth may lie within an interval of 95 %"""


def a_year(share: float) -> float:
    """Chance of any false alarm in a year, when it is `share` in all looks and spread evenly over them."""
    return float(1.0 - (1.0 - share) ** (1.0 / YEARS))


@dataclass(frozen=True, eq=False)
class Results:
    """What every method said, and how it came about."""

    answers: dict[str, Answers]
    methods: tuple[Method, ...]
    command: str
    date: dt.date
    minutes: float

    def of(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] | None = None
    ) -> list[Found]:
        """What a method said of families, at every volume unless some are named."""
        names = {family.name for family in families}
        kept = self.answers.get(method, {}).items()
        return [f for case, f in kept if case.family in names and (volumes is None or case.volume in volumes)]

    def false(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] | None = None
    ) -> Share:
        found = self.of(method, families, volumes)
        return Share(sum(each.first is not None for each in found), len(found))

    def delays(
        self, method: str, families: tuple[Family, ...], volumes: tuple[int, ...] | None = None
    ) -> np.ndarray:
        return np.array(
            [each.delay(family.onset) for family in families for each in self.of(method, (family,), volumes)]
        )


def yearly(share: Share) -> str:
    low, high = (a_year(end) for end in share.interval())
    mark = " over" if low > YEARLY_BUDGET else ""
    return f"{percent(a_year(share.value))} ({100 * low:.1f}–{100 * high:.1f}){mark}"


def share_of(share: Share) -> str:
    low, high = share.interval()
    return f"{percent(share.value)} ({100 * low:.0f}–{100 * high:.0f})" if share.n else "–"


def is_off(share: Share) -> bool:
    low, high = share.interval()
    return high < HOLD[0] or low > HOLD[1]


def found_share(delays: np.ndarray) -> float:
    return float(np.mean(delays <= FOUND_WITHIN_WEEKS)) if delays.size else float("nan")


def weeks(delays: np.ndarray) -> str:
    if not delays.size:
        return "–"
    median = float(np.median(delays))
    return "never" if not np.isfinite(median) else f"{median:g}"


def percent(share: float) -> str:
    """Two digits that matter: 2.4 % or 97 %."""
    if np.isnan(share):
        return "–"
    return f"{100 * share:.1f} %".replace(".0 %", " %") if share < 0.0995 else f"{100 * share:.0f} %"
