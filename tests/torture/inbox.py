"""500 files are dropped into an inbox while it lands, and the landing is killed twenty times: each landed once.

`python -m tests.torture.inbox [FILES] [KILLS]`; it takes many minutes where the machine is busy.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.dashboard.command_line import run
from tests.dashboard.serving import LEADLINE


def main() -> int:
    files, kills = (int(said) for said in (*sys.argv[1:3], *("500", "20")[len(sys.argv) - 1 :]))
    chance, began = random.Random(21), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="leadline-inbox-") as name:
        team = Path(name) / "team"
        run("init", team)
        (team / "leadline.toml").write_text("threads = 1\n")
        inbox = team / "inbox"
        inbox.mkdir()
        dropping = threading.Thread(target=drop, args=(inbox, files))
        dropping.start()
        killed = 0
        while killed < kills:
            landing = subprocess.Popen([LEADLINE, "inbox", "-w", team], stdout=subprocess.PIPE, text=True)
            assert landing.stdout is not None
            for line in landing.stdout:
                if "landed" in line:
                    break
            time.sleep(chance.uniform(0, 0.4))
            landing.send_signal(signal.SIGKILL)
            landing.communicate()
            killed += 1
            if all_landed(inbox, files):
                break
        dropping.join()
        assert run("inbox", "--once", workspace=team).status == 0
        there = sorted(each.name for each in (inbox / "landed").iterdir())
        imported = sorted(each["file"] for each in run("imports", "--json", workspace=team).json["imports"])
        assert [each.name for each in inbox.iterdir()] == ["landed"]
        assert there == sorted(f"{number:04}.csv" for number in range(files)), "a file is lost or doubled"
        assert [Path(each).name for each in imported] == there, "an import is lost or doubled"
    print(f"{files} files, killed {killed} times: each landed once, in {time.monotonic() - began:.0f} s")
    return 0


def drop(inbox: Path, files: int) -> None:
    """One after the other, half of them in two pieces."""
    for number in range(files):
        rows = "".join(f"L{number}-{row},2024-06-20,lr\n" for row in range(5))
        with (inbox / f"{number:04}.csv").open("w") as written:
            written.write("lead_id,created_at,workflow\n")
            if number % 2:
                written.flush()
                time.sleep(0.1)
            written.write(rows)


def all_landed(inbox: Path, files: int) -> bool:
    landed = inbox / "landed"
    return landed.is_dir() and len(list(landed.iterdir())) == files


if __name__ == "__main__":
    raise SystemExit(main())
