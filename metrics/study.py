"""One workflow prepared for judging, and what it shows at the end of any week.

Built once from the facts, it answers for every week with what was known then: a replay of seventy weeks shares the
counts, the baseline and the evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TypeVar, cast

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.agreement.workflow_history import NOTHING, Memory
from leadline.metrics.anomalies import anomalies, newest_of_events
from leadline.metrics.breakdowns import Split, Unsplit, breakdowns, splits
from leadline.metrics.charter_terms import Baseline
from leadline.metrics.checks import Checks, all_empty, prepare_checks
from leadline.metrics.cohorts import Calendar
from leadline.metrics.declared.declaration import in_charter
from leadline.metrics.findings import CurrencyMixed, ImportNamed, NoBaseline, NotSplit
from leadline.metrics.links import Linked, linkages, links
from leadline.metrics.measures.measure import currencies_of, measure
from leadline.metrics.measures.outcomes import CountMeasure, RateMeasure
from leadline.metrics.measures.span import Measure, Span, Valued
from leadline.metrics.recorded_since import (
    from_recording_start,
    gone_segments,
    late_recording,
    new_segments,
    recorded_since,
    why_unusable,
)
from leadline.metrics.recovery import Followed, Standing, standings
from leadline.metrics.reporting_delays import ExportDays, event_source, reported
from leadline.metrics.results import Breakdown, Finding, Linkage
from leadline.metrics.reviewing.floor import NOBODY, Judged
from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS, OutcomeState, follow
from leadline.metrics.statistics.left_out import MOST_OF_A_MEAN, would_read_as_change
from leadline.metrics.statistics.mix import steadied
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.proxies import Estimate, unknown
from leadline.metrics.totals import totals

Reckoned = TypeVar("Reckoned")


@dataclass(frozen=True, eq=False)
class Study:
    """A charter, its metrics counted, and the evidence on its outcomes week by week."""

    charter: Charter
    catalog: dict[str, Metric]
    span: Span
    proxies: dict[str, Measure]
    outcomes: dict[str, RateMeasure]
    recorded: dict[str, int]
    """outcome → first week of its recording, where that is later than the baseline's first"""
    yearly_budget: float
    unusable: dict[str, NoBaseline] = field(default_factory=dict)
    """outcome → why it has no baseline to be judged by"""
    splits: tuple[Split | Unsplit, ...] = ()
    """the outcomes that can be judged, by every segment dimension"""
    links: tuple[Linked, ...] = ()
    """proxies and outcomes, told of the same lead"""
    checks: Checks | None = None
    """counts that tell whether the exports are fit to judge"""
    judged: Judged = NOBODY
    """what people said of what the outcomes count"""
    memory: Memory = NOTHING
    """decisions and reviews held, for the verdict 'recovering' and rules on checkpoints"""
    _seen: dict[tuple[str | int, ...], object] = field(default_factory=dict)
    """what the weeks of a replay share"""

    @property
    def calendar(self) -> Calendar:
        return self.span.calendar

    @cached_property
    def traces(self) -> dict[str, list[evidence.Trace]]:
        """Outcome → the evidence on it, all under one limit that keeps the budget; nothing before the deployment."""
        judged = [name for name in self.outcomes if name not in self.unusable]
        if not judged or self.calendar.weeks <= self.span.deployed:
            return {}
        streams = [self.outcomes[name].model.stream() for name in judged]
        traces = evidence.run(streams, self.yearly_budget)
        return {name: [t for t in traces if t.stream == i] for i, name in enumerate(judged)}

    @cached_property
    def states(self) -> dict[str, list[OutcomeState]]:
        """Outcome → its state at the end of each week since the deployment."""
        last = self.calendar.weeks - 1
        return {
            name: self._follow(self.outcomes[name].model, traces, last)
            for name, traces in self.traces.items()
        }

    def _follow(self, model: OutcomeModel, traces: list[evidence.Trace], last: int) -> list[OutcomeState]:
        material = self.charter.materiality_outcome
        return steadied(follow(model, traces, last, material), model, model.deployed, material)

    @cached_property
    def totals(self) -> dict[str, CountMeasure]:
        """Outcome per unit → its events a week, where the volume of its units is a proxy."""
        judged = {name: counted for name, counted in self.outcomes.items() if name not in self.unusable}
        return totals(judged, self.proxies.values())

    @cached_property
    def standings(self) -> dict[str, list[Standing]]:
        """Outcome → what counts of it at the end of each week since the deployment, its drifts told to their end."""
        # the first whole week from the day on
        decisions = [(self.calendar.position(d.on + dt.timedelta(days=6)), d) for d in self.memory.decisions]
        return {
            name: standings(
                self.outcomes[name].model,
                Followed(self.span.deployed, self.traces[name], states),
                decisions,
                partial(self.anew, name),
                self.charter.materiality_outcome,
            )
            for name, states in self.states.items()
        }

    def seen(self, key: tuple[str | int, ...], reckon: Callable[[], Reckoned]) -> Reckoned:
        """What is reckoned once for all reviews of a replay."""
        if key not in self._seen:
            self._seen[key] = reckon()
        return cast(Reckoned, self._seen[key])

    def anew(self, outcome: str, first: int) -> Followed:
        """Evidence that begins with the cohorts of week `first`, with a budget of its own."""
        return self.seen(("anew", outcome, first), lambda: self._anew(outcome, first))

    def _anew(self, outcome: str, first: int) -> Followed:
        model = replace(self.outcomes[outcome].model, deployed=first)
        stream = model.stream()
        traces = evidence.run([stream], self.yearly_budget)
        return Followed(first, traces, self._follow(model, traces, self.calendar.weeks - 1))

    def value(self, metric: str, week: int, min_sample: int) -> Valued:
        """The metric at the end of `week` over as many of the last weeks as hold `min_sample` units; the same for every
        review."""
        key = ("value", metric, week, min_sample)
        if key not in self._seen:
            anew = self._value_anew(metric, week, min_sample)
            self._seen[key] = anew or (self.proxies.get(metric) or self.outcomes[metric]).value(
                week, min_sample
            )
        return cast(Valued, self._seen[key])

    def _value_anew(self, metric: str, week: int, min_sample: int) -> Valued | None:
        """Of an outcome that has recovered: of what entered since that decision alone, once it holds enough units."""
        standing = self.standing(metric, week) if self.memory.decisions else None
        if standing is None or standing.story is None or standing.story.recovered is None:
            return None
        counted, first = self.outcomes[metric], standing.story.recovered.first
        found = replace(
            counted, model=replace(counted.model, deployed=first), span=replace(counted.span, deployed=first)
        ).value(week, min_sample)
        return found if found.units >= max(min_sample, 1) else None

    def proxy_change(self, proxy: str, week: int) -> Estimate:
        """The proxy's change since the deployment at the end of `week`; unknown before it."""
        key = ("change", proxy, week)
        if key not in self._seen:
            measure = self.proxies[proxy]
            known = week >= self.span.deployed and measure.has_data(week)
            self._seen[key] = measure.change(week) if known else unknown()
        return cast(Estimate, self._seen[key])

    def standing(self, outcome: str, week: int) -> Standing | None:
        """What counts of an outcome at the end of `week`; None where it can't be judged, or not yet."""
        found = self.standings.get(outcome, [])
        position = week - self.span.deployed
        return found[position] if 0 <= position < len(found) else None

    def state(self, outcome: str, week: int) -> OutcomeState | None:
        standing = self.standing(outcome, week)
        return standing.state if standing else None

    def currencies_mixed(self, metric: str, week: int) -> CurrencyMixed | None:
        """Amounts of a metric that are left out at the end of `week`; None where all are in one currency."""
        return self.seen(("currencies", metric, week), lambda: self._currencies_mixed(metric, week))

    def _currencies_mixed(self, metric: str, week: int) -> CurrencyMixed | None:
        measure = self.proxies.get(metric) or self.outcomes.get(metric)
        if measure is None or (currencies := currencies_of(measure)) is None or week < self.span.deployed:
            return None
        if not (others := currencies.others(week)):
            return None
        before = currencies.left_out(self.span.first, self.span.last)
        now = currencies.left_out(max(self.span.deployed, week - LOOK_BACK_WEEKS + 1), week)
        # a mean is of what is told alone; an amount per unit, and a sum, loses what is left out
        limit = MOST_OF_A_MEAN if measure.metric.kind == "mean" else self.charter.materiality_outcome
        shifted = would_read_as_change(before, now, limit)
        return CurrencyMixed(measure.metric.label, others, now.share, before.share if shifted else None)

    def shifted_currency(self, metric: str, week: int) -> CurrencyMixed | None:
        """The shift of currencies that alone would read as a change of the metric, if there is one."""
        mixed = self.currencies_mixed(metric, week)
        return mixed if mixed is not None and mixed.share_before is not None else None

    def baseline_findings(self, week: int) -> list[Finding]:
        """What is wrong with the baselines, with what was known at the end of `week`."""
        found = []
        for name, counted in self.outcomes.items():
            start = self.recorded.get(name)
            if name in self.unusable and start is None:
                start = recorded_since(counted, week)
            if start is not None and start <= week:
                found.append(late_recording(counted, start))
            if name in self.unusable:
                reason = (
                    (all_empty(self.checks, counted.metric, week) if self.checks else None)
                    or why_unusable(counted, start, week)
                    or self.unusable[name]
                )
                found.append(Finding(reason, blocks_verdict=True, metric=name))
            elif self.charter.segments:
                found += new_segments(counted, self.charter.segments[0], week)
        if self.charter.segments:
            judged = [counted for name, counted in self.outcomes.items() if name not in self.unusable]
            gone = [
                each for counted in judged for each in gone_segments(counted, self.charter.segments[0], week)
            ]
            found += [Finding(each, blocks_verdict=False) for each in dict.fromkeys(gone)]
        found += [
            Finding(
                NotSplit(self.catalog[one.outcome].label, one.dimension, one.template), False, one.outcome
            )
            for one in self.splits
            if isinstance(one, Unsplit)
        ]
        immature = [name for name in self.unusable if name not in self.outcomes]
        return found + [Finding(self.unusable[n], blocks_verdict=True, metric=n) for n in immature]

    def anomalies(self, week: int, as_of: dt.date) -> list[Finding]:
        """Traces of broken exports, as known at the end of `week`."""
        if self.checks is None or week < 0:
            return []
        return anomalies(self.checks, self.charter, self.outcomes, self.span, week, as_of)

    def where_to_look(self, outcome: str, as_of: dt.date) -> ImportNamed | None:
        """The newest import that an outcome's events come with."""
        landing = newest_of_events(self.checks, self.outcomes[outcome].metric, as_of) if self.checks else None
        return ImportNamed(landing.import_id, landing.file) if landing else None

    def breakdowns(self, week: int) -> tuple[Breakdown, ...]:
        """Where each outcome's change comes from, as known at the end of `week`."""
        states = {name: self.state(name, week) for name in self.outcomes}
        drifting = {
            n: s.since for n, s in states.items() if s is not None and s.alarm and s.since is not None
        }
        return breakdowns(self.splits, self.outcomes, drifting, week)

    def linkages(self, week: int) -> tuple[Linkage, ...]:
        """Whether the proxies still predict the outcomes, as known at the end of `week`."""
        return linkages(self.links, self.span, week)


def prepare_study(
    warehouse: Warehouse,
    charter: Charter,
    catalog: dict[str, Metric],
    first_day: dt.date,
    last_day: dt.date,
    yearly_budget: float,
    exports: ExportDays,
) -> Study:
    """Count everything a charter watches from `first_day` to the Sunday `last_day`.

    `first_day`: the first day with anything of this workflow; earlier weeks would be empty. `exports`: when what has
    landed was exported.
    """
    span = _span(charter, first_day, last_day)
    segment = charter.segments[0] if charter.segments else ""
    outcomes: dict[str, RateMeasure] = {}
    recorded: dict[str, int] = {}
    unusable: dict[str, NoBaseline] = {}
    yardsticks = {own.metric: own for own in charter.yardsticks}
    sources = {name: event_source(catalog[name]) for name in charter.outcomes}
    entered = {
        source: reported(warehouse, charter, source, span.calendar, exports)
        for source in set(sources.values())
        if source is not None
    }
    promises = tuple(one.id for one in charter.positioning)
    for name in charter.outcomes:
        own = yardsticks.get(name)
        own_span = _own_span(span, own.baseline) if own and own.baseline else span
        known = entered.get(sources[name] or "")
        metric = catalog[name]
        metric = replace(metric, declaration=in_charter(metric.declaration, promises))
        counted = measure(warehouse, metric, charter.workflow, own_span, segment, known)
        if not isinstance(counted, RateMeasure):
            unusable[name] = NoBaseline("not_maturing", catalog[name].label)
            continue
        if own is not None and own.target is not None:
            outcomes[name] = RateMeasure.of(counted.metric, counted.table, span, own.target, known)
            continue
        outcomes[name], start = from_recording_start(counted)
        if start is not None:
            recorded[name] = start
        if reason := why_unusable(outcomes[name], start, span.calendar.weeks - 1):
            unusable[name] = reason
    proxies = {
        name: measure(warehouse, replace(catalog[name], role="proxy"), charter.workflow, span)
        for name in charter.proxies
    }
    checks = prepare_checks(warehouse, charter, catalog, span, [*outcomes.values(), *proxies.values()])
    for name in [name for name in unusable if name in outcomes]:
        unusable[name] = all_empty(checks, catalog[name], span.calendar.weeks - 1) or unusable[name]
    split = {n: c for n, c in outcomes.items() if n not in unusable and c.target is None}
    return Study(
        charter,
        catalog,
        span,
        proxies,
        outcomes,
        recorded,
        yearly_budget,
        unusable,
        splits(warehouse, charter, split),
        links(warehouse, charter, catalog, span),
        checks,
        Judged.of(warehouse, charter, [one.metric for one in outcomes.values()], last_day),
    )


def _own_span(span: Span, baseline: Baseline) -> Span:
    """Whole weeks of a baseline that one outcome has for itself; it may lie after the deployment."""
    calendar = span.calendar
    first = max(calendar.position((baseline.first or calendar.first) + dt.timedelta(days=6)), 0)
    last = calendar.position(baseline.last + dt.timedelta(days=1)) - 1
    last = min(max(last, 0), calendar.weeks - 1)
    return replace(span, first=min(first, last), last=last)


def _span(charter: Charter, first_day: dt.date, last_day: dt.date) -> Span:
    """Whole weeks of the baseline that are over before the week of the deployment."""
    calendar = Calendar.spanning(min(first_day, last_day), last_day)
    start = charter.baseline.first or first_day
    first = max(calendar.position(start + dt.timedelta(days=6)), 0)  # the first whole week
    deployed = max(calendar.position(charter.deployed_on), 0)
    last = min(
        calendar.position(charter.baseline.last + dt.timedelta(days=1)) - 1, deployed - 1, calendar.weeks - 1
    )
    return Span(calendar, min(first, max(last, 0)), max(last, 0), max(deployed, 1))
