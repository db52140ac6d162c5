"""What a review has to remember of a workflow: decisions taken, reviews held, rules changed after a breach.

A replay of an earlier week uses only what was recorded by then; every date here is a day in the workspace's time
zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from leadline.data.errors import CharterError
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import fold
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.changes import Breach, Mark, Version, marks_after_breaches
from leadline.metrics.agreement.charter import parse_charter
from leadline.metrics.agreement.charter_versions import DEFINITIONS, all_charters
from leadline.metrics.agreement.definitions import redefined
from leadline.metrics.agreement.entries import Entry, Kind, entries
from leadline.metrics.agreement.held_reviews import Held, held_reviews
from leadline.metrics.charter_terms import Charter
from leadline.metrics.findings import ChangedAfterBreach
from leadline.metrics.results import Stopped

STANDING: tuple[Literal["stop"], Literal["pause"]] = ("stop", "pause")
"""decisions that stand until another one lifts them, the harsher first"""


@dataclass(frozen=True)
class Decided:
    """A decision, as far as a review rests on it."""

    id: str
    on: dt.date
    kind: str = "adjust"
    by: str = ""
    owner: str = ""
    next: dt.date | None = None
    """the checkpoint it named"""
    rules: tuple[str, ...] | None = None
    """those of the alerts that it was taken on; None: it was taken on the workflow, and answers all"""
    worse: tuple[tuple[str, dt.date], ...] = ()
    """rules whose breach got materially worse after it, and the day of the review that said so"""


@dataclass(frozen=True)
class Redefined:
    """A metric that counts something else than when the charter was registered, on a day, as a version."""

    metric: str
    registered_on: dt.date
    version: int


@dataclass(frozen=True)
class Memory:
    """Of one workflow."""

    decisions: tuple[Decided, ...] = ()
    """oldest first; of several on one day the newest"""
    taken: tuple[Decided, ...] = ()
    """all of them, in the order in which they were recorded"""
    raised: tuple[tuple[str, str, dt.date], ...] = ()
    """rule, alert and day of the review that raised it, of the alerts that are open"""
    decided: Mapping[str, dt.date] = field(default_factory=dict)
    """open alert -> day of the decision that answers it"""
    held: tuple[Held, ...] = ()
    """reviews that were closed"""
    kept_from: dt.date | None = None
    """the day on which its charter was first registered"""
    marks: tuple[Mark, ...] = ()
    redefined: tuple[Redefined, ...] = ()
    """metrics that count something else than when the charter was registered"""
    today: dt.date = dt.date.max
    """what the workspace takes for today: changes registered later than a fixed clock count as of today"""
    standing: tuple[Charter, ...] = ()
    """charters, other than the one in force, under which an alert was raised that is still open"""

    def marks_of(self, rule: str, as_of: dt.date) -> tuple[ChangedAfterBreach, ...]:
        """What is to be shown beside a rule at the end of `as_of`."""
        return tuple(
            m.fact for m in self.marks if m.rule in (rule, None) and min(m.known_on, self.today) <= as_of
        )


NOTHING = Memory()
KINDS_REMEMBERED: tuple[Kind, ...] = (
    "alert_raised",
    "alert_worse",
    "alert_resolved",
    "decision",
    "review_closed",
    "charter",
)
"""what a review depends on; the warehouse's data version counts those that change a verdict or a rule's state"""


def recall(
    warehouse: Warehouse, charters: tuple[Charter, ...], catalog: Mapping[str, Metric]
) -> dict[str, Memory]:
    """Workflow → what is remembered of it, for those with a charter."""
    told: dict[str | None, list[Entry]] = {}
    for entry in entries(warehouse, KINDS_REMEMBERED):
        told.setdefault(entry.workflow, []).append(entry)
    registered = _versions(warehouse)
    zone = ZoneInfo(warehouse.workspace.settings.timezone)
    return {
        charter.workflow: _memory(
            charter,
            told.get(charter.workflow, []),
            registered.get(charter.workflow, []),
            catalog,
            zone,
            warehouse.workspace.today(),
        )
        for charter in charters
    }


def first_registered(warehouse: Warehouse) -> dict[str, dt.date]:
    """Workflow → the day on which its charter was first registered."""
    zone = ZoneInfo(warehouse.workspace.settings.timezone)
    return {name: _day(versions[0].at, zone) for name, versions in _versions(warehouse).items()}


def _versions(warehouse: Warehouse) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for kept in all_charters(warehouse):
        version = Version(kept.version, kept.content, kept.author, kept.registered_at)
        found.setdefault(kept.workflow, []).append(version)
    return found


def _memory(
    charter: Charter,
    told: list[Entry],
    versions: list[Version],
    catalog: Mapping[str, Metric],
    zone: ZoneInfo,
    today: dt.date,
) -> Memory:
    raised = [entry for entry in told if entry.kind == "alert_raised"]
    resolved = {entry.subject for entry in told if entry.kind == "alert_resolved"}
    held = [entry for entry in told if entry.kind == "review_closed"]
    read = _Reader(catalog, charter)
    breaches = [
        Breach(entry.payload["rule"], then, entry.at, _date(entry.payload["as_of"]))
        for entry in raised
        if (then := read(entry.payload["charter"])) is not None
    ]
    standing = {
        entry.payload["charter"]: then
        for entry in raised
        if entry.subject not in resolved
        and entry.payload["charter"] != charter.source
        and (then := read(entry.payload["charter"])) is not None
    }
    taken = decisions_of(told)
    on = {decided.id: decided.on for decided in taken}
    newest = {decided.on: decided for decided in taken}
    return Memory(
        decisions=tuple(sorted(newest.values(), key=lambda decided: decided.on)),
        taken=taken,
        raised=tuple(
            (entry.payload["rule"], entry.subject or "", _date(entry.payload["as_of"]))
            for entry in raised
            if entry.subject not in resolved
        ),
        decided={
            alert.id: on[alert.decision]
            for alert in fold(told)
            if alert.is_open and alert.decision is not None
        },
        held=held_reviews(held),
        kept_from=_day(versions[0].at, zone) if versions else None,
        marks=marks_after_breaches(charter, breaches, versions, read, zone),
        redefined=_redefined(charter, catalog, told, zone),
        today=today,
        standing=tuple(standing.values()),
    )


def _redefined(
    charter: Charter, catalog: Mapping[str, Metric], told: list[Entry], zone: ZoneInfo
) -> tuple[Redefined, ...]:
    registrations = [entry for entry in told if entry.kind == "charter"]
    if not registrations:
        return ()
    newest = registrations[-1]
    others = redefined(charter, catalog, newest.payload.get(DEFINITIONS))
    return tuple(Redefined(name, _day(newest.at, zone), int(newest.payload["version"])) for name in others)


def decisions_of(told: Sequence[Entry]) -> tuple[Decided, ...]:
    """Decisions in the order of the ledger, each with what got worse after it."""
    rule_of = {entry.subject: str(entry.payload["rule"]) for entry in told if entry.kind == "alert_raised"}
    worse = [
        (entry.sequence, rule_of[entry.subject], _date(entry.payload["as_of"]))
        for entry in told
        if entry.kind == "alert_worse" and entry.subject in rule_of
    ]
    found = []
    for entry in told:
        if entry.kind != "decision":
            continue
        payload = entry.payload
        planned, about = payload.get("next_checkpoint"), payload.get("alert")
        found.append(
            Decided(
                entry.subject or "",
                _date(payload["on"]),
                kind=payload["kind"],
                by=entry.by,
                owner=payload["owner"],
                next=_date(planned) if planned else None,
                rules=tuple(rule_of[each] for each in payload["covers"] if each in rule_of)
                if about
                else None,
                worse=tuple((rule, day) for at, rule, day in worse if at > entry.sequence),
            )
        )
    return tuple(found)


def stopped_by(taken: Sequence[Decided]) -> Stopped | None:
    """The harshest pause or stop that no later decision on the workflow, or on the same alert, has lifted."""
    standing: list[Stopped] = []
    about: dict[str, Decided] = {}
    for each in taken:
        standing = [one for one in standing if not _is_on_the_same(each, about[one.decision])]
        about[each.id] = each
        standing += [Stopped(kind, each.id, each.on) for kind in STANDING if kind == each.kind]
    return min(reversed(standing), key=lambda one: STANDING.index(one.kind), default=None)


def _is_on_the_same(one: Decided, other: Decided) -> bool:
    return one.rules is None or other.rules is None or bool({*one.rules} & {*other.rules})


class _Reader:
    """Text of a charter → the charter, each text read once; None where today's metrics can't read it."""

    def __init__(self, catalog: Mapping[str, Metric], known: Charter) -> None:
        self._catalog = catalog
        self._read: dict[str, Charter | None] = {known.source: known}

    def __call__(self, text: str) -> Charter | None:
        if text not in self._read:
            self._read[text] = None
            with suppress(CharterError):
                self._read[text] = parse_charter(text, self._catalog, "an earlier version")
        return self._read[text]


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _day(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    return moment.replace(tzinfo=dt.UTC).astimezone(zone).date()
