"""The shipped samples are what their generator writes, and flows have the truth they were given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from leadline.data.samples.build import EXPORTS, build
from leadline.data.samples.flows import (
    APPOINTED,
    CHANNELS,
    CLOSE,
    QUALIFIED,
    Drift,
    FlowSpec,
    Leads,
    Outcome,
    counts,
    simulate,
)


def test_the_shipped_samples_are_what_their_generator_writes(tmp_path: Path) -> None:
    written = build(tmp_path)
    assert {file.name for file in written} == {file.name for file in EXPORTS.glob("*.csv")}
    for file in written:
        assert file.read_bytes() == (EXPORTS / file.name).read_bytes(), file.name


def _rate(spec: FlowSpec, weeks: slice, channel: int | None = None, seed: int = 1) -> float:
    entered, events = counts(simulate(spec, np.random.default_rng(seed)), "close_rate", 26)
    pick = slice(None) if channel is None else slice(channel, channel + 1)
    return float(events[pick, weeks].sum() / entered[pick, weeks].sum())


LARGE = {"leads_per_week": 2000, "weeks": 120}
BEFORE, AFTER = slice(0, 50), slice(60, 90)


def test_without_a_change_one_in_five_closes_before_and_after() -> None:
    spec = FlowSpec(**LARGE)
    assert _rate(spec, BEFORE) == pytest.approx(0.2, abs=0.004)
    assert _rate(spec, AFTER) == pytest.approx(0.2, abs=0.005)


def test_a_step_takes_away_what_it_says() -> None:
    assert _rate(FlowSpec(**LARGE, drift=Drift(0.35, 58)), AFTER) == pytest.approx(0.13, abs=0.004)


def test_a_drift_of_one_channel_leaves_the_others_alone() -> None:
    spec = FlowSpec(**LARGE, drift=Drift(0.6, 58, channel="organic"))
    names = [c.name for c in CHANNELS]
    organic, paid = names.index("organic"), names.index("paid_search")
    assert _rate(spec, AFTER, organic) == pytest.approx(0.4 * _rate(spec, BEFORE, organic), rel=0.06)
    assert _rate(spec, AFTER, paid) == pytest.approx(_rate(spec, BEFORE, paid), rel=0.05)


def test_a_mix_shift_moves_leads_and_no_rate_of_any_channel() -> None:
    spec = FlowSpec(**LARGE, mix_shift=0.4)
    late = slice(75, 90)
    for channel in range(len(CHANNELS)):
        assert _rate(spec, late, channel) == pytest.approx(_rate(spec, BEFORE, channel), rel=0.12)
    assert _rate(spec, late) < 0.95 * _rate(spec, BEFORE)


def test_a_slower_cycle_loses_nothing_in_the_end() -> None:
    spec = FlowSpec(**LARGE, slower=1.35)
    entered, events = counts(simulate(spec, np.random.default_rng(1)), "close_rate", 40)
    slow, usual = (
        events[:, weeks].sum(axis=(0, 1)) / entered[:, weeks].sum() for weeks in (slice(60, 78), slice(0, 50))
    )
    assert slow.sum() == pytest.approx(usual.sum(), rel=0.03)
    assert slow[:5].sum() < 0.75 * usual[:5].sum()


def test_growth_multiplies_volume_and_the_same_seed_gives_the_same_flow() -> None:
    spec = FlowSpec(leads_per_week=200, growth=3.0)
    leads = simulate(spec, np.random.default_rng(4))
    per_week = np.bincount(leads.week, minlength=120)
    assert per_week[80:].mean() == pytest.approx(3 * per_week[:52].mean(), rel=0.03)
    again = simulate(spec, np.random.default_rng(4))
    assert (leads.day == again.day).all()


def _many(**changed: object) -> Leads:
    return simulate(FlowSpec(leads_per_week=1500, linked=True, **changed), np.random.default_rng(3))  # type: ignore[arg-type]


def _given(leads: Leads, appointed: bool, weeks: slice) -> float:
    """Share of the leads with, or without, a qualified appointment that close."""
    which = np.isfinite(leads.reached[QUALIFIED.name]) == appointed
    which &= (leads.week >= weeks.start) & (leads.week < weeks.stop)
    return float(np.isfinite(leads.reached[CLOSE.name])[which].mean())


@pytest.mark.parametrize("outcome", [CLOSE, QUALIFIED])
def test_linked_outcomes_have_the_rates_and_delays_that_they_have_alone(outcome: Outcome) -> None:
    days = {}
    for linked in (True, False):
        leads = simulate(FlowSpec(leads_per_week=1500, linked=linked), np.random.default_rng(3))
        days[linked] = (leads.reached[outcome.name] - leads.day)[leads.channel == 2]
    reached = {linked: np.isfinite(delay) for linked, delay in days.items()}
    assert reached[True].mean() == pytest.approx(reached[False].mean(), abs=0.01)
    for share in (0.1, 0.5, 0.9):
        linked, alone = (float(np.quantile(days[each][reached[each]], share)) for each in (True, False))
        assert linked == pytest.approx(alone, rel=0.04)


def test_linked_deals_follow_from_appointments() -> None:
    leads = _many()
    closed, appointed = (leads.reached[outcome.name] for outcome in (CLOSE, QUALIFIED))
    both = np.isfinite(closed) & np.isfinite(appointed)
    assert both.sum() / np.isfinite(closed).sum() == pytest.approx(APPOINTED, abs=0.01)
    assert (appointed < closed)[both].mean() > 0.985
    assert _given(leads, True, BEFORE) > 6 * _given(leads, False, BEFORE)


def test_a_drift_of_linked_outcomes_loses_the_same_leads() -> None:
    leads = _many(drift=Drift(0.35, 58))
    for outcome in (CLOSE, QUALIFIED):
        reached = np.isfinite(leads.reached[outcome.name])
        before, after = (
            reached[(leads.week >= w.start) & (leads.week < w.stop)].mean() for w in (BEFORE, AFTER)
        )
        assert after == pytest.approx(0.65 * before, rel=0.03)
    assert _given(leads, True, AFTER) == pytest.approx(_given(leads, True, BEFORE), rel=0.03)


def test_a_drift_of_linked_deals_alone_loses_them_given_their_appointments() -> None:
    leads = _many(drift=Drift(0.35, 58), drifting_outcomes=("close_rate",))
    for appointed in (True, False):
        lost = _given(leads, appointed, AFTER) / _given(leads, appointed, BEFORE)
        assert lost == pytest.approx(0.65, abs=0.04)
    held = np.isfinite(leads.reached[QUALIFIED.name])
    assert held[leads.week >= 58].mean() == pytest.approx(held[leads.week < 58].mean(), abs=0.01)


def test_a_week_of_poor_leads_is_poor_in_both_linked_outcomes() -> None:
    leads = _many(noise=0.3)
    rates = [
        np.bincount(leads.week, np.isfinite(leads.reached[outcome.name])) / np.bincount(leads.week)
        for outcome in (CLOSE, QUALIFIED)
    ]
    assert np.corrcoef(*rates)[0, 1] > 0.9


def test_a_flow_of_one_outcome_cannot_be_linked() -> None:
    with pytest.raises(ValueError, match="has qualified appointments and deals"):
        _many(outcomes=(CLOSE,))
