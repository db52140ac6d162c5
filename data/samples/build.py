"""Writes the sample workspace that `leadline demo` shows: `python -m leadline.data.samples.build`.

Synthetic throughout, and the same on every machine. Three AI workflows: lead routing answers faster and closes less,
the content studio publishes more and sales still use it, most where the brief is complete, the personalised nurture is
too young to tell.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leadline.data.samples.flows import Drift, FlowSpec, Leads, simulate

Floats = NDArray[np.float64]

EXPORTS = Path(__file__).with_name("workspace") / "exports"
LAST_DAY = dt.date(2026, 11, 15)
"""a Sunday: the review that the samples show"""
SEED = 72

LEADS = FlowSpec(
    leads_per_week=42.0,
    weeks=97,
    deployed=60,
    start=dt.date(2025, 1, 6),
    season=0.05,
    noise=0.05,
    drift=Drift(0.36, onset=65),
)
"""lead routing: deployed on 2 March 2026, fewer leads close of those that enter since the week of 6 April 2026"""
FAST_FROM = 60
CONTENT_START = dt.date(2025, 1, 6)
CONTENT_WEEKS, CONTENT_DEPLOYED = 97, 57
NURTURE_START = dt.date(2025, 9, 1)
NURTURE_WEEKS, NURTURE_DEPLOYED = 63, 58

Row = Sequence[object]


def build(folder: Path = EXPORTS) -> list[Path]:
    """Write all sample exports into `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    leads = simulate(LEADS, rng)
    return [
        _write(folder / "leads.csv", LEAD_COLUMNS, _leads(leads, rng)),
        _write(folder / "appointments.csv", APPOINTMENT_COLUMNS, _appointments(leads, rng)),
        _write(folder / "deals.csv", DEAL_COLUMNS, _deals(leads, rng)),
        *_content(folder, rng),
        *_nurture(folder, rng),
    ]


LEAD_COLUMNS = ("lead_id", "created_at", "workflow", "channel", "region", "first_response_at")
APPOINTMENT_COLUMNS = ("appointment_id", "lead_id", "booked_at", "held_at", "status", "qualified")
DEAL_COLUMNS = ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency")


def _leads(leads: Leads, rng: np.random.Generator) -> Iterable[Row]:
    regions = rng.choice(["DACH", "Benelux", "Nordics"], size=leads.count(), p=[0.5, 0.3, 0.2])
    fast = leads.week >= FAST_FROM
    minutes = np.where(fast, 8.0, 165.0) * np.exp(
        np.where(fast, 0.6, 0.9) * rng.standard_normal(leads.count())
    )
    # people answered those leads first that were likely to buy; the agent answers everybody at once
    promising = np.isfinite(leads.reached["close_rate"]) & (rng.random(leads.count()) < 0.7)
    minutes = np.where(promising & ~fast, minutes * 0.45, minutes)
    for i, day in enumerate(leads.day):
        answered = day + minutes[i] / 1440.0
        yield (
            f"L{i + 1:05d}",
            _moment(LEADS.start, day),
            "lead-routing",
            LEADS.channels[leads.channel[i]].name,
            regions[i],
            _moment_until_now(LEADS.start, answered),
        )


def _appointments(leads: Leads, rng: np.random.Generator) -> Iterable[Row]:
    held = leads.reached["qualified_appointment_rate"]
    other = rng.random(leads.count())
    lead_time = rng.uniform(0.5, 6.0, leads.count())
    for i, day in enumerate(leads.day):
        if np.isfinite(held[i]):
            kind, when = ("held", "yes"), float(held[i])
        elif other[i] < 0.16:
            kind, when = (
                (("held", "no") if other[i] < 0.09 else ("no_show", "no")),
                float(day + 9 + 20 * other[i]),
            )
        else:
            continue
        booked = max(float(day), when - lead_time[i])
        if _is_past(LEADS.start, booked):
            done = _is_past(LEADS.start, when)
            yield (
                f"A{i + 1:05d}",
                f"L{i + 1:05d}",
                _moment(LEADS.start, booked),
                _moment(LEADS.start, when),
                kind[0] if done else "booked",
                kind[1] if done else "",
            )


def _deals(leads: Leads, rng: np.random.Generator) -> Iterable[Row]:
    won = leads.reached["close_rate"]
    opens = rng.random(leads.count()) < 0.3
    lost_after = 30.0 * np.exp(0.7 * rng.standard_normal(leads.count()))
    amounts = 8200.0 * np.exp(0.55 * rng.standard_normal(leads.count()))
    for i, day in enumerate(leads.day):
        is_won = bool(np.isfinite(won[i]))
        if not is_won and not opens[i]:
            continue
        closed = float(won[i]) if is_won else float(day + lost_after[i])
        created = float(day + min(2.0 + 5.0 * (amounts[i] % 1.0), 0.8 * (closed - day)))
        if not _is_past(LEADS.start, created):
            continue
        over = _is_past(LEADS.start, closed)
        yield (
            f"D{i + 1:05d}",
            f"L{i + 1:05d}",
            _moment(LEADS.start, created),
            _moment(LEADS.start, closed) if over else "",
            ("won" if is_won else "lost") if over else "open",
            f"{amounts[i]:.2f}",
            "EUR",
        )


def _content(folder: Path, rng: np.random.Generator) -> list[Path]:
    """More assets at a lower cost; sales use as large a share of them as before."""
    kinds = ("case study", "one-pager", "article", "e-mail copy")
    assets: list[Row] = []
    uses: list[Row] = []
    for week in range(CONTENT_WEEKS):
        after = week >= CONTENT_DEPLOYED
        for _ in range(int(rng.poisson(38.0 if after else 22.0))):
            day = 7.0 * week + rng.choice(5) + rng.uniform(0.35, 0.75)
            if not _is_past(CONTENT_START, day):
                continue
            number = len(assets) + 1
            cost = (95.0 if after else 240.0) * float(np.exp(0.3 * rng.standard_normal()))
            kind = kinds[int(rng.choice(len(kinds), p=[0.2, 0.3, 0.3, 0.2]))]
            assets.append(
                (
                    f"C{number:05d}",
                    _moment(CONTENT_START, day),
                    "content-studio",
                    kind,
                    f"{kind.capitalize()} {number}",
                    f"{cost:.2f}",
                    "EUR",
                    f"B{1 + number // 4:04d}",
                )
            )
            used = day + 12.0 * float(np.exp(0.7 * rng.standard_normal()))
            if rng.random() < 0.46:
                for again in range(1 + int(rng.poisson(0.8))):
                    when = used + 9.0 * again * rng.random()
                    if _is_past(CONTENT_START, when):
                        context = ("proposal", "follow-up", "first call")[int(rng.choice(3))]
                        rating = int(np.clip(round(float(rng.normal(3.9, 0.8))), 1, 5))
                        uses.append(
                            (f"C{number:05d}", _moment(CONTENT_START, when), "sales", context, rating)
                        )
    uses.sort(key=lambda row: str(row[1]))
    asset_columns = ("asset_id", "published_at", "workflow", "kind", "title", "cost", "currency", "brief_id")
    return [
        _write(folder / "assets.csv", asset_columns, assets),
        _write(folder / "asset_uses.csv", ("asset_id", "used_at", "used_by", "context", "rating"), uses),
        _write(folder / "briefs.csv", BRIEF_COLUMNS, _briefs(assets, uses)),
        _write(folder / "versions.csv", VERSION_COLUMNS, VERSIONS),
    ]


BRIEF_COLUMNS = (
    "brief_id",
    "written_at",
    "workflow",
    "version",
    "author",
    "title",
    "outcome",
    "audience",
    "positioning",
    "constraints",
    "context",
)
VERSION_COLUMNS = ("workflow", "what", "version", "since", "note")
VERSIONS: tuple[Row, ...] = (
    ("lead-routing", "prompt", "v1", "2026-03-02", "Score on fit, answer the same day"),
    ("lead-routing", "prompt", "v2", "2026-04-07", "Answer within ten minutes"),
    (
        "lead-routing",
        "objective",
        "qualified appointments",
        "2026-11-09",
        "From speed to qualified appointments",
    ),
    ("content-studio", "prompt", "v1", "2026-02-09", "Draft from the brief"),
    (
        "content-studio",
        "brief",
        "with positioning",
        "2026-05-18",
        "Every brief names the promise it stands for",
    ),
)
_BRIEFED_FROM = "2026-02-09"


def _briefs(assets: Sequence[Row], uses: Sequence[Row]) -> Iterable[Row]:
    """A brief for every few assets since the studio went live; those whose assets sales use say more of what they want.

    Drawn by itself, so that everything else stays as it was.
    """
    rng = np.random.default_rng(SEED + 1)
    used = {str(row[0]) for row in uses}
    of_brief: dict[str, list[Row]] = {}
    for asset in assets:
        if str(asset[1]) >= _BRIEFED_FROM:
            of_brief.setdefault(str(asset[7]), []).append(asset)
    stages = ("first call", "proposal", "renewal", "follow-up")
    for name, made in of_brief.items():
        share = sum(str(asset[0]) in used for asset in made) / len(made)
        is_complete = rng.random() < 0.2 + 0.5 * share
        written = dt.datetime.fromisoformat(str(made[0][1])) - dt.timedelta(days=2)
        stage = stages[int(rng.choice(len(stages)))]
        yield (
            name,
            written,
            "content-studio",
            "2" if written >= dt.datetime(2026, 5, 18) else "1",
            ("Product marketing", "Sales enablement", "Agency")[int(rng.choice(3))],
            f"Material for the {stage}",
            f"Sales send it after the {stage}" if is_complete or rng.random() < 0.4 else "",
            "Finance leads who have to convince a board" if is_complete or rng.random() < 0.5 else "",
            "One place for every invoice" if is_complete else "",
            "No claim without a source",
            f"They know us since the {stage}",
        )


def _nurture(folder: Path, rng: np.random.Generator) -> list[Path]:
    """Opens and clicks jump with the first personalised mailings; five weeks of brand reviews can't tell more yet."""
    mailings: list[Row] = []
    reviews: list[Row] = []
    for week in range(NURTURE_WEEKS):
        after = week >= NURTURE_DEPLOYED
        for weekday in (1, 3):
            day = 7.0 * week + weekday + 9.5 / 24
            recipients = int(rng.normal(5200, 250))
            delivered = int(recipients * rng.uniform(0.975, 0.99))
            opens = int(delivered * np.clip(rng.normal(0.41 if after else 0.31, 0.015), 0, 1))
            clicks = int(delivered * np.clip(rng.normal(0.062 if after else 0.041, 0.004), 0, 1))
            mailings.append(
                (
                    f"M{len(mailings) + 1:04d}",
                    _moment(NURTURE_START, day),
                    recipients,
                    delivered,
                    opens,
                    clicks,
                    int(rng.poisson(9)),
                    "nurture",
                    "personalised" if after else "standard",
                )
            )
        for _ in range(int(rng.poisson(11))):
            day = 7.0 * week + int(rng.choice(5)) + rng.uniform(0.35, 0.75)
            passed = rng.random() < 0.84
            score = int(np.clip(round(float(rng.normal(4.2 if passed else 2.4, 0.5))), 1, 5))
            reviews.append(
                (
                    f"R{len(reviews) + 1:04d}",
                    _moment(NURTURE_START, day),
                    "brand team",
                    "brand consistency",
                    score,
                    "yes" if passed else "no",
                    "nurture",
                )
            )
    mailing_columns = (
        *("campaign_id", "sent_at", "recipients", "delivered", "unique_opens", "unique_clicks"),
        *("unsubscribes", "workflow", "variant"),
    )
    review_columns = ("item_id", "reviewed_at", "reviewer", "dimension", "score", "passed", "workflow")
    return [
        _write(folder / "campaigns.csv", mailing_columns, mailings),
        _write(folder / "reviews.csv", review_columns, reviews),
    ]


def _moment(start: dt.date, day: float) -> str:
    midnight = dt.datetime.combine(start, dt.time())
    return (midnight + dt.timedelta(seconds=round(day * 86400))).isoformat(sep=" ")


def _is_past(start: dt.date, day: float) -> bool:
    return start + dt.timedelta(days=int(day)) <= LAST_DAY


def _moment_until_now(start: dt.date, day: float) -> str:
    return _moment(start, day) if _is_past(start, day) else ""


def _write(file: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return file


if __name__ == "__main__":
    build()
