"""What of a charter is agreed and without data."""

from __future__ import annotations

from collections.abc import Mapping

from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.charter_terms import Charter
from leadline.metrics.findings import Fact, UncountedMetric
from leadline.metrics.results import WorkflowReview


def without_data(
    charter: Charter, catalog: Mapping[str, Metric], reviewed: WorkflowReview
) -> tuple[Fact, ...]:
    """One for each watched metric that can't be counted, or not be compared with a baseline."""
    counted = {line.metric for line in reviewed.series}
    explained = {
        finding.metric: finding.about for finding in reviewed.findings if finding.code == "no_baseline"
    }
    points: list[Fact] = []
    for name in (*charter.proxies, *charter.outcomes):
        metric = catalog.get(name)
        if name in explained:
            points.append(explained[name])
        elif name not in counted:
            points.append(
                UncountedMetric(metric.label, metric.sources) if metric else UncountedMetric(name, ())
            )
    return tuple(points)
