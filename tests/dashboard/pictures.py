"""Reviews that are hard to draw, and what tests ask of a picture."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from leadline.metrics.results import Change, Cost, RuleState, WorkflowReview
from tests.dashboard import example_reviews as examples

GERMAN = (
    "Abteilungsübergreifende Leadqualifizierungsautomatisierung mit Personalisierungsstufenmodell für "
    "Mittelstandsfinanzierungskunden"
)
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
ARABIC = "وكيل توجيه العملاء المحتملين في الشرق الأوسط"
HEBREW = "סוכן ניתוב לידים לצוות המכירות (צפון) 24/7"
SCRIPTS = "日本語の案件 한국어 नमस्ते ไทย 😀 \U0001f9d1\u200d\U0001f4bb \ufffe"


def named(name: str) -> WorkflowReview:
    """Everything that a workspace can name is called that."""
    base = examples.drifting()
    return replace(
        base,
        name=name,
        owner=name,
        pairs=(examples.pair(segment=f"channel={name}"),),
        rules=(RuleState(name, "breached", examples.AS_OF, "pause", 0.1, 0.2, f"{name} < 15%"), *base.rules),
        series=tuple(replace(each, label=name) for each in base.series),
    )


HUGE = examples.drifting(
    cost=Cost(4.1e9, 2.6e9, 5.5e9, 4.02e14, 2.55e14, 5.4e14, "CHF", "close_rate"),
    pairs=(
        examples.pair(
            proxy_change=Change(123456.0, 99999.0, 234567.0, 2_870_000_000, True, 0.000001, 99_999_999.0),
            outcome_change=Change(-0.00004, -0.00009, -0.00001, 1_450_000_000, None, 0.00002, 0.0000199),
        ),
    ),
)
CASES: dict[str, WorkflowReview] = {
    "drifting": examples.drifting(),
    "declining": examples.drifting(verdict="declining", pairs=(examples.pair(verdict="declining"),)),
    "holding": examples.holding(),
    "too early": examples.too_early(),
    "a data problem": examples.data_problem(),
    "a handful of leads": examples.tiny(),
    "nothing to draw": examples.drifting(series=()),
    "no pair, no rule": examples.drifting(pairs=(), series=(), rules=(), cost=None, verdict="data_problem"),
    "huge and tiny numbers": HUGE,
    "hostile names": examples.hostile(),
    "German names": named(GERMAN),
    "one endless word": named(UNBROKEN),
    "Arabic names": named(ARABIC),
    "Hebrew names": named(HEBREW),
    "names in other scripts": named(SCRIPTS),
    "no names": named(""),
}


def pixels(png: bytes) -> np.ndarray:
    """Height × width × red, green, blue."""
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB"))


def text_layer(png: bytes) -> dict[str, str]:
    with Image.open(io.BytesIO(png)) as picture:
        return {key: str(value) for key, value in picture.text.items()}  # type: ignore[attr-defined]


def share_of(picture: np.ndarray, colour: str) -> float:
    """How much of the picture has exactly that colour."""
    wanted = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])
    return float((picture == wanted).all(axis=2).mean())
