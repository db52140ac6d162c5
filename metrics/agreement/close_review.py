"""Closing a review: what it shows is kept, its checkpoints are done, and what nobody decided on is carried over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from leadline.data.errors import LeadlineError
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import Alert, alerts
from leadline.metrics.agreement.entries import Entry, LedgerError, append
from leadline.metrics.agreement.shown_evidence import freeze_workflow
from leadline.metrics.results import Review


class UndecidedError(LedgerError):
    """An alert that waits, without a decision and without a reason why not."""

    def __init__(self, alert: Alert) -> None:
        super().__init__(
            f"Alert {alert.id} of {alert.workflow} (agreed action: {alert.action}) waits for a decision; "
            "decide on it, or say why it is carried over."
        )
        self.alert = alert.id


def undecided_alerts(
    warehouse: Warehouse, review: Review, workflows: Sequence[str] | None = None
) -> tuple[Alert, ...]:
    """Alerts that were raised by the day of a review and wait for a decision, of these workflows (None: all of it);
    also those whose rule can't be judged by now."""
    shown = {w.workflow for w in review.workflows if workflows is None or w.workflow in workflows}
    return tuple(
        alert
        for alert in alerts(warehouse)
        if alert.workflow in shown
        and alert.state in ("raised", "acknowledged")
        and alert.as_of <= review.as_of
    )


def close_review(
    warehouse: Warehouse,
    review: Review,
    *,
    by: str,
    on: dt.date,
    notes: str = "",
    workflows: Sequence[str] | None = None,
    carried: Mapping[str, str] | None = None,
    at: dt.datetime | None = None,
) -> tuple[Entry, ...]:
    """Closes a review for these workflows (None: all of it): freezes what was shown; does their checkpoints.

    `carried`: alert -> why no decision is taken on it yet, of each that waits. One entry a workflow. Raises
    LeadlineError where there is nothing to close, and LedgerError for an alert without a reason.
    """
    shown = [w for w in review.workflows if workflows is None or w.workflow in workflows]
    unknown = sorted(set(workflows or ()) - {w.workflow for w in shown})
    if unknown or not shown:
        named = f"no workflow {unknown[0]}" if unknown else "no workflow with a charter"
        raise LeadlineError(f"The review of {review.as_of} has {named}, so there is nothing to close.")
    if review.as_of > on:
        raise LeadlineError(
            f"The review of {review.as_of} is not over on {on}; close it on that day or later."
        )
    closed = []
    with warehouse.joined():
        waiting = undecided_alerts(warehouse, review, workflows)
        reasons = _reasons(waiting, carried or {})
        for workflow in shown:
            evidence = freeze_workflow(warehouse, review, workflow, by=by, at=at)
            payload = {
                "on": on.isoformat(),
                "as_of": review.as_of.isoformat(),
                "notes": notes.strip(),
                "verdict": workflow.verdict,
                "evidence": evidence.subject,
                "carried": {a.id: reasons[a.id] for a in waiting if a.workflow == workflow.workflow},
            }
            closed.append(
                append(
                    warehouse,
                    "review_closed",
                    payload,
                    by=by,
                    workflow=workflow.workflow,
                    subject=evidence.subject,
                    at=at,
                )
            )
    return tuple(closed)


def _reasons(waiting: Sequence[Alert], carried: Mapping[str, str]) -> dict[str, str]:
    """Alert -> why it is carried over. Raises LedgerError for the first without, and for a reason that fits none."""
    said = {alert.strip().upper(): " ".join(reason.split()) for alert, reason in carried.items()}
    if unknown := sorted(said.keys() - {alert.id for alert in waiting}):
        raise LedgerError(f"{unknown[0][:20]} is no alert that waits for a decision in this review.")
    for alert in waiting:
        if not said.get(alert.id):
            raise UndecidedError(alert)
    return {alert.id: said[alert.id] for alert in waiting}
