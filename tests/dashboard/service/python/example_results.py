"""Made-up reviews as an opened workspace gives them."""

from __future__ import annotations

import dataclasses

from leadline.dashboard.service.python.results import Review
from leadline.metrics import results
from leadline.metrics.agreement.catalog import load_catalog
from tests.dashboard import example_reviews as examples


def review(*workflows: results.WorkflowReview, **changed: object) -> Review:
    """Of these workflows, in the words of the built-in metrics; of none where none are given."""
    made = dataclasses.replace(examples.review(*workflows, **changed), workflows=workflows)
    values = {one.name: getattr(made, one.name) for one in dataclasses.fields(results.Review)}
    return Review(**values, catalog=load_catalog(None))
