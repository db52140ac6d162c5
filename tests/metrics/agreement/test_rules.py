"""Stopping rules: every transition, and what must hold whatever the weeks bring.

In the tables one character is one week: o over the threshold, b back under it, m in between (not over, and not yet
at the recovery threshold), i incomplete, f too few units, n no value. Expected states: k ok, p pending, B breached,
r recovering, - no data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.dashboard.words.findings import fact_words
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.conditions import UnclearError, parse_condition
from leadline.metrics.agreement.rules import (
    Progress,
    WeekObservation,
    advance,
    evaluate_rule,
    rule_history,
    state_of,
)
from leadline.metrics.charter_terms import Condition, StoppingRule
from leadline.metrics.findings import AsTold
from leadline.metrics.results import RuleState

FIRST = dt.date(2024, 1, 7)
VALUES = {"o": 0.10, "m": 0.16, "b": 0.20}
STATES = {"ok": "k", "pending": "p", "breached": "B", "recovering": "r", "no_data": "-"}
WHEN = Condition("close_rate < 15%", metric="close_rate", comparison="<", number=0.15)
RECOVER = Condition("close_rate >= 18%", metric="close_rate", comparison=">=", number=0.18)
DIVERGING = Condition("diverging", verdict="diverging")


def _sunday(number: int) -> dt.date:
    """The end of the week of that number, the first being 0."""
    return FIRST + dt.timedelta(weeks=number)


def _week(number: int, kind: str) -> WeekObservation:
    return WeekObservation(
        week_end=_sunday(number),
        complete=kind != "i",
        verdicts=frozenset(),
        value=None if kind == "n" else VALUES.get(kind, 0.10),
        units=3 if kind == "f" else 100,
        reason=AsTold("no deals were landed") if kind == "n" else None,
    )


def _weeks(kinds: str) -> list[WeekObservation]:
    return [_week(number, kind) for number, kind in enumerate(kinds)]


def _rule(for_weeks: int = 1, *, recover: bool = False, min_sample: int = 40) -> StoppingRule:
    return StoppingRule("floor", WHEN, "review", for_weeks, min_sample, RECOVER if recover else None)


def _drawn(states: Sequence[RuleState]) -> str:
    return "".join(STATES[state.state] for state in states)


@pytest.mark.parametrize(
    ("for_weeks", "weeks", "states"),
    [
        # from the beginning
        (1, "b", "k"),
        (1, "o", "B"),
        (2, "o", "p"),
        (1, "i", "-"),
        (1, "n", "-"),
        (1, "f", "-"),
        # from ok
        (1, "bo", "kB"),
        (2, "boo", "kpB"),
        (3, "booo", "kppB"),
        (2, "bn", "k-"),
        (2, "bf", "k-"),
        (2, "bi", "kk"),
        # from pending
        (2, "ob", "pk"),
        (3, "oobo", "ppkp"),
        (2, "oio", "ppB"),
        (2, "ono", "ppB"),
        (2, "ofo", "ppB"),
        (2, "oiiii", "ppppp"),
        # from breached
        (1, "ob", "Bk"),
        (2, "ooo", "pBB"),
        (2, "oob", "pBr"),
        (2, "ooi", "pBB"),
        (2, "oon", "pBB"),
        (2, "oof", "pBB"),
        # from recovering
        (2, "oobb", "pBrk"),
        (3, "ooobbb", "ppBrrk"),
        (2, "oobo", "pBrB"),
        (2, "oobi", "pBrr"),
        (2, "oobn", "pBrr"),
        (2, "oobfb", "pBrrk"),
        (3, "ooobobbb", "ppBrBrrk"),
        # from no data
        (2, "bnb", "k-k"),
        (2, "bnoo", "k-pB"),
        (1, "bno", "k-B"),
        (2, "bni", "k--"),
        (2, "iioo", "--pB"),
    ],
)
def test_every_transition(for_weeks: int, weeks: str, states: str) -> None:
    assert _drawn(list(rule_history(_rule(for_weeks), _weeks(weeks), None))) == states


@pytest.mark.parametrize(
    ("for_weeks", "weeks", "states"),
    [
        (1, "m", "k"),
        (2, "om", "pk"),
        (1, "om", "BB"),
        (1, "ombmo", "BBkkB"),
        (2, "oombb", "pBBrk"),
        (2, "oobmbb", "pBrBrk"),
        (2, "oomomomb", "pBBBBBBr"),
    ],
)
def test_with_a_recovery_threshold_a_breach_ends_only_there(for_weeks: int, weeks: str, states: str) -> None:
    assert _drawn(list(rule_history(_rule(for_weeks, recover=True), _weeks(weeks), None))) == states


@pytest.mark.parametrize(
    ("for_weeks", "weeks", "since"),
    [
        (2, "bbbb", 0),
        (2, "bboo", 3),
        (2, "bboooo", 3),
        (3, "boo", 1),
        (3, "ooobb", 3),
        (2, "oobb", 3),
        (2, "oobbbb", 3),
        (2, "bbnn", 2),
        (2, "bnb", 2),
        (2, "bbi", 0),
    ],
)
def test_since_is_the_week_end_on_which_the_state_began(for_weeks: int, weeks: str, since: int) -> None:
    assert evaluate_rule(_rule(for_weeks), _weeks(weeks), None).since == _sunday(since)


def test_a_recovery_that_falls_through_leaves_the_same_breach() -> None:
    history = list(rule_history(_rule(2), _weeks("ooboboo"), None))
    assert {state.since for state in history if state.state == "breached"} == {_sunday(1)}


def test_a_breach_after_a_whole_recovery_is_a_new_one() -> None:
    history = list(rule_history(_rule(2), _weeks("oobboo"), None))
    assert [s.since for s in history if s.state == "breached"] == [_sunday(1), _sunday(5)]


def test_without_weeks_there_is_no_data_and_no_since() -> None:
    state = evaluate_rule(_rule(), [], None)
    assert (state.state, state.since) == ("no_data", None)
    assert fact_words(state.reason) == "no complete week has been observed yet"


@pytest.mark.parametrize(
    ("weeks", "reason"),
    [
        ("bn", "no deals were landed"),
        ("bf", "it rests on 3 units, fewer than the 40 agreed"),
        ("bfn", "no deals were landed"),
    ],
)
def test_no_data_says_why(weeks: str, reason: str) -> None:
    assert fact_words(evaluate_rule(_rule(), _weeks(weeks), None).reason) == reason


@pytest.mark.parametrize(("units", "state"), [(39, "no_data"), (40, "breached"), (41, "breached")])
def test_a_week_that_rests_on_exactly_the_units_agreed_is_judged(units: int, state: str) -> None:
    week = WeekObservation(FIRST, True, frozenset(), VALUES["o"], units)
    assert evaluate_rule(_rule(min_sample=40), [week], None).state == state


def test_the_value_is_the_newest_that_could_be_judged() -> None:
    assert evaluate_rule(_rule(), _weeks("obm"), None).value == VALUES["m"]
    assert evaluate_rule(_rule(), _weeks("bon"), None).value == VALUES["o"]
    assert evaluate_rule(_rule(), _weeks("bn"), None).value is None


def test_a_state_carries_the_condition_the_threshold_and_the_action() -> None:
    state = evaluate_rule(_rule(), _weeks("b"), None)
    assert (state.id, state.when, state.threshold, state.action) == (
        "floor",
        "close_rate < 15%",
        0.15,
        "review",
    )


@pytest.mark.parametrize(
    ("comparison", "value", "state"),
    [
        ("<", 0.1499, "breached"),
        ("<", 0.15, "ok"),
        ("<", 0.1 + 0.05, "ok"),
        ("<=", 0.15, "breached"),
        ("<=", 0.1501, "ok"),
        (">", 0.1501, "breached"),
        (">", 0.15, "ok"),
        (">=", 0.15, "breached"),
        (">=", 0.1499, "ok"),
    ],
)
def test_the_threshold_itself_belongs_to_the_side_that_the_sign_says(
    comparison: str, value: float, state: str
) -> None:
    when = Condition("x", metric="close_rate", comparison=comparison, number=0.15)  # type: ignore[arg-type]
    week = WeekObservation(FIRST, True, frozenset(), value, 100)
    assert evaluate_rule(StoppingRule("r", when, "pause"), [week], None).state == state


def test_a_threshold_relative_to_the_baseline_is_shown_as_the_number_in_force() -> None:
    when = Condition("close_rate < baseline - 20%", metric="close_rate", comparison="<", relative=-0.2)
    rule = StoppingRule("r", when, "pause")
    assert evaluate_rule(rule, _weeks("b"), 0.3).state == "breached"
    assert evaluate_rule(rule, _weeks("b"), 0.3).threshold == pytest.approx(0.24)
    assert evaluate_rule(rule, _weeks("b"), 0.25).state == "ok"


def test_without_a_baseline_value_a_relative_rule_has_no_data() -> None:
    when = Condition("close_rate < baseline - 20%", metric="close_rate", comparison="<", relative=-0.2)
    state = evaluate_rule(StoppingRule("r", when, "pause"), _weeks("b"), None)
    assert (state.state, state.threshold) == ("no_data", None)
    assert "baseline" in fact_words(state.reason)


def test_a_value_that_is_no_number_has_no_data() -> None:
    week = WeekObservation(FIRST, True, frozenset(), float("nan"), 100)
    assert evaluate_rule(_rule(), [week], None).state == "no_data"


def _verdict_weeks(*verdicts: str) -> list[WeekObservation]:
    return [
        WeekObservation(_sunday(number), True, frozenset(words.split()), None, 100)
        for number, words in enumerate(verdicts)
    ]


@pytest.mark.parametrize(
    ("verdicts", "states"),
    [
        (["aligned"], "k"),
        (["diverging"], "B"),
        (["aligned diverging"], "B"),
        (["too_early diverging"], "B"),
        (["aligned too_early"], "k"),
        (["too_early"], "-"),
        ([""], "-"),
        (["diverging", "watch"], "Bk"),
        (["diverging", "data_problem"], "BB"),
        (["diverging", "data_problem aligned"], "BB"),
        (["diverging", ""], "BB"),
        (["aligned", "data_problem"], "k-"),
    ],
)
def test_a_rule_on_a_verdict_follows_the_verdicts_of_the_pairs(verdicts: list[str], states: str) -> None:
    rule = StoppingRule("divergence", DIVERGING, "pause", min_sample=0)
    assert _drawn(list(rule_history(rule, _verdict_weeks(*verdicts), None))) == states


def test_a_rule_may_wait_for_a_data_problem() -> None:
    rule = StoppingRule("data", Condition("data_problem", verdict="data_problem"), "review", min_sample=0)
    assert (
        _drawn(list(rule_history(rule, _verdict_weeks("aligned", "data_problem", "aligned"), None))) == "kBk"
    )


def test_a_rule_on_a_verdict_has_neither_value_nor_threshold() -> None:
    state = evaluate_rule(
        StoppingRule("d", DIVERGING, "pause", min_sample=0), _verdict_weeks("diverging"), 0.2
    )
    assert (state.value, state.threshold) == (None, None)


def test_a_rule_on_a_verdict_respects_the_units_agreed() -> None:
    rule = StoppingRule("d", DIVERGING, "pause", min_sample=200)
    assert evaluate_rule(rule, _verdict_weeks("diverging"), None).state == "no_data"


def test_weeks_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        evaluate_rule(_rule(), [_week(1, "b"), _week(0, "b")], None)
    with pytest.raises(ValueError, match="in order"):
        evaluate_rule(_rule(), [_week(0, "b"), _week(0, "b")], None)


kinds = st.text(alphabet="ombifn", max_size=40)
rules = st.builds(_rule, for_weeks=st.integers(1, 4), recover=st.booleans())


@given(rules, kinds)
def test_no_breach_begins_without_for_judged_weeks_over_the_threshold(rule: StoppingRule, weeks: str) -> None:
    history = list(rule_history(rule, _weeks(weeks), None))
    for number, state in enumerate(history):
        if state.state == "breached" and state.since == _sunday(number):
            judged = [kind for kind in weeks[: number + 1] if kind in "omb"]
            assert judged[-rule.for_weeks :] == ["o"] * rule.for_weeks


@given(rules, kinds)
def test_for_judged_weeks_in_a_row_over_the_threshold_are_a_breach(rule: StoppingRule, weeks: str) -> None:
    judged = [kind for kind in weeks if kind in "omb"]
    if judged[-rule.for_weeks :] == ["o"] * rule.for_weeks:
        assert evaluate_rule(rule, _weeks(weeks), None).state == "breached"


@given(rules, kinds, st.sampled_from("ifn"))
def test_a_week_that_cannot_be_judged_never_makes_or_ends_a_breach(
    rule: StoppingRule, weeks: str, kind: str
) -> None:
    before = evaluate_rule(rule, _weeks(weeks), None)
    after = evaluate_rule(rule, _weeks(weeks + kind), None)
    assert (before.state == "breached") == (after.state == "breached")
    if before.state in ("pending", "breached", "recovering"):
        assert replace(after, last_judged=before.last_judged) == before


def _blocked(number: int) -> WeekObservation:
    return replace(_week(number, "n"), blocked=True, reason=AsTold("deals are stale"))


def test_a_finding_in_the_way_leaves_nothing_to_say_of_a_breach_until_it_is_gone() -> None:
    weeks = [*_weeks("oo"), _blocked(2), _blocked(3)]
    held = evaluate_rule(_rule(2), weeks, None)
    assert (held.state, held.value, held.reason) == ("no_data", None, AsTold("deals are stale"))
    assert (held.since, held.held_since, held.last_judged) == (_sunday(2), _sunday(1), _sunday(1))
    back = evaluate_rule(_rule(2), [*weeks, _week(4, "o")], None)
    assert (back.state, back.since, back.held_since, back.last_judged) == ("breached", _sunday(1), None, None)


def test_a_breach_that_too_few_units_leave_standing_says_when_it_was_judged_last() -> None:
    state = evaluate_rule(_rule(), _weeks("off"), None)
    assert (state.state, state.since, state.last_judged) == ("breached", _sunday(0), _sunday(0))


def test_the_day_on_which_a_breach_ended_stays_known_when_the_next_one_begins() -> None:
    state = evaluate_rule(_rule(2), _weeks("oobboi"), None)
    assert (state.state, state.since, state.ended_on) == ("pending", _sunday(4), _sunday(3))


@given(rules, kinds)
def test_incomplete_weeks_change_nothing_wherever_they_stand(rule: StoppingRule, weeks: str) -> None:
    complete = [week for week in _weeks(weeks) if week.complete]
    assert evaluate_rule(rule, _weeks(weeks), None) == evaluate_rule(rule, complete, None)


@given(rules, kinds)
def test_feeding_weeks_one_at_a_time_equals_feeding_all(rule: StoppingRule, weeks: str) -> None:
    progress = Progress()
    history = list(rule_history(rule, _weeks(weeks), None))
    for number, week in enumerate(_weeks(weeks)):
        progress = advance(rule, progress, week, None)
        one_by_one = state_of(rule, progress, None)
        assert one_by_one == history[number] == evaluate_rule(rule, _weeks(weeks[: number + 1]), None)


@given(rules, kinds)
def test_no_data_and_only_no_data_has_a_reason(rule: StoppingRule, weeks: str) -> None:
    state = evaluate_rule(rule, _weeks(weeks), None)
    assert bool(state.reason) == (state.state == "no_data")


@given(rules, kinds)
def test_a_state_never_began_later_than_the_newest_week(rule: StoppingRule, weeks: str) -> None:
    state = evaluate_rule(rule, _weeks(weeks), None)
    assert state.since is None or FIRST <= state.since <= _sunday(len(weeks) - 1)


@given(kinds)
def test_with_a_recovery_threshold_there_are_never_more_breaches(weeks: str) -> None:
    def breaches(rule: StoppingRule) -> int:
        history = rule_history(rule, _weeks(weeks), None)
        return len({state.since for state in history if state.state == "breached"})

    assert breaches(_rule(1, recover=True)) <= breaches(_rule(1))


def test_a_rule_on_a_proxy_that_is_not_watched_says_where_to_add_it() -> None:
    with pytest.raises(UnclearError, match=r"add it to watch\.proxies\.$"):
        parse_condition("open_rate < 15%", load_catalog(None), ["close_rate"])
