"""Colours: enough contrast on every background, one palette for pages and pictures, and never colour alone."""

from __future__ import annotations

import itertools
import math
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from leadline.dashboard.words import theme
from leadline.dashboard.words.codes import rule_state_words, verdict_words
from leadline.dashboard.words.theme import DARK, LIGHT, Palette
from leadline.metrics.rule_states import RuleStateCode
from leadline.metrics.verdicts import VERDICTS

CONFIG = tomllib.loads(
    (Path(theme.__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
MODES = [("light", LIGHT), ("dark", DARK)]


@pytest.mark.parametrize(("mode", "palette"), MODES)
def test_text_in_every_colour_reaches_aa_on_every_background(mode: str, palette: Palette) -> None:
    written = CONFIG["theme"][mode]
    inks = {palette.text, palette.muted, palette.proxy, palette.outcome, *palette.hues.values()}
    for ink, paper in itertools.product(inks, (palette.background, palette.surface)):
        assert _contrast(ink, paper) >= 4.5
    for hue, ink in palette.hues.items():
        assert _contrast(ink, written[f"{hue}BackgroundColor"]) >= 4.5


@pytest.mark.parametrize(("mode", "palette"), MODES)
def test_the_white_words_of_a_button_can_be_read_and_the_button_seen(mode: str, palette: Palette) -> None:
    button = CONFIG["theme"][mode]["primaryColor"]
    assert _contrast("#ffffff", button) >= 4.5
    for paper in (palette.background, palette.surface):
        assert _contrast(button, paper) >= 3


@pytest.mark.parametrize(("mode", "palette"), MODES)
def test_pages_and_pictures_share_one_palette(mode: str, palette: Palette) -> None:
    written = CONFIG["theme"][mode]
    assert written["backgroundColor"] == palette.background
    assert written["secondaryBackgroundColor"] == palette.surface
    assert written["textColor"] == palette.text
    assert written["borderColor"] == palette.border
    for hue, ink in palette.hues.items():
        assert (written[f"{hue}Color"], written[f"{hue}TextColor"]) == (ink, ink)


@pytest.mark.parametrize(("mode", "palette"), MODES)
def test_proxy_and_outcome_differ_for_every_kind_of_colour_vision(mode: str, palette: Palette) -> None:
    for kind in ("protan", "deutan", "tritan"):
        distance = math.dist(_lab(_seen(palette.proxy, kind)), _lab(_seen(palette.outcome, kind)))
        assert distance > 40, (mode, kind)


def test_no_two_verdicts_and_no_two_states_of_a_rule_are_told_by_colour_alone() -> None:
    for rows in (
        [verdict_words(verdict) for verdict in VERDICTS],
        [rule_state_words(state) for state in get_args(RuleStateCode)],
    ):
        assert len({row.shape for row in rows}) == len({row.word for row in rows}) == len(rows)
        assert {row.hue for row in rows} <= set(LIGHT.hues)


def test_contrast_is_that_of_wcag() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def _contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Viénot, Brettel & Mollon 1999 (protan, deutan) and the common linear approximation (tritan), on linear RGB
_MATRICES = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "tritan": ((1.0, 0.14461, -0.14461), (0.0, 0.85924, 0.14076), (0.0, 0.85924, 0.14076)),
}


def _seen(colour: str, kind: str) -> tuple[float, ...]:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return tuple(
        sum(weight * value for weight, value in zip(row, linear, strict=True)) for row in _MATRICES[kind]
    )


def _lab(linear: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of linear RGB; a distance of 2 is just visible, 40 is two different colours."""
    red, green, blue = linear
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (max(v, 0.0) ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
