"""The commands about what was noticed and decided, as `service.commands` describes them: JSON in, JSON out."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from leadline.dashboard.service import failures, gates
from leadline.dashboard.service.command import Arguments, Command, CutOff, Json, Run
from leadline.dashboard.service.decision_evidence import shown_to_decide
from leadline.dashboard.service.report import workspace_name
from leadline.dashboard.service.review_codes import code_of, review_of
from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.due import alert_due
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.ledger import broken_words, compared_words, facts_words, failure_words
from leadline.dashboard.words.notices import notice
from leadline.data.errors import LeadlineError
from leadline.data.exports.safe_csv import safe_csv
from leadline.data.plain_json import to_plain
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement import alerts as alerting
from leadline.metrics.agreement import outbox
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.agreement.charters_in_force import charters_to_stop
from leadline.metrics.agreement.close_review import UndecidedError, close_review, undecided_alerts
from leadline.metrics.agreement.decisions import (
    Decision,
    NewDecision,
    Overdue,
    decisions,
    overdue,
    record_decision,
)
from leadline.metrics.agreement.entries import Entry, Kind, LedgerError, entries
from leadline.metrics.agreement.shown_evidence import Kept, Shown, read_evidence
from leadline.metrics.agreement.verification import verify, verify_facts
from leadline.metrics.review import review

if TYPE_CHECKING:
    from leadline.data.warehouse import Warehouse

CSV_COLUMNS = ("sequence", "kind", "workflow", "subject", "at", "by", "payload", "previous_hash", "hash")


def ledger(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`head` (a hash noted down earlier, or None) -> every row, what is broken, and all of it as CSV.

    `facts`: landed rows are held against their digests too.
    """
    rows = entries(warehouse)
    compared, altered = verify_facts(warehouse) if arguments.get("facts") else (None, ())
    yield {
        "rows": [row_as_told(entry) for entry in rows],
        "broken": [
            *(broken_words(broken) for broken in verify(warehouse, arguments.get("head"))),
            *(facts_words(broken) for broken in altered),
        ],
        "compared": compared_words(compared) if compared else "",
        "csv": safe_csv(_cells(rows), CSV_COLUMNS) if arguments.get("csv") else "",
    }


def _cells(rows: tuple[Entry, ...]) -> Iterator[tuple[object, ...]]:
    for entry in rows:
        moment = _exactly(entry.at)
        yield (
            *(entry.sequence, entry.kind, entry.workflow, entry.subject, moment, entry.by, entry.text),
            *(entry.previous_hash, entry.hash),
        )


def alerts(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """Every alert (open first), every decision (newest first), what is overdue, what could not be sent."""
    charters = charters_to_stop(warehouse, workspace)
    today = workspace.today()
    taken = {decision.id: decision for decision in decisions(warehouse)}
    yield {
        "alerts": [
            {**alert_as_told(alert), "due": _alert_due(alert, taken, today)}
            for alert in alerting.alerts(warehouse)
        ],
        "decisions": [decision_as_told(decision) for decision in taken.values()],
        "overdue": [_overdue_as_told(late) for late in overdue(warehouse, charters, today)],
        "failures": undelivered(warehouse),
    }


def acknowledge(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`alert`, `by` -> the alert."""
    yield alert_as_told(alerting.acknowledge(warehouse, arguments["alert"], by=arguments["by"]))


def _acknowledge_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    yield from _unless_noted(warehouse, workspace, arguments, cut_off, acknowledge, "alert_acknowledged")


def silence(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`alert`, `by`, `until`, `reason` -> the alert."""
    yield alert_as_told(
        alerting.silence(
            warehouse,
            arguments["alert"],
            by=arguments["by"],
            until=dt.date.fromisoformat(arguments["until"]),
            reason=arguments["reason"],
            today=workspace.today(),
        )
    )


def _silence_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    yield from _unless_noted(warehouse, workspace, arguments, cut_off, silence, "alert_silenced")


def _unless_noted(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff, run: Run, kind: Kind
) -> Iterator[Json]:
    about = alerting.find_alert(warehouse, arguments["alert"]).id
    if any(entry.subject == about for entry in _made_since(warehouse, kind, arguments, cut_off)):
        yield alert_as_told(alerting.find_alert(warehouse, about))
        return
    yield from run(warehouse, workspace, arguments)


def decide(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`about` (an alert or a workflow), `kind`, `reason`, `owner`, `changes`, `next`, `by` -> the decision, and of when
    its evidence is, where something has landed or changed since."""
    today = workspace.today()
    about, planned = arguments["about"], arguments.get("next")
    known = {alert.id for alert in alerting.alerts(warehouse)}
    is_alert = about.strip().upper() in known
    charters = charters_to_stop(warehouse, workspace)
    if not is_alert and about not in {charter.workflow for charter in charters}:
        raise LeadlineError(
            f"{about[:60]} is no alert and no workflow with a charter; see 'leadline alerts'."
        )
    workflow = alerting.find_alert(warehouse, about).workflow if is_alert else about
    owner = arguments.get("owner")
    if not owner:
        owner = next((charter.owner for charter in charters if charter.workflow == workflow), "")
    new = NewDecision(
        kind=arguments["kind"],
        reason=arguments["reason"],
        owner=owner,
        by=arguments["by"],
        on=today,
        alert=about if is_alert else None,
        workflow=None if is_alert else about,
        changes=arguments.get("changes") or "",
        next_checkpoint=dt.date.fromisoformat(planned) if planned else None,
    )
    shown = shown_to_decide(warehouse, workspace, workflow, new.kind)
    decision = record_decision(warehouse, new, shown)
    gates.refresh(warehouse, workspace)
    older = shown if isinstance(shown, Kept) and not shown.is_current else None
    yield {**decision_as_told(decision), "evidence_as_of": older.as_of.isoformat() if older else None}


def _decide_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    about = arguments["about"].strip()
    for decision in decisions(warehouse):
        is_about = about == decision.workflow or about.upper() == decision.alert
        said = (decision.kind, decision.reason, decision.by)
        asked = (arguments["kind"], arguments["reason"].strip(), arguments["by"])
        if decision.at >= cut_off.begun and is_about and said == asked:
            gates.refresh(warehouse, workspace)
            yield decision_as_told(decision)
            return
    yield from decide(warehouse, workspace, arguments)


def close(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`workflows` (None: all), `as_of` (None: today), `by`, `notes`, `carried` (alert -> reason), `others` (the reason
    for those beside) -> one row a workflow whose review is closed."""
    today, as_of = workspace.today(), arguments.get("as_of")
    shown = review(warehouse, workspace, dt.date.fromisoformat(as_of) if as_of else today)
    workflows, others = arguments.get("workflows") or None, arguments.get("others")
    waiting = undecided_alerts(warehouse, shown, workflows) if others else ()
    try:
        closed = close_review(
            warehouse,
            shown,
            by=arguments["by"],
            on=today,
            notes=arguments.get("notes") or "",
            workflows=workflows,
            carried={alert.id: others or "" for alert in waiting} | (arguments.get("carried") or {}),
        )
    except UndecidedError as e:
        raise LedgerError(
            f"{str(e)[:-1]}: --carry-over {e.alert} REASON, or --carry-over-others REASON for all that wait."
        ) from e
    for entry in closed:
        yield row_as_told(entry)


def _close_begun(
    warehouse: Warehouse, workspace: Workspace, arguments: Arguments, cut_off: CutOff
) -> Iterator[Json]:
    named = arguments.get("workflows")
    closed = [
        entry
        for entry in _made_since(warehouse, "review_closed", arguments, cut_off)
        if not named or entry.workflow in named
    ]
    if closed:
        yield from (row_as_told(entry) for entry in closed[cut_off.told :])
        return
    yield from close(warehouse, workspace, arguments)


def _made_since(warehouse: Warehouse, kind: Kind, arguments: Arguments, cut_off: CutOff) -> list[Entry]:
    """Entries of that kind that the same person has made since the command was begun."""
    return [
        entry
        for entry in entries(warehouse, (kind,))
        if entry.at >= cut_off.begun and entry.by == arguments["by"]
    ]


def pending(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`channels` and `machines` (names), `link` -> the messages that are due, each begun in the ledger."""
    catalog = load_catalog(workspace)
    link = arguments.get("link") or ""
    machines = arguments.get("machines") or ()
    due = outbox.claim(warehouse, arguments["channels"], workspace.today(), machines=machines)
    raised = {entry.subject: entry for entry in entries(warehouse, ("alert_raised",))} if due else {}
    for delivery, *others in _incidents(due):
        event = delivery.event
        if event.kind == "gate_turned":
            yield _turned(event, delivery.channel)
            continue
        alert = raised.get(event.subject)
        evidence = event.payload.get("evidence")
        shown = read_evidence(warehouse, evidence).shown if evidence else None
        code = code_of(shown) if shown is not None else ""
        with writing(workspace.settings.locale):
            also = [raised[each.event.subject] for each in others if each.event.subject in raised]
            message = notice(event, alert, shown, catalog, workspace_name(workspace), link, code, also)
        card = _drawn(shown, workspace, catalog, link) if shown is not None else None
        yield {
            "event": event.sequence,
            "also": [each.event.sequence for each in others],
            "channel": delivery.channel,
            "title": message.title,
            "body": message.body,
            "card": base64.b64encode(card).decode("ascii") if card else None,
        }


def _incidents(due: Sequence[outbox.Delivery]) -> list[list[outbox.Delivery]]:
    """What is due, rules of one workflow that breached together as one: the first speaks for all of them."""
    found: dict[tuple[object, ...], list[outbox.Delivery]] = {}
    for delivery in due:
        event = delivery.event
        is_breach = event.kind in ("alert_raised", "alert_worse")
        one = (delivery.channel, event.workflow, event.kind, event.at.date()) if is_breach else (delivery,)
        found.setdefault(one, []).append(delivery)
    return list(found.values())


def _turned(event: Entry, channel: str) -> Json:
    """A gate that turned, as fields: for a machine."""
    data = {"workflow": event.workflow, **event.payload}
    content = {"type": "gate.turned", "timestamp": _utc(event.at), "data": data}
    title = f"the gate of {event.workflow} turned"
    # the same name whenever it is tried again, so that a receiver can tell it has it already
    known = {"event": event.sequence, "channel": channel, "title": title, "id": f"gate_{event.hash[:32]}"}
    return {**known, "content": content}


def delivered(warehouse: Warehouse, workspace: Workspace, arguments: Arguments) -> Iterator[Json]:
    """`event`, `channel`, `problem` ('' where it was sent) -> nothing; the outcome is in the ledger."""
    outbox.delivered(
        warehouse, int(arguments["event"]), arguments["channel"], problem=arguments.get("problem") or ""
    )
    yield from ()


def draw_card(shown: Shown, workspace: Workspace, catalog: Mapping[str, Metric], link: str) -> bytes:
    """The alert card of what was shown, as PNG."""
    # loaded only where a card is drawn: it brings a drawing library
    from leadline.dashboard.drawings.alert_card_png import card_png

    with writing(workspace.settings.locale):
        return card_png(
            review_of(shown),
            shown.workflow,
            workspace_name=workspace_name(workspace),
            code=code_of(shown),
            catalog=catalog,
            link=link,
        )


def _drawn(shown: Shown, workspace: Workspace, catalog: Mapping[str, Metric], link: str) -> bytes | None:
    """The card; None where it can't be drawn, because a breach is told with or without its picture."""
    try:
        return draw_card(shown, workspace, catalog, link)
    except Exception as e:
        failures.unexpected(e, workspace.path)
        return None


LEDGER_COMMANDS = {
    "ledger": Command(ledger),
    "alerts": Command(alerts),
    "acknowledge": Command(acknowledge, _acknowledge_begun),
    "silence": Command(silence, _silence_begun),
    "decide": Command(decide, _decide_begun),
    "close": Command(close, _close_begun),
    "outbox": Command(pending),
    "delivered": Command(delivered),
}


def undelivered(warehouse: Warehouse) -> list[Json]:
    """Notifications that did not reach their channel, newest attempt first."""
    return [
        {
            "event": failure.event.sequence,
            "kind": failure.event.kind,
            "workflow": failure.event.workflow,
            "subject": failure.event.subject,
            "channel": failure.channel,
            "attempts": failure.attempts,
            "reason": failure_words(failure),
            "last_at": _utc(failure.last_at),
            "next_at": _utc(failure.next_at) if failure.next_at else None,
        }
        for failure in outbox.failures(warehouse)
    ]


def row_as_told(entry: Entry) -> Json:
    return {
        "sequence": entry.sequence,
        "kind": entry.kind,
        "workflow": entry.workflow,
        "subject": entry.subject,
        "at": _exactly(entry.at),
        "by": entry.by,
        "payload": dict(entry.payload),
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def alert_as_told(alert: alerting.Alert) -> Json:
    known = {name: value for name, value in to_plain(alert).items() if name not in ("ended_by", "history")}
    moments = ("raised_at", "acknowledged_at", "resolved_at")
    history = [
        {"kind": entry.kind, "at": _utc(entry.at), "by": entry.by, "subject": entry.subject}
        for entry in alert.history
    ]
    return {
        **known,
        "resolution_words": fact_words(alert.ended_by),
        **{name: _utc(moment) if (moment := getattr(alert, name)) else None for name in moments},
        "history": history,
    }


def _alert_due(alert: alerting.Alert, taken: Mapping[str, Decision], today: dt.date) -> str:
    """'' for one that is resolved."""
    decision = taken.get(alert.decision or "")
    return alert_due(alert.action, decision.standing(today) if decision else None) if alert.is_open else ""


def _overdue_as_told(late: Overdue) -> Json:
    known = {name: value for name, value in to_plain(late).items() if name != "fact"}
    return {**known, "words": fact_words(late.fact)}


def decision_as_told(decision: Decision) -> Json:
    return {**to_plain(decision), "at": _utc(decision.at)}


def _utc(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"


def _exactly(moment: dt.datetime) -> str:
    """With microseconds, as the row's hash covers it."""
    return moment.isoformat(timespec="microseconds") + "Z"
