"""What one person answers for, workflow by workflow: intent, instruction, what runs, verdict, decided, due, gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadline.dashboard.words.charters import NOT_SAID
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.formats import counted, day, listed, one_line, shortened
from leadline.dashboard.words.verdicts import display_name
from leadline.metrics.agreement.owners import Handover
from leadline.metrics.causes import Version
from leadline.metrics.results import WorkflowReview

NOBODY = "nobody"
_LETTERS = 160


@dataclass(frozen=True)
class Line:
    """One workflow that somebody answers for."""

    name: str
    role: str
    """'owner', 'deputy'"""
    objective: str
    instruction: str
    runs: str
    """'running, prompt v2 since 7 Apr 2026'"""
    verdict: str
    decided: str
    due: str
    gaps: int


def people(workflows: Sequence[WorkflowReview]) -> Mapping[str, int]:
    """Everybody who owns a workflow or is its deputy -> how many; 'nobody' for those without an owner."""
    found: dict[str, int] = {}
    for workflow in workflows:
        for name in {_owner(workflow), *_deputies(workflow)}:
            found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items(), key=lambda each: each[0].casefold()))


def role_of(workflow: WorkflowReview, who: str) -> str:
    """'owner', 'deputy', or '' where somebody else answers for it."""
    if _owner(workflow) == who:
        return "owner"
    return "deputy" if who in _deputies(workflow) else ""


def _owner(workflow: WorkflowReview) -> str:
    return one_line(workflow.owner) or NOBODY


def _deputies(workflow: WorkflowReview) -> tuple[str, ...]:
    deputy = one_line(workflow.charter.deputy) if workflow.charter else ""
    return (deputy,) if deputy else ()


def line(workflow: WorkflowReview, who: str, versions: Sequence[Version], due: str, gaps: int) -> Line:
    """One workflow as the one who answers for it reads it."""
    charter, decision = workflow.charter, workflow.decision
    intent = charter.intent.objective.text if charter else ""
    instruction = charter.cascade.instruction.text if charter and charter.cascade else ""
    decided = "nothing decided yet"
    if decision is not None:
        decided = f"{one_line(decision.kind)} on {day(decision.on)} by {one_line(decision.by)}"
    verdict = verdict_words(workflow.verdict)
    return Line(
        display_name(workflow),
        role_of(workflow, who),
        shortened(one_line(intent), _LETTERS) or NOT_SAID,
        shortened(one_line(instruction), _LETTERS) or NOT_SAID,
        runs_words(workflow, versions),
        f"{verdict.shape} {verdict.word}",
        decided,
        due,
        gaps,
    )


def runs_words(workflow: WorkflowReview, versions: Sequence[Version]) -> str:
    """'paused since 1 Mar 2026', 'running, prompt v2 since 7 Apr 2026'"""
    stopped = workflow.stopped
    state = (
        f"{stopped.kind}{'d' if stopped.kind == 'pause' else 'ped'} since {day(stopped.on)}"
        if stopped
        else "running"
    )
    newest: dict[str, Version] = {}
    for version in versions:
        newest[version.what] = version
    told = [f"{one.what} {one_line(one.name)} since {day(one.since)}" for one in newest.values()]
    return f"{state}, {listed(told, 3)}" if told else state


def mine_sentence(who: str, lines: Sequence[Line], waiting: int) -> str:
    """'Head of Content answers for 2 workflows; 1 waits for a decision, 5 gaps are open.'"""
    gaps = sum(each.gaps for each in lines)
    name = "Nobody" if who == NOBODY else one_line(who)
    waits = (
        f"{counted(waiting, 'decision')} {'waits' if waiting == 1 else 'wait'}"
        if waiting
        else "no decision waits"
    )
    open_gaps = f"{counted(gaps, 'gap')} {'is' if gaps == 1 else 'are'} open" if gaps else "no gap is open"
    return f"{name} answers for {counted(len(lines), 'workflow')}; {waits}, {open_gaps}."


def handover_sentence(found: Handover, on: dt.date) -> str:
    """'3 Nov 2026: Head of Content answers for it in place of Head of Brand (registered by Ana).'"""
    told = []
    if found.owner != found.owner_before:
        told.append(
            f"{one_line(found.owner) or NOBODY} answers for {one_line(found.workflow)} in place of "
            f"{one_line(found.owner_before) or NOBODY}"
        )
    if found.deputy != found.deputy_before:
        told.append(
            f"its deputy is {one_line(found.deputy) or NOBODY}, was {one_line(found.deputy_before) or NOBODY}"
        )
    return f"{day(on)}: {', and '.join(told)} (registered by {one_line(found.by)})."
