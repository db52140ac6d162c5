"""An analyst's path: three exports at once, one of them with faults; preview, land, see numbers change, undo."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import MISSING, find_chromium
from tests.browser.visits import PATIENCE, go, heading, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
LEADS = "lead_id,created_at,workflow\n" + "".join(
    f"L{n},2024-06-{n:02} 10:00,lead-routing\n" for n in range(3, 29)
)
DEALS = "Deal ref,Lead ref,Opened,Decided,Stage\nD1,L3,2024-06-04,2024-06-20,won\nD2,L4,2024-06-05,,open\n"
FAULTY = (
    "appointment_id,lead_id,booked_at,held_at,status,qualified\n"
    "A1,L3,2024-06-04,2024-06-06,held,yes\n"
    "A2,L4,2024-13-40,2024-06-07,held,no\n"
    ",L5,2024-06-05,2024-06-07,held,no\n"
)


def teach_the_deals(page: Page) -> None:
    """An export that nobody knows: most of its columns are suggested, one is chosen by hand, with the keyboard."""
    expect(page.get_by_text("deals.csv is no export that is known")).to_be_visible()
    expect(page.get_by_role("combobox", name="deal_id (needed)")).to_be_visible()
    box = page.get_by_role("combobox", name="lead_id")
    box.evaluate(
        "box => box.scrollIntoView({block: 'center'})"
    )  # its list has no room at the edge of the window
    box.fill("Lead ref")
    box.press("Enter")
    expect(box).to_have_value("Lead ref · L3 · L4")
    page.get_by_role("button", name="Use these columns").click()
    expect(page.get_by_text("deals.csv, deals export, 2 rows, would land: 2 new.")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_text("Columns: 5 used · corrected by you")).to_be_visible()


def test_an_analyst_lands_three_exports_sees_the_numbers_and_takes_one_back(
    page: Page, empty: Served, tmp_path: Path
) -> None:
    files = []
    for name, content in (("leads.csv", LEADS), ("deals.csv", DEALS), ("appointments.csv", FAULTY)):
        files.append(tmp_path / name)
        files[-1].write_text(content, encoding="utf-8")

    visit(page, empty, "/data")
    heading(page, "No data landed yet.")
    go(page, "Upload")
    page.locator('input[type="file"]').first.set_input_files(files)
    expect(page.get_by_text("leads.csv, leads export, 26 rows, would land: 26 new.")).to_be_visible(
        timeout=PATIENCE
    )
    expect(
        page.get_by_text("appointments.csv, appointments export, 3 rows, would land: 1 new, 2 quarantined.")
    ).to_be_visible()
    expect(page.get_by_text("Bad date")).to_be_visible()
    teach_the_deals(page)
    page.get_by_role("button", name="Land 3 files").click()
    expect(page.get_by_text("landed as import 3: 1 new, 2 quarantined.")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Rejected rows as CSV").first.click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as rejected:
        assert {row["reason"] for row in csv.DictReader(rejected)} == {"bad_date", "missing_id"}

    go(page, "Data")
    heading(page, "sources")
    for words in ("Missing id", "28 Jun 2024", "It has rows but no charter."):
        expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)

    box = page.get_by_role("combobox", name="One import")
    box.fill("leads.csv")
    box.press("ArrowDown")
    box.press("Enter")
    page.get_by_role("button", name="Undo import 1 …").click()
    expect(page.get_by_text("26 new rows go")).to_be_visible()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Undo import 1").click()
    expect(page.get_by_text("Import 1 (leads.csv) is undone; earlier versions are back.")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_text("○ undone")).to_be_visible()
    expect(page.get_by_role("cell", name="leads", exact=True)).to_have_count(1)
    go(page, "Weekly review")
    heading(page, "Nothing to judge yet")
