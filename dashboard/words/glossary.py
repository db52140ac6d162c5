"""What the words on pages mean, a sentence or two each: shown where a term stands, and all together on one page."""

from __future__ import annotations

from typing import Literal, assert_never

from leadline.dashboard.words.codes import verdict_words
from leadline.metrics.verdicts import VERDICTS, Verdict

Term = Literal[
    "proxy", "outcome", "baseline", "pair", "since", "cost", "likely", "still open", "stopping rule", "alert",
    "checkpoint", "decision", "charter", "segment", "mix", "link", "evidence", "cohort", "restated", "quarantine",
]  # fmt: skip
_MEANINGS: dict[Term, str] = {
    "proxy": "What a workflow moves at once and everybody sees, such as the time to an answer.",
    "outcome": "What it is there for and what comes later, such as leads that close.",
    "baseline": "How it was before, mostly before the workflow went live: what everything is held against.",
    "pair": "One proxy beside one outcome. A workflow is judged by its worst pair.",
    "since": "The first week of the change, as far as the data can tell. It is noticed later than it begins.",
    "cost": (
        "What did not come since the drift began, beside the baseline: units, and what units are worth, as won "
        "amounts say. The range says how far it can be known."
    ),
    "likely": "The range in which the figure lies in 95 of 100 cases like this one.",
    "still open": "Units that may still come: young ones are judged by what older ones had reached at the same age.",
    "stopping rule": "What was agreed beforehand: past this threshold, or with this verdict, pause, adjust or review.",
    "alert": "One stay of a stopping rule in breach, from the review that noticed it to the one that saw it end.",
    "checkpoint": "A day on which somebody looks again, as agreed in the charter or with a decision.",
    "decision": "Continue, adjust, pause or stop, with a reason, an owner, and the next checkpoint.",
    "charter": "What a workflow is for, who answers for it, what is watched, and what happens when it drifts.",
    "segment": "A part of the whole, such as a channel or a region.",
    "mix": "Which segments come in, and how many of each. It can change while no segment does worse.",
    "link": "Whether units with a better proxy have a better outcome. Where not, it steers nothing.",
    "evidence": (
        "How much better the data fit a change than no change: 20 to 1 is twenty times better. An alarm needs "
        "more than its limit, which is set so that false alarms stay rare however often one looks."
    ),
    "cohort": "All that entered in the same week, followed as it grows older.",
    "restated": "A number that was shown in an earlier review and is another one now, and because of which import.",
    "quarantine": "Rows of an export that could not be read, set aside with the reason, never counted.",
}


def meaning_of(term: Term) -> str:
    """What a term means, in a sentence or two."""
    return _MEANINGS[term]


def verdict_meaning(verdict: Verdict) -> str:
    """What a verdict says, in a sentence."""
    match verdict:
        case "diverging":
            return "The proxy became better and the outcome worse, more clearly than chance explains."
        case "declining":
            return "The outcome became worse, and the proxy did not become better."
        case "watch":
            return "The outcome looks worse, but chance could still explain it."
        case "recovering":
            return "The outcome was worse and is on its way back to its baseline."
        case "aligned":
            return "The outcome is no worse than in the baseline, as far as the data can tell."
        case "too_early":
            return "Too little is known yet for an answer; the page says from when one can be expected."
        case "data_problem":
            return "The exports can't be judged as they are; what was known before still stands."
        case _:
            assert_never(verdict)


def glossary() -> list[tuple[str, str]]:
    """Every word and what it means, verdicts first."""
    verdicts = [(verdict_words(each).marked, verdict_meaning(each)) for each in VERDICTS]
    return [*verdicts, *((f"{term[:1].upper()}{term[1:]}", meaning_of(term)) for term in _MEANINGS)]
