"""What a gate says, in a sentence."""

from __future__ import annotations

from typing import assert_never

from leadline.dashboard.words.formats import long_day, one_line, percent
from leadline.metrics.agreement.gate import GateAnswer


def gate_sentence(said: GateAnswer) -> str:
    """'When it asks whether it may go on, it is told no: paused …', beside what was decided."""
    if said.value is None:
        word = f"that it can't be said, and to {'go on' if said.may_run else 'halt'}"
    else:
        word = "yes" if said.value else "no"
    return f"When it asks its gate whether it may go on, it is told {word}. {gate_reason(said)}"


def gate_reason(said: GateAnswer) -> str:
    """'Paused on 1 March 2026 by decision D12; only another decision lets it go on.'"""
    if not said.is_bound:
        return "Nothing stops it: its charter says 'gate: {on: never}'."
    match said.variant:
        case "pause" | "stop":
            return _closed(said)
        case "review":
            if said.retired_on is not None:
                return f"Retired on {long_day(said.retired_on)}: nobody watches it any more."
            if said.valid_until is None:
                return "Nobody has reviewed it yet: run 'leadline check', or open the weekly page."
            return f"The last review counted until {long_day(said.valid_until)}, and nobody has looked since."
        case "human":
            return f"This unit is one of the {percent(said.holdout)} that are left to people."
        case "adjust":
            return f"It goes on as adjusted by decision {said.decision}."
        case "run":
            return "No decision stops it."
        case _:
            assert_never(said.variant)


def _closed(said: GateAnswer) -> str:
    since = long_day(said.since) if said.since else ""
    if said.rule is not None:
        return (
            f"Rule “{one_line(said.rule)}” asks to {said.variant} it since {since} (alert {said.alert}), and nobody "
            "has decided to go on."
        )
    words = "Stopped" if said.variant == "stop" else "Paused"
    return f"{words} on {since} by decision {said.decision}; only another decision lets it go on."
