"""Edits of a YAML text that people wrote: entries written, replaced or removed, every other byte as it was.

An entry is a key of a group with its value, from the key's first letter to the value's last. Where it ends is what the
parser says: comments, blank lines, indentation and line ends around it stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from textwrap import dedent
from typing import Any

import yaml

from leadline.data.documents.read import read_document
from leadline.data.documents.values import Value
from leadline.data.errors import LeadlineError

_PLAIN = re.compile(r"[A-Za-zÀ-ɏ0-9](?:[A-Za-zÀ-ɏ0-9 ._/%€£+()–—<>=;&'!?-]*[A-Za-zÀ-ɏ0-9.%)!?])?")
_ESCAPED = re.compile(r"\\U([0-9A-F]{8})|\\.")
"""a letter beyond the first 65,536, such as an emoji, or any other escape"""
_KEPT_IN_FLOW = re.compile(r"[^\[\]{},?]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


Edit = tuple[int, int, str]
"""from where to where, and what stands there instead"""


def with_values(
    text: str, before: Mapping[str, Any], wanted: Mapping[str, Any], written: Callable[[str, Any], str]
) -> str | None:
    """The text with `wanted` where that differs from `before`, what it says now; None where `with_entries` gives none.

    Both are texts, lists and groups. Of a group or a list only what differs in it is written; what `before` leaves
    out, such as a default that the text spells out, stays. `written` gives the lines of an outermost entry that is
    new or can't be edited inside.
    """
    root = _root(text)
    if root is None:
        return None
    nodes = {key.value: value for key, value in root.value}
    edits: list[Edit] = []
    entries: dict[str, str | None] = {}
    for key in dict.fromkeys((*wanted, *before)):
        old, new = before.get(key), wanted.get(key)
        if old == new:
            continue
        inside = _changes(nodes[key], old, new, text) if key in nodes and new else None
        if inside is None or meaning(_edited(text, inside)) is None:
            entries[key] = written(key, new) if new else None
        else:
            edits += inside
    return with_entries(_edited(text, edits), entries)


def with_entries(text: str, entries: Mapping[str, str | None]) -> str | None:
    """The text with these entries: each as lines that begin with its key, None for one that is to go.

    An entry that the text lacks is added at its end. None where the text can't be edited so that nothing else
    changes: it is no YAML, no group of keys on lines of their own, or its keys are written in an unusual way.
    """
    root = _root(text)
    if root is None:
        return None
    end_of_line = _end_of_line(text)
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
    return edited if meaning(edited) == _wanted(text, entries) else None


def entry_lines(text: str, key: str) -> str:
    """The lines of what stands under an outermost key, comments included, from the first letter of its column; '' where
    it is missing or not on lines of its own."""
    root = _root(text)
    for name, value in root.value if root is not None else ():
        if name.value == key and isinstance(value, yaml.MappingNode) and not value.flow_style:
            begin = _past_the_line(text, name.end_mark.index)
            end = _past_the_line(text, _end(value, text))
            return dedent(_LINE_END.sub("\n", text[begin:end]))
    return ""


def group_lines(group: Mapping[str, Any]) -> list[str]:
    """A group as one line a key."""
    return [f"{key}: {flow_text(value)}" for key, value in group.items()]


def flow_text(value: Any) -> str:
    """A text, list or group as it may stand on one line after a key: 'plain', '[a, b]', '{by: a, on: b}'."""
    if isinstance(value, str):
        return scalar_text(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_in_flow(key)}: {_in_flow(item)}' for key, item in value.items())}}}"
    return f"[{', '.join(map(_in_flow, value))}]"


def _in_flow(value: Any) -> str:
    return scalar_text(value, in_flow=True) if isinstance(value, str) else flow_text(value)


def scalar_text(text: str, *, in_flow: bool = False) -> str:
    """A text as it may stand after a colon: plain where that reads back the same, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and (not in_flow or _KEPT_IN_FLOW.fullmatch(text))
    if plain and text not in ("~", "null", "Null", "NULL"):
        return text
    quoted = yaml.dump(text, default_style='"', allow_unicode=True, width=10**9)
    quoted = _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[0], quoted)
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


def _changes(node: yaml.Node, old: Any, new: Any, text: str) -> list[Edit] | None:
    """What to edit inside a group or a list; None where it is to be written anew as a whole."""
    if old == new:
        return []
    if isinstance(node, yaml.MappingNode) and isinstance(new, Mapping):
        return _group_changes(node, old or {}, new, text)
    lists = isinstance(old, list) and isinstance(new, list)
    if isinstance(node, yaml.SequenceNode) and lists and not node.flow_style and len(old) == len(node.value):
        return _list_changes(node, old, new, text)
    return None


def _group_changes(
    node: yaml.MappingNode, old: Mapping[str, Any], new: Mapping[str, Any], text: str
) -> list[Edit] | None:
    places = {key.value: place for place, (key, _) in enumerate(node.value)}
    gone = [name for name in old if name not in new and name in places]
    if not node.value or (len(gone) > 1 and node.flow_style):
        return None
    edits: list[Edit] = []
    for name in gone:
        edit = _without(node, places[name], text)
        if edit is None:
            return None
        edits.append(edit)
    for name, value in new.items():
        if name in places and value != old.get(name):
            edits += _changed_entry(node, places[name], old.get(name), value, text)
    added = {name: value for name, value in new.items() if name not in places}
    return edits + ([_added(node, added, text)] if added else [])


def _changed_entry(node: yaml.MappingNode, place: int, old: Any, new: Any, text: str) -> list[Edit]:
    key, value = node.value[place]
    inside = _changes(value, old, new, text)
    if inside is not None:
        return inside
    words = scalar_text(new, in_flow=node.flow_style) if isinstance(new, str) else flow_text(new)
    start, end = value.start_mark.index, _end(value, text)
    if value.start_mark.line != key.start_mark.line:
        return [(key.start_mark.index, end, f"{key.value}: {words}")]
    return [(start, end, words if text[start - 1].isspace() else f" {words}")]


def _without(node: yaml.MappingNode, place: int, text: str) -> Edit | None:
    """An entry of a group taken out: with its line, or with the comma after it, or before the last one."""
    key, value = node.value[place]
    if node.flow_style:
        if place + 1 < len(node.value):
            return key.start_mark.index, node.value[place + 1][0].start_mark.index, ""
        return (_end(node.value[place - 1][1], text), _end(value, text), "") if place else None
    start = key.start_mark.index - key.start_mark.column
    return (
        None
        if text[start : key.start_mark.index].strip()
        else (start, _past_the_line(text, _end(value, text)), "")
    )


def _added(node: yaml.MappingNode, added: Mapping[str, Any], text: str) -> Edit:
    """New entries of a group, after its last one."""
    first, (_, last) = node.value[0][0], node.value[-1]
    end = _end(last, text)
    if node.flow_style:
        return end, end, "".join(f", {flow_text({key: value})[1:-1]}" for key, value in added.items())
    return _lines_after(text, end, group_lines(added), " " * first.start_mark.column)


def _lines_after(text: str, index: int, lines: Sequence[str], indent: str) -> Edit:
    place, end_of_line = _past_the_line(text, index), _end_of_line(text)
    begun = "" if text[place - 1] in "\r\n" else end_of_line
    return place, place, begun + "".join(f"{indent}{line}{end_of_line}" for line in lines)


def _list_changes(node: yaml.SequenceNode, old: list[Any], new: list[Any], text: str) -> list[Edit] | None:
    """Items are told apart by their text, those that are groups by their first entry's."""
    items, dash = node.value, " " * node.start_mark.column + "- "
    starts = [_line_of_dash(item, dash, text) for item in items]
    edits: list[Edit] = []
    matched = SequenceMatcher(
        None, [_identity(item) for item in old], [_identity(item) for item in new], False
    )
    for _, first, last, begin, end in matched.get_opcodes():
        pairs = min(last - first, end - begin)
        for place, wanted in zip(range(first, first + pairs), new[begin : begin + pairs], strict=True):
            inside = _changes(items[place], old[place], wanted, text)
            edits += [_item_anew(items[place], wanted, text)] if inside is None else inside
        for place in range(first + pairs, last):
            edits.append((starts[place], _past_the_line(text, _end(items[place], text)), ""))
        added = [line for item in new[begin + pairs : end] for line in _with_dash(item, dash)]
        if added and last:
            edits.append(_lines_after(text, _end(items[last - 1], text), added, ""))
        elif added:
            edits.append((starts[0], starts[0], "".join(line + _end_of_line(text) for line in added)))
    return edits


def _line_of_dash(item: yaml.Node, dash: str, text: str) -> int:
    """Where the line of an item's dash begins; the item itself may stand below it."""
    lines = re.finditer(rf"(?:\A\ufeff?|(?<=[\r\n])){dash.rstrip()}(?=\s)", text[: item.start_mark.index])
    return max(found.start() for found in lines)


def _item_anew(item: yaml.Node, wanted: Any, text: str) -> Edit:
    lines = _with_dash(wanted, " " * item.start_mark.column)
    words = _end_of_line(text).join(lines).removeprefix(" " * item.start_mark.column)
    return item.start_mark.index, _end(item, text), words


def _identity(item: Any) -> str:
    return str(next(iter(item.values()), "") if isinstance(item, Mapping) else item)


def _with_dash(item: Any, dash: str) -> list[str]:
    """An item's lines: the first after its dash, the others below that one's first letter."""
    first, *rest = group_lines(item) if isinstance(item, Mapping) else [flow_text(item)]
    return [dash + first, *(" " * len(dash) + line for line in rest)]


def _edited(text: str, edits: Sequence[Edit]) -> str:
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _end_of_line(text: str) -> str:
    return found[0] if (found := _LINE_END.search(text)) else "\n"


def _past_the_line(text: str, index: int) -> int:
    """After the rest of the line, a comment on it included."""
    found = _LINE_END.search(text, index)
    return found.end() if found else len(text)


def _lines(entry: str, indent: str, end_of_line: str) -> str:
    return end_of_line.join(f"{indent}{line}" for line in entry.rstrip("\n").split("\n"))


def _wanted(text: str, entries: Mapping[str, str | None]) -> dict[str, Any]:
    """What the edited text must mean: the old meaning with these entries."""
    before = meaning(text) or {}
    changed = {key: (meaning(entry) or {}).get(key) for key, entry in entries.items() if entry}
    return {key: value for key, value in before.items() if key not in entries} | changed


def meaning(text: str) -> dict[str, Any] | None:
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
