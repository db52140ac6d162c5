"""What a plan can notice, through the evidence itself."""

from __future__ import annotations

from leadline.metrics.reviewing.plan import plan_promise


def test_more_reviews_notice_sooner_and_a_small_change_not_at_all() -> None:
    twenty, sixty = (plan_promise(n, 0.1, (0.2, 0.12), 0.05).delays for n in (20, 60))
    assert twenty[0].median_weeks is not None
    assert sixty[0].median_weeks is not None
    assert sixty[0].median_weeks < twenty[0].median_weeks <= 26
    assert twenty[1].median_weeks is None
