"""Two reviewers in two browsers at once, by keys alone: blind to each other, a third opinion, taken back, landed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import grave_findings
from tests.browser.chromium import MISSING, find_chromium
from tests.browser.conftest import run
from tests.browser.visits import PATIENCE, one_person, read, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
CHARTER = """\
workflow: studio
deployed_on: 2024-01-01
watch: {outcomes: [review_pass_rate]}
reviewing: {dimensions: [accuracy, brand], a_week: 3, second_review: 100%}
"""


@pytest.fixture
def studio(empty: Served, tmp_path: Path) -> Served:
    """Three outputs of the last complete week, each to be seen by two."""
    assets, charter = tmp_path / "assets.csv", tmp_path / "studio.yaml"
    rows = [f"A{n},2024-06-1{n + 7},studio,Title {n},Words of the output {n}" for n in (0, 1, 2)]
    assets.write_text("\n".join(["asset_id,published_at,workflow,title,text", *rows]), encoding="utf-8")
    charter.write_text(CHARTER, encoding="utf-8")
    run("ingest", "--workspace", str(empty.workspace), str(assets))
    run("charter", "--workspace", str(empty.workspace), str(charter))
    return empty


def _sit(page: Page, served: Served, name: str) -> None:
    visit(page, served, "/outputs")
    field = page.get_by_role("textbox", name="Your name")
    field.fill(name)
    field.press("Enter")
    expect(page.get_by_text("wait for you")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("heading", level=2).first.click()  # out of the field, as keys in it are letters


def _press(page: Page, key: str, then: str) -> None:
    page.keyboard.press(key)
    expect(page.get_by_text(then).first).to_be_visible(timeout=PATIENCE)
    read(page)


def _passes(page: Page, left: str) -> None:
    """The output that is shown, on both dimensions."""
    for key in ("1", "2"):
        page.keyboard.press(key)
        read(page)
    _press(page, "s", left)


def test_two_reviewers_and_a_third(page: Page, studio: Served, browser: Browser) -> None:
    with one_person(browser) as other:
        _sit(page, studio, "Ann")
        _sit(other, studio, "Bo")
        read(page)
        # the colour of a key's name on a button is Streamlit's own
        assert [one for one in grave_findings(page) if not one.element.startswith("<kbd")] == []
        for left in ("2 wait for you", "1 wait for you"):
            _passes(page, left)
        _press(page, "u", "2 wait for you · 1 said and not landed yet")
        _passes(page, "1 wait for you")
        # Ann is not done; Bo fails all three on the first dimension and sees nothing of hers
        assert "Ann" not in read(other)
        other.bring_to_front()
        for left in ("2 wait for you", "1 wait for you", "Nothing is left for Bo"):
            other.keyboard.press("Shift+1")
            expect(other.get_by_placeholder("Why it fails on accuracy")).to_be_visible(timeout=PATIENCE)
            other.keyboard.press("2")
            read(other)
            _press(other, "s", left)
        assert "6 new" in read(other)
        page.bring_to_front()
        _passes(page, "Nothing is left for Ann")
    visit(page, studio, "/outputs?who=third")
    _sit(page, studio, "Cy")
    said = read(page)
    # what the two see differently, and that alone
    assert "3 wait for you" in said
    assert "Pass 2" not in said
