"""Every page as axe-core, a person without a mouse, or one with a small or large window meets it.

Loading a page is what takes its time, so each is loaded once, one with charts also dark, and all questions are asked
there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import Finding, grave_findings
from tests.browser.chromium import MISSING, find_chromium, settle
from tests.browser.visits import GROUND, PAPER, PATIENCE, in_scheme, one_person, visit
from tests.dashboard.serving import Served

if find_chromium() is None and os.environ.get("LEADLINE_REQUIRE_BROWSER") != "1":
    pytest.skip(MISSING, allow_module_level=True)

pytestmark = pytest.mark.browser
# path, charts to wait for, whether it has a table
PAGES = (
    ("/", 3, False),
    ("/workflow", 1, True),
    ("/alerts", 0, True),
    ("/upload", 0, True),
    ("/charters?workflow=lead-routing", 0, False),
    ("/charters?workflow=lead-routing&tab=form", 0, False),
    ("/charters?workflow=lead-routing&tab=metrics", 1, False),
    ("/decisions", 0, True),
    ("/data", 1, True),
)
USUAL = (1440, 900)
WINDOWS = ((2560, 1440), (1280, 800), (720, 450), (420, 900))
"""a large one, a laptop's, a laptop's zoomed to twice its size, a telephone"""
WIDEST = """() => Math.max(document.documentElement.scrollWidth,
                           document.querySelector('[data-testid="stMain"]').scrollWidth)"""
OVERFLOW = """() => { const main = document.querySelector('[data-testid="stMain"]');
                      return [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth]; }"""
UNSAID = """plots => plots.filter(plot => {
    const said = [plot, ...plot.querySelectorAll('[aria-label], [alt]')]
      .map(e => e.getAttribute('aria-label') || e.getAttribute('alt') || '');
    return !said.some(words => words.length > 30);
  }).map(plot => plot.outerHTML.slice(0, 200))"""
CUT_LABELS = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
    const frame = plot.getBoundingClientRect();
    return [...plot.querySelectorAll('text')].filter(text => {
      const box = text.getBoundingClientRect();
      return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    }).map(text => text.textContent);
  })"""


OVERLAPS = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
    const words = [...plot.querySelectorAll('.annotation-text')].filter(t => t.textContent.trim());
    const boxes = words.map(t => [t.textContent, t.getBoundingClientRect()]);
    return boxes.flatMap(([one, a], place) => boxes.slice(place + 1)
        .filter(([_, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                         && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)
        .map(([other]) => one + ' / ' + other)); })"""
INKS = """() => [...new Set([...document.querySelectorAll('.js-plotly-plot text')]
    .map(text => getComputedStyle(text).fill))]"""


@dataclass
class Seen:
    """What one page answered."""

    overflow: list[int] = field(default_factory=list)
    """how far it reaches below and beside a usual window, in pixels"""
    widest: dict[tuple[int, int], int] = field(default_factory=dict)
    grave: dict[str, list[Finding]] = field(default_factory=dict)
    ground: dict[str, str] = field(default_factory=dict)
    inks: dict[str, list[str]] = field(default_factory=dict)
    """colours of the words on charts"""
    charts: int = 0
    unsaid: list[str] = field(default_factory=list)
    """charts that do not say in words what they show"""
    cut: list[str] = field(default_factory=list)
    """labels of charts that reach out of their picture"""
    over: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    """words of charts that stand on others, by window"""
    nameless: int = 0


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with one_person(browser, *USUAL) as opened:
        yield opened


@pytest.fixture(scope="module")
def seen(page: Page, demo: Served) -> dict[str, Seen]:
    """All pages, one after the other; the browser stays on the last of them."""
    return {path: _look(page, demo, path, charts, table) for path, charts, table in PAGES}


def _look(page: Page, demo: Served, path: str, charts: int, table: bool) -> Seen:
    one = Seen()
    for scheme in PAPER:
        if charts or not one.ground:
            # charts are drawn in the colours of the scheme that a page was opened in
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            visit(page, demo, path, charts)
        else:
            in_scheme(page, scheme)
        one.ground[scheme] = page.evaluate(GROUND)
        one.grave[scheme] = grave_findings(page)
        one.cut += page.evaluate(CUT_LABELS)
        one.inks[scheme] = page.evaluate(INKS)
    plots = page.get_by_test_id("stPlotlyChart")
    one.charts = plots.count()
    one.unsaid = plots.evaluate_all(UNSAID)
    one.overflow = page.evaluate(OVERFLOW)
    if table:
        tables = page.get_by_test_id("stTableStyledTable")
        expect(tables.first).to_be_attached(timeout=PATIENCE)
        one.nameless = tables.evaluate_all(
            "tables => tables.filter(t => !t.getAttribute('aria-label')).length"
        )
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        one.widest[width, height] = page.evaluate(WIDEST)
        one.over[width, height] = page.evaluate(OVERLAPS)
    page.set_viewport_size({"width": USUAL[0], "height": USUAL[1]})
    return one


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(seen: dict[str, Seen], scheme: str) -> None:
    assert {path: one.grave[scheme] for path, one in seen.items() if one.grave[scheme]} == {}


def test_axe_sees_a_barrier_where_there_is_one(page: Page, seen: dict[str, Seen]) -> None:
    page.evaluate(
        """() => { const nameless = document.createElement('img');
                   nameless.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
                   document.body.append(nameless); }"""
    )
    assert "image-alt" in {finding.rule for finding in grave_findings(page)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_follow_the_colour_scheme_of_the_browser(seen: dict[str, Seen], scheme: str) -> None:
    assert {one.ground[scheme] for one in seen.values()} == {PAPER[scheme]}


def test_words_on_charts_stand_out_from_the_page_in_either_scheme(seen: dict[str, Seen]) -> None:
    faint = {
        (path, scheme, ink): round(_contrast(ink, one.ground[scheme]), 1)
        for path, one in seen.items()
        for scheme, inks in one.inks.items()
        for ink in inks
        if _contrast(ink, one.ground[scheme]) < 4.5
    }
    assert faint == {}
    assert all(seen[path].inks[scheme] for path in ("/", "/workflow", "/data") for scheme in PAPER)


def _contrast(one: str, other: str) -> float:
    """Of two colours as a browser writes them: WCAG 2.2, relative luminance."""
    light = []
    for colour in (one, other):
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        light.append(sum(c * weight for c, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)))
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_every_chart_says_in_words_what_it_shows(seen: dict[str, Seen]) -> None:
    assert all(seen[path].charts for path in ("/", "/workflow", "/data"))
    assert {path: one.unsaid for path, one in seen.items() if one.unsaid} == {}


def test_every_label_of_a_chart_stands_inside_its_picture(seen: dict[str, Seen]) -> None:
    assert {path: one.cut for path, one in seen.items() if one.cut} == {}


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: f"{window[0]}x{window[1]}")
def test_no_words_of_a_chart_stand_on_others(seen: dict[str, Seen], window: tuple[int, int]) -> None:
    assert {path: one.over[window] for path, one in seen.items() if one.over[window]} == {}


def test_every_table_has_a_name(seen: dict[str, Seen]) -> None:
    assert {path: one.nameless for path, one in seen.items() if one.nameless} == {}


def test_the_weekly_review_of_the_demo_fits_on_one_screen(seen: dict[str, Seen]) -> None:
    assert seen["/"].overflow == [0, 0]


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: f"{window[0]}x{window[1]}")
def test_no_page_is_wider_than_its_window(seen: dict[str, Seen], window: tuple[int, int]) -> None:
    assert {path: one.widest[window] for path, one in seen.items() if one.widest[window] > window[0]} == {}


@pytest.mark.parametrize("path", ["/", "/charters?workflow=lead-routing&tab=form"])
def test_a_page_that_is_opened_on_a_telephone_is_no_wider(browser: Browser, demo: Served, path: str) -> None:
    """Opened there, not made narrow later."""
    with one_person(browser, 420, 900) as opened:
        visit(opened, demo, path)
        assert opened.evaluate(WIDEST) <= 420
