"""What reviewers have found of the workflows of a review, how sure they are, and what failed last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.results import WorkflowReview
from leadline.metrics.reviewing.agreement import failed, seen, verdicts
from leadline.metrics.sql import read_sql
from leadline.metrics.validations import Validation

EXAMPLES = 3


def validated(
    warehouse: Warehouse, workflows: Sequence[WorkflowReview], as_of: dt.date
) -> tuple[WorkflowReview, ...]:
    """The workflows with it, where outputs of theirs were judged at all."""
    judged = {
        str(name) for (name,) in ask(warehouse, read_sql("reviewing/judged_workflows.sql"), {"last": as_of})
    }

    def found(reviewed: WorkflowReview) -> WorkflowReview:
        if reviewed.charter is None or reviewed.workflow not in judged:
            return reviewed
        told = Validation(
            seen(verdicts(warehouse, reviewed.workflow, "seen", as_of), as_of),
            failed(warehouse, reviewed.workflow, as_of, EXAMPLES),
        )
        return replace(reviewed, validation=told)

    return tuple(found(reviewed) for reviewed in workflows)
