"""A review → the ledger: alerts raised, got worse and resolved; data that can't be judged; what is overdue.

The same review again adds nothing. Reviews of earlier days than the newest one that was recorded add nothing
either: looking back must not rewrite what was noticed when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from leadline.data.landing.undo import list_imports
from leadline.data.plain_json import to_plain
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import ALERT_KINDS, Alert, Severity, fold
from leadline.metrics.agreement.changes import rule_line
from leadline.metrics.agreement.charter_versions import all_charters
from leadline.metrics.agreement.conditions import COST
from leadline.metrics.agreement.decisions import overdue
from leadline.metrics.agreement.entries import Entry, Kind, append, entries
from leadline.metrics.agreement.shown_evidence import freeze_workflow
from leadline.metrics.charter_terms import Action, Charter, StoppingRule, digest, harshness
from leadline.metrics.findings import Fact, ImportNamed, NoBreachWith, NoBreachWithout, NotBreached
from leadline.metrics.results import Change, Pair, Review, RuleState, WorkflowReview
from leadline.metrics.rule_states import rule_state_meaning
from leadline.metrics.verdicts import DATA_PROBLEM

EVENT_KINDS: tuple[Kind, ...] = ("alert_raised", "alert_worse", "alert_resolved", "no_data", "overdue")
"""what notifications are about"""
MACHINE = "Leadline"
COST_GROWS_BY = 2.0
"""a cost that has grown by this factor is materially worse; it grows every week by itself"""


def sync_alerts(
    warehouse: Warehouse, review: Review, at: dt.datetime | None = None, by: str = MACHINE
) -> tuple[Entry, ...]:
    """Records what a review shows that the ledger does not know yet; returns the new events, oldest first.

    `at`: the moment, UTC without zone; None means now.
    """
    with warehouse.joined():
        told = entries(warehouse, (*ALERT_KINDS, "no_data", "data_back", "overdue"))
        if _newest_day(told) > review.as_of:
            return ()
        known = fold(told)
        registered = _registered(warehouse)
        events: list[Entry] = []
        for workflow in review.workflows:
            sync = _Sync(warehouse, review, workflow, registered, at, by)
            still_open: list[str] = []
            for alert in known:
                if alert.workflow == workflow.workflow and alert.is_open:
                    events += sync.follow(alert, still_open)
            for rule in workflow.rules:
                if rule.state == "breached" and rule.id not in still_open:
                    events.append(sync.raise_alert(rule))
            events += sync.fitness([e for e in told if e.workflow == workflow.workflow])
        events += _overdue(warehouse, review, at, by)
        return tuple(events)


def _newest_day(told: Sequence[Entry]) -> dt.date:
    days = [
        dt.date.fromisoformat(e.payload["as_of"])
        for e in told
        if "as_of" in e.payload and e.kind != "review_closed"
    ]
    return max(days, default=dt.date.min)


def _registered(warehouse: Warehouse) -> dict[tuple[str, str], int]:
    """(workflow, digest of the text) → the newest version that has it."""
    return {(kept.workflow, digest(kept.content)): kept.version for kept in all_charters(warehouse)}


def _overdue(warehouse: Warehouse, review: Review, at: dt.datetime | None, by: str) -> list[Entry]:
    told = {entry.subject for entry in entries(warehouse, ("overdue",))}
    charters = [workflow.charter for workflow in review.workflows if workflow.charter is not None]
    return [
        append(
            warehouse,
            "overdue",
            {**to_plain(late), "as_of": review.as_of.isoformat()},
            by=by,
            workflow=late.workflow,
            subject=f"{late.workflow} {late.key}",
            at=at,
        )
        for late in overdue(warehouse, charters, review.as_of)
        if f"{late.workflow} {late.key}" not in told
    ]


class _Sync:
    """One workflow of one review."""

    def __init__(
        self,
        warehouse: Warehouse,
        review: Review,
        workflow: WorkflowReview,
        registered: Mapping[tuple[str, str], int],
        at: dt.datetime | None,
        by: str,
    ) -> None:
        self.warehouse, self.review, self.workflow = warehouse, review, workflow
        self.registered, self.at, self.by = registered, at, by

    def _append(self, kind: Kind, payload: dict[str, object], subject: str = "", letter: str = "") -> Entry:
        told = {**payload, "as_of": self.review.as_of.isoformat()}
        name = self.workflow.workflow
        return append(
            self.warehouse, kind, told, by=self.by, workflow=name, subject=subject, letter=letter, at=self.at
        )

    def _evidence(self) -> str:
        kept = freeze_workflow(self.warehouse, self.review, self.workflow, by=self.by, at=self.at)
        return kept.subject or ""

    def raise_alert(self, rule: RuleState) -> Entry:
        charter = self.workflow.charter
        text = charter.source if charter else ""
        agreed = _agreed(charter, rule.id)
        severity = severity_of(self.workflow, agreed)
        evidence = self._evidence()
        return self._append(
            "alert_raised",
            {
                "rule": rule.id,
                "name": self.workflow.name,
                "owner": self.workflow.owner,
                "when": rule.when,
                "words": rule_line(agreed) if agreed else rule.when,
                "action": rule.action,
                "since": (rule.since or self.review.complete_through).isoformat(),
                "value": to_plain(rule.value),
                "threshold": to_plain(rule.threshold),
                "severity": to_plain(severity) if severity else None,
                "charter": text,
                "charter_digest": digest(text),
                "charter_version": self.registered.get((self.workflow.workflow, digest(text))),
                "evidence": evidence,
            },
            letter="A",
        )

    def follow(self, alert: Alert, still_open: list[str]) -> list[Entry]:
        """What became of an open alert; its rule is added to `still_open` where it stays so."""
        rule = self._as_raised(alert)
        if rule is not None and (ended := self._ended(alert, rule)):
            reason, fact = ended
            return [self._append("alert_resolved", {"reason": reason, "fact": to_plain(fact)}, alert.id)]
        still_open.append(alert.rule)
        in_force = next((each for each in self.workflow.rules if each.id == alert.rule), None)
        action = _harsher(alert.action, in_force.action if in_force else alert.action)
        agreed = _agreed(self.workflow.charter, alert.rule)
        severity = severity_of(self.workflow, agreed) if agreed else None
        grew = severity is not None and _is_worse(
            alert.severity, severity, _materiality(self.workflow, agreed)
        )
        if rule is None or rule.state != "breached" or not (grew or action != alert.action):
            return []
        decision = self.workflow.decision
        is_done = decision is not None and decision.stands and alert.rule in self.workflow.answered
        if is_done and action == alert.action:
            return []  # what was agreed is done already, and stays so
        why = "grew" if grew else "action"
        # what was decided before doesn't answer it any more, and the evidence of the message says so
        left = tuple(each for each in self.workflow.answered if each != alert.rule)
        self.workflow = replace(self.workflow, answered=left)
        payload = {
            "why": why,
            "action": action,
            "severity": to_plain(severity) if grew else None,
            "evidence": self._evidence(),
        }
        return [self._append("alert_worse", payload, alert.id)]

    def _as_raised(self, alert: Alert) -> RuleState | None:
        """The rule's state by the terms under which the alert was raised; by today's where those are lost."""
        charter = self.workflow.charter
        now = {rule.id: rule for rule in self.workflow.rules}
        if charter is not None and digest(charter.source) == alert.charter_digest:
            return now.get(alert.rule)
        for standing in self.workflow.standing:
            if standing.charter_digest == alert.charter_digest and standing.rule.id == alert.rule:
                return standing.rule
        return now.get(alert.rule)

    def _ended(self, alert: Alert, rule: RuleState) -> tuple[str, Fact] | None:
        """Why the stay in breach is over, None while it is not. Silence of the data doesn't end it."""
        if rule_state_meaning(rule.state).is_in_breach or rule.held_since is not None:
            return None
        undone = [i for i in list_imports(self.warehouse) if i.undone_at and i.undone_at >= alert.raised_at]
        if rule.state != "no_data" and rule.ended_on is not None and rule.ended_on > alert.since:
            return "recovered", NotBreached(rule.ended_on)
        if undone:
            last = undone[-1]
            return "import_undone", NoBreachWithout(ImportNamed(last.import_id, last.file))
        if rule.state == "no_data":
            return None
        landed = [i for i in list_imports(self.warehouse) if i.landed_at >= alert.raised_at]
        if landed:
            last = landed[-1]
            return "late_data", NoBreachWith(ImportNamed(last.import_id, last.file))
        return "recovered", NotBreached(None)

    def fitness(self, told: Sequence[Entry]) -> list[Entry]:
        """One event when the data of a workflow can't be judged any more, and a quiet row when they can again."""
        newest = [entry.kind for entry in told if entry.kind in ("no_data", "data_back")][-1:]
        name = self.workflow.workflow
        if self.workflow.verdict == DATA_PROBLEM:
            if newest == ["no_data"]:
                return []
            why = [to_plain(found.about) for found in self.workflow.findings if found.blocks_verdict]
            unknown = [rule.id for rule in self.workflow.rules if rule.state == "no_data"]
            return [self._append("no_data", {"reasons": why[:5], "rules": unknown}, name)]
        if newest == ["no_data"]:
            self._append("data_back", {}, name)
        return []


def severity_of(workflow: WorkflowReview, rule: StoppingRule | None) -> Severity | None:
    """How bad the breach of a rule is, from the changes that the review shows; None where that has no number."""
    if rule is None:
        return None
    when = rule.when
    if when.metric == COST:
        cost = workflow.cost
        if cost is None or cost.value is None or cost.value_low is None or cost.value_high is None:
            return None
        return Severity(cost.value, cost.value_low, cost.value_high, "money")
    if when.metric is not None:
        sign = -1.0 if when.comparison in ("<", "<=") else 1.0
        for pair in workflow.pairs:
            change = {pair.outcome: pair.outcome_change, pair.proxy: pair.proxy_change}.get(when.metric)
            if change is not None:
                return _severity(change, sign)
        return None
    fitting = [pair for pair in workflow.pairs if pair.verdict == when.verdict]
    worst = min(fitting, key=_outcome, default=None)
    return _severity(worst.outcome_change, -1.0) if worst else None


def _outcome(pair: Pair) -> float:
    return pair.outcome_change.relative if pair.outcome_change.relative is not None else 0.0


def _severity(change: Change, sign: float) -> Severity | None:
    if change.relative is None or change.low is None or change.high is None:
        return None
    low, high = sorted((sign * change.low, sign * change.high))
    return Severity(sign * change.relative, low, high)


def _is_worse(before: Severity | None, now: Severity, materiality: float) -> bool:
    """Both ends of the interval moved by more than is material, or all of it lies beyond that."""
    if before is None or before.unit != now.unit:
        return False
    if now.unit == "money":
        return now.point >= COST_GROWS_BY * before.point > 0
    moved = now.low > before.low + materiality and now.high > before.high + materiality
    return moved or now.low > before.point + materiality


def _materiality(workflow: WorkflowReview, rule: StoppingRule | None) -> float:
    charter = workflow.charter
    if charter is None:
        return 0.10
    on_proxy = rule is not None and rule.when.metric in charter.proxies
    return charter.materiality_proxy if on_proxy else charter.materiality_outcome


def _agreed(charter: Charter | None, rule: str) -> StoppingRule | None:
    return next((r for r in charter.stopping_rules if r.id == rule), None) if charter else None


def _harsher(one: Action, other: Action) -> Action:
    return min(one, other, key=harshness)
