"""Decisions with their evidence, checkpoints held and missed, and what is overdue."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from leadline.data.errors import LeadlineError
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import alerts, silence
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.agreement.checkpoints import checkpoints, observed_checkpoints
from leadline.metrics.agreement.close_review import close_review, undecided_alerts
from leadline.metrics.agreement.decisions import Decision, NewDecision, decisions, overdue, record_decision
from leadline.metrics.agreement.entries import LedgerError, entries
from leadline.metrics.agreement.held_reviews import Held, held_reviews
from leadline.metrics.agreement.record_review import sync_alerts
from leadline.metrics.agreement.rules import evaluate_rule
from leadline.metrics.agreement.shown_evidence import read_evidence
from leadline.metrics.agreement.verification import verify
from leadline.metrics.agreement.workflow_history import first_registered, recall
from leadline.metrics.due import due
from leadline.metrics.results import Review
from leadline.metrics.verdicts import DATA_PROBLEM
from tests.metrics.shown import CATALOG, CHARTER, SUNDAY, TEXT, charter, review, rule, workflow

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(weeks=1)
AT = dt.datetime(2024, 7, 1, 7, 0)
DECISION = {
    "kind": "adjust",
    "reason": "Speed crowds out fit",
    "owner": "Head of Sales",
    "by": "CEO",
    "on": SUNDAY,
}


def _decide(warehouse: Warehouse, shown: Review | None = None, **said: Any) -> Decision:
    return record_decision(warehouse, NewDecision(**{**DECISION, **said}), shown)


def _breached(warehouse: Warehouse) -> Review:
    shown = review(workflow(rule("breached")))
    sync_alerts(warehouse, shown, AT)
    return shown


def test_a_decision_on_an_alert_keeps_what_was_shown(warehouse: Warehouse) -> None:
    shown = _breached(warehouse)
    known = alerts(warehouse)[0]
    told = _decide(warehouse, shown, alert=known.id, changes="Fit first", next_checkpoint=SUNDAY + WEEK)
    assert (told.kind, told.workflow, told.alert) == ("adjust", "lead-routing", known.id)
    assert decisions(warehouse) == (told,)
    assert read_evidence(warehouse, told.evidence).shown.workflow == shown.workflows[0]
    assert (alerts(warehouse)[0].state, alerts(warehouse)[0].decision) == ("decided", told.id)
    assert verify(warehouse) == ()


def test_a_decision_on_a_workflow_covers_its_open_alerts(warehouse: Warehouse) -> None:
    shown = review(workflow(rule("breached"), rule("breached", "floor")))
    sync_alerts(warehouse, shown, AT)
    told = _decide(warehouse, shown, workflow="lead-routing", next_checkpoint=SUNDAY + WEEK)
    assert told.alert is None
    assert [(alert.state, alert.decision) for alert in alerts(warehouse)] == [("decided", told.id)] * 2
    assert sorted(told.covers) == sorted(alert.id for alert in alerts(warehouse))


def test_the_same_evidence_is_kept_once(warehouse: Warehouse) -> None:
    shown = _breached(warehouse)
    told = _decide(warehouse, shown, workflow="lead-routing", next_checkpoint=SUNDAY + WEEK)
    assert told.evidence == alerts(warehouse)[0].evidence
    assert len(entries(warehouse, ("review",))) == 1


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"kind": "wait"}, "choose continue, adjust, pause or stop"),
        ({"reason": " "}, "lacks a reason"),
        ({"owner": ""}, "lacks an owner"),
        ({"by": ""}, "Nobody is named"),
        ({"next_checkpoint": None}, "lacks its next checkpoint"),
        ({"next_checkpoint": SUNDAY}, "name a day after 2024-06-30"),
        ({"next_checkpoint": SUNDAY + 60 * WEEK}, "not after 2025-07-01"),
        ({"alert": "A99"}, "There is no alert A99"),
        ({"workflow": "nurture"}, "There is no review of nurture"),
        ({"workflow": None}, "There is no review of that workflow"),
    ],
)
def test_what_a_decision_lacks_is_said_and_nothing_is_recorded(
    warehouse: Warehouse, said: dict[str, object], match: str
) -> None:
    shown = _breached(warehouse)
    rows = entries(warehouse)
    wanted = {"workflow": "lead-routing", "next_checkpoint": SUNDAY + WEEK}
    with pytest.raises(LedgerError, match=match):
        _decide(warehouse, shown, **{**wanted, **said})
    assert entries(warehouse) == rows


def test_a_stop_needs_no_next_checkpoint(warehouse: Warehouse) -> None:
    shown = _breached(warehouse)
    told = _decide(warehouse, shown, kind="stop", workflow="lead-routing")
    assert told.next_checkpoint is None
    assert not told.is_overdue(SUNDAY + 100 * WEEK)


def test_nothing_is_decided_on_a_resolved_alert(warehouse: Warehouse) -> None:
    _breached(warehouse)
    sync_alerts(warehouse, review(workflow(rule("ok", since=SUNDAY + WEEK)), as_of=SUNDAY + WEEK), AT)
    with pytest.raises(LedgerError, match="record the decision on lead-routing instead"):
        _decide(warehouse, alert=alerts(warehouse)[0].id, next_checkpoint=SUNDAY + WEEK)


def test_a_decision_is_overdue_until_somebody_looks_or_decides_again(warehouse: Warehouse) -> None:
    shown = _breached(warehouse)
    first = _decide(warehouse, shown, workflow="lead-routing", next_checkpoint=SUNDAY + WEEK)
    assert not first.is_overdue(SUNDAY + WEEK)
    assert first.is_overdue(SUNDAY + WEEK + DAY)
    late = [each for each in overdue(warehouse, (), SUNDAY + 2 * WEEK) if each.what == "decision"]
    assert [(each.subject, each.due, each.owner) for each in late] == [
        (first.id, SUNDAY + WEEK, "Head of Sales")
    ]
    _decide(warehouse, shown, workflow="lead-routing", on=SUNDAY + WEEK, next_checkpoint=SUNDAY + 3 * WEEK)
    newest, oldest = decisions(warehouse)
    assert oldest.followed_by == newest.id
    assert not oldest.is_overdue(SUNDAY + 2 * WEEK)
    later = SUNDAY + 3 * WEEK
    close_review(warehouse, review(workflow(rule("breached")), as_of=later), by="CEO", on=later)
    assert decisions(warehouse)[0].reviewed_on == SUNDAY + 3 * WEEK
    assert overdue(warehouse, (), SUNDAY + 9 * WEEK) == ()


def test_an_alert_without_a_decision_is_overdue_after_a_week_and_told_once(warehouse: Warehouse) -> None:
    _breached(warehouse)
    assert overdue(warehouse, (CHARTER,), SUNDAY + WEEK) == ()
    (late,) = overdue(warehouse, (CHARTER,), SUNDAY + WEEK + 2 * DAY)
    assert (late.what, late.due) == ("alert", SUNDAY + WEEK + DAY)  # the Monday a week on is a checkpoint
    for number in (2, 3):
        sync_alerts(warehouse, review(workflow(rule("breached")), as_of=SUNDAY + number * WEEK), AT)
    assert len(entries(warehouse, ("overdue",))) == 1
    name = alerts(warehouse)[0].id
    silence(warehouse, name, by="CEO", until=SUNDAY + 9 * WEEK, reason="known", today=SUNDAY + 3 * WEEK)
    assert overdue(warehouse, (CHARTER,), SUNDAY + 9 * WEEK) == ()


def test_a_checkpoint_leaves_time_until_the_next_one() -> None:
    kept = dt.date(2024, 5, 1)
    held = (dt.date(2024, 5, 6), dt.date(2024, 5, 19), dt.date(2024, 5, 25))
    found = checkpoints(CHARTER, [Held(day, day) for day in held], kept, dt.date(2024, 6, 4))
    assert [(each.due.isoformat()[5:], each.state) for each in found] == [
        ("05-06", "done"),
        ("05-13", "done"),
        ("05-20", "done"),
        ("05-27", "missed"),
        ("06-03", "due"),
        ("06-10", "coming"),
    ]
    assert found[1].done_on == dt.date(2024, 5, 19)


@pytest.mark.parametrize("kept", [None, dt.date(2024, 6, 4)])
def test_nothing_is_missed_from_before_the_records(kept: dt.date | None) -> None:
    found = checkpoints(CHARTER, (), kept, dt.date(2024, 6, 4))
    assert [each.state for each in found if each.state != "coming"] == []
    assert found[-1].due == dt.date(2024, 6, 10)


def test_no_checkpoints_are_made_up_where_none_are_agreed() -> None:
    without = charter(TEXT.replace("checkpoints: {every: 1 week}\n", ""))
    assert checkpoints(without, (), dt.date(2024, 1, 1), SUNDAY) == ()


def test_closing_a_review_freezes_it_and_does_the_checkpoint(warehouse: Warehouse) -> None:
    register_charter(warehouse, CHARTER, "CEO")
    monday = dt.datetime.now(dt.UTC).date() + 7 * DAY
    monday -= monday.weekday() * DAY  # the first checkpoint after the registration just now
    shown = review(workflow(rule("ok"), verdict="aligned"), as_of=monday)
    (closed,) = close_review(warehouse, shown, by="CEO", on=monday, notes="All well")
    assert read_evidence(warehouse, closed.payload["evidence"]).shown.workflow == shown.workflows[0]
    days = held_reviews(entries(warehouse, ("review_closed",)))
    found = checkpoints(CHARTER, days, first_registered(warehouse)["lead-routing"], monday + WEEK)
    assert [each.state for each in found if each.due == monday] == ["done"]
    assert [each.state for each in found if each.due == monday + WEEK] == ["due"]


def test_a_week_closed_late_does_its_own_checkpoint_and_only_from_then_on(warehouse: Warehouse) -> None:
    late, shown = SUNDAY + 4 * WEEK, review(workflow(rule("ok")))
    _decide(warehouse, shown, workflow="lead-routing", next_checkpoint=SUNDAY + 2 * WEEK)
    close_review(warehouse, review(workflow(rule("ok")), as_of=SUNDAY + WEEK), by="CEO", on=late)
    held = held_reviews(entries(warehouse, ("review_closed",)))
    (due,) = [c.due for c in checkpoints(CHARTER, (), SUNDAY, late) if 0 <= (SUNDAY + WEEK - c.due).days < 7]

    def state(as_of: dt.date) -> str:
        return next(c.state for c in checkpoints(CHARTER, held, SUNDAY, as_of) if c.due == due)

    assert (state(late - DAY), state(late)) == ("missed", "done")
    assert decisions(warehouse)[0].is_overdue(late)  # its checkpoint came after the week that was closed
    close_review(warehouse, review(workflow(rule("ok")), as_of=SUNDAY + 2 * WEEK), by="CEO", on=late)
    assert not decisions(warehouse)[0].is_overdue(late)
    with pytest.raises(LeadlineError, match="is not over"):
        close_review(warehouse, shown, by="CEO", on=SUNDAY - DAY)


def test_what_nobody_decided_on_is_carried_over_with_a_reason(warehouse: Warehouse) -> None:
    shown = _breached(warehouse)
    (alert,) = alerts(warehouse)
    with pytest.raises(LedgerError, match=f"Alert {alert.id} of lead-routing .* waits for a decision"):
        close_review(warehouse, shown, by="CEO", on=SUNDAY, carried={})
    with pytest.raises(LedgerError, match="A99 is no alert that waits"):
        close_review(warehouse, shown, by="CEO", on=SUNDAY, carried={alert.id: "x", "A99": "x"})
    close_review(warehouse, shown, by="CEO", on=SUNDAY, carried={alert.id.lower(): " The board\nmeets "})
    (after,) = alerts(warehouse)
    assert after.state == "raised"
    assert after.history[-1].payload["carried"] == {alert.id: "The board meets"}
    assert undecided_alerts(warehouse, shown) == (after,)
    assert undecided_alerts(warehouse, review(workflow(rule("ok")), as_of=SUNDAY - WEEK)) == ()
    _decide(warehouse, shown, alert=alert.id, next_checkpoint=SUNDAY + WEEK)
    close_review(warehouse, shown, by="CEO", on=SUNDAY, carried={})


def test_a_review_is_closed_for_workflows_that_it_shows(warehouse: Warehouse) -> None:
    shown = review(workflow(rule("ok")))
    with pytest.raises(LeadlineError, match="no workflow nurture"):
        close_review(warehouse, shown, by="CEO", on=SUNDAY, workflows=["lead-routing", "nurture"])
    with pytest.raises(LeadlineError, match="no workflow with a charter"):
        close_review(warehouse, review(), by="CEO", on=SUNDAY)
    assert entries(warehouse) == ()


@pytest.mark.parametrize(
    ("held", "states"),
    [
        ([], ["no_data", "breached", "breached", "breached"]),
        ([dt.date(2024, 5, 8)], ["ok", "ok", "breached", "breached"]),
        ([dt.date(2024, 5, 22)], ["no_data", "breached", "ok", "ok"]),
        ([dt.date(2024, 5, d) for d in (6, 13, 20, 27)], ["ok", "ok", "ok", "ok"]),
    ],
)
def test_a_rule_on_missed_checkpoints_is_breached_until_somebody_looks(
    held: list[dt.date], states: list[str]
) -> None:
    agreed = charter(TEXT.replace("when: diverging", "when: checkpoint missed"))
    watched = agreed.stopping_rules[0]
    assert watched.when.text == "checkpoint missed"
    told, looked = [], [Held(day, day) for day in held]
    for week in range(4):
        end = dt.date(2024, 5, 12) + week * WEEK
        weeks = observed_checkpoints(watched, agreed, looked, dt.date(2024, 5, 6), dt.date(2024, 1, 7), end)
        told.append(evaluate_rule(watched, weeks, None).state)
    assert told == states


def test_a_missed_checkpoint_is_overdue_from_the_first_one_missed(warehouse: Warehouse) -> None:
    register_charter(warehouse, CHARTER, "CEO")
    today = dt.datetime.now(dt.UTC).date()
    first = today + (-today.weekday() % 7) * DAY
    assert overdue(warehouse, (CHARTER,), first + 6 * DAY) == ()
    for later in (first + WEEK, first + 3 * WEEK):
        (late,) = overdue(warehouse, (CHARTER,), later)
        assert (late.what, late.due) == ("checkpoint", first)
    later = first + 2 * WEEK
    close_review(warehouse, review(workflow(rule("ok")), as_of=later), by="CEO", on=later)
    assert overdue(warehouse, (CHARTER,), first + 3 * WEEK) == ()


def test_while_the_data_cannot_be_judged_the_alert_that_waits_is_named(warehouse: Warehouse) -> None:
    """Though its rule reads no_data by then; of two the one with the harsher action, and none once it is decided."""
    rules = (rule("breached", "floor", action="review"), rule("breached", action="pause"))
    sync_alerts(warehouse, review(workflow(*rules)), AT)
    by_rule = {alert.rule: alert.id for alert in alerts(warehouse)}

    def waiting() -> str | None:
        memory = recall(warehouse, (CHARTER,), CATALOG)["lead-routing"]
        unjudged = replace(
            workflow(*(replace(one, state="no_data") for one in rules)),
            verdict=DATA_PROBLEM,
            alerts=tuple((name, alert) for name, alert, _ in memory.raised),
            decided=tuple(memory.decided),
        )
        return due(unjudged).alert

    assert waiting() == by_rule["divergence"]
    _decide(warehouse, alert=by_rule["divergence"], next_checkpoint=SUNDAY + WEEK)
    assert waiting() == by_rule["floor"]
    _decide(warehouse, alert=by_rule["floor"], next_checkpoint=SUNDAY + WEEK)
    assert waiting() is None
