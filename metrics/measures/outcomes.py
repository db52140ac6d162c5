"""Measures that are judged: rates and amounts by age, counts by the week in which they happen, ratios and means."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import (
    RateTable,
)
from leadline.metrics.measures.curves import Curves, mean_count, number, rolling, volume_curves
from leadline.metrics.measures.span import Span, Valued
from leadline.metrics.ratios import RatioTable
from leadline.metrics.reporting_delays import Reported
from leadline.metrics.results import Counted, Series, TakenOut
from leadline.metrics.statistics.divergence import MIN_BASELINE_WEEKS
from leadline.metrics.statistics.fitness import recording_start
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.mechanism import level_and_stretch
from leadline.metrics.statistics.outcomes import OutcomeModel, prepare, prepare_target
from leadline.metrics.statistics.projection import outlook, project
from leadline.metrics.statistics.proxies import (
    Estimate,
    rate_change,
)
from leadline.metrics.statistics.rule_window import WINDOW_WEEKS, first_week
from leadline.metrics.statistics.season import calendar_terms
from leadline.metrics.statistics.weekly_counts import DAYS, prepare_counts, steady_from

Floats = NDArray[np.float64]


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
        return None if rate is None else number(float(self.in_own_unit(np.asarray(rate))))

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

    def counted(self, first: int, week: int, segment: int | None = None) -> Counted | None:
        """The baseline's value and that of the cohorts first..week as anybody can count them; None where nothing is
        taken out of what is told."""
        model = self.model
        pace = self.metric.role == "outcome" and level_and_stretch(model, week, segment).is_clear
        taken_out: dict[TakenOut, bool] = {
            "season": model.season.learned,
            "mix": segment is None and not model.cohorts.of_time and model.past.entered.shape[0] > 1,
            "pace": pace,
        }
        if not any(taken_out.values()):
            return None
        before = None if self.target is not None else self._counted(model.first, model.last, segment)
        now = self._counted(first, week, segment)
        return Counted(before, now, tuple(one for one, is_out in taken_out.items() if is_out))

    def _counted(self, first: int, week: int, segment: int | None) -> float | None:
        happened, usual = self.model.of_cohorts(first, week, segment)
        return self._in_own_unit(self.model.baseline.final_rate * happened / usual) if usual > 0 else None

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

    def _counted(self, first: int, week: int, segment: int | None) -> float | None:
        pick, weeks = slice(None) if segment is None else slice(segment, segment + 1), slice(first, week + 1)
        share = self.model.share_known[weeks, 0]
        counts = self.table.cohorts.events[pick, weeks].sum(axis=(0, 2))
        live = float(share.sum())
        return self.amount_of_event * float(counts[share > 0.0].sum()) / live if live > 0 else None

    def value(self, week: int, min_sample: int = 0) -> Valued:
        entered = self.model.entered
        if entered is None:
            return mean_count(self.counts, week, self.span.deployed, min_sample)
        week = min(week, entered.settled)
        pick = slice(first_week(self.counts, week, self.span.deployed, min_sample, 0), week + 1)
        count, weeks = float(self.counts[pick].sum()), float(entered.share[pick].sum())
        return Valued(count / weeks if weeks > 0 else None, int(count))

    def series(self, week: int) -> Series:
        base = self.model.rate() * self.table.scale
        curves = volume_curves(self.counts, base, self.model.dispersion * base, week, self.model.entered)
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
            None if change is None else number(self.relative(1.0 + change))
            for change in (estimate.high, estimate.low, estimate.relative)
        )
        return replace(found, relative=relative, low=low, high=high)

    def _counted(self, first: int, week: int, segment: int | None) -> float | None:
        if segment is not None:
            return super()._counted(first, week, segment)
        weeks = slice(first, week + 1)
        counts = self.model.share_known[weeks, 0] > 0.0
        units = float(self.table.amounts.units[weeks][counts].sum())
        return float(self.table.amounts.amounts[weeks][counts].sum()) / units if units > 0 else None

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
        found = replace(found, units=rolling(self.value_units[: week + 1], WINDOW_WEEKS))
        if not self.is_inverse:
            return found
        with np.errstate(divide="ignore"):
            known, projected, low, high = (
                1e4 / line for line in (found.known, found.projected, found.high, found.low)
            )
        return replace(found, known=known, projected=projected, low=low, high=high)


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
