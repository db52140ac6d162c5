"""What is due, in the one sentence that every surface shows: from `metrics.due`, which decides it."""

from __future__ import annotations

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import action_words
from leadline.dashboard.words.formats import NAME_LETTERS, day, number, one_line, shortened
from leadline.dashboard.words.rules import rule_called
from leadline.metrics.due import due
from leadline.metrics.results import Aftermath, RuleState, StandingDecision, WorkflowReview


def action_due(workflow: WorkflowReview, catalog: Catalog | None = None) -> str:
    """'Pause the workflow (Head of Sales): rule …'; once that is decided, 'Decided: pause; look again 29 Nov 2026.'"""
    found = due(workflow)
    owner = shortened(one_line(workflow.owner), NAME_LETTERS)
    match found.kind:
        case "bring_data":
            if any(f.code == "definition_changed" for f in workflow.findings):
                return f"Register the charter again{_who(owner)}, or take the change of its metrics back."
            return f"Put the data right{_who(owner)}, then look again."
        case "decide":
            return _decide(workflow, found.rule, owner, catalog)
        case "look_again" if workflow.decision is not None:
            return _look_again(workflow.decision)
    if any(rule.state == "pending" for rule in workflow.rules):
        return "Nothing yet: a rule is past its threshold, but not for long enough."
    decision, planned = workflow.decision, workflow.next_checkpoint
    if decision is not None and decision.next is None:
        return f"Decided: {one_line(decision.kind)}."
    nothing = f"Nothing before the checkpoint on {day(planned)}." if planned else "Nothing."
    if decision is not None and decision.stands:
        return f"Decided: {one_line(decision.kind)}. {nothing}" if planned else f"Decided: {decision.kind}."
    return nothing


def decided_by(workflow: WorkflowReview) -> str:
    """'by Marketing head, 28 Nov 2026', where what is due is that something was decided; '' otherwise."""
    decision = workflow.decision
    if decision is None or not action_due(workflow).startswith("Decided"):
        return ""
    by = shortened(one_line(decision.by), NAME_LETTERS)
    return f"by {by}, {day(decision.on)}" if by else day(decision.on)


def agreed_or_decided(workflow: WorkflowReview) -> str:
    """What ends a headline: the action agreed for a breach, or what was decided on it, a pause or a stop for as long as
    it stands; '' where neither is due."""
    found = due(workflow)
    if found.kind == "decide" and found.rule is not None:
        return f"Agreed action: {one_line(found.rule.action)}."
    if found.kind == "look_again" and workflow.decision is not None:
        return _look_again(workflow.decision)
    if found.kind == "nothing" and workflow.decision is not None and workflow.decision.stands:
        return f"Decided: {workflow.decision.kind}."
    return ""


def alert_due(action: str, decision: StandingDecision | None) -> str:
    """What is due about an open alert, from what was decided on it: 'Agreed action: pause.', 'Decided: pause; …'."""
    if decision is None or (decision.is_looked_at and not decision.stands):
        return f"Agreed action: {one_line(action)}."
    if decision.next is None or decision.is_looked_at:
        return f"Decided: {one_line(decision.kind)}."
    return _look_again(decision)


def _decide(workflow: WorkflowReview, rule: RuleState | None, owner: str, catalog: Catalog | None) -> str:
    if rule is None:
        return f"Decide whether to continue, adjust or pause{_who(owner)}: no stopping rule covers this yet."
    to_do = f"{action_words(rule.action)} the workflow{_who(owner)}"
    weeks = (workflow.complete_through - rule.since).days // 7 if rule.since else 0
    # since when it drifts is told above; a second day beside it would be taken for the same
    how_long = f"for {number(weeks)} weeks" if weeks > 1 else f"since {day(rule.since)}"
    ignored = ", and nobody has decided" if weeks > 1 and workflow.decision is None else ""
    return f"{to_do}: rule “{rule_called(rule.when, rule.id, catalog)}” is breached {how_long}{ignored}."


def _who(owner: str) -> str:
    return f" ({owner})" if owner else ""


def _look_again(decision: StandingDecision) -> str:
    if decision.is_overdue:
        return f"Look again: the checkpoint of decision {decision.id} ({decision.kind}) was {day(decision.next)}."
    return f"Decided: {decision.kind}; look again {day(decision.next)}."


def seen_words(after: Aftermath) -> str:
    """What an outcome shows since a decision: 'Better, but not recovered'."""
    if after.is_recovered:
        return "Recovered"
    if after.is_worse:
        return "Worse than by then"
    if after.is_back:
        return "Better, but not recovered"
    return "Too early to say whether it helps" if after.is_open else "Not clearly better"
