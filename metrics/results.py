"""What a review says: frozen, plain, ready to be drawn, read aloud or written as JSON.

These classes are the border between `metrics` and `dashboard`. Numbers that are not known are None, never 0.
Changes are relative (-0.33 is 33 % fewer); weeks are the Monday they start on unless a name says otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from leadline.data.plain_json import EMPTY
from leadline.metrics.causes import NOTHING, Causes
from leadline.metrics.charter_terms import Action, Charter
from leadline.metrics.findings import AsTold, Fact
from leadline.metrics.rule_states import RuleStateCode
from leadline.metrics.statistics.divergence import Mechanism
from leadline.metrics.statistics.linkage import LinkVerdict
from leadline.metrics.validations import UNVALIDATED, Validation
from leadline.metrics.verdicts import Verdict, meaning

SourceStateCode = Literal["fresh", "stale", "empty"]
TakenOut = Literal["season", "mix", "pace"]
"""of a change that is told: what the calendar does, the mix of segments, and a cycle that is faster or slower now"""


@dataclass(frozen=True)
class Change:
    """Change since the baseline with its 95 % interval; None where nothing tells it, or too little yet (`units`)."""

    relative: float | None
    low: float | None
    high: float | None
    units: int
    """units (leads, messages, assets) the 'now' side rests on"""
    improved: bool | None = None
    """for proxies: the whole interval lies beyond the charter's materiality, in the better direction"""
    baseline_value: float | None = None
    current_value: float | None = None
    """values in the metric's own unit (a share, minutes, money), age-matched where they mature"""
    is_of_target: bool = False
    """held against a target that was agreed, which is then `baseline_value`: nothing need ever have been different"""
    currency: str | None = None
    """of the values, where they are amounts of money"""
    first: dt.date | None = None
    """Monday of the first week that the 'now' side is of; None in reviews that were kept before this was"""
    counted: Counted | None = None
    """as anybody can count it, where something is taken out of the two values"""


@dataclass(frozen=True)
class Counted:
    """Both values of a change with nothing taken out, in the metric's own unit: what came of the units, of young ones
    beside what usually has come of all at their age; None where that isn't known or, of a target, was agreed."""

    before: float | None
    now: float | None
    taken_out: tuple[TakenOut, ...]
    """of the values of the change"""


@dataclass(frozen=True)
class Evidence:
    """How strongly the outcome's data speak against 'no change', and whether an alarm stands.

    An alarm is raised when the odds exceed the limit and a lower level is clear against a merely slower cycle.
    """

    odds: float
    limit: float
    weeks: tuple[dt.date, ...] = ()
    """week starts of the trace below, oldest first"""
    odds_by_week: tuple[float, ...] = ()
    alarm: bool | None = None
    """None: as the odds and the limit say"""
    season_learned: bool = True
    """False where the baseline spans less than a year: then no calendar effect is taken out"""


@dataclass(frozen=True)
class Pair:
    """One proxy beside one outcome."""

    proxy: str
    outcome: str
    verdict: Verdict
    mechanism: Mechanism | None
    since: dt.date | None
    """Monday of the week since which the evidence has been building"""
    segment: str | None
    """'channel=referral' where one segment carries the change"""
    proxy_change: Change
    outcome_change: Change
    evidence: Evidence | None
    answer_expected: dt.date | None = None
    """for too_early: the date from which an answer can be expected"""
    note: Fact | None = field(default=None, metadata=EMPTY)
    """why this verdict was given, where the numbers alone don't say it"""
    total_change: Change | None = None
    """where the outcome is per unit and a proxy is the volume of these units: its events (amounts) a week, whatever
    they come from, against their level at the baseline's end"""
    recovered: Recovered | None = None
    """the outcome drifted before, and a decision has brought it back"""


@dataclass(frozen=True)
class Series:
    """One metric over time as an index, 100 = baseline; one point a cohort week (trailing-window smoothed).

    For a metric that matures, `known` is what has happened already and `projected` what the cohort is expected to
    reach when its pending members are done; they are equal once the cohort is complete. `maturity` is the expected
    share of final events that can have happened by now (1 = complete). For metrics where higher is worse
    (response_time, cost_per_asset) the index is of the raw value: 100 -> 5 means 95 % lower; `higher_is_better` says
    which way is good.
    """

    metric: str
    label: str
    role: Literal["proxy", "outcome"]
    higher_is_better: bool
    unit: str
    """'share', 'minutes', 'count', 'money'"""
    weeks: tuple[dt.date, ...]
    known: tuple[float | None, ...]
    projected: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    maturity: tuple[float, ...]
    values: tuple[float | None, ...]
    """projected value in the metric's own unit"""
    units: tuple[int, ...]
    """units the point rests on"""
    own_values: tuple[float | None, ...] = ()
    """what is known of the units of that week alone, in the metric's own unit: neither smoothed nor projected, so
    that a fact of another week never moves it; empty in reviews that were kept before this was"""


@dataclass(frozen=True)
class RuleState:
    id: str
    state: RuleStateCode
    since: dt.date | None
    """week end (Sunday) on which this state began"""
    action: Action
    value: float | None
    threshold: float | None
    when: str = ""
    """the condition as agreed, e.g. 'close_rate < 15%'"""
    reason: Fact | None = field(default=None, metadata=EMPTY)
    """for no_data: why"""
    marks: tuple[Fact, ...] = ()
    """what was done to the rule, or to its yardstick, after it had been breached"""
    last_judged: dt.date | None = None
    """week end of the newest week that could be judged, where the newest of all could not"""
    held_since: dt.date | None = None
    """for no_data: since when the rule had been breached, which is neither confirmed nor over"""
    ended_on: dt.date | None = None
    """week end on which its newest breach that is over ended"""
    counted: float | None = None
    """where `value` is held against the baseline, in whose season and mix it is: as anybody can count it"""


@dataclass(frozen=True)
class StandingRule:
    """A rule as it was agreed when a breach of it was raised, where the charter has been changed since."""

    charter_digest: str
    """of the charter's text then (`metrics.charter_terms.digest`)"""
    rule: RuleState


@dataclass(frozen=True)
class Cost:
    """What the drift cost since it began: outcomes missed and their value, with 95 % intervals."""

    units: float
    """of an outcome that is an amount: that amount, in its own unit"""
    low: float
    high: float
    value: float | None
    value_low: float | None
    value_high: float | None
    currency: str | None
    outcome: str = ""


@dataclass(frozen=True)
class Aftermath:
    """One outcome since a decision that was taken while it drifted."""

    decided_on: dt.date
    outcome: str
    change: Change
    """since the baseline, of what entered in whole weeks after the decision"""
    drifted_to: float | None
    """how much it had lost by the decision: -0.3 is 30 % fewer"""
    is_back: bool
    """for certain better than it had drifted: told wrongly of one decision in twenty that changed nothing, at most"""
    is_recovered: bool = False
    """back at its baseline, for certain"""

    @property
    def is_worse(self) -> bool:
        """For certain further from the baseline than what it had drifted to by the decision."""
        low, high, drifted = self.change.low, self.change.high, self.drifted_to
        if drifted is None:
            return False
        return (low is not None and low > drifted) if drifted > 0 else (high is not None and high < drifted)

    @property
    def is_open(self) -> bool:
        """The interval holds both the baseline and the level of the drift, or nothing is known."""
        low, high, drifted = self.change.low, self.change.high, self.drifted_to
        if low is None or high is None:
            return True
        return drifted is not None and low <= min(drifted, 0) and high >= max(drifted, 0)


@dataclass(frozen=True)
class StandingDecision:
    """The newest decision on a workflow, as it stands on the day of the review."""

    id: str
    kind: str
    """continue, adjust, pause, stop"""
    on: dt.date
    by: str
    owner: str
    """who sees to it"""
    next: dt.date | None
    """its checkpoint"""
    is_overdue: bool = False
    """that has passed, and nobody has looked"""
    is_looked_at: bool = False
    """somebody has looked on it or after it"""

    @property
    def stands(self) -> bool:
        """It was paused or stopped, which lasts until another decision."""
        return self.kind in ("pause", "stop")


@dataclass(frozen=True)
class Stopped:
    """A pause or a stop that no decision has lifted, the harshest where there are several."""

    kind: Literal["pause", "stop"]
    decision: str
    """its id"""
    on: dt.date
    entered: int | None = None
    """units of the workflow that entered on later days; None where the data don't tell"""


@dataclass(frozen=True)
class Recovered:
    """An outcome that a decision has brought back to its baseline. It lasts until the outcome drifts anew."""

    outcome: str
    on: dt.date
    """Sunday of the week at whose end that was told first"""
    decision: str
    """its id"""
    decided_on: dt.date
    drifted_to: float | None
    """how much it had lost by the decision: -0.3 is 30 % fewer"""


@dataclass(frozen=True)
class Finding:
    """Something about the data that a reader must know before believing a number."""

    about: Fact
    blocks_verdict: bool
    metric: str | None = None

    def as_plain(self) -> dict[str, object] | None:
        if not isinstance(self.about, AsTold):
            return None
        told = {"code": self.code, "message": self.about.text}
        return {**told, "blocks_verdict": self.blocks_verdict, "metric": self.metric}

    @classmethod
    def of_plain(cls, value: Mapping[str, Any]) -> Finding | None:
        if "message" not in value:
            return None
        told = AsTold(value["message"], value["code"])
        return cls(told, value["blocks_verdict"], value["metric"])

    @property
    def code(self) -> str:
        """'recording_began', 'stale_source', 'no_data', 'sudden_zero', 'currency_mixed', …"""
        return self.about.code


@dataclass(frozen=True)
class SegmentPart:
    """One segment's part in a change. Rates are age-matched and in the metric's own unit, None where the segment
    had nobody to be counted; effects are in that unit too and add up to the total change."""

    name: str
    units: int
    """units that entered in the weeks compared"""
    share_before: float
    share_now: float
    rate_before: float | None
    rate_now: float | None
    mix_effect: float
    rate_effect: float
    clear: bool
    """its own rate changed by more than noise, also when all segments were looked at (false discovery rate 5 %)"""


@dataclass(frozen=True)
class Breakdown:
    """An outcome's change since the baseline by the segments of one dimension: another mix, or other rates."""

    outcome: str
    dimension: str
    """'channel'"""
    since: dt.date
    """Monday of the first week whose cohorts are compared with the baseline"""
    before: float
    now: float
    """the rate over all segments, in the metric's own unit"""
    total: float
    """now - before = mix + rate"""
    mix: float
    rate: float
    parts: tuple[SegmentPart, ...]
    """largest effect first; their effects sum to mix and rate"""
    reversal: Fact | None = field(default=None, metadata=EMPTY)
    """where the total went one way and every segment the other"""
    mix_error: float | None = None
    """standard error of mix / before; None in reviews that were kept before this was"""

    @property
    def mix_change(self) -> Change:
        """What the mix alone did to the total, with its interval."""
        if self.before <= 0:
            return Change(None, None, None, 0)
        relative, half = self.mix / self.before, None if self.mix_error is None else 1.96 * self.mix_error
        low, high = (None, None) if half is None else (relative - half, relative + half)
        return Change(relative, low, high, sum(part.units for part in self.parts))


@dataclass(frozen=True)
class Odds:
    """How much likelier the outcome is with the proxy than without, at equal age: an odds ratio with its 95 %
    interval; None where too few outcomes tell."""

    value: float | None
    low: float | None
    high: float | None
    units: int
    events: int
    share: float | None
    """of the units' time, how much was spent with the proxy"""


@dataclass(frozen=True)
class LinkPeriod:
    """The link among the units that entered from `first` to `last`."""

    first: dt.date
    last: dt.date
    odds: Odds


@dataclass(frozen=True)
class Linkage:
    """Does the proxy still predict the outcome, unit by unit at equal age."""

    proxy: str
    """a proxy of the charter, or 'score'"""
    outcome: str
    verdict: LinkVerdict
    meaning: Fact
    """which units are compared with the rest"""
    baseline: Odds
    now: Odds
    periods: tuple[LinkPeriod, ...]
    """quarters of a year, oldest first; the deployment begins a new one"""
    note: Fact | None = field(default=None, metadata=EMPTY)
    """why there may be nothing to tell"""


@dataclass(frozen=True)
class SourceState:
    """Freshness of one landed source."""

    source: str
    newest: dt.date | None
    state: SourceStateCode
    note: Fact | None = field(default=None, metadata=EMPTY)


@dataclass(frozen=True)
class Unjudged:
    """An outcome that has nothing to be compared with yet, beside others that have."""

    outcome: str
    reason: Fact | None = field(default=None, metadata=EMPTY)


@dataclass(frozen=True)
class WorkflowReview:
    workflow: str
    name: str
    owner: str
    deployed_on: dt.date
    verdict: Verdict
    pairs: tuple[Pair, ...]
    """worst first"""
    rules: tuple[RuleState, ...]
    cost: Cost | None
    series: tuple[Series, ...]
    findings: tuple[Finding, ...]
    baseline: tuple[dt.date, dt.date]
    next_checkpoint: dt.date | None
    complete_through: dt.date
    """Sunday of the last week that this workflow's sources cover completely"""
    breakdowns: tuple[Breakdown, ...] = ()
    """one for each outcome with a baseline and each of the charter's segment dimensions"""
    linkages: tuple[Linkage, ...] = ()
    """one for each proxy and outcome that can be told of the same lead"""
    charter: Charter | None = None
    """what it was judged by"""
    aftermath: tuple[Aftermath, ...] = ()
    """oldest decision first"""
    standing: tuple[StandingRule, ...] = ()
    """rules of earlier versions of the charter under which an alert is still open"""
    unjudged: tuple[Unjudged, ...] = ()
    """outcomes that can't be judged yet; they stand beside the verdict and never decide it"""
    decision: StandingDecision | None = None
    answered: tuple[str, ...] = ()
    """rules whose breach a decision answers, until its checkpoint was held or the breach got worse"""
    alerts: tuple[tuple[str, str], ...] = ()
    """rule and open alert, as far as they were recorded before this review"""
    decided: tuple[str, ...] = ()
    """those of these alerts on which somebody has decided since they were raised"""
    stopped: Stopped | None = None
    """None while it runs"""
    known: LastKnown | None = None
    """the last good verdict before this day, where the data can't be judged on it"""
    causes: Causes = NOTHING
    """what may have made an outcome change; reviews of a replay carry none"""
    validation: Validation = UNVALIDATED
    """what reviewers found; reviews of a replay carry none"""

    @property
    def recovered(self) -> Recovered | None:
        """The newest recovery, while nothing that is watched drifts or is still on its way back."""
        if any(meaning(pair.verdict).has_cost for pair in self.pairs):
            return None
        found = [pair.recovered for pair in self.pairs if pair.recovered is not None]
        return max(found, key=lambda each: each.on, default=None)

    @property
    def since_decision(self) -> Aftermath | None:
        """What the deciding pair's outcome shows since the decision that stands, where it drifted by then."""
        pair, decision = self.lead_pair, self.decision
        if pair is None or decision is None:
            return None
        told = (a for a in self.aftermath if a.outcome == pair.outcome and a.decided_on == decision.on)
        return next(told, None)

    def mix_of(self, pair: Pair) -> Breakdown | None:
        """Where another mix lowered a pair's outcome in total: the dimension in which it did most."""
        told = [
            each
            for each in self.breakdowns
            if each.outcome == pair.outcome and each.before > 0 and each.mix < 0
        ]
        if pair.mechanism != "mix" or not told:
            return None
        return min(told, key=lambda each: each.mix / each.before)

    @property
    def lead_pair(self) -> Pair | None:
        """The pair that decides the verdict."""
        return self.pairs[0] if self.pairs else None


@dataclass(frozen=True)
class LastKnown:
    """What a review of an earlier day said of a workflow whose data can't be judged by now."""

    as_of: dt.date
    workflow: WorkflowReview
    """without what only charts need"""


@dataclass(frozen=True)
class Review:
    as_of: dt.date
    complete_through: dt.date
    workflows: tuple[WorkflowReview, ...]
    """worst first"""
    data: tuple[SourceState, ...]
    uncharted: tuple[str, ...] = ()
    """workflows that have rows but no charter"""
    basis: str = field(default="", compare=False)
    """names what it rests on (`metrics.review_basis`); reviews that show the same are equal, whatever they rest on"""
