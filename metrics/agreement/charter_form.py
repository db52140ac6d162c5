"""A charter as a form: the same keys as its YAML, every value a text or a list of texts, '' for what is not given.

Text and form are two views of one thing. `form_to_yaml` writes a form back into the text it came from: only the values
that changed are written anew, everything else stays as it was written, with its comments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from leadline.data.documents.splice import flow_text, group_lines, scalar_text, with_values
from leadline.data.errors import CharterError
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.agreement.charter import KEYS, parse_charter
from leadline.metrics.charter_terms import (
    Cascade,
    Charter,
    Constraint,
    Gate,
    Objective,
    Reviewing,
    StoppingRule,
)

Form = dict[str, Any]

_GROUPS = ("intent", "cascade", "reviewing", "watch", "checkpoints", "gate", "signed")
_ROUNDS = 3
_DEFAULT_MATERIALITY = {"proxy": 0.05, "outcome": 0.10}


def charter_to_form(charter: Charter) -> Form:
    """Every key of KEYS with what the charter says, defaults left empty."""
    cascade = charter.cascade or Cascade()
    first, last = charter.baseline.first, charter.baseline.last
    is_default = last == charter.deployed_on - dt.timedelta(days=1)
    return {
        "workflow": charter.workflow,
        "name": charter.name if charter.name != charter.workflow else "",
        "owner": charter.owner,
        "deputy": charter.deputy,
        "deployed_on": charter.deployed_on.isoformat(),
        "intent": {
            "objective": _objective(charter.intent.objective),
            "audience": charter.intent.audience,
            "context": charter.intent.context,
            "constraints": [_constraint(one) for one in charter.intent.constraints],
        },
        "cascade": {
            step: {"text": layer.text, "steers_by": layer.steers_by} if layer.steers_by else layer.text
            for step, layer in cascade.layers
        },
        "positioning": [
            {"id": one.id, "says": one.says, "yes": list(one.yes), "no": list(one.no)}
            for one in charter.positioning
        ],
        "reviewing": _reviewing(charter.reviewing),
        "watch": {
            "proxies": list(charter.proxies),
            "outcomes": [_outcome(charter, name) for name in charter.outcomes],
            "baseline": {
                "from": first.isoformat() if first else "",
                "to": "" if is_default else last.isoformat(),
            },
            "segments": list(charter.segments),
            "materiality": {
                role: "" if share == _DEFAULT_MATERIALITY[role] else _percent(share)
                for role, share in (
                    ("proxy", charter.materiality_proxy),
                    ("outcome", charter.materiality_outcome),
                )
            },
        },
        "stopping_rules": [rule_to_form(rule) for rule in charter.stopping_rules],
        "checkpoints": {"every": _weeks(charter.checkpoint_weeks) if charter.checkpoint_weeks else ""},
        "gate": {
            "on": charter.gate.on if charter.gate.on != Gate.on else "",
            "unknown": charter.gate.unknown if charter.gate.unknown != Gate.unknown else "",
            "holdout": _percent(charter.gate.holdout) if charter.gate.holdout else "",
        },
        "entry_lag": "" if charter.entry_lag_days is None else _days(charter.entry_lag_days),
        "signed": {
            "by": charter.signed.by if charter.signed else "",
            "on": charter.signed.on.isoformat() if charter.signed else "",
        },
    }


def _reviewing(agreed: Reviewing | None) -> Form:
    """Numbers that are the default are written where they are agreed: they are what reviewers go by."""
    if agreed is None:
        return {"dimensions": [], "a_week": "", "second_review": "", "agreement": ""}
    return {
        "dimensions": list(agreed.dimensions),
        "a_week": str(agreed.a_week),
        "second_review": _percent(agreed.second_review),
        "agreement": f"{agreed.agreement:.10g}",
    }


def _outcome(charter: Charter, name: str) -> str | dict[str, Any]:
    """The metric's name; a group where it has a yardstick of its own."""
    own = next((yardstick for yardstick in charter.yardsticks if yardstick.metric == name), None)
    if own is None or own.is_of_objective:
        return name
    if own.target is not None:
        return {"metric": name, "target": _percent(own.target)}
    span = own.baseline
    days = {"from": span.first.isoformat(), "to": span.last.isoformat()} if span and span.first else {}
    return {"metric": name, "baseline": days}


def _objective(objective: Objective) -> str | dict[str, str]:
    """A text; a group where it names what proves it."""
    if not objective.proved_by:
        return objective.text
    target = {} if objective.target is None else {"target": _percent(objective.target)}
    return {"text": objective.text, "proved_by": objective.proved_by, **target}


def _constraint(one: Constraint) -> str | dict[str, str]:
    if one.checked_by is None:
        return one.text
    return {"text": one.text, "checked_by": f"{one.checked_by.kind} {one.checked_by.name}"}


def rule_to_form(rule: StoppingRule) -> dict[str, str]:
    """One stopping rule; what equals the default is left empty."""
    recover = rule.recover.text.split(maxsplit=2)[2] if rule.recover else ""
    return {
        "id": rule.id,
        "when": rule.when.text,
        "for": _weeks(rule.for_weeks) if rule.for_weeks > 1 else "",
        "min_sample": str(rule.min_sample) if rule.min_sample != rule.when.least_sample else "",
        "recover": recover,
        "action": rule.action,
    }


def empty_form() -> Form:
    """A form with nothing filled in."""
    return {
        **dict.fromkeys(("workflow", "name", "owner", "deputy", "deployed_on"), ""),
        "intent": {"objective": "", "audience": "", "context": "", "constraints": []},
        "cascade": dict.fromkeys(KEYS["cascade"], ""),
        "positioning": [],
        "reviewing": _reviewing(None),
        "watch": {
            "proxies": [],
            "outcomes": [],
            "baseline": {"from": "", "to": ""},
            "segments": [],
            "materiality": {"proxy": "", "outcome": ""},
        },
        "stopping_rules": [],
        "checkpoints": {"every": ""},
        "gate": dict.fromkeys(KEYS["gate"], ""),
        "entry_lag": "",
        "signed": {"by": "", "on": ""},
    }


def form_to_yaml(
    form: Mapping[str, Any], previous_text: str = "", catalog: Mapping[str, Metric] | None = None
) -> str:
    """The YAML text that states what the form says; `previous_text` kept wherever its meaning is the same.

    Nothing is checked here: `parse_charter` tells what is wrong with the text, with the line. `catalog`: the
    workspace's metrics, for reading the previous text (None: the built-in ones).
    """
    wanted = _tidy(form)
    plain = "".join(_entry(key, wanted[key]) for key in wanted)
    return _merged(wanted, plain, previous_text, catalog or load_catalog(None)) or plain


def _tidy(form: Mapping[str, Any]) -> Form:
    """Only known keys that have something, in the order of KEYS, white space at the ends gone."""
    tidy = {key: _clean(form.get(key)) for key in KEYS[""]}
    return {key: value for key, value in tidy.items() if value}


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        cleaned = {str(key): _clean(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [item for item in (_clean(each) for each in value) if item]
    return "" if value is None else str(value).strip()


def _merged(wanted: Form, plain: str, text: str, catalog: Mapping[str, Metric]) -> str | None:
    """The text with what changed written anew; None where it can't be kept (not a charter, or in braces)."""
    meant = _says(plain, catalog)
    for _ in range(_ROUNDS):
        before = _says(text, catalog)
        merged = with_values(text, before, wanted, _entry) if before is not None else None
        if merged is None or _says(merged, catalog) == meant:
            return merged
        # something that was left out of the form as a default is one no more: it goes
        text, wanted = merged, meant or wanted
    return None


def _says(text: str, catalog: Mapping[str, Metric]) -> Form | None:
    """The form of a text, None where it is not a charter without faults."""
    with suppress(CharterError):
        return _tidy(charter_to_form(parse_charter(text, catalog, "charter")))
    return None


def _entry(key: str, value: Any) -> str:
    """One top-level key with its value, as a person would write it."""
    if isinstance(value, str):
        return f"{key}: {scalar_text(value)}\n"
    if key in ("checkpoints", "gate", "reviewing", "signed"):
        return f"{key}: {flow_text(value)}\n"
    if key in ("stopping_rules", "positioning"):
        return f"{key}:\n" + "".join(_item(key, item) for item in value)
    return f"{key}:\n" + "".join(f"  {line}\n" for line in group_lines(value))


def _item(key: str, item: Mapping[str, Any]) -> str:
    known = {name: item[name] for name in KEYS[key] if name in item}
    return "  - " + "    ".join(f"{line}\n" for line in group_lines(known))


def _percent(share: float) -> str:
    return f"{share * 100:.10g}%"


def _days(count: int) -> str:
    return f"{count} day{'s' if count != 1 else ''}"


def _weeks(count: int) -> str:
    return f"{count} week{'s' if count > 1 else ''}"
