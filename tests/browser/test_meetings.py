"""An alert's path to a meeting, and two people at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from leadline.dashboard.drawings.alert_card_png import HEIGHT, TEXT_LAYER, WIDTH
from tests.browser.chromium import MISSING, find_chromium, settle
from tests.browser.conftest import run
from tests.browser.visits import PATIENCE, go, heading, one_person, read, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
HARM = "[click](https://evil.example) <img src=x onerror=alert(1)> :smile: $x^2$"


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_an_alerts_card_is_downloaded_and_stands_alone(page: Page, demo: Served, tmp_path: Path) -> None:
    visit(page, demo, "/alerts")
    button = page.get_by_role("button", name="Download the card as PNG").first
    expect(button).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename.startswith("lead-routing-")
    with Image.open(download.value.path()) as card:
        assert card.format == "PNG"
        assert card.size in {(WIDTH, HEIGHT), (2 * WIDTH, 2 * HEIGHT)}
        colours = card.convert("RGB").getcolors(maxcolors=card.width * card.height) or []
        assert max(count for count, _ in colours) < 0.95 * card.width * card.height, "it is not blank"
        said = plain(str(card.info[TEXT_LAYER]))
    for words in (
        "Lead routing agent is drifting",
        "Response time",
        "Close rate",
        "Head of Demand Generation",
    ):
        assert words in said


def test_what_one_person_uploads_the_other_sees_at_once(
    browser: Browser, page: Page, empty: Served, tmp_path: Path
) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(f'lead_id,created_at,workflow\nL1,2024-06-20 10:00,"{HARM}"\n', encoding="utf-8")
    with one_person(browser) as other:
        visit(other, empty, "/data")
        heading(other, "No data landed yet.")
        visit(page, empty, "/upload")
        page.locator('input[type="file"]').first.set_input_files(file)
        page.get_by_role("button", name="Land 1 file").click()
        expect(page.get_by_text("landed as import 1: 1 new")).to_be_visible(timeout=PATIENCE)
        go(other, "Weekly review")
        go(other, "Data")
        expect(other.get_by_text("leads.csv").first).to_be_visible(timeout=PATIENCE)


def test_a_hostile_name_is_shown_as_it_stands_on_every_page(
    page: Page, empty: Served, tmp_path: Path
) -> None:
    charter = empty.workspace / "charters" / "chat.yaml"
    charter.write_text(
        f"workflow: chat-bot\nname: '{HARM}'\nowner: 'Owner {HARM}'\ndeployed_on: 2024-01-01\n"
        f"intent: {{objective: 'Objective {HARM}', audience: Everybody, context: Chat, constraints: []}}\n"
        "watch: {proxies: [response_time], outcomes: [close_rate]}\n"
        "stopping_rules: [{id: divergence, when: diverging, action: pause}]\n"
        "checkpoints: {every: 1 week}\n",
        encoding="utf-8",
    )
    leads, deals = tmp_path / "leads.csv", tmp_path / "deals.csv"
    leads.write_text(
        "lead_id,created_at,workflow,channel\n"
        + "".join(f'L{n},2024-06-{n:02} 10:00,chat-bot,"{HARM}"\n' for n in range(1, 29)),
        encoding="utf-8",
    )
    deals.write_text(
        "deal_id,lead_id,created_at,closed_at,stage\nD1,L3,2024-06-04,2024-06-20,won\n", encoding="utf-8"
    )
    run("ingest", str(leads), str(deals), "--workspace", str(empty.workspace))
    run("charter", str(charter), "--workspace", str(empty.workspace))
    shown = {}
    for path in ("/", "/workflow", "/alerts", "/charters", "/decisions", "/data"):
        visit(page, empty, path)
        settle(page)
        shown[path] = read(page).replace("\u2060", "")
        assert page.locator("a[href*='evil']").count() == 0, path
        assert page.locator("img[src='x']").count() == 0, path
    for path in ("/", "/workflow", "/charters"):
        assert HARM in shown[path], path
