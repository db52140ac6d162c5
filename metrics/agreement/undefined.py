"""What is still undefined of a workflow: not agreed in its charter, or agreed and without data."""

from __future__ import annotations

from collections.abc import Mapping

from leadline.data.templates import kind_words
from leadline.data.yaml_document import listing
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.charter import coverage
from leadline.metrics.charter_terms import Charter
from leadline.metrics.results import WorkflowReview


def open_points(
    charter: Charter, catalog: Mapping[str, Metric], reviewed: WorkflowReview | None = None
) -> tuple[str, ...]:
    """One sentence each; () where nothing is open. Without a review, only what the charter leaves open."""
    return (*coverage(charter), *(without_data(charter, catalog, reviewed) if reviewed else ()))


def without_data(
    charter: Charter, catalog: Mapping[str, Metric], reviewed: WorkflowReview
) -> tuple[str, ...]:
    """One sentence for each watched metric that can't be counted, or not be compared with a baseline."""
    counted = {line.metric for line in reviewed.series}
    explained = {
        finding.metric: finding.message for finding in reviewed.findings if finding.code == "no_baseline"
    }
    points = []
    for name in (*charter.proxies, *charter.outcomes):
        metric = catalog.get(name)
        if name in explained:
            points.append(explained[name])
        elif name not in counted:
            label = metric.label if metric else name
            exports = listing([kind_words(source) for source in metric.sources], "and") if metric else ""
            needs = f": land the exports it rests on ({exports})" if exports else ""
            points.append(f"{label} has no data yet{needs}.")
    return tuple(points)
