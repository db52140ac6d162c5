"""Edits of a YAML text that people wrote: entries written, replaced or removed, every other byte as it was.

An entry is a key of the outermost group with its value, from the key's first letter to the value's last. Where it
ends is what the parser says: comments, blank lines, indentation and line ends around it stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from leadline.data.documents.read import read_document
from leadline.data.documents.values import Value
from leadline.data.errors import LeadlineError

_PLAIN = re.compile(r"[A-Za-zÀ-ɏ0-9](?:[A-Za-zÀ-ɏ0-9 ._/%€£+()–—<>=;&'!?-]*[A-Za-zÀ-ɏ0-9.%)!?])?")
_KEPT_IN_FLOW = re.compile(r"[^\[\]{},?]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


def with_entries(text: str, entries: Mapping[str, str | None]) -> str | None:
    """The text with these entries: each as lines that begin with its key, None for one that is to go.

    An entry that the text lacks is added at its end. None where the text can't be edited so that nothing else
    changes: it is no YAML, no group of keys on lines of their own, or its keys are written in an unusual way.
    """
    root = _root(text)
    if root is None:
        return None
    end_of_line = found[0] if (found := _LINE_END.search(text)) else "\n"
    indent = " " * root.value[0][0].start_mark.column
    pieces, at = [], 0
    for key, value in root.value:
        if key.value not in entries:
            continue
        entry, start, end = entries[key.value], key.start_mark.index, _end(value, text)
        if entry is None:
            start, end = start - len(indent), _past_the_line(text, end)
            pieces.append(text[at:start])
        else:
            pieces += [text[at:start], _lines(entry, indent, end_of_line).removeprefix(indent)]
        at = end
    known = {key.value for key, _ in root.value}
    added = [
        _lines(entry, indent, end_of_line) for key, entry in entries.items() if entry and key not in known
    ]
    place = root.end_mark.index if added else len(text)
    pieces.append(text[at:place])
    edited = "".join(pieces)
    if added and edited and edited[-1] not in "\r\n":
        edited += end_of_line
    edited += "".join(entry + end_of_line for entry in added) + text[place:]
    return edited if _meaning(edited) == _wanted(text, entries) else None


def flow_text(value: Any) -> str:
    """A text, list or group as it may stand on one line after a key: 'plain', '[a, b]', '{by: a, on: b}'."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {scalar_text(item, in_flow=True)}' for key, item in value.items())}}}"
    if isinstance(value, str):
        return scalar_text(value)
    return f"[{', '.join(scalar_text(item, in_flow=True) for item in value)}]"


def scalar_text(text: str, *, in_flow: bool = False) -> str:
    """A text as it may stand after a colon: plain where that reads back the same, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and (not in_flow or _KEPT_IN_FLOW.fullmatch(text))
    if plain and text not in ("~", "null", "Null", "NULL"):
        return text
    quoted = yaml.dump(text, default_style='"', allow_unicode=True, width=10**9)
    return quoted.rstrip("\n").removesuffix("\n...").rstrip("\n")


def _root(text: str) -> yaml.MappingNode | None:
    """The outermost group of keys; None where there is none, in braces, or with a key twice."""
    try:
        root, _ = read_document(text, "text")
    except LeadlineError:
        return None
    node = root.node if root is not None else None
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return None
    keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    return node if len(set(keys)) == len(node.value) else None


def _end(node: yaml.Node, text: str) -> int:
    """Where a node's own text ends; the end mark of a block stands after the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last, text)
    end = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return len(text[:end].rstrip())
    return end


def _past_the_line(text: str, index: int) -> int:
    """After the rest of the line, a comment on it included."""
    found = _LINE_END.search(text, index)
    return found.end() if found else len(text)


def _lines(entry: str, indent: str, end_of_line: str) -> str:
    return end_of_line.join(f"{indent}{line}" for line in entry.rstrip("\n").split("\n"))


def _wanted(text: str, entries: Mapping[str, str | None]) -> dict[str, Any]:
    """What the edited text must mean: the old meaning with these entries."""
    before = _meaning(text) or {}
    changed = {key: (_meaning(entry) or {}).get(key) for key, entry in entries.items() if entry}
    return {key: value for key, value in before.items() if key not in entries} | changed


def _meaning(text: str) -> dict[str, Any] | None:
    """Every entry's value as plain texts, lists and groups; None where the text can't be read so."""
    try:
        root, faults = read_document(text, "text")
        section = root.section(()) if root is not None else None
        faults.raise_if_any()
    except LeadlineError:
        return None
    return {key: _plain(value) for key, value in section.values.items()} if section else {}


def _plain(value: Value) -> Any:
    if value.is_list:
        return [_plain(item) for item in value.items("a list")]
    if value.is_group and (section := value.section(())) is not None:
        return {key: _plain(item) for key, item in section.values.items()}
    return None if value.is_empty else value.node.value
