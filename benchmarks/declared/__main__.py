"""`python -m benchmarks.declared [leads]`: the built-in metrics beside the SQL that each had before it was declared.

The coded texts are read from the history of this repository (needs a full clone). Both are asked on the stories, on
lead flows with a known truth, and on one large flow; row by row the same, from the facts and from kept counts. Each is
timed in the same run, in turns.
"""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leadline.data.counts import store
from leadline.data.engines.engine import ask
from leadline.data.landing.land import land
from leadline.data.samples.flows import FlowSpec
from leadline.data.samples.stories import STORIES
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.counts import bound, question_of
from tests import scenarios

BEFORE = "80395d2^"
"""the last commit with coded metrics"""
SEGMENTS = ("", "channel", "region", "kind", "variant", "of nobody")
SCENARIOS = tuple(scenarios.SCENARIOS)
WEEKS_AGO = (0, 30)
RUNS = 7


def coded() -> dict[str, tuple[Metric, str]]:
    """Metric → its declaration now, and its text then."""
    found = {}
    for name, metric in load_catalog(None).items():
        git = ["git", "show", f"{BEFORE}:metrics/sql/{name}.sql"]
        shown = subprocess.run(git, capture_output=True, text=True, check=False)
        if shown.returncode == 0:
            found[name] = (metric, shown.stdout)
    return found


def flows(folder: Path) -> Iterator[tuple[str, str, list[Path], dt.date]]:
    """Name, workflow, exports and last day."""
    for story in STORIES:
        last = dt.date(2026, 11, 22)
        (folder / story.workflow).mkdir()
        yield story.workflow, story.workflow, story.write(folder / story.workflow, last), last
    for name in SCENARIOS:
        (folder / name).mkdir()
        yield name, "lead-routing", scenarios.SCENARIOS[name].write(folder / name), scenarios.END


def large(folder: Path, leads: int) -> tuple[list[Path], dt.date]:
    """One flow of so many leads with their appointments, deals and e-mails."""
    spec = FlowSpec(leads_per_week=leads / scenarios.WEEKS)
    return scenarios.Scenario("large", spec).write(folder), scenarios.END


def values(metric: Metric, workflow: str, segment: str, through: dt.date) -> Mapping[str, object]:
    bound_in = {
        "workflow": workflow,
        "segment": segment,
        "through": through,
        "within_weeks": metric.within_weeks,
    }
    return bound_in | dict(metric.parameters)


def same(warehouse: Warehouse, workflow: str, last: dt.date) -> int:
    """How many answers with anything in them were the same; raises where two differ."""
    asked = 0
    for name, (metric, text) in coded().items():
        for segment in SEGMENTS:
            for weeks in WEEKS_AGO:
                given = values(metric, workflow, segment, last - dt.timedelta(weeks=weeks))
                kept_as, question = question_of(metric, bool(segment))
                now = {**given, **dict(question.values)}
                before = ask(warehouse, text, bound(text, given))
                for how, found in (
                    ("facts", ask(warehouse, question.sql, bound(question.sql, now))),
                    ("kept", store.answer(warehouse, kept_as, bound(question.sql, now))),
                ):
                    if found is not None:
                        asked += bool(before)
                        if sorted(map(repr, before)) != sorted(map(repr, found)):
                            raise SystemExit(
                                f"{name} by {segment!r} through {given['through']}: {how} differ"
                            )
    return asked


def took(runs: Mapping[str, Callable[[], Any]]) -> dict[str, float]:
    """Median seconds of each, in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(RUNS):
        for name, run in runs.items():
            began = time.process_time()
            run()
            seconds[name].append(time.process_time() - began)
    return {name: statistics.median(each) for name, each in seconds.items()}


def main(leads: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for flow, workflow, exports, last in flows(folder):
            with landed(folder / f"w-{flow}", exports) as warehouse:
                print(f"{flow}: {same(warehouse, workflow, last)} answers, all as before", flush=True)
        exports, last = large(folder, leads)
        with landed(folder / "w-large", exports) as warehouse:
            store.KEPT_FROM_ROWS = 0
            print(
                f"{leads:,} leads, kept too: {same(warehouse, 'lead-routing', last)} answers, all as before\n"
            )
            print("| metric | coded | declared | ratio |\n| --- | --- | --- | --- |")
            for metric_name, (metric, text) in coded().items():
                given = values(metric, "lead-routing", "", last)
                question = question_of(metric, by_segment=False)[1]
                now = bound(question.sql, {**given, **dict(question.values)})
                runs = took(
                    {
                        "coded": lambda t=text, g=given: ask(warehouse, t, bound(t, g)),
                        "declared": lambda q=question.sql, n=now: ask(warehouse, q, n),
                    }
                )
                ratio = runs["declared"] / runs["coded"]
                coded_ms, declared_ms = (1000 * runs[how] for how in ("coded", "declared"))
                print(
                    f"| {metric_name} | {coded_ms:.1f} ms | {declared_ms:.1f} ms | {ratio:.2f} |", flush=True
                )


@contextmanager
def landed(folder: Path, exports: list[Path]) -> Iterator[Warehouse]:
    (folder / "charters").mkdir(parents=True)
    (folder / "leadline.toml").write_text("")
    with open_warehouse(open_workspace(folder)) as warehouse:
        for file in exports:
            report = land(warehouse, file)
            assert report.state == "landed", report
        yield warehouse


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
