"""Lead flows with a known truth: what the demo, the tests and the benchmarks are fed with.

A flow is simulated lead by lead, so that cohorts, delays and mixes arise as they do in life: a lead enters on a day
through a channel, may become a qualified appointment after days and a won deal after weeks; in a *linked* flow, as in
life, a deal's chance depends on the appointment, while rates and delays of each are the same. Everything that must not
fool a monitor (growth, season, quarter ends, a new mix, weekly noise, a slower cycle) and everything that must be
found (a step, a ramp, one channel) is a field of `FlowSpec`. Only numpy; the same seed gives the same flow.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = np.inf
"""the day of an event that does not happen"""
APPOINTED = 0.8
"""of the deals of a linked flow, those whose lead has a qualified appointment as well"""
DELAYS_TOGETHER = 0.6
"""correlation of the log delays of such a lead's appointment and deal: the deal comes later in 99 of 100"""


@dataclass(frozen=True)
class Channel:
    """A lead source: its share of the volume and how its odds of an outcome compare with the average."""

    name: str
    share: float
    factor: float
    """multiplies the probability of closing; qualified appointments feel its square root"""
    arrives: int | None = None
    """the week in which its first leads come; it has its share of all after `mix_weeks`. None: it was always there"""


CHANNELS = (
    Channel("organic", 0.30, 1.15),
    Channel("paid_search", 0.30, 1.00),
    Channel("paid_social", 0.25, 0.75),
    Channel("referral", 0.15, 1.15),
)


@dataclass(frozen=True)
class Outcome:
    """How many leads reach an outcome in the end, and how long those take (log-normal days)."""

    name: str
    rate: float
    median_days: float
    sigma: float


CLOSE = Outcome("close_rate", 0.20, 35.0, 0.7)
QUALIFIED = Outcome("qualified_appointment_rate", 0.36, 9.0, 0.6)


@dataclass(frozen=True)
class Drift:
    """A loss of outcomes for leads that enter from week `onset` on."""

    size: float
    """0.35 = 35 % fewer in the end; below 0 more"""
    onset: int
    kind: Literal["step", "ramp"] = "step"
    ramp_weeks: int = 16
    channel: str | None = None
    """None: every channel"""
    weeks: int | None = None
    """how many weeks of entry it lasts; None: to the end"""


@dataclass(frozen=True)
class FlowSpec:
    """One workflow's history. Weeks count from the Monday `start`; the first `deployed` weeks are the baseline."""

    leads_per_week: float = 50.0
    weeks: int = 120
    deployed: int = 52
    start: dt.date = dt.date(2023, 1, 2)
    channels: tuple[Channel, ...] = CHANNELS
    outcomes: tuple[Outcome, ...] = (CLOSE, QUALIFIED)
    growth: float = 1.0
    """volume multiplies by this over `growth_weeks` from the deployment on"""
    growth_weeks: int = 16
    season: float = 0.0
    """amplitude of a yearly cycle in the odds of an outcome, before and after"""
    season_peak: float = 0.1
    """when in the year the cycle peaks, 0 to 1"""
    quarter_ends: float = 0.0
    """share of the deals of a quarter's first three weeks that are pulled into the last two of the one before"""
    noise: float = 0.0
    """coefficient of variation of a weekly factor on the outcome odds of the leads that enter that week"""
    noise_on: Literal["entry", "event"] = "entry"
    mix_shift: float = 0.0
    """this share of the volume moves from the strongest to the weakest channel over `mix_weeks` after `mix_onset`"""
    mix_onset: int = 56
    mix_weeks: int = 12
    slower: float = 1.0
    """delays of leads that enter from `slower_onset` on stretch by this factor"""
    slower_onset: int = 56
    slower_outcomes: tuple[str, ...] = field(default=("close_rate", "qualified_appointment_rate"))
    drift: Drift | None = None
    drifting_outcomes: tuple[str, ...] = field(default=("close_rate", "qualified_appointment_rate"))
    linked: bool = False
    """deals follow from appointments; if not, a lead's two outcomes know nothing of each other. A drift of both loses
    the same leads, so that deals given appointments stay as they were; one of deals alone loses them given both."""


@dataclass(frozen=True, eq=False)
class Leads:
    """One simulated flow, an entry a lead. Days are counted from `spec.start`, fractions are times of day."""

    spec: FlowSpec
    day: Floats
    channel: Ints
    """index into spec.channels"""
    reached: dict[str, Floats]
    """outcome name → day it was reached, NEVER if it was not"""
    chance: dict[str, Floats] = field(default_factory=dict)
    """outcome name → the chance that the lead would have had without the drift"""

    @property
    def week(self) -> Ints:
        return np.floor(self.day / 7).astype(np.int64)

    def count(self) -> int:
        return int(self.day.size)


def simulate(spec: FlowSpec, rng: np.random.Generator) -> Leads:
    """Draw one history of `spec`."""
    weeks = np.arange(spec.weeks)
    since = weeks - spec.deployed
    volume = spec.leads_per_week * _ramp(since, spec.growth_weeks, spec.growth)
    per_week = rng.poisson(volume)
    week = np.repeat(weeks, per_week)
    # fewer leads at the weekend, office hours more than nights
    weekday = rng.choice(7, size=week.size, p=(0.19, 0.19, 0.18, 0.17, 0.15, 0.06, 0.06))
    day = week * 7.0 + weekday + rng.beta(3.0, 2.6, week.size)
    channel = _channels(spec, week, rng)
    if spec.linked:
        reached, chance = _reach_linked(spec, day, week, channel, rng)
    else:
        reached, chance = {}, {}
        for outcome in spec.outcomes:
            chance[outcome.name] = _chance(spec, outcome, week, channel, _quality(spec, rng))
            happens = chance[outcome.name] * remaining(spec, outcome.name, week, channel)
            normal = rng.standard_normal(day.size)
            reached[outcome.name] = _when(
                spec, outcome, day, week, rng.random(day.size) < happens, normal, rng
            )
    return Leads(spec=spec, day=day, channel=channel, reached=reached, chance=chance)


def remaining(spec: FlowSpec, outcome: str, week: Ints, channel: Ints) -> Floats:
    """The share of each lead's chance that the drift leaves: 1 where there is none."""
    if spec.drift is None or outcome not in spec.drifting_outcomes:
        return np.ones(week.size)
    return 1.0 - spec.drift.size * _exposure(spec.drift, spec, week, channel)


def median_days(spec: FlowSpec, outcome: Outcome, week: Ints) -> Floats:
    """The median delay of leads that enter in each week."""
    slower = (week >= spec.slower_onset) & (outcome.name in spec.slower_outcomes)
    return outcome.median_days * np.where(slower, spec.slower, 1.0)


def channel_factors(spec: FlowSpec) -> Floats:
    """By channel, how its chance of closing compares with that of all leads before any new channel arrived."""
    factor = np.array([c.factor for c in spec.channels])
    share = _shares(spec)
    relative: Floats = factor / float((factor * share).sum())
    return relative


def counts(leads: Leads, outcome: str, horizon_weeks: int) -> tuple[Ints, Ints]:
    """Entered [segment, cohort] and events [segment, cohort, age] in whole weeks, ages 0..horizon."""
    spec = leads.spec
    shape = (len(spec.channels), spec.weeks)
    entered = np.zeros(shape, dtype=np.int64)
    week = leads.week
    np.add.at(entered, (leads.channel, week), 1)
    events = np.zeros((*shape, horizon_weeks + 1), dtype=np.int64)
    when = leads.reached[outcome]
    happens = np.isfinite(when)
    age = np.floor(when[happens] / 7).astype(np.int64) - week[happens]
    inside = (age <= horizon_weeks) & (age + week[happens] < spec.weeks)
    np.add.at(events, (leads.channel[happens][inside], week[happens][inside], age[inside]), 1)
    return entered, events


def _ramp(since: Ints, length: int, target: float) -> Floats:
    """1 before 0, `target` from `length` on, straight in between."""
    return 1.0 + (target - 1.0) * np.clip(since / max(length, 1), 0.0, 1.0)


def _channels(spec: FlowSpec, week: Ints, rng: np.random.Generator) -> Ints:
    share = _shares(spec)
    chosen = rng.choice(len(share), size=week.size, p=share)
    for place, channel in enumerate(spec.channels):
        if channel.arrives is not None:
            grown = channel.share * np.clip((week - channel.arrives) / max(spec.mix_weeks, 1), 0.0, 1.0)
            chosen = np.where(rng.random(week.size) < grown, place, chosen)
    if spec.mix_shift <= 0:
        return chosen.astype(np.int64)
    factors = np.array([c.factor for c in spec.channels])
    strongest, weakest = int(factors.argmax()), int(factors.argmin())
    moved = spec.mix_shift * np.clip((week - spec.mix_onset) / max(spec.mix_weeks, 1), 0.0, 1.0)
    # a lead of any other channel moves to the weakest with the same chance, so the others' own mix stays
    others = (chosen != weakest) & (rng.random(week.size) < moved / (1.0 - share[weakest]))
    strong_first = (chosen == strongest) | others
    return np.where(others & strong_first, weakest, chosen).astype(np.int64)


def _shares(spec: FlowSpec) -> Floats:
    """By channel, its share of the leads before any new channel arrived."""
    share = np.array([c.share if c.arrives is None else 0.0 for c in spec.channels])
    relative: Floats = share / share.sum()
    return relative


def _reach_linked(
    spec: FlowSpec, day: Floats, week: Ints, channel: Ints, rng: np.random.Generator
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Both outcomes of each lead from one draw: both, a deal without an appointment, an appointment alone, neither.

    Days, and the chances without the drift.
    """
    by_name = {outcome.name: outcome for outcome in spec.outcomes}
    if by_name.keys() != {CLOSE.name, QUALIFIED.name}:
        raise ValueError("a linked flow has qualified appointments and deals")
    quality = _quality(spec, rng)
    chance = {name: _chance(spec, outcome, week, channel, quality) for name, outcome in by_name.items()}
    close, qualified = (
        chance[name] * remaining(spec, name, week, channel) for name in (CLOSE.name, QUALIFIED.name)
    )
    both = np.clip(APPOINTED * close, np.maximum(close + qualified - 1.0, 0.0), np.minimum(close, qualified))
    luck = rng.random(day.size)
    closes = luck < close
    qualifies = (luck < both) | (~closes & (luck < close + qualified - both))
    first, own = rng.standard_normal((2, day.size))
    later = DELAYS_TOGETHER * first + np.sqrt(1.0 - DELAYS_TOGETHER**2) * own
    reached = {
        CLOSE.name: _when(spec, by_name[CLOSE.name], day, week, closes, later, rng),
        QUALIFIED.name: _when(spec, by_name[QUALIFIED.name], day, week, qualifies, first, rng),
    }
    return reached, chance


def _quality(spec: FlowSpec, rng: np.random.Generator) -> Floats:
    """[weeks + 1] how good the leads of each week are, where that varies."""
    by_entry = spec.noise > 0 and spec.noise_on == "entry"
    return _weekly_factor(spec, rng) if by_entry else np.ones(spec.weeks + 1)


def _chance(spec: FlowSpec, outcome: Outcome, week: Ints, channel: Ints, quality: Floats) -> Floats:
    """Each lead's chance of an outcome in the end, the drift left out. quality: [weeks + 1]."""
    factor = channel_factors(spec)
    if outcome.name != CLOSE.name:
        factor = np.sqrt(factor)
    odds = outcome.rate / (1 - outcome.rate) * np.ones(week.size)
    odds *= 1.0 + spec.season * np.cos(2 * np.pi * (week / 52.1775 - spec.season_peak))
    odds *= quality[week]
    chance: Floats = np.clip(odds / (1 + odds) * factor[channel], 0.0, 1.0)
    return chance


def _when(
    spec: FlowSpec,
    outcome: Outcome,
    day: Floats,
    week: Ints,
    happens: NDArray[np.bool_],
    normal: Floats,
    rng: np.random.Generator,
) -> Floats:
    """The day of each lead's outcome, NEVER where it does not happen. normal: what the delays are made of."""
    delay = median_days(spec, outcome, week) * np.exp(outcome.sigma * normal)
    when = np.where(happens, day + delay, NEVER)
    if spec.noise > 0 and spec.noise_on == "event":
        when = _postpone(when, spec, rng)
    if spec.quarter_ends > 0 and outcome.name == CLOSE.name:
        when = _pull_forward(when, day, spec, rng)
    return when


def _exposure(drift: Drift, spec: FlowSpec, week: Ints, channel: Ints) -> Floats:
    if drift.kind == "step":
        share = (week >= drift.onset).astype(np.float64)
    else:
        share = np.clip((week - drift.onset) / drift.ramp_weeks, 0.0, 1.0)
    if drift.weeks is not None:
        share = np.where(week < drift.onset + drift.weeks, share, 0.0)
    if drift.channel is not None:
        names = [c.name for c in spec.channels]
        share = share * (channel == names.index(drift.channel))
    return share


def _weekly_factor(spec: FlowSpec, rng: np.random.Generator) -> Floats:
    shape = 1.0 / spec.noise**2
    return rng.gamma(shape, 1.0 / shape, spec.weeks + 1)


def _postpone(when: Floats, spec: FlowSpec, rng: np.random.Generator) -> Floats:
    """Weeks in which less gets done than usual: an event of such a week happens in the next one instead."""
    busy = np.minimum(_weekly_factor(spec, rng), 1.0)
    finite = np.isfinite(when)
    week = np.clip(np.floor(np.where(finite, when, 0.0) / 7).astype(np.int64), 0, spec.weeks)
    late = finite & (rng.random(when.size) > busy[week])
    return np.where(late, when + 7.0, when)


def _pull_forward(when: Floats, day: Floats, spec: FlowSpec, rng: np.random.Generator) -> Floats:
    """Quarter ends: deals of the first three weeks of a quarter are closed in the last two of the one before."""
    finite = np.isfinite(when)
    ends = np.array(
        [_days(spec.start, end) for end in quarter_ends(spec.start, spec.weeks)], dtype=np.float64
    )
    at = np.searchsorted(ends, np.where(finite, when, 0.0)) - 1
    after = np.where(at >= 0, np.where(finite, when, 0.0) - ends[np.maximum(at, 0)], np.inf)
    pulled = finite & (after < 21) & (rng.random(when.size) < spec.quarter_ends)
    target = ends[np.maximum(at, 0)] - 14.0 * rng.random(when.size)
    return np.where(pulled & (target > day), target, when)


def quarter_ends(start: dt.date, weeks: int) -> list[dt.date]:
    """First days of the quarters within the span, the moment at which the one before ended."""
    last = start + dt.timedelta(weeks=weeks + 30)
    firsts = [dt.date(year, month, 1) for year in range(start.year, last.year + 1) for month in (1, 4, 7, 10)]
    return [first for first in firsts if start <= first <= last]


def _days(start: dt.date, day: dt.date) -> int:
    return (day - start).days
