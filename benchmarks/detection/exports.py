"""A history as a workspace sees it: the charter, and exports as they would have been drawn at the end of a day."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.families import ASSETS, DEPLOYED_ON, LEADS, REVIEWS
from benchmarks.detection.histories import History
from leadline.data.samples.flows import CLOSE, QUALIFIED, Floats

WORKFLOW = "flow"
DIVERGENCE = "divergence"
"""the id of the rule on drift"""
PROXIES = {
    LEADS: ("response_time",),
    ASSETS: ("asset_volume", "cost_per_asset"),
    REVIEWS: ("open_rate",),
}
_CHARTER = """\
workflow: {workflow}
name: The workflow
owner: Whoever answers for it
deployed_on: {deployed_on}
watch:
  proxies: [{proxies}]
  outcomes: [{outcomes}]
{segments}stopping_rules:
  - {{id: {divergence}, when: diverging, action: pause}}
{floor}"""
_FLOOR = "  - {{id: floor, when: {outcome} < baseline - 30%, for: 2 weeks, action: review}}\n"

Export = tuple[str, Sequence[str], Iterable[Sequence[object]]]


def charter(history: History) -> str:
    """What was agreed: its outcomes by channel, and in stories a floor beside the rule on drift."""
    family = history.family
    return _CHARTER.format(
        workflow=WORKFLOW,
        divergence=DIVERGENCE,
        deployed_on=DEPLOYED_ON,
        proxies=", ".join(PROXIES[family.template]),
        outcomes=", ".join(family.watched),
        segments="  segments: [channel]\n" if len(history.spec.channels) > 1 else "",
        floor=_FLOOR.format(outcome=family.watched[0]) if family.phases else "",
    )


def write(history: History, folder: Path, since: float, until: float) -> list[Path]:
    """Exports of what was entered after day `since` and by day `until`, counted from the history's start."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {LEADS: _leads, ASSETS: _assets}.get(history.family.template, _reviews)
    return [
        _write(folder / f"{name}.csv", columns, rows) for name, columns, rows in drawn(history, since, until)
    ]


def _leads(history: History, since: float, until: float) -> list[Export]:
    day, spec = history.day, history.spec
    # three hours before the deployment, ten minutes after it
    answered = day + np.where(day < 7 * spec.deployed, 0.12, 0.007)
    names = np.array([channel.name for channel in spec.channels])
    at, reply = _moments(history, day, until), _moments(history, answered, until)
    new = np.flatnonzero((day < until) & ((day >= since) | (answered >= since)))
    leads = ((f"L{n}", at[n], WORKFLOW, names[history.channel[n]], reply[n]) for n in new)
    found: list[Export] = [
        ("leads", ("lead_id", "created_at", "workflow", "channel", "first_response_at"), leads)
    ]
    won, closed = _new(history, CLOSE.name, since, until)
    deals = ((f"D{n}", f"L{n}", at[n], closed[n], "won", f"{history.amount[n]:.2f}", "EUR") for n in won)
    columns = ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency")
    found.append(("deals", columns, deals))
    if QUALIFIED.name in history.reached:
        those, held = _new(history, QUALIFIED.name, since, until)
        rows = ((f"A{n}", f"L{n}", held[n], "held", "yes") for n in those)
        found.append(("appointments", ("appointment_id", "lead_id", "held_at", "status", "qualified"), rows))
    return found


def _assets(history: History, since: float, until: float) -> list[Export]:
    cost = np.where(history.day < 7 * history.spec.deployed, 240.0, 38.0)
    at = _moments(history, history.day, until)
    new = np.flatnonzero((history.day >= since) & (history.day < until))
    assets = ((f"C{n}", at[n], WORKFLOW, f"{cost[n]:.2f}", "EUR") for n in new)
    used, first = _new(history, history.family.watched[0], since, until)
    uses = ((f"C{n}", first[n], "sales") for n in used)
    return [
        ("assets", ("asset_id", "published_at", "workflow", "cost", "currency"), assets),
        ("asset_uses", ("asset_id", "used_at", "used_by"), uses),
    ]


def _reviews(history: History, since: float, until: float) -> list[Export]:
    """Reviews, and two mailings a week of which more are opened since the deployment."""
    at = _moments(history, history.day, until)
    passed = np.where(np.isfinite(history.reached[history.family.watched[0]]), "yes", "no")
    new = np.flatnonzero((history.day >= since) & (history.day < until))
    reviews = ((f"R{n}", at[n], "the team", "brand", passed[n], WORKFLOW) for n in new)
    days = np.arange(1.4, 7.0 * history.spec.weeks, 3.5)
    sent = _moments(history, days, until)
    opens = np.where(days < 7 * history.spec.deployed, 1550, 2050)
    sending = np.flatnonzero((days >= since) & (days < until))
    mailings = ((f"M{n}", sent[n], 5000, 5000, opens[n] + n % 7, 200, WORKFLOW) for n in sending)
    columns = ("item_id", "reviewed_at", "reviewer", "dimension", "passed", "workflow")
    heads = ("campaign_id", "sent_at", "recipients", "delivered", "unique_opens", "unique_clicks", "workflow")
    return [("reviews", columns, reviews), ("campaigns", heads, mailings)]


def _new(
    history: History, outcome: str, since: float, until: float
) -> tuple[NDArray[np.intp], NDArray[np.str_]]:
    """The leads whose event was entered in the span, and the moment of each lead's event."""
    entered = history.entered[outcome]
    return np.flatnonzero((entered >= since) & (entered < until)), _moments(
        history, history.reached[outcome], until
    )


def _moments(history: History, days: Floats, until: float) -> NDArray[np.str_]:
    """Moments as an export writes them, '' where they lie beyond its day."""
    start = np.datetime64(history.spec.start, "s")
    past = days < until
    seconds = np.rint(np.where(past, days, 0.0) * 86_400).astype("timedelta64[s]")
    # a moment that rounds up to midnight would lie in the next week
    limit = np.timedelta64(round(until * 86_400) - 1, "s")
    return np.where(past, np.datetime_as_string(start + np.minimum(seconds, limit)), "")


def _write(file: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return file
