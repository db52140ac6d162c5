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
from leadline.metrics.reviewing.agreement import Of, Verdict, seen, verdicts
from leadline.metrics.reviewing.coding import marked


@dataclass(frozen=True, eq=False)
class Judged:
    """What people said of what some outcomes count; floor: the alpha that was agreed."""

    floor: float
    of_metric: Mapping[str, tuple[Metric, tuple[Verdict, ...]]]

    @staticmethod
    def of(warehouse: Warehouse, charter: Charter, outcomes: Iterable[Metric], through: dt.date) -> Judged:
        """Nothing where no floor was agreed, or no outcome rests on what people said."""
        found: dict[str, tuple[Metric, tuple[Verdict, ...]]] = {}
        if charter.reviewing is None:
            return Judged(0.0, found)
        read: dict[Of, tuple[Verdict, ...]] = {}
        for metric in outcomes:
            if (of := _rests_on(metric)) is None:
                continue
            if of not in read:
                read[of] = verdicts(warehouse, charter.workflow, of, through)
            found[metric.id] = metric, tuple(_counted(metric, read[of]))
        return Judged(charter.reviewing.agreement, found)

    def findings(self, as_of: dt.date) -> list[Finding]:
        """One for each metric of which reviewers do not agree on what they saw, with the dimension that is worst."""
        found = []
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


NOBODY = Judged(0.0, {})


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
