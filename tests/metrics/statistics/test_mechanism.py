"""Fewer or only slower: the joint fit of level and stretch, and how levels read while cycles change."""

from __future__ import annotations

import numpy as np
import pytest

from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.metrics.statistics.mechanism import level_and_stretch, level_with_free_stretch
from tests.metrics.flows import model_of

LAST = 119


def _model(spec: FlowSpec, seed: int = 4):
    return model_of(simulate(spec, np.random.default_rng(seed)), "close_rate")


def test_a_slower_cycle_is_told_from_a_lower_level() -> None:
    fit = level_and_stretch(_model(FlowSpec(leads_per_week=150, slower=1.35)), LAST)
    assert fit.told == "slower"
    assert fit.stretch == pytest.approx(1.35, abs=0.1)
    assert fit.since == pytest.approx(56, abs=4)


def test_a_lower_level_is_told_from_a_slower_cycle() -> None:
    fit = level_and_stretch(_model(FlowSpec(leads_per_week=150, drift=Drift(0.35, 58))), LAST)
    assert fit.told is None
    assert fit.level == pytest.approx(0.65, abs=0.06)


def test_nothing_is_clear_where_nothing_changed() -> None:
    fit = level_and_stretch(_model(FlowSpec(leads_per_week=150)), LAST)
    assert (fit.is_clear, fit.told) == (False, None)


def test_a_faster_cycle_is_told() -> None:
    fit = level_and_stretch(_model(FlowSpec(leads_per_week=200, slower=0.7)), LAST)
    assert fit.told == "faster"


def test_a_faster_cycle_does_not_read_as_more_outcomes() -> None:
    model = _model(FlowSpec(leads_per_week=200, slower=0.6, slower_onset=52))
    through = 75
    naive = model.observed[:, 52 : through + 1].sum() / model.expected[:, 52 : through + 1].sum() - 1
    level, low, high = level_with_free_stretch(model, 52, through)
    assert naive > 0.1
    assert low < 1.0 < high
    assert abs(level - 1) < naive


def test_the_interval_of_the_level_covers_the_truth_nearly_always() -> None:
    """40 histories that lose 35 % from the deployment on; a 95 % interval misses at most 6 of 40 with 99 % chance."""
    spec = FlowSpec(leads_per_week=60, drift=Drift(0.35, 52))
    covered = 0
    for seed in range(40):
        _, low, high = level_with_free_stretch(_model(spec, seed), 52, 90)
        covered += low <= 0.65 <= high
    assert covered >= 34
