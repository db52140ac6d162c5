"""The terms of a charter: frozen, as agreed. `charter.py` reads them from YAML."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal, assert_never, get_args

from leadline.metrics.verdicts import Verdict

Action = Literal["pause", "adjust", "review", "stop"]
Comparison = Literal["<", "<=", ">", ">="]


Awaited = Verdict | Literal["checkpoint_missed"]
"""what a verdict condition waits for"""
CHECKPOINT_MISSED: Final = "checkpoint_missed"
"""stands where a verdict stands in the condition 'checkpoint missed'"""


def harshness(action: Action) -> int:
    """0 is harshest: sorts actions by how much they ask for."""
    match action:
        case "stop":
            return 0
        case "pause":
            return 1
        case "adjust":
            return 2
        case "review":
            return 3
        case _:
            assert_never(action)


HARSHEST_FIRST: tuple[Action, ...] = tuple(sorted(get_args(Action), key=harshness))


def digest(text: str) -> str:
    """SHA-256 of a charter's text: which version it is, whether registered or not."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Condition:
    """Parsed `when`. A verdict condition has `verdict`, one on a missed checkpoint `CHECKPOINT_MISSED` there; a
    metric condition has the other fields.

    The threshold in force is `number`, or baseline value x (1 + relative) where relative is not None.
    """

    text: str
    verdict: Awaited | None = None
    metric: str | None = None
    comparison: Comparison | None = None
    number: float | None = None
    relative: float | None = None
    currency: str | None = None
    """of `number`, where one was written: 'EUR'"""
    is_of_count: bool = False
    """the metric is a count, which is no smaller a sample for being low"""

    @property
    def least_sample(self) -> int:
        """Units that a value must rest on where the rule names none; a verdict is only given where there are enough."""
        return 0 if self.verdict or self.is_of_count else 30

    def threshold(self, baseline_value: float | None) -> float | None:
        """The number in force; None for a verdict condition or where the baseline's value is not known."""
        if self.relative is None:
            return self.number
        return None if baseline_value is None else baseline_value * (1 + self.relative)


@dataclass(frozen=True)
class Baseline:
    """First and last day, inclusive. `first` is None for 'everything before deployed_on'."""

    first: dt.date | None
    last: dt.date


@dataclass(frozen=True)
class Yardstick:
    """What one outcome is compared with instead of the baseline of all: a target, or a span of its own."""

    metric: str
    target: float | None = None
    """share of units that are to have the event within the metric's horizon"""
    baseline: Baseline | None = None
    """with a first day; it may lie after the deployment"""
    is_of_objective: bool = field(default=False, compare=False)
    """the target is the objective's, and the outcome names none itself"""


@dataclass(frozen=True)
class StoppingRule:
    id: str
    when: Condition
    action: Action
    for_weeks: int = 1
    min_sample: int = 30
    recover: Condition | None = None
    """what a breached rule must reach to be back ('close_rate >= 18%'); None: no longer over its threshold"""


@dataclass(frozen=True)
class Objective:
    text: str = ""
    proved_by: str = ""
    """the metric that proves it; '' where none is named"""
    target: float | None = None
    """share of units; that outcome's target where it has none of its own"""

    def __bool__(self) -> bool:
        return bool(self.text)


Checker = Literal["review", "metric", "rule"]
"""what a constraint is checked by: a dimension that reviewers judge, a metric, a stopping rule"""


@dataclass(frozen=True)
class CheckedBy:
    kind: Checker
    name: str
    """of the dimension or the metric, or the rule's id"""


@dataclass(frozen=True)
class Constraint:
    text: str
    checked_by: CheckedBy | None = None
    """None: nobody checks it"""


@dataclass(frozen=True)
class Intent:
    objective: Objective = field(default_factory=Objective)
    audience: str = ""
    context: str = ""
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True)
class Layer:
    """One step from the business objective to the instruction, and the metric by which it steers, if it names one."""

    text: str = ""
    steers_by: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Cascade:
    business_objective: Layer = field(default_factory=Layer)
    planning_decision: Layer = field(default_factory=Layer)
    instruction: Layer = field(default_factory=Layer)

    @property
    def layers(self) -> tuple[tuple[LayerName, Layer], ...]:
        """From the top down."""
        return tuple((name, getattr(self, name)) for name in get_args(LayerName))


LayerName = Literal["business_objective", "planning_decision", "instruction"]


@dataclass(frozen=True)
class BrandPromise:
    """What buyers should be able to say; yes and no: words of theirs that say it, and that do not."""

    id: str
    says: str
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reviewing:
    """How outputs are looked at by people."""

    dimensions: tuple[str, ...]
    a_week: int = 20
    """items"""
    second_review: float = 0.2
    """share of them that a second reviewer sees, blind"""
    agreement: float = 0.67
    """Krippendorff's alpha below which reviewers do not agree on what they saw"""


@dataclass(frozen=True)
class Signature:
    by: str
    on: dt.date


GateOn = Literal["decision", "breach", "never"]
"""what closes a gate: a standing pause or stop; that, and an undecided breach of a rule that asks for one; nothing"""
GateUnknown = Literal["open", "closed"]


@dataclass(frozen=True)
class Gate:
    """What the workflow itself is answered when it asks whether it may go on."""

    on: GateOn = "decision"
    unknown: GateUnknown = "open"
    """what a caller should do while nobody has looked for too long"""
    holdout: float = 0.0
    """share of units that are left to people"""


@dataclass(frozen=True)
class Charter:
    workflow: str
    name: str
    owner: str
    deployed_on: dt.date
    baseline: Baseline
    proxies: tuple[str, ...]
    outcomes: tuple[str, ...]
    yardsticks: tuple[Yardstick, ...] = ()
    """of those outcomes that have one of their own"""
    segments: tuple[str, ...] = ()
    materiality_proxy: float = 0.05
    materiality_outcome: float = 0.10
    stopping_rules: tuple[StoppingRule, ...] = ()
    checkpoint_weeks: int | None = None
    entry_lag_days: int | None = None
    """how late outcomes are entered after their date; None: what the imports tell"""
    gate: Gate = field(default_factory=Gate)
    intent: Intent = field(default_factory=Intent)
    cascade: Cascade | None = None
    positioning: tuple[BrandPromise, ...] = ()
    reviewing: Reviewing | None = None
    signed: Signature | None = None
    deputy: str = ""
    """who answers for it while the owner is away"""
    source: str = ""
    """the YAML text it was read from"""
