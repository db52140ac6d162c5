"""What assistants may ask of the open workspace: the week, a workflow with its reasons, what is due; only reads.

Each answer is JSON of less than 8 kB, whatever the workspace holds; what had no room is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from leadline.dashboard.service.command import Arguments, Command, Json
from leadline.dashboard.service.decision_evidence import basis_of_today
from leadline.dashboard.service.report import named, workspace_name
from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.costs import cost_sentence
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import shortened
from leadline.dashboard.words.verdicts import (
    evidence_sentence,
    freshness_sentence,
    mechanism_sentence,
    portfolio_sentence,
)
from leadline.data.engines.engine import facts_version
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviews
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charters_in_force import charters_in_force
from leadline.metrics.agreement.decisions import overdue
from leadline.metrics.agreement.entries import Kind, newest_of
from leadline.metrics.results import Review

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

LARGEST = 7_900
"""bytes of an answer"""
_LONGEST_TEXT = 400


def assistant_week(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """-> `text`: this week's review, a line for each workflow."""
    review, catalog = _this_week(warehouse, workspace), load_catalog(workspace)
    with writing(workspace.settings.locale):
        told = to_contract(review, catalog)
        head = {
            "workspace": workspace_name(workspace),
            "as_of": told["as_of"],
            "sentence": portfolio_sentence(review),
            "data": freshness_sentence(review.data),
        }
    kept = ("workflow", "verdict", "headline", "running")
    lines = [{key: each[key] for key in kept} | {"due": each["due"]["text"]} for each in told["workflows"]]
    yield {"text": fitted(head, {"workflows": lines})}


def assistant_workflow(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`workflow` -> `text`: its verdict with the reasons. Raises ReportError for one that is unknown."""
    review, catalog = _this_week(warehouse, workspace), load_catalog(workspace)
    found = named(review, arguments["workflow"])
    with writing(workspace.settings.locale):
        told = next(
            each for each in to_contract(review, catalog)["workflows"] if each["workflow"] == found.workflow
        )
        pair = found.lead_pair
        why = (
            [
                evidence_sentence(pair.evidence),
                mechanism_sentence(pair, catalog),
                cost_sentence(found.cost, catalog),
            ]
            if pair is not None
            else []
        )
        head = {
            "workflow": found.workflow,
            "as_of": review.as_of.isoformat(),
            "verdict": told["verdict"],
            "verdict_means": verdict_words(found.verdict).word,
            "headline": told["headline"],
            "due": told["due"],
            "decision": told["decision"],
            "running": told["running"],
            "cost": told["cost"],
            "owner": found.owner,
            "why": [sentence for sentence in why if sentence],
        }
        findings = list(dict.fromkeys(fact_words(finding.about) for finding in found.findings))
    yield {"text": fitted(head, {"rules": told["rules"], "pairs": told["pairs"], "findings": findings})}


def assistant_due(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """-> `text`: what is to be done, by workflow, and what is overdue."""
    today, catalog = workspace.today(), load_catalog(workspace)
    review = _this_week(warehouse, workspace)
    with writing(workspace.settings.locale):
        told = to_contract(review, catalog)["workflows"]
        late = [
            {
                "workflow": each.workflow,
                "since": each.due.isoformat(),
                "owner": each.owner,
                "why": fact_words(each.fact),
            }
            for each in overdue(warehouse, charters_in_force(warehouse, workspace, catalog).charters, today)
        ]
    due = [{"workflow": each["workflow"], **each["due"]} for each in told if each["due"]["kind"] != "nothing"]
    head = {"as_of": review.as_of.isoformat(), "nothing_is_due": not (due or late)}
    yield {"text": fitted(head, {"due": due, "overdue": late})}


def _this_week(warehouse: Warehouse, workspace: Workspace) -> Review:
    """The review of today; the one that was told last while nothing that it rests on has changed: an assistant asks
    three things in a row, and waits for each."""
    version = facts_version(warehouse)
    now = (version, basis_of_today(warehouse, workspace), newest_of(warehouse, get_args(Kind)))
    known = _told.get(workspace.path)
    if known is None or known[0] != now:
        known = _told[workspace.path] = now, reviews.review(warehouse, workspace, workspace.today())
    return known[1]


_told: dict[Path, tuple[tuple[str, str, int], Review]] = {}


def fitted(head: Json, lists: dict[str, Sequence[object]]) -> str:
    """JSON of less than LARGEST bytes: long texts are cut, lists end where there is no room, and say so."""
    answer: Json = _cut(head)
    left_out: dict[str, int] = {}
    for name, items in lists.items():
        answer[name] = []
        for place, item in enumerate(items):
            answer[name].append(_cut(item))
            if _size(answer) > LARGEST - 200:
                answer[name].pop()
                left_out[name] = len(items) - place
                break
    if left_out:
        answer["left_out_for_room"] = left_out
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def _size(answer: Json) -> int:
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return shortened(value, _LONGEST_TEXT)
    if isinstance(value, dict):
        return {key: _cut(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(each) for each in value]
    return value


ASSISTANT_COMMANDS = {
    "assistant_week": Command(assistant_week),
    "assistant_workflow": Command(assistant_workflow),
    "assistant_due": Command(assistant_due),
}
