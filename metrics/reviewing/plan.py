"""What so many reviews a week can notice, told before anybody reviews: futures of the plan through our own evidence."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from leadline.data.counts.results import keep_result, kept_result
from leadline.data.warehouse import Warehouse
from leadline.metrics.fingerprint import fingerprint, statistics_code
from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import prepare
from leadline.metrics.statistics.promise import WEEKS, Promise, drawn, monitoring, promise
from leadline.metrics.statistics.season import calendar_terms

BASELINE_WEEKS = 26
LIKELY_FAILING = 0.1
"""share of outputs that fail, where no review has told it yet"""
LEAST_FAILING, MOST_FAILING = 0.02, 0.4
_MONDAY = dt.date(2024, 1, 1)


@dataclass(frozen=True)
class Noticeable:
    """From which share of failing outputs to which, and after how many weeks half of such changes are noticed
    (None: fewer than half within a year)."""

    failing: float
    becomes: float
    weeks: int | None


def noticeable(
    warehouse: Warehouse, a_week: int, failing: float | None, yearly_budget: float
) -> tuple[Noticeable, ...]:
    """Failures that double, and a fifth more of them, after half a year of `a_week` reviews a week.

    failing: the share that fails now. What was worked out before is found in the workspace.
    """
    now = round(min(max(failing or LIKELY_FAILING, LEAST_FAILING), MOST_FAILING), 2)
    becomes = (2.0 * now, 1.2 * now)
    key = fingerprint("review plan", statistics_code(), a_week, now, yearly_budget)
    if (kept := kept_result(warehouse, key)) is not None:
        told = Promise.of_plain(json.loads(kept))
    else:
        told = plan_promise(a_week, now, becomes, yearly_budget)
        keep_result(warehouse, key, json.dumps(asdict(told)))
    return tuple(
        Noticeable(now, share, delay.median_weeks) for share, delay in zip(becomes, told.delays, strict=True)
    )


def plan_promise(a_week: int, failing: float, becomes: Sequence[float], yearly_budget: float) -> Promise:
    """Passes are the events, of items that are judged in the week in which they are drawn."""
    weeks = np.arange(BASELINE_WEEKS + 1)
    passed = np.diff(np.floor(a_week * (1.0 - failing) * weeks + 0.5))
    entered = np.full((1, BASELINE_WEEKS), float(a_week))
    events = np.minimum(passed, a_week)[None, :, None]
    terms = calendar_terms([_MONDAY + dt.timedelta(weeks=w) for w in range(BASELINE_WEEKS + WEEKS + 4)])
    model = prepare(Cohorts(entered, events), terms, 0, BASELINE_WEEKS - 1, BASELINE_WEEKS)
    sizes = [(share - failing) / (1.0 - failing) for share in becomes]
    return promise(drawn([model], [None]), monitoring(yearly_budget, sizes), sizes=sizes)
