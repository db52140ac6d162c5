"""How late outcomes are entered, as a charter states it: its faults, its place in the form, and what a change means."""

from __future__ import annotations

import pytest

from leadline.dashboard.words.charter_changes import change_words
from leadline.data.errors import CharterError
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.changes import compare
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_form import charter_to_form, empty_form, form_to_yaml
from leadline.metrics.charter_terms import Charter

TEXT = """workflow: desk
deployed_on: 2024-01-01
watch: {outcomes: [close_rate]}
"""


def charter(entry_lag: str) -> Charter:
    return parse_charter(f"{TEXT}{entry_lag}\n", load_catalog(None), "desk.yaml")


@pytest.mark.parametrize(
    ("said", "days"), [("14 days", 14), ("1 day", 1), ("0 days", 0), ("2 weeks", 14), ("180 days", 180)]
)
def test_it_is_said_in_days_or_weeks(said: str, days: int) -> None:
    assert charter(f"entry_lag: {said}").entry_lag_days == days


def test_where_it_is_not_said_it_is_left_to_the_imports() -> None:
    assert charter("").entry_lag_days is None


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("14", "entry_lag is '14'; write a number of days such as '14 days'."),
        ("soon", "entry_lag is 'soon'; write a number of days such as '14 days'."),
        ("-3 days", "entry_lag is '-3 days'; write a number of days such as '14 days'."),
        ("30 weeks", "entry_lag is '30 weeks'; write between 0 days and 180 days."),
    ],
)
def test_what_is_unclear_is_a_fault_of_its_line(said: str, advice: str) -> None:
    with pytest.raises(CharterError) as caught:
        charter(f"entry_lag: {said}")
    assert [fault.replace('"', "'") for fault in caught.value.faults] == [f"desk.yaml, line 4: {advice}"]


def test_the_form_keeps_it_and_the_comment_beside_it() -> None:
    text = f"{TEXT}entry_lag: 14 days  # as sales say\n"
    form = charter_to_form(parse_charter(text, load_catalog(None), "desk.yaml"))
    assert form["entry_lag"] == "14 days"
    assert form_to_yaml({**form, "owner": "Ann"}, text).endswith(
        "entry_lag: 14 days  # as sales say\nowner: Ann\n"
    )
    changed = form_to_yaml({**form, "entry_lag": "7 days"}, text)
    assert parse_charter(changed, load_catalog(None), "desk.yaml").entry_lag_days == 7
    assert "entry_lag" not in form_to_yaml({**form, "entry_lag": ""}, text)


def test_no_delay_at_all_is_something_that_is_said() -> None:
    form = charter_to_form(charter("entry_lag: 0 days"))
    assert form["entry_lag"] == "0 days"
    assert charter_to_form(charter(""))["entry_lag"] == empty_form()["entry_lag"] == ""


@pytest.mark.parametrize(
    ("before", "after", "direction", "words"),
    [
        ("entry_lag: 7 days", "entry_lag: 30 days", "looser", "up to 7 days late became up to 30 days late"),
        ("entry_lag: 30 days", "entry_lag: 7 days", "tighter", "up to 30 days late became up to 7 days late"),
        ("", "entry_lag: 7 days", "changed", "as the imports tell became up to 7 days late"),
    ],
)
def test_a_longer_delay_is_looser_because_an_alarm_comes_later(
    before: str, after: str, direction: str, words: str
) -> None:
    (change,) = compare(charter(before), charter(after))
    assert (change.what, change.direction) == ("entry_lag", direction)
    assert change_words(change) == f"How late outcomes are entered: {words}."
