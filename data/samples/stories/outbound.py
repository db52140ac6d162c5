"""Outbound: three times as many e-mails, and fewer of the people who get them agree to meet."""

from __future__ import annotations

import datetime as dt

import numpy as np

from leadline.data.samples.stories.story import Export, Row, Story, agreed_story, entries

_CONTACTS, _MEETINGS = 70.0, 24.0
"""written to, and met for the first time, a week before the deployment"""


def _outbound(story: Story, rng: np.random.Generator, until: dt.date) -> list[Export]:
    """Three times as many e-mails, 44 % of them replied to instead of 38 %; 35 % fewer meetings a week."""
    emails: list[Row] = []
    meetings: list[Row] = []
    found = entries(rng, lambda day: _CONTACTS * (3.0 if day >= story.deployed_on else 1.0))
    for number, sent in enumerate(found, 1):
        day, contact = sent.date(), f"P{number:05d}"
        is_automated = day >= story.deployed_on
        fate, hours, delay = rng.random(), rng.exponential(20), rng.uniform(6, 24)
        # whoever meets has replied
        meets = (
            _MEETINGS / _CONTACTS / (3.0 if is_automated else 1.0) * (0.65 if story.is_drifting(day) else 1.0)
        )
        replied = sent + dt.timedelta(hours=1.0 + hours)
        is_known = fate < (0.44 if is_automated else 0.38) and replied.date() <= until
        if day <= until:
            emails.append((f"E{number:05d}", contact, sent, replied if is_known else "", story.workflow))
        booked, held = sent + dt.timedelta(days=5), sent + dt.timedelta(days=delay)
        if fate < meets + 0.02 and booked.date() <= until:
            state = ("held" if fate < meets else "no_show") if held.date() <= until else "booked"
            meetings.append((f"M{number:05d}", contact, booked, held, state, story.workflow))
    meeting_columns = ("appointment_id", "lead_id", "booked_at", "held_at", "status", "workflow")
    return [
        ("emails", ("message_id", "lead_id", "sent_at", "replied_at", "workflow"), emails),
        ("appointments", meeting_columns, meetings),
    ]


OUTBOUND = agreed_story(
    "Outbound agent",
    "outbound",
    _outbound,
    weeks=(56, 58, 88),
    seed=15,
    metrics="""\
meetings_held:
  role: outcome
  count: {template: appointments, at: held_at, where: {status: held}}
  entity: meetings
  better_words: "{change} more meetings are held"
  worse_words: "{change} fewer meetings are held"
  steady_words: as many meetings are held as before
""",
    owner="Head of Sales Development",
    objective="Meetings with people who have the problem that we solve",
    audience="Finance leads who came to an event or a download",
    context="First contact by e-mail, one message each",
    constraint="Nobody is written to who asked us not to",
    proxies="email_volume, reply_rate",
    outcome="meetings_held",
    action="pause",
)
