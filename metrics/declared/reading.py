"""One entry of `metrics.yaml`, or of the built-in catalog → a declaration; what can't be counted is a fault."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leadline.data.documents.faults import listing, shown
from leadline.data.documents.values import Section, Value
from leadline.data.templates import Template, fold, templates
from leadline.metrics.declared.declaration import (
    Condition,
    Count,
    Declaration,
    Duration,
    Mean,
    OwnEvent,
    Ratio,
    Rows,
    Share,
    Sum,
    Totals,
    ValuePerUnit,
)

FORMS = ("of", "event", "count", "mean", "duration", "sum", "per", "within", "also")
"""keys that say what is counted"""
AMOUNTS = ("money", "number", "count", "percent")
MOST_MINUTES = 60 * 24 * 14
_YES_NO = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
_WITHIN = re.compile(r"([1-9]\d{0,4}) (minute|hour)s?")


def declares(entry: Section) -> bool:
    """Whether an entry says itself what is counted."""
    return any(entry.get(key) is not None for key in FORMS)


def read_declaration(entry: Section) -> Declaration | None:
    """What the keys of FORMS say; None after a fault."""
    given = [key for key in ("count", "sum", "mean", "duration", "event") if entry.get(key) is not None]
    if len(given) != 1:
        entry.faults.add(
            entry.line,
            f"{entry.name} says {listing(given, 'and') if given else 'nothing'} of what it counts; write one of count: "
            "{template: …}, sum: {template: …, column: …}, or of: {template: …} with event:, mean: or duration:.",
        )
        return None
    if given == ["count"]:
        return _count(entry.section("count", ("template", "at", "where", "first_of")))
    if given == ["sum"]:
        return _sum_or_ratio(entry)
    section = entry.section("of", ("template", "at", "where", "counts"))
    if section is None:
        entry.faults.add(entry.line, f"{entry.name} does not say of what; write of: {{template: leads}}.")
        return None
    of = _rows(section)
    if of is None:
        return None
    if given == ["mean"]:
        column = _column(
            entry.values["mean"], entry.text("mean"), templates()[of.template], AMOUNTS, "an amount"
        )
        return Mean(of, column) if column else None
    if given == ["duration"]:
        return _duration(entry, of)
    return _with_event(entry, of)


def _count(section: Section | None) -> Count | None:
    of = _rows(section) if section else None
    if section is None or of is None:
        return None
    value = section.get("first_of")
    if value is None:
        return Count(of)
    first_of = _template(value)
    if first_of is None or not _names(value, of.template, first_of):
        return None
    return Count(of, Rows(first_of.name, first_of.moment[0]))


def _sum_or_ratio(entry: Section) -> Declaration | None:
    total = _sum(entry.section("sum", ("template", "at", "where", "column")), "column")
    if entry.get("per") is None:
        return total
    section = entry.section("per", ("template", "at", "where", "first_of", "sum"))
    is_sum = section is not None and section.get("sum") is not None
    per = _sum(section, "sum") if is_sum else _count(section)
    if is_sum and section is not None and section.get("first_of") is not None:
        section.faults.add(
            section.line_of("first_of"), f"{section.name} is a sum, which has no first one; leave it out."
        )
        return None
    if total is None or per is None:
        return None
    if per == total:
        entry.faults.add(
            entry.line_of("per"), f"{entry.name} divides a sum by itself; say what it is for each of."
        )
        return None
    return Ratio(total, per)


def _sum(section: Section | None, column: str) -> Sum | None:
    """`column`: the key that names the amount."""
    of = _rows(section) if section else None
    if section is None or of is None:
        return None
    value = section.get(column)
    if value is None:
        section.faults.add(section.line, f"{section.name} has no {column}; write the amount that is summed.")
        return None
    amount = _column(value, value.text(), templates()[of.template], AMOUNTS, "an amount")
    return Sum(of, amount) if amount else None


def _duration(entry: Section, of: Rows) -> Declaration | None:
    section = entry.section("duration", ("from", "to"))
    if section is None:
        return None
    template = templates()[of.template]
    start = section.get("from")
    at = _column(start, start.text(), template, ("time",), "a time") if start else of.at
    end = section.get("to")
    if end is None:
        section.faults.add(section.line, f"{section.name} has no to; write the time at which a unit is done.")
        return None
    to = _column(end, end.text(), template, ("time",), "a time")
    return Duration(Rows(of.template, at, of.where, of.recorded), to) if at and to else None


def _with_event(entry: Section, of: Rows) -> Declaration | None:
    keys = ("column", "is", "unless", "template", "at", "where", "sum")
    section = entry.section("event", keys)
    if section is None:
        return None
    if section.get("template") is not None:
        rows = _rows(section)
        if rows is None or not _names(section.values["template"], rows.template, templates()[of.template]):
            return None
        for key in ("column", "is", "unless"):
            if key in section.values:
                section.faults.add(
                    section.line_of(key),
                    f"{section.name}.{key} is of a column of the unit itself; use where:.",
                )
        if section.get("sum") is None:
            return Share(of, rows)
        value = section.values["sum"]
        amount = _column(value, value.text(), templates()[rows.template], AMOUNTS, "an amount")
        return ValuePerUnit(of, rows, amount) if amount else None
    return _own_event(entry, section, of)


def _own_event(entry: Section, section: Section, of: Rows) -> Declaration | None:
    template = templates()[of.template]
    value = section.get("column")
    if value is None:
        section.faults.add(
            section.line,
            f"{section.name} says neither column nor template; write the column of {of.template} that holds the event, "
            "or the template whose rows are the events.",
        )
        return None
    word = section.get("is")
    kinds = ("time",) if word is None else ("boolean", "choice", "text")
    meant = "a time" if word is None else "a column of words, yes or no"
    column = _column(value, value.text(), template, kinds, meant)
    unless = _conditions(section, "unless", template)
    minutes = _minutes(entry)
    if column is None or unless is None or (minutes is None and entry.get("within") is not None):
        return None
    written = None if word is None else _word(word, word.text(), template, column)
    if written is None and word is not None:
        return None
    event = OwnEvent(column, written, unless, minutes)
    return Share(of, event, _totals(entry))


def _minutes(entry: Section) -> int | None:
    value = entry.get("within")
    if value is None:
        return None
    said = _WITHIN.fullmatch(value.text())
    minutes = int(said[1]) * (60 if said[2] == "hour" else 1) if said else 0
    if not 0 < minutes <= MOST_MINUTES:
        value.fault(
            f"{value.name} is {shown(value.text())}; write such as '5 minutes' or '2 hours', at most 14 days."
        )
    return minutes or None


def _totals(entry: Section) -> Totals | None:
    section = entry.section("also", ("template", "at", "units", "events"))
    if section is None:
        return None
    template = _template(section.get("template"), section)
    if template is None:
        return None
    units = [
        _column(item, item.text(), template, ("count", "number"), "a number")
        for item in section.items("units", "a list of columns")
    ]
    events = section.get("events")
    counted = _column(events, events.text(), template, ("count", "number"), "a number") if events else None
    if not units or None in units or counted is None:
        section.faults.add(
            section.line, f"{section.name} needs units and events, columns of {template.name}."
        )
        return None
    return Totals(template.name, _at(section, template), tuple(name for name in units if name), counted)


def _rows(section: Section) -> Rows | None:
    template = _template(section.get("template"), section)
    if template is None:
        return None
    where = _conditions(section, "where", template)
    recorded = [
        _column(item, item.text(), template, ("time",), "a time")
        for item in section.items("counts", "a list of times")
    ]
    if where is None or None in recorded:
        return None
    return Rows(template.name, _at(section, template), where, tuple(name for name in recorded if name))


def _at(section: Section, template: Template) -> str:
    value = section.get("at")
    if value is None:
        return template.moment[0]
    return _column(value, value.text(), template, ("time",), "a time") or template.moment[0]


def _template(value: Value | None, section: Section | None = None) -> Template | None:
    if value is None:
        if section is not None:
            section.faults.add(section.line, f"{section.name} has no template; write one, such as leads.")
        return None
    name = value.text()
    if (found := templates().get(name)) is None:
        otherwise = f"; the templates are {listing(tuple(templates()), 'and')}."
        value.fault(
            f"{value.name} is {shown(name)}, which is no template{value.faults.nearest(name, templates(), otherwise)}"
        )
    return found


def _names(value: Value, child: str, parent: Template) -> bool:
    """Whether rows of a template name the units of another; a fault where not."""
    if parent.name in templates()[child].links.values():
        return True
    value.fault(
        f"{value.name}: rows of {child} do not name {parent.name}, so that nothing tells which belong together; a "
        f"template with a column {parent.key[0]} that links to {parent.name} is needed."
    )
    return False


def _column(value: Value, name: str, template: Template, types: Sequence[str], meant: str) -> str | None:
    """A column of a template, of one of some types."""
    known = [column.name for column in template.columns if column.type in types and not column.helper]
    if name in known:
        return name
    otherwise = f"; write {listing(known)}." if known else f"; {template.name} has none."
    value.fault(
        f"{value.name} is {shown(name)}, not {meant} of {template.name}{value.faults.nearest(name, known, otherwise)}"
    )
    return None


def _conditions(section: Section, key: str, template: Template) -> tuple[Condition, ...] | None:
    """Of `key`; None after a fault. A name that is no column is an attribute that exports may bring."""
    given = section.section(key, ())
    found = []
    for name, value in given.values.items() if given else ():
        column = template.column(name)
        if column is None and (guess := value.faults.nearest(name, [c.name for c in template.columns])):
            value.fault(f"{value.name} is no column of {template.name}{guess}")
            return None
        if column is not None and column.type in ("time", "prose", *AMOUNTS):
            value.fault(
                f"{value.name} can't be filtered by a word: it is {'a ' + column.type} column; leave it out."
            )
            return None
        words = [
            _word(item, item.text(), template, name) for item in value.items("a word, or a list of them")
        ]
        if not words or None in words:
            if not words:
                value.fault(f"{value.name} has no word; write one, such as {name}: won.")
            return None
        found.append(Condition(name, tuple(sorted(word for word in words if word))))
    return tuple(found)


def _word(value: Value, word: str, template: Template, name: str) -> str | None:
    """A word as it stands in a column: of a choice the template's own, of yes and no one of the two."""
    column = template.column(name)
    if column is not None and column.type == "boolean":
        if (said := _YES_NO.get(word.lower())) is None:
            value.fault(f"{value.name} is {shown(word)}; write yes or no.")
        return said
    if column is not None and column.type == "choice":
        known = sorted(set(column.words.values()))
        meant = word if word in known else column.words.get(fold(word))
        if meant is None:
            value.fault(
                f"{value.name} is {shown(word)}{value.faults.nearest(word, known, f'; write {listing(known)}.')}"
            )
        return meant
    if not word:
        value.fault(f"{value.name} is empty; write the word to look for.")
    return word or None
