"""A workflow's history as exports with a known truth, and what was agreed for it.

Synthetic throughout, the same for the same seed.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

Row = Sequence[object]
Export = tuple[str, Sequence[str], Iterable[Row]]

START = dt.date(2023, 1, 2)
"""a Monday, the first day of every story"""
WEEKS = 130


@dataclass(frozen=True)
class Story:
    """One workflow's history and what was agreed for it."""

    name: str
    workflow: str
    deployed_on: dt.date
    drifts_from: dt.date
    """what enters from this day on does worse"""
    changed_on: dt.date
    """what enters from this day on does as well as before the deployment"""
    charter: str
    exports: Callable[[Story, np.random.Generator, dt.date], list[Export]]
    seed: int
    metrics: str = ""
    """`metrics.yaml`: the metrics of its own that the charter watches"""

    def write(self, folder: Path, until: dt.date) -> list[Path]:
        """The exports as drawn at the end of the day `until`; their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        drawn = self.exports(self, np.random.default_rng(self.seed), until)
        return [_write(folder / f"{name}.csv", columns, rows) for name, columns, rows in drawn]

    @property
    def eve(self) -> dt.date:
        """The Sunday before the workflow is changed, when what to do about the drift is still to be decided."""
        return self.changed_on - dt.timedelta(days=1)

    def without_drift(self) -> Story:
        """The same workflow, deployed on the same day, of which everything does as well as before."""
        return replace(self, drifts_from=self.changed_on)

    def is_drifting(self, day: dt.date) -> bool:
        """Whether what enters on that day does worse."""
        return self.drifts_from <= day < self.changed_on


def entries(rng: np.random.Generator, per_week: Callable[[dt.date], float]) -> list[dt.datetime]:
    """Moments on working days at which something entered, in order."""
    found = []
    for week in range(WEEKS):
        monday = START + dt.timedelta(weeks=week)
        for _ in range(int(rng.poisson(per_week(monday)))):
            found.append(at_hour(monday + dt.timedelta(days=int(rng.integers(5))), rng.uniform(8, 18)))
    return sorted(found)


def at_hour(day: dt.date, hour: float) -> dt.datetime:
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=round(hour * 3600))


def _write(file: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(
                [c.isoformat(sep=" ", timespec="seconds") if isinstance(c, dt.datetime) else c for c in row]
            )
    return file


_AGREED = """\
workflow: {workflow}
name: {name}
owner: {owner}
deployed_on: {deployed_on}
intent:
  objective: {objective}
  audience: {audience}
  context: {context}
  constraints: [{constraint}]
watch:
  proxies: [{proxies}]
  outcomes: [{outcome}]
stopping_rules:
  - id: divergence
    when: diverging
    action: {action}
  - id: outcome-{limit}
    when: {outcome} {beyond} baseline {sign} 20%
    for: 2 weeks
    recover: baseline {sign} 10%
    action: review
checkpoints: {{every: 1 week}}
signed: {{by: Managing Director, on: {signed_on}}}
"""


def agreed_story(
    name: str,
    workflow: str,
    exports: Callable[[Story, np.random.Generator, dt.date], list[Export]],
    *,
    weeks: tuple[int, int, int],
    seed: int,
    metrics: str = "",
    less_is_better: bool = False,
    **agreed: str,
) -> Story:
    """`weeks` from the beginning: when it is deployed, drifts and is changed. `less_is_better`: of the outcome."""
    deployed_on, drifts_from, changed_on = (START + dt.timedelta(weeks=w) for w in weeks)
    signed_on = deployed_on - dt.timedelta(days=10)
    limit, beyond, sign = ("ceiling", ">", "+") if less_is_better else ("floor", "<", "-")
    agreed |= {"workflow": workflow, "name": name, "limit": limit, "beyond": beyond, "sign": sign}
    charter = _AGREED.format(deployed_on=deployed_on, signed_on=signed_on, **agreed)
    return Story(name, workflow, deployed_on, drifts_from, changed_on, charter, exports, seed, metrics)
