"""From evidence to a verdict: what each outcome shows in each week, and what a pair of proxy and outcome means.

An outcome's alarm is raised in the first week in which its evidence, in all or in a segment, is above the limit *and* a
lower level is clear against a merely slower cycle (`evidence`). It stands until that evidence, which is held a little
above the limit so that a recovery can be seen, has fallen to a quarter of the limit's odds, no other has taken its
place, and the told change may be immaterial. All of it is a single pass over the weeks, so what is said of a week never
depends on later ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.breakdown import carrier, segment_tests
from leadline.metrics.statistics.evidence import ONSET_PRIOR, Trace
from leadline.metrics.statistics.mechanism import LevelAndStretch, level_and_stretch, level_with_free_stretch
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.proxies import Estimate, of_tally, unknown

Floats = NDArray[np.float64]
Code = Literal["diverging", "declining", "watch", "aligned", "too_early"]
Mechanism = Literal["fewer", "slower", "faster", "mix", "segment"]

NEAR = float(np.log(2.0))
"""log odds below the limit that are worth watching: half its odds"""
STANDS = float(np.log(4.0))
"""log odds below the limit at which an alarm ends: a quarter of its odds"""
DESIGN_LEVEL = 0.7
"""the decline that 'enough evidence' is reckoned for: three in ten fewer"""
SURELY = 1.3
"""times the half of an interval of 95 % is one of 99 %"""
LOOK_BACK_WEEKS = 26
"""without an alarm, the change is that of the last half year"""
MIN_BASELINE_WEEKS = 8
MIN_BASELINE_EVENTS = 20


@dataclass(frozen=True)
class OutcomeState:
    """What one outcome shows at the end of one week (positions in the cohort table)."""

    alarm: bool
    raised: int | None
    """week in which the standing alarm was raised"""
    since: int | None
    """first cohort of the decline that led to it; without an alarm, of what seems to begin"""
    segment: int | None
    """the one segment that carries it"""
    mechanism: Mechanism | None
    log_odds: float
    log_limit: float
    trace: int
    """position of the strongest evidence"""
    change: Estimate
    enough: bool
    """so much was expected by now that a decline of three in ten would have been noticed"""
    weeks_until_enough: int | None
    rose: bool = False
    """so much more happens than before that a material fall is out of the question, however little was expected"""

    @property
    def is_judged(self) -> bool:
        """A fall of three in ten would have been noticed, or is out of the question."""
        return self.enough or self.rose


@dataclass(frozen=True)
class _Alarm:
    """One that stands: raised in a week, by the evidence at a position, of a decline since a cohort."""

    raised: int
    trace: int
    since: int


def follow(model: OutcomeModel, traces: list[Trace], through: int, materiality: float) -> list[OutcomeState]:
    """States of one outcome for the weeks deployed..through, oldest first. `traces`: the evidence on it."""
    states: list[OutcomeState] = []
    alarm: _Alarm | None = None
    rose = False
    for week in range(model.deployed, through + 1):
        alarm = _alarm(model, traces, week, alarm)
        state = _state(model, traces, week, alarm, materiality)
        if alarm is not None and _has_faded(traces[alarm.trace], week - model.deployed):
            high = state.change.high
            if high is None or high > -materiality:
                alarm = None
                state = _state(model, traces, week, None, materiality)
        rose = _rose(state.change, materiality, rose)
        states.append(replace(state, rose=rose))
    return states


def _alarm(model: OutcomeModel, traces: list[Trace], week: int, before: _Alarm | None) -> _Alarm | None:
    """The alarm that stood the week before, carried on by other evidence where its own has faded; or one that is
    raised."""
    t = week - model.deployed
    if before is not None and not _has_faded(traces[before.trace], t):
        return before
    alarming = [k for k, trace in enumerate(traces) if trace.alarming[t]]
    if not alarming:
        return before
    k = max(alarming, key=lambda k: _above(traces[k], t))
    since = _since(traces[k], model.deployed, t)
    raised = week if before is None else before.raised
    return _Alarm(raised, k, week if since is None else since)


def _has_faded(trace: Trace, t: int) -> bool:
    return _above(trace, t) <= -STANDS


def _above(trace: Trace, t: int) -> float:
    """Log odds above the limit."""
    return float(trace.log_odds[t] - trace.limit)


def _state(
    model: OutcomeModel, traces: list[Trace], week: int, alarm: _Alarm | None, materiality: float
) -> OutcomeState:
    t = week - model.deployed
    strongest = max(range(len(traces)), key=lambda k: _above(traces[k], t)) if alarm is None else alarm.trace
    trace = traces[strongest]
    segment: int | None = None
    if alarm is not None:
        first: int | None = alarm.since
        segment = _carrier(model, alarm.since, week, materiality)
        change = change_since(model, alarm.since, week, segment)
        mechanism: Mechanism | None = "segment" if segment is not None else "fewer"
    else:
        whole = level_and_stretch(model, week)
        change = change_since(model, max(model.deployed, week - LOOK_BACK_WEEKS + 1), week, fit=whole)
        mechanism = whole.told
        first = whole.since if mechanism == "slower" else _since(trace, model.deployed, t)
    expected = float(model.expected[:, model.deployed : week + 1].sum())
    needed = events_needed(model, week, trace.limit)
    if alarm is None and mechanism is None and model.observed.shape[0] > 1:
        mechanism = "mix" if _fell_in_total_only(model, week, materiality) else None
    return OutcomeState(
        alarm=alarm is not None,
        raised=None if alarm is None else alarm.raised,
        since=first,
        segment=segment,
        mechanism=mechanism,
        log_odds=float(trace.log_odds[t]),
        log_limit=trace.limit,
        trace=strongest,
        change=change,
        enough=expected >= needed,
        weeks_until_enough=_weeks_until(model, week, expected, needed),
    )


def _rose(change: Estimate, materiality: float, before: bool) -> bool:
    """Whether a material fall is out of the question: SURELY at first, since it is asked every week, and then until
    twice that fall lies within the interval."""
    if change.relative is None or change.low is None or change.low <= -1.0:
        return False
    if before:
        return change.low > -2.0 * materiality
    level, low = np.log1p((change.relative, change.low))
    return bool(level - SURELY * (level - low) > np.log1p(-materiality))


def _since(trace: Trace, deployed: int, t: int) -> int | None:
    """The middle of the weights of the cohorts that may be the first, where more speaks for a change than not."""
    middle = int(np.searchsorted(np.cumsum(trace.onset[t]), 0.5))
    return deployed + middle if trace.log_odds[t] > 0 else None


def change_since(
    model: OutcomeModel,
    first_cohort: int,
    through: int,
    segment: int | None = None,
    z: float = 1.96,
    fit: LevelAndStretch | None = None,
) -> Estimate:
    """Change of the cohorts first_cohort..through, known at the end of week `through`.

    Age-matched, observed over expected. Where delays clearly stretched or shrank, ages don't match any more: a faster
    cycle would read as more, a slower one as fewer. Then the level is fitted with the stretch left free.

    `fit`: the segment's level and stretch at the end of that week, where they are known.
    """
    tally = model.tally(first_cohort, through, segment)
    base = model.rate(segment)
    units = int(tally.units)
    if tally.expected <= 0:
        return unknown(units, base)
    fit = fit or level_and_stretch(model, through, segment)
    if fit.is_clear:
        level, low, high = level_with_free_stretch(model, first_cohort, through, segment, z)
        return Estimate(level - 1.0, low - 1.0, high - 1.0, units, base, base * level)
    return of_tally(tally, base, units, z)


def _carrier(model: OutcomeModel, first: int, week: int, materiality: float) -> int | None:
    """The one segment that carries the decline of the cohorts since `first`, if any does (`breakdown.carrier`)."""
    if model.observed.shape[0] == 1:
        return None
    before, now = model.baseline_counts, model.cells.since(first, week)
    scores = segment_tests(before, now, model.dispersion, (model.baseline_weeks, week - first + 1))
    if model.rest is not None:
        scores[model.rest] = np.nan
    return carrier(before, now, scores, model.segment_level, materiality)


def _fell_in_total_only(model: OutcomeModel, week: int, materiality: float) -> bool:
    """Whether the rate fell in total, segments not told apart, while age-matched within segments it did not."""
    span = slice(max(model.deployed, week - LOOK_BACK_WEEKS + 1), week + 1)
    O = float(model.observed[:, span].sum())
    within = float(model.expected[:, span].sum())
    crude = float((model.expected[:, span] / model.segment_level[:, None]).sum())
    if within <= 0 or crude <= 0:
        return False
    spread = float(
        np.sqrt(1.0 / max(O, 0.5) + model.dispersion / (span.stop - span.start) + model.level_doubt)
    )
    fell = O / crude * np.exp(1.28 * spread) < 1.0
    return bool(
        fell and O / crude < 1.0 - materiality and O / within > 1.0 - materiality and crude > 1.05 * within
    )


def events_needed(model: OutcomeModel, week: int, log_limit: float) -> float:
    """Expected events after which a decline to DESIGN_LEVEL would, on average, have reached the limit.

    A week with E expected events adds E (theta ln theta - theta + 1) / phi to the log odds of an onset, which begin at
    the log of its prior.
    """
    gain = DESIGN_LEVEL * np.log(DESIGN_LEVEL) - DESIGN_LEVEL + 1.0
    weekly = model.expected[:, model.deployed : week + 1].sum(axis=0)
    typical = float(np.median(weekly[weekly > 0])) if (weekly > 0).any() else 0.0
    return float((log_limit - np.log(ONSET_PRIOR)) * (1.0 + model.dispersion * typical) / gain)


def _weeks_until(model: OutcomeModel, week: int, expected: float, needed: float) -> int | None:
    """Weeks from `week` until enough has been expected, if units keep entering as in the last eight weeks."""
    if expected >= needed:
        return 0
    entered = (model.cohorts.entered[:, : week + 1] * model.segment_level[:, None]).sum(axis=0)
    lately = float(entered[max(0, week - 7) : week + 1].mean())
    cohorts = np.concatenate([entered[model.deployed :], np.full(260, lately)])
    coming = np.convolve(cohorts, np.diff(model.baseline.reach, prepend=0.0))[week + 1 - model.deployed : 260]
    reached = np.flatnonzero(expected + np.cumsum(coming) >= needed)
    return int(reached[0]) + 1 if reached.size else None


def verdict(state: OutcomeState, improved: bool | None, materiality: float) -> Code:
    """What a pair means, from its outcome's state and whether its proxy improved."""
    if state.alarm:
        return "diverging" if improved else "declining"
    if state.log_odds > state.log_limit - NEAR:
        return "watch"
    low = state.change.low
    settled = state.is_judged and low is not None and low > -2.0 * materiality
    if state.mechanism in ("slower", "mix") and not settled:
        return "watch"
    if not state.is_judged:
        return "too_early"
    behind = state.change.relative is not None and state.change.relative < -materiality
    return "watch" if behind else "aligned"
