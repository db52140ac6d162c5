"""Stopping rules in plain words, with every digit that was agreed."""

from __future__ import annotations

import pytest

from leadline.dashboard.words.conventions import writing
from leadline.dashboard.words.rules import rule_in_words
from leadline.metrics.agreement.catalog import load_catalog

CATALOG = load_catalog(None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("close_rate < 15%", "Close rate below 15 %"),
        ("close_rate <= 12.75%, then pause", "Close rate at most 12.75 %, then pause"),
        ("close_rate < 0.15 for 2 weeks on 40 units or more, then review",
         "Close rate below 15 % for 2 weeks on 40 units or more, then review"),
        ("close_rate < 5% on 1 unit or more, then review", "Close rate below 5 % on 1 unit or more, then review"),
        ("close_rate < 5% on 1 units or more", "Close rate below 5 % on 1 unit or more"),
        ("close_rate < baseline - 20% for 3 weeks", "Close rate more than 20 % below its baseline for 3 weeks"),
        ("close_rate < baseline", "Close rate below its baseline"),
        ("response_time > 2 hours", "Response time above 2 hours"),
        ("response_time >= 90", "Response time at least 90 minutes"),
        ("response_time > baseline + 12.5%", "Response time more than 12.5 % above its baseline"),
        ("lead_volume < 1,200, then adjust", "Lead volume below 1,200, then adjust"),
        ("cost > 52,345 EUR, then stop", "Cost of the drift above €52,345, then stop"),
        ("diverging, then pause", "Verdict “drifting”, then pause"),
        ("checkpoint missed, then review", "A checkpoint is missed, then review"),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_words(line: str, words: str) -> None:
    assert rule_in_words(line, CATALOG) == words


@pytest.mark.parametrize(
    "line", ["gone_metric < 15%", "close_rate < fast", "<b>x</b> for 2 weeks", "", "pause"]
)
def test_what_todays_metrics_do_not_explain_stays_as_it_was_signed(line: str) -> None:
    assert rule_in_words(line, CATALOG) == line


def test_its_numbers_follow_the_locale() -> None:
    with writing("de"):
        assert rule_in_words("cost > 52,345 EUR, then stop", CATALOG) == (
            "Cost of the drift above 52.345\u00a0€, then stop"
        )
        assert rule_in_words("close_rate < 12.75% on 1,450 units or more", CATALOG) == (
            "Close rate below 12,75\u00a0% on 1.450 units or more"
        )
