"""Another mix of segments: once told, told as long as it is there; and how sure its size is.

Whether a rate fell in total only (`divergence`) is asked anew every week, and chance in what happened answers now so,
now otherwise; the mix of what entered hardly moves from week to week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leadline.metrics.statistics.breakdown import Counts, Decomposition
from leadline.metrics.statistics.divergence import LOOK_BACK_WEEKS, OutcomeState
from leadline.metrics.statistics.outcomes import OutcomeModel


def steadied(
    states: Sequence[OutcomeState], model: OutcomeModel, first: int, materiality: float
) -> list[OutcomeState]:
    """The states of the weeks from `first` on, in which a mix that was told stays while the mix itself takes more than
    half of what is material, the total is lower, and nothing else is told. Of each week nothing later counts."""
    told, found = False, []
    for week, state in enumerate(states, first):
        if state.mechanism is None and told and not state.alarm and _stands(model, week, materiality):
            state = replace(state, mechanism="mix")
        told = state.mechanism == "mix"
        found.append(state)
    return found


def _stands(model: OutcomeModel, week: int, materiality: float) -> bool:
    span = slice(max(model.deployed, week - LOOK_BACK_WEEKS + 1), week + 1)
    happened = float(model.observed[:, span].sum())
    within = float(model.expected[:, span].sum())
    crude = float((model.expected[:, span] / model.segment_level[:, None]).sum())
    return within < (1.0 - materiality / 2.0) * crude and happened < crude


def relative_error(
    before: Counts, now: Counts, parts: Decomposition, dispersion: float, weeks: tuple[int, int]
) -> float | None:
    """Standard error of the mix's part over the rate before; None where that is 0.

    The mix is sum (share1 - share0) (r0 + r1) / 2: the crude rates drop out, the shares are counted, and the doubt is
    the rates'. A segment missing on one side has the other side's rate. `weeks`: before and now.
    """
    if parts.before <= 0:
        return None
    moved = parts.share_now - parts.share_before
    variances = [_variance(side, dispersion, n) for side, n in zip((before, now), weeks, strict=True)]
    both = np.isfinite(parts.rate_before) & np.isfinite(parts.rate_now)
    weight = np.where(both, 0.25, 1.0)
    mix = sum(float((moved**2 * weight * each).sum()) for each in variances)
    level = float((parts.share_before**2 * variances[0]).sum())
    relative = float(parts.mix.sum()) / parts.before
    return float(np.sqrt(mix + relative**2 * level)) / parts.before


def _variance(
    side: Counts, dispersion: float, weeks: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """[S] of each segment's rate; 0 without exposure."""
    safe = np.where(side.exposure > 0, side.exposure, 1.0)
    rate = side.events / safe
    count = np.maximum(side.events - rate**2 * side.squares, 0.02 * side.events)
    count += dispersion * side.events**2 / max(weeks, 1)
    return np.where(side.exposure > 0, count / safe**2, 0.0)
