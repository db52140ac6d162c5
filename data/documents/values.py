"""The values of a document and its groups of keys, asked for what they must be; what they aren't is a fault.

A scalar is the text that it was written as: '007' keeps its zeros, the key `on` stays `on`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from unicodedata import category

import yaml

from leadline.data.documents.faults import ErrorOf, Faults, charter_error, listing, shown

FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_date(text: str) -> dt.date | None:
    """An ISO date and nothing else."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Value:
    """One node of the file and what it is called in messages ('watch.proxies')."""

    node: yaml.Node
    name: str
    faults: Faults

    @property
    def line(self) -> int:
        return _line(self.node)

    @property
    def is_group(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_quoted(self) -> bool:
        """A text in quotes: of plain values, one that is neither empty nor a number, a flag or a date."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.style in ("'", '"')

    @property
    def is_empty(self) -> bool:
        """Nothing was written after the colon."""
        return isinstance(self.node, yaml.ScalarNode) and not self.node.style and self.node.value in _NULLS

    def fault(self, message: str) -> None:
        self.faults.add(self.line, message)

    def scalar(self, expected: str) -> str | None:
        """The text as written, without surrounding blanks; a fault (and None) for a list or a mapping."""
        if isinstance(self.node, yaml.ScalarNode):
            return str(self.node.value).strip()
        written = "a list" if isinstance(self.node, yaml.SequenceNode) else "a group of keys"
        self.fault(f"{self.name} is {written}; write {expected}.")
        return None

    def text(self, limit: int = 2_000) -> str:
        """Plain text, '' where it is empty or faulty."""
        if self.is_empty or (written := self.scalar("plain text")) is None:
            return ""
        if len(written) > limit:
            self.fault(f"{self.name} is {len(written):,} characters long; shorten it to {limit:,}.")
            return ""
        if any(not c.isprintable() and c not in "\n\t" and category(c) != "Zs" for c in written):
            self.fault(f"{self.name} holds characters that can't be printed; write it again as plain text.")
            return ""
        return written

    def date(self) -> dt.date | None:
        if (written := self.scalar("a date such as 2024-01-31")) is None:
            return None
        day = parse_date(written)
        if day is None:
            self.fault(
                f"{self.name} is {shown(written)}, not a date; write year-month-day, such as 2024-01-31."
            )
        elif not 1990 <= day.year <= 2100:
            self.fault(f"{self.name} is {day}; write a year between 1990 and 2100.")
            return None
        return day

    def whole_number(self, least: int, most: int, example: str) -> int | None:
        """A whole number within bounds; thousands may be parted with commas."""
        if (written := self.scalar(f"a whole number such as {example}")) is None:
            return None
        plain = written.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", written) else written
        number = int(plain) if re.fullmatch(r"[0-9]{1,12}", plain) else None
        if number is None or not least <= number <= most:
            self.fault(
                f"{self.name} is {shown(written)}; write a whole number from {least:,} to {most:,}, "
                f"such as {example}."
            )
            return None
        return number

    def flag(self) -> bool:
        """True or False, written as true, false, yes or no; a fault (and False) for anything else."""
        written = self.scalar("true or false")
        if written is None:
            return False
        if written.lower() not in FLAGS:
            self.fault(f"{self.name} is {shown(written)}; write true or false.")
        return FLAGS.get(written.lower(), False)

    def section(self, known: Sequence[str], unoffered: Sequence[str] = ()) -> Section | None:
        """A group of keys, of which those not known and those written twice are faults.

        `unoffered` keys are let through, but no message offers them. Without `known` keys any may stand there.
        """
        if self.is_empty:
            return None
        if not isinstance(self.node, yaml.MappingNode):
            keys = f" ({listing(known, 'and')})" if known else ""
            self.fault(f"{self.name or 'the file'} must be a group of keys{keys}, each as 'key: value'.")
            return None
        return _section(self.node, known, unoffered, self.name, self.faults)

    def items(self, expected: str) -> tuple[Value, ...]:
        """The entries of a list. A single value without brackets counts as a list of one."""
        if self.is_empty:
            return ()
        if isinstance(self.node, yaml.SequenceNode):
            return tuple(Value(item, self.name, self.faults) for item in self.node.value)
        if isinstance(self.node, yaml.ScalarNode):
            return (self,)
        self.fault(f"{self.name} is a group of keys; write {expected}.")
        return ()


@dataclass(frozen=True)
class Section:
    """A mapping whose keys are known and unique."""

    values: dict[str, Value]
    line: int
    name: str
    faults: Faults
    asked: set[str] = field(default_factory=set, compare=False)
    """keys whose values were asked for"""
    groups: list[Section] = field(default_factory=list, compare=False)

    def get(self, key: str) -> Value | None:
        """The value of a key; None where the key is missing or has nothing after its colon."""
        if not self.has(key):
            return None
        self.asked.add(key)
        return self.values[key]

    def has(self, key: str) -> bool:
        """Whether anything stands there, without asking what."""
        return key in self.values and not self.values[key].is_empty

    def unasked(self) -> Iterator[Value]:
        """Values that nobody asked for, those of its groups included: what they say is used for nothing."""
        yield from (value for key, value in self.values.items() if key not in self.asked)
        for group in self.groups:
            yield from group.unasked()

    def text(self, key: str, limit: int = 2_000) -> str:
        value = self.get(key)
        return value.text(limit) if value else ""

    def date(self, key: str) -> dt.date | None:
        value = self.get(key)
        return value.date() if value else None

    def section(self, key: str, known: Sequence[str]) -> Section | None:
        value = self.get(key)
        group = value.section(known) if value else None
        if group and known:
            self.groups.append(group)
        return group

    def items(self, key: str, expected: str) -> tuple[Value, ...]:
        value = self.get(key)
        return value.items(expected) if value else ()

    def line_of(self, key: str) -> int:
        return self.values[key].line if key in self.values else self.line


def _section(
    node: yaml.MappingNode, known: Sequence[str], unoffered: Sequence[str], name: str, faults: Faults
) -> Section:
    values: dict[str, Value] = {}
    first_line: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            faults.add(line, "a key must be a plain word; remove the brackets or braces around it.")
            continue
        key = str(key_node.value)
        dotted = f"{name}.{key}" if name else key
        if key in first_line:
            faults.add(
                line, f"{shown(dotted)} is written twice (first on line {first_line[key]}); keep one of them."
            )
            continue
        first_line[key] = line
        if known and key not in known and key not in unoffered:
            plural = "keys {} are" if len(known) > 1 else "key {} is"
            keys = f"; the {plural.format('of ' + name if name else 'here')} {listing(known, 'and')}."
            if home := faults.homes.get(key):
                keys = f"; it belongs under {home}."
            faults.add(line, f"{shown(dotted)} is not a key that is known{faults.nearest(key, known, keys)}")
            continue
        values[key] = Value(value_node, dotted, faults)
    return Section(values, _line(node), name, faults)


def _line(node: yaml.Node) -> int:
    """Counted from 1; 0 for a node of no file."""
    return int(node.start_mark.line) + 1 if node.start_mark is not None else 0


def document_of(
    content: Mapping[str, object],
    name: str,
    error_of: ErrorOf = charter_error,
    lines: Mapping[tuple[str, ...], int] = MappingProxyType({}),
) -> Value:
    """Plain values (of JSON, TOML, a form) as the document that would say them.

    Its faults have the lines given for the paths of their keys, and none otherwise.
    """
    return Value(_node(content, (), lines), "", Faults(name, error_of))


def _node(content: object, path: tuple[str, ...], lines: Mapping[tuple[str, ...], int]) -> yaml.Node:
    mark = yaml.Mark("", 0, lines[path] - 1, 0, None, 0) if path in lines else None
    if isinstance(content, Mapping):
        paths = {key: (*path, str(key)) for key in content}
        pairs = [
            (_node(str(key), paths[key], lines), _node(value, paths[key], lines))
            for key, value in content.items()
        ]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, mark)
    if isinstance(content, list | tuple):
        own = {path: lines[path]} if path in lines else {}
        return yaml.SequenceNode("tag:yaml.org,2002:seq", [_node(item, path, own) for item in content], mark)
    quoted = isinstance(content, str) and content != ""
    if isinstance(content, bool):
        content = "yes" if content else "no"
    text = "" if content is None else str(content)
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, mark, style='"' if quoted else None)
