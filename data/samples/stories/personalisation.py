"""Personalisation: more opens and clicks, and the pieces no longer pass the brand review."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.stories.story import (
    START,
    WEEKS,
    Export,
    Row,
    Story,
    agreed_story,
    at_hour,
    entries,
)


def _personal(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """A third more opens, half as many clicks again; 60 % of the pieces pass the brand review instead of 86 %."""
    mailings: list[Row] = []
    for number in range(2 * WEEKS):
        sent = at_hour(START + dt.timedelta(weeks=number // 2, days=1 + 2 * (number % 2)), 9.5)
        after = sent.date() >= story.deployed_on
        recipients = int(rng.normal(5200, 250))
        delivered = int(recipients * rng.uniform(0.975, 0.99))
        opens = int(delivered * np.clip(rng.normal(0.41 if after else 0.31, 0.015), 0, 1))
        clicks = int(delivered * np.clip(rng.normal(0.062 if after else 0.041, 0.004), 0, 1))
        if sent.date() <= until:
            mailings.append((f"M{number:04d}", sent, recipients, delivered, opens, clicks, story.workflow))
    reviews: list[Row] = []
    for number, moment in enumerate(entries(rng, lambda day: 20.0), 1):
        passed = rng.random() < (0.60 if story.is_drifting(moment.date()) else 0.86)
        if moment.date() <= until:
            verdict = "yes" if passed else "no"
            reviews.append(
                (f"R{number:05d}", moment, "brand team", "brand consistency", verdict, story.workflow)
            )
    mailing_columns = ("campaign_id", "sent_at", "recipients", "delivered", "unique_opens", "unique_clicks")
    review_columns = ("item_id", "reviewed_at", "reviewer", "dimension", "passed", "workflow")
    return [
        ("campaigns", (*mailing_columns, "workflow"), mailings),
        ("reviews", review_columns, reviews),
    ]


PERSONALISATION = agreed_story(
    "Personalised nurture",
    "nurture",
    _personal,
    weeks=(56, 57, 80),
    seed=13,
    owner="Head of CRM",
    objective="Leads that come back because they know what we stand for",
    audience="Leads that were not ready to buy",
    context="Two mailings a week",
    constraint="One promise in all variants",
    proxies="open_rate, click_rate",
    outcome="review_pass_rate",
    action="pause",
)
