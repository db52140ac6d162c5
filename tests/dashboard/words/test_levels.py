"""Levels as a room reads them: whole numbers of 100, times, money; never finer than they are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leadline.dashboard.words.levels import better_word, levels, missing_words
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.results import Change, Cost

CATALOG = load_catalog(None)


def change(before: float | None, now: float | None, low: float = -0.42, high: float = -0.22) -> Change:
    relative = now / before - 1 if now is not None and before else None
    return Change(relative, low, high, 1450, baseline_value=before, current_value=now)


@pytest.mark.parametrize(
    ("metric", "told", "expected"),
    [
        ("close_rate", change(0.201, 0.135), ("14 of 100", "20 of 100", "likely 12–16", "worse")),
        ("close_rate", change(0.03, 0.019), ("19 of 1,000", "30 of 1,000", "likely 17–23", "worse")),
        ("close_rate", change(0.123, 0.119, -0.06, -0.01), ("119 of 1,000", "123 of 1,000", "likely 116–122", "worse")),
        ("close_rate", change(0.845, 0.841, -0.15, 0.09),
         ("84 of 100", "84 of 100", "likely 72–92", "no clear change")),
        ("response_time", change(138.0, 8.1, -0.945, -0.938),
         ("8.1 minutes", "2.3 hours", "likely 7.6–8.6 minutes", "better")),
        ("response_time", change(3.0, 0.9, -0.8, -0.6),
         ("54 seconds", "3 minutes", "likely 36 seconds to 1.2 minutes", "better")),
        ("asset_volume", change(31.0, 88.0, 1.71, 1.98), ("88 a week", "31 a week", "likely 84–92", "better")),
        ("cost_per_asset", change(4200.0, 680.0, -0.85, -0.82), ("€680", "€4.2k", "likely €630–756", "better")),
    ],
)  # fmt: skip
def test_levels_are_told_in_the_metrics_own_unit(
    metric: str, told: Change, expected: tuple[str, str, str, str]
) -> None:
    found = levels(told, CATALOG[metric].unit, CATALOG[metric], "EUR")
    assert (found.now, found.before.removeprefix("was "), found.span, found.effect) == expected
    assert found.rests_on.startswith("1,450 ")


def test_what_is_not_known_is_no_figure() -> None:
    nothing = Change(None, None, None, 0, baseline_value=0.2, current_value=0.1)
    found = levels(nothing, "share", CATALOG["close_rate"])
    assert (found.now, found.before, found.span, found.effect) == ("not known yet", "was 20 of 100", "", "")
    assert levels(replace(nothing, units=9), "share", None).now == "too early to say"
    assert levels(replace(nothing, baseline_value=None), "share", None).before == ""


def test_every_built_in_metric_says_what_up_means() -> None:
    told = {name: better_word(each.unit, each.higher_is_better, each) for name, each in CATALOG.items()}
    assert told["close_rate"] == "more leads close"
    assert told["response_time"] == "faster"
    assert told["cost_per_asset"] == "cheaper"
    assert told["lead_score"] == "higher"
    assert all(told.values())


def test_only_what_can_be_counted_is_missing() -> None:
    cost = Cost(41.2, 26.0, 55.0, 402_000.0, 255_000.0, 540_000.0, "EUR", "close_rate")
    assert missing_words(cost, CATALOG) == ("41 deals fewer", "41 fewer")
    assert missing_words(replace(cost, units=1.0), CATALOG) == ("1 deal fewer", "1 fewer")
    assert missing_words(replace(cost, outcome="won_value_per_lead"), CATALOG) == ()
    assert missing_words(replace(cost, units=0.2), CATALOG) == ()
