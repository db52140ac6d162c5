"""What changed from one version of a charter to another, and what was changed after a breach.

A rule is looser when it is harder to breach or asks for less: a threshold further away, more weeks, a larger
sample, an easier recovery, a milder action. Where two conditions can't be compared ('close_rate < 15%' and
'diverging') the rule is merely changed; after a breach that is shown all the same.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from leadline.metrics.charter_terms import (
    Cascade,
    Charter,
    Condition,
    Constraint,
    Gate,
    GateOn,
    Layer,
    Objective,
    StoppingRule,
    Yardstick,
    harshness,
)
from leadline.metrics.findings import (
    AgreedBy,
    AgreedCount,
    AgreedDay,
    AgreedDays,
    AgreedShare,
    AgreedTerm,
    AgreedText,
    ChangedAfterBreach,
    CharterChange,
    Direction,
)


def compare(before: Charter, after: Charter) -> tuple[CharterChange, ...]:
    """Everything that was agreed differently, rules first."""
    return (
        *_rules(before, after),
        *_baseline(before, after),
        *_yardsticks(before, after),
        *_metrics(before, after),
        *_words(before, after),
    )


def text_difference(before: str, after: str) -> str:
    """The two texts as a unified diff, '' where they are the same."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "the version before", "this version", lineterm=""
    )
    return "\n".join(lines)


def _rules(before: Charter, after: Charter) -> Iterator[CharterChange]:
    old = {rule.id: rule for rule in before.stopping_rules}
    new = {rule.id: rule for rule in after.stopping_rules}
    for name in old:
        if name not in new:
            yield CharterChange("rule_removed", name, "", AgreedText(rule_line(old[name])), None, "looser")
    for name, rule in new.items():
        if name not in old:
            yield CharterChange("rule_added", name, "", None, AgreedText(rule_line(rule)), "tighter")
        else:
            yield from rule_changes(old[name], rule)


def rule_line(rule: StoppingRule) -> str:
    """The rule on one line, in the notation in which it is kept: 'close_rate < 15% for 2 weeks on 40 units or more,
    then review'."""
    weeks = f" for {rule.for_weeks} weeks" if rule.for_weeks > 1 else ""
    sample = (
        f" on {rule.min_sample:,} unit{'s' if rule.min_sample > 1 else ''} or more" if rule.min_sample else ""
    )
    return f"{rule.when.text}{weeks}{sample}, then {rule.action}"


def rule_changes(before: StoppingRule, after: StoppingRule) -> Iterator[CharterChange]:
    """What differs between two versions of one rule, an aspect each."""

    def change(
        aspect: str, old: AgreedTerm | None, new: AgreedTerm | None, direction: Direction
    ) -> CharterChange:
        return CharterChange("rule_changed", after.id, aspect, old, new, direction)

    if _meaning(before.when) != _meaning(after.when):
        direction = _threshold_moved(before.when, after.when)
        yield change("when", _condition(before.when), _condition(after.when), direction)
    if before.for_weeks != after.for_weeks:
        looser = after.for_weeks > before.for_weeks
        yield change("for", _weeks(before.for_weeks), _weeks(after.for_weeks), _side(looser))
    if before.min_sample != after.min_sample:
        looser = after.min_sample > before.min_sample
        samples = (AgreedCount(before.min_sample, "unit"), AgreedCount(after.min_sample, "unit"))
        yield change("min_sample", *samples, _side(looser))
    if _recovery(before) != _recovery(after):
        yield change(
            "recover", _condition(before.recover), _condition(after.recover), _recovers(before, after)
        )
    if before.action != after.action:
        looser = harshness(after.action) > harshness(before.action)
        yield change("action", AgreedText(before.action), AgreedText(after.action), _side(looser))


def _side(looser: bool) -> Direction:
    return "looser" if looser else "tighter"


def _meaning(condition: Condition | None) -> tuple[object, ...] | None:
    """What a condition says, however it was written."""
    if condition is None:
        return None
    return (
        condition.verdict,
        condition.metric,
        condition.comparison,
        condition.number,
        condition.relative,
        condition.currency,
    )


def _threshold_moved(before: Condition, after: Condition) -> Direction:
    """Whether a condition became harder to meet; 'changed' where the two can't be compared."""
    old, new = _limits(before, after)
    below = before.comparison in ("<", "<=")
    same_way = (after.comparison in ("<", "<=")) == below
    if before.metric is None or before.metric != after.metric or not same_way or old is None or new is None:
        return "changed"
    if old != new:
        return _side(new < old if below else new > old)
    # the same number: '<' holds less often than '<='
    return _side(after.comparison in ("<", ">"))


def _limits(before: Condition, after: Condition) -> tuple[float | None, float | None]:
    if before.currency != after.currency:
        return None, None
    if before.relative is not None:
        return before.relative, after.relative
    return (None, None) if after.relative is not None else (before.number, after.number)


def _recovery(rule: StoppingRule) -> tuple[object, ...] | None:
    return _meaning(rule.recover)


def _condition(condition: Condition | None) -> AgreedText | None:
    return AgreedText(condition.text) if condition else None


def _recovers(before: StoppingRule, after: StoppingRule) -> Direction:
    """Whether a breach ends more easily than before."""
    if after.recover is None:
        return "looser"
    if before.recover is None:
        return "tighter"
    old, new = _limits(before.recover, after.recover)
    if old is None or new is None or before.recover.comparison != after.recover.comparison:
        return "changed"
    return _side(new < old if before.recover.comparison in (">=", ">") else new > old)


def _baseline(before: Charter, after: Charter) -> Iterator[CharterChange]:
    if before.baseline != after.baseline:
        yield CharterChange("baseline_moved", "watch.baseline", "", _span(before), _span(after), "changed")
    if before.deployed_on != after.deployed_on:
        days = (AgreedDay(before.deployed_on), AgreedDay(after.deployed_on))
        yield CharterChange("deployment", "deployed_on", "", *days, "changed")


def _yardsticks(before: Charter, after: Charter) -> Iterator[CharterChange]:
    old, new = ({own.metric: own for own in charter.yardsticks} for charter in (before, after))
    for name in (name for name in after.outcomes if name in before.outcomes):
        was, now = old.get(name), new.get(name)
        if was != now:
            targets = (was and was.target, now and now.target)
            direction: Direction = "changed"
            if targets[0] and targets[1]:
                direction = _side(targets[1] < targets[0])
            yield CharterChange("yardstick", name, "", _yardstick(was), _yardstick(now), direction)


def _yardstick(own: Yardstick | None) -> AgreedTerm | None:
    if own is None or own.target is not None:
        return AgreedShare(own.target) if own and own.target is not None else None
    return AgreedDays(own.baseline.first, own.baseline.last) if own.baseline else None


def _span(charter: Charter) -> AgreedDays:
    return AgreedDays(charter.baseline.first, charter.baseline.last)


def _metrics(before: Charter, after: Charter) -> Iterator[CharterChange]:
    old, new = ((*c.proxies, *c.outcomes) for c in (before, after))
    for name in old:
        if name not in new:
            yield CharterChange("metric_removed", name, "", AgreedText(name), None, "looser")
    for name in new:
        if name not in old:
            yield CharterChange("metric_added", name, "", None, AgreedText(name), "tighter")
    for role in ("proxy", "outcome"):
        was, now = (float(getattr(charter, f"materiality_{role}")) for charter in (before, after))
        if was != now:
            yield CharterChange("materiality", role, "", AgreedShare(was), AgreedShare(now), _side(now > was))
    if before.segments != after.segments:
        spelled = (_text(", ".join(before.segments)), _text(", ".join(after.segments)))
        yield CharterChange("segments", "watch.segments", "", *spelled, "changed")


def _words(before: Charter, after: Charter) -> Iterator[CharterChange]:
    if before.checkpoint_weeks != after.checkpoint_weeks:
        old, new = before.checkpoint_weeks, after.checkpoint_weeks
        direction = _side((new or 10**6) > (old or 10**6))
        yield CharterChange("checkpoints", "checkpoints.every", "", _weeks(old), _weeks(new), direction)
    yield from _gate(before.gate, after.gate)
    if before.entry_lag_days != after.entry_lag_days:
        lags = (before.entry_lag_days, after.entry_lag_days)
        direction = "changed" if None in lags else _side((lags[1] or 0) > (lags[0] or 0))
        yield CharterChange("entry_lag", "entry_lag", "", _days(lags[0]), _days(lags[1]), direction)
    if before.signed != after.signed:
        yield CharterChange("signature", "signed", "", _signature(before), _signature(after), "changed")
    old_words, new_words = _spoken(before), _spoken(after)
    for key in old_words:
        if old_words[key] != new_words[key]:
            yield CharterChange("words", key, "", _text(old_words[key]), _text(new_words[key]), "changed")


def _gate(before: Gate, after: Gate) -> Iterator[CharterChange]:
    if before.on != after.on:
        strictest: tuple[GateOn, ...] = ("breach", "decision", "never")
        looser = strictest.index(after.on) > strictest.index(before.on)
        yield CharterChange("gate", "on", "", AgreedText(before.on), AgreedText(after.on), _side(looser))
    if before.unknown != after.unknown:
        words = (AgreedText(before.unknown), AgreedText(after.unknown))
        yield CharterChange("gate", "unknown", "", *words, _side(after.unknown == "open"))
    if before.holdout != after.holdout:
        shares = (AgreedShare(before.holdout), AgreedShare(after.holdout))
        yield CharterChange("gate", "holdout", "", *shares, "changed")


def _spoken(charter: Charter) -> dict[str, str]:
    intent, cascade = charter.intent, charter.cascade
    promises = (
        f"{one.id}: {one.says} (yes: {', '.join(one.yes)}; no: {', '.join(one.no)})"
        for one in charter.positioning
    )
    return {
        "name": charter.name,
        "owner": charter.owner,
        "deputy": charter.deputy,
        "intent.objective": _objective(intent.objective),
        "intent.audience": intent.audience,
        "intent.context": intent.context,
        "intent.constraints": "; ".join(map(_constraint, intent.constraints)),
        **{f"cascade.{step}": _layer(layer) for step, layer in (cascade or Cascade()).layers},
        "positioning": "; ".join(promises),
        **_reviewing(charter),
    }


def _reviewing(charter: Charter) -> dict[str, str]:
    agreed = charter.reviewing
    said = ("", "", "", "")
    if agreed:
        shares = (f"{agreed.second_review * 100:.10g} %", f"{agreed.agreement:.10g}")
        said = (", ".join(agreed.dimensions), str(agreed.a_week), *shares)
    keys = ("dimensions", "a_week", "second_review", "agreement")
    return {f"reviewing.{key}": words for key, words in zip(keys, said, strict=True)}


def _objective(objective: Objective) -> str:
    target = f", target {objective.target * 100:.10g} %" if objective.target is not None else ""
    proof = f" (proved by {objective.proved_by}{target})" if objective.proved_by else ""
    return f"{objective.text}{proof}"


def _constraint(one: Constraint) -> str:
    return (
        f"{one.text} (checked by {one.checked_by.kind} {one.checked_by.name})" if one.checked_by else one.text
    )


def _layer(layer: Layer) -> str:
    return f"{layer.text} (steers by {layer.steers_by})" if layer.steers_by else layer.text


def _signature(charter: Charter) -> AgreedBy | None:
    return AgreedBy(charter.signed.by, charter.signed.on) if charter.signed else None


def _text(words: str) -> AgreedText | None:
    return AgreedText(words) if words else None


def _days(count: int | None) -> AgreedCount | None:
    return AgreedCount(count, "day") if count is not None else None


def _weeks(count: int | None) -> AgreedCount | None:
    return AgreedCount(count, "week") if count else None


@dataclass(frozen=True)
class Version:
    """A registered text, who registered it and when (UTC, without zone)."""

    number: int
    text: str
    author: str
    at: dt.datetime


@dataclass(frozen=True)
class Breach:
    """An alert that was raised: its rule, the charter in force then, the moment, the review's day."""

    rule: str
    charter: Charter
    at: dt.datetime
    on: dt.date


@dataclass(frozen=True)
class Mark:
    """What was done to a rule, or to what all rules rest on, after a breach."""

    rule: str | None
    """None: it concerns every rule of the workflow"""
    change: CharterChange
    breached_on: dt.date
    changed_on: dt.date | None
    """None where the text in force was never registered"""
    by: str

    @property
    def known_on(self) -> dt.date:
        return self.changed_on or self.breached_on

    @property
    def fact(self) -> ChangedAfterBreach:
        """What a review tells of it."""
        return ChangedAfterBreach(self.breached_on, self.changed_on, self.by, self.change)


_SHAKEN = (
    "baseline_moved",
    "yardstick",
    "deployment",
    "metric_removed",
    "rule_removed",
    "materiality",
    "entry_lag",
)
"""changes of what every rule rests on"""


def marks_after_breaches(
    charter: Charter,
    breaches: Sequence[Breach],
    versions: Sequence[Version],
    read: Callable[[str], Charter | None],
    zone: ZoneInfo,
) -> tuple[Mark, ...]:
    """How the charter in force is looser than it was when it was breached, and who made it so.

    `versions`: all registered ones, oldest first; `read`: a text as a charter, None where that fails. What was
    loosened and later restored is not marked any more.
    """
    marks: dict[tuple[str | None, CharterChange], Mark] = {}
    for breach in breaches:
        for change in compare(breach.charter, charter):
            concerns = _concerns(change, breach)
            if concerns == "":
                continue
            version = _brought_by(change, breach, versions, read)
            if version is None and versions and versions[-1].text == charter.source:
                continue  # registered before the breach: the file in force then was an unregistered one
            on = version.at.replace(tzinfo=dt.UTC).astimezone(zone).date() if version else None
            by = version.author if version else ""
            marks.setdefault((concerns, change), Mark(concerns, change, breach.on, on, by))
    return tuple(marks.values())


def _concerns(change: CharterChange, breach: Breach) -> str | None:
    """The rule that a change after this breach is to be marked at, None for all rules, '' for none."""
    if change.what == "rule_changed":
        return breach.rule if change.subject == breach.rule and change.direction != "tighter" else ""
    if change.what == "rule_removed":
        return None if change.subject == breach.rule else ""
    if change.what in _SHAKEN and change.direction != "tighter":
        return None
    return ""


def _brought_by(
    change: CharterChange, breach: Breach, versions: Sequence[Version], read: Callable[[str], Charter | None]
) -> Version | None:
    """The version since which the change has been in force; None where no registered one holds it."""
    since: Version | None = None
    for version in versions:
        if version.at < breach.at:
            continue
        then = read(version.text)
        holds = then is not None and change in compare(breach.charter, then)
        since = (since or version) if holds else None
    return since
