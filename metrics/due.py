"""What is due about a workflow: the one place that says it, for every page, card, pack, text, message and JSON.

A decision answers the breaches that it was taken on, and from then on its checkpoint is what is due, not the same
action again: until somebody has looked on that day or after it, or what it answered got materially worse. What was
paused or stopped stays so until another decision, and nobody is asked to do it again.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

from leadline.metrics.charter_terms import harshness
from leadline.metrics.results import RuleState, WorkflowReview
from leadline.metrics.verdicts import DATA_PROBLEM, meaning

DueKind = Literal["decide", "look_again", "bring_data", "nothing"]


@dataclass(frozen=True)
class Due:
    """What is to be done next, and by when."""

    kind: DueKind
    by: dt.date | None = None
    rule: RuleState | None = None
    """for `decide`: the gravest breach that nobody has decided on; None where no rule covers what drifts. For
    `bring_data`: the one that is undecided meanwhile"""
    alert: str | None = None


def due(workflow: WorkflowReview) -> Due:
    """Broken data first, then undecided breaches, then the checkpoint of the decision that stands."""
    undecided = undecided_breach(workflow)
    alert = next((a for rule, a in workflow.alerts if undecided is not None and rule == undecided.id), None)
    if workflow.verdict == DATA_PROBLEM:
        rule, waiting = (undecided, alert) if undecided is not None else _waiting(workflow)
        return Due("bring_data", rule=rule, alert=waiting)
    if undecided is not None:
        return Due("decide", workflow.next_checkpoint, undecided, alert)
    decision = workflow.decision
    if meaning(workflow.verdict).is_alarmed and not workflow.answered and not _answers_drift(workflow):
        return Due("decide", workflow.next_checkpoint)
    if decision is not None and not decision.is_looked_at and decision.next is not None:
        return Due("look_again", decision.next)
    return Due("nothing", workflow.next_checkpoint)


def checkpoint(workflow: WorkflowReview) -> dt.date | None:
    """The day on which somebody looks again: the one that was decided while that stands, else the next one agreed."""
    found = due(workflow)
    return found.by if found.kind == "look_again" else workflow.next_checkpoint


def undecided_breach(workflow: WorkflowReview) -> RuleState | None:
    """The breach with the harshest action that no decision answers."""
    open_ones = [r for r in workflow.rules if r.state == "breached" and r.id not in workflow.answered]
    return min(open_ones, key=lambda rule: harshness(rule.action), default=None)


def _waiting(workflow: WorkflowReview) -> tuple[RuleState | None, str | None]:
    """The open alert with the harshest action on which nobody has decided, and its rule, which can't be judged now."""
    rules = {rule.id: rule for rule in (*(each.rule for each in workflow.standing), *workflow.rules)}
    found = [(rules.get(rule), alert) for rule, alert in workflow.alerts if alert not in workflow.decided]
    return min(found, key=lambda one: harshness(one[0].action) if one[0] else math.inf, default=(None, None))


def _answers_drift(workflow: WorkflowReview) -> bool:
    """Whether the decision that stands was taken on the drift, which no rule covers, and it got no worse since."""
    decision, pair, after = workflow.decision, workflow.lead_pair, workflow.since_decision
    if decision is None or pair is None or pair.since is None:
        return False
    if decision.stands:
        return True
    if decision.is_looked_at:
        return False
    return pair.since <= decision.on and not (after is not None and after.is_worse)
