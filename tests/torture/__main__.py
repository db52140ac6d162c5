"""Injects faults until the time is up, and prints what was done, compared, lost and doubled.

TORTURE_SECONDS says how long (default 480), TORTURE_SEED where to begin (default: the clock).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.torture.pages import pages_at_once
from tests.torture.rounds import ROUNDS, CanNotBeTried, Torture, begin

PAGES = "twenty pages at once"
"""takes a minute, so it is tried once, at first"""


def main() -> int:
    began = time.monotonic()
    seconds = float(os.environ.get("TORTURE_SECONDS", "480"))
    seed = int(os.environ.get("TORTURE_SEED", str(time.time_ns() % 2**32)))
    left_out: dict[str, str] = {}
    ROUNDS[PAGES] = pages_at_once
    kinds = sys.argv[1:] or list(ROUNDS)
    first = [PAGES] if PAGES in kinds else []
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="leadline-torture-") as name:
        torture = begin(Path(name), seed)
        try:
            while time.monotonic() - began < seconds and kinds:
                kind = first.pop() if first else torture.chance.choice(kinds)
                try:
                    torture.round(kind)
                    print(f"{time.monotonic() - began:5.0f} s  {kind}", flush=True)
                except CanNotBeTried as e:
                    left_out[kind] = str(e)
                if kind == PAGES or kind in left_out:
                    kinds.remove(kind)
        except Exception:
            told(torture, time.monotonic() - began)
            print(f"seed {seed}, {kind}:\n{traceback.format_exc()}", file=sys.stderr)
            return 1
        finally:
            torture.unserved()
    told(torture, time.monotonic() - began)
    for kind, why in left_out.items():
        print(f"left out: {kind}, because {why}")
    return 0


def told(torture: Torture, seconds: float) -> None:
    """The figures."""
    for kind, count in sorted(torture.faults.items()):
        print(f"{count:6}  {kind}")
    seen, endings = torture.compared, torture.endings
    print(f"{sum(torture.faults.values()):6}  faults injected in {seconds:.0f} s")
    print(
        f"{endings['done']:6}  commands done, {endings['refused']} refused in a sentence, {endings['cut off']} cut off"
    )
    print(f"{seen.rows:6}  rows compared: {seen.lost} lost, {seen.doubled} doubled", flush=True)


if __name__ == "__main__":
    sys.exit(main())
