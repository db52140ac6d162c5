"""Every page, run without a browser: full, empty and broken workspaces, links, names that mean harm."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from leadline.dashboard.service import open_warehouse
from leadline.dashboard.views import caches
from leadline.metrics.results import Review
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import downloads, opened, text

PAGES = (
    "views/weekly/page.py",
    "views/workflow/page.py",
    "views/upload/page.py",
    "views/alerts/page.py",
    "views/charters/page.py",
    "views/reviewing/page.py",
    "views/decisions/page.py",
    "views/sources/page.py",
)


def charts(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


def test_the_weekly_review_says_one_sentence_for_all_and_shows_the_worst_first(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened()
    assert [head.value.replace("\\", "") for head in app.header] == [
        "1 of 3 workflows is drifting (Lead routing agent); 1 is too young to judge (Newsletter personalization); "
        "1 is holding (Content studio)."
    ]
    told = text(app)
    places = [told.index(mark) for mark in ("◆ Drifting", "○ Too early", "● Holding")]
    assert places == sorted(places)
    assert charts(app) == 1
    assert [each.value for each in app.metric] == ["14 of 100", "8.4 minutes", "€402k"]


def test_a_workflow_with_rows_but_no_charter_is_mentioned(reviewing: Show) -> None:
    reviewing(examples.review(uncharted=("chat-bot",)))
    assert "“chat-bot” has rows but no charter yet" in text(opened())


def test_every_card_leads_to_its_workflow_and_week(reviewing: Show) -> None:
    reviewing(examples.review(as_of=dt.date(2024, 5, 5)))
    links = [link.proto.query_string for link in opened(week="2024-05-05").get("page_link")]
    assert links[0] == "workflow=lead-routing&week=2024-05-05"


@pytest.mark.parametrize("page", PAGES[:2])
def test_an_earlier_week_says_that_it_is_one_and_leads_back(reviewing: Show, page: str) -> None:
    reviewing(examples.review(as_of=dt.date(2024, 5, 5)))
    app = opened(page, week="2024-05-05")
    told = text(app)
    assert "You look at the review of 5 May 2024, with what was known then." in told
    assert "Lead routing agent was drifting on 5 May 2024. Seen then: " in told
    assert "**Due then:** Pause the workflow" in told
    assert "Decide" not in {button.label for button in app.button}
    app.button(key="back to now").click().run()
    assert "week" not in app.query_params
    assert "You look at the review of" not in text(app)


def test_a_first_visit_shows_how_to_begin_and_no_chart(home: Path) -> None:
    app = opened()
    told = text(app)
    for step in ("1 · Land your exports", "2 · Agree what to watch", "3 · Read the review"):
        assert step in told
    assert "No data landed yet" in told
    assert charts(app) == 0


def test_the_first_step_is_done_once_something_landed(reviewing: Show) -> None:
    reviewing(examples.review(data=examples.SOURCES[:2], workflows=()))
    assert ":green[●] leads and deals landed, newest row 30 Jun 2024" in text(opened())


@pytest.mark.parametrize("page", PAGES[:2])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_kind_of_workflow_can_be_shown(
    reviewing: Show, page: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.dashboard.views.page.mode", lambda: mode)
    everyone = (
        examples.drifting(),
        examples.data_problem(),
        examples.hostile(),
        examples.tiny(),
        examples.holding(pairs=(), series=(), rules=(), next_checkpoint=None),
    )
    reviewing(examples.review(*everyone))
    for workflow in everyone:
        app = opened(page, workflow=workflow.workflow)
        assert not app.error


def test_names_from_files_are_never_markdown(reviewing: Show) -> None:
    reviewing(examples.review(examples.hostile(), uncharted=(examples.HOSTILE,)))
    for page in PAGES[:2]:
        app = opened(page)
        for part in (*app.header, *app.markdown, *app.info):
            for live in (
                r"(?<!\\)\]\(https",
                r"(?<!\\)<(script|b)>",
                r"(?<!\\):red\[now",
                r"(?<!\\)`code",
                r"(?<!\\)\$x",
            ):
                assert not re.search(live, part.value), (live, part.value)


def test_the_workflow_page_has_reasons_pairs_rules_and_findings(reviewing: Show) -> None:
    reviewing(examples.review(examples.data_problem(), examples.drifting()))
    app = opened(PAGES[1], workflow="lead-routing")
    assert "Lead routing agent is drifting." in app.header[0].value.replace("\\", "")
    assert [head.value for head in app.subheader] == [
        "Why we say this",
        "Where it comes from",
        "Does the proxy still predict",
        "Every proxy beside every outcome",
        "Stopping rules",
    ]
    assert len(app.table) == 2
    other = opened(PAGES[1], workflow="outreach")
    assert (len(other.warning), len(other.info)) == (1, 1)


def test_another_pair_can_be_chosen(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened(PAGES[1])
    pair = next(box for box in app.selectbox if box.label == "Pair")
    pair.select_index(1).run()
    assert not app.exception
    assert "12 % fewer leads become qualified appointments" in text(app)


def test_the_link_chooses_the_workflow_and_names_it_ever_after(reviewing: Show) -> None:
    reviewing(examples.review())
    assert "Content studio is holding" in text(opened(PAGES[1], workflow="content-studio"))
    app = opened(PAGES[1])
    assert app.query_params["workflow"] == "lead-routing"


def test_choosing_a_workflow_changes_the_link(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened(PAGES[1])
    next(box for box in app.selectbox if box.label == "Workflow").select_index(2).run()
    assert app.query_params["workflow"] == "content-studio"
    assert "Content studio is holding" in text(app)


@pytest.mark.parametrize("link", ["no-such", "<script>", "x" * 9000, ""])
def test_a_link_to_an_unknown_workflow_is_said_and_the_worst_is_shown(reviewing: Show, link: str) -> None:
    reviewing(examples.review())
    app = opened(PAGES[1], workflow=link)
    assert "Lead routing agent is drifting" in text(app)
    assert "which has no charter here" in app.info[0].value
    assert len(app.info[0].value) < 400


def test_the_link_chooses_the_week_and_the_review_is_made_for_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dt.date] = []

    def review(warehouse: object, workspace: object, as_of: dt.date) -> Review:
        asked.append(as_of)
        return examples.review(as_of=as_of)

    monkeypatch.setattr(caches, "review", review)
    opened(week="2024-03-31")
    opened(week="2019-06-05")
    opened()
    # each beside the week before it, with which it is compared
    assert asked[::2] == [dt.date(2024, 3, 31), dt.date(2019, 6, 5), dt.date(2024, 6, 30)]
    assert asked[1::2] == [day - dt.timedelta(weeks=1) for day in asked[::2]]


@pytest.mark.parametrize("week", ["soon", "2024-02-30", "2031-01-05", "0001-01-01"])
def test_a_link_to_an_impossible_week_is_said_and_the_newest_is_shown(reviewing: Show, week: str) -> None:
    reviewing(examples.review())
    app = opened(week=week)
    assert "the newest is shown" in app.info[0].value
    assert next(box for box in app.selectbox if box.label == "As of").value == dt.date(2024, 6, 30)


def test_choosing_a_week_changes_the_link_and_the_newest_needs_none(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened()
    app.selectbox[0].select(dt.date(2024, 6, 16)).run()
    assert app.query_params["week"] == "2024-06-16"
    app.selectbox[0].select(dt.date(2024, 6, 30)).run()
    assert "week" not in app.query_params


def test_a_choice_is_kept_between_pages(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened()
    app.selectbox[0].select(dt.date(2024, 6, 16)).run()
    app.query_params.clear()
    app.switch_page(PAGES[1]).run()
    assert app.query_params["week"] == "2024-06-16"


def test_a_review_is_made_once_and_again_when_a_charter_changes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    monkeypatch.setattr(caches, "review", lambda *_: made.append(1) or examples.review())
    opened()
    opened(PAGES[1])
    assert len(made) == 2, "this week's, and the one before it"
    (home / "charters" / "new.yaml").write_text("workflow: x\n", encoding="utf-8")
    opened()
    assert len(made) == 4


def test_a_corrupted_database_is_one_sentence_on_every_page(home: Path) -> None:
    (home / "leadline.duckdb").write_bytes(b"this is no database" * 1000)
    for page in PAGES:
        app = opened(page)
        assert len(app.error) == 1
        assert "leadline" in app.error[0].value
        assert "Traceback" not in text(app)


def test_a_broken_charter_is_told_with_its_faults_and_no_stack_trace(home: Path) -> None:
    (home / "charters" / "lead.yaml").write_text("workflow: lead-routing\nwatch: [\n", encoding="utf-8")
    app = opened()
    assert len(app.error) == 1
    assert "lead.yaml" in text(app)


def test_broken_settings_are_one_sentence(home: Path) -> None:
    (home / "leadline.toml").write_text("timezone = 'Nowhere/Land'\n", encoding="utf-8")
    app = opened()
    assert "Nowhere/Land" in text(app)
    assert len(app.error) == 1


def test_a_missing_workspace_is_one_sentence(tmp_path: Path) -> None:
    open_warehouse.serve(tmp_path / "nothing")
    app = opened()
    open_warehouse.serve(None)
    assert "There is no Leadline workspace" in text(app)


def test_an_unforeseen_fault_is_one_sentence_without_its_details(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Review:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(caches, "review", broken)
    app = opened()
    assert len(app.error) == 1
    assert "a fault in Leadline; your data is untouched" in app.error[0].value.replace("\\", "")
    assert "secret detail" not in text(app)


def test_the_numbers_behind_can_be_downloaded(reviewing: Show) -> None:
    reviewing(examples.review())
    app = opened(PAGES[1])
    closed = len(app.table)
    assert downloads(app) == []
    app.session_state["numbers lead-routing"] = True  # as a click on "The numbers behind" does
    app.run()
    assert downloads(app) == ["Download as CSV"]
    assert len(app.table) == closed + 1
