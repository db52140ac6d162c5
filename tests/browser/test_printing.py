"""The weekly pack as a page in a real browser: it asks nobody for anything, and nothing is cut when it is printed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from leadline.dashboard.drawings.site_html import site
from tests.browser.axe import grave_findings
from tests.browser.chromium import MISSING, find_chromium
from tests.dashboard.drawings.test_pack import REVIEWS, USUAL, packed, page_of

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
PAPER = {"width": 688, "height": 1016}
"""what A4 leaves between margins of 14 mm, in pixels of 1/96 inch"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(bypass_csp=True)  # axe is a script
    yield context.new_page()
    context.close()


def shown(page: Page, name: str, folder: Path) -> list[str]:
    """Opens the pack as a file; every address the browser asked for meanwhile."""
    file = folder / "pack.html"
    file.write_text(page_of(name), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    return [url for url in asked if not url.startswith("data:")]


@pytest.mark.parametrize("name", ["usual", "odd"])
def test_the_pack_asks_for_nothing_but_itself(page: Page, name: str, tmp_path: Path) -> None:
    assert shown(page, name, tmp_path) == [(tmp_path / "pack.html").as_uri()]
    pictures = page.evaluate("() => [...document.images].map(one => one.complete && one.naturalWidth > 0)")
    assert pictures
    assert all(pictures)


def test_a_usual_workflow_takes_one_page_of_paper(page: Page, tmp_path: Path) -> None:
    shown(page, "usual", tmp_path)
    printed = page.pdf(prefer_css_page_size=True)
    # one for the portfolio, one a workflow; what the data are has one of its own where the last has no room
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) - (1 + len(USUAL.workflows)) in (0, 1)


@pytest.mark.parametrize("spacing", ["normal", "0.08em"], ids=["as-here", "wider-font"])
@pytest.mark.parametrize("name", ["usual", "odd"])
def test_nothing_printed_is_wider_or_longer_than_paper_can_hold_in_one_piece(
    page: Page, name: str, spacing: str, tmp_path: Path
) -> None:
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    shown(page, name, tmp_path)
    # a reader without any of the fonts we name gets a wider one
    page.add_style_tag(content=f"html {{ letter-spacing: {spacing}; }}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PAPER["width"]
    # what must not be parted moves to the next page whole, if a page can hold it
    tallest = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('figure, .sides, dl > div, tr, li')]"
        ".map(one => one.getBoundingClientRect().height))"
    )
    assert tallest < PAPER["height"]
    crossed = page.evaluate(
        """() => [...document.querySelectorAll('td, th')].filter(cell => {
             const box = cell.getBoundingClientRect();
             return [...cell.children].some(one => one.getBoundingClientRect().right > box.right + 1);
           }).map(cell => cell.textContent)"""
    )
    assert crossed == [], "no badge reaches into the column beside it"


def test_numbers_and_states_are_not_parted_in_narrow_columns(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    shown(page, "odd", tmp_path)
    parted = page.evaluate(
        """() => [...document.querySelectorAll('td.whole')].filter(
             cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent)"""
    )
    assert parted == []


def test_a_published_week_asks_for_nothing_has_no_barrier_and_leads_to_its_own_pages(
    page: Page, tmp_path: Path
) -> None:
    pack = packed(REVIEWS["usual"])
    for path, content in site(pack, [("2024-06-23", pack)], {"routing": ("Routing", b"PNG")}).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "index.html").as_uri())
    page.get_by_role("navigation", name="Past weeks").get_by_role("link").click()
    page.get_by_role("link", name="This week").click()
    page.wait_for_load_state("networkidle")
    assert {url for url in asked if not url.startswith("data:")} == {
        (tmp_path / path).as_uri() for path in ("index.html", "weeks/2024-06-23.html")
    }
    assert not grave_findings(page)
    (tmp_path / "empty.html").write_text(
        '<!doctype html><html lang="en"><title>Nothing</title><p>Nothing</p>'
    )
    empty, own = (
        min(seconds_of(page, (tmp_path / name).as_uri()) for _ in range(3))
        for name in ("empty.html", "index.html")
    )
    assert own - empty < 0.3, f"{own:.3f} s beside {empty:.3f} s of an empty page"


def seconds_of(page: Page, address: str) -> float:
    """Processor seconds that the page's own thread takes to be there."""
    page.goto("about:blank")
    asked = page.context.new_cdp_session(page)
    asked.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address, wait_until="load")
    page.evaluate("() => new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)))")
    told = {one["name"]: one["value"] for one in asked.send("Performance.getMetrics")["metrics"]}
    asked.detach()
    return float(told["TaskDuration"])
