"""What nobody holds between intent and execution."""

from __future__ import annotations

import pytest

from leadline.dashboard.words.intent import questions
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.charter import charter_template, parse_charter
from leadline.metrics.agreement.intent_gaps import intent_gaps, is_vague
from leadline.metrics.findings import AsTold
from leadline.metrics.results import Linkage, Odds

CATALOG = load_catalog(None)
PLAIN = """\
workflow: lead-routing
deployed_on: 2024-01-01
watch: {proxies: [response_time], outcomes: [close_rate]}
intent: {objective: Be better, constraints: [Reply in their language, {text: No prices, checked_by: review price}]}
cascade: {planning_decision: Same day, instruction: {text: Within ten minutes, steers_by: response_time}}
"""


def _link(verdict: str, outcome: str = "close_rate") -> Linkage:
    before, now = (
        Odds(value, low, high, 500, 80, 0.5) for value, low, high in ((2.6, 2.0, 3.3), (0.9, 0.7, 1.1))
    )
    return Linkage("response_time", outcome, verdict, AsTold("", "x"), before, now, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["x", "Growth", "be better", "More engaging quality", "Besser werden", "成長"]
)
def test_what_holds_of_anything_is_vague(text: str) -> None:
    assert is_vague(text)


@pytest.mark.parametrize(
    "text", ["More qualified appointments", "Mehr Termine", "提高合格预约数", "Answer leads"]
)
def test_what_names_something_is_not(text: str) -> None:
    assert not is_vague(text)


def test_the_template_leaves_no_gap() -> None:
    assert intent_gaps(parse_charter(charter_template(), CATALOG, "c"), dimensions=["Language"]) == ()


def test_each_gap_is_named_from_the_objective_down_and_asked_once() -> None:
    charter = parse_charter(PLAIN, CATALOG, "c")
    gaps = intent_gaps(charter, [_link("no longer predicts")], dimensions=["tone"])
    assert [(gap.code, gap.place) for gap in gaps] == [
        ("vague", "objective"),
        ("unproved", "objective"),
        ("unchecked", "constraint"),
        ("never_reviewed", "constraint"),
        ("unsteered", "planning_decision"),
        ("no_longer_predicts", "instruction"),
    ]
    asked = questions(gaps, CATALOG)
    assert asked[2].startswith("Who checks “Reply in their language”?")
    assert asked[-1] == (
        "The instruction steers by response time, which no longer predicts close rate: 2.6 × the odds before, "
        "0.9 × the odds (0.7–1.1) now."
    )


def test_a_proxy_that_still_predicts_what_proves_the_objective_is_no_gap() -> None:
    told = PLAIN.replace("objective: Be better", "objective: {text: More deals, proved_by: close_rate}")
    charter = parse_charter(told, CATALOG, "c")
    links = [_link("predicts"), _link("no longer predicts", "qualified_appointment_rate")]
    assert "no_longer_predicts" not in [gap.code for gap in intent_gaps(charter, links)]
