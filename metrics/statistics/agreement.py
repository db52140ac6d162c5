"""How well people agree on what they saw: Krippendorff's alpha for nominal values, with a bootstrap over items.

Hayes & Krippendorff 2007, doi 10.1080/19312450709336664; Krippendorff 2011, 'Computing Krippendorff's
Alpha-Reliability': alpha = 1 - D_o / D_e, over the pairs of values that an item has from different reviewers. An item
with one value says nothing and is left out; any number of reviewers, and missing values, are fine.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 2_000
SEED = 20240102


@dataclass(frozen=True)
class Alpha:
    """1: always agreed, 0: as by chance. low, high: 95 %; None where all values are one and nothing can be told."""

    alpha: float | None
    low: float | None
    high: float | None
    items: int
    """that two or more reviewers saw"""
    disagreed: int
    """items of those on which not all said the same"""

    def is_below(self, floor: float) -> bool:
        """Whether it lies below `floor`, by more than which items were seen can explain."""
        return self.high is not None and self.high < floor


def krippendorff_alpha(items: Iterable[Sequence[Hashable]]) -> Alpha:
    """The agreement on items, each with the values that different reviewers gave it."""
    pairable = [values for values in items if len(values) > 1]
    found = sorted({value for values in pairable for value in values}, key=repr)
    place = {value: at for at, value in enumerate(found)}
    counts = np.zeros((len(pairable), len(found)))
    for item, values in enumerate(pairable):
        np.add.at(counts[item], [place[value] for value in values], 1.0)
    disagreed = int((np.count_nonzero(counts, axis=1) > 1).sum())
    # what each item brings: a share of disagreeing pairs (times its values), and its values
    size = counts.sum(axis=1, keepdims=True)
    apart = (size[:, 0] ** 2 - (counts**2).sum(axis=1)) / np.maximum(size[:, 0] - 1.0, 1.0)
    alpha = float(_alpha(apart.sum()[None], counts.sum(axis=0)[None])[0]) if pairable else np.nan
    if not np.isfinite(alpha):
        return Alpha(None, None, None, len(pairable), disagreed)
    # items of the same values are one kind; a resample is how many of each kind it holds
    kinds, first, many = np.unique(counts, axis=0, return_index=True, return_counts=True)
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(pairable), many / len(pairable), RESAMPLES).astype(np.float64)
    resampled = _alpha(drawn @ apart[first], drawn @ kinds)
    # a resample without any variation says nothing against agreement
    low, high = np.quantile(np.where(np.isfinite(resampled), resampled, 1.0), (0.025, 0.975))
    return Alpha(alpha, float(low), float(high), len(pairable), disagreed)


def _alpha(apart: Floats, values: Floats) -> Floats:
    """[N], from [N] disagreeing pairs and [N, K] how often each value was given; NaN where only one was."""
    n = values.sum(axis=1)
    by_chance = n**2 - (values**2).sum(axis=1)
    alpha: Floats = np.full(n.shape, np.nan)
    told = by_chance > 0
    alpha[told] = 1.0 - (n[told] - 1.0) * apart[told] / by_chance[told]
    return alpha
