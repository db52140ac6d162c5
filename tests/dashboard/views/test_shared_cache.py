"""Results are reckoned once for everybody, in bounded number, and what failed is tried again."""

from __future__ import annotations

import threading

import pytest

from leadline.dashboard.views.shared_cache import Kept


def test_who_asks_while_a_result_is_being_worked_out_waits_for_the_same_work() -> None:
    kept: Kept[int] = Kept(4)
    begun, go_on = threading.Event(), threading.Event()

    def work() -> int:
        begun.set()
        go_on.wait(10)
        return 7

    found: list[int] = []
    asking = [threading.Thread(target=lambda: found.append(kept.get("key", work))) for _ in range(5)]
    for each in asking:
        each.start()
    begun.wait(10)
    go_on.set()
    for each in asking:
        each.join()
    assert found == [7] * 5
    assert kept.reckoned == 1


def test_no_more_is_kept_than_was_said_and_what_was_not_asked_for_longest_goes_first() -> None:
    kept: Kept[int] = Kept(2)
    for key in (1, 2, 1, 3):
        kept.get(key, lambda: 0)
    assert len(kept) == 2
    assert 1 in kept
    assert 2 not in kept


def test_what_failed_is_told_and_tried_again_by_the_next_who_asks() -> None:
    kept: Kept[int] = Kept(2)

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept.get("key", fail)
    assert kept.get("key", lambda: 1) == 1
