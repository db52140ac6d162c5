"""YAML that people write, and our own in the same shapes, read safely.

Nothing is constructed from the file: it is only composed to nodes, so that every value stays the text it was written
as and knows its line (`values`). Refused before composing: files over `SIZE_LIMIT`, nesting over `DEPTH_LIMIT`,
aliases (the stuff of 'billion laughs') and explicit tags.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from leadline.data.documents.faults import ErrorOf, Faults, charter_error, shown
from leadline.data.documents.plain_files import TooLargeError, read_plain
from leadline.data.documents.values import Value

SIZE_LIMIT = 200_000
DEPTH_LIMIT = 12
KEPT = 20_000
"""characters of a text up to which what was read of it is kept"""


def read_file(
    file: Path,
    error_of: ErrorOf = charter_error,
    advice: str = "check its name and that you may read it",
) -> str:
    """The text of a UTF-8 file, line ends as \\n. Raises what `error_of` makes if it can't be read."""
    faults = Faults(file.name, error_of)
    try:
        content = read_plain(file, 4 * SIZE_LIMIT)
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as e:
        faults.add(
            content[: e.start].count(b"\n") + 1,
            "a character here is not UTF-8; save the file as UTF-8 text.",
        )
        raise faults.error() from e
    except TooLargeError as e:
        faults.add(
            0, f"the file has over {4 * SIZE_LIMIT:,} bytes; at most {SIZE_LIMIT:,} are read, so shorten it."
        )
        raise faults.error() from e
    except OSError as e:
        faults.add(0, f"the file can't be read ({e.strerror}); {advice}.")
        raise faults.error() from e


def read_document(
    text: str, file_name: str, error_of: ErrorOf = charter_error
) -> tuple[Value | None, Faults]:
    """The root of a YAML text (None where it is empty or only comments). Raises what `error_of` makes."""
    return _read(text, Faults(file_name, error_of), _Loader)


def read_shipped(text: str, file_name: str, error_of: ErrorOf = charter_error) -> tuple[Value | None, Faults]:
    """`read_document` for a text that comes with Leadline, by the fast parser where PyYAML was built with it.

    People's texts are not read so: the fast parser lets some faults pass that the other one names.
    """
    return _read(text, Faults(file_name, error_of), getattr(yaml, "CSafeLoader", _Loader))


def _read(text: str, faults: Faults, loader: Any) -> tuple[Value | None, Faults]:
    if len(text) > SIZE_LIMIT:
        faults.add(
            0, f"the file has {len(text):,} characters; at most {SIZE_LIMIT:,} are read, so shorten it."
        )
        raise faults.error()
    try:
        events, dangers = _kept_events(text, loader) if len(text) <= KEPT else _events(text, loader)
        for line, sentence in dangers:
            faults.add(line, sentence)
        faults.raise_if_any()
        root = _Composer(events).get_single_node()
    except yaml.YAMLError as e:
        if loader is not _Loader:  # which knows the places of faults better
            return _read(text, Faults(faults.file_name, faults.error_of), _Loader)
        _unreadable(e, text, faults)
        raise faults.error() from e
    if root is None:
        return None, faults
    value = Value(root, "", faults)
    return (None if value.is_empty else value), faults


def _events(text: str, loader: Any) -> tuple[tuple[yaml.Event, ...], tuple[tuple[int, str], ...]]:
    """The events of a text, and what in it is dangerous with its line."""
    dangers: list[tuple[int, str]] = []
    events = tuple(_without_dangers(yaml.parse(text, Loader=loader), dangers))
    return events, tuple(dangers)


_kept_events = lru_cache(maxsize=128)(_events)
"""charters are read at every step and change once a quarter"""


class _Loader(yaml.SafeLoader):
    """PyYAML's that lets a tab stand after a colon, before a comment and in brackets, as YAML does."""

    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        while self.peek() == "\t" and self._is_passed_over():
            self.forward()
            super().scan_to_next_token()

    def _is_passed_over(self) -> bool:
        """Whether a tab says nothing here: where a line is indented and within a plain value it would."""
        before = self.buffer[self.pointer - self.column : self.pointer].rstrip(" \t")
        ahead = 0
        while self.peek(ahead) in " \t":
            ahead += 1
        return self.flow_level > 0 or before.endswith(":") or (before != "" and self.peek(ahead) in "#\r\n\0")


class _Composer(yaml.composer.Composer, yaml.resolver.Resolver):
    """Composes nodes from events that were read before, so that a text is parsed once."""

    def __init__(self, events: Sequence[yaml.Event]) -> None:
        yaml.composer.Composer.__init__(self)
        yaml.resolver.Resolver.__init__(self)
        self._events = deque(events)

    def check_event(self, *kinds: type[yaml.Event]) -> bool:
        return bool(self._events) and (not kinds or isinstance(self._events[0], kinds))

    def peek_event(self) -> yaml.Event | None:
        return self._events[0] if self._events else None

    def get_event(self) -> yaml.Event | None:
        return self._events.popleft() if self._events else None


def _without_dangers(events: Iterable[yaml.Event], dangers: list[tuple[int, str]]) -> Iterator[yaml.Event]:
    """Passes the event stream on, which costs no recursion and expands nothing, and ends where it nests too deep."""
    depth = documents = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            dangers.append(
                (line, f'the alias "*{event.anchor}" is not read; write the value out where it is needed.')
            )
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            tag = re.sub(r"^tag:yaml\.org,2002:", "!!", str(event.tag))
            dangers.append((line, f"the tag {shown(tag)} is not read; remove it and write the plain value."))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT:
                dangers.append(
                    (line, f"the brackets or lists are nested more than {DEPTH_LIMIT} deep; remove some.")
                )
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                dangers.append((line, "a second document begins here ('---'); put it in a file of its own."))
        yield event


_ADVICE = {
    r"character '\\t' within": "a tab stands here; write a space, or put the value in quotes",
    r"character '\\t'": "a tab is used to indent; use spaces",
    r"character '%'": "a value begins with %; put it in quotes",
    r"character '[@`]'": "a value begins with @ or `; put it in quotes",
    r"mapping values are not allowed": (
        "a value holds ': ', the line above has no colon, or this line is indented too far; put such a value "
        "in quotes, or write 'key: value' with one key a line"
    ),
    r"found unexpected end of stream|end of quoted|while scanning a quoted": (
        "a quotation mark is opened and never closed; close it on the same line"
    ),
    r"expected ',' or '[\]}]'|parsing a flow": (
        "a bracket is opened and never closed, or a comma is missing; write [first, second] or "
        "{from: 2023-01-02, to: 2023-12-31}"
    ),
    r"could not find expected ':'": "this line has no colon after its key; write 'key: value'",
    r"expected <block end>": "this line is not indented like those of its group; align them with spaces",
    r"special characters are not allowed": "a character here can't be printed; save the file as plain UTF-8",
    r"alias|anchor": "a value begins with * or &; put it in quotes",
    r"tag": "a value begins with !; put it in quotes",
}
"""what the scanner complains of, and what the writer should do about it"""


def _unreadable(e: yaml.YAMLError, text: str, faults: Faults) -> None:
    """Adds the scanner's complaint as a place and what to write there."""
    problem = str(e)
    line = column = 0
    if isinstance(e, yaml.MarkedYAMLError):
        problem = f"{e.context or ''} {e.problem or ''}"
        # an unclosed bracket or quote is noticed far below the line where it was opened
        opened = re.search(r"expected ',' or|end of stream|quoted", problem)
        places = (e.context_mark, e.problem_mark) if opened else (e.problem_mark, e.context_mark)
        if mark := next((place for place in places if place is not None), None):
            line, column = mark.line + 1, mark.column + 1
            if (mark.buffer or "")[mark.pointer - mark.column : mark.pointer].strip():
                problem = problem.replace(r"character '\t'", r"character '\t' within a line")
    elif isinstance(e, yaml.reader.ReaderError):
        before = text[: e.position] if isinstance(e.position, int) else ""
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    unknown = f"this is not YAML ({' '.join(problem.split())}); write 'key: value' on each line"
    advice = next((advice for pattern, advice in _ADVICE.items() if re.search(pattern, problem)), unknown)
    faults.add(line, f"{advice} (column {column})." if line else f"{advice}.")
