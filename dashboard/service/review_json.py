"""Review -> the JSON that `leadline check --json` prints and outside checks rely on.

Every key is always there and in this order; what is not known is null, never 0 and never NaN. A rule without
data carries one key more: its `reason`; one that could be judged before, but not now, `last_judged`; one that was
changed after a breach, its `marks`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any

from leadline.dashboard.words import costs, verdicts
from leadline.dashboard.words.due import action_due
from leadline.dashboard.words.findings import fact_words, source_note
from leadline.dashboard.words.versions import notice_sentence, people_sentence
from leadline.data.exports.rows.discretion import masked
from leadline.data.plain_json import to_plain
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.causes import BesidePeople, Causes, Version
from leadline.metrics.due import due
from leadline.metrics.outputs.people import NOTICED_FALL
from leadline.metrics.results import (
    Change,
    Cost,
    Evidence,
    Finding,
    LastKnown,
    Pair,
    Recovered,
    Review,
    RuleState,
    SourceState,
    StandingDecision,
    Stopped,
    WorkflowReview,
)
from leadline.metrics.statistics.comparison import Ratio
from leadline.metrics.validations import Validation

Json = dict[str, Any]


def to_contract(review: Review, catalog: Mapping[str, Metric] | None = None) -> Json:
    """The whole review as plain JSON values; `catalog` words the headlines (None: the built-in metrics)."""
    return {
        "as_of": review.as_of.isoformat(),
        "complete_through": review.complete_through.isoformat(),
        "workflows": [_workflow(workflow, catalog) for workflow in review.workflows],
        "data": [_source(source) for source in review.data],
    }


def _workflow(workflow: WorkflowReview, catalog: Mapping[str, Metric] | None) -> Json:
    return {
        "workflow": workflow.workflow,
        "verdict": workflow.verdict,
        "headline": verdicts.headline(workflow, catalog),
        "pairs": [_pair(pair, workflow) for pair in workflow.pairs],
        "rules": [_rule(rule) for rule in workflow.rules],
        "cost": _cost(workflow.cost, catalog) if workflow.cost else None,
        "running": running(workflow),
        "entered_since_stop": workflow.stopped.entered if workflow.stopped else None,
        "decision": _decision(workflow.decision) if workflow.decision else None,
        "due": _due(workflow, catalog),
        "recovered": _recovered(workflow.recovered) if workflow.recovered else None,
        "unjudged": [{"outcome": o.outcome, "reason": fact_words(o.reason)} for o in workflow.unjudged],
        "known": _known(workflow.known, catalog) if workflow.known else None,
        "findings": [_finding(finding) for finding in workflow.findings],
        "versions": [_version(version, workflow.causes) for version in workflow.causes.versions],
        "validation": _validation(workflow.validation),
        "people": [_beside_people(one, catalog) for one in workflow.causes.people],
    }


def _known(known: LastKnown, catalog: Mapping[str, Metric] | None) -> Json:
    return {
        "verdict": known.workflow.verdict,
        "as_of": known.as_of.isoformat(),
        "headline": verdicts.headline(known.workflow, catalog),
    }


def running(workflow: WorkflowReview) -> str:
    """'running', 'paused' or 'stopped', by what was decided alone: whether a machine may go on is its gate's answer."""
    match workflow.stopped:
        case Stopped(kind="pause"):
            return "paused"
        case Stopped(kind="stop"):
            return "stopped"
        case _:
            return "running"


def _pair(pair: Pair, workflow: WorkflowReview) -> Json:
    mix = workflow.mix_of(pair)
    return {
        "proxy": pair.proxy,
        "outcome": pair.outcome,
        "verdict": pair.verdict,
        "mechanism": pair.mechanism,
        "since": to_plain(pair.since),
        "segment": pair.segment,
        "proxy_change": _change(pair.proxy_change, improved=True),
        "outcome_change": _change(pair.outcome_change, improved=True),
        "evidence": _evidence(pair.evidence) if pair.evidence else None,
        "total_change": _change(pair.total_change, improved=False) if pair.total_change else None,
        "mix_change": {"dimension": mix.dimension, **_change(mix.mix_change, improved=False)}
        if mix
        else None,
    }


def _evidence(evidence: Evidence) -> Json:
    # JSON has no infinity; beyond the largest number the odds are as good as infinite anyway
    return {"odds": _number(min(evidence.odds, sys.float_info.max)), "limit": _number(evidence.limit)}


def _change(change: Change, *, improved: bool) -> Json:
    # of a change from none only the least is known, which no caller expects to stand alone
    bounds = (None, None) if change.relative is None else (change.low, change.high)
    written: Json = {
        "relative": _number(change.relative),
        "low": _number(bounds[0]),
        "high": _number(bounds[1]),
    }
    if improved:
        written["improved"] = None if change.improved is None else bool(change.improved)
    written["units"] = int(change.units)
    if (counted := change.counted) is not None:
        values = {"before": change.baseline_value, "now": change.current_value}
        written["values"] = {name: _number(value) for name, value in values.items()}
        written["counted"] = {
            "before": _number(counted.before),
            "now": _number(counted.now),
            "taken_out": list(counted.taken_out),
        }
    return written


def _rule(rule: RuleState) -> Json:
    written: Json = {
        "id": rule.id,
        "state": rule.state,
        "since": to_plain(rule.since),
        "action": rule.action,
        "value": _number(rule.value),
        "threshold": _number(rule.threshold),
    }
    if rule.state == "no_data":
        written["reason"] = fact_words(rule.reason)
    if rule.counted is not None:
        written["counted"] = _number(rule.counted)
    if rule.last_judged is not None:
        written["last_judged"] = to_plain(rule.last_judged)
    if rule.marks:
        written["marks"] = [fact_words(mark) for mark in rule.marks]
    return written


def _cost(cost: Cost, catalog: Mapping[str, Metric] | None) -> Json:
    return {
        "units": _number(cost.units),
        "low": _number(cost.low),
        "high": _number(cost.high),
        "value": _number(cost.value),
        "value_low": _number(cost.value_low),
        "value_high": _number(cost.value_high),
        "currency": cost.currency,
        "outcome": cost.outcome or None,
        "unit": costs.cost_unit(cost, catalog),
    }


def _recovered(recovered: Recovered) -> Json:
    return {"on": to_plain(recovered.on), "decision": recovered.decision}


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "outcome": finding.metric,
        "blocks_verdict": finding.blocks_verdict,
        "text": fact_words(finding.about),
    }


def _validation(found: Validation) -> Json:
    """What reviewers found lately on each dimension, how well they agree, and what failed last."""
    return {
        "dimensions": [
            {
                "dimension": one.dimension,
                "outputs": one.items,
                "passed": one.passed,
                "reviewers": one.reviewers,
                "seen_by_two": one.agreement.items,
                **{key: _number(getattr(one.agreement, key)) for key in ("alpha", "low", "high")},
            }
            for one in found.seen
        ],
        "failed": [
            {
                "on": to_plain(one.on),
                "output": one.item_id,
                "dimension": one.dimension,
                "reason": masked(one.reason) or None,
            }
            for one in found.failed
        ],
    }


def _version(version: Version, causes: Causes) -> Json:
    """Since when it is in use, the drifts that began with it, and what became of each outcome under it."""
    return {
        **{key: to_plain(getattr(version, key)) for key in ("what", "since", "note")},
        "version": version.name,
        "coincides": [
            {"outcome": one.outcome, "drift_since": to_plain(one.drift_since)}
            for one in causes.coincidences
            if one.version == version
        ],
        "effects": [
            {
                "outcome": one.outcome,
                "before": one.before or None,
                "helped": one.helped,
                **_ratio(one.ratio),
                "units": one.units,
                "told_on": to_plain(one.told_on),
            }
            for one in causes.effects
            if one.version == version
        ],
    }


def _beside_people(found: BesidePeople, catalog: Mapping[str, Metric] | None) -> Json:
    metrics = load_catalog(None) if catalog is None else catalog
    return {
        "outcome": found.outcome,
        **_ratio(found.ratio),
        "clear": found.is_clear,
        "agent": found.agent,
        "human": found.human,
        "weeks": found.weeks,
        "notices": {"fall": NOTICED_FALL, "weeks": _number(found.notices_in)},
        "text": f"{people_sentence(found, metrics)} {notice_sentence(found)}",
    }


def _ratio(ratio: Ratio | None) -> Json:
    return {key: _number(getattr(ratio, source, None)) for key, source in _OF_A_RATIO.items()}


_OF_A_RATIO = {"ratio": "value", "low": "low", "high": "high"}


def _decision(decision: StandingDecision) -> Json:
    told = to_plain(decision)
    return {key: told[key] for key in ("id", "kind", "on", "by", "next")}


def _due(workflow: WorkflowReview, catalog: Mapping[str, Metric] | None) -> Json:
    found = due(workflow)
    return {
        "kind": found.kind,
        "action": found.rule.action if found.rule else None,
        "alert": found.alert,
        "by": to_plain(found.by),
        "text": action_due(workflow, catalog),
    }


def _source(source: SourceState) -> Json:
    return {
        "source": source.source,
        "newest": to_plain(source.newest),
        "state": source.state,
        "note": source_note(source),
    }


def _number(value: float | None) -> float | None:
    """A plain finite float (numpy's included), else None."""
    return None if value is None or not math.isfinite(value) else float(value)
