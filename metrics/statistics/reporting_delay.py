"""How late events are entered after their date, and what share of recent weeks' events an export can know by then.

Data: pairs of successive exports. Of the events of one day that the later export knows, the earlier one knew some.
With L the delay in days and lambda(x) = -ln P(L < x | L <= x) its reverse-time hazard, an event that is known after u
days was known after k < u days with the chance
    P(L <= k | L <= u) = exp(-sum of lambda(x) over k < x <= u),
so that the pairs of one day, from the newest export backwards, are independent binomial counts and nothing has to be
assumed of events that no export knows yet (right truncation: Lawless 1994, Canadian Journal of Statistics 22, 15-31; as
nowcasting: van de Kassteele, Eilers & Wallinga 2019, doi 10.1097/EDE.0000000000001050). The exports may come as they
like, daily or after three weeks: only the sum over the days between them counts.

lambda is constant within the stretches of days between EDGES, a priori gamma with the shape 1/3, which is neutral for
counts (Kerman 2011, doi 10.1214/11-EJS648) and keeps 'never seen' from being 'impossible'. The log of the share that
is entered within e days, -sum of lambda(x) over x > e, is linear in it, so that its doubt follows from Fisher's
information. Weeks scatter beyond chance (holidays, a busy assistant): by as much as they did, one may again.

The honest limit: it is taken that an event is entered within HORIZON_DAYS or never, and that people go on as in the
exports that were learned from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGES = np.array([0, 1, 2, 4, 7, 10, 14, 21, 28, 56])
"""days after the event: lambda is constant over EDGES[b] < x <= EDGES[b + 1]"""
HORIZON_DAYS = int(EDGES[-1])
LEAST_EVENTS = 20
"""events of the first three weeks after their date without which nothing is learned"""
EARLY_DAYS = 21
NEARLY_ALL = 0.95
"""share from which on a week passes as complete"""
LEAST_SHARE = 0.1
MOST_DOUBT = 0.35
"""weeks of which a smaller share is entered, or whose share is known no better (sd of its log), are held back"""
_SHAPE = 1.0 / 3.0
_PRIOR_EVENTS = 1.0
"""events that the prior of each stretch weighs as much as"""
LEAST_WEEKS = 4
"""with fewer, how much weeks scatter is taken to be UNKNOWN_SCATTER"""
UNKNOWN_SCATTER = 0.1
MOST_SCATTER = 1.0


@dataclass(frozen=True, eq=False)
class ExportPairs:
    """Events by how old they were at two successive exports, an entry a pair and day of the event, all [n].

    earlier, later: days since the event; known: events that the later export knows; new: those of them that the
    earlier one didn't; week: of the event, for what weeks scatter beyond chance.
    """

    earlier: Ints
    later: Ints
    known: Ints
    new: Ints
    week: Ints


@dataclass(frozen=True, eq=False)
class Entered:
    """How far the events of each calendar week are entered: share [W], 0 where a week is held back and doesn't count;
    error [W, B], a root of the covariance of its log: error @ z, z standard normal, is a draw of what it is off by."""

    share: Floats
    error: Floats

    def by_cell(self, weeks: int, ages: int) -> Floats:
        """[C, A]: the share at cohort week + age; 1 after the last week, of which nothing is known anyway."""
        share = np.concatenate([self.share, np.ones(max(weeks + ages - self.share.size, 0))])
        by_cell: Floats = share[np.add.outer(np.arange(weeks), np.arange(ages))]
        return by_cell

    @property
    def settled(self) -> int:
        """The last week that counts, -1 for none."""
        return int(np.flatnonzero(self.share > 0.0).max(initial=-1))

    @property
    def complete(self) -> Entered:
        """The same where only weeks count of which nearly all is entered."""
        return Entered(np.where(self.share < NEARLY_ALL, 0.0, 1.0), np.zeros((self.share.size, 0)))


@dataclass(frozen=True, eq=False)
class ReportingDelay:
    """The reverse-time hazard of each stretch [B] and the covariance [B, B] of its estimate. scatter: variance of the
    log odds of being entered, by which one week differs from another; events: that all of it rests on."""

    hazard: Floats
    covariance: Floats
    scatter: float
    events: int

    def share(self, elapsed: Ints) -> Floats:
        """Share of the events of a day that are entered by the end of the day `elapsed` days later; 0 before it."""
        share: Floats = np.where(elapsed < 0, 0.0, np.exp(-_days_beyond(elapsed) @ self.hazard))
        return share

    def of_weeks(self, elapsed: Ints, weekdays: Floats) -> Entered:
        """Of weeks `elapsed` [W] days after their Sundays; those of which too little is entered, or too uncertain how
        much, are held back. `weekdays` [7]: how the events spread over a week, Monday first."""
        days = elapsed[:, None] + np.arange(6, -1, -1)
        by_day = self.share(days) * (weekdays / weekdays.sum())
        share = by_day.sum(axis=1)
        weight = np.divide(by_day, share[:, None], out=np.zeros_like(by_day), where=share[:, None] > 0)
        gradient = -np.einsum("wd,wdb->wb", weight, _days_beyond(days))
        own = np.diag(np.sqrt(self.scatter) * (1.0 - share))[:, share < NEARLY_ALL]
        error: Floats = np.hstack([gradient @ np.linalg.cholesky(self.covariance), own])
        use = (share >= LEAST_SHARE) & ((error**2).sum(axis=1) <= MOST_DOUBT**2)
        return Entered(np.where(use, share, 0.0), error * use[:, None])


def learn(pairs: ExportPairs) -> ReportingDelay | None:
    """The delay that the pairs tell of; None where they tell of too few events (LEAST_EVENTS)."""
    use = (pairs.earlier >= 0) & (pairs.earlier < HORIZON_DAYS) & (pairs.known > 0)
    early = use & (pairs.earlier < EARLY_DAYS)
    events = int(pairs.known[early].sum())
    if events < LEAST_EVENTS:
        return None
    days = _days_beyond(pairs.earlier[use]) - _days_beyond(pairs.later[use])
    known, new = pairs.known[use].astype(np.float64), pairs.new[use].astype(np.float64)
    rows, place = np.unique(days, axis=0, return_inverse=True)
    N, X = (np.bincount(place.ravel(), count).astype(np.float64) for count in (known, new))
    hazard = _most_likely(rows, N, X)
    decay = days @ hazard
    together = pairs.week[use] * (10 * HORIZON_DAYS) + pairs.later[use] // 7
    scatter, inflation = _scatter(together, known, new, -np.expm1(-decay))
    weight = known / np.maximum(np.expm1(decay), 1e-9) / inflation
    information = (days.T * weight) @ days + np.diag(_SHAPE / hazard**2)
    covariance: Floats = np.linalg.inv(information).astype(np.float64)
    return ReportingDelay(hazard, covariance, scatter, events)


def pairs_of_exports(day: Ints, entered: Ints, events: Ints, exports: Ints, tells_from: Ints) -> ExportPairs:
    """From successive exports: `events` [n] of a day, which the export at the position `entered` was the first to know.

    exports [K]: the days they were made, rising; tells_from [K]: the first day of which each tells again. One that
    brings new dates alone tells nothing of what was entered late.
    """
    days, place = np.unique(day, return_inverse=True)
    new = np.zeros((days.size, exports.size), dtype=np.int64)
    np.add.at(new, (place.ravel(), entered), events)
    known = np.cumsum(new, axis=1)
    at, k = np.nonzero((days[:, None] <= exports[:-1]) & (days[:, None] >= tells_from[1:]))
    d = days[at]
    return ExportPairs(exports[k] - d, exports[k + 1] - d, known[at, k + 1], new[at, k + 1], d // 7)


def pairs_of_last_changes(lag: Ints, seen: Ints, events: Ints, week: Ints) -> ExportPairs:
    """From one export alone: rows last changed `lag` days after their event, `seen` days after it in the export.

    An event was entered when its row was last changed, or before: taken for the moment of entry, the last change bounds
    the delay from above. Each row is known from that day on, as if an export had been made every day.
    """
    rows = [
        (x - 1, x, int(known.sum()), int(known[lag[at] == x].sum()), w)
        for w in np.unique(week)
        for x in range(1, HORIZON_DAYS + 1)
        if (known := events[at := np.flatnonzero((week == w) & (lag <= x) & (seen >= x))]).size
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return ExportPairs(*table.T)


def held_back(since_week_end: Ints, days: int) -> Entered:
    """Weeks that ended less than `days` days before the export are held back, all others are complete."""
    share = np.where((days > 0) & (since_week_end < days), 0.0, 1.0)
    return Entered(share, np.zeros((share.size, 0)))


def days_until_nearly_all(delay: ReportingDelay) -> int:
    """The first day after the event by whose end nearly all are entered."""
    return int(np.argmax(delay.share(np.arange(HORIZON_DAYS + 1)) >= NEARLY_ALL))


def _days_beyond(elapsed: Ints) -> Floats:
    """[..., B] days of each stretch that lie after the first `elapsed` days."""
    later: Floats = np.clip(EDGES[1:] - np.maximum(elapsed, 0)[..., None], 0, np.diff(EDGES)) * 1.0
    return later


def _most_likely(rows: Floats, known: Floats, new: Floats) -> Floats:
    """[B] hazards of the highest posterior density, on their log."""
    widths = np.diff(EDGES).astype(np.float64)

    def loss(log_hazard: Floats) -> tuple[float, Floats]:
        hazard = np.exp(log_hazard)
        decay = np.maximum(rows @ hazard, 1e-12)
        value = new @ np.log(-np.expm1(-decay)) - (known - new) @ decay
        value += _SHAPE * log_hazard.sum() - _SHAPE * _PRIOR_EVENTS * (widths @ hazard)
        slope = (new / np.expm1(decay) - (known - new)) @ rows
        return -float(value), -(hazard * slope + _SHAPE - _SHAPE * _PRIOR_EVENTS * widths * hazard)

    begin = np.log(np.full(widths.size, 0.05) / widths)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=[(-25.0, 2.5)] * widths.size)
    hazard: Floats = np.exp(found.x)
    return hazard


def _scatter(together: Ints, known: Floats, new: Floats, chance: Floats) -> tuple[float, Floats]:
    """The variance tau^2 of the log odds between weeks, by moments, and for each pair [n] how many times the binomial
    variance its week scatters: var = v (1 + tau^2 v) with v = N p (1 - p), summed over the days of a week."""
    _, place = np.unique(together, return_inverse=True)
    apart = np.bincount(place, new - known * chance)
    v = np.bincount(place, known * chance * (1.0 - chance)).astype(np.float64)
    if np.count_nonzero(v > 0.1) < LEAST_WEEKS:
        scatter = UNKNOWN_SCATTER
    else:
        scatter = float(np.clip((apart**2 - v).sum() / (v**2).sum(), 0.0, MOST_SCATTER))
    inflation: Floats = 1.0 + scatter * v[place]
    return scatter, inflation
