"""What calendars and feed readers are told of the open workspace: checkpoints to come, alerts."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from leadline.dashboard.service.channels import notifying
from leadline.dashboard.service.report import workspace_name
from leadline.dashboard.words import feeds
from leadline.dashboard.words.alerts import agreed_words, alert_title, history_lines
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.feeds import Appointment, FeedEntry
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.alerts import Alert, alerts
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charters_in_force import charters_in_force
from leadline.metrics.agreement.checkpoints import checkpoints
from leadline.metrics.agreement.decisions import decisions
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.held_reviews import held_reviews
from leadline.metrics.charter_terms import Charter

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

COMING = 13
"""checkpoints of a workflow that are told ahead"""
ALERTS = 50


def calendar(warehouse: Warehouse, workspace: Workspace) -> str:
    """Open and coming checkpoints of every charter, and the days that decisions named. Raises LeadlineError."""
    today, name = workspace.today(), workspace_name(workspace)
    charters = charters_in_force(warehouse, workspace, load_catalog(workspace)).charters
    with writing(workspace.settings.locale):
        found = [one for charter in charters for one in _agreed(warehouse, charter, today)]
        found += _decided(warehouse, charters, today)
        found.sort(key=lambda each: (each.day, each.workflow))
        return feeds.calendar(f"{name}: checkpoints", found)


def _agreed(warehouse: Warehouse, charter: Charter, today: dt.date) -> Iterator[Appointment]:
    if not charter.checkpoint_weeks:
        return
    looked = held_reviews(entries(warehouse, ("review_closed",), charter.workflow))
    known = checkpoints(charter, looked, charter.deployed_on, today)
    step = dt.timedelta(weeks=charter.checkpoint_weeks)
    days = [each.due for each in known if each.state == "due"]
    days += [known[-1].due + step * ahead for ahead in range(COMING)]
    title = f"{charter.name or charter.workflow}: checkpoint"
    every = "every week" if charter.checkpoint_weeks == 1 else f"every {charter.checkpoint_weeks} weeks"
    for day in days:
        yield Appointment(charter.workflow, day, title, f"As agreed, {every}. Owner: {charter.owner}.")


def _decided(warehouse: Warehouse, charters: tuple[Charter, ...], today: dt.date) -> list[Appointment]:
    names = {each.workflow: each.name or each.workflow for each in charters}
    found = []
    for decision in decisions(warehouse):
        standing = decision.standing(today)
        if standing.next is None or standing.is_looked_at or decision.followed_by is not None:
            continue
        title = f"{names.get(decision.workflow, decision.workflow)}: look again at “{decision.kind}”"
        details = f"Decided on {decision.on.isoformat()}. {decision.reason} Owner: {decision.owner}."
        found.append(Appointment(decision.workflow, standing.next, title, details))
    return found


def alerts_feed(warehouse: Warehouse, workspace: Workspace) -> str:
    """The newest alerts, each with what became of it. Raises LeadlineError."""
    name, link, catalog = workspace_name(workspace), notifying(workspace).link, load_catalog(workspace)
    zone = ZoneInfo(workspace.settings.timezone)
    identity = hashlib.sha256(f"feed\n{warehouse.salt()}".encode()).hexdigest()[:16]

    def entry(alert: Alert) -> FeedEntry:
        owner = f"Owner: {alert.owner}." if alert.owner else "Nobody is named as its owner."
        lines = [agreed_words(alert, catalog), owner, *history_lines(alert, zone)]
        updated = max((each.at for each in alert.history), default=alert.raised_at)
        at = f"{link}/alerts" if link else ""
        return FeedEntry(alert.id, alert_title(alert, catalog), lines, alert.raised_at, updated, at)

    with writing(workspace.settings.locale):
        newest = sorted(alerts(warehouse), key=lambda each: each.raised_at, reverse=True)[:ALERTS]
        return feeds.feed(f"{name}: alerts", identity, [entry(each) for each in newest], link)
