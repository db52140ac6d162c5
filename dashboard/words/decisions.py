"""Decisions as sentences and tables: breach → decision → checkpoint, what is late, whether the outcome came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.codes import decision_words, overdue_words, verdict_words
from leadline.dashboard.words.due import seen_words
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    counted,
    day,
    interval,
    listed,
    local,
    number,
    one_line,
    sentence_case,
    shortened,
    signed_percent,
)
from leadline.dashboard.words.ledger import kind_words
from leadline.dashboard.words.rules import rule_called
from leadline.dashboard.words.tables import Cell, Table, label_of, without_empty_columns
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.decisions import Decision, Overdue
from leadline.metrics.agreement.entries import Entry
from leadline.metrics.results import Aftermath, WorkflowReview


def decisions_sentence(
    decisions: Sequence[Decision], late: Sequence[Overdue], back: int, as_of: dt.date, undecided: int = 0
) -> str:
    """'1 thing is overdue; 2 decisions wait for their checkpoint; 1 outcome has recovered.'"""
    wait = f"{counted(undecided, 'alert')} {'waits' if undecided == 1 else 'wait'} for a decision"
    if not decisions and not late:
        return f"Nothing has been decided yet{f'; {wait}' if undecided else ', and nothing is overdue'}."
    waiting = sum(
        decision.next_checkpoint is not None
        and decision.next_checkpoint >= as_of
        and decision.followed_by is None
        and decision.reviewed_on is None
        for decision in decisions
    )
    told = ["nothing is overdue"]
    if late:
        told = [f"{counted(len(late), 'thing')} {'is' if len(late) == 1 else 'are'} overdue"]
    if undecided:
        told.append(wait)
    if waiting:
        waits = "waits for its" if waiting == 1 else "wait for their"
        told.append(f"{counted(waiting, 'decision')} {waits} checkpoint")
    if back:
        told.append(f"{counted(back, 'outcome')} {'has' if back == 1 else 'have'} recovered")
    return f"{sentence_case('; '.join(told))}."


def overdue_table(late: Sequence[Overdue], names: Mapping[str, str], as_of: dt.date) -> Table:
    """One row a thing that was to be done by now, longest overdue first."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"◆ {overdue_words(each.what)}",
            names.get(each.workflow, one_line(each.workflow)),
            "" if each.what == "checkpoint" else each.subject,
            each.due,
            counted((as_of - each.due).days, "day"),
            shortened(one_line(each.owner), NAME_LETTERS),
            fact_words(each.fact),
        )
        for each in late
    ]
    headings = ("What", "Workflow", "Number", "Was due", "Late by", "Owner", "Why it is here")
    return without_empty_columns(Table(headings, tuple(rows)))


def decision_badge(decision: Decision) -> str:
    """What was decided, as a coloured badge with shape and word."""
    words = decision_words(decision.kind)
    return f":{words.hue}-badge[{words.shape} {sentence_case(decision.kind)}]"


def breach_words(decision: Decision, alerts: Mapping[str, Alert], catalog: Catalog | None = None) -> str:
    """What it answers to: every alert that was open when it was taken."""
    known = [alerts[alert] for alert in decision.covers if alert in alerts]
    if not known:
        return "Without an alert."
    told = [
        f"{alert.id}, rule “{rule_called(alert.when, alert.rule, catalog)}” since {day(alert.since)}"
        for alert in known
    ]
    return f"{'Alert' if len(known) == 1 else 'Alerts'} {listed(told)}."


def checkpoint_words(decision: Decision, as_of: dt.date) -> str:
    """When somebody looks again, and whether it was done."""
    due = decision.next_checkpoint
    if due is None:
        return "○ No checkpoint: it was stopped."
    if decision.is_overdue(as_of):
        return f"◆ Overdue: somebody was to look again on {day(due)}."
    if decision.reviewed_on is not None:
        return f"● Looked at again on {day(decision.reviewed_on)}."
    if decision.followed_by is not None:
        return f"● Followed by decision {decision.followed_by}."
    return f"◐ To be looked at again on {day(due)}."


def comeback_lines(decision: Decision, workflow: WorkflowReview | None, catalog: Catalog) -> list[str]:
    """Whether each outcome came back, measured on what entered since the decision."""
    if workflow is None:
        return ["No review tells of this workflow any more."]
    found = [each for each in workflow.aftermath if each.decided_on == decision.on]
    return [_comeback(each, catalog) for each in found] or ["Nothing to measure yet."]


def _comeback(after: Aftermath, catalog: Catalog) -> str:
    label = label_of(after.outcome, catalog)
    change = after.change
    if change.relative is None:
        return f"○ {label}: too little has entered since to say."
    span = interval(change.low, change.high)
    now = f"{signed_percent(change.relative)}{f' ({span})' if span else ''} beside the baseline"
    before = f", {signed_percent(after.drifted_to)} by then" if after.drifted_to is not None else ""
    shape = "▲" if after.is_recovered else "◐" if after.is_back else "○" if after.is_open else "◆"
    return f"{shape} {seen_words(after)}: {label} {now}{before}; {counted(change.units, 'unit')}."


def came_back(workflows: Sequence[WorkflowReview]) -> int:
    """Outcomes that have recovered after a decision."""
    return len(
        {(w.workflow, after.outcome) for w in workflows for after in w.aftermath if after.is_recovered}
    )


def decisions_table(
    decisions: Sequence[Decision], alerts: Mapping[str, Alert], workflows: Mapping[str, WorkflowReview],
    catalog: Catalog, as_of: dt.date,
) -> Table:  # fmt: skip
    """One row a decision, newest first: for a spreadsheet."""
    headings = (
        "Decision", "Workflow", "Decided", "Reason", "What changes", "Owner", "On", "By", "Alert", "Next checkpoint",
        "Checkpoint", "Outcome since",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            one.id, one.workflow, one.kind, one.reason, one.changes, one.owner, one.on, one.by, one.alert or "",
            one.next_checkpoint, checkpoint_words(one, as_of),
            " ".join(comeback_lines(one, workflows.get(one.workflow), catalog)),
        )
        for one in decisions
    ]  # fmt: skip
    return Table(headings, tuple(rows))


def closed_table(closed: Sequence[Entry], names: Mapping[str, str], zone: ZoneInfo) -> Table:
    """One row a review that was closed, newest first."""
    rows: list[tuple[Cell, ...]] = []
    for entry in reversed(closed):
        told = entry.payload
        rows.append(
            (
                _date(told.get("as_of")),
                names.get(entry.workflow or "", one_line(entry.workflow or "")),
                verdict_words(told["verdict"]).marked,
                entry.by,
                local(entry.at, zone),
                str(told.get("notes") or ""),
                "; ".join(
                    f"{alert}: {why or 'no reason was given'}"
                    for alert, why in told.get("carried", {}).items()
                ),
                str(told.get("evidence") or ""),
            )
        )
    headings = (
        "Review of",
        "Workflow",
        "Verdict shown",
        "Reviewed by",
        "Closed",
        "Notes",
        "Carried over",
        "Kept as",
    )
    return Table(headings, tuple(rows))


def ledger_table(rows: Sequence[Entry], zone: ZoneInfo, most: int = 40) -> Table:
    """The newest rows of the ledger, newest first."""
    shown: list[tuple[Cell, ...]] = [
        (
            entry.sequence,
            sentence_case(kind_words(entry.kind)),
            entry.workflow or "",
            entry.subject or "",
            local(entry.at, zone),
            entry.by,
            f"{entry.hash[:12]}…",
        )
        for entry in reversed(rows[-most:])
    ]
    return Table(("Row", "What", "Workflow", "About", "When", "By", "Hash"), tuple(shown))


def ledger_csv_table(rows: Sequence[Entry]) -> Table:
    """Every row of the ledger, every column, as it is hashed."""
    headings = ("sequence", "kind", "workflow", "subject", "at", "by", "payload", "previous_hash", "hash")
    return Table(
        headings,
        tuple(
            (
                entry.sequence, entry.kind, entry.workflow, entry.subject,
                entry.at.isoformat(timespec="microseconds") + "Z", entry.by, entry.text, entry.previous_hash,
                entry.hash,
            )
            for entry in rows
        ),
    )  # fmt: skip


def _date(text: object) -> Cell:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return number(None)
