"""A charter as a form: the same keys as its YAML, every value a text or a list of texts, '' for what is not given.

Text and form are two views of one thing. `form_to_yaml` writes a form back into the text it came from: groups
whose meaning did not change stay as they were written, with their comments; only what changed is written anew.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import yaml

from leadline.data.errors import CharterError
from leadline.data.yaml_document import read_document
from leadline.metrics.agreement.catalog import Metric, load_catalog
from leadline.metrics.agreement.charter import KEYS, parse_charter
from leadline.metrics.charter_terms import Cascade, Charter, StoppingRule

Form = dict[str, Any]

_GROUPS = ("intent", "cascade", "watch", "checkpoints", "signed")
_DEFAULT_MATERIALITY = {"proxy": 0.05, "outcome": 0.10}
_PLAIN = re.compile(r"[A-Za-zÀ-ɏ0-9](?:[A-Za-zÀ-ɏ0-9 ._/%€£+()–—<>=;&'!?-]*[A-Za-zÀ-ɏ0-9.%)!?])?")
_KEPT_IN_FLOW = re.compile(r"[^\[\]{},?]*")


def charter_to_form(charter: Charter) -> Form:
    """Every key of KEYS with what the charter says, defaults left empty."""
    cascade = charter.cascade or Cascade()
    first, last = charter.baseline.first, charter.baseline.last
    is_default = last == charter.deployed_on - dt.timedelta(days=1)
    return {
        "workflow": charter.workflow,
        "name": charter.name if charter.name != charter.workflow else "",
        "owner": charter.owner,
        "deployed_on": charter.deployed_on.isoformat(),
        "intent": {
            "objective": charter.intent.objective,
            "audience": charter.intent.audience,
            "context": charter.intent.context,
            "constraints": list(charter.intent.constraints),
        },
        "cascade": {step: getattr(cascade, step) for step in KEYS["cascade"]},
        "watch": {
            "proxies": list(charter.proxies),
            "outcomes": list(charter.outcomes),
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
        "signed": {
            "by": charter.signed.by if charter.signed else "",
            "on": charter.signed.on.isoformat() if charter.signed else "",
        },
    }


def rule_to_form(rule: StoppingRule) -> dict[str, str]:
    """One stopping rule; what equals the default is left empty."""
    least = 0 if rule.when.verdict else 30
    recover = rule.recover.text.split(maxsplit=2)[2] if rule.recover else ""
    return {
        "id": rule.id,
        "when": rule.when.text,
        "for": _weeks(rule.for_weeks) if rule.for_weeks > 1 else "",
        "min_sample": str(rule.min_sample) if rule.min_sample != least else "",
        "recover": recover,
        "action": rule.action,
    }


def empty_form() -> Form:
    """A form with nothing filled in."""
    return {
        **dict.fromkeys(("workflow", "name", "owner", "deployed_on"), ""),
        "intent": {"objective": "", "audience": "", "context": "", "constraints": []},
        "cascade": dict.fromkeys(KEYS["cascade"], ""),
        "watch": {
            "proxies": [],
            "outcomes": [],
            "baseline": {"from": "", "to": ""},
            "segments": [],
            "materiality": {"proxy": "", "outcome": ""},
        },
        "stopping_rules": [],
        "checkpoints": {"every": ""},
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
    kept = _merged(wanted, previous_text.replace("\r\n", "\n"), catalog or load_catalog(None))
    return kept if kept is not None else "".join(_entry(key, wanted[key]) for key in wanted)


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


def _merged(wanted: Form, text: str, catalog: Mapping[str, Metric]) -> str | None:
    """The text with what changed written anew; None where it can't be kept (not a charter, or in braces)."""
    try:
        root, _ = read_document(text, "charter")
        before = _tidy(charter_to_form(parse_charter(text, catalog, "charter")))
    except CharterError:
        return None
    node = root.node if root is not None else None
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return None
    pieces, at = [], 0
    seen = set()
    for key, value in node.value:
        name = str(key.value)
        seen.add(name)
        if wanted.get(name) == before.get(name):
            continue
        start, end = key.start_mark.index, _end(value, key.end_mark.index + 1)
        pieces.append(text[at:start])
        if name in wanted:
            pieces.append(_entry(name, wanted[name]).rstrip("\n"))
        else:
            end = _past_the_line(text, end)
        at = end
    merged = "".join([*pieces, text[at:]])
    added = "".join(_entry(key, wanted[key]) for key in wanted if key not in seen)
    if added:
        merged = f"{merged.rstrip()}\n{added}"
    return merged if _says(merged, catalog) in (None, wanted) else None


def _says(text: str, catalog: Mapping[str, Metric]) -> Form | None:
    """The form of a text, None where it is not a charter without faults."""
    with suppress(CharterError):
        return _tidy(charter_to_form(parse_charter(text, catalog, "charter")))
    return None


def _end(node: yaml.Node, default: int) -> int:
    """Where a node's own text ends; a block's end mark stands after the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False):
        end = node.end_mark.index if node.end_mark is not None else default
        return max(end, default) if _is_written(node) else default
    inner = node.value[-1] if node.value else None
    if inner is None:
        return default
    return _end(inner[1], inner[0].end_mark.index + 1) if isinstance(inner, tuple) else _end(inner, default)


def _is_written(node: yaml.Node) -> bool:
    return bool(node.start_mark and node.end_mark and node.end_mark.index > node.start_mark.index)


def _past_the_line(text: str, index: int) -> int:
    """After the rest of the line, a comment on it included."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _entry(key: str, value: Any) -> str:
    """One top-level key with its value, as a person would write it."""
    if isinstance(value, str):
        return f"{key}: {_scalar(value)}\n"
    if key in ("checkpoints", "signed"):
        return f"{key}: {_flow(value)}\n"
    if key == "stopping_rules":
        return f"{key}:\n" + "".join(_rule(rule) for rule in value)
    lines = [f"  {name}: {_nested(item)}\n" for name, item in value.items()]
    return f"{key}:\n" + "".join(lines)


def _rule(rule: Mapping[str, str]) -> str:
    known = [name for name in KEYS["stopping_rules"] if name in rule]
    lines = [f"{name}: {_scalar(rule[name])}\n" for name in known]
    return "  - " + "    ".join(lines)


def _nested(value: Any) -> str:
    return _scalar(value) if isinstance(value, str) else _flow(value)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key}: {_scalar(item, in_flow=True)}" for key, item in value.items())
        return f"{{{inner}}}"
    return f"[{', '.join(_scalar(item, in_flow=True) for item in value)}]"


def _scalar(text: str, *, in_flow: bool = False) -> str:
    """A text as it may stand after a colon: plain where that reads back the same, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and (not in_flow or _KEPT_IN_FLOW.fullmatch(text))
    if plain and text not in ("~", "null", "Null", "NULL"):
        return text
    quoted = yaml.dump(text, default_style='"', allow_unicode=True, width=10**9)
    return quoted.rstrip("\n").removesuffix("\n...").rstrip("\n")


def _percent(share: float) -> str:
    return f"{share * 100:.10g}%"


def _weeks(count: int) -> str:
    return f"{count} week{'s' if count > 1 else ''}"
