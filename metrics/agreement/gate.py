"""The gate: may this workflow go on? Answered from a small value, without a question to the database.

`GateState` is what the last review and the last decision leave behind; `answer` is what it means on a day, for one
unit. In this order: a charter that lets nothing stop it; a pause or a stop that stands; a breach that nobody has
decided on, where the charter says so; that the workflow is over; a review that
has lapsed; a unit that is left to people; else yes. Only a decision opens a gate again: that a rule reads well by now
does not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal

from leadline.metrics.charter_terms import Gate, GateUnknown

GateVariant = Literal["run", "review", "adjust", "pause", "stop", "human"]
DAYS_WITHOUT_CHECKPOINTS = 14
"""for which a review holds where no checkpoints are agreed"""


@dataclass(frozen=True)
class ClosedBy:
    """What closes a gate until somebody decides otherwise."""

    variant: Literal["pause", "stop"]
    since: dt.date
    decision: str | None = None
    rule: str | None = None
    """of the breach, where it is none that was decided"""
    alert: str | None = None


@dataclass(frozen=True)
class GateState:
    """What a workflow's gate is answered from."""

    workflow: str
    gate: Gate
    charter_version: int | None
    """None: the charter in force is not registered"""
    paused: ClosedBy | None = None
    """the harshest pause or stop that stands"""
    breached: ClosedBy | None = None
    """the harshest breach that asks for one and that nobody has decided on"""
    decision: str | None = None
    """the newest one"""
    decided_on: dt.date | None = None
    is_adjusted: bool = False
    """the newest decision is to adjust"""
    reviewed_on: dt.date | None = None
    """the last review; None: there was none"""
    valid_until: dt.date | None = None
    """the last day on which that review still holds"""
    retired_on: dt.date | None = None
    """nobody watches it any more"""


@dataclass(frozen=True)
class GateAnswer:
    """What the gate says on one day."""

    workflow: str
    value: bool | None
    """None: nobody has looked for too long, so it can't be said"""
    variant: GateVariant
    unknown: GateUnknown
    """what a caller should do where `value` is None"""
    rule: str | None = None
    decision: str | None = None
    alert: str | None = None
    since: dt.date | None = None
    as_of: dt.date | None = None
    """the newer of the review and the decision that it rests on"""
    valid_until: dt.date | None = None
    """the last day on which it can be said without another review; None where no review is needed for it"""
    charter_version: int | None = None
    is_bound: bool = True
    """False where the charter lets nothing stop it"""
    holdout: float = 0.0
    retired_on: dt.date | None = None

    @property
    def may_run(self) -> bool:
        """What a caller that knows only yes and no should do."""
        return self.unknown == "open" if self.value is None else self.value


def answer(state: GateState, today: dt.date, key: str | None = None) -> GateAnswer:
    """The answer at `today`; `key`: the unit, for a holdout."""
    days = [day for day in (state.reviewed_on, state.decided_on) if day is not None]

    def told(
        value: bool | None, variant: GateVariant, closed: ClosedBy | None = None, **more: object
    ) -> GateAnswer:
        known = {
            "rule": closed.rule if closed else None,
            "decision": closed.decision if closed else state.decision,
            "alert": closed.alert if closed else None,
            "since": closed.since if closed else state.decided_on,
            **more,
        }
        return GateAnswer(
            state.workflow, value, variant, state.gate.unknown, as_of=max(days, default=None),
            charter_version=state.charter_version, holdout=state.gate.holdout, **known,  # type: ignore[arg-type]
        )  # fmt: skip

    if state.gate.on == "never":
        return told(True, "run", is_bound=False)
    if state.paused is not None:
        return told(False, state.paused.variant, state.paused)
    if state.gate.on == "breach" and state.breached is not None:
        return told(False, state.breached.variant, state.breached)
    if state.retired_on is not None:
        return told(None, "review", since=state.retired_on, retired_on=state.retired_on)
    until = state.valid_until
    if until is None or today > until:
        lapsed = until + dt.timedelta(days=1) if until is not None else None
        return told(None, "review", since=lapsed, valid_until=until)
    if key is not None and is_held_out(state.workflow, key, state.gate.holdout):
        return told(False, "human", valid_until=until)
    return told(True, "adjust" if state.is_adjusted else "run", valid_until=until)


def is_held_out(workflow: str, key: str, share: float) -> bool:
    """Whether a unit is left to people: the same on every machine and for good, while the share stays; a larger share
    holds the units of a smaller one."""
    drawn = hashlib.sha256(f"{workflow}\n{key}".encode("utf-8", "surrogatepass")).digest()[:8]
    return int.from_bytes(drawn, "big") < share * 2.0**64


def holds_until(reviewed_on: dt.date, deployed_on: dt.date, checkpoint_weeks: int | None) -> dt.date:
    """The last day on which a review still counts: the next checkpoint, which is due until its day is over."""
    if not checkpoint_weeks:
        return reviewed_on + dt.timedelta(days=DAYS_WITHOUT_CHECKPOINTS)
    step = dt.timedelta(weeks=checkpoint_weeks)
    passed = max((reviewed_on - deployed_on) // step, 0)
    return deployed_on + (passed + 1) * step
