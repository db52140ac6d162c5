"""Charters: what is read from them, what is wrong with them, what they leave open."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.data.documents.read import DEPTH_LIMIT, SIZE_LIMIT
from leadline.data.errors import CharterError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement.catalog import extend_catalog, load_catalog
from leadline.metrics.agreement.charter import (
    KEYS,
    Baseline,
    Cascade,
    Charter,
    Condition,
    Intent,
    Signature,
    Yardstick,
    charter_template,
    coverage,
    load_charters,
    parse_charter,
)
from leadline.metrics.agreement.charter_form import charter_to_form, form_to_yaml
from leadline.metrics.agreement.conditions import UnclearError, parse_condition, parse_share, parse_weeks
from leadline.metrics.charter_terms import CheckedBy, Constraint, Layer, Objective
from tests.metrics.golden import GOLDEN, assert_golden, cases

CATALOG = load_catalog(None)
SMALLEST = "workflow: lead-routing\ndeployed_on: 2024-01-01\nwatch: {outcomes: [close_rate]}\n"


def _parsed(text: str) -> Charter:
    return parse_charter(text, CATALOG, "charter.yaml")


def _faults(text: str) -> tuple[str, ...]:
    with pytest.raises(CharterError) as caught:
        _parsed(text)
    return caught.value.faults


def _charter_or_error(text: str) -> Charter | CharterError:
    try:
        return _parsed(text)
    except CharterError as e:
        return e


def _rule(entries: str) -> str:
    return SMALLEST + f"stopping_rules:\n  - {{id: floor, action: review, {entries}}}\n"


def test_the_template_is_a_charter_that_leaves_nothing_open() -> None:
    charter = _parsed(charter_template())
    assert coverage(charter) == ()
    assert charter.source == charter_template()


def test_the_template_explains_every_key_it_shows() -> None:
    lines = [line for line in charter_template().splitlines() if line[:1].isalpha()]
    explained = [line for line in lines if "#" in line or line.startswith(("watch:", "signed:"))]
    assert lines == explained


def test_everything_that_a_charter_states_is_read() -> None:
    charter = _parsed(charter_template())
    assert (charter.workflow, charter.name) == ("lead-routing", "Lead routing agent")
    assert charter.owner == "Head of Demand Generation"
    assert charter.deployed_on == dt.date(2024, 1, 1)
    assert charter.baseline == Baseline(dt.date(2023, 1, 2), dt.date(2023, 12, 31))
    assert charter.proxies == ("response_time", "open_rate")
    assert charter.outcomes == ("close_rate", "qualified_appointment_rate")
    assert charter.segments == ("channel",)
    assert (charter.materiality_proxy, charter.materiality_outcome) == (0.05, 0.10)
    assert charter.checkpoint_weeks == 1
    assert charter.intent == Intent(
        objective=Objective("More qualified appointments from inbound leads", "qualified_appointment_rate"),
        audience="Mid-market finance teams",
        context="Inbound leads from four channels",
        constraints=(Constraint("Reply in the language of the lead", CheckedBy("review", "language")),),
    )
    assert charter.cascade == Cascade(
        business_objective=Layer("Grow new-business revenue by 15 %", "close_rate"),
        planning_decision=Layer("Every inbound lead gets an answer the same day", "response_time"),
        instruction=Layer("Score on fit before speed", "qualified_appointment_rate"),
    )
    assert charter.signed == Signature("Managing Director", dt.date(2023, 12, 15))


def test_stopping_rules_are_read_with_their_conditions() -> None:
    divergence, floor = _parsed(charter_template()).stopping_rules
    assert (divergence.id, divergence.when.verdict, divergence.action) == ("divergence", "diverging", "pause")
    assert (floor.when.metric, floor.when.comparison, floor.when.number) == ("close_rate", "<", 0.15)
    assert (floor.for_weeks, floor.min_sample, floor.action) == (2, 40, "review")


def test_a_rule_on_a_value_needs_30_units_where_nothing_else_is_agreed() -> None:
    assert _parsed(_rule("when: close_rate < 15%")).stopping_rules[0].min_sample == 30


def test_a_rule_on_a_verdict_needs_no_number_of_units_unless_one_is_agreed() -> None:
    assert _parsed(_rule("when: diverging")).stopping_rules[0].min_sample == 0
    assert _parsed(_rule("when: diverging, min_sample: 50")).stopping_rules[0].min_sample == 50


def test_a_rule_on_a_count_needs_no_number_of_units_unless_one_is_agreed() -> None:
    counted = _rule("when: won_deals < 3").replace("[close_rate]", "[won_deals]")
    assert _parsed(counted).stopping_rules[0].min_sample == 0
    with_sample = counted.replace("< 3", "< 3, min_sample: 30")
    assert _parsed(with_sample).stopping_rules[0].min_sample == 30


def test_a_count_is_an_outcome_or_a_proxy_and_never_both_in_one_charter() -> None:
    assert _parsed(SMALLEST.replace("close_rate", "used_assets, won_deals")).outcomes == (
        "used_assets",
        "won_deals",
    )
    assert _parsed(SMALLEST.replace("{out", "{proxies: [won_deals], out")).proxies == ("won_deals",)
    (fault,) = _faults(SMALLEST.replace("{outcomes: [", "{proxies: [won_deals], outcomes: [won_deals, "))
    assert fault.endswith(
        "won_deals is watched as a proxy already; it can't be held against itself, so remove one."
    )
    (fault,) = _faults(SMALLEST.replace("close_rate", "lead_volume"))
    assert fault.endswith("lead_volume is a proxy; move it to watch.proxies.")


def test_the_least_that_makes_a_charter() -> None:
    charter = _parsed(SMALLEST)
    assert charter.name == "lead-routing"
    assert charter.baseline == Baseline(None, dt.date(2023, 12, 31))
    assert charter.stopping_rules == ()
    assert (charter.materiality_proxy, charter.materiality_outcome) == (0.05, 0.10)


def test_a_baseline_without_an_end_ends_the_day_before_the_deployment() -> None:
    charter = _parsed(SMALLEST.replace("{outcomes", "{baseline: {from: 2023-06-05}, outcomes"))
    assert charter.baseline == Baseline(dt.date(2023, 6, 5), dt.date(2023, 12, 31))


def test_an_outcome_may_have_a_yardstick_of_its_own() -> None:
    charter = _parsed(
        SMALLEST.replace(
            "[close_rate]",
            "[close_rate, {metric: qualified_appointment_rate, target: 25%}, "
            "{metric: review_pass_rate, baseline: {from: 2024-09-09, to: 2024-12-01}}]",
        )
    )
    assert charter.outcomes == ("close_rate", "qualified_appointment_rate", "review_pass_rate")
    span = Baseline(dt.date(2024, 9, 9), dt.date(2024, 12, 1))
    assert charter.yardsticks == (
        Yardstick("qualified_appointment_rate", target=0.25),
        Yardstick("review_pass_rate", baseline=span),
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{target: 25%}", "has no metric"),
        ("{metric: close_rat}", "did you mean"),
        ("{metric: close_rate, target: 25}", "write 25%"),
        ("{metric: close_rate, target: 0%}", "above 0%"),
        ("{metric: won_value_per_lead, target: 25%}", "'when: won_value_per_lead < baseline - 20%'"),
        ("{metric: brand_coherence, target: 40%}", "'when: brand_coherence < 40%'"),
        ("{metric: close_rate, target: 25%, baseline: {from: 2023-01-02, to: 2023-12-31}}", "keep one"),
        ("{metric: close_rate, baseline: {from: 2023-01-02}}", "has no 'to'"),
        ("{metric: close_rate, baseline: {from: 2024-01-02, to: 2023-12-31}}", "exchange the two"),
        ("{metric: close_rate, goal: 25%}", '"watch.outcomes.goal" is not a key'),
    ],
)
def test_a_yardstick_that_is_unclear_is_told_with_its_line(written: str, told: str) -> None:
    faults = _faults(SMALLEST.replace("[close_rate]", f"[{written}]"))
    assert len(faults) == 1
    assert faults[0].startswith("charter.yaml, line 3: ")
    assert told in faults[0]


@pytest.mark.parametrize("written", ["5%", "5 %", "0.05", ".05", "5.0%"])
def test_a_share_may_be_written_as_percentage_or_fraction(written: str) -> None:
    charter = _parsed(SMALLEST.replace("{outcomes", f"{{materiality: {{outcome: {written}}}, outcomes"))
    assert charter.materiality_outcome == 0.05


@pytest.mark.parametrize(("written", "share"), [("15%", 0.15), ("0", 0.0), ("100%", 1.0), ("0.1%", 0.001)])
def test_shares_mean_what_they_say(written: str, share: float) -> None:
    assert parse_share(written) == share


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_every_percentage_is_the_fraction_it_names(percent: object) -> None:
    assert parse_share(f"{percent}%") == pytest.approx(float(str(percent)) / 100)


def test_keys_that_yaml_takes_for_booleans_are_keys() -> None:
    charter = _parsed(SMALLEST + "signed: {by: Yes, on: 2023-12-15}\n")
    assert charter.signed == Signature("Yes", dt.date(2023, 12, 15))


def test_an_identity_keeps_its_leading_zeros() -> None:
    assert _parsed(SMALLEST.replace("lead-routing", "007")).workflow == "007"


def test_a_single_metric_needs_no_brackets() -> None:
    assert _parsed(SMALLEST.replace("[close_rate]", "close_rate")).outcomes == ("close_rate",)


def test_keys_with_nothing_after_the_colon_count_as_missing() -> None:
    charter = _parsed(SMALLEST + "owner:\nintent:\n  audience: ~\nsigned: null\n")
    assert (charter.owner, charter.intent, charter.signed) == ("", Intent(), None)


def test_windows_files_are_read_like_others(workspace: Workspace) -> None:
    (workspace.charters / "a.yaml").write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode())
    assert load_charters(workspace, CATALOG)[0].source == SMALLEST
    assert _parsed(SMALLEST.replace("\n", "\r\n")).source == SMALLEST


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("diverging", Condition("diverging", verdict="diverging")),
        ("Too early", Condition("too_early", verdict="too_early")),
        ("data_problem", Condition("data_problem", verdict="data_problem")),
        ("close_rate < 15%", Condition("close_rate < 15%", None, "close_rate", "<", 0.15)),
        ("close_rate<0.15", Condition("close_rate < 0.15", None, "close_rate", "<", 0.15)),
        ("close_rate ≤ 15 %", Condition("close_rate <= 15 %", None, "close_rate", "<=", 0.15)),
        ("close_rate < baseline", Condition("close_rate < baseline", None, "close_rate", "<", None, 0.0)),
        (
            "close_rate < baseline - 20%",
            Condition("close_rate < baseline - 20%", None, "close_rate", "<", None, -0.2),
        ),
        (
            "response_time > baseline + 20%",
            Condition("response_time > baseline + 20%", None, "response_time", ">", None, 0.2),
        ),
        ("response_time > 30", Condition("response_time > 30", None, "response_time", ">", 30.0)),
        ("response_time > 2 hours", Condition("response_time > 2 hours", None, "response_time", ">", 120.0)),
        (
            "lead_volume < 1,200",
            Condition("lead_volume < 1,200", None, "lead_volume", "<", 1200.0, is_of_count=True),
        ),
        ("cost > 50,000 EUR", Condition("cost > 50,000 EUR", None, "cost", ">", 50000.0, None, "EUR")),
        ("cost > eur 1,250.50", Condition("cost > eur 1,250.50", None, "cost", ">", 1250.5, None, "EUR")),
        ("cost >= 50000", Condition("cost >= 50000", None, "cost", ">=", 50000.0)),
    ],
)
def test_conditions_mean_what_they_say(written: str, condition: Condition) -> None:
    assert parse_condition(written, CATALOG, {"close_rate", "response_time", "lead_volume"}) == condition


def test_a_threshold_relative_to_the_baseline_moves_with_it() -> None:
    condition = parse_condition("close_rate < baseline - 20%", CATALOG, {"close_rate"})
    assert condition.threshold(0.25) == pytest.approx(0.2)
    assert condition.threshold(None) is None


def test_a_rule_may_have_a_recovery_threshold_of_its_own() -> None:
    (rule,) = _parsed(_rule("when: close_rate < 15%, recover: 18%")).stopping_rules
    assert rule.recover == Condition("close_rate >= 18%", None, "close_rate", ">=", 0.18)
    (rule,) = _parsed(_rule("when: close_rate < 15%, recover: baseline - 5%")).stopping_rules
    assert rule.recover is not None
    assert rule.recover.relative == -0.05


@pytest.mark.parametrize("number", ["10%", "1000 EUR", "1000 minutes", "1000 h", "5 gbp"])
def test_a_count_is_held_neither_against_money_nor_against_a_time(number: str) -> None:
    with pytest.raises(UnclearError, match="is not a number; write one such as 1,200"):
        parse_condition(f"lead_volume < {number}", CATALOG, {"lead_volume"})
    assert parse_condition("lead_volume < 1000 leads", CATALOG, {"lead_volume"}).number == 1000.0


def test_a_number_for_each_of_others_is_no_share() -> None:
    declared = (
        "ctr: {role: proxy, sum: {template: spend, column: clicks}, per: {template: spend, sum: impressions}}"
    )
    catalog = extend_catalog(CATALOG, declared, "metrics.yaml")
    with pytest.raises(UnclearError, match=r"ctr is a number for each, .* write 0\.004 where that is meant"):
        parse_condition("ctr < 0.4%", catalog, {"ctr"})
    assert parse_condition("ctr < 0.004", catalog, {"ctr"}).number == 0.004


@pytest.mark.parametrize(("written", "weeks"), [("1 week", 1), ("2 weeks", 2), ("3", 3), ("12weeks", 12)])
def test_spans_are_whole_weeks(written: str, weeks: int) -> None:
    assert parse_weeks(written, 52) == weeks


@given(st.text(max_size=40))
def test_a_condition_is_understood_or_asked_back(text: str) -> None:
    condition: Condition | UnclearError
    try:
        condition = parse_condition(text, CATALOG, {"close_rate"})
    except UnclearError as e:
        condition = e
    if isinstance(condition, Condition):
        assert (condition.verdict is None) != (condition.metric is None)
    else:
        assert str(condition).endswith((".", "?"))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_a_charter_or_a_charter_error(text: str) -> None:
    for candidate in (text, SMALLEST + text, SMALLEST.replace("lead-routing", text)):
        result = _charter_or_error(candidate)
        assert isinstance(result, Charter) or result.faults


@given(
    st.sampled_from([key for keys in KEYS.values() for key in keys]),
    st.sampled_from(list("[{-x\n:,&*!|>'\"%@`")),
)
def test_a_charter_broken_at_any_key_is_told_and_never_crashes(key: str, character: str) -> None:
    result = _charter_or_error(charter_template().replace(f"{key}:", f"{key}:{character}", 1))
    assert isinstance(result, Charter) or all(fault.startswith("charter.yaml") for fault in result.faults)


@pytest.mark.parametrize("case", cases("charters"))
def test_faults_are_all_told_with_their_lines_and_what_to_write(case: str) -> None:
    file = GOLDEN / "charters" / f"{case}.yaml"
    with pytest.raises(CharterError) as caught:
        parse_charter(file.read_text(encoding="utf-8"), CATALOG, "charter.yaml")
    assert_golden(file.with_suffix(".txt"), f"{caught.value}\n")


def test_the_nearest_known_metric_is_suggested_with_the_line() -> None:
    (fault,) = _faults(SMALLEST.replace("close_rate", "clos_rate"))
    assert fault == 'charter.yaml, line 3: metric "clos_rate" is not known; did you mean close_rate?'


def test_a_metric_of_the_workspace_may_be_watched(workspace: Workspace) -> None:
    (workspace.path / "metrics.yaml").write_text("fast_close: {based_on: close_rate, within_weeks: 8}\n")
    text = SMALLEST.replace("close_rate", "fast_close")
    assert parse_charter(text, load_catalog(workspace), "a.yaml").outcomes == ("fast_close",)
    assert "fast_close" in _faults(text)[0]


def test_a_fault_shows_no_control_characters() -> None:
    (fault,) = _faults(SMALLEST.replace("close_rate", '"\\e[31mred\\x07"'))
    assert fault.isprintable()


def test_characters_that_cannot_be_printed_are_told_with_their_line() -> None:
    (fault,) = _faults(SMALLEST + "owner: a\x00b\n")
    assert fault.startswith("charter.yaml, line 4: a character here can't be printed")
    (fault,) = _faults(SMALLEST + 'owner: "a\\x07b"\n')
    assert fault.startswith("charter.yaml, line 4: owner holds characters")


def test_a_file_that_is_too_long_is_refused() -> None:
    (fault,) = _faults(SMALLEST + "#" * SIZE_LIMIT)
    assert "shorten" in fault


def test_a_text_that_is_too_long_is_refused() -> None:
    (fault,) = _faults(SMALLEST + f"owner: {'x' * 3_000}\n")
    assert fault.startswith("charter.yaml, line 4: owner is 3,000 characters long")


@pytest.mark.timed
def test_hostile_files_are_refused_in_a_moment() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"k{i}: [*a, *a]\n" for i in range(10_000))
    deep = "workflow: " + "[" * (SIZE_LIMIT // 2)
    strange = "".join(f"key{i}: 1\n" for i in range(SIZE_LIMIT // 12))
    rules = SMALLEST + "stopping_rules:\n" + "  - {when: clse_rate < 1, id: é}\n" * 6_000
    started = time.thread_time()
    for text in (bomb, deep, strange, rules):
        assert _faults(text)
    assert time.thread_time() - started < 20
    assert f"more than {DEPTH_LIMIT} deep" in _faults(deep)[0]


def test_a_long_list_of_faults_ends_in_how_many_more_there_are() -> None:
    text = SMALLEST + "".join(f"key{i}: 1\n" for i in range(342))
    with pytest.raises(CharterError, match=r"… and 312 more$") as caught:
        _parsed(text)
    assert len(caught.value.faults) == 342


@pytest.mark.parametrize(
    ("left_out", "point"),
    [
        ({"outcomes": ()}, "outcomes"),
        ({"proxies": ()}, "proxies"),
        ({"owner": ""}, "owner"),
        ({"stopping_rules": ()}, "stopping_rules"),
        ({"checkpoint_weeks": None}, "checkpoints"),
        ({"signed": None}, "signed"),
    ],
)
def test_each_gap_is_named_once(left_out: dict[str, object], point: str) -> None:
    whole = _parsed(charter_template())
    assert coverage(dataclasses.replace(whole, **left_out)) == (point,)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", KEYS["intent"])
def test_an_empty_part_of_the_intent_is_a_gap(part: str) -> None:
    whole = _parsed(charter_template())
    empty = {"constraints": (), "objective": Objective()}.get(part, "")
    (point,) = coverage(dataclasses.replace(whole, intent=dataclasses.replace(whole.intent, **{part: empty})))  # type: ignore[arg-type]
    assert point == f"intent.{part}"


@pytest.mark.parametrize("step", KEYS["cascade"])
def test_a_missing_step_of_the_cascade_is_a_gap(step: str) -> None:
    whole = _parsed(charter_template())
    assert whole.cascade is not None
    cascade = dataclasses.replace(whole.cascade, **{step: Layer()})
    (point,) = coverage(dataclasses.replace(whole, cascade=cascade))
    assert point == f"cascade.{step}"


def test_every_charter_of_a_workspace_is_loaded(workspace: Workspace) -> None:
    (workspace.charters / "b.yaml").write_text(SMALLEST)
    (workspace.charters / "a.yml").write_text(SMALLEST.replace("lead-routing", "content"))
    (workspace.charters / "notes.txt").write_text("not a charter")
    assert [charter.workflow for charter in load_charters(workspace, CATALOG)] == ["content", "lead-routing"]


def test_empty_files_and_files_of_comments_are_passed_over(workspace: Workspace) -> None:
    (workspace.charters / "a.yaml").write_text("")
    (workspace.charters / "b.yaml").write_text("# to be written\n")
    assert load_charters(workspace, CATALOG) == ()


def test_a_workspace_without_charters_has_none(workspace: Workspace) -> None:
    workspace.charters.rmdir()
    assert load_charters(workspace, CATALOG) == ()


def test_two_charters_for_one_workflow_are_a_fault(workspace: Workspace) -> None:
    (workspace.charters / "a.yaml").write_text(SMALLEST)
    (workspace.charters / "b.yaml").write_text(SMALLEST)
    with pytest.raises(CharterError, match=r'^b\.yaml, .*"lead-routing" already has a charter in a\.yaml'):
        load_charters(workspace, CATALOG)


def test_faults_of_all_files_are_told_at_once(workspace: Workspace) -> None:
    (workspace.charters / "a.yaml").write_text(SMALLEST.replace("close_rate", "clos_rate"))
    (workspace.charters / "b.yaml").write_text("workflow: x\ndeployed_on: [\n")
    (workspace.charters / "c.yaml").write_bytes(b"workflow: \xff\n")
    with pytest.raises(CharterError) as caught:
        load_charters(workspace, CATALOG)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "a.yaml, line 3",
        "b.yaml, line 3",
        "c.yaml, line 1",
    ]


INTENT = (
    SMALLEST.replace("[close_rate]", "[close_rate, qualified_appointment_rate]")
    + """\
intent:
  objective: {text: More closed business, proved_by: qualified_appointment_rate, target: 25%}
"""
)


def test_the_target_of_the_objective_is_that_of_its_outcome() -> None:
    (own,) = _parsed(INTENT).yardsticks
    assert (own.metric, own.target, own.is_of_objective) == ("qualified_appointment_rate", 0.25, True)
    stated = INTENT.replace(
        "qualified_appointment_rate]", "{metric: qualified_appointment_rate, target: 25%}]"
    )
    assert _parsed(stated).yardsticks == (own,)
    (fault,) = _faults(stated.replace("25%}]", "30%}]"))
    assert fault.startswith("charter.yaml, line 5: intent.objective.target is 25%, but watch.outcomes holds")


def test_what_an_intent_names_and_does_not_exist_is_a_fault_with_its_line() -> None:
    faults = _faults(
        SMALLEST
        + "intent:\n  objective: {text: More closed business, proved_by: clos_rate}\n  constraints:\n"
        + "    - {text: Stay polite, checked_by: rule floor}\n    - {text: Stay short, checked_by: somebody}\n"
        + "cascade: {instruction: {text: Be quick, steers_by: respons_time}}\n"
    )
    assert [fault.split(":")[0] for fault in faults] == [f"charter.yaml, line {n}" for n in (5, 7, 8, 9)]
    assert "did you mean close_rate?" in faults[0]
    assert "did you mean response_time?" in faults[3]


def test_a_form_writes_targets_and_checks_back_as_they_were_agreed() -> None:
    text = INTENT + (
        "  constraints: [{text: Stay polite, checked_by: review tone}, Stay short]\n"
        "cascade: {instruction: {text: Answer at once, steers_by: close_rate}}\n"
    )
    form = charter_to_form(_parsed(text))
    assert form_to_yaml(form, text) == text
    assert dataclasses.replace(_parsed(form_to_yaml(form)), source="") == dataclasses.replace(
        _parsed(text), source=""
    )
    form["intent"]["objective"]["target"] = "30%"
    assert _parsed(form_to_yaml(form, text)).yardsticks[0].target == 0.30
