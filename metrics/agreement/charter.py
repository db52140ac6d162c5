"""What was agreed for one workflow before deployment: intent, cascade, watch list, rules, checkpoints.

A charter is one YAML file (docs/charter.md). Reading one reports every fault at once, each with its line and
with what to write instead; what is merely not agreed yet is no fault, `coverage` says it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

from leadline.data.documents.faults import faults_error, listing, nearest, shown
from leadline.data.documents.read import read_document, read_file
from leadline.data.documents.values import Section
from leadline.data.errors import CharterError
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.agreement import charter_intent
from leadline.metrics.agreement.catalog import Metric, Role, load_catalog, templates_read
from leadline.metrics.agreement.conditions import (
    UnclearError,
    no_target,
    parse_condition,
    parse_days,
    parse_recovery,
    parse_share,
    parse_target,
    parse_weeks,
    understood,
)
from leadline.metrics.charter_terms import (
    CHECKPOINT_MISSED,
    Action,
    Baseline,
    BrandPromise,
    Cascade,
    Charter,
    Condition,
    Gate,
    GateOn,
    GateUnknown,
    Intent,
    Reviewing,
    Signature,
    StoppingRule,
    Yardstick,
)

__all__ = [
    "KEYS",
    "Action",
    "Baseline",
    "Cascade",
    "Charter",
    "Condition",
    "Intent",
    "Signature",
    "StoppingRule",
    "charter_template",
    "coverage",
    "load_charters",
    "parse_charter",
]

Word = TypeVar("Word", bound=str)

OpenPoint = Literal[
    "outcomes",
    "proxies",
    "owner",
    "stopping_rules",
    "checkpoints",
    "signed",
    "intent.objective",
    "intent.audience",
    "intent.context",
    "intent.constraints",
    "cascade.business_objective",
    "cascade.planning_decision",
    "cascade.instruction",
]
"""what a charter may leave open, each by the key that would say it"""
KEYS: dict[str, tuple[str, ...]] = {
    "": ("workflow", "name", "owner", "deputy", "deployed_on", "intent", "cascade", "positioning", "reviewing", "watch",
         "stopping_rules", "checkpoints", "gate", "entry_lag", "signed"),
    "positioning": ("id", "says", "yes", "no"),
    "reviewing": ("dimensions", "a_week", "second_review", "agreement"),
    "watch": ("proxies", "outcomes", "baseline", "segments", "materiality"),
    "watch.baseline": ("from", "to"),
    "watch.materiality": ("proxy", "outcome"),
    "stopping_rules": ("id", "when", "for", "min_sample", "recover", "action"),
    "checkpoints": ("every",),
    "gate": ("on", "unknown", "holdout"),
    "signed": ("by", "on"),
    "watch.outcomes": ("metric", "target", "baseline"),
    "watch.outcomes.baseline": ("from", "to"),
    **charter_intent.KEYS,
}  # fmt: skip
"""Every key a charter may hold, by the group it stands in."""

MOST_PROMISES = 5
UNNAMED = ("other", "cannot-say", "not-asked")
"""what stands where no agreed promise is named; no promise's id"""
MOST_DIMENSIONS = 8
MOST_REVIEWS = 100_000
LONGEST_FOR = 52
LONGEST_CHECKPOINT = 52
LONGEST_ENTRY_LAG = 180
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
_SHORT_TEXT = 200


def charter_template() -> str:
    """The commented example that a new workspace begins with; a valid charter."""
    return (
        resources.files("leadline.metrics.agreement")
        .joinpath("charter_template.yaml")
        .read_text(encoding="utf-8")
    )


def load_charters(workspace: Workspace, catalog: Mapping[str, Metric]) -> tuple[Charter, ...]:
    """Every charter of the workspace, by file name. Files that are empty or only comments are passed over.

    Raises CharterError with every fault of every file; two files for one workflow are a fault.
    """
    charters, unread = read_charters(workspace, catalog)
    if unread:
        raise faults_error(f"The folder {workspace.charters.name}", tuple(chain(*unread.values())))
    return charters


def read_charters(
    workspace: Workspace, catalog: Mapping[str, Metric]
) -> tuple[tuple[Charter, ...], dict[Path, tuple[str, ...]]]:
    """The charters that can be read, by file name; and the faults of the files that can't be."""
    charters: list[Charter] = []
    file_of: dict[str, str] = {}
    unread: dict[Path, tuple[str, ...]] = {}
    files = [f for f in workspace.charters.glob("*") if f.suffix.lower() in (".yaml", ".yml") and f.is_file()]
    for file in sorted(files):
        try:
            text = read_file(file)
            if read_document(text, file.name)[0] is None:
                continue
            charter = parse_charter(text, catalog, file.name)
        except CharterError as e:
            unread[file] = e.faults
            continue
        if charter.workflow in file_of:
            unread[file] = (
                f'{file.name}, line 1: workflow "{charter.workflow}" already has a charter in '
                f"{file_of[charter.workflow]}; keep one of the two files.",
            )
            continue
        file_of[charter.workflow] = file.name
        charters.append(charter)
    return tuple(charters), unread


def templates_watched(workspace: Workspace) -> frozenset[str] | None:
    """Templates whose rows the metrics of any charter rest on; None where there is no charter yet.

    Raises CharterError as `load_charters` does.
    """
    catalog = load_catalog(workspace)
    charters = load_charters(workspace, catalog)
    if not charters:
        return None
    return templates_read(catalog[name] for one in charters for name in (*one.proxies, *one.outcomes))


def parse_charter(text: str, catalog: Mapping[str, Metric], file_name: str) -> Charter:
    """The charter that a YAML text states. Raises CharterError with every fault, each with its line."""
    text = text.replace("\r\n", "\n")  # the same charter, wherever it was saved
    root, faults = read_document(text, file_name)
    if root is None:
        faults.add(
            0, "the file is empty; write a charter, beginning with 'workflow: ' and the workflow's name."
        )
        raise faults.error()
    faults.homes = {key: group for group, keys in reversed(KEYS.items()) if group for key in keys}
    top = root.section(KEYS[""])
    charter = _charter(top, catalog, text) if top else None
    if charter is None or faults.found:
        raise faults.error()
    return charter


def agreed_terms(text: str, catalog: Mapping[str, Metric]) -> Charter | None:
    """What a charter agrees on whom it is of, who answers and when it stops, whatever else in it can't be read; None
    where it does not say of which workflow it is, and since when. Not to be judged by: what it watches may lack."""
    with suppress(CharterError):
        root, _ = read_document(text.replace("\r\n", "\n"), "")
        top = root.section(KEYS[""]) if root else None
        return _charter(top, catalog, text) if top else None
    return None


def coverage(charter: Charter) -> tuple[OpenPoint, ...]:
    """What is not agreed yet; () for a charter that leaves nothing open."""
    intent, cascade = charter.intent, charter.cascade or Cascade()
    agreed: dict[OpenPoint, object] = {
        "outcomes": charter.outcomes,
        "proxies": charter.proxies,
        "owner": charter.owner,
        "stopping_rules": charter.stopping_rules,
        "checkpoints": charter.checkpoint_weeks,
        "signed": charter.signed,
        "intent.objective": intent.objective,
        "intent.audience": intent.audience,
        "intent.context": intent.context,
        "intent.constraints": intent.constraints,
        "cascade.business_objective": cascade.business_objective,
        "cascade.planning_decision": cascade.planning_decision,
        "cascade.instruction": cascade.instruction,
    }
    return tuple(point for point, said in agreed.items() if not said)


def _charter(top: Section, catalog: Mapping[str, Metric], source: str) -> Charter | None:
    """The charter of a file's keys; None where what identifies it is missing or faulty (a fault says so)."""
    workflow = _named(top, "workflow", "workflow: lead-routing")
    deployed_on = top.date("deployed_on")
    if top.get("deployed_on") is None:
        top.faults.add(
            top.line_of("deployed_on"),
            "deployed_on is missing; add the day on which the workflow went live, such as "
            "deployed_on: 2024-01-01.",
        )
    watch = top.section("watch", KEYS["watch"])
    proxies = tuple(_metrics(watch, "proxies", "proxy", catalog))
    outcomes = _metrics(watch, "outcomes", "outcome", catalog, proxies)
    if not any(watch.get(key) for key in ("proxies", "outcomes")) if watch else top.get("watch") is None:
        top.faults.add(
            top.line_of("watch"),
            "nothing is watched; add 'watch:' and under it 'outcomes: [close_rate]', for example.",
        )
    materiality = watch.section("materiality", KEYS["watch.materiality"]) if watch else None
    baseline = _baseline(watch, deployed_on)
    rules = _rules(top, catalog, {*proxies, *outcomes})
    intent = charter_intent.read_intent(top, catalog, rules)
    checkpoints = top.section("checkpoints", KEYS["checkpoints"])
    every = checkpoints.get("every") if checkpoints else None
    if every is None and any(rule.when.verdict == CHECKPOINT_MISSED for rule in rules):
        top.faults.add(
            top.line_of("stopping_rules"),
            "a rule waits for a missed checkpoint, but none is agreed; add 'checkpoints: {every: 1 week}'.",
        )
    charter = Charter(
        workflow=workflow or "",
        name=_line(top, "name") or workflow or "",
        owner=_line(top, "owner"),
        deputy=_line(top, "deputy"),
        deployed_on=deployed_on or dt.date.max,
        baseline=baseline,
        proxies=proxies,
        outcomes=tuple(outcomes),
        yardsticks=charter_intent.with_objective(
            top, intent.objective, _yardsticks(outcomes, catalog), outcomes
        ),
        segments=_segments(watch),
        materiality_proxy=_materiality(materiality, "proxy", 0.05),
        materiality_outcome=_materiality(materiality, "outcome", 0.10),
        stopping_rules=rules,
        checkpoint_weeks=understood(every, lambda text: parse_weeks(text, LONGEST_CHECKPOINT), None),
        entry_lag_days=understood(
            top.get("entry_lag"), lambda text: parse_days(text, LONGEST_ENTRY_LAG), None
        ),
        gate=_gate(top),
        intent=intent,
        cascade=charter_intent.read_cascade(top, catalog),
        positioning=tuple(_positioning(top)),
        reviewing=_reviewing(top),
        signed=_signature(top),
        source=source,
    )
    return charter if workflow and deployed_on else None


def _line(section: Section, key: str) -> str:
    """A short text on one line."""
    return " ".join(section.text(key, _SHORT_TEXT).split())


def _named(section: Section, key: str, example: str) -> str | None:
    """An identity that is safe as a file name."""
    value = section.get(key)
    if value is None:
        name = f"{section.name}.{key}" if section.name else key
        section.faults.add(section.line_of(key), f"{name} is missing; add one such as '{example}'.")
        return None
    written = value.scalar("a name")
    if written is not None and not _NAME.fullmatch(written):
        value.fault(
            f"{value.name} is {shown(written)}; use up to 64 letters, digits, - _ and ., beginning with a "
            "letter or digit and not ending with a full stop, such as lead-routing."
        )
        return None
    return written


def _metrics(
    watch: Section | None,
    key: str,
    role: Role,
    catalog: Mapping[str, Metric],
    elsewhere: tuple[str, ...] = (),
) -> dict[str, Section | None]:
    """The metrics named under watch.proxies or watch.outcomes, with the group of an outcome that is written as one.

    Those of the other role are faults, and those that stand `elsewhere`, under the other key, too.
    """
    known = [name for name, metric in catalog.items() if metric.role == role]
    found: dict[str, Section | None] = {}
    for item in watch.items(key, f"a list such as [{known[0]}]") if watch else ():
        group = item.section(KEYS["watch.outcomes"]) if item.is_group and role == "outcome" else None
        if group is not None and group.get("metric") is None:
            item.fault("this outcome has no metric; write {metric: close_rate, target: 20%}, for example.")
            continue
        name = group.text("metric", _SHORT_TEXT) if group else item.text(_SHORT_TEXT)
        metric = catalog.get(name)
        if not name:
            continue
        if metric is None:
            every = f"; the {key} are {listing(known, 'and')}."
            item.fault(f"metric {shown(name)} is not known{item.faults.nearest(name, catalog, every)}")
        elif not metric.may_be(role):
            other = "outcomes" if metric.role == "outcome" else "proxies"
            article = "an outcome" if metric.role == "outcome" else "a proxy"
            item.fault(f"{name} is {article}; move it to watch.{other}.")
        elif name in found:
            item.fault(f"{name} stands twice in watch.{key}; remove one.")
        elif name in elsewhere:
            item.fault(
                f"{name} is watched as a proxy already; it can't be held against itself, so remove one."
            )
        else:
            found[name] = group
    return found


def _yardsticks(
    outcomes: Mapping[str, Section | None], catalog: Mapping[str, Metric]
) -> tuple[Yardstick, ...]:
    """What outcomes are compared with instead of the baseline of all."""
    found = []
    for name, group in outcomes.items():
        if group is None:
            continue
        metric = catalog[name]
        span, target = group.section("baseline", KEYS["watch.outcomes.baseline"]), group.get("target")
        if target is not None and span is not None:
            target.fault(f"{metric.id} has a target and a baseline of its own; keep one of the two.")
        elif target is not None and metric.kind != "rate":
            target.fault(no_target(metric, target))
        elif target is not None:
            share = understood(target, parse_target, None)
            found += [Yardstick(metric.id, target=share)] if share else []
        elif span is not None and (own := _own_baseline(span)):
            found.append(Yardstick(metric.id, baseline=own))
    return tuple(found)


def _own_baseline(span: Section) -> Baseline | None:
    """Both days are needed: nothing else says where it ends."""
    first, last = span.date("from"), span.date("to")
    missing = [key for key in ("from", "to") if span.get(key) is None]
    if missing:
        span.faults.add(span.line, f"{span.name} has no '{missing[0]}'; write both days, from and to.")
    elif first and last and first > last:
        span.values["from"].fault(
            f"{span.name}.from is {first}, after {span.name}.to ({last}); exchange the two or correct one."
        )
    elif first and last:
        return Baseline(first, last)
    return None


def _segments(watch: Section | None) -> tuple[str, ...]:
    segments: dict[str, None] = {}
    for item in watch.items("segments", "a list of columns such as [channel, region]") if watch else ():
        name = " ".join(item.text(64).split())
        if name in segments:
            item.fault(f"{shown(name)} stands twice in watch.segments; remove one.")
        elif name:
            segments[name] = None
    return tuple(segments)


def _baseline(watch: Section | None, deployed_on: dt.date | None) -> Baseline:
    """The span compared with; it ends before the deployment, whose effect it must not hold."""
    span = watch.section("baseline", KEYS["watch.baseline"]) if watch else None
    first = span.date("from") if span else None
    last = span.date("to") if span else None
    if span and last and deployed_on and last >= deployed_on:
        span.values["to"].fault(
            f"watch.baseline.to is {last}, but the workflow was deployed on {deployed_on}; "
            f"let the baseline end on {deployed_on - dt.timedelta(days=1)} or before."
        )
    to_known = last is not None
    last = last or (deployed_on or dt.date.max) - dt.timedelta(days=1)
    if span and first and first > last and (to_known or span.get("to") is None):
        to = "the day before deployed_on" if span.get("to") is None else "watch.baseline.to"
        span.values["from"].fault(
            f"watch.baseline.from is {first}, after {to} ({last}); exchange the two or correct one."
        )
    return Baseline(first, last)


def _materiality(section: Section | None, key: str, otherwise: float) -> float:
    """A share above 0 and below 1."""

    def parse(text: str) -> float:
        share = parse_share(text)
        if not 0 < share < 1:
            raise UnclearError(f"write a percentage above 0% and below 100%, such as {otherwise:.0%}.")
        return share

    return understood(section.get(key) if section else None, parse, otherwise)


def _rules(top: Section, catalog: Mapping[str, Metric], watched: set[str]) -> tuple[StoppingRule, ...]:
    rules: list[StoppingRule] = []
    line_of: dict[str, int] = {}
    for item in top.items("stopping_rules", "a list, each entry beginning with '- id: '"):
        section = item.section(KEYS["stopping_rules"])
        if section is None:
            if item.is_empty:
                item.fault("this stopping rule is empty; write id, when and action, or remove the dash.")
            continue
        rule_id = _named(section, "id", "id: close-rate-floor")
        if rule_id in line_of:
            section.values["id"].fault(
                f'"{rule_id}" is already the id of the rule on line {line_of[rule_id]}; give each its own.'
            )
        elif rule_id:
            line_of[rule_id] = section.line_of("id")
        if rule := _rule(rule_id or "", section, catalog, watched):
            rules.append(rule)
    return tuple(rules)


def _rule(
    rule_id: str, section: Section, catalog: Mapping[str, Metric], watched: set[str]
) -> StoppingRule | None:
    for key, example in (("when", "when: close_rate < 15%"), ("action", "action: pause")):
        if section.get(key) is None:
            section.faults.add(
                section.line_of(key), f"stopping_rules.{key} is missing; add one such as '{example}'."
            )
    condition = understood(section.get("when"), lambda text: parse_condition(text, catalog, watched), None)
    action = understood(section.get("action"), _action, None)
    weeks = understood(section.get("for"), lambda text: parse_weeks(text, LONGEST_FOR), 1)
    sample = section.get("min_sample")
    least = condition.least_sample if condition else 30
    min_sample = (sample.whole_number(1, 1_000_000_000, "30") if sample else None) or least
    recover = None
    if condition is not None:
        when = condition
        recover = understood(section.get("recover"), lambda text: parse_recovery(text, when, catalog), None)
    if condition is None or action is None:
        return None
    return StoppingRule(rule_id, condition, action, weeks, min_sample, recover)


def _action(text: str) -> Action:
    return cast(Action, _one_of(get_args(Action), text))


def _one_of(known: tuple[Word, ...], text: str) -> Word:
    """The word of a closed set, in either case."""
    for word in known:
        if text.lower() == word:
            return word
    guess = nearest(text, known)
    raise UnclearError(f"did you mean {guess}?" if guess else f"write {listing(known)}.")


def _gate(top: Section) -> Gate:
    section = top.section("gate", KEYS["gate"])
    if section is None:
        return Gate()

    def holdout(text: str) -> float:
        share = parse_share(text)
        if not 0 < share < 1:
            raise UnclearError("write a percentage above 0% and below 100%, such as 10%.")
        return share

    return Gate(
        on=understood(section.get("on"), lambda text: _one_of(get_args(GateOn), text), Gate.on),
        unknown=understood(
            section.get("unknown"), lambda text: _one_of(get_args(GateUnknown), text), Gate.unknown
        ),
        holdout=understood(section.get("holdout"), holdout, Gate.holdout),
    )


def _positioning(top: Section) -> Iterator[BrandPromise]:
    """What buyers should be able to say: one to five promises, each under an id by which conversations are coded."""
    line_of: dict[str, int] = {}
    items = top.items("positioning", "a list, each entry beginning with '- id: '")
    if len(items) > MOST_PROMISES:
        top.faults.add(
            top.line_of("positioning"),
            f"positioning has {len(items)} promises; name the one to {MOST_PROMISES} that buyers should say.",
        )
    for item in items:
        section = item.section(KEYS["positioning"])
        if section is None:
            if item.is_empty:
                item.fault("this promise is empty; write id and says, or remove the dash.")
            continue
        name, says = _named(section, "id", "id: one-source"), _line(section, "says")
        if section.get("says") is None:
            section.faults.add(
                section.line,
                "positioning.says is missing; add the promise, such as 'says: One place for all'.",
            )
        folded = (name or "").casefold()
        if folded.replace("_", "-") in UNNAMED:
            section.values["id"].fault(
                f"{shown(name or '')} is what a coder marks where no promise is named."
            )
        elif folded in line_of:
            section.values["id"].fault(
                f'"{name}" is already the id of the promise on line {line_of[folded]}; give each its own.'
            )
        elif name:
            line_of[folded] = section.line_of("id")
        examples = {
            key: tuple(
                text for one in section.items(key, "a list of sentences") if (text := one.text(_SHORT_TEXT))
            )
            for key in ("yes", "no")
        }
        if name and says:
            yield BrandPromise(name, says, examples["yes"], examples["no"])


def _reviewing(top: Section) -> Reviewing | None:
    """How outputs are looked at by people: on what, how many a week, how many of them twice, agreeing how well."""
    section = top.section("reviewing", KEYS["reviewing"])
    if section is None:
        return None
    dimensions: dict[str, None] = {}
    for item in section.items("dimensions", "a list such as [accuracy, brand]"):
        name = " ".join(item.text(64).split())
        if name.casefold() in {known.casefold() for known in dimensions}:
            item.fault(f"{shown(name)} stands twice in reviewing.dimensions; remove one.")
        elif name:
            dimensions[name] = None
    if not dimensions and not section.faults.found:
        section.faults.add(
            section.line, "reviewing names no dimensions; add 'dimensions: [accuracy, brand]', for example."
        )
    if len(dimensions) > MOST_DIMENSIONS:
        section.values["dimensions"].fault(
            f"reviewing.dimensions has {len(dimensions)}; a reviewer can hold {MOST_DIMENSIONS} at most."
        )
    a_week = section.get("a_week")
    return Reviewing(
        dimensions=tuple(dimensions),
        a_week=(a_week.whole_number(1, MOST_REVIEWS, "20") if a_week else None) or Reviewing.a_week,
        second_review=understood(section.get("second_review"), _second_review, Reviewing.second_review),
        agreement=understood(section.get("agreement"), _agreement, Reviewing.agreement),
    )


def _second_review(text: str) -> float:
    share = parse_share(text)
    if not 0 <= share <= 1:
        raise UnclearError("write a percentage from 0% to 100%, such as 20%.")
    return share


def _agreement(text: str) -> float:
    with suppress(ValueError):
        if 0 < (alpha := float(text)) <= 1:
            return alpha
    raise UnclearError("write a number above 0 and up to 1 (Krippendorff's alpha), such as 0.67.")


def _signature(top: Section) -> Signature | None:
    section = top.section("signed", KEYS["signed"])
    if section is None:
        return None
    for key, example in (("by", "by: Managing Director"), ("on", "on: 2023-12-15")):
        if section.get(key) is None:
            section.faults.add(section.line_of(key), f"signed.{key} is missing; add it as '{example}'.")
    by, on = _line(section, "by"), section.date("on")
    return Signature(by, on) if by and on else None
