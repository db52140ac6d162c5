from __future__ import annotations

import numpy as np
import pytest

from leadline.metrics.statistics.agreement import krippendorff_alpha


def _alpha(*reviewers: list[int | None]) -> float | None:
    items = ([value for value in said if value is not None] for said in zip(*reviewers, strict=True))
    return krippendorff_alpha(items).alpha


def test_the_published_examples() -> None:
    # Krippendorff 2011, sections A (binary, two observers) and C (nominal, four observers, missing values)
    assert _alpha([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]) == pytest.approx(
        0.095, abs=5e-4
    )
    four = (
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    )
    assert _alpha(*four) == pytest.approx(0.743, abs=5e-4)


def test_by_hand() -> None:
    # two items, three reviewers: 4 of 6 pairs on one item disagree; 30 pairs of six values, 16 of them mixed
    found = krippendorff_alpha([[True, True, False], [False, False, False]])
    assert found.alpha == pytest.approx(1 - (5 * (4 / 2)) / 16)
    assert (found.items, found.disagreed) == (2, 1)


def test_what_tells_nothing() -> None:
    assert krippendorff_alpha([]).alpha is None
    assert krippendorff_alpha([[True], [False]]).items == 0
    always = krippendorff_alpha([[True, True]] * 30)
    assert (always.alpha, always.items, always.disagreed) == (None, 30, 0)
    assert not always.is_below(0.67)


@pytest.mark.parametrize(("error", "items"), [(0.05, 60), (0.15, 120)])
def test_intervals_hold_the_truth(error: float, items: int) -> None:
    # both err by `error`; truth by the law of large numbers
    rng = np.random.default_rng(5)

    def reviewed(n: int) -> list[list[bool]]:
        truth = rng.random(n) < 0.8
        return [[bool(truth[i] ^ (rng.random() < error)) for _ in range(2)] for i in range(n)]

    exact = krippendorff_alpha(reviewed(20_000)).alpha
    assert exact is not None
    found = [krippendorff_alpha(reviewed(items)) for _ in range(60)]
    held = np.mean([a.low <= exact <= a.high for a in found if a.low is not None and a.high is not None])
    assert held >= 0.85
