"""A mapping says which of their columns is which of ours, for files whose headings don't say it themselves.

```yaml
template: deals
columns:
  mql_id: [deal_id, lead_id]      # one column may feed several of ours
  won_date: [created_at, closed_at]
constants: {stage: won, workflow: lead-routing}
values: {stage: {Gewonnen: won}}  # their word: ours
otherwise: {stage: open}          # what every other word means; without it, such rows are set aside
workflow: {column: Pipeline, values: {Inbound: lead-routing}, otherwise: null}  # or one name for every row
missing: {channel: [Select], score: [999, -1]}  # cells of ours that mean 'not known' here
attributes: [business_segment]    # further columns to keep as segments
generate_id: true                 # rows without an identity, such as clicks; or [Name, Opened], which identify a row
numbers: comma                    # or point; also dates: dmy, percent: fraction, durations: h:mm
```
The same pairs may stand flat, beside `template`, without `columns`. For an export of a known system the mapping needs
to say only what differs; the template and the other columns come from its format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from leadline.data.documents.faults import LISTED, SUGGESTIONS_LIMIT, Faults, nearest, shortened
from leadline.data.documents.read import read_document, read_file
from leadline.data.documents.values import FLAGS, Section, Value, document_of
from leadline.data.errors import ExportError
from leadline.data.exports.recognition.recipes import Recipe
from leadline.data.templates import Template, fold, fold_word, templates

WRITING: dict[str, tuple[str, ...] | None] = {
    "dates": ("dmy", "mdy", "ymd"),
    "numbers": ("point", "comma"),
    "percent": ("fraction", "percent"),
    "durations": ("h:mm", "m:ss"),
    "timezone": None,
}
"""How the file writes things: entry -> what it may be; None = any text"""
RESERVED = (
    "template",
    "columns",
    "constants",
    "values",
    "otherwise",
    "missing",
    "attributes",
    "generate_id",
    "workflow",
    *WRITING,
)
NOTHING = ("", "null", "~")
"""ways to write 'nothing' where every scalar is text"""
RULE = (
    "'workflow' must be a name or a rule such as {column: Pipeline, values: {Inbound: lead-routing}, "
    "otherwise: null}"
)


@dataclass(frozen=True)
class Taught:
    """A checked mapping. `columns`: their heading, folded -> ours."""

    template: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """our column -> their word, folded -> our word"""
    attributes: tuple[str, ...] | None = None
    """headings to keep as segments; None = a template's unknown columns"""
    otherwise: Mapping[str, str | None] = field(default_factory=dict)
    """our column -> what a word that `values` does not know means; None = nothing"""
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """our column -> cells, folded, that mean 'not known' in this file"""
    generate_id: bool = False
    made_of: tuple[str, ...] = ()
    """headings, folded, that together identify a row; with `generate_id`"""
    writing: Mapping[str, str] = field(default_factory=dict)
    """how the file writes dates, numbers, percent, and the time zone, where the mapping says so"""
    name: str = "mapping"
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    """our column -> how it is made, for a known system's export; files of mappings can't say this"""

    def to_json(self) -> dict[str, Any]:
        """Plain values from which `read_mapping` makes the same mapping again."""
        return {
            "template": self.template,
            "columns": {theirs: list(ours) for theirs, ours in sorted(self.columns.items())},
            "constants": dict(sorted(self.constants.items())),
            "values": {column: dict(sorted(words.items())) for column, words in sorted(self.values.items())},
            **({"otherwise": dict(sorted(self.otherwise.items()))} if self.otherwise else {}),
            **(
                {"missing": {ours: list(cells) for ours, cells in sorted(self.missing.items())}}
                if self.missing
                else {}
            ),
            "attributes": None if self.attributes is None else list(self.attributes),
            "generate_id": list(self.made_of) or self.generate_id,
            **dict(sorted(self.writing.items())),
        }

    def over(self, base: Taught) -> Taught:
        """This mapping laid over what a format says: it wins wherever both speak of one of our columns."""
        own = {ours for several in self.columns.values() for ours in several} | set(self.constants)
        kept = {
            theirs: tuple(ours for ours in several if ours not in own)
            for theirs, several in base.columns.items()
        }
        columns = {theirs: several for theirs, several in kept.items() if several}
        for theirs, several in self.columns.items():
            columns[theirs] = (*several, *columns.get(theirs, ()))
        identity = self.generate_id and templates()[base.template or ""].key[0]
        return replace(
            base,
            columns=columns,
            constants={**{k: v for k, v in base.constants.items() if k not in own}, **self.constants},
            values={
                ours: {**base.values.get(ours, {}), **self.values.get(ours, {})}
                for ours in {**base.values, **self.values}
            },
            otherwise={**base.otherwise, **self.otherwise},
            missing={**base.missing, **self.missing},
            attributes=base.attributes if self.attributes is None else self.attributes,
            generate_id=self.generate_id,
            made_of=self.made_of,
            writing={**base.writing, **self.writing},
            recipes={k: v for k, v in base.recipes.items() if k not in own and k != identity},
        )


def read_mapping(
    said: Path | Mapping[str, Any], template: str | None = None, recognised: str | None = None
) -> Taught:
    """Reads and checks a mapping, all faults at once, with their lines. Raises ExportError (code 'bad_mapping').

    `template`: the one a person named; `recognised`: that of the known system's export, where the file is one.
    """
    section = _content(said)
    chosen = _template(section, template, recognised)
    rule = _workflow_rule(section)
    generated, made_of = _identity(section)
    taught = Taught(
        template=chosen.name if chosen else None,
        columns=_columns(section, chosen, rule),
        constants=_constants(section, chosen),
        values=_values(section, chosen, rule),
        otherwise=_otherwise(section, chosen, rule),
        missing=_missing(section, chosen),
        attributes=_attributes(section),
        generate_id=generated,
        made_of=made_of,
        writing=_writing(section),
        name=section.faults.file_name,
    )
    _fed_once(taught, section)
    section.faults.raise_if_any()
    return taught


def _content(said: Path | Mapping[str, Any]) -> Section:
    """The mapping's entries, none of them looked at yet."""
    if isinstance(said, Path):
        text = read_file(said, _unusable, "check its path")
        root, faults = read_document(text, said.name, _unusable)
    else:
        root = document_of(said, "mapping", _unusable)
        faults = root.faults
    section = root.section(()) if root is not None and root.is_group else None
    if section is None:
        faults.add(root.line if root else 0, "it holds no pairs; write lines such as 'created_at: Date'")
        raise faults.error()
    return section


def _unusable(faults: Faults) -> ExportError:
    found = faults.ordered()
    told = "; ".join(
        f"line {line}: {shortened(text.removesuffix('.'))}" if line else shortened(text.removesuffix("."))
        for line, text in found[:LISTED]
    )
    more = f"; and {len(found) - LISTED:,} more" if len(found) > LISTED else ""
    return ExportError(f"The mapping {faults.file_name} can't be used: {told}{more}.", "bad_mapping")


def _template(section: Section, said: str | None, recognised: str | None) -> Template | None:
    """The template that is meant; None, and a fault, where none of them is."""
    own = section.text("template") or None
    if said is not None and own not in (None, said):
        section.values["template"].fault(
            f"its template is {own!r}, but the template that is named is {said!r}"
        )
    known = templates()
    named = own or said or recognised
    if named is None:
        section.faults.add(0, f"it names no template; add 'template: …', one of {', '.join(known)}")
    elif named not in known:
        line = section.line_of("template") if own else 0
        section.faults.add(
            line, f"its template {named!r} is not known{_nearest(named, known, section.faults)}"
        )
    return known.get(named or "")


@dataclass(frozen=True)
class _Rule:
    """What `workflow` says where it is no plain name: by the words of which column a row belongs to one."""

    heading: str
    words: Mapping[str, Value]
    otherwise: str | None
    line: int


def _workflow_rule(section: Section) -> _Rule | None:
    said = section.get("workflow")
    if said is None or not said.is_group or (rule := said.section(())) is None:
        return None
    heading, words = rule.get("column"), rule.get("values")
    is_clear = heading is not None and not heading.is_group and not heading.is_list
    if (
        not is_clear
        or rule.values.keys() - {"column", "values", "otherwise"}
        or (words and not words.is_group)
    ):
        said.fault(RULE)
        return None
    return _Rule(
        rule.text("column"),
        _group(words),
        _meaning(rule.values["otherwise"]) if "otherwise" in rule.values else None,
        said.line,
    )


def _group(value: Value | None) -> Mapping[str, Value]:
    """The pairs that a value holds, if any; a key written twice is a fault."""
    section = value.section(()) if value is not None else None
    return section.values if section else {}


def _pairs(section: Section, key: str, such_as: str) -> Mapping[str, Value]:
    """The pairs under a key of the mapping; a fault where something else stands there."""
    value = section.get(key)
    if value is not None and not value.is_group:
        value.fault(f"{key!r} must hold {such_as}")
        return {}
    return _group(value)


def _columns(section: Section, template: Template | None, rule: _Rule | None) -> dict[str, tuple[str, ...]]:
    if "columns" in section.values:
        for key, value in section.values.items():
            if key not in RESERVED:
                value.fault(f"{key!r} is no entry of a mapping{_nearest(key, RESERVED, section.faults)}")
        pairs = _pairs(section, "columns", "pairs such as 'Close Date: closed_at'")
    else:
        pairs = {key: value for key, value in section.values.items() if key not in RESERVED}
    columns: dict[str, tuple[str, ...]] = {}
    for theirs, value in pairs.items():
        targets = (*columns.get(fold(theirs), ()), *_targets(theirs, value, template))
        columns[fold(theirs)] = tuple(dict.fromkeys(targets))
    if rule is not None:
        if template is not None and template.column("workflow") is None:
            section.faults.add(rule.line, f"'workflow' is no column of {template.name}")
        columns[fold(rule.heading)] = (*columns.pop(fold(rule.heading), ()), "workflow")
    return columns


def _targets(theirs: str, value: Value, template: Template | None) -> Iterable[str]:
    """The columns of ours that a heading of theirs feeds."""
    for target in value.items("") if value.is_list else (value,):
        if target.is_empty or target.is_group or target.is_list:
            target.fault(f"{theirs!r} points to no column; write the name of one of ours")
            continue
        ours = target.text()
        if template is not None and template.column(ours) is None:
            names = [column.name for column in template.columns]
            target.fault(
                f"{theirs!r} points to {ours!r}, which {template.name} has not{_nearest(ours, names, target.faults)}"
            )
        yield ours


def _constants(section: Section, template: Template | None) -> dict[str, str]:
    said = dict(_pairs(section, "constants", "pairs such as 'stage: won'"))
    workflow = section.get("workflow")
    if workflow is not None and not workflow.is_group:
        said["workflow"] = workflow
    constants = {}
    for ours, value in said.items():
        if template is not None and template.column(ours) is None:
            names = [column.name for column in template.columns]
            value.fault(
                f"the constant {ours!r} is no column of {template.name}{_nearest(ours, names, section.faults)}"
            )
        if value.is_empty or value.is_group or value.is_list:
            value.fault(f"the constant {ours!r} must be a single value")
        else:
            constants[ours] = value.text()
    return constants


def _values(section: Section, template: Template | None, rule: _Rule | None) -> dict[str, dict[str, str]]:
    said = _pairs(section, "values", "words by column, such as 'stage: {Gewonnen: won}'")
    values = {}
    for ours, value in said.items():
        if not value.is_group:
            value.fault("'values' must hold words by column, such as 'stage: {Gewonnen: won}'")
            continue
        words = _group(value)
        _check_words(ours, value, words, template)
        values[ours] = {fold_word(theirs): _meaning(word) or "" for theirs, word in words.items()}
    if rule is not None and rule.words:
        values["workflow"] = {fold_word(theirs): _meaning(word) or "" for theirs, word in rule.words.items()}
    return values


def _check_words(ours: str, value: Value, words: Mapping[str, Value], template: Template | None) -> None:
    """Faults where a word of theirs is to become something that the column can't be."""
    column = template.column(ours) if template else None
    if template is not None and column is None:
        value.fault(f"'values' names {ours!r}, which is no column of {template.name}")
    elif column is not None and column.type == "choice":
        allowed = sorted(set(column.words.values()))
        for theirs, word in words.items():
            if (meaning := _meaning(word)) not in allowed:
                word.fault(f"{theirs!r} can't become {meaning!r}; {ours} knows {', '.join(allowed)}")
    elif ours != "workflow" and any(_meaning(word) is None for word in words.values()):
        value.fault(f"'values' can't make nothing of a word of {ours}; write it under 'missing'")


def _otherwise(section: Section, template: Template | None, rule: _Rule | None) -> dict[str, str | None]:
    said = _pairs(section, "otherwise", "pairs such as 'stage: open'")
    worded = _group(section.get("values")) if said else {}
    otherwise = {}
    for ours, value in said.items():
        column, meaning = (template.column(ours) if template else None), _meaning(value)
        if template is not None and column is None:
            value.fault(f"'otherwise' names {ours!r}, which is no column of {template.name}")
        elif column is not None and column.type == "choice" and meaning is not None:
            allowed = sorted(set(column.words.values()))
            if meaning not in allowed:
                value.fault(f"'otherwise' can't be {meaning!r}; {ours} knows {', '.join(allowed)}")
        elif column is not None and column.type != "choice" and ours not in worded:
            value.fault(f"'otherwise' names {ours!r}, for which 'values' holds no words")
        otherwise[ours] = meaning
    if rule is not None and rule.words:
        otherwise["workflow"] = rule.otherwise
    return otherwise


def _missing(section: Section, template: Template | None) -> dict[str, tuple[str, ...]]:
    missing = {}
    for ours, value in _pairs(section, "missing", "lists by column, such as 'channel: [Select]'").items():
        if not value.is_list:
            value.fault("'missing' must hold lists by column, such as 'channel: [Select]'")
            continue
        if template is not None and template.column(ours) is None:
            value.fault(f"'missing' names {ours!r}, which is no column of {template.name}")
        missing[ours] = tuple(fold_word(cell.scalar("a cell") or "") for cell in value.items("cells"))
    return missing


def _attributes(section: Section) -> tuple[str, ...] | None:
    said = section.values.get("attributes")
    if said is None or said.is_empty:
        return None
    if not said.is_list:
        said.fault("'attributes' must be a list of their headings")
        return None
    return tuple(name.scalar("a heading") or "" for name in said.items("headings"))


def _identity(section: Section) -> tuple[bool, tuple[str, ...]]:
    """(is an identity made, of which headings; of none in particular: of all that is mapped)"""
    said = section.get("generate_id")
    if said is None:
        return False, ()
    if said.is_list and (names := said.items("headings")):
        return True, tuple(fold(name.scalar("a heading") or "") for name in names)
    written = "" if said.is_list or said.is_group else said.text()
    if written not in FLAGS:
        said.fault("'generate_id' must be true, false or a list of headings that identify a row")
    return FLAGS.get(written, False), ()


def _writing(section: Section) -> dict[str, str]:
    writing = {}
    for name, allowed in WRITING.items():
        if (value := section.get(name)) is None:
            continue
        writing[name] = "" if value.is_group or value.is_list else value.text()
        if not writing[name] or (allowed is not None and writing[name] not in allowed):
            known = " or ".join(allowed or ("a zone such as Europe/Berlin",))
            value.fault(f"{name!r} is {writing[name]!r}; write {known}")
    return writing


def _fed_once(taught: Taught, section: Section) -> None:
    """Faults where two columns, or a column and a constant, would feed one of ours."""
    line = section.line_of("columns")
    fed = [ours for several in taught.columns.values() for ours in several]
    for ours in sorted({target for target in fed if fed.count(target) > 1}):
        theirs = [heading for heading, targets in taught.columns.items() if ours in targets]
        section.faults.add(line, f"{ours} comes from several columns ({', '.join(theirs)}); keep one")
    for ours in sorted(set(fed) & set(taught.constants)):
        section.faults.add(line, f"{ours} is both a column and a constant; keep one")


def _meaning(value: Value) -> str | None:
    """What a word stands for; None for nothing."""
    if value.is_empty or (written := value.scalar("one word")) is None:
        return None
    return None if written in NOTHING else written


def _nearest(word: str, known: Iterable[str], faults: Faults) -> str:
    close = nearest(word, known) if len(faults.found) < SUGGESTIONS_LIMIT else None
    return f" (did you mean {close!r}?)" if close else ""
