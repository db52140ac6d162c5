"""Every term and every verdict has its meaning."""

from __future__ import annotations

from typing import get_args

from leadline.dashboard.words.codes import verdict_words
from leadline.dashboard.words.glossary import Term, glossary
from leadline.metrics.verdicts import VERDICTS


def test_every_term_and_verdict_is_explained_once_in_a_full_sentence() -> None:
    told = dict(glossary())
    assert len(told) == len(glossary())
    assert {word.lower() for word in told} >= set(get_args(Term))
    assert {verdict_words(each).marked for each in VERDICTS} <= set(told)
    assert all(words.endswith(".") and words[0].isupper() for words in told.values())
