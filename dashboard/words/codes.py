"""What people call each code, and how it looks: one table a closed set of codes, a row a code.

The codes themselves stay in JSON, charters and the ledger. A code that is added without its row fails the type check
here. A state is never told by its colour alone: each has a shape of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

from leadline.dashboard.words.theme import Hue
from leadline.metrics.charter_terms import Action
from leadline.metrics.results import SourceStateCode
from leadline.metrics.rule_states import RuleStateCode
from leadline.metrics.statistics.linkage import LinkVerdict
from leadline.metrics.verdicts import Verdict

if TYPE_CHECKING:  # words need no database
    from leadline.metrics.agreement.alerts import AlertState
    from leadline.metrics.agreement.charter import OpenPoint
    from leadline.metrics.agreement.decisions import DecisionKind, OverdueKind
    from leadline.metrics.agreement.entries import Kind


@dataclass(frozen=True)
class VerdictWords:
    word: str
    shape: str
    hue: Hue
    statement: str
    """begins a headline; the workflow's name replaces {name}"""
    singular: str
    """'1 of 3 workflows …'"""
    plural: str
    onset: Literal["drift", "change"] = "change"
    """what began on the day that a chart marks"""

    @property
    def past(self) -> str:
        """'Was drifting', of what can't be judged any more"""
        said = in_the_past(self.singular)
        return said[:1].upper() + said[1:]

    @property
    def marked(self) -> str:
        """'◆ Drifting'"""
        return f"{self.shape} {self.word}"


_PAST = {"is": "was", "are": "were", "needs": "needed", "need": "needed", "can't": "couldn't"}


def in_the_past(predicate: str) -> str:
    """'was drifting' of 'is drifting'."""
    verb, space, rest = predicate.partition(" ")
    return f"{_PAST.get(verb, verb)}{space}{rest}"


def verdict_words(verdict: Verdict) -> VerdictWords:
    """The verdict's row."""
    match verdict:
        case "diverging":
            return VerdictWords(
                "Drifting", "◆", "red", "{name} is drifting.", "is drifting", "are drifting", onset="drift"
            )
        case "declining":
            return VerdictWords(
                "Declining", "▼", "violet", "{name} is declining.", "is declining", "are declining"
            )
        case "watch":
            return VerdictWords(
                "Watch", "◐", "yellow", "{name} needs watching.", "needs watching", "need watching"
            )
        case "recovering":
            return VerdictWords(
                "Recovering", "▲", "blue", "{name} is recovering.", "is recovering", "are recovering"
            )
        case "aligned":
            return VerdictWords("Holding", "●", "green", "{name} is holding.", "is holding", "are holding")
        case "too_early":
            return VerdictWords(
                "Too early",
                "○",
                "gray",
                "It is too early to judge {name}.",
                "is too young to judge",
                "are too young to judge",
            )
        case "data_problem":
            return VerdictWords(
                "Check the data",
                "✕",
                "orange",
                "Check the data of {name}.",
                "can't be judged because of its data",
                "can't be judged because of their data",
            )
        case _:
            assert_never(verdict)


@dataclass(frozen=True)
class RuleStateWords:
    word: str
    """'rule “divergence” is …'"""
    shape: str
    hue: Hue

    @property
    def marked(self) -> str:
        """'◆ breached'"""
        return f"{self.shape} {self.word}"


def rule_state_words(state: RuleStateCode) -> RuleStateWords:
    """The row of a rule's state."""
    match state:
        case "ok":
            return RuleStateWords("kept", "●", "green")
        case "pending":
            return RuleStateWords("past its threshold", "◐", "yellow")
        case "breached":
            return RuleStateWords("breached", "◆", "red")
        case "recovering":
            return RuleStateWords("back within its threshold", "▲", "blue")
        case "no_data":
            return RuleStateWords("can't be judged", "○", "gray")
        case _:
            assert_never(state)


def action_words(action: Action) -> str:
    """What a rule asks for when it is breached; 'the workflow' follows: 'Pause the workflow'."""
    match action:
        case "pause":
            return "Pause"
        case "stop":
            return "Stop"
        case "adjust":
            return "Adjust"
        case "review":
            return "Review"
        case _:
            assert_never(action)


@dataclass(frozen=True)
class SourceWords:
    rank: int
    """0 is told first"""
    word: str
    """in a sentence: 'deals late'"""
    in_table: str


def source_words(state: SourceStateCode) -> SourceWords:
    """The row of a source's state."""
    match state:
        case "fresh":
            return SourceWords(2, "fresh", "● fresh")
        case "stale":
            return SourceWords(1, "late", "◐ late")
        case "empty":
            return SourceWords(0, "missing", "○ nothing landed")
        case _:
            assert_never(state)


@dataclass(frozen=True)
class AlertWords:
    word: str
    shape: str
    hue: Hue
    waits: str = ""
    """'1 waits …'; '' where nothing is waited for"""
    wait: str = ""
    """'2 wait …'"""


def alert_words(state: AlertState) -> AlertWords:
    """The row of an alert's state."""
    match state:
        case "raised":
            return AlertWords(
                "Raised", "◆", "red", "for somebody to look after it", "for somebody to look after them"
            )
        case "acknowledged":
            return AlertWords("Acknowledged", "◐", "yellow", "for a decision", "for a decision")
        case "decided":
            return AlertWords(
                "Decided", "●", "blue", "for the outcome to come back", "for the outcome to come back"
            )
        case "resolved":
            return AlertWords("Resolved", "○", "green")
        case _:
            assert_never(state)


@dataclass(frozen=True)
class DecisionWords:
    shape: str
    hue: Hue
    help: str


def decision_words(kind: DecisionKind) -> DecisionWords:
    """The row of a kind of decision; the kind is its own word."""
    match kind:
        case "continue":
            return DecisionWords("▶", "green", "it goes on as it is")
        case "adjust":
            return DecisionWords("◐", "yellow", "it goes on, changed")
        case "pause":
            return DecisionWords("‖", "orange", "it stops until somebody decides again")
        case "stop":
            return DecisionWords("■", "red", "it ends")
        case _:
            assert_never(kind)


def overdue_words(what: OverdueKind) -> str:
    """What is overdue."""
    match what:
        case "decision":
            return "Checkpoint of a decision"
        case "alert":
            return "Decision on an alert"
        case "checkpoint":
            return "Review"
        case _:
            assert_never(what)


def entry_words(kind: Kind) -> str:
    """What a row of the ledger tells of."""
    match kind:
        case "charter":
            return "charter registered"
        case "owner_changed":
            return "owner changed"
        case "charter_retired":
            return "workflow retired"
        case "review":
            return "review as shown"
        case "alert_raised":
            return "alert raised"
        case "alert_worse":
            return "alert got worse"
        case "alert_acknowledged":
            return "alert acknowledged"
        case "alert_silenced":
            return "alert silenced"
        case "alert_commented":
            return "alert commented"
        case "alert_assigned":
            return "alert assigned"
        case "alert_resolved":
            return "alert resolved"
        case "no_data":
            return "data can't be judged"
        case "data_back":
            return "data can be judged again"
        case "decision":
            return "decision"
        case "review_closed":
            return "review closed"
        case "overdue":
            return "overdue"
        case "gate_turned":
            return "gate turned"
        case "gate_asked":
            return "gate asked, first of the day"
        case "token_made":
            return "token made"
        case "token_revoked":
            return "token revoked"
        case "erased":
            return "person erased"
        case "expired":
            return "rows expired"
        case "notification_begun":
            return "notification begun"
        case "notification_sent":
            return "notification sent"
        case "notification_failed":
            return "notification failed"
        case "week_sent":
            return "weekly message sent"
        case "unsubscribed":
            return "weekly message ended"
        case "followed_again":
            return "weekly message begun again"
        case "mention_sent":
            return "mention mailed"
        case "mention_failed":
            return "mention not mailed"
        case "annotated":
            return "chart annotated"
        case "annotation_removed":
            return "annotation removed"
        case _:
            assert_never(kind)


@dataclass(frozen=True)
class LinkWords:
    word: str
    shape: str
    sentence: str
    """names replace {proxy} and {outcome}"""


def link_words(verdict: LinkVerdict) -> LinkWords:
    """The row of what a link between proxy and outcome is found to be."""
    match verdict:
        case "predicts":
            return LinkWords("still predicts", "●", "{proxy} still predicts {outcome}")
        case "weaker":
            return LinkWords(
                "predicts, but less than before", "◐", "{proxy} predicts {outcome}, but less than before"
            )
        case "no longer predicts":
            return LinkWords("no longer predicts", "◆", "{proxy} no longer predicts {outcome}")
        case "never did":
            return LinkWords("never did predict", "○", "{proxy} never did predict {outcome}")
        case "not known":
            return LinkWords("can't be told yet", "–", "Whether {proxy} predicts {outcome} can't be told yet")
        case _:
            assert_never(verdict)


def open_point_words(point: OpenPoint) -> str:
    """What a charter leaves open, as a sentence that names the key."""
    match point:
        case "outcomes":
            return "No outcome is watched, so drift can't be seen: name one under watch.outcomes."
        case "proxies":
            return "No proxy is watched, so an outcome stands alone: name one under watch.proxies."
        case "owner":
            return "Nobody is accountable: name an owner."
        case "stopping_rules":
            return "Nothing stops the workflow: agree on at least one stopping rule."
        case "checkpoints":
            return "No checkpoint is set: say how often it is reviewed (checkpoints.every)."
        case "signed":
            return "It is not signed: add who signed it and when (signed.by, signed.on)."
        case "intent.objective":
            return "The intent does not say what the workflow is for (intent.objective)."
        case "intent.audience":
            return "The intent does not say whom it addresses (intent.audience)."
        case "intent.context":
            return "The intent does not say in which context it works (intent.context)."
        case "intent.constraints":
            return "The intent names no constraint (intent.constraints)."
        case "cascade.business_objective":
            return "The cascade has no business objective (cascade.business_objective)."
        case "cascade.planning_decision":
            return "The cascade has no planning decision (cascade.planning_decision)."
        case "cascade.instruction":
            return "The cascade does not reach an instruction (cascade.instruction)."
        case _:
            assert_never(point)
