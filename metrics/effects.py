"""What an import would do to the review: verdicts, numbers and rules before it and after it.

The import is rehearsed: landed, reviewed, and taken back before anybody else could see it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from leadline.data.exports.landing_report import FileReport, IngestOptions
from leadline.data.landing.land import rehearse
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.results import Change, Review, WorkflowReview
from leadline.metrics.review import review

Kind = Literal["verdict", "metric", "rule"]
SMALLEST = 1e-9
"""relative difference of two values below which they are the same, computed twice"""


@dataclass(frozen=True)
class Effect:
    """One thing that would be another. Exactly one of the pairs of values is given."""

    workflow: str
    name: str
    """the workflow's, for people"""
    kind: Kind
    id: str
    """'' for the verdict, else the metric's or the rule's"""
    before: str | None = None
    after: str | None = None
    """verdicts and states of rules, as codes; None where there was or would be none"""
    value_before: float | None = None
    value_after: float | None = None
    """in the metric's own unit; None where it can't be told"""


def effects(before: Review, after: Review) -> tuple[Effect, ...]:
    """What differs between two reviews of the same day: by workflow, verdict first, then numbers, then rules."""
    known = {workflow.workflow: workflow for workflow in before.workflows}
    found: list[Effect] = []
    for workflow in after.workflows:
        found += _of_workflow(known.get(workflow.workflow), workflow)
    return tuple(found)


def rehearsed_effects(
    warehouse: Warehouse,
    workspace: Workspace,
    file: Path,
    options: IngestOptions,
    as_of: dt.date,
    before: Review | None = None,
) -> tuple[FileReport, tuple[Effect, ...] | None]:
    """The preview of a file, and what landing it would change; None where it can't be landed or is known already.

    `before`: the review as it stands, where it is at hand. Nothing is written.
    """
    standing = before or review(warehouse, workspace, as_of)
    seen: list[Review] = []
    report = rehearse(warehouse, file, options, lambda: seen.append(review(warehouse, workspace, as_of)))
    return report, effects(standing, seen[0]) if seen else None


def _of_workflow(before: WorkflowReview | None, after: WorkflowReview) -> list[Effect]:
    def effect(kind: Kind, name: str, *pair: str | None) -> Effect:
        return Effect(after.workflow, after.name, kind, name, before=pair[0], after=pair[1])

    found = []
    if before is None or before.verdict != after.verdict:
        found.append(effect("verdict", "", before.verdict if before else None, after.verdict))
    earlier = _values(before) if before else {}
    for metric, value in _values(after).items():
        was = earlier.get(metric)
        if _differ(was, value):
            found.append(
                Effect(after.workflow, after.name, "metric", metric, value_before=was, value_after=value)
            )
    states = {rule.id: rule.state for rule in before.rules} if before else {}
    found += [
        effect("rule", rule.id, states.get(rule.id), rule.state)
        for rule in after.rules
        if states.get(rule.id) != rule.state
    ]
    return found


def _values(workflow: WorkflowReview) -> dict[str, float | None]:
    """Metric -> its value now, as the pairs show it."""
    found: dict[str, float | None] = {}
    for pair in workflow.pairs:
        sides: tuple[tuple[str, Change], ...] = (
            (pair.proxy, pair.proxy_change),
            (pair.outcome, pair.outcome_change),
        )
        for metric, change in sides:
            found.setdefault(metric, change.current_value)
    return found


def _differ(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > SMALLEST * max(abs(one), abs(other))
