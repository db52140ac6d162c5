"""Lands generated exports and compares with bare reading of the same files, each in a process of its own."""

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
from pathlib import Path

import duckdb
import python_calamine as calamine

from benchmarks.ingest.exports import write_leads, write_sheet
from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace

LIMITS = {
    "first": 2.5,
    "again": 0.2,
    "overlap": 1.6,
    "sheet": 2.0,
}
"""aims: landing / bare reading, same file / first landing, half-overlapping / first landing, sheet / bare parsing"""
MOST_MEMORY = 4 << 30


def step(name: str, file: Path, workspace: Path) -> None:
    """One measured step; prints its seconds, seconds of processor time, peak memory (bytes) and rows as JSON."""
    began, worked = time.perf_counter(), time.process_time()
    rows: dict[str, int] = {}
    if name == "bare":
        with duckdb.connect(str(workspace / "bare.duckdb")) as engine:
            engine.execute(
                "create table bare as select * from read_csv($file, all_varchar = true, header = true)",
                {"file": str(file)},
            )
            rows = {"read": engine.execute("select count(*) from bare").fetchall()[0][0]}
    elif name == "bare_sheet":
        rows = {"read": len(calamine.load_workbook(str(file)).get_sheet_by_index(0).to_python()) - 1}
    else:
        with open_warehouse(Workspace(workspace, Settings())) as warehouse:
            # opening a workspace is paid once, not a file
            began, worked = time.perf_counter(), time.process_time()
            report = land(warehouse, file)
            seconds, work = time.perf_counter() - began, time.process_time() - worked
            if report.state != "landed":
                raise SystemExit(report.message)
            rows = report.to_dict()["rows"]
            began, worked = time.perf_counter() - seconds, time.process_time() - work
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "work": work, "memory": peak, "rows": rows}))


def measure(name: str, file: Path, workspace: Path) -> dict[str, object]:
    # written and dropped from the page cache's dirty list first: nobody's disk queue is measured
    os.sync()
    command = [sys.executable, "-m", "benchmarks.ingest", "--step", name, str(file), str(workspace)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--sheet-rows", type=int, default=200_000)
    parser.add_argument(
        "--folder", type=Path, help="where files and workspaces go; default: a temporary folder"
    )
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.step:
        step(said.step[0], Path(said.step[1]), Path(said.step[2]))
        return
    folder = Path(tempfile.mkdtemp(dir=said.folder))
    try:
        print(report(folder, said.rows, said.sheet_rows))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(folder: Path, rows: int, sheet_rows: int) -> str:
    """Every measurement as a Markdown table."""
    file = write_leads(folder / "leads.csv", rows)
    size = file.stat().st_size
    workspace = folder / "workspace"
    bare, first = _side_by_side("bare", file, folder / "bare", workspace)
    again = measure("land", file, workspace)
    file.unlink()
    half = write_leads(folder / "half.csv", rows, first=rows // 2)
    overlap = measure("land", half, workspace)
    half.unlink()
    sheet = write_sheet(folder / "leads.xlsx", sheet_rows)
    bare_sheet, landed_sheet = _side_by_side("bare_sheet", sheet, folder / "bare", folder / "sheet")
    lines = [
        f"{dt.date.today():%Y-%m-%d}, {os.cpu_count()} cores shared with other work, {platform.machine()}, DuckDB "
        f"{duckdb.__version__}, {rows:,} leads ({size / 1e9:.2f} GB), sheet of {sheet_rows:,} × 15",
        "",
        "Of two runs in turns the quicker; the same file again and the half-known one once. Processor time is that of "
        "all threads: where other work shares the cores, its ratio is the steadier one.",
        "",
        "| what | seconds | processor seconds | peak memory | beside | ratio | of processor time | aim |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        _line("bare `read_csv` into a table", bare),
        _line("first landing", first, "bare", bare, LIMITS["first"]),
        _line("the very same file again", again, "first", first, LIMITS["again"]),
        _line("an export of which half is known", overlap, "first", first, LIMITS["overlap"]),
        _line("bare parsing of the sheet", bare_sheet),
        _line("landing the sheet", landed_sheet, "bare", bare_sheet, LIMITS["sheet"]),
        "",
        *(
            f"{name}: {m['rows']}"
            for name, m in (("first", first), ("again", again), ("overlap", overlap), ("sheet", landed_sheet))
        ),
    ]
    return "\n".join(lines)


def _side_by_side(bare: str, file: Path, folder: Path, workspace: Path) -> list[dict[str, object]]:
    """Bare reading and landing in turns, each in an empty folder; of two runs the quicker."""
    runs = [(measure(bare, file, _fresh(folder)), measure("land", file, _fresh(workspace))) for _ in range(2)]
    return [min(times, key=lambda m: float(str(m["seconds"]))) for times in zip(*runs, strict=True)]


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _line(
    what: str,
    measured: dict[str, object],
    beside: str = "",
    other: dict[str, object] | None = None,
    aim: float | None = None,
) -> str:
    seconds, work = float(str(measured["seconds"])), float(str(measured["work"]))
    memory = int(str(measured["memory"]))
    ratio = f"{seconds / float(str(other['seconds'])):.2f} ×" if other else ""
    of_work = f"{work / float(str(other['work'])):.2f} ×" if other else ""
    too_much = " (over 4 GiB)" if memory > MOST_MEMORY else ""
    return (
        f"| {what} | {seconds:.2f} | {work:.2f} | {memory / (1 << 30):.2f} GiB{too_much} | {beside} | {ratio} | "
        f"{of_work} | {f'≤ {aim} ×' if aim else ''} |"
    )


if __name__ == "__main__":
    main()
