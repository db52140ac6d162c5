"""One history of a family: its leads as they are recorded, and the truth of each."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.detection.families import A_YEAR, ASKED, BY_NAME, Family
from benchmarks.detection.recording import record
from leadline.data.samples.flows import NEVER, Floats, Ints, Leads, remaining, simulate

MEAN_AMOUNT = 9300.0
SEED = 20240101


@dataclass(frozen=True, eq=False)
class History(Leads):
    """Leads as they are recorded, and the truth of each. `chance`: without the drift."""

    family: Family = field(kw_only=True)
    kept: dict[str, Floats] = field(kw_only=True)
    """outcome -> the share of each lead's chance that was left"""
    entered: dict[str, Floats] = field(kw_only=True)
    """outcome -> the day on which its event was entered into the system, at the earliest that on which it happened"""
    amount: Floats = field(kw_only=True)
    """what each lead's deal is worth, where it has one"""
    is_asked: bool = field(default=False, kw_only=True)
    """what its rule promises before the deployment is written down"""

    @property
    def onset(self) -> int:
        """The week from which on what enters differs."""
        drawn = self.spec.drift
        return drawn.onset if drawn is not None else self.family.onset


def history(family: str, volume: int, number: int) -> History:
    """The history `number` of a family at `volume` leads a week; the same three always give the same leads."""
    chosen = BY_NAME[family]
    seed = [SEED, zlib.crc32(family.encode()), volume, number]
    rng, around = np.random.default_rng(seed), np.random.default_rng([*seed, 1])
    spec = chosen.spec(volume)
    if chosen.any_onset and spec.drift is not None:
        drawn = spec.drift.onset + int(around.integers(A_YEAR))
        spec = replace(spec, drift=replace(spec.drift, onset=drawn))
    leads = _phased(chosen, rng) if chosen.phases else simulate(spec, rng)
    recorded = _recorded(chosen, leads, around)
    return replace(recorded, is_asked=chosen.any_onset and number < ASKED)


def _phased(family: Family, rng: np.random.Generator) -> Leads:
    """The units of a story: each phase has its own number a week."""
    (outcome,) = family.flow.outcomes
    by_week = np.repeat([phase.units for phase in family.phases], [phase.weeks for phase in family.phases])
    week = np.repeat(np.arange(by_week.size), rng.poisson(by_week))
    day = 7.0 * week + rng.integers(0, 5, week.size) + rng.uniform(0.33, 0.75, week.size)
    happens = rng.random(week.size) < outcome.rate * _kept(family, week)
    delay = outcome.median_days * np.exp(outcome.sigma * rng.standard_normal(week.size))
    return Leads(
        spec=family.flow,
        day=day,
        channel=np.zeros(week.size, dtype=np.int64),
        reached={outcome.name: np.where(happens, day + delay, NEVER)},
        chance={outcome.name: np.full(week.size, outcome.rate)},
    )


def _kept(family: Family, week: Ints) -> Floats:
    """Of a story's units by week of entry: their phase's rate beside that of the first."""
    ends = np.cumsum([phase.weeks for phase in family.phases])
    rates = np.array([phase.rate for phase in family.phases])
    kept: Floats = rates[np.searchsorted(ends, week, side="right")] / rates[0]
    return kept


def _recorded(family: Family, leads: Leads, rng: np.random.Generator) -> History:
    if family.phases:
        kept = {name: _kept(family, leads.week) for name in leads.reached}
    else:
        kept = {name: remaining(leads.spec, name, leads.week, leads.channel) for name in leads.reached}
    amount = MEAN_AMOUNT * np.exp(0.5 * rng.standard_normal(leads.count()) - 0.125)
    amount = np.where(leads.week >= family.onset, amount * family.amounts, amount)
    found = record(leads, family.recording, family.onset, rng)
    return History(
        spec=found.leads.spec,
        day=found.leads.day,
        channel=found.leads.channel,
        reached=found.leads.reached,
        chance=found.leads.chance,
        family=family,
        kept={name: np.where(found.again, 0.0, share[found.lead]) for name, share in kept.items()},
        entered=found.entered,
        amount=amount[found.lead],
    )
