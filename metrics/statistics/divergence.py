"""From evidence to a verdict: what each outcome shows in each week, and what a pair of proxy and outcome means.

An outcome's alarm is raised in the first week in which a monitor is above its limit *and* a lower level is clear
against a merely slower cycle (`mechanism`). It stands until the monitor, which is held a little above its limit so
that a recovery can be seen, has fallen to a quarter of the limit again. All of it is a single pass over the weeks, so
what is said of a week never depends on later ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.breakdown import carrier, segment_tests
from leadline.metrics.statistics.evidence import Trace
from leadline.metrics.statistics.mechanism import LevelAndStretch, level_and_stretch, level_with_free_stretch
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.proxies import Estimate, of_tally, unknown

Floats = NDArray[np.float64]
Code = Literal["diverging", "declining", "watch", "aligned", "too_early"]
Mechanism = Literal["fewer", "slower", "faster", "mix", "segment"]

NEAR = 0.9
"""of the limit in log odds: half the limit in odds, where the limit is about 1,000 to 1"""
DESIGN_LEVEL = 0.7
"""the decline that 'enough evidence' is reckoned for: three in ten fewer"""
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
    """first week of the rise that led to it; without an alarm, of the present rise"""
    segment: int | None
    """the one segment that carries it"""
    mechanism: Mechanism | None
    log_odds: float
    log_limit: float
    monitor: int
    """position of the monitor that speaks loudest"""
    change: Estimate
    enough: bool
    """so much was expected by now that a decline of three in ten would have been noticed"""
    weeks_until_enough: int | None


def follow(model: OutcomeModel, traces: list[Trace], through: int, materiality: float) -> list[OutcomeState]:
    """States of one outcome for the weeks deployed..through, oldest first. `traces`: its own monitors."""
    states: list[OutcomeState] = []
    raised: int | None = None
    leading = 0
    for week in range(model.deployed, through + 1):
        t = week - model.deployed
        fit: LevelAndStretch | None = None
        if raised is not None and traces[leading].log_odds[t] <= traces[leading].limit[t] / 4.0:
            raised = None
        if raised is None:
            found, fit = _alarming(model, traces, week)
            if found is not None:
                raised, leading = week, found
        above = [float(trace.log_odds[t] - trace.limit[t]) for trace in traces]
        loudest = leading if raised is not None else int(np.argmax(above))
        states.append(_state(model, traces, week, raised, loudest, fit, materiality))
    return states


def first_alarm(model: OutcomeModel, traces: list[Trace], through: int) -> int | None:
    """The week in which `follow` raises its first alarm, without all the rest."""
    weeks = range(model.deployed, through + 1)
    return next((week for week in weeks if _alarming(model, traces, week)[0] is not None), None)


def _alarming(
    model: OutcomeModel, traces: list[Trace], week: int
) -> tuple[int | None, LevelAndStretch | None]:
    """The monitor furthest above its limit for which 'fewer' is clear, if any, and the last fit that was tried."""
    t = week - model.deployed
    above = [(trace.log_odds[t] - trace.limit[t], k) for k, trace in enumerate(traces)]
    fit = None
    for _, k in sorted((entry for entry in above if entry[0] > 0), reverse=True):
        fit = level_and_stretch(model, week, traces[k].monitor.segment)
        if fit.fewer_is_clear:
            return k, fit
    return None, fit


def _state(
    model: OutcomeModel,
    traces: list[Trace],
    week: int,
    raised: int | None,
    loudest: int,
    fit: LevelAndStretch | None,
    materiality: float,
) -> OutcomeState:
    t = week - model.deployed
    trace = traces[loudest]
    since = _rising_since(trace.log_odds, t if raised is None else raised - model.deployed)
    first = None if since is None else model.deployed + since
    segment: int | None = None
    if raised is not None and first is not None:
        segment = _carrier(model, first, week, materiality)
        change = change_since(model, first, week, segment)
        mechanism: Mechanism | None = "segment" if segment is not None else "fewer"
    else:
        whole = level_and_stretch(model, week)
        change = change_since(model, max(model.deployed, week - LOOK_BACK_WEEKS + 1), week, fit=whole)
        fit = fit or whole
        mechanism = "slower" if fit.slower_is_clear else None
        first = fit.since if mechanism == "slower" else first
    expected = float(model.expected[:, model.deployed : week + 1].sum())
    needed = events_needed(model, week, float(trace.limit[t] - trace.monitor.handicap))
    if raised is None and mechanism is None and model.observed.shape[0] > 1:
        mechanism = "mix" if _fell_in_total_only(model, week, materiality) else None
    return OutcomeState(
        alarm=raised is not None,
        raised=raised,
        since=first,
        segment=segment,
        mechanism=mechanism,
        log_odds=float(trace.log_odds[t]),
        log_limit=float(trace.limit[t]),
        monitor=loudest,
        change=change,
        enough=expected >= needed,
        weeks_until_enough=_weeks_until(model, week, expected, needed),
    )


def _rising_since(path: Floats, t: int) -> int | None:
    """The week after the last one in which the CUSUM stood at 0; None if it stands there now."""
    if path[t] <= 0:
        return None
    zero = np.flatnonzero(path[: t + 1] <= 0)
    return int(zero[-1]) + 1 if zero.size else 0


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
    if fit.slower_is_clear or fit.faster_is_clear:
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

    A week with E expected events adds E (theta ln theta - theta + 1) / phi to the log odds of the CUSUM for theta.
    """
    gain = DESIGN_LEVEL * np.log(DESIGN_LEVEL) - DESIGN_LEVEL + 1.0
    weekly = model.expected[:, model.deployed : week + 1].sum(axis=0)
    typical = float(np.median(weekly[weekly > 0])) if (weekly > 0).any() else 0.0
    return float(log_limit * (1.0 + model.dispersion * typical) / gain)


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
    if state.log_odds > NEAR * state.log_limit:
        return "watch"
    low = state.change.low
    settled = state.enough and low is not None and low > -2.0 * materiality
    if state.mechanism in ("slower", "mix") and not settled:
        return "watch"
    if not state.enough:
        return "too_early"
    behind = state.change.relative is not None and state.change.relative < -materiality
    return "watch" if behind else "aligned"
