"""What accounts name first when they are asked what the brand stands for, as an outcome that can be judged."""

from __future__ import annotations

import numpy as np

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.cohorts import UNKNOWN, AmountTable, Calendar, Currencies, question_rows
from leadline.metrics.declared.declaration import SameFirst
from leadline.metrics.ratios import ALL, RatioTable
from leadline.metrics.statistics.coherence import Answers
from leadline.metrics.statistics.maturity import Cohorts


def coherence_table(
    warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar, baseline: tuple[int, int]
) -> RatioTable:
    """Pairs of different accounts of one week that name the same, as a mean of the accounts. Conversations that do not
    say of which account they are count nowhere (`checks` tells them)."""
    return in_pairs(answers(warehouse, metric, workflow, calendar), baseline)


def in_pairs(named: Answers, baseline: tuple[int, int]) -> RatioTable:
    """Answers as a rate of the accounts that gave them, by what each week tells."""
    told = named.told(*baseline)
    matching = np.where(told.weight > 0, told.matching, 0.0)
    cohorts = Cohorts(told.weight[None], (told.weight * matching / told.scale)[None, :, None], repeats=True)
    accounts = np.where(told.weight > 0, told.accounts, 0.0)
    amounts = AmountTable(accounts, accounts * matching, accounts * matching**2, Currencies())
    return RatioTable(ALL, cohorts, 0, told.scale, amounts=amounts)


def answers(warehouse: Warehouse, metric: Metric, workflow: str, calendar: Calendar) -> Answers:
    """Who named what first, by week."""
    declaration = metric.declaration
    if not isinstance(declaration, SameFirst):
        raise TypeError(f"{metric.id} counts no accounts that name the same")
    through = calendar.end(calendar.weeks - 1)
    found = [
        (calendar.position(week), account, promise, int(units))
        for account, week, promise, units in question_rows(
            warehouse, metric, workflow, declaration.whose, through
        )
        if account != UNKNOWN and 0 <= calendar.position(week) < calendar.weeks
    ]
    conversations: dict[tuple[int, str], int] = {}
    for week, account, _, units in found:
        conversations[week, account] = conversations.get((week, account), 0) + units
    accounts = {name: at for at, name in enumerate(sorted({row[1] for row in found}))}
    promises = {name: at for at, name in enumerate(sorted({row[2] for row in found if row[2]}))}
    return Answers(
        np.array([row[0] for row in found], dtype=np.int64),
        np.array([accounts[row[1]] for row in found], dtype=np.int64),
        np.array([promises.get(row[2], -1) for row in found], dtype=np.int64),
        np.array([row[3] / conversations[row[0], row[1]] for row in found], dtype=np.float64),
        calendar.weeks,
    )
