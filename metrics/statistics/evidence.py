"""Sequential evidence that cohorts from some week on reach less, and the limit at which it counts as an alarm.

Asked at the end of every week: did the units that entered from a week tau on reach theta times what the baseline's
would have, or as much? The answer is a Bayes factor for each tau, and the evidence their sum with a flat prior:
    B(t) = ln sum_tau (1 / 52) mean_theta exp( L(tau, theta) - L(tau, 1) ),
Shiryaev 1963, doi 10.1137/1108002; Roberts 1966, doi 10.1080/00401706.1966.10490374; as a test that may be looked at in
every week an e-detector: Shin, Ramdas & Rinaldo 2024, doi 10.51387/23-NEJSDS51. Cohorts from before the change don't
dilute it; close to the chart of Gomon et al. 2022, doi 10.1093/biostatistics/kxac041.

Likelihood: n units of a cohort, d_a of them with their event at age a, where the baseline's incidence is q_a and R of
them should have had it by now,
    l(theta, x, s) = w [ sum_a d_a ln(theta lambda(x) q_a(s)) + (n - sum d) ln(1 - theta lambda(x) R(s)) ],
multinomial, so that it holds for rates of 2 as of 95 %; where a unit may have many events, or hazards are compared,
Poisson: the last term is - theta lambda E(s). Integrated or summed out are
- the baseline's own level: lambda(x) adds x to the logit of a cohort's final rate (to the log where events repeat), x
  normal with what the baseline leaves open;
- the season: cohorts from tau on have x + z, z normal with the variance that its coefficients leave in their weeks
  against those before; both by Laplace's method on polynomials through values of x;
- slower delays: from tau on stretched by s, with p(s) ~ exp(-|ln s| / 0.3), under both hypotheses, so that 'only later'
  is no evidence of 'less';
- weekly noise: a cohort's part has the weight w = 1 / (1 + alpha E / (1 - R)), all that noise by entry leaves of it.
theta: 0.8, 0.65 or 0.5 times the events, or 1 / 0.8, 1 / 0.65 or 2 times the failures where that is the smaller change:
what is rarer counts. Where most units have the event, a loss that is felt may be many times the failures: 3 and 4 times
as many are asked for too; where nearly all have it, 0.9 to 0.45 times the events as well, for else the baseline's level
would explain a large loss as well without any theta as with the largest.

Alarm: B, less the price of asking several times, is above the limit, and a lower level is clear against a merely
slower cycle: the best L with theta < 1 beats the best without by CLEAR_FEWER, whatever tau and s. It is asked of every
outcome, of all its units and of each segment; the price is ln(segments) for one of several segments, and half the ln of
the outcomes and COMMON_EVENTS times the final rate more.

Limit: one number, from simulated histories (`make bench-detection`), because the doubts that would call for more are
inside the evidence. A long watch of a stable stream will alarm in the end: that is inherent, and the budget says how
often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.laplace import integrated
from leadline.metrics.statistics.maturity import STRETCHES

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BUDGET = 0.05
"""chance of any false alarm in a year that LIMIT was set for"""
LIMIT = 2.1
OUTCOMES_TOGETHER = 0.5
"""power of the number of outcomes in the price of watching them: they rest on the same units and fall together"""
COMMON_EVENTS = 0.35
"""price where every unit has the event in the end: the fewer fail, the less does noise in the timing hide"""
CLEAR_FEWER = 4.0
"""log-likelihood units by which the best 'fewer' must beat the best 'only slower'"""
_ANY = 0.01
THETAS: Floats = np.array([1.0, 0.8, 0.65, 0.5, 1.0 / 3.0, 0.25, *5 * [_ANY]])
"""1 / how many times the failures; all after RARE are asked for only where most units have the event, those after
COMMON where nearly all have"""
FEWEST: Floats = np.array([1.0, 0.8, 0.65, 0.5, 0.8, 0.65, 0.9, 0.8, 0.7, 0.6, 0.45])
"""how many times the events, where that is the smaller change"""
RARE, COMMON = 4, 6
NEARLY_ALL = 0.94
"""rate from which on 4 times the failures are less than a loss of a fifth"""
SLOWER = [int(np.abs(STRETCHES - s).argmin()) for s in (1.0, 1.12, 1.25, 1.4, 1.6, 1.85, 2.2)]
"""places among STRETCHES of the slower cycles that are summed over"""
LN_STRETCH_SCALE = 0.30
ONSET_PRIOR = 1.0 / 52.0
RESERVE = 4.0
"""above the limit evidence is held: more would only delay the sight of a recovery"""
SPREAD = (3.5, 7.5)
"""standard deviations of x that its values are spread over: at least, and at most, as far as"""
FAR = 2.4
"""of x: a loss may lie so far from the baseline"""
FARTHER = 12.0
"""of standard deviations, where nearly all units have the event: a third fewer lies so far away on the logit"""
NEWTON_STEPS = 3
NODES: Floats = np.cos(np.pi * (np.arange(9) + 0.5) / 9)
_TO_POLYNOMIAL: Floats = np.linalg.inv(np.vander(NODES, increasing=True)).astype(np.float64)
_STRETCH: Floats = np.exp(-np.abs(np.log(STRETCHES[SLOWER] / STRETCHES[SLOWER[0]])) / LN_STRETCH_SCALE)
LOG_STRETCH: Floats = np.log(_STRETCH / _STRETCH.sum())


@dataclass(frozen=True, eq=False)
class Stream:
    """Events of the cohorts since the deployment and what the baseline's would have shown.

    entered [S, C], None for Poisson counts. events [S, C, A]. expected [S, C, A, stretch]: with delays stretched by
    each of SLOWER; shape [S, C, A, stretch]: events x ln(expected at the stretch / expected at 1). noise_by_entry,
    noise_by_week: over-dispersion of what cohorts reach, and of the hazards of calendar weeks. level_sd, seen [1 + S],
    all together first: standard deviation of the baseline's level on the scale of x, and the events that it rests on.
    calendar [T, p]: factor L such that L z, z standard normal, is a draw of the error of the log calendar effect by
    week, against the baseline's mean; calendar_sd: its size over a year. felt [1 + S]: what a log effect on the hazards
    is on the scale of x. rate: the final one, 0 for Poisson counts.
    """

    entered: Floats | None
    events: Floats
    expected: Floats
    shape: Floats
    noise_by_entry: float
    noise_by_week: float
    level_sd: Floats
    seen: Floats
    calendar: Floats
    calendar_sd: float
    felt: Floats
    rate: float

    @property
    def thetas(self) -> Floats:
        """Those of THETAS that are asked for."""
        return THETAS[: RARE if self.rate <= 0.5 else COMMON if self.rate <= NEARLY_ALL else None]


@dataclass(frozen=True, eq=False)
class Trace:
    """The evidence on one stream, by position, in all or in one segment, by week since the deployment.

    log_odds [T]: B less the price, held a little above the limit so that it can come down. clear [T]: whether 'fewer'
    is clear. onset [T, T]: by look, the weight of each cohort as the first that differs (they sum to 1). theta [T]: the
    likeliest.
    """

    stream: int
    segment: int | None
    log_odds: Floats
    limit: float
    clear: Bools
    onset: Floats
    theta: Floats

    def odds(self, limit_odds: float) -> Floats:
        """[T] evidence on a scale of odds on which the limit is `limit_odds`."""
        shown: Floats = limit_odds * np.exp(self.log_odds - self.limit)
        return shown

    @property
    def alarming(self) -> Bools:
        """[T] whether the limit is passed and 'fewer' is clear."""
        alarming: Bools = (self.log_odds > self.limit) & self.clear
        return alarming


def limit(yearly_budget: float) -> float:
    """What B has to pass, so that the chance of any false alarm in a year is at most the budget."""
    return LIMIT + float(np.log(BUDGET / yearly_budget))


def run(streams: Sequence[Stream], yearly_budget: float) -> list[Trace]:
    """The evidence on every stream, in all and in every segment where there are several; every week with only what was
    known then."""
    looks = [look for _, look in _looks(streams)]
    highest = limit(yearly_budget)
    traces = []
    for i, stream in enumerate(streams):
        own = [look[i] for look in looks]
        for place, segment in enumerate(_places(stream)):
            onset = np.zeros((len(own), len(own)))
            for t, look in enumerate(own):
                onset[t, : t + 1] = look.onset[place]
            path, clear, theta = (
                np.array([values[place] for values in column])
                for column in zip(*((look.log_odds, look.clear, look.theta) for look in own), strict=True)
            )
            traces.append(Trace(i, segment, _held(path, highest + RESERVE), highest, clear, onset, theta))
    return traces


def first_alarm(streams: Sequence[Stream], yearly_budget: float) -> int | None:
    """The week since the deployment in which any stream raises the first alarm, without looking any further."""
    highest = limit(yearly_budget)
    for t, looks in _looks(streams):
        if any(((look.log_odds > highest) & look.clear).any() for look in looks):
            return t
    return None


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


def _places(stream: Stream) -> list[int | None]:
    """What is asked of: all together, and every segment where there are several."""
    segments = stream.events.shape[0]
    return [None, *range(segments)] if segments > 1 else [None]


@dataclass(frozen=True, eq=False)
class _Look:
    """One stream at the end of one week, by place: log_odds, clear, theta [P], onset [P, tau]."""

    log_odds: Floats
    clear: Bools
    theta: Floats
    onset: Floats

    @staticmethod
    def of(log: Floats, price: Floats) -> _Look:
        """From the log likelihoods [P, tau, theta, stretch] of a `Table`."""
        fewer = log[:, :, 1:].max(axis=(1, 2, 3)) - log[:, :, 0].max(axis=(1, 2))
        total = log_sum(log + LOG_STRETCH)
        against = total[..., 1:] - total[..., :1]  # [P, tau, theta]
        places, _, thetas = against.shape
        best = against.reshape(places, -1).argmax(axis=1)
        top = against.max(axis=(1, 2))
        factor = np.exp(against - top[:, None, None]).mean(axis=2)
        return _Look(
            top + np.log(factor.sum(axis=1) * ONSET_PRIOR) - price,
            fewer >= CLEAR_FEWER,
            THETAS[1 + best % thetas],
            factor / factor.sum(axis=1, keepdims=True),
        )


def _looks(streams: Sequence[Stream]) -> Iterator[tuple[int, list[_Look]]]:
    """Week by week, what every stream shows."""
    tables = [Table.of(stream) for stream in streams]
    for t in range(streams[0].events.shape[1]):
        looks = [
            _Look.of(table.look(t), table.price(t, len(streams)) + COMMON_EVENTS * stream.rate)
            for table, stream in zip(tables, streams, strict=True)
        ]
        yield t, looks


def log_sum(values: Floats) -> Floats:
    """ln of the sum of exp(values) over the last axis."""
    top = values.max(axis=-1)
    total: Floats = top + np.log(np.exp(values - top[..., None]).sum(axis=-1))
    return total


def _held(path: Floats, ceiling: float) -> Floats:
    """The path, from its steps, never above the ceiling and never below no evidence at all."""
    held = np.empty_like(path)
    level = float(path[0])
    for t, value in enumerate(path):
        step = float(value - path[t - 1]) if t else 0.0
        level = min(max(level + step, min(float(value), float(np.log(ONSET_PRIOR)))), ceiling)
        held[t] = level
    return held


@dataclass(frozen=True, eq=False)
class Table:
    """Log likelihoods of one stream. value [node, P, C, A, theta x stretch]: of cohort c by the end of age a, weight
    included; expected [P, C, A] and doubt [P, C, A, p] likewise, each the sum over ages up to a. seen, level_sd, felt
    [P]: those of the stream, the last two in units of the farthest node."""

    value: Floats
    expected: Floats
    doubt: Floats
    seen: Floats
    level_sd: Floats
    felt: Floats

    @staticmethod
    def of(stream: Stream, far: float = FAR) -> Table:
        """far: what x is spread over, as SPREAD allows."""
        places = _places(stream)
        sd = np.hypot(stream.level_sd, stream.felt * stream.calendar_sd)[: len(places)]
        least, most = SPREAD
        if far > 0.0 and stream.rate > NEARLY_ALL:
            far, most = max(far, _lost(stream.rate)), FARTHER
        span = np.clip(far, least * sd, most * sd)
        parts = [_by_cohort(stream, place, far * NODES) for place, far in zip(places, span, strict=True)]
        value, expected, doubt = zip(*parts, strict=True)
        level_sd, felt = (
            values[: len(places)] / np.maximum(span, 1e-12) for values in (stream.level_sd, stream.felt)
        )
        return Table(
            np.stack(value, axis=1),
            np.stack(expected),
            np.stack(doubt),
            stream.seen[: len(places)],
            level_sd,
            felt,
        )

    def look(self, t: int) -> Floats:
        """[P, tau, theta, stretch] log likelihood of 'from cohort tau on', with what was known t weeks after the first
        that is watched; level and season are integrated out."""
        value = self.value[:, :, *self.known(t)]
        same = value[..., :1]
        before = np.cumsum(same, axis=-2) - same  # cohorts before tau are as the baseline's
        season_sd = self.season_sd(t)[..., None]
        early, late = _polynomial(before), _polynomial(from_on(value, -2))
        log = integrated(early, late, self.level_sd[:, None, None], season_sd, NEWTON_STEPS)
        return log.reshape(log.shape[0], t + 1, -1, len(SLOWER))

    def known(self, t: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The cohorts that had entered t weeks after the first that is watched, and the age of each by then."""
        cohort = np.arange(t + 1)
        return cohort, np.minimum(t - cohort, self.value.shape[3] - 1)

    def season_sd(self, t: int) -> Floats:
        """[P, tau] what the season may have done to the cohorts from tau on against all before."""
        known = self.known(t)
        expected, doubt = from_on(self.expected[:, *known], 1), from_on(self.doubt[:, *known], 1)
        seen = np.maximum(self.seen, 1.0)[:, None] + expected[:, :1] - expected
        apart = doubt / np.maximum(expected, 1e-9)[..., None] - (doubt[:, :1] - doubt) / seen[..., None]
        spread: Floats = self.felt[:, None] * np.sqrt((apart**2).sum(axis=-1))
        return spread

    def price(self, t: int, outcomes: int) -> Floats:
        """[P] what asking of so many outcomes, and of each segment of which anything is expected, adds to the limit."""
        asked = int((self.expected[1:, *self.known(t)].sum(axis=1) > 0).sum())
        segments = np.where(np.arange(self.expected.shape[0]) == 0, 1, max(asked, 1))
        price: Floats = np.log(segments) + OUTCOMES_TOGETHER * np.log(outcomes)
        return price


def _lost(rate: float) -> float:
    """How far a rate of which the largest loss is lost lies from it, on the logit."""
    left = rate * float(FEWEST[-1])
    return float(np.log(rate / (1.0 - rate)) - np.log(left / (1.0 - left)))


def from_on(values: Floats, axis: int) -> Floats:
    """Sums over a place of the axis and all after it."""
    total: Floats = np.flip(np.cumsum(np.flip(values, axis), axis=axis), axis)
    return total


def _by_cohort(stream: Stream, place: int | None, level: Floats) -> tuple[Floats, Floats, Floats]:
    """value [node, C, A, theta x stretch] at the levels, expected [C, A], doubt [C, A, p] of a `Table`."""
    pick = slice(None) if place is None else slice(place, place + 1)
    cells = stream.expected[pick]
    due = np.cumsum(cells.sum(axis=0), axis=1)  # [C, A, stretch]
    expected = due[..., 0]
    events = np.cumsum(stream.events[pick].sum(axis=0), axis=1)
    cohorts, ages = expected.shape
    thetas = stream.thetas
    if stream.entered is None:
        log_level = np.broadcast_to(level, (cohorts, level.size))
        log_theta = np.broadcast_to(np.log(thetas), (cohorts, thetas.size))
        information, left = expected, np.ones_like(expected)
        factor = np.exp(log_theta[:, :, None] + log_level[:, None, :])
        none_yet = -factor[:, None, :, :, None] * due[:, :, None, None, :]
    else:
        # segments together are as many units with one rate as have the same mean and variance
        units, reached = _units(np.cumsum(cells[..., 0], axis=2), stream.entered[pick])
        final = reached[:, -1]
        log_level = level - np.log(1.0 + np.expm1(level) * final[:, None])
        failing = (1.0 - (1.0 - final[:, None]) / thetas) / final[:, None]
        log_theta = np.log(np.maximum(FEWEST[: thetas.size], failing))
        factor = np.exp(log_theta[:, :, None] + log_level[:, None, :])
        stretched = reached[..., None] * np.divide(
            due, due[..., :1], out=np.ones_like(due), where=due[..., :1] > 0
        )
        stretched = np.minimum(stretched, final[:, None, None])
        share = factor[:, None, :, :, None] * stretched[:, :, None, None, :]
        left = 1.0 - reached
        none_yet = np.maximum(units - events, 0.0)[..., None, None, None] * np.log1p(
            -np.minimum(share, 1.0 - 1e-9)
        )
        information = units * left * np.log(left) ** 2 / reached  # of a factor on the hazards
    noise = np.maximum(stream.noise_by_entry * expected / left, stream.noise_by_week * information)
    weight = 1.0 / (1.0 + noise)
    log = none_yet
    log += (events[:, :, None, None] * (log_theta[:, None, :, None] + log_level[:, None, None, :]))[..., None]
    log += np.cumsum(stream.shape[pick].sum(axis=0), axis=1)[:, :, None, None, :]
    log *= weight[:, :, None, None, None]
    value = np.ascontiguousarray(np.moveaxis(log, 3, 0).reshape(level.size, cohorts, ages, -1))
    week = np.minimum(np.add.outer(np.arange(cohorts), np.arange(ages)), stream.calendar.shape[0] - 1)
    doubt = np.cumsum(cells[..., 0].sum(axis=0)[:, :, None] * stream.calendar[week], axis=1)
    return value, weight * expected, weight[:, :, None] * doubt


def _units(due: Floats, entered: Floats) -> tuple[Floats, Floats]:
    """[C, A] N = E^2 / B and R = B / E of events that are due by age [S, C, A], B = sum of E_s^2 / n_s."""
    expected = due.sum(axis=0)
    squares = np.divide(
        due**2, entered[:, :, None], out=np.zeros_like(due), where=entered[:, :, None] > 0
    ).sum(axis=0)
    reached = np.divide(squares, expected, out=np.zeros_like(expected), where=expected > 0)
    reached = np.clip(reached, 1e-9, 1.0 - 1e-6)
    return expected / reached, reached


def _polynomial(values: Floats) -> Floats:
    """Coefficients of the polynomials through values [node, ...], the constant first."""
    coefficients: Floats = (_TO_POLYNOMIAL @ values.reshape(NODES.size, -1)).reshape(values.shape)
    return coefficients
