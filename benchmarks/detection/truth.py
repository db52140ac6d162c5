"""What is true of a history at the end of a week: the change of its outcomes, what was missed, and what that was worth.

All of it is expectation, from the chance that each lead had with the drift and without, over the leads that entered. A
lead counts with the share of its delay that is over, as an age-matched comparison weighs it: with the delays of the
baseline on both sides, so that a slower cycle alone is no change of the level.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from benchmarks.detection.families import WITHIN
from benchmarks.detection.histories import MEAN_AMOUNT, History
from leadline.data.samples.flows import CLOSE, Floats, Outcome, median_days

VALUE = "won_value_per_lead"


def true_change(
    history: History, outcome: str, first: int, through: int, channel: str | None = None
) -> float:
    """Relative change of the leads that entered in the weeks first..through, known at the end of week `through`.

    NaN where nobody entered. `channel`: of its leads alone.
    """
    event = CLOSE.name if outcome == VALUE else outcome
    who = (history.week >= first) & (history.week <= through)
    if channel is not None:
        who &= history.channel == [c.name for c in history.spec.channels].index(channel)
    before = (history.chance[event] * _over(history, event, through, slower=False))[who]
    after = before * history.kept[event][who] * (_worth(history)[who] if outcome == VALUE else 1.0)
    return float(after.sum() / before.sum() - 1.0) if before.sum() > 0 else float("nan")


def true_missed(history: History, outcome: str, first: int, through: int) -> float:
    """Events that the leads of the weeks first..through would have had by the end of the last, less those they had."""
    missed, _ = _lost(history, outcome, first, through)
    return float(missed.sum())


def true_loss(history: History, first: int, through: int) -> float:
    """The same of deals, in money."""
    _, money = _lost(history, CLOSE.name, first, through)
    return float(money.sum())


def baseline_value(history: History, outcome: str) -> float:
    """What the leads of the baseline reach within the outcome's weeks: a share of them, or money a lead."""
    event = CLOSE.name if outcome == VALUE else outcome
    who = history.week < history.spec.deployed
    in_the_end = history.spec.deployed + WITHIN[event]
    reached = (history.chance[event] * _over(history, event, in_the_end, slower=False))[who]
    return float(reached.mean()) * (MEAN_AMOUNT if outcome == VALUE else 1.0)


def _lost(history: History, outcome: str, first: int, through: int) -> tuple[Floats, Floats]:
    who: NDArray[np.bool_] = (history.week >= first) & (history.week <= through)
    chance = history.chance[outcome]
    due = (chance * _over(history, outcome, through, slower=False))[who]
    came = (chance * history.kept[outcome] * _over(history, outcome, through, slower=True))[who]
    return due - came, MEAN_AMOUNT * (due - came * _worth(history)[who])


def _worth(history: History) -> Floats:
    """What each lead's deal is worth, beside one before the onset."""
    return np.where(history.week >= history.onset, history.family.amounts, 1.0)


def _over(history: History, outcome: str, through: int, *, slower: bool) -> Floats:
    """Share of each lead's delay that is over by the end of a week, within the outcome's weeks."""
    found: Outcome = next(each for each in history.spec.outcomes if each.name == outcome)
    until = 7.0 * np.minimum(through + 1, history.week + WITHIN[outcome] + 1) - history.day
    median = median_days(history.spec, found, history.week) if slower else found.median_days
    share: Floats = ndtr(np.log(np.maximum(until, 1e-9) / median) / found.sigma)
    return np.where(until > 0, share, 0.0)
