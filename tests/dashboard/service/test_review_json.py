"""The JSON of a review is the contract, key by key."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from leadline.dashboard.service.review_json import to_contract
from leadline.data.plain_json import to_json
from leadline.metrics.findings import AsTold
from leadline.metrics.results import Change, Evidence, Review, WorkflowReview
from tests.dashboard import example_reviews as examples
from tests.dashboard.shapes import REVIEW, assert_shape


@pytest.mark.parametrize(
    "review",
    [
        examples.review(),
        examples.review(examples.data_problem(), examples.tiny(), examples.hostile()),
        examples.empty_review(),
    ],
    ids=["every verdict", "broken data and odd names", "nothing at all"],
)
def test_a_review_has_exactly_the_keys_and_kinds_of_the_contract(review: Review) -> None:
    assert_shape(json.loads(to_json(to_contract(review))), REVIEW)


def test_the_example_of_the_contract_comes_out_value_by_value() -> None:
    told = to_contract(examples.review(examples.drifting()))
    pair = told["workflows"][0]["pairs"][0]
    assert told["as_of"] == "2024-06-30"
    assert told["workflows"][0]["verdict"] == "diverging"
    assert pair["since"] == "2024-02-12"
    assert pair["proxy_change"] == {
        "relative": -0.95,
        "low": -0.96,
        "high": -0.94,
        "improved": True,
        "units": 2870,
    }
    assert pair["outcome_change"] == {
        "relative": -0.33,
        "low": -0.42,
        "high": -0.22,
        "improved": None,
        "units": 1450,
    }
    assert pair["evidence"] == {"odds": 310.0, "limit": 150.0}
    assert told["workflows"][0]["rules"][0] == {
        "id": "divergence",
        "state": "breached",
        "since": "2024-05-05",
        "action": "pause",
        "value": None,
        "threshold": None,
    }
    assert told["workflows"][0]["cost"] == {
        "units": 41.0,
        "low": 26.0,
        "high": 55.0,
        "value": 402000.0,
        "value_low": 255000.0,
        "value_high": 540000.0,
        "currency": "EUR",
        "outcome": "close_rate",
        "unit": "deals",
    }
    assert told["data"][1] == {"source": "deals", "newest": "2024-06-29", "state": "fresh", "note": ""}


def test_workflows_and_pairs_keep_their_order_worst_first() -> None:
    review = examples.review()
    assert [workflow["workflow"] for workflow in to_contract(review)["workflows"]] == [
        workflow.workflow for workflow in review.workflows
    ]


def _with_change(change: Change) -> WorkflowReview:
    return examples.drifting(pairs=(examples.pair(proxy_change=change, outcome_change=change),))


@pytest.mark.parametrize("unknown", [None, float("nan"), float("inf"), np.float64("nan")])
def test_a_number_that_is_not_known_is_null_and_never_zero(unknown: float | None) -> None:
    change = Change(unknown, unknown, unknown, 0, improved=None)
    pair = to_contract(examples.review(_with_change(change)))["workflows"][0]["pairs"][0]
    assert pair["proxy_change"] == {"relative": None, "low": None, "high": None, "improved": None, "units": 0}


def test_numbers_of_numpy_are_written_as_plain_numbers() -> None:
    change = Change(np.float64(-0.5), np.float64(-0.6), np.float64(-0.4), np.int64(12), np.bool_(True))
    pair = json.loads(to_json(to_contract(examples.review(_with_change(change)))))["workflows"][0]["pairs"][0]
    assert pair["proxy_change"] == {
        "relative": -0.5,
        "low": -0.6,
        "high": -0.4,
        "improved": True,
        "units": 12,
    }


def test_a_pair_without_evidence_and_a_workflow_without_cost_say_null() -> None:
    bare = replace(examples.drifting(cost=None), pairs=(examples.pair(evidence=None, segment=None),))
    workflow = to_contract(examples.review(bare))["workflows"][0]
    assert workflow["cost"] is None
    assert workflow["pairs"][0]["evidence"] is None


def test_only_a_rule_without_data_carries_its_reason() -> None:
    rules = to_contract(examples.review(examples.data_problem(), examples.drifting()))["workflows"]
    assert rules[0]["rules"][0]["reason"] == "deals are stale"
    assert all("reason" not in rule for rule in rules[1]["rules"])


def test_only_a_rule_changed_after_a_breach_carries_its_marks() -> None:
    drifting = examples.drifting()
    mark = "Changed after the breach of 4 March 2024 (not registered): Rule floor was loosened: a became b."
    marked = replace(drifting, rules=(replace(drifting.rules[0], marks=(AsTold(mark),)), *drifting.rules[1:]))
    rules = to_contract(examples.review(marked))["workflows"][0]["rules"]
    assert rules[0]["marks"] == [mark]
    assert all("marks" not in rule for rule in rules[1:])


def test_overwhelming_evidence_stays_a_number() -> None:
    pair = examples.pair(evidence=Evidence(float("inf"), 150.0))
    told = to_contract(examples.review(examples.drifting(pairs=(pair,))))["workflows"][0]["pairs"][0]
    assert told["evidence"]["odds"] > 1e300


def test_json_is_one_line_of_letters_as_they_are() -> None:
    text = to_json({"headline": "33 % fewer – „Angebot“"})
    assert text == '{"headline": "33 % fewer – „Angebot“"}'
