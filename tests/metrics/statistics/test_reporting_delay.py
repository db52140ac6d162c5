"""How late events are entered: hand-computed shares, what must not matter, and how often the doubt holds the truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.metrics.statistics.maturity import Cohorts
from leadline.metrics.statistics.outcomes import prepare
from leadline.metrics.statistics.reporting_delay import (
    HORIZON_DAYS,
    LEAST_SHARE,
    Entered,
    ExportPairs,
    days_until_nearly_all,
    held_back,
    learn,
    pairs_of_exports,
    pairs_of_last_changes,
)
from leadline.metrics.statistics.season import calendar_terms

EVERY_DAY = np.ones(7)


def pairs(*rows: tuple[int, int, int, int, int]) -> ExportPairs:
    return ExportPairs(*np.array(rows, dtype=np.int64).T)


def successive_exports(
    seed: int, mean_lag: float, days: list[int], events_a_day: float = 6.0, batch: float = 0.0
) -> ExportPairs:
    """What the exports made on `days` know of 500 days with events that are entered geometrically late; `batch`: how
    much the pace of entry differs from week to week."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days[-1] + 1), rng.poisson(events_a_day, days[-1] + 1))
    pace = rng.gamma(1.0 / batch**2, batch**2, days[-1] // 7 + 1)[day // 7] if batch else 1.0
    lag = np.floor(rng.exponential(max(mean_lag, 1e-9), day.size) * pace)
    exports = np.array(days)
    entered = np.searchsorted(exports, day + lag)
    seen = (entered < exports.size) & (day >= days[-1] - 182)
    count = np.ones(int(seen.sum()), dtype=np.int64)
    return pairs_of_exports(day[seen], entered[seen], count, exports, np.zeros_like(exports))


def share_entered(mean_lag: float, elapsed: int) -> float:
    """Of a week that ended `elapsed` days ago."""
    return float(np.mean([1.0 - np.exp(-(elapsed + i + 1) / mean_lag) for i in range(7)]))


def test_a_share_is_the_product_of_what_each_export_knew_of_the_next() -> None:
    """1,500 of 3,000 on the day were known a week later as well, and 3,000 of 4,500 in the end: 1/2 x 2/3 = 1/3."""
    delay = learn(pairs((0, 7, 3000, 1500, 0), (7, HORIZON_DAYS, 4500, 1500, 0)))
    assert delay is not None
    assert delay.share(np.array([0, 7, HORIZON_DAYS])) == pytest.approx([1 / 3, 2 / 3, 1.0], abs=2e-3)


def test_before_the_event_nothing_is_entered_and_after_the_horizon_everything() -> None:
    delay = learn(pairs((0, 7, 100, 50, 0)))
    assert delay is not None
    assert delay.share(np.array([-1, HORIZON_DAYS, 1000])) == pytest.approx([0.0, 1.0, 1.0])


def test_the_doubt_of_a_share_is_that_of_the_binomial_counts_behind_it() -> None:
    """var ln(X/N) = (1 - p) / (N p): 1/300 for p = 1/2 and 300 events, in five weeks that are as even as can be."""
    delay = learn(pairs(*((0, HORIZON_DAYS, 60, 30, week) for week in range(5))))
    assert delay is not None
    sunday = np.array([0.0, 0, 0, 0, 0, 0, 1])
    entered = delay.of_weeks(np.array([0]), sunday)
    assert entered.share == pytest.approx([0.5], abs=1e-2)
    assert float((entered.error[:, :-1] ** 2).sum()) == pytest.approx(1 / 300, rel=0.1)


def test_where_nothing_is_entered_late_nothing_is_missing() -> None:
    delay = learn(successive_exports(1, 0.0, [350, 357, 364, 371]))
    assert delay is not None
    entered = delay.of_weeks(np.array([0, 7, 14]), EVERY_DAY)
    assert entered.share.min() > 0.97
    assert np.sqrt((entered.error**2).sum(axis=1)).max() < 0.03


def test_two_exports_a_week_apart_tell_the_whole_delay() -> None:
    delay = learn(successive_exports(2, 7.0, [350, 357], events_a_day=40.0))
    assert delay is not None
    weeks = np.array([0, 7, 14, 28])
    entered = delay.of_weeks(weeks, EVERY_DAY)
    assert entered.share == pytest.approx([share_entered(7.0, int(week)) for week in weeks], abs=0.06)


@pytest.mark.parametrize("days", [list(range(340, 372)), [300, 321, 342, 363], [340, 341, 355, 360, 371]])
def test_exports_may_come_daily_every_three_weeks_or_as_they_like(days: list[int]) -> None:
    delay = learn(successive_exports(3, 7.0, days, events_a_day=40.0))
    assert delay is not None
    weeks = np.array([0, 7, 14, 28])
    entered = delay.of_weeks(weeks, EVERY_DAY)
    assert entered.share == pytest.approx([share_entered(7.0, int(week)) for week in weeks], abs=0.06)


def test_the_interval_of_the_share_holds_the_truth() -> None:
    """40 histories of six weekly exports; 95 % intervals of last week's."""
    inside = 0
    for seed in range(40):
        delay = learn(successive_exports(seed, 7.0, list(range(329, 365, 7))))
        assert delay is not None
        entered = delay.of_weeks(np.array([0]), EVERY_DAY)
        off = abs(np.log(float(entered.share[0]) / share_entered(7.0, 0)))
        inside += off <= 1.96 * float(np.sqrt((entered.error**2).sum()))
    assert 35 <= inside <= 40


def test_weeks_that_scatter_more_than_chance_leave_more_doubt() -> None:
    even, uneven = (
        learn(successive_exports(5, 7.0, list(range(300, 365, 7)), batch=batch)) for batch in (0.0, 1.0)
    )
    assert even is not None
    assert uneven is not None
    spread = [float((d.of_weeks(np.array([7]), EVERY_DAY).error ** 2).sum()) for d in (even, uneven)]
    assert spread[1] > 1.5 * spread[0]


def test_a_handful_of_events_teaches_nothing() -> None:
    assert learn(pairs((0, 7, 19, 9, 0))) is None
    assert learn(pairs((30, 37, 500, 9, 0))) is None
    assert learn(pairs((0, 7, 20, 9, 0))) is not None


def test_what_is_known_too_badly_is_held_back() -> None:
    delay = learn(pairs((0, 7, 20, 19, 0), (7, 14, 1000, 10, 0), (14, HORIZON_DAYS, 1000, 10, 0)))
    assert delay is not None
    entered = delay.of_weeks(np.array([7, 0]), np.array([0.0, 0, 0, 0, 0, 0, 1]))
    assert entered.share[0] > 0.95
    assert entered.share[1] == 0.0
    assert not entered.error[1].any()
    assert delay.share(np.array([0]))[0] < LEAST_SHARE


ROWS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(20, 60), st.floats(0, 1)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=10)
@given(ROWS, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_pairs_nor_how_a_day_is_split_matters(rows, random) -> None:  # type: ignore[no-untyped-def]
    table = [(e, e + gap, n, round(n * share), 0) for e, gap, n, share in rows]
    halves = [(e, u, n - n // 2, x - x // 2, 0) for e, u, n, x, _ in table]
    others = [(e, u, n // 2, x // 2, 0) for e, u, n, x, _ in table]
    shuffled = [*halves, *others]
    random.shuffle(shuffled)
    one, other = learn(pairs(*table)), learn(pairs(*shuffled))
    assert one is not None
    assert other is not None
    days = np.arange(30)
    assert other.share(days) == pytest.approx(one.share(days), abs=2e-3)


@settings(max_examples=10)
@given(ROWS)
def test_a_share_never_falls_with_time(rows: list[tuple[int, int, int, float]]) -> None:
    delay = learn(pairs(*((e, e + gap, n, round(n * share), 0) for e, gap, n, share in rows)))
    assert delay is not None
    assert (np.diff(delay.share(np.arange(-2, 80))) >= 0).all()


def test_pairs_are_counted_from_what_each_export_was_the_first_to_know() -> None:
    """Exports on the days 10 and 17 and 24; of day 8, five are known on day 10, two more on day 17, one on day 24."""
    found = pairs_of_exports(
        np.array([8, 8, 8, 20]),
        np.array([0, 1, 2, 2]),
        np.array([5, 2, 1, 4]),
        np.array([10, 17, 24]),
        np.zeros(3, dtype=np.int64),
    )
    rows = sorted(zip(found.earlier, found.later, found.known, found.new, strict=True))
    assert rows == [(2, 9, 7, 2), (9, 16, 8, 1)]


def test_an_export_of_new_dates_alone_tells_nothing_of_what_is_entered_late() -> None:
    found = pairs_of_exports(
        np.array([8, 15]), np.array([0, 1]), np.array([5, 5]), np.array([10, 17]), np.array([0, 11])
    )
    assert found.earlier.size == 0


def test_the_last_changes_of_one_export_bound_the_delay() -> None:
    """20 changed on their day, 20 a day later, all seen long after: at least half are entered on the day."""
    found = learn(
        pairs_of_last_changes(
            np.array([0, 1]), np.array([90, 90]), np.array([2000, 2000]), np.zeros(2, dtype=np.int64)
        )
    )
    assert found is not None
    assert found.share(np.array([0, 1])) == pytest.approx([0.5, 1.0], abs=3e-3)
    assert days_until_nearly_all(found) == 1


def test_what_has_not_been_changed_yet_does_not_make_the_bound_too_good() -> None:
    """Half are changed on their day and half after ten days; of those seen, 57 % are changed on their day."""
    day = np.arange(40)
    seen = 39 - day
    late = seen >= 10
    lag = np.concatenate([np.zeros(40, dtype=np.int64), np.full(int(late.sum()), 10)])
    found = learn(
        pairs_of_last_changes(
            lag,
            np.concatenate([seen, seen[late]]),
            np.full(lag.size, 50),
            np.concatenate([day, day[late]]) // 7,
        )
    )
    assert found is not None
    assert 0.4 < found.share(np.array([5]))[0] < 0.5


def test_weeks_younger_than_said_are_held_back() -> None:
    since_end = np.array([28, 21, 14, 7, 0])
    assert held_back(since_end, 21).share.tolist() == [1, 1, 0, 0, 0]
    assert held_back(since_end, 20).share.tolist() == [1, 1, 0, 0, 0]
    assert held_back(since_end, 1).share.tolist() == [1, 1, 1, 1, 0]
    assert held_back(since_end, 0).share.tolist() == [1, 1, 1, 1, 1]
    assert held_back(np.array([0, -3]), 0).share.tolist() == [1, 1]


def test_the_last_week_that_counts_is_told_from_those_of_which_nearly_all_is_entered() -> None:
    entered = Entered(np.array([1.0, 0.97, 0.8, 0.3, 0.0]), np.zeros((5, 0)))
    assert entered.settled == 3
    assert entered.complete.share.tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]
    assert held_back(np.array([7, 0]), 21).settled == -1


def test_a_cell_has_the_share_of_the_week_that_it_lies_in() -> None:
    cells = Entered(np.array([1.0, 0.8, 0.3]), np.zeros((3, 0))).by_cell(3, 2)
    assert cells.tolist() == [[1.0, 0.8], [0.8, 0.3], [0.3, 1.0]]


def _steady(weeks: int = 60, units: float = 100.0) -> Cohorts:
    """20 % of every week's units, a tenth of those in each of the first ten weeks."""
    events = np.zeros((1, weeks, 11))
    events[0, :, :10] = 0.02 * units
    return Cohorts(np.full((1, weeks), units), events)


def _model(table: Cohorts, entered: Entered | None = None):  # type: ignore[no-untyped-def]
    terms = calendar_terms(
        [dt.date(2023, 1, 2) + dt.timedelta(weeks=w) for w in range(table.weeks + table.ages)]
    )
    model = prepare(table, terms, 0, 29, 30)
    return model if entered is None else model.with_entered(entered)


def test_what_is_not_entered_yet_is_not_missed() -> None:
    """Of the last weeks 80 % and 30 % are entered: seen against all that happened a fall, against what can be known
    none, with a doubt."""
    table = _steady()
    share = np.ones(60)
    share[-2:] = 0.8, 0.3
    error = np.zeros((60, 1))
    error[-1] = 0.2
    known = Entered(share, error).by_cell(60, 11)
    late = replace(table, events=table.events * known)
    blind, aware = _model(late), _model(late, Entered(share, error))
    assert blind.observed[0, -1] / blind.expected[0, -1] == pytest.approx(0.3, abs=0.02)
    assert aware.observed[0, -1] / aware.expected[0, -1] == pytest.approx(1.0, abs=0.02)
    tally = aware.tally(30, 59)
    assert tally.level == pytest.approx(1.0, abs=0.01)
    part = float(aware.expected[0, -1] / aware.expected.sum())
    assert tally.doubt - _model(late, Entered(share, error * 0)).tally(30, 59).doubt == pytest.approx(
        (0.2 * part) ** 2, rel=0.05
    )


def test_weeks_that_are_held_back_count_neither_for_nor_against() -> None:
    table, held = _steady(), held_back(np.arange(59, -1, -1) * 7, 21)
    counts = held.by_cell(60, 11) > 0
    empty, full = (
        _model(replace(table, events=np.where(counts, table.events, events)), held) for events in (0.0, 9.0)
    )
    assert empty.expected[0, -3:].tolist() == [0.0, 0.0, 0.0]
    assert full.observed.tolist() == empty.observed.tolist()
    assert full.tally(30, 59) == empty.tally(30, 59)
    assert full.tally(30, 59).level == pytest.approx(1.0, abs=0.02)
