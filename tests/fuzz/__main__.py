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

from leadline.data.exports.files.clean_copy import MOST_KEPT
from leadline.data.landing.land import FileReport, IngestOptions, land, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.settings import Settings
from leadline.data.workspace.workspace import Workspace
from tests.fuzz.mutations import damaged, long_and_damaged, seeds

MOST_MEMORY = 1_500 << 20
"""bytes that the process may have grown by"""
SLOW = 20.0
"""seconds of work that a file under 400 KB may take; other work on the machine does not count"""
TELL_EVERY = 60.0
"""seconds between two lines of progress"""
LONG_SHARE = 0.02
"""of the exports, those of thousands of rows with an odd line late in the file"""
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
            if chance.random() < LONG_SHARE:
                outcomes[_try_long(warehouse, folder, chance)] += 1
                continue
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


def _try_long(warehouse: Warehouse, folder: Path, chance: random.Random) -> str:
    """Lands a long export that is damaged late: what stands above the damage must stand as it was written."""
    content, sound = long_and_damaged(chance)
    file = folder / "long.csv"
    file.write_bytes(content)
    report = land(warehouse, file, IngestOptions())
    if report.state != "landed":  # a question about what is odd is as good
        assert report.message
        return f"long, {report.code or report.state}"
    try:
        check(warehouse, report)
        ((found,),) = warehouse.select(
            "select count(*) from facts.leads where try_cast(substr(lead_id, 2) as bigint) < $sound "
            "and channel = 'c' || (try_cast(substr(lead_id, 2) as bigint) % 97)",
            {"sound": sound},
        )
        assert found == sound, f"{sound:,} rows stand above the damage, {found:,} of them are facts"
    except AssertionError:
        kept = Path(f"fuzz-long-{len(content)}.csv")
        kept.write_bytes(content)
        raise
    undo(warehouse, report.import_id or 0)
    return "long"


def check(warehouse: Warehouse, report: FileReport) -> None:
    """What holds of every report: what it counts is what is stored, row by row."""
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
    number = {"number": report.import_id}
    if report.import_id is None:
        return
    ((stored, lines),) = warehouse.select(
        f"select count(*), count(distinct line) from landed.{report.template} where import_id = $number",
        number,
    )
    assert stored == lines == rows.new + rows.updated + rows.stale, f"{stored} rows are stored, of {rows}"
    ((aside, aside_further),) = warehouse.select(
        "select count(distinct line) filter (line > 0), coalesce(max(try_cast(value as bigint)) filter (line = 0), 0) "
        "from landed.quarantine where import_id = $number",
        number,
    )
    assert aside <= rows.quarantined <= aside + aside_further + MOST_KEPT * (aside_further > 0), (aside, rows)
    if not aside_further:
        assert aside == rows.quarantined, f"{aside} rows are set aside, {rows.quarantined} were told"
    ((skipped,),) = warehouse.select(
        "select coalesce(sum(case when line = 0 then try_cast(raw as bigint) else 1 end), 0) from landed.skipped "
        "where import_id = $number",
        number,
    )
    assert skipped == rows.skipped, f"{skipped} lines are kept as skipped, {rows.skipped} were told"
    counted = {one.reason: one.count for one in report.reasons}
    assert sum(counted.values()) >= rows.quarantined + rows.skipped, f"{counted} explain {rows}"


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
