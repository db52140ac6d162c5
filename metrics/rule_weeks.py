"""What each week showed of a stopping rule, and the states that its rules are in by the newest one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from leadline.metrics.agreement.charter import StoppingRule
from leadline.metrics.agreement.checkpoints import observed_checkpoints
from leadline.metrics.agreement.conditions import COST
from leadline.metrics.agreement.rules import WeekObservation, evaluate_rule
from leadline.metrics.charter_terms import CHECKPOINT_MISSED
from leadline.metrics.cohorts import WonAmounts
from leadline.metrics.drift_costs import cost_of_drift, deals_per_outcome, open_stories
from leadline.metrics.findings import (
    Fact,
    OtherCurrency,
    SilentWeeks,
    UnjudgedRule,
    WeekSpan,
)
from leadline.metrics.known import Known
from leadline.metrics.measures.measure import currency_of
from leadline.metrics.pairs import change_of_proxy, verdict_of
from leadline.metrics.recovery import Standing
from leadline.metrics.results import (
    RuleState,
)
from leadline.metrics.silence import silences
from leadline.metrics.statistics.fitness import last_week_end
from leadline.metrics.statistics.rule_window import WINDOW_WEEKS
from leadline.metrics.study import Study
from leadline.metrics.verdicts import DATA_PROBLEM, Verdict


def rule_states(study: Study, known: Known) -> tuple[RuleState, ...]:
    """The states of the charter's rules, with what was done to them after a breach."""
    return tuple(
        replace(
            _rule(study, rule, known),
            marks=study.memory.marks_of(rule.id, known.as_of),
        )
        for rule in study.charter.stopping_rules
    )


def _other_currency(study: Study, rule: StoppingRule) -> OtherCurrency | None:
    """The currency of a rule's number, where its metric is told in another."""
    name = rule.when.metric or ""
    told = currency_of(study.proxies.get(name) or study.outcomes[name])
    written = [side.currency for side in (rule.when, rule.recover) if side is not None and side.currency]
    other = next((each for each in written if told is not None and each != told), None)
    return OtherCurrency(told, other, study.catalog[name].label) if other else None


def _rule(study: Study, rule: StoppingRule, known: Known) -> RuleState:
    """The rule's state after all weeks since the deployment, each seen as it was."""
    when = rule.when
    if when.verdict == CHECKPOINT_MISSED:
        # people are late or not, whatever the exports do
        return evaluate_rule(rule, _looks_held(study, rule, last_week_end(known.as_of)), None)
    baseline_value = None
    if when.metric in study.proxies or when.metric in study.outcomes:
        measure = study.proxies.get(when.metric or "") or study.outcomes[when.metric or ""]
        if known.week >= study.span.deployed:
            baseline_value = measure.change(known.week).baseline_value
    weeks = [_observed(study, rule, week, known) for week in range(study.span.deployed, known.week + 1)]
    return evaluate_rule(rule, weeks, baseline_value)


def _looks_held(study: Study, rule: StoppingRule, through: dt.date) -> list[WeekObservation]:
    memory, first = study.memory, study.calendar.end(study.span.deployed)
    return observed_checkpoints(rule, study.charter, memory.held, memory.kept_from, first, through)


def observations(study: Study, rule: StoppingRule, week: int) -> list[WeekObservation]:
    """What a rule would have seen in every week from the deployment to `week`."""
    if rule.when.verdict == CHECKPOINT_MISSED:
        return _looks_held(study, rule, study.calendar.end(week))
    return [_observed(study, rule, w) for w in range(study.span.deployed, week + 1)]


def _observed(study: Study, rule: StoppingRule, week: int, known: Known | None = None) -> WeekObservation:
    """What one week showed of a rule. A broken export is no reason to rewrite the weeks before it broke.

    `known`: what stands in the way of its newest week, and what deals are worth.
    """
    end = study.calendar.end(week)
    metric = rule.when.metric
    newest = known if known is not None and week == known.week else None
    through = study.calendar.weeks - 1 if known is None else known.week
    if metric == COST:
        return _observed_cost(study, rule, week, newest, known.amounts if known else None)
    if metric is not None and metric in (*study.proxies, *study.outcomes):
        if metric in study.unusable:
            return WeekObservation(end, True, frozenset(), None, 0)
        blocked = newest.blocking(metric) if newest else None
        reason = blocked.about if blocked else _missing(study, metric, week, through, WINDOW_WEEKS)
        if reason is not None:
            return WeekObservation(end, True, frozenset(), None, 0, reason, blocked=True)
        if (other := _other_currency(study, rule)) is not None:
            return WeekObservation(end, True, frozenset(), None, 0, other)
        found = study.value(metric, week, rule.min_sample)
        seen = WeekObservation(end, True, frozenset(), found.value, found.units)
        return replace(seen, like_baseline=found.like_baseline)
    verdicts: set[Verdict] = set()
    units = 0
    reason = None
    judged = [name for name in study.charter.outcomes if name not in study.unusable]
    for outcome in judged or study.charter.outcomes:
        standing = study.standing(outcome, week)
        blocked = None
        if newest and outcome not in study.unusable:
            blocked = newest.blocking(outcome) or newest.redefined(*study.charter.proxies)
        broken = blocked.about if blocked else _missing(study, outcome, week, through, 1)
        if broken is not None or outcome in study.unusable:
            verdicts.add(DATA_PROBLEM)
            reason = reason or broken
        elif standing is not None:
            units = max(units, standing.state.change.units)
            verdicts |= {_verdict_with(study, proxy, standing, week) for proxy in study.charter.proxies}
    return WeekObservation(end, True, frozenset(verdicts), None, units, reason, reason is not None)


def _missing(study: Study, metric: str, week: int, through: int, over: int) -> Fact | None:
    """Why a metric could not be judged in `week`: weeks of its export that are missing among the last `over` ones, as
    known at the end of `through`, or amounts that came in other currencies."""
    if metric in study.unusable:
        return None
    if (shifted := study.shifted_currency(metric, week)) is not None:
        return shifted
    if metric not in study.outcomes:
        return None
    for first, last in silences(study, metric, through):
        if first <= week < last + over:
            weeks = WeekSpan(study.calendar.start(first), study.calendar.start(last))
            return SilentWeeks(study.catalog[metric].label, weeks)
    return None


def _verdict_with(study: Study, proxy: str, standing: Standing, week: int) -> Verdict:
    # whether the proxy improved matters only while an alarm stands
    improved = change_of_proxy(study, proxy, week).improved if standing.state.alarm else None
    return verdict_of(study, standing, improved, week)


def _observed_cost(
    study: Study, rule: StoppingRule, week: int, newest: Known | None, amounts: WonAmounts | None
) -> WeekObservation:
    """What the drift had cost by then: nothing while no alarm stands, provided that one could have been noticed."""
    end = study.calendar.end(week)
    found = newest.findings if newest else ()
    blocked = next((f for f in found if f.blocks_verdict and f.metric not in study.unusable), None)
    judged = [name for name in study.charter.outcomes if name not in study.unusable]
    states = [state for name in judged if (state := study.state(name, week)) is not None]
    units = max((state.change.units for state in states), default=0)
    stories = open_stories(study, judged, week)
    if blocked is not None or not (stories or any(state.is_judged for state in states)):
        reason = blocked.about if blocked else UnjudgedRule("cost_too_early")
        return WeekObservation(end, True, frozenset(), None, units, reason, blocked is not None)
    if not any(study.catalog[name].has_cost for name in judged):
        return WeekObservation(end, True, frozenset(), None, units, UnjudgedRule("no_cost"))
    cost = cost_of_drift(study, stories, week, amounts)
    if cost is None:
        return WeekObservation(end, True, frozenset(), 0.0, units)
    if cost.value is None:
        rests_on_deals = (
            amounts is None and deals_per_outcome(study, study.outcomes[cost.outcome]) is not None
        )
        reason = UnjudgedRule("no_amounts" if rests_on_deals else "no_money")
        return WeekObservation(end, True, frozenset(), None, units, reason)
    if rule.when.currency not in (None, cost.currency):
        other = OtherCurrency(cost.currency, rule.when.currency)
        return WeekObservation(end, True, frozenset(), None, units, other)
    return WeekObservation(end, True, frozenset(), cost.value, units)
