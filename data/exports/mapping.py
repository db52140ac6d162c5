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
numbers: comma                    # or point; also dates: dmy, percent: fraction, timezone: Europe/Berlin
```
The same pairs may stand flat, beside `template`, without `columns`. For an export of a known system the mapping needs
to say only what differs; the template and the other columns come from its format.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from leadline.data.errors import ExportError
from leadline.data.exports.recipes import Recipe
from leadline.data.templates import Template, fold, fold_word, templates

WRITING: dict[str, tuple[str, ...] | None] = {
    "dates": ("dmy", "mdy"),
    "numbers": ("point", "comma"),
    "percent": ("fraction", "percent"),
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
NOTHING = (None, "", "null", "~")
"""ways to write 'nothing' where every scalar is text"""
LARGEST = 1 << 20


class _TextLoader(yaml.SafeLoader):
    """Reads every scalar as text: a column may be called No, On or 2026-01-05."""


_TextLoader.yaml_implicit_resolvers = {}


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
    """Reads and checks a mapping, all faults at once. Raises ExportError (code 'bad_mapping').

    `template`: the one a person named; `recognised`: that of the known system's export, where the file is one.
    """
    name, content = _content(said)
    faults: list[str] = []
    named = content.get("template") or template or recognised
    if template is not None and content.get("template") not in (None, template):
        faults.append(f"its template is {content['template']!r}, but --template says {template!r}")
    known = templates()
    if named is None:
        faults.append(f"it names no template; add 'template: …', one of {', '.join(known)}")
    elif not isinstance(named, str) or named not in known:
        faults.append(f"its template {named!r} is not known{_nearest(str(named), known)}")
    unknown = [key for key in content if "columns" in content and key not in RESERVED]
    faults.extend(f"{key!r} is no entry of a mapping{_nearest(str(key), RESERVED)}" for key in unknown)
    pairs = content.get("columns", {key: value for key, value in content.items() if key not in RESERVED})
    chosen = known.get(named) if isinstance(named, str) else None
    columns, values, otherwise, constants = _by_rule(content, pairs, faults)
    generated, made_of = _identity(content.get("generate_id", False), faults)
    taught = Taught(
        template=named if chosen else None,
        columns=_columns(columns, chosen, faults),
        constants=_constants(constants, chosen, faults),
        values=_values(values, chosen, faults),
        otherwise=_otherwise(otherwise, values, chosen, faults),
        missing=_missing(content.get("missing"), chosen, faults),
        attributes=_attributes(content.get("attributes"), faults),
        generate_id=generated,
        made_of=made_of,
        writing=_writing(content, faults),
        name=name,
    )
    fed = [ours for several in taught.columns.values() for ours in several]
    for ours in sorted({target for target in fed if fed.count(target) > 1}):
        theirs = [heading for heading, targets in taught.columns.items() if ours in targets]
        faults.append(f"{ours} comes from several columns ({', '.join(theirs)}); keep one")
    for ours in sorted(set(fed) & set(taught.constants)):
        faults.append(f"{ours} is both a column and a constant; keep one")
    if faults:
        raise ExportError(f"The mapping {name} can't be used: {'; '.join(faults)}.", "bad_mapping")
    return taught


def _content(said: Path | Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if not isinstance(said, Path):
        return "mapping", dict(said)
    try:
        if said.stat().st_size > LARGEST:
            raise ExportError(f"The mapping {said.name} is too large to be one.", "bad_mapping")
        content = yaml.load(said.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506 (a SafeLoader)
    except OSError as e:
        raise ExportError(
            f"The mapping {said} can't be read ({e.strerror}); check the path after --mapping.", "bad_mapping"
        ) from e
    except UnicodeDecodeError as e:
        raise ExportError(
            f"The mapping {said.name} is not UTF-8 text; save it as such.", "bad_mapping"
        ) from e
    except (yaml.YAMLError, RecursionError) as e:
        mark = getattr(e, "problem_mark", None)
        where = f" on line {mark.line + 1}" if mark else ""
        what = getattr(e, "problem", None) or "it can't be read"
        raise ExportError(
            f"The mapping {said.name} is not valid YAML{where}: {what}; correct that line.", "bad_mapping"
        ) from e
    if not isinstance(content, dict):
        raise ExportError(
            f"The mapping {said.name} holds no pairs; write lines such as 'created_at: Date'.", "bad_mapping"
        )
    return said.name, content


def _columns(pairs: Any, template: Template | None, faults: list[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(pairs, Mapping):
        faults.append("'columns' must hold pairs such as 'Close Date: closed_at'")
        return {}
    columns: dict[str, tuple[str, ...]] = {}
    for theirs, ours in pairs.items():
        targets = ours if isinstance(ours, list) else [ours]
        for target in targets:
            if not isinstance(target, str):
                faults.append(f"{theirs!r} points to {target!r}; write the name of one of our columns")
            elif template is not None and template.column(target) is None:
                names = [column.name for column in template.columns]
                faults.append(
                    f"{theirs!r} points to {target!r}, which {template.name} has not{_nearest(target, names)}"
                )
        columns[fold(str(theirs))] = tuple(target for target in targets if isinstance(target, str))
    return columns


def _by_rule(
    content: Mapping[str, Any], pairs: Any, faults: list[str]
) -> tuple[Any, Any, Any, dict[str, Any]]:
    """(columns, values, otherwise, constants) with what `workflow` says put where it belongs."""
    said = content.get("workflow")
    columns, values, otherwise = pairs, content.get("values") or {}, content.get("otherwise") or {}
    constants = {"constants": content.get("constants"), "workflow": said}
    if not isinstance(said, Mapping):
        return columns, values, otherwise, constants
    unknown = [str(entry) for entry in said if entry not in ("column", "values", "otherwise")]
    heading, words = said.get("column"), said.get("values") or {}
    if unknown or not isinstance(heading, str) or not isinstance(words, Mapping):
        faults.append(
            "'workflow' must be a name or a rule such as {column: Pipeline, values: {Inbound: lead-routing}, "
            "otherwise: null}"
        )
        return columns, values, otherwise, {**constants, "workflow": None}
    parts = (columns, values, otherwise)
    if all(isinstance(part, Mapping) for part in parts):
        before: Any = next(
            (ours for theirs, ours in columns.items() if fold(str(theirs)) == fold(heading)), []
        )
        kept = {theirs: ours for theirs, ours in columns.items() if fold(str(theirs)) != fold(heading)}
        columns = {**kept, heading: [*(before if isinstance(before, list) else [before]), "workflow"]}
        if words:
            values = {**values, "workflow": words}
            otherwise = {**otherwise, "workflow": said.get("otherwise")}
    return columns, values, otherwise, {**constants, "workflow": None}


def _constants(content: Mapping[str, Any], template: Template | None, faults: list[str]) -> dict[str, str]:
    said = content.get("constants") or {}
    if not isinstance(said, Mapping):
        faults.append("'constants' must hold pairs such as 'stage: won'")
        said = {}
    constants = {str(ours): value for ours, value in said.items()}
    if content.get("workflow") not in (None, ""):
        constants["workflow"] = content["workflow"]
    for ours, value in constants.items():
        if template is not None and template.column(ours) is None:
            names = [column.name for column in template.columns]
            faults.append(f"the constant {ours!r} is no column of {template.name}{_nearest(ours, names)}")
        if isinstance(value, Mapping | list) or value in (None, ""):
            faults.append(f"the constant {ours!r} must be a single value")
    return {ours: _text(value) for ours, value in constants.items()}


def _otherwise(said: Any, values: Any, template: Template | None, faults: list[str]) -> dict[str, str | None]:
    if not isinstance(said, Mapping):
        faults.append("'otherwise' must hold pairs such as 'stage: open'")
        return {}
    for ours, meaning in said.items():
        column = template.column(str(ours)) if template else None
        if template is not None and column is None:
            faults.append(f"'otherwise' names {ours!r}, which is no column of {template.name}")
        elif column is not None and column.type == "choice" and meaning not in NOTHING:
            allowed = sorted(set(column.words.values()))
            if meaning not in allowed:
                faults.append(f"'otherwise' can't be {meaning!r}; {ours} knows {', '.join(allowed)}")
        elif column is not None and column.type != "choice" and ours not in (values or {}):
            faults.append(f"'otherwise' names {ours!r}, for which 'values' holds no words")
    return {str(ours): None if meaning in NOTHING else _text(meaning) for ours, meaning in said.items()}


def _values(said: Any, template: Template | None, faults: list[str]) -> dict[str, dict[str, str]]:
    if not said:
        return {}
    if not isinstance(said, Mapping) or not all(isinstance(words, Mapping) for words in said.values()):
        faults.append("'values' must hold words by column, such as 'stage: {Gewonnen: won}'")
        return {}
    for ours, words in said.items():
        column = template.column(str(ours)) if template else None
        if template is not None and column is None:
            faults.append(f"'values' names {ours!r}, which is no column of {template.name}")
        elif column is not None and column.type == "choice":
            allowed = sorted(set(column.words.values()))
            for theirs, meaning in words.items():
                if meaning not in allowed:
                    faults.append(f"{theirs!r} can't become {meaning!r}; {ours} knows {', '.join(allowed)}")
        elif any(meaning in NOTHING for meaning in words.values()) and str(ours) != "workflow":
            faults.append(f"'values' can't make nothing of a word of {ours}; write it under 'missing'")
    return {
        str(ours): {fold_word(_text(theirs)): _text(meaning) for theirs, meaning in words.items()}
        for ours, words in said.items()
    }


def _missing(said: Any, template: Template | None, faults: list[str]) -> dict[str, tuple[str, ...]]:
    if not said:
        return {}
    if not isinstance(said, Mapping) or not all(isinstance(cells, list) for cells in said.values()):
        faults.append("'missing' must hold lists by column, such as 'channel: [Select]'")
        return {}
    for ours in said:
        if template is not None and template.column(str(ours)) is None:
            faults.append(f"'missing' names {ours!r}, which is no column of {template.name}")
    return {str(ours): tuple(fold_word(_text(cell)) for cell in cells) for ours, cells in said.items()}


def _attributes(said: Any, faults: list[str]) -> tuple[str, ...] | None:
    if said is None or said == "":
        return None
    if not isinstance(said, list) or not all(isinstance(name, str | int) for name in said):
        faults.append("'attributes' must be a list of their headings")
        return None
    return tuple(str(name) for name in said)


def _identity(said: Any, faults: list[str]) -> tuple[bool, tuple[str, ...]]:
    """(is an identity made, of which headings; of none in particular: of all that is mapped)"""
    if isinstance(said, list) and said and all(isinstance(name, str) for name in said):
        return True, tuple(fold(name) for name in said)
    if said not in (True, False, "true", "false"):
        faults.append("'generate_id' must be true, false or a list of headings that identify a row")
    return said in (True, "true"), ()


def _writing(content: Mapping[str, Any], faults: list[str]) -> dict[str, str]:
    said = {name: content[name] for name in WRITING if content.get(name) not in (None, "")}
    for name, value in said.items():
        allowed = WRITING[name]
        if not isinstance(value, str) or (allowed is not None and value not in allowed):
            faults.append(
                f"{name!r} is {value!r}; write {' or '.join(allowed or ('a zone such as Europe/Berlin',))}"
            )
    return {name: str(value) for name, value in said.items()}


def _text(value: Any) -> str:
    """A YAML value as the text it was written as, near enough: true -> 'yes'."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]!r}?)" if close else ""
