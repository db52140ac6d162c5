"""Plants each fault by itself in a copy of the sources and runs the tests that must notice it.

`make planted` plants all; `make planted PLANTED="ledger|backup"` those whose names this pattern finds. The checkout is
never touched. 0 where every fault was noticed by a test that passes without it, 1 otherwise.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.planted.faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ("data", "metrics", "dashboard")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::.*?)(?: - .*)?$", re.MULTILINE)


def main(pattern: str = "") -> int:
    chosen = [fault for fault in FAULTS if re.search(pattern, fault.name)]
    if not chosen:
        print(f"No fault's name holds {pattern!r}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy_of_the_sources(Path(folder))
        told = [(fault, _noticed_by(copy, fault)) for fault in chosen]
    unnoticed = [fault for fault, by in told if by is None]
    print(f"\n{len(told) - len(unnoticed)} of {len(told)} faults were noticed.")
    return 1 if unnoticed else 0


def _copy_of_the_sources(folder: Path) -> Path:
    """Everything that git keeps or would keep, with the package's links, so that tests run there as they do here."""
    copy = folder / "sources"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    package = copy / "build" / "links" / "leadline"
    package.mkdir(parents=True)
    for linked in (*((copy / "door").iterdir()), *(copy / name for name in PACKAGE)):
        (package / linked.name).symlink_to(linked)
    return copy


def _noticed_by(copy: Path, fault: Fault) -> str | None:
    """The first test that fails with this fault and passes without it, told as soon as it is known; None: none."""
    file = copy / fault.file
    sound = file.read_text(encoding="utf-8")
    if sound.count(fault.text) != 1:
        print(
            f"CAN'T BE PLANTED  {fault.name}: its text does not stand in {fault.file} exactly once",
            flush=True,
        )
        return None
    file.write_text(sound.replace(fault.text, fault.planted), encoding="utf-8")
    try:
        ran = _run(copy, fault.tests)
    finally:
        file.write_text(sound, encoding="utf-8")
    found = _FAILED.search(ran.stdout)
    if ran.returncode != 1 or found is None:
        print(f"UNNOTICED  {fault.name}: {' '.join(fault.tests)}", flush=True)
        if ran.returncode != 0:
            print(ran.stdout, ran.stderr, file=sys.stderr)
        return None
    test = found.group(1)
    if _run(copy, [test]).returncode != 0:
        print(f"CAN'T BE TOLD  {fault.name}: {test} fails without it too", flush=True)
        return None
    print(f"noticed  {fault.name}: {test}", flush=True)
    return test


def _run(copy: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    quietly = ("-x", "-q", "-p", "no:cacheprovider", "-m", "not timed and not browser")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *quietly, *tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "build" / "links"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
