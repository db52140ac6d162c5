"""Pulls from a portal of 25,000 deals while it fails in every way, one by one and together: the facts are the portal's.

`python -m tests.torture.portal [DEALS] [SEED]`; it takes some minutes. Beside each other in one run: the processor time
of a pull without faults, of one with all of them, and of landing the very files that a pull wrote.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from leadline.data.portals import portal as portals
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from tests.dashboard.command_line import Ran, run
from tests.dashboard.serving import LEADLINE
from tests.data.portals.mock_hubspot import MockHubSpot
from tests.data.portals.mock_portal import portal

FAULTS = {
    "429": 0.1,
    "429 elsewhere": 0.1,
    "500": 0.1,
    "gone": 0.05,
    "cut": 0.05,
    "repeated": 0.3,
    "changed": 0.5,
}
STRICT = "searches limited"
ENDING = "token ends"
LATE = "index late"
SKEWED = "clocks differ"
KILLED = "killed"
EVERY = (*FAULTS, STRICT, ENDING, LATE, SKEWED, KILLED)
TOKEN = "LEADLINE_HUBSPOT_TOKEN"


def main() -> int:
    said = [int(each) for each in sys.argv[1:]]
    deals, seed = (*said, *(25_000, 7)[len(said) :])
    portals.FIRST_PAUSE_SECONDS = 0.02
    os.environ[TOKEN] = "good"
    chance, began = random.Random(seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="leadline-portal-") as name, portal(MockHubSpot()) as hubspot:
        hubspot.chance, hubspot.meddle = random.Random(seed), lambda told: edit(told, chance)
        fill(hubspot, deals)
        calm = team(Path(name) / "calm", hubspot)
        without = seconds_of("pull", "hubspot", workspace=calm)
        compared = compare(calm, hubspot)
        again = team(Path(name) / "again", hubspot)
        files = sorted((calm / "inbox" / "landed").iterdir())
        landing = seconds_of("ingest", *files, workspace=again)
        stormy, counted = team(Path(name) / "stormy", hubspot), dict.fromkeys(EVERY, 0)
        begun = time.thread_time()
        pulls = storm(stormy, hubspot, chance, EVERY[:-1], counted)  # a killed one's time is not known
        storming = time.thread_time() - begun
        compared += settled(stormy, hubspot)
        for fault in (*EVERY, *(("everything",) * 3)):
            for _ in range(5):
                edit(hubspot, chance)
            pulls += storm(stormy, hubspot, chance, EVERY if fault == "everything" else (fault,), counted)
            if fault not in ("everything", "changed", LATE):
                compared += compare(stormy, hubspot)
            compared += settled(stormy, hubspot)
            print(f"{time.monotonic() - began:5.0f} s  {fault}", flush=True)
    print(f"{deals:,} deals, {pulls} pulls, {hubspot.asked:,} requests, seed {seed}: {counted}")
    print(f"{compared:,} facts compared, all as the portal has them")
    times = f"a pull {without / landing:.2f}, with all faults but kills {storming / landing:.2f}"
    print(f"processor time: landing the files 1, {times}")
    return 0


def fill(hubspot: MockHubSpot, deals: int) -> None:
    """Two months ago: contacts, deals with one of them each, two with hundreds, some with none."""
    hubspot.clock = dt.datetime.now(dt.UTC) - dt.timedelta(days=60)
    contacts = max(deals // 5, 400)
    for number in range(1, contacts + 1):
        hubspot.put("contacts", number, hs_analytics_source="PAID_SEARCH", email=f"p{number}@example.com")
    for number in range(100_001, 100_001 + deals):
        hubspot.put("deals", number, amount=str(number), deal_currency_code="EUR")
        hubspot.links[number] = [number % contacts + 1] if number % 9 else []
    hubspot.links[100_001] = list(range(350, 0, -1))
    hubspot.links[100_777] = list(range(101, 0, -1))
    hubspot.clock = dt.datetime.now(dt.UTC)


def edit(hubspot: MockHubSpot, chance: random.Random) -> None:
    """What people do meanwhile: a deal is changed, won, made, archived, brought back or linked; a contact goes."""
    hubspot.clock = dt.datetime.now(dt.UTC)
    known = sorted(hubspot.records["deals"])
    number = chance.choice(known)
    match chance.randrange(7):
        case 0 | 1:
            hubspot.put("deals", number, amount=str(chance.randrange(1, 90_000)))
        case 2:
            won = str(chance.random() < 0.5).lower()
            told = {"hs_is_closed": "true", "hs_is_closed_won": won, "closedate": "2026-02-10T09:00:00Z"}
            hubspot.put("deals", number, **told)
        case 3:
            made = known[-1] + chance.randrange(1, 9)
            hubspot.put("deals", made, amount="12.5", deal_currency_code="EUR")
            hubspot.links[made] = [chance.choice(sorted(hubspot.records["contacts"]))]
        case 4:
            hubspot.archive("deals", number)
        case 5:
            gone = sorted(hubspot.archived["deals"])
            hubspot.restore("deals", chance.choice(gone)) if gone else hubspot.archive("deals", number)
        case _:
            contact = chance.choice(sorted(hubspot.records["contacts"]))
            if chance.random() < 0.2:
                hubspot.archive("contacts", contact)
            elif contact not in hubspot.archived["contacts"]:
                hubspot.links.setdefault(number, []).append(contact)
                hubspot.put("deals", number)


def storm(
    team: Path, hubspot: MockHubSpot, chance: random.Random, faults: tuple[str, ...], counted: dict[str, int]
) -> int:
    """Pulls under these faults until one is through; how many there were."""
    hubspot.faults = {name: FAULTS[name] for name in faults if name in FAULTS}
    hubspot.searches, hubspot.window = (5, 0.1) if STRICT in faults else (None, 1.0)
    hubspot.skew = dt.timedelta(hours=chance.choice((-30, 30)) if SKEWED in faults else 0)
    if LATE in faults:
        hubspot.hidden = set(chance.sample(sorted(hubspot.records["deals"]), 50))
        for number in hubspot.hidden:
            hubspot.put("deals", number, amount=str(chance.randrange(1, 90_000)))
    for fault in faults:
        counted[fault] += 1
    pulls, kills, ends = 0, 2 * (KILLED in faults), 2 * (ENDING in faults)
    since = ("--since", "1971-01-01") if chance.random() < 0.3 else ()
    while True:
        pulls += 1
        if kills and chance.random() < 0.5:
            kills -= 1
            killed(team, since, chance.uniform(1, 8))
            continue
        if ends:
            ends -= 1
            hubspot.ends_after = hubspot.asked + chance.randrange(2, 60)
        ran = run("pull", "hubspot", *since, workspace=team)
        hubspot.ends_after, hubspot.tokens = None, {"good"}
        if ran.status == 0 and not kills:
            hubspot.faults, hubspot.searches, hubspot.hidden = {}, None, set()
            hubspot.skew = dt.timedelta()
            return pulls
        assert ran.status in (0, 2), ran
        assert pulls < 200, ran
        assert "Traceback" not in ran.err, ran


def killed(team: Path, since: tuple[str, ...], seconds: float) -> None:
    command = [LEADLINE, "pull", "hubspot", *since, "-w", team]
    pulling = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        pulling.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        pulling.send_signal(signal.SIGKILL)
        pulling.wait()


def settled(team: Path, hubspot: MockHubSpot) -> int:
    """One pull while nobody changes anything; then the facts are held to the portal."""
    ran = run("pull", "hubspot", workspace=team)
    assert ran.status == 0, ran
    return compare(team, hubspot)


def compare(team: Path, hubspot: MockHubSpot) -> int:
    """How many facts were compared. Raises AssertionError where one differs."""
    with open_warehouse(open_workspace(team)) as warehouse:
        deals = warehouse.select(
            "select deal_id, coalesce(lead_id, ''), stage, coalesce(amount::double, -1) from facts.deals"
        )
        leads = {lead for (lead,) in warehouse.select("select lead_id from facts.leads")}
    found = {deal: (lead, stage, amount) for deal, lead, stage, amount in deals}
    assert len(found) == len(deals), "a deal is doubled"
    wanted = {
        deal: (lead, stage, float(amount or -1)) for deal, (lead, stage, amount) in hubspot.facts().items()
    }
    wrong = {key: (found.get(key), wanted.get(key)) for key in found.keys() | wanted.keys()}
    wrong = {key: (ours, theirs) for key, (ours, theirs) in wrong.items() if ours != theirs}
    assert not wrong, f"{len(wrong)} deals differ (ours, theirs), such as {dict(sorted(wrong.items())[:5])}"
    people = {str(one) for one in hubspot.records["contacts"] if one not in hubspot.archived["contacts"]}
    assert leads == people, f"contacts differ: {sorted(leads ^ people)[:5]}"
    return len(found) + len(people)


def team(folder: Path, hubspot: MockHubSpot) -> Path:
    run("init", folder)
    said = f'threads = 1\n[pull.hubspot]\nbase_url = "{hubspot.url}"\nworkflow = "lead-routing"\n'
    (folder / "leadline.toml").write_text(said)
    return folder


def seconds_of(*words: str | Path, workspace: Path) -> float:
    """Processor seconds of a command that has to be done."""
    begun = time.thread_time()
    ran: Ran = run(*words, workspace=workspace)
    assert ran.status == 0, ran
    return time.thread_time() - begun


if __name__ == "__main__":
    raise SystemExit(main())
