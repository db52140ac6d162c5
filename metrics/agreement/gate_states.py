"""What the ledger and the charters make of each workflow's gate, and its turns, a row of the ledger each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, cast

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import ALERT_KINDS, Alert, fold
from leadline.metrics.agreement.charter_versions import all_charters
from leadline.metrics.agreement.entries import Entry, Kind, append, entries
from leadline.metrics.agreement.gate import ClosedBy, GateState, answer, holds_until
from leadline.metrics.agreement.retirement import last_charters, retired_workflows
from leadline.metrics.agreement.workflow_history import STANDING, decisions_of, stopped_by
from leadline.metrics.charter_terms import Charter

GATE_KINDS: tuple[Kind, ...] = (*ALERT_KINDS, "charter", "charter_retired")
"""rows on which what a gate says rests"""
LIFTING = ("continue", "adjust")
"""decisions after which a workflow goes on"""
MACHINE = "Leadline"


def gate_states(
    warehouse: Warehouse,
    charters: Sequence[Charter],
    reviewed: Mapping[str, dt.date],
) -> tuple[GateState, ...]:
    """One a charter, and one a retired workflow: who was stopped stays so. `reviewed`: workflow -> the day of its last
    review, where there was one."""
    told: dict[str | None, list[Entry]] = {}
    for entry in entries(warehouse, ALERT_KINDS):
        told.setdefault(entry.workflow, []).append(entry)
    versions = {(kept.workflow, kept.content): kept.version for kept in all_charters(warehouse)}
    over = retired_workflows(warehouse, [charter.workflow for charter in charters])
    last, retired_on = last_charters(over), {one.workflow: one.on for one in over}
    return tuple(
        replace(
            gate_state(
                charter,
                told.get(charter.workflow, []),
                versions.get((charter.workflow, charter.source)),
                reviewed.get(charter.workflow),
            ),
            retired_on=retired_on.get(charter.workflow),
        )
        for charter in (*charters, *last.values())
    )


def gate_state(
    charter: Charter, told: Sequence[Entry], version: int | None, reviewed_on: dt.date | None
) -> GateState:
    """From the rows of one workflow, oldest first."""
    taken = decisions_of(told)
    stopped, newest = stopped_by(taken), taken[-1] if taken else None
    held = holds_until(reviewed_on, charter.deployed_on, charter.checkpoint_weeks) if reviewed_on else None
    return GateState(
        workflow=charter.workflow,
        gate=charter.gate,
        charter_version=version,
        paused=ClosedBy(stopped.kind, stopped.on, stopped.decision) if stopped else None,
        breached=_breached(told),
        decision=newest.id if newest else None,
        decided_on=newest.on if newest else None,
        is_adjusted=newest is not None and newest.kind == "adjust",
        reviewed_on=reviewed_on,
        valid_until=held,
    )


def _breached(told: Sequence[Entry]) -> ClosedBy | None:
    """The harshest breach that nobody has decided on, of those that ask for a stop or a pause: also one that is over,
    or whose rule can't be judged any more."""
    known = fold(told)
    rule_of = {alert.id: alert.rule for alert in known}
    lifted = [e for e in told if e.kind == "decision" and e.payload["kind"] in LIFTING]
    undecided = [
        alert
        for alert in known
        if alert.action in STANDING
        and not any(e.sequence > _raised(alert) and _is_about(e, alert, rule_of) for e in lifted)
    ]
    worst = min(undecided, key=lambda alert: STANDING.index(alert.action), default=None)
    if worst is None:
        return None
    asked = cast(Literal["pause", "stop"], worst.action)
    return ClosedBy(asked, worst.as_of, rule=worst.rule, alert=worst.id)


def _raised(alert: Alert) -> int:
    """The row that raised it, or raised it again because it got worse."""
    return max(e.sequence for e in alert.history if e.kind in ("alert_raised", "alert_worse"))


def _is_about(decision: Entry, alert: Alert, rule_of: Mapping[str, str]) -> bool:
    """A decision on the workflow, on this alert, or on a later one of the same rule: one that is over can't be decided
    on by itself."""
    about = decision.payload["alert"]
    return about is None or alert.id in decision.payload["covers"] or rule_of.get(about) == alert.rule


def record_turns(
    warehouse: Warehouse,
    states: Iterable[GateState],
    today: dt.date,
    asked: Mapping[str, Sequence[tuple[dt.date, str]]] | None = None,
    at: dt.datetime | None = None,
) -> tuple[Entry, ...]:
    """A row for each gate that says another thing than when it was last recorded, and one for each day on which it was
    first `asked` and by whom; returns the turns."""
    with warehouse.joined():
        before = {entry.workflow: entry.payload for entry in entries(warehouse, ("gate_turned",))}
        entered = {(entry.workflow, entry.payload["on"]) for entry in entries(warehouse, ("gate_asked",))}
        turned = []
        for state in states:
            for day, who in (asked or {}).get(state.workflow, ()):
                on = {"on": day.isoformat()}
                if (state.workflow, on["on"]) not in entered:
                    append(warehouse, "gate_asked", on, by=who, workflow=state.workflow, at=at)
            said = answer(state, today)
            last = before.get(state.workflow)
            was = (last["value"], last["variant"]) if last else None
            # that nobody has stopped it yet is no turn
            if (said.value, said.variant) == was or (was is None and said.value is not False):
                continue
            payload = {
                "value": said.value,
                "variant": said.variant,
                "unknown": said.unknown,
                "was": {"value": was[0], "variant": was[1]} if was else None,
                "rule": said.rule,
                "decision": said.decision,
                "alert": said.alert,
                "since": said.since.isoformat() if said.since else None,
                "reviewed_on": state.reviewed_on.isoformat() if state.reviewed_on else None,
                "charter_version": said.charter_version,
                "as_of": today.isoformat(),
            }
            turned.append(
                append(
                    warehouse,
                    "gate_turned",
                    payload,
                    by=MACHINE,
                    workflow=state.workflow,
                    subject=state.workflow,
                    at=at,
                )
            )
        return tuple(turned)
