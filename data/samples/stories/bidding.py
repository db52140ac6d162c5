"""Bidding: cheaper clicks and more of them, and what they bring qualifies less often."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.stories.story import START, Export, Row, Story, agreed_story, at_hour

_CHANNELS = {"search": 0.55, "social": 0.30, "display": 0.15}
"""share of the budget"""
_PER_LEAD, _QUALIFIED, _DEARER = 100.0, 0.40, 1.45
"""EUR spent for each lead; share of them that qualifies; how much more a qualified lead costs while it drifts"""


def _bidding(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """Clicks at 1.30 EUR instead of 2.10 and a budget up by a quarter; a qualified lead costs 45 % more."""
    spend: list[Row] = []
    leads: list[Row] = []
    appointments: list[Row] = []
    for day in (START + dt.timedelta(days=n) for n in range((until - START).days + 1)):
        is_automated = day >= story.deployed_on
        for channel, share in _CHANNELS.items():
            cost = share * (1250.0 if is_automated else 1000.0) * float(np.exp(0.15 * rng.standard_normal()))
            clicks = int(rng.poisson(cost / (1.30 if is_automated else 2.10)))
            spend.append((day, channel, f"{cost:.2f}", "EUR", clicks, story.workflow))
            for _ in range(int(rng.poisson(cost / _PER_LEAD))):
                lead, entered = f"L{len(leads) + 1:05d}", at_hour(day, rng.uniform(7, 22))
                leads.append((lead, entered, story.workflow, channel))
                qualified = _QUALIFIED / (_DEARER if story.is_drifting(day) else 1.0)
                appointments += _appointment(lead, entered, qualified, rng, until)
    return [
        ("spend", ("spent_on", "channel", "cost", "currency", "clicks", "workflow"), spend),
        ("leads", ("lead_id", "created_at", "workflow", "channel"), leads),
        (
            "appointments",
            ("appointment_id", "lead_id", "booked_at", "held_at", "status", "qualified"),
            appointments,
        ),
    ]


def _appointment(
    lead: str, entered: dt.datetime, qualified: float, rng: np.random.Generator, until: dt.date
) -> list[Row]:
    """The lead's appointment, booked within a day, held one to five weeks later: none, or one that may not qualify."""
    fate, delay = rng.random(), rng.uniform(7, 35)
    booked, held = entered + dt.timedelta(days=1), entered + dt.timedelta(days=delay)
    if fate >= qualified + 0.12 or booked.date() > until:
        return []
    is_over = held.date() <= until
    answer = ("yes" if fate < qualified else "no") if is_over else ""
    return [(lead.replace("L", "A"), lead, booked, held, "held" if is_over else "booked", answer)]


BIDDING = agreed_story(
    "Bidding agent",
    "bidding",
    _bidding,
    weeks=(56, 58, 84),
    seed=14,
    less_is_better=True,
    owner="Head of Performance Marketing",
    objective="Qualified leads at a price that the business can pay",
    audience="Finance leads who look for a provider",
    context="Budgets and bids in three channels, set every hour",
    constraint="No budget outside the agreed channels",
    proxies="cost_per_click",
    outcome="cost_per_qualified_lead",
    action="pause",
)
