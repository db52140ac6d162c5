"""What is true of a history at the end of a week: the change of its outcomes, what was missed, and what that was worth.

All of it is expectation, from the chance that each lead had with the drift and without, over the leads that entered. A
lead counts with the share of its delay that is over, as an age-matched comparison weighs it: with the delays of the
baseline on both sides, so that a slower cycle alone is no change of the level.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from benchmarks.detection.families import ASSETS, WITHIN
from benchmarks.detection.histories import MEAN_AMOUNT, History
from leadline.data.samples.flows import CLOSE, Floats, Outcome, median_days

VALUE = "won_value_per_lead"


def true_change(
    history: History, outcome: str, first: int, through: int, channel: str | None = None
) -> float:
    """Relative change of the leads that entered in the weeks first..through, known at the end of week `through`.

    NaN where nobody entered. `channel`, here and below: of its leads alone.
    """
    event = CLOSE.name if outcome == VALUE else outcome
    who = _between(history, first, through, channel)
    before = (history.chance[event] * _over(history, event, through, slower=False))[who]
    after = before * history.kept[event][who] * (_worth(history)[who] if outcome == VALUE else 1.0)
    return float(after.sum() / before.sum() - 1.0) if before.sum() > 0 else float("nan")


def true_missed(
    history: History, outcome: str, first: int, last: int, through: int, channel: str | None = None
) -> float:
    """Events that the leads of the weeks first..last would have had by the end of week `through`, less those they had.

    Where more units are a proxy, an enlarged volume can miss no more than that of the baseline would have brought.
    """
    due, came = _due_and_came(history, outcome, first, last, through, channel)
    return float(due.sum() * _as_before(history, first, last) - came.sum())


def true_loss(history: History, first: int, last: int, through: int, channel: str | None = None) -> float:
    """The same of deals, in money."""
    due, came = _due_and_came(history, CLOSE.name, first, last, through, channel)
    worth = _worth(history)[_between(history, first, last, channel)]
    return float(MEAN_AMOUNT * (due.sum() * _as_before(history, first, last) - (came * worth).sum()))


def baseline_value(history: History, outcome: str) -> float:
    """What the leads of the baseline reach within the outcome's weeks: a share of them, or money a lead."""
    event = CLOSE.name if outcome == VALUE else outcome
    who = history.week < history.spec.deployed
    in_the_end = history.spec.deployed + WITHIN[event]
    reached = (history.chance[event] * _over(history, event, in_the_end, slower=False))[who]
    return float(reached.mean()) * (MEAN_AMOUNT if outcome == VALUE else 1.0)


def _due_and_came(
    history: History, outcome: str, first: int, last: int, through: int, channel: str | None
) -> tuple[Floats, Floats]:
    """Of each lead of the weeks first..last, its chance of an event by the end of week `through`: with the baseline's
    rate and delays, and as it was."""
    who = _between(history, first, last, channel)
    chance = history.chance[outcome]
    due = chance * _over(history, outcome, through, slower=False)
    came = chance * history.kept[outcome] * _over(history, outcome, through, slower=True)
    return due[who], came[who]


def _as_before(history: History, first: int, last: int) -> float:
    """The baseline's volume beside that of the weeks first..last, where that is a proxy and was enlarged; else 1."""
    if history.family.template != ASSETS:
        return 1.0
    entered = int(_between(history, first, last).sum())
    usual = float((history.week < history.spec.deployed).mean() * history.count()) / history.spec.deployed
    return min(usual * (last - first + 1) / entered, 1.0) if entered else 1.0


def _between(history: History, first: int, last: int, channel: str | None = None) -> NDArray[np.bool_]:
    who: NDArray[np.bool_] = (history.week >= first) & (history.week <= last)
    if channel is not None:
        who &= history.channel == [c.name for c in history.spec.channels].index(channel)
    return who


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
