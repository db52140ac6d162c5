"""A page that stays open: while the server is killed and comes back, and while an import is taken back elsewhere."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import MISSING, find_chromium, settle
from tests.browser.conftest import run
from tests.browser.visits import PATIENCE, go, heading, read, visit
from tests.dashboard.serving import Served, serving

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
LEADS = "lead_id,created_at,workflow\n" + "".join(f"L{n},2024-06-{n:02},lead-routing\n" for n in range(3, 29))


def land(served: Served, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    run("ingest", str(folder / name), "--workspace", str(served.workspace))


def test_an_open_page_works_on_when_a_killed_server_is_started_again(
    page: Page, empty: Served, tmp_path: Path
) -> None:
    land(empty, tmp_path, "first.csv", LEADS)
    visit(page, empty, "/data")
    expect(page.get_by_text("first.csv").first).to_be_visible(timeout=PATIENCE)
    empty.stop(signal.SIGKILL)
    # without a server the command line lands by itself
    land(empty, tmp_path, "second.csv", LEADS.replace("L", "M").replace("-06-", "-04-"))
    with serving(empty.workspace, port=empty.port) as again:
        file = tmp_path / "third.csv"
        file.write_text(LEADS.replace("L", "N").replace("-06-", "-05-"), encoding="utf-8")
        # the very page that was open: nothing is loaded anew by hand
        page.get_by_role("link", name="Upload", exact=True).first.click(timeout=PATIENCE)
        expect(page.locator('input[type="file"]').first).to_be_attached(timeout=PATIENCE)
        settle(page)
        page.locator('input[type="file"]').first.set_input_files(file)
        page.get_by_role("button", name="Land 1 file").click(timeout=PATIENCE)
        expect(page.get_by_text("landed as import 3: 26 new")).to_be_visible(timeout=PATIENCE)
        go(page, "Data")
        for name in ("first.csv", "second.csv", "third.csv"):
            expect(page.get_by_text(name).first).to_be_visible(timeout=PATIENCE)
        assert again.process.poll() is None


def test_a_page_that_is_open_while_an_import_is_taken_back_shows_no_half_of_it(
    page: Page, empty: Served, tmp_path: Path
) -> None:
    land(empty, tmp_path, "first.csv", LEADS)
    visit(page, empty, "/data")
    box = page.get_by_role("combobox", name="One import")
    box.fill("first.csv")
    box.press("ArrowDown")
    box.press("Enter")
    page.get_by_role("button", name="Undo import 1 …").click()
    button = page.get_by_test_id("stPopoverBody").get_by_role("button", name="Undo import 1")
    expect(button).to_be_visible(timeout=PATIENCE)
    run("undo", "1", "--workspace", str(empty.workspace))
    button.click()
    settle(page)
    said = read(page)
    assert "Traceback" not in said
    expect(page.get_by_text("○ undone")).to_be_visible(timeout=PATIENCE)
    go(page, "Weekly review")
    heading(page, "Nothing to judge yet")
