"""The weeks that a rule's value is taken over."""

from __future__ import annotations

import numpy as np
import pytest

from leadline.metrics.statistics.rule_window import first_week


@pytest.mark.parametrize(
    ("a_week", "min_sample", "within_weeks", "first"),
    [
        (10.0, 0, 12, 56),  # four weeks whatever is agreed
        (10.0, 40, 12, 56),
        (10.0, 41, 12, 55),
        (2.75, 30, 12, 49),  # twelve assets a month
        (1.0, 30, 12, 47),  # no further than a quarter
        (1.0, 30, 26, 34),  # or than the metric takes to mature
        (1.0, 300, 104, 10),  # and never before the deployment
    ],
)
def test_a_value_looks_back_until_it_holds_what_was_agreed(
    a_week: float, min_sample: int, within_weeks: int, first: int
) -> None:
    assert first_week(np.full(80, a_week), 59, 10, min_sample, within_weeks) == first


def test_weeks_after_the_one_that_is_looked_at_change_nothing() -> None:
    units = np.full(80, 3.0)
    later = np.where(np.arange(80) > 59, 1_000.0, units)
    assert first_week(later, 59, 10, 30, 26) == first_week(units, 59, 10, 30, 26) == 50
