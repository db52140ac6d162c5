"""Reviews that a process has made are found by the next one: in the workspace, as JSON, by the fingerprint of all that
they rest on.

A whole review rests on the facts, what is agreed, what is remembered, the day, and this Leadline's own code. Where
the facts are others, each workflow is found by what was counted of it, so that only those are judged for which
something landed. What would be read back otherwise than it was made is not kept.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from leadline.data.counts.results import keep_results, kept_result, kept_results
from leadline.data.counts.store import KEPT_FROM_ROWS, facts_now, rows_in_force
from leadline.data.engines.engine import engine_settings
from leadline.data.landing import digests
from leadline.data.plain_json import from_plain, to_json, to_plain
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.charter import Charter
from leadline.metrics.agreement.workflow_history import Memory
from leadline.metrics.cohorts import WonAmounts
from leadline.metrics.fingerprint import fingerprint, judging_code
from leadline.metrics.known import Sources
from leadline.metrics.results import Review, WorkflowReview
from leadline.metrics.study import Study
from leadline.metrics.verdicts import rank

Judging = Callable[[Study, Sources, WonAmounts | None, dt.date], WorkflowReview]
KEPT_DAYS = 14
"""a review of an earlier day is looked back at, not come back to"""
MOST_REVIEWS = 8
VERDICTS_A_WORKFLOW = 6


@dataclass(frozen=True)
class Agreed:
    """What a review rests on beside the facts."""

    catalog: dict[str, Metric]
    charters: tuple[Charter, ...]
    retired: frozenset[str]
    """workflows that are over"""
    remembered: Mapping[str, Memory]


class KeptReviews:
    """Those of one workspace and day."""

    def __init__(self, warehouse: Warehouse, key: str, workflows: int) -> None:
        self._warehouse, self._key, self._workflows = warehouse, key, workflows
        self._known: dict[str, tuple[str, WorkflowReview]] = {}
        """workflow -> fingerprint of what was found or judged last"""
        self._fresh: dict[str, str] = {}
        """fingerprint -> what was judged anew, as JSON"""

    @staticmethod
    def of(warehouse: Warehouse, agreed: Agreed, as_of: dt.date) -> KeptReviews | None:
        """None where none are kept: few facts, which are judged at once; facts elsewhere, or that may be taken back."""
        workspace = warehouse.workspace
        settings = workspace.settings
        if warehouse.is_in_transaction() or engine_settings(settings) is not None:
            return None
        if not 0 <= (workspace.today() - as_of).days <= KEPT_DAYS:
            return None
        with warehouse.snapshot() as session:
            if rows_in_force(session) < KEPT_FROM_ROWS:
                return None
            facts = facts_now(session)
        terms = settings.timezone, settings.false_alarm_budget
        rests_on = (
            warehouse.data_version(),
            digests.head(warehouse),
            facts,
            terms,
            agreed,
            as_of,
            judging_code(),
        )
        return KeptReviews(warehouse, fingerprint(*rests_on), len(agreed.charters))

    def review(self) -> Review | None:
        """The whole review, made before of the same facts and terms; None where there is none."""
        text = kept_result(self._warehouse, self._key, "reviews")
        if text is None:
            return None
        told = json.loads(text)
        verdicts = kept_results(self._warehouse, told["found"], "verdicts")
        if len(verdicts) < len(told["found"]):
            return None
        made: Review = from_plain(Review, told["review"])
        workflows = [*made.workflows, *(_read(each) for each in verdicts.values())]
        return replace(made, workflows=tuple(sorted(workflows, key=worst_first)))

    def judging(self, judge: Judging) -> Judging:
        """The same, with each workflow looked up before it is judged."""

        def found_or_judged(
            study: Study, sources: Sources, amounts: WonAmounts | None, as_of: dt.date
        ) -> WorkflowReview:
            key = fingerprint(judging_code(), study, sources, amounts, as_of)
            text = kept_result(self._warehouse, key, "verdicts")
            found = judge(study, sources, amounts, as_of) if text is None else _read(text)
            if text is not None or self._is_kept(key, found):
                self._known[found.workflow] = key, found
            return found

        return found_or_judged

    def _is_kept(self, key: str, judged: WorkflowReview) -> bool:
        text = to_json(to_plain(judged))
        read = _read(text)
        if is_same := read == judged and to_json(to_plain(read)) == text:
            self._fresh[key] = text
        return is_same

    def keep(self, review: Review) -> None:
        """Keeps what was made, for whoever asks next."""
        found: list[str] = []
        others: list[WorkflowReview] = []
        for each in review.workflows:
            key, known = self._known.get(each.workflow, ("", None))
            if known == each:
                found.append(key)
            else:
                others.append(each)
        told = {"found": found, "review": to_plain(replace(review, workflows=tuple(others)))}
        if from_plain(Review, told["review"]).workflows != tuple(others):
            return
        keep_results(
            self._warehouse,
            {"verdicts": self._fresh, "reviews": {self._key: to_json(told)}},
            {"verdicts": VERDICTS_A_WORKFLOW * max(self._workflows, 10), "reviews": MOST_REVIEWS},
        )


def worst_first(workflow: WorkflowReview) -> tuple[int, str]:
    """The order of a review."""
    return rank(workflow.verdict), workflow.workflow


def _read(text: str) -> WorkflowReview:
    found: WorkflowReview = from_plain(WorkflowReview, json.loads(text))
    return found
