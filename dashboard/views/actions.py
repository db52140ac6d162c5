"""Everything that pages write, each after asking `access`: one door between a button and the workspace."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from leadline.dashboard.service import charter_files, decision_evidence, gates, mentions, metrics_file, notify
from leadline.dashboard.service.written_rows import Row, Sheet
from leadline.dashboard.views import access
from leadline.dashboard.views.page import Page
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import FileReport, ImportRecord
from leadline.data.landing import land
from leadline.data.landing.retire import retire as retire_rows
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement import alerts, chart_notes, decisions
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.close_review import close_review
from leadline.metrics.agreement.decisions import Decision, NewDecision
from leadline.metrics.agreement.entries import Entry, LedgerError
from leadline.metrics.agreement.metric_form import Form
from leadline.metrics.results import Review


def take_back(page: Page, import_id: int) -> ImportRecord:
    """Undoes an import."""
    access.require(page.workspace, "undo")
    return land.undo(page.warehouse, import_id)


def retire(page: Page, template: str, identities: Sequence[str], reason: str) -> ImportRecord:
    """Takes rows out of the facts."""
    access.require(page.workspace, "undo")
    return retire_rows(page.warehouse, template, identities, reason)


def acknowledge(page: Page, alert: str, by: str) -> Alert:
    """Notes who looks after an alert."""
    who = access.require(page.workspace, "acknowledge", by)
    return alerts.acknowledge(page.warehouse, alert, by=who)


def silence(page: Page, alert: str, by: str, until: dt.date, reason: str) -> Alert:
    """Nothing is sent about an alert until the end of that day."""
    who = access.require(page.workspace, "silence", by)
    today = page.workspace.today()
    return alerts.silence(page.warehouse, alert, by=who, until=until, reason=reason, today=today)


def comment(page: Page, alert: Alert, text: str, by: str) -> mentions.Told:
    """Notes a comment on an alert, and mails whom it names."""
    who = access.require(page.workspace, "comment", by)
    event = alerts.comment(page.warehouse, alert.id, text, by=who)
    return mentions.tell(page.warehouse, page.workspace, event, alert, page.catalog)


def assign(page: Page, alert: Alert, to: str, by: str) -> mentions.Told:
    """Asks somebody to look after an alert, by mail where leadline.toml names them."""
    who = access.require(page.workspace, "comment", by)
    event = alerts.assign(page.warehouse, alert.id, to, by=who)
    return mentions.tell(page.warehouse, page.workspace, event, alert, page.catalog)


def annotate(page: Page, workflow: str, on: dt.date, text: str, by: str) -> None:
    """Keeps a remark on a day of a workflow's chart."""
    who = access.require(page.workspace, "comment", by)
    chart_notes.annotate(page.warehouse, workflow, on, text, by=who)


def remove_annotation(page: Page, workflow: str, annotation: str, by: str) -> None:
    """Shows a remark no more."""
    who = access.require(page.workspace, "comment", by)
    chart_notes.remove_annotation(page.warehouse, workflow, annotation, by=who)


def decide(page: Page, review: Review | None, new: NewDecision) -> Decision:
    """Records a decision with the review that was looked at as its evidence; None: it is not made yet."""
    who = access.require(page.workspace, "decide", new.by)
    is_seen = review is not None and any(new.workflow in (None, each.workflow) for each in review.workflows)
    shown = (
        review
        if is_seen
        else decision_evidence.shown_to_decide(page.warehouse, page.workspace, new.workflow or "", new.kind)
    )
    decision = decisions.record_decision(page.warehouse, replace(new, by=who), shown)
    if gates.refresh(page.warehouse, page.workspace):
        # a receiver that does not answer keeps nobody waiting
        threading.Thread(target=_tell_machines, args=(page.workspace,), daemon=True).start()
    return decision


def _tell_machines(workspace: Workspace) -> None:
    try:
        notify.deliver_turns(workspace)
    except LeadlineError:
        # what did not get through is tried again, and stands in the list of alerts
        logging.getLogger("leadline.dashboard").exception("Webhooks could not be told.")


def close_week(
    page: Page, review: Review, by: str, notes: str, carried: Mapping[str, str]
) -> tuple[Entry, ...]:
    """Closes a review: 'reviewed by, on, notes'; what was shown is kept as it was. `carried`: alert -> why nobody
    decides on it yet."""
    who = access.require(page.workspace, "close", by)
    return close_review(
        page.warehouse, review, by=who, on=page.workspace.today(), notes=notes, carried=carried
    )


def agree(page: Page, text: str, by: str, reason: str, *, sign: bool, replaces: Path | None = None) -> int:
    """Registers a charter's text as its workflow's next version; the version's number."""
    who = access.require(page.workspace, "agree", by)
    if not who.strip():
        raise LedgerError("Nobody is named; say who registers the charter.")
    if not reason.strip():
        raise LedgerError("The version lacks a reason; say why the charter is changed.")
    registered = charter_files.register_text(
        page.warehouse, page.workspace, text, who, reason, sign=sign, replaces=replaces
    )
    gates.refresh(page.warehouse, page.workspace)
    return int(registered["version"])


def write(page: Page, sheet: Sheet, rows: Sequence[Row]) -> None:
    """Keeps what somebody says of outputs or conversations until it lands."""
    sheet = _own(page, sheet)
    if not sheet.who.strip():
        raise LedgerError("Nobody is named; say who reviews.")
    sheet.add(rows)


def take_back_written(page: Page, sheet: Sheet) -> str | None:
    """Forgets what somebody said last and what has not landed."""
    return _own(page, sheet).take_back()


def land_written(page: Page, sheet: Sheet) -> FileReport | None:
    """Lands what somebody has said, as an import of its own."""
    return _own(page, sheet).land(page.warehouse)


def _own(page: Page, sheet: Sheet) -> Sheet:
    """The sheet of whoever the login says."""
    return replace(sheet, who=access.require(page.workspace, "review", sheet.who))


def retire_workflow(page: Page, workflow: str, by: str, reason: str) -> None:
    """A workflow is over: not watched any more, its history stays."""
    who = access.require(page.workspace, "agree", by)
    charter_files.retire(page.warehouse, page.workspace, workflow, by=who, reason=reason)
    gates.refresh(page.warehouse, page.workspace)


def add_metric(page: Page, name: str, form: Form) -> None:
    """Adds a metric to the workspace's `metrics.yaml`."""
    access.require(page.workspace, "agree")
    metrics_file.add_metric(page.workspace, name, form)


def change_metric(page: Page, name: str, form: Form | None, begun: str) -> None:
    """Changes a metric of the workspace's `metrics.yaml`, or takes it out of there."""
    access.require(page.workspace, "agree")
    metrics_file.change_metric(page.workspace, name, form, begun)
