"""`python -m benchmarks.review`: a first check, and a replay of 70 weeks, each in a new process.

7,000 leads in four channels with their appointments and deals, 20,000 e-mails; two proxies, two outcomes, four
segments. Beside them, in the same run, landing the same exports, since seconds alone say little about a machine.
"""

from __future__ import annotations

import datetime as dt
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from leadline.data.landing.land import land
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.review import replay, review

START = dt.datetime(2023, 1, 2)
WEEKS = 105
LEADS, EMAILS = 7_000, 20_000
LAST = (START + dt.timedelta(weeks=WEEKS, days=-1)).date()
REPLAYED = 70
AIMS = {"check": 2.0, "replay": 15.0}
"""seconds"""
RUNS = 3
CHARTER = """\
workflow: lead-routing
name: Lead routing agent
owner: Head of Demand Generation
deployed_on: 2024-01-01
watch:
  proxies: [response_time, open_rate]
  outcomes: [close_rate, qualified_appointment_rate]
  segments: [channel]
stopping_rules:
  - {id: divergence, when: diverging, action: pause}
"""


def write(folder: Path) -> list[Path]:
    """The exports; the same for the same seed."""
    rng = np.random.default_rng(7)
    day = np.sort(rng.uniform(0, 7 * WEEKS, LEADS))
    channel = rng.choice(["organic", "paid", "referral", "social"], LEADS, p=[0.4, 0.3, 0.2, 0.1])
    answered = day + np.where(day < 364, rng.lognormal(-2.2, 0.8, LEADS), rng.lognormal(-5.0, 0.8, LEADS))
    met, won = day + rng.lognormal(2.2, 0.6, LEADS), day + rng.lognormal(3.5, 0.7, LEADS)
    has_met, has_won = rng.random(LEADS) < 0.36, rng.random(LEADS) < 0.2
    end = 7.0 * WEEKS
    leads = ["lead_id,created_at,workflow,channel,first_response_at"]
    appointments = ["appointment_id,lead_id,held_at,status,qualified"]
    deals = ["deal_id,lead_id,created_at,closed_at,stage,amount,currency"]
    for n in range(LEADS):
        reply = _moment(answered[n]) if answered[n] < end else ""
        leads.append(f"L{n},{_moment(day[n])},lead-routing,{channel[n]},{reply}")
        if has_met[n] and met[n] < end:
            appointments.append(f"A{n},L{n},{_moment(met[n])},held,yes")
        if has_won[n] and won[n] < end:
            deals.append(f"D{n},L{n},{_moment(day[n])},{_moment(won[n])},won,{9000 + n % 700},EUR")
    emails = ["message_id,sent_at,opened_at,workflow"]
    sent = np.sort(rng.uniform(0, end, EMAILS))
    opened = rng.random(EMAILS) < 0.3
    for n in range(EMAILS):
        seen = sent[n] + 0.2
        emails.append(
            f"M{n},{_moment(sent[n])},{_moment(seen) if opened[n] and seen < end else ''},lead-routing"
        )
    files = []
    for name, lines in (
        ("leads", leads),
        ("appointments", appointments),
        ("deals", deals),
        ("emails", emails),
    ):
        files.append(folder / f"{name}.csv")
        files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def _moment(day: float) -> str:
    return (START + dt.timedelta(days=float(day))).isoformat(sep=" ", timespec="seconds")


def step(name: str, folder: Path) -> None:
    """One measured step in this process; prints its seconds."""
    with open_warehouse(open_workspace(folder)) as warehouse:
        workspace = warehouse.workspace
        began = time.perf_counter()
        if name == "check":
            told = [pair.verdict for pair in review(warehouse, workspace, LAST).workflows[0].pairs]
        else:
            first = LAST - dt.timedelta(weeks=REPLAYED - 1)
            told = [each.workflows[0].verdict for each in replay(warehouse, workspace, first, LAST)]
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "told": len(told)}))


def measure(name: str, folder: Path) -> float:
    command = [sys.executable, "-m", "benchmarks.review", name, str(folder)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert found["told"] == {"check": 4, "replay": REPLAYED}[name]
    return float(found["seconds"])


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "w" / "charters").mkdir(parents=True)
        (folder / "w" / "charters" / "lead-routing.yaml").write_text(CHARTER, encoding="utf-8")
        (folder / "w" / "leadline.toml").write_text(f"as_of = {LAST}\n", encoding="utf-8")
        files = write(folder)
        with open_warehouse(open_workspace(folder / "w")) as warehouse:
            began = time.perf_counter()
            assert all(land(warehouse, file).state == "landed" for file in files)
            landing = time.perf_counter() - began
        print(
            f"{dt.date.today()}, Python {platform.python_version()}, {RUNS} new processes each, median seconds.\n"
        )
        print("| what | seconds | beside landing the same exports | aim |\n| --- | --- | --- | --- |")
        print(f"| landing {LEADS:,} leads and {EMAILS:,} e-mails | {landing:.2f} | 1 × | |")
        for what, aim in AIMS.items():
            took = statistics.median(measure(what, folder / "w") for _ in range(RUNS))
            label = {"check": "first check", "replay": f"replay of {REPLAYED} weeks"}[what]
            print(f"| {label} | {took:.2f} | {took / landing:.2f} × | < {aim:.0f} s |")


if __name__ == "__main__":
    step(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) == 3 else main()
