"""The code on a card, opened as a link: the review as it was shown, and honest words where none is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from leadline.dashboard.service import review_codes
from leadline.dashboard.service.open_warehouse import current_workspace, shared_warehouse
from leadline.metrics.results import Review
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import opened, text

WORKFLOW = "views/workflow/page.py"
NOW = examples.review(examples.holding())


def kept(review: Review) -> str:
    """Keeps what the review shows of its first workflow; its code."""
    return review_codes.keep(shared_warehouse(current_workspace()), review, review.workflows[0], "tests")


def test_a_code_opens_the_review_as_it_was_shown(home: Path, reviewing: Show) -> None:
    reviewing(NOW)
    then = examples.drifting(owner="Head of Yesterday")
    code = kept(examples.review(then))
    page = opened(WORKFLOW, code=f"{code[:4]}-{code[4:]}".lower())
    assert "Lead routing agent is drifting." in text(page)
    assert "Head of Yesterday" in text(page)
    assert f"Review {code[:4]}-{code[4:]}, as it was shown on" in text(page)
    assert "Content studio" not in text(page)


def test_a_code_is_typed_into_its_field_and_leads_there(home: Path, reviewing: Show) -> None:
    reviewing(NOW)
    code = kept(examples.review(examples.drifting()))
    page = opened("views/decisions/page.py")
    page.text_input(key="code on a card").set_value(code.lower()).run()
    link = page.get("page_link")[-1].proto
    assert (link.query_string, link.label) == (f"code={code}", "Lead routing agent, as of 30\u00a0Jun 2024")
    page.text_input(key="code on a card").set_value("AAAA-AAAA").run()
    assert "No review is kept under the code" in text(page)


def test_a_code_that_is_not_known_is_said_and_today_is_shown(home: Path, reviewing: Show) -> None:
    reviewing(NOW)
    page = opened(WORKFLOW, code="<b>AAAA</b>")
    assert "No review is kept under the code '<b>AAAA</b>' in this workspace" in text(page)
    assert "Content studio is holding." in text(page)


def test_a_kept_review_of_hostile_names_is_shown_literally(home: Path, reviewing: Show) -> None:
    reviewing(NOW)
    page = opened(WORKFLOW, code=kept(examples.review(replace(examples.hostile(), workflow="flow"))))
    assert "<b>Bold</b> [click](https://evil.example)" in text(page)
