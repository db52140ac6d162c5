"""The first screen of the weekly review with few workflows and with many, on a server that has shown it before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.dashboard.exports import WEEKS, furnish, write_exports
from benchmarks.dashboard.measure import At, seen, visits, warm
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.browser.chromium import chromium, find_chromium
from tests.dashboard.serving import serving

AIM = 1.5
"""times the first screen of the fewest workflows"""
LEADS_A_WEEK = 20
"""of one workflow"""


def report(sizes: Sequence[int], sessions: int = 4) -> Iterator[str]:
    """One line of a Markdown table for each number of workflows, as soon as it is known."""
    yield (
        "| workflows | opened | ratio | a widget | ratio | first in Chromium | ratio | whole | ratio | bytes |\n"
        + "| --- " * 10
        + "|"
    )
    fewest: list[float] = []
    for size in sizes:
        found, sent = _measured(size, sessions)
        fewest = fewest or found
        pairs = [f"{1000 * own:.0f} ms | {_ratio(own, few)}" for own, few in zip(found, fewest, strict=True)]
        yield f"| {size} | {' | '.join(pairs)} | {sent:,} |"


def _measured(size: int, sessions: int) -> tuple[list[float], int]:
    """Seconds by messages and in the browser, and the bytes of one visit."""
    folder = Path(tempfile.mkdtemp())
    try:
        workspace = folder / "workspace"
        names = [f"workflow-{number}" for number in range(size)]
        furnish(workspace, names)
        with open_warehouse(open_workspace(workspace)) as warehouse:
            for file in write_exports(folder, size * LEADS_A_WEEK * WEEKS, names):
                report = land(warehouse, file)
                assert report.state == "landed", report.message
        with serving(workspace) as served:
            at = At(served.port, served.cookie)
            warm(at, [""], sessions)
            visit = visits(at, "", sessions)
            found = [visit.opened, visit.answered]
            if path := find_chromium():
                with chromium(path) as browser:
                    looked = seen(browser, served.address("/"))
                found += [looked.first, looked.whole]
            return found, visit.bytes
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ratio(own: float, few: float) -> str:
    ratio = own / few
    return f"{ratio:.2f} ×" if ratio <= AIM else f"**{ratio:.2f} ×**"
