"""Edits of YAML that people wrote: what was asked for changes, and every other byte is as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.data.documents.splice import flow_text, scalar_text, with_entries

KEYS = ("workflow", "owner", "intent", "watch", "stopping_rules", "signed")
WORDS = st.sampled_from(
    ["Jörg", "lead-routing", "東京 team", "50 % off", "2024-01-31", "a: b", "it's", "#1", "null"]
)
COMMENTS = st.sampled_from(["# why", "#", "# ключ: значение", "# key: value", "# 😀 {x: [", "# \"'"])


@dataclass(frozen=True)
class Entry:
    """One entry as a person wrote it. `own`: its text, without indentation; `rest`: what follows up to the next one."""

    key: str
    own: str
    rest: str


@st.composite
def values(draw: st.DrawFn) -> tuple[str, bool]:
    """(text after the key's colon, may a comment follow on its line); groups indented as people indent them."""
    word, other = draw(WORDS), draw(WORDS)
    plain = "Head of sales"
    quoted = draw(st.sampled_from([flow_text({"x": word})[4:-1], "'" + word.replace("'", "''") + "'"]))
    step = " " * draw(st.integers(1, 5))
    inner = f"\n{step}{draw(COMMENTS)}" if draw(st.booleans()) else ""
    dash = step if draw(st.booleans()) else ""
    spaces = " " * draw(st.integers(1, 3))
    return draw(
        st.sampled_from(
            [
                ("", True),
                (f"{spaces}{plain}", True),
                (f"{spaces}{quoted}", True),
                (f"{spaces}{flow_text({'by': word, 'on': other})}", True),
                (f"{spaces}{flow_text([word, other])}", True),
                (f" {{a: {plain},\n{step}b: [x,\n{step}y]}}", True),
                (f"{inner}\n{step}a: {plain}{inner}\n{step}b:{spaces}{quoted}", True),
                (f"{inner}\n{step}a:\n{step}{step}c: {plain}\n{step}b:", True),
                (f"\n{dash}- {plain}{inner}\n{dash}- {quoted}", True),
                (
                    f"\n{step}- id: x\n{step}  when: {plain}\n{inner.removeprefix(chr(10))}\n{step}- id: y",
                    True,
                ),
                (f"{spaces}{plain}\n{step}  goes on", True),
                (f" |\n{step}one\n\n{step}  two # text\n{step}three", False),
                (f" >-\n{step}folded\n{step}text", False),
                (f"\n{step}a: |\n{step}{step}one\n{step}{step}two", False),
            ]
        )
    )


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[Entry], str, str, str, str]:
    """(text, entries, what stands before them, what after, indentation, end of line)"""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=5, unique=True))
    indent = " " * draw(st.sampled_from([0, 0, 0, 2, 3]))
    end_of_line = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    gaps = st.lists(st.one_of(st.just(""), COMMENTS), max_size=2)
    entries = []
    for key in keys:
        value, is_open = draw(values())
        written = f"{key}{draw(st.sampled_from(['', '', ' ']))}:{value}".replace("\n", f"\n{indent}")
        trailing = f"  {draw(COMMENTS)}" if is_open and draw(st.booleans()) else ""
        rest = "".join(f"{line}\n" for line in [trailing, *draw(gaps)])
        entries.append(Entry(key, written.replace("\n", end_of_line), rest.replace("\n", end_of_line)))
    before = draw(st.sampled_from(["", "\ufeff", "---\n", "# top\n\n", "\n"])).replace("\n", end_of_line)
    after = draw(st.sampled_from(["", "", "...\n"])).replace("\n", end_of_line)
    if not after and draw(st.booleans()) and "|" not in entries[-1].own:
        last = entries.pop()
        entries.append(Entry(last.key, last.own, last.rest.rstrip("\r\n")))
    text = before + "".join(indent + entry.own + entry.rest for entry in entries) + after
    return text, entries, before, after, indent, end_of_line


def meaning(text: str) -> dict[str, Any]:
    """As a parser of others reads it, scalars as texts."""
    return dict(yaml.load(text, Loader=yaml.BaseLoader) or {})


NEW = {
    "owner": "owner: Jörg # 1",
    "watch": "watch:\n  proxies: [a, b]\n  outcomes: c",
    "signed": "signed: {by: a}",
}


@given(texts(), st.dictionaries(st.sampled_from(KEYS), st.booleans(), min_size=1, max_size=3))
@settings(max_examples=400)
def test_an_edit_changes_its_entries_and_no_other_byte(
    made: tuple[str, list[Entry], str, str, str, str], edits: dict[str, bool]
) -> None:
    text, entries, before, after, indent, end_of_line = made
    new = {key: NEW.get(key, f"{key}: new") if is_kept else None for key, is_kept in edits.items()}
    lines = {
        key: None if entry is None else entry.replace("\n", f"\n{indent}").replace("\n", end_of_line)
        for key, entry in new.items()
    }
    expected = before
    for entry in entries:
        if entry.key not in new:
            expected += indent + entry.own + entry.rest
        elif (line := lines[entry.key]) is not None:
            expected += indent + line + entry.rest
        else:
            expected += entry.rest.partition(end_of_line)[2]
    absent = [line for key, line in lines.items() if line and key not in {entry.key for entry in entries}]
    if absent and expected and not expected.endswith(("\n", "\r")):
        expected += end_of_line
    expected += "".join(indent + line + end_of_line for line in absent) + after
    if end_of_line not in text:  # which none can know then
        expected = expected.replace(end_of_line, "\n")
    found = with_entries(text, new)
    wanted = {key: value for key, value in meaning(text).items() if key not in new}
    wanted |= {key: meaning(entry)[key] for key, entry in new.items() if entry is not None}
    if not wanted and after and not before.startswith("---"):
        assert found is None  # '...' alone is no YAML; behind '---' it ends an empty document
        return
    assert found == expected
    assert meaning(found) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "{workflow: x, owner: y}\n",
        "- workflow: x\n",
        "workflow: x\nworkflow: y\n",
        "? workflow\n: x\n",
        "workflow: [x\n",
        "workflow: &a x\nowner: *a\n",
        "",
    ],
)
def test_a_text_that_can_not_be_edited_in_place_is_left_to_its_writer(text: str) -> None:
    assert with_entries(text, {"workflow": "workflow: z"}) is None


def test_a_value_that_the_end_of_the_file_cuts_off_is_not_made_longer() -> None:
    """A line feed after it would become part of it."""
    assert with_entries("intent: |\n  one", {"owner": "owner: x"}) is None


@pytest.mark.parametrize("text", ["😀: 1", "\\U0001F600: 1", "\\😀 # 1", "e\x07"])
def test_a_text_in_quotes_reads_back_and_keeps_its_emoji(text: str) -> None:
    written = scalar_text(text)
    assert yaml.safe_load(written) == text
    assert ("😀" in written) == ("😀" in text)
