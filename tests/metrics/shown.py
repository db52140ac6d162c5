"""Small reviews made by hand, for tests of what is recorded of a review."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import Charter, parse_charter
from leadline.metrics.results import (
    Change,
    Cost,
    Finding,
    Pair,
    Review,
    RuleState,
    RuleStateCode,
    SourceState,
    StandingRule,
    Verdict,
    WorkflowReview,
)

CATALOG = load_catalog(None)
TEXT = """\
workflow: lead-routing
name: Lead routing agent
owner: Head of Demand Generation
deployed_on: 2024-01-01
watch:
  proxies: [response_time]
  outcomes: [close_rate]
  baseline: {from: 2023-01-02, to: 2023-12-31}
stopping_rules:
  - id: divergence
    when: diverging
    action: pause
  - id: floor
    when: close_rate < 15%
    for: 2 weeks
    min_sample: 40
    action: review
checkpoints: {every: 1 week}
signed: {by: Managing Director, on: 2023-12-15}
"""
CHARTER = parse_charter(TEXT, CATALOG, "lead-routing.yaml")
SUNDAY = dt.date(2024, 6, 30)


def charter(text: str) -> Charter:
    return parse_charter(text, CATALOG, "charter.yaml")


def rule(
    state: RuleStateCode,
    name: str = "divergence",
    since: dt.date = dt.date(2024, 5, 5),
    action: str = "pause",
    value: float | None = None,
    ended_on: dt.date | None = None,
) -> RuleState:
    when = {"divergence": "diverging", "floor": "close_rate < 15%"}.get(name, "diverging")
    threshold = 0.15 if name == "floor" else None
    return RuleState(name, state, since, action, value, threshold, when, ended_on=ended_on)


def pair(
    verdict: Verdict = "diverging", change: tuple[float, float, float] | None = (-0.33, -0.42, -0.22)
) -> Pair:
    outcome = Change(*change, 1450) if change else Change(None, None, None, 0)
    proxy = Change(-0.95, -0.96, -0.94, 2870, True)
    return Pair(
        "response_time", "close_rate", verdict, "fewer", dt.date(2024, 2, 12), None, proxy, outcome, None
    )


def workflow(
    *rules: RuleState,
    agreed: Charter = CHARTER,
    verdict: Verdict = "diverging",
    change: tuple[float, float, float] | None = (-0.33, -0.42, -0.22),
    standing: tuple[StandingRule, ...] = (),
    cost: Cost | None = None,
    findings: tuple[Finding, ...] = (),
) -> WorkflowReview:
    return WorkflowReview(
        workflow=agreed.workflow,
        name=agreed.name,
        owner=agreed.owner,
        deployed_on=agreed.deployed_on,
        verdict=verdict,
        pairs=(pair(verdict, change),),
        rules=rules,
        cost=cost,
        series=(),
        findings=findings,
        baseline=(dt.date(2023, 1, 2), dt.date(2023, 12, 31)),
        next_checkpoint=None,
        complete_through=SUNDAY,
        charter=agreed,
        standing=standing,
    )


def review(*workflows: WorkflowReview, as_of: dt.date = SUNDAY) -> Review:
    dated = tuple(replace(each, complete_through=as_of) for each in workflows)
    return Review(as_of, as_of, dated, (SourceState("leads", as_of, "fresh"),))
