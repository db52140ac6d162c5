"""Exports with the headings, and the oddities, of two public collections that docs/mappings/ has mappings for.

Olist's marketing funnel: leads from June 2017 on, whose deals are recorded only from December on; some have no
origin. A sales pipeline with its clicks: both grow
with the deployment and double once more for three weeks in summer, while the share that is won stays;
identical clicks are real events. Drawn here, because the collections themselves may not be passed on; the same every
time.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

FUNNEL_LEADS, FUNNEL_BLANK, FIRST_RECORDED = 4_000, 60, dt.date(2017, 12, 5)
CLICKS_A_DAY, OPPORTUNITIES_A_DAY = 24, 16


def marketing_funnel(folder: Path) -> tuple[Path, Path]:
    """Leads, and the deals of those that were won, of which none is recorded before FIRST_RECORDED."""
    rng = np.random.default_rng(2017)
    first, last = dt.date(2017, 6, 14), dt.date(2018, 5, 31)
    span = (last - first).days
    # three times as many a day at the end as at the beginning
    days = np.sort(np.floor((np.sqrt(1 + 8 * rng.random(FUNNEL_LEADS)) - 1) / 2 * (span + 1)).astype(int))
    days[0], days[-1] = 0, span
    blank = set(rng.choice(FUNNEL_LEADS, FUNNEL_BLANK, replace=False).tolist())
    origins = ("organic_search", "paid_search", "social", "email")
    leads, deals = [], []
    for number, day in enumerate(days):
        lead = f"{number:032x}"
        entered = first + dt.timedelta(days=int(day))
        origin = "" if number in blank else origins[number % len(origins)]
        leads.append((lead, entered, f"{number % 7:032x}", origin))
        won, delay = rng.random() < 0.105, 14.0 * float(np.exp(1.2 * rng.standard_normal()))
        when = dt.datetime.combine(entered, dt.time(9)) + dt.timedelta(days=delay)
        if won and FIRST_RECORDED <= when.date() <= last:
            deals.append(
                (lead, when.isoformat(sep=" ", timespec="seconds"), "pet", "online_medium", "reseller")
            )
    return (
        _write(folder / "leads.csv", ("mql_id", "first_contact_date", "landing_page_id", "origin"), leads),
        _write(
            folder / "deals.csv",
            ("mql_id", "won_date", "business_segment", "lead_type", "business_type"),
            deals,
        ),
    )


def sales_pipeline(folder: Path) -> tuple[Path, Path]:
    """Opportunities, won, lost or still in progress, and clicks."""
    rng = np.random.default_rng(2016)
    first, last = dt.date(2016, 11, 14), dt.date(2017, 12, 31)
    opportunities, clicks = [], []
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(days=n)
        busy = 2.0 if dt.date(2017, 7, 24) <= day < dt.date(2017, 8, 14) else 1.0
        busy *= 1.6 if day >= dt.date(2017, 7, 3) else 1.0
        for _ in range(int(rng.poisson(OPPORTUNITIES_A_DAY * busy))):
            fate = rng.random()
            closed = day + dt.timedelta(days=round(45.0 * float(np.exp(0.6 * rng.standard_normal()))))
            stage = "In_Progress" if closed > last else "Won" if fate < 0.6 else "Lost"
            value = f"{500.0 * float(np.exp(rng.standard_normal())):.1f}" if stage == "Won" else ""
            name = f"OP{len(opportunities):06d}"
            over = "" if stage == "In_Progress" else closed
            opportunities.append(("", name, "Donn Cantrell", stage, "GTXBasic", over, value, day))
        for _ in range(int(rng.poisson(CLICKS_A_DAY * busy))):
            clicks.append((day, ("Referral", "Social")[int(rng.integers(2))], "IT"))
    headings = (
        *("Account", "Opportunity_ID", "Sales_Agent", "Deal_Stage"),
        *("Product", "Close_Date", "Close_Value", "Created_On"),
    )
    return (
        _write(folder / "pipeline.csv", headings, opportunities),
        _write(folder / "clicks.csv", ("Created_On", "Source", "Industry"), clicks),
    )


def rows(file: Path) -> int:
    """How many rows stand below the headings."""
    return len(file.read_text(encoding="utf-8").splitlines()) - 1


def _write(file: Path, headings: Sequence[str], written: Iterable[Sequence[object]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([headings, *written])
    return file
