"""One study at one week end → what the review says of the workflow: pairs, rules, cost, findings, lines."""

from __future__ import annotations

import datetime as dt

from leadline.metrics.agreement.charter import Charter
from leadline.metrics.agreement.intent_gaps import intent_findings
from leadline.metrics.agreement.workflow_history import stopped_by
from leadline.metrics.answers import answered, standing_decision
from leadline.metrics.charter_terms import digest
from leadline.metrics.cohorts import WonAmounts
from leadline.metrics.drift_costs import cost_of_drift, left_out_of_cost, open_stories
from leadline.metrics.known import Known, Sources, known_at
from leadline.metrics.measures.span import Measure
from leadline.metrics.pairs import Compared, change_of_outcome, judged_pairs
from leadline.metrics.results import (
    Aftermath,
    Pair,
    Series,
    StandingRule,
    Unjudged,
    WorkflowReview,
)
from leadline.metrics.rule_weeks import rule_states
from leadline.metrics.statistics.divergence import change_since
from leadline.metrics.study import Study
from leadline.metrics.verdicts import DATA_PROBLEM, meaning, rank


def judge(study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date) -> WorkflowReview:
    """The workflow's review with what was known at the end of `as_of`."""
    charter = study.charter
    known = known_at(study, sources, amounts, as_of)
    week = known.week
    unjudged = _unjudged(study, known)
    set_aside = {one.outcome for one in unjudged}
    fit = [name for name in charter.outcomes if known.blocking(name) is None]
    pairs = sorted(
        judged_pairs(study, known), key=lambda pair: (pair.outcome in set_aside, rank(pair.verdict))
    )
    rules, aftermath = rule_states(study, known), _aftermath(study, pairs, week)
    linkages = tuple(k for k in study.linkages(week) if known.blocking(k.outcome) is None)
    cost = cost_of_drift(study, open_stories(study, fit, week), week, amounts)
    return WorkflowReview(
        workflow=charter.workflow,
        name=charter.name,
        owner=charter.owner,
        deployed_on=charter.deployed_on,
        verdict=pairs[0].verdict if pairs else DATA_PROBLEM,
        pairs=tuple(pairs),
        rules=rules,
        cost=cost,
        series=_lines(study, week),
        findings=(
            *known.findings,
            *left_out_of_cost(study, cost, amounts),
            *intent_findings(charter, study.catalog, linkages),
        ),
        baseline=(study.calendar.start(study.span.first), study.calendar.end(study.span.last)),
        next_checkpoint=next_checkpoint(charter, as_of),
        complete_through=known.through,
        charter=charter,
        aftermath=aftermath,
        breakdowns=tuple(b for b in study.breakdowns(week) if known.blocking(b.outcome) is None),
        linkages=linkages,
        unjudged=unjudged,
        decision=standing_decision(study.memory, as_of),
        stopped=stopped_by([each for each in study.memory.taken if each.on <= as_of]),
        answered=answered(study.memory, rules, aftermath, as_of),
        alerts=tuple((rule, alert) for rule, alert, day in study.memory.raised if day <= as_of),
        decided=tuple(alert for alert, day in study.memory.decided.items() if day <= as_of),
    )


def _unjudged(study: Study, known: Known) -> tuple[Unjudged, ...]:
    """Outcomes without anything to be compared with, beside others that have it: they never decide the verdict."""
    if all(name in study.unusable for name in study.charter.outcomes):
        return ()
    found = ((name, known.blocking(name)) for name in study.charter.outcomes if name in study.unusable)
    return tuple(Unjudged(name, finding.about) for name, finding in found if finding is not None)


def judge_standing(
    study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date
) -> tuple[StandingRule, ...]:
    """The states of the rules of an earlier version of a charter, judged by that version's own terms."""
    as_agreed = digest(study.charter.source)
    known = known_at(study, sources, amounts, as_of)
    return tuple(StandingRule(as_agreed, rule) for rule in rule_states(study, known))


def next_checkpoint(charter: Charter, as_of: dt.date) -> dt.date | None:
    """The first checkpoint after `as_of`: every so many weeks from the deployment."""
    if not charter.checkpoint_weeks:
        return None
    step = 7 * charter.checkpoint_weeks
    passed = max((as_of - charter.deployed_on).days // step + 1, 1)
    return charter.deployed_on + dt.timedelta(days=step * passed)


def _aftermath(study: Study, pairs: list[Pair], week: int) -> tuple[Aftermath, ...]:
    """What each decision on the newest drift of each outcome has brought."""
    judged = {p.outcome: None for p in pairs if meaning(p.verdict).is_judged}
    found = []
    for outcome in judged:
        standing = study.standing(outcome, week)
        story = standing.story if standing else None
        for attempt in story.attempts if story else ():
            drifted = attempt.drifted_to(week)
            counted = study.outcomes[outcome]
            change = change_since(counted.model, attempt.first, week, attempt.segment)
            is_back = story is not None and (attempt is story.recovered or attempt.is_recovering(week))
            found.append(
                Aftermath(
                    decided_on=attempt.decision.on,
                    outcome=outcome,
                    change=change_of_outcome(
                        study,
                        outcome,
                        change,
                        Compared(attempt.first, week, attempt.segment),
                        is_certain=is_back,
                    ),
                    drifted_to=None if drifted is None else counted.relative(drifted),
                    is_back=is_back,
                    is_recovered=story is not None and attempt is story.recovered,
                )
            )
    return tuple(found)


def _lines(study: Study, week: int) -> tuple[Series, ...]:
    measures: list[Measure] = [
        *study.proxies.values(),
        *(o for n, o in study.outcomes.items() if n not in study.unusable),
    ]
    return tuple(m.series(week) for m in measures if week >= study.span.first and m.has_data(week))
