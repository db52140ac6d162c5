"""Builds `.venv-bench`, where the peers live: `python -m benchmarks.detection.environment`, standard library only.

They need older versions of pandas and plotly than the dashboard does, so they can't share its environment; Leadline is
installed beside them with no more than a review needs. A package that does not install is noted with its reason and
reported in the table, and the others are compared all the same.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv-bench"
PEERS = ROOT / "benchmarks" / "peers.txt"
OURS = ("numpy", "scipy", "duckdb", "python-calamine", "pyyaml", "sqlglot", "tzdata")
"""all that Leadline needs from an export to a review"""


def main() -> int:
    venv.create(HOME, with_pip=True)
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    ours = [line for line in constraints if line.split("==")[0].lower() in OURS]
    peers = [line for line in PEERS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    if error := _install(ours) or _install(["--no-deps", "--editable", str(ROOT)]):
        print(error, file=sys.stderr)
        return 1
    failed: dict[str, str] = {}
    if _install([*ours, *peers]):
        for peer in peers:
            if error := _install([*ours, peer]):
                failed[re.split(r"[<>=]", peer)[0]] = error
    (HOME / "not-installed.json").write_text(json.dumps(failed, indent=1), encoding="utf-8")
    for name, reason in failed.items():
        print(f"{name} did not install and will be reported as such: {reason}", file=sys.stderr)
    return 0


def _install(requirements: list[str]) -> str:
    """'' or pip's own last word on why not."""
    python = HOME / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    errors = re.findall(r"^ERROR: (.*)$", done.stderr, re.MULTILINE)
    return errors[-1] if errors else f"pip ended with {done.returncode}"


if __name__ == "__main__":
    sys.exit(main())
