"""What the samples have decided before anybody opens them: a decision, its checkpoint held, the week closed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import Workspace
from leadline.metrics import review as reviews
from leadline.metrics.agreement.checkpoints import close_review
from leadline.metrics.agreement.decisions import record_decision

WORKFLOW = "content-studio"
OWNER, LEADER = "Head of Content", "Managing Director"
DECIDED_ON, LOOKED_AGAIN_ON = dt.date(2026, 9, 14), dt.date(2026, 10, 12)
"""Mondays, each about the week that ended the day before"""


def decide_what_was_decided(warehouse: Warehouse, workspace: Workspace) -> None:
    """Writes it into the ledger as of those days. No verdict, number or rule depends on it."""
    record_decision(
        warehouse,
        kind="adjust",
        reason="Nearly twice as many pieces, and sales uses a smaller part of them. More is not what was asked for.",
        changes="Each brief names the sales stage and the deal it is for; no piece without one.",
        owner=OWNER,
        by=OWNER,
        on=DECIDED_ON,
        workflow=WORKFLOW,
        next_checkpoint=LOOKED_AGAIN_ON,
        review=reviews.review(warehouse, workspace, DECIDED_ON - dt.timedelta(days=1)),
        at=_nine_o_clock(DECIDED_ON, workspace),
    )
    close_review(
        warehouse,
        reviews.review(warehouse, workspace, LOOKED_AGAIN_ON - dt.timedelta(days=1)),
        by=LEADER,
        on=LOOKED_AGAIN_ON,
        notes="Too soon to tell whether the new briefs help. They stay; stop if the usage floor is breached.",
        workflows=[WORKFLOW],
        at=_nine_o_clock(LOOKED_AGAIN_ON, workspace),
    )


def _nine_o_clock(day: dt.date, workspace: Workspace) -> dt.datetime:
    """UTC without zone, as the ledger keeps moments."""
    there = dt.datetime.combine(day, dt.time(9), ZoneInfo(workspace.settings.timezone))
    return there.astimezone(dt.UTC).replace(tzinfo=None)
