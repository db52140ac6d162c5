"""Versions compared; what was loosened after a breach is marked; a charter as a form and back."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.dashboard.words.charter_changes import change_words
from leadline.dashboard.words.charters import open_points
from leadline.dashboard.words.codes import open_point_words
from leadline.dashboard.words.findings import fact_words
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.changes import Breach, Version, compare, marks_after_breaches, text_difference
from leadline.metrics.agreement.charter import KEYS, charter_template, coverage, parse_charter
from leadline.metrics.agreement.charter_form import charter_to_form, empty_form, form_to_yaml
from leadline.metrics.agreement.shown_evidence import (
    Shown,
    freeze_workflow,
    from_plain,
    read_evidence,
    to_plain,
)
from leadline.metrics.charter_terms import Charter
from leadline.metrics.results import Series
from tests.metrics.shown import CATALOG, CHARTER, SUNDAY, TEXT, charter, review, rule, workflow

UTC = ZoneInfo("UTC")
BREACHED = dt.datetime(2024, 3, 4, 7, 0)


@pytest.mark.parametrize(
    ("before", "after", "what", "direction"),
    [
        ("close_rate < 15%", "close_rate < 12%", "when", "looser"),
        ("close_rate < 15%", "close_rate < 18%", "when", "tighter"),
        ("close_rate < 15%", "close_rate <= 15%", "when", "tighter"),
        ("close_rate < 15%", "close_rate < baseline - 20%", "when", "changed"),
        ("close_rate < 15%", "declining", "when", "changed"),
        ("close_rate < 15%", "response_time > 2 hours", "when", "changed"),
        ("for: 2 weeks", "for: 3 weeks", "for", "looser"),
        ("    for: 2 weeks\n", "", "for", "tighter"),
        ("min_sample: 40", "min_sample: 400", "min_sample", "looser"),
        ("min_sample: 40", "min_sample: 35", "min_sample", "tighter"),
        ("    min_sample: 40\n", "    min_sample: 40\n    recover: 18%\n", "recover", "tighter"),
        ("action: review", "action: stop", "action", "tighter"),
        ("action: pause", "action: review", "action", "looser"),
    ],
)
def test_a_rule_that_is_harder_to_breach_or_asks_for_less_is_looser(
    before: str, after: str, what: str, direction: str
) -> None:
    (change,) = compare(CHARTER, charter(TEXT.replace(before, after)))
    assert (change.what, change.aspect, change.direction) == ("rule_changed", what, direction)
    turned = {"looser": "loosened", "tighter": "tightened", "changed": "changed"}[direction]
    assert f"was {turned}" in change_words(change)


@pytest.mark.parametrize(
    ("rising", "direction"), [("response_time > 3 hours", "looser"), ("response_time > 1 hour", "tighter")]
)
def test_a_ceiling_is_looser_when_it_is_higher(rising: str, direction: str) -> None:
    before = charter(TEXT.replace("close_rate < 15%", "response_time > 2 hours"))
    (change,) = compare(before, charter(TEXT.replace("close_rate < 15%", rising)))
    assert change.direction == direction


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("from: 2023-01-02", "from: 2023-07-03", "baseline_moved"),
        ("[close_rate]", "[{metric: close_rate, target: 20%}]", "yardstick"),
        ("deployed_on: 2024-01-01", "deployed_on: 2024-02-01", "deployment"),
        ("outcomes: [close_rate]", "outcomes: [close_rate, won_value_per_lead]", "metric_added"),
        ("proxies: [response_time]", "proxies: []", "metric_removed"),
        ("checkpoints: {every: 1 week}", "checkpoints: {every: 2 weeks}", "checkpoints"),
        ("checkpoints: {every: 1 week}\n", "", "checkpoints"),
        ("owner: Head of Demand Generation", "owner: Head of Sales", "words"),
        ("by: Managing Director", "by: Head of Sales", "signature"),
        ("  baseline", "  materiality: {outcome: 20%}\n  baseline", "materiality"),
        ("  baseline", "  segments: [channel]\n  baseline", "segments"),
    ],
)
def test_everything_that_was_agreed_differently_is_told(before: str, after: str, what: str) -> None:
    (change,) = compare(CHARTER, charter(TEXT.replace(before, after)))
    assert change.what == what
    assert change_words(change).endswith(".")


def test_rules_added_and_removed_are_told() -> None:
    without = charter(TEXT[: TEXT.index("  - id: floor")] + TEXT[TEXT.index("checkpoints") :])
    (removed,) = compare(CHARTER, without)
    (added,) = compare(without, CHARTER)
    assert (removed.what, removed.direction) == ("rule_removed", "looser")
    assert (added.what, added.direction) == ("rule_added", "tighter")
    assert "close_rate < 15% for 2 weeks on 40 units or more, then review" in change_words(removed)


def test_a_charter_is_the_same_as_itself_however_it_is_written() -> None:
    assert compare(CHARTER, CHARTER) == ()
    spaced = charter(TEXT.replace("close_rate < 15%", "close_rate  <  0.15") + "# a remark\n")
    assert compare(CHARTER, spaced) == ()
    assert "+# a remark" in text_difference(CHARTER.source, spaced.source)
    assert text_difference(TEXT, TEXT) == ""


def _marks(*versions: tuple[str, dt.datetime], now: str | None = None, rule_name: str = "floor") -> list[str]:
    """Sentences after a breach of `rule_name` under TEXT; the newest version is in force unless `now` says else."""
    kept = [Version(1, TEXT, "CEO", BREACHED - dt.timedelta(days=60))]
    kept += [Version(n, text, "Head of Sales", at) for n, (text, at) in enumerate(versions, 2)]
    breach = Breach(rule_name, CHARTER, BREACHED, BREACHED.date())
    in_force = charter(now if now is not None else kept[-1].text)
    found = marks_after_breaches(in_force, [breach], kept, charter, UTC)
    return [f"{mark.rule}: {fact_words(mark.fact)}" for mark in found]


LOOSER = TEXT.replace("close_rate < 15%", "close_rate < 12%")
LATER = BREACHED + dt.timedelta(days=8)


def test_a_rule_loosened_after_its_breach_is_marked_with_who_and_when() -> None:
    assert _marks((LOOSER, LATER)) == [
        "floor: Changed after the breach of 4 March 2024 (on 12 March 2024, by Head of Sales): "
        "Rule floor was loosened: close_rate < 15% became close_rate < 12%."
    ]


def test_the_mark_names_who_loosened_it_not_who_came_later() -> None:
    reworded = LOOSER.replace("Head of Demand Generation", "Head of Sales")
    (mark,) = _marks((LOOSER, LATER), (reworded, LATER + dt.timedelta(days=30)))
    assert "on 12 March 2024" in mark


def test_what_was_restored_or_tightened_is_not_marked() -> None:
    assert _marks((LOOSER, LATER), (TEXT, LATER + dt.timedelta(days=1))) == []
    assert _marks((TEXT.replace("close_rate < 15%", "close_rate < 18%"), LATER)) == []
    assert _marks((TEXT.replace("min_sample: 40", "min_sample: 30"), LATER)) == []


def test_a_rule_that_was_not_breached_may_be_loosened() -> None:
    assert _marks((LOOSER, LATER), rule_name="divergence") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from: 2023-01-02", "from: 2023-07-03"),
        ("  baseline", "  materiality: {outcome: 20%}\n  baseline"),
        ("deployed_on: 2024-01-01", "deployed_on: 2024-02-01"),
        ("proxies: [response_time]", "proxies: []"),
    ],
)
def test_a_moved_baseline_is_marked_at_every_rule(before: str, after: str) -> None:
    (mark,) = _marks((TEXT.replace(before, after), LATER))
    assert mark.startswith("None: Changed after the breach")


def test_a_breached_rule_that_is_gone_is_marked_at_those_that_are_left() -> None:
    (mark,) = _marks((TEXT[: TEXT.index("  - id: floor")] + TEXT[TEXT.index("checkpoints") :], LATER))
    assert mark.startswith("None: ")
    assert "Rule floor was removed" in mark


def test_a_change_that_was_never_registered_is_marked_as_such() -> None:
    (mark,) = _marks(now=LOOSER)
    assert "(not registered)" in mark


def test_the_form_has_every_key_and_says_what_the_text_says() -> None:
    form = charter_to_form(CHARTER)
    assert tuple(form) == KEYS[""] == tuple(empty_form())
    assert form["stopping_rules"][1] == {
        "id": "floor",
        "when": "close_rate < 15%",
        "for": "2 weeks",
        "min_sample": "40",
        "recover": "",
        "action": "review",
    }
    assert form["watch"]["baseline"] == {"from": "2023-01-02", "to": ""}


def test_a_form_that_was_not_touched_leaves_the_text_as_it_is() -> None:
    text = charter_template()
    assert form_to_yaml(charter_to_form(charter(text)), text) == text


COMMENTED = """\
workflow: w
deployed_on: 2024-01-01
intent: {objective: a, audience: "b b"}   # in braces
watch:
  # which
  proxies:
    - response_time   # the first
    - open_rate
  outcomes: close_rate   # one
  baseline: {from: 2023-01-02, to: 2023-12-31}   # the default, spelled out
  materiality:
    proxy: 5%   # spelled out
stopping_rules:
# before
- {id: a, when: diverging, action: pause}  # in braces
-
  id: b   # below its dash
  action: stop
  when: >-
    close_rate
    < 10%
  # after
- id: c
  min_sample: 30 # as many
  when: close_rate<15 %
  action: review"""


def _edited(path: str, value: Any, text: str) -> tuple[list[str], list[str]]:
    """Lines that are gone and lines that came by one edit of the form; '+' adds a rule, 'None' removes one."""
    form = charter_to_form(charter(text))
    *groups, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = form
    for step in groups:
        place = place[step]
    if last == "+":
        place.append(value)  # type: ignore[attr-defined]
    elif value is None:
        del place[last]
    else:
        place[last] = value
    written = form_to_yaml(form, text)
    assert charter_to_form(charter(written)) == charter_to_form(charter(form_to_yaml(form)))
    found = list(difflib.ndiff(text.splitlines(), written.splitlines()))
    return [line[2:] for line in found if line[0] == "-"], [line[2:] for line in found if line[0] == "+"]


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "value", "gone", "came"),
    [
        ("intent.audience", "c", ['intent: {objective: a, audience: "b b"}   # in braces'],
         ["intent: {objective: a, audience: c}   # in braces"]),
        ("intent.context", "x: y", ['intent: {objective: a, audience: "b b"}   # in braces'],
         ['intent: {objective: a, audience: "b b", context: "x: y"}   # in braces']),
        ("intent.objective", "", ['intent: {objective: a, audience: "b b"}   # in braces'],
         ['intent: {audience: "b b"}   # in braces']),
        ("intent.audience", "", ['intent: {objective: a, audience: "b b"}   # in braces'],
         ["intent: {objective: a}   # in braces"]),
        ("deployed_on", "2024-02-01", ["deployed_on: 2024-01-01",
         "  baseline: {from: 2023-01-02, to: 2023-12-31}   # the default, spelled out"],
         ["deployed_on: 2024-02-01", "  baseline: {from: 2023-01-02}   # the default, spelled out"]),
        ("watch.proxies.+", "click_rate", [], ["    - click_rate"]),
        ("watch.proxies.0", None, ["    - response_time   # the first"], []),
        ("watch.proxies.0", "click_rate", ["    - response_time   # the first"], ["    - click_rate   # the first"]),
        ("watch.outcomes.+", "won_value_per_lead", ["  outcomes: close_rate   # one"],
         ["  outcomes: [close_rate, won_value_per_lead]   # one"]),
        ("watch.materiality.outcome", "20%", [], ["    outcome: 20%"]),
        ("stopping_rules.0.for", "2 weeks", ["- {id: a, when: diverging, action: pause}  # in braces"],
         ["- {id: a, when: diverging, action: pause, for: 2 weeks}  # in braces"]),
        ("stopping_rules.1.id", "d", ["  id: b   # below its dash"], ["  id: d   # below its dash"]),
        ("stopping_rules.1.when", "close_rate<9 %", ["  when: >-", "    close_rate", "    < 10%"],
         ["  when: close_rate<9 %"]),
        ("stopping_rules.1", None, ["-", "  id: b   # below its dash", "  action: stop", "  when: >-",
         "    close_rate", "    < 10%"], []),
        ("stopping_rules.2.when", "declining", ["  min_sample: 30 # as many", "  when: close_rate<15 %"],
         ["  when: declining"]),
        ("stopping_rules.2.min_sample", "40", ["  min_sample: 30 # as many"], ["  min_sample: 40 # as many"]),
        ("stopping_rules.+", {"id": "d", "when": "declining", "action": "stop"}, [],
         ["- id: d", "  when: declining", "  action: stop"]),
        ("checkpoints.every", "2  weeks", [], ["checkpoints: {every: 2  weeks}"]),
    ],
)  # fmt: skip
def test_an_edited_value_is_written_anew_and_every_other_line_stays(
    path: str, value: Any, gone: list[str], came: list[str], end_of_line: str
) -> None:
    text = COMMENTED.replace("\n", end_of_line)
    assert _edited(path, value, text) == (gone, came)


def test_only_the_group_that_was_touched_is_written_anew() -> None:
    text = charter_template()
    form = charter_to_form(charter(text))
    form["owner"] = "Head of Sales: EMEA # 1"
    form["signed"] = {"by": "", "on": ""}
    written = form_to_yaml(form, text)
    assert charter(written).owner == "Head of Sales: EMEA # 1"
    assert charter(written).signed is None
    gone = [line for line in text.splitlines() if line not in written.splitlines()]
    assert [line.partition(":")[0] for line in gone] == ["owner", "signed"]
    assert "# who is accountable for it" in written


def test_a_form_of_a_broken_text_is_written_whole() -> None:
    form = charter_to_form(CHARTER)
    for broken in ("", "workflow: [", "{workflow: x, deployed_on: 2024-01-01}", "- a\n- b\n"):
        assert replace(charter(form_to_yaml(form, broken)), source="") == replace(CHARTER, source="")


def test_an_empty_form_is_refused_with_what_is_missing() -> None:
    with pytest.raises(Exception, match="empty"):
        charter(form_to_yaml(empty_form()))


_words = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs"), include_characters=" :#'\"[]{},&*!%@`-?|>"
    ),
    max_size=30,
)
_line = _words.map(lambda text: " ".join(text.split()))
_shares = st.integers(1, 99).map(lambda n: f"{n}%")
_metric_rules = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "when": st.one_of(
            _shares.map(lambda share: f"close_rate < {share}"),
            _shares.map(lambda share: f"response_time > baseline + {share}"),
            st.sampled_from(
                ["diverging", "watch", "checkpoint missed", "cost > 50,000 EUR", "response_time > 90"]
            ),
        ),
        "for": st.sampled_from(["", "1 week", "3 weeks"]),
        "min_sample": st.sampled_from(["", "30", "1200"]),
        "action": st.sampled_from(["pause", "adjust", "review", "stop"]),
    }
)
_OWN_SPAN = {"from": "2031-01-06", "to": "2031-06-29"}
_forms = st.fixed_dictionaries(
    {
        "workflow": st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True),
        "name": _line,
        "owner": _line,
        "deployed_on": st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)).map(str),
        "intent": st.fixed_dictionaries(
            {
                "objective": _words,
                "audience": _words,
                "context": _words,
                "constraints": st.lists(_words, max_size=3),
            }
        ),
        "cascade": st.fixed_dictionaries(dict.fromkeys(KEYS["cascade"], _words)),
        "positioning": st.lists(
            st.fixed_dictionaries(
                {
                    "id": st.sampled_from(["one-source", "fair", "fast"]),
                    "says": _line.filter(bool),
                    "yes": st.lists(_line.filter(bool), max_size=2),
                    "no": st.just([]),
                }
            ),
            max_size=2,
            unique_by=lambda promise: promise["id"],
        ),
        "reviewing": st.sampled_from(
            [
                {"dimensions": [], "a_week": "", "second_review": "", "agreement": ""},
                {"dimensions": ["brand"], "a_week": "12", "second_review": "25%", "agreement": "0.7"},
            ]
        ),
        "watch": st.fixed_dictionaries(
            {
                "proxies": st.just(["response_time"]),
                "outcomes": st.sampled_from(
                    [
                        ["close_rate"],
                        [{"metric": "close_rate", "target": "22.5%"}],
                        ["close_rate", {"metric": "review_pass_rate", "baseline": _OWN_SPAN}],
                    ]
                ),
                "baseline": st.sampled_from(
                    [{"from": "", "to": ""}, {"from": "2019-01-07", "to": "2019-12-29"}]
                ),
                "segments": st.lists(_line.filter(bool), max_size=2, unique=True),
                "materiality": st.fixed_dictionaries(
                    {"proxy": st.just(""), "outcome": st.sampled_from(["", "12.5%"])}
                ),
            }
        ),
        "stopping_rules": st.lists(_metric_rules, max_size=3),
        "checkpoints": st.sampled_from([{"every": "1 week"}, {"every": "4 weeks"}]),
        "signed": st.sampled_from([{"by": "", "on": ""}, {"by": "CEO", "on": "2023-12-15"}]),
    }
)


def _bare(form: dict[str, Any], previous: str = "") -> tuple[str, Charter]:
    text = form_to_yaml(form, previous)
    return text, parse_charter(text, load_catalog(None), "charter.yaml")


@settings(max_examples=25)
@given(_forms, _forms)
def test_text_and_form_are_two_views_of_one_thing(first: dict[str, Any], second: dict[str, Any]) -> None:
    text, agreed = _bare(first)
    again = charter_to_form(agreed)
    assert replace(_bare(again)[1], source="") == replace(agreed, source="")
    assert form_to_yaml(again, text) == text
    merged, changed = _bare(second, text)
    assert replace(changed, source="") == replace(_bare(second)[1], source="")
    assert form_to_yaml(charter_to_form(changed), merged) == merged


@pytest.mark.parametrize("column", ["Why?", "? key", "a, b", "[x]", "{x}", "a: b", "#1", "yes", "- x"])
def test_a_column_of_any_name_can_be_read_back_from_the_list_it_is_written_in(column: str) -> None:
    form = charter_to_form(CHARTER)
    form["watch"]["segments"] = [column]
    assert _bare(form)[1].segments == (column,)


def test_a_metric_without_data_is_an_open_point() -> None:
    shown = workflow(rule("ok"))
    not_agreed = tuple(open_point_words(point) for point in coverage(CHARTER))
    assert not_agreed
    assert open_points(CHARTER, CATALOG) == not_agreed
    points = open_points(CHARTER, CATALOG, shown)
    assert points[: len(not_agreed)] == not_agreed
    assert any(point.startswith("Response time has no data yet: land the exports") for point in points)
    line = Series(
        "response_time",
        "Response time",
        "proxy",
        False,
        "minutes",
        (SUNDAY,),
        *[(None,)] * 4,
        (1.0,),
        (None,),
        (0,),
    )
    told = open_points(CHARTER, CATALOG, replace(shown, series=(line,)))
    assert not any("Response time" in point for point in told)


def test_evidence_comes_back_as_it_was_shown(warehouse: Warehouse) -> None:
    shown = review(workflow(rule("breached", value=0.131)))
    kept = freeze_workflow(warehouse, shown, shown.workflows[0], by="CEO")
    assert read_evidence(warehouse, kept.subject or "").shown == Shown(
        shown.as_of, shown.complete_through, shown.workflows[0], shown.data
    )
    plain = to_plain(shown.workflows[0])
    assert from_plain(type(shown.workflows[0]), {**plain, "from a later version": 1}) == shown.workflows[0]
    with pytest.raises(Exception, match="no evidence E99"):
        read_evidence(warehouse, "E99")
