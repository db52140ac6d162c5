"""People err, and change: a share corrected for the first, and the second told apart from the share's own change."""

from __future__ import annotations

import numpy as np
import pytest

from leadline.metrics.statistics.misclassification import Corrected, corrected, judged_again


def test_rogan_and_gladens_equation() -> None:
    """Se 0.9, Sp 0.95 and a true share of 0.30 are seen as 0.9 x 0.3 + 0.05 x 0.7 = 0.305."""
    # of things with a third opinion the two that agree are believed
    judged = [[True] * 9 + [False]] * 100 + [[False] * 19 + [True]] * 100
    found = corrected(0.305, 1_000_000, judged)
    assert found is not None
    assert (found.sensitivity, found.specificity) == (pytest.approx(0.9), pytest.approx(0.95))
    assert found.value == pytest.approx(0.30)
    assert found.low < 0.30 < found.high


def test_who_hardly_ever_was_checked_is_not_corrected() -> None:
    assert corrected(0.3, 100, [[True, True]] * 200) is None
    assert corrected(0.3, 100, [[True, False]] * 200) is None  # luck


def test_its_interval_holds_the_truth() -> None:
    rng, held = np.random.default_rng(5), 0
    for _ in range(400):
        true = rng.random(400) < 0.5
        said = true[:, None] ^ (rng.random((400, 2)) < 0.08)
        found = corrected(float(said[:, 0].mean()), 400, said[:120].tolist())
        assert isinstance(found, Corrected)
        held += found.low <= 0.5 <= found.high
    assert held >= 0.92 * 400


def test_who_judges_otherwise_explains_a_change_and_who_does_not_doesnt() -> None:
    alike = judged_again([(True, True)] * 20 + [(False, False)] * 10 + [(True, False), (False, True)])
    assert (alike.before, alike.now) == (21, 21)
    assert not alike.explains(-0.25)
    stricter = judged_again([(True, True)] * 14 + [(True, False)] * 6 + [(False, False)] * 10)
    assert stricter.explains(-0.15)
    assert not stricter.explains(0.15)
