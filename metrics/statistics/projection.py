"""What each cohort reached, and what it should still reach: the picture behind the divergence chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.maturity import STRETCHES, Baseline
from leadline.metrics.statistics.mechanism import level_and_stretch, level_with_free_stretch
from leadline.metrics.statistics.outcomes import OutcomeModel

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Projection:
    """One value a cohort week, [C]. known, projected, low, high are shares of what the baseline would have reached
    with the same mix and calendar (1 = as in the baseline); NaN where nothing entered."""

    units: Floats
    known: Floats
    projected: Floats
    low: Floats
    high: Floats
    maturity: Floats
    """share of the final events that can have happened by now"""


@dataclass(frozen=True)
class Outlook:
    """What members that are still pending are expected to do: `level` times the baseline's hazards, and in cohorts from
    week `since` on (None: in none) `level_moved` times its incidence with delays `stretch` times as long.

    doubt: variance of the log of what cohorts from `since` on should still reach, beyond that of the baseline.
    """

    level: float = 1.0
    since: int | None = None
    level_moved: float = 1.0
    stretch: float = 1.0
    doubt: float = 0.0


def outlook(model: OutcomeModel, through: int) -> Outlook:
    """The level seen lately; where the delays have clearly stretched or shrunk, level and stretch fitted together.

    Without the stretch a slower cycle would be carried on as a lower level, though all of it only comes later.
    """
    if through < model.deployed:
        return Outlook()
    level = recent_level(model, through)
    fit = level_and_stretch(model, through)
    if not fit.is_clear:
        return Outlook(level)
    _, low, high = level_with_free_stretch(model, fit.since, through)
    doubt = float(np.log(max(high, 1e-6) / max(low, 1e-6)) / (2.0 * 1.96)) ** 2
    return Outlook(level, fit.since, fit.level, fit.stretch, doubt)


def project(model: OutcomeModel, through: int, ahead: Outlook, window: int) -> Projection:
    """Projection of the cohorts 0..through at the end of week `through`, pooled over `window` trailing weeks.

    projected = reached so far + pending members x their remaining chance. The 95 % interval has the variance of
    over-dispersed counts for the whole and of the baseline's own level; what is still pending is as uncertain as a
    beta-binomial draw (Skellam 1948, doi 10.1111/j.2517-6161.1948.tb00014.x) with the same dispersion.
    """
    table = model.cohorts.known_at(through)
    reached = table.events.sum(axis=2).sum(axis=0)
    pending = _pending(table.entered, table.events, table.repeats)
    coming = (pending * _still(model, through, ahead)).sum(axis=0)
    expected = _expected_final(model, through)
    units, known, final, yardstick = (
        _trailing(v, window) for v in (table.entered.sum(axis=0), reached, reached + coming, expected)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(yardstick > 0, final / yardstick, np.nan)
        share_known = np.where(yardstick > 0, known / yardstick, np.nan)
        weeks = np.minimum(np.arange(1, table.weeks + 1), window)
        rate = np.clip(np.where(units > 0, final / units, 0.0), 0.0, 1.0 if not table.repeats else 0.0)
        variance = final * (1.0 - rate) + model.dispersion * final**2 / weeks + model.level_doubt * final**2
        variance += ahead.doubt * _trailing(np.where(_moved(ahead, through), coming, 0.0), window) ** 2
        half = (
            1.96
            * np.sqrt(np.maximum(variance, yardstick * 0.05))
            / np.where(yardstick > 0, yardstick, np.nan)
        )
    maturity = _trailing(_curve_now(model, through, ahead), window) / weeks
    low = np.maximum(index - half, np.minimum(share_known, index))
    return Projection(
        units,
        share_known,
        index,
        np.where(maturity < 0.999, low, np.maximum(index - half, 0.0)),
        index + half,
        maturity,
    )


def _pending(entered: Floats, events: Floats, repeats: bool) -> Floats:
    """[S, C] units that can still have an event."""
    return entered if repeats else np.maximum(entered - events.sum(axis=2), 0.0)


def _moved(ahead: Outlook, through: int) -> NDArray[np.bool_]:
    """[C] cohorts whose delays are stretched."""
    weeks = np.arange(through + 1)
    return np.zeros(weeks.shape, bool) if ahead.since is None else weeks >= ahead.since


def _stretched_reach(baseline: Baseline, stretch: float) -> Floats:
    """[A + 1] share of units that is reached before each age, with delays `stretch` times as long."""
    mass = baseline.stretched[int(np.abs(STRETCHES - stretch).argmin())]
    return np.concatenate([[0.0], np.cumsum(mass)])


def _curve_now(model: OutcomeModel, through: int, ahead: Outlook) -> Floats:
    """[C] share of each cohort's final events that can have happened by now."""
    age = through - np.arange(through + 1)
    curve = model.baseline.curve
    now = curve[np.minimum(age, curve.size - 1)]
    reach = _stretched_reach(model.baseline, ahead.stretch)
    stretched = reach[np.minimum(age + 1, reach.size - 1)] / reach[-1]
    curve_now: Floats = np.where(_moved(ahead, through), stretched, now)
    return curve_now


def _still(model: OutcomeModel, through: int, ahead: Outlook) -> Floats:
    """[S, C] chance (expected events where they repeat) of what is pending, after the ages that are known."""
    reach = np.cumsum(model.incidence[:, : through + 1], axis=2)
    cohort = np.arange(through + 1)
    age = np.minimum(through - cohort, reach.shape[2] - 1)
    entered = np.cumsum(model.incidence[:, : through + 1] * model.share_known[: through + 1], axis=2)
    now, final = entered[:, cohort, age], reach[:, :, -1]
    moved = _stretched_reach(model.baseline, ahead.stretch)
    stretched = moved[-1] / max(model.baseline.final_rate, 1e-12) * final
    so_far = np.where(final > 0, stretched * moved[age + 1] / max(float(moved[-1]), 1e-12), 0.0)
    level = np.where(_moved(ahead, through), ahead.level_moved, ahead.level)
    later, done = np.where(_moved(ahead, through), (stretched - so_far, so_far), (final - now, now))
    chance: Floats = level * np.maximum(later, 0.0)
    if not model.cohorts.repeats:
        left = np.maximum(1.0 - level * done, 1e-9)
        chance = np.minimum(chance / left, 1.0)
    return chance


def _expected_final(model: OutcomeModel, through: int) -> Floats:
    """[C] events the baseline would have reached in the end with this mix and in this season."""
    reached = model.incidence[:, : through + 1].sum(axis=2)
    expected: Floats = (model.cohorts.entered[:, : through + 1] * reached).sum(axis=0)
    return expected


def recent_level(model: OutcomeModel, through: int, weeks: int = 8) -> float:
    """Observed over expected in the last weeks, shrunk to 1 by ten events: the level that pending members get."""
    span = slice(max(model.deployed, through - weeks + 1), through + 1)
    O, E = float(model.observed[:, span].sum()), float(model.expected[:, span].sum())
    return (10.0 + O) / (10.0 + E)


def _trailing(values: Floats, window: int) -> Floats:
    """Sum over the last `window` entries, fewer at the start."""
    total = np.cumsum(values, dtype=np.float64)
    total[window:] = total[window:] - total[:-window]
    return total
