"""Every page as axe-core and a person without a mouse or with a small window meet it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import grave_findings
from tests.browser.chromium import MISSING, find_chromium
from tests.browser.visits import PATIENCE, one_person, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
# path, charts to wait for
PAGES = (
    ("/", 3),
    ("/workflow", 1),
    ("/alerts", 0),
    ("/upload", 0),
    ("/charters?workflow=lead-routing", 0),
    ("/charters?workflow=lead-routing&tab=form", 0),
    ("/decisions", 0),
    ("/data", 1),
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with one_person(browser) as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(page: Page, demo: Served, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for path, charts in PAGES:
        visit(page, demo, path, charts)
        found[path] = grave_findings(page)
    assert {path: findings for path, findings in found.items() if findings} == {}


def test_axe_sees_a_barrier_where_there_is_one(page: Page, demo: Served) -> None:
    visit(page, demo, "/decisions")
    page.evaluate(
        """() => { const nameless = document.createElement('img');
                   nameless.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
                   document.body.append(nameless); }"""
    )
    assert "image-alt" in {finding.rule for finding in grave_findings(page)}


def test_every_chart_says_in_words_what_it_shows(page: Page, demo: Served) -> None:
    for path in ("/", "/workflow", "/data"):
        visit(page, demo, path, charts=1)
        charts = page.locator('[data-testid="stPlotlyChart"]')
        expect(charts.first).to_be_visible(timeout=PATIENCE)
        unsaid = charts.evaluate_all(
            """plots => plots.filter(plot => {
                 const said = [plot, ...plot.querySelectorAll('[aria-label], [alt]')]
                   .map(e => e.getAttribute('aria-label') || e.getAttribute('alt') || '');
                 return !said.some(words => words.length > 30);
               }).map(plot => plot.outerHTML.slice(0, 200))"""
        )
        assert unsaid == []


@pytest.mark.parametrize(("width", "height"), [(720, 450), (2560, 1440)])
def test_no_page_is_wider_than_a_window_zoomed_to_twice_its_size_or_a_large_one(
    page: Page, demo: Served, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    wide = []
    for path, _ in PAGES:
        visit(page, demo, path)
        widest = page.evaluate(
            """() => Math.max(document.documentElement.scrollWidth,
                              document.querySelector('[data-testid="stMain"]').scrollWidth)"""
        )
        wide += [path] if widest > width else []
    page.set_viewport_size({"width": 1440, "height": 900})
    assert wide == []


def test_every_table_has_a_name(page: Page, demo: Served) -> None:
    nameless = []
    for path in ("/workflow", "/alerts", "/upload", "/decisions", "/data"):
        visit(page, demo, path)
        expect(page.get_by_test_id("stTableStyledTable").first).to_be_attached(timeout=PATIENCE)
        nameless += page.get_by_test_id("stTableStyledTable").evaluate_all(
            "(tables, path) => tables.filter(t => !t.getAttribute('aria-label')).map(() => path)", path
        )
    assert nameless == []
