"""Measures that are only compared: times that pass, volumes, means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import (
    AmountTable,
    Currencies,
)
from leadline.metrics.measures.curves import Curves, mean_count, number, rolling, volume_curves
from leadline.metrics.measures.span import Span, Valued
from leadline.metrics.results import Series
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.proxies import (
    Durations,
    Estimate,
    log_mean_change,
    mean_change,
    median_minutes,
    unknown,
    volume_change,
)
from leadline.metrics.statistics.rule_window import WINDOW_WEEKS, first_week
from leadline.metrics.statistics.season import calendar_terms
from leadline.metrics.statistics.weekly_counts import prepare_counts, weekly_cohorts

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DurationMeasure:
    """Kind 'duration': weekly medians on the log, waiting members censored."""

    metric: Metric
    table: Durations
    span: Span

    def has_data(self, week: int) -> bool:
        return bool((self.table.day <= 7 * week + 6).any())

    def _medians(self, week: int) -> Floats:
        return median_minutes(*self.table.known_at(7 * week + 6))

    def _units(self, since: int, week: int) -> int:
        inside = (self.table.day >= 7 * since) & (self.table.day <= 7 * week + 6)
        return int(self.table.units[inside].sum())

    def change(self, week: int) -> Estimate:
        span = self.span
        medians = self._medians(week)
        return log_mean_change(
            medians[span.first : span.last + 1], medians[span.deployed :], self._units(span.deployed, week)
        )

    def value(self, week: int, min_sample: int = 0) -> Valued:
        units = np.zeros(max(week, int(self.table.day.max(initial=0)) // 7) + 1)
        np.add.at(units, self.table.day // 7, self.table.units)
        since = first_week(units, week, self.span.deployed, min_sample, 0)
        done, waiting = self.table.known_at(7 * week + 6)
        pooled = median_minutes(
            done[since:].sum(axis=0, keepdims=True), waiting[since:].sum(axis=0, keepdims=True)
        )
        return Valued(number(pooled[0]), self._units(since, week))

    def series(self, week: int) -> Series:
        done, waiting = (rolling(table, WINDOW_WEEKS) for table in self.table.known_at(7 * week + 6))
        units = (done + waiting).sum(axis=1)
        # order statistics bracket a median: ranks n/2 -+ 0.98 sqrt(n) (Conover 1999, 3.2)
        margin = 0.98 / np.sqrt(np.maximum(units, 1.0))
        middle, low, high = (
            median_minutes(done, waiting, np.clip(0.5 + sign * margin, 0.01, 0.99))
            for sign in (0.0, -1.0, 1.0)
        )
        base = self.change(week).baseline_value or math.nan
        return Curves(
            known=100 * middle / base,
            projected=100 * middle / base,
            low=100 * low / base,
            high=100 * high / base,
            maturity=np.ones(middle.size),
            values=middle,
            units=units,
            own_values=self._medians(week),
        ).series(self.metric, self.span, week)


@dataclass(frozen=True, eq=False)
class VolumeMeasure:
    """Kind 'volume': units that entered a week; kind 'sum': amounts of it."""

    metric: Metric
    counts: Floats
    span: Span
    currencies: Currencies | None = None

    @cached_property
    def yardstick(self) -> OutcomeModel:
        """The volume as an outcome would be judged: against its level at the baseline's end, in its season."""
        terms = calendar_terms(self.span.calendar.starts())
        weeks = (self.span.first, self.span.last, self.span.deployed)
        return prepare_counts(weekly_cohorts(self.counts[None]), terms, *weeks)

    def has_data(self, week: int) -> bool:
        return bool(self.counts[: week + 1].any())

    def change(self, week: int) -> Estimate:
        span = self.span
        return volume_change(self.counts[span.first : span.last + 1], self.counts[span.deployed : week + 1])

    def value(self, week: int, min_sample: int = 0) -> Valued:
        return mean_count(self.counts, week, self.span.deployed, min_sample)

    def series(self, week: int) -> Series:
        baseline = self.counts[self.span.first : self.span.last + 1]
        base = float(baseline.mean()) if baseline.size and baseline.any() else math.nan
        scatter = float(baseline.var(ddof=1)) / base if baseline.size > 1 and base > 0 else 1.0
        curves = volume_curves(self.counts, base, scatter - 1.0, week, None)
        return curves.series(self.metric, self.span, week)


@dataclass(frozen=True, eq=False)
class AmountMeasure:
    """Kind 'mean': an amount per unit."""

    metric: Metric
    table: AmountTable
    span: Span

    def has_data(self, week: int) -> bool:
        return bool(self.table.units[: week + 1].any())

    def change(self, week: int) -> Estimate:
        span = self.span
        before, after = slice(span.first, span.last + 1), slice(span.deployed, week + 1)
        units, amounts = self.table.units, self.table.amounts
        if not units[before].any() or not units[after].any():
            return unknown(int(units[after].sum()))
        return mean_change((units[before], units[after]), (amounts[before], amounts[after]))

    def value(self, week: int, min_sample: int = 0) -> Valued:
        pick = slice(first_week(self.table.units, week, self.span.deployed, min_sample, 0), week + 1)
        units = float(self.table.units[pick].sum())
        return Valued(float(self.table.amounts[pick].sum()) / units if units > 0 else None, int(units))

    def series(self, week: int) -> Series:
        units = rolling(self.table.units[: week + 1], WINDOW_WEEKS)
        amounts = rolling(self.table.amounts[: week + 1], WINDOW_WEEKS)
        before = slice(self.span.first, self.span.last + 1)
        total = float(self.table.units[before].sum())
        base = (float(self.table.amounts[before].sum()) / total if total > 0 else 0.0) or math.nan
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(units > 0, amounts / units, np.nan)
            means = np.where(self.table.units > 0, self.table.amounts / self.table.units, np.nan)
        own = means[before][np.isfinite(means[before])]
        half = 1.96 * (float(own.std(ddof=1)) if own.size > 1 else 0.0) / math.sqrt(WINDOW_WEEKS)
        return Curves(
            known=100 * mean / base,
            projected=100 * mean / base,
            low=100 * np.maximum(mean - half, 0.0) / base,
            high=100 * (mean + half) / base,
            maturity=np.ones(mean.size),
            values=mean,
            units=units,
            own_values=means,
        ).series(self.metric, self.span, week)
