"""`python -m benchmarks.portfolio [leads [workflows …]]`: `leadline check` of few and of many workflows.

`leads` a workflow (1,000 unless told otherwise) of two years with their appointments and deals; one proxy, two
outcomes, two dimensions. Each check is a process of its own: the first one counts everything, the second finds the
facts as they were, the third comes after a week's increment of one workflow. Seconds on a processor, both cores
together, start of the process included, since others may use the machine; ratios to the smallest portfolio.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.dashboard.exports import LAST, furnish, write_exports
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace

LEADS = 1_000
PORTFOLIOS = (3, 30, 100)
LEADLINE = shutil.which("leadline", path=str(Path(sys.executable).parent)) or "leadline"
STEPS = ("first", "again", "after one increment")
INCREMENT = 20


def write_increment(folder: Path) -> Path:
    """New leads of one workflow in the last week."""
    moments = [
        dt.datetime.combine(LAST - dt.timedelta(days=n % 5), dt.time(9, n % 60)) for n in range(INCREMENT)
    ]
    file = folder / "increment.csv"
    rows = [f"N{n},{at},flow-0,organic,DACH,{at + dt.timedelta(minutes=9)}\n" for n, at in enumerate(moments)]
    file.write_text("lead_id,created_at,workflow,channel,region,first_response_at\n" + "".join(rows))
    return file


def check(folder: Path) -> float:
    """Processor seconds of `leadline check`; whatever it says of the workflows."""
    process = subprocess.Popen(
        [LEADLINE, "-w", str(folder), "check"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, used = os.wait4(process.pid, 0)
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 3, 4):
        raise SystemExit(
            f"check ended with {code}: {process.stderr.read().decode() if process.stderr else ''}"
        )
    return used.ru_utime + used.ru_stime


def measure(folder: Path, workflows: int, leads: int) -> tuple[float, float, float]:
    """A first check, another one, and one after a week's increment of one workflow."""
    names = [f"flow-{number}" for number in range(workflows)]
    furnish(folder / "w", names)
    _land(folder / "w", write_exports(folder, workflows * leads, names))
    first, again = check(folder / "w"), check(folder / "w")
    _land(folder / "w", [write_increment(folder)])
    return first, again, check(folder / "w")


def _land(workspace: Path, files: list[Path]) -> None:
    with open_warehouse(open_workspace(workspace)) as warehouse:
        for file in files:
            assert land(warehouse, file).state == "landed", file
            file.unlink()


def main(leads: int, portfolios: tuple[int, ...]) -> None:
    print(f"{dt.date.today()}, Python {platform.python_version()}, {leads:,} leads a workflow.\n")
    print(f"| workflows | {' | '.join(STEPS)} |\n| ---: |{' ---: |' * len(STEPS)}")
    smallest: tuple[float, float, float] | None = None
    for workflows in portfolios:
        with tempfile.TemporaryDirectory() as name:
            took = measure(Path(name), workflows, leads)
        smallest = smallest or took
        told = (
            f"{seconds:.2f} ({seconds / base:.1f} ×)" for seconds, base in zip(took, smallest, strict=True)
        )
        print(f"| {workflows} | {' | '.join(told)} |", flush=True)


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    main(numbers[0] if numbers else LEADS, tuple(numbers[1:]) or PORTFOLIOS)
