"""What is written back for spreadsheets can't run there."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.data.exports.safe_csv import safe_csv


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1+1", " =1+1", "\r=1"]
)
def test_a_formula_is_written_as_text(cell: str) -> None:
    ((_,), (written,)) = csv.reader(io.StringIO(safe_csv([(cell,)], ["note"]), newline=""))
    assert written == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "written"), [("-2.5", "-2.5"), ("a=b", "a=b"), (-3, "-3"), (None, ""), ("", "")]
)
def test_what_is_no_formula_stays_as_it_is(cell: object, written: str) -> None:
    assert safe_csv([(cell, "x")], ["a", "b"]) == f"a,b\r\n{written},x\r\n"


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text()), max_size=5)
)
def test_every_cell_comes_back_and_none_begins_as_a_formula(rows: list[tuple[str, str]]) -> None:
    read = list(csv.reader(io.StringIO(safe_csv(rows, ["a", "b"]), newline="")))[1:]
    for before, after in zip(rows, read, strict=True):
        for cell, written in zip(before, after, strict=True):
            assert written in (cell, f"'{cell}")
            assert not written.lstrip(" ").startswith(("=", "@", "\t", "\r"))


def test_a_heading_is_made_safe_too() -> None:
    assert safe_csv([], ["=cmd()"]) == "'=cmd()\r\n"
