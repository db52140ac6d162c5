"""What a gate says, in a sentence."""

from __future__ import annotations

from typing import assert_never

from leadline.dashboard.words.formats import long_day, one_line, percent
from leadline.metrics.agreement.gate import GateAnswer


def gate_sentence(said: GateAnswer, rule: str = "") -> str:
    """'When it asks whether it may go on, it is told no: paused …', beside what was decided.

    `rule`: what people call the one that closes it.
    """
    if said.value is None:
        word = f"that it can't be said, and to {'go on' if said.may_run else 'halt'}"
    else:
        word = "yes" if said.value else "no"
    return f"When it asks its gate whether it may go on, it is told {word}. {gate_reason(said, rule)}"


def gate_reason(said: GateAnswer, rule: str = "") -> str:
    """'Paused on 1 March 2026 by decision D12; only another decision lets it go on.'"""
    if not said.is_bound:
        return "Nothing stops it: so its charter says under “Gate closes on”."
    match said.variant:
        case "pause" | "stop":
            return _closed(said, rule)
        case "review":
            if said.retired_on is not None:
                return f"Retired on {long_day(said.retired_on)}: nobody watches it any more."
            if said.valid_until is None:
                return "Nobody has reviewed it yet: open the weekly review."
            return f"The last review counted until {long_day(said.valid_until)}, and nobody has looked since."
        case "human":
            return f"This unit is one of the {percent(said.holdout)} that are left to people."
        case "adjust":
            return f"It goes on as adjusted by decision {said.decision}."
        case "run":
            return "No decision stops it."
        case _:
            assert_never(said.variant)


def _closed(said: GateAnswer, rule: str) -> str:
    since = long_day(said.since) if said.since else ""
    if said.rule is not None:
        called = rule or one_line(said.rule)
        return (
            f"Rule “{called}” asks to {said.variant} it since {since} (alert {said.alert}), and nobody has decided to "
            "go on."
        )
    words = "Stopped" if said.variant == "stop" else "Paused"
    return f"{words} on {since} by decision {said.decision}; only another decision lets it go on."
