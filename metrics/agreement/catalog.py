"""What is measured: every metric's unit, event, horizon, direction and words, read from `catalog.yaml`.

A workspace's `metrics.yaml` has the same shape. It may give a built-in metric another horizon or other words, define
metrics that are counted as a built-in one is, and say itself what a metric counts (`metrics.declared`):

    close_rate: {within_weeks: 40}
    answered_within_60_minutes:
      based_on: answered_within_5_minutes
      label: Answered within an hour
      parameters: {minutes: 60}
    reply_rate: {role: proxy, of: {template: emails}, event: {column: replied_at}, within_weeks: 2}

A whole declaration under a built-in's name replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import resources
from typing import Literal, cast, get_args

from leadline.data.documents.faults import Faults, listing, shown
from leadline.data.documents.read import read_document, read_file, read_shipped
from leadline.data.documents.values import Section, Value
from leadline.data.errors import CharterError
from leadline.data.templates import templates
from leadline.data.workspace.workspace import Workspace
from leadline.metrics.declared.declaration import (
    TOTALS_OF,
    Count,
    Declaration,
    Duration,
    Mean,
    Named,
    Ratio,
    SameFirst,
    Share,
    Sum,
    ValuePerUnit,
    default_horizon,
    delay_of,
    entity_of,
    has_horizon,
    minutes_of,
    needs_horizon,
    templates_of,
    told_plainly,
    with_minutes,
)
from leadline.metrics.declared.made_words import in_other_time, made_words
from leadline.metrics.declared.reading import FORMS, MOST_MINUTES, declares, read_declaration, unused
from leadline.metrics.verdicts import VERDICTS

Kind = Literal["rate", "duration", "volume", "mean", "value", "sum", "ratio", "pairs"]
Role = Literal["proxy", "outcome"]
Unit = Literal["share", "minutes", "count", "money"]

METRICS = "metrics.yaml"
_UNNAMEABLE = (
    "{} can't name a metric; use small letters, digits and _, beginning with a letter, "
    "such as open_rate_newsletter."
)
LONGEST_HORIZON = 260
"""weeks; five years"""
DELAY_WEEKS = 26
"""so long after its units what a ratio counts is looked for, where nobody says it"""


@dataclass(frozen=True)
class Metric:
    """One metric. `kind` says how it is counted:

    rate      units that enter, of which some have an event within the horizon (close_rate, open_rate)
    duration  time from entry to event, members still waiting are censored (response_time), minutes
    volume    units that enter a week (lead_volume), events that happen in it (won_deals)
    mean      mean of an amount per unit (cost_per_asset)
    value     amount per unit that matures like a rate (won_value_per_lead)
    sum       an amount summed over the rows of a week
    ratio     such a sum for each of what happens in the week (cost_per_lead)
    pairs     pairs of those of a week, of which some are alike (brand_coherence)
    """

    id: str
    label: str
    """how a chart names it: 'Close rate'"""
    role: Role
    declaration: Declaration
    higher_is_better: bool
    entity: str
    """what one unit is, plural: 'leads'"""
    within_weeks: int
    """horizon: an event later than this many weeks after entry does not count; 0 = the week of entry only"""
    counted_as: str
    """the built-in metric that it is counted as; its own id where it says itself what it counts"""
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
    unused: tuple[str, ...] = ()
    """keys of its entry that change nothing"""
    replaces: bool = False
    """a whole declaration of the workspace's own under the name of a built-in metric"""

    @property
    def kind(self) -> Kind:
        match self.declaration:
            case Share() | Named():
                return "rate"
            case ValuePerUnit():
                return "value"
            case Count():
                return "volume"
            case Mean():
                return "mean"
            case SameFirst():
                return "pairs"
            case Duration():
                return "duration"
            case Sum():
                return "sum"
            case Ratio():
                return "ratio"

    @property
    def unit(self) -> Unit:
        match self.declaration:
            case Share() | Named() | SameFirst():
                return "share"
            case Count():
                return "count"
            case Duration():
                return "minutes"
            case ValuePerUnit(event=rows) | Mean(of=rows) | Sum(of=rows):
                return _unit_of(rows.template, self.declaration.amount)
            case Ratio(Sum(of=rows, amount=amount), per):
                is_pure = isinstance(per, Sum) and _unit_of(per.of.template, per.amount) == "money"
                return "count" if is_pure else _unit_of(rows.template, amount)

    @property
    def is_money(self) -> bool:
        """Whether what it lacks is money itself."""
        missing = self.missing
        return missing is not None and _unit_of(missing.of.template, missing.amount) == "money"

    @property
    def definition(self) -> dict[str, object]:
        """What it counts, without its words, as JSON values: what somebody agrees to who signs a charter."""
        return {
            "counts": told_plainly(self.declaration),
            "within_weeks": self.within_weeks,
            "higher_is_better": self.higher_is_better,
        }

    @property
    def has_segments(self) -> bool:
        """Whether it is judged by segment; a sum and a sum for each are judged as a whole."""
        return self.kind in ("rate", "value", "volume", "mean")

    @property
    def has_cost(self) -> bool:
        """Whether its fall costs anything that can be counted: points of a rating are nothing that is missing."""
        return self.kind not in ("mean", "pairs") or self.is_money

    @property
    def brings_money(self) -> bool:
        """Whether that is all the money that its units bring less: a mean says nothing of how many there are."""
        return self.is_money and self.kind != "mean"

    @property
    def missing(self) -> Sum | None:
        """The amounts that are lacking when it falls; None where it counts."""
        match self.declaration:
            case ValuePerUnit(event=rows, amount=amount):
                return Sum(rows, amount)
            case Mean(of, amount) if self.unit == "money":
                return Sum(of, amount)
            case Sum():
                return self.declaration
            case Ratio(total) if self.higher_is_better:
                return total
            case _:
                return None

    @property
    def sources(self) -> tuple[str, ...]:
        """Templates it needs: ('leads', 'deals')."""
        return templates_of(self.declaration)

    @property
    def parts(self) -> tuple[Metric, ...]:
        """What is asked of the facts, each by one question: itself; of a ratio, its sum, what that is for each of, and
        where these come some time after units of their own, how long after."""
        ratio = self.declaration
        if not isinstance(ratio, Ratio):
            return (self,)
        parts = {"sum": ratio.sum, "per": ratio.per, "delay": delay_of(ratio)}
        return tuple(
            replace(
                self,
                id=f"{self.id}/{name}",
                counted_as=f"{self.counted_as}/{name}",
                declaration=part,
                within_weeks=(self.within_weeks or DELAY_WEEKS) if name == "delay" else self.within_weeks,
            )
            for name, part in parts.items()
            if part is not None
        )

    @property
    def parameters(self) -> dict[str, int]:
        """What `parameters` may say of it: minutes, where the event counts only so soon."""
        minutes = minutes_of(self.declaration)
        return {} if minutes is None else {"minutes": minutes}

    def may_be(self, role: Role) -> bool:
        """Whether a charter may watch it as this; a count of what the business lives on is also a volume."""
        return self.role == role or (role == "proxy" and self.kind == "volume")


def _unit_of(template: str, amount: str) -> Unit:
    column = templates()[template].column(amount)
    return "money" if column is not None and column.type == "money" else "count"


def is_cost(template: str, column: str) -> bool:
    """Whether an amount is one that is paid."""
    return (template, column) in COSTS


WORDS = {"better": "better_words", "worse": "worse_words", "steady": "steady_words"}
"""what is said of a change → the key that says it without doubt: 'better: lower' is a direction"""
FREE = ("label", "description", "within_weeks", "parameters", *WORDS, *WORDS.values())
"""what a workspace may say of a metric that is counted as a built-in one is"""
DECLARED = ("role", "entity", *FORMS)
"""what it says besides of a metric of its own"""
FIXED = ("kind", "unit", "higher_is_better", "cohorts", "sources", "total")
"""what follows from what is counted, or is of the built-in metrics alone"""
DIRECTIONS = ("lower", "higher")
COSTS = {("assets", "cost"), ("spend", "cost")}
"""amounts that are paid; nobody can tell from a sum of them alone which way is meant to be better"""
LABEL_LETTERS = 80
"""a label stands in sentences, on cards and above charts"""
RESERVED = ("baseline", "cost", *VERDICTS)
"""words with a meaning of their own in a stopping rule's condition"""


def templates_read(metrics: Iterable[Metric]) -> frozenset[str]:
    """The templates whose rows metrics rest on: mailings that come as totals count as single e-mails do."""
    sources = {source for metric in metrics for source in metric.sources}
    return frozenset(sources | {TOTALS_OF[name] for name in sources if name in TOTALS_OF})


def load_catalog(workspace: Workspace | None) -> dict[str, Metric]:
    """Built-in metrics by id, with those of the workspace's `metrics.yaml` where it has one.

    A metric that can't be read is left out, also where it would change a built-in one; `catalog_faults` tells of it.
    Raises CharterError where the file as a whole can't be read.
    """
    file = workspace.path / METRICS if workspace else None
    if file is None or not file.exists():
        return dict(_built_in())
    extended, faults, is_read = _extended(dict(_built_in()), read_file(file), METRICS)
    if not is_read:
        raise faults.error()
    return extended


def checked_catalog(workspace: Workspace) -> dict[str, Metric]:
    """The same, for what is to be agreed. Raises CharterError with every fault of the file, each with its line."""
    file = workspace.path / METRICS
    return extend_catalog(dict(_built_in()), read_file(file), METRICS) if file.exists() else dict(_built_in())


def catalog_faults(workspace: Workspace) -> tuple[str, ...]:
    """What is wrong with the workspace's `metrics.yaml`, a sentence each, with its line."""
    try:
        checked_catalog(workspace)
    except CharterError as e:
        return e.faults or (str(e),)
    return ()


def extend_catalog(catalog: dict[str, Metric], text: str, file_name: str) -> dict[str, Metric]:
    """The catalog with the metrics of a `metrics.yaml` text. Raises CharterError with every fault."""
    extended, faults, _ = _extended(catalog, text, file_name)
    faults.raise_if_any()
    return extended


def _extended(
    catalog: dict[str, Metric], text: str, file_name: str
) -> tuple[dict[str, Metric], Faults, bool]:
    """The catalog with the metrics that can be read, without those that can't be; what is wrong with them; and whether
    it is known which they are."""
    root, faults = read_document(text, file_name)
    extended = dict(catalog)
    section = root.section(()) if root else None
    is_read = not faults.found
    for name, value in section.values.items() if section else ():
        known = len(faults.found)
        metric = workspace_metric(name, value, catalog, faults)
        if metric and len(faults.found) == known:
            extended[name] = metric
        else:
            extended.pop(name, None)
    return extended, faults, is_read


@cache
def _built_in() -> Mapping[str, Metric]:
    """The shipped catalog; it obeys the same checks."""
    text = resources.files("leadline.metrics.agreement").joinpath("catalog.yaml").read_text(encoding="utf-8")
    root, faults = read_shipped(text, "catalog.yaml")
    metrics: dict[str, Metric] = {}
    section = root.section(()) if root else None
    for name, value in section.values.items() if section else ():
        if entry := value.section((*FREE, *DECLARED, "total")):
            if not can_name(name):
                value.fault(_UNNAMEABLE.format(shown(name)))
            if metric := _declared_metric(name, entry, faults):
                metrics[name] = replace(metric, total=entry.text("total") or None)
        elif value.is_empty:
            value.fault(f"{shown(name)} says nothing.")
    faults.raise_if_any()
    return metrics


def _declared_metric(name: str, entry: Section, faults: Faults) -> Metric | None:
    """A metric that says itself what it counts; None after a fault."""
    declaration = read_declaration(entry)
    role = cast(Role, _one_of(entry, "role", get_args(Role)))
    if declaration is None:
        return None
    within = _horizon(entry, declaration)
    unused(entry, (*FORMS, "within_weeks"))
    if within is None and needs_horizon(declaration):
        faults.add(
            entry.line,
            f"{name} has no within_weeks: after how many weeks does an event no longer count? Write such as "
            "within_weeks: 26.",
        )
    if role == "outcome" and isinstance(declaration, Duration):
        faults.add(
            entry.line,
            f"{name} is a time that passes, which is watched as a proxy only; as an outcome count what comes in time "
            f"(of:, event: and within_weeks:).",
        )
    elif role == "outcome" and entry.text("better") == "lower" and not isinstance(declaration, Ratio):
        faults.add(
            entry.line_of("better"),
            f"{name} is an outcome of which less is better, which is judged only as a sum per count (sum: and per:); "
            "count what should come instead, such as units without a complaint, or watch it as a proxy.",
        )
    elif role == "outcome" and entry.text("better") not in DIRECTIONS and _sums_a_cost(declaration):
        faults.add(entry.line, f"{name} sums a cost; write better: lower, or better: higher.")
    if "parameters" in entry.values:
        faults.add(entry.line_of("parameters"), f"{name}.parameters goes with based_on; leave it out.")
    words = _texts(entry)
    label = words.get("label", label_of(name))
    direction = entry.text("better") if entry.text("better") in DIRECTIONS else "higher"
    better, worse, steady = made_words(label, declaration, direction == "higher")
    return Metric(
        id=name,
        label=label,
        role=role,
        declaration=declaration,
        higher_is_better=direction == "higher",
        entity=_name(entry, "entity") or entity_of(declaration),
        within_weeks=default_horizon(declaration) if within is None else within,
        counted_as=name,
        better=words.get("better", better),
        worse=words.get("worse", worse),
        steady=words.get("steady", steady),
        description=words.get("description", ""),
    )


def _sums_a_cost(declaration: Declaration) -> bool:
    match declaration:
        case Sum(of, amount) | Ratio(Sum(of, amount)):
            return is_cost(of.template, amount)
        case _:
            return False


def _texts(entry: Section) -> dict[str, str]:
    """What an entry says in words, by what they are for."""
    said = {"label": _name(entry, "label"), "description": " ".join(entry.text("description").split())}
    for key, plain in WORDS.items():
        if entry.has(key) and entry.has(plain) and entry.text(key) not in DIRECTIONS:
            entry.faults.add(
                entry.line_of(key), f"{entry.name}.{key} and {plain} say the same; leave one of the two out."
            )
        read = partial(_line, entry) if key == "steady" else partial(_words, entry)
        is_direction = key == "better" and entry.text(key) in DIRECTIONS
        said[key] = read(plain) or ("" if is_direction else read(key))
    return {key: text for key, text in said.items() if text}


def workspace_metric(name: str, value: Value, catalog: dict[str, Metric], faults: Faults) -> Metric | None:
    """One entry of `metrics.yaml`: a built-in one with changes, one counted as a built-in one is, or one of its own."""
    entry = value.section((*FREE, *DECLARED, "based_on"), unoffered=FIXED)
    if entry is None:
        if value.is_empty:
            value.fault(
                f"{shown(name)} says nothing; write what differs, such as within_weeks: 13, or remove it."
            )
        return None
    own = declares(entry)
    for key in (*FIXED, *(() if own else ("role", "entity")), *(("based_on",) if own else ())):
        if key in entry.values:
            faults.add(
                entry.line_of(key),
                f"{name}.{key} can't be set here, it comes with what is counted; leave it out.",
            )
    if own:
        if not can_name(name):
            value.fault(_UNNAMEABLE.format(shown(name)))
            return None
        declared = _declared_metric(name, entry, faults)
        return replace(declared, replaces=name in catalog) if declared else None
    base = _base(name, entry, catalog, faults, value.line)
    if base is None:
        return None
    if entry.text("better") in DIRECTIONS:
        faults.add(
            entry.line_of("better"),
            f"{name}.better is a direction, which comes with what is counted; leave it out.",
        )
    declaration = with_minutes(base.declaration, _minutes(entry, base))
    within, changed = _horizon(entry, base.declaration), _texts(entry)
    if within is None:
        within = max(base.within_weeks, default_horizon(declaration))
    # earlier versions took it without a word, so a file that has it goes on being read
    has_no_use = entry.has("within_weeks") and "within_weeks" not in entry.asked
    weeks = None if within == base.within_weeks else within
    minutes = (minutes_of(base.declaration), minutes_of(declaration))
    told = partial(in_other_time, weeks=weeks, minutes=minutes)
    metric = replace(
        base,
        unused=("within_weeks",) if has_no_use else (),
        declaration=declaration,
        within_weeks=within,
        label=changed.get("label", told(base.label)),
        description=changed.get("description", told(base.description)),
        better=changed.get("better", told(base.better)),
        worse=changed.get("worse", told(base.worse)),
        steady=changed.get("steady", told(base.steady)),
    )
    if name in catalog:
        return metric
    label = changed.get("label", label_of(name))
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
    if not can_name(name):
        faults.add(line, _UNNAMEABLE.format(shown(name)))
        return None
    if not based_on:
        hint = (
            "say what it counts, such as count: {template: leads}, or add based_on: with a built-in metric "
            f"({listing(sorted(catalog))})."
        )
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


def label_of(name: str) -> str:
    """What a metric is called that says nothing of it."""
    return name.replace("_", " ").capitalize()


def can_name(name: str) -> bool:
    """Whether a metric may be written so in charters and rules."""
    return re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) is not None and name not in RESERVED


def _horizon(entry: Section, declaration: Declaration) -> int | None:
    """What is said of how long an event counts; not asked for where nothing comes later, unless it says just that."""
    said = entry.values.get("within_weeks")
    if said is None or said.is_empty or not (has_horizon(declaration) or said.scalar("a number") == "0"):
        return None
    entry.asked.add("within_weeks")
    return said.whole_number(0, LONGEST_HORIZON, "26")


def _line(entry: Section, key: str, limit: int = 200) -> str:
    """A phrase on one line, wherever it was broken."""
    return " ".join(entry.text(key, limit).split())


def _name(entry: Section, key: str) -> str:
    """What is called so in sentences."""
    written = _line(entry, key, LABEL_LETTERS)
    if re.search(r"[{}]", written):
        entry.values[key].fault(f"{entry.name}.{key} is {shown(written)}; write it without braces.")
    return written


def _words(entry: Section, key: str) -> str:
    """A phrase in which {change} stands exactly once."""
    phrase = _line(entry, key)
    if phrase and (phrase.count("{change}") != 1 or re.search(r"[{}]", phrase.replace("{change}", ""))):
        entry.values[key].fault(
            f"{entry.name}.{key} must hold {{change}} once and no other braces, "
            'such as "{change} fewer leads close".'
        )
        return ""
    return phrase


def _minutes(entry: Section, base: Metric) -> int | None:
    """What `parameters` says of the minutes of a metric that has them."""
    if not base.parameters and entry.get("parameters"):
        entry.faults.add(
            entry.line_of("parameters"), f"{entry.name}.parameters: {base.id} takes none; leave it out."
        )
        return None
    section = entry.section("parameters", tuple(base.parameters))
    value = section.get("minutes") if section else None
    return value.whole_number(1, MOST_MINUTES, str(base.parameters["minutes"])) if value else None


def _one_of(entry: Section, key: str, known: tuple[str, ...]) -> str:
    written = entry.text(key)
    if written not in known:
        entry.faults.add(
            entry.line_of(key), f"{entry.name}.{key} is {shown(written)}; write {listing(known)}."
        )
    return written
