"""Events as messages: a title and a text that stand alone, for chat and mail. Pure: rows and results in, text out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from leadline.dashboard.words import changes, costs, review_card, verdicts
from leadline.dashboard.words.alerts import payload_words
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import day, long_day, metric_value, one_line
from leadline.dashboard.words.rules import as_counted, rule_called, rule_in_words
from leadline.data.plain_json import from_plain
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.entries import Entry
from leadline.metrics.agreement.shown_evidence import Shown
from leadline.metrics.findings import Fact
from leadline.metrics.results import RuleState, WorkflowReview


@dataclass(frozen=True)
class Notice:
    title: str
    body: str


def notice(
    event: Entry,
    raised: Entry | None,
    shown: Shown | None,
    catalog: Mapping[str, Metric],
    workspace: str,
    link: str = "",
    code: str = "",
    also: Sequence[Entry] = (),
) -> Notice:
    """The message on one event. `raised`: the row that raised its alert; `shown`: the review it rests on.

    `link`: the dashboard's address, '' for none; `code`: of the kept review, which the link then opens;
    `also`: rows that raised alerts of further rules in the same incident.
    """
    told = event.payload
    name = one_line((raised.payload["name"] if raised else "") or (event.workflow or ""))
    if shown is not None:
        name = verdicts.display_name(shown.workflow)
    rule = _called(raised.payload, catalog) if raised else ""
    titles = {
        "alert_raised": f"◆ {name}: rule “{rule}” is breached",
        "alert_worse": f"◆ {name}: the breach of rule “{rule}” got worse",
        "alert_resolved": f"● {name}: the breach of rule “{rule}” is over",
        "no_data": f"✕ {name}: the data can't be judged",
        "overdue": f"◐ {name}: something is overdue",
    }
    lines: list[str]
    if event.kind in ("alert_raised", "alert_worse") and raised is not None:
        lines = _card(raised, shown, catalog)
        lines += [
            f"Also breached: rule “{_called(each, catalog)}”, agreed action: {one_line(each['action'])}."
            for each in (row.payload for row in also)
        ]
        if event.kind == "alert_worse" and told.get("why") == "action":
            lines.insert(0, f"A harsher action is agreed now: {one_line(told['action'])}.")
    elif event.kind == "alert_resolved" and raised is not None:
        lines = [
            payload_words(told),
            f"It was raised in the review of {day(_date(raised, 'as_of'))}.",
        ]
    elif event.kind == "no_data":
        lines = [fact_words(from_plain(Fact, reason)) for reason in told["reasons"]] or [
            "No verdict can be given."
        ]
    else:
        owner = f" Owner: {one_line(told['owner'])}." if told.get("owner") else ""
        lines = [
            f"{payload_words(told)} It was due on {long_day(dt.date.fromisoformat(told['due']))}.{owner}"
        ]
    return Notice(titles[event.kind], "\n".join([*lines, *_foot(event, shown, workspace, link, code)]))


def _card(raised: Entry, shown: Shown | None, catalog: Mapping[str, Metric]) -> list[str]:
    """What an alert card says: headline, numbers with interval and units, rule as agreed, cost, owner, action."""
    told = raised.payload
    agreed = f"Rule as agreed: {rule_in_words(told['words'], catalog)}."
    if shown is None:
        return [agreed]
    workflow = shown.workflow
    state = next((rule for rule in workflow.rules if rule.id == told["rule"]), None)
    return [
        verdicts.statement(workflow, catalog),
        *_numbers(workflow, catalog),
        agreed + _measured(state, workflow, catalog),
        f"Breached since {long_day(_date(raised, 'since'))}. "
        f"Agreed action: {one_line(told['action'])}. Owner: {one_line(told['owner']) or 'nobody is named'}.",
        f"Due: {action_due(workflow, catalog)}",
        *([sentence] if (sentence := costs.cost_sentence(workflow.cost, catalog)) else []),
    ]


def _numbers(workflow: WorkflowReview, catalog: Mapping[str, Metric]) -> list[str]:
    pair = workflow.lead_pair
    if pair is None:
        return []
    found = ((pair.proxy, pair.proxy_change), (pair.outcome, pair.outcome_change))
    return [
        changes.change_sentence(catalog[metric], change, review_card.currency_of(workflow, metric))
        for metric, change in found
        if metric in catalog and change.relative is not None
    ]


def _measured(state: RuleState | None, workflow: WorkflowReview, catalog: Mapping[str, Metric]) -> str:
    if state is None or state.value is None:
        return ""
    unit, currency = review_card.rule_unit(state, catalog), review_card.rule_currency(state, workflow)
    return f" Now: {metric_value(state.value, unit, currency)}{as_counted(state, unit, currency)}."


def _foot(event: Entry, shown: Shown | None, workspace: str, link: str, code: str) -> list[str]:
    as_of = shown.as_of if shown else _date(event, "as_of")
    complete = f", data complete to {day(shown.workflow.complete_through)}" if shown else ""
    lines = ["", f"Leadline, workspace {one_line(workspace)}. Review of {day(as_of)}{complete}."]
    if link:
        page = {"code": code} if code else {"workflow": event.workflow or "", "week": as_of.isoformat()}
        lines.append(f"{link}/workflow?{urlencode(page)}")
    return lines


def _called(told: Mapping[str, Any], catalog: Mapping[str, Metric]) -> str:
    return rule_called(str(told["when"]), str(told["rule"]), catalog)


def _date(entry: Entry, key: str) -> dt.date:
    return dt.date.fromisoformat(entry.payload[key])
