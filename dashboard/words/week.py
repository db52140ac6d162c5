"""What a leader has to do with the week: what changed since the last one, what is due."""

from __future__ import annotations

from collections.abc import Sequence

from leadline.dashboard.words.alerts import urgency
from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import rule_state_words, source_words, verdict_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.formats import NAME_LETTERS, number, one_line, shortened
from leadline.dashboard.words.rules import rule_called
from leadline.dashboard.words.verdicts import display_name
from leadline.data.templates import kind_words
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.results import Review, WorkflowReview

MOST_CHANGES = 3
"""told on one line"""


def changes_since(before: Review, now: Review, catalog: Catalog | None = None) -> list[str]:
    """What is different from the week before, a few words each, worst workflow first; [] where nothing is."""
    earlier = {workflow.workflow: workflow for workflow in before.workflows}
    told: list[str] = []
    for workflow in now.workflows:
        name = display_name(workflow)
        old = earlier.get(workflow.workflow)
        if old is None:
            told.append(f"{name} has a charter now")
            continue
        told += workflow_changes(old, workflow, catalog)
    gone = [
        display_name(old) for key, old in earlier.items() if key not in {w.workflow for w in now.workflows}
    ]
    told += [f"{name} has no charter any more" for name in gone]
    return told + _sources(before, now)


def workflow_changes(old: WorkflowReview, now: WorkflowReview, catalog: Catalog | None = None) -> list[str]:
    """What is different about one workflow: its verdict, the state of its rules."""
    name, turned = display_name(now), verdict_words(now.verdict)
    was = verdict_words(old.verdict).word.lower()
    told = (
        [f"{name} is {turned.shape} {turned.word.lower()}, was {was}"] if old.verdict != now.verdict else []
    )
    return told + _rules(name, old, now, catalog)


def _rules(name: str, old: WorkflowReview, now: WorkflowReview, catalog: Catalog | None) -> list[str]:
    states = {rule.id: rule for rule in old.rules}
    told = []
    for rule in now.rules:
        was, called = states.get(rule.id), rule_called(rule.when, rule.id, catalog)
        if was is None:
            told.append(f"{name}: rule “{called}” is new")
        elif was.state != rule.state:
            is_now, was_before = rule_state_words(rule.state).marked, rule_state_words(was.state).word
            told.append(f"{name}: rule “{called}” is {is_now}, was {was_before}")
    return told


def _sources(before: Review, now: Review) -> list[str]:
    was = {source.source: source.state for source in before.data}
    return [
        f"{one_line(kind_words(source.source))} {'is' if source.state != 'empty' else 'are'} "
        f"{source_words(source.state).word}{' again' if source.state == 'fresh' else ''}"
        for source in now.data
        if source.source in was and was[source.source] != source.state
    ]


def since_sentence(changes: Sequence[str], *, is_past: bool = False) -> str:
    """'Since the week before: …; …' on one line."""
    begin = "Seen then, since the week before" if is_past else "Since the week before"
    if not changes:
        return f"{begin}: nothing changed its state."
    more = f"; and {number(len(changes) - MOST_CHANGES)} more" if len(changes) > MOST_CHANGES else ""
    return f"{begin}: {'; '.join(changes[:MOST_CHANGES])}{more}."


def due_words(workflow: WorkflowReview, open_alerts: Sequence[Alert], catalog: Catalog | None = None) -> str:
    """What is due, and who looks after it."""
    undecided = pressing(open_alerts)
    looked_after = ""
    if undecided and undecided.acknowledged_by:
        looked_after = f" {_name(undecided.acknowledged_by)} looks after it."
    elif undecided and undecided.assigned_to:
        looked_after = f" Assigned to {_name(undecided.assigned_to)}."
    return f"{action_due(workflow, catalog)}{looked_after}"


def pressing(open_alerts: Sequence[Alert]) -> Alert | None:
    """The alert that a decision is due on first."""
    undecided = [alert for alert in open_alerts if alert.state in ("raised", "acknowledged")]
    return min(undecided, key=urgency, default=None)


def _name(text: str) -> str:
    return shortened(one_line(text), NAME_LETTERS)
