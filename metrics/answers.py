"""What has been decided on a workflow by the day of a review, and which breaches that answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from leadline.metrics.agreement.entries import Entry
from leadline.metrics.agreement.held_reviews import Held
from leadline.metrics.agreement.workflow_history import Decided, Memory, stopped_by
from leadline.metrics.charter_terms import harshness
from leadline.metrics.results import Aftermath, Review, RuleState, StandingDecision


def standing_decision(memory: Memory, as_of: dt.date) -> StandingDecision | None:
    """The newest decision taken by `as_of`."""
    taken = [each for each in memory.taken if each.on <= as_of]
    if not taken:
        return None
    newest = taken[-1]
    looked = _is_looked_at(newest, memory.held, as_of)
    overdue = newest.next is not None and newest.next < as_of and not looked
    return StandingDecision(
        newest.id, newest.kind, newest.on, newest.by, newest.owner, newest.next, overdue, looked
    )


def answered(
    memory: Memory, rules: Iterable[RuleState], aftermath: Sequence[Aftermath], as_of: dt.date
) -> tuple[str, ...]:
    """The breached rules that a decision answers: until somebody has looked on its checkpoint, or it got worse; a pause
    or a stop for as long as it stands."""
    worse = {after.decided_on for after in aftermath if after.is_worse}
    stopped = stopped_by([each for each in memory.taken if each.on <= as_of])
    found = []
    for rule in rules:
        if rule.state == "breached" and stopped and harshness(stopped.kind) <= harshness(rule.action):
            found.append(rule.id)  # it is done already, whichever breach it was decided on
            continue
        about = [d for d in memory.taken if d.on <= as_of and (d.rules is None or rule.id in d.rules)]
        if rule.state != "breached" or not about:
            continue
        newest = about[-1]
        began_before = rule.since is None or rule.since <= newest.on
        got_worse = newest.on in worse or any(name == rule.id and day <= as_of for name, day in newest.worse)
        if began_before and not got_worse and not _is_looked_at(newest, memory.held, as_of):
            found.append(rule.id)
    return tuple(found)


def as_recorded(review: Review, events: Iterable[Entry]) -> Review:
    """The review with what recording it brought: the alerts it raised, and breaches that are worse than decided on."""
    raised: dict[str | None, list[tuple[str, str]]] = {}
    worse: set[str | None] = set()
    for event in events:
        if event.kind == "alert_raised":
            raised.setdefault(event.workflow, []).append((event.payload["rule"], event.subject or ""))
        elif event.kind == "alert_worse":
            worse.add(event.subject)
    return replace(
        review,
        workflows=tuple(
            replace(
                each,
                alerts=(*each.alerts, *raised.get(each.workflow, [])),
                answered=tuple(r for r in each.answered if dict(each.alerts).get(r) not in worse),
                decided=tuple(alert for alert in each.decided if alert not in worse),
            )
            for each in review.workflows
        ),
    )


def _is_looked_at(decided: Decided, held: Sequence[Held], as_of: dt.date) -> bool:
    """Whether a review was held on its checkpoint or after it."""
    return decided.next is not None and any(decided.next <= h.of and h.on <= as_of for h in held)
