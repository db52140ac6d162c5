"""The families of histories that every method is judged on: how each comes about, and how it is called.

The *usual* families last 120 weeks, the first 52 of which are the baseline; a look is taken at the end of each of the
68 weeks after. In a drift family leads that enter from six weeks after the deployment on are lost to drift; in a
drift-free one nothing is to be found. Deals follow from qualified appointments, as in life. The *wider* families change
what the usual ones take for granted: rates, volumes, baselines, and how what happens gets into the exports. Others are
workflows that handle no leads, drifts from any week of a year, and the stories that go on to a decision and to what
came of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.detection.recording import AS_IT_HAPPENS, Recording
from leadline.data.samples.flows import CHANNELS, CLOSE, Channel, Drift, FlowSpec, Outcome

DEPLOYED = 52
LOOKS = 68
A_YEAR = 52
AFTER = 6
"""weeks from the deployment to the onset of what happens"""
ONSET = DEPLOYED + AFTER
FOUND_WITHIN_WEEKS = 26
DEPLOYED_ON = dt.date(2024, 1, 1)
VOLUMES = (25, 80, 250)
USUAL_HISTORIES, WIDER_HISTORIES = 200, 60
"""a cell, of the usual families and of the wider ones"""
ASKED = 5
"""histories a cell whose rule is asked what it promises: the answer takes as long as a dozen replays"""
OUTCOMES = {"close_rate": 26, "qualified_appointment_rate": 12}
"""outcome -> the weeks within which it counts, as in the metric catalog"""
WITHIN = OUTCOMES | {"asset_usage_rate": 12, "review_pass_rate": 0}
"""of all outcomes, the same"""
LEADS, ASSETS, REVIEWS = "leads", "assets", "reviews"
TEMPLATES = {"asset_usage_rate": ASSETS, "review_pass_rate": REVIEWS}
"""outcome -> what its units are landed as, where those are no leads"""


@dataclass(frozen=True)
class Phase:
    """A part of a story: so many weeks, units a week, and the share of them that reaches the outcome."""

    weeks: int
    units: float
    rate: float


@dataclass(frozen=True)
class Family:
    """A way in which histories come about, and in which words the table names it."""

    name: str
    label: str
    spec: Callable[[int], FlowSpec]
    """leads a week -> the flow"""
    volumes: tuple[int, ...] = VOLUMES
    recording: Recording = AS_IT_HAPPENS
    watched: tuple[str, ...] = tuple(OUTCOMES)
    """the outcomes that its charter watches"""
    amounts: float = 1.0
    """deals from the onset on are worth this much of those before"""
    phases: tuple[Phase, ...] = ()
    """of a story: before, drifting, and after the decision that is taken between the last two"""
    any_onset: bool = False
    """the drift begins in any week of the first year"""

    @property
    def template(self) -> str:
        """What its units are landed as."""
        return TEMPLATES.get(self.watched[0], LEADS)

    @property
    def flow(self) -> FlowSpec:
        return self.spec(self.volumes[0])

    @property
    def drifts(self) -> bool:
        """Whether there is a loss that should be found."""
        drift = self.flow.drift
        return (drift is not None and drift.size > 0) or self.amounts < 1.0 or bool(self.phases)

    @property
    def onset(self) -> int:
        """The week from which on what enters differs; the first it may be where it is drawn."""
        if self.phases:
            return self.phases[0].weeks
        drift = self.flow.drift
        return drift.onset if drift is not None else self.flow.deployed + AFTER

    @property
    def decided(self) -> int | None:
        """The week from which on what enters has been decided about, in a story."""
        return sum(phase.weeks for phase in self.phases[:-1]) if self.phases else None


def _flow(leads_per_week: int, deployed: int = DEPLOYED, **changed: Any) -> FlowSpec:
    """A flow whose deployment is always on DEPLOYED_ON; positions of weeks count from the baseline's first."""
    start = DEPLOYED_ON - dt.timedelta(weeks=deployed)
    made: dict[str, Any] = {"weeks": deployed + LOOKS, "deployed": deployed, "start": start, "linked": True}
    return FlowSpec(leads_per_week=leads_per_week, **(made | changed))


def _drift(size: float, kind: str = "step", channel: str | None = None, onset: int = ONSET) -> Drift:
    return Drift(size, onset, "ramp" if kind == "ramp" else "step", channel=channel)


USUAL = (
    Family("none", "no change", lambda v: _flow(v)),
    Family("growth", "volume ×3 in 16 weeks", lambda v: _flow(v, growth=3.0)),
    Family("shrink", "volume ×0.4 in 16 weeks", lambda v: _flow(v, growth=0.4)),
    Family("season", "season ±20 %", lambda v: _flow(v, season=0.2)),
    Family("quarter", "quarter ends pull deals", lambda v: _flow(v, quarter_ends=0.4)),
    Family("noise_entry", "weekly noise 0.3, by entry", lambda v: _flow(v, noise=0.3)),
    Family("noise_event", "weekly noise 0.3, by event", lambda v: _flow(v, noise=0.3, noise_on="event")),
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
"""the seven drift families and nine drift-free ones"""

RATES = ((2, 14.0), (10, 120.0), (40, 5.0), (65, 60.0), (80, 35.0), (92, 14.0), (95, 5.0))
"""base rates in percent, each with a median cycle in days"""


def _channels_at(rate: float) -> tuple[Channel, ...]:
    """The usual channels where most units reach the outcome: theirs differ by odds, since no chance is above 1."""
    odds = [rate / (1.0 - rate) * channel.factor**2 for channel in CHANNELS]
    return tuple(
        replace(channel, factor=o / (1.0 + o) / rate) for channel, o in zip(CHANNELS, odds, strict=True)
    )


def _at_rate(percent: int, days: float, size: float) -> Callable[[int], FlowSpec]:
    rate = percent / 100.0
    made: dict[str, Any] = {"outcomes": (Outcome(CLOSE.name, rate, days, CLOSE.sigma),), "linked": False}
    if size:
        made["drift"] = _drift(size)
    return lambda v: _flow(v, channels=_channels_at(rate), **made)


def _rates() -> tuple[Family, ...]:
    """One outcome alone, at each rate with nothing and with a quarter lost."""
    found = []
    for percent, days in RATES:
        # 2 % of 80 leads are 2 deals a week: nothing is found in a year
        volume = 250 if percent < 5 else 80
        for size, ending, words in ((0.0, "", "no change"), (0.25, "_drop25", "−25 %")):
            label = f"{percent} % after {days:g} days: {words}"
            spec = _at_rate(percent, days, size)
            found.append(Family(f"rate{percent}{ending}", label, spec, (volume,), watched=(CLOSE.name,)))
    return tuple(found)


def _many_channels() -> tuple[Channel, ...]:
    """400 values, as where campaigns are the segments: a few large, most of them a lead now and then."""
    share = 1.0 / np.arange(1.0, 401.0)
    factor = np.random.default_rng(400).lognormal(0.0, 0.2, 400)
    return tuple(
        Channel(f"campaign_{n}", float(s), float(f))
        for n, (s, f) in enumerate(zip(share / share.sum(), factor, strict=True))
    )


def _short(weeks: int, drift: float = 0.0) -> Callable[[int], FlowSpec]:
    """A baseline too short to learn its season of ±20 %."""
    made: dict[str, Any] = {"drift": _drift(drift, onset=weeks + AFTER)} if drift else {}
    return lambda v: _flow(v, weeks, season=0.2, **made)


PARTNER = Channel("partner", 0.35, 1.0 / 3.0, arrives=ONSET)
VALUE = ("won_value_per_lead", CLOSE.name)
ONE = (80,)

WIDER = (
    *_rates(),
    Family("few_or_many", "no change", lambda v: _flow(v), (8, 2000)),
    Family("few_or_many_drop35", "−35 %", lambda v: _flow(v, drift=_drift(0.35)), (8, 2000)),
    Family("baseline9", "9 weeks of baseline, season ±20 %", _short(9), ONE),
    Family("baseline9_drop35", "9 weeks of baseline, season ±20 %, −35 %", _short(9, 0.35), ONE),
    Family("baseline20", "20 weeks of baseline, season ±20 %", _short(20), ONE),
    Family("baseline20_drop35", "20 weeks of baseline, season ±20 %, −35 %", _short(20, 0.35), ONE),
    *(
        Family(
            f"late{days}{ending}",
            f"closings entered {days} days late{words}",
            spec,
            ONE,
            Recording(entry_lag_days=float(days)),
        )
        for days in (3, 7, 14)
        for ending, words, spec in (
            ("", "", lambda v: _flow(v)),
            ("_drop35", ", −35 %", lambda v: _flow(v, drift=_drift(0.35))),
        )
    ),
    Family(
        "new_channel",
        "a new channel grows to 35 % and closes a third as well",
        lambda v: _flow(v, channels=(*CHANNELS, PARTNER)),
        ONE,
    ),
    Family("unnamed", "a quarter of the channels missing", lambda v: _flow(v), ONE, Recording(unnamed=0.25)),
    Family("segments400", "400 segments", lambda v: _flow(v, channels=_many_channels()), ONE),
    Family(
        "segments400_drop35",
        "400 segments, −35 %",
        lambda v: _flow(v, channels=_many_channels(), drift=_drift(0.35)),
        ONE,
    ),
    Family("month_ends", "deals closed at month ends", lambda v: _flow(v), ONE, Recording(month_ends=0.8)),
    Family("twice", "5 % of leads sent twice", lambda v: _flow(v), ONE, Recording(twice=0.05)),
    Family("reassigned", "a fifth of leads reassigned", lambda v: _flow(v), ONE, Recording(reassigned=0.2)),
    Family(
        "outage", "two weeks without events, then caught up", lambda v: _flow(v), ONE, Recording(outage=2)
    ),
    Family("better30", "30 % more", lambda v: _flow(v, drift=_drift(-0.3)), ONE),
    Family(
        "deals_slower",
        "deals ×1.35 slower, appointments as before",
        lambda v: _flow(v, slower=1.35, slower_outcomes=(CLOSE.name,)),
        ONE,
    ),
    Family(
        "transient",
        "−35 % for 8 weeks, then back",
        lambda v: _flow(v, drift=Drift(0.35, ONSET, weeks=8)),
        ONE,
    ),
    Family(
        "late_onset",
        "−35 % from week 32 on",
        lambda v: _flow(v, drift=_drift(0.35, onset=DEPLOYED + 32)),
        ONE,
    ),
    Family(
        "mix_drop35",
        "−35 % while the mix shifts",
        lambda v: _flow(v, mix_shift=0.4, drift=_drift(0.35)),
        ONE,
    ),
    Family(
        "price_up_drop35",
        "−35 % deals at prices up 20 %",
        lambda v: _flow(v, drift=_drift(0.35)),
        ONE,
        watched=VALUE,
        amounts=1.2,
    ),
    Family("price_down", "amounts −35 % alone", lambda v: _flow(v), ONE, watched=VALUE, amounts=0.65),
)
"""what the usual families take for granted, changed one by one"""


def _one_outcome(name: str, rate: float, days: float, **changed: Any) -> Callable[[int], FlowSpec]:
    """A flow of one outcome, not by channel."""
    made: dict[str, Any] = {
        "outcomes": (Outcome(name, rate, days, 0.7),),
        "channels": (Channel("all", 1.0, 1.0),),
        "linked": False,
        "drifting_outcomes": (name,),
    }
    return lambda v: _flow(v, **(made | changed))


AT_ONCE = 0.001
"""days after which a review has passed"""
USED, PASSED = "asset_usage_rate", "review_pass_rate"

OTHER_WORK = (
    Family(
        "content", "60 % of assets used, no change", _one_outcome(USED, 0.6, 14.0), (60,), watched=(USED,)
    ),
    Family(
        "reviews",
        "4 % of reviews fail, no change",
        _one_outcome(PASSED, 0.96, AT_ONCE),
        (40,),
        watched=(PASSED,),
    ),
    Family(
        "failures",
        "4 → 10 % of reviews fail",
        _one_outcome(PASSED, 0.96, AT_ONCE, drift=_drift(1.0 - 0.90 / 0.96)),
        (40,),
        watched=(PASSED,),
    ),
)
"""workflows that handle no leads"""


def _story(
    name: str, label: str, outcome: str, days: float, deployed: int, phases: Sequence[Phase]
) -> tuple[Family, Family]:
    """From drift to decision to what came of it, and the same where the decision changes nothing."""
    *before, last = phases
    made = []
    for ending, words, rate in (
        ("", "", last.rate),
        ("_unmended", ", the decision changes nothing", before[-1].rate),
    ):
        whole = (*before, replace(last, rate=rate))
        weeks = sum(phase.weeks for phase in whole)
        spec = _one_outcome(outcome, whole[0].rate, days, deployed=deployed, weeks=weeks)
        made.append(
            Family(
                name + ending, label + words, spec, (round(whole[0].units),), watched=(outcome,), phases=whole
            )
        )
    return made[0], made[1]


def _any_onset(size: float) -> Callable[[int], FlowSpec]:
    drift = _drift(size, onset=DEPLOYED)
    return lambda v: _flow(v, weeks=DEPLOYED + 2 * A_YEAR, drift=drift)


PROMISES = tuple(
    Family(
        f"promise{percent}",
        f"−{percent} % from any week of a year",
        _any_onset(percent / 100.0),
        (25, 80),
        any_onset=True,
    )
    for percent in (20, 35)
)
"""what a rule promised before it was signed, beside what came of it"""
STORIES = (
    *_story(
        "story_content",
        "8 assets a month, 60 % used → 40, 15 % → 12, 75 %",
        USED,
        14.0,
        65,
        (Phase(65, 1.84, 0.60), Phase(26, 9.2, 0.15), Phase(35, 2.76, 0.75)),
    ),
    *_story(
        "story_leads",
        "60 leads a week, 20 % close → 12 % → 20 %",
        CLOSE.name,
        CLOSE.median_days,
        56,
        (Phase(58, 60.0, 0.20), Phase(30, 60.0, 0.12), Phase(40, 60.0, 0.20)),
    ),
    *_story(
        "story_brand",
        "20 pieces a week, 86 % on brand → 60 % → 86 %",
        PASSED,
        AT_ONCE,
        56,
        (Phase(57, 20.0, 0.86), Phase(23, 20.0, 0.60), Phase(40, 20.0, 0.86)),
    ),
)
"""the three ways in which AI makes the easy numbers better and the business no better, to their end"""

FAMILIES = USUAL + WIDER + OTHER_WORK + PROMISES + STORIES
BY_NAME = {family.name: family for family in FAMILIES}
