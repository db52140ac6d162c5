"""Readiness of workflows, wherever the workspace is open: today's review, what the rules can promise, who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from leadline.dashboard.service import gate_files
from leadline.dashboard.service.command import Arguments, Json
from leadline.dashboard.service.report import named
from leadline.dashboard.words.readiness import to_json, to_text
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviews
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.charter_terms import Charter
from leadline.metrics.promises import RulePromise, rule_promises, rules_that_promise
from leadline.metrics.readiness import Readiness, readiness, unagreed, worst
from leadline.metrics.results import Review

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

STATUS = {"yes": 0, "not_yet": 3, "cant_say": 4}
Promised = Callable[[Charter], Sequence[RulePromise]]


def command(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`workflow` (None: all) -> each one's readiness as JSON and as text, and the exit status of all.

    Records nothing. Raises ReportError for a workflow that is not known.
    """
    review = reviews.review(warehouse, workspace, workspace.today())
    only = arguments.get("workflow")
    if only is not None and only not in review.uncharted:
        named(review, only)
    found = tuple(of_review(warehouse, workspace, review, only))
    catalog = load_catalog(workspace)
    yield {
        "found": [to_json(each, catalog) for each in found],
        "text": "\n\n".join(to_text(each, catalog) for each in found),
        "status": STATUS[worst(found)],
    }


def of_review(
    warehouse: Warehouse,
    workspace: Workspace,
    review: Review,
    only: str | None = None,
    promised: Promised | None = None,
) -> Iterator[Readiness]:
    """Of each workflow of a review, or one; then of those that have rows and no charter.

    `promised`: what a charter's rules can promise, where that is kept somewhere; it takes a few seconds.
    """
    catalog, asked = load_catalog(workspace), gate_files.asked(workspace)

    def reckoned(charter: Charter) -> Sequence[RulePromise]:
        rules = rules_that_promise(charter)
        return rule_promises(warehouse, workspace, charter, review.as_of, rules) if rules else ()

    for workflow in review.workflows:
        if only in (None, workflow.workflow) and workflow.charter is not None:
            told = (promised or reckoned)(workflow.charter)
            days: list[dt.date] = [day for day, _ in asked.get(workflow.workflow, ())]
            state = gate_files.read_state(workspace, workflow.workflow)
            looked = state.reviewed_on if state else None
            yield readiness(warehouse, workflow, catalog, told, review.as_of, days, looked)
    for name in review.uncharted:
        if only in (None, name):
            yield unagreed(name, review.as_of)
