"""Alerts and decisions on their pages: raised by what a page shows, acknowledged, silenced, decided, closed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from leadline.dashboard.service import open_warehouse
from leadline.dashboard.views import caches
from leadline.dashboard.views.page import Page
from leadline.dashboard.words import alerts, closing, week
from leadline.dashboard.words import decisions as decision_words
from leadline.dashboard.words.due import decided_by
from leadline.dashboard.words.formats import local, moment
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement import alerts as alerting
from leadline.metrics.agreement.alerts import Alert
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import register_charter
from leadline.metrics.agreement.decisions import Decision, Overdue, decisions
from leadline.metrics.agreement.entries import Entry, append, entries
from leadline.metrics.findings import AsTold
from leadline.metrics.results import Aftermath, Change, RuleState, StandingDecision
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import HOME, assert_nothing_is_live, buttons, downloads, opened, press, text
from tests.metrics.shown import TEXT

ALERTS, DECISIONS = "views/alerts/page.py", "views/decisions/page.py"
CATALOG = load_catalog(None)
UTC = ZoneInfo("UTC")


def warehouse() -> Warehouse:
    return open_warehouse.shared_warehouse(open_warehouse.current_workspace())


def fill(app: AppTest, key: str, value: object) -> None:
    widget = next(w for w in (*app.text_input, *app.text_area, *app.date_input, *app.radio) if w.key == key)
    widget.set_value(value)


def decide(kind: str = "pause", name: str = "Lea Lead") -> AppTest:
    """On the workflow, with the form of the dialogs, which a page under test does not answer."""
    app, key = opened(DECISIONS), " lead-routing 0"
    if kind:
        fill(app, f"kind {key}", kind)
    fill(app, f"reason {key}", "Leads of the referral channel leave.")
    fill(app, f"changes {key}", "the objective")
    fill(app, f"name decide {key}", name)
    return press(app, "Record the decision")


def test_without_a_breach_the_page_says_what_would_raise_an_alert(reviewing: Show) -> None:
    reviewing(examples.review(examples.holding()))
    assert "No alert has been raised so far." in text(opened(ALERTS))


def test_without_any_rule_the_page_says_that_none_is_agreed(reviewing: Show) -> None:
    reviewing(examples.empty_review())
    assert "none is agreed yet" in text(opened(ALERTS))


def test_opening_the_newest_review_raises_its_alerts_once(reviewing: Show) -> None:
    reviewing(examples.review())
    opened()
    app = opened(ALERTS)
    told = text(app)
    assert "1 alert is open (Lead routing agent); it waits for somebody to look after it." in told
    assert "rule “drifting” is breached since 5 May 2024" in told
    assert len(alerting.alerts(warehouse())) == 1
    assert "Download the card as PNG" in downloads(app)


def test_looking_back_raises_nothing(reviewing: Show) -> None:
    reviewing(examples.review(as_of=dt.date(2024, 5, 12)))
    opened(week="2024-05-12")
    assert alerting.alerts(warehouse()) == ()


def test_an_alert_is_acknowledged_by_name_and_the_name_is_remembered(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened(ALERTS)
    (alert,) = alerting.alerts(warehouse())
    press(app, "I look after it")
    assert "Nobody is named" in text(app)
    fill(app, f"name acknowledge {alert.id}", "Ana")
    press(app, "I look after it")
    told = text(app)
    assert "is acknowledged by Ana" in told
    assert "waits for a decision" in told
    assert "I look after it" not in buttons(app)
    app.button(key=f"decide on {alert.id}").click().run()
    assert next(w for w in app.text_input if w.key == f"name decide {alert.id} lead-routing 0").value == "Ana"


def test_an_alert_is_talked_about_and_assigned(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened(ALERTS)
    (alert,) = alerting.alerts(warehouse())
    fill(app, f"comment {alert.id} 0", "Is it the *new* brief? @nobody")
    fill(app, f"name comment {alert.id} 0", "Ana")
    press(app, "Say it")
    told = text(app)
    assert "Ana: Is it the" in told
    assert "“@nobody” is nobody's name" in told.replace("\\", "")
    owner = "Head of Demand Generation"
    next(w for w in app.selectbox if w.key == f"assign {alert.id} 0").set_value(owner)
    press(app, "Assign it")
    assert f"Alert {alert.id} is assigned to {owner}." in text(app).replace("\\", "")
    assert alerting.alerts(warehouse())[0].assigned_to == owner
    assert f"Assigned to {owner}." in text(opened())


def test_an_alert_is_silenced_with_an_end_and_a_reason(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened(ALERTS)
    (alert,) = alerting.alerts(warehouse())
    fill(app, f"name silence {alert.id}", "Ana")
    press(app, "Silence it")
    assert "A silence needs a reason" in text(app)
    fill(app, f"silence reason {alert.id}", "the agent is off until Monday")
    press(app, "Silence it")
    assert "– Silent until 7 Jul 2024" in text(app)
    assert alerting.alerts(warehouse())[0].silenced_until == dt.date(2024, 7, 7)


def test_a_decision_is_recorded_on_the_alert_with_the_review_as_evidence(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened(ALERTS)
    (alert,) = alerting.alerts(warehouse())
    app.button(key=f"decide on {alert.id}").click().run()
    assert "Agreed: Verdict “drifting”, then pause. Breached since 5 May 2024." in text(app)
    assert app.radio[0].value == "pause"
    decide()
    assert "it waits for the outcome to come back" in text(opened(ALERTS))
    (decision,) = decisions(warehouse())
    assert (decision.kind, decision.alert, decision.by, decision.owner) == (
        "pause", None, "Lea Lead", "Head of Demand Generation",
    )  # fmt: skip
    assert decision.covers == (alert.id,)
    assert decision.next_checkpoint == dt.date(2024, 7, 14)
    assert decision.evidence.startswith("E")
    told = text(opened(DECISIONS))
    for part in ("‖ Pause", "Leads of the referral channel leave.", "To be looked at again on 14 Jul 2024"):
        assert part in told, part


def test_a_stop_is_decided_on_while_the_review_is_being_made(
    reviewing: Show, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "charters" / "lead-routing.yaml").write_text(TEXT)
    reviewing(examples.review())
    opened(ALERTS)
    caches.forget()
    monkeypatch.setattr(Page, "review", lambda *_: st.stop())  # as far as a page comes before it is made
    assert "The review is being made" in text(opened(ALERTS))
    decide("stop")
    (decision,), (alert,) = decisions(warehouse()), alerting.alerts(warehouse())
    assert (decision.kind, decision.evidence, decision.covers) == ("stop", alert.evidence, (alert.id,))


@pytest.mark.parametrize("broken", ["close_rate: {within_weeks: soon}\n", "close_rate: [\n"])
def test_what_a_fault_in_the_metrics_keeps_from_being_judged_is_stopped_all_the_same(
    home: Path, broken: str
) -> None:
    (home / "charters" / "lead-routing.yaml").write_text(TEXT)
    register_charter(warehouse(), parse_charter(TEXT, CATALOG, "lead-routing.yaml"), "Ana")
    (home / "metrics.yaml").write_text(broken)
    assert "metrics.yaml, line" in text(opened(DECISIONS))
    decide("stop")
    (decision,) = decisions(warehouse())
    assert (decision.kind, decision.workflow, decision.evidence) == ("stop", "lead-routing", "")
    assert json.loads((home / "gates" / "lead-routing.json").read_text())["value"] is False


def test_a_decision_on_a_page_closes_the_gate_and_the_weekly_page_is_a_review(
    reviewing: Show, home: Path
) -> None:
    (home / "charters" / "lead-routing.yaml").write_text(TEXT)
    reviewing(examples.review())
    workflow = "views/workflow/page.py"
    assert not (home / "gates").exists()
    opened()  # the weekly page
    assert "it is told yes" in text(opened(workflow, workflow="lead-routing"))
    decide()
    told = text(opened(workflow, workflow="lead-routing"))
    assert "it is told no. Paused on 30 June 2024 by decision" in told
    assert "it is told" not in text(opened(workflow, workflow="lead-routing", week="2024-06-23"))


def test_a_decision_without_its_kind_is_asked_for(reviewing: Show) -> None:
    """Where what was agreed is no decision, none is chosen."""
    asks = replace(examples.drifting().rules[0], action="review")
    reviewing(examples.review(examples.drifting(rules=(asks,))))
    opened(ALERTS)
    app = decide(kind="")
    assert "choose continue, adjust, pause or stop" in text(app)
    assert decisions(warehouse()) == ()


def test_a_link_opens_its_alert_first_and_an_unknown_one_is_said(reviewing: Show) -> None:
    rules = (
        *examples.drifting().rules[:1],
        RuleState("floor", "breached", examples.AS_OF, "stop", None, None, "declining"),
    )
    reviewing(examples.review(examples.drifting(rules=rules)))
    opened()
    newest = alerting.alerts(warehouse())[-1]
    told = text(opened(ALERTS, alert=newest.id.lower()))
    names = {"divergence": "rule “drifting”", "floor": "rule “declining”"}
    first = names.pop(newest.rule)
    assert told.index(first) < told.index(next(iter(names.values())))
    assert "is not known here" in opened(ALERTS, alert="<script>").info[0].value


def test_a_resolved_alert_says_how_it_ended(reviewing: Show) -> None:
    reviewing(examples.review())
    opened()
    (alert,) = alerting.alerts(warehouse())
    payload = {
        "reason": "recovered",
        "words": "Back under its threshold since 23 June 2024.",
        "as_of": "2024-06-30",
    }
    append(warehouse(), "alert_resolved", payload, by="Leadline", workflow="lead-routing", subject=alert.id)
    reviewing(examples.review(examples.holding()))
    told = text(opened(ALERTS, alert=alert.id))
    assert "No alert is open." in told
    assert "Back under its threshold since 23 June 2024." in told
    assert "As it was shown when it was raised" in told


def test_notifications_that_failed_are_listed(reviewing: Show) -> None:
    reviewing(examples.review())
    opened()
    raised = entries(warehouse(), ("alert_raised",))[0].sequence
    told = {"event": raised, "channel": "slack", "attempt": 1, "problem": "The service answered 403."}
    for kind in ("notification_begun", "notification_failed"):
        append(warehouse(), kind, told, by="Leadline")  # type: ignore[arg-type]
    assert "The service answered 403." in text(opened(ALERTS))


def test_a_reader_sees_everything_and_may_do_nothing(reviewing: Show, home: Path) -> None:
    reviewing(examples.review())
    (home / "leadline.toml").write_text(
        'as_of = 2024-06-30\n[access]\neveryone = "reader"\n', encoding="utf-8"
    )
    for page, words in (
        (ALERTS, "record decisions"),
        (DECISIONS, "record decisions"),
        (HOME, "close the week"),
    ):
        app = opened(page)
        assert f"Your role here, “reader”, may not {words}; ask somebody with the role" in text(app)
        assert [field.key for field in app.text_input if field.key != "code on a card"] == []


def test_hostile_names_are_shown_as_they_stand(reviewing: Show) -> None:
    reviewing(examples.review(examples.hostile()))
    for page in (HOME, ALERTS, DECISIONS):
        assert_nothing_is_live(opened(page))


@pytest.mark.parametrize("page", [ALERTS, DECISIONS])
def test_a_broken_workspace_is_one_sentence(home: Path, page: str) -> None:
    (home / "charters" / "lead.yaml").write_text("workflow: lead-routing\nwatch: [\n", encoding="utf-8")
    app = opened(page)
    assert len(app.error) == 1
    assert "Traceback" not in text(app)


def test_an_empty_workspace_shows_designed_pages(home: Path) -> None:
    assert "Nothing has been decided yet, and nothing is overdue." in text(opened(DECISIONS))


def test_the_ledger_is_told_newest_first_and_written_whole(reviewing: Show) -> None:
    reviewing(examples.review())
    opened()
    rows = entries(warehouse())
    assert decision_words.ledger_table(rows, UTC).rows[0][0] == rows[-1].sequence
    assert [row[8] for row in decision_words.ledger_csv_table(rows).rows] == [entry.hash for entry in rows]


def test_the_week_is_closed_with_name_and_notes(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened()
    fill(app, "name close", "Lea Lead")
    fill(app, "notes of the week", "Referral looks worst.")
    press(app, "Close the week")
    (waits,) = alerting.alerts(warehouse())
    assert f"Alert {waits.id} of lead-routing" in text(app)
    assert "decide on it, or say why it is carried over" in text(app)
    fill(app, f"carry {waits.id}", "The board decides on Thursday.")
    press(app, "Close the week")
    assert len(entries(warehouse(), ("review_closed",))) == 3
    assert "Closed by Lea Lead on 30 Jun 2024" in text(opened())
    told = text(opened(DECISIONS))
    assert "Referral looks worst." in told
    assert f"{waits.id}: The board decides on Thursday." in told


def test_what_changed_since_the_week_was_closed_is_said(reviewing: Show) -> None:
    shown = examples.review()
    then = {each.workflow: each for each in shown.workflows}
    worst = shown.workflows[0]
    assert closing.changed_since(then, shown, CATALOG) == ""
    pair, *others = worst.pairs
    fewer = replace(pair, outcome_change=replace(pair.outcome_change, current_value=0.05))
    kept = replace(worst.rules[0], state="ok")
    now = replace(worst, pairs=(fewer, *others), rules=(kept, *worst.rules[1:]))
    said = closing.changed_since(then, replace(shown, workflows=(now,)), CATALOG)
    assert "Changed since it was closed: Lead routing agent: close rate" in said
    assert "close rate 14 of 100 → 50 of 1,000" in said
    assert "is ● kept, was breached" in said


def test_weeks_that_nobody_closed_are_those_between_the_first_one_closed_and_now() -> None:
    def row(day: str) -> Entry:
        told = f'{{"on":"{day}","as_of":"{day}"}}'
        return Entry(1, "review_closed", "w", "E1", dt.datetime(2024, 1, 1), "Ann", told, None, "")

    closed = [row("2024-06-02"), row("2024-06-18")]
    assert closing.missed_weeks(closed, dt.date(2024, 6, 26)) == (dt.date(2024, 6, 9),)
    assert closing.missed_weeks([], dt.date(2024, 6, 26)) == ()


def test_the_weekly_review_tells_what_changed_and_what_is_due(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened()
    assert "Since the week before: nothing changed its state." in text(app)
    app.button(key="decide lead-routing").click().run()
    assert "Agreed: Verdict “drifting”, then pause. Breached since 5 May 2024." in text(app)
    assert app.radio[0].value == "pause"


def test_changes_name_verdicts_rules_and_sources() -> None:
    before = examples.review(
        examples.drifting(verdict="watch", rules=(replace(examples.drifting().rules[0], state="pending"),)),
        data=(replace(examples.SOURCES[0], state="stale"), *examples.SOURCES[1:]),
    )
    told = week.changes_since(before, examples.review(examples.drifting()))
    assert told == [
        "Lead routing agent is ◆ drifting, was watch",
        "Lead routing agent: rule “drifting” is ◆ breached, was past its threshold",
        "Lead routing agent: rule “close rate below 15 %” is new",
        "leads is fresh again",
    ]
    assert week.since_sentence(told).endswith("; and 1 more.")


def raised(**changed: object) -> Alert:
    base = Alert(
        "A5", "lead-routing", "Lead routing agent", "divergence", "raised", "pause", "diverging", "Head",
        dt.date(2024, 5, 5), dt.date(2024, 5, 5), dt.datetime(2024, 5, 6), None, None, None, 1, "", "E4",
    )  # fmt: skip
    return replace(base, **changed)  # type: ignore[arg-type]


def decision(**changed: object) -> Decision:
    base = Decision(
        "D8", "lead-routing", "adjust", "generic answers", "Head", "the brief", dt.date(2024, 5, 6),
        dt.date(2024, 6, 3), "A5", "E4", ("A5",), "Lea", dt.datetime(2024, 5, 6, 9),
    )  # fmt: skip
    return replace(base, **changed)  # type: ignore[arg-type]


def test_alerts_are_told_by_what_they_wait_for() -> None:
    three = (
        raised(),
        raised(id="A6", state="acknowledged"),
        raised(id="A7", state="decided", name="Nurture"),
    )
    assert alerts.alerts_sentence(three) == (
        "3 alerts are open (Lead routing agent and Nurture): 1 waits for somebody to look after it, 1 waits for a "
        "decision and 1 waits for the outcome to come back."
    )
    assert alerts.alerts_sentence((raised(state="resolved"),)) == "No alert is open."


def test_what_is_due_is_the_breach_and_once_it_is_decided_the_checkpoint() -> None:
    workflow = examples.drifting()
    assert week.due_words(workflow, [raised()]).startswith("Pause the workflow")
    taken = week.due_words(workflow, [raised(state="acknowledged", acknowledged_by="Ana")])
    assert taken.endswith("Ana looks after it.")
    stands = StandingDecision("D8", "adjust", dt.date(2024, 5, 6), "Lea", "Head", dt.date(2024, 7, 7))
    decided = replace(workflow, decision=stands, answered=tuple(rule.id for rule in workflow.rules))
    assert week.due_words(decided, []) == "Decided: adjust; look again 7 Jul 2024."
    assert (decided_by(decided), decided_by(workflow)) == ("by Lea, 6 May 2024", "")
    late = replace(decided, decision=replace(stands, next=dt.date(2024, 6, 3), is_overdue=True))
    assert week.due_words(late, []) == "Look again: the checkpoint of decision D8 (adjust) was 3 Jun 2024."
    assert week.due_words(replace(late, answered=()), []).startswith("Pause the workflow")


def test_overdue_things_come_with_how_late_they_are() -> None:
    late = (Overdue("decision", "lead-routing", "D8", dt.date(2024, 6, 3), "Head", AsTold("Nobody looked.")),)
    (row,) = decision_words.overdue_table(
        late, {"lead-routing": "Lead routing agent"}, dt.date(2024, 6, 30)
    ).rows
    assert row[:5] == (
        "◆ Checkpoint of a decision",
        "Lead routing agent",
        "D8",
        dt.date(2024, 6, 3),
        "27 days",
    )
    assert decision_words.decisions_sentence((decision(),), late, 1, dt.date(2024, 6, 30)) == (
        "1 thing is overdue; 1 outcome has recovered."
    )
    assert decision_words.decisions_sentence((), (), 0, dt.date(2024, 6, 30), 2) == (
        "Nothing has been decided yet; 2 alerts wait for a decision."
    )


@pytest.mark.parametrize(
    ("change", "is_back", "is_recovered", "words"),
    [
        (Change(-0.02, -0.1, 0.06, 400), True, True, "▲ Recovered: Close rate"),
        (Change(-0.15, -0.25, -0.05, 400), True, False, "◐ Better, but not recovered: Close rate"),
        (Change(-0.3, -0.4, -0.2, 400), False, False, "◆ Not clearly better: Close rate"),
        (Change(-0.5, -0.6, -0.4, 400), False, False, "◆ Worse than by then: Close rate"),
        (Change(0.4, -0.7, 3.0, 12), False, False, "○ Too early to say whether it helps: Close rate"),
        (Change(None, None, None, 0), False, False, "○ Close rate: too little has entered since to say."),
    ],
)
def test_since_a_decision_an_outcome_is_told_by_how_far_it_came(
    change: Change, is_back: bool, is_recovered: bool, words: str
) -> None:
    after = Aftermath(dt.date(2024, 5, 6), "close_rate", change, -0.33, is_back, is_recovered)
    workflow = examples.drifting(aftermath=(after,))
    assert decision_words.comeback_lines(decision(), workflow, CATALOG)[0].startswith(words)


def test_moments_are_on_the_workspaces_clock() -> None:
    assert (
        moment(local(dt.datetime(2024, 6, 30, 23, 30), ZoneInfo("Europe/Berlin")))
        == "1 Jul 2024, 01:30\u00a0CEST"
    )
