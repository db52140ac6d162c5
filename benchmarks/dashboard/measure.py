"""The same visits to any server: pages opened, opened again, and by many sessions at once; in Chromium and without."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext

from tests.dashboard.sessions import Run, session_at

RUNS = 7
SEEN_RUNS = 4
READ = """() => document.querySelectorAll(
    '[data-testid="stHeading"], [data-testid="stMarkdownContainer"] p, [data-testid="stTable"]').length > 0"""
DRAWN = ".js-plotly-plot .main-svg"
WHOLE = f"""charts => !document.querySelector('[data-testid="stStatusWidget"], [data-testid="stSkeleton"]')
    && !document.querySelector('[data-stale="true"]')
    && document.querySelectorAll('{DRAWN}').length >= charts"""


class At(NamedTuple):
    """A server on this machine, and the cookie of a browser that may look."""

    port: int
    cookie: str = ""


@dataclass(frozen=True)
class Visit:
    """Medians of one page, in seconds."""

    opened: float
    """a new visit, until the page is whole"""
    answered: float
    """a widget used on a page that stands, until the page is whole again"""
    crowded: float
    """95th percentile of as many sessions at once as were asked for, all opening the page"""
    crowded_answer: float
    """the same, all using a widget"""
    bytes: int


def visits(at: At, page: str, sessions: int) -> Visit:
    """By Streamlit's own messages, on a server that has shown the page before."""
    with session_at(*at) as one:
        one.open(page)
        opened = [one.open(page) for _ in range(RUNS)]
        answered = [one.again() for _ in range(RUNS)]
    together = _together(at, page, sessions)
    return Visit(
        statistics.median(run.seconds for run in opened),
        statistics.median(run.seconds for run in answered),
        _worst(run.seconds for run in together[0]),
        _worst(run.seconds for run in together[1]),
        opened[-1].bytes,
    )


def warm(at: At, pages: Iterable[str], sessions: int) -> None:
    """Every page opened by so many at once: what a server imports and keeps at first is no page's own time."""
    for page in pages:
        _together(at, page, sessions)


def _together(at: At, page: str, sessions: int) -> tuple[list[Run], list[Run]]:
    """Every session's run when all open the page at once, and when all then use a widget at once."""
    opened: list[Run] = []
    answered: list[Run] = []
    gate = threading.Barrier(sessions)

    def person() -> None:
        with session_at(*at) as session:
            for act, runs in ((lambda: session.open(page), opened), (session.again, answered)):
                gate.wait()
                runs.append(act())
            gate.wait()

    people = [threading.Thread(target=person) for _ in range(sessions)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert len(answered) == sessions
    return opened, answered


def _worst(seconds: Iterable[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


@dataclass(frozen=True)
class Seen:
    """Medians of one page in Chromium, in seconds since the address was entered."""

    first: float
    """until there is something to read"""
    whole: float
    """until nothing runs any more and every chart is drawn"""


def seen(browser: Browser, address: str) -> Seen:
    """Each visit in a new session of one browser, whose own cache is warm."""
    first, whole = [], []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    charts = _charts(context, address)
    for _ in range(SEEN_RUNS):
        page = context.new_page()
        page.goto(address, wait_until="commit")
        page.wait_for_function(READ, timeout=60_000, polling=10)
        first.append(page.evaluate("() => performance.now() / 1000"))
        page.wait_for_function(WHOLE, arg=charts, timeout=60_000, polling=10)
        whole.append(page.evaluate("() => performance.now() / 1000"))
        page.close()
    context.close()
    return Seen(statistics.median(first), statistics.median(whole))


def _charts(context: BrowserContext, address: str) -> int:
    """How many charts the page draws at once: those behind a click are drawn when somebody clicks."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(READ, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    drawn = int(page.evaluate(f"() => document.querySelectorAll('{DRAWN}').length"))
    page.close()
    return drawn
