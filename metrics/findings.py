"""What there is to say in words, as codes with values: about data, pairs, rules, alerts and what is overdue.

`dashboard/words/findings.py` words them in the conventions of the reader. A fact that is added to `Fact` without its
words fails the type check there. Days of weeks are the Mondays they start on; shares are of 1.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

ComparedBy = Literal[
    "response_time",
    "answered_within_5_minutes",
    "open_rate",
    "click_rate",
    "reply_rate",
    "score",
    "sooner",
    "within",
    "message",
]
"""how a proxy is counted that tells leads apart, and last: how one tells any units apart"""
NeededField = Literal["first_response_at", "amount", "deal_link", "appointment_link", "asked", "account"]
"""columns and links without which a metric can't be counted"""


@dataclass(frozen=True)
class ImportNamed:
    """An import that brought something."""

    number: int
    file: str | None
    """None where it has been taken back since"""


@dataclass(frozen=True)
class WeekSpan:
    first: dt.date
    last: dt.date | None
    """None: it goes on"""


@dataclass(frozen=True)
class NoRows:
    """Nothing of a source that a metric rests on."""

    source: str
    code: Literal["no_data"] = "no_data"


@dataclass(frozen=True)
class StaleSource:
    source: str
    newest: dt.date
    behind_days: int
    usual_gap_days: int
    """it was never silent for longer"""
    code: Literal["stale_source"] = "stale_source"


@dataclass(frozen=True)
class SourceBehind:
    """How late a source is over all workflows, and for which it is too late."""

    days: int
    late_for: tuple[str, ...]
    code: Literal["source_behind"] = "source_behind"


@dataclass(frozen=True)
class ExportedLater:
    """A source of which there is no export of that day or before: its rows are cut by when they happened."""

    exported_on: dt.date
    code: Literal["exported_later"] = "exported_later"


@dataclass(frozen=True)
class SuddenZero:
    """An outcome without any event although more than a dozen were to be expected."""

    label: str
    since: dt.date
    look_at: ImportNamed | None
    code: Literal["sudden_zero"] = "sudden_zero"


@dataclass(frozen=True)
class SilentWeeks:
    """Weeks of an outcome's export that are missing: a value that is taken over them can't be told."""

    label: str
    weeks: WeekSpan
    code: Literal["silent_weeks"] = "silent_weeks"


@dataclass(frozen=True)
class CurrencyMixed:
    """Amounts that are left out; '' stands for amounts without a currency. The shares are of how many there are."""

    label: str
    others: tuple[str, ...]
    share: float | None = None
    """that is left out, of the last half year; None in reviews that were kept before this was"""
    share_before: float | None = None
    """in the baseline, where the difference alone would read as a change and nothing can be judged"""
    code: Literal["currency_mixed"] = "currency_mixed"


@dataclass(frozen=True)
class DefinitionChanged:
    """A metric that counts something else than when the charter was registered."""

    label: str
    registered_on: dt.date
    version: int
    code: Literal["definition_changed"] = "definition_changed"


@dataclass(frozen=True)
class VolumeGap:
    """Weeks in which nothing entered."""

    entity: str
    weeks: WeekSpan
    usual: float
    """units a week"""
    code: Literal["volume_gap"] = "volume_gap"


HowMany = Literal["all", "most", "many"]


@dataclass(frozen=True)
class MissingValues:
    """Rows without a value that they should carry."""

    field: NeededField | None
    """None: `segment` is a dimension of the charter's segments"""
    segment: str
    weeks: WeekSpan
    share: float
    share_before: float
    brought_by: ImportNamed | None
    """where one stands out"""
    how_many: HowMany | None
    """of the rows came with that import"""
    label: str = ""
    """of the metric, for an amount that it sums up; '' in reviews that were kept before this was"""
    template: str = ""
    column: str = ""
    is_mean: bool = False
    """told of the rest alone; else the rest is all there is"""
    code: Literal["missing_values"] = "missing_values"


@dataclass(frozen=True)
class ReviewersDisagree:
    """People who judged the same things see too often something else for the metric to mean anything."""

    label: str
    """of the metric"""
    dimension: str
    """the one of reviews that is worst; '' of conversations"""
    agreement: float
    """Krippendorff's alpha"""
    floor: float
    items: int
    """that two or more have judged"""
    code: Literal["reviewers_disagree"] = "reviewers_disagree"


@dataclass(frozen=True)
class JudgedOtherwise:
    """A change that people who judge otherwise than before could have brought about by themselves."""

    label: str
    """of the metric"""
    moved: float
    """of the share since the baseline"""
    things: int
    """that came again to who had judged them"""
    before: int
    """of these, passed or named then"""
    now: int
    code: Literal["judged_otherwise"] = "judged_otherwise"


@dataclass(frozen=True)
class NegativeAmounts:
    """Amounts below 0 among those that a metric sums up."""

    label: str
    column: str
    share: float
    """of the last half year; since `weeks` where there are more than before"""
    weeks: WeekSpan | None = None
    share_before: float | None = None
    brought_by: ImportNamed | None = None
    is_time: bool = False
    """times that end before they begin"""
    count: int = 0
    """of them, in the last half year"""
    is_event: bool = False
    """events of a day before their units entered; `column` is their template"""
    code: Literal["negative_amounts"] = "negative_amounts"


@dataclass(frozen=True)
class QuarantinedRows:
    """An import of which unusually many rows were set aside and not repaired."""

    brought_by: ImportNamed
    rows: int
    read: int
    template: str
    code: Literal["quarantined_rows"] = "quarantined_rows"


@dataclass(frozen=True)
class DoubledRows:
    """An import with unusually many rows more than once."""

    brought_by: ImportNamed
    rows: int
    read: int
    template: str
    code: Literal["doubled_rows"] = "doubled_rows"


@dataclass(frozen=True)
class OpensWithoutClicks:
    """Opens stepped up from one week to the next and clicks did not follow; both as relative changes."""

    week: dt.date
    opens: float
    clicks: float
    code: Literal["opens_without_clicks"] = "opens_without_clicks"


@dataclass(frozen=True)
class MachineOpensCounted:
    """The export doesn't mark opens by machines."""

    code: Literal["machine_opens_counted"] = "machine_opens_counted"


@dataclass(frozen=True)
class RecordingBegan:
    """An outcome that is recorded only since a week of its baseline, or that came up to its level until then."""

    label: str
    since: dt.date
    before: int = 0
    """events before that week: few, but it was recorded"""
    code: Literal["recording_began"] = "recording_began"


ToldBy = Literal["charter", "exports", "last_changes", "nothing"]
"""what tells how late outcomes are entered"""


@dataclass(frozen=True)
class HeldBack:
    """Weeks before an export that count neither for an outcome nor against it: too little of them may be entered."""

    label: str
    since: dt.date
    exported_on: dt.date
    told_by: ToldBy
    also: tuple[str, ...] = ()
    """labels of the other outcomes of which the same holds"""
    code: Literal["held_back"] = "held_back"


@dataclass(frozen=True)
class EnteredLate:
    """The share of the newest week's events that is entered by the export, learned from successive ones."""

    label: str
    week: dt.date
    exported_on: dt.date
    share: float
    events: int
    """that were seen to be entered"""
    also: tuple[str, ...] = ()
    """labels of the other outcomes of which the same holds"""
    code: Literal["entered_late"] = "entered_late"


@dataclass(frozen=True)
class NewSegment:
    """A segment that the baseline never saw, and that is no part of what is compared."""

    label: str
    """of the outcome"""
    dimension: str
    name: str
    since: dt.date
    """Monday of its first week"""
    units: int
    entity: str
    share: float | None
    """of its units, with their event so far; None where it is an amount"""
    compared_from: dt.date | None
    """Monday of the week from which on it is compared with its own first weeks"""
    code: Literal["new_segment"] = "new_segment"


@dataclass(frozen=True)
class SteersBlindly:
    """A layer of the cascade steers by a proxy that no longer predicts the outcome."""

    layer: str
    """'instruction', as the charter's key"""
    proxy: str
    outcome: str
    """labels"""
    before: float | None
    now: float | None
    """odds of the outcome with the proxy over those without"""
    code: Literal["steers_blindly"] = "steers_blindly"


@dataclass(frozen=True)
class ObjectiveUnwatched:
    """The metric that proves the objective is not watched."""

    label: str
    code: Literal["objective_unwatched"] = "objective_unwatched"


@dataclass(frozen=True)
class NotSplit:
    """What can't be told by segment: a mean or a sum some of whose rows carry none, or pairs."""

    label: str
    dimension: str
    template: str
    """'' of pairs"""
    code: Literal["not_split"] = "not_split"


@dataclass(frozen=True)
class GoneSegment:
    """A segment of which nothing, or next to nothing, has come in for longer than ever before."""

    dimension: str
    name: str
    since: dt.date
    """Monday of the first week without it"""
    units: int
    """that came in since"""
    usual: float
    """units a week, before"""
    share: float
    """of all units, before"""
    entity: str
    code: Literal["gone_segment"] = "gone_segment"


@dataclass(frozen=True)
class NoBaseline:
    """Why an outcome has nothing to be compared with."""

    why: Literal[
        "not_maturing",
        "nothing_landed",
        "nothing_matches",
        "no_amount",
        "below_zero",
        "no_event",
        "too_little",
    ]
    label: str
    entity: str = ""
    """what is missing, for nothing_landed and nothing_matches; the template of its rows, for no_amount"""
    sources: tuple[str, ...] = ()
    """what is to be landed, for no_event; the column, for no_amount"""
    weeks: int = 0
    """whole weeks of the baseline, for too_little; so are all that follow"""
    events: int = 0
    """rows, for no_amount"""
    needed_weeks: int = 0
    needed_events: int = 0
    recorded_since: dt.date | None = None
    """where the recording began late"""
    code: Literal["no_baseline"] = "no_baseline"


@dataclass(frozen=True)
class NotYetAWeek:
    """The first whole week since the deployment is not over."""

    deployed_on: dt.date
    code: Literal["not_yet_a_week"] = "not_yet_a_week"


@dataclass(frozen=True)
class SinceDecision:
    """The pair is measured on what entered since a decision."""

    decided_on: dt.date
    code: Literal["since_decision"] = "since_decision"


@dataclass(frozen=True)
class UnjudgedRule:
    """Why a rule can't be judged, where no finding is in the way."""

    why: Literal[
        "no_week",
        "no_verdict",
        "data_problem",
        "too_early",
        "no_value",
        "no_baseline_value",
        "cost_too_early",
        "no_amounts",
        "no_money",
        "no_cost",
        "no_checkpoint",
    ]
    code: Literal["unjudged_rule"] = "unjudged_rule"


@dataclass(frozen=True)
class FewUnits:
    """A rule's value rests on fewer units than were agreed."""

    units: int
    agreed: int
    code: Literal["few_units"] = "few_units"


@dataclass(frozen=True)
class BareNumber:
    """A rule on money names no currency, and amounts in several have landed."""

    rule: str
    label: str
    """of the metric"""
    currency: str
    """it is held against"""
    others: tuple[str, ...]
    code: Literal["bare_number"] = "bare_number"


@dataclass(frozen=True)
class OtherCurrency:
    """A rule names another currency than the deals have, for the cost, or the amounts of a metric."""

    deals: str | None
    rule: str | None
    label: str = ""
    """of the metric; '' for the cost"""
    code: Literal["other_currency"] = "other_currency"


Direction = Literal["looser", "tighter", "changed"]
ChangedTerm = Literal[
    "rule_added",
    "rule_removed",
    "rule_changed",
    "baseline_moved",
    "yardstick",
    "metric_added",
    "metric_removed",
    "materiality",
    "deployment",
    "checkpoints",
    "gate",
    "entry_lag",
    "segments",
    "signature",
    "words",
]


@dataclass(frozen=True)
class AgreedText:
    """Words, names and conditions as the charter has them."""

    text: str
    code: Literal["text"] = "text"

    @staticmethod
    def of_plain(value: object) -> AgreedText | None:
        return AgreedText(value) if isinstance(value, str) else None


@dataclass(frozen=True)
class AgreedDay:
    """A day."""

    day: dt.date
    code: Literal["day"] = "day"


@dataclass(frozen=True)
class AgreedDays:
    """The first day (None: from the beginning) and the last one."""

    first: dt.date | None
    last: dt.date
    code: Literal["days"] = "days"


@dataclass(frozen=True)
class AgreedShare:
    """A share of 1."""

    share: float
    code: Literal["share"] = "share"


@dataclass(frozen=True)
class AgreedCount:
    """So many weeks or days, or units that a value must rest on."""

    count: int
    of: Literal["week", "day", "unit"]
    code: Literal["count"] = "count"


@dataclass(frozen=True)
class AgreedBy:
    """Who signed, and when."""

    by: str
    on: dt.date
    code: Literal["by"] = "by"


AgreedTerm = AgreedText | AgreedDay | AgreedDays | AgreedShare | AgreedCount | AgreedBy


@dataclass(frozen=True)
class CharterChange:
    """One thing that differs between two versions of a charter."""

    what: ChangedTerm
    subject: str
    """the rule's id, the metric, or the key ('owner', 'intent.objective')"""
    aspect: str
    """of a rule: 'when', 'for', 'min_sample', 'recover', 'action'; else ''"""
    before: AgreedTerm | None
    """None where nothing was agreed"""
    after: AgreedTerm | None
    direction: Direction


@dataclass(frozen=True)
class ChangedAfterBreach:
    """What was done to a rule, or to what all rules rest on, after it had been breached."""

    breached_on: dt.date
    changed_on: dt.date | None
    """None where the text in force was never registered"""
    by: str
    change: CharterChange
    code: Literal["changed_after_breach"] = "changed_after_breach"


@dataclass(frozen=True)
class UncountedMetric:
    """A metric that a charter watches and that has no point yet."""

    label: str
    sources: tuple[str, ...]
    """what is to be landed"""
    code: Literal["uncounted_metric"] = "uncounted_metric"


@dataclass(frozen=True)
class Unpromised:
    """Why a rule can promise neither a delay nor false alarms."""

    why: Literal[
        "nothing_landed", "no_outcome", "checkpoint", "verdict", "not_an_outcome", "no_baseline_value"
    ]
    about: str = ""
    """the workflow, for nothing_landed; the verdict, for verdict"""
    code: Literal["unpromised"] = "unpromised"


@dataclass(frozen=True)
class ComparedLeads:
    """Which leads a link compares with the rest."""

    by: ComparedBy
    minutes: int | None = None
    """for answered_within_5_minutes and within, as the workspace says it"""
    entity: str = "leads"
    """what they are, plural"""
    label: str = ""
    """of the proxy"""
    code: Literal["compared_leads"] = "compared_leads"


@dataclass(frozen=True)
class UntoldLink:
    """Why a proxy can't tell leads apart."""

    why: Literal["no_lead", "nearly_all", "hardly_any"]
    entity: str = "leads"
    code: Literal["untold_link"] = "untold_link"


@dataclass(frozen=True)
class Reversal:
    """Simpson's: the total went one way and every segment of the dimension the other."""

    label: str
    dimension: str
    total_rose: bool
    code: Literal["reversal"] = "reversal"


@dataclass(frozen=True)
class NotBreached:
    """A breach is over."""

    since: dt.date | None
    """week end on which it ended, where that is known"""
    code: Literal["not_breached"] = "not_breached"


@dataclass(frozen=True)
class NoBreachWithout:
    """A breach is gone with an import that was taken back."""

    taken_back: ImportNamed
    code: Literal["no_breach_without"] = "no_breach_without"


@dataclass(frozen=True)
class NoBreachWith:
    """A breach is gone with an import that landed later."""

    landed: ImportNamed
    code: Literal["no_breach_with"] = "no_breach_with"


@dataclass(frozen=True)
class LateDecision:
    """The checkpoint that a decision named has passed."""

    decision: str
    kind: str
    code: Literal["late_decision"] = "late_decision"


@dataclass(frozen=True)
class UndecidedAlert:
    alert: str
    rule: str
    code: Literal["undecided_alert"] = "undecided_alert"


@dataclass(frozen=True)
class MissedCheckpoint:
    code: Literal["missed_checkpoint"] = "missed_checkpoint"


@dataclass(frozen=True)
class AsTold:
    """A sentence as Leadline 0.1.0 kept it in the ledger: words instead of values."""

    text: str
    code: str = ""

    def as_plain(self) -> str:
        """The sentence itself, so that what was kept keeps its hash, and with it the code on its card."""
        return self.text

    @classmethod
    def of_plain(cls, text: str) -> AsTold:
        return cls(text)


Fact = (
    NoRows
    | StaleSource
    | SourceBehind
    | ExportedLater
    | SuddenZero
    | SilentWeeks
    | CurrencyMixed
    | DefinitionChanged
    | VolumeGap
    | MissingValues
    | NegativeAmounts
    | ReviewersDisagree
    | JudgedOtherwise
    | QuarantinedRows
    | DoubledRows
    | OpensWithoutClicks
    | MachineOpensCounted
    | RecordingBegan
    | NewSegment
    | NotSplit
    | ObjectiveUnwatched
    | SteersBlindly
    | GoneSegment
    | HeldBack
    | EnteredLate
    | NoBaseline
    | NotYetAWeek
    | SinceDecision
    | UnjudgedRule
    | FewUnits
    | OtherCurrency
    | BareNumber
    | ChangedAfterBreach
    | UncountedMetric
    | Unpromised
    | ComparedLeads
    | UntoldLink
    | Reversal
    | NotBreached
    | NoBreachWithout
    | NoBreachWith
    | LateDecision
    | UndecidedAlert
    | MissedCheckpoint
    | AsTold
)
