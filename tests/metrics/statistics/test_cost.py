"""What drift costs, by hand."""

from __future__ import annotations

import math

import pytest

from leadline.metrics.statistics.cost import missed, worth_per_outcome
from leadline.metrics.statistics.outcomes import Tally


def _tally(doubt: float = 0.0, squares: float = 0.0) -> Tally:
    return Tally(
        observed=100.0,
        expected=140.0,
        units=1e6,
        squares=squares,
        clumped=1960.0,
        doubt=doubt,
        dispersion=0.0,
    )


def test_missed_outcomes_are_expected_minus_observed_with_their_noise() -> None:
    found = missed(_tally(), None)
    assert found.units == 40
    assert found.low == pytest.approx(40 - 19.6)
    assert found.high == pytest.approx(40 + 19.6)
    assert found.value is None


def test_what_is_not_known_of_the_baseline_widens_the_interval() -> None:
    plain, doubtful = (missed(_tally(doubt=doubt), None) for doubt in (0.0, 0.01))
    assert doubtful.high - doubtful.units == pytest.approx(1.96 * math.sqrt(100 + 0.01 * 140**2))
    assert doubtful.high > plain.high


def test_where_most_units_have_the_event_fewer_can_be_missed_by_chance() -> None:
    """140 of 200 expected, 100 came: the variance is 200 x 0.5 x 0.5."""
    found = missed(_tally(squares=140**2 / 200), None)
    assert found.high - 40 == pytest.approx(1.96 * math.sqrt(50.0))


def test_worth_is_the_mean_amount_with_its_standard_error() -> None:
    worth = worth_per_outcome(count=4, total=40.0, squares=4 * 100.0 + 12.0)
    assert worth is not None
    assert worth.mean == 10.0
    assert worth.error == pytest.approx(math.sqrt(12.0 / 3 / 4))


def test_value_multiplies_units_and_carries_both_errors() -> None:
    worth = worth_per_outcome(4, 40.0, 412.0)
    found = missed(_tally(), worth)
    assert found.value == pytest.approx(400.0)
    assert found.value_high is not None
    assert found.value_high - 400 == pytest.approx(1.96 * math.sqrt(100 * 100 + 40**2 * 1.0))


def test_one_deal_is_no_basis_for_a_value() -> None:
    assert worth_per_outcome(1, 10.0, 100.0) is None
