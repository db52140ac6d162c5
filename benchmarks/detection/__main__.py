"""`python -m benchmarks.detection`: how often monitors cry wolf, and how soon they find drift.

Runs every method over the same simulated histories, prints the tables, writes them to docs/method.md when the run was
complete, and every cell to build/bench-detection.json. A run that is cut, by --minutes or by hand, is taken up again by
the next one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from collections import Counter

from benchmarks.detection.histories import FAMILIES, SEED, VOLUMES
from benchmarks.detection.methods import judged, methods
from benchmarks.detection.report import DRIFT_FREE, Results, insert, markdown, write_json
from benchmarks.detection.running import ROOT, Answers, Case, Method, run

HISTORIES = 200
QUICK = 20


def main(arguments: list[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    count = QUICK if options.quick else options.histories
    chosen = tuple(m for m in methods() if not options.only or m.name in options.only)
    begun = time.monotonic()
    deadline = begun + 60 * options.minutes
    print(
        f"{count} histories a cell, {len(FAMILIES)} families × {VOLUMES} leads a week, seed {SEED}.",
        flush=True,
    )
    print(
        "200 a cell take about an hour of one core for Leadline and an hour and a half for all others.",
        flush=True,
    )
    answers: dict[str, Answers] = {}
    complete = True
    for method in chosen:
        if method.missing:
            print(f"{method.name}: {method.missing}", flush=True)
            continue
        start = time.monotonic()
        wanted = _cases(method, count)
        answers[method.name] = run(method, wanted, options.processes, deadline)
        done = len(answers[method.name])
        complete &= done == len(wanted)
        print(f"{method.name}: {done} of {len(wanted)} in {time.monotonic() - start:.0f} s", flush=True)
    results = Results(
        answers, chosen, count, _command(options), dt.date.today(), (time.monotonic() - begun) / 60
    )
    (ROOT / "build").mkdir(exist_ok=True)
    write_json(results, ROOT / "build" / "bench-detection.json")
    if "leadline" in answers and "oracle" in answers:
        text = markdown(results)
        print("\n" + text + "\n")
        _print_culprits(results)
        if complete and not options.quick and not options.only and count >= HISTORIES:
            insert(ROOT / "docs" / "method.md", text)
            print("Written to docs/method.md.")
    if not complete:
        print("Cut short: run the same command again to go on from here.")
    return 0 if complete else 3


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument("--histories", type=int, default=HISTORIES, help="a cell; default %(default)s")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK} histories a cell, nothing written to docs"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one a core")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin nothing new after so many")
    parser.add_argument("--only", action="append", metavar="METHOD", help="only this method; may be repeated")
    return parser


def _cases(method: Method, count: int) -> list[Case]:
    """Number by number, so that a run that is cut has as many of every cell."""
    families = judged(method)
    return [
        Case(family.name, volume, number)
        for number in range(count)
        for family in families
        for volume in VOLUMES
    ]


def _command(options: argparse.Namespace) -> str:
    if options.quick:
        return "make bench-detection BENCH=--quick"
    changed = "" if options.histories == HISTORIES else f" BENCH='--histories {options.histories}'"
    return f"make bench-detection{changed}"


def _print_culprits(results: Results) -> None:
    """Which monitors raised Leadline's false alarms."""
    print("Who raised Leadline's false alarms:")
    for family in DRIFT_FREE:
        for volume in VOLUMES:
            found = results.of("leadline", (family,), (volume,))
            who = Counter(each.why for each in found if each.why)
            if who:
                named = ", ".join(f"{why} ×{times}" for why, times in who.most_common())
                print(f"  {family.name} at {volume}: {named}")


if __name__ == "__main__":
    sys.exit(main())
