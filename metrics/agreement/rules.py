"""A stopping rule and its weeks → its state. Pure: the same weeks give the same state at any time.

    ok          not over the threshold
    pending     over it, for fewer than `for` weeks
    breached    over it for `for` weeks in a row
    recovering  was breached and is back under it, for fewer than `for` weeks
    no_data     cannot be said, with the reason

Only a week that can be judged moves a state: it is complete, and its value rests on `min_sample` units or
more. Any other week is neither for nor against; it doesn't interrupt a row of weeks and doesn't add to
it, so broken data can neither breach a rule nor end a breach. A rule that was ok (or never judged) and
whose newest complete week can't be judged has no data; a breach lasts, and says when it was judged last.
While a finding is in the way of the newest week, nothing is said of any rule that rests on it: it has no
data, and keeps the breach that it was in. A breach whose recovery falls through is the same breach: its
`since` stays, so that one alert doesn't become many.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from leadline.metrics.charter_terms import Awaited, Condition, StoppingRule
from leadline.metrics.findings import Fact, FewUnits, UnjudgedRule
from leadline.metrics.results import RuleState
from leadline.metrics.rule_states import RuleStateCode, rule_state_meaning
from leadline.metrics.verdicts import DATA_PROBLEM, VERDICTS, meaning

_EQUAL = 1e-12
"""relative; 0.3 × 0.8 is meant to be 0.24"""
_UNJUDGED = frozenset(verdict for verdict in VERDICTS if not meaning(verdict).is_judged)

Seen = Awaited | Literal["checkpoint_done"]
"""what a verdict condition is held against"""
Side = Literal["over", "between", "back"]
"""over the threshold, or back at the recovery threshold, or neither"""


@dataclass(frozen=True)
class WeekObservation:
    """What one week end showed of what a rule watches."""

    week_end: dt.date
    """Sunday"""
    complete: bool
    """the sources cover the whole week"""
    verdicts: frozenset[Seen]
    """of the workflow's pairs, as known at this week end; for verdict conditions"""
    value: float | None
    """of the rule's metric, in its own unit, as known at this week end; for metric conditions"""
    units: int
    """what the value (or the verdict) rests on"""
    reason: Fact | None = None
    """why there is no value or verdict, where that is known"""
    blocked: bool = False
    """`reason` is a finding that is in the way of judging: the week can't be told from one that was never seen"""
    like_baseline: float | None = None
    """the value in the baseline's season and mix; None where it is the same"""

    def held(self, condition: Condition) -> float | None:
        """What a condition is held against: a number against what anybody can count, a share of the baseline against
        what is like the baseline."""
        if condition.relative is None or self.like_baseline is None:
            return self.value
        return self.like_baseline


_NO_WEEK = UnjudgedRule("no_week")


@dataclass(frozen=True)
class Progress:
    """A rule's state after some weeks and what the next week needs to know."""

    state: RuleStateCode = "no_data"
    since: dt.date | None = None
    weeks: int = 0
    """judged weeks in a row over the threshold (pending) or back under it (recovering)"""
    breached_since: dt.date | None = None
    value: float | None = None
    """of the newest judged week"""
    counted: float | None = None
    """the same as anybody can count it, where that is another"""
    reason: Fact | None = _NO_WEEK
    week_end: dt.date | None = None
    """of the newest week fed"""
    judged_on: dt.date | None = None
    """week end of the newest judged week"""
    ended_on: dt.date | None = None
    """week end on which the newest breach that is over ended"""
    unjudged: bool = False
    """the newest complete week could not be judged"""
    blocked_since: dt.date | None = None
    """week end since which findings are in the way"""


def evaluate_rule(
    rule: StoppingRule, weeks: Sequence[WeekObservation], baseline_value: float | None
) -> RuleState:
    """The state after the last of the weeks, oldest first. Raises ValueError where they are out of order."""
    progress = Progress()
    for week in weeks:
        progress = advance(rule, progress, week, baseline_value)
    return state_of(rule, progress, baseline_value)


def rule_history(
    rule: StoppingRule, weeks: Sequence[WeekObservation], baseline_value: float | None
) -> Iterator[RuleState]:
    """The state after each of the weeks, for replays and charts."""
    progress = Progress()
    for week in weeks:
        progress = advance(rule, progress, week, baseline_value)
        yield state_of(rule, progress, baseline_value)


def state_of(rule: StoppingRule, progress: Progress, baseline_value: float | None) -> RuleState:
    """What a review shows of a rule."""
    unknown = progress.state == "no_data" or progress.blocked_since is not None
    return RuleState(
        id=rule.id,
        state="no_data" if unknown else progress.state,
        since=progress.blocked_since or progress.since,
        action=rule.action,
        value=None if unknown else progress.value,
        threshold=rule.when.threshold(baseline_value),
        counted=None if unknown else progress.counted,
        when=rule.when.text,
        reason=progress.reason if unknown else None,
        last_judged=progress.judged_on if progress.unjudged else None,
        held_since=progress.breached_since if unknown else None,
        ended_on=progress.ended_on,
    )


def advance(
    rule: StoppingRule, progress: Progress, week: WeekObservation, baseline_value: float | None
) -> Progress:
    """One week on."""
    if progress.week_end is not None and week.week_end <= progress.week_end:
        raise ValueError(f"weeks must be in order: {week.week_end} came after {progress.week_end}")
    progress = replace(progress, week_end=week.week_end)
    if not week.complete:
        return progress
    if reason := _why_not_judged(rule, week, baseline_value):
        blocked_since = (progress.blocked_since or week.week_end) if week.blocked else None
        progress = replace(progress, unjudged=True, blocked_since=blocked_since)
        if progress.state == "ok":
            nothing = replace(progress, value=None, counted=None)
            return replace(nothing, state="no_data", since=week.week_end, reason=reason)
        if progress.state == "no_data":
            return replace(progress, since=progress.since or week.week_end, reason=reason)
        return replace(progress, reason=reason)
    value = week.held(rule.when) if rule.when.metric else None
    counted = None if value == week.value else week.value
    progress = replace(
        progress,
        value=value,
        counted=counted,
        reason=None,
        judged_on=week.week_end,
        unjudged=False,
        blocked_since=None,
    )
    side = _side(rule, week, baseline_value)
    if rule_state_meaning(progress.state).is_in_breach:
        return _after_breach(rule, progress, side, week.week_end)
    return _before_breach(rule, progress, side, week.week_end)


def _before_breach(rule: StoppingRule, progress: Progress, side: Side, week_end: dt.date) -> Progress:
    """From no_data, ok or pending."""
    if side != "over":
        since = progress.since if progress.state == "ok" else week_end
        return replace(progress, state="ok", since=since, weeks=0)
    weeks = progress.weeks + 1 if progress.state == "pending" else 1
    if weeks >= rule.for_weeks:
        return replace(progress, state="breached", since=week_end, weeks=0, breached_since=week_end)
    since = progress.since if progress.state == "pending" else week_end
    return replace(progress, state="pending", since=since, weeks=weeks)


def _after_breach(rule: StoppingRule, progress: Progress, side: Side, week_end: dt.date) -> Progress:
    """From breached or recovering."""
    if side != "back":
        return replace(progress, state="breached", since=progress.breached_since, weeks=0)
    weeks = progress.weeks + 1 if progress.state == "recovering" else 1
    if weeks >= rule.for_weeks:
        return replace(progress, state="ok", since=week_end, weeks=0, breached_since=None, ended_on=week_end)
    since = progress.since if progress.state == "recovering" else week_end
    return replace(progress, state="recovering", since=since, weeks=weeks)


def _why_not_judged(rule: StoppingRule, week: WeekObservation, baseline_value: float | None) -> Fact | None:
    """The reason why a complete week says nothing about the rule; None where it does."""
    when = rule.when
    if when.verdict is not None:
        if not week.verdicts:
            return week.reason or UnjudgedRule("no_verdict")
        if when.verdict not in week.verdicts:
            # what can't be judged may hide what the rule waits for
            if DATA_PROBLEM in week.verdicts:
                return week.reason or UnjudgedRule("data_problem")
            if week.verdicts <= _UNJUDGED:
                return week.reason or UnjudgedRule("too_early")
    elif not _is_number(week.held(when)):
        return week.reason or UnjudgedRule("no_value")
    elif not _is_number(when.threshold(baseline_value)):
        return UnjudgedRule("no_baseline_value")
    if week.units < rule.min_sample:
        return FewUnits(week.units, rule.min_sample)
    return None


def _side(rule: StoppingRule, week: WeekObservation, baseline_value: float | None) -> Side:
    """Where a judged week stands. Over beats back, should the baseline put the two thresholds crosswise."""
    if rule.when.verdict is not None:
        return "over" if rule.when.verdict in week.verdicts else "back"
    if _holds(rule.when, week.held(rule.when), baseline_value):
        return "over"
    if rule.recover is None or not _is_number(rule.recover.threshold(baseline_value)):
        return "back"
    return "back" if _holds(rule.recover, week.held(rule.recover), baseline_value) else "between"


def _holds(condition: Condition, value: float | None, baseline_value: float | None) -> bool:
    threshold = condition.threshold(baseline_value)
    if value is None or threshold is None or condition.comparison is None:
        return False
    if math.isclose(value, threshold, rel_tol=_EQUAL):
        return condition.comparison in ("<=", ">=")
    return value < threshold if condition.comparison in ("<", "<=") else value > threshold


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
