"""What every measure can answer, and over which weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import (
    Calendar,
)
from leadline.metrics.results import Series
from leadline.metrics.statistics.proxies import (
    Estimate,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Span:
    """Weeks by their position: the baseline first..last, and the first week after the deployment."""

    calendar: Calendar
    first: int
    last: int
    deployed: int


@dataclass(frozen=True)
class Valued:
    """A metric over some of the last weeks.

    value: as anybody can count it: what came of the units of those weeks, of young ones beside what usually has come of
    them at their age. units: what it rests on. like_baseline: the same in the baseline's season and mix, as a change is
    held against the baseline; None where nothing is taken out.
    """

    value: float | None
    units: int
    like_baseline: float | None = None


class Measure(Protocol):
    """What every kind can answer."""

    @property
    def metric(self) -> Metric: ...

    def has_data(self, week: int) -> bool: ...

    def change(self, week: int) -> Estimate: ...

    def value(self, week: int, min_sample: int = 0) -> Valued: ...

    def series(self, week: int) -> Series: ...
