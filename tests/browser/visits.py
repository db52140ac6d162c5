"""What the browser tests of paths share: a page that asks nobody else, going somewhere, filling a field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import settle
from tests.dashboard.serving import Served

PATIENCE = 60_000
PAPER = {"light": "rgb(251, 252, 253)", "dark": "rgb(13, 27, 42)"}
GROUND = "() => getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor"


@contextmanager
def one_person(browser: Browser, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """A session of its own. What it asks of other machines, a fault of its scripts or a dialog fails the test.

    Sessions of one browser share its context, so that Streamlit's scripts are fetched and compiled once.
    """
    context = browser.contexts[0] if browser.contexts else browser.new_context()
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    outside: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    yield page
    seen = [*outside, *faults]  # not what a closing page may still say
    page.close()
    assert seen == []


def _is_outside(url: str) -> bool:
    return url.startswith("http") and not url.startswith(("http://127.0.0.1:", "http://localhost:"))


def visit(page: Page, served: Served, path: str = "/", charts: int = 0) -> None:
    page.goto(served.address(path))
    settle(page, charts)


def in_scheme(page: Page, scheme: str) -> None:
    """Has the open page follow a light or a dark system."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.wait_for_function(f"paper => ({GROUND})() === paper", arg=PAPER[scheme], timeout=PATIENCE)
    settle(page)


def read(page: Page) -> str:
    """Everything the page says, once its script has ended and it has stopped changing."""
    block = page.get_by_test_id("stMainBlockContainer")
    before, same = "", 0
    for _ in range(120):
        settle(page, pause_ms=250)
        said = "" if page.get_by_test_id("stSpinner").count() else block.inner_text()
        same = same + 1 if said and said == before else 0
        if same == 4:
            break
        before = said
    return before


def go(page: Page, name: str) -> None:
    """To another page by the navigation on top."""
    page.get_by_role("link", name=name, exact=True).first.click()
    settle(page)


def fill(page: Page, label: str, value: str) -> None:
    """Types into the field of that label that is seen, and leaves it."""
    field = page.get_by_role("textbox", name=label, exact=True).locator("visible=true").first
    field.fill(value)
    field.press("Tab")


def heading(page: Page, words: str) -> None:
    """Waits until the page's sentence says so."""
    # while a page is drawn anew, its old sentence and the new one may both stand there
    told = page.get_by_role("heading", level=2).filter(has_text=words).locator("visible=true").first
    expect(told).to_be_visible(timeout=PATIENCE)
