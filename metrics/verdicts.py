"""What each verdict means to everything that is reckoned or decided from it: the one table, a row a verdict.

A verdict that is added to `Verdict` without its row fails the type check here, and in `dashboard/words/codes.py`
without its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, assert_never, get_args

Verdict = Literal["diverging", "declining", "watch", "recovering", "aligned", "too_early", "data_problem"]


@dataclass(frozen=True)
class Meaning:
    """One verdict's row."""

    rank: int
    """0 is worst; a workflow's verdict is that of its worst pair"""
    is_alarmed: bool = False
    """an alarm stands on the outcome: it has a since, an action is due, and its delay can be promised"""
    is_telling: bool = False
    """the outcome moved: since when is told, and a decision may have turned it"""
    has_cost: bool = False
    """what the drift has cost is counted"""
    is_judged: bool = True
    """the data allow a judgement"""
    may_be_awaited: bool = True
    """a stopping rule may wait for it"""


def meaning(verdict: Verdict) -> Meaning:
    """The verdict's row."""
    match verdict:
        case "diverging":
            return Meaning(0, is_alarmed=True, is_telling=True, has_cost=True)
        case "declining":
            return Meaning(1, is_alarmed=True, is_telling=True, has_cost=True)
        case "data_problem":
            return Meaning(2, is_judged=False)
        case "watch":
            return Meaning(3, is_telling=True)
        case "recovering":
            return Meaning(4, has_cost=True)
        case "too_early":
            return Meaning(5, is_judged=False)
        case "aligned":
            return Meaning(6, may_be_awaited=False)  # what everybody hopes for can't stop anything
        case _:
            assert_never(verdict)


def rank(verdict: Verdict) -> int:
    """Sorts verdicts, the worst first."""
    return meaning(verdict).rank


VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
WORST_FIRST: tuple[Verdict, ...] = tuple(sorted(VERDICTS, key=rank))
ALARMED: tuple[Verdict, ...] = tuple(verdict for verdict in WORST_FIRST if meaning(verdict).is_alarmed)
AWAITABLE: tuple[Verdict, ...] = tuple(verdict for verdict in VERDICTS if meaning(verdict).may_be_awaited)
ALIGNED: Final = "aligned"
DATA_PROBLEM: Final = "data_problem"
RECOVERING: Final = "recovering"
TOO_EARLY: Final = "too_early"
