"""Before a rule is signed: how soon it would notice, how often it would cry wolf, and when it would have fired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import Charter, StoppingRule
from leadline.metrics.agreement.rules import rule_history
from leadline.metrics.charter_terms import CHECKPOINT_MISSED
from leadline.metrics.cohorts import activity
from leadline.metrics.findings import Fact, Unpromised
from leadline.metrics.judging import observations
from leadline.metrics.reporting_delays import export_days
from leadline.metrics.rule_states import rule_state_meaning
from leadline.metrics.statistics.fitness import last_week_end
from leadline.metrics.statistics.promise import Promise, monitoring, promise, threshold
from leadline.metrics.study import Study, prepare_study
from leadline.metrics.verdicts import ALARMED


@dataclass(frozen=True)
class RulePromise:
    """A rule, what it can promise at this volume, and the week ends at which it would have begun a breach."""

    rule: StoppingRule
    promise: Promise | None
    reason: Fact | None
    """why nothing can be promised, where that is so"""
    fired: tuple[dt.date, ...]
    replayed_from: dt.date | None


def rules_on_outcomes(charter: Charter) -> tuple[StoppingRule, ...]:
    """The rules on an outcome's value: unlike verdicts they are within no budget, so each has its own false alarms."""
    return tuple(rule for rule in charter.stopping_rules if rule.when.metric in charter.outcomes)


def rule_promises(
    warehouse: Warehouse,
    workspace: Workspace,
    charter: Charter,
    as_of: dt.date,
    rules: Sequence[StoppingRule] | None = None,
) -> tuple[RulePromise, ...]:
    """For the rules of a charter that may not be registered yet (None: every one), on the facts landed by `as_of`."""
    asked = charter.stopping_rules if rules is None else rules
    if not asked:
        return ()
    catalog = load_catalog(workspace)
    days = [
        found[0]
        for (_, workflow), found in activity(warehouse, as_of).items()
        if workflow == charter.workflow
    ]
    if not days:
        reason = Unpromised("nothing_landed", charter.workflow)
        return tuple(RulePromise(rule, None, reason, (), None) for rule in asked)
    first = min([*days, charter.baseline.first or charter.baseline.last])
    budget = workspace.settings.false_alarm_budget
    exports = export_days(warehouse)
    study = prepare_study(warehouse, charter, catalog, first, last_week_end(as_of), budget, exports)
    return tuple(_promise(study, rule) for rule in asked)


def _promise(study: Study, rule: StoppingRule) -> RulePromise:
    found, reason = _reckon(study, rule)
    weeks = observations(study, rule, study.calendar.weeks - 1)
    metric = rule.when.metric
    baseline = None
    if weeks and (metric in study.proxies or metric in study.outcomes):
        measure = study.proxies.get(metric or "") or study.outcomes[metric or ""]
        baseline = measure.change(study.calendar.weeks - 1).baseline_value
    fired: list[dt.date] = []
    was_in_breach = False
    for week, state in zip(weeks, rule_history(rule, weeks, baseline), strict=True):
        if state.state == "breached" and not was_in_breach:
            fired.append(week.week_end)
        was_in_breach = rule_state_meaning(state.state).is_in_breach
    since = study.calendar.start(study.span.deployed) if weeks else None
    return RulePromise(rule, found, reason, tuple(fired), since)


def _reckon(study: Study, rule: StoppingRule) -> tuple[Promise | None, Fact | None]:
    usable = {name: outcome for name, outcome in study.outcomes.items() if name not in study.unusable}
    if not usable:
        return None, next(iter(study.unusable.values()), Unpromised("no_outcome"))
    models = [outcome.model for outcome in usable.values()]
    when = rule.when
    if when.verdict in ALARMED:
        return promise(models, monitoring(study.yearly_budget)), None
    if when.verdict == CHECKPOINT_MISSED:
        return None, Unpromised("checkpoint")
    if when.verdict is not None:
        return None, Unpromised("verdict", when.verdict)
    if when.metric not in usable:
        return None, Unpromised("not_an_outcome")
    outcome = usable[when.metric]
    limit = when.threshold(outcome.model.baseline.final_rate * outcome.table.scale)
    if limit is None or when.comparison is None:
        return None, Unpromised("no_baseline_value")
    below = when.comparison in ("<", "<=")

    def crossed(value: float) -> bool:
        return value < limit if below else value > limit

    noticed = threshold(
        list(usable).index(when.metric),
        outcome.table.scale,
        crossed,
        rule.for_weeks,
        rule.min_sample,
        outcome.metric.within_weeks,
    )
    return promise(models, noticed), None
