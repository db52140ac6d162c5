"""A real browser for tests and screenshots: Chromium, where one is installed, with nothing kept and nothing fetched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

MISSING = "no Chromium found: install one, or name it in LEADLINE_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 60_000
DRAWN = ".js-plotly-plot .main-svg"


def find_chromium() -> Path | None:
    """LEADLINE_CHROMIUM, else the first Chromium or Chrome of this machine; None where there is none."""
    if named := os.environ.get("LEADLINE_CHROMIUM"):
        return Path(named) if Path(named).is_file() else None
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


@contextmanager
def chromium(path: Path) -> Iterator[Browser]:
    """The browser at `path`, closed at the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(path), args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            yield browser
        finally:
            browser.close()


def settle(page: Page, charts: int = 0, pause_ms: int = 400) -> None:
    """Waits until the page's script has ended and that many charts are drawn, and a moment more."""
    page.wait_for_selector('[data-testid="stMainBlockContainer"]', timeout=PATIENCE_MS)
    page.wait_for_function(
        """([drawn, charts]) => document.querySelectorAll(drawn).length >= charts
            && document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
            && !document.querySelector('[data-testid="stStatusWidget"], [data-testid="stSkeleton"]')
            && !document.querySelector('[data-stale="true"]')
            && document.querySelector('[data-testid="stMainBlockContainer"]').innerText.length > 40""",
        arg=[DRAWN, charts],
        timeout=PATIENCE_MS,
        polling=100,  # asked at every frame it would keep a core from the server that it waits for
    )
    page.wait_for_timeout(pause_ms)
