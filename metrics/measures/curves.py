"""The lines of a chart: levels by week over a trailing window, in per cent of the baseline and in the own unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.measures.span import Span, Valued
from leadline.metrics.results import Series
from leadline.metrics.statistics.reporting_delay import Entered
from leadline.metrics.statistics.rule_window import WINDOW_WEEKS, first_week

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curves:
    """What a series shows, by week from the first one of the calendar."""

    known: Floats
    projected: Floats
    low: Floats
    high: Floats
    maturity: Floats
    values: Floats
    units: Floats
    own_values: Floats

    def series(self, metric: Metric, span: Span, week: int) -> Series:
        """From the baseline's first week to `week`."""
        pick = slice(span.first, week + 1)
        return Series(
            metric=metric.id,
            label=metric.label,
            role=metric.role,
            higher_is_better=metric.higher_is_better,
            unit=metric.unit,
            weeks=tuple(span.calendar.starts()[pick][: self.known[pick].size]),
            known=numbers(self.known[pick]),
            projected=numbers(self.projected[pick]),
            low=numbers(self.low[pick]),
            high=numbers(self.high[pick]),
            maturity=tuple(float(m) for m in self.maturity[pick]),
            values=numbers(self.values[pick]),
            units=tuple(int(u) for u in self.units[pick]),
            own_values=numbers(self.own_values[pick]),
        )


def rolling(table: Floats, window: int) -> Floats:
    """Sums over the last `window` rows, fewer at the start."""
    total = np.cumsum(table, axis=0, dtype=np.float64)
    total[window:] = total[window:] - total[:-window]
    return total


def number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def numbers(values: Floats) -> tuple[float | None, ...]:
    return tuple(number(float(v)) for v in values)


def mean_count(counts: Floats, week: int, deployed: int, min_sample: int) -> Valued:
    lately = counts[first_week(counts, week, deployed, min_sample, 0) : week + 1]
    return Valued(float(lately.mean()), int(lately.sum())) if lately.size else Valued(None, 0)


def volume_curves(counts: Floats, base: float, excess: float, week: int, entered: Entered | None) -> Curves:
    """Trailing means of weekly counts, so far as they are entered. `excess`: variance over mean beyond a Poisson's."""
    share = np.ones(week + 1) if entered is None else entered.share[: week + 1]
    total, weeks = (rolling(np.where(share > 0, c, 0.0), WINDOW_WEEKS) for c in (counts[: week + 1], share))
    weeks = np.where(weeks > 0, weeks, np.nan)
    mean, base = total / weeks, base or math.nan
    half = 1.96 * np.sqrt(np.maximum(total, 0.0) * (1.0 + max(excess, 0.0))) / weeks
    return Curves(
        known=100 * mean / base,
        projected=100 * mean / base,
        low=100 * np.maximum(mean - half, 0.0) / base,
        high=100 * (mean + half) / base,
        maturity=np.ones(mean.size),
        values=mean,
        units=total,
        own_values=counts,
    )
