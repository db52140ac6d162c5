"""Where a change comes from: Kitagawa's parts, the false-discovery step, Simpson's reversal."""

from __future__ import annotations

import datetime as dt
import doctest
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.dashboard.words.findings import fact_words
from leadline.data.exports.landing_report import IngestOptions
from leadline.data.landing.land import land
from leadline.data.samples.flows import Drift, FlowSpec, simulate
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.results import Breakdown
from leadline.metrics.review import review
from leadline.metrics.statistics import breakdown
from leadline.metrics.statistics.breakdown import (
    Counts,
    carrier,
    decompose,
    reversal,
    segment_tests,
    survivors,
    two_sided,
)
from tests.metrics.flows import model_of, watched


def _rare(events: np.ndarray, exposure: np.ndarray) -> Counts:
    """Counts of so many units that events are rare among them."""
    return Counts(events, exposure, np.zeros(len(events)))


def counts(events: list[float], exposure: list[float]) -> Counts:
    return _rare(np.array(events), np.array(exposure))


def test_parts_of_a_small_table_are_those_computed_by_hand() -> None:
    """Shares 1/2, 1/2 -> 1/4, 3/4; rates 0.3, 0.1 -> 0.2, 0.1; crude 0.2 -> 0.125; both means: 0.1625.

    mix: -1/4 (0.25 - 0.1625) = -0.021875, 1/4 (0.1 - 0.1625) = -0.015625; rate: -0.1 x 0.375 = -0.0375, 0.
    """
    parts = decompose(counts([30, 10], [100, 100]), counts([10, 15], [50, 150]))
    assert parts is not None
    assert parts.mix == pytest.approx([-0.021875, -0.015625])
    assert parts.rate == pytest.approx([-0.0375, 0.0])
    assert parts.total == pytest.approx(-0.075)


def test_das_guptas_example_comes_out_as_published() -> None:
    """Das Gupta 1993, Standardization and Decomposition of Rates (US Census P23-186), table 5.1: household headship
    1970 and 1985 by 13 age groups. Rates 44.7268 and 47.6940; effect of the age structure 1.2269, of the rates 1.7403
    (also README of the R package DasGuptR 2.1.0)."""
    size0 = np.array([12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9])
    size1 = np.array([10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5])
    rate0 = np.array([1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8])
    rate1 = np.array([2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2])
    parts = decompose(_rare(size0 * rate0, size0), _rare(size1 * rate1, size1))
    assert parts is not None
    found = [parts.before, parts.now, parts.mix.sum(), parts.rate.sum()]
    assert found == pytest.approx([44.7268, 47.6940, 1.2269, 1.7403], abs=5e-5)


def test_benjamini_and_hochbergs_own_example_rejects_the_first_four() -> None:
    """Benjamini & Hochberg 1995, section 3.2: 15 p-values, four rejected at 5 %, where Bonferroni rejects three."""
    smallest = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p = np.array([*smallest, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000])
    assert survivors(p).tolist() == [True] * 4 + [False] * 11
    assert survivors(p[::-1]).tolist() == [False] * 11 + [True] * 4


def test_segments_that_were_not_tested_neither_survive_nor_count() -> None:
    assert survivors(np.array([0.04, np.nan, np.nan])).tolist() == [True, False, False]
    assert not survivors(np.array([np.nan, np.nan])).any()
    assert not survivors(np.empty(0)).any()


def test_the_kidney_stones_are_a_reversal() -> None:
    """Charig et al. 1986, doi 10.1136/bmj.292.6524.879: success of open surgery 81/87 and 192/263 (small, large
    stones), of percutaneous nephrolithotomy 234/270 and 55/80. In total 273/350 = 78 % -> 289/350 = 83 %."""
    open_surgery, percutaneous = counts([81, 192], [87, 263]), counts([234, 55], [270, 80])
    parts = decompose(open_surgery, percutaneous)
    assert parts is not None
    assert (parts.before, parts.now) == (pytest.approx(273 / 350), pytest.approx(289 / 350))
    assert reversal(parts, open_surgery, percutaneous) == 1
    back = decompose(percutaneous, open_surgery)
    assert back is not None
    assert reversal(back, percutaneous, open_surgery) == -1
    assert parts.rate.sum() < 0 < parts.mix.sum()


def test_berkeley_is_no_reversal_because_two_departments_go_along_with_the_total() -> None:
    """Bickel, Hammel & O'Connell 1975, doi 10.1126/science.187.4175.398, the six largest departments: men 1198 of 2691
    admitted, women 557 of 1835; in C and E women are admitted less often too."""
    men = counts([512, 353, 120, 138, 53, 22], [825, 560, 325, 417, 191, 373])
    women = counts([89, 17, 202, 131, 94, 24], [108, 25, 593, 375, 393, 341])
    parts = decompose(men, women)
    assert parts is not None
    assert parts.total == pytest.approx(557 / 1835 - 1198 / 2691)
    assert parts.rate.sum() > 0 > parts.mix.sum()
    assert reversal(parts, men, women) == 0


def test_a_tiny_segment_has_no_say_in_a_reversal() -> None:
    before, now = counts([81, 192, 0], [87, 263, 2]), counts([234, 55, 1], [270, 80, 2])
    parts = decompose(before, now)
    assert parts is not None
    assert parts.rate_now[2] > parts.rate_before[2]
    assert reversal(parts, before, now) == 1


def test_without_overdispersion_the_score_is_that_of_a_conditional_binomial() -> None:
    """30 of 50 events fell on the side with 2/5 of the exposure: z = (30 - 20) / sqrt(50 x 0.4 x 0.6)."""
    z = segment_tests(counts([20], [60]), counts([30], [40]))
    assert z == pytest.approx([10 / np.sqrt(12)])
    doubted = segment_tests(counts([20], [60]), counts([30], [40]), dispersion=0.2, weeks=(10, 5))
    assert 0 < doubted[0] < z[0]


def test_the_score_of_common_events_is_that_of_two_shares() -> None:
    """64 of 100 against 56 of 80: the pooled z-test of two proportions."""
    before, now = (
        Counts(np.array([float(k)]), np.array([float(n)]), np.array([float(n)]))
        for k, n in ((64, 100), (56, 80))
    )
    share = 120 / 180
    by_hand = (56 / 80 - 64 / 100) / np.sqrt(share * (1 - share) * (1 / 100 + 1 / 80))
    assert segment_tests(before, now) == pytest.approx([by_hand])


def test_a_segment_that_appears_is_mix_and_no_change_of_rate() -> None:
    parts = decompose(counts([20, 0], [100, 0]), counts([20, 5], [100, 100]))
    assert parts is not None
    assert parts.rate == pytest.approx([0.0, 0.0])
    assert parts.mix.sum() == pytest.approx(0.125 - 0.2)
    assert np.isnan(parts.rate_before[1])


def test_nothing_is_said_where_one_side_is_empty() -> None:
    assert decompose(counts([0, 0], [0, 0]), counts([1, 1], [5, 5])) is None


def test_of_segments_that_never_changed_one_in_twenty_histories_names_any() -> None:
    """All hypotheses true: the false discovery rate is the chance to name anything, at most 5 % (score test on small
    counts: about that)."""
    rng = np.random.default_rng(5)
    exposure = np.array([8.0, 15.0, 30.0, 60.0, 120.0, 20.0])
    named = 0
    for _ in range(3000):
        before, now = (
            _rare(rng.poisson(share * exposure).astype(float), share * exposure) for share in (3, 1)
        )
        named += bool(survivors(two_sided(segment_tests(before, now))).any())
    assert 0.03 < named / 3000 < 0.065


def test_examples_in_the_docstring_hold() -> None:
    found = doctest.testmod(breakdown, extraglobs={"np": np})
    assert found.attempted > 0
    assert found.failed == 0


SEGMENTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 300), st.integers(0, 60), st.integers(1, 300)),
    min_size=1,
    max_size=7,
)


def both(rows: list[tuple[int, int, int, int]]) -> tuple[Counts, Counts]:
    table = np.array(rows, dtype=float)
    return _rare(table[:, 0], table[:, 1]), _rare(table[:, 2], table[:, 3])


@given(SEGMENTS)
def test_parts_always_add_up_to_the_total(rows: list[tuple[int, int, int, int]]) -> None:
    before, now = both(rows)
    parts = decompose(before, now)
    assert parts is not None
    crude = now.events.sum() / now.exposure.sum() - before.events.sum() / before.exposure.sum()
    assert parts.mix.sum() + parts.rate.sum() == pytest.approx(crude, abs=1e-9)
    assert parts.total == pytest.approx(crude, abs=1e-12)


@given(SEGMENTS)
def test_swapping_before_and_now_only_turns_the_signs(rows: list[tuple[int, int, int, int]]) -> None:
    before, now = both(rows)
    there, back = decompose(before, now), decompose(now, before)
    assert there is not None
    assert back is not None
    assert there.mix == pytest.approx(-back.mix, abs=1e-12)
    assert there.rate == pytest.approx(-back.rate, abs=1e-12)


@given(SEGMENTS, st.randoms(use_true_random=False))
def test_the_order_of_segments_and_an_empty_one_change_nothing(
    rows: list[tuple[int, int, int, int]], random: object
) -> None:
    order = np.random.default_rng(hash(tuple(rows)) % 2**32).permutation(len(rows))
    before, now = both(rows)
    more = [_rare(np.append(c.events[order], 0.0), np.append(c.exposure[order], 0.0)) for c in (before, now)]
    first, second = decompose(before, now), decompose(*more)
    assert first is not None
    assert second is not None
    assert second.mix[:-1] == pytest.approx(first.mix[order], abs=1e-12)
    assert second.rate[:-1] == pytest.approx(first.rate[order], abs=1e-12)
    assert (second.mix[-1], second.rate[-1]) == (0.0, 0.0)
    scores, shuffled = segment_tests(before, now), segment_tests(*more)
    assert shuffled[:-1] == pytest.approx(scores[order], nan_ok=True)
    assert (survivors(two_sided(shuffled))[:-1] == survivors(two_sided(scores))[order]).all()
    assert reversal(second, *more) == reversal(first, before, now)


def test_a_shifted_mix_is_told_as_mix() -> None:
    spec = FlowSpec(leads_per_week=400, weeks=116, mix_shift=0.5, mix_onset=56, mix_weeks=8)
    model = model_of(simulate(spec, np.random.default_rng(3)), "close_rate")
    before, now = model.baseline_counts, model.cells.since(64, 115)
    parts = decompose(before, now)
    assert parts is not None
    assert parts.total < -0.08 * parts.before
    assert parts.mix.sum() < 0.6 * parts.total
    assert abs(parts.rate.sum()) < 0.4 * abs(parts.total)
    scores = segment_tests(before, now, model.dispersion, (model.baseline_weeks, 52))
    assert not survivors(two_sided(scores)).any()
    assert carrier(before, now, scores, model.baseline.factor, 0.10) is None


def test_the_one_channel_that_lost_three_fifths_is_named() -> None:
    drift = Drift(0.6, onset=58, channel="referral")
    states = watched(FlowSpec(leads_per_week=120, drift=drift), seed=11)
    for outcome in ("close_rate", "qualified_appointment_rate"):
        alarm = next((week for week, state in enumerate(states[outcome]) if state.alarm), None)
        assert alarm is not None
        told = {(s.mechanism, s.segment) for s in states[outcome][alarm + 4 :]}
        assert told == {("segment", 3)}


def test_a_loss_everywhere_is_nobodys_in_particular() -> None:
    states = watched(FlowSpec(leads_per_week=120, drift=Drift(0.4, onset=58)), seed=12)
    told = {s.segment for s in states["close_rate"] if s.alarm}
    assert told == {None}


def test_cells_know_nothing_later_than_their_week() -> None:
    spec = FlowSpec(leads_per_week=60)
    leads = simulate(spec, np.random.default_rng(4))
    model = model_of(leads, "close_rate")
    early = model.cohorts.known_at(80)
    seen = model.cells_of(early).since(60, 80)
    later = model.cells.since(60, 80)
    assert later.events == pytest.approx(seen.events)
    assert later.exposure == pytest.approx(seen.exposure)


def test_at_the_baselines_end_exposure_equals_events_in_total() -> None:
    """Pooled incidence gives back the baseline's own events, so the rate before is the baseline's (season apart)."""
    model = model_of(simulate(FlowSpec(deployed=40), np.random.default_rng(6)), "close_rate")
    counted = model.baseline_counts
    assert not model.season.learned
    assert counted.exposure.sum() == pytest.approx(counted.events.sum(), rel=0.02)


CHARTER = """
workflow: routing
name: Routing
owner: Sales
deployed_on: 2024-01-01
watch:
  proxies: [lead_volume]
  outcomes: [close_rate]
  segments: [channel, region]
"""


def _exports(folder: Path, names: tuple[str, str]) -> list[Path]:
    """Forty leads a week for a year and a half. Before the deployment three in four come from the better channel, since
    then one in four; in both channels more leads close than before. Regions are alike."""
    rng = np.random.default_rng(21)
    start = dt.datetime(2023, 1, 2)
    leads, deals = (
        ["lead_id,created_at,workflow,channel,region"],
        ["deal_id,lead_id,created_at,closed_at,stage"],
    )
    for number in range(40 * 78):
        week = number // 40
        created = start + dt.timedelta(weeks=week, days=int(rng.integers(7)), hours=9)
        now = week >= 52
        better = rng.random() < (0.25 if now else 0.75)
        rate = (0.48 if now else 0.36) if better else (0.13 if now else 0.08)
        region = ("north", "south")[number % 2]
        leads.append(f"L{number},{created},routing,{names[0] if better else names[1]},{region}")
        closed = created + dt.timedelta(days=float(3 + rng.exponential(12)))
        if rng.random() < rate and closed < start + dt.timedelta(weeks=78):
            deals.append(f"D{number},L{number},{created},{closed},won")
    folder.mkdir(exist_ok=True)
    files = [folder / "leads.csv", folder / "deals.csv"]
    for file, lines in zip(files, (leads, deals), strict=True):
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def _reviewed(folder: Path, names: tuple[str, str]) -> dict[str, Breakdown]:
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "routing.yaml").write_text(CHARTER, encoding="utf-8")
    workspace = open_workspace(folder)
    with open_warehouse(workspace) as warehouse:
        for file in _exports(folder / "exports", names):
            assert land(warehouse, file, IngestOptions()).state == "landed"
        found = review(warehouse, workspace, dt.date(2024, 6, 30)).workflows[0].breakdowns
    return {breakdown.dimension: breakdown for breakdown in found}


def test_exports_whose_channels_all_rise_while_the_total_falls_are_told_as_a_reversal(tmp_path: Path) -> None:
    told = _reviewed(tmp_path / "one", ("partner", "web"))
    channel, region = told["channel"], told["region"]
    assert fact_words(channel.reversal) == (
        "In total close rate fell, yet within every channel it rose: what changed the total is the mix by channel "
        "(Simpson's paradox)."
    )
    assert channel.mix < channel.total < 0 < channel.rate
    assert channel.before == pytest.approx(0.29, abs=0.02)
    assert channel.now == pytest.approx(0.2175, abs=0.04)  # three standard errors of 1,040 leads
    assert region.reversal is None
    assert abs(region.mix) < 0.005
    assert channel.total == pytest.approx(region.total)
    for split in (channel, region):
        assert split.total == pytest.approx(split.mix + split.rate)
        assert split.mix == pytest.approx(sum(part.mix_effect for part in split.parts))
        assert split.rate == pytest.approx(sum(part.rate_effect for part in split.parts))
        assert sum(part.share_now for part in split.parts) == pytest.approx(1.0)


def test_renaming_a_segment_changes_nothing_but_its_name(tmp_path: Path) -> None:
    first = _reviewed(tmp_path / "one", ("partner", "web"))["channel"]
    second = _reviewed(tmp_path / "two", ("zebra", "aardvark"))["channel"]
    names = {"zebra": "partner", "aardvark": "web"}
    renamed = {names[part.name]: replace(part, name=names[part.name]) for part in second.parts}
    assert {part.name for part in first.parts} == set(renamed)
    for part in first.parts:
        other = renamed[part.name]
        assert other.rate_effect == pytest.approx(part.rate_effect, abs=1e-12)
        assert other.mix_effect == pytest.approx(part.mix_effect, abs=1e-12)
        assert (other.units, other.clear) == (part.units, part.clear)
