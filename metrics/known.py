"""What is known of one workflow at the end of a day: how far its sources reach, and what is found about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from leadline.metrics.cohorts import WonAmounts
from leadline.metrics.findings import (
    BareNumber,
    DefinitionChanged,
    EnteredLate,
    HeldBack,
    JudgedOtherwise,
    NoRows,
    StaleSource,
    SuddenZero,
)
from leadline.metrics.measures.measure import currency_of
from leadline.metrics.results import (
    Finding,
)
from leadline.metrics.silence import broke_off, silences
from leadline.metrics.statistics.fitness import Freshness, last_week_end
from leadline.metrics.study import Study

Sources = Mapping[str, Freshness | None]

TOO_LATE_DAYS = 21
"""a source this much later than its own pace allows no verdict at all"""


@dataclass(frozen=True)
class Known:
    """What is known of one workflow at the end of a day: all that its verdicts, rules and cost may rest on."""

    as_of: dt.date
    through: dt.date
    """the Sunday up to which all sources are complete"""
    week: int
    """the week that ends on it"""
    sources: Sources
    findings: tuple[Finding, ...]
    amounts: WonAmounts | None

    def blocking(self, outcome: str) -> Finding | None:
        """What is in the way of judging a metric in the newest week."""
        found = (f for f in self.findings if f.blocks_verdict and f.metric in (None, outcome))
        return next(found, None)

    def redefined(self, *metrics: str) -> Finding | None:
        """The first of some metrics that counts something else than was agreed."""
        found = (f for f in self.findings if f.metric in metrics and isinstance(f.about, DefinitionChanged))
        return next(found, None)


def is_too_late(state: Freshness | None, as_of: dt.date) -> bool:
    """Whether a source is so far behind at the end of `as_of` that nothing can be judged."""
    return (
        state is not None
        and state.late
        and (as_of - state.newest).days - state.usual_gap_days > TOO_LATE_DAYS
    )


def known_at(study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date) -> Known:
    through = last_week_end(min([as_of, *(s.covers for s in sources.values() if s is not None)]))
    week = min(study.calendar.position(through), study.calendar.weeks - 1)
    return Known(as_of, through, week, sources, _findings(study, sources, week, as_of), amounts)


def _findings(study: Study, sources: Sources, week: int, as_of: dt.date) -> tuple[Finding, ...]:
    found = [*_redefined(study), *study.baseline_findings(week), *study.anomalies(week, as_of)]
    for source, state in sources.items():
        if state is None:
            found.append(Finding(NoRows(source), blocks_verdict=False))
        elif state.late:
            behind = (as_of - state.newest).days
            late = StaleSource(source, state.newest, behind, state.usual_gap_days)
            found.append(Finding(late, blocks_verdict=is_too_late(state, as_of)))
    found += study.judged.findings(as_of)
    found += _judged_otherwise(study, week, as_of)
    found += _currencies(study, week)
    reach = max((state.covers for state in sources.values() if state is not None), default=as_of)
    for name, counted in study.outcomes.items():
        if name in study.unusable or week < study.span.deployed:
            continue
        empty = next((first for first, last in silences(study, name, week) if last == week), None)
        if empty is None:
            empty = broke_off(study, name, reach)
        is_told = any(
            f.blocks_verdict and f.metric == name for f in found
        )  # its amounts, not its rows, are gone
        if empty is not None and not is_told:
            look = study.where_to_look(name, as_of)
            silent = SuddenZero(counted.metric.label, study.calendar.start(empty), look)
            found.append(Finding(silent, blocks_verdict=True, metric=name))
    return (*found, *_bare_numbers(study, week), *_late_entry(study, week))


def _judged_otherwise(study: Study, week: int, as_of: dt.date) -> list[Finding]:
    """Alarms on what people judge that the same people, who judge old things otherwise by now, may have raised."""
    found = []
    for name in study.judged.of_metric:
        state, again = study.state(name, week), study.judged.again(name, as_of)
        if state is None or not state.alarm or again is None:
            continue
        before, now = state.change.baseline_value, state.change.current_value
        if before is not None and now is not None and again.explains(now - before):
            label = study.catalog[name].label
            told = JudgedOtherwise(label, now - before, again.things, again.before, again.now)
            found.append(Finding(told, blocks_verdict=True, metric=name))
    return found


def _redefined(study: Study) -> list[Finding]:
    """Metrics that count something else than what was agreed: nothing was agreed on what they count now."""
    return [
        Finding(
            DefinitionChanged(study.catalog[one.metric].label, one.registered_on, one.version),
            True,
            one.metric,
        )
        for one in study.memory.redefined
    ]


def _currencies(study: Study, week: int) -> list[Finding]:
    """Amounts that are left out because they are in another currency than most, of every metric that has any."""
    found = []
    for name in dict.fromkeys((*study.proxies, *study.outcomes)):
        mixed = study.currencies_mixed(name, week) if name not in study.unusable else None
        if mixed is not None:
            found.append(Finding(mixed, blocks_verdict=mixed.share_before is not None, metric=name))
    return found


def _bare_numbers(study: Study, week: int) -> list[Finding]:
    """Rules on money with a number that names no currency, where amounts in several have landed."""
    found = []
    for rule in study.charter.stopping_rules:
        name, when = rule.when.metric or "", rule.when
        if (
            when.number is None
            or when.currency
            or name not in study.catalog
            or study.catalog[name].unit != "money"
        ):
            continue
        main = currency_of(study.proxies.get(name) or study.outcomes[name])
        mixed = study.currencies_mixed(name, week)
        if mixed is not None and main is not None:
            bare = BareNumber(rule.id, study.catalog[name].label, main, mixed.others)
            found.append(Finding(bare, blocks_verdict=False, metric=name))
    return found


def _late_entry(study: Study, week: int) -> list[Finding]:
    """How far outcomes are entered, each notice once with all the outcomes that it concerns."""
    outcomes: dict[HeldBack | EnteredLate, list[str]] = {}
    for name, counted in study.outcomes.items():
        if name not in study.unusable and week >= study.span.deployed and counted.reported is not None:
            told = counted.reported.finding("", study.calendar, week)
            if told is not None:
                outcomes.setdefault(told, []).append(name)
    found = []
    for told, names in outcomes.items():
        first, *others = (study.catalog[name].label for name in names)
        about = replace(told, label=first, also=tuple(others))
        found.append(Finding(about, blocks_verdict=False, metric=names[0] if not others else None))
    return found
