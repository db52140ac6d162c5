"""What may have caused an outcome to change: a version that came, an objective that was redefined, the agent itself.

Plain results, for reviews to carry; `versions` and `people` say how each is reckoned.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from leadline.metrics.statistics.comparison import Ratio

Helped = Literal["better", "worse", "alike", "open", "too_few"]
"""'alike': its whole interval lies within what is material; 'open': nothing can be told yet"""
OBJECTIVE = "objective"
"""what a version is of where the objective was redefined"""


@dataclass(frozen=True)
class Version:
    what: str
    """brief, prompt, model, objective, data, other"""
    name: str
    since: dt.date
    note: str | None = None


@dataclass(frozen=True)
class VersionEffect:
    """One outcome under a version beside the version before."""

    version: Version
    before: str
    """the version before, '' for what was there when it was deployed"""
    outcome: str
    helped: Helped
    ratio: Ratio | None
    """how many times as often as under the version before"""
    units: int
    """that entered under it"""
    told_on: dt.date | None = None
    """week end at which the answer was first certain"""


@dataclass(frozen=True)
class Coincidence:
    """A version that came about when a drift began."""

    version: Version
    outcome: str
    drift_since: dt.date
    """Monday of the week since which the evidence has been building"""


@dataclass(frozen=True)
class BesidePeople:
    """One outcome of what the agent handled beside what was left to people."""

    outcome: str
    ratio: Ratio | None
    """the agent's, as often as people's; None: too few"""
    agent: int
    human: int
    """units of the weeks in which both handled some"""
    first: dt.date
    """Monday of the first such week"""
    weeks: int
    """such weeks"""
    notices_in: float | None
    """weeks of entry until a fall of NOTICED_FALL would show at these volumes"""

    @property
    def is_clear(self) -> bool:
        return self.ratio is not None and (self.ratio.low > 1 or self.ratio.high < 1)


@dataclass(frozen=True)
class Causes:
    versions: tuple[Version, ...] = ()
    """in use by the day of the review, oldest first"""
    effects: tuple[VersionEffect, ...] = ()
    """the newest version first"""
    coincidences: tuple[Coincidence, ...] = ()
    people: tuple[BesidePeople, ...] = ()

    @property
    def redefined(self) -> Version | None:
        """The newest objective, where it was redefined."""
        return next((one for one in reversed(self.versions) if one.what == OBJECTIVE), None)


NOTHING = Causes()
