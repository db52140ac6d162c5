"""`python -m benchmarks.scale`: landing, a week's increment and checks at 1, 3 and 10 million leads.

Five e-mails a lead, two proxies, two outcomes, two segment dimensions. Each step runs in a process of its own; beside
them, in the same run, what plain SQL takes: DuckDB reading the same files into tables, and the four cohort queries
of the watched metrics over those tables, whole and of the increment alone.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.scale.exports import EMAILS_A_LEAD, LAST, WORKFLOW, write
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.cohorts import ONE_WEEK
from leadline.metrics.review import review

MILLIONS = (1, 3, 10)
CHARTER = f"""\
workflow: {WORKFLOW}
name: Lead routing agent
owner: Head of Demand Generation
deployed_on: 2024-01-01
watch:
  proxies: [response_time, open_rate]
  outcomes: [close_rate, qualified_appointment_rate]
  segments: [channel, region]
stopping_rules:
  - {{id: divergence, when: diverging, action: pause}}
"""
SQL = Path(__file__).parents[2] / "metrics" / "sql"
COUNTED = ("close_rate", "qualified_appointment_rate", "response_time", "open_rate")
"""the metrics of the charter; plain SQL counts them by channel"""
MADE = "null::varchar as brief_id, null::varchar as version, null::varchar as handled_by"
COLUMNS = {
    "leads": f"null::varchar as segment, null::varchar as owner, {MADE}",
    "deals": f"'{WORKFLOW}' as workflow",
    "appointments": f"'{WORKFLOW}' as workflow",
    "emails": f"null::boolean as machine_open, null::timestamp as clicked_at, null::varchar as variant, {MADE}",
}
WARM_UP = "select $x"
"""the first value that a process binds has DuckDB load pandas, which is no work on data"""
NO_ATTRIBUTES = "map {}::map(varchar, varchar)"
NO_MAILINGS = """create table facts.campaigns (workflow varchar, sent_at timestamp, recipients bigint, delivered bigint,
unique_opens bigint, variant varchar, brief_id varchar, version varchar, handled_by varchar,
attributes map(varchar, varchar))"""
WORDS = {
    "bare_read": "plain `read_csv` into tables",
    "land_first": "first landing",
    "bare_count": "plain SQL, the four metrics over everything",
    "check_cold": "`check`, nothing kept yet",
    "bare_read_then": "plain `read_csv` of the increment",
    "land_then": "landing the increment (1 %)",
    "bare_count_then": "plain SQL, the four metrics over the increment",
    "check_then": "`check` after the increment",
    "page": "the weekly page (this review and the one before)",
}
AIM_TIMES, AIM_SECONDS = 1.5, 1.0
"""`check` after the increment: at most this many times plain SQL over the increment, and this many seconds more"""


def step(name: str, folder: Path, file: str = "") -> dict[str, Any]:
    """One measured step in this process; a landing is one of a file."""
    found = _bare(name, folder) if name.startswith("bare") else _ours(name, folder, file)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {**found, "memory": memory, "disk": _size(folder / "w") if (folder / "w").is_dir() else 0}


def _bare(name: str, folder: Path) -> dict[str, Any]:
    part = "then" if name.endswith("_then") else "first"
    with duckdb.connect(str(folder / f"bare-{part}.duckdb")) as engine:
        engine.execute(WARM_UP, {"x": 1})
        began, used = time.perf_counter(), time.process_time()
        if name.startswith("bare_read"):
            engine.execute("create schema facts")
            engine.execute(NO_MAILINGS)
            for template, others in COLUMNS.items():
                files = folder / f"{part}-{template}*.csv"
                engine.execute(
                    f"create table facts.{template} as select *, {others}, {NO_ATTRIBUTES} as attributes "
                    f"from read_csv('{files}')"
                )
        else:
            for metric in COUNTED:
                text = (SQL / f"{metric}.sql").read_text(encoding="utf-8")
                values = {"workflow": WORKFLOW, "segment": "channel", "through": LAST + ONE_WEEK}
                engine.execute(text, values).fetchall()
        return _since(began, used)


def _ours(name: str, folder: Path, file: str) -> dict[str, Any]:
    with open_warehouse(open_workspace(folder / "w")) as warehouse:
        warehouse.select(WARM_UP, {"x": 1})
        began, used = time.perf_counter(), time.process_time()
        if name.startswith("land"):
            report = land(warehouse, folder / file)
            if report.state != "landed":
                raise SystemExit(report.message)
            return {**_since(began, used), "rows": report.rows.read}
        today = LAST if name == "check_cold" else LAST + ONE_WEEK
        for day in (today, today - ONE_WEEK) if name == "page" else (today,):
            told = review(warehouse, warehouse.workspace, day)
        assert len(told.workflows[0].pairs) == 4
        return _since(began, used)


def _since(began: float, used: float) -> dict[str, Any]:
    """Seconds by the clock, and those of this process on both cores."""
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used}


def measure(name: str, folder: Path, so_far: dict[str, Any], save: Callable[[], None]) -> None:
    """Adds one step to what was measured so far; a landing goes on after the file that it was cut off at."""
    if not name.startswith("land"):
        so_far[name] = _in_a_process(name, folder, "")
        return
    total = so_far.setdefault(name, {"files": {}})
    part = name.removeprefix("land_")
    for file in [each.name for t in COLUMNS for each in sorted(folder.glob(f"{part}-{t}*.csv"))]:
        if file not in total["files"]:
            total["files"][file] = _in_a_process(name, folder, file)
            save()
    each = list(total["files"].values())
    total |= {what: sum(one[what] for one in each) for what in ("seconds", "cpu", "rows")}
    total |= {what: max(one[what] for one in each) for what in ("memory", "disk")}


def _in_a_process(name: str, folder: Path, file: str) -> dict[str, Any]:
    os.sync()  # nobody's disk queue is measured
    return dict(json.loads(_call("--step", name, str(folder), file)))


def _call(*arguments: str) -> str:
    """What a process of its own prints. This one stays small: a child's peak begins with its parent's size."""
    command = [sys.executable, "-m", "benchmarks.scale", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def prepare(folder: Path, leads: int, memory_limit: str | None) -> None:
    """Exports, and an empty workspace with its charter."""
    (folder / "w" / "charters").mkdir(parents=True)
    (folder / "w" / "charters" / "lead-routing.yaml").write_text(CHARTER, encoding="utf-8")
    limit = f'memory_limit = "{memory_limit}"\n' if memory_limit else ""
    (folder / "w" / "leadline.toml").write_text(f"as_of = {LAST + ONE_WEEK}\n{limit}", encoding="utf-8")
    write(folder, leads)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def table(found: dict[str, dict[str, Any]]) -> str:
    """What was measured as Markdown: a row a step, a column a size."""
    sizes = sorted(found, key=int)
    lines = [
        f"{dt.date.today():%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, "
        f"DuckDB {duckdb.__version__}, {EMAILS_A_LEAD} e-mails a lead; seconds by the "
        "clock (on a processor, both cores together; peak memory).",
        "",
        "| leads | " + " | ".join(f"{int(size):,}" for size in sizes) + " |",
        "| --- | " + " | ".join("---:" for _ in sizes) + " |",
    ]
    for name, words in WORDS.items():
        cells = []
        for size in sizes:
            one = found[size].get(name)
            told = "{seconds:.2f} ({cpu:.2f}, {gib:.2f} GiB)"
            cells.append(told.format(**one, gib=one["memory"] / (1 << 30)) if one else "")
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    aims = []
    for size in sizes:
        bare, ours = found[size].get("bare_count_then"), found[size].get("check_then")
        aim = AIM_TIMES * bare["seconds"] + AIM_SECONDS if bare else None
        aims.append(
            f"{'yes' if ours['seconds'] <= aim else 'no'}: {ours['seconds']:.2f}, aim {aim:.2f}"
            if aim and ours
            else ""
        )
    lines.append(
        f"| `check` within {AIM_TIMES} × plain SQL over the increment + {AIM_SECONDS:.0f} s, by the clock | "
        + " | ".join(aims)
        + " |"
    )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, nargs="*", default=list(MILLIONS))
    parser.add_argument(
        "--folder", type=Path, help="where files and workspaces go; default: a temporary folder"
    )
    parser.add_argument("--memory-limit", help="memory_limit of the workspace; default: the engine's own")
    parser.add_argument(
        "--only",
        nargs="*",
        help="steps to take now, in a folder that is kept, if they are not among the results yet: 'prepare' and others",
    )
    parser.add_argument("--results", type=Path, default=Path("build/bench-scale.json"))
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--prepare", nargs=3, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.step:
        print(json.dumps(step(said.step[0], Path(said.step[1]), said.step[2])))
        return
    if said.prepare:
        prepare(Path(said.prepare[0]), int(said.prepare[1]), said.prepare[2] or None)
        return
    if said.only and not said.folder:
        parser.error("--only needs --folder")
    found = json.loads(said.results.read_text()) if said.only and said.results.exists() else {}
    said.results.parent.mkdir(parents=True, exist_ok=True)

    def save() -> None:
        said.results.write_text(json.dumps(found, indent=1))

    folder = Path(tempfile.mkdtemp(dir=said.folder)) if not said.only else said.folder
    try:
        for millions in said.millions:
            leads = int(millions * 1_000_000)
            own = folder / str(leads)
            for name in said.only or ("prepare", *WORDS):
                if name == "prepare":
                    _call("--prepare", str(own), str(leads), said.memory_limit or "")
                    continue
                so_far = found.setdefault(str(leads), {})
                if "seconds" in so_far.get(name, {}):
                    continue
                measure(name, own, so_far, save)
                save()
                print(leads, name, so_far[name], file=sys.stderr, flush=True)
            if not said.only:
                shutil.rmtree(own)
        print(table(found))
    finally:
        if not said.only:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
