"""Lands damaged exports until the time is up.

Whatever comes, land reports it, writes all or nothing, and memory stays bounded. FUZZ_SECONDS says how long (default
60; seconds of processor time, however busy the machine is), FUZZ_SEED where to begin (default: the clock). What breaks
is written to a file.
"""

from __future__ import annotations

import logging
import os
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from leadline.data.landing.land import FileReport, IngestOptions, land, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from tests.fuzz.mutations import damaged, seeds

MOST_MEMORY = 1_500 << 20
"""bytes that the process may have grown by"""
SLOW = 20.0
"""seconds of work that a file under 400 KB may take; other work on the machine does not count"""
TELL_EVERY = 60.0
"""seconds between two lines of progress"""
TEMPLATES = (None, None, None, "leads", "deals", "campaigns", "reviews", "conversations")


def main() -> int:
    seconds = float(os.environ.get("FUZZ_SECONDS", "60"))
    seed = int(os.environ.get("FUZZ_SEED", str(time.time_ns() % 2**32)))
    chance = random.Random(seed)
    logging.disable(logging.CRITICAL)
    outcomes: Counter[str] = Counter()
    told = 1
    with (
        tempfile.TemporaryDirectory() as name,
        open_warehouse(Workspace(Path(name) / "w", Settings())) as warehouse,
    ):
        folder = Path(name)
        known = seeds(folder)
        before = _memory()
        began = time.process_time()
        while (worked := time.process_time() - began) < seconds:
            if worked > told * TELL_EVERY:
                told += 1
                print(
                    f"{worked:.0f} s: {sum(outcomes.values()):,} damaged exports", file=sys.stderr, flush=True
                )
            content = damaged(chance.choice(known), known, chance)
            options = IngestOptions(
                template=chance.choice(TEMPLATES),
                dates=chance.choice((None, "dmy", "mdy")),
                percent=chance.choice((None, "percent")),
                timezone=chance.choice((None, "Europe/Berlin")),
            )
            try:
                outcomes[_try(warehouse, folder, content, options)] += 1
                if _memory() - before > MOST_MEMORY:
                    raise AssertionError(f"memory grew by {(_memory() - before) >> 20} MB")
            except Exception:
                found = Path(f"fuzz-{seed}-{sum(outcomes.values())}.bin")
                found.write_bytes(content)
                print(f"{found} with {options}:\n{traceback.format_exc()}", file=sys.stderr)
                return 1
    kinds = ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.most_common())
    print(f"seed {seed}: {sum(outcomes.values()):,} damaged exports in {seconds:.0f} s: {kinds}")
    return 0


def _try(warehouse: Warehouse, folder: Path, content: bytes, options: IngestOptions) -> str:
    file = folder / "export.csv"
    file.write_bytes(content)
    began = time.process_time()
    report = land(warehouse, file, options)
    if (took := time.process_time() - began) > SLOW:
        raise AssertionError(f"took {took:.0f} s")
    if report.code == "engine_failed":
        raise AssertionError(report.message)
    check(warehouse, report)
    if report.import_id is not None:
        undo(warehouse, report.import_id)
    return report.code or report.state


def check(warehouse: Warehouse, report: FileReport) -> None:
    """What holds of every report."""
    rows = report.rows
    assert (
        rows.read == rows.new + rows.updated + rows.unchanged + rows.stale + rows.quarantined + rows.skipped
    )
    assert list(warehouse.intake.iterdir()) == [], "files were left behind"
    if report.state != "landed":
        assert report.message
        assert "Traceback" not in report.message
        return
    landed = warehouse.select(f"select count(*) from facts.{report.template}")[0][0]
    assert landed == rows.new, f"{landed} rows stand, {rows.new} were told"


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
