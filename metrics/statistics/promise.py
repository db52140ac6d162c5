"""What a stopping rule can promise at a workflow's own volume: how soon it notices, how often it cries wolf.

Histories are drawn from the fitted baseline: as many units a week as lately, events by age with the baseline's
hazards and segment factors, weekly over-dispersion, and the baseline's own level drawn anew, because it is only an
estimate. A decline of 10, 20 or 35 % begins with the deployment. Each history goes through the monitors and limits
that the real one would go through; nothing is approximated by a formula. The answer carries Monte-Carlo error:
HISTORIES histories tell a share to about 1 / sqrt(HISTORIES).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.divergence import first_alarm
from leadline.metrics.statistics.evidence import Stream
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.rule_window import first_week

Floats = NDArray[np.float64]

DECLINES = (0.10, 0.20, 0.35)
HISTORIES = 60
WEEKS = 104
"""a decline that is not noticed within two years is told as not noticed"""
LATELY_WEEKS = 26


@dataclass(frozen=True)
class Delay:
    """After a decline of `size`: weeks until half of the histories have noticed (None: fewer than half ever do), and
    the share noticed within half a year."""

    size: float
    median_weeks: int | None
    noticed_in_26_weeks: float


@dataclass(frozen=True)
class Promise:
    """What a rule promises. `false_alarms_a_year`: expected number of breaches in a year in which nothing changes."""

    delays: tuple[Delay, ...]
    false_alarms_a_year: float


Noticed = Callable[[Sequence[OutcomeModel]], int | None]
"""a history, one model an outcome → weeks since the deployment at the first breach"""


def promise(models: Sequence[OutcomeModel], noticed: Noticed, seed: int = 20240102) -> Promise:
    """Run `noticed` over simulated futures of the outcomes' models, without a change and with each decline."""
    rng = np.random.default_rng(seed)
    delays = []
    for size in DECLINES:
        weeks = [noticed(_future(models, size, rng)) for _ in range(HISTORIES)]
        found = sorted(w + 1 for w in weeks if w is not None)
        half = (HISTORIES + 1) // 2
        median = found[half - 1] if len(found) >= half else None
        delays.append(Delay(size, median, sum(w <= 26 for w in found) / HISTORIES))
    quiet = [noticed(_future(models, 0.0, rng)) for _ in range(2 * HISTORIES)]
    # the first breach is what is counted, so time after it is no time under watch
    watched = sum((WEEKS if w is None else w + 1) for w in quiet) / evidence.WEEKS_A_YEAR
    return Promise(tuple(delays), sum(w is not None for w in quiet) / watched)


def monitoring(models: Sequence[OutcomeModel], yearly_budget: float) -> Noticed:
    """The rule 'when: diverging' (or declining): the first alarm of any outcome's monitors."""
    steady = [_stream(model, _steady(model)) for model in models]
    watch = evidence.monitors(steady)
    limits = evidence.run(steady, watch, yearly_budget)

    def noticed(history: Sequence[OutcomeModel]) -> int | None:
        first: list[int] = []
        for i, model in enumerate(history):
            own = [t for t in limits if t.monitor.stream == i]
            traces = [replace(t, log_odds=_path(model, t.monitor)) for t in own]
            week = first_alarm(model, traces, model.deployed + WEEKS - 1)
            if week is not None:
                first.append(week - model.deployed)
        return min(first) if first else None

    return noticed


def threshold(
    outcome: int,
    scale: float,
    crossed: Callable[[float], bool],
    for_weeks: int,
    min_sample: int,
    within_weeks: int,
) -> Noticed:
    """The rule 'close_rate < 15 %': `crossed` for `for_weeks` weeks in a row, each over as many of the last weeks as
    hold `min_sample` units (`rule_window`).

    `scale` turns the baseline's final rate into the metric's unit.
    """

    def noticed(history: Sequence[OutcomeModel]) -> int | None:
        model = history[outcome]
        base = model.baseline.final_rate * scale
        run = 0
        units = model.expected.sum(axis=0) / max(model.baseline.final_rate, 1e-9)
        for week in range(model.deployed, model.deployed + WEEKS):
            since = slice(first_week(units, week, model.deployed, min_sample, within_weeks), week + 1)
            expected = float(model.expected[:, since].sum())
            if expected <= 0 or expected / model.baseline.final_rate < min_sample:
                continue
            run = run + 1 if crossed(base * float(model.observed[:, since].sum()) / expected) else 0
            if run >= for_weeks:
                return week - model.deployed
        return None

    return noticed


def _path(model: OutcomeModel, monitor: evidence.Monitor) -> Floats:
    stream = _stream(model, model)
    pick = slice(None) if monitor.segment is None else slice(monitor.segment, monitor.segment + 1)
    observed, expected = stream.observed[pick].sum(axis=0), stream.expected[pick].sum(axis=0)
    return evidence.cusum(observed, expected, monitor.theta, model.dispersion)


def _stream(model: OutcomeModel, of: OutcomeModel) -> Stream:
    found = of.stream()
    return (
        replace(found, calendar_error=np.zeros_like(found.calendar_error))
        if not model.season.learned
        else found
    )


def _lately(model: OutcomeModel) -> Floats:
    """[S] units a week, over the last half year of the table, at least of the baseline; a week's days for a count."""
    entered = model.cohorts.entered
    if model.cohorts.of_time:
        return entered[:, -1]
    return np.asarray(
        entered[:, max(model.first, entered.shape[1] - LATELY_WEEKS) :].mean(axis=1), dtype=np.float64
    )


def _steady(model: OutcomeModel) -> OutcomeModel:
    """The future as expected: constant volume, no calendar effect, events exactly as in the baseline."""
    return _with_cohorts(model, *_expected_table(model, 0.0))


def _expected_table(model: OutcomeModel, size: float) -> tuple[Floats, Floats]:
    """Entered [S, deployed + WEEKS] and expected events [S, C, A] of a future without noise."""
    weekly = _lately(model)
    entered = np.zeros((weekly.size, model.deployed + WEEKS))
    entered[:, model.deployed :] = weekly[:, None]
    share = model.baseline.incidence(np.ones(model.cohorts.ages))[:, 0] * (1.0 - size)
    return entered, entered[:, :, None] * share[:, None, :]


def _future(models: Sequence[OutcomeModel], size: float, rng: np.random.Generator) -> list[OutcomeModel]:
    """One history of every outcome, drawn independently: outcomes that move together are noticed a little later."""
    futures = []
    for model in models:
        entered, events = _expected_table(model, size)
        level = rng.gamma(1.0 / max(model.level_doubt, 1e-6), max(model.level_doubt, 1e-6))
        alpha = max(model.dispersion, 1e-6)
        noise: Floats = rng.gamma(1.0 / alpha, alpha, (entered.shape[1],))
        units: Floats = entered if model.cohorts.of_time else rng.poisson(entered).astype(np.float64)
        thinned = np.divide(units, entered, out=np.zeros_like(entered), where=entered > 0)
        mean: Floats = events * thinned[:, :, None] * level * noise[None, :, None]
        drawn: Floats = rng.poisson(mean).astype(np.float64)
        futures.append(_with_cohorts(model, units, drawn))
    return futures


def _with_cohorts(model: OutcomeModel, entered: Floats, events: Floats) -> OutcomeModel:
    cohorts = replace(model.cohorts, entered=entered, events=events)
    terms = np.zeros((entered.shape[1] + events.shape[2], model.terms.shape[1]))
    return replace(model, cohorts=cohorts, terms=terms, entered=None)
