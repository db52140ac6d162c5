"""A process that is killed in the middle of its work."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def cut_off(script: str, workspace: Path, line: str, seconds: float, until: str | None = None) -> None:
    """Runs a script that opens the workspace, says 'open' and works at the line it is given; kills it after a while.

    With `until`, when it says that, however long it takes.
    """
    worker = subprocess.Popen(
        [sys.executable, "-c", script, str(workspace)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    assert worker.stdout.readline() == "open\n"
    worker.stdin.write(f"{line}\n")
    worker.stdin.flush()
    if until is None:
        time.sleep(seconds)
    else:
        assert f"{until}\n" in worker.stdout
    worker.kill()
    worker.wait()
    worker.stdin.close()
    worker.stdout.close()
