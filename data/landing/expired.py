"""What is older than it may be kept, as it is told before and after it is deleted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SET_ASIDE = "set_aside"
"""the setting of rows that were not landed, and of lines that are no facts"""


@dataclass(frozen=True)
class Expired:
    """What is older than agreed of one template, or of what was set aside."""

    what: str
    before: dt.date
    """what happened before this day"""
    rows: int
    versions: int
    """of those rows"""
    of_baselines: int
    """those of them that happened by the end of the newest baseline of the template"""
