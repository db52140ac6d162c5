"""Support chat: answers within seconds, and fewer of the customers who asked renew."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.stories.story import Export, Row, Story, agreed_story, entries


def _support(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """First replies within 20 seconds instead of three hours; 34 % of the tickets renew instead of 60 %."""
    tickets: list[Row] = []
    events: list[Row] = []
    for number, moment in enumerate(entries(rng, lambda day: 48.0), 1):
        day, ticket = moment.date(), f"T{number:05d}"
        speed, fate, delay = rng.standard_normal(), rng.random(), rng.standard_normal()
        seconds = (20.0 if day >= story.deployed_on else 3 * 3600.0) * float(np.exp(0.7 * speed))
        answered = moment + dt.timedelta(seconds=seconds)
        plan = ("basic", "team", "company")[number % 3]
        if day <= until:
            known = answered if answered.date() <= until else ""
            tickets.append((ticket, moment, story.workflow, "ticket", plan, known))
        renews = 0.60 * (0.57 if story.is_drifting(day) else 1.0)
        if fate >= renews and fate < 0.85:
            continue
        happened = moment + dt.timedelta(days=4.0 + 32.0 * float(np.exp(0.5 * delay)))
        if happened.date() <= until:
            events.append((f"E{number:05d}", ticket, happened, "renewed" if fate < renews else "cancelled"))
    ticket_columns = ("unit_id", "entered_at", "workflow", "kind", "segment", "first_response_at")
    return [
        ("units", ticket_columns, tickets),
        ("events", ("event_id", "unit_id", "happened_at", "kind"), events),
    ]


SUPPORT_CHAT = agreed_story(
    "Support chat",
    "support-chat",
    _support,
    weeks=(56, 58, 84),
    seed=108,
    metrics="""\
first_reply:
  role: proxy
  of: {template: units, where: {kind: ticket}}
  duration: {from: entered_at, to: first_response_at}
  better: lower
  entity: tickets
  better_words: first replies come {change} sooner
  worse_words: first replies take {change} longer
  steady_words: first replies come as soon as before
renewal_rate:
  role: outcome
  of: {template: units, where: {kind: ticket}}
  event: {template: events, where: {kind: renewed}}
  within_weeks: 20
  entity: tickets
  better_words: "{change} more renew"
  worse_words: "{change} fewer renew"
  steady_words: as many renew as before
""",
    owner="Head of Customer Success",
    objective="Customers whose problem is solved, and who stay",
    audience="Customers in their first two years",
    context="Chat on the website and in the product",
    constraint="A person takes over when asked for",
    proxies="first_reply",
    outcome="renewal_rate",
    action="adjust",
)
