"""The states of a stopping rule and what each means: one table, a row a state, which the type checker follows.

`rules.py` moves a rule from state to state; what people call them stands in `dashboard/words/codes.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never

RuleStateCode = Literal["ok", "pending", "breached", "recovering", "no_data"]


@dataclass(frozen=True)
class RuleStateMeaning:
    """One state's row."""

    rank: int
    """0 presses most"""
    is_in_breach: bool = False
    """the stay in breach that began is not over"""


def rule_state_meaning(state: RuleStateCode) -> RuleStateMeaning:
    """The state's row."""
    match state:
        case "breached":
            return RuleStateMeaning(0, is_in_breach=True)
        case "pending":
            return RuleStateMeaning(1)
        case "recovering":
            return RuleStateMeaning(2, is_in_breach=True)
        case "no_data":
            return RuleStateMeaning(3)
        case "ok":
            return RuleStateMeaning(4)
        case _:
            assert_never(state)
