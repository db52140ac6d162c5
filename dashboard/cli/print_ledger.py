"""What the command line says about alerts, decisions and the ledger. Results in, text out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from leadline.dashboard.words.alerts import payload_words
from leadline.dashboard.words.formats import counted, day, one_line, shortened
from leadline.dashboard.words.ledger import kind_words

Json = dict[str, Any]
_LETTERS = 90


def rows(listed: list[Json]) -> str:
    """One line a row of the ledger, oldest first."""
    if not listed:
        return "The ledger is empty: nothing was registered, noticed or decided yet."
    return "\n".join(_row(row) for row in listed)


def _row(row: Json) -> str:
    about = " ".join(one_line(part) for part in (row["workflow"], row["subject"]) if part)
    said = shortened(one_line(_said(row)), _LETTERS)
    line = f"{row['sequence']:>5}  {row['at'][:16].replace('T', ' ')}  {kind_words(row['kind'])}"
    return f"{line}: {about or 'all workflows'} by {one_line(row['by'])}" + (f" ({said})" if said else "")


def _said(row: Json) -> str:
    told = row["payload"]
    if told.get("fact"):
        return payload_words(told)
    if row["kind"] == "owner_changed":
        return f"{told.get('owner_before') or 'nobody'}, then {told.get('owner') or 'nobody'}"
    for key in ("words", "reason", "notes", "problem"):
        if told.get(key):
            return f"{told['kind']}: {told[key]}" if row["kind"] == "decision" else str(told[key])
    return str(told.get("channel") or "")


def verified(listed: list[Json]) -> str:
    """That the chain is whole, and the hash to note down."""
    if not listed:
        return rows(listed)
    row = "row" if len(listed) == 1 else "rows"
    return (
        f"{len(listed):,} {row}, each as it was written. Note this hash to prove later that none was taken off "
        f"the end: {listed[-1]['hash']}"
    )


def broken(found: list[str]) -> str:
    """The first thing that is broken, and how much more there is."""
    more = f" And {counted(len(found) - 1, 'more finding')}: see --json." if len(found) > 1 else ""
    return f"{found[0]}{more}"


def alerts(told: Json) -> str:
    """What is overdue, then alerts with open ones first, then what could not be sent."""
    lines = [f"Overdue  {_late(late)}" for late in told["overdue"]]
    lines += [_alert(alert) for alert in told["alerts"]]
    lines += [f"Not sent  {failure(each)}" for each in told["failures"]]
    return "\n".join(lines) or "No alert was raised yet."


def _late(late: Json) -> str:
    owner = f" ({one_line(late['owner'])})" if late["owner"] else ""
    return f"{one_line(late['workflow'])}, since {_day(late['due'])}: {one_line(late['words'])}{owner}"


def _alert(alert: Json) -> str:
    head = (
        f"{alert['id']:<5} {alert['state']:<12} {one_line(alert['workflow'])}, rule {one_line(alert['rule'])}"
    )
    since = f" breached since {_day(alert['since'])}"
    if alert["state"] == "resolved":
        return f"{head}: {one_line(alert['resolution_words'])}"
    who = f"; acknowledged by {one_line(alert['acknowledged_by'])}" if alert["acknowledged_by"] else ""
    silent = f"; silent until {_day(alert['silenced_until'])}" if alert["silenced_until"] else ""
    decided = f"; decision {alert['decision']}" if alert["decision"] else ""
    return f"{head}:{since}{who}{silent}{decided}. {one_line(alert['due'])}"


def decided(decision: Json) -> str:
    """What recording a decision did."""
    about = f" on alert {decision['alert']}" if decision["alert"] else ""
    planned = f" Next checkpoint: {_day(decision['next_checkpoint'])}." if decision["next_checkpoint"] else ""
    return (
        f"Decision {decision['id']}{about} ({one_line(decision['workflow'])}): {decision['kind']}. "
        f"Owner: {one_line(decision['owner'])}.{planned} {_evidence(decision)}"
    )


def _evidence(decision: Json) -> str:
    if not decision["evidence"]:
        return "Nothing was shown of it that could be kept as evidence."
    return f"Evidence kept as {decision['evidence']}{_older(decision)}."


def _older(decision: Json) -> str:
    """Of which day the evidence is, where a review of today would show something else."""
    if not (as_of := decision.get("evidence_as_of")):
        return ""
    return f", the review of {_day(as_of)}, without what has landed, changed or been decided since"


def closed(row: Json) -> str:
    """What closing a review did."""
    return (
        f"The review of {_day(row['payload']['as_of'])} is closed for {one_line(row['workflow'])}; "
        f"what it showed is kept as {row['payload']['evidence']}."
    )


def carried(row: Json) -> list[str]:
    """Alerts that a closed review left without a decision, each with the reason."""
    told = row["payload"].get("carried", {})
    return [
        f"Alert {alert} of {one_line(row['workflow'])} waits for a decision; it is carried over: {one_line(why)}"
        for alert, why in told.items()
    ]


def waiting(alert: Json) -> str:
    """One alert that closing a review asks about."""
    agreed = f"agreed action: {alert['action']}"
    return (
        f"{alert['id']}  {one_line(alert['workflow'])}, rule {one_line(alert['rule'])}: breached since "
        f"{_day(alert['since'])}, {agreed}. Nobody has decided."
    )


def decide_first(alert: Json) -> str:
    """What to do in place of closing."""
    return (
        f"Nothing is closed. Decide with 'leadline decide {alert['id']} {_kind(alert['action'])} --reason TEXT "
        "--next DATE', then close."
    )


def _kind(action: str) -> str:
    return action if action in ("pause", "stop", "adjust") else "continue"


def failure(each: Json) -> str:
    """One notification that did not reach its channel."""
    again = "it is tried again with the next 'leadline check --notify'" if each["next_at"] else "given up"
    return (
        f"{kind_words(each['kind'])} ({one_line(each['subject'] or '')}) to {each['channel']} "
        f"after {counted(each['attempts'], 'attempt')}: {one_line(each['reason']).rstrip('.')}; {again}."
    )


def _day(text: str) -> str:
    return day(dt.date.fromisoformat(text))
