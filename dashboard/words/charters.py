"""Charters as sentences and tables: what was agreed, what it can promise, how it came to be so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never
from zoneinfo import ZoneInfo

from leadline.dashboard.words.changes import Catalog
from leadline.dashboard.words.charter_changes import change_words
from leadline.dashboard.words.codes import action_words, open_point_words, rule_state_words
from leadline.dashboard.words.findings import fact_words
from leadline.dashboard.words.formats import (
    NAME_LETTERS,
    counted,
    day,
    listed,
    local,
    magnitude,
    number,
    one_line,
    percent,
    sentence_case,
    shortened,
    within_a_sentence,
)
from leadline.dashboard.words.rules import rule_called, rule_in_words
from leadline.dashboard.words.tables import Cell, Table, label_of, without_empty_columns
from leadline.metrics.agreement.changes import compare, rule_line
from leadline.metrics.agreement.charter import coverage
from leadline.metrics.agreement.charter_versions import CharterVersion
from leadline.metrics.agreement.undefined import without_data
from leadline.metrics.charter_terms import (
    Cascade,
    Charter,
    CheckedBy,
    Gate,
    Layer,
    LayerName,
    Objective,
    Reviewing,
)
from leadline.metrics.findings import CharterChange
from leadline.metrics.promises import RulePromise
from leadline.metrics.results import WorkflowReview
from leadline.metrics.statistics.promise import Delay, Promise

NOT_SAID = "not said yet"


def charter_name(charter: Charter) -> str:
    """The charter's name on one line; the workflow's identity where it has none."""
    return shortened(one_line(charter.name) or one_line(charter.workflow), NAME_LETTERS)


def charter_sentence(charter: Charter, open_points: Sequence[str], version: int | None) -> str:
    """'Lead routing agent: signed by Managing Director on 20 Feb 2026, version 3; nothing is left undefined.'"""
    signed = charter.signed
    by = f"signed by {one_line(signed.by)} on {day(signed.on)}" if signed else "not signed yet"
    kept = f"version {version}" if version else "not registered yet"
    left = (
        "nothing is left undefined" if not open_points else f"{counted(len(open_points), 'point')} undefined"
    )
    return f"{charter_name(charter)}: {by}, {kept}; {left}."


def intent_facts(charter: Charter, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """What it is for, a label and its words each."""
    intent = charter.intent
    said = [f"{one_line(one.says)} ({one_line(one.id)})" for one in charter.positioning]
    return (
        ("Objective", objective_words(intent.objective, catalog) or NOT_SAID),
        ("Audience", one_line(intent.audience) or NOT_SAID),
        ("Context", one_line(intent.context) or NOT_SAID),
        ("Constraints", "; ".join(constraint_words(charter, catalog)) or NOT_SAID),
        *((("Buyers should say", "; ".join(said)),) if said else ()),
        *((("Reviewed", reviewing_words(charter.reviewing)),) if charter.reviewing else ()),
    )


def reviewing_words(agreed: Reviewing) -> str:
    """'20 outputs a week on “accuracy” and “brand”, 20 % of them twice; reviewers must agree by 0.67'"""
    on = listed([f"“{one_line(name)}”" for name in agreed.dimensions], 8)
    return (
        f"{counted(agreed.a_week, 'output')} a week on {on}, {percent(agreed.second_review)} of them twice; "
        f"reviewers must agree by {agreed.agreement:.2g} (Krippendorff's alpha)"
    )


def objective_words(objective: Objective, catalog: Catalog) -> str:
    """'More closed business (proved by close rate, at least 25 %)'; '' where none is agreed."""
    words = one_line(objective.text)
    if not objective.proved_by:
        return words
    target = f", at least {percent(objective.target)}" if objective.target is not None else ""
    return f"{words} (proved by {within_a_sentence(label_of(objective.proved_by, catalog))}{target})"


def constraint_words(charter: Charter, catalog: Catalog) -> tuple[str, ...]:
    """'Reply in the language of the lead (reviewers check “language”)'"""
    return tuple(
        f"{one_line(each.text)} ({_checked_words(each.checked_by, charter, catalog)})"
        for each in charter.intent.constraints
    )


def _checked_words(checked: CheckedBy | None, charter: Charter, catalog: Catalog) -> str:
    """Who or what sees whether a constraint is kept."""
    if checked is None:
        return "nobody checks this"
    match checked.kind:
        case "review":
            return f"reviewers check “{one_line(checked.name)}”"
        case "metric":
            return f"seen in {within_a_sentence(label_of(checked.name, catalog))}"
        case "rule":
            conditions = {rule.id: rule.when.text for rule in charter.stopping_rules}
            called = rule_called(conditions.get(checked.name, ""), checked.name, catalog)
            return f"rule “{called}” watches it"
        case _:
            assert_never(checked.kind)


LAYER_LABELS: dict[LayerName, str] = {
    "business_objective": "Business objective",
    "planning_decision": "Planning decision",
    "instruction": "Instruction",
}


def cascade_facts(charter: Charter, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """From the business objective to the instruction."""
    layers = (charter.cascade or Cascade()).layers
    return tuple((LAYER_LABELS[name], layer_words(layer, catalog) or NOT_SAID) for name, layer in layers)


def layer_words(layer: Layer, catalog: Catalog) -> str:
    """'Answer within ten minutes (steers by response time)'"""
    steers = (
        f" (steers by {within_a_sentence(label_of(layer.steers_by, catalog))})" if layer.steers_by else ""
    )
    return f"{one_line(layer.text)}{steers}"


def watch_facts(charter: Charter, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """What is watched, since when, beside what, and by whom."""
    first, last = charter.baseline.first, charter.baseline.last
    every, lag = charter.checkpoint_weeks, charter.entry_lag_days
    material = f"{percent(charter.materiality_proxy)} for proxies, {percent(charter.materiality_outcome)} for outcomes"
    return (
        ("Owner", owner_words(charter) or NOT_SAID),
        ("Deployed", day(charter.deployed_on)),
        ("Proxies", listed([label_of(name, catalog) for name in charter.proxies], 8) or NOT_SAID),
        ("Outcomes", listed([label_of(name, catalog) for name in charter.outcomes], 8) or NOT_SAID),
        ("Baseline", f"{day(first) if first else 'from the beginning'} to {day(last)}"),
        ("Segments", listed([one_line(name) for name in charter.segments], 8) or "none"),
        ("Material from", material),
        (
            "Checkpoints",
            (f"every {counted(every, 'week')}" if every > 1 else "every week") if every else NOT_SAID,
        ),
        ("Gate", gate_words(charter.gate)),
        ("Late entries", "learned from the imports" if lag is None else f"up to {counted(lag, 'day')}"),
    )


def owner_words(charter: Charter) -> str:
    """'Head of Content, deputy Head of Brand'; '' where nobody is named."""
    deputy = f", deputy {one_line(charter.deputy)}" if charter.deputy else ""
    return f"{one_line(charter.owner)}{deputy}".removeprefix(", ")


def gate_words(gate: Gate) -> str:
    """'closes when it is paused or stopped; open while nobody looks; 10 % are left to people'"""
    match gate.on:
        case "never":
            closes = "never closes"
        case "decision":
            closes = "closes when it is paused or stopped"
        case "breach":
            closes = "closes at a breach that asks for a pause or a stop, until somebody decides"
        case _:
            assert_never(gate.on)
    told = (
        [closes, f"{gate.unknown} while nobody has looked for too long"] if gate.on != "never" else [closes]
    )
    if gate.holdout:
        told.append(f"{percent(gate.holdout)} of the units are left to people")
    return "; ".join(told)


def agreed_rules_table(
    charter: Charter,
    promises: Sequence[RulePromise] | None,
    reviewed: WorkflowReview | None,
    catalog: Catalog,
) -> Table:
    """One row a rule: as agreed, where it stands, and, once reckoned, what it can promise and when it would have
    fired."""
    states = {rule.id: rule for rule in reviewed.rules} if reviewed else {}
    told = {promise.rule.id: promise for promise in promises or ()}
    rows: list[tuple[Cell, ...]] = []
    for rule in charter.stopping_rules:
        state = states.get(rule.id)
        row: list[Cell] = [
            rule.id,
            rule_in_words(rule_line(rule), catalog).removesuffix(f", then {rule.action}"),
            action_words(rule.action),
            rule_state_words(state.state).marked if state else "",
        ]
        if promises is not None:
            row += _promised(told.get(rule.id))
        rows.append(tuple(row))
    headings: tuple[str, ...] = ("Rule", "When", "Then", "Now")
    if promises is not None:
        headings += (
            f"{percent(0.1)} worse is noticed",
            f"{percent(0.2)} worse",
            f"{percent(0.35)} worse",
            "False alarms",
            "Would have fired",
        )
    return without_empty_columns(Table(headings, tuple(rows)))


def _promised(told: RulePromise | None) -> list[Cell]:
    if told is None:
        return ["", "", "", "", ""]
    fired = listed([day(date) for date in told.fired], 3)
    since = f"never since {day(told.replayed_from)}" if told.replayed_from else ""
    if told.promise is None:
        return [fact_words(told.reason), "", "", "", fired or since]
    delays = [
        f"{f'{change}: ' if 'rise' in change else ''}{delay_words(one.median_weeks, one.noticed_in_26_weeks)}"
        for one, change in _delays(told)
    ]
    return [*delays, false_alarm_words(told.promise), fired or since]


def promise_sentence(told: RulePromise) -> str:
    """'Rule floor promises: a fall of 10 % is noticed within 20 weeks (…), …; false alarms: about 1 in 10 months.'"""
    rule = one_line(told.rule.id)
    if told.promise is None:
        return f"Rule {rule} can promise nothing yet: {fact_words(told.reason)}"
    return f"Rule {rule} promises: {_promise_words(told, told.promise)}.{_assumed(told)}"


def rule_promise_line(told: RulePromise, catalog: Catalog) -> str:
    """'Close rate below 15 %: a fall of 10 % is noticed within 20 weeks (…), …; it would have fired on 24 Mar 2024.'"""
    rule = rule_in_words(rule_line(told.rule), catalog).removesuffix(f", then {told.rule.action}")
    if told.promise is None:
        return f"{rule}: nothing yet. {fact_words(told.reason)}"
    fired = f"on {listed([day(date) for date in told.fired], 3)}" if told.fired else "never"
    since = f"since {day(told.replayed_from)} " if told.replayed_from else ""
    return (
        f"{rule}: {_promise_words(told, told.promise)}; {since}it would have fired {fired}.{_assumed(told)}"
    )


def _assumed(told: RulePromise) -> str:
    return f" {flow_words([told])}" if told.joint == "assumed" or told.target is not None else ""


def _promise_words(told: RulePromise, promise: Promise) -> str:
    alarms = f"false alarms: {false_alarm_words(promise)}"
    if all(one.noticed_in_26_weeks is None for one in promise.delays):
        return f"nothing, chance alone breaches it nearly at once; {alarms}"
    delays = [
        f"{change} is noticed {delay_words(one.median_weeks, one.noticed_in_26_weeks)}"
        for one, change in _delays(told)
    ]
    return f"{', '.join(delays)}; {alarms}"


def _delays(told: RulePromise) -> list[tuple[Delay, str]]:
    """Each delay with the change of what the rule watches: 'a fall of 10 %', 'a rise of 11 %'."""
    delays = told.promise.delays if told.promise else ()
    changes = told.changes or tuple((-one.size,) for one in delays)
    return [(one, " or ".join(map(_change, each))) for one, each in zip(delays, changes, strict=True)]


def _change(relative: float) -> str:
    return f"a {'rise' if relative > 0 else 'fall'} of {magnitude(relative)}"


def flow_words(told: Sequence[RulePromise]) -> str:
    """What was taken to hold between deals and appointments, where both are watched, and of what is held against a
    target; '' where nothing was."""
    joint = next((one.joint for one in told if one.joint is not None), None)
    target = next((one.target for one in told if one.target is not None), None)
    said = []
    if joint == "learned":
        said.append("Deals are taken to follow from appointments as they did in the baseline.")
    elif joint == "assumed":
        said.append(
            "Too few deals tell how they follow from appointments: each is taken to be that of a lead with an "
            "appointment, which promises the least."
        )
    if target is not None:
        said.append(
            f"What is held against a target is taken to begin at it ({percent(target)}): where less is reached by now, "
            "it is noticed sooner."
        )
    return " ".join(said)


def delay_words(median_weeks: int | None, within_half_a_year: float | None) -> str:
    """'within 20 weeks (70 % within half a year)': half of the time it takes that long or less."""
    if within_half_a_year is None:
        return "only after a false alarm"
    share = f"{percent(within_half_a_year, 0)} within half a year"
    if median_weeks is None:
        return f"mostly not within a year ({share})"
    return f"within {counted(median_weeks, 'week')} ({share})"


def false_alarm_words(promise: Promise) -> str:
    """Expected breaches a year where nothing changes, as people count: 'about 1 in 47 years'."""
    rate = promise.false_alarms_a_year
    if rate <= 0:
        return f"none in {number(promise.histories)} simulated years"
    if rate >= 1.5:
        return f"about {number(rate, 0)} a year"
    months = 12 / rate
    return (
        f"about 1 in {counted(round(months), 'month')}"
        if months < 24
        else f"about 1 in {number(round(1 / rate))} years"
    )


def versions_table(
    versions: Sequence[CharterVersion], read: Sequence[Charter | None], zone: ZoneInfo
) -> Table:
    """One row a version, newest first. `read`: the versions' texts as charters, None where that fails."""
    rows: list[tuple[Cell, ...]] = []
    for place, version in enumerate(versions):
        changes = difference(read[place - 1], read[place]) if place else ["The first version."]
        if place and versions[place - 1].content == version.content:
            changes = ["What its metrics count."]
        rows.append(
            (
                version.version,
                local(version.registered_at, zone),
                version.author,
                version.reason,
                " ".join(changes) or "Only the wording of the file.",
            )
        )
    return Table(("Version", "Registered", "By", "Why", "What changed"), tuple(reversed(rows)))


def difference(before: Charter | None, after: Charter | None) -> list[str]:
    """What was agreed differently, one sentence each."""
    if before is None or after is None:
        return ["One of the two texts can't be read with today's metrics."]
    return [sentence_case(change_words(change)) for change in compare(before, after)]


def marked(change: CharterChange) -> bool:
    """True for what should be looked at twice before it is registered: a rule or its yardstick made easier."""
    return change.direction == "looser" or change.what in ("baseline_moved", "deployment")


def open_points(
    charter: Charter, catalog: Catalog, reviewed: WorkflowReview | None = None
) -> tuple[str, ...]:
    """What is not agreed, or agreed and without data, a sentence each; without a review, only the former."""
    lacking = without_data(charter, catalog, reviewed) if reviewed else ()
    return (*map(open_point_words, coverage(charter)), *(fact_words(fact) for fact in lacking))
