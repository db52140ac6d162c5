"""The limit of what can be known from deals: a CUSUM with the true hazards and the true effect.

The log-likelihood ratio is exact (Bernoulli by lead and week of age, from the flow's log-normal delays), the limit is
a fixed 5, and only leads that can be affected are looked at: those of the drifting channel that entered since the
onset. It sees deals alone, so that a method that also reads appointments can be quicker.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import beta

from benchmarks.detection.answers import Found
from benchmarks.detection.families import AFTER, OUTCOMES
from leadline.data.samples.flows import CLOSE, FlowSpec, Leads, Outcome, channel_factors, counts

Floats = NDArray[np.float64]

LIMIT = 5.0
ASSUMED = 0.35
"""the decline it looks for in a history without drift"""
_WEEKDAYS = np.array((0.19, 0.19, 0.18, 0.17, 0.15, 0.06, 0.06))
_HOURS: Floats = beta.ppf((np.arange(40) + 0.5) / 40, 3.0, 2.6)


@cache
def delay_share(outcome: Outcome, within: int) -> Floats:
    """[A] share of the events that happen a whole weeks after the week of entry."""
    entry = np.add.outer(np.arange(7.0), _HOURS)
    edges = 7.0 * np.arange(within + 2)
    until = edges[:, None, None] - entry
    z = (np.log(np.maximum(until, 1e-12)) - np.log(outcome.median_days)) / outcome.sigma
    done = (ndtr(z) * (until > 0)).mean(axis=2) @ _WEEKDAYS
    share: Floats = np.diff(done)
    return share


def final_share(spec: FlowSpec) -> Floats:
    """[S, C] chance that a lead of each channel and week of entry closes in the end, drift left out."""
    factor = channel_factors(spec)
    weeks = np.arange(spec.weeks)
    odds = CLOSE.rate / (1 - CLOSE.rate) * np.ones((1, spec.weeks))
    odds = odds * (1.0 + spec.season * np.cos(2 * np.pi * (weeks / 52.1775 - spec.season_peak)))
    if spec.noise > 0 and spec.noise_on == "entry":
        shape = 1.0 / spec.noise**2
        draws = np.random.default_rng(1).gamma(shape, 1.0 / shape, 20_000)[:, None]
        level = (odds * draws / (1 + odds * draws)).mean(axis=0, keepdims=True)
    else:
        level = odds / (1 + odds)
    final: Floats = np.clip(level * factor[:, None], 0.0, 1.0)
    return final


def _hazards(final: Floats, share: Floats) -> Floats:
    """[S, C, A] chance of a deal at age a for a lead still without one."""
    before = np.cumsum(share) - share
    return final[:, :, None] * share / (1.0 - final[:, :, None] * before)


def knows(spec: FlowSpec) -> bool:
    """Whether the flow's hazards have the closed form that the oracle rests on."""
    moved = spec.quarter_ends or spec.slower != 1.0 or (spec.noise and spec.noise_on == "event")
    better = spec.drift is not None and spec.drift.size < 0
    return CLOSE in spec.outcomes and not moved and not better


def oracle(leads: Leads, limit: float = LIMIT) -> Found:
    """First week in which the CUSUM exceeds `limit`; without drift it looks for ASSUMED from the usual onset on."""
    path = oracle_path(leads)
    over = np.flatnonzero(path > limit)
    return Found(int(over[0]) if over.size else None, int(over.size > 0))


def oracle_path(leads: Leads) -> Floats:
    """[weeks] the CUSUM, 0 before the onset."""
    spec = leads.spec
    if not knows(spec):
        raise ValueError("the oracle knows no closed form of this flow's hazards")
    within = OUTCOMES[CLOSE.name]
    entered, events = counts(leads, CLOSE.name, within)
    share = delay_share(CLOSE, within)
    final = final_share(spec)
    lost, onset = _lost(spec)
    h0, h1 = _hazards(final, share), _hazards(final * (1.0 - lost), share)
    risk = entered[:, :, None] - (np.cumsum(events, axis=2) - events)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = events * np.log(h1 / h0) + (risk - events) * np.log((1 - h1) / (1 - h0))
    gain = np.where(lost[:, :, None] > 0, gain, 0.0)
    steps = np.zeros(spec.weeks)
    for age in range(within + 1):
        cohorts = np.arange(onset, spec.weeks - age)
        steps[cohorts + age] += gain[:, cohorts, age].sum(axis=0)
    path, level = np.zeros(spec.weeks), 0.0
    for week in range(onset, spec.weeks):
        level = max(0.0, level + float(steps[week]))
        path[week] = level
    return path


def _lost(spec: FlowSpec) -> tuple[Floats, int]:
    """[S, C] share of deals that is lost, and the week since which."""
    shape = (len(spec.channels), spec.weeks)
    weeks = np.arange(spec.weeks)
    drift = spec.drift
    if drift is None:
        onset = spec.deployed + AFTER
        return np.broadcast_to(np.where(weeks >= onset, ASSUMED, 0.0), shape), onset
    if drift.kind == "step":
        share = (weeks >= drift.onset).astype(np.float64)
    else:
        share = np.clip((weeks - drift.onset) / drift.ramp_weeks, 0.0, 1.0)
    if drift.weeks is not None:
        share = np.where(weeks < drift.onset + drift.weeks, share, 0.0)
    channels = np.array([drift.channel in (None, c.name) for c in spec.channels], dtype=np.float64)
    return drift.size * channels[:, None] * share, drift.onset
