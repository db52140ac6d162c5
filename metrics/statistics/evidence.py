"""Sequential evidence that an outcome fell, and the limit at which it counts as an alarm.

Monitor: Page's CUSUM on the log-likelihood ratio of a decline to `theta` times the expected events against none,
    S_t = max(0, S_{t-1} + [O_t ln(theta) + (1 - theta) E_t] / phi_t),     phi_t = 1 + alpha E_t,
Page 1954, doi 10.1093/biomet/41.1-2.100; for survival data Biswas & Kalbfleisch 2008, doi 10.1002/sim.3216, and
Gomon et al. 2022, doi 10.1093/biostatistics/kxac041. E_t is age-matched and stratified by segment (`maturity`),
alpha is the baseline's over-dispersion.

Limit: one for everything that is watched in a workflow, and moving with the information that each week really
brings: at every week the limit is the quantile of simulated drift-free histories that have not alarmed yet, so that
the chance of a false alarm is spent evenly over time whatever the volumes do (dynamic probability control limits,
Zhang & Woodall 2015, doi 10.1002/sim.6547). The simulation draws the baseline anew in each history, because an
estimated baseline raises false alarms (Gandy & Kvaløy 2013, doi 10.1002/sjos.12006): the level of each segment, the
calendar effects, the over-dispersion itself. A long watch of a stable stream will alarm in the end: that is inherent,
and the budget says how often.

Odds: a person is shown L^(S_t / h_t) with L = 1 / (chance of a false alarm a week). It is L at the limit, and because
the tail of a CUSUM's maximum falls exponentially, evidence of that size turns up about once in so many drift-free
weeks. (exp(S_t) itself would promise too much: it takes the baseline for exactly known.)
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WEEKS_A_YEAR = 52.1775
POOLED_THETAS = (0.8, 0.6)
SEGMENT_THETA = 0.5
HISTORIES = 6000
MOST_CALIBRATED = 64
_CALIBRATED: dict[str, Future[Floats]] = {}
_LOCK = threading.Lock()
_CALIBRATING = ThreadPoolExecutor(2, "limits")
SMOOTHING_WEEKS = 9
RESERVE = 2.0
"""log odds above the limit at which a monitor is held: more would only delay the sight of a recovery"""
LEAST_LIMIT = 3.0
"""log odds: less than 20 to 1 is never an alarm, however few weeks have been watched"""


@dataclass(frozen=True, eq=False)
class Stream:
    """One outcome's weekly counts since the deployment, all that its monitors need.

    observed, expected [S, T]. dispersion: alpha; dispersion_error: its standard error. level_weight [S]: events the
    baseline level of each segment rests on (prior weight included). calendar_error [T, T'] with T' <= p: factor L
    such that L z, z standard normal, is a draw of the error of the log calendar effect by week. shared_error: sd of
    the log level that weekly noise in the baseline leaves, common to all segments.
    """

    observed: Floats
    expected: Floats
    dispersion: float
    dispersion_error: float
    level_weight: Floats
    calendar_error: Floats
    shared_error: float


@dataclass(frozen=True)
class Monitor:
    """What one CUSUM watches: a stream (by position), all of it or one segment, for a decline to theta."""

    stream: int
    segment: int | None
    theta: float
    handicap: float
    """log odds added to the limit: the price of watching many places at once"""


@dataclass(frozen=True, eq=False)
class Trace:
    """A monitor's path. log_odds, limit [T] (natural logarithms)."""

    monitor: Monitor
    log_odds: Floats
    limit: Floats

    def odds(self, limit_odds: float) -> Floats:
        """[T] evidence as odds, on the scale on which the limit is `limit_odds` in every week."""
        shown: Floats = np.exp(self.log_odds / self.limit * np.log(limit_odds))
        return shown


def weekly_chance(yearly_budget: float) -> float:
    """Chance of a false alarm in one week when one in a year has the chance `yearly_budget`."""
    return 1.0 - float((1.0 - yearly_budget) ** (1.0 / WEEKS_A_YEAR))


def monitors(streams: list[Stream]) -> list[Monitor]:
    """The pooled monitors of every stream, and one for each of its segments where there are several."""
    watch = [Monitor(i, None, theta, 0.0) for i in range(len(streams)) for theta in POOLED_THETAS]
    for i, stream in enumerate(streams):
        segments = stream.observed.shape[0]
        if segments > 1:
            price = float(np.log(segments))
            watch += [Monitor(i, s, SEGMENT_THETA, price) for s in range(segments)]
    return watch


def overdispersion(observed: Floats, expected: Floats, short: Floats, parameters: int) -> tuple[float, float]:
    """Extra-binomial variance alpha (var = mu - short + alpha mu^2) of weekly counts by moments, and its error.

    alpha = sum[(O - E)^2 n/(n - p) - (E - short)] / sum(E^2), not below 0; se from var((O - E)^2). `short`: what a
    binomial variance lacks of a Poisson's.
    """
    use = expected > 0
    E, O, B = expected[use], observed[use], np.minimum(short, expected)[use]
    n = int(E.size)
    if n <= parameters + 2:
        return 0.05, 0.05
    squares = float((E**2).sum())
    inflate = n / (n - parameters)
    alpha = float((inflate * (O - E) ** 2 - (E - B)).sum()) / squares
    a = max(alpha, 0.0)
    variance = E - B + a * E**2
    error = float(np.sqrt((2.0 * variance**2 + E - B).sum())) / squares
    return a, error


def cusum(
    observed: Floats, expected: Floats, theta: float, dispersion: float, ceiling: Floats | None = None
) -> Floats:
    """S_t for one series [T]; see the module's formula. `ceiling` [T]: S_t is held there, so that it can come down."""
    steps = (observed * np.log(theta) + (1.0 - theta) * expected) / (1.0 + dispersion * expected)
    path = np.empty(steps.size)
    level = 0.0
    for t, step in enumerate(steps):
        level = max(0.0, level + float(step))
        if ceiling is not None:
            level = min(level, float(ceiling[t]))
        path[t] = level
    return path


def calibrate_ahead(
    streams: list[Stream], watch: list[Monitor], yearly_budget: float, seed: int = 20240101
) -> None:
    """Begins with the limits, which histories have to be drawn for, while the caller goes on; `run` waits for them."""
    _calibration(streams, watch, yearly_budget, seed)


def run(
    streams: list[Stream], watch: list[Monitor], yearly_budget: float, seed: int = 20240101
) -> list[Trace]:
    """The traces of all monitors with their limits, every week with only what was known then."""
    limits = _calibration(streams, watch, yearly_budget, seed).result()
    traces = []
    for monitor in watch:
        stream = streams[monitor.stream]
        observed, expected = (
            _series(stream.observed, monitor.segment),
            _series(stream.expected, monitor.segment),
        )
        own = limits + monitor.handicap
        path = cusum(observed, expected, monitor.theta, stream.dispersion, own + RESERVE)
        traces.append(Trace(monitor, path, own))
    return traces


def _series(table: Floats, segment: int | None) -> Floats:
    chosen: Floats = table.sum(axis=0) if segment is None else table[segment]
    return chosen


def _calibration(
    streams: list[Stream], watch: list[Monitor], yearly_budget: float, seed: int
) -> Future[Floats]:
    """The limits, calibrated once for the same inputs in a process. Only what they depend on is looked at: not the
    observed counts."""
    key = hashlib.sha256(repr((watch, yearly_budget, seed)).encode())
    for stream in streams:
        key.update(np.array([stream.dispersion, stream.dispersion_error, stream.shared_error]).tobytes())
        for table in (stream.expected, stream.level_weight, stream.calendar_error):
            key.update(repr(table.shape).encode())
            key.update(np.ascontiguousarray(table, dtype=np.float64).tobytes())
    name = key.hexdigest()
    with _LOCK:
        known = _CALIBRATED.get(name)
        if known is None or (known.done() and known.exception() is not None):
            while len(_CALIBRATED) >= MOST_CALIBRATED:
                _CALIBRATED.pop(next(iter(_CALIBRATED)))
            known = _CALIBRATED[name] = _CALIBRATING.submit(_limits, streams, watch, yearly_budget, seed)
        return known


def _limits(streams: list[Stream], watch: list[Monitor], yearly_budget: float, seed: int) -> Floats:
    """[T] log limit common to all monitors (before handicaps), by alpha spending over simulated histories.

    Histories are drawn week by week, so the limits of the first weeks don't depend on how many follow.
    """
    weeks = streams[0].observed.shape[1]
    weekly = weekly_chance(yearly_budget)
    levels = np.zeros((len(watch), HISTORIES))
    alive = np.ones(HISTORIES, dtype=bool)
    spent = 0.0
    limits = np.empty(weeks)
    raw: list[float] = []
    for t, counts in enumerate(_drawn(streams, weeks, seed)):
        score = np.full(HISTORIES, -np.inf)
        for k, monitor in enumerate(watch):
            stream = streams[monitor.stream]
            count = counts[monitor.stream]
            O = count.sum(axis=0) if monitor.segment is None else count[monitor.segment]
            E = float(_series(stream.expected, monitor.segment)[t])
            step = (O * np.log(monitor.theta) + (1.0 - monitor.theta) * E) / (1.0 + stream.dispersion * E)
            np.maximum(levels[k] + step, 0.0, out=levels[k])
            np.maximum(score, levels[k] - monitor.handicap, out=score)
        spent += weekly * HISTORIES
        due = spent - float((~alive).sum())
        candidates = np.sort(score[alive])[::-1]
        # the limit this week alone would need; smoothed over the last weeks, because a handful of histories decide it
        place = min(max(due, 0.5), candidates.size - 1.0)
        raw.append(float(np.interp(place, np.arange(candidates.size), candidates)))
        limits[t] = max(float(np.mean(raw[-SMOOTHING_WEEKS:])), LEAST_LIMIT)
        alive &= ~(score > limits[t])
    return limits


def _drawn(streams: list[Stream], weeks: int, seed: int) -> Iterator[list[Floats]]:
    """Week by week, each stream's counts. Streams are drawn side by side, a week ahead, each by its own generator."""
    draws = [_Draws(stream, np.random.default_rng([seed, i])) for i, stream in enumerate(streams)]
    with ThreadPoolExecutor(len(draws)) as pool:
        ahead = pool.map(_Draws.week, draws, repeat(0))
        for t in range(weeks):
            counts = list(ahead)
            if t + 1 < weeks:
                ahead = pool.map(_Draws.week, draws, repeat(t + 1))
            yield counts


class _Draws:
    """Drift-free histories of one stream: the baseline's errors are drawn once, the counts week by week."""

    def __init__(self, stream: Stream, rng: np.random.Generator) -> None:
        self.stream, self.rng = stream, rng
        segments = stream.expected.shape[0]
        weight = stream.level_weight[:, None]
        self.level = rng.gamma(weight, 1.0 / weight, (segments, HISTORIES))
        self.level *= np.exp(stream.shared_error * rng.standard_normal(HISTORIES))
        self.calendar = rng.standard_normal((stream.calendar_error.shape[1], HISTORIES))
        alpha = stream.dispersion + stream.dispersion_error * rng.standard_normal(HISTORIES)
        self.alpha = np.maximum(alpha, 1e-6)

    def week(self, t: int) -> Floats:
        """Counts of week t, [S, HISTORIES]."""
        stream, rng = self.stream, self.rng
        noise = rng.gamma(1.0 / self.alpha, self.alpha)
        calendar = np.exp(stream.calendar_error[t] @ self.calendar)
        mean: Floats = stream.expected[:, t, None] * self.level * (noise * calendar)
        return rng.poisson(mean).astype(np.float64)
