"""Decisions: what was decided on an alert or a workflow, by whom, with which evidence, and what is late.

A decision is never changed; a later one on the same workflow follows it. Whether the outcome came back is measured
from the decision's date (`metrics.recovery`) and stands in the review as `WorkflowReview.aftermath`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import Alert, alerts, find_alert
from leadline.metrics.agreement.checkpoints import checkpoints
from leadline.metrics.agreement.entries import Entry, LedgerError, append, entries
from leadline.metrics.agreement.held_reviews import held_reviews
from leadline.metrics.agreement.retirement import retired_workflows
from leadline.metrics.agreement.shown_evidence import Kept, freeze_workflow
from leadline.metrics.agreement.workflow_history import STANDING, first_registered
from leadline.metrics.charter_terms import Charter
from leadline.metrics.findings import Fact, LateDecision, MissedCheckpoint, UndecidedAlert
from leadline.metrics.results import Review, StandingDecision

DecisionKind = Literal["continue", "adjust", "pause", "stop"]
OverdueKind = Literal["decision", "alert", "checkpoint"]
DECISION_KINDS: tuple[DecisionKind, ...] = get_args(DecisionKind)
LONGEST_AHEAD_DAYS = 366
PATIENCE_DAYS = 7
"""the time that there is at least for a decision on an alert"""


@dataclass(frozen=True)
class Decision:
    """One decision, and what followed it."""

    id: str
    workflow: str
    kind: DecisionKind
    reason: str
    owner: str
    """who sees to it"""
    changes: str
    """what changes"""
    on: dt.date
    """the day from which its effect is measured"""
    next_checkpoint: dt.date | None
    alert: str | None
    evidence: str
    """the review as it was shown"""
    covers: tuple[str, ...]
    """the alerts that it was taken on"""
    by: str
    at: dt.datetime
    """UTC, without zone"""
    followed_by: str | None = None
    """the next decision on the same workflow"""
    reviewed_on: dt.date | None = None
    """the first review held on its next checkpoint or after it"""

    def is_overdue(self, as_of: dt.date) -> bool:
        """The checkpoint it named has passed, and nobody has looked or decided again."""
        due = self.next_checkpoint
        return due is not None and due < as_of and self.followed_by is None and self.reviewed_on is None

    def standing(self, as_of: dt.date) -> StandingDecision:
        """As it stands at the end of a day."""
        looked = self.reviewed_on is not None
        overdue = self.is_overdue(as_of)
        return StandingDecision(
            self.id, self.kind, self.on, self.by, self.owner, self.next_checkpoint, overdue, looked
        )


@dataclass(frozen=True)
class Overdue:
    """Something that was to be done by now."""

    what: OverdueKind
    workflow: str
    subject: str
    """the decision's or alert's id, or the day on which the checkpoint was due"""
    due: dt.date
    owner: str
    fact: Fact
    """why it is"""

    @property
    def key(self) -> str:
        """Names it for good, so that it is told once."""
        return f"{self.what} {self.subject} {self.due.isoformat()}"


@dataclass(frozen=True)
class NewDecision:
    """What somebody decides, as it was said: on an alert, or on a workflow and with it on all of its open alerts."""

    kind: str
    reason: str
    owner: str
    """who sees to it"""
    by: str
    on: dt.date
    alert: str | None = None
    workflow: str | None = None
    changes: str = ""
    next_checkpoint: dt.date | None = None


def record_decision(
    warehouse: Warehouse,
    new: NewDecision,
    looked_at: Review | Kept | None = None,
    at: dt.datetime | None = None,
) -> Decision:
    """Records a decision.

    `looked_at`: a review, which is frozen as the evidence, or one that is kept already. Without it the alert's own
    evidence counts, and a pause or a stop of a workflow that was never reviewed has none. Raises LedgerError with what
    is missing.
    """
    _refuse_unsaid(new)
    with warehouse.joined():
        about = _alert_meant(warehouse, new)
        workflow = about.workflow if about else (new.workflow or "").strip()
        payload = {
            "kind": new.kind,
            "reason": new.reason.strip(),
            "owner": " ".join(new.owner.split()),
            "changes": new.changes.strip(),
            "on": new.on.isoformat(),
            "next_checkpoint": new.next_checkpoint.isoformat() if new.next_checkpoint else None,
            "alert": about.id if about else None,
            "covers": [about.id] if about else _open_alerts(warehouse, workflow),
            "evidence": _evidence(warehouse, about, workflow, looked_at, new, at),
        }
        entry = append(warehouse, "decision", payload, by=new.by, workflow=workflow, letter="D", at=at)
    return _read(entry)


def _refuse_unsaid(new: NewDecision) -> None:
    """Raises LedgerError with what the decision itself lacks."""
    if new.kind not in DECISION_KINDS:
        raise LedgerError(f"{new.kind!r} is no decision; choose continue, adjust, pause or stop.")
    for said, what in ((new.reason, "a reason"), (new.owner, "an owner: who sees to it")):
        if not said.strip():
            raise LedgerError(f"The decision lacks {what}.")
    planned, latest = new.next_checkpoint, new.on + dt.timedelta(LONGEST_AHEAD_DAYS)
    if planned is None and new.kind != "stop":
        raise LedgerError("The decision lacks its next checkpoint: the day on which somebody looks again.")
    if planned is not None and not new.on < planned <= latest:
        raise LedgerError(
            f"The next checkpoint is {planned}; name a day after {new.on} and not after {latest}."
        )


def _alert_meant(warehouse: Warehouse, new: NewDecision) -> Alert | None:
    """The open alert that is decided on, if it is one. Raises LedgerError where it is none, or of another workflow."""
    if new.alert is None:
        return None
    about = find_alert(warehouse, new.alert)
    if not about.is_open:
        raise LedgerError(f"Alert {about.id} is resolved; record the decision on {about.workflow} instead.")
    if new.workflow not in (None, about.workflow):
        raise LedgerError(f"Alert {about.id} is one of {about.workflow}, not of {new.workflow}.")
    return about


def _open_alerts(warehouse: Warehouse, workflow: str) -> list[str]:
    return [alert.id for alert in alerts(warehouse, workflow) if alert.is_open]


def _evidence(
    warehouse: Warehouse,
    alert: Alert | None,
    workflow: str,
    review: Review | Kept | None,
    new: NewDecision,
    at: dt.datetime | None,
) -> str:
    if isinstance(review, Kept):
        return review.id
    shown = [each for each in review.workflows if each.workflow == workflow] if review is not None else []
    if review is not None and shown:
        return freeze_workflow(warehouse, review, shown[0], by=new.by, at=at).subject or ""
    if alert is None and review is None and new.kind in STANDING:
        return ""
    if alert is None:
        raise LedgerError(
            f"There is no review of {workflow or 'that workflow'} to decide on; "
            "name a workflow that has a charter, or an alert."
        )
    return alert.evidence


def decisions(warehouse: Warehouse, workflow: str | None = None) -> tuple[Decision, ...]:
    """Every decision, newest first, with what followed it."""
    rows = entries(warehouse, ("decision", "review_closed"), workflow)
    found: list[Decision] = []
    for name in dict.fromkeys(entry.workflow for entry in rows):
        found += _followed([entry for entry in rows if entry.workflow == name])
    return tuple(sorted(found, key=lambda decision: -int(decision.id[1:])))


def _followed(rows: Sequence[Entry]) -> list[Decision]:
    taken = [_read(entry) for entry in rows if entry.kind == "decision"]
    held = held_reviews([entry for entry in rows if entry.kind != "decision"])
    after = [*(decision.id for decision in taken[1:]), None][: len(taken)]
    return [
        replace(
            decision,
            followed_by=following,
            reviewed_on=next(
                (h.on for h in held if decision.next_checkpoint and h.of >= decision.next_checkpoint), None
            ),
        )
        for decision, following in zip(taken, after, strict=True)
    ]


def _read(entry: Entry) -> Decision:
    told = entry.payload
    planned = told["next_checkpoint"]
    return Decision(
        id=entry.subject or "",
        workflow=entry.workflow or "",
        kind=told["kind"],
        reason=told["reason"],
        owner=told["owner"],
        changes=told["changes"],
        on=dt.date.fromisoformat(told["on"]),
        next_checkpoint=dt.date.fromisoformat(planned) if planned else None,
        alert=told["alert"],
        evidence=told["evidence"],
        covers=tuple(told["covers"]),
        by=entry.by,
        at=entry.at,
    )


def overdue(warehouse: Warehouse, charters: Iterable[Charter], as_of: dt.date) -> tuple[Overdue, ...]:
    """What was to be done before `as_of` and was not, longest overdue first."""
    known = {charter.workflow: charter for charter in charters}
    over = {one.workflow for one in retired_workflows(warehouse, known)}
    found = [
        *_late_decisions(warehouse, as_of),
        *_undecided_alerts(warehouse, known, as_of),
        *_missed_checkpoints(warehouse, known, as_of),
    ]
    open_ones = [each for each in found if each.workflow not in over]
    return tuple(sorted(open_ones, key=lambda each: (each.due, each.workflow, each.what)))


def _late_decisions(warehouse: Warehouse, as_of: dt.date) -> Iterator[Overdue]:
    for decision in decisions(warehouse):
        if decision.is_overdue(as_of) and (due := decision.next_checkpoint) is not None:
            late = LateDecision(decision.id, decision.kind)
            yield Overdue("decision", decision.workflow, decision.id, due, decision.owner, late)


def _undecided_alerts(
    warehouse: Warehouse, charters: Mapping[str, Charter], as_of: dt.date
) -> Iterator[Overdue]:
    for alert in alerts(warehouse):
        if alert.state in ("raised", "acknowledged") and not alert.is_silent(as_of):
            due = decide_by(alert, charters.get(alert.workflow))
            if due < as_of:
                undecided = UndecidedAlert(alert.id, alert.rule)
                yield Overdue("alert", alert.workflow, alert.id, due, alert.owner, undecided)


def _missed_checkpoints(
    warehouse: Warehouse, charters: Mapping[str, Charter], as_of: dt.date
) -> Iterator[Overdue]:
    """The first one missed of each workflow since somebody last looked."""
    held: dict[str | None, list[Entry]] = {}
    for entry in entries(warehouse, ("review_closed",)):
        held.setdefault(entry.workflow, []).append(entry)
    kept = first_registered(warehouse)
    for workflow, charter in charters.items():
        missed = None
        days = held_reviews(held.get(workflow, []))
        for checkpoint in checkpoints(charter, days, kept.get(workflow), as_of):
            if checkpoint.state == "done":
                missed = None
            elif checkpoint.state == "missed" and missed is None:
                missed = checkpoint.due
        if missed is not None:
            due = missed.isoformat()
            yield Overdue("checkpoint", workflow, due, missed, charter.owner, MissedCheckpoint())


def decide_by(alert: Alert, charter: Charter | None) -> dt.date:
    """By when an alert is to be decided on: the first checkpoint that leaves a week, else the end of that week."""
    earliest = alert.as_of + dt.timedelta(days=PATIENCE_DAYS)
    if charter is None or not charter.checkpoint_weeks:
        return earliest
    step = dt.timedelta(weeks=charter.checkpoint_weeks)
    return charter.deployed_on + max(-((charter.deployed_on - earliest) // step), 1) * step
