"""A text that people write is read as it stands, or refused with its line."""

from __future__ import annotations

import pytest

from leadline.data.documents.read import read_document
from leadline.data.errors import CharterError


@pytest.mark.parametrize(
    "text",
    [
        "a:\tb\nc: [d, e]\n",
        "a: \t b\t\nc: [d,\te]\n",
        "a: b\t# tab, then why\nc:\t[d,\n\te]\n",
        "a:\t'b'\nc: [d, e]\t\n",
    ],
)
def test_a_tab_between_two_parts_of_a_line_is_a_space(text: str) -> None:
    root, faults = read_document(text, "a.yaml")
    section = root.section(("a", "c")) if root else None
    assert section is not None
    assert section.text("a") == "b"
    assert [item.text() for item in section.items("c", "a list")] == ["d", "e"]
    assert faults.found == []


def test_a_tab_after_a_colon_hides_no_other_fault() -> None:
    root, faults = read_document("a:\tb\nother: 1\n", "a.yaml")
    assert root is not None
    root.section(("a",))
    assert [line for line, _ in faults.ordered()] == [2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b\tc\n", "line 1: a tab stands here; write a space, or put the value in quotes (column 5)."),
        (
            "a:\n  -\tb: c\n    d: e\n",
            "line 2: a tab stands here; write a space, or put the value in quotes (column 4).",
        ),
        ("a:\n\tb: c\n", "line 2: a tab is used to indent; use spaces (column 1)."),
        ("a:\n  b:\n \t c: d\n", "line 3: a tab is used to indent; use spaces (column 2)."),
    ],
)
def test_a_tab_that_would_say_something_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(CharterError) as refused:
        read_document(text, "a.yaml")
    assert str(refused.value) == f"a.yaml, {said}"


def test_a_tab_in_quotes_stays_one() -> None:
    root, _ = read_document('a: "b:\tc"\n', "a.yaml")
    section = root.section(("a",)) if root else None
    assert section is not None
    assert section.text("a") == "b:\tc"
