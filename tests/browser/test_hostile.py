"""Files whose name, headings and cells hold markup, formulas, templates and marks that turn writing around.

They are shown as they stand, from the drop to the lists of the data page: nothing runs, nothing becomes an element.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import grave_findings
from tests.browser.chromium import MISSING, find_chromium
from tests.browser.visits import PATIENCE, go, heading, one_person, read, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser

MARKS = (
    "<b>bold</b>", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[link](javascript:alert(1))",
    "![i](https://x.example/i.png)", "**strong**", ":red[red]", ":material/home:", "$x^2$", "{{7*7}}", "=1+1",
    "`code`", "\u202egro.live\u202c", "https://x.example/a", "# title",
)  # fmt: skip
"""each must be read as it stands, but for the marks that turn writing around, which are left out"""
KNOWN = "lead_id,created_at,workflow," + ",".join(f'"{mark} h"' for mark in MARKS) + "\n"
KNOWN += "".join(
    f'"L{n} {mark}",2024-06-{n:02},"{mark}",' + ",".join(f'"{other} c"' for other in MARKS) + "\n"
    for n, mark in enumerate(MARKS, start=1)
)
KNOWN += '"<i>bad</i>","<u>soon</u>",x' + "," * len(MARKS) + "\n"
UNKNOWN = "Ref <b>no</b>,Made {{7*7}},:red[red]\n1,2024-06-03,<i>one</i>\n2,2024-06-04,$x^2$\n"
ALIVE = ", ".join(
    f"[data-testid=stMainBlockContainer] {element}"
    for element in ("b", "i", "u", "script", "img[src^=x]", "img[src*=example]", "a[href^=javascript]",
        "a[href*=example]", ".katex", "svg[onload]")
)  # fmt: skip


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with one_person(browser, width=1280) as opened:
        yield opened


def shown(page: Page) -> str:
    """All that the page says, without the joiners that keep marks apart; nothing of it may be alive."""
    said = read(page)
    alive = page.locator(ALIVE)
    assert alive.count() == 0, alive.first.evaluate("element => element.outerHTML")
    return said.replace("\u2060", "").replace("\u00a0", " ")


def literally(mark: str) -> str:
    return mark.strip("\u202e\u202c")


def test_a_hostile_export_is_shown_as_it_stands_from_the_drop_to_the_list_of_imports(
    page: Page, empty: Served, tmp_path: Path
) -> None:
    unknown = tmp_path / "unknown {{7*7}}.csv"
    files = [
        {"name": "[leads] :red[x] $x^2$.csv", "mimeType": "text/csv", "buffer": KNOWN.encode()},
        {"name": unknown.name, "mimeType": "text/csv", "buffer": UNKNOWN.encode()},
    ]
    visit(page, empty, "/upload")
    page.locator('input[type="file"]').first.set_input_files(files)  # type: ignore[arg-type]
    expect(page.get_by_text("would land: 15 new, 1 quarantined.")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Columns: ").first.click()
    expect(page.get_by_text("is no export that is known")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("cell", name="# title c").first).to_be_visible()
    told = shown(page)
    for words in (
        *(f"{literally(mark)} h" for mark in MARKS), *(f"{literally(mark)} c" for mark in MARKS),
        "[leads] :red[x] $x^2$.csv", unknown.name, "<u>soon</u>", "Ref <b>no</b>",
    ):  # fmt: skip
        assert words in told, words
    page.emulate_media(color_scheme="dark")
    assert grave_findings(page) == []
    page.get_by_role("button", name="Land", exact=False).last.click()
    expect(page.get_by_text("landed as import 1: 15 new, 1 quarantined.")).to_be_visible(timeout=PATIENCE)
    shown(page)
    go(page, "Data")
    heading(page, "source")
    expect(page.get_by_text("It has rows but no charter.").first).to_be_visible(timeout=PATIENCE)
    told = shown(page)
    for words in (*map(literally, MARKS), "[leads] :red[x] $x^2$.csv", "<u>soon</u>"):
        assert words in told, words
    go(page, "Weekly review")
    heading(page, "Nothing to judge yet")
    shown(page)
