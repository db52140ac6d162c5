"""The two exports of the README's tour: a small CRM with headings of its own. Synthetic; the same every time.

`python -m leadline.data.samples.tour FOLDER` writes them; those beside this file were made so, and a test compares.
One workflow answers leads from 1 January 2024 on: answers take minutes instead of hours, and from the middle of
January on fewer leads become customers.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from pathlib import Path

import numpy as np

from leadline.data.samples.flows import CLOSE, Drift, FlowSpec, Leads, simulate

FOLDER = Path(__file__).with_name("tour")
CONTACTS = "crm-contacts.csv"
OPPORTUNITIES = "crm-opportunities.csv"
LAST_DAY = dt.date(2024, 6, 30)
SPEC = FlowSpec(
    leads_per_week=32,
    weeks=78,
    deployed=52,
    outcomes=(CLOSE,),
    drift=Drift(size=0.6, onset=54),
    drifting_outcomes=(CLOSE.name,),
)
_HOURS_BEFORE, _MINUTES_SINCE = 2.6, 4.0
"""median time to the first answer, before and since the workflow answers"""


def write(folder: Path) -> None:
    """Writes both exports as they were on the evening of the last day."""
    rng = np.random.default_rng(20240630)
    leads = simulate(SPEC, rng)
    order = np.argsort(leads.day, kind="stable")
    minutes = np.where(leads.week < SPEC.deployed, 60 * _HOURS_BEFORE, _MINUTES_SINCE)
    answered = leads.day + minutes * np.exp(0.6 * rng.standard_normal(leads.count())) / 1440
    lost_after = 20 * np.exp(0.5 * rng.standard_normal(leads.count()))
    has_deal = rng.random(leads.count()) < 0.4
    value = np.round(9000 * np.exp(0.5 * rng.standard_normal(leads.count())), -2)
    end = (LAST_DAY - SPEC.start).days + 1
    contacts: list[tuple[str, ...]] = []
    opportunities: list[tuple[str, ...]] = []
    for number, lead in enumerate(order, start=1001):
        first_answer = _moment(answered[lead]) if answered[lead] < end else ""
        contacts.append((f"K-{number}", _moment(leads.day[lead]), _channel(leads, lead), first_answer))
        won = leads.reached[CLOSE.name][lead]
        opened = leads.day[lead] + 1.5
        if not (np.isfinite(won) or has_deal[lead]) or opened >= end:
            continue
        decided = max(won, opened + 0.1) if np.isfinite(won) else opened + lost_after[lead]
        result = ("Signed" if np.isfinite(won) else "Declined") if decided < end else "In talks"
        opportunities.append(
            (
                f"V-{number}",
                f"K-{number}",
                _moment(opened),
                _moment(decided) if decided < end else "",
                result,
                f"{value[lead]:.2f}",
                "EUR",
            )
        )
    _write(folder / CONTACTS, ("Contact No", "Enquiry Received", "Came Through", "First Answer"), contacts)
    head = ("Deal No", "Contact No", "Opened", "Decided", "Result", "Contract Value", "Currency")
    _write(folder / OPPORTUNITIES, head, opportunities)


def _channel(leads: Leads, lead: int) -> str:
    return leads.spec.channels[int(leads.channel[lead])].name


def _moment(day: float) -> str:
    start = dt.datetime.combine(SPEC.start, dt.time())
    return (start + dt.timedelta(days=float(day))).isoformat(sep=" ", timespec="seconds")


def _write(file: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
