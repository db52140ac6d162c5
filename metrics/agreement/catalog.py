"""What is measured: every metric's unit, event, horizon, direction and words, read from `catalog.yaml`.

A workspace's `metrics.yaml` has the same shape. It may give a built-in metric another horizon or other words,
and define metrics that are counted as a built-in one is, with another horizon or parameters:

    close_rate: {within_weeks: 40}
    answered_within_60_minutes:
      based_on: answered_within_5_minutes
      label: Answered within an hour
      parameters: {minutes: 60}

How a metric is counted (`kind`, `cohorts`, …) can't be changed there: the SQL that counts it is Leadline's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from typing import Literal, cast, get_args

from leadline.data.documents.faults import Faults, listing, shown
from leadline.data.documents.read import read_document, read_file, read_shipped
from leadline.data.documents.values import Section, Value
from leadline.data.templates import templates
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.verdicts import VERDICTS

Kind = Literal["rate", "duration", "volume", "mean", "value"]
Role = Literal["proxy", "outcome"]
Unit = Literal["share", "minutes", "count", "money"]

METRICS = "metrics.yaml"
LONGEST_HORIZON = 260
"""weeks; five years"""


@dataclass(frozen=True)
class Metric:
    """One metric. `kind` says how it is counted:

    rate      units that enter, of which some have an event within the horizon (close_rate, open_rate)
    duration  time from entry to event, members still waiting are censored (response_time), minutes
    volume    units that enter a week (lead_volume), events that happen in it (won_deals)
    mean      mean of an amount per unit (cost_per_asset)
    value     amount per unit that matures like a rate (won_value_per_lead)
    """

    id: str
    label: str
    """how a chart names it: 'Close rate'"""
    role: Role
    kind: Kind
    unit: Unit
    higher_is_better: bool
    entity: str
    """what one unit is, plural: 'leads'"""
    within_weeks: int
    """horizon: an event later than this many weeks after entry does not count; 0 = the week of entry only"""
    cohorts: str
    """name of the .sql file in metrics/sql that counts it"""
    parameters: dict[str, str | float | int]
    """bound into that file by name"""
    sources: tuple[str, ...]
    """templates it needs: ('leads', 'deals')"""
    better: str
    """words for an improvement, with {change}: 'answers are {change} faster'"""
    worse: str
    """words for a decline, with {change}: '{change} fewer leads close'"""
    steady: str = ""
    """words for no change worth telling: 'as many leads close as before'"""
    description: str = ""
    """how it is counted, one sentence"""
    total: str | None = None
    """of a rate: the metric that counts its events in a week, whatever they come from"""
    based_on: str | None = None
    """the built-in metric that it is counted as, for a metric of the workspace's own"""

    def may_be(self, role: Role) -> bool:
        """Whether a charter may watch it as this; a count of what the business lives on is also a volume."""
        return self.role == role or (role == "proxy" and self.kind == "volume")


FREE = ("label", "description", "within_weeks", "parameters", "better", "worse", "steady")
"""what a workspace may say of a metric"""
FIXED = ("role", "kind", "unit", "higher_is_better", "entity", "cohorts", "sources", "total")
"""what only the built-in catalog says"""
RESERVED = ("baseline", "cost", *VERDICTS)
"""words with a meaning of their own in a stopping rule's condition"""
_SQL = resources.files("leadline.metrics.sql")
_TEXTS = ("label", "description", "better", "worse", "steady")


def templates_read(metrics: Iterable[Metric]) -> frozenset[str]:
    """The templates whose rows metrics rest on: mailings that come as totals count as single e-mails do."""
    sources = {source for metric in metrics for source in metric.sources}
    return frozenset(sources | {"campaigns"} if "emails" in sources else sources)


def load_catalog(workspace: Workspace | None) -> dict[str, Metric]:
    """Built-in metrics by id, with those of the workspace's `metrics.yaml` where it has one.

    Raises CharterError with every fault of `metrics.yaml`, each with its line.
    """
    catalog = dict(_built_in())
    file = workspace.path / METRICS if workspace else None
    return catalog if file is None or not file.exists() else extend_catalog(catalog, read_file(file), METRICS)


def extend_catalog(catalog: dict[str, Metric], text: str, file_name: str) -> dict[str, Metric]:
    """The catalog with the metrics of a `metrics.yaml` text. Raises CharterError with every fault."""
    root, faults = read_document(text, file_name)
    extended = dict(catalog)
    section = root.section(()) if root else None
    for name, value in section.values.items() if section else ():
        if metric := _workspace_metric(name, value, catalog, faults):
            extended[name] = metric
    faults.raise_if_any()
    return extended


@cache
def _built_in() -> Mapping[str, Metric]:
    """The shipped catalog; it obeys the same checks."""
    text = resources.files("leadline.metrics.agreement").joinpath("catalog.yaml").read_text(encoding="utf-8")
    root, faults = read_shipped(text, "catalog.yaml")
    metrics: dict[str, Metric] = {}
    section = root.section(()) if root else None
    for name, value in section.values.items() if section else ():
        if entry := value.section((*FREE, *FIXED)):
            metrics[name] = _shipped_metric(name, entry, faults)
        elif value.is_empty:
            value.fault(f"{shown(name)} says nothing.")
    faults.raise_if_any()
    return metrics


def _shipped_metric(name: str, entry: Section, faults: Faults) -> Metric:
    required = {field.name for field in fields(Metric)} - {"id", "parameters", "total", "based_on"}
    for key in sorted(key for key in required if entry.get(key) is None):
        faults.add(entry.line, f"{name} has no {key}.")
    if not _can_name(name):
        faults.add(entry.line, f"{shown(name)} can't name a metric; use small letters, digits and _.")
    for source in entry.items("sources", "a list of templates"):
        if source.text() not in templates():
            otherwise = f"; the templates are {listing(tuple(templates()), 'and')}."
            source.fault(
                f"{name} rests on {shown(source.text())}, which is no template"
                f"{faults.nearest(source.text(), templates(), otherwise)}"
            )
    if (cohorts := entry.text("cohorts")) and not _SQL.joinpath(f"{cohorts}.sql").is_file():
        faults.add(
            entry.line_of("cohorts"), f"{name} is counted by metrics/sql/{cohorts}.sql, which is not there."
        )
    return Metric(
        id=name,
        label=entry.text("label"),
        role=cast(Role, _one_of(entry, "role", get_args(Role))),
        kind=cast(Kind, _one_of(entry, "kind", get_args(Kind))),
        unit=cast(Unit, _one_of(entry, "unit", get_args(Unit))),
        higher_is_better=_one_of(entry, "higher_is_better", ("yes", "no")) == "yes",
        entity=entry.text("entity"),
        within_weeks=_within_weeks(entry) or 0,
        cohorts=cohorts,
        parameters=_parameters(entry, None),
        sources=tuple(item.text() for item in entry.items("sources", "a list of templates")),
        better=_words(entry, "better"),
        worse=_words(entry, "worse"),
        steady=entry.text("steady"),
        description=entry.text("description"),
        total=entry.text("total") or None,
    )


def _workspace_metric(name: str, value: Value, catalog: dict[str, Metric], faults: Faults) -> Metric | None:
    """One entry of `metrics.yaml`: a built-in with changes, or a new metric counted as a built-in one."""
    entry = value.section((*FREE, "based_on"), unoffered=FIXED)
    if entry is None:
        if value.is_empty:
            value.fault(
                f"{shown(name)} says nothing; write what differs, such as within_weeks: 13, or remove it."
            )
        return None
    for key in FIXED:
        if key in entry.values:
            faults.add(
                entry.line_of(key),
                f"{name}.{key} can't be set here, it comes with the metric that is counted; leave it out.",
            )
    base = _base(name, entry, catalog, faults, value.line)
    if base is None:
        return None
    within = _within_weeks(entry)
    words = {key: _words(entry, key) if key in ("better", "worse") else entry.text(key) for key in _TEXTS}
    changed = {key: text for key, text in words.items() if text}
    metric = replace(
        base,
        within_weeks=base.within_weeks if within is None else within,
        parameters={**base.parameters, **_parameters(entry, base)},
        label=changed.get("label", base.label),
        description=changed.get("description", base.description),
        better=changed.get("better", base.better),
        worse=changed.get("worse", base.worse),
        steady=changed.get("steady", base.steady),
    )
    if name in catalog:
        return metric
    label = changed.get("label", name.replace("_", " ").capitalize())
    return replace(metric, id=name, label=label, based_on=base.id)


def _base(name: str, entry: Section, catalog: dict[str, Metric], faults: Faults, line: int) -> Metric | None:
    """The built-in metric that an entry starts from."""
    based_on = entry.text("based_on")
    if name in catalog:
        if based_on and based_on != name:
            faults.add(
                entry.line_of("based_on"),
                f"{name} is built in and can't be based on another; give the new metric a name of its own.",
            )
            return None
        return catalog[name]
    if not _can_name(name):
        faults.add(
            line,
            f"{shown(name)} can't name a metric; use small letters, digits and _, beginning with a letter, "
            "such as open_rate_newsletter.",
        )
        return None
    if not based_on:
        hint = f"add based_on: with a built-in metric ({listing(sorted(catalog))})."
        guess = faults.nearest(name, catalog)
        faults.add(
            line,
            f"metric {shown(name)} is not built in{guess} If it is new, {hint}"
            if guess
            else f"metric {shown(name)} is not built in; {hint}",
        )
        return None
    if based_on not in catalog:
        otherwise = f"; the built-in metrics are {listing(sorted(catalog), 'and')}."
        faults.add(
            entry.line_of("based_on"),
            f"{name}.based_on: {shown(based_on)} is not a built-in metric"
            f"{faults.nearest(based_on, catalog, otherwise)}",
        )
        return None
    return catalog[based_on]


def _can_name(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) is not None and name not in RESERVED


def _within_weeks(entry: Section) -> int | None:
    value = entry.get("within_weeks")
    return value.whole_number(0, LONGEST_HORIZON, "26") if value else None


def _words(entry: Section, key: str) -> str:
    """A phrase in which {change} stands exactly once."""
    phrase = entry.text(key, limit=200)
    if phrase and (phrase.count("{change}") != 1 or re.search(r"[{}]", phrase.replace("{change}", ""))):
        entry.values[key].fault(
            f"{entry.name}.{key} must hold {{change}} once and no other braces, "
            'such as "{change} fewer leads close".'
        )
        return ""
    return phrase


def _parameters(entry: Section, base: Metric | None) -> dict[str, str | float | int]:
    """Numbers and words to bind; for a workspace's metric only those that the base has, of the same type."""
    if base and not base.parameters and entry.get("parameters"):
        entry.faults.add(
            entry.line_of("parameters"), f"{entry.name}.parameters: {base.id} takes none; leave it out."
        )
        return {}
    section = entry.section("parameters", tuple(base.parameters) if base else ())
    parameters: dict[str, str | float | int] = {}
    for key, value in section.values.items() if section else ():
        written = value.text(200)
        wanted = base.parameters[key] if base and key in base.parameters else None
        if re.fullmatch(r"\d{1,9}", written):
            parameters[key] = int(written)
        elif not isinstance(wanted, int) and re.fullmatch(r"\d{1,9}\.\d{1,9}", written):
            parameters[key] = float(written)
        elif wanted is None or isinstance(wanted, str):
            parameters[key] = written
        else:
            value.fault(f"{value.name} is {shown(written)}; write a whole number such as {wanted}.")
    return parameters


def _one_of(entry: Section, key: str, known: tuple[str, ...]) -> str:
    written = entry.text(key)
    if written not in known:
        entry.faults.add(
            entry.line_of(key), f"{entry.name}.{key} is {shown(written)}; write {listing(known)}."
        )
    return written
