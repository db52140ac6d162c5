"""Whether reviewers agree on what they saw well enough for a metric to mean anything, as the charter's floor says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.declared.declaration import Named, SameFirst, Share
from leadline.metrics.declared.question import is_voted
from leadline.metrics.findings import ReviewersDisagree
from leadline.metrics.results import Finding
from leadline.metrics.reviewing.agreement import Of, Verdict, came_again, seen, verdicts
from leadline.metrics.reviewing.coding import NO_PROMISE, marked
from leadline.metrics.statistics.misclassification import JudgedAgain, judged_again

LEAST_AGAIN = 10
"""things that came again, below which they tell nothing"""


@dataclass(frozen=True, eq=False)
class Judged:
    """What people said of what some outcomes count; floor: the alpha that was agreed, None for none."""

    floor: float | None
    of_metric: Mapping[str, tuple[Metric, tuple[Verdict, ...]]]
    promises: frozenset[str] = frozenset()
    """as they are marked; what else is named first names none"""

    @staticmethod
    def of(warehouse: Warehouse, charter: Charter, outcomes: Iterable[Metric], through: dt.date) -> Judged:
        """Nothing where no outcome rests on what people said."""
        found: dict[str, tuple[Metric, tuple[Verdict, ...]]] = {}
        read: dict[Of, tuple[Verdict, ...]] = {}
        for metric in outcomes:
            if (of := _rests_on(metric)) is None:
                continue
            if of not in read:
                read[of] = verdicts(warehouse, charter.workflow, of, through)
            found[metric.id] = metric, tuple(_counted(metric, read[of]))
        floor = charter.reviewing.agreement if charter.reviewing else None
        return Judged(floor, found, frozenset(marked(one.id) for one in charter.positioning))

    def again(self, name: str, as_of: dt.date) -> JudgedAgain | None:
        """How those who judged what a metric counts judge the same things by now; None where too few came again, or
        it is no share of things that pass."""
        if name not in self.of_metric:
            return None
        metric, said = self.of_metric[name]
        if metric.kind != "rate":
            return None
        pairs = [(self._is_yes(then), self._is_yes(now)) for then, now in came_again(said, as_of)]
        return judged_again(pairs) if len(pairs) >= LEAST_AGAIN else None

    def _is_yes(self, one: Verdict) -> bool:
        if one.said in ("true", "false"):
            return one.said == "true"
        return one.said in self.promises if self.promises else one.said not in NO_PROMISE

    def findings(self, as_of: dt.date) -> list[Finding]:
        """One for each metric of which reviewers do not agree on what they saw, with the dimension that is worst."""
        found: list[Finding] = []
        if self.floor is None:
            return found
        for name, (metric, said) in self.of_metric.items():
            short = [one for one in seen(said, as_of) if one.falls_short(self.floor)]
            worst = min(short, key=lambda one: one.agreement.alpha or 0.0, default=None)
            if worst is not None and worst.agreement.alpha is not None:
                of_codes = isinstance(metric.declaration, Named | SameFirst)
                dimension = "" if of_codes else worst.dimension
                about = ReviewersDisagree(
                    metric.label, dimension, worst.agreement.alpha, self.floor, worst.agreement.items
                )
                found.append(Finding(about, blocks_verdict=True, metric=name))
        return found


NOBODY = Judged(None, {})


def _rests_on(metric: Metric) -> Of | None:
    if isinstance(metric.declaration, Named | SameFirst):
        return "coded"
    return "seen" if is_voted(metric.declaration) else None


def _counted(metric: Metric, said: tuple[Verdict, ...]) -> Iterable[Verdict]:
    """Those that a metric counts: of its dimensions, where it names some."""
    if not isinstance(metric.declaration, Share):
        return (replace(one, said=marked(one.said)) for one in said)
    wanted = [
        {word.casefold() for word in one.words}
        for one in metric.declaration.of.where
        if one.column == "dimension"
    ]
    return (one for one in said if all(one.dimension.casefold() in words for words in wanted))
