"""One entry of `metrics.yaml`, or of the built-in catalog → a declaration; what can't be counted is a fault."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from leadline.data.documents.faults import listing, shown
from leadline.data.documents.values import Section, Value
from leadline.data.templates import Template, fold, templates
from leadline.metrics.declared.declaration import (
    DAY_MINUTES,
    TOTALS_OF,
    Condition,
    Count,
    Declaration,
    Duration,
    Mean,
    Named,
    OwnEvent,
    Ratio,
    Rows,
    SameFirst,
    Share,
    Sum,
    Totals,
    ValuePerUnit,
)
from leadline.metrics.declared.foregone import foregone, never_happens

FORMS = ("of", "event", "named", "same_first", "count", "mean", "duration", "sum", "per", "within", "also")
"""keys that say what is counted"""
AMOUNTS = ("money", "number", "count", "percent")
SUMMED = ("money", "number", "count")
"""of which a sum says something: shares of different wholes do not add up"""
MOST_MINUTES = 60 * 24 * 14
_YES_NO = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
_GOES_WITH = {
    "of": "goes with event:, mean: or duration:; a count or a sum names its rows itself (template:, where:)",
    "of.at": "says when a unit enters, which duration.from says here",
    "of.counts": "goes with an event that is a column of the unit; write where: for which rows count",
    "event.at": "goes with rows of another template (event: {template: …})",
    "event.where": "goes with rows of another template (event: {template: …}); filter the units by of.where",
    "event.sum": "goes with rows of another template (event: {template: …})",
    "per": "goes with sum:",
    "per.first_of": "goes with a count of rows, not with a sum",
    "within": "is how soon a time in the unit's own row comes (event: {column: …}); for rows of another template write "
    "within_weeks:",
    "within_weeks": "says how long what comes later counts, and here nothing comes later",
    "also": "goes with an event that is a column of the unit (event: {column: …}) and without within:",
}
"""keys that only some forms use, and what to write instead"""
_WITHIN = re.compile(r"([1-9]\d{0,4}) (minute|hour|day)s?")
_MINUTES = {"minute": 1, "hour": 60, "day": DAY_MINUTES}
_ATTRIBUTES = "attributes."
"""before a name in a filter: an attribute of one's own exports, however near it is to the name of a column"""


def declares(entry: Section) -> bool:
    """Whether an entry says itself what is counted."""
    return any(entry.has(key) for key in FORMS)


def unused(entry: Section, keys: Sequence[str]) -> None:
    """Adds a fault for each of these keys that nobody asked for, and for each within them: what a form has no use for
    would be ignored in silence."""
    others = [value for key, value in entry.values.items() if key not in keys]
    for value in entry.unasked():
        if value in others:
            continue
        if value.is_empty:
            value.fault(f"{value.name} says nothing; write what it is, or remove it.")
            continue
        goes_with = _GOES_WITH.get(value.name.removeprefix(f"{entry.name}."), "is used for nothing here")
        value.fault(f"{value.name} {goes_with}; leave it out.")


def read_declaration(entry: Section) -> Declaration | None:
    """What the keys of FORMS say; None after a fault."""
    given = [
        key for key in ("count", "sum", "mean", "duration", "event", "named", "same_first") if entry.has(key)
    ]
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
    if given == ["duration"]:
        return _duration(entry, section)
    of = _rows(section)
    if of is None:
        return None
    if given == ["mean"]:
        column = _column(
            entry.values["mean"], entry.text("mean"), templates()[of.template], AMOUNTS, "an amount"
        )
        return Mean(of, column) if column else None
    if given == ["named"]:
        return _named(entry.section("named", ("template", "at", "where")), of)
    if given == ["same_first"]:
        return _same_first(entry.section("same_first", ("template", "at", "where", "of_different")), of)
    return _with_event(entry, section, of)


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
    if not entry.has("per"):
        return total
    section = entry.section("per", ("template", "at", "where", "first_of", "sum"))
    is_sum = section is not None and section.has("sum")
    per = _sum(section, "sum") if is_sum else _count(section)
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
    amount = _summed(value, templates()[of.template])
    return Sum(of, amount) if amount else None


def _summed(value: Value, template: Template) -> str | None:
    """An amount that adds up."""
    name = value.text()
    column = template.column(name)
    if column is not None and column.type == "percent":
        value.fault(
            f"{value.name} is {name}, a share of each {template.one}; shares don't add up: take their mean: or sum "
            "what they are shares of."
        )
        return None
    return _column(value, name, template, SUMMED, "an amount")


def _duration(entry: Section, units: Section) -> Declaration | None:
    section = entry.section("duration", ("from", "to"))
    if section is None:
        return None
    template, where = _template(units.get("template"), units), None
    if template is None or (where := _conditions(units, "where", template)) is None:
        return None
    start = section.get("from")
    at = _column(start, start.text(), template, ("time",), "a time") if start else _at(units, template)
    end = section.get("to")
    if end is None:
        section.faults.add(section.line, f"{section.name} has no to; write the time at which a unit is done.")
        return None
    to = _column(end, end.text(), template, ("time",), "a time")
    if to is not None and to == at:
        end.fault(f"{end.name} is {to}, at which it begins; write the time at which a unit is done.")
        return None
    return Duration(Rows(template.name, at, where), to) if at and to else None


def _named(section: Section | None, of: Rows) -> Named | None:
    codes = _rows(section) if section else None
    if (
        section is None
        or codes is None
        or not _names(section.values["template"], codes.template, templates()[of.template])
    ):
        return None
    if codes.template != "codes":
        section.values["template"].fault(f"{section.name} is of what coders marked; write template: codes.")
        return None
    return Named(of, codes)


def _same_first(section: Section | None, of: Rows) -> Declaration | None:
    named = _named(section, of)
    if section is None or named is None:
        return None
    template = templates()[of.template]
    value = section.get("of_different")
    if value is None:
        section.faults.add(
            section.line,
            f"{section.name} has no of_different; write the column that says whose answer it is.",
        )
        return None
    whose = _column(
        value, value.text(), template, ("text", "person", "choice"), "a column of words or people"
    )
    return SameFirst(of, named.codes, whose) if whose else None


def _with_event(entry: Section, units: Section, of: Rows) -> Declaration | None:
    keys = ("column", "is", "unless", "template", "at", "where", "sum")
    section = entry.section("event", keys)
    if section is None:
        return None
    if section.has("template"):
        rows = _rows(section)
        if rows is None or not _names(section.values["template"], rows.template, templates()[of.template]):
            return None
        for key in ("column", "is", "unless"):
            if section.get(key) is not None:
                section.faults.add(
                    section.line_of(key),
                    f"{section.name}.{key} is of a column of the unit itself; use where:.",
                )
        value = section.get("sum")
        if value is None:
            return Share(of, rows)
        amount = _summed(value, templates()[rows.template])
        return ValuePerUnit(of, rows, amount) if amount else None
    return _own_event(entry, section, units, of)


def _own_event(entry: Section, section: Section, units: Section, of: Rows) -> Declaration | None:
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
    minutes = _minutes(entry) if word is None else None
    recorded = _recorded(units, template)
    if (
        column is None
        or unless is None
        or recorded is None
        or (minutes is None and word is None and entry.has("within"))
    ):
        return None
    if word is None and column == of.at:
        value.fault(
            f"{value.name} is {column}, at which a unit enters, so that every unit has it; write another."
        )
        return None
    written = None if word is None else _word(word, word.text(), template, column)
    if written is None and word is not None:
        return None
    totals = _totals(entry, template) if minutes is None else None
    if totals is not None and of.where:
        entry.faults.add(
            units.line_of("where"),
            f"{units.name}.where is not asked of the rows of {totals.template} under also:; leave one of the two out.",
        )
    event, of = OwnEvent(column, written, unless, minutes), replace(of, recorded=recorded)
    if said := foregone(of, event, totals):
        value.fault(f"{section.name} tells no unit from another: {said}; change it or the filter.")
        return None
    return Share(of, event, totals)


def _recorded(units: Section, template: Template) -> tuple[str, ...] | None:
    """Times of which the first that is recorded at all says which units count; None after a fault."""
    named = [
        _column(item, item.text(), template, ("time",), "a time")
        for item in units.items("counts", "a list of times")
    ]
    return None if None in named else tuple(name for name in named if name)


def _minutes(entry: Section) -> int | None:
    value = entry.get("within")
    if value is None:
        return None
    said = _WITHIN.fullmatch(value.text())
    minutes = int(said[1]) * _MINUTES[said[2]] if said else 0
    if not 0 < minutes <= MOST_MINUTES:
        value.fault(
            f"{value.name} is {shown(value.text())}; write such as '5 minutes', '2 hours' or '3 days', at most 14 days."
        )
    return minutes or None


def _totals(entry: Section, of: Template) -> Totals | None:
    section = entry.section("also", ("template", "at", "units", "events"))
    if section is None:
        return None
    template = _template(section.get("template"), section)
    if template is None:
        return None
    if template.name != TOTALS_OF.get(of.name):
        known = ", ".join(f"{many} for {units}" for units, many in TOTALS_OF.items())
        section.values["template"].fault(
            f"{section.name}: a row of {template.name} does not hold many {of.name} at once ({known} do); leave "
            "also out."
        )
        _ = section.get("units"), section.get("events")
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
    if where is None:
        return None
    rows = Rows(template.name, _at(section, template), where)
    if said := never_happens(rows):
        section.faults.add(section.line_of("where"), f"{section.name}: {said}; change the filter or at:.")
        return None
    return rows


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
    for written, value in given.values.items() if given else ():
        name = written.removeprefix(_ATTRIBUTES)
        column = template.column(name)
        is_attribute = written != name and column is None
        if (
            column is None
            and not is_attribute
            and (guess := value.faults.nearest(name, [c.name for c in template.columns]))
        ):
            value.fault(
                f"{value.name} is no column of {template.name}{guess} An attribute of your exports is written "
                f"{_ATTRIBUTES}{name}."
            )
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
        found.append(Condition(name, tuple(sorted({word for word in words if word}))))
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
