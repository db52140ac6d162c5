"""Before a workflow is expanded: about a dozen questions, each answered from what was agreed, landed, seen and decided.

No answer is a tick in a box. `because` names why as a code with numbers; `dashboard/words/readiness.py` words it. A
workflow is ready where every answer is yes; where some are unknown and none is worse, it can't be said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from leadline.data.engines.engine import ask
from leadline.data.warehouse import Warehouse
from leadline.metrics.agreement.alerts import Alert, alerts
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.checkpoints import checkpoints
from leadline.metrics.agreement.decisions import Decision, decide_by, decisions
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.held_reviews import held_reviews
from leadline.metrics.agreement.intent_gaps import Gap, is_vague
from leadline.metrics.agreement.workflow_history import first_registered
from leadline.metrics.charter_terms import Cascade, Charter
from leadline.metrics.landed_words import charter_gaps
from leadline.metrics.outputs.briefs import Briefed, briefed
from leadline.metrics.promises import RulePromise
from leadline.metrics.results import WorkflowReview
from leadline.metrics.sql import read_sql
from leadline.metrics.verdicts import ALIGNED, DATA_PROBLEM, TOO_EARLY, meaning

AnswerCode = Literal["yes", "partly", "no", "cant_say"]
Ready = Literal["yes", "not_yet", "cant_say"]
QuestionGroup = Literal["intent", "execution", "validation", "stopping"]
Asks = Literal[
    "objective",
    "layers",
    "constraints",
    "briefs",
    "people",
    "reviewed",
    "outcome",
    "data",
    "rules",
    "decided",
    "helped",
    "gate",
    "owner",
    "looked",
]
GROUPS: Mapping[Asks, QuestionGroup] = {
    "objective": "intent",
    "layers": "intent",
    "constraints": "intent",
    "briefs": "execution",
    "people": "execution",
    "reviewed": "validation",
    "outcome": "validation",
    "data": "validation",
    "rules": "stopping",
    "decided": "stopping",
    "helped": "stopping",
    "gate": "stopping",
    "owner": "stopping",
    "looked": "stopping",
}
OUTPUT_WEEKS = 12
"""of what entered, for the share with a brief"""
REVIEW_WEEKS = 4
"""of reviews and of questions to the gate"""
BRIEFED_ENOUGH = 0.9
REVIEWS_ENOUGH = 20
"""in REVIEW_WEEKS, where the charter agrees on no number; where fewer entered, all of them"""
NOTICED_SIZE = 0.35
NOTICED_ENOUGH = 0.5
"""share of histories in which a rule notices a fall of NOTICED_SIZE within half a year, from which on it can fire"""
CHECKPOINTS_LOOKED_AT = 6

Number = float | int | str | None


@dataclass(frozen=True)
class Answer:
    """One question and what is known of it."""

    asks: Asks
    answer: AnswerCode
    why: str
    """which case of the answer it is: 'none', 'unproved', …"""
    numbers: Mapping[str, Number] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """of rules, metrics, constraints or layers that it names; of layers that lack something: place, what it lacks and
    metric of each"""

    @property
    def group(self) -> QuestionGroup:
        return GROUPS[self.asks]


@dataclass(frozen=True)
class Readiness:
    workflow: str
    name: str
    as_of: dt.date
    answers: tuple[Answer, ...]
    monthly_outputs: int | None = None
    """of the last weeks, in four weeks"""

    @property
    def ready(self) -> Ready:
        found = {each.answer for each in self.answers}
        if found & {"no", "partly"}:
            return "not_yet"
        return "cant_say" if "cant_say" in found else "yes"


def worst(found: Sequence[Readiness]) -> Ready:
    """Of several; of none it can't be said."""
    told = {each.ready for each in found}
    return "not_yet" if "not_yet" in told else "yes" if told == {"yes"} else "cant_say"


def unagreed(workflow: str, as_of: dt.date) -> Readiness:
    """Of a workflow that has rows and no charter: nothing was agreed, so that nothing can be asked of it."""
    none = (
        Answer(asks, "no", "no_charter") for asks in ("objective", "layers", "constraints", "rules", "owner")
    )
    unknown = (Answer(asks, "cant_say", "no_charter") for asks in ("outcome", "data"))
    return Readiness(workflow, workflow, as_of, (*none, *unknown))


def readiness(
    warehouse: Warehouse,
    reviewed: WorkflowReview,
    catalog: Mapping[str, Metric],
    promises: Sequence[RulePromise],
    as_of: dt.date,
    asked_on: Sequence[dt.date] = (),
    looked_on: dt.date | None = None,
) -> Readiness:
    """One workflow as reviewed at the end of `as_of`. `promises`: what each of its rules can; `asked_on`: days on which
    its gate was asked that the ledger does not have yet; `looked_on`: when somebody last looked at a review of it."""
    charter = reviewed.charter
    if charter is None:
        return unagreed(reviewed.workflow, as_of)
    first = as_of - dt.timedelta(weeks=OUTPUT_WEEKS) + dt.timedelta(days=1)
    outputs = briefed(warehouse, charter.workflow, first, as_of)
    gaps = charter_gaps(warehouse, charter, reviewed.linkages)
    taken = decisions(warehouse, charter.workflow)
    answers = (
        _objective(charter, reviewed, catalog),
        _layers(charter, reviewed, gaps),
        _constraints(charter, gaps),
        *_briefs(outputs),
        *_people(charter, reviewed, catalog),
        _reviewed(warehouse, charter, reviewed, outputs, as_of),
        _outcome(reviewed),
        _data(reviewed),
        _rules(charter, promises),
        _decided(warehouse, charter, reviewed, taken, as_of),
        *_helped(reviewed),
        _gate(warehouse, charter, asked_on, as_of),
        _owner(charter),
        _looked(warehouse, charter, looked_on, as_of),
    )
    monthly = round((outputs.total or outputs.came_in) * 4 / OUTPUT_WEEKS) or None
    return Readiness(charter.workflow, charter.name, as_of, answers, monthly)


def _objective(charter: Charter, reviewed: WorkflowReview, catalog: Mapping[str, Metric]) -> Answer:
    objective = charter.intent.objective
    if not objective:
        return Answer("objective", "no", "none")
    proof = objective.proved_by
    if not proof:
        return Answer("objective", *(("no", "vague") if is_vague(objective.text) else ("partly", "unproved")))
    names = (catalog[proof].label if proof in catalog else proof,)
    if proof not in charter.outcomes:
        is_proxy = proof in charter.proxies
        return Answer("objective", "partly", "is_proxy" if is_proxy else "unwatched", names=names)
    verdicts = {pair.verdict for pair in reviewed.pairs if pair.outcome == proof}
    if not verdicts or DATA_PROBLEM in verdicts:
        return Answer("objective", "cant_say", "not_judged", names=names)
    return Answer(
        "objective", *(("partly", "too_early") if TOO_EARLY in verdicts else ("yes", "judged")), names=names
    )


def _layers(charter: Charter, reviewed: WorkflowReview, gaps: Sequence[Gap]) -> Answer:
    layers = (charter.cascade or Cascade()).layers
    said = [layer for _, layer in layers if layer]
    numbers: dict[str, Number] = {
        "layers": len(layers),
        "said": len(said),
        "steering": sum(bool(layer.steers_by) for layer in said),
    }
    broken = [gap for gap in gaps if gap.code == "no_longer_predicts"]
    if not said:
        return Answer("layers", "no", "none", numbers)
    if broken:
        lowest = broken[-1]
        link = lowest.linkage
        odds = {"odds_before": link.baseline.value, "odds_now": link.now.value} if link else {}
        outcome = (link.outcome,) if link else ()
        return Answer("layers", "no", "broken", {**numbers, **odds}, (lowest.place, lowest.metric, *outcome))
    if not numbers["steering"]:
        return Answer("layers", "no", "unsteered", numbers)
    loose: list[tuple[str, str, str]] = [
        (gap.place, gap.code, gap.metric) for gap in gaps if gap.code in ("unsteered", "steer_unwatched")
    ]
    loose += [(name, "unsaid", "") for name, layer in layers if not layer]
    if loose:
        return Answer("layers", "partly", "some", numbers, tuple(part for gap in loose for part in gap))
    return Answer("layers", "yes", "all", numbers)


def _constraints(charter: Charter, gaps: Sequence[Gap]) -> Answer:
    agreed = len(charter.intent.constraints)
    unchecked = tuple(gap.text for gap in gaps if gap.place == "constraint")
    loose = len(unchecked)
    numbers: dict[str, Number] = {"constraints": agreed, "checked": agreed - loose}
    if not agreed:
        return Answer("constraints", "no", "none", numbers)
    answer: AnswerCode = "yes" if not loose else "no" if loose == agreed else "partly"
    return Answer("constraints", answer, "counted", numbers, unchecked)


def _briefs(outputs: Briefed) -> Iterator[Answer]:
    """Nothing where a workflow produces nothing that could name one: it answers what comes in."""
    if outputs.came_in and not outputs.total:
        return
    complete, total = outputs.by_completeness["complete"], outputs.total
    numbers: dict[str, Number] = {
        "outputs": total,
        "complete": complete,
        "incomplete": outputs.by_completeness["incomplete"],
        "weeks": OUTPUT_WEEKS,
    }
    if not total:
        yield Answer("briefs", "cant_say", "no_outputs", numbers)
        return
    share = complete / total
    answer: AnswerCode = "yes" if share >= BRIEFED_ENOUGH else "partly" if complete else "no"
    yield Answer("briefs", answer, "counted", {**numbers, "share": share})


def _people(charter: Charter, reviewed: WorkflowReview, catalog: Mapping[str, Metric]) -> Iterator[Answer]:
    """Of the outcome that decides the verdict, else the first; nothing where nobody but the agent handles units."""
    found = reviewed.causes.people
    deciding = reviewed.lead_pair.outcome if reviewed.lead_pair else ""
    told = next((one for one in found if one.outcome == deciding), found[0] if found else None)
    if told is None:
        if charter.gate.holdout:
            yield Answer("people", "cant_say", "unrecorded", {"holdout": charter.gate.holdout})
        return
    ratio = told.ratio
    numbers: dict[str, Number] = {
        "agent": told.agent,
        "human": told.human,
        "weeks": told.weeks,
        "notices_in": told.notices_in,
    }
    if ratio is None:
        yield Answer("people", "cant_say", "too_few", numbers, (told.outcome,))
        return
    numbers |= {"ratio": ratio.value, "low": ratio.low, "high": ratio.high}
    higher_is_better = catalog[told.outcome].higher_is_better
    is_worse = told.is_clear and (ratio.value < 1) == higher_is_better
    yield Answer(
        "people", "no" if is_worse else "yes", "worse" if is_worse else "as_good", numbers, (told.outcome,)
    )


def _reviewed(
    warehouse: Warehouse, charter: Charter, reviewed: WorkflowReview, outputs: Briefed, as_of: dt.date
) -> Answer:
    first = as_of - dt.timedelta(weeks=REVIEW_WEEKS) + dt.timedelta(days=1)
    span = {"workflow": charter.workflow, "first": first, "through": as_of}
    ((items, twice),) = ask(warehouse, read_sql("outputs/items_reviewed.sql"), span)
    reviewers = len(ask(warehouse, read_sql("outputs/reviewed.sql"), span))
    agreed = charter.reviewing
    wanted = REVIEW_WEEKS * agreed.a_week if agreed else REVIEWS_ENOUGH
    entered = round((outputs.total or outputs.came_in) * REVIEW_WEEKS / OUTPUT_WEEKS)
    wanted = min(wanted, entered) if entered else wanted
    numbers: dict[str, Number] = {
        "reviewed": int(items),
        "reviewers": reviewers,
        "twice": int(twice),
        "wanted": wanted,
        "weeks": REVIEW_WEEKS,
    }
    if not items:
        return Answer("reviewed", "no", "none", numbers)
    told = [one for one in reviewed.validation.seen if one.is_told and one.agreement.alpha is not None]
    names: tuple[str, ...] = ()
    if told:
        worst_seen = min(told, key=lambda one: one.agreement.alpha or 0.0)
        alpha = worst_seen.agreement
        numbers |= {
            "alpha": alpha.alpha,
            "alpha_low": alpha.low,
            "alpha_high": alpha.high,
            "alpha_items": alpha.items,
            "floor": agreed.agreement if agreed else None,
        }
        names = (worst_seen.dimension,)
        if agreed and worst_seen.falls_short(agreed.agreement):
            return Answer("reviewed", "partly", "disagree", numbers, names)
    is_enough = items >= wanted and reviewers > 1
    return Answer("reviewed", "yes" if is_enough else "partly", "counted", numbers, names)


def _outcome(reviewed: WorkflowReview) -> Answer:
    verdict = reviewed.verdict
    if verdict == ALIGNED:
        answer: AnswerCode = "yes"
    elif verdict in (TOO_EARLY, DATA_PROBLEM):
        answer = "cant_say"
    else:
        answer = "no" if meaning(verdict).is_alarmed else "partly"
    pair = reviewed.lead_pair
    change = pair.outcome_change.relative if pair else None
    return Answer("outcome", answer, verdict, {"relative": change}, (pair.outcome,) if pair else ())


def _data(reviewed: WorkflowReview) -> Answer:
    blocked = [each for each in reviewed.findings if each.blocks_verdict]
    late = [each for each in reviewed.findings if each.code in ("stale_source", "no_data")]
    numbers: dict[str, Number] = {
        "blocking": len(blocked),
        "late": len(late),
        "complete_through": reviewed.complete_through.isoformat(),
    }
    if blocked or reviewed.verdict == DATA_PROBLEM:
        return Answer("data", "no", "blocked", numbers, tuple(dict.fromkeys(each.code for each in blocked)))
    return Answer("data", *(("partly", "late") if late else ("yes", "fresh")), numbers)


def _rules(charter: Charter, promises: Sequence[RulePromise]) -> Answer:
    numbers: dict[str, Number] = {"rules": len(charter.stopping_rules)}
    if not charter.stopping_rules:
        return Answer("rules", "no", "none", numbers)
    told = [one for one in promises if one.promise is not None]
    if not told:
        return Answer("rules", "cant_say", "no_promise", numbers)
    never = tuple(one.rule.id for one in told if not _can_fire(one))
    numbers |= {"judged": len(told), "can_fire": len(told) - len(never)}
    if not never:
        return Answer("rules", "yes", "all", numbers)
    return Answer("rules", "no" if len(never) == len(told) else "partly", "never", numbers, never)


def _can_fire(told: RulePromise) -> bool:
    noticed = [one.noticed_in_26_weeks for one in (told.promise.delays if told.promise else ())]
    return bool(noticed) and (noticed[-1] or 0.0) >= NOTICED_ENOUGH


def _decided(
    warehouse: Warehouse,
    charter: Charter,
    reviewed: WorkflowReview,
    taken: Sequence[Decision],
    as_of: dt.date,
) -> Answer:
    """Alerts that were to be decided on by now; one that was over before that asks nobody any more."""
    raised = alerts(warehouse, charter.workflow)
    due = [each for each in raised if decide_by(each, charter) < as_of and not _over_before(each, charter)]
    first: dict[str, dt.date] = {}
    for decision in taken:
        for name in decision.covers:
            first[name] = min(decision.on, first.get(name, decision.on))
    in_time = sum(each.id in first and first[each.id] <= decide_by(each, charter) for each in due)
    numbers: dict[str, Number] = {"fired": len(raised), "due": len(due), "in_time": in_time}
    breached = [rule for rule in reviewed.rules if rule.state == "breached"]
    if not raised and breached:  # no review has recorded it yet
        numbers["breached"] = len(breached)
        return Answer("decided", "no", "undecided", numbers, tuple(rule.id for rule in breached))
    if not raised:
        return Answer("decided", "yes", "none_fired", numbers)
    if not due:
        return Answer("decided", "yes", "none_due", numbers)
    answer: AnswerCode = "yes" if in_time == len(due) else "partly" if in_time else "no"
    return Answer("decided", answer, "counted", numbers)


def _over_before(alert: Alert, charter: Charter) -> bool:
    over = alert.resolved_as_of
    return over is not None and alert.decision is None and over <= decide_by(alert, charter)


def _helped(reviewed: WorkflowReview) -> Iterator[Answer]:
    """Of the newest decision that was taken while an outcome drifted; nothing where there was none."""
    if not reviewed.aftermath:
        return
    newest = max(reviewed.aftermath, key=lambda each: each.decided_on)
    change = newest.change
    numbers: dict[str, Number] = {
        "relative": change.relative,
        "low": change.low,
        "high": change.high,
        "drifted_to": newest.drifted_to,
        "decided_on": newest.decided_on.isoformat(),
    }
    if newest.is_recovered or (reviewed.recovered and reviewed.recovered.outcome == newest.outcome):
        found: tuple[AnswerCode, str] = ("yes", "recovered")
    elif newest.is_back:
        found = ("yes", "better")
    elif newest.is_worse:
        found = ("no", "worse")
    else:
        found = ("cant_say", "open") if newest.is_open else ("no", "no_better")
    yield Answer("helped", *found, numbers, (newest.outcome,))


def _gate(warehouse: Warehouse, charter: Charter, asked_on: Sequence[dt.date], as_of: dt.date) -> Answer:
    if charter.gate.on == "never":
        return Answer("gate", "no", "never_closes")
    kept = entries(warehouse, ("gate_asked",), charter.workflow)
    days = sorted({*asked_on, *(dt.date.fromisoformat(entry.payload["on"]) for entry in kept)})
    days = [day for day in days if day <= as_of]
    lately = [day for day in days if day > as_of - dt.timedelta(weeks=REVIEW_WEEKS)]
    numbers: dict[str, Number] = {
        "days": len(lately),
        "weeks": REVIEW_WEEKS,
        "last": days[-1].isoformat() if days else None,
    }
    if lately:
        return Answer("gate", "yes", "asked", numbers)
    return Answer("gate", *(("partly", "earlier") if days else ("no", "nobody")), numbers)


def _owner(charter: Charter) -> Answer:
    signed = charter.signed
    names = tuple(name for name in (charter.owner, signed.by if signed else "") if name)
    if charter.owner and signed:
        return Answer("owner", "yes", "signed", {"signed_on": signed.on.isoformat()}, names)
    if not names:
        return Answer("owner", "no", "none")
    return Answer("owner", "partly", "unsigned" if charter.owner else "unowned", names=names)


def _looked(warehouse: Warehouse, charter: Charter, looked_on: dt.date | None, as_of: dt.date) -> Answer:
    if not charter.checkpoint_weeks:
        return Answer("looked", "no", "none")
    held = held_reviews(entries(warehouse, ("review_closed",), charter.workflow))
    kept_from = first_registered(warehouse).get(charter.workflow)
    found = [
        each for each in checkpoints(charter, held, kept_from, as_of) if each.state in ("done", "missed")
    ][-CHECKPOINTS_LOOKED_AT:]
    done = sum(each.state == "done" for each in found)
    numbers: dict[str, Number] = {"held": done, "due": len(found)}
    if not found:
        last = max([*(one.on for one in held), *([looked_on] if looked_on else [])], default=None)
        if last is not None and last > as_of - dt.timedelta(weeks=charter.checkpoint_weeks):
            return Answer("looked", "yes", "lately", {**numbers, "last": last.isoformat()})
        return Answer("looked", "cant_say", "none_due", numbers)
    answer: AnswerCode = "yes" if done == len(found) else "partly" if done else "no"
    return Answer("looked", answer, "counted", numbers)
