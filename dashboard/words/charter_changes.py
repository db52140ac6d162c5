"""What changed between two versions of a charter, as sentences."""

from __future__ import annotations

from typing import assert_never

from leadline.dashboard.words.formats import counted, long_day, percent
from leadline.metrics.findings import (
    AgreedBy,
    AgreedCount,
    AgreedDay,
    AgreedDays,
    AgreedShare,
    AgreedTerm,
    AgreedText,
    CharterChange,
)

ENTRY_LAG_FIELD = "Outcomes are entered up to"
"""the field of the charter's form"""


def change_words(change: CharterChange) -> str:
    """'Rule close-rate-floor was loosened: close_rate < 15% became close_rate < 12%.'"""
    before, after = _term(change, change.before), _term(change, change.after)
    became = f"{before} became {after}"
    turned = {"looser": "loosened", "tighter": "tightened", "changed": "changed"}[change.direction]
    match change.what:
        case "rule_added":
            return f"Rule {change.subject} was added: {after}."
        case "rule_removed":
            return f"Rule {change.subject} was removed: {before}."
        case "rule_changed":
            return f"Rule {change.subject} was {turned}: {became}."
        case "baseline_moved":
            return f"The baseline was moved: {became}."
        case "yardstick":
            return f"What {change.subject} is held against was {turned}: {became}."
        case "metric_added":
            return f"{change.subject} is watched now."
        case "metric_removed":
            return f"{change.subject} is not watched any more."
        case "materiality":
            return f"What counts as material ({change.subject}) was {turned}: {became}."
        case "deployment":
            return f"The day of the deployment was moved: {became}."
        case "checkpoints":
            return f"Checkpoints: {became}."
        case "gate":
            return f"The gate ({change.subject}) was {turned}: {became}."
        case "entry_lag":
            return f"How late outcomes are entered: {became}."
        case "segments":
            return f"Segments: {became}."
        case "signature":
            return f"The signature: {became}."
        case "words":
            return f"{change.subject}: {became}."
        case _:
            assert_never(change.what)


def _term(change: CharterChange, term: AgreedTerm | None) -> str:
    """What was agreed on one side of a change; also where that is nothing."""
    words = _agreed(term) if term else ""
    match change.what, change.aspect:
        case "yardstick", _:
            return words or "the baseline of the charter"
        case "checkpoints", _:
            return f"every {words}" if term else "none"
        case "entry_lag", _:
            return f"up to {words} late" if term else "as the imports tell"
        case "signature", _:
            return f"signed by {words}" if term else "not signed"
        case "rule_changed", "recover":
            return f"back at {words}" if term else "back when no longer over the threshold"
        case _:
            return words or "nothing"


def _agreed(term: AgreedTerm) -> str:
    match term:
        case AgreedText():
            return term.text
        case AgreedDay():
            return long_day(term.day)
        case AgreedDays():
            return f"{long_day(term.first) if term.first else 'the beginning'} to {long_day(term.last)}"
        case AgreedShare():
            return percent(term.share)
        case AgreedCount():
            return counted(term.count, term.of)
        case AgreedBy():
            return f"{term.by} on {long_day(term.on)}"
        case _:
            assert_never(term)
