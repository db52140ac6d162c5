"""Broken exports leave traces: weeks without entries, a jump in missing values, opens that rise without clicks.

Each method looks at weekly counts up to the week asked about and at nothing later, so a replay says what could be
said then. Limits are set for findings that a person will look into: a handful of rows never makes one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.metrics.statistics.fitness import IMPOSSIBLE

Floats = NDArray[np.float64]

GAP_MEMORY = 13
"""weeks before a gap that say what is usual; none of them may be empty, or pauses are usual"""
JUMP_POINTS = 0.10
"""ten points more rows without a value than before"""
JUMP_ROWS = 20
JUMP_EVIDENCE = 12.0
"""log-likelihood units by which two shares must beat one; the week of the jump is searched for, so more than 1.92"""
WEEKS_BEFORE = 4
STEP = 0.20
"""opens must rise by a fifth"""
STEP_SIDE = 4
STEP_CLEAR = 4.0
"""standard errors of the step in opens; its week is searched for"""
APART = 2.5
"""standard errors between the step in opens and that in clicks of the same week"""
CLICKS_FOLLOW = 0.5
"""clicks that made half of the opens' step (in logarithms) have followed it"""


@dataclass(frozen=True)
class Gap:
    """Weeks first..last without any entry, although `usual` a week entered before."""

    first: int
    last: int
    usual: float


def gaps(entered: Floats, first: int, through: int) -> list[Gap]:
    """Empty stretches of the weeks first..through in which more than IMPOSSIBLE entries were to be expected.

    Expected: the median of the GAP_MEMORY weeks before, all of which had entries (a list that pauses now and then has
    no gap). entered [T]. Limit: a planned pause looks the same.
    """
    found = []
    week = first
    while week <= through:
        if entered[week] > 0:
            week += 1
            continue
        last = week
        while last < through and entered[last + 1] == 0:
            last += 1
        before = entered[max(week - GAP_MEMORY, first) : week]
        if before.size >= WEEKS_BEFORE and bool((before > 0).all()):
            usual = float(np.median(before))
            if usual * (last - week + 1) > IMPOSSIBLE:
                found.append(Gap(week, last, usual))
        week = last + 1
    return found


@dataclass(frozen=True)
class Jump:
    """Weeks first..last in which the share of rows without a value was higher than in all weeks before."""

    first: int
    last: int
    share_before: float
    share: float
    missing: int


def jump(missing: Floats, rows: Floats, first: int, through: int) -> Jump | None:
    """The clearest stretch of the weeks first..through with more missing values than before it, if any is clear.

    A scan over all stretches i..j (Kulldorff 1997, doi 10.1080/03610929708831995, in one dimension and one-sided): the
    log-likelihood ratio of two binomial shares, before i and in i..j, against one. Named only where the share rose by
    JUMP_POINTS on JUMP_ROWS rows or more and the ratio exceeds JUMP_EVIDENCE. missing, rows [T].
    """
    m = np.concatenate([[0.0], np.cumsum(missing[first : through + 1])])
    n = np.concatenate([[0.0], np.cumsum(rows[first : through + 1])])
    if m[-1] < JUMP_EVIDENCE or n.size <= WEEKS_BEFORE + 1:
        return None
    starts = np.arange(WEEKS_BEFORE, n.size - 1)
    m0, n0 = m[starts][:, None], n[starts][:, None]
    m1, n1 = m[None, 1:] - m0, n[None, 1:] - n0
    use = (np.arange(1, n.size)[None, :] > starts[:, None]) & (n0 >= JUMP_ROWS) & (n1 >= JUMP_ROWS)
    if not use.any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = m1 / n1 - m0 / n0
        ratio = _log_likelihood(m0, n0) + _log_likelihood(m1, n1) - _log_likelihood(m0 + m1, n0 + n1)
    ratio = np.where(use & (rise >= JUMP_POINTS), ratio, -np.inf)
    i, j = np.unravel_index(int(ratio.argmax()), ratio.shape)
    if not ratio[i, j] > JUMP_EVIDENCE:
        return None
    start = int(starts[i])
    return Jump(
        first=first + start,
        last=first + int(j),
        share_before=float(m0[i, 0] / n0[i, 0]),
        share=float(m1[i, j] / n1[i, j]),
        missing=int(m1[i, j]),
    )


def _log_likelihood(m: Floats, n: Floats) -> Floats:
    """Of m in n at its own share m / n; 0 ln 0 = 0."""
    share = m / n
    hit = np.where(m > 0, m * np.log(np.where(m > 0, share, 1.0)), 0.0)
    other = np.where(n > m, (n - m) * np.log(np.where(n > m, 1.0 - share, 1.0)), 0.0)
    total: Floats = hit + other
    return total


def lost_share(missing: Floats, rows: Floats, usual: float, first: int, through: int) -> float:
    """Share of the rows of the weeks first..through that lack a value beyond the `usual` share; 0 without rows."""
    n = float(rows[first : through + 1].sum())
    return max(float(missing[first : through + 1].sum()) / n - usual, 0.0) if n > 0 else 0.0


@dataclass(frozen=True)
class OpensStep:
    """Opens rose by `opens` (0.3 = 30 %) from the weeks before `week` to those from it on, clicks by `clicks`."""

    week: int
    opens: float
    clicks: float


def opens_without_clicks(sent: Floats, opens: Floats, clicks: Floats, first: int) -> list[OpensStep]:
    """Every week from which opens were clearly higher while clicks did not follow, clearest first.

    For every week k the mean log rates of the STEP_SIDE weeks before it and of those from it on are compared; so a
    step is known at the end of week k + STEP_SIDE - 1. Its standard error comes from the weekly scatter within the
    two sides, pooled, and is at least that of the counts. The step must be of STEP or more and STEP_CLEAR standard
    errors, must exceed that of the clicks by APART, and clicks must have moved by less than CLICKS_FOLLOW of it.
    All arrays [T]; opens and clicks of the week of sending.

    Limit: better subject lines for the same readers look the same as another way of counting; it is for a person to
    say which.
    """
    found: list[tuple[float, OpensStep]] = []
    for k in range(first + STEP_SIDE, sent.size - STEP_SIDE + 1):
        sides = slice(k - STEP_SIDE, k), slice(k, k + STEP_SIDE)
        if any((sent[side] == 0).any() or (opens[side] == 0).any() for side in sides):
            continue
        step, error = _step(opens, sent, sides)
        if step < np.log1p(STEP) or step < STEP_CLEAR * error:
            continue
        clicked, click_error = _step(clicks, sent, sides)
        apart = APART * float(np.hypot(error, click_error))
        if clicked > CLICKS_FOLLOW * step or step - clicked < apart:
            continue
        found.append((step / error, OpensStep(k, float(np.expm1(step)), float(np.expm1(clicked)))))
    return [step for _, step in sorted(found, key=lambda pair: (-pair[0], pair[1].week))]


def _step(count: Floats, sent: Floats, sides: tuple[slice, slice]) -> tuple[float, float]:
    """Difference of mean log rates and its standard error; half an event is added against the logarithm of 0."""
    logs = [np.log((count[side] + 0.5) / (sent[side] + 1.0)) for side in sides]
    freedom = max(sum(log.size - 1 for log in logs), 1)
    scatter = sum(float(((log - log.mean()) ** 2).sum()) for log in logs) / freedom
    inverse = sum(1.0 / log.size for log in logs)
    counted = sum(1.0 / max(float(count[side].sum()), 0.5) for side in sides)
    return float(logs[1].mean() - logs[0].mean()), float(np.sqrt(max(scatter * inverse, counted)))
