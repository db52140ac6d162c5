"""What a review says, in every rendering: one table of facts and of the renderings that say each of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pptx import Presentation

from leadline.dashboard.drawings.alert_card_png import card_alt
from leadline.dashboard.drawings.pack import Pack, pack_of
from leadline.dashboard.drawings.pack_html import html
from leadline.dashboard.drawings.pack_pptx import pptx
from leadline.dashboard.service.review_json import to_contract
from leadline.dashboard.words.alert_card import card_words
from leadline.dashboard.words.review_text import to_text
from leadline.data.plain_json import to_json
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.results import WorkflowReview
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import opened, text
from tests.dashboard.read_page import ReadPage
from tests.dashboard.read_slides import words_of

CATALOG = load_catalog(None)
CODE = "K7Q2M4XT"
CASES: dict[str, WorkflowReview] = {
    "drifting": examples.drifting(),
    "too early": examples.too_early(),
    "a data problem": examples.data_problem(),
    "holding": examples.holding(),
}


def _weekly(workflow: WorkflowReview) -> str:
    return text(opened())


def _workflow(workflow: WorkflowReview) -> str:
    return text(opened("views/workflow/page.py", workflow=workflow.workflow))


def _card(workflow: WorkflowReview) -> str:
    words = card_words(examples.review(workflow), workflow, CATALOG, workspace_name="Northwind", code=CODE)
    return words.text()


def _alternative(workflow: WorkflowReview) -> str:
    return card_alt(examples.review(workflow), workflow, CATALOG)


def _text(workflow: WorkflowReview) -> str:
    return to_text(examples.review(workflow), CATALOG)


def _packed(workflow: WorkflowReview) -> Pack:
    codes = {workflow.workflow: CODE}
    return pack_of(examples.review(workflow), CATALOG, workspace_name="Northwind", codes=codes)


def _pack(workflow: WorkflowReview) -> str:
    return ReadPage(html(_packed(workflow))).text


def _slides(workflow: WorkflowReview) -> str:
    return "\n".join(map(words_of, Presentation(io.BytesIO(pptx(_packed(workflow)))).slides))


def _json(workflow: WorkflowReview) -> str:
    return json.dumps(
        json.loads(to_json(to_contract(examples.review(workflow), CATALOG))), ensure_ascii=False
    )


RENDERINGS: dict[str, Callable[[WorkflowReview], str]] = {
    "weekly": _weekly,
    "workflow": _workflow,
    "card": _card,
    "alternative text": _alternative,
    "text": _text,
    "pack": _pack,
    "slides": _slides,
    "json": _json,
}
EVERYWHERE = frozenset(RENDERINGS)


@dataclass(frozen=True)
class Fact:
    """Words of a case, and exactly the renderings in which they stand letter by letter."""

    case: str
    words: str
    stand_in: frozenset[str]


def _fact(case: str, words: str, *stand_in: str) -> Fact:
    return Fact(case, words, frozenset(stand_in))


FACTS = (
    # the state
    _fact("drifting", ":red-badge[◆ Drifting]", "weekly", "workflow"),
    _fact("drifting", "◆ Drifting", "weekly", "workflow", "card", "pack", "slides"),
    _fact("drifting", "Alert card, drifting.", "alternative text"),
    _fact("drifting", "◆ DRIFTING Lead routing agent", "text"),
    _fact("drifting", '"verdict": "diverging"', "json"),
    _fact("too early", ":gray-badge[○ Too early]", "weekly", "workflow"),
    _fact("too early", "○ Too early", "weekly", "workflow", "card", "pack", "slides"),
    _fact("too early", "○ TOO EARLY Newsletter personalization", "text"),
    _fact("too early", '"verdict": "too_early"', "json"),
    _fact("a data problem", ":orange-badge[✕ Check the data]", "weekly", "workflow"),
    _fact("a data problem", "✕ Check the data", "weekly", "workflow", "card", "pack", "slides"),
    _fact("a data problem", "✕ CHECK THE DATA Outreach writer", "text"),
    _fact("a data problem", '"verdict": "data_problem"', "json"),
    _fact("holding", ":green-badge[● Holding]", "weekly", "workflow"),
    _fact("holding", "● Holding", "weekly", "workflow", "card", "pack", "slides"),
    _fact("holding", "● HOLDING Content studio", "text"),
    _fact("holding", '"verdict": "aligned"', "json"),
    # the statement, and the action that goes with it where nothing else says it
    _fact("drifting", "Lead routing agent is drifting. Response time is 8.4 minutes, down from 2.8 hours; of 100 leads "
          "14 close (likely 12–16), down from 20, since the week of 12 February 2024.", *EVERYWHERE),
    _fact("drifting", "12 February 2024. Agreed action: pause.", "text", "json"),
    _fact("too early", "It is too early to judge Newsletter personalization. Of 100 e-mails 29 are opened, up from 22; "
          "an answer on qualified appointment rate can be expected from 8 September 2024.", *EVERYWHERE),
    _fact("a data problem", "Check the data of Outreach writer. Deals end on 3 May 2024, eight weeks before the "
          "leads do.", *EVERYWHERE),
    _fact("holding", "Content studio is holding. 88 assets are published a week, up from 31, and no decline shows in "
          "asset usage rate: of 100 assets 42 are used by sales (likely 39–45), 41 before.", *EVERYWHERE),
    # what is due
    _fact("drifting", "Pause the workflow (Head of Demand Generation): rule “drifting” is breached for 8 weeks, "
          "and nobody has decided.", *EVERYWHERE),
    _fact("too early", "Nothing before the checkpoint on 7 Jul 2024.", *EVERYWHERE),
    _fact("a data problem", "Put the data right (Head of Demand Generation), then look again.", *EVERYWHERE),
    _fact("holding", "Nothing before the checkpoint on 14 Jul 2024.", *EVERYWHERE),
    # both changes and the cost, in their order
    _fact("drifting", "Close rate 14 of 100 was 20 of 100 Response time 8.4 minutes was 2.8 hours "
          "Cost so far €402k likely €255k–540k", "weekly", "workflow"),
    _fact("drifting", "14 of 100", "weekly", "workflow", "card", "pack", "slides"),
    _fact("drifting", "was 20 of 100", "weekly", "workflow", "card", "pack", "slides"),
    _fact("drifting", "was 2.8 hours", "weekly", "workflow", "card", "pack", "slides"),
    _fact("drifting", "likely 12–16", *EVERYWHERE),
    _fact("drifting", '"relative": -0.33, "low": -0.42, "high": -0.22, "improved": null, "units": 1450', "json"),
    _fact("drifting", "likely €255k–540k", "weekly", "workflow", "card", "pack", "slides"),
    _fact("drifting", "about 41 deals fewer (26–55)", "workflow", "card", "text", "pack", "slides"),
    _fact("drifting", "€402k (€255k–540k), about 41 deals fewer (26–55)", "workflow", "text", "pack"),
    _fact("drifting", '"value": 402000.0, "value_low": 255000.0, "value_high": 540000.0, "currency": "EUR"', "json"),
    _fact("a data problem", "None counted", "card", "pack", "slides"),
    _fact("a data problem", '"cost": null', "json"),
    _fact("a data problem", "not known yet", "weekly", "workflow", "card", "pack", "slides"),
    _fact("a data problem", "Amounts come in EUR and USD.", "workflow", "text", "pack", "json"),
    # rules
    _fact("drifting", ":red[◆] Drifting: breached since 5 May 2024 :yellow[◐] Close rate below 15 %: past its "
          "threshold since 30 Jun 2024 (14.7 %; threshold 15 %) :gray[Owner] Head of Demand Generation · "
          ":gray[Next checkpoint] 7 Jul 2024", "weekly"),
    _fact("drifting", "Verdict “drifting”, then pause", "card", "pack", "slides"),
    _fact("drifting", "Drifting: breached since 5 May 2024", "weekly", "card", "pack", "slides"),
    _fact("drifting", "Close rate below 15 %: past its threshold since 30 Jun 2024 (14.7 %; threshold 15 %)",
          "weekly", "text"),
    _fact("drifting", "Close rate below 15 %", "weekly", "workflow", "text", "pack"),
    _fact("drifting", '"state": "breached", "since": "2024-05-05", "action": "pause"', "json"),
    _fact("too early", "Drifting: can't be judged, too early to judge", "weekly", "card", "pack", "slides"),
    _fact("too early", '"state": "no_data", "since": null', "json"),
    _fact("too early", '"reason": "too early to judge"', "json"),
    _fact("a data problem", "Drifting: can't be judged, deals are stale", "weekly", "card", "pack", "slides"),
    _fact("holding", "Asset usage rate more than 20 % below its baseline: kept (41.8 %; threshold 33 %)",
          "weekly", "card", "pack", "slides"),
    # how much it rests on, why, how fresh, and under which code
    _fact("drifting", "1,450 leads", "workflow", "card", "pack", "slides"),
    _fact("drifting", "week of 24–30 Jun 2024, the last complete one as of 30 Jun 2024", "weekly", "workflow"),
    _fact("drifting", "The data speak 310 to 1 against “no change”; the limit is 150 to 1", "workflow", "pack"),
    _fact("drifting", '"odds": 310.0, "limit": 150.0', "json"),
    _fact("drifting", "4 sources fresh, newest 30 Jun 2024",
          "weekly", "workflow", "card", "alternative text", "text", "pack", "slides"),
    _fact("drifting", "omplete through 30 Jun 2024", "card", "alternative text", "text", "pack", "slides"),
    _fact("drifting", "Review K7Q2-M4XT", "card", "pack", "slides"),
)  # fmt: skip


@pytest.mark.parametrize("rendering", RENDERINGS)
@pytest.mark.parametrize("case", CASES)
def test_a_rendering_says_exactly_the_facts_that_are_its_own(
    case: str, rendering: str, reviewing: Show
) -> None:
    reviewing(examples.review(CASES[case]))
    rendered = " ".join(RENDERINGS[rendering](CASES[case]).replace("\u00a0", " ").split())
    facts = [fact for fact in FACTS if fact.case == case]
    said = {fact.words for fact in facts if fact.words in rendered}
    assert said == {fact.words for fact in facts if rendering in fact.stand_in}
