"""Codes as people call them."""

from __future__ import annotations

from typing import get_args

from leadline.dashboard.words.codes import open_point_words
from leadline.metrics.agreement.charter import OpenPoint


def test_what_a_charter_leaves_open_is_said_in_sentences_of_their_own() -> None:
    said = [open_point_words(point) for point in get_args(OpenPoint)]
    assert len(set(said)) == len(said) == 13
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in said)
    assert open_point_words("owner") == "Nobody is accountable: name an owner."
