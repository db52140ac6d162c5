"""The demo and an empty workspace in a real browser, served by the real server."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import MISSING, find_chromium, settle
from tests.browser.visits import visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
HARM = "[click](https://evil.example) www.evil.example <img src=x onerror=alert(1)> :smile: $x^2$"


def test_the_demo_opens_on_its_drifting_workflow_first(page: Page, demo: Served) -> None:
    visit(page, demo, charts=1)
    badges = page.get_by_text(re.compile(r"^[◆▼◐▲●○✕] (Drifting|Too early|Holding)$")).all_inner_texts()
    assert list(dict.fromkeys(badges)) == [
        "◆ Drifting",
        "○ Too early",
        "● Holding",
    ]  # what a tooltip is of stands twice
    expect(page.get_by_role("heading", level=2)).to_contain_text(
        "1 of 3 workflows is drifting (Lead routing agent)"
    )
    first = page.get_by_role("heading", level=4).first
    expect(first).to_have_text(
        re.compile(
            r"^Lead routing agent is drifting\. Response time is .+; of 100 leads \d+ .+, down from \d+, since the "
        )
    )


def test_a_card_leads_to_its_workflow_and_the_link_opens_it_again(page: Page, demo: Served) -> None:
    visit(page, demo, charts=1)
    page.get_by_role("link", name="Content studio").click()
    page.wait_for_url(re.compile(r"/workflow\?"))
    settle(page, charts=1)
    said = page.get_by_role("heading", level=2).inner_text()
    assert said.startswith("Content studio is holding")
    assert "workflow=content-studio" in page.url
    page.reload()
    settle(page, charts=1)
    assert page.get_by_role("heading", level=2).inner_text() == said


def test_a_week_of_the_past_is_shown_with_what_was_known_then(page: Page, demo: Served) -> None:
    visit(page, demo, "/workflow?workflow=lead-routing&week=2026-03-01", charts=1)
    expect(page.get_by_role("heading", level=2)).not_to_contain_text("is drifting")
    expect(page.get_by_text("as of 1 Mar 2026")).to_be_visible()


def test_the_reasons_open_with_one_click(page: Page, demo: Served) -> None:
    visit(page, demo, "/workflow", charts=1)
    page.get_by_text("Evidence by week, against its limit").click()
    page.wait_for_function(
        "() => document.querySelectorAll('.js-plotly-plot .main-svg').length >= 2", timeout=30_000
    )
    page.get_by_text("The numbers behind").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename == "lead-routing-weeks.csv"


def test_a_first_visit_says_how_to_begin_and_the_first_export_lands(
    page: Page, empty: Served, tmp_path: Path
) -> None:
    visit(page, empty)
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "Nothing to judge yet. Three steps to the first review:"
    )
    page.get_by_text("Upload exports").click()
    page.wait_for_url(re.compile("/upload"))
    settle(page)
    file = tmp_path / "leads.csv"
    file.write_text(
        f'lead_id,created_at,workflow\nL1,2024-06-20 10:00,"{HARM}"\nL2,2024-13-40,chat-bot\n',
        encoding="utf-8",
    )
    page.locator('input[type="file"]').first.set_input_files(file)
    expect(
        page.get_by_text("leads.csv, leads export, 2 rows, would land: 1 new, 1 quarantined.")
    ).to_be_visible()
    page.get_by_role("button", name="Land 1 file").click()
    expect(page.get_by_text("landed as import 1: 1 new, 1 quarantined.")).to_be_visible(timeout=30_000)
    page.get_by_text("See what it changes").click()
    expect(page.get_by_text("has rows but no charter yet")).to_be_visible(timeout=30_000)
    shown = page.get_by_text("has rows but no charter yet").inner_text().replace("\u2060", "")
    assert HARM in shown
    assert page.locator("a[href*='evil']").count() == 0
    assert page.locator("img[src='x']").count() == 0
