"""A metric made on the charters page: looked at in the workflow of a charter, checked, saved into `metrics.yaml`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from leadline.dashboard.service import open_warehouse
from leadline.dashboard.service.metrics_file import add_metric
from leadline.dashboard.views.charters.metric_fields import FORMS
from leadline.data.errors import CharterError
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.declared.declaration import Condition, Count
from tests.dashboard.paging import assert_nothing_is_live, buttons, opened, press, text
from tests.data.example_exports import land_text, lines

PAGE = "views/charters/page.py"
FIRST = dt.date(2024, 1, 7)
CHARTER = """\
workflow: desk
deployed_on: 2024-05-06
watch: {proxies: [lead_volume]}
"""


@pytest.fixture
def desk(home: Path) -> Path:
    """26 weeks with four tickets each, of which one in two renews after a week."""
    (home / "charters" / "desk.yaml").write_text(CHARTER, encoding="utf-8")
    warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
    weeks = [FIRST + dt.timedelta(weeks=week) for week in range(26)]
    units = [f"U{week}-{n},{day},ticket,desk" for week, day in enumerate(weeks) for n in range(4)]
    events = [
        f"E{week}-{n},U{week}-{n},{day + dt.timedelta(weeks=1)},renewed"
        for week, day in enumerate(weeks[:-1])
        for n in range(2)
    ]
    land_text(warehouse, lines("unit_id,entered_at,kind,workflow", *units), "units.csv")
    land_text(warehouse, lines("event_id,unit_id,happened_at,kind", *events), "events.csv")
    return home


def _fill(app: AppTest, label: str, value: object) -> None:
    boxes = (*app.text_input, *app.selectbox, *app.multiselect, *app.number_input, *app.button_group)
    next(box for box in boxes if box.label == label).set_value(value).run()
    assert not app.exception, app.exception


def test_a_metric_is_chosen_looked_at_and_saved(desk: Path) -> None:
    (desk / METRICS).write_bytes(b"# ours\r\nclose_rate: {within_weeks: 40}\r\n")
    app = opened(PAGE, tab="metrics")
    _fill(app, "What it is called", "Renewal rate")
    _fill(app, "Only units whose", ["kind"])
    _fill(app, "kind is", ["ticket"])
    told = text(app)
    assert "Share of units (kind is ticket) with events within 12 weeks." in told
    assert "4 units a week on average, in the last 25 weeks" in told
    assert "A fifth worse: “Renewal rate is 20 % lower.”" in told
    assert_nothing_is_live(app)
    press(app, "Save the metric")
    assert "Renewal rate is saved" in text(app)
    assert (
        (desk / METRICS)
        .read_bytes()
        .startswith(b"# ours\r\nclose_rate: {within_weeks: 40}\r\nrenewal_rate:\r\n")
    )
    saved = load_catalog(open_warehouse.current_workspace())["renewal_rate"]
    assert (saved.label, saved.role, saved.within_weeks) == ("Renewal rate", "outcome", 12)


def test_what_is_wrong_is_said_and_can_not_be_saved(desk: Path) -> None:
    app = opened(PAGE, tab="metrics")
    assert "Give it a name to save it" in text(app)
    _fill(app, "What it is called", "会議")
    assert next(box for box in app.text_input if box.label == "In charters and rules").value == "metric_1"
    assert "Save the metric" in buttons(app)
    _fill(app, "In charters and rules", "Kaigi")
    assert "can't name a metric" in text(app)
    _fill(app, "What it is called", "Clôse rate")
    assert "close_rate is there already" in text(app)
    _fill(app, "What it is called", "Renewals")
    _fill(app, "What is better", "lower")
    assert "is an outcome of which less is better" in text(app)
    _fill(app, "What is better", "higher")
    _fill(app, "Where it is worse", "fewer renew")
    assert "must hold {change} once" in text(app)
    assert "Save the metric" not in buttons(app)
    _fill(app, "Where it is worse", "")
    _fill(app, "Within how many weeks", 40)
    assert "what has landed goes back 25 weeks" in text(app)
    assert "Save the metric" not in buttons(app)
    _fill(app, "Within how many weeks", 8)
    _fill(app, "Only events whose", ["kind"])
    assert "kind has no word" in text(app)
    assert "Save the metric" not in buttons(app)
    _fill(app, "kind is", ["renewd"])
    assert "no events have landed whose kind is renewd. What has landed has kind renewed." in text(app)
    assert "Save the metric" in buttons(app)


def test_a_metric_is_changed_and_removed_with_what_depends_on_it_said(desk: Path) -> None:
    file = desk / METRICS
    text_before = """\
# ours
renewal_rate:  # asked for by sales
  label: Renewals
  role: outcome
  of: {template: units, where: {kind: ticket}}  # no chats
  event: {template: events}
  within_weeks: 8
first: {role: outcome, count: {template: events, first_of: units}, within_weeks: 4}  # once each
"""
    file.write_text(text_before)
    (desk / "charters" / "desk.yaml").write_text(f"{CHARTER.rstrip()[:-1]}, outcomes: [renewal_rate]}}\n")
    app = opened(PAGE, tab="metrics")
    _fill(app, "Make or change", "renewal_rate")
    assert "Nothing is changed so far" in text(app)
    assert "desk watches it; take it out of that charter first" in text(app)
    assert "Remove the metric" not in buttons(app)
    _fill(app, "Within how many weeks", 6)
    assert next(one for one in app.button if one.label == "Save the change").disabled
    app.checkbox[0].check().run()
    press(app, "Save the change")
    assert "Renewals is changed" in text(app)
    assert file.read_text() == text_before.replace("weeks: 8", "weeks: 6")
    _fill(app, "Make or change", "first")
    assert "The form has no fields for this (count.first_of)" in text(app)
    app.text_area[0].set_value("role: outcome\ncount: {template: events, first_of: leads}").run()
    assert "rows of events do not name leads" in text(app)
    app.text_area[0].set_value("role: [outcome").run()
    assert "a bracket is opened and never closed" in app.error[0].value
    press(app, "Remove the metric")
    assert "First is removed" in text(app)
    assert file.read_text() == text_before.replace("weeks: 8", "weeks: 6").split("first:")[0]


def test_what_counts_the_same_as_the_charter_says_so(desk: Path) -> None:
    app = opened(PAGE, tab="metrics")
    _fill(app, "What it is", "count")
    _fill(app, "Of what", "leads")
    told = "lead_volume counts the same event as the outcome drafted, so that the two can't drift apart"
    assert told in app.warning[-1].value.replace("\\", "")


def test_a_watched_metric_whose_filter_matches_nothing_says_so_on_the_charter(desk: Path) -> None:
    (desk / METRICS).write_text(
        "chats: {role: proxy, count: {template: units, where: {kind: [chat, <b>]}}}\n"
    )
    (desk / "charters" / "desk.yaml").write_text(CHARTER.replace("lead_volume", "chats"))
    app = opened(PAGE)
    told = "Chats: nothing is counted, no units have landed whose kind is <b> or chat. What has landed has kind ticket."
    assert told in text(app)
    assert_nothing_is_live(app)


def test_a_watched_metric_of_another_workflow_or_with_its_times_exchanged_says_so_on_the_charter(
    desk: Path,
) -> None:
    warehouse = open_warehouse.shared_warehouse(open_warehouse.current_workspace())
    calls = (
        "C1,2024-06-03T09:00,2024-06-03T10:00,call,phone",
        "T1,2024-06-03T09:00,2024-06-03T10:00,ticket,desk",
    )
    land_text(warehouse, lines("unit_id,entered_at,first_response_at,kind,workflow", *calls), "calls.csv")
    (desk / METRICS).write_text(
        "calls: {role: proxy, count: {template: units, where: {kind: call}}}\n"
        "answer: {role: proxy, of: {template: units}, duration: {from: first_response_at, to: entered_at}}\n"
    )
    (desk / "charters" / "desk.yaml").write_text(CHARTER.replace("lead_volume", "calls, answer"))
    told = text(opened(PAGE))
    assert "Calls: nothing is counted, all units whose kind is call belong to phone, none to desk." in told
    assert "Answer: entered at comes before first response at in 1 of 1 units" in told


def test_whatever_form_is_chosen_says_what_it_counts(desk: Path) -> None:
    app = opened(PAGE, tab="metrics")
    _fill(app, "What it is called", "Ours")
    told = {}
    for form in FORMS:
        _fill(app, "What it is", form)
        bold = (str(said.value) for said in app.markdown if str(said.value).startswith("**"))
        told[form] = next(bold).replace("\\", "")
        assert "Save the metric" in buttons(app), text(app)
    assert told == {
        "share": "**Share of units with events within 12 weeks.**",
        "count": "**Units in a week, by entered at.**",
        "duration": "**Time from entered at to first response at of units, the median.**",
        "mean": "**The average amount of units.**",
        "value": "**The amount of events within 12 weeks, for each of units.**",
        "sum": "**The amount of units in a week, summed.**",
        "ratio": "**The cost of spend in a week, for each of units.**",
    }


def test_nobody_saves_over_what_another_has_saved(home: Path) -> None:
    workspace = open_warehouse.current_workspace()
    form = {"role": "proxy", "count": {"template": "units"}}
    file = add_metric(workspace, "tickets", form)
    add_metric(workspace, "chats", {**form, "label": "Chats: all"})
    hostile = {"template": "units", "where": {"Deal: type, new}": ["a: b", "{c}, # d"]}}
    add_metric(workspace, "typed", {**form, "count": hostile})
    saved = load_catalog(workspace)
    assert set(saved) - set(load_catalog(None)) == {"tickets", "chats", "typed"}
    declared = saved["typed"].declaration
    assert isinstance(declared, Count)
    assert declared.of.where == (Condition("Deal: type, new}", ("a: b", "{c}, # d")),)
    before = file.read_bytes()
    with pytest.raises(CharterError, match="tickets is there already"):
        add_metric(workspace, "tickets", form)
    with pytest.raises(CharterError, match="no template"):
        add_metric(workspace, "calls", {"role": "proxy", "count": {"template": "unit"}})
    assert file.read_bytes() == before
