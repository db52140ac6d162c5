"""Runs methods over histories on all cores, and remembers what was found, so that a run can be cut and taken up again.

What is remembered is keyed by the text of every module of the project that a method's answer rests on, and of the
questions and templates where it asks a warehouse: a changed line anywhere in them, and the histories are judged anew.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.detection.answers import Found
from benchmarks.detection.histories import History, history

ROOT = Path(__file__).resolve().parents[2]
MEMORY = ROOT / "build" / "bench-detection"
CHUNK = 16
"""histories a process is given between two looks at the clock"""


@dataclass(frozen=True)
class Method:
    """Something that may raise alarms over a history."""

    name: str
    label: str
    judge: Callable[[History], Found]
    version: str = ""
    """of the package behind it"""
    missing: str = ""
    """why it can't be run; '' where it can"""

    def digest(self) -> str:
        seen = hashlib.sha256(self.version.encode())
        for path in sorted(sources(Path(inspect.getfile(self.judge)))):
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
    with ExitStack() as stack:
        file = stack.enter_context(memory.open("a", encoding="utf-8"))
        each: Callable[..., Iterable[Found]] = map
        if processes > 1 and todo:
            each = stack.enter_context(ProcessPoolExecutor(processes)).map
        for start in range(0, len(todo), CHUNK * processes):
            if time.monotonic() > deadline:
                break
            batch = todo[start : start + CHUNK * processes]
            jobs = [(method.judge, case) for case in batch]
            for case, found in zip(batch, each(_judge, jobs), strict=True):
                known[case] = found
                file.write(json.dumps({**asdict(case), **asdict(found)}) + "\n")
            file.flush()
    return {case: known[case] for case in wanted if case in known}


def _judge(job: tuple[Callable[[History], Found], Case]) -> Found:
    judge, case = job
    return judge(history(case.family, case.volume, case.number))


def _remembered(memory: Path) -> Answers:
    if not memory.exists():
        return {}
    known: Answers = {}
    for line in memory.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        case = Case(row.pop("family"), row.pop("volume"), row.pop("number"))
        known[case] = Found.of_plain(row)
    return known


def sources(path: Path) -> set[Path]:
    """A module's file and those of all modules of the project that it imports, directly or not; with a warehouse among
    them, whatever is asked of it or lands in it by SQL and YAML."""
    found: set[Path] = set()
    todo = [path.resolve()]
    while todo:
        file = todo.pop()
        if file in found:
            continue
        found.add(file)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            todo += [each for each in _imported(node, file) if each.is_file()]
    if ROOT / "data" / "warehouse.py" in found:
        rooms = (ROOT / "data", ROOT / "metrics")
        read = {file for room in rooms for ending in ("sql", "yaml") for file in room.rglob(f"*.{ending}")}
        found |= {file for file in read if "samples" not in file.parts}
    return found


def _imported(node: ast.AST, file: Path) -> list[Path]:
    if isinstance(node, ast.Import):
        return [ROOT / (_folder(name.name).replace(".", "/") + ".py") for name in node.names]
    if isinstance(node, ast.ImportFrom):
        base = file.parents[node.level - 1] if node.level else ROOT
        inside = base.joinpath(*_folder(node.module or "").split("."))
        return [inside.with_suffix(".py"), *(inside / f"{name.name}.py" for name in node.names)]
    return []


def _folder(module: str) -> str:
    """`leadline.data.…` lies in `data/…`."""
    return module.removeprefix("leadline.")
