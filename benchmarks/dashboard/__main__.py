"""`python -m benchmarks.dashboard`: pages and widgets of a large workspace beside bare Streamlit pages of their size.

The workspace is made by landing (10 million leads, 3.4 million appointments, 1.7 million deals, three charters) and
served by the installed command. A bare page shows what the page of Leadline showed (the same texts, tables of the same
rows, charts of the same points, the same widgets) with Streamlit alone, from data that lie ready in memory. Both are
asked in the same run by the same clients.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import streamlit

from benchmarks.dashboard import portfolio
from benchmarks.dashboard.exports import furnish, write_exports
from benchmarks.dashboard.measure import At, Seen, Visit, seen, visits, warm
from benchmarks.dashboard.plan import plan_of
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.browser.chromium import chromium, find_chromium
from tests.dashboard.serving import LEADLINE, free_port, serving
from tests.dashboard.sessions import session_at

PAGES = {
    "": "weekly review",
    "workflow": "workflow",
    "alerts": "alerts",
    "upload": "upload",
    "charters": "charters",
    "decisions": "decisions",
    "data": "data",
}
AIM = 1.5
SESSIONS = 20


def make_workspace(folder: Path, leads: int) -> Path:
    """Lands the exports and registers the charters; the exports are deleted."""
    workspace = folder / "workspace"
    charters = furnish(workspace)
    files = write_exports(folder, leads)
    with open_warehouse(open_workspace(workspace)) as warehouse:
        for file in files:
            report = land(warehouse, file)
            assert report.state == "landed", report.message
            file.unlink()
    subprocess.run(
        [LEADLINE, "charter", *charters, "--workspace", workspace], check=True, capture_output=True
    )
    return workspace


@contextlib.contextmanager
def bare_server(plans: Path) -> Iterator[int]:
    """The bare pages, served by Streamlit's own command; their port."""
    port = free_port()
    app = Path(__file__).with_name("bare_app.py")
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(app)]
    command += [f"--{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [*command, "--", str(plans)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            with contextlib.suppress(OSError), session_at(port) as session:
                session.open("")
                break
            time.sleep(0.2)
        yield port
    finally:
        process.kill()
        process.wait()


def first_visits(at: At) -> dict[str, float]:
    """Seconds until each page is whole when nobody has seen any page of this server yet."""
    with session_at(*at) as session:
        return {page: session.open(page).seconds for page in PAGES}


def write_plans(at: At, file: Path) -> None:
    """What the pages show, as plans for the bare ones."""
    with session_at(*at) as session:
        plans = {page: plan_of(session.open(page), *at) for page in PAGES}
    file.write_text(json.dumps(plans), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=10_000_000)
    parser.add_argument(
        "--folder", type=Path, help="where the workspace is made; default: a temporary folder"
    )
    parser.add_argument(
        "--workspace", type=Path, help="one that an earlier run has kept, to be used as it is"
    )
    parser.add_argument("--keep", action="store_true", help="leaves the workspace for another run")
    parser.add_argument(
        "--workflows",
        type=int,
        nargs="+",
        metavar="N",
        help="only the weekly review, with so many, such as 3 30 100",
    )
    said = parser.parse_args()
    if said.workflows:
        for line in portfolio.report(said.workflows):
            print(line, flush=True)
        return
    folder = Path(tempfile.mkdtemp(dir=said.folder))
    try:
        workspace = said.workspace or make_workspace(folder, said.leads)
        for line in report(workspace, folder / "plans.json"):
            print(line, flush=True)
        if said.keep:
            print(f"\nkept: {workspace}")
    finally:
        if not said.keep:
            shutil.rmtree(folder, ignore_errors=True)


def report(workspace: Path, plans: Path) -> Iterator[str]:
    """Every measurement as lines of Markdown tables, as soon as they are known."""
    with serving(workspace) as served:
        own_at = At(served.port, served.cookie)
        cold = first_visits(own_at)
        yield (
            f"{dt.date.today()}, {platform.machine()}, Python {platform.python_version()}, Streamlit "
            f"{streamlit.__version__}; first visits after the start: {max(cold.values()):.2f} s for the slowest page"
        )
        write_plans(own_at, plans)
        with bare_server(plans) as bare:
            for at in (own_at, At(bare)):
                warm(at, PAGES, SESSIONS // 2)
            yield (
                f"\n| page | opened | bare | ratio | widget | bare | ratio | {SESSIONS} at once, p95 | bare | ratio | "
                f"{SESSIONS} widgets at once, p95 | bare | ratio |\n" + "| --- " * 13 + "|"
            )
            for page, name in PAGES.items():
                yield _visit_line(name, visits(own_at, page, SESSIONS), visits(At(bare), page, SESSIONS))
            if path := find_chromium():
                yield (
                    "\n| page in Chromium | first content | bare | ratio | whole | bare | ratio |\n"
                    + "| --- " * 7
                    + "|"
                )
                with chromium(path) as browser:
                    for page, name in PAGES.items():
                        own, other = (
                            seen(browser, address)
                            for address in (served.address(f"/{page}"), f"http://127.0.0.1:{bare}/{page}")
                        )
                        yield _seen_line(name, own, other)


def _pair(own: float, bare: float) -> str:
    ratio = own / bare
    mark = "" if ratio <= AIM else " **"
    return f"{1000 * own:.0f} ms | {1000 * bare:.0f} ms | {mark}{ratio:.2f} ×{mark.strip()}"


def _visit_line(name: str, own: Visit, bare: Visit) -> str:
    pairs = [
        _pair(getattr(own, what), getattr(bare, what))
        for what in ("opened", "answered", "crowded", "crowded_answer")
    ]
    return f"| {name} | {' | '.join(pairs)} |"


def _seen_line(name: str, own: Seen, bare: Seen) -> str:
    return f"| {name} | {_pair(own.first, bare.first)} | {_pair(own.whole, bare.whole)} |"


if __name__ == "__main__":
    main()
