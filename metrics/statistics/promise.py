"""What a stopping rule can promise at a workflow's own volume: how soon it notices, how often it cries wolf.

Histories are drawn from the fitted baseline: as many units a week as lately, their events by age as the baseline's had
them, weekly over-dispersion, and what the baseline leaves open about its own level drawn anew in each. A decline of 10,
20 or 35 % begins in any week of the first year. Each history goes through the evidence and the limit that the real one
would go through; nothing is approximated by a formula. The answer carries Monte-Carlo error: HISTORIES histories tell a
share to about 1 / sqrt(HISTORIES).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics import evidence
from leadline.metrics.statistics.outcomes import OutcomeModel
from leadline.metrics.statistics.rule_window import first_week

Floats = NDArray[np.float64]

DECLINES = (0.10, 0.20, 0.35)
HISTORIES = 30
LOOKED_EVERY = 2
"""weeks between two looks of a history at its evidence: half the work, and told a week late at most"""
YEAR = 52
"""weeks in one of which a decline begins; one that is not noticed in as many after it is told as not noticed"""
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
        onsets = rng.integers(YEAR, size=HISTORIES).tolist()
        weeks = [noticed(_future(models, size, onset, onset + YEAR, rng)) for onset in onsets]
        # a breach before the decline is no notice of it
        found = sorted(
            w - onset + 1 for w, onset in zip(weeks, onsets, strict=True) if w is not None and w >= onset
        )
        half = (HISTORIES + 1) // 2
        median = found[half - 1] if len(found) >= half else None
        delays.append(Delay(size, median, sum(w <= 26 for w in found) / HISTORIES))
    quiet = [noticed(_future(models, 0.0, 0, YEAR, rng)) for _ in range(HISTORIES)]
    # the first breach is what is counted, so time after it is no time under watch
    watched = sum((YEAR if w is None else w + 1) for w in quiet) / YEAR
    return Promise(tuple(delays), sum(w is not None for w in quiet) / watched)


def monitoring(yearly_budget: float) -> Noticed:
    """The rule 'when: diverging' (or declining): the first alarm of any outcome."""

    def noticed(history: Sequence[OutcomeModel]) -> int | None:
        streams = [model.stream() for model in history]
        return evidence.first_alarm(streams, yearly_budget, LOOKED_EVERY)

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
        for week in range(model.deployed, model.cohorts.weeks):
            since = slice(first_week(units, week, model.deployed, min_sample, within_weeks), week + 1)
            expected = float(model.expected[:, since].sum())
            if expected <= 0 or expected / model.baseline.final_rate < min_sample:
                continue
            run = run + 1 if crossed(base * float(model.observed[:, since].sum()) / expected) else 0
            if run >= for_weeks:
                return week - model.deployed
        return None

    return noticed


def _lately(model: OutcomeModel) -> Floats:
    """[S] units a week, over the last half year of the table, at least of the baseline; a week's days for a count."""
    entered = model.cohorts.entered
    if model.cohorts.of_time:
        return entered[:, -1]
    return np.asarray(
        entered[:, max(model.first, entered.shape[1] - LATELY_WEEKS) :].mean(axis=1), dtype=np.float64
    )


def _future(
    models: Sequence[OutcomeModel], size: float, onset: int, weeks: int, rng: np.random.Generator
) -> list[OutcomeModel]:
    """One history of every outcome, drawn independently: `weeks` after the deployment, `size` lost from `onset` on."""
    futures = []
    for model in models:
        units = np.zeros((model.cohorts.entered.shape[0], model.deployed + weeks))
        weekly = np.tile(_lately(model)[:, None], weeks)
        units[:, model.deployed :] = weekly if model.cohorts.of_time else rng.poisson(weekly)
        nothing = np.zeros((*units.shape, model.cohorts.ages))
        blank = replace(model.cohorts, entered=units, events=nothing)
        steady = replace(
            model, cohorts=blank, entered=None, terms=_carried_on(model.terms, units.shape[1] + blank.ages)
        )
        level = rng.gamma(1.0 / max(model.level_doubt, 1e-6), max(model.level_doubt, 1e-6))
        alpha = max(model.dispersion, 1e-6)
        factor = level * rng.gamma(1.0 / alpha, alpha, units.shape[1])
        factor[model.deployed + onset :] *= 1.0 - size
        share = steady.incidence * factor[None, :, None]
        if blank.repeats:
            events = rng.poisson(units[:, :, None] * share)
        else:
            share = share / np.maximum(share.sum(axis=2, keepdims=True), 1.0)
            none = np.maximum(1.0 - share.sum(axis=2, keepdims=True), 0.0)
            events = rng.multinomial(units.astype(np.int64), np.concatenate([share, none], axis=2))[..., :-1]
        futures.append(replace(steady, cohorts=replace(blank, events=events.astype(np.float64))))
    return futures


def _carried_on(terms: Floats, weeks: int) -> Floats:
    """Calendar terms of at least so many weeks: beyond the last they are those of a year before."""
    while terms.shape[0] < weeks:
        terms = np.concatenate([terms, terms[-min(YEAR, terms.shape[0]) :]])
    return terms
