"""Lead flows whose truth is known because they are drawn from it: what a verdict must and must not be called.

One workflow that handles leads, 120 weeks from 2 January 2023, deployed on 1 January 2024: about 50 leads a week
through four channels, of which 20 % close (median 35 days) and 36 % become qualified appointments (median 9 days). In
all but `drift_noproxy35` the proxies improve with the deployment: answers within 8 instead of 170 minutes, 41 instead
of 32 % of the e-mails opened. Synthetic, and the same every time.
"""

from __future__ import annotations

import csv
import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from leadline.data.samples.flows import CLOSE, QUALIFIED, Drift, FlowSpec, Leads, simulate

WEEKS = 120
START = dt.date(2023, 1, 2)
DEPLOYED = dt.date(2024, 1, 1)
END = START + dt.timedelta(weeks=WEEKS, days=-1)
"""a Sunday, the day at whose end the exports are drawn"""
TEMPLATES = ("leads", "appointments", "deals", "emails")
CHARTER = """\
workflow: lead-routing
name: Lead routing agent
owner: Head of Demand Generation
deployed_on: 2024-01-01
intent:
  objective: More qualified appointments and closed business from inbound leads
  audience: Mid-market finance teams
  context: Inbound leads from four channels
  constraints: [Reply in the language of the lead]
watch:
  proxies: [response_time, open_rate]
  outcomes: [close_rate, qualified_appointment_rate]
  baseline: {from: 2023-01-02, to: 2023-12-31}
  segments: [channel]
stopping_rules:
  - id: divergence
    when: diverging
    action: pause
"""
_BEGIN = dt.datetime.combine(START, dt.time())


@dataclass(frozen=True)
class Scenario:
    """One flow and what is true of it."""

    name: str
    spec: FlowSpec
    verdict: str | None = None
    """what it must become after the drift; None: nothing drifts"""
    proxies_improve: bool = True

    @property
    def onset(self) -> dt.date | None:
        """The last day before the change."""
        drift = self.spec.drift
        return START + dt.timedelta(weeks=drift.onset, days=-1) if drift else None

    def leads(self) -> Leads:
        return simulate(self.spec, np.random.default_rng(zlib.crc32(self.name.encode())))

    def write(self, folder: Path) -> list[Path]:
        """Its exports, leads first."""
        folder.mkdir(parents=True, exist_ok=True)
        return [
            _write(folder / f"{name}.csv", rows)
            for name, rows in zip(TEMPLATES, _exports(self, self.leads()), strict=True)
        ]


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("null_proxy_up", FlowSpec()),
        Scenario("null_growth", FlowSpec(growth=3.0)),
        Scenario("null_slow", FlowSpec(slower=1.35)),
        Scenario("null_mix", FlowSpec(mix_shift=0.35)),
        Scenario("null_season", FlowSpec(season=0.2)),
        Scenario("drift_step35", FlowSpec(drift=Drift(0.35, 58)), "diverging"),
        Scenario("drift_late35", FlowSpec(drift=Drift(0.35, 76)), "diverging"),
        Scenario("drift_ramp40", FlowSpec(drift=Drift(0.40, 58, "ramp")), "diverging"),
        Scenario("drift_noproxy35", FlowSpec(drift=Drift(0.35, 58)), "declining", proxies_improve=False),
    )
}


def _exports(scenario: Scenario, flow: Leads) -> Iterable[list[Sequence[object]]]:
    """Rows of each template with their headings, as drawn at the end of END: nothing later is known."""
    rng = np.random.default_rng(zlib.crc32(f"{scenario.name} around".encode()))
    count = flow.count()
    improved = (flow.day >= 7 * scenario.spec.deployed) & scenario.proxies_improve
    minutes = np.where(improved, 8.0, 170.0) * np.exp(
        np.where(improved, 0.6, 0.9) * rng.standard_normal(count)
    )
    opened = rng.random((count, 2)) < np.where(improved, 0.41, 0.32)[:, None]
    other = rng.random(count)
    amount = 8200.0 * np.exp(0.5 * rng.standard_normal(count))
    qualified, won = flow.reached[QUALIFIED.name], flow.reached[CLOSE.name]
    channels = [channel.name for channel in scenario.spec.channels]
    workflow = "lead-routing"
    leads: list[Sequence[object]] = [("lead_id", "created_at", "workflow", "channel", "first_response_at")]
    meetings: list[Sequence[object]] = [
        ("appointment_id", "lead_id", "booked_at", "held_at", "status", "qualified")
    ]
    deals: list[Sequence[object]] = [
        ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency")
    ]
    emails: list[Sequence[object]] = [
        ("message_id", "lead_id", "sent_at", "opened_at", "clicked_at", "workflow")
    ]
    for n, day in enumerate(flow.day):
        lead = f"L{n:07d}"
        answered = day + minutes[n] / 1440
        leads.append((lead, _moment(day), workflow, channels[flow.channel[n]], _moment(answered)))
        held = qualified[n] if np.isfinite(qualified[n]) else day + 12.0
        if np.isfinite(qualified[n]) or other[n] < 0.2:
            is_qualified = "yes" if np.isfinite(qualified[n]) else "no"
            if _moment(held):
                booked = (day + held) / 2
                meetings.append((f"A{n:07d}", lead, _moment(booked), _moment(held), "held", is_qualified))
        is_won = bool(np.isfinite(won[n]))
        if (is_won or other[n] < 0.5) and _moment(day + 1.0):
            closed = _moment(won[n] if is_won else day + 30.0)
            stage = ("won" if is_won else "lost") if closed else "open"
            began = _moment(min(day + 1.0, won[n]))
            deals.append((f"D{n:07d}", lead, began, closed, stage, f"{amount[n]:.2f}", "EUR"))
        for place, after in enumerate((0.1, 3.0)):
            if sent := _moment(day + after):
                seen = _moment(day + after + 0.2) if opened[n, place] else ""
                emails.append((f"M{2 * n + place:08d}", lead, sent, seen, "", workflow))
    return leads, meetings, deals, emails


def _moment(day: float) -> str:
    """A moment as an export writes it; '' where it comes after the exports are drawn."""
    if day >= 7 * WEEKS:
        return ""
    return (_BEGIN + dt.timedelta(seconds=round(day * 86_400))).isoformat(sep=" ")


def _write(file: Path, rows: Iterable[Sequence[object]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    return file
