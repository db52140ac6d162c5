"""Alerts: one for each stay in breach, whatever is edited, taken back or said meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from leadline.dashboard.words.findings import fact_words
from leadline.data.exports.landing_report import ImportRecord, RowCounts
from leadline.data.plain_json import to_plain
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement import record_review
from leadline.metrics.agreement.alerts import acknowledge, alerts, find_alert, silence
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.agreement.entries import Entry, LedgerError, entries
from leadline.metrics.agreement.record_review import sync_alerts
from leadline.metrics.agreement.shown_evidence import read_evidence
from leadline.metrics.agreement.verification import verify
from leadline.metrics.charter_terms import digest
from leadline.metrics.findings import StaleSource
from leadline.metrics.results import Cost, Finding, RuleStateCode, StandingRule
from tests.metrics.shown import CHARTER, SUNDAY, TEXT, charter, review, rule, workflow

WEEK = dt.timedelta(weeks=1)
AT = dt.datetime(2024, 7, 1, 7, 0)


def _kinds(events: Sequence[Entry]) -> list[str]:
    return [event.kind.removeprefix("alert_") for event in events if event.kind != "overdue"]


def _walk(warehouse: Warehouse, *states: RuleStateCode) -> list[list[str]]:
    """The events of each state in turn, a week apart; in the week of ok and pending a breach has ended."""
    told = []
    for number, state in enumerate(states):
        day = SUNDAY + number * WEEK
        ended = day if state in ("ok", "pending") else None
        shown = workflow(rule(state, since=ended or dt.date(2024, 5, 5), ended_on=ended))
        told.append(_kinds(sync_alerts(warehouse, review(shown, as_of=day), AT)))
    return told


@pytest.mark.parametrize(
    ("before", "after", "events"),
    [
        ("ok", "ok", []),
        ("ok", "pending", []),
        ("ok", "breached", ["raised"]),
        ("ok", "recovering", []),
        ("ok", "no_data", []),
        ("pending", "ok", []),
        ("pending", "pending", []),
        ("pending", "breached", ["raised"]),
        ("pending", "recovering", []),
        ("pending", "no_data", []),
        ("breached", "ok", ["resolved"]),
        ("breached", "pending", ["resolved"]),
        ("breached", "breached", []),
        ("breached", "recovering", []),
        ("breached", "no_data", []),
        ("no_data", "ok", []),
        ("no_data", "pending", []),
        ("no_data", "breached", ["raised"]),
        ("no_data", "recovering", []),
        ("no_data", "no_data", []),
    ],
)
def test_every_transition_of_a_rule_has_its_event(
    warehouse: Warehouse, before: RuleStateCode, after: RuleStateCode, events: list[str]
) -> None:
    assert _walk(warehouse, before, after)[1] == events


@pytest.mark.parametrize(
    ("states", "events"),
    [
        (("breached", "recovering", "breached", "recovering", "ok"), [["raised"], [], [], [], ["resolved"]]),
        (("breached", "recovering", "pending"), [["raised"], [], ["resolved"]]),
        (("breached", "no_data", "breached"), [["raised"], [], []]),
        (("breached", "no_data", "ok"), [["raised"], [], ["resolved"]]),
        (("breached", "ok", "breached"), [["raised"], ["resolved"], ["raised"]]),
        (("breached", "ok", "ok"), [["raised"], ["resolved"], []]),
    ],
)
def test_a_stay_in_breach_is_one_alert(
    warehouse: Warehouse, states: tuple[RuleStateCode, ...], events: list[list[str]]
) -> None:
    assert _walk(warehouse, *states) == events
    assert verify(warehouse) == ()


def test_an_alert_keeps_the_charter_the_numbers_and_the_review_as_it_was_shown(warehouse: Warehouse) -> None:
    register_charter(warehouse, CHARTER, "Head of Sales")
    shown = review(workflow(rule("breached")))
    sync_alerts(warehouse, shown, AT)
    (alert,) = alerts(warehouse)
    assert (alert.rule, alert.when, alert.action) == ("divergence", "diverging", "pause")
    assert (alert.charter_version, alert.charter_digest) == (1, digest(TEXT))
    assert alert.raised_at == AT
    assert alert.owner == "Head of Demand Generation"
    evidence = read_evidence(warehouse, alert.evidence)
    assert evidence.shown.workflow == shown.workflows[0]
    assert evidence.shown.data == shown.data


def test_two_rules_of_a_workflow_have_an_alert_each(warehouse: Warehouse) -> None:
    sync_alerts(warehouse, review(workflow(rule("breached"), rule("breached", "floor"))), AT)
    assert sorted(alert.rule for alert in alerts(warehouse)) == ["divergence", "floor"]


def test_the_same_review_again_adds_nothing(warehouse: Warehouse) -> None:
    shown = review(workflow(rule("breached")))
    sync_alerts(warehouse, shown, AT)
    rows = entries(warehouse)
    assert sync_alerts(warehouse, shown, AT) == ()
    assert entries(warehouse) == rows


def test_looking_back_adds_nothing(warehouse: Warehouse) -> None:
    _walk(warehouse, "breached")
    assert sync_alerts(warehouse, review(workflow(rule("ok")), as_of=SUNDAY - WEEK), AT) == ()
    assert alerts(warehouse)[0].is_open


def test_a_loosened_rule_does_not_end_the_alert_raised_under_the_stricter_one(warehouse: Warehouse) -> None:
    strict = review(workflow(rule("breached", "floor")))
    sync_alerts(warehouse, strict, AT)
    looser = charter(TEXT.replace("close_rate < 15%", "close_rate < 10%"))
    as_agreed = StandingRule(digest(TEXT), rule("breached", "floor"))
    eased = workflow(rule("ok", "floor", since=SUNDAY + WEEK), agreed=looser, standing=(as_agreed,))
    assert _kinds(sync_alerts(warehouse, review(eased, as_of=SUNDAY + WEEK), AT)) == []
    assert alerts(warehouse)[0].is_open
    met = StandingRule(digest(TEXT), rule("ok", "floor", since=SUNDAY + 2 * WEEK))
    back = workflow(rule("ok", "floor", since=SUNDAY + WEEK), agreed=looser, standing=(met,))
    assert _kinds(sync_alerts(warehouse, review(back, as_of=SUNDAY + 2 * WEEK), AT)) == ["resolved"]


def test_a_tightened_rule_in_breach_has_no_second_alert_while_the_first_is_open(warehouse: Warehouse) -> None:
    sync_alerts(warehouse, review(workflow(rule("breached", "floor"))), AT)
    tighter = charter(TEXT.replace("close_rate < 15%", "close_rate < 18%"))
    old = StandingRule(digest(TEXT), rule("breached", "floor"))
    now = workflow(rule("breached", "floor"), agreed=tighter, standing=(old,))
    assert _kinds(sync_alerts(warehouse, review(now, as_of=SUNDAY + WEEK), AT)) == []
    met = StandingRule(digest(TEXT), rule("ok", "floor", since=SUNDAY + 2 * WEEK))
    later = workflow(rule("breached", "floor"), agreed=tighter, standing=(met,))
    events = sync_alerts(warehouse, review(later, as_of=SUNDAY + 2 * WEEK), AT)
    assert _kinds(events) == ["resolved", "raised"]
    assert [alert.state for alert in alerts(warehouse)] == ["raised", "resolved"]


def test_a_removed_rule_does_not_take_its_alert_along(warehouse: Warehouse) -> None:
    sync_alerts(warehouse, review(workflow(rule("breached", "floor"))), AT)
    without = charter(TEXT[: TEXT.index("  - id: floor")] + TEXT[TEXT.index("checkpoints") :])
    old = StandingRule(digest(TEXT), rule("breached", "floor"))
    shown = review(workflow(agreed=without, standing=(old,)), as_of=SUNDAY + WEEK)
    assert _kinds(sync_alerts(warehouse, shown, AT)) == []
    assert alerts(warehouse)[0].is_open


@pytest.mark.parametrize(
    ("change", "is_worse"),
    [
        ((-0.33, -0.42, -0.22), False),
        ((-0.38, -0.47, -0.27), False),  # by half of what is material
        ((-0.45, -0.53, -0.36), True),  # both ends moved by more than 10 %
        ((-0.46, -0.48, -0.44), True),  # all of it lies more than 10 % below
        ((-0.40, -0.70, -0.21), False),  # only less certain
        ((-0.20, -0.30, -0.10), False),  # better
    ],
)
def test_an_alert_is_raised_again_when_it_gets_materially_worse(
    warehouse: Warehouse, change: tuple[float, float, float], is_worse: bool
) -> None:
    sync_alerts(warehouse, review(workflow(rule("breached"))), AT)
    first = alerts(warehouse)[0]
    acknowledge(warehouse, first.id, by="Head of Sales")
    silence(warehouse, first.id, by="Head of Sales", until=SUNDAY + 4 * WEEK, reason="known", today=SUNDAY)
    now = review(workflow(rule("breached"), change=change), as_of=SUNDAY + WEEK)
    assert _kinds(sync_alerts(warehouse, now, AT)) == (["worse"] if is_worse else [])
    alert = alerts(warehouse)[0]
    assert alert.state == ("raised" if is_worse else "acknowledged")
    assert alert.is_silent(SUNDAY + WEEK) != is_worse
    assert (alert.evidence != first.evidence) == is_worse
    assert sync_alerts(warehouse, now, AT) == ()  # told once


def test_a_harsher_action_raises_the_alert_again(warehouse: Warehouse) -> None:
    sync_alerts(warehouse, review(workflow(rule("breached", action="review"))), AT)
    acknowledge(warehouse, alerts(warehouse)[0].id, by="Head of Sales")
    harsher = review(workflow(rule("breached", action="stop")), as_of=SUNDAY + WEEK)
    assert _kinds(sync_alerts(warehouse, harsher, AT)) == ["worse"]
    alert = alerts(warehouse)[0]
    assert (alert.state, alert.action) == ("raised", "stop")
    milder = review(workflow(rule("breached", action="review")), as_of=SUNDAY + 2 * WEEK)
    assert _kinds(sync_alerts(warehouse, milder, AT)) == []


def test_a_cost_that_has_doubled_raises_the_alert_again(warehouse: Warehouse) -> None:
    priced = charter(TEXT.replace("when: diverging", "when: cost > 50,000 EUR"))

    def costing(value: float, weeks: int) -> list[str]:
        cost = Cost(41.0, 26.0, 55.0, value, 0.6 * value, 1.4 * value, "EUR", "close_rate")
        shown = workflow(rule("breached"), agreed=priced, cost=cost)
        return _kinds(sync_alerts(warehouse, review(shown, as_of=SUNDAY + weeks * WEEK), AT))

    assert costing(60_000, 0) == ["raised"]
    assert costing(100_000, 1) == []
    assert costing(125_000, 2) == ["worse"]
    assert costing(200_000, 3) == []


def _imported(number: int, landed: dt.datetime, undone: dt.datetime | None = None) -> ImportRecord:
    return ImportRecord(
        import_id=number,
        file=f"deals-{number}.csv",
        sha256="0" * 64,
        source="template",
        template="deals",
        workflow=None,
        landed_at=landed,
        undone_at=undone,
        rows=RowCounts(),
    )


@pytest.mark.parametrize(
    ("imports", "state", "reason", "names"),
    [
        ([_imported(1, AT - WEEK, AT + WEEK)], "ok", "import_undone", "deals-1.csv"),
        ([_imported(1, AT - WEEK, AT + WEEK)], "no_data", "import_undone", "Import 1"),
        ([_imported(2, AT + WEEK)], "ok", "late_data", "import 2"),
    ],
)
def test_a_breach_that_data_take_back_is_resolved_with_that_reason(
    warehouse: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
    imports: list[ImportRecord],
    state: RuleStateCode,
    reason: str,
    names: str,
) -> None:
    _walk(warehouse, "breached")
    monkeypatch.setattr(record_review, "list_imports", lambda _: imports)
    never = review(workflow(rule(state, since=dt.date(2024, 3, 3)), verdict="aligned"), as_of=SUNDAY + WEEK)
    assert _kinds(sync_alerts(warehouse, never, AT + WEEK)) == ["resolved"]
    alert = alerts(warehouse)[0]
    assert (alert.state, alert.resolution) == ("resolved", reason)
    assert names in fact_words(alert.ended_by)


def test_a_recovery_is_told_as_one_even_where_something_landed_meanwhile(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_review, "list_imports", lambda _: [_imported(2, AT + WEEK)])
    _walk(warehouse, "breached", "ok")
    assert alerts(warehouse)[0].resolution == "recovered"


def test_an_alert_that_ended_names_the_day_on_which_the_breach_was_over_not_that_of_the_next_state(
    warehouse: Warehouse,
) -> None:
    _walk(warehouse, "breached")
    later = replace(rule("pending", since=SUNDAY + 2 * WEEK), ended_on=SUNDAY + WEEK)
    sync_alerts(warehouse, review(workflow(later), as_of=SUNDAY + 2 * WEEK), AT)
    assert fact_words(alerts(warehouse)[0].ended_by) == "No longer breached since 7 July 2024."


def test_a_breach_that_a_finding_hides_is_not_over_even_where_an_import_was_taken_back(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    _walk(warehouse, "breached")
    monkeypatch.setattr(record_review, "list_imports", lambda _: [_imported(1, AT - WEEK, AT + WEEK)])
    hidden = replace(rule("no_data"), held_since=dt.date(2024, 5, 5))
    assert sync_alerts(warehouse, review(workflow(hidden), as_of=SUNDAY + WEEK), AT + WEEK) == ()


def test_data_that_cannot_be_judged_are_told_once_for_each_stay(warehouse: Warehouse) -> None:
    finding = Finding(StaleSource("deals", dt.date(2024, 5, 1), 40, 2), blocks_verdict=True)

    def shown(number: int, broken: bool) -> list[str]:
        state = rule("no_data" if broken else "ok")
        found = workflow(state, verdict="data_problem" if broken else "aligned", findings=(finding,))
        return _kinds(sync_alerts(warehouse, review(found, as_of=SUNDAY + number * WEEK), AT))

    steps = (False, True, True, False, True)
    told = [shown(n, broken) for n, broken in enumerate(steps)]
    assert told == [[], ["no_data"], [], [], ["no_data"]]
    assert entries(warehouse, ("no_data",))[0].payload["reasons"] == [to_plain(finding.about)]


def test_who_looks_after_an_alert_is_noted_once(warehouse: Warehouse) -> None:
    _walk(warehouse, "breached")
    name = alerts(warehouse)[0].id
    alert = acknowledge(warehouse, f" {name.lower()} ", by="Head of Sales", at=AT)
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", "Head of Sales")
    with pytest.raises(LedgerError, match="acknowledged by Head of Sales already"):
        acknowledge(warehouse, name, by="Somebody else")


def test_a_silence_needs_a_reason_and_an_end_that_is_near(warehouse: Warehouse) -> None:
    _walk(warehouse, "breached")
    name = alerts(warehouse)[0].id
    with pytest.raises(LedgerError, match="reason"):
        silence(warehouse, name, by="Me", until=SUNDAY, reason=" ", today=SUNDAY)
    for until in (SUNDAY - WEEK, SUNDAY + 60 * WEEK):
        with pytest.raises(LedgerError, match="name a day from"):
            silence(warehouse, name, by="Me", until=until, reason="known", today=SUNDAY)
    alert = silence(warehouse, name, by="Me", until=SUNDAY, reason="known", today=SUNDAY)
    assert alert.is_silent(SUNDAY)
    assert not alert.is_silent(SUNDAY + dt.timedelta(days=1))


def test_nothing_is_said_to_a_resolved_alert(warehouse: Warehouse) -> None:
    _walk(warehouse, "breached", "ok")
    name = alerts(warehouse)[0].id
    with pytest.raises(LedgerError, match="was resolved on"):
        acknowledge(warehouse, name, by="Me")
    with pytest.raises(LedgerError, match="was resolved on"):
        silence(warehouse, name, by="Me", until=SUNDAY, reason="known", today=SUNDAY)


def test_an_alert_that_is_not_there_is_answered_with_those_that_are(warehouse: Warehouse) -> None:
    with pytest.raises(LedgerError, match="none is open"):
        find_alert(warehouse, "A7")
    _walk(warehouse, "breached")
    with pytest.raises(LedgerError, match=f"open are {alerts(warehouse)[0].id}"):
        find_alert(warehouse, "A999")


def test_alerts_are_listed_open_first_and_newest_first(warehouse: Warehouse) -> None:
    _walk(warehouse, "breached", "ok", "breached")
    floor = review(workflow(rule("breached"), rule("breached", "floor")), as_of=SUNDAY + 3 * WEEK)
    sync_alerts(warehouse, floor, AT + WEEK)
    listed = [(alert.rule, alert.state) for alert in alerts(warehouse)]
    assert listed == [("floor", "raised"), ("divergence", "raised"), ("divergence", "resolved")]
