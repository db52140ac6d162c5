"""Where reviewers don't agree on what they saw, a metric says that in place of a verdict."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from leadline.dashboard.words.findings import fact_words
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.catalog import METRICS, load_catalog
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.findings import ReviewersDisagree
from leadline.metrics.review import review
from tests.data.example_exports import land_text, lines

FIRST = dt.date(2024, 1, 1)
CHARTER = """\
workflow: studio
deployed_on: 2024-06-03
watch: {proxies: [reviewed], outcomes: [OUTCOME]}
reviewing: {dimensions: [tone, facts]}
"""


def _reviewed(warehouse: Warehouse, outcome: str, noise: float) -> list[str]:
    """Thirty weeks of ten outputs, four of them seen by a second reviewer whose verdict on tone is luck for a share."""
    (warehouse.workspace.path / METRICS).write_text(
        "reviewed: {role: proxy, count: {template: reviews}}\n"
        "facts_right: {role: outcome, of: {template: reviews, where: {dimension: facts}}, "
        "event: {column: passed, is: yes}}\n"
    )
    rng = random.Random(7)
    rows = []
    for n in range(300):
        day = FIRST + dt.timedelta(days=7 * (n // 10))
        truth = rng.random() < 0.8
        for who in ("Ann", "Bo") if n % 10 < 4 else ("Ann",):
            tone = rng.random() < 0.8 if who == "Bo" and rng.random() < noise else truth
            for dimension, passed in (("tone", tone), ("facts", truth)):
                rows.append(f"I{n},{day},{who},{dimension},{'yes' if passed else 'no'},studio")
    head = "item_id,reviewed_at,reviewer,dimension,passed,workflow"
    land_text(warehouse, lines(head, *rows), "reviews.csv")
    charter = CHARTER.replace("OUTCOME", outcome)
    parse_charter(charter, load_catalog(warehouse.workspace), "studio.yaml")
    (warehouse.workspace.charters / "studio.yaml").write_text(charter)
    (found,) = review(warehouse, warehouse.workspace, dt.date(2024, 7, 28)).workflows
    told = [one for one in found.findings if isinstance(one.about, ReviewersDisagree)]
    assert (found.verdict == "data_problem") == bool(told)
    assert all(one.blocks_verdict and one.metric == outcome for one in told)
    return [fact_words(one.about) for one in told]


@pytest.mark.parametrize(
    ("outcome", "noise"), [("review_pass_rate", 0.0), ("facts_right", 0.9), ("review_pass_rate", 0.1)]
)
def test_who_agrees_is_believed(warehouse: Warehouse, outcome: str, noise: float) -> None:
    assert _reviewed(warehouse, outcome, noise) == []


def test_who_does_not_is_told_with_the_dimension(warehouse: Warehouse) -> None:
    (told,) = _reviewed(warehouse, "review_pass_rate", 0.9)
    assert told.startswith("Reviewers don't agree on what they saw on tone: ")
    assert "and 0.67 was agreed (Krippendorff's alpha)" in told


def test_briefs_come_when_they_are_needed_and_are_never_late(warehouse: Warehouse) -> None:
    assert _reviewed(warehouse, "review_pass_rate", 0.0) == []
    land_text(warehouse, lines("brief_id,written_at,outcome", "B1,2024-01-01,More demos"), "briefs.csv")
    land_text(warehouse, lines("workflow,what,version,since", "studio,prompt,v1,2024-01-01"), "versions.csv")
    states = {
        one.source: one.state for one in review(warehouse, warehouse.workspace, dt.date(2024, 7, 28)).data
    }
    assert states == {"briefs": "fresh", "reviews": "fresh", "versions": "fresh"}
