"""What a workflow is for and how that was handed down, as a charter's YAML says it: plain texts, or texts with the
metric that proves them, the check that holds them, the metric by which they steer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from leadline.data.documents.faults import listing, shown
from leadline.data.documents.values import Section, Value
from leadline.metrics.agreement.catalog import Metric
from leadline.metrics.agreement.conditions import UnclearError, no_target, parse_target, understood
from leadline.metrics.charter_terms import (
    Cascade,
    CheckedBy,
    Checker,
    Constraint,
    Intent,
    Layer,
    LayerName,
    Objective,
    StoppingRule,
    Yardstick,
)

KEYS: dict[str, tuple[str, ...]] = {
    "intent": ("objective", "audience", "context", "constraints"),
    "intent.objective": ("text", "proved_by", "target"),
    "intent.constraints": ("text", "checked_by"),
    "cascade": get_args(LayerName),
    **{f"cascade.{name}": ("text", "steers_by") for name in get_args(LayerName)},
}
_CHECKERS: tuple[Checker, ...] = get_args(Checker)
_CHECKED_BY = "'review' and a dimension, 'metric' and its name, or 'rule' and its id"


def read_intent(top: Section, catalog: Mapping[str, Metric], rules: tuple[StoppingRule, ...]) -> Intent:
    """The charter's intent. Faults: metrics and rules that do not exist, a target that nothing can be held against."""
    section = top.section("intent", KEYS["intent"])
    if section is None:
        return Intent()
    constraints = (
        _constraint(item, catalog, rules) for item in section.items("constraints", "a list in [brackets]")
    )
    return Intent(
        objective=_objective(section.get("objective"), catalog),
        audience=section.text("audience"),
        context=section.text("context"),
        constraints=tuple(one for one in constraints if one.text),
    )


def _objective(value: Value | None, catalog: Mapping[str, Metric]) -> Objective:
    if value is None or not value.is_group:
        return Objective(value.text() if value else "")
    section = value.section(KEYS["intent.objective"])
    if section is None:
        return Objective()
    _needs_text(section, "More qualified appointments from inbound leads")
    proof, target = section.get("proved_by"), section.get("target")
    name = _metric(proof, catalog)
    share = understood(target, parse_target, None)
    if target is not None and proof is None:
        target.fault(f"{target.name} is of no metric; add 'proved_by: close_rate', for example, beside it.")
    elif target is not None and name and catalog[name].kind != "rate":
        target.fault(no_target(catalog[name], target))
    return Objective(section.text("text"), name, share if name and catalog[name].kind == "rate" else None)


def _constraint(item: Value, catalog: Mapping[str, Metric], rules: tuple[StoppingRule, ...]) -> Constraint:
    if not item.is_group:
        return Constraint(item.text())
    section = item.section(KEYS["intent.constraints"])
    if section is None:
        return Constraint("")
    _needs_text(section, "Reply in the language of the lead")
    checked = understood(section.get("checked_by"), _checked_by, None)
    if checked is not None:
        _checks_exist(section.values["checked_by"], checked, catalog, rules)
    return Constraint(section.text("text"), checked)


def _checked_by(text: str) -> CheckedBy:
    kind, _, name = text.partition(" ")
    if kind.lower() not in _CHECKERS or not name.strip():
        raise UnclearError(f"write {_CHECKED_BY}, such as 'review language'.")
    return CheckedBy(cast(Checker, kind.lower()), " ".join(name.split()))


def _checks_exist(
    value: Value, checked: CheckedBy, catalog: Mapping[str, Metric], rules: tuple[StoppingRule, ...]
) -> None:
    if checked.kind == "review":
        return  # reviews may begin later: what has landed is told when the charter is registered
    known = [rule.id for rule in rules] if checked.kind == "rule" else list(catalog)
    if checked.name in known:
        return
    every = f"; the rules are {listing(known, 'and')}." if known else "; no stopping rule is agreed."
    otherwise = every if checked.kind == "rule" else "; name one that a charter can watch."
    value.fault(
        f"{checked.kind} {shown(checked.name)} is not known{value.faults.nearest(checked.name, known, otherwise)}"
    )


def read_cascade(top: Section, catalog: Mapping[str, Metric]) -> Cascade | None:
    """From the business objective to the instruction; None where the charter says nothing of it."""
    section = top.section("cascade", KEYS["cascade"])
    if section is None:
        return None
    return Cascade(**{step: _layer(section.get(step), catalog) for step in KEYS["cascade"]})


def _layer(value: Value | None, catalog: Mapping[str, Metric]) -> Layer:
    if value is None or not value.is_group:
        return Layer(value.text() if value else "")
    section = value.section(KEYS["cascade.instruction"])
    if section is None:
        return Layer()
    _needs_text(section, "Answer every lead the same day")
    return Layer(section.text("text"), _metric(section.get("steers_by"), catalog))


def _needs_text(section: Section, example: str) -> None:
    if section.get("text") is None:
        section.faults.add(
            section.line, f"{section.name}.text is missing; add it, such as 'text: {example}'."
        )


def _metric(value: Value | None, catalog: Mapping[str, Metric]) -> str:
    """A metric that exists, watched or not; '' where none is named or it is not known, which is a fault."""
    name = value.text(200) if value else ""
    if value is None or not name or name in catalog:
        return name
    otherwise = "; name one of those that a charter can watch, such as close_rate."
    value.fault(f"metric {shown(name)} is not known{value.faults.nearest(name, catalog, otherwise)}")
    return ""


def with_objective(
    top: Section, objective: Objective, own: tuple[Yardstick, ...], outcomes: Mapping[str, Section | None]
) -> tuple[Yardstick, ...]:
    """The outcomes' yardsticks, with the objective's target for its own metric where that has none.

    Where both name a target, these must be the same.
    """
    if objective.target is None or objective.proved_by not in outcomes:
        return own
    stated = next((one for one in own if one.metric == objective.proved_by), None)
    if stated is None:
        return (*own, Yardstick(objective.proved_by, target=objective.target, is_of_objective=True))
    if stated.target is not None and stated.target != objective.target:
        section = top.section("intent", KEYS["intent"])
        group = section.section("objective", KEYS["intent.objective"]) if section else None
        if group is not None:
            group.values["target"].fault(
                f"intent.objective.target is {_share(objective.target)}, but watch.outcomes holds "
                f"{objective.proved_by} against {_share(stated.target)}; write the target once, or twice the same."
            )
    return own


def _share(share: float) -> str:
    return f"{share * 100:.10g}%"
