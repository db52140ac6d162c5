"""`python -m benchmarks.detection`: how often methods cry wolf, and how soon they find drift.

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

from benchmarks.detection.families import BY_NAME, FAMILIES, USUAL_HISTORIES, WIDER_HISTORIES
from benchmarks.detection.histories import SEED
from benchmarks.detection.methods import LEADLINE, REVIEW, cells, methods
from benchmarks.detection.report import insert, markdown, write_json
from benchmarks.detection.results import Results
from benchmarks.detection.running import ROOT, Answers, Case, Method, run

QUICK = 20


def main(arguments: list[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    count = QUICK if options.quick else options.histories
    is_whole = not (count or options.only or options.family or options.volume)
    chosen = tuple(m for m in methods() if not options.only or m.name in options.only)
    begun = time.monotonic()
    deadline = begun + 60 * options.minutes
    print(
        f"{count or f'{USUAL_HISTORIES} histories a cell of the usual families, {WIDER_HISTORIES} of the others'}"
        f", seed {SEED}. All of them take about eight hours of one core.",
        flush=True,
    )
    answers: dict[str, Answers] = {}
    complete = True
    for method in chosen:
        if method.missing:
            print(f"{method.name}: {method.missing}", flush=True)
            continue
        start = time.monotonic()
        wanted = _cases(method, count, options.family, options.volume)
        answers[method.name] = run(method, wanted, options.processes, deadline)
        done = len(answers[method.name])
        complete &= done == len(wanted)
        print(f"{method.name}: {done} of {len(wanted)} in {time.monotonic() - start:.0f} s", flush=True)
    results = Results(answers, chosen, _command(options), dt.date.today(), (time.monotonic() - begun) / 60)
    (ROOT / "build").mkdir(exist_ok=True)
    write_json(results, ROOT / "build" / "bench-detection.json")
    text = markdown(results)
    print("\n" + text + "\n")
    _print_culprits(results)
    if complete and is_whole:
        insert(ROOT / "docs" / "method.md", text)
        print("Written to docs/method.md.")
    if not complete:
        print("Cut short: run the same command again to go on from here.")
    return 0 if complete else 3


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument(
        "--histories",
        type=int,
        help=f"a cell; default {USUAL_HISTORIES} of the usual families, {WIDER_HISTORIES} of the others",
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK} histories a cell, nothing written to docs"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one a core")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin nothing new after so many")
    for name, of, what in (("only", "METHOD", "method"), ("family", "FAMILY", "family")):
        known = [m.name for m in methods()] if name == "only" else sorted(BY_NAME)
        parser.add_argument(
            f"--{name}", action="append", metavar=of, choices=known, help=f"only this {what}; may be repeated"
        )
    parser.add_argument(
        "--volume", action="append", type=int, metavar="LEADS", help="only at so many a week; may be repeated"
    )
    return parser


def _cases(
    method: Method, count: int | None, families: list[str] | None, volumes: list[int] | None
) -> list[Case]:
    """Number by number, so that a run that is cut has as many of every cell."""
    wanted = [
        (family.name, volume, histories)
        for family, volume, histories in cells(method, count)
        if (not families or family.name in families) and (not volumes or volume in volumes)
    ]
    most = max((histories for _, _, histories in wanted), default=0)
    return [
        Case(name, volume, number)
        for number in range(most)
        for name, volume, histories in wanted
        if number < histories
    ]


def _command(options: argparse.Namespace) -> str:
    said = (
        ["--quick"] if options.quick else ["--histories", str(options.histories)] if options.histories else []
    )
    for name in ("only", "family", "volume"):
        said += [word for value in getattr(options, name) or () for word in (f"--{name}", str(value))]
    return f"make bench-detection BENCH='{' '.join(said)}'" if said else "make bench-detection"


def _print_culprits(results: Results) -> None:
    """Who raised Leadline's false alarms: the evidence, or the outcome and segment that the review named."""
    for method in (LEADLINE, REVIEW):
        for family in (each for each in FAMILIES if not each.drifts):
            for volume in family.volumes:
                found = results.of(method.name, (family,), (volume,))
                who = Counter(each.why for each in found if each.why)
                if who:
                    named = ", ".join(f"{why} ×{times}" for why, times in who.most_common())
                    print(f"False alarms of {family.name} at {volume}, {method.name}: {named}")


if __name__ == "__main__":
    sys.exit(main())
