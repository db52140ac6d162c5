"""Integrals over level and season, against their exact values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from leadline.metrics.statistics.laplace import integrated

STEPS = 4


@given(
    st.floats(-8.0, 8.0),
    st.floats(0.5, 30.0),
    st.floats(0.0, 30.0),
    st.floats(0.01, 1.0),
    st.floats(0.0, 1.0),
)
@settings(max_examples=60)
def test_parabolas_are_integrated_exactly_wherever_their_top_lies(
    top: float, since: float, before: float, level_sd: float, season_sd: float
) -> None:
    """-since (x + z - top)^2 / 2 - before x^2 / 2: normal integrals, by their determinant."""
    early = np.array([0.0, 0.0, -before / 2.0])[:, None]
    late = np.array([-since * top**2 / 2.0, since * top, -since / 2.0])[:, None]
    found = integrated(early, late, level_sd, np.array([season_sd]), STEPS)[0]
    root = np.diag([level_sd, season_sd])
    bend = root @ np.array([[before + since, since], [since, since]]) @ root + np.eye(2)
    slope = root @ np.array([1.0, 1.0]) * since * top
    exact = (
        -since * top**2 / 2.0 + slope @ np.linalg.solve(bend, slope) / 2.0 - np.log(np.linalg.det(bend)) / 2.0
    )
    assert found == pytest.approx(exact, abs=1e-6 * (1.0 + abs(exact)))


def test_what_lies_beyond_the_nodes_does_not_run_away() -> None:
    """A polynomial of fifth degree whose top would lie at 2.5, where it has long turned upwards again."""
    c = np.array([0.0, 9.0, -3.0, 0.5, 0.4, 0.3])

    def continued(x: float) -> float:
        inside = min(max(x, -1.0), 1.0)
        value, slope, bend = (np.polynomial.Polynomial(c).deriv(k)(inside) for k in range(3))
        return float(value + (x - inside) * slope + (x - inside) ** 2 * min(bend, 0.0) / 2.0)

    exact = quad(lambda x: np.exp(continued(x) - x**2 / 2.0) / np.sqrt(2.0 * np.pi), -6.0, 20.0, limit=200)[0]
    found = integrated(np.zeros((3, 1)), c[:, None], 1.0, np.zeros(1), 8)[0]
    assert found == pytest.approx(np.log(exact), abs=0.3)
