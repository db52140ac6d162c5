"""Alerts: each is one stay of a rule in breach, from the review that noticed it to the one that saw it end.

Nothing of an alert is stored but its events in the ledger; `alerts` folds them. An alert keeps the charter under
which it was raised, so that editing the rule does not make it go away. What is said to it (acknowledged, silenced,
decided) lasts until it gets materially worse: then it is raised again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from leadline.data.plain_json import from_plain
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.entries import Entry, Kind, LedgerError, append, entries
from leadline.metrics.charter_terms import Action
from leadline.metrics.findings import Fact

AlertState = Literal["raised", "acknowledged", "decided", "resolved"]
STATES: tuple[AlertState, ...] = ("raised", "acknowledged", "decided", "resolved")
"""in the order in which they are listed"""
LONGEST_SILENCE_DAYS = 183
LONGEST_COMMENT = 1000
"""letters"""
ALERT_KINDS: tuple[Kind, ...] = (
    "alert_raised",
    "alert_worse",
    "alert_acknowledged",
    "alert_silenced",
    "alert_commented",
    "alert_assigned",
    "alert_resolved",
    "decision",
    "review_closed",
)


@dataclass(frozen=True)
class Severity:
    """How bad it is: larger is worse. A relative change of a metric, or an amount (`unit` 'money')."""

    point: float
    low: float
    high: float
    unit: Literal["relative", "money"] = "relative"


@dataclass(frozen=True)
class Alert:
    """One stay in breach, as the ledger tells it so far."""

    id: str
    workflow: str
    name: str
    rule: str
    state: AlertState
    action: Action
    """the harshest that was asked for so far"""
    when: str
    """the condition as agreed"""
    owner: str
    since: dt.date
    """week end on which the breach began, as it was known when it was raised"""
    as_of: dt.date
    """of the review that raised it"""
    raised_at: dt.datetime
    """UTC, without zone; so are all moments here"""
    value: float | None
    threshold: float | None
    severity: Severity | None
    """of the newest raising"""
    charter_version: int | None
    """None: the charter in force was not registered"""
    charter_digest: str
    evidence: str
    """of the newest raising: the review as it was shown"""
    times_worse: int = 0
    acknowledged_by: str | None = None
    acknowledged_at: dt.datetime | None = None
    assigned_to: str | None = None
    """who was asked to look after it, the newest"""
    silenced_until: dt.date | None = None
    """last day of the silence"""
    silenced_by: str | None = None
    silence_reason: str = ""
    decision: str | None = None
    """the newest decision since it was raised (again)"""
    resolved_at: dt.datetime | None = None
    resolved_as_of: dt.date | None = None
    resolution: str = ""
    """'recovered', 'import_undone', 'late_data'"""
    ended_by: Fact | None = None
    history: tuple[Entry, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state != "resolved"

    def is_silent(self, on: dt.date) -> bool:
        """True while nothing about it is to be sent."""
        return self.is_open and self.silenced_until is not None and on <= self.silenced_until


def alerts(warehouse: Warehouse, workflow: str | None = None) -> tuple[Alert, ...]:
    """Every alert, open ones first: raised, acknowledged, decided; then resolved ones, newest first."""
    folded = fold(entries(warehouse, ALERT_KINDS, workflow))
    return tuple(
        sorted(folded, key=lambda a: (STATES.index(a.state), -a.raised_at.timestamp(), -int(a.id[1:])))
    )


def find_alert(warehouse: Warehouse, alert: str) -> Alert:
    """The alert of that id ('A7', in either case). Raises LedgerError where there is none."""
    wanted = alert.strip().upper()
    known = {each.id: each for each in alerts(warehouse)}
    if wanted not in known:
        open_ones = [each.id for each in known.values() if each.is_open]
        listed = f"open are {', '.join(open_ones)}" if open_ones else "none is open"
        raise LedgerError(f"There is no alert {alert.strip()[:20]}; {listed}.")
    return known[wanted]


def fold(rows: Iterable[Entry]) -> tuple[Alert, ...]:
    """Alerts in the order in which they were raised, from their rows in the order of the ledger."""
    found: dict[str, Alert] = {}
    for entry in rows:
        told = entry.payload
        if entry.kind == "alert_raised":
            found[entry.subject or ""] = _raised(entry)
            continue
        for about in _about(entry):
            if (alert := found.get(str(about))) is not None:
                found[alert.id] = replace(_after(alert, entry, told), history=(*alert.history, entry))
    return tuple(found.values())


def _about(entry: Entry) -> Iterable[str | None]:
    """The alerts that a row is about."""
    if entry.kind == "decision":
        return tuple(entry.payload.get("covers", ()))
    return tuple(entry.payload.get("carried", ())) if entry.kind == "review_closed" else (entry.subject,)


def _raised(entry: Entry) -> Alert:
    told = entry.payload
    return Alert(
        id=entry.subject or "",
        workflow=entry.workflow or "",
        name=told["name"],
        rule=told["rule"],
        state="raised",
        action=told["action"],
        when=told["when"],
        owner=told["owner"],
        since=dt.date.fromisoformat(told["since"]),
        as_of=dt.date.fromisoformat(told["as_of"]),
        raised_at=entry.at,
        value=told["value"],
        threshold=told["threshold"],
        severity=Severity(**told["severity"]) if told["severity"] else None,
        charter_version=told["charter_version"],
        charter_digest=told["charter_digest"],
        evidence=told["evidence"],
        history=(entry,),
    )


def _after(alert: Alert, entry: Entry, told: Mapping[str, Any]) -> Alert:
    if entry.kind == "alert_acknowledged":
        state: AlertState = "acknowledged" if alert.state == "raised" else alert.state
        return replace(alert, state=state, acknowledged_by=entry.by, acknowledged_at=entry.at)
    if entry.kind == "alert_silenced":
        until = dt.date.fromisoformat(told["until"])
        return replace(
            alert, silenced_until=until, silenced_by=entry.by, silence_reason=told.get("reason", "")
        )
    if entry.kind == "alert_commented":
        return alert
    if entry.kind == "alert_assigned":
        return replace(alert, assigned_to=told["to"])
    if entry.kind == "alert_worse":
        return replace(
            alert,
            state="raised",
            action=told["action"],
            severity=Severity(**told["severity"]) if told["severity"] else alert.severity,
            evidence=told["evidence"],
            times_worse=alert.times_worse + 1,
            acknowledged_by=None,
            acknowledged_at=None,
            silenced_until=None,
            silenced_by=None,
            silence_reason="",
            decision=None,
        )
    if entry.kind == "review_closed":
        return alert  # carried over: it still waits
    if entry.kind == "decision":
        return replace(alert, state="decided" if alert.is_open else alert.state, decision=entry.subject)
    return replace(
        alert,
        state="resolved",
        resolved_at=entry.at,
        resolved_as_of=dt.date.fromisoformat(told["as_of"]),
        resolution=told["reason"],
        ended_by=from_plain(Fact, told.get("fact") or told.get("words") or ""),
    )


def acknowledge(warehouse: Warehouse, alert: str, *, by: str, at: dt.datetime | None = None) -> Alert:
    """Notes who looks after it. Raises LedgerError where it is resolved or somebody does already."""
    with warehouse.joined():
        known = _open(warehouse, alert, "acknowledge")
        if known.acknowledged_by is not None:
            raise LedgerError(
                f"Alert {known.id} is acknowledged by {known.acknowledged_by} already; record a decision next."
            )
        append(warehouse, "alert_acknowledged", {}, by=by, workflow=known.workflow, subject=known.id, at=at)
        return find_alert(warehouse, known.id)


def silence(
    warehouse: Warehouse,
    alert: str,
    *,
    by: str,
    until: dt.date,
    reason: str,
    today: dt.date,
    at: dt.datetime | None = None,
) -> Alert:
    """Nothing is sent about it until the end of `until`, unless it gets worse. Raises LedgerError."""
    if not reason.strip():
        raise LedgerError("A silence needs a reason; say why nobody is to hear of this alert.")
    if not today <= until <= today + dt.timedelta(days=LONGEST_SILENCE_DAYS):
        latest = today + dt.timedelta(days=LONGEST_SILENCE_DAYS)
        raise LedgerError(f"A silence until {until} is not possible; name a day from {today} to {latest}.")
    with warehouse.joined():
        known = _open(warehouse, alert, "silence")
        payload = {"until": until.isoformat(), "reason": reason.strip()}
        append(warehouse, "alert_silenced", payload, by=by, workflow=known.workflow, subject=known.id, at=at)
        return find_alert(warehouse, known.id)


def comment(warehouse: Warehouse, alert: str, text: str, *, by: str, at: dt.datetime | None = None) -> Entry:
    """Notes what somebody has to say of it, also of one that is over. Raises LedgerError."""
    said = text.strip()
    if not said:
        raise LedgerError("The comment is empty; write what there is to say.")
    if len(said) > LONGEST_COMMENT:
        raise LedgerError(f"The comment has {len(said)} letters; {LONGEST_COMMENT} are the most.")
    with warehouse.joined():
        known = find_alert(warehouse, alert)
        payload = {"text": said}
        return append(
            warehouse, "alert_commented", payload, by=by, workflow=known.workflow, subject=known.id, at=at
        )


def assign(warehouse: Warehouse, alert: str, to: str, *, by: str, at: dt.datetime | None = None) -> Entry:
    """Notes who is asked to look after it. Raises LedgerError where it is over, or is that person's already."""
    person = " ".join(to.split())[:120]
    if not person:
        raise LedgerError("Nobody is named; say who is to look after the alert.")
    with warehouse.joined():
        known = _open(warehouse, alert, "assign")
        if known.assigned_to == person:
            raise LedgerError(f"Alert {known.id} is assigned to {person} already.")
        payload = {"to": person}
        return append(
            warehouse, "alert_assigned", payload, by=by, workflow=known.workflow, subject=known.id, at=at
        )


def _open(warehouse: Warehouse, alert: str, to_do: str) -> Alert:
    known = find_alert(warehouse, alert)
    if not known.is_open:
        day = f"{known.resolved_at:%Y-%m-%d}" if known.resolved_at else ""
        raise LedgerError(f"Alert {known.id} was resolved on {day}, so there is nothing to {to_do}.")
    return known
