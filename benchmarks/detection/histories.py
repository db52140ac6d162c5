"""The histories that every method is judged on: their families, seeds, and what was known of them at each look.

All last 120 weeks, the first 52 of which are the baseline; a look is taken at the end of each of the 68 weeks after.
In a drift family leads that enter from week 58 on are lost to drift; in a drift-free one nothing is to be found. Deals
follow from qualified appointments, as in life.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from leadline.data.samples.flows import Drift, FlowSpec, Leads, simulate

WEEKS = 120
DEPLOYED = 52
LOOKS = WEEKS - DEPLOYED
ONSET = 58
FOUND_WITHIN_WEEKS = 26
VOLUMES = (25, 80, 250)
OUTCOMES = {"close_rate": 26, "qualified_appointment_rate": 12}
"""outcome -> the weeks within which it counts, as in the metric catalog"""
SEED = 20240101


@dataclass(frozen=True)
class Family:
    """A way in which histories come about, and in which words the table names it."""

    name: str
    label: str
    spec: Callable[[int], FlowSpec]
    """leads a week -> the flow"""

    @property
    def drifts(self) -> bool:
        return self.spec(VOLUMES[0]).drift is not None


def _drift(size: float, kind: str = "step", channel: str | None = None) -> Drift:
    return Drift(size, ONSET, "ramp" if kind == "ramp" else "step", channel=channel)


def _flow(leads_per_week: int, **changed: Any) -> FlowSpec:
    return FlowSpec(leads_per_week=leads_per_week, weeks=WEEKS, deployed=DEPLOYED, linked=True, **changed)


FAMILIES = (
    Family("none", "no change", lambda v: _flow(v)),
    Family("growth", "volume ×3 in 16 weeks", lambda v: _flow(v, growth=3.0)),
    Family("shrink", "volume ×0.4 in 16 weeks", lambda v: _flow(v, growth=0.4)),
    Family("season", "season ±20 %", lambda v: _flow(v, season=0.2)),
    Family("quarter", "quarter ends pull deals", lambda v: _flow(v, quarter_ends=0.4)),
    Family("noise_entry", "weekly noise 0.3, by entry", lambda v: _flow(v, noise=0.3)),
    Family(
        "noise_event",
        "weekly noise 0.3, by event",
        lambda v: _flow(v, noise=0.3, noise_on="event"),
    ),
    Family("mix", "mix shifts to the weakest channel", lambda v: _flow(v, mix_shift=0.4)),
    Family("slower", "cycle ×1.35 slower", lambda v: _flow(v, slower=1.35)),
    Family("drop20", "−20 %", lambda v: _flow(v, drift=_drift(0.2))),
    Family("drop35", "−35 %", lambda v: _flow(v, drift=_drift(0.35))),
    Family("ramp40", "ramp to −40 % in 16 weeks", lambda v: _flow(v, drift=_drift(0.4, "ramp"))),
    Family(
        "segment60",
        "−60 % in one channel (30 % of leads)",
        lambda v: _flow(v, drift=_drift(0.6, channel="organic")),
    ),
    Family(
        "small60",
        "−60 % in a small channel (15 %)",
        lambda v: _flow(v, drift=_drift(0.6, channel="referral")),
    ),
    Family(
        "drop35_noise",
        "−35 % under weekly noise 0.3",
        lambda v: _flow(v, noise=0.3, drift=_drift(0.35)),
    ),
    Family(
        "drop35_deals",
        "−35 % in deals, appointments as before",
        lambda v: _flow(v, drift=_drift(0.35), drifting_outcomes=("close_rate",)),
    ),
)
BY_NAME = {family.name: family for family in FAMILIES}


def history(family: str, volume: int, number: int) -> Leads:
    """The history `number` of a family at `volume` leads a week; the same three always give the same leads."""
    rng = np.random.default_rng([SEED, zlib.crc32(family.encode()), volume, number])
    return simulate(BY_NAME[family].spec(volume), rng)


@dataclass(frozen=True)
class Found:
    """What one method said of one history. first: the week (position) of its first alarm, None if it never gave one."""

    first: int | None
    alarms: int
    """alarms raised in the 68 weeks, a standing one counted once"""
    why: str = ""

    @staticmethod
    def of(raised: list[int], why: str = "") -> Found:
        return Found(min(raised) if raised else None, len(raised), why)

    def delay(self, onset: int = ONSET) -> float:
        """Weeks from the onset to the alarm, at least 1; infinite if it never came or came before the onset."""
        return float("inf") if self.first is None or self.first < onset else float(self.first - onset + 1)


def standing(alarm: np.ndarray, first: int = DEPLOYED) -> Found:
    """From an alarm that is on or off at each look (bool, one entry a week from `first` on)."""
    on = np.asarray(alarm, dtype=bool)
    rises = np.flatnonzero(on & ~np.concatenate([[False], on[:-1]]))
    return Found.of([int(t) + first for t in rises])
