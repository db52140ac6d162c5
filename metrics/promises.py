"""Before a rule is signed: how soon it would notice, how often it would cry wolf, and when it would have fired."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leadline.data.counts.results import keep_result, kept_result
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.agreement.charter import Charter, StoppingRule
from leadline.metrics.agreement.rules import rule_history
from leadline.metrics.charter_terms import CHECKPOINT_MISSED
from leadline.metrics.cohorts import activity
from leadline.metrics.findings import Fact, Unpromised
from leadline.metrics.fingerprint import fingerprint, statistics_code
from leadline.metrics.links import events_beside
from leadline.metrics.measures.outcomes import RateMeasure
from leadline.metrics.reporting_delays import event_source, export_days
from leadline.metrics.rule_states import rule_state_meaning
from leadline.metrics.rule_weeks import observations
from leadline.metrics.statistics.fitness import last_week_end
from leadline.metrics.statistics.one_flow import Flow, Tie, same_units
from leadline.metrics.statistics.promise import (
    DECLINES,
    Noticed,
    Promise,
    drawn,
    monitoring,
    promise,
    threshold,
)
from leadline.metrics.study import Study, prepare_study
from leadline.metrics.verdicts import ALARMED

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Joint = Literal["learned", "assumed"]
LEAST_EVENTS = 20
"""deals of the baseline without which nothing is learned of how they follow from appointments"""


@dataclass(frozen=True)
class RulePromise:
    """A rule, what it can promise at this volume, and the week ends at which it would have begun a breach."""

    rule: StoppingRule
    promise: Promise | None
    reason: Fact | None
    """why nothing can be promised, where that is so"""
    fired: tuple[dt.date, ...]
    replayed_from: dt.date | None
    joint: Joint | None = None
    """whether it was learned how deals follow from appointments, where both are watched"""
    changes: tuple[tuple[float, ...], ...] = ()
    """of what the rule watches, for each delay: -0.1 is 10 % less; two where it watches what falls and what rises"""
    target: float | None = None
    """the agreed share from which what it watches is taken to change"""


def rules_that_promise(charter: Charter) -> tuple[StoppingRule, ...]:
    """The rules of which delays and false alarms can be told: on drift, and on an outcome's value."""
    return tuple(
        rule
        for rule in charter.stopping_rules
        if rule.when.verdict in ALARMED or rule.when.metric in charter.outcomes
    )


def rule_promises(
    warehouse: Warehouse,
    workspace: Workspace,
    charter: Charter,
    as_of: dt.date,
    rules: Sequence[StoppingRule] | None = None,
    catalog: Mapping[str, Metric] | None = None,
) -> tuple[RulePromise, ...]:
    """For the rules of a charter that may not be registered yet (None: every one), on the facts landed by `as_of`.

    Units come as they did lately, which is until the last week that the facts tell of. What was worked out before from
    the same facts is found in the workspace. `catalog`: with metrics that the workspace does not have yet.
    """
    asked = charter.stopping_rules if rules is None else rules
    if not asked:
        return ()
    study = study_of_landed(warehouse, workspace, charter, catalog or load_catalog(workspace), as_of)
    if study is None:
        reason = Unpromised("nothing_landed", charter.workflow)
        return tuple(RulePromise(rule, None, reason, (), None) for rule in asked)
    flow = _Flow.of(warehouse, study)
    return tuple(_promise(study, flow, rule) for rule in asked)


def study_of_landed(
    warehouse: Warehouse,
    workspace: Workspace,
    charter: Charter,
    catalog: Mapping[str, Metric],
    as_of: dt.date,
) -> Study | None:
    """What a charter watches, counted until the last week that the facts of `as_of` tell of; None without any."""
    days = [
        found for (_, workflow), found in activity(warehouse, as_of).items() if workflow == charter.workflow
    ]
    if not days:
        return None
    first = min([*(found[0] for found in days), charter.baseline.first or charter.baseline.last])
    # weeks that no export tells of yet are no weeks without units
    last = last_week_end(min(as_of, max(found[-1] for found in days)))
    budget = workspace.settings.false_alarm_budget
    return prepare_study(warehouse, charter, dict(catalog), first, last, budget, export_days(warehouse))


@dataclass(eq=False)
class _Flow:
    """The outcomes of a study as one flow, drawn where a promise asks for it. joint: whether what they have in common
    was learned or had to be taken for granted; None where they have nothing."""

    warehouse: Warehouse
    study: Study
    outcomes: dict[str, RateMeasure]
    ties: tuple[Tie | None, ...]
    joint: Joint | None

    @staticmethod
    def of(warehouse: Warehouse, study: Study) -> _Flow:
        usable = {name: outcome for name, outcome in study.outcomes.items() if name not in study.unusable}
        ties, joint = _ties(warehouse, study, usable)
        return _Flow(warehouse, study, usable, ties, joint)

    @cached_property
    def behind(self) -> tuple[int, ...]:
        """[outcomes] weeks by which each is entered late."""
        return tuple(_weeks_behind(outcome) for outcome in self.outcomes.values())

    @cached_property
    def drawn(self) -> Flow:
        models = [outcome.model for outcome in self.outcomes.values()]
        return drawn(models, self.ties, self.behind)

    @cached_property
    def alarms(self) -> Floats:
        """What `monitoring` notices, once for all rules on drift."""
        return monitoring(self.study.yearly_budget)(self.drawn)

    def promise(self, rule: StoppingRule, noticed: Noticed, *told: object) -> Promise:
        """Found in the workspace where it was worked out before from the same. told: all that `noticed` rests on."""
        later = rule.for_weeks - 1 if rule.when.verdict else 0
        models = [outcome.model for outcome in self.outcomes.values()]
        key = fingerprint("promise", statistics_code(), models, self.ties, self.behind, later, *told)
        if (kept := kept_result(self.warehouse, key)) is not None:
            return Promise.of_plain(json.loads(kept))
        found = promise(self.drawn, noticed, later)
        keep_result(self.warehouse, key, json.dumps(asdict(found)))
        return found


def _ties(
    warehouse: Warehouse, study: Study, outcomes: Mapping[str, RateMeasure]
) -> tuple[tuple[Tie | None, ...], Joint | None]:
    """What each outcome has in common with one before it: the same events, or deals that follow from appointments."""
    measures = list(outcomes.values())
    first: dict[str, int] = {}
    for place, outcome in enumerate(measures):
        source = event_source(outcome.metric)
        if source is not None and not outcome.model.cohorts.of_time and outcome.target is None:
            first.setdefault(source, place)
    ties: list[Tie | None] = []
    joint: Joint | None = None
    for place, outcome in enumerate(measures):
        base = first.get(event_source(outcome.metric) or "", place)
        appointed = first.get("appointments", place)
        if base != place and (outcome.model.cohorts.of_time or _same_units(outcome, measures[base])):
            ties.append(Tie(base, None))
        elif base == first.get("deals") and appointed != place and _same_units(outcome, measures[appointed]):
            both = ((each.metric, each.model.cohorts.ages) for each in (measures[appointed], outcome))
            together = events_beside(warehouse, study.charter, study.span, *both)
            joint = "learned" if together[:, :-1].sum() >= LEAST_EVENTS else "assumed"
            ties.append(Tie(appointed, together if joint == "learned" else np.zeros_like(together)))
        else:
            ties.append(None)
    return tuple(ties), joint


def _same_units(one: RateMeasure, other: RateMeasure) -> bool:
    return one.target is None and same_units(one.model, other.model)


def _weeks_behind(outcome: RateMeasure) -> int:
    """How many weeks' events are not entered yet when they are looked at, as by the newest export."""
    if (reported := outcome.reported) is None:
        return 0
    weeks = [
        w for w in range(outcome.span.calendar.weeks) if outcome.span.calendar.end(w) <= reported.exported_on
    ]
    return round(float((1.0 - reported.entered.share[weeks]).sum()))


def _promise(study: Study, flow: _Flow, rule: StoppingRule) -> RulePromise:
    found, reason = _reckon(study, flow, rule)
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
    joint = flow.joint if found is not None and rule.when.verdict in ALARMED else None
    changes, target = (_changes(flow, rule), _target(flow, rule)) if found else ((), None)
    return RulePromise(rule, found, reason, tuple(fired), since, joint, changes, target)


def _target(flow: _Flow, rule: StoppingRule) -> float | None:
    alone = flow.outcomes.get(rule.when.metric or "")
    watched = [alone] if alone is not None else [*flow.outcomes.values()]
    return next((each.target for each in watched if each.target is not None), None)


def _changes(flow: _Flow, rule: StoppingRule) -> tuple[tuple[float, ...], ...]:
    """What a decline does to what a rule watches: a sum for each rises where less is better."""
    alone = flow.outcomes.get(rule.when.metric or "")
    watched = [alone] if alone is not None else [*flow.outcomes.values()]
    return tuple(tuple(sorted({each.relative(1.0 - size) for each in watched})) for size in DECLINES)


def _reckon(study: Study, flow: _Flow, rule: StoppingRule) -> tuple[Promise | None, Fact | None]:
    when = rule.when
    if not flow.outcomes:
        of_its_own = study.unusable.get(when.metric or "")
        return None, of_its_own or next(iter(study.unusable.values()), Unpromised("no_outcome"))
    if when.verdict in ALARMED:
        return flow.promise(rule, lambda _: flow.alarms, study.yearly_budget), None
    if when.verdict == CHECKPOINT_MISSED:
        return None, Unpromised("checkpoint")
    if when.verdict is not None:
        return None, Unpromised("verdict", when.verdict)
    if when.metric not in flow.outcomes:
        return None, Unpromised("not_an_outcome")
    outcome = flow.outcomes[when.metric]
    limit = when.threshold(float(outcome.in_own_unit(np.asarray(outcome.model.baseline.final_rate))))
    if limit is None or when.comparison is None:
        return None, Unpromised("no_baseline_value")
    below = when.comparison in ("<", "<=")
    terms = (rule.for_weeks, rule.min_sample, outcome.metric.within_weeks)
    place = list(flow.outcomes).index(when.metric)

    def crossed(value: Floats) -> Bools:
        value = outcome.drawn_value(value)
        return value < limit if below else value > limit

    like_baseline = when.relative is not None
    noticed = threshold(place, crossed, *terms, like_baseline=like_baseline)
    told = (outcome.table.scale, outcome.metric.higher_is_better, limit, below, like_baseline)
    return flow.promise(rule, noticed, place, *told, *terms), None
