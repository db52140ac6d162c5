"""YAML that people write, and our own in the same shapes: read safely, every fault with its line, all at once.

Nothing is constructed from the file: it is only composed to nodes, so that a scalar stays the text it was
written as ('007' keeps its zeros, the key `on` stays `on`) and every value knows its line. Refused before
composing: files over `SIZE_LIMIT`, nesting over `DEPTH_LIMIT`, aliases (the stuff of 'billion laughs') and
explicit tags.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from leadline.data.errors import CharterError, LeadlineError

SIZE_LIMIT = 200_000
DEPTH_LIMIT = 12
SUGGESTIONS_LIMIT = 50
"""Finding the nearest known word costs time; after this many faults no more are suggested."""
LISTED = 30
"""faults that the error's text lists; `CharterError.faults` holds them all"""

FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Faults:
    """What is wrong with one file, gathered while it is read. Lines count from 1; 0 = the file as a whole."""

    file_name: str
    error_of: ErrorOf = field(default_factory=lambda: charter_error)
    """the error that says them"""
    found: list[tuple[int, str]] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    """the group that a key belongs to, for keys written in the wrong one"""

    def add(self, line: int, message: str) -> None:
        self.found.append((line, message))

    def ordered(self) -> tuple[tuple[int, str], ...]:
        """(line, sentence) of all that was found, in the order of the lines, each once."""
        return tuple(dict.fromkeys(sorted(self.found, key=lambda fault: fault[0])))

    def error(self) -> LeadlineError:
        """All that was found as one error."""
        return self.error_of(self)

    def raise_if_any(self) -> None:
        if self.found:
            raise self.error()

    def nearest(self, word: str, known: Iterable[str], otherwise: str = "") -> str:
        """'; did you mean close_rate?', or `otherwise` where nothing known is near."""
        if len(self.found) < SUGGESTIONS_LIMIT and (guess := nearest(word, known)):
            return f"; did you mean {guess}?"
        return otherwise


ErrorOf = Callable[[Faults], LeadlineError]


def charter_error(faults: Faults) -> CharterError:
    """One sentence a fault: 'a.yaml, line 14: …'."""
    where = ((f", line {line}" if line else "", text) for line, text in faults.ordered())
    return faults_error(
        faults.file_name, tuple(f"{faults.file_name}{place}: {text}" for place, text in where)
    )


def faults_error(where: str, faults: tuple[str, ...]) -> CharterError:
    """One error over every fault; each names its file and line: 'a.yaml, line 14: …'."""
    if len(faults) == 1:
        return CharterError(faults[0], faults)
    listed = "".join(f"\n  {fault}" for fault in faults[:LISTED])
    rest = f"\n  … and {len(faults) - LISTED:,} more" if len(faults) > LISTED else ""
    return CharterError(f"{where} has {len(faults):,} things to put right:{listed}{rest}", faults)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word meant, if one is near: 'Close rate' and 'clos_rate' are near close_rate."""
    by_form = {name.casefold(): name for name in known}
    form = re.sub(r"[\s\-]+", "_", word.strip()[:80].casefold())
    for candidate in (form, form.replace("_", "-")):
        if found := difflib.get_close_matches(candidate, by_form, n=1, cutoff=0.7):
            return by_form[found[0]]
    return None


def shown(value: str, limit: int = 60) -> str:
    """A value as it may stand in a message: one line, printable, in quotes, not endless."""
    printable = "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(value.split())
    )
    return f'"{printable[:limit]}…"' if len(printable) > limit else f'"{printable}"'


def listing(words: Sequence[str], last: str = "or") -> str:
    """'pause, adjust or stop'."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


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
        return (
            isinstance(self.node, yaml.ScalarNode) and self.node.style is None and self.node.value in _NULLS
        )

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
        if any(not c.isprintable() and c not in "\n\t" for c in written):
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

    def get(self, key: str) -> Value | None:
        """The value of a key; None where the key is missing or has nothing after its colon."""
        value = self.values.get(key)
        return None if value is None or value.is_empty else value

    def text(self, key: str, limit: int = 2_000) -> str:
        value = self.get(key)
        return value.text(limit) if value else ""

    def date(self, key: str) -> dt.date | None:
        value = self.get(key)
        return value.date() if value else None

    def section(self, key: str, known: Sequence[str]) -> Section | None:
        value = self.get(key)
        return value.section(known) if value else None

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


def read_file(
    file: Path,
    error_of: ErrorOf = charter_error,
    advice: str = "check its name and that you may read it",
) -> str:
    """The text of a UTF-8 file, line ends as \\n. Raises what `error_of` makes if it can't be read."""
    faults = Faults(file.name, error_of)
    try:
        if file.stat().st_size > 4 * SIZE_LIMIT:
            size = file.stat().st_size
            faults.add(0, f"the file has {size:,} bytes; at most {SIZE_LIMIT:,} are read, so shorten it.")
            raise faults.error()
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as e:
        line = file.read_bytes()[: e.start].count(b"\n") + 1
        faults.add(line, "a character here is not UTF-8; save the file as UTF-8 text.")
        raise faults.error() from e
    except OSError as e:
        faults.add(0, f"the file can't be read ({e.strerror}); {advice}.")
        raise faults.error() from e


def read_document(
    text: str, file_name: str, error_of: ErrorOf = charter_error
) -> tuple[Value | None, Faults]:
    """The root of a YAML text (None where it is empty or only comments). Raises what `error_of` makes."""
    return _read(text, Faults(file_name, error_of), yaml.SafeLoader)


def read_shipped(text: str, file_name: str, error_of: ErrorOf = charter_error) -> tuple[Value | None, Faults]:
    """`read_document` for a text that comes with Leadline, by the fast parser where PyYAML was built with it.

    People's texts are not read so: the fast parser lets some faults pass that the other one names.
    """
    return _read(text, Faults(file_name, error_of), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


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


def _read(text: str, faults: Faults, loader: type[Any]) -> tuple[Value | None, Faults]:
    if len(text) > SIZE_LIMIT:
        faults.add(
            0, f"the file has {len(text):,} characters; at most {SIZE_LIMIT:,} are read, so shorten it."
        )
        raise faults.error()
    try:
        events = list(_without_dangers(yaml.parse(text, Loader=loader), faults))
        faults.raise_if_any()
        root = _Composer(events).get_single_node()
    except yaml.YAMLError as e:
        if loader is not yaml.SafeLoader:  # which knows the places of faults better
            return _read(text, Faults(faults.file_name, faults.error_of), yaml.SafeLoader)
        _unreadable(e, text, faults)
        raise faults.error() from e
    if root is None:
        return None, faults
    value = Value(root, "", faults)
    return (None if value.is_empty else value), faults


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


def _without_dangers(events: Iterable[yaml.Event], faults: Faults) -> Iterator[yaml.Event]:
    """Passes the event stream on, which costs no recursion and expands nothing, and ends where it nests too deep."""
    depth = documents = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            faults.add(
                line, f'the alias "*{event.anchor}" is not read; write the value out where it is needed.'
            )
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            tag = re.sub(r"^tag:yaml\.org,2002:", "!!", str(event.tag))
            faults.add(line, f"the tag {shown(tag)} is not read; remove it and write the plain value.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT:
                faults.add(
                    line, f"the brackets or lists are nested more than {DEPTH_LIMIT} deep; remove some."
                )
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                faults.add(line, "a second document begins here ('---'); put it in a file of its own.")
        yield event


_ADVICE = {
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
    elif isinstance(e, yaml.reader.ReaderError):
        before = text[: e.position] if isinstance(e.position, int) else ""
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    unknown = f"this is not YAML ({' '.join(problem.split())}); write 'key: value' on each line"
    advice = next((advice for pattern, advice in _ADVICE.items() if re.search(pattern, problem)), unknown)
    faults.add(line, f"{advice} (column {column})." if line else f"{advice}.")
