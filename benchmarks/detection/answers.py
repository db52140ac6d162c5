"""What a method said of a history: its first alarm, and of reviews whatever can be held against the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.detection.families import DEPLOYED, ONSET


@dataclass(frozen=True)
class Point:
    """One interval that was told, beside the truth. what: change, level, missed, money or projection;
    when: at which look."""

    what: str
    when: str
    outcome: str
    week: int
    low: float
    told: float
    high: float
    truth: float

    @property
    def holds(self) -> bool:
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class Promise:
    """The first date that an outcome's 'too early' named. Looks are counted from 0; kept: the first that judged it."""

    made: int
    promised: int
    kept: int | None


@dataclass(frozen=True)
class Reckoned:
    """What a rule promised: the weeks until half of the declines of a size are noticed, None if fewer ever are."""

    size: float
    weeks: int | None


@dataclass(frozen=True)
class Told:
    """What the reviews of a history said, an entry a look, and at some of them the numbers beside the truth."""

    verdicts: tuple[str, ...]
    mechanisms: tuple[str, ...]
    rules: tuple[str, ...]
    """the state of the worst rule"""
    since: tuple[int | None, ...]
    """the week since which it is drifting, while an alarm stands"""
    points: tuple[Point, ...]
    promises: tuple[Promise, ...]
    onset: int
    """the week from which on what entered differed"""
    reckoned: tuple[Reckoned, ...] = ()
    """of the rule on drift before it was signed, where that was asked"""


@dataclass(frozen=True)
class Found:
    """What one method said of one history. first: the week (position) of its first alarm, None if it never gave one."""

    first: int | None
    alarms: int
    """alarms raised over all looks, a standing one counted once"""
    why: str = ""
    told: Told | None = None
    """where it was said in reviews"""

    @staticmethod
    def of_plain(row: dict[str, Any]) -> Found:
        """From what `dataclasses.asdict` makes of it."""
        told = row.pop("told", None)
        if told is None:
            return Found(**row)
        points = tuple(Point(**point) for point in told.pop("points"))
        promises = tuple(Promise(**promise) for promise in told.pop("promises"))
        reckoned = tuple(Reckoned(**each) for each in told.pop("reckoned"))
        onset = told.pop("onset")
        rest = {name: tuple(value) for name, value in told.items()}
        return Found(
            **row, told=Told(points=points, promises=promises, onset=onset, reckoned=reckoned, **rest)
        )

    @staticmethod
    def of(raised: list[int], why: str = "") -> Found:
        return Found(min(raised) if raised else None, len(raised), why)

    def delay(self, onset: int = ONSET) -> float:
        """Weeks from the onset to the alarm, at least 1; infinite if it never came or came before the onset. A review
        knows its history's own onset."""
        onset = onset if self.told is None else self.told.onset
        return float("inf") if self.first is None or self.first < onset else float(self.first - onset + 1)


def standing(alarm: np.ndarray, first: int = DEPLOYED) -> Found:
    """From an alarm that is on or off at each look (bool, one entry a week from `first` on)."""
    on = np.asarray(alarm, dtype=bool)
    rises = np.flatnonzero(on & ~np.concatenate([[False], on[:-1]]))
    return Found.of([int(t) + first for t in rises])
