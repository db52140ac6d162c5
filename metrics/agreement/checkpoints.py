"""Checkpoints: the days on which a workflow was agreed to be looked at, and whether it was.

They fall every so many weeks from the deployment. Each leaves time until the next one; a review closed within that
time does it, and one whose time passed without is missed, until its week is closed late.
Nothing is missed from before its charter was first registered: nobody could have closed a review of it here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from leadline.metrics.agreement.held_reviews import Held
from leadline.metrics.agreement.rules import Seen, WeekObservation
from leadline.metrics.charter_terms import CHECKPOINT_MISSED, Charter, StoppingRule
from leadline.metrics.findings import UnjudgedRule

State = Literal["done", "due", "missed", "coming"]
LISTED = 520
"""the last so many checkpoints are told apart; ten years of weekly ones"""


@dataclass(frozen=True)
class Checkpoint:
    """One agreed day."""

    workflow: str
    due: dt.date
    state: State
    done_on: dt.date | None = None


def checkpoints(
    charter: Charter, held: Sequence[Held], kept_from: dt.date | None, as_of: dt.date
) -> tuple[Checkpoint, ...]:
    """Those of one charter with what was noted until the end of `as_of`, oldest first; the last one is coming.

    `kept_from`: the first day of the records, None where there are none.
    """
    if not charter.checkpoint_weeks:
        return ()
    step = dt.timedelta(weeks=charter.checkpoint_weeks)
    begun = max(kept_from or as_of, charter.deployed_on)
    # the first one that falls on or after the first day of the records, but never the deployment itself
    first = max(-((charter.deployed_on - begun) // step), 1)
    passed = max((as_of - charter.deployed_on) // step, 0)
    found = []
    for number in range(max(first, passed - LISTED), passed + 1):
        due = charter.deployed_on + number * step
        done = min((h.on for h in held if due <= h.of < due + step and h.on <= as_of), default=None)
        state: State = "done" if done else "missed" if due + step <= as_of else "due"
        found.append(Checkpoint(charter.workflow, due, state, done))
    coming = charter.deployed_on + max(passed + 1, first, 1) * step
    return (*found, Checkpoint(charter.workflow, coming, "coming"))


def observed_checkpoints(
    rule: StoppingRule,
    charter: Charter,
    held: Sequence[Held],
    kept_from: dt.date | None,
    first_week_end: dt.date,
    last_week_end: dt.date,
) -> list[WeekObservation]:
    """What each week end shows of a rule on missed checkpoints: the newest one that is settled by then."""
    weeks = []
    end = first_week_end
    while end <= last_week_end:
        settled = [c for c in checkpoints(charter, held, kept_from, end) if c.state in ("done", "missed")]
        seen: frozenset[Seen] = frozenset()
        if settled:
            seen = frozenset({CHECKPOINT_MISSED if settled[-1].state == "missed" else "checkpoint_done"})
        reason = None if settled else UnjudgedRule("no_checkpoint")
        weeks.append(WeekObservation(end, True, seen, None, rule.min_sample, reason))
        end += dt.timedelta(weeks=1)
    return weeks
