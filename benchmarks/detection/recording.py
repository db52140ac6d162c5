"""How what happens gets into the exports: late, twice, without a channel, at month ends, or weeks of it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadline.data.samples.flows import CLOSE, NEVER, Channel, Floats, Ints, Leads

UNNAMED = "unknown"
"""what the product calls the segment of leads without one"""


@dataclass(frozen=True)
class Recording:
    """What of it is not as it happened. Everything but closings' dates begins in the week of the onset."""

    entry_lag_days: float = 0.0
    """mean of the exponential delay after which a closing, with its true date, is entered"""
    month_ends: float = 0.0
    """share of the deals that are closed, by their date, at the end of their month; before the deployment too"""
    twice: float = 0.0
    """share of the leads that a form sends twice; nothing ever comes of the second"""
    unnamed: float = 0.0
    """share of the leads whose channel is missing"""
    reassigned: float = 0.0
    """share of the leads that stand under another channel in the end"""
    outage: int = 0
    """weeks whose outcomes are all dated in the week after them"""

    @property
    def is_exact(self) -> bool:
        return self == AS_IT_HAPPENS


AS_IT_HAPPENS = Recording()


@dataclass(frozen=True, eq=False)
class Recorded:
    """Leads as the exports have them. lead: which of the true leads each is; again: it is there before already;
    entered: outcome -> the day on which it was entered."""

    leads: Leads
    lead: Ints
    again: NDArray[np.bool_]
    entered: dict[str, Floats]


def record(leads: Leads, recording: Recording, onset: int, rng: np.random.Generator) -> Recorded:
    """Draw how one flow is recorded. onset: the week in which that begins to differ."""
    late = leads.week >= onset
    repeated = np.flatnonzero(late & (rng.random(leads.count()) < recording.twice))
    lead = np.concatenate([np.arange(leads.count()), repeated])
    again = np.arange(lead.size) >= leads.count()
    reached = {name: np.where(again, NEVER, when[lead]) for name, when in leads.reached.items()}
    if recording.outage:
        reached = {name: _caught_up(when, onset, recording.outage, rng) for name, when in reached.items()}
    if recording.month_ends and CLOSE.name in reached:
        batched = rng.random(lead.size) < recording.month_ends
        when = reached[CLOSE.name]
        reached[CLOSE.name] = np.where(batched, _month_end(when, leads), when)
    entered = dict(reached)
    if recording.entry_lag_days:
        entered[CLOSE.name] = reached[CLOSE.name] + rng.exponential(recording.entry_lag_days, lead.size)
    spec, channel = leads.spec, leads.channel[lead]
    if recording.reassigned:
        moved = late[lead] & (rng.random(lead.size) < recording.reassigned)
        others = (channel + rng.integers(1, len(spec.channels), lead.size)) % len(spec.channels)
        channel = np.where(moved, others, channel)
    if recording.unnamed:
        lost = late[lead] & (rng.random(lead.size) < recording.unnamed)
        channel = np.where(lost, len(spec.channels), channel)
        spec = replace(spec, channels=(*spec.channels, Channel(UNNAMED, 0.0, 1.0, arrives=onset)))
    seen = Leads(
        spec=spec,
        day=leads.day[lead] + np.where(again, 0.001, 0.0),
        channel=channel,
        reached=reached,
        chance={name: chance[lead] for name, chance in leads.chance.items()},
    )
    return Recorded(seen, lead, again, entered)


def _caught_up(when: Floats, first: int, weeks: int, rng: np.random.Generator) -> Floats:
    over = 7.0 * (first + weeks)
    silent = (when >= 7.0 * first) & (when < over)
    return np.where(silent, over + 7.0 * rng.random(when.size), when)


def _month_end(when: Floats, leads: Leads) -> Floats:
    """The afternoon of the last day of each day's month."""
    start = np.datetime64(leads.spec.start, "D")
    day = start + np.where(np.isfinite(when), when, 0.0).astype(np.int64)
    last = (day.astype("datetime64[M]") + 1).astype("datetime64[D]") - start
    end: Floats = last.astype(np.float64) - 0.3
    return np.where(np.isfinite(when), np.maximum(when, end), NEVER)
