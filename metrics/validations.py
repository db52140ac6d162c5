"""What reviewers found, as plain results for reviews to carry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadline.metrics.statistics.agreement import Alpha

LEAST_TWICE = 10
"""items seen by two reviewers, below which nothing is said of their agreement"""


@dataclass(frozen=True)
class Seen:
    """One dimension over the last weeks."""

    dimension: str
    items: int
    passed: int
    """items that most of their reviewers passed; a draw is none"""
    reviewers: int
    agreement: Alpha

    @property
    def is_told(self) -> bool:
        return self.agreement.items >= LEAST_TWICE

    def falls_short(self, floor: float) -> bool:
        """Whether the reviewers do not agree on what they saw."""
        return self.is_told and self.agreement.is_below(floor)


@dataclass(frozen=True)
class Failed:
    """One judgement that an output failed, and why; '' where nobody said."""

    on: dt.date
    item_id: str
    dimension: str
    reason: str
    reviewer: str


@dataclass(frozen=True)
class Validation:
    """Of one workflow: each dimension lately, and the newest outputs that failed."""

    seen: tuple[Seen, ...] = ()
    failed: tuple[Failed, ...] = ()


UNVALIDATED = Validation()
