"""Lead handling: answers within minutes, and fewer leads close."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.stories.story import Export, Row, Story, agreed_story, entries


def _leads(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """Answers within ten minutes instead of three hours; 12 % of the leads close instead of 20 %."""
    leads: list[Row] = []
    deals: list[Row] = []
    for number, moment in enumerate(entries(rng, lambda day: 60.0), 1):
        day = moment.date()
        speed, fate, delay, amount = (
            *(rng.standard_normal(), rng.random(), rng.standard_normal(), rng.standard_normal()),
        )
        fast = day >= story.deployed_on
        minutes = (8.0 if fast else 170.0) * float(np.exp((0.6 if fast else 0.9) * speed))
        answered = moment + dt.timedelta(minutes=minutes)
        channel = ("organic", "paid_search", "referral")[number % 3]
        if day <= until:
            known = answered if answered.date() <= until else ""
            leads.append((f"L{number:05d}", moment, story.workflow, channel, known))
        won = fate < (0.12 if story.is_drifting(day) else 0.20)
        if not won and fate < 0.7:
            continue
        opened = moment + dt.timedelta(days=2)
        closed = moment + dt.timedelta(days=3.0 + 25.0 * float(np.exp(0.6 * delay)))
        if opened.date() <= until:
            over = closed.date() <= until
            deals.append(
                (
                    f"D{number:05d}",
                    f"L{number:05d}",
                    opened,
                    closed if over else "",
                    ("won" if won else "lost") if over else "open",
                    f"{8200.0 * float(np.exp(0.5 * amount)):.2f}",
                    "EUR",
                )
            )
    lead_columns = ("lead_id", "created_at", "workflow", "channel", "first_response_at")
    deal_columns = ("deal_id", "lead_id", "created_at", "closed_at", "stage", "amount", "currency")
    return [("leads", lead_columns, leads), ("deals", deal_columns, deals)]


LEAD_HANDLING = agreed_story(
    "Lead routing agent",
    "lead-routing",
    _leads,
    weeks=(56, 58, 88),
    seed=12,
    owner="Head of Demand Generation",
    objective="More closed business from inbound leads",
    audience="Mid-market finance teams",
    context="Inbound leads from three channels",
    constraint="Reply in the language of the lead",
    proxies="response_time",
    outcome="close_rate",
    action="pause",
)
