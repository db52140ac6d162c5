"""Runs methods over histories on all cores, and remembers what was found, so that a run can be cut and taken up again.

What is remembered is keyed by the text of every module that a method's answer depends on: a changed line anywhere in
them, and the histories are judged anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from data.samples.flows import Leads

from .histories import Found, history

ROOT = Path(__file__).resolve().parents[3]
MEMORY = ROOT / "build" / "bench-detection"
_FLOW = ("data/samples/flows.py", "tests/bench/detection/histories.py")


@dataclass(frozen=True)
class Method:
    """Something that may raise alarms over a history."""

    name: str
    label: str
    judge: Callable[[Leads], Found]
    rests_on: tuple[str, ...]
    """globs of the files whose change makes remembered answers worthless"""
    version: str = ""
    """of the package behind it"""
    share: float = 1.0
    """of the histories that it is run on: below 1 for a slow one"""

    def digest(self) -> str:
        seen = hashlib.sha256(self.version.encode())
        for pattern in (*_FLOW, *self.rests_on):
            for path in sorted(ROOT.glob(pattern)):
                seen.update(path.read_bytes())
        return seen.hexdigest()[:16]


@dataclass(frozen=True)
class Case:
    """One history, by name."""

    family: str
    volume: int
    number: int


Answers = dict[Case, Found]


def run(method: Method, cases: Iterable[Case], processes: int, deadline: float) -> Answers:
    """What `method` says of every case; those not begun by `deadline` (time.monotonic) are missing."""
    wanted = list(cases)
    MEMORY.mkdir(parents=True, exist_ok=True)
    memory = MEMORY / f"{method.name}-{method.digest()}.jsonl"
    known = _remembered(memory)
    todo = [case for case in wanted if case not in known]
    with ProcessPoolExecutor(processes) as pool, memory.open("a", encoding="utf-8") as file:
        for start in range(0, len(todo), 16 * processes):
            if time.monotonic() > deadline:
                break
            batch = todo[start : start + 16 * processes]
            for case, found in zip(batch, pool.map(_judge, [(method, c) for c in batch]), strict=True):
                known[case] = found
                file.write(json.dumps({**asdict(case), **asdict(found)}) + "\n")
            file.flush()
    return {case: known[case] for case in wanted if case in known}


def _judge(job: tuple[Method, Case]) -> Found:
    method, case = job
    return method.judge(history(case.family, case.volume, case.number))


def _remembered(memory: Path) -> Answers:
    if not memory.exists():
        return {}
    known: Answers = {}
    for line in memory.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        case = Case(row["family"], row["volume"], row["number"])
        known[case] = Found(row["first"], row["alarms"], row["why"])
    return known


def one_thread_each() -> None:
    """Keeps linear algebra from starting threads of its own in every process; call before numpy does any."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
