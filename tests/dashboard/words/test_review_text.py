"""The review as text: what a leader reads aloud."""

from __future__ import annotations

import re
from dataclasses import replace

from leadline.dashboard.words import due, verdicts
from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.review_card import rule_lines
from leadline.dashboard.words.review_text import to_text
from leadline.dashboard.words.tables import rules_table
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.findings import AsTold
from leadline.metrics.results import Finding, SourceState
from tests.dashboard import example_reviews as examples


def _flat(text: str) -> str:
    return re.sub("[ \n]+", " ", text)


def test_it_opens_with_the_date_and_one_sentence_for_the_whole_portfolio() -> None:
    review = examples.review()
    lines = to_text(review).splitlines()
    assert lines[0] == "Weekly review as of 30 Jun 2024 (data complete through 30 Jun 2024)"
    assert verdicts.portfolio_sentence(review) in _flat(to_text(review))


def test_every_workflow_says_state_headline_and_what_to_do_worst_first() -> None:
    review = examples.review()
    text = _flat(to_text(review))
    places = [text.index(verdicts.headline(workflow)) for workflow in review.workflows]
    assert places == sorted(places)
    for workflow in review.workflows:
        assert verdict_words(workflow.verdict).word.upper() in text
        assert due.action_due(workflow) in text
        assert workflow.owner in text


def test_a_breached_rule_is_told_once_and_a_kept_one_is_not() -> None:
    text = _flat(to_text(examples.review()))
    assert text.count("“drifting” is breached for 8 weeks") == 1
    assert "Rule: Close rate below 15 %: " in text
    assert "Asset usage rate more" not in text


def test_a_second_breached_rule_is_told_too() -> None:
    rules = examples.drifting().rules
    both = (rules[0], replace(rules[1], state="breached"))
    text = _flat(to_text(examples.review(examples.drifting(rules=both))))
    assert "Rule: Close rate below 15 %: breached since 30 Jun 2024" in text


def test_what_is_wrong_with_the_data_comes_before_other_remarks() -> None:
    problem = examples.data_problem()
    second = Finding(AsTold("No appointment has landed"), True)
    text = to_text(examples.review(replace(problem, findings=(*problem.findings, second))))
    assert text.index("in the way of a verdict: No appointment has landed") < text.index(
        "Data: Amounts come in"
    )


def test_what_the_headline_says_is_not_said_again() -> None:
    assert to_text(examples.review(examples.data_problem())).count("Deals end on 3 May 2024") == 1


def test_the_same_finding_is_said_once() -> None:
    workflow = examples.data_problem()
    doubled = replace(workflow, findings=workflow.findings * 2)
    assert to_text(examples.review(doubled)).count("Amounts come in EUR") == 1


def test_freshness_of_the_data_is_told_with_its_notes() -> None:
    stale = SourceState("deals", None, "stale", AsTold("no deal has landed for eight weeks"))
    text = _flat(to_text(examples.review(data=(*examples.SOURCES[:1], stale))))
    assert "deals late" in text
    assert "deals: no deal has landed for eight weeks" in text


def test_workflows_without_a_charter_are_named() -> None:
    assert "Rows have landed for outreach, but no charter" in to_text(
        examples.review(uncharted=("outreach",))
    )


def test_a_review_of_nothing_is_still_a_sentence() -> None:
    text = to_text(examples.empty_review())
    assert "No workflow has a charter yet" in text
    assert text.endswith("\n")


def test_no_line_is_longer_than_asked_for_and_numbers_stay_with_their_units() -> None:
    text = to_text(examples.review(), width=60)
    assert max(len(line) for line in text.splitlines()) <= 66
    assert not any(line.rstrip().endswith("33") for line in text.splitlines())


def test_a_rule_changed_after_a_breach_says_so_wherever_it_is_shown() -> None:
    drifting = examples.drifting()
    mark = "Changed after the breach of 4 March 2024 (not registered): Rule floor was loosened: a became b."
    marked = replace(drifting, rules=(replace(drifting.rules[0], marks=(AsTold(mark),)), *drifting.rules[1:]))
    text = " ".join(to_text(examples.review(marked), load_catalog(None)).split())
    assert f"Rule: Drifting: {mark}" in text
    table = rules_table(marked, load_catalog(None))
    assert table.headings[-1] == "Changed after a breach"
    assert table.rows[0][-1] == mark
    assert "⚑ changed after a breach" in rule_lines(marked, load_catalog(None))[0]
    assert "⚑" not in "".join(rule_lines(drifting, load_catalog(None)))


def test_no_line_parts_a_number_from_what_belongs_to_it() -> None:
    for width in range(24, 60):
        text = to_text(examples.review(), width=width)
        assert not re.search(r"\d\n\s*%", text)
        assert "\ue000" not in text
