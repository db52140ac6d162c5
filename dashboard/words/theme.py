"""The palette, once: what every chart, card and page is coloured with, light and dark.

Hues are Okabe and Ito's, made for all kinds of colour vision, darkened for light paper and lightened for dark
water until text in them reaches WCAG AA (4.5 : 1) on every background here; tests/dashboard/words/test_theme.py
measures it and holds `dashboard/.streamlit/config.toml` to the same values. A state is never told by its colour alone:
see `codes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]
# Streamlit's names for the colours that config.toml sets; badges and coloured text ask for them by name
Hue = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]


@dataclass(frozen=True)
class Palette:
    """Colours of one mode as '#rrggbb'."""

    background: str
    surface: str
    """cards, widgets and the second background"""
    border: str
    text: str
    muted: str
    """axis labels, captions: still AA on `background` and `surface`"""
    grid: str
    proxy: str
    outcome: str
    hues: dict[Hue, str]


LIGHT = Palette(
    background="#fbfcfd",
    surface="#eef3f6",
    border="#d3dde4",
    text="#12263a",
    muted="#4c6072",
    grid="#e1e8ed",
    proxy="#0b5e9e",
    outcome="#b4460a",
    hues={
        "red": "#b3380b",
        "orange": "#8f4a00",
        "yellow": "#775800",
        "blue": "#0b5e9e",
        "green": "#00684f",
        "violet": "#8a2f72",
        "gray": "#4c6072",
    },
)
DARK = Palette(
    background="#0d1b2a",
    surface="#15283b",
    border="#2c445b",
    text="#e8eef4",
    muted="#a3b6c7",
    grid="#22384d",
    proxy="#6bb8f0",
    outcome="#ff9e66",
    hues={
        "red": "#ff9b70",
        "orange": "#f2ad5c",
        "yellow": "#e8c65a",
        "blue": "#6bb8f0",
        "green": "#5fcfae",
        "violet": "#e39bcd",
        "gray": "#a3b6c7",
    },
)


def palette(mode: str | None) -> Palette:
    """The palette of a mode; light where the browser has not said which it shows."""
    return DARK if mode == "dark" else LIGHT


def faded(colour: str, opacity: float) -> str:
    """'#0b5e9e', 0.2 -> 'rgba(11,94,158,0.2)', the form that Plotly wants."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
