"""Without a mouse: a file landed, an alert decided on and a charter changed with Tab, Enter, Space and typing alone.

Beside that, axe-core on what only opens on the way: popovers, forms, previews, refusals, locks, and the pack as a file.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import Finding, grave_findings
from tests.browser.chromium import MISSING, find_chromium
from tests.browser.conftest import run
from tests.browser.visits import PATIENCE, heading, in_scheme, read, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
LEADS = "lead_id,created_at,workflow\nL1,2026-11-10 10:00,lead-routing\nL2,2026-13-40 10:00,lead-routing\n"
FOCUSED = """() => {
    const at = document.activeElement;
    const labels = at.labels ? [...at.labels].map(label => label.innerText).join(' ') : '';
    const said = at.getAttribute('aria-label') || labels || at.innerText || '';
    return [said.replace(/\\s+/g, ' ').trim(), at.tagName];
}"""
MOST_TABS = 90


def tab_to(page: Page, name: str, tags: tuple[str, ...] = ("A", "BUTTON", "SUMMARY")) -> None:
    """Tabs on until what has the focus is called so and is such an element. The error says what it passes."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        said, element = page.evaluate(FOCUSED)
        passed.append(f"{element} {said[:40]}")
        if name in said and element in tags and not said.startswith("Help for"):
            return
    raise AssertionError(f"Tab never reaches {name!r}; it passes {passed}")


def type_into(page: Page, name: str, words: str) -> None:
    tab_to(page, name, ("INPUT", "TEXTAREA"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)


def test_a_file_is_uploaded_and_landed(page: Page, own: Served, tmp_path: Path) -> None:
    file = tmp_path / "leads-of-tuesday.csv"
    file.write_text(LEADS, encoding="utf-8")
    # from now on the browser asks this test for files; told so only before the key, it now and then hears it too late
    page.on("filechooser", lambda _: None)
    visit(page, own, "/upload")
    tab_to(page, "Upload", ("BUTTON",))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(file)
    expect(page.get_by_text("leads-of-tuesday.csv, leads export, 2 rows, would land")).to_be_visible(
        timeout=PATIENCE
    )
    read(page)
    assert grave_findings(page) == []
    tab_to(page, "Land 1 file")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 new, 1 quarantined").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Rejected rows as CSV").first).to_be_visible(timeout=PATIENCE)
    tab_to(page, "Rejected rows as CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "bad_date" in Path(download.value.path()).read_text("utf-8-sig")


def test_an_alert_is_acknowledged_and_decided_on(page: Page, own: Served) -> None:
    visit(page, own, "/alerts")
    heading(page, "2 wait for somebody to look after them")
    read(page)
    tab_to(page, "Acknowledge")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Says who looks after it.")).to_be_visible(timeout=PATIENCE)
    assert grave_findings(page) == []
    type_into(page, "Your name", "Kim Keys")
    tab_to(page, "I look after it")
    page.keyboard.press("Enter")
    heading(page, "1 waits for a decision")
    read(page)
    tab_to(page, "Decide")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Continue: it goes on as it is").first).to_be_visible(timeout=PATIENCE)
    assert grave_findings(page) == []
    tab_to(page, "Continue", ("INPUT",))
    page.keyboard.press("Space")
    type_into(page, "Reason", "Decided without a mouse.")
    tab_to(page, "Record the decision")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Decided without a mouse").first).to_be_visible(timeout=PATIENCE)
    heading(page, "for the outcome to come back")


def test_a_field_of_a_charter_is_changed_and_registered(page: Page, own: Served) -> None:
    visit(page, own, "/charters?workflow=lead-routing&tab=form")
    read(page)
    type_into(page, "Owner", "Head of Sales")
    page.keyboard.press("Tab")
    expect(page.get_by_text("became Head of Sales.").first).to_be_visible(timeout=PATIENCE)
    read(page)
    assert grave_findings(page) == []
    type_into(page, "Your name", "Kim Keys")
    type_into(page, "Why", "A new owner")
    tab_to(page, "Register")
    page.keyboard.press("Enter")
    expect(page.get_by_text("version 2 is registered and in force")).to_be_visible(timeout=PATIENCE)
    assert "owner: Head of Sales" in (own.workspace / "charters" / "lead-routing.yaml").read_text("utf-8")


def test_what_opens_on_the_weekly_review_has_no_barrier(page: Page, demo: Served) -> None:
    visit(page, demo, charts=1)
    for button, words in (
        ("Take along", "This review for people who are not here"),
        ("Close the week", "Keeps this review with its numbers"),
    ):
        tab_to(page, button)
        page.keyboard.press("Enter")
        expect(page.get_by_text(words)).to_be_visible(timeout=PATIENCE)
        assert grave_findings(page) == []
        page.keyboard.press("Escape")


def test_axe_finds_nothing_serious_where_something_is_wrong(page: Page, demo: Served, tmp_path: Path) -> None:
    refused = tmp_path / "minutes.csv"
    refused.write_text('"an open quote\n', encoding="utf-8")
    found: dict[str, list[Finding]] = {}

    def look(state: str) -> None:
        for scheme in ("light", "dark"):
            in_scheme(page, scheme)
            found[f"{state}, {scheme}"] = grave_findings(page)

    visit(page, demo, "/upload")
    page.locator('input[type="file"]').first.set_input_files(refused)
    expect(page.get_by_text("minutes.csv").first).to_be_visible(timeout=PATIENCE)
    read(page)
    look("a refused file")
    visit(page, demo, "/alerts?alert=A99")
    expect(page.get_by_text("which is not known here")).to_be_visible(timeout=PATIENCE)
    look("a link to nothing")
    visit(page, demo, "/workflow?code=ABCD-EFGH")
    look("a code of nothing")
    settings = demo.workspace / "leadline.toml"
    before = settings.read_text("utf-8")
    try:
        settings.write_text(f'{before}\n[access]\neveryone = "reader"\n', encoding="utf-8")
        visit(page, demo, "/upload")
        expect(page.get_by_text("may not land exports")).to_be_visible(timeout=PATIENCE)
        look("no right to land")
        settings.write_text('timezone = "Mars/Base"\n', encoding="utf-8")
        # nobody's role is known then, so the door answers instead of a page
        page.goto(demo.address("/data"))
        expect(page.get_by_text("timezone 'Mars/Base' is not known")).to_be_visible(timeout=PATIENCE)
        found["wrong settings"] = grave_findings(page)
    finally:
        settings.write_text(before, encoding="utf-8")
    assert {state: findings for state, findings in found.items() if findings} == {}


def test_axe_finds_nothing_serious_in_the_weekly_pack(browser: Browser, built: Path, tmp_path: Path) -> None:
    pack = tmp_path / "review.html"
    run("report", "--out", str(pack), "--workspace", str(shutil.copytree(built, tmp_path / "workspace")))
    found = {}
    for scheme in ("light", "dark"):
        # its policy runs no script, axe's own included, unless the browser is told to let it
        context = browser.new_context(bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light")
        opened = context.new_page()
        opened.goto(pack.as_uri())
        found[scheme] = grave_findings(opened)
        unsaid = opened.eval_on_selector_all("img", "all => all.filter(i => !(i.alt.length > 30)).length")
        assert unsaid == 0
        context.close()
    assert found == {"light": [], "dark": []}
