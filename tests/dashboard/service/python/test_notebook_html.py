"""What a notebook shows of a result is words and pictures; nothing of the data becomes part of the page."""

from __future__ import annotations

import dataclasses
import io
from html.parser import HTMLParser

import pytest
from PIL import Image

from leadline.dashboard.service.python.notebook_html import PICTURES
from leadline.dashboard.service.python.results import Landing, Registered, Replay, Review
from leadline.data.errors import LeadlineError
from leadline.data.exports.landing_report import Reason, RowCounts, Warned
from tests.dashboard import example_reviews as examples
from tests.dashboard.service.python.example_results import review

OURS = {"div", "p", "h4", "img", "table", "thead", "tbody", "tr", "th", "td"}


class _Page(HTMLParser):
    """The tags of a page with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def _landing(**changed: object) -> Landing:
    landing = Landing(
        file="leads.csv",
        state="landed",
        dry_run=False,
        message="leads.csv landed.",
        source=None,
        template="leads",
        import_id=1,
        rows=RowCounts(read=3, new=2, quarantined=1),
        reasons=(Reason("bad_date", (4,), 1, examples.HOSTILE),),
        warnings=(Warned("odd", examples.HOSTILE),),
        questions=(),
    )
    return dataclasses.replace(landing, **changed)  # type: ignore[arg-type]


def _hostile() -> list[object]:
    hostile = dataclasses.replace(examples.hostile(), workflow=examples.HOSTILE)
    made = review(hostile, uncharted=(examples.HOSTILE,))
    registered = Registered("a", 1, True, examples.HOSTILE, examples.HOSTILE, (examples.HOSTILE,))
    return [made, Replay((made,)), made.picture(), _landing(message=examples.HOSTILE), registered]


@pytest.mark.parametrize("found", _hostile(), ids=lambda found: type(found).__name__)
def test_nothing_of_the_data_becomes_part_of_the_page(found: Review) -> None:
    page = _Page(found._repr_html_())
    assert set(page.tags) <= OURS
    assert {name for name, _ in page.attributes} <= {"alt", "src", "style", "class", "border"}
    sources = [value or "" for name, value in page.attributes if name == "src"]
    assert all(source.startswith("data:image/png;base64,") for source in sources)


def test_a_review_says_every_workflow_and_draws_the_worst() -> None:
    named = [
        dataclasses.replace(examples.drifting(), workflow=f"w{at}", name=f"Agent {at}") for at in range(5)
    ]
    page = _Page(review(*named)._repr_html_())
    assert all(f"Drifting: Agent {at}" in page.words for at in range(5))
    assert page.tags.count("img") == PICTURES
    assert "draws the charts of the others" in page.words


def test_rows_without_a_charter_are_told() -> None:
    assert "nothing is judged: ghost" in _Page(review(uncharted=("ghost",))._repr_html_()).words


def test_a_picture_is_a_png_with_its_description() -> None:
    picture = review(examples.drifting()).picture("lead-routing")
    assert Image.open(io.BytesIO(picture.png)).format == "PNG"
    assert "Divergence chart, drifting" in picture.alt
    assert ("alt", picture.alt) in _Page(picture._repr_html_()).attributes


def test_a_workflow_that_is_not_there_is_refused_with_what_was_meant() -> None:
    with pytest.raises(LeadlineError, match="did you mean 'lead-routing'"):
        review(examples.drifting()).picture("lead-rooting")


def test_without_a_workflow_or_a_pair_there_is_nothing_to_draw() -> None:
    with pytest.raises(LeadlineError, match="nothing to draw"):
        review().picture()
    with pytest.raises(LeadlineError, match="nothing to draw"):
        review(examples.drifting(pairs=())).picture()


def test_a_replay_shows_a_week_a_row_in_the_numbers_and_dates_of_its_country() -> None:
    made = dataclasses.replace(review(examples.drifting(), examples.holding()), locale="de")
    page = _Page(Replay((made,))._repr_html_())
    assert "30.06.2024" in page.words or "30. Juni 2024" in page.words
    assert "◆ Drifting" in page.words
    assert "● Holding" in page.words


def test_a_landing_shows_its_warnings_and_reasons() -> None:
    long = f"{'A long sentence about the first of them. ' * 5}The end."
    made = _landing(warnings=(Warned("odd", "Mind this."),), reasons=(Reason("bad_date", (4,), 1, long),))
    words = _Page(made._repr_html_()).words
    assert "Note: Mind this." in words
    assert "bad_date" in words
    assert "The end." in words
    assert "<NA>" not in words


def test_results_are_told_in_a_line() -> None:
    made = review(examples.drifting(), examples.holding())
    assert repr(made).startswith("<Review as of 2024-06-30: lead-routing drifting and ")
    assert repr(Replay((made,))) == "<Replay of 1 week, 2024-06-30 to 2024-06-30>"
