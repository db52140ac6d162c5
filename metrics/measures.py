"""One metric of one workflow, counted and compared with its baseline: its change, its weekly value, its line.

Six kinds, one contract. `change(week)` is the change since the deployment, `value(week)` the metric in its own unit
over the last weeks with the units it rests on, `series(week)` the line of the divergence chart; each with what
was known at the end of that week and nothing later.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.brand import coherence_table
from leadline.metrics.cohorts import (
    AmountTable,
    Calendar,
    Currencies,
    RateTable,
    amount_table,
    duration_table,
    rate_table,
    volume_table,
)
from leadline.metrics.ratios import RatioTable, mean_table, ratio_table, sum_table
from leadline.metrics.reporting_delays import Reported
from leadline.metrics.results import Series
from leadline.metrics.statistics.divergence import MIN_BASELINE_WEEKS
from leadline.metrics.statistics.fitness import recording_start
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import OutcomeModel, prepare, prepare_target
from leadline.metrics.statistics.projection import outlook, project
from leadline.metrics.statistics.proxies import (
    Durations,
    Estimate,
    log_mean_change,
    mean_change,
    median_minutes,
    rate_change,
    unknown,
    volume_change,
)
from leadline.metrics.statistics.reporting_delay import Entered
from leadline.metrics.statistics.rule_window import WINDOW_WEEKS, first_week
from leadline.metrics.statistics.season import calendar_terms
from leadline.metrics.statistics.weekly_counts import DAYS, prepare_counts, steady_from, weekly_cohorts

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


def measure(
    warehouse: Warehouse,
    metric: Metric,
    workflow: str,
    span: Span,
    segment: str = "",
    reported: Reported | None = None,
) -> Measure:
    """Count a metric from the facts. `segment`: the column a rate is stratified by; `reported`: how far its events are
    entered."""
    calendar = span.calendar
    if metric.kind == "ratio":
        ratio = ratio_table(warehouse, metric, workflow, calendar, (span.first, span.last))
        if metric.role == "outcome":
            return RatioMeasure.of(metric, ratio, span, reported=reported)
        return AmountMeasure(metric, ratio.amounts, span)
    if metric.kind == "sum":
        table = sum_table(warehouse, metric, workflow, calendar, (span.first, span.last))
        if metric.role == "outcome":
            return CountMeasure.of(metric, table, span, reported=reported)
        return VolumeMeasure(
            metric, table.scale / DAYS * table.cohorts.events.sum(axis=(0, 2)), span, table.currencies
        )
    if metric.kind in ("rate", "value") or (metric.kind == "volume" and metric.role == "outcome"):
        table = rate_table(warehouse, metric, workflow, calendar, segment, (span.first, span.last))
        kind = CountMeasure if metric.kind == "volume" else RateMeasure
        return kind.of(metric, table, span, reported=reported)
    if metric.kind == "pairs":
        pairs = coherence_table(warehouse, metric, workflow, calendar, (span.first, span.last))
        if metric.role == "outcome":
            return RatioMeasure.of(metric, pairs, span, reported=reported)
        return AmountMeasure(metric, pairs.amounts, span)
    if metric.kind == "duration":
        return DurationMeasure(metric, duration_table(warehouse, metric, workflow, calendar), span)
    if metric.kind == "volume":
        return VolumeMeasure(metric, volume_table(warehouse, metric, workflow, calendar), span)
    if metric.role == "outcome":
        means = mean_table(warehouse, metric, workflow, calendar, (span.first, span.last), segment)
        return RatioMeasure.of(metric, means, span, reported=reported)
    return AmountMeasure(metric, amount_table(warehouse, metric, workflow, calendar, span.last), span)


@dataclass(frozen=True, eq=False)
class RateMeasure:
    """Kinds 'rate' and 'value': age-matched against the baseline's hazards."""

    metric: Metric
    table: RateTable
    model: OutcomeModel
    span: Span
    target: float | None = None
    reported: Reported | None = None
    """None where nothing is entered late"""

    @classmethod
    def of(
        cls,
        metric: Metric,
        table: RateTable,
        span: Span,
        target: float | None = None,
        reported: Reported | None = None,
    ) -> Self:
        """Held against the baseline's weeks of `span`, or against a target."""
        terms = calendar_terms(span.calendar.starts(span.calendar.weeks + metric.within_weeks + 1))
        if target is None:
            model = cls.fitted(table, terms, span)
        else:
            model = prepare_target(table.cohorts, terms, target, span.deployed)
        if reported is not None:
            # a cohort is held against a target as a whole, when the last of its events can have come
            model = model.with_entered(reported.entered if target is None else reported.entered.complete)
        return cls(metric, table, model, span, target, reported)

    @staticmethod
    def fitted(table: RateTable, terms: Floats, span: Span) -> OutcomeModel:
        weeks = (span.first, span.last, span.deployed)
        newcomers, rest = table.newcomers, table.rest
        return prepare(table.cohorts, terms, *weeks, newcomers, rest, compared_from=span.last + 1)

    def recorded_from(self) -> int | None:
        """The first week of its recording, with what was known when the baseline ended; None where nothing can tell."""
        return recording_start(self.table.cohorts, self.span.last)

    def laid_out(self, cohorts: Cohorts) -> Cohorts:
        """The same outcome counted by another dimension, as the model weighs what entered."""
        return cohorts

    def has_data(self, week: int) -> bool:
        return bool(self.table.cohorts.entered[:, : week + 1].any())

    def has_events(self, week: int) -> bool:
        return bool(self.table.cohorts.known_at(week).events.any())

    def in_own_unit(self, rate: Floats) -> Floats:
        """Values of the metric, of rates as the model knows them."""
        return self.table.scale * rate

    @property
    def amount_of_event(self) -> float:
        """What one counted event stands for."""
        return self.table.scale

    def drawn_value(self, drawn: Floats) -> Floats:
        """Values of the metric, of what a promise draws: rates; of a count, events a week."""
        return self.in_own_unit(drawn)

    def told(self, estimate: Estimate) -> Estimate:
        """What is known of the model's rate, as a change of the metric, in its own unit."""
        return replace(
            estimate,
            baseline_value=self._in_own_unit(estimate.baseline_value),
            current_value=self._in_own_unit(estimate.current_value),
        )

    def relative(self, level: float) -> float:
        """The change of the metric where its rate is `level` times the baseline's."""
        return level - 1.0

    def _in_own_unit(self, rate: float | None) -> float | None:
        return None if rate is None else _number(float(self.in_own_unit(np.asarray(rate))))

    def change(self, week: int) -> Estimate:
        return self.told(rate_change(self.model, self.span.deployed, week))

    def value(self, week: int, min_sample: int = 0) -> Valued:
        if self.model.entered is not None:
            week = min(week, self.model.entered.settled)
        units = self.value_units
        since = first_week(units, week, self.span.deployed, min_sample, self.metric.within_weeks)
        adjusted = self.told(rate_change(self.model, since, week)).current_value
        rests_on = int(round(float(units[since : week + 1].sum()), 6))
        happened, usual = (float(side[since : week + 1].sum()) for side in self.model.as_counted)
        if usual <= 0:
            return Valued(adjusted, rests_on)
        counted = self._in_own_unit(self.model.baseline.final_rate * happened / usual)
        return Valued(counted, rests_on, adjusted)

    @property
    def value_units(self) -> Floats:
        """[T] what a value of each calendar week rests on."""
        return effective_units(self.model)

    def _own_values(self, week: int) -> Floats:
        """[C] of each week's units, the share (amount per unit) known at the end of `week`; NaN where none entered."""
        known = self.table.cohorts.known_at(week)
        entered = known.entered.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(entered > 0, self.table.scale * known.events.sum(axis=(0, 2)) / entered, np.nan)

    def series(self, week: int) -> Series:
        return self.curves(week).series(self.metric, self.span, week)

    def curves(self, week: int) -> Curves:
        p = project(self.model, week, outlook(self.model, week), WINDOW_WEEKS)
        return Curves(
            known=100 * p.known,
            projected=100 * p.projected,
            low=100 * p.low,
            high=100 * p.high,
            maturity=p.maturity,
            values=self.in_own_unit(self.model.baseline.final_rate * p.projected),
            units=p.units,
            own_values=self._own_values(week),
        )


@dataclass(frozen=True, eq=False)
class CountMeasure(RateMeasure):
    """Kind 'volume' as an outcome: events by the week in which they happen, against the level at the baseline's end."""

    @staticmethod
    def fitted(table: RateTable, terms: Floats, span: Span) -> OutcomeModel:
        return prepare_counts(table.cohorts, terms, span.first, span.last, span.deployed, table.rest)

    @property
    def amount_of_event(self) -> float:
        return self.table.scale / DAYS

    def drawn_value(self, drawn: Floats) -> Floats:
        return self.amount_of_event * drawn

    @property
    def counts(self) -> Floats:
        """[C] in the metric's own unit."""
        return self.drawn_value(self.table.cohorts.events.sum(axis=(0, 2)))

    def recorded_from(self) -> int | None:
        start = max(recording_start(self.table.cohorts, self.span.last) or 0, self.span.first)
        return steady_from(self.counts, start, self.span.last, MIN_BASELINE_WEEKS)

    def laid_out(self, cohorts: Cohorts) -> Cohorts:
        weight = self.model.cohorts.entered.sum(axis=0) / self.table.cohorts.entered.sum(axis=0)
        return replace(cohorts, entered=cohorts.entered * weight)

    def has_data(self, week: int) -> bool:
        return self.has_events(week)

    def value(self, week: int, min_sample: int = 0) -> Valued:
        entered = self.model.entered
        if entered is None:
            return _mean_count(self.counts, week, self.span.deployed, min_sample)
        week = min(week, entered.settled)
        pick = slice(first_week(self.counts, week, self.span.deployed, min_sample, 0), week + 1)
        count, weeks = float(self.counts[pick].sum()), float(entered.share[pick].sum())
        return Valued(count / weeks if weeks > 0 else None, int(count))

    def series(self, week: int) -> Series:
        base = self.model.rate() * self.table.scale
        curves = _volume_curves(self.counts, base, self.model.dispersion * base, week, self.model.entered)
        return curves.series(self.metric, self.span, week)


@dataclass(frozen=True, eq=False)
class RatioMeasure(RateMeasure):
    """Kinds 'ratio', 'mean' and 'pairs' as outcomes: what happens for each amount, in the week in which it is due
    (`ratios`, `brand`).

    Where less is better, its inverse is what must not fall: 'leads for each euro' falls when a lead costs more.
    """

    table: RatioTable

    @property
    def is_inverse(self) -> bool:
        return not self.metric.higher_is_better

    def in_own_unit(self, rate: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.table.scale / rate if self.is_inverse else self.table.scale * rate

    def told(self, estimate: Estimate) -> Estimate:
        found = super().told(estimate)
        if not self.is_inverse:
            return found
        low, high, relative = (
            None if change is None else _number(self.relative(1.0 + change))
            for change in (estimate.high, estimate.low, estimate.relative)
        )
        return replace(found, relative=relative, low=low, high=high)

    def relative(self, level: float) -> float:
        if not self.is_inverse:
            return super().relative(level)
        return 1.0 / level - 1.0 if level > 0 else math.inf

    @property
    def value_units(self) -> Floats:
        return self.table.amounts.units

    def _own_values(self, week: int) -> Floats:
        units, amounts = (
            table[: week + 1] for table in (self.table.amounts.units, self.table.amounts.amounts)
        )
        own: Floats = np.divide(amounts, units, out=np.full(units.size, np.nan), where=units > 0)
        return own

    def curves(self, week: int) -> Curves:
        found = super().curves(week)
        found = replace(found, units=_rolling(self.value_units[: week + 1], WINDOW_WEEKS))
        if not self.is_inverse:
            return found
        with np.errstate(divide="ignore"):
            known, projected, low, high = (
                1e4 / line for line in (found.known, found.projected, found.high, found.low)
            )
        return replace(found, known=known, projected=projected, low=low, high=high)


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
        return Valued(_number(pooled[0]), self._units(since, week))

    def series(self, week: int) -> Series:
        done, waiting = (_rolling(table, WINDOW_WEEKS) for table in self.table.known_at(7 * week + 6))
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
        return _mean_count(self.counts, week, self.span.deployed, min_sample)

    def series(self, week: int) -> Series:
        baseline = self.counts[self.span.first : self.span.last + 1]
        base = float(baseline.mean()) if baseline.size and baseline.any() else math.nan
        scatter = float(baseline.var(ddof=1)) / base if baseline.size > 1 and base > 0 else 1.0
        curves = _volume_curves(self.counts, base, scatter - 1.0, week, None)
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
        units = _rolling(self.table.units[: week + 1], WINDOW_WEEKS)
        amounts = _rolling(self.table.amounts[: week + 1], WINDOW_WEEKS)
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


def currencies_of(measure: Measure) -> Currencies | None:
    """Of what a measure sums up; None where it counts."""
    if isinstance(measure, VolumeMeasure):
        return measure.currencies
    return measure.table.currencies if isinstance(measure, RateMeasure | AmountMeasure) else None


def currency_of(measure: Measure) -> str | None:
    """The currency of a measure's values, where they are amounts of money and it is known."""
    currencies = currencies_of(measure)
    return currencies.main if currencies else None


def _mean_count(counts: Floats, week: int, deployed: int, min_sample: int) -> Valued:
    lately = counts[first_week(counts, week, deployed, min_sample, 0) : week + 1]
    return Valued(float(lately.mean()), int(lately.sum())) if lately.size else Valued(None, 0)


def _volume_curves(counts: Floats, base: float, excess: float, week: int, entered: Entered | None) -> Curves:
    """Trailing means of weekly counts, so far as they are entered. `excess`: variance over mean beyond a Poisson's."""
    share = np.ones(week + 1) if entered is None else entered.share[: week + 1]
    total, weeks = (_rolling(np.where(share > 0, c, 0.0), WINDOW_WEEKS) for c in (counts[: week + 1], share))
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


def effective_units(model: OutcomeModel) -> Floats:
    """[T] how many complete units each calendar week is worth: usual events over the final rate.

    A hundred leads of yesterday tell nothing of a close rate yet; a value never rests on more than what can be known.
    Where the baseline had no event at all, nothing tells how soon one comes: units count when their horizon is over.
    """
    rate = model.baseline.final_rate
    usual = model.as_counted[1]
    if rate > 0:
        return usual / rate
    done = np.zeros_like(usual)
    first = model.deployed + model.cohorts.ages - 1
    entered = model.past.entered.sum(axis=0)[model.deployed :]
    done[first:] = entered[: max(done.size - first, 0)]
    return done


def _rolling(table: Floats, window: int) -> Floats:
    """Sums over the last `window` rows, fewer at the start."""
    total = np.cumsum(table, axis=0, dtype=np.float64)
    total[window:] = total[window:] - total[:-window]
    return total


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
            known=_numbers(self.known[pick]),
            projected=_numbers(self.projected[pick]),
            low=_numbers(self.low[pick]),
            high=_numbers(self.high[pick]),
            maturity=tuple(float(m) for m in self.maturity[pick]),
            values=_numbers(self.values[pick]),
            units=tuple(int(u) for u in self.units[pick]),
            own_values=_numbers(self.own_values[pick]),
        )


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _numbers(values: Floats) -> tuple[float | None, ...]:
    return tuple(_number(float(v)) for v in values)
