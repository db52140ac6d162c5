"""What is measured: every metric's unit, event, horizon, direction and words, read from `catalog.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["rate", "duration", "volume", "mean", "value"]


@dataclass(frozen=True)
class Metric:
    """One metric. `kind` says how it is counted:

    rate      units that enter, of which some have an event within the horizon (close_rate, open_rate)
    duration  time from entry to event, members still waiting are censored (response_time), minutes
    volume    units that enter a week (lead_volume)
    mean      mean of an amount per unit (cost_per_asset)
    value     amount per unit that matures like a rate (won_value_per_lead)
    """

    id: str
    label: str
    """how a chart names it: 'Close rate'"""
    role: Literal["proxy", "outcome"]
    kind: Kind
    unit: Literal["share", "minutes", "count", "money"]
    higher_is_better: bool
    entity: str
    """what one unit is, plural: 'leads'"""
    within_weeks: int
    """horizon: an event later than this many weeks after entry does not count; 0 = only in the week of entry"""
    cohorts: str
    """name of the .sql file in metrics/sql that counts it"""
    parameters: dict[str, str | float | int]
    """bound into that file by name"""
    sources: tuple[str, ...]
    """templates it needs: ('leads', 'deals')"""
    better: str
    """words for an improvement, with {change}: 'answers are {change} faster'"""
    worse: str
    """words for a decline, with {change}: '{change} fewer leads close'"""
