"""Alerts as sentences and tables: what is breached, who looks after it, what was decided, how it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import alert_words
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    counted,
    day,
    listed,
    local,
    metric_value,
    moment,
    money,
    number,
    one_line,
    sentence_case,
    shortened,
)
from leadline.dashboard.words.ledger import failure_words, kind_words
from leadline.dashboard.words.markdown import escape_markdown
from leadline.dashboard.words.review_card import fact
from leadline.dashboard.words.rules import rule_called, rule_in_words
from leadline.dashboard.words.tables import Cell, Table, without_empty_columns
from leadline.data.plain_json import from_plain
from leadline.metrics.agreement.alerts import STATES, Alert
from leadline.metrics.agreement.entries import Entry
from leadline.metrics.agreement.outbox import Failure
from leadline.metrics.charter_terms import harshness
from leadline.metrics.findings import Fact

RESOLUTION_WORDS = {
    "recovered": "it is not breached any more",
    "import_undone": "an import was taken back",
    "late_data": "later data show no breach",
    "retired": "the workflow was retired",
}


def alerts_sentence(alerts: Sequence[Alert]) -> str:
    """'2 alerts are open (Lead routing agent, Nurture): 1 waits for somebody, 1 for a decision.'"""
    open_ones = [alert for alert in alerts if alert.is_open]
    if not open_ones:
        return "No alert is open." if alerts else "No alert has been raised so far."
    names = list(dict.fromkeys(alert_name(alert) for alert in open_ones))
    told = []
    for state in STATES:
        words, count = alert_words(state), sum(alert.state == state for alert in open_ones)
        if count:
            told.append(f"{number(count)} {f'waits {words.waits}' if count == 1 else f'wait {words.wait}'}")
    are = "alert is open" if len(open_ones) == 1 else "alerts are open"
    if len(open_ones) == 1:
        return f"1 {are} ({listed(names)}); it {told[0].partition(' ')[2]}."
    return f"{number(len(open_ones))} {are} ({listed(names)}): {listed(told)}."


def urgency(alert: Alert) -> tuple[int, int, dt.datetime]:
    """What sorts alerts by how soon somebody has to act: state, then the harshest action, then the oldest."""
    return STATES.index(alert.state), harshness(alert.action), alert.raised_at


def alert_name(alert: Alert) -> str:
    """The workflow's name as it was when the alert was raised."""
    return shortened(one_line(alert.name) or one_line(alert.workflow), NAME_LETTERS)


def alert_badge(alert: Alert, on: dt.date) -> str:
    """State as a coloured badge with shape and word; and that it is silent."""
    words = alert_words(alert.state)
    badge = f":{words.hue}-badge[{words.shape} {words.word}]"
    if alert.is_silent(on):
        badge += f" :gray-badge[– Silent until {day(alert.silenced_until)}]"
    return badge


def alert_title(alert: Alert, catalog: Catalog | None = None) -> str:
    """'Lead routing agent: rule “drifting” is breached since 17 May 2026.'"""
    was = "is breached since" if alert.is_open else "was breached from"
    until = "" if alert.is_open or alert.resolved_as_of is None else f" to {day(alert.resolved_as_of)}"
    called = rule_called(alert.when, alert.rule, catalog)
    return f"{alert_name(alert)}: rule “{called}” {was} {day(alert.since)}{until}."


def agreed_words(alert: Alert, catalog: Catalog) -> str:
    """'Agreed: verdict “drifting”, then pause. Breached since 14 Jun 2026.'"""
    rule = f"{rule_in_words(alert.when, catalog)}, then {one_line(alert.action)}"
    return f"Agreed: {rule}. Breached since {day(alert.since)}."


def alert_facts(alert: Alert, catalog: Catalog, currency: str | None = None) -> list[str]:
    """The rule as agreed, its value, how bad it is, the owner: a label and its words each, as Markdown."""
    metric = catalog.get(alert.when.split()[0]) if alert.when.split() else None
    version = (
        f" (charter version {alert.charter_version})"
        if alert.charter_version
        else " (charter not registered)"
    )
    told = [
        ("Alert", alert.id),
        ("Rule as agreed", f"{rule_in_words(alert.when, catalog)}, then {one_line(alert.action)}{version}"),
    ]
    if alert.value is not None and alert.threshold is not None:
        unit = metric.unit if metric else "money"
        value, limit = (metric_value(amount, unit, currency) for amount in (alert.value, alert.threshold))
        told.append(("When raised", f"{value}; threshold {limit}"))
    if alert.severity is not None and alert.severity.unit == "money":
        told.append(("Cost when raised", money(alert.severity.point, currency)))
    if alert.times_worse:
        told.append(("Got worse", f"raised again {counted(alert.times_worse, 'time')}"))
    told.append(("Owner", shortened(one_line(alert.owner), NAME_LETTERS) or "nobody is named"))
    if alert.assigned_to:
        told.append(("Assigned to", shortened(one_line(alert.assigned_to), NAME_LETTERS)))
    if alert.acknowledged_by:
        told.append(("Looked after by", shortened(one_line(alert.acknowledged_by), NAME_LETTERS)))
    return [fact(label, escape_markdown(words)) for label, words in told]


def history_lines(alert: Alert, zone: ZoneInfo) -> list[str]:
    """What happened to it, oldest first: '22 Nov 2026, 09:50 CET · raised by Leadline'."""
    return [f"{moment(local(entry.at, zone))} · {event_words(entry, alert.id)}" for entry in alert.history]


def event_words(entry: Entry, alert: str) -> str:
    """One event of an alert in words, with who and why."""
    told: Mapping[str, object] = entry.payload
    by = f"by {shortened(one_line(entry.by), NAME_LETTERS)}"

    def said(key: str) -> str:
        return shortened(one_line(str(told.get(key) or "")), 200)

    if entry.kind == "alert_raised":
        return f"raised {by}, in the review of {_day(said('as_of'))}"
    if entry.kind == "alert_worse":
        why = "a harsher action is agreed" if told.get("why") == "action" else "it got materially worse"
        return f"raised again {by}: {why}"
    if entry.kind == "alert_acknowledged":
        return f"acknowledged {by}"
    if entry.kind == "alert_silenced":
        return f"silenced {by} until {_day(said('until'))}: {said('reason')}"
    if entry.kind == "alert_commented":
        return (
            f"{shortened(one_line(entry.by), NAME_LETTERS)}: {shortened(one_line(str(told['text'])), 1000)}"
        )
    if entry.kind == "alert_assigned":
        return f"assigned to {shortened(said('to'), NAME_LETTERS)} {by}"
    if entry.kind == "alert_resolved":
        return f"resolved: {shortened(payload_words(told), 200)}"
    if entry.kind == "review_closed":
        why = shortened(one_line(str(entry.payload["carried"].get(alert) or "no reason was given")), 200)
        return f"carried over {by} when the week was closed: {why}"
    if entry.kind == "decision":
        look = f"; look again on {_day(said('next_checkpoint'))}" if told.get("next_checkpoint") else ""
        return f"decision {entry.subject} {by}: {said('kind')}, because {said('reason')}{look}"
    return f"{kind_words(entry.kind)} {by}"


def payload_words(told: Mapping[str, object]) -> str:
    """What a row of the ledger says in a sentence: of its fact, or as an earlier version wrote it down; '' for none."""
    return fact_words(from_plain(Fact, told.get("fact") or str(told.get("words") or "")))


def resolution_words(alert: Alert) -> str:
    """How it ended."""
    why = RESOLUTION_WORDS.get(alert.resolution, one_line(alert.resolution))
    return fact_words(alert.ended_by) or sentence_case(why)


def alerts_table(alerts: Sequence[Alert], zone: ZoneInfo, catalog: Catalog | None = None) -> Table:
    """One row an alert."""
    headings = (
        "Alert", "State", "Workflow", "Rule", "Breached since", "Raised", "Assigned to", "Looked after by", "Decision",
        "Over", "How it ended",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            alert.id,
            f"{alert_words(alert.state).shape} {alert_words(alert.state).word.lower()}",
            alert_name(alert),
            sentence_case(rule_called(alert.when, alert.rule, catalog)),
            alert.since,
            local(alert.raised_at, zone).date(),
            alert.assigned_to or "",
            alert.acknowledged_by or "",
            alert.decision or "",
            alert.resolved_as_of,
            resolution_words(alert) if not alert.is_open else "",
        )
        for alert in alerts
    ]
    return without_empty_columns(Table(headings, tuple(rows)))


def failures_table(failures: Sequence[Failure], zone: ZoneInfo) -> Table:
    """One row a notification that did not reach its channel."""
    rows: list[tuple[Cell, ...]] = [
        (
            sentence_case(kind_words(failure.event.kind)),
            failure.event.workflow or "",
            failure.channel,
            failure.attempts,
            local(failure.last_at, zone),
            local(failure.next_at, zone) if failure.next_at else "given up",
            failure_words(failure),
        )
        for failure in failures
    ]
    headings = ("What", "Workflow", "Channel", "Attempts", "Last tried", "Next try after", "What went wrong")
    return Table(headings, tuple(rows))


def _day(text: str) -> str:
    try:
        return day(dt.date.fromisoformat(text))
    except ValueError:
        return text
